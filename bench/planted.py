"""Bugs planted in the product, and the history that finds each (tests/simulation/planted.py)."""

from argparse import ArgumentParser, Namespace

from bench.measured import Measured
from tests.simulation import planted
from tests.simulation.calendar import planted as of_calendars
from tests.simulation.campaign import KINDS
from tests.simulation.planted import SEEDS, Planted, find


def options(parser: ArgumentParser) -> None:
    parser.add_argument("--seeds", type=int, default=SEEDS, help="histories a bug may take to be found")
    parser.add_argument("--first-seed", type=int, default=0, help="the first of these histories")
    parser.add_argument("--bugs", nargs="*", default=[], metavar="NAME", help="these alone")
    parser.add_argument("--of", nargs="*", choices=KINDS, default=list(KINDS), help="what the histories are of")


def measure(asked: Namespace) -> Measured:
    rows, wrong = {}, []
    bugs, seeds = _chosen(asked), range(asked.first_seed, asked.first_seed + asked.seeds)
    for bug in bugs:
        if found := find(bug, seeds):
            rows[bug.name] = {"seed": found[0], "told": found[1]}
        else:
            wrong.append(f"not found: {bug.name}")
    return Measured({"planted": len(bugs), "found": len(rows), "bugs": rows}, wrong=wrong)


def _chosen(asked: Namespace) -> list[Planted]:
    known = (*planted.BUGS, *of_calendars.BUGS)
    return [bug for bug in known if bug.of in asked.of and (not asked.bugs or bug.name in asked.bugs)]
