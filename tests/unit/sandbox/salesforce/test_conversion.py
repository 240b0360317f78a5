"""Converted leads and merged duplicates: what follows, and what can no longer be done."""

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


def test_merged_contacts(company: Company) -> None:
    account = company.add("Account", Name="x")
    stays = company.add("Contact", LastName="Stays", AccountId=account)
    goes = company.add("Contact", LastName="Goes", Email="g@x.test")
    task = company.add("Task", WhoId=goes)
    company.later(seconds=7)
    company.org.merge(company.ann, stays, goes)
    assert company.values("SELECT Id FROM Contact") == [stays]
    (gone,) = company.records(
        "SELECT IsDeleted, MasterRecordId FROM Contact WHERE Email = 'g@x.test'", all_rows=True
    )
    assert gone == {"IsDeleted": True, "MasterRecordId": stays}
    row = company.row("Task", task)
    assert (row["WhoId"], row["TaskWhoIds"]) == (stays, [stays])
    assert company.row("Contact", stays)["SystemModstamp"] == "2026-11-20T10:00:07.000+0000"


def test_what_cannot_be_merged(company: Company) -> None:
    one, other = company.add("Task"), company.add("Task")
    contact = company.add("Contact", LastName="x")
    assert refusal(company.org.merge, company.ann, one, other).code == "MERGE_FAILED"
    assert refusal(company.org.merge, company.ann, contact, contact).code == "MERGE_FAILED"
    assert refusal(company.org.merge, company.ann, contact, one).code == "INVALID_CROSS_REFERENCE_KEY"
