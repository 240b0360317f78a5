"""Relative dates, in days and in the user's time zone."""

from datetime import date

import pytest

from sandbox.salesforce.soql.dates import CALENDAR_YEARS, DATE_FUNCTIONS, resolve
from tests.unit.sandbox.salesforce.conftest import Company

TODAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("literal", "number", "first", "end"),
    [
        ("TODAY", 0, "2026-11-20", "2026-11-21"),
        ("YESTERDAY", 0, "2026-11-19", "2026-11-20"),
        ("TOMORROW", 0, "2026-11-21", "2026-11-22"),
        ("THIS_WEEK", 0, "2026-11-15", "2026-11-22"),
        ("LAST_WEEK", 0, "2026-11-08", "2026-11-15"),
        ("NEXT_WEEK", 0, "2026-11-22", "2026-11-29"),
        ("THIS_MONTH", 0, "2026-11-01", "2026-12-01"),
        ("NEXT_MONTH", 0, "2026-12-01", "2027-01-01"),
        ("LAST_QUARTER", 0, "2026-07-01", "2026-10-01"),
        ("NEXT_FISCAL_QUARTER", 0, "2027-01-01", "2027-04-01"),
        ("THIS_YEAR", 0, "2026-01-01", "2027-01-01"),
        ("LAST_FISCAL_YEAR", 0, "2025-01-01", "2026-01-01"),
        ("LAST_90_DAYS", 0, "2026-08-22", "2026-11-21"),
        ("NEXT_90_DAYS", 0, "2026-11-21", "2027-02-19"),
        ("LAST_N_DAYS", 14, "2026-11-06", "2026-11-21"),
        ("NEXT_N_DAYS", 2, "2026-11-21", "2026-11-23"),
        ("LAST_N_WEEKS", 2, "2026-11-01", "2026-11-15"),
        ("NEXT_N_MONTHS", 3, "2026-12-01", "2027-03-01"),
        ("LAST_N_QUARTERS", 1, "2026-07-01", "2026-10-01"),
        ("NEXT_N_FISCAL_YEARS", 2, "2027-01-01", "2029-01-01"),
        ("N_DAYS_AGO", 3, "2026-11-17", "2026-11-18"),
        ("N_MONTHS_AGO", 1, "2026-10-01", "2026-11-01"),
        ("N_FISCAL_QUARTERS_AGO", 4, "2025-10-01", "2026-01-01"),
        ("LAST_N_DAYS", 10**9, "0001-01-01", "0001-01-01"),
        ("NEXT_N_YEARS", 10**9, "9999-12-31", "9999-12-31"),
    ],
)
def test_days(literal: str, number: int, first: str, end: str) -> None:
    span = resolve(literal, number, TODAY)
    assert (span.first.isoformat(), span.end.isoformat()) == (first, end)


def test_a_sunday_begins_its_week() -> None:
    assert resolve("THIS_WEEK", 0, date(2026, 11, 22)).first == date(2026, 11, 22)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CALENDAR_QUARTER", 4),
        ("DAY_IN_WEEK", 6),
        ("DAY_IN_YEAR", 324),
        ("WEEK_IN_MONTH", 3),
        ("WEEK_IN_YEAR", 47),
        ("DAY_IN_MONTH", 20),
    ],
)
def test_functions(name: str, value: int) -> None:
    assert DATE_FUNCTIONS[name](TODAY, CALENDAR_YEARS) == value


def test_today_is_the_users_today(company: Company) -> None:
    company.change("User", company.ann, TimeZoneSidKey="Pacific/Auckland")
    company.change("User", company.bob, TimeZoneSidKey="America/Los_Angeles")
    company.later(hours=1, minutes=30)
    company.add("Account", Name="at 11:30 UTC")
    soql = "SELECT Name FROM Account WHERE CreatedDate = TODAY"
    assert len(company.values(soql, user=company.ann)) == 1
    company.later(hours=12)
    assert company.values(soql, user=company.bob) == ["at 11:30 UTC"]
    assert company.values(soql) == []
    assert company.values("SELECT Name FROM Account WHERE CreatedDate = YESTERDAY") == ["at 11:30 UTC"]
    local = "HOUR_IN_DAY(convertTimezone(CreatedDate))"
    hours = f"SELECT {local} h FROM Account GROUP BY {local}"
    assert company.values(hours, user=company.bob) == [3]
    plain = "SELECT HOUR_IN_DAY(CreatedDate) h FROM Account GROUP BY HOUR_IN_DAY(CreatedDate)"
    assert company.values(plain, user=company.bob) == [11]
