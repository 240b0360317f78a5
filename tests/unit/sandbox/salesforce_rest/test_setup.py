"""The sandbox's own addresses for an administrator's and people's acts, and what follows on the vendor's."""

from pathlib import Path
from typing import Any

import httpx2
import pytest

from sandbox.salesforce.errors import SalesforceError
from sandbox.state import load, save
from tests.unit.sandbox.salesforce_rest.conftest import Org


def act(org: Org, kind: str, what: str, /, **arguments: Any) -> httpx2.Response:
    return org.http.post(f"/sandbox/salesforce/orgs/{org.site.org.id}/{kind}/{what}", json=arguments)


def test_a_rule_made_over_http_refuses_over_http(org: Org) -> None:
    made = act(
        org,
        "setup",
        "validation_rule",
        object="Contact",
        condition="ISBLANK(Email)",
        message="Address?",
        field="Email",
    )
    assert (made.status_code, made.json()) == (200, {"result": "Rule_1"})
    refused = org.call("POST", "/sobjects/Contact", {"LastName": "x"})
    expected = {"message": "Address?", "errorCode": "FIELD_CUSTOM_VALIDATION_EXCEPTION", "fields": ["Email"]}
    assert (refused.status_code, refused.json()) == (400, [expected])
    records = [{"attributes": {"type": "Contact"}, "LastName": "x"}]
    (row,) = org.call("POST", "/composite/sobjects", {"records": records}).json()
    assert [one["statusCode"] for one in row["errors"]] == ["FIELD_CUSTOM_VALIDATION_EXCEPTION"]
    assert act(org, "setup", "remove_validation_rule", object="Contact", name="Rule_1").status_code == 200
    org.create("Contact", LastName="x")


def test_a_list_view_made_over_http_is_listed(org: Org) -> None:
    columns = ["Name", "Email"]
    made = act(org, "setup", "list_view", object="Contact", name="Mine", columns=columns, scope="mine")
    (view,) = org.get("/sobjects/Contact/listviews")["listviews"]
    assert (view["id"], view["developerName"]) == (made.json()["result"], "Mine")
    wrong = act(org, "setup", "list_view", object="Contact", name="B", columns=columns, where="Nope = 1")
    assert (wrong.status_code, wrong.json()["code"]) == (409, "INVALID_FIELD")


def test_money_and_years_are_set_up_over_http(org: Org) -> None:
    assert act(org, "setup", "currencies", rates={"USD": 1.25}).status_code == 200
    assert act(org, "setup", "currencies", rates={"USD": 1.5}).status_code == 200
    rates = org.query("SELECT IsoCode, ConversionRate FROM CurrencyType ORDER BY IsoCode")
    assert [(row["IsoCode"], row["ConversionRate"]) for row in rates] == [("EUR", 1.0), ("USD", 1.5)]
    assert "no currency" in act(org, "setup", "currencies", rates={"usd": 1}).json()["error"]
    assert act(org, "setup", "fiscal_year", start_month=4).status_code == 200
    assert org.query("SELECT FiscalYearStartMonth FROM Organization")[0]["FiscalYearStartMonth"] == 4
    assert act(org, "setup", "fiscal_year", start_month=13).status_code == 400


def test_the_acts_are_listed(org: Org) -> None:
    base = f"/sandbox/salesforce/orgs/{org.site.org.id}"
    setup = {one["act"]: one for one in org.http.get(f"{base}/setup").json()["acts"]}
    assert "condition: str" in setup["validation_rule"]["takes"]
    assert {one["act"] for one in org.http.get(f"{base}/acts").json()["acts"]} >= {"merge", "delete", "undelete"}
    assert (
        f"POST {base.replace(org.site.org.id, '<org_id>')}/acts/<act>" in org.http.get("/sandbox").json()["routes"]
    )


SOURCE = {"object": "Contact", "field": "LeadSource"}


@pytest.mark.parametrize(
    ("name", "arguments", "sentence"),
    [
        ("nothing", {}, "there is no act nothing"),
        ("validation_rule", {"object": "Contact"}, "missing: ['condition', 'message'], unknown: []"),
        (
            "picklist",
            {"object": "Contact", "field": "LeadSource", "values": ["a"], "more": 1},
            "unknown: ['more']",
        ),
        ("picklist", SOURCE | {"values": "a"}, 'values: "a" does not fit'),
        ("picklist", SOURCE | {"values": [1]}, "values: [1] does not fit"),
        ("picklist", {"object": "Contact", "field": "Email", "values": []}, "no field Email of type picklist"),
        (
            "validation_rule",
            {"object": "Contact", "condition": "1 +", "message": "x"},
            "'the end' is not expected",
        ),
        ("validation_rule", {"object": "Nobody", "condition": "1", "message": "x"}, "no object Nobody"),
    ],
)
def test_what_is_no_act(org: Org, name: str, arguments: dict[str, Any], sentence: str) -> None:
    answer = act(org, "setup", name, **arguments)
    assert answer.status_code == 400
    assert sentence in answer.json()["error"]


