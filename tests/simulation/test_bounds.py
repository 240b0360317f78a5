"""What comparable products can never carry over, row by row (cases_fates.BOUNDS): it is, or the reason is said."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from crosstie.domain.reasons import KINDS, Outcome
from sandbox.mailboxes.calendar.model import Details, Rule
from tests.simulation import cases_fates as table
from tests.simulation.desk import SOON, Desk, house
from tests.simulation.sweep import restlessness
from tests.simulation.test_series import WEEKLY, weeks

FAIR = date(2026, 11, 20)
ZONES = {
    "Aus Central W.": "Australia/Eucla",
    "Central Brazilian": "America/Cuiaba",
    "Cuba": "America/Havana",
    "Dateline": "Etc/GMT+12",
    "E. Europe": "Europe/Chisinau",
    "Easter Island": "Pacific/Easter",
    "Greenland": "America/Nuuk",
    "Jordan": "Asia/Amman",
    "Kamchatka": "Asia/Kamchatka",
    "Mid-Atlantic": "Etc/GMT+2",
    "Morocco": "Africa/Casablanca",
    "North Korea": "Asia/Pyongyang",
    "Paraguay": "America/Asuncion",
    "Saint Pierre": "America/Miquelon",
    "Samoa": "Pacific/Apia",
    "Sao Tome": "Africa/Sao_Tome",
    "Syria": "Asia/Damascus",
    "Turks And Caicos": "America/Grand_Turk",
    "West Bank": "Asia/Gaza",
}
"""Windows' names of those known to be problematic, less `Standard Time`, and what everybody else calls them."""


@pytest.fixture
def desk() -> Desk:
    return Desk(house())


def settled(desk: Desk) -> None:
    for _ in range(3):
        desk.sync()
    assert restlessness(desk.house) == []


def days_of(desk: Desk) -> list[tuple[bool, date]]:
    return sorted((event["IsAllDayEvent"], event["StartDateTime"].date()) for event in desk.events())


def longer_than_fourteen_days(desk: Desk) -> None:
    desk.put("Fair", FAIR, days=15)
    settled(desk)
    assert (desk.events(), desk.reasons()) == ([], {"EVENT-LONG"})
    assert KINDS["EVENT-LONG"].outcome is Outcome.ISSUE


def longer_than_a_day(desk: Desk) -> None:
    desk.put("Fair", FAIR, days=3)
    desk.enter("Audit", datetime(2026, 11, 24, tzinfo=UTC), minutes=2 * 24 * 60, IsAllDayEvent=True)
    settled(desk)
    lengths = {event["Subject"]: event["DurationInMinutes"] for event in desk.events("DurationInMinutes")}
    assert lengths == {"Fair": 3 * 24 * 60, "Audit": 2 * 24 * 60}
    shown = {one.details.subject: (one.details.start, one.details.end) for one in desk.there()}
    assert shown == {"Fair": (FAIR, date(2026, 11, 23)), "Audit": (date(2026, 11, 24), date(2026, 11, 26))}


def longer_than_a_day_with_hours(desk: Desk) -> None:
    record = desk.enter("Night shift", minutes=30 * 60)
    settled(desk)
    details = desk.only().details
    assert (details.start, details.end) == (SOON, SOON + timedelta(hours=30))
    desk.edit(record, DurationInMinutes=32 * 60)
    settled(desk)
    assert desk.only().details.end == SOON + timedelta(hours=32)


def whole_days_again_and_again(desk: Desk) -> None:
    box = desk.house.box("ada")
    details = Details(subject="Fair", start=FAIR, end=FAIR + timedelta(days=1))
    desk.house.world.mailboxes.meetings.create(box, details, rule=replace(WEEKLY, days=("friday",), zone="UTC"))
    settled(desk)
    assert days_of(desk) == [(True, FAIR + timedelta(weeks=number)) for number in range(9)]


def outside_the_window(desk: Desk) -> None:
    desk.put("Past", SOON - timedelta(days=30))
    desk.put("Ahead", SOON + timedelta(days=70))
    desk.enter("Was", SOON - timedelta(days=30))
    desk.enter("Will be", SOON + timedelta(days=70))
    settled(desk)
    assert sorted(event["Subject"] for event in desk.events()) == ["Was", "Will be"]
    assert desk.subjects() == ["Ahead", "Past"]
    assert {link.reason_code for link in desk.links()} == {"EVENT-PAST", "EVENT-EARLY"}


def single_to_series_and_back(desk: Desk) -> None:
    appointment = desk.put("Call")
    settled(desk)
    record = desk.event()["Id"]
    desk.recur(appointment, WEEKLY)
    settled(desk)
    assert sorted(event["StartDateTime"] for event in desk.events()) == weeks(9)
    assert [event["StartDateTime"] for event in desk.events() if event["Id"] == record] == [SOON]
    desk.recur(appointment, None)
    settled(desk)
    assert (desk.event()["Id"], desk.event()["StartDateTime"]) == (record, SOON)


def series_of_lightning(desk: Desk) -> None:
    desk.enter("Stand-up", Recurrence2PatternText="RRULE:FREQ=WEEKLY;COUNT=4")
    settled(desk)
    assert (desk.there(), desk.reasons()) == ([], {"EVENT-LIGHTNING"})


LIVES: Mapping[str, Callable[[Desk], None]] = dict(
    zip(
        (name for name, *_ in table.BOUNDS),
        (
            longer_than_fourteen_days,
            longer_than_a_day,
            longer_than_a_day_with_hours,
            whole_days_again_and_again,
            lambda desk: in_zone(desk, "Morocco"),
            outside_the_window,
            single_to_series_and_back,
            series_of_lightning,
        ),
        strict=True,
    )
)


@pytest.mark.parametrize("name", LIVES)
def test_what_comparable_products_never_carry_over(name: str, desk: Desk) -> None:
    LIVES[name](desk)


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
def test_a_series_keeps_its_hour_in_a_problematic_zone(name: str, desk: Desk) -> None:
    in_zone(desk, name)


def in_zone(desk: Desk, name: str) -> None:
    """Half past eleven there, each week: what UTC makes of that is the standard library's word."""
    windows = f"{name} Standard Time"
    zone = ZoneInfo(ZONES[name])
    first = datetime(2026, 11, 18, 11, 30, tzinfo=zone)
    desk.repeat("Weekly", Rule("weekly", days=("wednesday",), zone=windows), first.astimezone(UTC))
    settled(desk)
    expected = [(first + timedelta(weeks=number)).astimezone(UTC) for number in range(9)]
    last = desk.house.clock.now() + timedelta(days=60)
    assert sorted(event["StartDateTime"] for event in desk.events()) == [one for one in expected if one <= last]
