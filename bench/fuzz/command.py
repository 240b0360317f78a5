"""The command: which target, how many inputs, and where the count is kept."""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path

from bench.fuzz.runner import Figures, again, load, run, store
from bench.fuzz.targets import TARGETS


def main(arguments: Sequence[str]) -> int:
    """1 when there was a crash or a hang, in this run or one before it that the state file tells of."""
    parser = argparse.ArgumentParser(prog="bench fuzz", description=__doc__)
    parser.add_argument(
        "--target", choices=sorted(TARGETS), action="append", help="may be repeated; all if left out"
    )
    parser.add_argument("--inputs", type=int, default=1_000, help="of each target, beside those there were")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--state", type=Path, help="file that keeps the count over several runs")
    parser.add_argument("--input", type=int, help="feed the one input of this number, and let its error through")
    parser.add_argument("--json", action="store_true", help="the figures alone, as JSON")
    asked = parser.parse_args(arguments)
    names = asked.target or sorted(TARGETS)
    if asked.input is not None:
        again(names[0], TARGETS[names[0]](), asked.input, asked.seed)
        return 0
    figures = load(asked.state)
    for name in names:
        own = figures.setdefault(f"{name}:{asked.seed}", Figures())
        run(
            name,
            TARGETS[name](),
            asked.inputs,
            own,
            seed=asked.seed,
            save=lambda: store(asked.state, figures),
        )
    shown = {name: replace(one, findings=[]) for name, one in figures.items()}
    if asked.json:
        whole = {
            "inputs": sum(one.inputs for one in shown.values()),
            "targets": {n: asdict(f) for n, f in shown.items()},
        }
        print(json.dumps(whole, indent=2))
    else:
        for name, one in shown.items():
            print(
                f"{name:<20} {one.inputs:>9} inputs  {one.crashes} crashes  {one.hangs} hangs  "
                f"{one.cpu_seconds:.0f} s, slowest {one.slowest_seconds:.2f} s, {one.peak_mb:.0f} MB at most"
            )
    for name, one in figures.items():
        for finding in one.findings:
            print(f"{name} input {finding['input']}: {finding['error']}\n    {finding['where']}", file=sys.stderr)
    return 1 if any(one.crashes or one.hangs for one in figures.values()) else 0
