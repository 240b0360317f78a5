"""Mutation testing of engine, rules and mapping: small bugs, drawn by a seed, and who notices them.

Each bug is planted in a copy of the tree and lived through by a process of its own, until a history, or a
test, that goes through its line notices. Runs that share a state file add up; who goes where is kept beside it.
"""

import math
import signal
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Container, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from bench.measured import Measured
from bench.mutation import simulation, suite
from bench.mutation.judging import Court, Judges
from bench.mutation.mutants import Mutant, draw
from bench.mutation.reach import Reach
from bench.mutation.tree import copied
from bench.mutation.verdict import Fate, Row, Verdicts, survivors
from tests.places import ROOT

GOALS = {"simulation": 0.80, "tests": 0.95}
JUDGES: Mapping[str, Judges] = {"simulation": simulation, "tests": suite}


def options(parser: ArgumentParser) -> None:
    parser.add_argument("--seed", type=int, default=1, help="draws the mutants")
    parser.add_argument("--mutants", type=int, default=200, help="that can be imported")
    parser.add_argument("--by", choices=GOALS, default="simulation", help="who is to notice")
    parser.add_argument(
        "--state", type=Path, required=True, help="file in which the verdicts of several runs add up"
    )
    parser.add_argument("--minutes", type=float, help="no further mutant is begun after them")
    parser.add_argument("--first-history", type=int, default=0, help="the seed of the first one")
    parser.add_argument("--histories", type=int, default=40, help="of each kind, to choose from")
    parser.add_argument("--most", type=int, default=40, help="histories or tests a mutant may take to be noticed")
    parser.add_argument("--again", action="store_true", help="ask once more about those that nobody noticed")


def measure(asked: Namespace) -> Measured:
    verdicts, until = Verdicts.read(asked.state), _until(asked.minutes)
    with _interruptible(), copied(ROOT) as tree:
        drawn = draw(tree.root, asked.seed)
        court = Court(tree, JUDGES[asked.by], asked.most)
        reach = _reach(court, asked, _until(asked.minutes and asked.minutes / 2))
        old = set(survivors(verdicts.rows)) if asked.again else set()
        for mutant in _due(drawn, verdicts, asked.mutants, old):
            if time.monotonic() > until:
                break
            verdict, text = court.judge(mutant, reach)
            verdicts.rows[mutant.name] = Row.of(mutant, text, verdict, tree.sources)
            verdicts.write(asked.state)
        figures = verdicts.shown(_first(drawn, verdicts, asked.mutants), tree.sources)
    whole = {"seed": asked.seed, "by": asked.by, "places": len(drawn), **figures}
    failing = [f"{name} fails on the true code: {said}" for name, said in reach.failing.items()]
    whole["judges"] = {"chosen_from": len(reach.seconds), "failing": failing}
    goals = {"score": GOALS[asked.by]} if figures["mutants"] >= asked.mutants else {}
    return Measured(whole, at_least=goals)


@contextmanager
def _interruptible() -> Iterator[None]:
    """Whoever ends the run ends its child, and takes the copy away."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _until(minutes: float | None) -> float:
    return time.monotonic() + minutes * 60 if minutes is not None else math.inf


def _reach(court: Court, asked: Namespace, until: float) -> Reach:
    """Recorded anew when anything changed that a history's end depends on, for half of the time at most."""
    path = asked.state.with_name(asked.state.name + ".reach")
    reach = Reach.read(path)
    if reach.sources != court.tree.sources:
        reach = Reach(court.tree.sources)
    for _ in court.record(reach, court.judges.parts(court.tree.root, asked)):
        reach.write(path)
        if time.monotonic() > until:
            break
    return reach


def _due(drawn: Sequence[Mutant], verdicts: Verdicts, wanted: int, old: Container[str]) -> Iterator[Mutant]:
    """Until so many were judged that can be imported. Each one's verdict is there when the next is asked for."""
    counted = 0
    for mutant in drawn:
        if counted >= wanted:
            return
        if mutant.name not in verdicts.rows or mutant.name in old:
            yield mutant
        counted += verdicts.rows[mutant.name].fate is not Fate.BROKEN


def _first(drawn: Sequence[Mutant], verdicts: Verdicts, wanted: int) -> Iterator[Mutant]:
    """Of the judged ones those that `wanted` takes."""
    counted = 0
    for mutant in drawn:
        if counted >= wanted or (row := verdicts.rows.get(mutant.name)) is None:
            return
        yield mutant
        counted += row.fate is not Fate.BROKEN
