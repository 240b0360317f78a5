"""One accident at every effect of a day, in every kind of house (tests/simulation/sweep.py)."""

from argparse import ArgumentParser, Namespace

from bench.measured import Measured
from tests.simulation.effects import Moment
from tests.simulation.sweep import HOUSES, failures, points, sample

SHOWN = 20
"""Problems of a house that are told in full; all are counted."""


def options(parser: ArgumentParser) -> None:
    parser.add_argument("houses", nargs="*", help=f"some of: {', '.join(HOUSES)}; all if left out")
    parser.add_argument("--every", type=int, default=1, help="only every k-th accident of a shuffled list")


def measure(asked: Namespace) -> Measured:
    figures, wrong = {}, []
    for house in asked.houses or HOUSES:
        chosen = sample(house, asked.every)
        found = failures(house, chosen)
        tried = {str(moment): sum(point.moment is moment for point in chosen) for moment in Moment}
        figures[house] = {"points": len(points(house)), "tried": tried, "problems": len(found)}
        wrong += found[:SHOWN]
    return Measured(figures, {f"{house}.problems": 0 for house in figures}, wrong)
