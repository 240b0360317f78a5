"""Person accounts: one person, an account and a contact at once."""

import pytest

from sandbox.salesforce.ids import Id
from tests.unit.sandbox.salesforce.conftest import Company, refusal

NOT_FOR_PERSONS = "INVALID_FIELD_FOR_INSERT_UPDATE"
PERSON_OPERATION = "INVALID_PERSON_ACCOUNT_OPERATION"


@pytest.fixture
def kind(company: Company) -> Id:
    """The record type of persons, in an org that has them."""
    return company.org.setup.person_accounts()


@pytest.fixture
def lea(company: Company, kind: Id) -> Id:
    fields = {"FirstName": "Lea", "LastName": "Lin", "PersonEmail": "lea@lin.test", "Phone": "1"}
    return company.add("Account", RecordTypeId=kind, PersonMailingCity="Bonn", **fields)


def contact_of(company: Company, account: Id) -> Id:
    return str(company.row("Account", account)["PersonContactId"])


def test_a_person_is_an_account_and_a_contact(company: Company, lea: Id) -> None:
    account = company.row("Account", lea)
    assert (account["Name"], account["IsPersonAccount"]) == ("Lea Lin", True)
    contact = company.row("Contact", account["PersonContactId"])
    assert {name: contact[name] for name in ("Name", "Email", "Phone", "MailingCity", "IsPersonAccount")} == {
        "Name": "Lea Lin",
        "Email": "lea@lin.test",
        "Phone": "1",
        "MailingCity": "Bonn",
        "IsPersonAccount": True,
    }
    assert company.values("SELECT AccountId FROM Contact WHERE Email = 'lea@lin.test'") == [lea]
    company.later(seconds=5)
    company.change("Account", lea, PersonEmail="new@lin.test", PersonTitle="Judge")
    changed = company.row("Contact", account["PersonContactId"])
    assert (changed["Email"], changed["Title"]) == ("new@lin.test", "Judge")
    assert changed["SystemModstamp"] == "2026-11-20T10:00:05.000+0000"
    company.later(seconds=5)
    company.change("Account", lea, Description="only the account's")
    assert company.row("Contact", account["PersonContactId"]) == changed


def test_the_contact_is_written_by_way_of_the_account(company: Company, lea: Id) -> None:
    contact = contact_of(company, lea)
    file = {"Title": "t", "PathOnClient": "t.txt", "VersionData": "eA==", "FirstPublishLocationId": contact}
    for act in (
        lambda: company.change("Contact", contact, Title="x"),
        lambda: company.org.delete(company.integration, contact),
        lambda: company.add("ContentVersion", **file),
    ):
        refused = refusal(act)
        assert (refused.code, refused.message) == (PERSON_OPERATION, "cannot reference person contact")
    assert refusal(company.add, "Contact", LastName="x", AccountId=lea).code == "FIELD_INTEGRITY_EXCEPTION"
    company.org.delete(company.integration, lea)
    assert company.values("SELECT Id FROM Contact") == []
    company.org.undelete(company.integration, lea)
    assert company.values("SELECT Id FROM Contact") == [contact]


def test_activities_and_mail_are_about_the_contact(company: Company, lea: Id) -> None:
    contact = contact_of(company, lea)
    task = company.row("Task", company.add("Task", WhoId=contact))
    assert (task["WhoId"], task["AccountId"]) == (contact, lea)
    mail = company.row("EmailMessage", company.add("EmailMessage", Status="3", ToIds=[contact]))
    assert mail["ToIds"] == [contact]


