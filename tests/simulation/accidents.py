"""What befalls workers and vendors: drawn, armed, and counted when it happens."""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from crosstie.store.memory.world import MemoryOrg
from sandbox.faults import Fault
from sandbox.luck import KINDS
from sandbox.luck import Luck as Weather
from sandbox.salesforce import mishaps
from tests.simulation.effects import Effects, Moment

if TYPE_CHECKING:
    from tests.simulation.database import DatabaseOrg


class Accident(StrEnum):
    NONE = "none"
    DEATH = "death"
    LOST = "lost answer"
    ZOMBIE = "zombie"
    SECOND = "second worker"
    FORGOTTEN = "lost transactions"
    CLOCK = "clock jump"
    VENDOR = "vendor fault"
    WEATHER = "weather"
    RESTORED = "store put back"


WEIGHTS: dict[Accident, int] = {
    Accident.NONE: 2,
    Accident.DEATH: 12,
    Accident.LOST: 6,
    Accident.ZOMBIE: 3,
    Accident.SECOND: 3,
    Accident.FORGOTTEN: 2,
    Accident.CLOCK: 1,
    Accident.VENDOR: 5,
    Accident.WEATHER: 2,
}
POINTS = (Accident.DEATH, Accident.LOST, Accident.ZOMBIE, Accident.SECOND, Accident.FORGOTTEN)
"""Those that strike at an effect."""
TARGETS = ("/composite", "$batch", "journal.", "states.save", "states.remember", "commit", "", "", "")
"""What an accident waits for: any effect whose name holds this."""
LONGEST = timedelta(seconds=500)
"""A request whose client has gone is done by the vendor within this, less than the settle time (600 s)."""


@dataclass(slots=True)
class Fuse:
    """An accident that waits for its effect."""

    kind: Accident
    target: str
    skip: int
    """Fitting effects let through first."""
    before: bool = True

    def burns(self, name: str) -> bool:
        """Whether this is the effect."""
        if self.target not in name:
            return False
        self.skip -= 1
        return self.skip < 0


@dataclass(slots=True)
class Snapshot:
    """The store as it was; restoring it loses every transaction since."""

    tables: dict[str, dict[Any, Any]]

    @classmethod
    def of(cls, memory: MemoryOrg) -> "Snapshot":
        return cls({name: dict(table) for name, table in _tables(memory)})

    def restore(self, memory: MemoryOrg) -> None:
        for name, table in _tables(memory):
            dict.clear(table)
            dict.update(table, self.tables[name])


def snapshot(store: "MemoryOrg | DatabaseOrg") -> Callable[[], None]:
    """The store as it is now; calling it puts that back."""
    if not isinstance(store, MemoryOrg):
        return store.snapshot()
    kept = Snapshot.of(store)
    return lambda: kept.restore(store)


def _tables(memory: MemoryOrg) -> list[tuple[str, dict[Any, Any]]]:
    return [(name, value) for name, value in vars(memory).items() if isinstance(value, dict)]


@dataclass(slots=True)
class Luck:
    """Draws the accidents of one history."""

    dice: random.Random
    keyed: bool
    table: Sequence[Callable[[random.Random], Fault]] = ()
    """Of vendors' faults, where not those of mails are meant."""
    targets: Sequence[str] = ()
    weights: Mapping[Accident, int] = field(default_factory=dict)
    struck: dict[str, int] = field(default_factory=dict)
    faults: int = 0

    def count(self, kind: Accident) -> None:
        self.struck[kind.value] = self.struck.get(kind.value, 0) + 1

    def draw(self) -> Accident:
        weights = dict(self.weights or WEIGHTS)
        if not self.keyed:
            # What an unkeyed org forgets to have written it cannot recognise: promise 2 says so.
            del weights[Accident.FORGOTTEN]
        return self.dice.choices(list(weights), list(weights.values()))[0]

    def fuse(self, kind: Accident) -> Fuse:
        target = self.dice.choice(self.targets or TARGETS)
        return Fuse(kind, target, self.dice.randrange(9 if target == "" else 2), self.dice.random() < 0.5)

    def light(self, effects: Effects, fuse: Fuse, meanwhile: Callable[[], None]) -> None:
        """It happens at the effect that comes now."""
        effects.strike_at, effects.struck = len(effects.names), False
        effects.meanwhile = None
        if fuse.kind is Accident.DEATH:
            effects.moment = Moment.BEFORE if fuse.before else Moment.AFTER
        elif fuse.kind is Accident.LOST:
            effects.moment = Moment.LOST
        else:
            effects.moment, effects.meanwhile = Moment.STOPPED, meanwhile
        self.count(fuse.kind)

    def weather(self) -> Weather:
        """For a round; requests that are done later are left to `fault`, which keeps them from moving mails."""
        kinds = [one.name for one in KINDS if one.name != "finish_later"]
        rate = self.dice.choice((0.03, 0.1, 0.3))
        return Weather(self.dice.getrandbits(32), rate, kinds=kinds)

    def fault(self) -> Fault:
        """Bad luck at a vendor, for one or a few requests."""
        self.faults += 1
        return self.dice.choice(self.table or FAULTS)(self.dice)


def delay(dice: random.Random) -> float:
    return dice.uniform(1, LONGEST.total_seconds())


def graph_refuses(status: int, code: str, route: str, wait: int = 0) -> Callable[[random.Random], Fault]:
    body = f'{{"error": {{"code": "{code}", "message": "Not now."}}}}'.encode()
    headers = (("Retry-After", str(wait)),) if wait else ()
    return lambda dice: Fault(
        "refuse", "graph", route, skip=dice.randrange(4), times=dice.choice((1, 1, 3)), status=status,
        headers=headers, body=body,
    )  # fmt: skip


FAULTS: tuple[Callable[[random.Random], Fault], ...] = (
    lambda dice: mishaps.unavailable(skip=dice.randrange(3), times=dice.choice((1, 2))),
    lambda dice: mishaps.busy(skip=dice.randrange(3), times=dice.choice((1, 2))),
    lambda dice: mishaps.row_lock(
        dice.choice(("EmailMessage", "Task", "ContentVersion")), times=dice.choice((1, 9))
    ),
    lambda _dice: mishaps.lost("lose_answer", route="graph"),
    lambda _dice: mishaps.lost("drop_before", route="graph"),
    lambda dice: mishaps.lost("finish_later", route="graph", delay=delay(dice), early_stamp=dice.random() < 0.5),
    lambda _dice: mishaps.lost("lose_answer", route="collection_create"),
    lambda _dice: mishaps.lost("lose_answer", route="composite"),
    lambda dice: mishaps.lost("finish_later", route="collection_create", delay=delay(dice)),
    graph_refuses(429, "ApplicationThrottled", "batch", 3),
    graph_refuses(429, "ApplicationThrottled", "messages.update", 20),
    graph_refuses(429, "ApplicationThrottled", "messages.delta", 30),
    graph_refuses(503, "ServiceUnavailable", "*"),
    graph_refuses(504, "GatewayTimeout", "messages.update"),
    graph_refuses(423, "ErrorItemLocked", "messages.move"),
    graph_refuses(503, "ServiceUnavailable", "messages.get"),
    graph_refuses(500, "InternalServerError", "batch"),
    lambda dice: Fault("lose_answer", "graph", "batch", skip=dice.randrange(4)),
    lambda dice: Fault("lose_answer", "graph", "messages.update", skip=dice.randrange(2)),
    lambda dice: Fault("lose_answer", "graph", "messages.move"),
    lambda dice: Fault("drop_before", "*", "*", skip=dice.randrange(6)),
)
