"""Merged duplicates: what follows to the master, what goes twice, what comes back, and what cannot be merged."""

import pytest

from tests.unit.sandbox.salesforce.conftest import Company, refusal


def test_three_accounts_become_one(company: Company) -> None:
    stays, one, other = (company.add("Account", Name=name) for name in ("Stays", "One", "Other"))
    child = company.add("Account", Name="Child", ParentId=one)
    company.change("Account", stays, ParentId=other)
    contact = company.add("Contact", LastName="x", AccountId=one)
    deal = company.add("Opportunity", Name="d", StageName="Prospecting", CloseDate="2026-12-01", AccountId=other)
    case = company.add("Case", AccountId=other)
    task = company.add("Task", WhatId=one)
    company.later(seconds=7)
    done = company.org.merge(company.integration, stays, [one, other], {"Site": "Berlin"})
    assert (done.id, done.merged) == (stays, (one, other))
    assert {child, contact, deal, case, task, stays} <= set(done.related)
    assert company.row("Account", stays)["Site"] == "Berlin"
    assert company.row("Account", stays)["ParentId"] is None, "nobody is his own parent"
    assert company.row("Account", child)["ParentId"] == stays
    for name, record_id in (("Contact", contact), ("Opportunity", deal), ("Case", case), ("Task", task)):
        row = company.row(name, record_id)
        assert (row["AccountId"], row["SystemModstamp"]) == (stays, "2026-11-20T10:00:07.000+0000"), name
    gone = company.records("SELECT Id, IsDeleted FROM Account WHERE MasterRecordId != null", all_rows=True)
    assert [row["Id"] for row in gone] == [one, other]
    assert {row["IsDeleted"] for row in gone} == {True}


def test_what_is_about_both_is_about_one_once(company: Company) -> None:
    account, elsewhere = company.add("Account", Name="a"), company.add("Account", Name="b")
    stays = company.add("Contact", LastName="Stays", AccountId=account)
    goes = company.add("Contact", LastName="Goes", AccountId=elsewhere)
    task = company.add("Task", TaskWhoIds=[goes, stays])
    message = company.add("EmailMessage", Status="3", ToIds=[goes, stays], CcIds=[goes])
    deal = company.add("Opportunity", Name="d", StageName="Prospecting", CloseDate="2026-12-01", AccountId=account)
    for person in (stays, goes):
        company.add("OpportunityContactRole", OpportunityId=deal, ContactId=person)
    company.org.merge(company.integration, stays, goes)
    row = company.row("Task", task)
    assert (row["WhoId"], row["TaskWhoIds"], row["AccountId"]) == (stays, [stays], account)
    mail = company.row("EmailMessage", message)
    assert (mail["ToIds"], mail["CcIds"]) == ([stays], [stays])
    assert company.values("SELECT ContactId FROM OpportunityContactRole") == [stays]


def test_the_one_that_went_comes_back_without_its_children(company: Company) -> None:
    stays, goes = company.add("Contact", LastName="Stays"), company.add("Contact", LastName="Goes")
    task = company.add("Task", WhoId=goes)
    company.org.merge(company.integration, stays, goes)
    company.org.undelete(company.integration, goes)
    assert company.row("Contact", goes)["MasterRecordId"] is None
    assert company.row("Task", task)["WhoId"] == stays


def test_a_merge_asks_for_the_rights_of_an_edit_and_a_deletion(company: Company) -> None:
    hers = company.org.insert(company.ann, "Lead", {"LastName": "x", "Company": "y"})
    his = company.org.insert(company.bob, "Lead", {"LastName": "x", "Company": "y"})
    company.org.set_sharing("Lead", "edit")
    assert refusal(company.org.merge, company.ann, hers, his).code == "INSUFFICIENT_ACCESS_OR_READONLY"
    company.org.merge(company.integration, hers, his)


def test_what_a_merge_refuses_it_leaves_alone(company: Company) -> None:
    stays, goes = company.add("Contact", LastName="Stays"), company.add("Contact", LastName="Goes")
    company.org.add_validation_rule("Contact", "ISBLANK(LastName) || LastName = 'No'", "No.")
    refused = refusal(company.org.merge, company.integration, stays, goes, {"LastName": "No"})
    assert refused.code == "FIELD_CUSTOM_VALIDATION_EXCEPTION"
    assert len(company.values("SELECT Id FROM Contact")) == 2
    lead = company.add("Lead", LastName="x", Company="y")
    converted = company.add("Lead", LastName="x", Company="y")
    company.org.convert_lead(company.integration, converted)
    assert refusal(company.org.merge, company.integration, lead, converted).code == "MERGE_FAILED"


@pytest.mark.parametrize("number", [0, 3])
def test_one_or_two_are_merged_into_another(company: Company, number: int) -> None:
    stays, *others = (company.add("Contact", LastName="x") for _ in range(number + 1))
    assert refusal(company.org.merge, company.integration, stays, others).code == "MERGE_FAILED"
    assert refusal(company.org.merge, company.integration, stays, [stays]).code == "MERGE_FAILED"
