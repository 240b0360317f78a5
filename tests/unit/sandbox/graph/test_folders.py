"""Folders, attachments, categories, settings, ids, users, limits."""

import base64
import threading
from typing import Any

import httpx2
import pytest

from sandbox.graph.throttle import GlobalMeter, Meter, limit_concurrency
from sandbox.mailboxes import Attachment
from tests.unit.sandbox.graph.conftest import IMMUTABLE, Office, later

MULTIPART = (
    "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n",
    "--b\r\nContent-Type: text/html\r\n\r\n<img src=\"cid:logo\">\r\n"
    "--b\r\nContent-Type: image/png\r\nContent-ID: <logo>\r\nContent-Disposition: inline; filename=l.png\r\n"
    "Content-Transfer-Encoding: base64\r\n\r\niVBORw0K\r\n"
    "--b\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename=offer.pdf\r\n"
    "Content-Transfer-Encoding: base64\r\n\r\nJVBERi0=\r\n"
    "--b\r\nContent-Type: message/rfc822\r\n\r\nFrom: x@y.test\r\nSubject: Inner\r\n\r\nInside\r\n--b--",
)  # fmt: skip


def test_folders_are_made_found_and_renamed(office: Office) -> None:
    made = office.call("POST", "mailFolders", {"displayName": "Salesforce Emails"})
    assert made.status_code == 201
    assert office.refused("POST", "mailFolders", {"displayName": "salesforce emails"}) == (
        409,
        "ErrorFolderExists",
    )
    found = office.get("mailFolders", params={"$filter": "displayName eq 'Salesforce Emails'"})["value"]
    assert [one["id"] for one in found] == [made.json()["id"]]
    path = f"mailFolders/{found[0]['id']}"
    child = office.call("POST", f"{path}/childFolders", {"displayName": "Sub"}).json()
    assert child["parentFolderId"] == found[0]["id"]
    assert [one["displayName"] for one in office.get(f"{path}/childFolders")["value"]] == ["Sub"]
    assert office.get(path)["childFolderCount"] == 1
    assert office.get(f"{path}/childFolders/{child['id']}/messages")["value"] == []
    assert office.call("PATCH", path, {"displayName": "Other"}).json()["displayName"] == "Other"
    assert office.refused("PATCH", path, {"displayName": "Inbox"}) == (409, "ErrorFolderExists")
    assert office.refused("POST", f"{path}/move", {"destinationId": child["id"]})[0] == 400
    assert office.call("POST", f"mailFolders/{child['id']}/move", {"destinationId": "inbox"}).status_code == 201
    assert office.call("DELETE", path).status_code == 204
    assert office.refused("GET", path) == (404, "ErrorItemNotFound")


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "mailFolders", {}, 400), ("POST", "mailFolders", {"displayName": " "}, 400),
        ("POST", "mailFolders", {"displayName": "x" * 300}, 400),
        ("POST", "mailFolders", {"displayName": "a", "x": 1}, 400),
        ("PATCH", "mailFolders/inbox", {"displayName": "x"}, 403), ("DELETE", "mailFolders/inbox", None, 403),
        ("GET", "mailFolders/inbox?$select=nosuch", None, 400),
        ("GET", "mailFolders?$filter=nosuch eq 1", None, 400),
        ("POST", "mailFolders/nonsense/childFolders", {"displayName": "x"}, 400),
    ],
)  # fmt: skip
def test_folder_refusals(office: Office, method: str, path: str, body: Any, status: int) -> None:
    assert office.refused(method, path, body)[0] == status


@pytest.mark.parametrize("name", ["inbox", "SentItems", "drafts", "deleteditems", "archive", "junkemail"])
def test_well_known_names(office: Office, name: str) -> None:
    by_name = office.get(f"mailFolders('{name}')")
    assert office.get(f"mailFolders/{by_name['id']}") == by_name
    assert by_name["parentFolderId"] == office.get("mailFolders/msgfolderroot")["id"]


