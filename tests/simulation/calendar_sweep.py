"""The life of two people's appointments with one accident in it, and the work until everything is settled."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache

from tests.simulation.desk import CALENDAR, Desk
from tests.simulation.effects import Effects, Moment, WorkerDied
from tests.simulation.house import House, Make
from tests.simulation.life import LIFE, is_ready, problems
from tests.simulation.sweep import DEATH_MINUTES, SETTLE_MINUTES, SETTLING_ROUNDS, Point, restlessness

HOUSES = {
    "keyed": Make(settings=CALENDAR),
    "unkeyed": Make(settings=CALENDAR, keyed=False),
    "on-database": Make(settings=CALENDAR, on_database=True),
}
NOWHERE = Point()
PATIENCE = 8
"""Rounds that people wait until what they want to edit is there."""


@dataclass(frozen=True, slots=True)
class Blow:
    """An accident at an effect; `beside`: the worker that stands still keeps its lease, and a second one works."""

    point: Point = NOWHERE
    beside: bool = False

    def __str__(self) -> str:
        return f"{self.point}{', a second worker beside it' if self.beside else ''}"


UNEVENTFUL = Blow()


@dataclass(slots=True)
class Life:
    make: Make
    blow: Blow = UNEVENTFUL
    house: House = field(init=False)
    effects: Effects = field(init=False)
    length: int = 0
    """Effects until the last deed was done and worked off once."""

    def __post_init__(self) -> None:
        self.house = House(self.make)
        self.house.round()
        self.effects = Effects(strike_at=self.blow.point.at, moment=self.blow.point.moment)
        if self.blow.point.moment is Moment.STOPPED:
            self.effects.meanwhile = self._second_worker
        self.house.effects, self.house.ports = self.effects, self.house.new_worker(self.effects)

    def live(self) -> list[str]:
        """The whole life; then what is not as it should be."""
        for deed in LIFE:
            for _ in range(PATIENCE):
                if is_ready(self.house, deed):
                    break
                self._work(SETTLE_MINUTES)
            if not is_ready(self.house, deed):
                return [f"before '{deed.name}': {', '.join((*deed.here, *deed.there))} are not all there"]
            deed.act(*(_desks(self.house)))
            self._work(2 + 60 * deed.hours)
        self.length = len(self.effects.names)
        for _ in range(SETTLING_ROUNDS):
            self._work(SETTLE_MINUTES)
        return problems(self.house) + restlessness(self.house)

    def _second_worker(self) -> None:
        stopped = self.house.ports
        self.house.pass_minutes(0 if self.blow.beside else DEATH_MINUTES)
        self.house.ports = self.house.new_worker()
        self.house.round()
        self.house.ports = stopped

    def _work(self, minutes: float) -> None:
        self.house.pass_minutes(minutes)
        try:
            self.house.round()
        except WorkerDied:
            self.house.pass_minutes(DEATH_MINUTES)
            self.house.restart()


def _desks(house: House) -> tuple[Desk, Desk]:
    return Desk(house, "ada"), Desk(house, "ben")


@cache
def blows(kind: str) -> tuple[Blow, ...]:
    """Every accident that can befall an uneventful life in that kind of house."""
    life = Life(HOUSES[kind])
    assert life.live() == []
    effects = tuple(zip(life.effects.names, life.effects.within, strict=True))
    return tuple(_blows(effects[: life.length]))


def _blows(effects: Sequence[tuple[str, bool]]) -> Iterator[Blow]:
    for at, (name, within) in enumerate(effects):
        yield Blow(Point(at, name, Moment.BEFORE))
        yield Blow(Point(at, name, Moment.AFTER))
        if " /" in name:
            yield Blow(Point(at, name, Moment.LOST))
        if not within:
            yield Blow(Point(at, name, Moment.STOPPED))
            yield Blow(Point(at, name, Moment.STOPPED), beside=True)


def sample(kind: str, every: int, seed: int = 0) -> tuple[Blow, ...]:
    shuffled = list(blows(kind))
    random.Random(f"calendar:{kind}:{seed}").shuffle(shuffled)
    return tuple(shuffled[::every])


def failures(kind: str, chosen: Sequence[Blow]) -> list[str]:
    found = []
    for blow in chosen:
        life = Life(HOUSES[kind], blow)
        found += [f"{kind}, {blow}: {problem}" for problem in life.live()]
        if not life.effects.struck:
            found.append(f"{kind}, {blow}: did not happen")
    return found
