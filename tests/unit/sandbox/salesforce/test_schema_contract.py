"""The field facts against recorded describe answers and the published type listing."""

import json
from typing import Any

import pytest

from sandbox.salesforce.core import Features
from sandbox.salesforce.describe import describe_field
from sandbox.salesforce.schema import LEFT_OUT, STANDARD, Schema
from sandbox.salesforce.schema.facts import RECORDED, TYPED
from sandbox.salesforce.soql.bind import NAME_FIELDS
from sandbox.salesforce.soql.scopes import described
from tests.places import SHARED
from tests.unit.sandbox.salesforce.conftest import Company
from tests.unit.sandbox.salesforce.contracts import describe_of

pytestmark = pytest.mark.shared

CONTRACTS = SHARED / "contracts" / "salesforce"
TABLES = {item.name: item for item in STANDARD}
RECORDED_OBJECTS = ("Account", "Contact", "Lead", "Opportunity", "OpportunityContactRole", "Event", "Case")
COMPARED = (
    "type",
    "length",
    "nillable",
    "createable",
    "updateable",
    "filterable",
    "sortable",
    "groupable",
    "idLookup",
    "externalId",
    "unique",
    "caseSensitive",
    "defaultedOnCreate",
    "restrictedPicklist",
    "nameField",
    "precision",
    "scale",
    "digits",
    "compoundFieldName",
    "relationshipName",
    "label",
    "soapType",
    "defaultValue",
    "namePointing",
    "polymorphicForeignKey",
    "queryByDistance",
)
SCRIPT_TYPES = {
    "boolean": "boolean",
    "int": "number",
    "double": "number",
    "currency": "number",
    "percent": "number",
}


def recorded(name: str) -> dict[str, Any]:
    return describe_of(CONTRACTS / "describe" / f"GET_sobjects_{name}_describe.yaml")


@pytest.mark.parametrize("name", RECORDED_OBJECTS)
def test_recorded_fields_are_all_there(name: str) -> None:
    theirs = {item["name"] for item in recorded(name)["fields"] if not item["name"].endswith("__c")}
    ours = {item.name for item in TABLES[name].fields if item.source == RECORDED}
    assert theirs == ours | set(LEFT_OUT.get(name, ()))


@pytest.mark.parametrize("name", RECORDED_OBJECTS)
def test_recorded_facts_are_ours(name: str) -> None:
    ours = {item.name: item for item in TABLES[name].fields}
    differences = []
    for theirs in recorded(name)["fields"]:
        fact = ours.get(theirs["name"])
        if fact is None or theirs["name"].endswith("__c"):
            continue
        mine = describe_field(fact)
        differences += [
            (theirs["name"], key, theirs[key], mine[key]) for key in COMPARED if theirs.get(key) != mine[key]
        ]
        assert set(theirs["referenceTo"]) & (set(TABLES) | set(fact.to)) == set(fact.to)
        if fact.name != "RecurrenceTimeZoneSidKey":
            assert [item["value"] for item in theirs["picklistValues"]] == list(fact.values)
    assert differences == []


@pytest.mark.parametrize("name", RECORDED_OBJECTS)
def test_ways_down_and_cascades_are_recorded_ones(name: str) -> None:
    keys = ("relationshipName", "cascadeDelete", "restrictedDelete")
    theirs = {
        (item["childSObject"], item["field"]): tuple(item[key] for key in keys)
        for item in recorded(name)["childRelationships"]
    }
    checked = 0
    for table in STANDARD:
        for fact in table.fields:
            if name not in fact.to or (table.name, fact.name) not in theirs or fact.type != "reference":
                continue
            cascade, restrict = fact.on_delete == "cascade", fact.on_delete == "restrict"
            assert (fact.kids, cascade, restrict) == theirs[table.name, fact.name], (table.name, fact.name)
            checked += 1
    assert checked or name == "OpportunityContactRole"


@pytest.mark.parametrize("name", RECORDED_OBJECTS)
def test_key_prefixes_and_verbs(name: str) -> None:
    theirs, table = recorded(name), TABLES[name]
    assert theirs["keyPrefix"] == table.prefix
    verbs = {"c": "createable", "u": "updateable", "d": "deletable", "s": "searchable", "b": "undeletable"}
    assert {letter: theirs[key] for letter, key in verbs.items()} == {
        letter: letter in table.verbs for letter in verbs
    }


@pytest.mark.parametrize("name", RECORDED_OBJECTS)
def test_scopes(name: str) -> None:
    shape = Schema(Features()).objects[name]
    theirs = [(one["label"], one["name"]) for one in recorded(name)["supportedScopes"]]
    assert described(shape) == theirs


def test_every_member_of_a_recorded_field_is_answered() -> None:
    theirs = set(recorded("Event")["fields"][0])
    assert theirs == set(describe_field(TABLES["Event"].fields[0]))


def test_lists_are_told_as_recorded(company: Company) -> None:
    """With the relationship, and not among the fields; the recorded org has no Shared Activities."""
    company.org.features.shared_activities = False
    ours, theirs = company.org.describe(company.ann, "Event"), recorded("Event")
    lists = [
        [one for one in whole["childRelationships"] if one["junctionIdListNames"]] for whole in (ours, theirs)
    ]
    assert lists[0] == lists[1]
    names = {name for one in lists[0] for name in one["junctionIdListNames"]}
    assert not names & {one["name"] for whole in (ours, theirs) for one in whole["fields"]}


def typed() -> dict[str, Any]:
    listing: dict[str, Any] = json.loads((CONTRACTS / "standard-objects-jsforce.json").read_text())["objects"]
    return listing


UNLISTED = (
    "TaskRelation",
    "ListView",
    "CurrencyType",
    "QueueSobject",
    "AssignmentRule",
    "UserRecordAccess",
    "UserPermissionAccess",
    "PermissionSet",
    "PermissionSetAssignment",
    "FieldPermissions",
    "Calendar",
    "ConnectedApplication",
    "OauthToken",
    "UserLogin",
    "LoginHistory",
)


@pytest.mark.parametrize("table", STANDARD, ids=lambda table: table.name)
def test_listed_types(table: Any) -> None:
    listing = typed().get(table.name)
    if listing is None:
        assert table.name in UNLISTED
        return
    for fact in table.fields:
        if fact.source != TYPED or fact.type == "junctionidlist":
            continue
        kind = listing["fields"].get(fact.name)
        assert kind is not None, fact.name
        expected = SCRIPT_TYPES.get(fact.type, "string")
        if fact.type in ("date", "datetime"):
            expected = "DateString"
        if fact.type == "base64":
            expected = "BlobString"
        if fact.type == "address":
            expected = "Address"
        assert kind.removesuffix(" | null") == expected, fact.name


def test_the_name_behind_a_relationship_of_several_kinds() -> None:
    assert set(typed()["Name"]["fields"]) == {fact.name for fact in NAME_FIELDS.values()}


LISTED_WHOLE = (
    "Task",
    "EventRelation",
    "EmailMessage",
    "EmailMessageRelation",
    "ContentDocumentLink",
    "OpportunityContactRole",
)


@pytest.mark.parametrize("name", LISTED_WHOLE)
def test_nothing_listed_is_missing(name: str) -> None:
    assert set(typed()[name]["fields"]) <= {item.name for item in TABLES[name].fields}


@pytest.mark.parametrize("name", LISTED_WHOLE)
def test_ways_up_are_listed(name: str) -> None:
    ours = {item.rel for item in TABLES[name].fields if item.rel and item.source in (TYPED, RECORDED)}
    assert ours <= set(typed()[name]["parentReferences"])
