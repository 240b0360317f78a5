"""`python -m bench [NAME] [--json]`: figures side by side in one run, and whether they meet their goals.

Without a name: the quick counts (calls), and what else there is.
"""

import argparse
import json
import logging
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from bench import activation, calls, links, matrix, pages, planner, planted, sandbox, simulation, sweep, workday
from bench.fuzz import command as fuzz
from bench.measured import Measured
from bench.mutation import command as mutation


class Bench(Protocol):
    __doc__: str | None

    def options(self, parser: ArgumentParser) -> None: ...

    def measure(self, asked: Namespace) -> Measured: ...


QUICK = "calls"
QUIET = logging.NullHandler()
"""What the product logs while trouble is staged would bury the figures."""
BENCHES: Mapping[str, Bench] = {
    QUICK: calls,
    "activation": activation,
    "fuzz": fuzz,
    "links": links,
    "matrix": matrix,
    "mutation": mutation,
    "pages": pages,
    "planner": planner,
    "planted": planted,
    "sandbox": sandbox,
    "simulation": simulation,
    "sweep": sweep,
    "workday": workday,
}


def main(arguments: Sequence[str]) -> int:
    logging.getLogger("crosstie").addHandler(QUIET)
    parser = _parser()
    named = parser.parse_args(arguments).name
    asked = parser.parse_args(arguments if named else [*arguments, QUICK])
    found = BENCHES[asked.name].measure(asked)
    missed = found.missed()
    if asked.json:
        print(json.dumps(found.figures, indent=2))
    else:
        for path, value in found.flat().items():
            goal = f"  ({said})" if (said := found.told(path)) else ""
            shown = value if isinstance(value, str) else f"{value:>10.6g}"
            print(f"{path:<45} {shown}{goal}{'  MISSED' if path in missed else ''}")
        if not named:
            others = [f"  {name:<12}{_purpose(bench)}" for name, bench in BENCHES.items() if name != QUICK]
            print("\nThere is more:", *others, sep="\n")
    for problem in [*(f"missed: {path}" for path in missed), *found.wrong]:
        print(problem, file=sys.stderr)
    return 1 if missed or found.wrong else 0


def _parser() -> ArgumentParser:
    parser = ArgumentParser(prog="bench", description=__doc__)
    commands = parser.add_subparsers(dest="name", metavar="NAME")
    for name, bench in BENCHES.items():
        one = commands.add_parser(name, help=_purpose(bench), description=bench.__doc__)
        _take_json(one, argparse.SUPPRESS)
        bench.options(one)
    _take_json(parser, False)
    return parser


def _take_json(parser: ArgumentParser, default: Any) -> None:
    """Before the bench's name or after it: one that is left out there does not undo the other."""
    parser.add_argument("--json", action="store_true", default=default, help="the figures alone, as JSON")


def _purpose(bench: Bench) -> str:
    return (bench.__doc__ or "").partition("\n")[0].rstrip(".")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
