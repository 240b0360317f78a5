"""What comparable products can never carry over, row by row (cases_fates.BOUNDS): it is, or the reason is said."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from crosstie.domain.reasons import KINDS, Outcome
from sandbox.mailboxes.calendar.model import Details, Rule
from tests.simulation import cases_fates as table
from tests.simulation.desk import CALENDAR, SOON, Desk, house
from tests.simulation.house import House, Make
from tests.simulation.sweep import restlessness
from tests.simulation.test_series import WEEKLY, weeks

FAIR = date(2026, 11, 20)
ZONES = {
    "Aus Central W.": ("Australia/Eucla", date(2009, 3, 8)),
    "Central Brazilian": ("America/Cuiaba", date(2019, 1, 27)),
    "Cuba": ("America/Havana", date(2026, 10, 11)),
    "Dateline": ("Etc/GMT+12", date(2026, 10, 11)),
    "E. Europe": ("Europe/Chisinau", date(2026, 10, 4)),
    "Easter Island": ("Pacific/Easter", date(2026, 8, 16)),
    "Greenland": ("America/Nuuk", date(2026, 10, 4)),
    "Jordan": ("Asia/Amman", date(2022, 2, 6)),
    "Kamchatka": ("Asia/Kamchatka", date(2010, 10, 10)),
    "Mid-Atlantic": ("Etc/GMT+2", date(2026, 10, 11)),
    "Morocco": ("Africa/Casablanca", date(2026, 3, 1)),
    "North Korea": ("Asia/Pyongyang", date(2018, 4, 15)),
    "Paraguay": ("America/Asuncion", date(2024, 9, 15)),
    "Saint Pierre": ("America/Miquelon", date(2026, 10, 11)),
    "Samoa": ("Pacific/Apia", date(2021, 3, 14)),
    "Sao Tome": ("Africa/Sao_Tome", date(2018, 12, 9)),
    "Syria": ("Asia/Damascus", date(2022, 3, 6)),
    "Turks And Caicos": ("America/Grand_Turk", date(2026, 10, 11)),
    "West Bank": ("Asia/Gaza", date(2026, 10, 4)),
}
"""Windows' names of those known to be problematic, less `Standard Time`; what everybody else calls them, and a
Sunday three weeks before clocks change there: the next time, or the last time where they gave it up.
"""
NEVER = ("Dateline", "Mid-Atlantic")
"""Their clocks are never changed."""


@pytest.fixture
def desk() -> Desk:
    return Desk(house())


def settled(desk: Desk) -> None:
    for _ in range(3):
        desk.sync()
    assert restlessness(desk.house) == []


def what_happened(desk: Desk) -> str:
    """In the table's words, by what both sides show."""
    items = Counter((one.details.subject, one.details.start, one.details.end) for one in desk.there())
    events = Counter(map(_shown, desk.events("DurationInMinutes")))
    series = {one.details.subject for one in desk.there() if one.rule}
    if items and items == events:
        return table.ALIKE
    if series and series == {subject for subject, *_ in events}:
        assert len(events) == events.total() > items.total()
        return table.EACH_DAY
    assert not {subject for subject, *_ in items} & {subject for subject, *_ in events}
    assert desk.reasons() <= {"EVENT-LONG", "EVENT-PAST", "EVENT-EARLY", "EVENT-LIGHTNING"}
    assert desk.reasons()
    return table.LEFT_OUT


def _shown(event: Mapping[str, Any]) -> tuple[str, date, date]:
    """Whole days as such."""
    start = event["StartDateTime"]
    end = start + timedelta(minutes=event["DurationInMinutes"])
    if event["IsAllDayEvent"]:
        start, end = start.date(), end.date()
    return event["Subject"], start, end


def days_of(desk: Desk) -> list[tuple[bool, date]]:
    return sorted((event["IsAllDayEvent"], event["StartDateTime"].date()) for event in desk.events())


def longer_than_fourteen_days(desk: Desk) -> str:
    desk.put("Fair", FAIR, days=15)
    settled(desk)
    assert (desk.events(), desk.reasons()) == ([], {"EVENT-LONG"})
    assert KINDS["EVENT-LONG"].outcome is Outcome.ISSUE
    return what_happened(desk)


def longer_than_a_day(desk: Desk) -> str:
    desk.put("Fair", FAIR, days=3)
    desk.enter("Audit", datetime(2026, 11, 24, tzinfo=UTC), minutes=2 * 24 * 60, IsAllDayEvent=True)
    settled(desk)
    lengths = {event["Subject"]: event["DurationInMinutes"] for event in desk.events("DurationInMinutes")}
    assert lengths == {"Fair": 3 * 24 * 60, "Audit": 2 * 24 * 60}
    shown = {one.details.subject: (one.details.start, one.details.end) for one in desk.there()}
    assert shown == {"Fair": (FAIR, date(2026, 11, 23)), "Audit": (date(2026, 11, 24), date(2026, 11, 26))}
    return what_happened(desk)


def longer_than_a_day_with_hours(desk: Desk) -> str:
    record = desk.enter("Night shift", minutes=30 * 60)
    settled(desk)
    details = desk.only().details
    assert (details.start, details.end) == (SOON, SOON + timedelta(hours=30))
    desk.edit(record, DurationInMinutes=32 * 60)
    settled(desk)
    assert desk.only().details.end == SOON + timedelta(hours=32)
    return what_happened(desk)