def test_hidden_folders_and_pages(office: Office) -> None:
    office.call("POST", "mailFolders", {"displayName": "Secret", "isHidden": True})
    names = {one["displayName"] for one in office.get("mailFolders?$top=100")["value"]}
    assert "Secret" not in names
    every = office.get("mailFolders?$top=100&includeHiddenFolders=true")["value"]
    assert "Secret" in {one["displayName"] for one in every}
    page = office.get("mailFolders?$top=3&includeHiddenFolders=true")
    assert "@odata.nextLink" in page
    office.arrive()
    inbox = office.get("mailFolders/inbox?$select=unreadItemCount,totalItemCount")
    assert (inbox["unreadItemCount"], inbox["totalItemCount"]) == (1, 1)


def test_attachments(office: Office) -> None:
    office.arrive(extra=MULTIPART[0], body=MULTIPART[1])
    [mail] = office.get("messages")["value"]
    assert mail["hasAttachments"]
    path = f"messages/{mail['id']}/attachments"
    rows = office.get(path)["value"]
    assert [(one["@odata.type"].rpartition(".")[2], one["name"], one["isInline"]) for one in rows] == [
        ("fileAttachment", "l.png", True),
        ("fileAttachment", "offer.pdf", False),
        ("itemAttachment", "Inner", False),
    ]
    assert rows[0]["contentId"] == "logo"
    assert office.get(f"mailFolders/inbox/{path}")["value"] == rows
    assert base64.b64decode(rows[1]["contentBytes"]) == b"%PDF-"
    bare = office.get(f"{path}?$select=id,name,contentType,size,isInline")["value"]
    assert "contentBytes" not in bare[1]
    assert office.get(f"{path}/{rows[1]['id']}") == {
        **rows[1], "@odata.context": office.get(f"{path}/{rows[1]['id']}")["@odata.context"],
    }  # fmt: skip
    assert office.call("GET", f"{path}/{rows[1]['id']}/$value").content == b"%PDF-"
    item = office.get(f"{path}/{rows[2]['id']}?$expand=microsoft.graph.itemattachment/item")["item"]
    assert (item["subject"], item["from"]["emailAddress"]["address"]) == ("Inner", "x@y.test")
    [whole] = office.get("messages?$expand=attachments")["value"]
    assert whole["attachments"] == rows
    assert office.refused("GET", f"{path}/{rows[0]['id'].swapcase()}")[0] in (400, 404)
    assert office.refused("GET", f"{path}?$expand=nosuch")[0] == 400


def test_attachments_of_drafts(office: Office) -> None:
    to = [{"emailAddress": {"address": "ben@acme.test"}}]
    file = {"@odata.type": "#microsoft.graph.fileAttachment", "name": "a.txt", "contentBytes": "aGk="}
    draft = office.call("POST", "messages", {"subject": "x", "toRecipients": to, "attachments": [file]}).json()
    path = f"messages/{draft['id']}/attachments"
    item = {"@odata.type": "#microsoft.graph.itemAttachment", "name": "i", "item": {"subject": "Inner"}}
    link = {"@odata.type": "#microsoft.graph.referenceAttachment", "name": "cloud.docx"}
    for body in (item, link):
        assert office.call("POST", path, body).status_code == 201
    refused = (
        {"name": "x"}, {**file, "contentBytes": "%"}, {**file, "name": ""}, {**item, "item": {"nosuch": 1}},
        {**file, "contentBytes": None},
    )  # fmt: skip
    for wrong in refused:
        assert office.refused("POST", path, wrong)[0] == 400
    rows = office.get(path)["value"]
    assert [one["@odata.type"].rpartition(".")[2] for one in rows] == [
        "fileAttachment", "itemAttachment", "referenceAttachment",
    ]  # fmt: skip
    assert office.refused("GET", f"{path}/{rows[2]['id']}/$value")[0] == 400
    assert office.call("DELETE", f"{path}/{rows[2]['id']}").status_code == 204
    assert office.call("POST", f"messages/{draft['id']}/send").status_code == 202
    [got] = office.get("/v1.0/users/ben@acme.test/messages?$expand=attachments")["value"]
    kinds = [one["@odata.type"].rpartition(".")[2] for one in got["attachments"]]
    assert kinds == ["fileAttachment", "itemAttachment"]
    assert base64.b64decode(got["attachments"][0]["contentBytes"]) == b"hi"


