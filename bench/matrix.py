"""Every trouble at every address the product uses: how the cases ended, and how often the vendors were asked.

Takes the better part of an hour of two processes; runs that share a state file go on where the last one ended. The
cases are taken in an order that is shuffled once for all, so that a part of them is a sample of the whole.
"""

import json
import os
import random
from argparse import ArgumentParser, Namespace
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from bench.measured import Measured
from tests.matrix import judge
from tests.matrix.cases import everything, used
from tests.matrix.judge import Outcome, run

AT_ONCE = 40
"""Cases after which the state's file is written."""
FAILURES = 50
"""Shown; all are counted."""
GOALS = {
    "failed": 0.0,
    "max_requests.a_session": judge.A_SESSION,
    "max_requests.a_tick": judge.A_TICK,
    "max_requests.an_hour": judge.AN_HOUR,
    "max_requests.second_hour_at_the_address": judge.LATER_HOUR,
}


@dataclass(slots=True)
class Figures:
    cases: int = 0
    happened: int = 0
    failed: int = 0
    by_class: dict[str, int] = field(default_factory=dict)
    max_requests: dict[str, int] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)

    def add(self, outcome: Outcome) -> None:
        self.cases += 1
        self.happened += outcome.happened
        group = outcome.case.trouble.group.name.lower()
        self.by_class[group] = self.by_class.get(group, 0) + 1
        asked = {
            "a_session": outcome.session_requests,
            "a_tick": outcome.tick_requests,
            "an_hour": outcome.hour_requests,
            "second_hour_at_the_address": outcome.asked[1],
        }
        self.max_requests = {name: max(self.max_requests.get(name, 0), count) for name, count in asked.items()}
        if outcome.problems:
            self.failed += 1
            self.failures = [*self.failures, f"{outcome.case}: {'; '.join(outcome.problems)}"][:FAILURES]


def options(parser: ArgumentParser) -> None:
    parser.add_argument("--cases", type=int, help="so many more; all that are left if left out")
    parser.add_argument("--jobs", type=int, default=2, help="processes")
    parser.add_argument("--state", type=Path, help="a file in which the figures of several runs add up")


def measure(asked: Namespace) -> Measured:
    figures = _read(asked.state)
    wanted = list(everything())
    random.Random("matrix").shuffle(wanted)
    last = len(wanted) if asked.cases is None else figures.cases + asked.cases
    with ProcessPoolExecutor(asked.jobs) as pool:
        for start in range(figures.cases, min(last, len(wanted)), AT_ONCE):
            for outcome in pool.map(run, wanted[start : min(start + AT_ONCE, last)], chunksize=5):
                figures.add(outcome)
            _write(asked.state, figures)
    return Measured(shown(figures, len(wanted)), GOALS, figures.failures)


def shown(figures: Figures, there_are: int) -> dict[str, Any]:
    return {"addresses": len(used()), "of": there_are, **asdict(figures)}


def _read(state: Path | None) -> Figures:
    if not (state and state.exists()):
        return Figures()
    return Figures(**json.loads(state.read_text()))


def _write(state: Path | None, figures: Figures) -> None:
    if state:
        beside = state.with_name(state.name + ".new")
        beside.write_text(json.dumps(asdict(figures), indent=1))
        os.replace(beside, state)
