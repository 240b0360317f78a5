"""Tasks that come again, by the calendar or by being done."""

import pytest

from tests.unit.sandbox.salesforce.conftest import Company, refusal

WEEKLY = {
    "Subject": "Call",
    "IsRecurrence": True,
    "RecurrenceStartDateOnly": "2026-11-23",
    "RecurrenceEndDateOnly": "2026-12-07",
    "RecurrenceType": "RecursWeekly",
    "RecurrenceInterval": 1,
    "RecurrenceDayOfWeekMask": 2,
}


def test_a_series_has_a_task_for_each_day(company: Company) -> None:
    contact = company.add("Contact", LastName="x")
    master = company.add("Task", **WEEKLY, WhoId=contact, Crosstie_Key__c="k")
    soql = "SELECT Subject, ActivityDate, WhoId, RecurrenceActivityId FROM Task WHERE IsRecurrence = false"
    rows = company.records(soql + " ORDER BY ActivityDate")
    assert [row["ActivityDate"] for row in rows] == ["2026-11-23", "2026-11-30", "2026-12-07"]
    assert {(row["Subject"], row["WhoId"], row["RecurrenceActivityId"]) for row in rows} == {
        ("Call", contact, master)
    }
    assert company.values("SELECT Id FROM Task WHERE Crosstie_Key__c = 'k'") == [master]
    first = company.values("SELECT Id FROM Task WHERE IsRecurrence = false ORDER BY ActivityDate")[0]
    company.change("Task", first, Status="Completed")
    assert refusal(company.change, "Task", master, Status="Completed").fields == ("Status",)
    company.org.delete(company.integration, master)
    assert company.values("SELECT Id FROM Task") == [first], "what is done stays"


@pytest.mark.parametrize(("kind", "due"), [("AfterDueDate", "2026-11-08"), ("AfterToday", "2026-11-27")])
def test_a_task_that_is_done_comes_again(company: Company, kind: str, due: str) -> None:
    fields = {"RecurrenceRegeneratedType": f"RecurrenceRegenerate{kind}", "RecurrenceInterval": 7}
    task = company.add("Task", Subject="Water", ActivityDate="2026-11-01", **fields)
    company.change("Task", task, Status="Completed")
    rows = company.records(
        "SELECT Subject, ActivityDate, RecurrenceRegeneratedType FROM Task WHERE IsClosed = false"
    )
    assert rows == [
        {
            "Subject": "Water",
            "ActivityDate": due,
            **{"RecurrenceRegeneratedType": fields["RecurrenceRegeneratedType"]},
        }
    ]
    assert company.row("Task", task)["RecurrenceRegeneratedType"] == "RecurrenceRegenerated"
    company.change("Task", task, Subject="Watered")
    assert len(company.values("SELECT Id FROM Task")) == 2


def test_what_is_no_series(company: Company) -> None:
    assert refusal(company.add, "Task", IsRecurrence=True).code == "REQUIRED_FIELD_MISSING"
    again = {"RecurrenceRegeneratedType": "RecurrenceRegenerateAfterToday"}
    assert refusal(company.add, "Task", **again).fields == ("RecurrenceInterval",)
    assert refusal(company.add, "Task", **WEEKLY, **again).fields == ("RecurrenceRegeneratedType",)
    ended = WEEKLY | {"RecurrenceEndDateOnly": "2026-11-22"}
    assert refusal(company.add, "Task", **ended).code == "FIELD_INTEGRITY_EXCEPTION"
    assert company.values("SELECT Id FROM Task") == []
