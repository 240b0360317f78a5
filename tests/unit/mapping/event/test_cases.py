"""A calendar item and its Event, case by case; the table is in docs/rules.md."""

from datetime import timedelta
from typing import Any

import pytest

from crosstie.domain.calendar import CalendarItem, When
from crosstie.domain.records import Record
from crosstie.mapping.event.make import New, create
from crosstie.mapping.event.table import ROWS, downward, upward
from crosstie.mapping.event.time import lead_of, when_of
from crosstie.rules.linking import Links
from tests.unit.mapping.builders import org
from tests.unit.mapping.event.builders import Store, item
from tests.unit.mapping.event.cases_event import CASES, SAME


def spoken(at: When | None) -> str:
    if at is None:
        return ""
    if at.all_day:
        return f"{at.start}/{at.end - timedelta(days=1)}"
    return f"{at.start:%H:%M}/{at.end:%H:%M}"


def of_item(one: CalendarItem, row: str) -> str:
    if row == "when":
        return spoken(one.when)
    if row == "reminder":
        return "none" if one.reminder is None else str(one.reminder.seconds // 60)
    if row == "private":
        return "private" if one.is_private else "open"
    return str(getattr(one, row))


def of_record(record: Record, row: str) -> str:
    if row == "when":
        return spoken(when_of(record))
    if row == "reminder":
        lead = lead_of(record, "Europe/Berlin")
        return "none" if lead is None else str(lead.seconds // 60)
    if row == "private":
        return "private" if record.fields["IsPrivate"] else "open"
    return str(record.fields[ROWS[row].columns[0]] or "")


@pytest.mark.parametrize(
    ("special", "entered", "row", "there", "here"), [pytest.param(*case[1:], id=case[0]) for case in CASES]
)
def test_either_way(special: dict[str, Any], entered: dict[str, Any], row: str, there: str, here: str) -> None:
    store, one, capable = Store(), item(**special), org()
    first = store.made(create(New(one, "1:1", store.ann, Links(), hidden=False), capable))
    record = store.changed(first, entered)
    sent, taken = upward(one, record, {row}, capable), downward(record, one, {row}, capable)
    if there == here == SAME:
        assert (sent, taken) == ({}, one)
        return
    assert of_record(store.changed(record, sent), row) == there
    assert of_item(taken, row) == here