def test_what_one_kind_has_the_other_has_not(company: Company, kind: Id, lea: Id) -> None:
    business = company.add("Account", Name="Birchworks")
    assert company.row("Account", business)["IsPersonAccount"] is False
    refused = refusal(company.add, "Account", Name="x", LastName="y", PersonEmail="y@x.test")
    assert (refused.code, set(refused.fields)) == (NOT_FOR_PERSONS, {"LastName", "PersonEmail"})
    assert refusal(company.change, "Account", business, PersonTitle="x").code == NOT_FOR_PERSONS
    refused = refusal(company.add, "Account", RecordTypeId=kind, LastName="x", Name="y")
    assert (refused.code, refused.fields) == (NOT_FOR_PERSONS, ("Name",))
    assert refusal(company.add, "Account", RecordTypeId=kind).code == "REQUIRED_FIELD_MISSING"
    assert refusal(company.change, "Account", lea, ParentId=business).code == "FIELD_INTEGRITY_EXCEPTION"
    assert refusal(company.change, "Account", business, RecordTypeId=kind).code == "FUNCTIONALITY_NOT_ENABLED"
    assert refusal(company.change, "Account", lea, LastName=None).code == "REQUIRED_FIELD_MISSING"


def test_an_org_without_them_knows_no_such_fields(company: Company) -> None:
    assert refusal(company.add, "Account", LastName="x").code == "INVALID_FIELD"
    assert refusal(company.records, "SELECT PersonEmail FROM Account").code == "INVALID_FIELD"
    assert refusal(company.records, "SELECT IsPersonAccount FROM Contact").code == "INVALID_FIELD"
    with pytest.raises(ValueError, match="where the org has person accounts"):
        company.org.setup.record_type("Account", "P", person=True)


def test_a_lead_without_a_company_becomes_a_person(company: Company, kind: Id) -> None:
    lead = company.add("Lead", FirstName="Lea", LastName="Lin", Email="lea@lin.test", Title="Judge", City="Bonn")
    task = company.add("Task", WhoId=lead)
    made = company.org.convert_lead(company.integration, lead, opportunity="First deal")
    account = company.row("Account", made.account)
    assert (account["Name"], account["PersonEmail"], account["BillingCity"]) == ("Lea Lin", "lea@lin.test", "Bonn")
    assert (account["IsPersonAccount"], account["PersonContactId"]) == (True, made.contact)
    assert company.row("Task", task)["WhoId"] == made.contact
    other = company.add("Lead", LastName="Lin", Company="Lumen")
    again = company.org.convert_lead(company.integration, other, account=made.account)
    assert again.contact == made.contact


def test_merged_persons_are_one_contact_too(company: Company, kind: Id, lea: Id) -> None:
    other = company.add("Account", RecordTypeId=kind, LastName="Lin", PersonEmail="l@lin.test")
    ours, theirs = contact_of(company, lea), contact_of(company, other)
    task = company.add("Task", WhoId=theirs)
    assert refusal(company.org.merge, company.integration, ours, theirs).code == PERSON_OPERATION
    business = company.add("Account", Name="x")
    assert refusal(company.org.merge, company.integration, business, lea).code == "MERGE_FAILED"
    company.org.merge(company.integration, lea, other)
    row = company.row("Task", task)
    assert (row["WhoId"], row["AccountId"]) == (ours, lea)
    assert company.values("SELECT Id FROM Contact") == [ours]
    gone = company.records("SELECT MasterRecordId FROM Contact WHERE IsDeleted = true", all_rows=True)
    assert gone == [{"MasterRecordId": ours}]


def test_a_person_changes_hands_whole(company: Company, lea: Id) -> None:
    company.org.switches.turn("salesforce.account_transfer_takes_children", False)
    company.change("Account", lea, OwnerId=company.ann)
    assert company.row("Contact", contact_of(company, lea))["OwnerId"] == company.ann


def test_custom_fields_of_contacts_are_the_accounts_too(company: Company, kind: Id, lea: Id) -> None:
    company.change("Account", lea, Crosstie_Created_By_Sync__pc=True)
    assert company.row("Contact", contact_of(company, lea))["Crosstie_Created_By_Sync__c"] is True
    business = company.add("Account", Name="x")
    refused = refusal(company.change, "Account", business, Crosstie_Created_By_Sync__pc=True)
    assert refused.fields == ("Crosstie_Created_By_Sync__pc",)
