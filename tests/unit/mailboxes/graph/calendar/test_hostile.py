"""Whatever an event's JSON holds, it is read or it is no answer: nothing else is ever raised."""

from contextlib import suppress
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crosstie.domain.errors import CrosstieError
from crosstie.mailboxes.graph.calendar import translate
from crosstie.mailboxes.graph.calendar.bodies import body_of
from tests.unit.mailboxes.graph.calendar.test_translate import clock, row

NUMBERS = st.integers() | st.floats(allow_nan=True) | st.booleans()
WORDS = st.text(max_size=20) | st.sampled_from(
    ["", "9999-12-31", "0001-01-01", "1601-01-01T00:00:00", "9998-12-31T23:59:59", "2026-13-01", "UTC", "enddate",
     "W. Europe Standard Time", "Pacific/Kiritimati", "tzone://Microsoft/Custom", "weekly", "absoluteMonthly",
     "relativeYearly", "numbered", "last", "sunday", "seriesMaster", "exception", "occurrence"]
)  # fmt: skip
PARTS = st.recursive(
    st.none() | NUMBERS | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=6,
)
CLOCKS = st.fixed_dictionaries({"dateTime": WORDS | PARTS, "timeZone": WORDS | PARTS}) | PARTS
PATTERNS = st.fixed_dictionaries(
    {
        "type": WORDS,
        "interval": NUMBERS,
        "month": NUMBERS,
        "dayOfMonth": NUMBERS,
        "daysOfWeek": PARTS,
        "index": WORDS,
    }
)
RANGES = st.fixed_dictionaries(
    {"type": WORDS, "endDate": WORDS, "numberOfOccurrences": NUMBERS, "recurrenceTimeZone": WORDS}
)
ROWS = st.fixed_dictionaries(
    {},
    optional={
        **dict.fromkeys(translate.FIELDS, PARTS),
        "id": WORDS,
        "start": CLOCKS,
        "end": CLOCKS,
        "isAllDay": st.booleans() | PARTS,
        "recurrence": st.fixed_dictionaries({"pattern": PATTERNS | PARTS, "range": RANGES | PARTS}) | PARTS,
        "reminderMinutesBeforeStart": NUMBERS,
        "isReminderOn": st.just(value=True) | PARTS,
    },
)


@settings(max_examples=150, deadline=None)
@given(ROWS, st.none() | ROWS)
def test_any_event(told: dict[str, Any], series: dict[str, Any] | None) -> None:
    times = {"start": clock("2026-12-09T08:00:00"), "end": clock("2026-12-09T09:00:00")}
    for one in (told, times | told, row() | told):
        with suppress(CrosstieError):
            item = translate.item(one, series)
            assert isinstance(item.when.end, datetime) == isinstance(item.when.start, datetime)
            assert len(item.rule) < 500
            if isinstance(item.when.start, datetime) and isinstance(item.when.end, datetime):
                assert item.when.start <= item.when.end
            elif item.original is not None:
                assert isinstance(item.original, date)
        translate.is_whole(one)


@settings(max_examples=60, deadline=None)
@given(st.text(), ROWS | PARTS.filter(lambda value: isinstance(value, dict)))
def test_any_body(text: str, event: Any) -> None:
    assert body_of(text, event)["contentType"] in ("text", "html")


@pytest.mark.parametrize("minutes", [10**15, -(10**15), 10**400, True])
def test_a_reminder_beyond_all_measure_is_none(minutes: int) -> None:
    assert translate.item(row(isReminderOn=True, reminderMinutesBeforeStart=minutes)).reminder is None
