"""What holds for any item and any Event: the org that stores them is the sandbox's."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crosstie.domain.address import Address
from crosstie.domain.calendar import Answer, Attendee, CalendarItem, Part, Sensitivity, ShowAs, When
from crosstie.domain.records import Record
from crosstie.mapping.event.make import New, born, create, placeholder
from crosstie.mapping.event.table import ROWS, changed_fields, different, downward, of_item, of_record, upward
from crosstie.rules.linking import Links
from sandbox.salesforce.values import LENGTH_IN_UTF16, LINE_ENDS_TURN_LF, LINES_TRIMMED, TRIMS_TEXT
from tests.unit.mapping.builders import org
from tests.unit.mapping.event.builders import ZONE, Store

DOUBTS = (TRIMS_TEXT, LENGTH_IN_UTF16, LINE_ENDS_TURN_LF, LINES_TRIMMED)
STORES = {
    "as usual": Store(),
    "all doubts answered otherwise": Store(*DOUBTS),
    "without our fields": Store(keyed=False),
}
everywhere = pytest.mark.parametrize("store", STORES.values(), ids=STORES.keys())
ORG = org(lengths={"Event.Description": 400})
"""An org with little room: texts that are cut need not be long."""
NUMBERS = count()
BOTH_WAYS = frozenset(name for name, row in ROWS.items() if row.two_way)
ALL = frozenset(ROWS)

LINES = st.text(st.characters(codec="utf-8"), max_size=40) | st.text("wörd 👍", min_size=250, max_size=300)
TEXTS = st.text(st.characters(codec="utf-8"), max_size=60) | st.sampled_from(
    ["äb c\n" * 90, "👍" * 300, " \r\n x "]
)
BEGINNING = datetime(2020, 1, 1, tzinfo=UTC)
ZONES = st.sampled_from([ZONE, "UTC", "America/New_York", "Asia/Kolkata", "Nowhere/Atlantis"])
MOMENTS = st.timedeltas(timedelta(), timedelta(days=3650)).map(lambda after: BEGINNING + after)
LENGTHS = st.timedeltas(timedelta(), timedelta(days=13))
DAYS = st.dates(date(2020, 1, 1), date(2030, 1, 1))
MINUTES = st.integers(0, 20_000).map(lambda minutes: timedelta(minutes=minutes))


def timed(start: datetime, length: timedelta, zone: str) -> When:
    return When(start, start + length, zone)


def whole(first: date, days: int, zone: str) -> When:
    return When(first, first + timedelta(days=days), zone)


TIMES = st.builds(timed, MOMENTS, LENGTHS, ZONES) | st.builds(whole, DAYS, st.integers(1, 14), ZONES)
PEOPLE = st.builds(Address.of, LINES, LINES)
ITEMS = st.builds(
    CalendarItem,
    item_id=st.just("i"),
    version=st.just("v"),
    when=TIMES,
    uid=LINES,
    subject=LINES,
    text=TEXTS,
    location=LINES,
    show_as=st.sampled_from(ShowAs),
    sensitivity=st.sampled_from(Sensitivity),
    reminder=st.none() | MINUTES,
    organizer=st.none() | PEOPLE,
    is_organizer=st.booleans(),
    attendees=st.lists(
        st.builds(Attendee, PEOPLE, st.sampled_from(Part), st.sampled_from(Answer)), max_size=12
    ).map(tuple),
    rule=LINES,
)


def _line(text: str) -> str | None:
    return text[:120].replace("\x00", "").strip() or None


def entered(start: datetime, minutes: int, whole_days: int, reminder: datetime | None, **columns: Any) -> Any:
    """What a person in Salesforce may enter, and the org takes."""
    midnight = start.replace(hour=0, minute=0, second=0, microsecond=0)
    return columns | {
        "StartDateTime": midnight if whole_days else start,
        "DurationInMinutes": 1440 * whole_days or minutes,
        "IsAllDayEvent": bool(whole_days),
        "IsReminderSet": reminder is not None,
        "ReminderDateTime": reminder,
    }


ENTERED = st.builds(
    entered,
    MOMENTS,
    st.integers(0, 20_000),
    st.integers(0, 14),
    st.none() | MOMENTS,
    Subject=LINES.map(_line),
    Location=LINES.map(_line),
    Description=TEXTS.map(lambda text: text[:200].replace("\x00", "") or None),
    ShowAs=st.sampled_from(["Busy", "OutOfOffice", "Free"]),
    IsPrivate=st.booleans(),
)


def saved(store: Store, item: CalendarItem) -> Record:
    return store.made(create(New(item, f"1:{next(NUMBERS)}", store.ann, Links()), ORG))


@everywhere
@given(item=ITEMS)
@settings(max_examples=50, deadline=None)
def test_what_was_made_of_an_item_is_the_same_and_asks_for_nothing(store: Store, item: CalendarItem) -> None:
    record = saved(store, item)
    assert different(item, record, ORG) == frozenset()
    assert upward(item, record, ALL, ORG) == {}
    assert downward(record, item, ALL, ORG) is item


@everywhere
@given(columns=ENTERED, zone=ZONES)
@settings(max_examples=50, deadline=None)
def test_what_was_made_of_a_record_is_the_same_and_asks_for_nothing(store: Store, columns: Any, zone: str) -> None:
    record = store.entered(**columns)
    item = born(record, ORG, zone, "token")
    assert item is not None
    assert not item.is_meeting
    assert different(item, record, ORG) & BOTH_WAYS == frozenset()
    assert upward(item, record, BOTH_WAYS, ORG) == {}
    assert changed_fields(item, downward(record, item, ALL, ORG)) == frozenset()


@everywhere
@given(item=ITEMS, columns=ENTERED, rows=st.sets(st.sampled_from(sorted(ALL))))
@settings(max_examples=50, deadline=None)
def test_what_is_carried_up_arrives(store: Store, item: CalendarItem, columns: Any, rows: set[str]) -> None:
    record = store.entered(**columns)
    after = store.changed(record, upward(item, record, rows, ORG))
    assert different(item, after, ORG) & rows == frozenset()
    assert upward(item, after, rows, ORG) == {}


@everywhere
@given(item=ITEMS, columns=ENTERED, rows=st.sets(st.sampled_from(sorted(BOTH_WAYS))))
@settings(max_examples=50, deadline=None)
def test_what_is_taken_down_arrives(store: Store, item: CalendarItem, columns: Any, rows: set[str]) -> None:
    record = store.entered(**columns)
    after = downward(record, item, rows, ORG)
    assert different(after, record, ORG) & (rows - {"reminder"}) == frozenset()
    if {"when", "reminder"} <= rows:
        assert different(after, record, ORG) & rows == frozenset()
    assert downward(record, after, rows, ORG) == after
    told = {name for row in rows for name in ROWS[row].item_fields}
    assert changed_fields(item, after) <= told


@everywhere
@given(item=ITEMS, columns=ENTERED)
@settings(max_examples=50, deadline=None)
def test_rows_that_are_not_named_are_not_written(store: Store, item: CalendarItem, columns: Any) -> None:
    record = store.entered(**columns)
    for name, row in ROWS.items():
        sent = upward(item, record, {name}, ORG)
        beside = {"when": {"ReminderDateTime"}, "with": {"Description"}}.get(name, set())
        assert set(sent) <= set(row.columns) | beside
        untouched = {other for other in ALL - {name} if not set(sent) & set(ROWS[other].columns)} - {"reminder"}
        before, after = of_record(record), of_record(store.changed(record, sent))
        assert {other: before[other] for other in untouched} == {other: after[other] for other in untouched}
        store.changed(record, {column: record.fields[column] for column in sent if column in record.fields})


@everywhere
@given(item=ITEMS)
@settings(max_examples=50, deadline=None)
def test_canonical_forms_are_stable(store: Store, item: CalendarItem) -> None:
    """They are digested: what is read twice must not differ, and what differs must not look alike."""
    record = saved(store, item)
    assert of_record(record) == of_record(store.read(record.ref.record_id))
    assert of_item(item) == of_item(replace(item, version="v2", item_id="other", web_link="https://x.test"))
    moved = replace(item, subject=item.subject + "!", location=item.location + "!", text=item.text + " !")
    changed = {name for name, value in of_item(moved).items() if value != of_item(item)[name]}
    assert changed == {"subject", "location", "text"}


@everywhere
@given(item=ITEMS)
@settings(max_examples=50, deadline=None)
def test_a_placeholder_tells_nothing_but_the_time(store: Store, item: CalendarItem) -> None:
    private = replace(item, sensitivity=Sensitivity.PRIVATE)
    shown = placeholder(private)
    record = saved(store, shown)
    assert (record.fields["Subject"], record.fields["IsPrivate"]) == ("Busy", True)
    assert not record.fields["Description"]
    assert not record.fields["Location"]
    assert not record.fields.get("Crosstie_Organizer__c")
    assert upward(shown, record, ALL, ORG) == {}


@everywhere
@given(item=ITEMS, other=ITEMS, rows=st.sets(st.sampled_from(sorted(ALL))))
@settings(max_examples=50, deadline=None)
def test_a_record_that_holds_a_time_never_learns_more(
    store: Store, item: CalendarItem, other: CalendarItem, rows: set[str]
) -> None:
    """However the item is changed, and whichever rows somebody wants to carry over."""
    record = saved(store, placeholder(replace(item, sensitivity=Sensitivity.PRIVATE)))
    changed = replace(other, sensitivity=Sensitivity.CONFIDENTIAL)
    after = store.changed(record, upward(changed, record, rows, ORG))
    told = [
        name for name in ("Subject", "Location", "Description", "Crosstie_Organizer__c") if after.fields.get(name)
    ]
    assert [after.fields[name] for name in told] == ["Busy"]
    assert after.fields["IsPrivate"] is True
    back = downward(after, changed, ALL, ORG)
    assert (back.subject, back.text, back.location) == (changed.subject, changed.text, changed.location)
    if "when" in rows:
        assert different(changed, after, ORG) & {"when", "subject", "text", "location"} == frozenset()
