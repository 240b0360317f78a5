"""Dates of a series: counted in its own zone, whatever the clocks do."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from sandbox.mailboxes.calendar import (
    Appointment,
    CrossesNeighbour,
    Details,
    NoOccurrence,
    NoOccurrences,
    Rule,
    expand,
)
from tests.unit.sandbox.calendar.conftest import BERLIN, NINE, Office, plan, weekly

FROM, TO = datetime(2020, 1, 1, tzinfo=UTC), datetime(2040, 1, 1, tzinfo=UTC)


def days(series: Appointment, count: int = 10) -> list[str]:
    found = expand.first(series, count)
    return [expand.to_local(one.details.start, BERLIN).strftime("%Y-%m-%d %H:%M") for one in found]


@pytest.mark.parametrize(
    ("rule", "dates"),
    [
        (Rule("daily", interval=2, count=3), ["2026-11-24", "2026-11-26", "2026-11-28"]),
        (Rule("daily", until=date(2026, 11, 25)), ["2026-11-24", "2026-11-25"]),
        (Rule("weekly", days=("tuesday", "thursday"), count=3), ["2026-11-24", "2026-11-26", "2026-12-01"]),
        (
            Rule("weekly", interval=2, days=("sunday", "tuesday"), first_day="sunday", count=3),
            ["2026-11-24", "2026-12-06", "2026-12-08"],
        ),
        (
            Rule("weekly", interval=2, days=("sunday", "tuesday"), first_day="monday", count=3),
            ["2026-11-24", "2026-11-29", "2026-12-08"],
        ),
        (Rule("absoluteMonthly", day=24, count=3), ["2026-11-24", "2026-12-24", "2027-01-24"]),
        (Rule("absoluteMonthly", day=31, count=4), ["2026-11-30", "2026-12-31", "2027-01-31", "2027-02-28"]),
        (Rule("absoluteMonthly", day=30, count=4), ["2026-11-30", "2026-12-30", "2027-01-30", "2027-02-28"]),
        (Rule("absoluteMonthly", day=31, skips=True, count=3), ["2026-12-31", "2027-01-31", "2027-03-31"]),
        (
            Rule("relativeMonthly", days=("tuesday",), index="last", count=3),
            ["2026-11-24", "2026-12-29", "2027-01-26"],
        ),
        (
            Rule("relativeMonthly", days=("monday", "tuesday"), index="fourth", count=2),
            ["2026-12-14", "2027-01-12"],
        ),
        (Rule("absoluteYearly", day=29, month=2, count=2), ["2027-02-28", "2028-02-29"]),
        (
            Rule("relativeYearly", days=("thursday",), index="fourth", month=11, count=2),
            ["2026-11-26", "2027-11-25"],
        ),
    ],
)
def test_every_pattern_and_range(office: Office, rule: Rule, dates: list[str]) -> None:
    made = office.meet(rule=replace(rule, zone=BERLIN))
    assert days(made) == [f"{one} 09:00" for one in dates]


def test_a_series_stays_at_its_hour_when_clocks_change(office: Office) -> None:
    made = office.meet(rule=weekly(count=20))
    starts = [one.details.start for one in expand.first(made, 20)]
    assert (f"{starts[0]:%H}", f"{starts[-1]:%H}") == ("08", "07")
    assert {expand.to_local(one, BERLIN).hour for one in starts} == {9}
    ends = [expand.to_local(one.details.end, BERLIN).hour for one in expand.first(made, 20)]
    assert set(ends) == {10}


def test_an_hour_that_is_skipped_or_comes_twice(office: Office) -> None:
    night = datetime(2027, 3, 27, 1, 30, tzinfo=UTC)
    made = office.meet(rule=Rule("daily", count=3, zone=BERLIN), start=night)
    assert days(made) == ["2027-03-27 02:30", "2027-03-28 03:30", "2027-03-29 02:30"]
    twice = office.meet(rule=Rule("daily", count=2, zone=BERLIN), start=datetime(2026, 10, 24, 0, 30, tzinfo=UTC))
    [_, second] = [one.details.start for one in expand.first(twice, 2)]
    assert second == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_all_day_series_are_dates(office: Office) -> None:
    details = Details(subject="Holiday", start=date(2026, 12, 24), end=date(2026, 12, 26))
    details = replace(details, start_zone=BERLIN, end_zone=BERLIN)
    rule = Rule("absoluteYearly", day=24, month=12, zone=BERLIN)
    made = office.store.meetings.create(office.anna, details, rule=rule)
    [one, two] = expand.first(made, 2)
    assert (one.details.end, two.details.start) == (date(2026, 12, 26), date(2027, 12, 24))
    inside = expand.occurrences(made, datetime(2026, 12, 25, 22, 59, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))
    assert [found.original for found in inside] == [date(2026, 12, 24)]
    after = expand.occurrences(made, datetime(2026, 12, 25, 23, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))
    assert after == []


def test_a_series_begins_at_the_first_date_of_its_rule(office: Office) -> None:
    made = office.meet(rule=weekly(days=("friday",)))
    assert made.details.start == NINE.replace(day=27)
    with pytest.raises(NoOccurrences):
        office.meet(rule=Rule("daily", until=date(2026, 11, 1), zone=BERLIN))


def test_a_window_shows_what_reaches_into_it(office: Office) -> None:
    made = office.meet(rule=weekly(count=None), hours=2)
    second = expand.first(made, 2)[1].original
    assert isinstance(second, datetime)
    inside = expand.occurrences(made, second.replace(hour=9), second.replace(hour=10))
    assert [one.original for one in inside] == [second]
    assert expand.occurrences(made, second.replace(hour=10), second.replace(hour=11)) == []
    office.change(made, second, start=second.replace(hour=20), end=second.replace(hour=21))
    assert expand.occurrences(made, second.replace(hour=9), second.replace(hour=10)) == []
    inside = expand.occurrences(made, second.replace(hour=20), second.replace(hour=21))
    assert [one.original for one in inside] == [second]


def test_exceptions_follow_the_series_but_for_what_is_their_own(office: Office) -> None:
    made = office.meet(rule=weekly())
    [first, second, third, _] = [one.original for one in expand.first(made, 4)]
    office.change(made, second, subject="Moved")  # type: ignore[arg-type]
    office.store.meetings.delete(office.anna, made, original=third)
    office.change(made, subject="All", categories=("Blue category",))
    seen = expand.occurrences(made, FROM, TO)
    assert [one.details.subject for one in seen] == ["All", "Moved", "All"]
    assert {one.details.categories for one in seen} == {("Blue category",)}
    with pytest.raises(NoOccurrence):
        expand.occurrence(made, third)
    assert expand.occurrence_on(made, date(2026, 11, 24)).original == first
    with pytest.raises(NoOccurrence):
        expand.occurrence_on(made, date(2026, 11, 25))


@pytest.mark.parametrize(
    "change", [{"start": NINE.replace(hour=7), "end": NINE.replace(hour=8)}, {"rule": weekly(count=3)}]
)
def test_a_series_that_moves_forgets_its_exceptions(office: Office, change: dict[str, Any]) -> None:
    made = office.meet(rule=weekly())
    [_, second, third, _] = [one.original for one in expand.first(made, 4)]
    office.change(made, second, subject="Moved")  # type: ignore[arg-type]
    office.store.meetings.delete(office.anna, made, original=third)
    rule = change.pop("rule", "kept")
    office.store.meetings.update(office.anna, made, change, rule=rule)
    assert (made.deviations, made.gone) == ({}, {})


@pytest.mark.parametrize("same_day", [True, False])
def test_an_occurrence_stays_between_its_neighbours(office: Office, same_day: bool) -> None:
    office.turn(two_a_day_are_refused=same_day)
    made = office.meet(rule=Rule("daily", count=5, zone=BERLIN))
    second = NINE.replace(day=25)
    for day in (24, 26):
        start = NINE.replace(day=day)
        with pytest.raises(CrossesNeighbour):
            office.change(made, second, start=start, end=start.replace(hour=9))
    late = NINE.replace(hour=20)
    if same_day:
        with pytest.raises(CrossesNeighbour):
            office.change(made, second, start=late, end=late.replace(hour=21))
    else:
        office.change(made, second, start=late, end=late.replace(hour=21))
    office.store.meetings.delete(office.anna, made, original=NINE.replace(day=26))
    office.change(made, second, start=NINE.replace(day=26), end=NINE.replace(day=26, hour=9))
    assert days(made) == ["2026-11-24 09:00", "2026-11-26 09:00", "2026-11-27 09:00", "2026-11-28 09:00"]


def test_the_ends_of_a_series(office: Office) -> None:
    made = office.meet(rule=weekly())
    [first, *_, fourth] = [one.original for one in expand.first(made, 9)]
    office.store.meetings.delete(office.anna, made, original=fourth)
    end = expand.last(made)
    assert end is not None
    assert (first, end.original) == (NINE, NINE.replace(month=12, day=8))
    assert expand.last(office.meet(rule=weekly(count=None))) is None


def test_the_last_occurrence_takes_the_series_along(office: Office) -> None:
    made = office.meet(rule=weekly(count=2))
    for one in expand.first(made, 2):
        office.store.meetings.delete(office.anna, made, original=one.original)
    assert list(office.store.calendar.inside(office.anna, office.anna.default_calendar)) == []
    assert list(office.store.calendar.binned(office.anna)) == [made]


def test_a_plain_event_has_no_occurrences(office: Office) -> None:
    made = office.store.meetings.create(office.anna, plan())
    with pytest.raises(NoOccurrence):
        office.change(made, NINE, subject="x")
