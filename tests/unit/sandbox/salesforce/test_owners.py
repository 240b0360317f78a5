"""Who may own a record, who gets new ones, and what goes along when a record changes hands."""

import pytest

from sandbox.salesforce.setup import Setup
from sandbox.salesforce.write import WriteOptions
from tests.unit.sandbox.salesforce.conftest import Company, refusal

LEAD = {"LastName": "x", "Company": "y"}


@pytest.fixture
def setup(company: Company) -> Setup:
    return company.org.setup


def test_queues_own_what_they_are_for(company: Company, setup: Setup) -> None:
    queue = setup.queue("Inbound", ["Lead"], members=["ann@acme.test"])
    setup.org_defaults({"Lead": "private"})
    lead = company.add("Lead", **LEAD, OwnerId=queue)
    assert company.values("SELECT Owner.Name FROM Lead") == [{"Name": "Inbound"}]
    assert company.values("SELECT Id FROM Lead", user=company.ann) == [lead]
    assert company.values("SELECT Id FROM Lead", user=company.bob) == []
    company.org.update(company.ann, "Lead", lead, {"OwnerId": company.ann})
    refused = refusal(company.add, "Case", Subject="x", OwnerId=queue)
    assert (refused.code, refused.message) == ("INVALID_OPERATION", "Queue not associated with this SObject type")
    group = setup.group("Public")
    assert refusal(company.add, "Lead", **LEAD, OwnerId=group).code == "INVALID_OPERATION"
    assert refusal(company.add, "Contact", LastName="x", OwnerId=queue).code == "FIELD_INTEGRITY_EXCEPTION"


def test_users_who_can_own_nothing(company: Company, setup: Setup) -> None:
    setup.profile("Chatter Free User", user_type="CsnOnly")
    free = setup._profile("Chatter Free User")
    chatter = company.org.add_user("free@acme.test", "Fay", "Free", ProfileId=free)
    refused = refusal(company.add, "Lead", **LEAD, OwnerId=chatter)
    assert (refused.code, refused.message) == (
        "OP_WITH_INVALID_USER_TYPE_EXCEPTION",
        "Operation not valid for this user type",
    )
    setup.object_permissions("Standard User", "Lead", [])
    refused = refusal(company.add, "Lead", **LEAD, OwnerId=company.ann)
    assert (refused.code, refused.fields) == ("TRANSFER_REQUIRES_READ", ("OwnerId",))


def test_an_inactive_owner_stays_until_he_is_replaced(company: Company) -> None:
    lead = company.add("Lead", **LEAD, OwnerId=company.ann)
    company.change("User", company.ann, IsActive=False)
    company.change("Lead", lead, Title="x")
    company.change("Lead", lead, OwnerId=company.bob)
    assert refusal(company.change, "Lead", lead, OwnerId=company.ann).code == "INACTIVE_OWNER_OR_USER"


def test_new_leads_are_given_to_whom_the_rule_says(company: Company, setup: Setup) -> None:
    queue = setup.queue("Inbound", ["Lead", "Case"])
    entries = [
        {"condition": "CONTAINS(Company, 'Birch')", "owner": "ann@acme.test"},
        {"condition": "ISPICKVAL(LeadSource, 'Web')", "owner": "Inbound"},
    ]
    rule = setup.assignment_rule("Lead", "Standard", entries, default_owner="bob@acme.test")
    owners = [
        company.row("Lead", company.add("Lead", **LEAD | more))["OwnerId"]
        for more in ({"Company": "Birchworks"}, {"LeadSource": "Web"}, {}, {"OwnerId": company.integration})
    ]
    assert owners == [company.ann, queue, company.bob, company.bob]
    off = WriteOptions(auto_assign=False)
    kept = company.org.insert(company.integration, "Lead", LEAD, options=off)
    assert company.row("Lead", kept)["OwnerId"] == company.integration
    other = setup.assignment_rule("Lead", "Other", [])
    assert company.values("SELECT Name FROM AssignmentRule WHERE Active = true") == ["Other"]
    assert company.row("Lead", company.add("Lead", **LEAD))["OwnerId"] == company.integration
    named = company.org.insert(company.integration, "Lead", LEAD, options=WriteOptions(assignment_rule=rule))
    assert company.row("Lead", named)["OwnerId"] == company.bob
    wrong = WriteOptions(assignment_rule=other)
    case = refusal(company.org.insert, company.integration, "Case", {"Subject": "x"}, options=wrong)
    assert case.code == "INVALID_ASSIGNMENT_RULE"


@pytest.mark.parametrize("again", [True, False])
def test_an_update_may_assign_again(company: Company, setup: Setup, again: bool) -> None:
    lead = company.add("Lead", **LEAD, OwnerId=company.ann)
    setup.assignment_rule("Lead", "Standard", [], default_owner="bob@acme.test")
    company.org.switches.turn("salesforce.assignment_rules_on_update", again)
    company.change("Lead", lead, Title="x")
    assert company.row("Lead", lead)["OwnerId"] == (company.bob if again else company.ann)


@pytest.mark.parametrize("along", [True, False])
def test_an_account_changes_hands_with_its_owners_things(company: Company, along: bool) -> None:
    company.org.switches.turn("salesforce.account_transfer_takes_children", along)
    account = company.org.insert(company.ann, "Account", {"Name": "x"})
    deal = {"Name": "d", "StageName": "Prospecting", "CloseDate": "2026-12-01", "AccountId": account}
    hers = {
        "Contact": company.org.insert(company.ann, "Contact", {"LastName": "x", "AccountId": account}),
        "Opportunity": company.org.insert(company.ann, "Opportunity", deal),
        "Task": company.org.insert(company.ann, "Task", {"Subject": "x", "WhatId": account}),
    }
    closed = company.org.insert(company.ann, "Opportunity", deal | {"StageName": "Closed Won"})
    foreign = company.add("Contact", LastName="x", AccountId=account)
    company.later(seconds=5)
    company.change("Account", account, OwnerId=company.bob)
    owners = {company.row(name, record_id)["OwnerId"] for name, record_id in hers.items()}
    assert owners == {company.bob if along else company.ann}
    assert company.row("Opportunity", closed)["OwnerId"] == company.ann
    assert company.row("Contact", foreign)["OwnerId"] == company.integration
    moved = company.row("Contact", hers["Contact"])["SystemModstamp"]
    assert moved == ("2026-11-20T10:00:05.000+0000" if along else "2026-11-20T10:00:00.000+0000")


def test_what_is_no_assignment_rule(setup: Setup) -> None:
    with pytest.raises(ValueError, match="for Lead and Case"):
        setup.assignment_rule("Contact", "x", [])
    with pytest.raises(ValueError, match="no user, group or role nobody"):
        setup.assignment_rule("Lead", "x", [{"owner": "nobody"}])
