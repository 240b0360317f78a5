"""Generated histories of a company, with accidents, judged by what people meant (tests/simulation).

Runs that share a state file go on where the last one ended, and their figures add up. A cell is a case of the
decision table; one with a nought was never met.
"""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from bench.measured import Measured
from tests.simulation.calendar.amid import AMID
from tests.simulation.campaign import KINDS, campaign

BOTH = "both"


def options(parser: ArgumentParser) -> None:
    parser.add_argument("--of", choices=(*KINDS, BOTH), default=BOTH, help="what the histories are of")
    parser.add_argument("--amid", nargs="*", choices=AMID, default=[], help="what those of calendars have more of")
    parser.add_argument("--histories", type=int, default=100, help="of each kind")
    parser.add_argument("--first-seed", type=int, help="without it, a run goes on where the state's file ends")
    parser.add_argument("--jobs", type=int, default=1, help="processes")
    parser.add_argument("--database", type=int, default=50, help="every so many on PostgreSQL; 0: none")
    parser.add_argument("--state", type=Path, help="a file in which the figures of several runs add up")


def measure(asked: Namespace) -> Measured:
    of = tuple(KINDS) if asked.of == BOTH else (asked.of,)
    figures = campaign(asked.histories, asked.first_seed, asked.jobs, asked.state, asked.database, of, asked.amid)
    return Measured(figures.shown(), wrong=figures.violations)
