"""The course of a generated history: rounds in which Crosstie works, and what befalls it, all drawn from one seed.

People act before, between and during sessions: each effect of the engine hands the baton to them first.
"""

import random
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from typing import Any

from crosstie.domain.mailboxes import Lease
from crosstie.engine import batch
from tests.simulation.accidents import POINTS, Accident, Fuse, Luck, snapshot
from tests.simulation.effects import Effects, WorkerDied
from tests.simulation.house import House
from tests.simulation.leases import Leases

CALM = timedelta(minutes=25)
"""After trouble everything that was put off is done within that time."""
DEATH = timedelta(minutes=8)
DAY = timedelta(hours=25)
"""What a person has to act on is tried again by itself once a day."""


@dataclass(slots=True, kw_only=True)
class Counts:
    """What is counted in a history, and what those of many come to."""

    effects: int = 0
    faults: int = 0
    deeds: int = 0
    sessions: int = 0
    letters: int = 0
    matters: int = 0
    """Appointments, meetings, series and Events."""
    records: int = 0
    overwritten: int = 0
    """The stated exception of promise 1: words of two who wrote one field within the flight of one write."""
    compared: int = 0
    """Appointments and meetings that were compared with their Events, field by field."""
    accidents: Counter[str] = field(default_factory=Counter)
    cells: Counter[str] = field(default_factory=Counter)
    either: Counter[str] = field(default_factory=Counter)

    @property
    def crash_points(self) -> int:
        return sum(self.accidents[kind.value] for kind in POINTS)

    def count(self, other: "Counts") -> None:
        for one in fields(Counts):
            setattr(self, one.name, getattr(self, one.name) + getattr(other, one.name))


@dataclass(slots=True)
class Outcome(Counts):
    seed: int
    violations: list[str]


