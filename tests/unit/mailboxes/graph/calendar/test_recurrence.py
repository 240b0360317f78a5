"""Graph's patterns → RRULE, compared by what dateutil makes of the text."""

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr

from crosstie.mailboxes.graph.calendar.recurrence import rule, zone_of

BERLIN = ZoneInfo("Europe/Berlin")


def master(pattern: dict[str, Any], ends: dict[str, Any] | None = None) -> dict[str, Any]:
    limits = {"type": "noEnd", "startDate": "2026-01-31", "recurrenceTimeZone": "W. Europe Standard Time"}
    shown = {"interval": 1, "month": 0, "dayOfMonth": 0, "firstDayOfWeek": "sunday", "index": "first"}
    return {"recurrence": {"pattern": {**shown, **pattern}, "range": {**limits, **(ends or {})}}}


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ({"type": "daily"}, "FREQ=DAILY"),
        ({"type": "daily", "interval": 3}, "FREQ=DAILY;INTERVAL=3"),
        ({"type": "weekly", "daysOfWeek": ["monday", "friday"]}, "FREQ=WEEKLY;BYDAY=MO,FR"),
        (
            {"type": "weekly", "interval": 2, "daysOfWeek": ["sunday", "monday"], "firstDayOfWeek": "monday"},
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,MO;WKST=MO",
        ),
        ({"type": "absoluteMonthly", "dayOfMonth": 15}, "FREQ=MONTHLY;BYMONTHDAY=15"),
        ({"type": "absoluteMonthly", "dayOfMonth": 31}, "FREQ=MONTHLY;BYMONTHDAY=-1"),
        ({"type": "absoluteMonthly", "dayOfMonth": 30}, "FREQ=MONTHLY;BYMONTHDAY=28,29,30;BYSETPOS=-1"),
        ({"type": "relativeMonthly", "daysOfWeek": ["tuesday"], "index": "second"}, "FREQ=MONTHLY;BYDAY=2TU"),
        (
            {
                "type": "relativeMonthly",
                "daysOfWeek": ["monday", "tuesday", "wednesday", "thursday", "friday"],
                "index": "last",
            },
            "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
        ),
        (
            {"type": "absoluteYearly", "month": 2, "dayOfMonth": 29},
            "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=28,29;BYSETPOS=-1",
        ),
        (
            {"type": "relativeYearly", "month": 11, "daysOfWeek": ["thursday"], "index": "fourth"},
            "FREQ=YEARLY;BYMONTH=11;BYDAY=4TH",
        ),
        ({"type": "hourly"}, ""),
        ({}, ""),
    ],
)
def test_patterns(pattern: dict[str, Any], text: str) -> None:
    assert rule(master(pattern), all_day=False) == text


def test_what_does_not_repeat_has_no_rule() -> None:
    assert rule({"recurrence": None}, all_day=False) == ""
    assert rule({}, all_day=True) == ""


@pytest.mark.parametrize(
    ("ends", "all_day", "text"),
    [
        ({"type": "numbered", "numberOfOccurrences": 7}, False, ";COUNT=7"),
        ({"type": "endDate", "endDate": "2026-07-01"}, True, ";UNTIL=20260701"),
        ({"type": "endDate", "endDate": "2026-07-01"}, False, ";UNTIL=20260701T215959Z"),
        ({"type": "endDate", "endDate": "0001-01-01"}, False, ""),
        ({"type": "noEnd", "endDate": "0001-01-01", "numberOfOccurrences": 0}, False, ""),
    ],
)
def test_ends(ends: dict[str, Any], all_day: bool, text: str) -> None:
    assert rule(master({"type": "daily"}, ends), all_day=all_day) == f"FREQ=DAILY{text}"


def test_the_last_day_is_one_of_the_series() -> None:
    """Exchange counts the day of the end in, where the series lives."""
    start = datetime(2026, 6, 28, 23, 30, tzinfo=BERLIN)
    text = rule(master({"type": "daily"}, {"type": "endDate", "endDate": "2026-07-01"}), all_day=False)
    assert [f"{one:%d}" for one in rrulestr(text, dtstart=start)] == ["28", "29", "30", "01"]


def test_a_month_without_the_day_has_it_on_its_last() -> None:
    text = rule(master({"type": "absoluteMonthly", "dayOfMonth": 30}), all_day=True)
    start = datetime(2027, 1, 30, tzinfo=UTC)
    days = [one.date() for one, _ in zip(rrulestr(text, dtstart=start), range(4), strict=False)]
    assert days == [date(2027, 1, 30), date(2027, 2, 28), date(2027, 3, 30), date(2027, 4, 30)]


@pytest.mark.parametrize(
    ("named", "original", "zone"),
    [
        ("Tokyo Standard Time", "UTC", "Asia/Tokyo"),
        ("", "Tokyo Standard Time", "Asia/Tokyo"),
        ("tzone://Microsoft/Custom", "tzone://Microsoft/Custom", "UTC"),
    ],
)
def test_where_a_series_lives(named: str, original: str, zone: str) -> None:
    row = master({"type": "daily"}, {"recurrenceTimeZone": named})
    assert zone_of({**row, "originalStartTimeZone": original}) == zone
