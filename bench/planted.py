"""Bugs planted in the product, and the history that finds each (tests/simulation/planted.py)."""

from argparse import ArgumentParser, Namespace

from bench.measured import Measured
from tests.simulation.planted import BUGS, SEEDS, find


def options(parser: ArgumentParser) -> None:
    parser.add_argument("--seeds", type=int, default=SEEDS, help="histories a bug may take to be found")


def measure(asked: Namespace) -> Measured:
    rows, wrong = {}, []
    for bug in BUGS:
        if found := find(bug, range(asked.seeds)):
            rows[bug.name] = {"seed": found[0], "told": found[1]}
        else:
            wrong.append(f"not found: {bug.name}")
    return Measured({"planted": len(BUGS), "found": len(rows), "bugs": rows}, wrong=wrong)