@dataclass(slots=True)
class Course(ABC):
    seed: int
    on_database: bool = False
    dice: random.Random = field(init=False)
    house: House = field(init=False)
    luck: Luck = field(init=False)
    leases: Leases = field(init=False)
    spent: list[Effects] = field(default_factory=list)
    fuse: Fuse | None = None
    snapshot: Callable[[], None] | None = None
    kept_until: datetime = field(init=False)
    """When the snapshot was taken: what was stored since is to be lost."""
    troubled: datetime = field(init=False)
    known_from: int = 0
    """The number at which the tick began that the sessions under way rest on."""
    sessions: int = 0
    talks: Sequence[float] = (0.0, 0.02, 0.06, 0.15)
    """How often people act before an effect: in a round, one of these."""
    _busy: bool = False
    _crossing: bool = False
    _talk: float = 0.0

    # -- what a history says of itself

    @abstractmethod
    def deed(self, *, during: bool = False) -> None:
        """Somebody does something."""

    @abstractmethod
    def live(self) -> Outcome:
        """The whole of it."""

    @abstractmethod
    def mourn(self) -> None:
        """Somebody does something after a death, before a new worker has looked at anything."""

    @abstractmethod
    def observe(self) -> None:
        """Look at what the vendors hold now."""

    @abstractmethod
    def forget(self) -> None:
        """Transactions were lost."""

    @abstractmethod
    def tick(self) -> None: ...

    @abstractmethod
    def heard(self, name: str, args: tuple[Any, ...]) -> None:
        """A write to a port; for Effects."""

    def is_alone(self) -> bool:
        """Whether whoever follows a worker that died is a new process, which knows nothing of the vendors."""
        return True

    def outcome(self, found: list[str], **more: Any) -> Outcome:
        return Outcome(
            self.seed,
            found,
            effects=sum(len(one.names) for one in self.spent),
            accidents=Counter(self.luck.struck),
            faults=self.luck.faults,
            sessions=self.sessions,
            **more,
        )

    # -- Crosstie works

    def round(self) -> None:
        self.bring_bad_luck()
        self._talk = self.dice.choice(self.talks)
        self.wait()
        self._look_at_the_sky()
        self.through()
        self._look_at_the_sky()
        self._talk = 0.0

    def wait(self) -> None:
        self.house.pass_minutes(self.dice.choice((1, 2, 2, 5, 12, 31)))

    def through(self) -> None:
        try:
            self.work(self.dice.random() < 0.75, deeds=self.dice.choice((0, 0, 0, 1, 2)))
        except WorkerDied:
            self.bury()

    def _look_at_the_sky(self) -> None:
        """Bad luck at the vendors is trouble while it lasts; the weather lasts a round."""
        faults = self.house.world.faults
        if faults.waiting or faults.luck:
            self.trouble()
        if faults.luck and faults.luck.asked:
            self.luck.faults += sum(faults.luck.done.values())
            faults.luck = None

    def work(self, everybody: bool, deeds: int = 0) -> None:
        """A tick, people's deeds, and the sessions of everybody, of some, or of who is due."""
        self.tick()
        for _ in range(deeds):
            self.deed()
        people = tuple(self.house.ids)
        chosen = people if everybody else self.dice.sample(people, self.dice.choice((1, 2)))
        for person in chosen:
            self.house.store.wake(self.house.ids[person])
        for _ in range(6):
            leases = self.house.claim()
            if not leases:
                break
            self.hold_sessions(leases)

    def hold_sessions(self, leases: Sequence[Lease]) -> Sequence[batch.SessionReport]:
        reports = batch.run(self.house.ports, leases)
        self.observe()
        self.sessions += len(reports)
        self.house.errors.update(report.error_code for report in reports if report.error_code)
        return reports

    # -- accidents

    def bring_bad_luck(self) -> None:
        self.house.clock.ahead = timedelta()
        if self.fuse and not self.snapshot:
            self.fuse.target = ""  # what it waited for did not come
        if self.fuse or self.snapshot:
            return
        self._draw()

    def _draw(self) -> None:
        kind = self.luck.draw()
        if kind is Accident.VENDOR:
            self.house.world.faults.add(self.luck.fault())
        elif kind is Accident.WEATHER:
            self.house.world.faults.luck = self.luck.weather()
        elif kind is Accident.CLOCK:
            self.trouble()
            self.luck.count(kind)
            self.house.clock.ahead = timedelta(seconds=self.dice.uniform(-150, 150))
        elif kind is not Accident.NONE:
            self.fuse = self.luck.fuse(kind)

    def _before_effect(self, name: str) -> None:
        """The baton: people first, then bad luck."""
        if self._busy:
            return
        while self._talk and self.dice.random() < self._talk:
            self.deed(during=True)
        if self.fuse and self.fuse.burns(name):
            self._strike(name)

    def _strike(self, name: str) -> None:
        fuse, effects = self.fuse, self.house.effects
        assert fuse is not None
        if fuse.kind is Accident.LOST and " /" not in name:
            fuse.skip = 0
            return
        if fuse.kind in (Accident.ZOMBIE, Accident.SECOND, Accident.FORGOTTEN) and effects.depth:
            fuse.skip = 0
            return
        self.trouble()
        if fuse.kind is Accident.FORGOTTEN and self.snapshot is None:
            self.snapshot, self.kept_until = snapshot(self.house.store), self.house.manual.now()
            self.fuse = Fuse(fuse.kind, "", self.dice.randrange(1, 14))
            return
        self.fuse = None
        if fuse.kind is Accident.SECOND:
            self.luck.count(fuse.kind)
            self._second_worker(everybody=True)
        elif fuse.kind is Accident.FORGOTTEN:
            self.luck.light(effects, Fuse(Accident.DEATH, "", 0), self._take_over)
            self.luck.count(fuse.kind)
            self.luck.struck[Accident.DEATH.value] -= 1
        else:
            self.luck.light(effects, fuse, self._take_over)
        if fuse.kind in (Accident.LOST, Accident.SECOND) and self.dice.random() < 0.7:
            self._draw()

    def _take_over(self) -> None:
        """The worker stands still until another one has taken over."""
        self.house.manual.advance(DEATH)
        self._second_worker(everybody=True)

    def _second_worker(self, *, everybody: bool) -> None:
        """Somebody else works while ours is in the middle of something."""
        mine = (self.house.effects, self.house.ports, self.known_from)
        self._busy = self._crossing = True
        try:
            self._start()
            self.work(everybody)
        finally:
            self._busy = False
            self.house.effects, self.house.ports, self.known_from = mine
        self.trouble()

    def bury(self) -> None:
        """The process is gone; after lease and takeover a new one starts."""
        if self.snapshot:
            self.snapshot()
            self.forget()
            self.snapshot = None
        self.trouble()
        self.house.manual.advance(DEATH)
        self.hire()
        self.observe()
        for _ in range(self.dice.choice((0, 1, 1, 2))):
            self.mourn()

    def hire(self) -> None:
        self._start(alone=self.is_alone())
        effects = self.house.effects
        effects.before, effects.heard, effects.done = self._before_effect, self.heard, self.leases.done

    def _start(self, *, alone: bool = True) -> None:
        """A worker whose records are seen as they are made: it may take one back at once."""
        self.house.restart(alone=alone)
        effects = self.house.effects
        effects.after = lambda name: self.observe() if "/services/data" in name else None
        self.spent.append(effects)

    def trouble(self) -> None:
        self.troubled = max(self.troubled, self.house.manual.now())

    def end_of_trouble(self) -> None:
        """Bad luck is over, everybody is resumed."""
        house = self.house
        self.fuse, self.snapshot, house.clock.ahead = None, None, timedelta()
        house.world.faults.clear()
        house.manual.advance(DEATH)
        house.app.finish(all_of_them=True)
        for number in house.ids.values():
            house.store.set_running(number, True)
        self.hire()
