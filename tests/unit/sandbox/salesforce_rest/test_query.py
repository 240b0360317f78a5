"""SOQL over REST: pages, deleted rows, and changes by time."""

from typing import Any

import pytest

from sandbox.faults import Fault
from sandbox.salesforce import mishaps
from sandbox.salesforce.listviews import Definition
from tests.unit.sandbox.salesforce_rest.conftest import BASE, Org


def test_pages_by_locator(org: Org) -> None:
    for number in range(450):
        org.site.org.insert(org.integration, "Contact", {"LastName": f"L{number:03}"})
    soql = {"q": "SELECT LastName FROM Contact ORDER BY LastName"}
    page: dict[str, Any] = org.get("/query", params=soql, headers={"Sforce-Query-Options": "batchSize=200"})
    seen = [page["records"]]
    while not page["done"]:
        assert page["totalSize"] == 450
        assert page["nextRecordsUrl"].startswith(f"{BASE}/query/01g")
        page = org.http.get(page["nextRecordsUrl"]).json()
        seen.append(page["records"])
    assert [len(rows) for rows in seen] == [200, 200, 50]
    assert "nextRecordsUrl" not in page
    assert [row["LastName"] for rows in seen for row in rows] == [f"L{number:03}" for number in range(450)]


@pytest.mark.parametrize(
    ("options", "rows"),
    [("batchSize=10", 200), ("batchSize=5000", 450), ("batchSize=300", 300), ("batchSize=x", 450), ("", 450)],
)
def test_the_size_of_a_page_is_kept_within_its_range(org: Org, options: str, rows: int) -> None:
    for number in range(450):
        org.site.org.insert(org.integration, "Lead", {"LastName": f"L{number}", "Company": "C"})
    headers = {"Sforce-Query-Options": options} if options else {}
    page = org.get("/query", params={"q": "SELECT Id FROM Lead"}, headers=headers)
    assert len(page["records"]) == rows


def test_childrens_pages_are_in_the_version_that_was_asked(org: Org) -> None:
    account = org.create("Account", Name="Large")
    for number in range(210):
        org.site.org.insert(org.integration, "Contact", {"LastName": f"L{number:03}", "AccountId": account})
    soql = "SELECT Id, (SELECT LastName FROM Contacts ORDER BY LastName) FROM Account"
    for version in ("v67.0", "v58.0"):
        headers = {"Sforce-Query-Options": "batchSize=200"}
        page = org.http.get(f"/services/data/{version}/query/", params={"q": soql}, headers=headers).json()
        children = page["records"][0]["Contacts"]
        assert children["nextRecordsUrl"].startswith(f"/services/data/{version}/query/01g")
        rest = org.http.get(children["nextRecordsUrl"]).json()
        assert [row["LastName"] for row in rest["records"]] == [f"L{number}" for number in range(200, 210)]


@pytest.mark.parametrize(
    ("fault", "code"),
    [(mishaps.query_timeout(), "QUERY_TIMEOUT"), (mishaps.query_too_large(), "OPERATION_TOO_LARGE")],
)
def test_a_query_may_be_too_much(org: Org, fault: Fault, code: str) -> None:
    org.world.faults.add(fault)
    answer = org.call("GET", "/query", params={"q": "SELECT Id FROM Task"})
    assert (answer.status_code, answer.json()[0]["errorCode"]) == (400, code)
    assert org.query("SELECT Id FROM Task") == []


def test_the_way_a_query_would_go(org: Org) -> None:
    for number in range(10):
        org.create("Contact", LastName=f"L{number}", Email=f"l{number}@globex.test")
    soql = "SELECT Id FROM Contact WHERE Email IN ('l1@globex.test', 'l2@globex.test')"
    found = org.get("/query/", params={"explain": soql})
    assert found["sourceQuery"] == soql
    index, scan = found["plans"]
    assert (index["leadingOperationType"], index["fields"], index["cardinality"]) == ("Index", ["Email"], 2)
    assert (scan["leadingOperationType"], scan["sobjectCardinality"], scan["relativeCost"]) == (
        "TableScan",
        10,
        1.0,
    )
    (only,) = org.get("/query", params={"explain": "SELECT Id FROM Contact WHERE LastName = 'x'"})["plans"]
    assert (only["leadingOperationType"], only["cardinality"]) == ("TableScan", 10)
    assert org.call("GET", "/query", params={"explain": "SELECT"}).json()[0]["errorCode"] == "MALFORMED_QUERY"
    views = org.site.org.list_views
    view = views.define(
        org.integration, "Contact", "All", "All", Definition(("Name",), "Email = 'l1@globex.test'")
    )
    assert org.get("/query", params={"explain": view})["plans"][0]["cardinality"] == 1


