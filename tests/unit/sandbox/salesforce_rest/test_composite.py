"""`/composite`: serial parts, references between them, together or each for itself, for one API call."""

import json
from typing import Any
from urllib.parse import quote

import pytest

from sandbox.faults import Fault
from sandbox.salesforce.mishaps import row_lock
from tests.unit.sandbox.salesforce_rest.conftest import BASE, Org

HALTED = "PROCESSING_HALTED"
ROLLED_BACK = "The transaction was rolled back since another operation in the same transaction failed."


def part(method: str, path: str, reference: str, body: Any = None, **more: Any) -> dict[str, Any]:
    raw = {"method": method, "url": BASE + path, "referenceId": reference} | more
    return raw if body is None else raw | {"body": body}


def create(object_name: str, reference: str, **fields: Any) -> dict[str, Any]:
    return part("POST", f"/sobjects/{object_name}", reference, fields)


def soql(text: str, reference: str, resource: str = "query") -> dict[str, Any]:
    return part("GET", f"/{resource}?q={quote(text, safe='@{}.[]')}", reference)


def collection(names: list[str | None], reference: str, *, all_or_none: bool = False) -> dict[str, Any]:
    records = [{"attributes": {"type": "Contact"}} | ({"LastName": name} if name else {}) for name in names]
    return part("POST", "/composite/sobjects", reference, {"records": records, "allOrNone": all_or_none})


def send(org: Org, parts: list[dict[str, Any]], **body: Any) -> list[dict[str, Any]]:
    answer = org.call("POST", "/composite", {"compositeRequest": parts} | body)
    assert answer.status_code == 200, answer.text
    outcomes: list[dict[str, Any]] = answer.json()["compositeResponse"]
    return outcomes


def statuses(outcomes: list[dict[str, Any]]) -> list[int]:
    return [outcome["httpStatusCode"] for outcome in outcomes]


def test_later_parts_use_earlier_answers(org: Org) -> None:
    outcomes = send(
        org,
        [
            create("Account", "account", Name="Acme"),
            create("Contact", "contact", LastName="L", AccountId="@{account.id}"),
            soql("SELECT Id, AccountId FROM Contact WHERE AccountId = '@{account.id}'", "found"),
            part(
                "PATCH",
                "/sobjects/Contact/@{found.records[0].Id}",
                "change",
                {"FirstName": "@{found.totalSize}th"},
            ),
            collection(["A", "B"], "many"),
            part("PATCH", "/sobjects/Contact/@{many[1].id}", "second", {"FirstName": "second"}),
        ],
    )
    assert statuses(outcomes) == [201, 201, 200, 204, 200, 204]
    assert [outcome["referenceId"] for outcome in outcomes] == [
        "account",
        "contact",
        "found",
        "change",
        "many",
        "second",
    ]
    account = outcomes[0]["body"]["id"]
    assert outcomes[0]["httpHeaders"] == {"Location": f"{BASE}/sobjects/Account/{account}"}
    assert outcomes[3]["body"] is None
    rows = org.query("SELECT LastName, FirstName, AccountId FROM Contact ORDER BY LastName")
    assert [(row["LastName"], row["FirstName"]) for row in rows] == [("A", None), ("B", "second"), ("L", "1th")]
    assert rows[2]["AccountId"] == account


def test_each_for_itself_and_dependants_halted(org: Org) -> None:
    outcomes = send(
        org,
        [
            create("Account", "account"),
            create("Contact", "contact", LastName="L", AccountId="@{account.id}"),
            create("Lead", "lead", LastName="L", Company="C"),
        ],
    )
    assert statuses(outcomes) == [400, 400, 201]
    assert outcomes[0]["body"][0]["errorCode"] == "REQUIRED_FIELD_MISSING"
    assert outcomes[1]["body"] == [
        {
            "message": "Invalid reference specified. No value for account.id found in account",
            "errorCode": HALTED,
        }
    ]
    assert (org.count("Contact"), org.count("Lead")) == (0, 1)