def test_an_org_that_is_not_there_and_a_body_that_is_no_object(org: Org) -> None:
    answer = org.http.post("/sandbox/salesforce/orgs/00D/setup/required", json={})
    assert (answer.status_code, "there is no org 00D" in answer.json()["error"]) == (404, True)
    base = f"/sandbox/salesforce/orgs/{org.site.org.id}/acts/delete"
    for body in (b"[]", b"{"):
        assert org.http.post(base, content=body).status_code == 400


def test_people_are_named_by_their_username_and_refused_in_the_vendors_words(org: Org) -> None:
    contact = org.create("Contact", LastName="x")
    assert act(org, "acts", "delete", user="ada@acme.test", record_id=contact).json() == {"result": None}
    (row,) = org.get("/queryAll", params={"q": "SELECT IsDeleted, LastModifiedById FROM Contact"})["records"]
    assert (row["IsDeleted"], row["LastModifiedById"]) == (True, org.colleague)
    refused = act(org, "acts", "delete", user=org.colleague, record_id=contact)
    assert (refused.status_code, refused.json()["code"]) == (409, "ENTITY_IS_DELETED")


def test_the_header_of_assignment_rules(org: Org) -> None:
    entries = [{"condition": "", "owner": "ada@acme.test"}]
    rule = act(org, "setup", "assignment_rule", object="Lead", name="Standard", entries=entries).json()["result"]
    lead = {"LastName": "x", "Company": "y"}
    for header, owner in (("", org.colleague), ("FALSE", org.integration), (rule[:15], org.colleague)):
        headers = {"Sforce-Auto-Assign": header} if header else {}
        made = org.call("POST", "/sobjects/Lead", lead, headers=headers).json()["id"]
        assert org.get(f"/sobjects/Lead/{made}")["OwnerId"] == owner
    refused = org.call("POST", "/sobjects/Lead", lead, headers={"Sforce-Auto-Assign": "01Q000000000001"})
    assert refused.json()[0]["errorCode"] == "INVALID_ASSIGNMENT_RULE"


def test_sharing_is_turned_over_http(org: Org) -> None:
    account = org.site.org.insert(org.site.org.admin, "Account", {"Name": "x"})
    org.site.org.setup.profile("Plain")
    org.site.org.update(
        org.site.org.admin, "User", org.integration, {"ProfileId": org.site.org.profiles["Standard User"]}
    )
    assert org.count("Account") == 1
    assert act(org, "setup", "org_defaults", defaults={"Account": "private"}).status_code == 200
    assert org.count("Account") == 0
    assert org.call("GET", f"/sobjects/Account/{account}").status_code == 404
    assert (
        act(org, "acts", "share", record_id=account, user="integration@acme.test", level="read").status_code == 200
    )
    assert org.count("Account") == 1
    refused = org.call("PATCH", f"/sobjects/Account/{account}", {"Site": "x"})
    assert (refused.status_code, refused.json()[0]["errorCode"]) == (403, "INSUFFICIENT_ACCESS_OR_READONLY")
    assert act(org, "setup", "org_defaults", defaults={"Account": "secret"}).status_code == 400


def test_what_was_set_up_is_kept_with_the_world(org: Org, tmp_path: Path) -> None:
    account = org.create("Account", Name="x")
    entries = [{"condition": "ISBLANK(Email)", "owner": "Inbound"}]
    acts: dict[str, dict[str, Any]] = {
        "validation_rule": {"object": "Contact", "condition": "ISBLANK(Email)", "message": "Address?"},
        "duplicate_rule": {"object": "Account", "fields": ["Name"]},
        "queue": {"name": "Inbound", "objects": ["Lead"]},
        "assignment_rule": {"object": "Lead", "name": "Standard", "entries": entries},
        "sharing_rule": {"object": "Account", "name": "All", "condition": "TRUE", "to": "ada@acme.test"},
        "record_type": {"object": "Account", "developer_name": "Partner"},
        "org_defaults": {"defaults": {"Account": "private"}},
        "person_accounts": {},
    }
    for name, arguments in acts.items():
        assert act(org, "setup", name, **arguments).status_code == 200, name
    assert act(org, "acts", "hold", record_id=account, seconds=600).status_code == 200
    assert act(org, "acts", "lock", record_id=account).status_code == 200
    save(org.world, tmp_path / "world")
    world = load(tmp_path / "world")
    assert world is not None
    again = world.orgs[org.site.org.id].org
    codes = {
        "FIELD_CUSTOM_VALIDATION_EXCEPTION": ("Contact", {"LastName": "x"}),
        "DUPLICATES_DETECTED": ("Account", {"Name": "x"}),
        "UNABLE_TO_LOCK_ROW": ("Task", {"WhatId": account}),
    }
    for code, (name, fields) in codes.items():
        with pytest.raises(SalesforceError) as caught:
            again.insert(again.admin, name, fields)
        assert caught.value.code == code
    lead = again.insert(again.admin, "Lead", {"LastName": "x"})
    assert again.get(again.admin, "Lead", lead)["OwnerId"].startswith("00G")
    assert again.query(org.colleague, "SELECT Id FROM Account").total_size == 1
