"""Converted leads: what they become, what follows, and what can no longer be done."""

import pytest

from tests.unit.sandbox.salesforce.conftest import Company, refusal


def test_a_converted_lead(company: Company) -> None:
    lead = company.add("Lead", FirstName="Lea", LastName="Lin", Company="Lumen", Email="lea@lumen.test")
    task = company.add("Task", WhoId=lead)
    message = company.add("EmailMessage", Status="3", ToIds=[lead])
    company.later(seconds=7)
    made = company.org.convert_lead(company.ann, lead, opportunity="First deal")
    row = company.row("Lead", lead)
    assert (
        row["IsConverted"],
        row["ConvertedContactId"],
        row["ConvertedAccountId"],
        row["ConvertedOpportunityId"],
    ) == (
        True,
        made.contact,
        made.account,
        made.opportunity,
    )
    assert row["SystemModstamp"] == "2026-11-20T10:00:07.000+0000"
    assert company.records("SELECT Name, Email, Account.Name FROM Contact") == [
        {"Name": "Lea Lin", "Email": "lea@lumen.test", "Account": {"Name": "Lumen"}}
    ]
    moved = company.row("Task", task)
    assert (moved["WhoId"], moved["TaskWhoIds"], moved["AccountId"]) == (
        made.contact,
        [made.contact],
        made.account,
    )
    assert company.row("EmailMessage", message)["ToIds"] == [made.contact]
    assert company.values("SELECT RelationObjectType FROM EmailMessageRelation") == ["Contact"]
    assert company.values("SELECT AccountId FROM Opportunity") == [made.account]


def test_a_converted_lead_is_closed(company: Company) -> None:
    lead = company.add("Lead", LastName="Lin", Company="Lumen")
    company.org.convert_lead(company.ann, lead)
    for act in (
        lambda: company.change("Lead", lead, Title="x"),
        lambda: company.add("Task", WhoId=lead),
        lambda: company.add("EmailMessage", ToIds=[lead]),
        lambda: company.org.convert_lead(company.ann, lead),
    ):
        assert refusal(act).code == "CANNOT_UPDATE_CONVERTED_LEAD"
    assert company.values("SELECT Id FROM Opportunity") == []


def test_into_an_account_that_is_there(company: Company) -> None:
    account = company.add("Account", Name="Lumen Ltd")
    lead = company.add("Lead", LastName="Lin", Company="Lumen")
    assert company.org.convert_lead(company.ann, lead, account=account).account == account
    assert company.values("SELECT Name FROM Account") == ["Lumen Ltd"]


def test_what_cannot_be_merged(company: Company) -> None:
    one, other = company.add("Task"), company.add("Task")
    contact = company.add("Contact", LastName="x")
    assert refusal(company.org.merge, company.ann, one, other).code == "MERGE_FAILED"
    assert refusal(company.org.merge, company.ann, contact, contact).code == "MERGE_FAILED"
    assert refusal(company.org.merge, company.ann, contact, one).code == "INVALID_CROSS_REFERENCE_KEY"


def test_into_a_contact_that_is_there(company: Company) -> None:
    account = company.add("Account", Name="Lumen")
    contact = company.add("Contact", LastName="Lin", AccountId=account, LeadSource="Web", Title="Buyer")
    lead = company.add("Lead", LastName="L.", Company="x", Email="l@x.test", LeadSource="Other", Title="Other")
    company.org.convert_lead(company.ann, lead, account=account, contact=contact, overwrite_lead_source=True)
    row = company.row("Contact", contact)
    assert (row["LastName"], row["Email"], row["LeadSource"], row["Title"]) == (
        "Lin",
        "l@x.test",
        "Other",
        "Buyer",
    )
    assert company.row("Lead", lead)["ConvertedContactId"] == contact


def test_the_contact_has_a_role_in_the_deal(company: Company) -> None:
    lead = company.add("Lead", LastName="Lin", Company="Lumen", Phone="1", City="Bonn", Website="lumen.test")
    made = company.org.convert_lead(company.ann, lead, opportunity="First deal")
    assert company.records("SELECT OpportunityId, ContactId, IsPrimary FROM OpportunityContactRole") == [
        {"OpportunityId": made.opportunity, "ContactId": made.contact, "IsPrimary": True}
    ]
    contact, account = company.row("Contact", made.contact), company.row("Account", made.account)
    assert (contact["Phone"], contact["MailingCity"]) == ("1", "Bonn")
    assert (account["Website"], account["BillingCity"]) == ("lumen.test", "Bonn")


