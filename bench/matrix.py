"""Every trouble at every address the product uses: how the cases ended, and how often the vendors were asked.

Takes the better part of an hour.
"""

from argparse import ArgumentParser, Namespace
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import Any

from bench.measured import Measured
from tests.matrix import judge
from tests.matrix.cases import everything, used
from tests.matrix.judge import Outcome, run

PROCESSES = 2
FAILURES = 50
"""Shown; all are counted."""
GOALS = {
    "failed": 0.0,
    "max_requests.a_session": judge.A_SESSION,
    "max_requests.a_tick": judge.A_TICK,
    "max_requests.an_hour": judge.AN_HOUR,
    "max_requests.second_hour_at_the_address": judge.LATER_HOUR,
}


def options(_parser: ArgumentParser) -> None:
    """There is nothing to choose."""


def measure(_asked: Namespace) -> Measured:
    with ProcessPoolExecutor(PROCESSES) as pool:
        found = figures(list(pool.map(run, everything(), chunksize=20)))
    return Measured(found, GOALS, found["failures"])


def figures(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    wrong = [outcome for outcome in outcomes if outcome.problems]
    by_group = Counter(outcome.case.trouble.group.name.lower() for outcome in outcomes)
    return {
        "addresses": len(used()),
        "cases": len(outcomes),
        "happened": sum(outcome.happened for outcome in outcomes),
        "by_class": dict(sorted(by_group.items())),
        "failed": len(wrong),
        "max_requests": {
            "a_session": max(outcome.session_requests for outcome in outcomes),
            "a_tick": max(outcome.tick_requests for outcome in outcomes),
            "an_hour": max(outcome.hour_requests for outcome in outcomes),
            "second_hour_at_the_address": max(outcome.asked[1] for outcome in outcomes),
        },
        "failures": [f"{outcome.case}: {'; '.join(outcome.problems)}" for outcome in wrong[:FAILURES]],
    }