def test_all_or_none(org: Org) -> None:
    parts = [
        create("Account", "a", Name="Acme"),
        create("Contact", "b"),
        create("Lead", "c", LastName="L", Company="C"),
    ]
    outcomes = send(org, parts, allOrNone=True)
    assert statuses(outcomes) == [400, 400, 400]
    assert [outcome["body"][0]["errorCode"] for outcome in outcomes] == [HALTED, "REQUIRED_FIELD_MISSING", HALTED]
    assert outcomes[0]["body"][0]["message"] == ROLLED_BACK
    assert (org.count("Account"), org.count("Lead")) == (0, 0)


def test_all_or_none_overrides_that_of_a_collection(org: Org) -> None:
    parts = [collection(["A", None], "many"), create("Account", "account", Name="Acme")]
    together = send(org, parts, allOrNone=True)
    assert statuses(together) == [200, 400]
    inner = [result["errors"][0]["statusCode"] for result in together[0]["body"]]
    assert inner == ["ALL_OR_NONE_OPERATION_ROLLED_BACK", "REQUIRED_FIELD_MISSING"]
    assert together[1]["body"][0]["errorCode"] == HALTED
    assert (org.count("Contact"), org.count("Account")) == (0, 0)

    apart = send(org, parts)
    assert [result["success"] for result in apart[0]["body"]] == [True, False]
    assert (org.count("Contact"), org.count("Account")) == (1, 1)


def test_all_or_none_reaches_a_collection_that_deletes(org: Org) -> None:
    kept = org.create("Contact", LastName="Kept")
    gone = part("DELETE", f"/composite/sobjects?ids={kept},003000000000001AAA", "gone")
    outcomes = send(org, [gone], allOrNone=True)
    assert [result["success"] for result in outcomes[0]["body"]] == [False, False]
    assert org.count("Contact") == 1


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        ([create("Contact", f"r{n}", LastName="L") for n in range(26)], "more than 25 operations"),
        ([soql("SELECT Id FROM Lead", f"r{n}") for n in range(6)], "more than 5 query or sObject collections"),
        (
            [soql("SELECT Id FROM Lead", f"q{n}", "queryAll") for n in range(3)]
            + [collection(["A"], f"c{n}") for n in range(3)],
            "more than 5 query or sObject collections",
        ),
    ],
)
def test_too_much_in_one_request(org: Org, parts: list[dict[str, Any]], message: str) -> None:
    outcomes = send(org, parts)
    assert len(outcomes) == 1
    assert outcomes[0]["referenceId"] is None
    assert outcomes[0]["httpStatusCode"] == 400
    assert outcomes[0]["body"][0]["errorCode"] == "LIMIT_EXCEEDED"
    assert message in outcomes[0]["body"][0]["message"]
    assert org.count("Contact") == 0


def test_the_most_that_fits(org: Org) -> None:
    parts = [soql("SELECT Id FROM Lead", f"q{n}") for n in range(5)]
    parts += [create("Contact", f"c{n}", LastName="L") for n in range(20)]
    assert statuses(send(org, parts)) == [200] * 5 + [201] * 20


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ([create("Contact", "a", LastName="L"), create("Contact", "a", LastName="L")], "INVALID_INPUT"),
        ([create("Contact", "a-b", LastName="L")], "INVALID_INPUT"),
        ([{"method": "POST", "url": f"{BASE}/sobjects/Contact"}], "INVALID_INPUT"),
        ([part("GET", "/limits", "a", httpHeaders="x")], "INVALID_INPUT"),
        ("x", "JSON_PARSER_ERROR"),
        (None, "JSON_PARSER_ERROR"),
    ],
)
def test_requests_that_make_no_sense(org: Org, parts: Any, code: str) -> None:
    answer = org.call("POST", "/composite", {"compositeRequest": parts})
    assert (answer.status_code, answer.json()[0]["errorCode"]) == (400, code)
    assert org.count("Contact") == 0


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (part("GET", "/limits", "a"), 404),
        (part("POST", "/composite", "a", {}), 404),
        (part("GET", "/sobjects/ContentVersion/068000000000001AAA/VersionData", "a"), 404),
        (part("PUT", "/sobjects/Contact", "a", {}), 405),
        ({"method": "GET", "url": "/services/data/v20.0/sobjects", "referenceId": "a"}, 410),
        ({"method": "GET", "url": "/services/data/v49.0/sobjects", "referenceId": "a"}, 404),
        ({"method": "GET", "url": "/services/apexrest/x", "referenceId": "a"}, 404),
        (part("GET", "/sobjects/Contact/describe", "a", httpHeaders={"Authorization": "Bearer x"}), 400),
    ],
)
def test_parts_that_are_not_supported(org: Org, raw: dict[str, Any], status: int) -> None:
    assert statuses(send(org, [raw])) == [status]


