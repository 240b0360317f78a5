"""Up to 200 records in one call: HTTP 200 whatever happens to each of them."""

from typing import Any

import pytest

from sandbox.salesforce.mishaps import row_lock
from tests.unit.sandbox.salesforce_rest.conftest import Org
from tests.unit.sandbox.salesforce_rest.test_rows import PACKAGE

PATH = "/composite/sobjects"


def contact(name: str | None, **fields: Any) -> dict[str, Any]:
    named = {} if name is None else {"LastName": name}
    return {"attributes": {"type": "Contact"}} | named | fields


def send(org: Org, method: str, records: list[dict[str, Any]], path: str = PATH, **body: Any) -> list[Any]:
    answer = org.call(method, path, {"records": records} | body)
    assert answer.status_code == 200, answer.text
    results: list[Any] = answer.json()
    return results


def codes(results: list[Any]) -> list[str]:
    return ["" if result["success"] else result["errors"][0]["statusCode"] for result in results]


def test_each_for_itself(org: Org) -> None:
    results = send(org, "POST", [contact("A"), contact(None), contact("B")])
    assert codes(results) == ["", "REQUIRED_FIELD_MISSING", ""]
    assert results[0] == {"id": results[0]["id"], "success": True, "errors": []}
    assert set(results[1]) == {"success", "errors"}
    assert set(results[1]["errors"][0]) == {"statusCode", "message", "fields"}
    assert org.count("Contact") == 2


def test_all_or_none(org: Org) -> None:
    results = send(org, "POST", [contact("A"), contact(None), contact("B")], allOrNone=True)
    rolled_back = "ALL_OR_NONE_OPERATION_ROLLED_BACK"
    assert codes(results) == [rolled_back, "REQUIRED_FIELD_MISSING", rolled_back]
    assert org.count("Contact") == 0
    assert codes(send(org, "POST", [contact("A"), contact("B")], allOrNone=True)) == ["", ""]
    assert org.count("Contact") == 2


def test_update_and_delete(org: Org) -> None:
    ids = [result["id"] for result in send(org, "POST", [contact("A"), contact("B")])]
    changed = [contact(None, id=ids[0], FirstName="x"), contact(None, FirstName="y"), contact(None, Id=ids[1])]
    assert codes(send(org, "PATCH", changed)) == ["", "MISSING_ARGUMENT", ""]
    assert [row["FirstName"] for row in org.query("SELECT FirstName FROM Contact ORDER BY LastName")] == [
        "x",
        None,
    ]

    missing = "003000000000001AAA"
    answer = org.call("DELETE", f"{PATH}?ids={ids[0]},{missing}&allOrNone=true").json()
    assert [result["success"] for result in answer] == [False, False]
    assert org.count("Contact") == 2
    answer = org.call("DELETE", f"{PATH}?ids={ids[0]},{missing}").json()
    assert [result["success"] for result in answer] == [True, False]
    assert org.count("Contact") == 1


def test_read_in_order_with_null_for_what_is_not_there(org: Org) -> None:
    ids = [result["id"] for result in send(org, "POST", [contact("A"), contact("B")])]
    missing = "003000000000001AAA"
    by_address = org.get(f"{PATH}/Contact", params={"ids": f"{ids[1]},{missing},{ids[0]}", "fields": "LastName"})
    by_body = org.call(
        "POST", f"{PATH}/Contact", {"ids": [ids[1], missing, ids[0]], "fields": ["LastName"]}
    ).json()
    assert by_address == by_body
    assert [row and row["LastName"] for row in by_body] == ["B", None, "A"]


def test_upsert_by_key(org: Org) -> None:
    org.site.org.load_package(PACKAGE)

    def task(key: str | None, subject: str) -> dict[str, Any]:
        return {
            "attributes": {"type": "Task"},
            "Crosstie_Key__c": key,
            "Subject": subject,
            "Status": "Completed",
            "Priority": "Normal",
        }

    path = f"{PATH}/Task/Crosstie_Key__c"
    first = send(org, "PATCH", [task("a", "one"), task("b", "two")], path)
    assert [result["created"] for result in first] == [True, True]
    second = send(org, "PATCH", [task("b", "three"), task("c", "four"), task("d", "x"), task("d", "y")], path)
    assert codes(second) == ["", "", "DUPLICATE_VALUE", "DUPLICATE_VALUE"]
    assert [result.get("created") for result in second] == [False, True, None, None]
    assert second[0]["id"] == first[1]["id"]
    subjects = [row["Subject"] for row in org.query("SELECT Subject FROM Task ORDER BY Crosstie_Key__c")]
    assert subjects == ["one", "three", "four"]


@pytest.mark.parametrize(
    ("method", "path", "body", "code"),
    [
        ("POST", PATH, {"records": [contact("x")] * 201}, "EXCEEDED_ID_LIMIT"),
        ("PATCH", PATH, {"records": [contact("x")] * 201}, "EXCEEDED_ID_LIMIT"),
        ("DELETE", f"{PATH}?ids={','.join(['003000000000001AAA'] * 201)}", None, "EXCEEDED_ID_LIMIT"),
        ("POST", f"{PATH}/Contact", {"ids": ["003000000000001AAA"] * 2001, "fields": ["Id"]}, "EXCEEDED_ID_LIMIT"),
        ("POST", PATH, {"records": [contact("x"), {"attributes": {"type": "Lead"}}] * 6}, "LIMIT_EXCEEDED"),
        ("POST", PATH, {"records": []}, "MISSING_ARGUMENT"),
        ("POST", PATH, {"records": "x"}, "JSON_PARSER_ERROR"),
        ("POST", PATH, {"records": [{"LastName": "no type"}]}, "INVALID_TYPE"),
        ("POST", f"{PATH}/Contact", {"ids": ["003000000000001AAA"]}, "JSON_PARSER_ERROR"),
        ("GET", f"{PATH}/Contact?ids=003000000000001AAA", None, "MISSING_ARGUMENT"),
    ],
)
def test_calls_that_are_refused_as_a_whole(org: Org, method: str, path: str, body: Any, code: str) -> None:
    answer = org.call(method, path, body)
    assert (answer.status_code, answer.json()[0]["errorCode"]) == (400, code)
    assert org.count("Contact") == 0


def test_ten_chunks_of_mixed_types_are_taken(org: Org) -> None:
    lead = {"attributes": {"type": "Lead"}, "LastName": "L", "Company": "C"}
    assert codes(send(org, "POST", [contact("x"), lead] * 5)) == [""] * 10


def test_a_staged_row_lock_hits_one_record(org: Org) -> None:
    org.world.faults.add(row_lock("Contact", operation="insert", skip=1))
    results = send(org, "POST", [contact("A"), contact("B"), contact("C")])
    assert codes(results) == ["", "UNABLE_TO_LOCK_ROW", ""]
    assert codes(send(org, "POST", [contact("B")])) == [""]