def test_a_link_to_the_cloud_has_no_content(office: Office) -> None:
    message = office.arrive()
    message.attachments.append(Attachment(1, "cloud.docx", "application/octet-stream", b"", kind="reference"))
    [row] = office.get("messages?$expand=attachments")["value"]
    assert row["attachments"][0]["@odata.type"] == "#microsoft.graph.referenceAttachment"
    assert "contentBytes" not in row["attachments"][0]


@pytest.mark.parametrize("is_409", [True, False])
def test_master_categories(office: Office, is_409: bool) -> None:
    office.turn(category_twice_is_409=is_409)
    path = "outlook/masterCategories"
    made = office.call("POST", path, {"displayName": "Salesforce", "color": "preset9"})
    assert made.status_code == 201
    assert office.refused("POST", path, {"displayName": "SALESFORCE"})[0] == (409 if is_409 else 400)
    one = f"{path}/{made.json()['id']}"
    assert office.get(one)["color"] == "preset9"
    assert office.call("PATCH", one, {"color": "preset1"}).json()["color"] == "preset1"
    for change in ({"displayName": "Other"}, {"color": "preset99"}, {}):
        assert office.refused("PATCH", one, change)[0] == 400
    for new in ({}, {"displayName": ""}, {"displayName": "a", "color": "blue"}, {"displayName": "a", "x": 1}):
        assert office.refused("POST", path, new)[0] == 400
    assert office.call("DELETE", one).status_code == 204
    assert office.refused("GET", one) == (404, "ErrorItemNotFound")
    assert "Salesforce" not in {row["displayName"] for row in office.get(path)["value"]}


def test_mailbox_settings(office: Office) -> None:
    assert office.get("mailboxSettings")["timeZone"] == "W. Europe Standard Time"
    assert office.get("mailboxSettings/timeZone")["value"] == "W. Europe Standard Time"
    for given, shown in (
        ("Tokyo Standard Time", "Tokyo Standard Time"),
        ("Europe/Paris", "Romance Standard Time"),
    ):
        assert office.call("PATCH", "mailboxSettings", {"timeZone": given}).json()["timeZone"] == shown
    assert office.refused("PATCH", "mailboxSettings", {"timeZone": "Mars"}) == (400, "ErrorInvalidTimeZone")
    assert office.refused("PATCH", "mailboxSettings", {"nosuch": 1})[0] == 400
    assert office.anna.time_zone == "Europe/Paris"


def test_ids_are_translated(office: Office) -> None:
    office.arrive()
    [plain], [lasting] = (office.get("messages", headers=headers)["value"] for headers in ({}, IMMUTABLE))
    body = {
        "inputIds": [plain["id"], "nonsense"],
        "sourceIdType": "restId",
        "targetIdType": "restImmutableEntryId",
    }
    rows = office.call("POST", "translateExchangeIds", body).json()["value"]
    assert rows[0] == {"sourceId": plain["id"], "targetId": lasting["id"]}
    assert "targetId" not in rows[1]
    back = {**body, "inputIds": [lasting["id"]], "sourceIdType": "restImmutableEntryId", "targetIdType": "restId"}
    assert office.call("POST", "translateExchangeIds", back).json()["value"][0]["targetId"] == plain["id"]
    for wrong in ({"inputIds": "x"}, {"sourceIdType": "x"}, {"inputIds": ["a"] * 1001}):
        assert office.refused("POST", "translateExchangeIds", {**body, **wrong})[0] == 400