MIXED = [
    create("Account", "a1", Name="first"),
    soql("SELECT Id FROM Account", "between"),
    create("Account", "a2", Name="second"),
    create("Contact", "c1", LastName="L", AccountId="@{a1.id}"),
    create("Account", "a3", Name="third", ParentId="@{a2.id}"),
]


@pytest.mark.parametrize(
    ("switch", "collate", "seen"),
    [(True, None, 2), (True, True, 2), (True, False, 1), (False, None, 1)],
)
def test_unrelated_parts_may_be_put_together(org: Org, switch: bool, collate: bool | None, seen: int) -> None:
    org.world.switches.turn("salesforce.collates_composite", switch)
    asked = {} if collate is None else {"collateSubrequests": collate}
    outcomes = send(org, MIXED, **asked)
    assert [outcome["referenceId"] for outcome in outcomes] == ["a1", "between", "a2", "c1", "a3"]
    assert statuses(outcomes) == [201, 200, 201, 201, 201]
    assert outcomes[1]["body"]["totalSize"] == seen


def test_put_together_and_halted(org: Org) -> None:
    outcomes = send(org, [*MIXED, create("Account", "bad")], allOrNone=True)
    assert [outcome["referenceId"] for outcome in outcomes][-1] == "bad"
    codes = [outcome["body"][0]["errorCode"] for outcome in outcomes]
    assert codes == [HALTED] * 5 + ["REQUIRED_FIELD_MISSING"]
    assert org.count("Account") == 0


def test_a_part_has_headers_of_its_own(org: Org) -> None:
    account = org.create("Account", Name="Acme")
    org.wait(seconds=10)
    org.call("PATCH", f"/sobjects/Account/{account}", {"Name": "Acme 2"})
    headers = {"If-Unmodified-Since": "Fri, 20 Nov 2026 12:00:00 GMT"}
    raw = part("PATCH", f"/sobjects/Account/{account}", "a", {"Name": "Acme 3"}, httpHeaders=headers)
    assert statuses(send(org, [raw])) == [412]


def test_it_counts_as_one_call_and_the_log_shows_its_parts(org: Org) -> None:
    used = org.site.usage.used(org.clock.now())
    parts = [
        soql("SELECT Id FROM Lead", "q", "queryAll"),
        collection(["A"], "c"),
        create("Lead", "l"),
        part("GET", "/x", "u"),
    ]
    send(org, parts)
    assert org.site.usage.used(org.clock.now()) == used + 1
    entry = org.world.requests.entries[-1]
    assert entry.route == "composite"
    assert entry.subject == org.site.org.id
    assert entry.parts == ("GET query_all", "POST collection_create", "POST row_create", "GET unknown")
    assert b"SELECT%20Id%20FROM%20Lead" in entry.request_body