def whole_days_again_and_again(desk: Desk) -> str:
    box = desk.house.box("ada")
    details = Details(subject="Fair", start=FAIR, end=FAIR + timedelta(days=1))
    desk.house.world.mailboxes.meetings.create(box, details, rule=replace(WEEKLY, days=("friday",), zone="UTC"))
    settled(desk)
    assert days_of(desk) == [(True, FAIR + timedelta(weeks=number)) for number in range(9)]
    return what_happened(desk)


def in_a_problematic_zone(desk: Desk) -> str:
    """One of each side; how a series fares there is looked at below, zone by zone."""
    zone = "Morocco Standard Time"
    desk.put("Call", SOON, start_zone=zone, end_zone=zone)
    record = desk.enter("Visit")
    settled(desk)
    (visit,) = [one for one in desk.there() if one.details.subject == "Visit"]
    desk.change(visit, start_zone=zone, end_zone=zone)
    desk.edit(record, StartDateTime=SOON + timedelta(hours=3))
    settled(desk)
    return what_happened(desk)


def outside_the_window(desk: Desk) -> str:
    desk.put("Past", SOON - timedelta(days=30))
    desk.put("Ahead", SOON + timedelta(days=70))
    desk.enter("Was", SOON - timedelta(days=30))
    desk.enter("Will be", SOON + timedelta(days=70))
    settled(desk)
    assert sorted(event["Subject"] for event in desk.events()) == ["Was", "Will be"]
    assert desk.subjects() == ["Ahead", "Past"]
    assert {link.reason_code for link in desk.links()} == {"EVENT-PAST", "EVENT-EARLY"}
    return what_happened(desk)


def single_to_series_and_back(desk: Desk) -> str:
    appointment = desk.put("Call")
    settled(desk)
    record = desk.event()["Id"]
    desk.recur(appointment, WEEKLY)
    settled(desk)
    assert sorted(event["StartDateTime"] for event in desk.events()) == weeks(9)
    assert [event["StartDateTime"] for event in desk.events() if event["Id"] == record] == [SOON]
    as_series = what_happened(desk)
    desk.recur(appointment, None)
    settled(desk)
    assert (desk.event()["Id"], desk.event()["StartDateTime"]) == (record, SOON)
    assert what_happened(desk) == table.ALIKE
    return as_series


def series_of_lightning(desk: Desk) -> str:
    desk.enter("Stand-up", Recurrence2PatternText="RRULE:FREQ=WEEKLY;COUNT=4")
    settled(desk)
    assert (desk.there(), desk.reasons()) == ([], {"EVENT-LIGHTNING"})
    return what_happened(desk)


LIVES: Mapping[str, Callable[[Desk], str]] = {
    "an all-day event longer than 14 days": longer_than_fourteen_days,
    "an all-day event longer than 24 hours": longer_than_a_day,
    "an Event of Salesforce longer than 24 hours": longer_than_a_day_with_hours,
    "a recurring all-day event": whole_days_again_and_again,
    "an item in a problematic time zone": in_a_problematic_zone,
    "an item outside the window": outside_the_window,
    "a single item that became a series, or the other way": single_to_series_and_back,
    "a series made in Lightning": series_of_lightning,
}


@pytest.mark.parametrize(
    ("name", "applies", "happens"), [pytest.param(*row[:3], id=row[0]) for row in table.BOUNDS]
)
def test_what_comparable_products_never_carry_over(name: str, applies: str, happens: str, desk: Desk) -> None:
    assert LIVES[name](desk) == happens
    assert applies == ("yes" if happens == table.LEFT_OUT else "no")


def test_what_came_from_salesforce_may_become_a_series_too(desk: Desk) -> None:
    """Its occurrences inherit whatever told that the item was made for a record."""
    record = desk.enter("Call")
    settled(desk)
    series = desk.only()
    desk.recur(series, WEEKLY)
    settled(desk)
    assert sorted(event["StartDateTime"] for event in desk.events()) == weeks(9)
    assert record in {event["Id"] for event in desk.events()}
    desk.change_occurrence(series, weeks(9)[4], subject="Only this one")
    settled(desk)
    assert sorted(event["Subject"] for event in desk.events()) == ["Call"] * 8 + ["Only this one"]


@pytest.mark.parametrize("name", ZONES)
def test_a_series_keeps_its_hour_in_a_problematic_zone(name: str) -> None:
    """Half past eleven there, each week: what UTC makes of that is the standard library's word."""
    iana, sunday = ZONES[name]
    now = datetime.combine(sunday, time(9), UTC)
    desk = Desk(House(Make(settings=CALENDAR, start=now)))
    first = datetime.combine(sunday + timedelta(days=3), time(11, 30), ZoneInfo(iana))
    rule = Rule("weekly", days=("wednesday",), zone=f"{name} Standard Time")
    desk.repeat("Weekly", rule, first.astimezone(UTC))
    settled(desk)
    expected = [first + timedelta(weeks=number) for number in range(9)]
    assert len({one.utcoffset() for one in expected}) == (1 if name in NEVER else 2)
    assert sorted(event["StartDateTime"] for event in desk.events()) == [one.astimezone(UTC) for one in expected]