def test_users(office: Office) -> None:
    office.store.add_mailbox("eve@evil.test", "Eve")
    office.store.add_mailbox("gus@acme.test", "Gus", home="google")
    rows = office.get("/v1.0/users?$top=2&$count=true", headers={"ConsistencyLevel": "eventual"})
    assert rows["@odata.count"] == 3
    assert [row["displayName"] for row in rows["value"]] == ["Anna Alt", "Ben Bø"]
    assert [row["displayName"] for row in office.get(rows["@odata.nextLink"])["value"]] == ["Temp"]
    [anna] = office.get("/v1.0/users", params={"$filter": "mail eq 'ANNA@acme.test'"})["value"]
    select = "$select=proxyAddresses,userType"
    shown = office.get(f"/v1.0/users/{anna['id']}?{select}")
    assert shown["proxyAddresses"] == ["SMTP:anna@acme.test", "smtp:a.alt@acme.test"]
    alias = {"$filter": "proxyAddresses/any(p:p eq 'smtp:a.alt@acme.test')"}
    assert [row["id"] for row in office.get("/v1.0/users", params=alias)["value"]] == [anna["id"]]
    for user in ("eve@evil.test", "gus@acme.test", "nobody"):
        assert office.refused("GET", f"/v1.0/users/{user}") == (404, "Request_ResourceNotFound")
    assert office.refused("GET", f"/v1.0/users/{anna['id']}?$select=nosuch")[0] == 400


def test_ten_thousand_requests_in_ten_minutes(office: Office) -> None:
    meter = office.world.microsoft.meters.setdefault(("app", "anna@acme.test"), Meter())
    for _ in range(10_000):
        meter.check(office.clock.now(), 0)
    answer = office.call("GET", "messages")
    assert answer.status_code == 429
    assert answer.json()["error"]["code"] == "ApplicationThrottled"
    wait = int(answer.headers["Retry-After"])
    assert office.call("GET", "/v1.0/users/ben@acme.test/messages").status_code == 200
    later(office, seconds=wait)
    assert office.call("GET", "messages").status_code == 200


def test_uploads_are_metered(office: Office) -> None:
    meter = office.world.microsoft.meters.setdefault(("app", "anna@acme.test"), Meter())
    meter.check(office.clock.now(), 149 * 1024 * 1024)
    body = {"subject": "x", "body": {"contentType": "text", "content": "x" * 600_000}}
    codes = [office.call("POST", "messages", body).status_code for _ in range(3)]
    assert codes == [201, 429, 429]
    later(office, minutes=6)
    assert office.call("POST", "messages", body).status_code == 201


def test_a_fifth_request_at_a_time_is_one_too_many(office: Office) -> None:
    """Requests wait at the world's lock, which a person at the console holds just now."""
    counted = limit_concurrency(office.application)
    arrived, codes = threading.Semaphore(0), []

    def application(environ: Any, start_response: Any) -> Any:
        arrived.release()
        return counted(environ, start_response)

    client = httpx2.Client(transport=httpx2.WSGITransport(app=application), base_url="http://localhost")
    client.headers["Authorization"] = office.http.headers["Authorization"]

    def ask(user: str) -> None:
        codes.append((user, client.get(f"/v1.0/users/{user}@acme.test/messages").status_code))

    threads = [threading.Thread(target=ask, args=(user,)) for user in ("anna",) * 6 + ("ben",) * 3]
    with office.world.lock:
        for thread in threads:
            thread.start()
        assert all(arrived.acquire(timeout=10) for _ in threads)
        threading.Event().wait(0.3)
    for thread in threads:
        thread.join(10)
    assert sorted(codes) == [("anna", 200)] * 4 + [("anna", 429)] * 2 + [("ben", 200)] * 3


@pytest.mark.parametrize(("low", "most"), [(True, 20_000), (False, 130_000)])
def test_an_app_has_a_limit_over_everybody(office: Office, low: bool, most: int) -> None:
    office.turn(global_limit_is_low=low)
    meter = office.world.microsoft.global_meters.setdefault("app", GlobalMeter())
    meter.seconds.append((office.clock.now(), most - 1))
    assert office.call("GET", "messages").status_code == 200
    limited = office.call("GET", "/v1.0/users/ben@acme.test/messages")
    assert (limited.status_code, limited.headers["Retry-After"]) == (429, "10")
    later(office, seconds=10)
    assert office.call("GET", "messages").status_code == 200
