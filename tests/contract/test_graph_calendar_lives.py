"""Random lives of a calendar: whoever follows it as the engine does holds what a first look at it would show."""

import random
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

import pytest

from crosstie.domain.calendar import CalendarItem, Present, Shape
from crosstie.domain.mailboxes import Cursor, Span
from crosstie.ports.calendar import Calendar, CalendarObservation
from sandbox.mailboxes.calendar import CalendarProblem
from tests.contract.calendar_office import DAY, HOUR, START, Entry
from tests.contract.graph_calendar_office import GraphCalendarOffice

RULES = (
    "FREQ=DAILY;COUNT=9",
    "FREQ=WEEKLY;BYDAY=TU,TH",
    "FREQ=MONTHLY;BYDAY=3TU",
    "FREQ=WEEKLY;INTERVAL=2;COUNT=20",
)
MANNERS = (
    "rows_twice", "rows_shuffled", "empty_pages", "pages_repeated", "unchanged_emitted", "etag_forms_differ",
    "deleted_occurrences_are_told", "removed_series_names_its_dates", "deleted_event_is_found",
)  # fmt: skip
HONEST = ("occurrences_are_thin", "event_delta_tells_text", "all_day_floats", "dead_cursor_is_410", "large_pages")
STEPS = 40


def around(now: datetime) -> Span:
    return Span(now - 30 * DAY, now + 180 * DAY)


@dataclass
class Follower:
    """What is remembered between sessions, and asked for by id where the stream leaves it open."""

    office: GraphCalendarOffice
    cursors: dict[str, Cursor] = field(default_factory=dict)
    known: dict[str, CalendarItem] = field(default_factory=dict)
    recheck: set[str] = field(default_factory=set)
    listed: set[str] = field(default_factory=set)
    """By the listing under way."""

    def session(self, limit: int) -> bool:
        """Whether there is more."""
        mailbox = self.office.open()
        mailbox.prepare()
        seen_mail = mailbox.observe(self.cursors, limit=10)
        calendar = mailbox.calendar()
        seen = calendar.observe(self.cursors, around(self.office.now()), limit=limit)
        self.cursors |= {one.collection: one for one in (*seen_mail.cursors, *seen.cursors)}
        self.take(calendar, seen)
        return seen.more

    def catch_up(self) -> None:
        """To the end of a listing, and of the round behind it: it tells what happened during the listing."""
        for _ in range(2):
            while self.session(limit=500):
                pass

    def take(self, calendar: Calendar, seen: CalendarObservation) -> None:
        of_series: dict[str, list[str]] = {}
        for item in self.known.values():
            of_series.setdefault(item.series_id, []).append(item.item_id)
        changes = seen.changes(of_series)
        shown = {one.item.item_id: one.item for one in changes if isinstance(one, Present)}
        asked = {one.item_id for one in changes if not isinstance(one, Present)} | self.recheck
        self.recheck = set()
        self.listed = (set() if seen.begins else self.listed) | (seen.listed or set())
        if seen.anew:
            asked |= self.known.keys() - self.listed
        found = calendar.items(sorted(asked - shown.keys()))
        for item_id in asked - shown.keys() - found.keys():
            self.known.pop(item_id, None)
        self.known |= {item_id: item for item_id, item in found.items() if item_id in self.known}
        self.known |= shown


@dataclass
class Life:
    """One person's acts, by dice."""

    office: GraphCalendarOffice
    dice: random.Random
    keys: list[str] = field(default_factory=list)

    def act(self) -> None:
        acts = (self.enter, self.enter, self.edit, self.edit, self.delete, self.pass_time)
        try:
            self.dice.choice(acts)()
        except CalendarProblem:
            """An occurrence that is not there any more, or would pass its neighbour: the person gives up."""

    def enter(self) -> None:
        start = START + timedelta(days=self.dice.randint(-40, 300), hours=self.dice.randint(0, 20))
        entry = Entry(f"Entry {len(self.keys)}", start, start + HOUR, rule=self.dice.choice(("", "", *RULES)))
        if self.dice.random() < 0.2:
            entry = replace(entry, start=start.date(), end=start.date() + DAY, zone="America/New_York")
        self.keys.append(self.office.enter(entry))

    def edit(self) -> None:
        if key := self.some_key():
            found = self.office.entry(key)
            assert found is not None
            day = self.some_day(key)
            if self.dice.random() < 0.5:
                self.office.edit(key, day, subject=f"Changed {self.dice.randint(0, 99)}", text="Other words")
            elif not isinstance(found.start, datetime):
                self.office.edit(key, day, place="Elsewhere")
            else:
                at = self.office.entry(key, day)
                assert at is not None
                by = timedelta(days=self.dice.choice((0, 0, 1, 60, 400)) if day is None else 0, hours=1)
                self.office.edit(key, day, start=at.start + by, end=at.end + by)

    def delete(self) -> None:
        if key := self.some_key():
            self.office.delete(key, self.some_day(key))

    def pass_time(self) -> None:
        self.office.pass_time(timedelta(days=self.dice.choice((0, 1, 3, 20))))
        if self.dice.random() < 0.15:
            self.office.kill_cursors()

    def some_key(self) -> str:
        there = [key for key in self.keys if self.office.entry(key) is not None]
        return self.dice.choice(there) if there else ""

    def some_day(self, key: str) -> date | None:
        """Of a series, at times one of its occurrences."""
        series = self.office.appointment(key)
        if series.rule is None or self.dice.random() < 0.4:
            return None
        first = self.office.entry(key)
        assert first is not None
        days = (first.start + timedelta(days=number) for number in range(60))
        there = [
            day
            for day in (one.date() if isinstance(one, datetime) else one for one in days)
            if self.office.entry(key, day) is not None
        ]
        return self.dice.choice(there) if there else None


@pytest.mark.parametrize("seed", range(12))
def test_a_life(seed: int) -> None:
    dice = random.Random(seed)
    office = GraphCalendarOffice(seed)
    for name in MANNERS:
        office.world.switches.turn(f"graph.{name}", dice.random() < 0.4)
    for name in HONEST:
        office.world.switches.turn(f"graph.{name}", dice.random() < 0.6)
    life, follower = Life(office, dice), Follower(office)
    for _ in range(STEPS):
        for _ in range(dice.randint(0, 4)):
            life.act()
        follower.session(limit=dice.choice((3, 20, 500)))
    follower.catch_up()
    compare(office, follower)
    office.judge()


def compare(office: GraphCalendarOffice, follower: Follower) -> None:
    """Within what is asked for: either may know more beyond it."""
    fresh = Follower(office)
    fresh.catch_up()
    window = around(office.now())
    known, there = (
        {item_id: item for item_id, item in one.known.items() if overlaps(item, window)}
        for one in (follower, fresh)
    )
    assert {item.subject for item in known.values()} == {item.subject for item in there.values()}
    assert known.keys() == there.keys()
    for item_id, item in there.items():
        assert known[item_id] == replace(item, version=known[item_id].version, web_link=known[item_id].web_link)


def overlaps(item: CalendarItem, window: Span) -> bool:
    """A series happens through its occurrences alone."""
    if item.shape is Shape.MASTER:
        return False
    start, end = item.when.start, item.when.end
    if isinstance(start, datetime) and isinstance(end, datetime):
        return start < window.before and end > window.since
    return start > window.since.date() and end < window.before.date()