@pytest.mark.parametrize(("switch", "status"), [(True, 200), (False, 414)])
def test_long_soql_is_a_switch(org: Org, switch: bool, status: int) -> None:
    org.world.switches.turn("salesforce.long_soql_in_composite", switch)
    addresses = ",".join(f"'person{number:04}@example.com'" for number in range(800))
    query = soql(f"SELECT Id FROM Contact WHERE Email IN ({addresses})", "q")
    assert len(query["url"]) > 16_384
    assert statuses(send(org, [query])) == [status]


@pytest.mark.parametrize(("switch", "status"), [(True, 200), (False, 404)])
def test_locators_in_a_composite_are_a_switch(org: Org, switch: bool, status: int) -> None:
    org.world.switches.turn("salesforce.locator_in_composite", switch)
    for number in range(250):
        org.site.org.insert(org.integration, "Contact", {"LastName": f"L{number}"})
    headers = {"Sforce-Query-Options": "batchSize=200"}
    body = {"compositeRequest": [soql("SELECT Id FROM Contact", "q", "queryAll")]}
    page = org.call("POST", "/composite", body, headers=headers).json()["compositeResponse"][0]["body"]
    assert len(page["records"]) == 200
    raw = {"method": "GET", "url": page["nextRecordsUrl"], "referenceId": "more"}
    assert statuses(send(org, [raw])) == [status]


def test_a_file_is_linked_by_reference(org: Org) -> None:
    outcomes = send(
        org,
        [
            create("Task", "task", Subject="Mail", Status="Completed", Priority="Normal"),
            create(
                "ContentVersion",
                "file",
                Title="a",
                PathOnClient="a.txt",
                VersionData="aGVsbG8=",
                FirstPublishLocationId="@{task.id}",
            ),
        ],
        allOrNone=True,
    )
    assert statuses(outcomes) == [201, 201], outcomes
    task = outcomes[0]["body"]["id"]
    links = org.query(f"SELECT ContentDocumentId FROM ContentDocumentLink WHERE LinkedEntityId = '{task}'")
    assert len(links) == 1


def test_a_row_lock_rolls_the_whole_back_and_passes(org: Org) -> None:
    org.world.faults.add(row_lock("Contact"))
    parts = [create("Account", "a", Name="Acme"), create("Contact", "b", LastName="L", AccountId="@{a.id}")]
    outcomes = send(org, parts, allOrNone=True)
    assert [outcome["body"][0]["errorCode"] for outcome in outcomes] == [HALTED, "UNABLE_TO_LOCK_ROW"]
    assert org.count("Account") == 0
    assert statuses(send(org, parts, allOrNone=True)) == [201, 201]


def test_one_part_of_a_composite_fails_or_is_spoiled(org: Org) -> None:
    faults = org.world.faults
    faults.add(Fault("inside", "salesforce", "GET query", code="QUERY_TIMEOUT", message="m", status=400))
    faults.add(Fault("inside", "salesforce", "GET query", spoil="nulls"))
    asked = [soql("SELECT Id FROM Contact", f"q{number}") for number in range(3)]
    refused, spoiled, good = send(org, asked)
    assert (refused["httpStatusCode"], refused["body"][0]["errorCode"]) == (400, "QUERY_TIMEOUT")
    assert spoiled["httpStatusCode"] == 200
    assert set(spoiled["body"].values()) == {None}
    assert good["body"]["records"] == []


def test_sessions_of_an_org_end(org: Org) -> None:
    org.world.faults.add(Fault("expire", "salesforce", "limits"))
    assert org.call("GET", "/limits").status_code == 401


@pytest.mark.parametrize("odd", ["\ud800", "http://[", "/services/data/v67.0/query?q=\ud800", "//["])
def test_an_address_that_is_none(org: Org, odd: str) -> None:
    request = {"method": "GET", "url": odd, "referenceId": "odd"}
    answer = org.call(
        "POST",
        "/composite",
        content=json.dumps({"compositeRequest": [request]}),
        headers={"Content-Type": "application/json"},
    )
    assert answer.status_code in (200, 400)
    if answer.status_code == 200:
        assert 400 <= answer.json()["compositeResponse"][0]["httpStatusCode"] < 500