@pytest.mark.parametrize("sets_what", [True, False])
def test_activities_become_related_to_the_deal(company: Company, sets_what: bool) -> None:
    company.org.switches.turn("salesforce.conversion_sets_what", sets_what)
    lead = company.add("Lead", LastName="Lin", Company="Lumen")
    start = {"StartDateTime": "2026-11-23T09:00:00Z", "DurationInMinutes": 5}
    made = {
        "Task": company.add("Task", WhoId=lead),
        "Event": company.add("Event", WhoId=lead, **start),
    }
    converted = company.org.convert_lead(company.ann, lead, opportunity="First deal")
    for name, record_id in made.items():
        row = company.row(name, record_id)
        what = converted.opportunity if sets_what else None
        assert (row["WhoId"], row["WhatId"], row["WhatCount"]) == (converted.contact, what, int(sets_what))
        relations = company.values(f"SELECT RelationId FROM {name}Relation WHERE IsWhat = true")
        assert relations == ([what] if sets_what else [])


def test_a_queue_can_own_none_of_it(company: Company) -> None:
    queue = company.org.setup.queue("Inbound", ["Lead"])
    lead = company.add("Lead", LastName="Lin", Company="Lumen", OwnerId=queue)
    refused = refusal(company.org.convert_lead, company.integration, lead)
    assert (refused.code, "can only be owned by users" in refused.message) == ("INVALID_OWNER", True)
    made = company.org.convert_lead(company.integration, lead, owner=company.bob)
    assert company.row("Contact", made.contact)["OwnerId"] == company.bob


def test_what_conversion_refuses(company: Company) -> None:
    org, lead = company.org, company.add("Lead", LastName="Lin", Company="Lumen", OwnerId=company.bob)
    account, other = company.add("Account", Name="a"), company.add("Account", Name="b")
    contact = company.add("Contact", LastName="x", AccountId=other)
    org.set_sharing("Account", "read")
    cases = {
        "INVALID_STATUS": {"status": "Nowhere"},
        "REQUIRED_FIELD_MISSING": {"contact": contact},
        "FIELD_INTEGRITY_EXCEPTION": {"account": account, "contact": contact},
        "INVALID_CROSS_REFERENCE_KEY": {"account": contact},
        "INACTIVE_OWNER_OR_USER": {"owner": company.ann},
    }
    company.change("User", company.ann, IsActive=False)
    for code, arguments in cases.items():
        assert refusal(org.convert_lead, company.integration, lead, **arguments).code == code
    refused = refusal(org.convert_lead, company.bob, lead, account=account)
    assert refused.code == "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY"
    org.set_sharing("Lead", "read")
    company.change("Lead", lead, OwnerId=company.integration)
    assert refusal(org.convert_lead, company.bob, lead).code == "INSUFFICIENT_ACCESS_OR_READONLY"
    assert company.values("SELECT Id FROM Account WHERE Name = 'Lumen'") == []


def test_a_converted_lead_is_no_duplicate_of_itself(company: Company) -> None:
    company.org.setup.duplicate_rule("Contact", ["Email"], against={"Lead": ["Email"]}, on_insert="block")
    lead = company.add("Lead", LastName="Lin", Company="Lumen", Email="l@x.test")
    company.org.convert_lead(company.integration, lead)
    again = company.add("Lead", LastName="Lin", Company="Lumen", Email="l@x.test")
    assert refusal(company.org.convert_lead, company.integration, again).code == "DUPLICATES_DETECTED"


def test_into_a_deal_that_is_there(company: Company) -> None:
    account, other = company.add("Account", Name="a"), company.add("Account", Name="b")
    fields = {"Name": "d", "StageName": "Prospecting", "CloseDate": "2026-12-01", "AccountId": account}
    deal = company.add("Opportunity", **fields)
    lead = company.add("Lead", LastName="Lin", Company="Lumen")
    refused = refusal(company.org.convert_lead, company.ann, lead, account=other, opportunity=deal)
    assert (refused.code, refused.fields) == ("FIELD_INTEGRITY_EXCEPTION", ("OpportunityId",))
    made = company.org.convert_lead(company.ann, lead, account=account, opportunity=deal)
    assert company.row("Lead", lead)["ConvertedOpportunityId"] == made.opportunity == deal
    assert company.values("SELECT Name FROM Opportunity") == ["d"]