def test_query_all_shows_what_was_deleted(org: Org) -> None:
    kept, gone = org.create("Contact", LastName="Kept"), org.create("Contact", LastName="Gone")
    org.call("DELETE", f"/sobjects/Contact/{gone}")
    soql = {"q": "SELECT Id, IsDeleted FROM Contact"}
    assert {row["Id"] for row in org.get("/query", params=soql)["records"]} == {kept}
    rows = {row["Id"]: row["IsDeleted"] for row in org.get("/queryAll", params=soql)["records"]}
    assert rows == {kept: False, gone: True}


@pytest.mark.parametrize(
    ("path", "params", "code"),
    [
        ("/query", {"q": "SELECT"}, "MALFORMED_QUERY"),
        ("/query", {"q": ""}, "MALFORMED_QUERY"),
        ("/query", {}, "MALFORMED_QUERY"),
        ("/query", {"q": "SELECT Nonsense FROM Contact"}, "INVALID_FIELD"),
        ("/query", {"q": "SELECT Id FROM Nonsense"}, "INVALID_TYPE"),
        ("/query/01gxx0000000001-2000", {}, "INVALID_QUERY_LOCATOR"),
    ],
)
def test_refusals(org: Org, path: str, params: dict[str, str], code: str) -> None:
    answer = org.call("GET", path, params=params)
    assert answer.status_code == 400
    assert answer.json()[0]["errorCode"] == code


def test_updated_and_deleted(org: Org) -> None:
    first = org.create("Contact", LastName="First")
    org.wait(minutes=10)
    second, third = (org.create("Contact", LastName=name) for name in ("Second", "Third"))
    org.wait(minutes=1)
    org.call("DELETE", f"/sobjects/Contact/{third}")
    org.wait(minutes=1)
    window = {"start": "2026-11-20T12:05:30+00:00", "end": "2026-11-20T12:30:00Z"}
    updated = org.get("/sobjects/Contact/updated/", params=window)
    assert updated == {"ids": [second], "latestDateCovered": "2026-11-20T12:12:00.000+0000"}
    deleted = org.get("/sobjects/Contact/deleted/", params=window)
    assert deleted["deletedRecords"] == [{"id": third, "deletedDate": "2026-11-20T12:11:00.000+0000"}]
    whole = {"start": "2026-11-20T12:00:00Z", "end": "2026-11-20T12:12:00Z"}
    assert org.get("/sobjects/Contact/updated", params=whole)["ids"] == [first, second]


@pytest.mark.parametrize(
    "window",
    [
        {"start": "2026-10-01T00:00:00Z", "end": "2026-11-20T12:00:00Z"},
        {"start": "2026-11-20T11:00:10Z", "end": "2026-11-20T11:00:50Z"},
        {"start": "yesterday", "end": "2026-11-20T12:00:00Z"},
        {},
    ],
)
def test_stretches_of_time_that_are_refused(org: Org, window: dict[str, str]) -> None:
    answer = org.call("GET", "/sobjects/Contact/updated", params=window)
    assert (answer.status_code, answer.json()[0]["errorCode"]) == (400, "INVALID_REPLICATION_DATE")


def test_fields_came_with_version_51(org: Org) -> None:
    org.create("Lead", LastName="Yates", Company="FIELDS(")
    params = {"q": "SELECT FIELDS(STANDARD) FROM Lead"}
    old, new = (org.http.get(f"/services/data/v{number}/query", params=params) for number in ("50.0", "51.0"))
    assert (old.status_code, old.json()[0]["errorCode"]) == (400, "MALFORMED_QUERY")
    assert new.json()["records"][0]["LastName"] == "Yates"
    plain = {"q": "SELECT Id FROM Lead WHERE Company = 'FIELDS('"}
    assert org.http.get("/services/data/v50.0/query", params=plain).json()["totalSize"] == 1
