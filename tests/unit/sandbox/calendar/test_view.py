"""A window on a calendar, and what changed in it since a version."""

from datetime import datetime, timedelta

from sandbox.mailboxes.calendar import expand, view
from tests.unit.sandbox.calendar.conftest import NINE, Office, plan, weekly

FROM, TO = NINE - timedelta(days=7), NINE + timedelta(days=15)


def told(office: Office, since: int) -> list[tuple[int, list[datetime] | None]]:
    """Numbers, with the starts of what is in the window, or None for what is not."""
    calendar = office.anna.default_calendar
    return [
        (one.number, None if one.seen is None else [x.details.start for x in one.seen.occurrences])  # type: ignore[misc]
        for one in view.changes(office.anna, calendar, since, FROM, TO)
    ]


def test_what_is_in_the_window(office: Office) -> None:
    calendar = office.anna.default_calendar
    single, series = office.meet(), office.meet(rule=weekly())
    office.meet(start=TO)
    office.meet(start=FROM - timedelta(hours=1))
    found = list(view.window(office.anna, calendar, FROM, TO))
    assert [(one.appointment, len(one.occurrences)) for one in found] == [(single, 0), (series, 3)]


def test_changes_are_told_once_in_order(office: Office) -> None:
    single, series = office.meet(), office.meet(rule=weekly())
    since = office.anna.version
    assert told(office, since) == []
    office.change(series, subject="A")
    office.change(single, subject="A")
    office.change(single, subject="B")
    weeks = [NINE, NINE + timedelta(days=7), NINE + timedelta(days=14)]
    assert told(office, since) == [(series.number, weeks), (single.number, [])]


def test_a_deleted_occurrence_leaves_no_trace_but_its_series_without_it(office: Office) -> None:
    series = office.meet(rule=weekly())
    since = office.anna.version
    [first, second, third, _] = [one.original for one in expand.first(series, 4)]
    office.store.meetings.delete(office.anna, series, original=second)
    assert told(office, since) == [(series.number, [first, third])]


def test_gone_is_what_was_deleted_left_the_window_or_never_was_in_it(office: Office) -> None:
    deleted, moved = office.meet(), office.meet()
    since = office.anna.version
    office.store.meetings.delete(office.anna, deleted)
    office.change(moved, start=TO, end=TO + timedelta(hours=1))
    outside = office.meet(start=TO)
    assert told(office, since) == [(deleted.number, None), (moved.number, None), (outside.number, None)]


def test_another_calendar_and_back(office: Office) -> None:
    other = office.store.calendar.open_calendar(office.anna, "Other")
    made = office.meet()
    since = office.anna.version
    office.store.calendar.move(office.anna, made, other)
    assert told(office, since) == [(made.number, None)]
    assert [one.number for one in view.changes(office.anna, other, since, FROM, TO) if one.seen] == [made.number]
    office.store.calendar.move(office.anna, made, office.anna.default_calendar)
    assert (told(office, since), made.moves) == ([(made.number, [])], 2)
    office.store.calendar.move(office.anna, made, other)
    office.store.calendar.close_calendar(office.anna, other)
    assert office.anna.appointments == {}


def test_out_of_the_bin(office: Office) -> None:
    made = office.store.meetings.create(office.anna, plan())
    office.store.meetings.delete(office.anna, made)
    since = office.anna.version
    office.store.calendar.move(office.anna, made, office.anna.default_calendar)
    assert told(office, since) == [(made.number, [])]
