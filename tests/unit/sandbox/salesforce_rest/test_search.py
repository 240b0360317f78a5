"""Searches and list views over REST."""

from typing import Any

import pytest

from sandbox.salesforce.listviews import Definition
from tests.unit.sandbox.salesforce_rest.conftest import BASE, Org


@pytest.fixture
def people(org: Org) -> Org:
    org.create("Contact", LastName="Marsh", Email="ana@globex.test")
    org.create("Contact", LastName="Marshall", Email="joe@globex.test")
    org.create("Lead", LastName="Marsh", Company="Initech", Email="ana@globex.test")
    return org


def last_names(answer: dict[str, Any]) -> list[tuple[str, str]]:
    return [(row["attributes"]["type"], row["LastName"]) for row in answer["searchRecords"]]


def test_search(people: Org) -> None:
    sosl = "FIND {ana@globex.test} IN EMAIL FIELDS RETURNING Contact(LastName), Lead(LastName)"
    found = people.get("/search/", params={"q": sosl})
    assert last_names(found) == [("Contact", "Marsh"), ("Lead", "Marsh")]
    url = found["searchRecords"][0]["attributes"]["url"]
    assert people.http.get(url).json()["Email"] == "ana@globex.test"


def test_search_with_parameters_in_the_address(people: Org) -> None:
    params = {
        "q": "ana@globex.test",
        "in": "email",
        "sobject": ["Contact", "Lead"],
        "fields": "lastname",
        "Lead.fields": "lastname,company",
        "Lead.where": "IsConverted = false",
        "Contact.limit": "1",
    }
    found = people.get("/parameterizedSearch/", params=params)
    assert last_names(found) == [("Contact", "Marsh"), ("Lead", "Marsh")]
    assert found["searchRecords"][1]["Company"] == "Initech"
    assert "Company" not in found["searchRecords"][0]


def test_search_with_parameters_in_the_body(people: Org) -> None:
    body: dict[str, Any] = {
        "q": "marsh*",
        "in": "NAME",
        "fields": ["LastName"],
        "sobjects": [{"name": "Contact", "orderBy": "LastName DESC", "limit": 2}, {"name": "Lead"}],
        "overallLimit": 2000,
        "defaultLimit": 10,
    }
    answer = people.call("POST", "/parameterizedSearch", body)
    assert last_names(answer.json()) == [("Contact", "Marshall"), ("Contact", "Marsh"), ("Lead", "Marsh")]
    paged = body | {"sobjects": [{"name": "Contact", "orderBy": "LastName"}], "offset": 1, "q": "marsh marsh*"}
    assert last_names(people.call("POST", "/parameterizedSearch", paged).json()) == []
    plain = people.call(
        "POST", "/parameterizedSearch", {"q": 'joe@globex.test: "', "sobjects": [{"name": "Contact"}]}
    )
    assert [set(row) for row in plain.json()["searchRecords"]] == [{"attributes", "Id"}], "nothing need be escaped"


@pytest.mark.parametrize(
    ("method", "path", "given", "code"),
    [
        ("GET", "/search", {}, "MALFORMED_SEARCH"),
        ("GET", "/search", {"q": "ana"}, "MALFORMED_SEARCH"),
        ("GET", "/parameterizedSearch", {}, "MISSING_ARGUMENT"),
        ("GET", "/parameterizedSearch", {"q": "ana", "in": "toes"}, "INVALID_SEARCH_SCOPE"),
        ("GET", "/parameterizedSearch", {"q": "ana", "fields": "id"}, "MALFORMED_SEARCH"),
        ("GET", "/parameterizedSearch", {"q": "ana", "division": "global"}, "MALFORMED_SEARCH"),
        ("GET", "/parameterizedSearch", {"q": "ana", "overallLimit": "2001"}, "NUMBER_OUTSIDE_VALID_RANGE"),
        ("GET", "/parameterizedSearch", {"q": "ana", "sobject": "Nonsense"}, "INVALID_TYPE"),
        ("POST", "/parameterizedSearch", {"q": "ana", "sobjects": [{"fields": ["Id"]}]}, "MISSING_ARGUMENT"),
        (
            "POST",
            "/parameterizedSearch",
            {"q": "ana", "sobjects": [{"name": "Lead", "where": "A"}]},
            "MALFORMED_QUERY",
        ),
        ("POST", "/parameterizedSearch", {"q": "ana", "fields": "Id"}, "JSON_PARSER_ERROR"),
    ],
)
def test_refusals(org: Org, method: str, path: str, given: dict[str, Any], code: str) -> None:
    answer = org.call(method, path, given) if method == "POST" else org.call(method, path, params=given)
    assert (answer.status_code, answer.json()[0]["errorCode"]) == (400, code)


