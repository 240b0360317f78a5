"""Who sees, edits and deletes which row: defaults, owners and their managers, queues, shares, rules, parents."""

import pickle

import pytest

from sandbox.salesforce.ids import Id
from sandbox.salesforce.setup import Setup
from tests.unit.sandbox.salesforce.conftest import Company, refusal

NO_ACCESS = "INSUFFICIENT_ACCESS_OR_READONLY"
CROSS_REFERENCE = "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY"


@pytest.fixture
def setup(company: Company) -> Setup:
    return company.org.setup


@pytest.fixture
def his(company: Company) -> Id:
    """Bob's account."""
    return company.org.insert(company.bob, "Account", {"Name": "His"})


def sees(company: Company, user: Id, name: str = "Account") -> list[Id]:
    return company.values(f"SELECT Id FROM {name}", user=user)


def level(company: Company, user: Id, record_id: Id, asker: Id = "") -> dict[str, object]:
    fields = "RecordId, HasReadAccess, HasEditAccess, HasDeleteAccess, HasAllAccess, MaxAccessLevel"
    where = f"UserId = '{user}' AND RecordId = '{record_id}'"
    found = company.records(f"SELECT {fields} FROM UserRecordAccess WHERE {where}", user=asker or None)
    return found[0] if found else {}


@pytest.mark.parametrize(
    ("default", "seen", "edited", "deleted"),
    [
        ("private", False, False, False),
        ("read", True, False, False),
        ("edit", True, True, False),
        ("full", True, True, True),
    ],
)
def test_org_wide_defaults(
    company: Company, setup: Setup, his: Id, default: str, seen: bool, edited: bool, deleted: bool
) -> None:
    setup.org_defaults({"Account": default})  # type: ignore[dict-item]
    assert (sees(company, company.ann) == [his]) is seen
    assert level(company, company.ann, his)["HasReadAccess"] is seen
    assert level(company, company.ann, his)["HasEditAccess"] is edited
    assert level(company, company.ann, his)["HasDeleteAccess"] is deleted
    if not edited:
        assert refusal(company.org.update, company.ann, "Account", his, {"Site": "x"}).code == NO_ACCESS
    if not deleted:
        refused = refusal(company.org.delete, company.ann, his)
        assert (refused.code, refused.status) == (NO_ACCESS, 403)
        assert refusal(company.org.update, company.ann, "Account", his, {"OwnerId": company.ann}).code == NO_ACCESS
    if not seen:
        read = refusal(company.org.get, company.ann, "Account", his)
        assert (read.code, read.status) == ("NOT_FOUND", 404)


def test_sharing_changes_in_silence(company: Company, setup: Setup, his: Id) -> None:
    before = company.row("Account", his)
    company.later(seconds=60)
    setup.org_defaults({"Account": "private"})
    company.org.share(his, company.ann, "read")
    assert sees(company, company.ann) == [his]
    assert level(company, company.ann, his)["MaxAccessLevel"] == "Read"
    company.org.unshare(his, company.ann)
    assert sees(company, company.ann) == []
    assert company.row("Account", his) == before


def test_what_is_not_seen_may_be_called_unknown(company: Company, setup: Setup, his: Id) -> None:
    setup.org_defaults({"Account": "private"})
    company.org.switches.turn("salesforce.unseen_row_is_unknown", True)
    refused = refusal(company.org.update, company.ann, "Account", his, {"Site": "x"})
    assert (refused.code, refused.message) == ("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id")
    assert (
        refusal(company.org.insert, company.ann, "Contact", {"LastName": "x", "AccountId": his}).code
        == CROSS_REFERENCE
    )


def test_managers_stand_above(company: Company, setup: Setup, his: Id) -> None:
    setup.org_defaults({"Account": "private"})
    setup.role("Chief", users=["ann@acme.test"])
    setup.role("Middle", parent="Chief")
    setup.role("Seller", parent="Middle", users=["bob@acme.test"])
    assert level(company, company.ann, his)["MaxAccessLevel"] == "All"
    hers = company.org.insert(company.ann, "Account", {"Name": "Hers"})
    assert sees(company, company.bob) == [his]
    assert sees(company, company.ann) == [his, hers]


