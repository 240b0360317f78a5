"""Duplicate rules on every way to write a record, and what their header changes."""

from typing import Any

import pytest

from sandbox.salesforce.setup import Setup
from tests.unit.sandbox.salesforce_rest.conftest import Org

FIELDS = {"LastName": "Lin", "Email": "lea@lumen.test"}
HEADER = "Sforce-Duplicate-Rule-Header"


@pytest.fixture
def setup(org: Org) -> Setup:
    return org.site.org.setup


def test_the_refusal_lists_what_is_there(org: Org, setup: Setup) -> None:
    setup.duplicate_rule("Contact", ["Email"], "Same_Address")
    first = org.create("Contact", **FIELDS)
    refused = org.call("POST", "/sobjects/Contact", FIELDS | {"Email": "LEA@lumen.test"})
    record = {
        "attributes": {"type": "Contact", "url": f"/services/data/v67.0/sobjects/Contact/{first}"},
        "Id": first,
    }
    assert refused.status_code == 400
    assert refused.json() == [
        {
            "duplicateResult": {
                "allowSave": True,
                "duplicateRule": "Same_Address",
                "duplicateRuleEntityType": "Contact",
                "errorMessage": "Use one of these records?",
                "matchResults": [
                    {
                        "entityType": "Contact",
                        "errors": [],
                        "matchEngine": "ExactMatchEngine",
                        "matchRecords": [
                            {
                                "additionalInformation": [],
                                "fieldDiffs": [],
                                "matchConfidence": 100.0,
                                "record": record,
                            }
                        ],
                        "rule": "Same_Address_Match_Contact",
                        "size": 1,
                        "success": True,
                    }
                ],
            },
            "errorCode": "DUPLICATES_DETECTED",
            "message": "Use one of these records?",
        }
    ]
    org.world.switches.turn("salesforce.duplicate_result_misspelt", True)
    assert "duplicateResut" in org.call("POST", "/sobjects/Contact", FIELDS).json()[0]


def test_the_header_saves_what_only_alerts(org: Org, setup: Setup) -> None:
    setup.duplicate_rule("Contact", ["Email"])
    org.create("Contact", **FIELDS)
    allow = {HEADER: "allowSave=true; includeRecordDetails=false"}
    assert org.call("POST", "/sobjects/Contact", FIELDS, headers=allow).status_code == 201
    details = org.call("POST", "/sobjects/Contact", FIELDS, headers={HEADER: "includeRecordDetails=true"}).json()
    records = details[0]["duplicateResult"]["matchResults"][0]["matchRecords"]
    assert [one["record"]["LastName"] for one in records] == ["Lin", "Lin"]
    setup.duplicate_rule("Contact", ["Email"], on_insert="block")
    blocked = org.call("POST", "/sobjects/Contact", FIELDS, headers=allow)
    assert (blocked.status_code, blocked.json()[0]["duplicateResult"]["allowSave"]) == (400, False)
    setup.duplicate_rule("Contact", ["Email"], on_insert="report")
    org.create("Contact", **FIELDS)
    setup.remove_duplicate_rule("Contact", "Email")


def test_the_rule_holds_in_collections_composite_graph_and_tree(org: Org, setup: Setup) -> None:
    setup.duplicate_rule("Contact", ["Email"])
    org.create("Contact", **FIELDS)
    row = {"attributes": {"type": "Contact", "referenceId": "a"}, **FIELDS}
    other = row | {"Email": "other@lumen.test"}
    refused, saved = org.call("POST", "/composite/sobjects", {"records": [row, other]}).json()
    assert saved["success"]
    assert (refused["errors"][0]["statusCode"], refused["errors"][0]["fields"]) == ("DUPLICATES_DETECTED", [])
    assert refused["errors"][0]["duplicateResult"]["matchResults"][0]["size"] == 1
    part = {"method": "POST", "url": "/services/data/v67.0/sobjects/Contact", "referenceId": "a", "body": FIELDS}
    composite = org.call("POST", "/composite", {"compositeRequest": [part]}).json()
    assert composite["compositeResponse"][0]["body"][0]["errorCode"] == "DUPLICATES_DETECTED"
    headed: dict[str, Any] = part | {"httpHeaders": {HEADER: "allowSave=true"}}
    composite = org.call("POST", "/composite", {"compositeRequest": [headed]}).json()
    assert composite["compositeResponse"][0]["httpStatusCode"] == 201
    graph = {"graphs": [{"graphId": "g", "compositeRequest": [part]}]}
    (answer,) = org.call("POST", "/composite/graph", graph).json()["graphs"]
    body = answer["graphResponse"]["compositeResponse"][0]["body"]
    assert (answer["isSuccessful"], body[0]["errorCode"]) == (False, "DUPLICATES_DETECTED")
    tree = org.call("POST", "/composite/tree/Contact", {"records": [row]})
    assert tree.json()["results"][0]["errors"][0]["statusCode"] == "DUPLICATES_DETECTED"


def test_name_and_company_across_objects(org: Org, setup: Setup) -> None:
    setup.duplicate_rule(
        "Lead",
        ["LastName", "Company"],
        against={"Contact": ["LastName", "Account.Name"]},
        message="Known already.",
    )
    account = org.create("Account", Name="Lumen")
    contact = org.create("Contact", LastName="Lin", AccountId=account)
    org.create("Lead", LastName="Lin", Company="Other")
    refused = org.call("POST", "/sobjects/Lead", {"LastName": "LIN", "Company": "lumen"}).json()[0]
    results = {one["entityType"]: one for one in refused["duplicateResult"]["matchResults"]}
    assert (refused["message"], results["Lead"]["size"]) == ("Known already.", 0)
    assert [one["record"]["Id"] for one in results["Contact"]["matchRecords"]] == [contact]


def test_updates_are_looked_at_when_the_rule_says_so(org: Org, setup: Setup) -> None:
    setup.duplicate_rule("Account", ["Name"], on_update="block")
    org.create("Account", Name="Lumen")
    other = org.create("Account", Name="Other")
    refused = org.call("PATCH", f"/sobjects/Account/{other}", {"Name": "Lumen"})
    assert (refused.status_code, refused.json()[0]["errorCode"]) == (400, "DUPLICATES_DETECTED")
    setup.remove_duplicate_rule("Account", "Name")
    assert org.call("PATCH", f"/sobjects/Account/{other}", {"Name": "Lumen"}).status_code == 204
    setup.duplicate_rule("Account", ["Name"], on_update="block")
    assert org.call("PATCH", f"/sobjects/Account/{other}", {"Site": "x"}).status_code == 204, "Name is untouched"


def test_what_is_no_duplicate_rule(setup: Setup) -> None:
    with pytest.raises(ValueError, match="no field Nope"):
        setup.duplicate_rule("Contact", ["Nope"])
    with pytest.raises(ValueError, match="at least one field"):
        setup.duplicate_rule("Contact", [])
    with pytest.raises(ValueError, match="1 fields are compared, not 2"):
        setup.duplicate_rule("Contact", ["Email"], against={"Lead": ["Email", "Company"]})
    with pytest.raises(ValueError, match="no duplicate rule x"):
        setup.remove_duplicate_rule("Contact", "x")
