"""One record at a time: create, read, update, delete, upsert by external id, files."""

import base64
from pathlib import Path
from typing import Any

import pytest

from tests.unit.sandbox.salesforce_rest.conftest import BASE, Org

PACKAGE = Path(__file__).parents[4] / "salesforce-package"


def refusal(answer: Any) -> tuple[int, str]:
    body = answer.json()
    assert isinstance(body, list)
    assert set(body[0]) >= {"message", "errorCode"}
    return answer.status_code, body[0]["errorCode"]


def test_the_life_of_a_record(org: Org) -> None:
    made = org.call("POST", "/sobjects/Contact", {"LastName": "Lovelace", "Email": "ada@example.com"})
    assert made.status_code == 201
    record_id = made.json()["id"]
    assert made.json() == {"id": record_id, "success": True, "errors": []}
    assert len(record_id) == 18
    assert made.headers["Location"] == f"{BASE}/sobjects/Contact/{record_id}"
    assert made.headers["Content-Type"] == "application/json;charset=UTF-8"

    assert org.call("PATCH", f"/sobjects/Contact/{record_id}", {"FirstName": "Ada"}).status_code == 204
    row = org.get(f"/sobjects/Contact/{record_id}", params={"fields": "FirstName,LastName"})
    assert row["attributes"] == {"type": "Contact", "url": f"{BASE}/sobjects/Contact/{record_id}"}
    assert (row["FirstName"], row["LastName"]) == ("Ada", "Lovelace")
    assert org.get(f"/sobjects/Contact/{record_id[:15]}")["Email"] == "ada@example.com"
    assert org.get(f"/sobjects/Contact/{record_id}")["CreatedDate"] == "2026-11-20T12:00:00.000+0000"

    gone = org.call("DELETE", f"/sobjects/Contact/{record_id}")
    assert (gone.status_code, gone.content) == (204, b"")
    assert refusal(org.call("GET", f"/sobjects/Contact/{record_id}"))[0] == 404


@pytest.mark.parametrize(
    ("method", "path", "body", "refused"),
    [
        ("POST", "/sobjects/Contact", {"FirstName": "Nobody"}, (400, "REQUIRED_FIELD_MISSING")),
        ("POST", "/sobjects/Contact", {"LastName": "L", "Nonsense": 1}, (400, "INVALID_FIELD")),
        ("POST", "/sobjects/Nonsense", {"LastName": "L"}, (404, "NOT_FOUND")),
        ("POST", "/sobjects/Contact", ["LastName"], (400, "JSON_PARSER_ERROR")),
        ("PUT", "/sobjects/Contact/003000000000001AAA", {}, (405, "METHOD_NOT_ALLOWED")),
        ("GET", "/nonsense", None, (404, "NOT_FOUND")),
        ("GET", "/sobjects/Contact/003000000000001AAA", None, (404, "NOT_FOUND")),
        ("DELETE", "/sobjects/Contact/001000000000001AAA", None, (404, "NOT_FOUND")),
    ],
)
def test_refusals(org: Org, method: str, path: str, body: Any, refused: tuple[int, str]) -> None:
    assert refusal(org.call(method, path, body)) == refused


@pytest.mark.parametrize(
    ("content", "content_type", "refused"),
    [
        (b'{"LastName": ', "application/json", (400, "JSON_PARSER_ERROR")),
        (b'{"NumberOfEmployees": NaN}', "application/json", (400, "JSON_PARSER_ERROR")),
        (b"\xff\xfe", "application/json", (400, "JSON_PARSER_ERROR")),
        (b"", "application/json", (400, "JSON_PARSER_ERROR")),
        (b"LastName=L", "application/x-www-form-urlencoded", (415, "UNSUPPORTED_MEDIA_TYPE")),
        (b'{"LastName": "L"}', "", (415, "UNSUPPORTED_MEDIA_TYPE")),
    ],
)
def test_bodies_that_cannot_be_read(org: Org, content: bytes, content_type: str, refused: tuple[int, str]) -> None:
    headers = {"Content-Type": content_type} if content_type else {}
    answer = org.http.post(f"{BASE}/sobjects/Contact", content=content, headers=headers)
    assert refusal(answer) == refused
    assert org.count("Contact") == 0


def test_upsert_by_external_id(org: Org) -> None:
    org.site.org.load_package(PACKAGE)
    path = "/sobjects/Task/Crosstie_Key__c/k1"
    fields = {"Subject": "Call", "Status": "Not Started", "Priority": "Normal"}
    first = org.call("PATCH", path, fields)
    assert first.status_code == 201
    assert first.json()["created"] is True
    second = org.call("PATCH", path, {"Subject": "Call again"})
    assert second.status_code == 200
    assert second.json() == {"id": first.json()["id"], "success": True, "errors": [], "created": False}
    assert org.get(path)["Subject"] == "Call again"
    assert org.count("Task") == 1

    in_body = org.call("PATCH", path, {"Subject": "x", "crosstie_key__c": "k1"})
    assert refusal(in_body) == (400, "INVALID_FIELD")
    missing = org.call("PATCH", "/sobjects/Task/Crosstie_Key__c/k2?updateOnly=true", {"Subject": "x"})
    assert missing.status_code == 404
    assert org.call("DELETE", path).status_code == 204
    assert refusal(org.call("GET", path)) == (404, "NOT_FOUND")


