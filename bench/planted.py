"""Bugs planted in the product, and the history that finds each (tests/simulation/planted.py)."""

import argparse
import json
import sys

from tests.simulation.planted import BUGS, SEEDS, find


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="bench planted", description=__doc__)
    parser.add_argument("--seeds", type=int, default=SEEDS, help="histories a bug may take to be found")
    parser.add_argument("--json", action="store_true", help="everything, as JSON")
    asked = parser.parse_args(arguments)
    rows = {}
    for bug in BUGS:
        found = find(bug, range(asked.seeds))
        rows[bug.name] = {"seed": found[0], "told": found[1]} if found else None
        if not asked.json:
            print(f"{bug.name:<50} {f'seed {found[0]}: {found[1]}' if found else 'NOT FOUND'}", flush=True)
    missed = [name for name, row in rows.items() if row is None]
    if asked.json:
        print(json.dumps({"planted": len(rows), "found": len(rows) - len(missed), "bugs": rows}, indent=2))
    for name in missed:
        print(f"not found: {name}", file=sys.stderr)
    return 1 if missed else 0
