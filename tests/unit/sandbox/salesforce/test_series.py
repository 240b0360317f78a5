"""Series of events: their days, their rows, what a change of one occurrence does, and what is no series."""

from typing import Any

import pytest

from tests.unit.sandbox.salesforce.conftest import Company, refusal

WHEN = {"StartDateTime": "2026-10-19T07:00:00Z", "DurationInMinutes": 30}
"""A Monday, nine o'clock in Berlin, a week before summer time ends; a month before the tests' now."""
AHEAD = {"StartDateTime": "2026-11-23T08:00:00Z", "DurationInMinutes": 30}
OCCURRENCES = (
    "SELECT StartDateTime FROM Event WHERE IsRecurrence2 = true AND GroupEventType = '0' ORDER BY StartDateTime"
)


def days(company: Company, pattern: str, **fields: Any) -> list[str]:
    company.add("Event", Recurrence2PatternText=pattern, **(WHEN | fields))
    return [value[:16] for value in company.values(OCCURRENCES)]


def classic(company: Company, **fields: Any) -> list[str]:
    start = {"RecurrenceStartDateTime": WHEN["StartDateTime"], "RecurrenceTimeZoneSidKey": "Europe/Berlin"}
    more = {"DurationInMinutes": 30, "IsRecurrence": True, "RecurrenceEndDateOnly": "2027-12-31"}
    company.add("Event", **(start | more | fields))
    found = company.values("SELECT StartDateTime FROM Event WHERE IsRecurrence = false ORDER BY StartDateTime")
    return [value[:16] for value in found]


def test_the_clock_on_the_wall_counts(company: Company) -> None:
    assert days(company, "RRULE:FREQ=WEEKLY;INTERVAL=1;COUNT=3") == [
        "2026-10-19T07:00",
        "2026-10-26T08:00",
        "2026-11-02T08:00",
    ]


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("FREQ=DAILY;INTERVAL=2;COUNT=2", ["2026-10-19", "2026-10-21"]),
        ("FREQ=WEEKLY;BYDAY=MO,WE;UNTIL=20261026T235959Z", ["2026-10-19", "2026-10-21", "2026-10-26"]),
        ("FREQ=MONTHLY;BYMONTHDAY=31;COUNT=2", ["2026-10-31", "2026-12-31"]),
        ("FREQ=MONTHLY;BYDAY=FR;BYSETPOS=-1;COUNT=2", ["2026-10-30", "2026-11-27"]),
        ("FREQ=YEARLY;BYMONTH=11;BYDAY=TH;BYSETPOS=4;COUNT=2", ["2026-11-26", "2027-11-25"]),
    ],
)
def test_days_of_a_pattern(company: Company, pattern: str, expected: list[str]) -> None:
    assert [day[:10] for day in days(company, pattern)] == expected


def test_the_pattern_is_a_row_of_its_own(company: Company) -> None:
    account = company.add("Account", Name="x")
    fields = {"Subject": "Weekly", "WhatId": account, "Crosstie_Key__c": "k", **AHEAD}
    pattern = company.add("Event", Recurrence2PatternText="RRULE:FREQ=WEEKLY;COUNT=2", **fields)
    row = company.row("Event", pattern)
    assert (row["GroupEventType"], row["IsRecurrence2"], row["Recurrence2PatternTimeZone"]) == (
        "3",
        True,
        "Europe/Berlin",
    )
    rows = company.records("SELECT Subject, WhatId, Crosstie_Key__c FROM Event WHERE GroupEventType != '3'")
    assert rows == [{"Subject": "Weekly", "WhatId": account, "Crosstie_Key__c": None}] * 2
    assert len(company.values("SELECT Id FROM EventRelation WHERE IsWhat = true")) == 3
    company.org.delete(company.integration, pattern)
    assert company.values("SELECT Id FROM Event") == []
    company.org.undelete(company.integration, pattern)
    assert len(company.values("SELECT Id FROM Event")) == 3


def test_one_occurrence_ahead_changes_the_whole_series(company: Company) -> None:
    company.add("Event", Recurrence2PatternText="RRULE:FREQ=WEEKLY;COUNT=3", **AHEAD)
    second = company.values("SELECT Id FROM Event WHERE GroupEventType = '0' ORDER BY StartDateTime")[1]
    company.later(seconds=5)
    company.change("Event", second, Subject="Moved", StartDateTime="2026-11-30T09:30:00Z")
    rows = company.records("SELECT Subject, StartDateTime, EndDateTime FROM Event WHERE GroupEventType = '0'")
    assert {row["Subject"] for row in rows} == {"Moved"}
    assert [row["StartDateTime"][:16] for row in rows] == [
        "2026-11-23T09:30",
        "2026-11-30T09:30",
        "2026-12-07T09:30",
    ]
    assert [row["EndDateTime"][11:16] for row in rows] == ["10:00"] * 3


def test_the_pattern_changes_what_lies_ahead(company: Company) -> None:
    pattern = company.add("Event", Recurrence2PatternText="RRULE:FREQ=WEEKLY;COUNT=8", **WHEN)
    company.change("Event", pattern, Subject="Now", DurationInMinutes=60)
    soql = "SELECT Subject, DurationInMinutes FROM Event WHERE GroupEventType = '0' ORDER BY StartDateTime"
    found = [(row["Subject"], row["DurationInMinutes"]) for row in company.records(soql)]
    assert found == [(None, 30)] * 5 + [("Now", 60)] * 3


