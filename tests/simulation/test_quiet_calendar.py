"""A full calendar at rest: nothing is written but what the clock alone brings about, which is worked out before.

Two people have appointments, whole days, private items, series, meetings of their own, of a colleague and from
outside, and what was born in Salesforce. The windows are those of the manual: an item comes in when its start is
60 days ahead, and leaves 14 days after its end.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from sandbox.mailboxes.calendar import outsiders
from sandbox.mailboxes.calendar.model import Appointment, Day, Details, Rule
from sandbox.mailboxes.model import Person
from sandbox.requestlog import Entry as Request
from tests.simulation.desk import Desk, house
from tests.simulation.effects import Effects
from tests.simulation.house import START, is_write
from tests.simulation.sweep import decisions

ADA, BEN, NORA = "ada@larch.test", "ben@larch.test", "nora@birchworks.test"
AHEAD, BEHIND = timedelta(days=60), timedelta(days=14)
MARK = "Salesforce"
DAY, WEEK = timedelta(days=1), timedelta(days=7)
STEP = timedelta(hours=6)
MADE, COPY, BROUGHT, OCCURRENCE, LEFT_OUT = "made", "copy", "brought", "occurrence", "left out"
NOTED = frozenset(
    {
        "states.claim_due", "states.release", "states.tick_number", "states.record_changes", "states.save_cursors",
        "states.save_position", "journal.recover",
    }
)  # fmt: skip
"""What a session or a tick that finds nothing writes down: that it was there, and how far it read."""


@dataclass(frozen=True, slots=True)
class Thing:
    """What a person put somewhere, as the prediction knows it."""

    person: str
    subject: str
    kind: str
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Seen:
    """What one side shows of one thing. `said` is the vendor's own version of it."""

    name: tuple[str, str]
    said: str
    marked: bool = True


@dataclass(slots=True)
class Company:
    ada: Desk
    ben: Desk
    things: list[Thing] = field(default_factory=list)

    def add(self, desk: Desk, subject: str, kind: str, start: datetime | date, end: datetime | date) -> None:
        self.things.append(Thing(desk.person, subject, kind, _moment(start), _moment(end)))

    # -- what people put there ---------------------------------------------------------------------------
    def put(
        self, desk: Desk, subject: str, start: datetime | date, kind: str = MADE, *, days: int = 1, **details: Any
    ) -> Appointment:
        made = desk.put(subject, start, days=days, **details)
        self.add(desk, subject, kind, start, made.details.end)
        return made

    def repeat(self, subject: str, rule: Rule, start: datetime) -> None:
        self.ada.repeat(subject, rule, start)
        for number in range(20):
            begin = start + number * WEEK
            self.add(self.ada, subject, OCCURRENCE, begin, begin + timedelta(hours=1))

    def enter(self, subject: str, start: datetime, *, days: int = 0) -> None:
        minutes = days * 24 * 60 or 30
        self.ada.enter(subject, start, minutes=minutes, IsAllDayEvent=bool(days))
        self.add(self.ada, subject, BROUGHT, start, start + timedelta(minutes=minutes))

    def invite_ada(self, subject: str, start: datetime) -> None:
        """By Ben, and she accepts."""
        meeting = self.put(self.ben, subject, start, guests=[ADA, NORA])
        self._accept(subject)
        self.add(self.ada, subject, COPY, start, _moment(meeting.details.end))

    def invite_from_outside(self, subject: str, start: datetime, *, accepted: bool) -> None:
        end = start + timedelta(hours=1)
        details = Details(subject=subject, start=start, end=end, attendees=self.ada.invited(ADA))
        outsiders.invite(self.ada.house.world.mailboxes, Person(NORA, "Nora Lindqvist"), details)
        if accepted:
            self._accept(subject)
        self.add(self.ada, subject, MADE if accepted else LEFT_OUT, start, end)

    def _accept(self, subject: str) -> None:
        (copy,) = [one for one in self.ada.there() if one.details.subject == subject]
        self.ada.house.world.mailboxes.meetings.answer(self.ada.house.box("ada"), copy, "accepted")

    # -- what both sides show ----------------------------------------------------------------------------
    def items(self) -> dict[tuple[str, str], Seen]:
        return {
            (desk.person, one.uid): Seen(
                (desk.person, one.details.subject), str(one.version), MARK in one.details.categories
            )
            for desk in (self.ada, self.ben)
            for one in desk.there()
        }

    def events(self) -> dict[str, Seen]:
        people = {self.ada.user: "ada", self.ben.user: "ben"}
        rows = self.ada.house.rows("Event", "Id", "Subject", "OwnerId", "SystemModstamp", where="IsChild = false")
        return {row["Id"]: Seen((people[row["OwnerId"]], row["Subject"]), row["SystemModstamp"]) for row in rows}

    def reasons(self) -> Counter[tuple[str, str]]:
        people = {number: person for person, number in self.ada.house.ids.items()}
        rows = self.ada.house.memory.journal.values()
        return Counter((people[row.entry.mailbox_id], row.entry.reason_code) for row in rows)