def test_several_matches_answer_300_with_their_addresses(org: Org) -> None:
    org.site.org.load_package(PACKAGE)
    fields = {"Subject": "Mail", "Status": "Completed", "Priority": "Normal", "Crosstie_Message_Id__c": "m1"}
    ids = {org.create("Task", **fields) for _ in range(2)}
    answer = org.call("PATCH", "/sobjects/Task/Crosstie_Message_Id__c/m1", {"Subject": "x"})
    assert answer.status_code == 300
    assert {address.rsplit("/", 1)[1] for address in answer.json()} == ids
    assert all(address.startswith(f"{BASE}/sobjects/Task/") for address in answer.json())
    assert org.call("GET", "/sobjects/Task/Crosstie_Message_Id__c/m1").status_code == 300
    assert {row["Subject"] for row in org.query("SELECT Subject FROM Task")} == {"Mail"}


def test_a_second_record_with_a_unique_key_is_refused(org: Org) -> None:
    org.site.org.load_package(PACKAGE)
    fields = {"Subject": "x", "Status": "Completed", "Priority": "Normal", "Crosstie_Key__c": "k"}
    org.create("Task", **fields)
    assert refusal(org.call("POST", "/sobjects/Task", fields)) == (400, "DUPLICATE_VALUE")


def test_conditional_reading_and_writing(org: Org) -> None:
    path = f"/sobjects/Account/{org.create('Account', Name='Acme')}"
    read = org.call("GET", path)
    assert read.headers["Last-Modified"] == "Fri, 20 Nov 2026 12:00:00 GMT"
    known = {"If-None-Match": read.headers["ETag"]}
    assert org.call("GET", path, headers=known).status_code == 304
    since = {"If-Modified-Since": read.headers["Last-Modified"]}
    assert org.call("GET", path, headers=since).status_code == 304

    org.wait(seconds=5)
    assert org.call("PATCH", path, {"Name": "Acme 2"}).status_code == 204
    assert org.call("GET", path, headers=known).status_code == 200
    assert org.call("GET", path, headers=since).status_code == 200
    unmodified = {"If-Unmodified-Since": read.headers["Last-Modified"]}
    assert org.call("PATCH", path, {"Name": "Acme 3"}, headers=unmodified).status_code == 412
    assert org.call("DELETE", path, headers=unmodified).status_code == 412
    assert org.call("PATCH", path, {"Name": "Acme 3"}, headers={"If-Match": '"other"'}).status_code == 412
    now = {"If-Unmodified-Since": "Fri, 20 Nov 2026 12:00:05 GMT"}
    assert org.call("PATCH", path, {"Name": "Acme 3"}, headers=now).status_code == 204
    assert org.get(path)["Name"] == "Acme 3"


def test_conditional_writes_are_a_switch(org: Org) -> None:
    path = f"/sobjects/Account/{org.create('Account', Name='Acme')}"
    org.wait(seconds=5)
    org.call("PATCH", path, {"Name": "Acme 2"})
    org.world.switches.turn("salesforce.conditional_row_writes", False)
    headers = {"If-Unmodified-Since": "Fri, 20 Nov 2026 12:00:00 GMT"}
    assert org.call("PATCH", path, {"Name": "Acme 3"}, headers=headers).status_code == 204


def test_a_file_as_base64_and_back(org: Org) -> None:
    content = bytes(range(256))
    data = base64.b64encode(content).decode()
    file = org.create("ContentVersion", Title="all bytes", PathOnClient="all.bin", VersionData=data)
    answer = org.call("GET", f"/sobjects/ContentVersion/{file}/VersionData")
    assert answer.status_code == 200
    assert answer.content == content
    assert answer.headers["Content-Type"] == "application/octetstream"
    assert org.get(f"/sobjects/ContentVersion/{file}")["VersionData"].endswith(f"{file}/VersionData")


@pytest.mark.parametrize("entity_as_file", [True, False])
def test_a_large_file_travels_in_parts(org: Org, entity_as_file: bool) -> None:
    content = b"\x00\r\n--boundary\x1a" * 100_000
    record = b'{"Title": "big", "PathOnClient": "big.bin"}'
    entity = ("entity.json" if entity_as_file else None, record, "application/json")
    answer = org.http.post(
        f"{BASE}/sobjects/ContentVersion",
        files={"entity_content": entity, "VersionData": ("big.bin", content, "application/octet-stream")},
    )
    assert answer.status_code == 201, answer.text
    path = f"{BASE}/sobjects/ContentVersion/{answer.json()['id']}/VersionData"
    assert org.http.get(path).content == content


def test_parts_without_a_record_are_refused(org: Org) -> None:
    answer = org.http.post(f"{BASE}/sobjects/ContentVersion", files={"VersionData": ("x.bin", b"x")})
    assert refusal(answer) == (400, "INVALID_MULTIPART_REQUEST")
