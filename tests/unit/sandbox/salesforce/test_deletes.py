"""The recycle bin: what goes with a row, what stays, what comes back, what is gone for good."""

from tests.unit.sandbox.salesforce.conftest import Company, refusal


def test_a_deleted_row_is_in_query_all_only(company: Company) -> None:
    task = company.add("Task", Subject="x")
    company.later(seconds=30)
    company.org.delete(company.ann, task)
    assert company.values("SELECT Id FROM Task") == []
    (row,) = company.records("SELECT Id, IsDeleted, SystemModstamp, LastModifiedById FROM Task", all_rows=True)
    assert row == {
        "Id": task,
        "IsDeleted": True,
        "SystemModstamp": "2026-11-20T10:00:30.000+0000",
        "LastModifiedById": company.ann,
    }
    assert company.values("SELECT Id FROM Task WHERE IsDeleted = true", all_rows=True) == [task]
    gone = refusal(company.org.get, company.integration, "Task", task)
    assert (gone.code, gone.status) == ("ENTITY_IS_DELETED", 404)


def test_an_account_takes_its_people_deals_and_activities(company: Company) -> None:
    account = company.add("Account", Name="x")
    contact = company.add("Contact", LastName="x", AccountId=account)
    deal = company.add("Opportunity", Name="x", StageName="Prospecting", CloseDate="2026-12-01", AccountId=account)
    role = company.add("OpportunityContactRole", OpportunityId=deal, ContactId=contact)
    on_contact = company.add("Task", WhoId=contact)
    on_deal = company.add("Event", WhatId=deal, StartDateTime="2026-11-23T09:00:00Z", DurationInMinutes=5)
    message = company.add("EmailMessage", Status="5", RelatedToId=account)
    child = company.add("Account", Name="child", ParentId=account)
    alone = company.add("Task", Subject="alone")
    company.later(seconds=5)
    company.org.delete(company.integration, account)
    gone = {
        "Account": account,
        "Contact": contact,
        "Opportunity": deal,
        "OpportunityContactRole": role,
        "Task": on_contact,
        "Event": on_deal,
    }
    for name, record_id in gone.items():
        assert company.values(f"SELECT Id FROM {name} WHERE IsDeleted = true", all_rows=True) == [record_id], name
    assert company.row("EmailMessage", message)["RelatedToId"] is None
    kept = company.row("Account", child)
    assert (kept["ParentId"], kept["SystemModstamp"], kept["LastModifiedDate"]) == (
        None,
        "2026-11-20T10:00:05.000+0000",
        "2026-11-20T10:00:00.000+0000",
    )
    assert company.values("SELECT Id FROM Task") == [alone]


def test_what_went_together_comes_back_together(company: Company) -> None:
    account = company.add("Account", Name="x")
    early = company.add("Contact", LastName="early", AccountId=account)
    contact = company.add("Contact", LastName="x", AccountId=account)
    company.org.delete(company.integration, early)
    company.org.delete(company.integration, account)
    company.later(seconds=5)
    company.org.undelete(company.integration, account)
    assert company.values("SELECT Id FROM Contact") == [contact]
    assert company.row("Contact", contact)["SystemModstamp"] == "2026-11-20T10:00:05.000+0000"
    assert refusal(company.org.undelete, company.integration, account).code == "UNDELETE_FAILED"


def test_cases_hold_their_account(company: Company) -> None:
    account = company.add("Account", Name="x")
    contact = company.add("Contact", LastName="x", AccountId=account)
    company.add("Case", AccountId=account)
    refused = refusal(company.org.delete, company.integration, account)
    assert (refused.code, "00001001" in refused.message) == ("DELETE_FAILED", True)
    assert company.values("SELECT Id FROM Contact") == [contact], "all or nothing"


def test_users_are_not_deleted(company: Company) -> None:
    assert refusal(company.org.delete, company.integration, company.ann).code == "CANNOT_DELETE_ENTITY"


def test_purged_rows_vanish(company: Company) -> None:
    task = company.add("Task", Subject="x")
    company.org.delete(company.integration, task)
    company.org.purge(task)
    assert company.values("SELECT Id FROM Task", all_rows=True) == []
    assert refusal(company.org.purge, task).status == 404
    assert refusal(company.org.get, company.integration, "Task", task).code == "NOT_FOUND"


def test_the_bin_is_emptied_after_fifteen_days(company: Company) -> None:
    first, second = company.add("Task", Subject="1"), company.add("Task", Subject="2")
    company.org.delete(company.integration, first)
    company.later(days=10)
    company.org.delete(company.integration, second)
    company.later(days=4, hours=23)
    assert len(company.values("SELECT Id FROM Task", all_rows=True)) == 2
    company.later(hours=2)
    assert company.values("SELECT Id FROM Task", all_rows=True) == [second]
    company.org.undelete(company.integration, second)
    company.org.delete(company.integration, second)
    company.later(days=10)
    assert company.values("SELECT Id FROM Task", all_rows=True) == [second], (
        "it lies there ten days, not twenty-five"
    )
    company.org.undelete(company.integration, second)
    company.later(days=30)
    assert company.values("SELECT Id FROM Task", all_rows=True) == [second]


def test_a_child_comes_back_to_a_parent_that_is_there(company: Company) -> None:
    account = company.add("Account", Name="x")
    contact = company.add("Contact", LastName="x", AccountId=account)
    company.org.delete(company.integration, contact)
    company.org.delete(company.integration, account)
    assert refusal(company.org.undelete, company.integration, contact).code == "UNDELETE_FAILED"
    company.org.undelete(company.integration, account)
    company.org.undelete(company.integration, contact)
    assert company.values("SELECT Id FROM Contact") == [contact]


def test_who_may_bring_back_and_empty(company: Company) -> None:
    task = company.org.insert(company.bob, "Task", {"Subject": "x"})
    company.org.delete(company.bob, task)
    company.org.set_sharing("Task", "read")
    refused = "INSUFFICIENT_ACCESS_OR_READONLY"
    assert refusal(company.org.undelete, company.ann, task).code == refused
    assert refusal(company.org.empty_bin, company.ann, [task]).code == refused
    assert company.org.empty_bin(company.ann) == 0
    assert company.org.empty_bin(company.bob, [task]) == 1
    assert company.values("SELECT Id FROM Task", all_rows=True) == []
    assert refusal(company.org.empty_bin, company.bob, [task]).code == "INVALID_ID_FIELD"


def test_the_bin_is_emptied_with_what_lies_there_together(company: Company) -> None:
    account = company.add("Account", Name="x")
    company.add("Contact", LastName="x", AccountId=account)
    company.add("Task", WhatId=account)
    alone = company.add("Task", Subject="alone")
    company.org.delete(company.integration, account)
    company.org.delete(company.integration, alone)
    assert company.org.empty_bin(company.integration, [account]) == 4, "with the relation of the task"
    assert company.values("SELECT Id FROM Task", all_rows=True) == [alone]
    assert company.org.empty_bin(company.integration) == 1
    live = company.add("Account", Name="y")
    company.add("Contact", LastName="y", AccountId=live)
    company.org.purge(live)
    assert company.values("SELECT Id FROM Contact", all_rows=True) == []
