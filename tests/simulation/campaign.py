"""Many histories, one after the other or by several processes; their figures add up over runs in a file."""

import gc
import json
import os
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from functools import partial
from pathlib import Path
from typing import Any

from tests.simulation import history as of_mails
from tests.simulation.calendar import history as of_calendars
from tests.simulation.calendar.amid import AMID
from tests.simulation.calendar.cells import CELLS as CALENDAR_CELLS
from tests.simulation.cells import CELLS
from tests.simulation.course import Counts, Course, Outcome
from tests.simulation.more import more_of

MAIL, CALENDAR = "mail", "calendar"
KINDS: Mapping[str, tuple[Callable[[int, bool], Course], Sequence[str]]] = {
    MAIL: (of_mails.History, CELLS),
    CALENDAR: (of_calendars.History, CALENDAR_CELLS),
}
"""What a history can be of: how one is made, and the cells of its decision table."""
KEPT = 200
"""Violations remembered in full; all are counted."""
AT_ONCE = 20
"""Histories a process runs before it reports."""
POINTS = "crash_points"


@dataclass(slots=True)
class Figures(Counts):
    histories: int = 0
    on_database: int = 0
    seconds: float = 0.0
    """CPU time."""
    of: Counter[str] = field(default_factory=Counter)
    """How many histories of which kind."""
    violations: list[str] = field(default_factory=list)
    next_seed: int = 0

    def add(self, one: Outcome, of: str = MAIL, amid: Sequence[str] = ()) -> None:
        self.histories += 1
        self.of[of] += 1
        self.count(one)
        room = KEPT - len(self.violations)
        self.violations += [f"{repeat(one.seed, of, amid)}: {problem}" for problem in one.violations][
            : max(room, 0)
        ]

    def join(self, other: "Figures") -> None:
        """What another process has found."""
        self.count(other)
        for name in ("histories", "on_database", "seconds", "of"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.violations = (self.violations + other.violations)[:KEPT]

    def shown(self) -> dict[str, Any]:
        """Cells that were never met have a nought."""
        found = {one.name: getattr(self, one.name) for one in fields(self)} | {POINTS: self.crash_points}
        known = [name for of in KINDS if self.of[of] for name in KINDS[of][1]]
        found["cells"] = {name: self.cells[name] for name in (*known, *sorted(self.cells.keys() - set(known)))}
        return {name: dict(value) if isinstance(value, Counter) else value for name, value in found.items()}

    @classmethod
    def read(cls, path: Path) -> "Figures":
        found = json.loads(path.read_text())
        del found[POINTS]
        for name in ("of", "accidents", "cells", "either"):
            found[name] = +Counter(found[name])
        return cls(**found)


def repeat(seed: int, of: str, amid: Sequence[str] = ()) -> str:
    """The command that runs one history again."""
    again = f"python -m bench simulation --of {of} --histories 1 --first-seed {seed}"
    return " ".join((again, "--amid", *amid)) if amid else again


def run(seed: int, *, on_database: bool = False, of: str = MAIL) -> Outcome:
    """One history. Whatever it raises is a violation as well: nothing may leave the engine uncaught."""
    history = KINDS[of][0](seed, on_database)
    try:
        return history.live()
    except Exception as error:
        return Outcome(seed, [f"{type(error).__name__}: {error}"])


def run_some(
    seeds: Iterable[int], *, on_database: int = 0, of: Sequence[str] = (MAIL,), amid: Sequence[str] = ()
) -> Figures:
    """Every so many of them with PostgreSQL as their store, those of the seeds that it divides. `amid`: of what
    those of calendars have more.
    """
    figures, began = Figures(), time.process_time()
    with _swept_between(), more_of([one for name in amid for one in AMID[name]]):
        for seed in seeds:
            on_it = on_database > 0 and seed % on_database == 0
            for kind in of:
                figures.add(run(seed, on_database=on_it, of=kind), kind, amid)
                figures.on_database += on_it
                gc.collect()
    figures.seconds = time.process_time() - began
    return figures


@contextmanager
def _swept_between() -> Iterator[None]:
    """Within a history the search for circles of garbage finds little, and costs a sixteenth of the time."""
    gc.collect()
    gc.freeze()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.unfreeze()


def campaign(
    histories: int,
    first_seed: int | None,
    jobs: int,
    state: Path | None,
    on_database: int = 0,
    of: Sequence[str] = (MAIL,),
    amid: Sequence[str] = (),
) -> Figures:
    """So many of each kind. Go on from the state's file, if there is one; it is written after each handful."""
    figures = Figures.read(state) if state and state.exists() else Figures()
    first = figures.next_seed if first_seed is None else first_seed
    parts = list(_parts(range(first, first + histories)))
    for part, found in zip(parts, _found(parts, jobs, on_database, of, amid), strict=True):
        figures.join(found)
        figures.next_seed = max(figures.next_seed, part.stop)
        if state:
            beside = state.with_name(state.name + ".new")
            beside.write_text(json.dumps(figures.shown(), indent=1))
            os.replace(beside, state)
    return figures


def _parts(seeds: range) -> Iterator[range]:
    for start in range(seeds.start, seeds.stop, AT_ONCE):
        yield range(start, min(start + AT_ONCE, seeds.stop))


def _found(
    parts: list[range], jobs: int, on_database: int, of: Sequence[str], amid: Sequence[str]
) -> Iterator[Figures]:
    some = partial(run_some, on_database=on_database, of=of, amid=amid)
    if jobs < 2:
        yield from map(some, parts)
        return
    with ProcessPoolExecutor(jobs) as pool:
        yield from pool.map(some, parts)