def test_groups_and_rules(company: Company, setup: Setup, his: Id) -> None:
    setup.org_defaults({"Account": "private"})
    setup.group("Inner", members=["ann@acme.test"])
    setup.group("Outer", members=["Inner"])
    setup.sharing_rule("Account", "Partners", "Site = 'Berlin'", "Outer", "edit")
    assert sees(company, company.ann) == []
    company.change("Account", his, Site="Berlin")
    assert level(company, company.ann, his)["MaxAccessLevel"] == "Edit"
    company.org.update(company.ann, "Account", his, {"Site": "Bonn"})
    assert sees(company, company.ann) == []
    again = pickle.loads(pickle.dumps(company.org))
    again.update(again.admin, "Account", his, {"Site": "Berlin"})
    assert again.query(company.ann, "SELECT Id FROM Account").total_size == 1


def test_contacts_as_their_account(company: Company, setup: Setup, his: Id) -> None:
    setup.org_defaults({"Account": "private", "Contact": "parent"})
    contact = company.org.insert(company.bob, "Contact", {"LastName": "x", "AccountId": his})
    alone = company.org.insert(company.bob, "Contact", {"LastName": "alone"})
    assert sees(company, company.ann, "Contact") == []
    company.org.share(his, company.ann, "read")
    assert sees(company, company.ann, "Contact") == [contact]
    assert refusal(company.org.update, company.ann, "Contact", contact, {"Title": "x"}).code == NO_ACCESS
    assert sees(company, company.bob, "Contact") == [contact, alone]


def test_an_account_is_read_by_whom_its_children_belong_to(company: Company, setup: Setup, his: Id) -> None:
    setup.org_defaults({"Account": "private", "Contact": "private"})
    contact = company.add("Contact", LastName="x", AccountId=his, OwnerId=company.ann)
    assert sees(company, company.ann) == [his]
    assert refusal(company.org.update, company.ann, "Account", his, {"Site": "x"}).code == NO_ACCESS
    company.change("Contact", contact, OwnerId=company.bob)
    assert sees(company, company.ann) == []


def test_activities_are_read_with_what_they_are_about(company: Company, setup: Setup, his: Id) -> None:
    setup.org_defaults({"Account": "private", "Task": "private"})
    task = company.org.insert(company.bob, "Task", {"Subject": "x", "WhatId": his})
    loose = company.org.insert(company.bob, "Task", {"Subject": "loose"})
    assert sees(company, company.ann, "Task") == []
    company.org.share(his, company.ann, "edit")
    assert sees(company, company.ann, "Task") == [task]
    assert refusal(company.org.update, company.ann, "Task", task, {"Subject": "y"}).code == NO_ACCESS
    setup.org_defaults({"Task": "parent"})
    company.org.update(company.ann, "Task", task, {"Subject": "y"})
    assert loose not in sees(company, company.ann, "Task")
    assert sees(company, company.ann, "TaskRelation") == sees(company, company.bob, "TaskRelation") != []


def test_shares_by_hand_end_with_the_owner(company: Company, setup: Setup, his: Id) -> None:
    setup.org_defaults({"Account": "private"})
    company.org.share(his, company.ann)
    company.change("Account", his, OwnerId=company.integration)
    assert sees(company, company.ann) == []


def test_a_profile_without_an_object_does_not_know_it(company: Company, setup: Setup, his: Id) -> None:
    setup.object_permissions("Standard User", "Account", [])
    assert refusal(company.org.get, company.ann, "Account", his).status == 404
    assert refusal(company.org.describe, company.ann, "Account").status == 404
    assert refusal(sees, company, company.ann).code == "INVALID_TYPE"
    assert "Account" not in {one["name"] for one in company.org.describe_global(company.ann)["sobjects"]}
    assert sees(company, company.integration) == [his]
    setup.object_permissions("Standard User", "Account", ["read"])
    refused = refusal(company.org.insert, company.ann, "Account", {"Name": "x"})
    assert (refused.code, refused.message) == (
        "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY",
        "entity type cannot be inserted: Account",
    )
    assert "cannot be updated" in refusal(company.org.update, company.ann, "Account", his, {"Site": "x"}).message
    described = company.org.describe(company.ann, "Account")
    assert (described["createable"], described["updateable"], described["deletable"]) == (False, False, False)