def test_one_occurrence_behind_changes_alone(company: Company) -> None:
    company.add("Event", Recurrence2PatternText="RRULE:FREQ=WEEKLY;COUNT=3", **WHEN)
    first = company.values("SELECT Id FROM Event WHERE GroupEventType = '0' ORDER BY StartDateTime")[0]
    company.change("Event", first, Subject="Was")
    assert company.row("Event", first)["IsRecurrence2Exclusion"] is True
    assert len(company.values("SELECT Id FROM Event WHERE Subject = 'Was'")) == 1


def test_whole_days_keep_their_date(company: Company) -> None:
    found = days(
        company,
        "FREQ=DAILY;COUNT=2",
        IsAllDayEvent=True,
        StartDateTime="2026-10-24T00:00:00Z",
        DurationInMinutes=1440,
    )
    assert found == ["2026-10-24T00:00", "2026-10-25T00:00"]


@pytest.mark.parametrize(
    "pattern",
    [
        "FREQ=HOURLY;COUNT=2",
        "COUNT=2",
        "FREQ=DAILY",
        "FREQ=DAILY;COUNT=2;UNTIL=20261231",
        "FREQ=DAILY;COUNT=1000",
        "FREQ=DAILY;COUNT=2;INTERVAL=1000",
        "FREQ=WEEKLY;COUNT=2;INTERVAL=100",
        "FREQ=YEARLY;COUNT=2;INTERVAL=2",
        "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=5;COUNT=2",
        "FREQ=WEEKLY;BYDAY=XX;COUNT=2",
        "FREQ=DAILY;BYHOUR=3;COUNT=2",
        "FREQ=DAILY;UNTIL=someday",
    ],
)
def test_what_is_no_pattern(company: Company, pattern: str) -> None:
    refused = refusal(company.add, "Event", Recurrence2PatternText=pattern, **WHEN)
    assert (refused.code, refused.fields) == ("FIELD_INTEGRITY_EXCEPTION", ("Recurrence2PatternText",))
    assert company.values("SELECT Id FROM Event") == []


def test_a_pattern_is_set_once(company: Company) -> None:
    pattern = company.add("Event", Recurrence2PatternText="FREQ=DAILY;COUNT=2", **AHEAD)
    refused = refusal(company.change, "Event", pattern, Recurrence2PatternText="FREQ=DAILY;COUNT=3")
    assert refused.code == "INVALID_FIELD_FOR_INSERT_UPDATE"


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"RecurrenceType": "RecursDaily", "RecurrenceInterval": 3}, ["10-19", "10-22", "10-25"]),
        ({"RecurrenceType": "RecursEveryWeekday"}, ["10-19", "10-20", "10-21"]),
        (
            {"RecurrenceType": "RecursWeekly", "RecurrenceInterval": 1, "RecurrenceDayOfWeekMask": 2 + 32},
            ["10-19", "10-23", "10-26"],
        ),
        (
            {"RecurrenceType": "RecursMonthly", "RecurrenceInterval": 1, "RecurrenceDayOfMonth": 20},
            ["10-20", "11-20", "12-20"],
        ),
        (
            {
                "RecurrenceType": "RecursMonthlyNth",
                "RecurrenceInterval": 1,
                "RecurrenceInstance": "Last",
                "RecurrenceDayOfWeekMask": 64,
            },
            ["10-31", "11-28", "12-26"],
        ),
        (
            {"RecurrenceType": "RecursYearly", "RecurrenceDayOfMonth": 1, "RecurrenceMonthOfYear": "November"},
            ["11-01", "11-01"],
        ),
        (
            {
                "RecurrenceType": "RecursYearlyNth",
                "RecurrenceInstance": "First",
                "RecurrenceDayOfWeekMask": 2,
                "RecurrenceMonthOfYear": "November",
            },
            ["11-02", "11-01"],
        ),
    ],
)
def test_days_of_a_classic_series(company: Company, fields: dict[str, Any], expected: list[str]) -> None:
    assert [day[5:10] for day in classic(company, **fields)][:3] == expected


def test_a_classic_series_is_held_together_by_its_id(company: Company) -> None:
    found = classic(company, RecurrenceType="RecursWeekly", RecurrenceInterval=1, RecurrenceDayOfWeekMask=2)
    assert (len(found), found[1]) == (53, "2026-10-26T08:00")
    (master,) = company.values("SELECT Id FROM Event WHERE IsRecurrence = true")
    assert set(company.values("SELECT RecurrenceActivityId FROM Event")) == {master}
    occurrence = company.values("SELECT Id FROM Event WHERE IsRecurrence = false")[0]
    company.change("Event", occurrence, Subject="alone")
    assert len(company.values("SELECT Id FROM Event WHERE Subject = 'alone'")) == 1
    company.org.delete(company.integration, master)
    assert company.values("SELECT Id FROM Event") == []


def test_what_is_no_classic_series(company: Company) -> None:
    missing = refusal(company.add, "Event", IsRecurrence=True, DurationInMinutes=30)
    assert (missing.code, missing.fields[0]) == ("REQUIRED_FIELD_MISSING", "RecurrenceStartDateTime")
    daily = {"RecurrenceType": "RecursDaily", "RecurrenceInterval": 1}
    assert refusal(classic, company, **daily, DurationInMinutes=1500).fields == ("DurationInMinutes",)
    assert (
        refusal(classic, company, **daily, RecurrenceEndDateOnly="2026-10-01").code == "FIELD_INTEGRITY_EXCEPTION"
    )
    both = refusal(classic, company, **daily, Recurrence2PatternText="FREQ=DAILY;COUNT=2")
    assert both.fields == ("IsRecurrence",)
    assert company.values("SELECT Id FROM Event") == []
