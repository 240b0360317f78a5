"""What holds for any item and any Event: the org that stores them is the sandbox's."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from crosstie.domain.address import Address
from crosstie.domain.calendar import Answer, Attendee, CalendarItem, Part, Sensitivity, ShowAs, When
from crosstie.domain.records import Record
from crosstie.mapping.event.make import New, born, create, placeholder
from crosstie.mapping.event.table import ROWS, changed_fields, different, downward, of_item, of_record, upward
from crosstie.rules.linking import Links
from tests.unit.mapping.builders import org
from tests.unit.mapping.event.builders import ZONE, Store

STORE = Store()
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


def _entered(**columns: Any) -> Record:
    """Of what a person in Salesforce may enter, what the org takes."""
    return STORE.entered(**columns)


def _line(text: str) -> str | None:
    return text[:120].replace("\x00", "").strip() or None


RECORDS = st.builds(
    lambda start, minutes, whole_days, **columns: _entered(
        StartDateTime=start.replace(hour=0, minute=0, second=0, microsecond=0) if whole_days else start,
        DurationInMinutes=1440 * whole_days or minutes,
        IsAllDayEvent=bool(whole_days),
        IsReminderSet=columns["ReminderDateTime"] is not None,
        **columns,
    ),
    MOMENTS,
    st.integers(0, 20_000),
    st.integers(0, 14),
    Subject=LINES.map(_line),
    Location=LINES.map(_line),
    Description=TEXTS.map(lambda text: text[:400].replace("\x00", "") or None),
    ShowAs=st.sampled_from(["Busy", "OutOfOffice", "Free"]),
    IsPrivate=st.booleans(),
    ReminderDateTime=st.none() | MOMENTS,
)


def saved(item: CalendarItem) -> Record:
    return STORE.made(create(New(item, f"1:{next(NUMBERS)}", STORE.ann, Links()), ORG))


@given(ITEMS)
@settings(max_examples=80, deadline=None)
def test_what_was_made_of_an_item_is_the_same_and_asks_for_nothing(item: CalendarItem) -> None:
    record = saved(item)
    assert different(item, record, ORG) == frozenset()
    assert upward(item, record, ALL, ORG) == {}
    assert downward(record, item, ALL, ORG) is item


@given(RECORDS, ZONES)
@settings(max_examples=80, deadline=None)
def test_what_was_made_of_a_record_is_the_same_and_asks_for_nothing(record: Record, zone: str) -> None:
    item = born(record, ORG, zone, "token")
    assert item is not None
    assert not item.is_meeting
    assert different(item, record, ORG) & BOTH_WAYS == frozenset()
    assert upward(item, record, BOTH_WAYS, ORG) == {}
    assert changed_fields(item, downward(record, item, ALL, ORG)) == frozenset()


@given(ITEMS, RECORDS, st.sets(st.sampled_from(sorted(ALL))))
@settings(max_examples=80, deadline=None)
def test_what_is_carried_up_arrives(item: CalendarItem, record: Record, rows: set[str]) -> None:
    """A private record becomes no open one behind a private item; everything else is the same afterwards."""
    after = STORE.changed(record, upward(item, record, rows, ORG))
    assert different(item, after, ORG) & rows == frozenset()
    assert upward(item, after, rows, ORG) == {}


@given(ITEMS, RECORDS, st.sets(st.sampled_from(sorted(BOTH_WAYS))))
@settings(max_examples=80, deadline=None)
def test_what_is_taken_down_arrives(item: CalendarItem, record: Record, rows: set[str]) -> None:
    after = downward(record, item, rows, ORG)
    assert different(after, record, ORG) & (rows - {"reminder"}) == frozenset()
    if {"when", "reminder"} <= rows:
        assert different(after, record, ORG) & rows == frozenset()
    assert downward(record, after, rows, ORG) == after
    told = {name for row in rows for name in ROWS[row].item_fields}
    assert changed_fields(item, after) <= told


@given(ITEMS, RECORDS)
@settings(max_examples=80, deadline=None)
def test_rows_that_are_not_named_are_not_written(item: CalendarItem, record: Record) -> None:
    for name, row in ROWS.items():
        sent = upward(item, record, {name}, ORG)
        beside = {"when": {"ReminderDateTime"}, "with": {"Description"}}.get(name, set())
        assert set(sent) <= set(row.columns) | beside
        untouched = {other for other in ALL - {name} if not set(sent) & set(ROWS[other].columns)} - {"reminder"}
        before, after = of_record(record), of_record(STORE.changed(record, sent))
        assert {other: before[other] for other in untouched} == {other: after[other] for other in untouched}
        STORE.changed(record, {column: record.fields[column] for column in sent if column in record.fields})


@given(ITEMS)
@settings(max_examples=60, deadline=None)
def test_canonical_forms_are_stable(item: CalendarItem) -> None:
    """They are digested: what is read twice must not differ, and what differs must not look alike."""
    record = saved(item)
    assert of_record(record) == of_record(STORE.read(record.ref.record_id))
    assert of_item(item) == of_item(replace(item, version="v2", item_id="other", web_link="https://x.test"))
    moved = replace(item, subject=item.subject + "!", location=item.location + "!", text=item.text + " !")
    changed = {name for name, value in of_item(moved).items() if value != of_item(item)[name]}
    assert changed == {"subject", "location", "text"}


@given(ITEMS)
@settings(max_examples=60, deadline=None)
def test_a_placeholder_tells_nothing_but_the_time(item: CalendarItem) -> None:
    shown = placeholder(replace(item, sensitivity=Sensitivity.PRIVATE))
    record = STORE.made(create(New(shown, saved(item).ref.record_id, STORE.ann, Links(), hidden=True), ORG))
    assert (record.fields["Subject"], record.fields["IsPrivate"]) == ("Busy", True)
    assert not record.fields["Description"]
    assert not record.fields["Location"]
    assert not record.fields["Crosstie_Organizer__c"]
    assert upward(shown, record, ALL, ORG) == {}
