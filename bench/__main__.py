"""`python -m bench [calls] [--json]`: counts side by side in one run, and whether they meet their goals.

`python -m bench matrix` tries every trouble at every address and takes the better part of an hour.
`python -m bench simulation` runs generated histories, `python -m bench planted` plants bugs for them to find, and
`python -m bench fuzz` feeds hostile input; they have options of their own.
"""

import argparse
import json
import sys
from collections.abc import Callable, Mapping
from typing import Any

from bench import calls, matrix, planted, sandbox, simulation
from bench.fuzz import command
from tests.matrix import judge

BENCHES: Mapping[str, Callable[[], dict[str, Any]]] = {
    "calls": calls.count,
    "matrix": matrix.count,
    "sandbox": sandbox.measure,
}
LONG = frozenset({"matrix"})
"""Only when asked for by name."""
GOALS: Mapping[str, float] = {
    "calls.idle_org.1.salesforce_per_tick": 7 / 6,
    "calls.idle_org.10.salesforce_per_tick": 7 / 6,
    "calls.idle_org.100.salesforce_per_tick": 7 / 6,
    "calls.idle_org.1.graph_http_per_session": 1,
    "calls.idle_org.10.graph_http_per_session": 1,
    "calls.idle_org.100.graph_http_per_session": 1,
    "calls.fifty_mails.salesforce_beside_tick": 3,
    "calls.fifty_mails.graph_http_per_mailbox": 4,
    "matrix.failed": 0,
    "matrix.max_requests.a_session": judge.A_SESSION,
    "matrix.max_requests.a_tick": judge.A_TICK,
    "matrix.max_requests.an_hour": judge.AN_HOUR,
    "matrix.max_requests.second_hour_at_the_address": judge.LATER_HOUR,
}
"""At most."""


def main() -> int:
    own = {"simulation": simulation.main, "planted": planted.main, "fuzz": command.main}
    if sys.argv[1:2] and sys.argv[1] in own:
        return own[sys.argv[1]](sys.argv[2:])
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("name", nargs="?", choices=sorted(BENCHES), help="which one; all when left out")
    parser.add_argument("--json", action="store_true", help="the figures alone, as JSON")
    asked = parser.parse_args()
    names = [asked.name] if asked.name else sorted(BENCHES.keys() - LONG)
    figures = {name: BENCHES[name]() for name in names}
    missed = [path for path, value in _flat(figures) if value > GOALS.get(path, float("inf"))]
    if asked.json:
        print(json.dumps(figures[asked.name] if asked.name else figures, indent=2))
    else:
        for path, value in _flat(figures):
            goal = f"  (goal: at most {GOALS[path]:.4g})" if path in GOALS else ""
            print(f"{path:<45} {value:>8.4g}{goal}{'  MISSED' if path in missed else ''}")
    for path in missed:
        print(f"missed: {path}", file=sys.stderr)
    return 1 if missed else 0


def _flat(figures: Mapping[str, Any], before: str = "") -> list[tuple[str, float]]:
    found: list[tuple[str, float]] = []
    for name, value in figures.items():
        path = f"{before}{name}"
        if isinstance(value, Mapping):
            found += _flat(value, f"{path}.")
        else:
            found.append((path, float(len(value) if isinstance(value, list) else value)))
    return found


if __name__ == "__main__":
    sys.exit(main())