def test_a_search_may_be_part_of_a_batch(people: Org) -> None:
    url = "v67.0/search/?q=FIND%20%7Bjoe%7D%20IN%20EMAIL%20FIELDS%20RETURNING%20Contact(LastName)"
    body = {"batchRequests": [{"method": "GET", "url": url}]}
    (result,) = people.call("POST", "/composite/batch", body).json()["results"]
    assert last_names(result["result"]) == [("Contact", "Marshall")]


@pytest.fixture
def view_id(people: Org) -> str:
    definition = Definition(
        ("LastName", "LeadSource", "Owner.Alias"), "Email LIKE '%globex.test'", "mine", "LastName DESC"
    )
    return people.site.org.list_views.define(people.site.org.admin, "Contact", "MyGlobex", "My Globex", definition)


def test_list_views_of_an_object(people: Org, view_id: str) -> None:
    listing = people.get("/sobjects/Contact/listviews")
    url = f"{BASE}/sobjects/Contact/listviews/{view_id}"
    summary = {
        "describeUrl": f"{url}/describe",
        "developerName": "MyGlobex",
        "id": view_id,
        "label": "My Globex",
        "resultsUrl": f"{url}/results",
        "soqlCompatible": True,
        "url": url,
    }
    assert listing == {
        "done": True,
        "listviews": [summary],
        "nextRecordsUrl": None,
        "size": 1,
        "sobjectType": "Contact",
    }
    assert people.get(f"/sobjects/Contact/listviews/{view_id[:15]}") == summary
    assert people.get("/sobjects/Lead/listviews")["size"] == 0
    assert people.call("GET", "/sobjects/Nonsense/listviews").status_code == 404


def test_a_view_is_described_by_its_query(people: Org, view_id: str) -> None:
    described = people.get(f"/sobjects/Contact/listviews/{view_id}/describe")
    assert described["query"] == (
        "SELECT LastName, toLabel(LeadSource), Owner.Alias, Id, CreatedDate, LastModifiedDate, SystemModstamp "
        "FROM Contact USING SCOPE mine WHERE Email LIKE '%globex.test' "
        "ORDER BY LastName DESC NULLS FIRST, Id ASC NULLS FIRST"
    )
    assert [row["LastName"] for row in people.query(described["query"])] == ["Marshall", "Marsh"]
    assert (described["id"], described["sobjectType"], described["scope"]) == (view_id, "Contact", "mine")
    assert described["whereCondition"] == {"field": "Email", "operator": "like", "values": ["'%globex.test'"]}
    assert described["orderBy"][0] == {
        "fieldNameOrPath": "LastName",
        "nullsPosition": "first",
        "sortDirection": "descending",
    }
    columns = {column["fieldNameOrPath"]: column for column in described["columns"]}
    assert [name for name, column in columns.items() if column["hidden"]] == [
        "Id",
        "CreatedDate",
        "LastModifiedDate",
        "SystemModstamp",
    ]
    assert columns["LeadSource"]["selectListItem"] == "toLabel(LeadSource)"
    assert (columns["LastName"]["sortIndex"], columns["LeadSource"]["sortIndex"]) == (0, None)


def test_the_rows_of_a_view_are_text(people: Org, view_id: str) -> None:
    path = f"/sobjects/Contact/listviews/{view_id}/results"
    found = people.get(path, params={"limit": 1, "offset": 1})
    assert (found["size"], found["done"], found["developerName"]) == (1, False, "MyGlobex")
    row = {column["fieldNameOrPath"]: column["value"] for column in found["records"][0]["columns"]}
    assert row["LastName"] == "Marsh"
    assert row["CreatedDate"] == "Fri Nov 20 12:00:00 GMT 2026"
    assert (row["LeadSource"], row["Owner.Alias"]) == (None, "cintegra")
    assert people.get(path)["done"]
    assert people.get("/sobjects/Contact/listviews/recent")["listviews"][0]["id"] == view_id
    assert people.call("GET", path, params={"limit": 2001}).json()[0]["errorCode"] == "NUMBER_OUTSIDE_VALID_RANGE"
    assert people.call("GET", "/sobjects/Contact/listviews/00B000000000000AAA/results").status_code == 404


def test_what_was_looked_at_last_comes_first(people: Org) -> None:
    assert people.get("/recent") == []
    people.query("SELECT Id FROM Contact WHERE LastName = 'Marsh' FOR VIEW")
    people.wait(minutes=1)
    people.query("SELECT Id FROM Lead FOR REFERENCE")
    found = people.get("/recent")
    assert [(row["attributes"]["type"], row["Name"]) for row in found] == [("Lead", "Marsh"), ("Contact", "Marsh")]
    assert people.get("/recent", params={"limit": 1}) == found[:1]
    assert people.get("/sobjects/Contact")["recentItems"] == found[1:]
    people.call("DELETE", f"/sobjects/Lead/{found[0]['Id']}")
    assert people.get("/recent") == found[1:]
    assert people.call("GET", "/recent", params={"limit": "x"}).status_code == 400
