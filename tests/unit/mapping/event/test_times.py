"""When an Event is, however it was entered: other clients fill other columns, and we see them before the org has
filled in the rest.
"""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from crosstie.domain.calendar import When
from crosstie.domain.records import EVENT, Record, RecordRef, Value
from crosstie.mapping.event.time import begins, ends, lead_of, when_of, zone_of
from crosstie.mapping.event.values import alike, day_of, moment
from tests.unit.mapping.event.builders import START, when

NINE, TEN = "2026-06-15T09:00:00.000+0000", "2026-06-15T10:00:00.000+0000"
MIDNIGHT = "2026-06-15T00:00:00.000+0000"
DAY = {"IsAllDayEvent": True}


def record(**columns: Any) -> Record:
    return Record(RecordRef(EVENT, "00U1"), START, columns)


@pytest.mark.parametrize(
    ("columns", "answer"),
    [
        ({"StartDateTime": NINE, "EndDateTime": TEN}, "2026-06-15T09:00/10:00"),
        ({"StartDateTime": NINE, "DurationInMinutes": 60}, "2026-06-15T09:00/10:00"),
        ({"ActivityDateTime": NINE, "DurationInMinutes": 60.0}, "2026-06-15T09:00/10:00"),
        ({"StartDateTime": NINE}, "2026-06-15T09:00/09:00"),
        ({"StartDateTime": TEN, "EndDateTime": NINE}, "2026-06-15T10:00/10:00"),
        (
            {"StartDateTime": datetime(2026, 6, 15, 9, tzinfo=UTC), "DurationInMinutes": 60},
            "2026-06-15T09:00/10:00",
        ),
        (DAY | {"StartDateTime": MIDNIGHT, "DurationInMinutes": 1440}, "2026-06-15"),
        (DAY | {"StartDateTime": MIDNIGHT, "DurationInMinutes": 2880}, "2026-06-15/2026-06-16"),
        (DAY | {"StartDateTime": MIDNIGHT, "DurationInMinutes": 1500}, "2026-06-15/2026-06-16"),
        (
            DAY | {"StartDateTime": MIDNIGHT, "EndDateTime": "2026-06-17T00:00:00.000+0000"},
            "2026-06-15/2026-06-17",
        ),
        (DAY | {"StartDateTime": MIDNIGHT, "EndDateTime": MIDNIGHT}, "2026-06-15"),
        (DAY | {"ActivityDate": "2026-06-15"}, "2026-06-15"),
        (DAY | {"ActivityDate": date(2026, 6, 15), "DurationInMinutes": 0}, "2026-06-15"),
        (
            DAY | {"StartDateTime": None, "ActivityDate": "2026-06-15", "DurationInMinutes": 4320},
            "2026-06-15/2026-06-17",
        ),
    ],
)
def test_when_it_is(columns: dict[str, Any], answer: str) -> None:
    assert when_of(record(**columns), "Europe/Berlin") == when(answer)


@pytest.mark.parametrize(
    "columns",
    [
        {},
        DAY,
        {"StartDateTime": "soon"},
        {"StartDateTime": "2026-06-15T09:00:00"},
        DAY | {"ActivityDate": "Monday"},
    ],
)
def test_what_does_not_say_when_it_is(columns: dict[str, Any]) -> None:
    assert when_of(record(**columns)) is None


def test_a_whole_day_begins_and_ends_where_its_owner_is() -> None:
    night = When(date(2026, 10, 25), date(2026, 10, 26), "Europe/Berlin")
    assert begins(night) == datetime(2026, 10, 24, 22, tzinfo=UTC)
    assert ends(night) - begins(night) == timedelta(hours=25), "clocks go back"
    assert begins(When(night.start, night.end, "Customized Time Zone")) == datetime(2026, 10, 25, tzinfo=UTC)
    assert [zone_of(name).key for name in ("", "../etc/passwd", "Mars/Olympus", "UTC")] == ["UTC"] * 4


def test_a_reminder_counts_while_it_is_switched_on() -> None:
    usual = {"StartDateTime": NINE, "DurationInMinutes": 60, "ReminderDateTime": "2026-06-15T08:45:00.000+0000"}
    assert lead_of(record(**usual, IsReminderSet=True), "UTC") == timedelta(minutes=15)
    assert lead_of(record(**usual, IsReminderSet=False), "UTC") is None
    assert lead_of(record(**usual | {"ReminderDateTime": None}, IsReminderSet=True), "UTC") is None


def test_values_as_the_org_shows_them() -> None:
    assert moment("2026-06-15T11:00:00.500+0200") == datetime(2026, 6, 15, 9, 0, 0, 500_000, tzinfo=UTC)
    assert day_of(record(ActivityDate="2026-06-15"), "ActivityDate") == date(2026, 6, 15)
    same: list[tuple[Value, Value]] = [
        ("a\nb", " a\r\nb "),
        (None, ""),
        (False, None),
        (("1", "2"), ("2", "1")),
        (datetime(2026, 6, 15, 9, tzinfo=UTC), NINE),
    ]
    other: list[tuple[Value, Value]] = [
        ("a", "A"),
        (True, None),
        (("1",), ("1", "2")),
        (datetime(2026, 6, 15, 9, tzinfo=UTC), TEN),
        (1440, 2880),
    ]
    assert (all(alike(*pair) for pair in same), any(alike(*pair) for pair in other)) == (True, False)
