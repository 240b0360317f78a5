"""Real calendars through the sandbox and the connector; dateutil says which days their rules give."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from dateutil.rrule import rrulestr

from crosstie.domain.calendar import CalendarItem, Present
from crosstie.domain.mailboxes import Span
from crosstie.domain.meetings import canonical_uid
from sandbox.mailboxes.calendar import Appointment, CalendarProblem
from sandbox.mailboxes.calendar.expand import to_local, to_utc
from sandbox.mailboxes.ics import NotACalendar
from tests.contract.calendar_office import DAY, CalendarView
from tests.contract.graph_calendar_office import GraphCalendarOffice
from tests.places import SHARED


@pytest.fixture
def office() -> Iterator[GraphCalendarOffice]:
    office = GraphCalendarOffice()
    yield office
    office.judge()


@pytest.mark.shared
def test_real_calendars_come_through(office: GraphCalendarOffice) -> None:
    """Their rules give, by dateutil's count, the very days that Graph tells, but for those that were deleted."""
    compared = 0
    for file in sorted((SHARED / "corpora" / "calendar").rglob("*.ics")):
        for made in brought(office, file):
            start = to_utc(to_local(made.details.start, "UTC"), "UTC")
            window = Span(start - DAY, start + 1500 * DAY)
            items = {one.item_id: one for one in told(office, window) if one.uid == canonical_uid(made.uid)}
            assert items, file.name
            for item_id, item in CalendarView(office).by_id(items).items():
                assert item == replace(items[item_id], version=item.version, web_link=item.web_link), file.name
            if made.rule:
                compared += compare(made, items[office.item_id(str(made.number))], items.values(), window)
    assert compared > 1000


def brought(office: GraphCalendarOffice, file: Path) -> list[Appointment]:
    """What Exchange would keep of a file."""
    try:
        return office.world.mailboxes.put_calendar(office.stored, file.read_bytes())
    except (CalendarProblem, NotACalendar):
        return []


def told(office: GraphCalendarOffice, window: Span) -> list[CalendarItem]:
    seen = office.open().calendar().observe({}, window, limit=10_000)
    return [one.item for one in seen.told if isinstance(one, Present)]


def compare(made: Appointment, master: CalendarItem, items: Iterable[CalendarItem], window: Span) -> int:
    """How many days were the same."""
    zone = made.rule.zone if made.rule else "UTC"
    first = to_local(made.details.start, zone)
    until = re.sub(r"(UNTIL=\d{8}T\d{6})Z", r"\1", master.rule)
    if "UNTIL" in until and not master.when.all_day:
        moment = datetime.strptime(until.split("UNTIL=")[1][:15], "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
        until = re.sub(r"UNTIL=\w+", f"UNTIL={to_local(moment, zone):%Y%m%dT%H%M%S}", until)
    last = to_local(window.before, zone)
    given = {one.date() for one in rrulestr(until, dtstart=first).between(first, last, inc=True)}
    days = {one.original for one in items if one.original and one.original <= last.date()}
    gone = {to_local(one, zone).date() for one in made.gone}
    assert days <= given
    assert given - days <= gone | {last.date(), last.date() - DAY}
    return len(days)