def test_view_all_and_modify_all_of_one_object(company: Company, setup: Setup, his: Id) -> None:
    setup.org_defaults({"Account": "private", "Lead": "private"})
    company.org.insert(company.bob, "Lead", {"LastName": "x", "Company": "y"})
    setup.object_permissions("Standard User", "Account", ["read", "create", "edit", "delete", "view_all"])
    assert (sees(company, company.ann), sees(company, company.ann, "Lead")) == ([his], [])
    assert level(company, company.ann, his)["MaxAccessLevel"] == "Read"
    setup.object_permissions("Standard User", "Account", ["read", "create", "edit", "delete", "modify_all"])
    company.org.update(company.ann, "Account", his, {"Site": "x"})
    assert level(company, company.ann, his)["MaxAccessLevel"] == "All"


def test_record_access_is_asked_by_user_and_record(company: Company, setup: Setup, his: Id) -> None:
    hers = company.org.insert(company.ann, "Account", {"Name": "Hers"})
    setup.org_defaults({"Account": "private"})
    soql = (
        "SELECT RecordId FROM UserRecordAccess WHERE UserId = '{}' AND RecordId IN ('{}') AND HasEditAccess = true"
    )
    asked = soql.format(company.ann, f"{his}', '{hers}")
    assert company.values(asked) == [hers]
    assert level(company, company.bob, hers, asker=company.ann)["MaxAccessLevel"] == "None"
    assert level(company, company.ann, his, asker=company.ann) == {}, "the asker cannot read it himself"
    assert level(company, company.ann, company.add("Account", Name="y")[:-3] + "AAA") == {}
    page = company.org.query(company.ann, asked)
    assert page.records[0]["attributes"]["type"] == "UserRecordAccess"


@pytest.mark.parametrize(
    "soql",
    [
        "SELECT RecordId FROM UserRecordAccess",
        "SELECT RecordId FROM UserRecordAccess WHERE RecordId = '001000000000001AAA'",
        "SELECT RecordId FROM UserRecordAccess WHERE UserId = '005000000000001AAA'",
        "SELECT HasReadAccess FROM UserRecordAccess WHERE UserId = '{0}' AND RecordId = '{0}'",
        "SELECT RecordId, UserId FROM UserRecordAccess WHERE UserId = '{0}' AND RecordId = '{0}'",
        "SELECT RecordId, HasReadAccess FROM UserRecordAccess WHERE UserId = '{0}' AND RecordId = '{0}' "
        "AND HasReadAccess = true",
        "SELECT RecordId FROM UserRecordAccess WHERE UserId = '{0}' AND RecordId IN ({1})",
    ],
)
def test_how_record_access_is_not_asked(company: Company, soql: str) -> None:
    many = ", ".join(["'001000000000001AAA'"] * 201)
    assert refusal(company.records, soql.format(company.ann, many)).code == "MALFORMED_QUERY"


@pytest.mark.parametrize(
    ("act", "arguments", "sentence"),
    [
        ("org_defaults", {"defaults": {"Lead": "parent"}}, "Lead has no parent"),
        ("org_defaults", {"defaults": {"Nothing": "read"}}, "no object Nothing"),
        ("role", {"name": "x", "parent": "Nobody"}, "no UserRole Nobody"),
        ("group", {"name": "x", "members": ["nobody"]}, "no user, group or role nobody"),
        ("object_permissions", {"profile": "None", "object": "Lead", "allowed": []}, "no Profile None"),
        ("queue", {"name": "x", "objects": ["Contact"]}, "queues cannot own Contact"),
    ],
)
def test_what_cannot_be_set_up(setup: Setup, act: str, arguments: dict[str, object], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        getattr(setup, act)(**arguments)