def _moment(when: datetime | date) -> datetime:
    return when if isinstance(when, datetime) else datetime.combine(when, time(), UTC)


def days(number: float) -> datetime:
    """So long after the beginning, and twenty minutes: never at a moment at which a session begins."""
    return START + timedelta(days=number, minutes=20)


def whole_day(number: int) -> date:
    return (START + timedelta(days=number)).date()


@pytest.fixture
def company() -> Company:
    office = house()
    found = Company(Desk(office, "ada"), Desk(office, "ben"))
    _appointments(found)
    _meetings(found)
    for number, day in enumerate((-9, 2, 3, 5, 8, 13, 21, 34, 50, 63, 65.5)):
        found.enter(f"Entered {number}", days(day))
    found.enter("Audit", _moment(whole_day(15)), days=2)
    for _ in range(4):
        found.ada.sync()
    return found


def _appointments(found: Company) -> None:
    for number in range(24):
        found.put(found.ada, f"Appointment {number}", days(3 * number - 12))
    for number, day in enumerate((61.5, 62.5, 63.5, 65, 66, 68)):
        found.put(found.ada, f"Far {number}", days(day))
    for number, (day, length) in enumerate(((-9, 2), (3, 1), (10, 1), (20, 3), (62, 1), (64, 2))):
        found.put(found.ada, f"Whole day {number}", whole_day(day), days=length)
    for number, day in enumerate((1, 5, 9, 63)):
        found.put(found.ada, f"Private {number}", days(day), LEFT_OUT, sensitivity="private")
    days_of_week: tuple[Day, ...] = ("tuesday", "wednesday", "thursday")
    for number, name in enumerate(days_of_week):
        rule = Rule("weekly", days=(name,), zone="UTC")
        found.repeat(f"Weekly {number}", rule, days(1 + number))


def _meetings(found: Company) -> None:
    for number, day in enumerate((4, 8, -11, 62.2)):
        found.put(found.ada, f"Own meeting {number}", days(day), guests=[NORA])
    for number, day in enumerate((6, 12, -10, 64.3)):
        found.invite_ada(f"Meeting of Ben {number}", days(day))
    found.put(found.ben, "Appointment of Ben", days(7))
    found.invite_from_outside("From outside", days(7), accepted=True)
    found.invite_from_outside("From outside, unanswered", days(9), accepted=False)


# -- what the clock brings about ---------------------------------------------------------------------------
Outcome = tuple[tuple[str, ...], tuple[str, ...]]
"""What is written, and what is said of it."""
ENTERS: Mapping[str, Outcome] = {
    MADE: (("event made", "item marked"), ("EVENT-SAVED",)),
    COPY: (("item marked",), ("EVENT-ORGANIZER", "EVENT-SHARED")),
    BROUGHT: (("item made",), ("EVENT-BROUGHT",)),
    OCCURRENCE: (("event made",), ("EVENT-SAVED",)),
}
"""By kind, of what comes into the window. A series has its mark already; a copy waits for its organizer's item."""
LEAVES: Mapping[str, Outcome] = {
    MADE: (("item unmarked",), ("EVENT-LEFT",)),
    COPY: (("item unmarked",), ("EVENT-LEFT",)),
    BROUGHT: (("item gone",), ("EVENT-LEFT",)),
    OCCURRENCE: ((), ("EVENT-LEFT",)),
}
Writes = Counter[tuple[str, str, str]]
"""(what, whose, subject)."""
Reasons = Counter[tuple[str, str]]
"""(whose, code)."""


