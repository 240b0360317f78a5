"""Feeds inputs to a target, one after the other, and counts what should never happen."""

import gc
import json
import os
import resource
import signal
import time
import traceback
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from random import Random
from types import FrameType
from typing import Protocol

HANG = 5.0
"""Seconds of this process's own time that one input may take, busy machines included."""
SAVED_EVERY = 2_000
MOST_FINDINGS = 50
"""Kept of a target; more of them say nothing new."""


class Target(Protocol):
    """What is fed. `feed` raises only what it must not: declared errors are its own to catch."""

    block: int
    """Inputs of one block share what they changed; before each block `start` puts everything back."""

    def start(self) -> None: ...

    def feed(self, dice: Random) -> None:
        """Make one input out of the dice and hand it over."""


class Stateless:
    """A target whose inputs leave nothing behind."""

    block = 1

    def start(self) -> None:
        """There is nothing to put back."""


class Hung(BaseException):
    """Not an Exception: nothing that is fed may swallow it."""


@dataclass(slots=True)
class Figures:
    """Of one target and seed, over all runs that shared the state."""

    inputs: int = 0
    crashes: int = 0
    hangs: int = 0
    cpu_seconds: float = 0.0
    """Of the process, the making of the inputs included."""
    slowest_seconds: float = 0.0
    slowest_input: int = -1
    peak_mb: float = 0.0
    """Resident memory of the process at its largest."""
    grown_mb: float = 0.0
    """How much of that came after the first thousand inputs of a run, at most."""
    findings: list[dict[str, str]] = field(default_factory=list)


def run(
    name: str, target: Target, inputs: int, figures: Figures, *, seed: int = 0, save: Callable[[], None]
) -> None:
    """Go on where `figures` ends. Inputs that crashed or hung are noted, and the next one follows."""
    spent = time.process_time()

    def keep() -> None:
        nonlocal spent
        now = time.process_time()
        figures.cpu_seconds, spent = figures.cpu_seconds + now - spent, now
        save()

    before = signal.signal(signal.SIGVTALRM, _give_up)
    warm = 0.0
    try:
        first = figures.inputs
        for number in range(first, first + inputs):
            if number % target.block == 0 or number == first:
                target.start()
            _one(name, target, seed, number, figures)
            figures.inputs += 1
            figures.peak_mb = max(figures.peak_mb, _peak_mb())
            if number % 1_000 == 999:
                warm = warm or _peak_mb()
                figures.grown_mb = max(figures.grown_mb, _peak_mb() - warm)
            if figures.inputs % SAVED_EVERY == 0:
                gc.collect()
                keep()
    finally:
        signal.signal(signal.SIGVTALRM, before)
        keep()


def again(name: str, target: Target, number: int, seed: int = 0) -> None:
    """Feed that input, after those of its block before it, and let its error through."""
    target.start()
    for before in range(number - number % target.block, number):
        with suppress(Exception):
            target.feed(_dice(name, seed, before))
    target.feed(_dice(name, seed, number))


def _dice(name: str, seed: int, number: int) -> Random:
    return Random(f"{name}:{seed}:{number}")


def _one(name: str, target: Target, seed: int, number: int, figures: Figures) -> None:
    dice = _dice(name, seed, number)
    started = time.process_time()
    signal.setitimer(signal.ITIMER_VIRTUAL, HANG)
    try:
        target.feed(dice)
    except Hung as hung:
        figures.hangs += 1
        _note(figures, number, hung)
    except Exception as crash:
        figures.crashes += 1
        _note(figures, number, crash)
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    took = time.process_time() - started
    if took > figures.slowest_seconds:
        figures.slowest_seconds, figures.slowest_input = took, number


def _give_up(_signal: int, _frame: FrameType | None) -> None:
    raise Hung


def _note(figures: Figures, number: int, error: BaseException) -> None:
    frames = traceback.extract_tb(error.__traceback__)[-6:]
    where = " < ".join(f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in reversed(frames))
    if len(figures.findings) < MOST_FINDINGS:
        said = f"{type(error).__name__}: {str(error)[:200]}"
        figures.findings.append({"input": str(number), "error": said, "where": where})


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def load(path: Path | None) -> dict[str, Figures]:
    """Target and seed → figures so far; a file that does not exist is an empty one."""
    if path is None or not path.exists():
        return {}
    stored: Mapping[str, Mapping[str, object]] = json.loads(path.read_text())
    return {name: Figures(**one) for name, one in stored.items()}  # type: ignore[arg-type]


def store(path: Path | None, figures: Mapping[str, Figures]) -> None:
    """Whole or not at all: a run that is killed loses its last inputs, never the count."""
    if path is not None:
        fresh = path.with_suffix(".new")
        fresh.write_text(json.dumps({name: asdict(one) for name, one in figures.items()}, indent=1))
        os.replace(fresh, path)
