"""A day with one accident in it, and the work until everything is settled.

`python -m bench sweep` goes through every accident of every kind of house and gives the figures.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache

from crosstie.domain.links import Link
from crosstie.store.memory.world import MemoryOrg
from sandbox.faults import Fault
from tests.simulation.day import DAY, DAY_SETTINGS, INTENTS, Step
from tests.simulation.effects import Effects, Moment, WorkerDied
from tests.simulation.house import START, House, Make, is_write
from tests.simulation.oracle import problems

DEATH_MINUTES = 8
"""Lease and takeover are over after that."""
SETTLE_MINUTES = 11
"""Longer than Salesforce may still work on a request whose answer was lost."""
SETTLING_ROUNDS = 3

HOUSES = {
    "email-message": Make(settings=DAY_SETTINGS),
    "task": Make(settings=DAY_SETTINGS, enhanced_email=False),
    "files-apart": Make(settings=DAY_SETTINGS, switches={"salesforce.files_in_graph": False}),
    "unkeyed": Make(settings=DAY_SETTINGS, keyed=False),
    "unkeyed-task": Make(settings=DAY_SETTINGS, keyed=False, enhanced_email=False),
}
"""`files-apart` is the other answer to probe P9."""


@dataclass(frozen=True, slots=True)
class Point:
    """An accident: at the effect of this number (-1: none), before or after it, or its answer is lost."""

    at: int = -1
    name: str = ""
    moment: Moment = Moment.BEFORE

    def __str__(self) -> str:
        return f"{self.moment} effect {self.at} ({self.name})"


@dataclass(slots=True)
class Day:
    make: Make
    point: Point = Point()
    steps: Sequence[Step] = DAY
    faults: Sequence[Fault] = ()
    """Further bad luck, at the vendors."""
    house: House = field(init=False)
    effects: Effects = field(init=False)
    length: int = 0
    """Effects until the day was over."""

    def __post_init__(self) -> None:
        self.house = House(self.make)
        self.effects = Effects(strike_at=self.point.at, moment=self.point.moment)
        if self.point.moment is Moment.STOPPED:
            self.effects.meanwhile = self._take_over
        for fault in self.faults:
            self.house.world.faults.add(fault)
        self.house.effects, self.house.ports = self.effects, self.house.new_worker(self.effects)

    def live(self) -> list[str]:
        """The whole day; then what is not as it should be."""
        for step in self.steps:
            step.act(self.house)
            self._work()
        for _ in range(SETTLING_ROUNDS):
            self._work(SETTLE_MINUTES)
        self.length = len(self.effects.names)
        return problems(self.house, INTENTS) + restlessness(self.house)

    def _take_over(self) -> None:
        """Another worker does everything while the first stands still."""
        stopped = self.house.ports
        self.house.pass_minutes(DEATH_MINUTES)
        self.house.ports = self.house.new_worker()
        self.house.round()
        self.house.ports = stopped

    def _work(self, minutes: float = 2) -> None:
        self.house.pass_minutes(minutes)
        before = self.effects.struck
        try:
            self.house.round()
        except WorkerDied:
            self.house.pass_minutes(DEATH_MINUTES)
            self.house.restart()
        if self.effects.struck and not before:
            self.house.pass_minutes(2)
            self.house.round()


def restlessness(house: House) -> list[str]:
    """One session more writes nothing, neither there nor here."""
    house.pass_minutes(2)
    before = decisions(house)
    writes = [entry for entry in house.counting(house.round) if is_write(entry)]
    found = [f"one session more wrote {entry.route} {entry.parts}" for entry in writes]
    if decisions(house) != before:
        found.append("one session more decided something")
    if isinstance(house.store, MemoryOrg) and (due := _due_at_once(house)):
        found.append(f"after one session more {due} pairs are to be looked at at once")
    return found


def _due_at_once(house: House) -> int:
    """Whatever a session has looked at has its time later. In a mailbox that was left nothing is looked at."""
    now = house.clock.now()
    left = {number for number, row in house.memory.mailboxes.items() if row.info.leaving}
    links = (row.link for row in house.memory.links.values() if row.link.mailbox_id not in left)
    return sum(link.recheck_at is not None and link.recheck_at <= now for link in links)


def decisions(house: House) -> object:
    """Everything decided; a version that the server moved at rest, and when it was looked at, or is to be looked
    at next, is no decision: of a version as young as its second nobody knows whether it is the last one.
    """
    if not isinstance(house.store, MemoryOrg):
        return house.store.decisions()
    rows = house.memory.items.items()
    items = {key: (replace(row.state, version="", decided_at=START), row.recheck) for key, row in rows}
    links = {place: (_at_rest(row.link), row.recheck) for place, row in house.memory.links.items()}
    return items, links, dict(house.memory.journal), dict(house.memory.saved)


def _at_rest(link: Link) -> Link:
    sides = [side and replace(side, version="") for side in (link.item, link.mirrored)]
    return replace(link, decided_at=START, recheck_at=None, item=sides[0], mirrored=sides[1])


@cache
def points(kind: str) -> tuple[Point, ...]:
    """Every accident that can befall an uneventful day in that kind of house."""
    day = Day(HOUSES[kind])
    assert day.live() == []
    effects = zip(day.effects.names, day.effects.within, strict=True)
    return tuple(_points(tuple(effects)[: day.length]))


def _points(effects: Sequence[tuple[str, bool]]) -> Iterator[Point]:
    for at, (name, within) in enumerate(effects):
        yield Point(at, name, Moment.BEFORE)
        yield Point(at, name, Moment.AFTER)
        if " /" in name:
            yield Point(at, name, Moment.LOST)
        if not within:
            yield Point(at, name, Moment.STOPPED)


def sample(kind: str, every: int, seed: int = 0) -> tuple[Point, ...]:
    """Every k-th point of a shuffled list, so that no rhythm of the day hides anything."""
    shuffled = list(points(kind))
    random.Random(f"{kind}:{seed}").shuffle(shuffled)
    return tuple(shuffled[::every])


def failures(kind: str, chosen: Sequence[Point]) -> list[str]:
    found = []
    for point in chosen:
        day = Day(HOUSES[kind], point)
        found += [f"{kind}, {point}: {problem}" for problem in day.live()]
        if not day.effects.struck:
            found.append(f"{kind}, {point}: did not happen")
    return found