def predicted(
    things: Sequence[Thing], after: datetime, until: datetime
) -> tuple[Writes, Counter[tuple[str, str]]]:
    """The writes of that time, and their reasons by person."""
    writes: Writes = Counter()
    reasons: Counter[tuple[str, str]] = Counter()
    for one in things:
        for edge, table in ((one.start - AHEAD, ENTERS), (one.end + BEHIND, LEAVES)):
            if after < edge <= until and one.kind in table:
                acts, codes = table[one.kind]
                writes.update((act, one.person, one.subject) for act in acts)
                reasons.update((one.person, code) for code in codes)
    return writes, reasons


def written(company: Company, items: Mapping[Any, Seen], events: Mapping[Any, Seen]) -> Writes:
    """What differs from what was there before."""
    found: Writes = Counter()
    sides: tuple[tuple[str, Mapping[Any, Seen], Mapping[Any, Seen]], ...] = (
        ("item", items, company.items()),
        ("event", events, company.events()),
    )
    for what, before, now in sides:
        for key in before.keys() | now.keys():
            for act in _differences(before.get(key), now.get(key)):
                found[f"{what} {act}", *(now.get(key) or before[key]).name] += 1
    return found


def sent(requests: Sequence[Request]) -> list[str]:
    """Each write of one record or item, alone or with others."""
    writes = (part for one in requests if is_write(one) for part in one.parts or (f"{one.method} {one.route}",))
    return [part for part in writes if not part.startswith("GET ")]


def _differences(before: Seen | None, now: Seen | None) -> Iterator[str]:
    if before is None:
        yield "made"
    elif now is None:
        yield "gone"
    elif before.marked != now.marked:
        yield "marked" if now.marked else "unmarked"
    elif before != now:
        yield "changed"


# -- the days ----------------------------------------------------------------------------------------------
def test_the_calendar_is_full_and_kept(company: Company) -> None:
    assert len(company.items()) + len(company.events()) > 120
    assert len(company.ada.there()) + len(company.ben.there()) >= 60
    inside = [one for one in company.things if one.kind in (MADE, OCCURRENCE, BROUGHT)]
    inside = [one for one in inside if one.start - AHEAD <= START and one.end + BEHIND > START]
    assert len(company.events()) == len(inside) + sum(
        one.kind == BROUGHT for one in company.things if one not in inside
    )


def test_a_day_without_an_edge_writes_nothing(company: Company) -> None:
    office = company.ada.house
    now = office.clock.now()
    assert predicted(company.things, now, START + DAY) == (Counter(), Counter())
    noted: list[str] = []
    effects = Effects(done=lambda name, args: noted.append(name) if [] not in args[1:] else None)
    office.ports = office.new_worker(effects)
    before = decisions(office)
    minutes = (START + DAY - now) / timedelta(minutes=1)
    assert not [one for one in office.counting(lambda: office.run_for(minutes)) if is_write(one)]
    assert decisions(office) == before
    assert set(noted) <= NOTED
    assert len(office.memory.sessions) > 2 * 40


def test_a_week_writes_what_the_clock_brings_about_and_nothing_else(company: Company) -> None:
    office = company.ada.house
    edges: Writes = Counter()
    while office.clock.now() < START + WEEK:
        before, items, events, said = office.clock.now(), company.items(), company.events(), company.reasons()
        requests = office.counting(lambda: work(company))
        writes, reasons = predicted(company.things, before, office.clock.now())
        assert written(company, items, events) == writes
        assert company.reasons() - said == reasons
        assert len(sent(requests)) == writes.total()
        edges += writes
    assert {what for what, *_ in edges} == {
        "event made", "item marked", "item made", "item unmarked", "item gone",
    }  # fmt: skip
    assert office.errors == Counter()


def work(company: Company) -> None:
    """Until a session has seen what the one before it left to it."""
    office = company.ada.house
    office.pass_minutes(STEP / timedelta(minutes=1) - 2)
    office.round()
    office.pass_minutes(2)
    office.round()
