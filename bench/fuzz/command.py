"""Hostile input by the million: what reads it ends with a declared error, never with another and never late.

An input is a function of target, seed and number, so that a finding is seen again by its number alone
(`--input NUMBER`), and runs that share a state file go on where the last one ended.
"""

from argparse import ArgumentParser, Namespace
from dataclasses import asdict
from pathlib import Path

from bench.fuzz.runner import Figures, again, load, run, store
from bench.fuzz.targets import TARGETS
from bench.measured import Measured


def options(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--target", choices=sorted(TARGETS), action="append", help="may be repeated; all if left out"
    )
    parser.add_argument("--inputs", type=int, default=1_000, help="of each target, beside those there were")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--state", type=Path, help="file that keeps the count over several runs")
    parser.add_argument("--input", type=int, help="feed the one input of this number, and let its error through")


def measure(asked: Namespace) -> Measured:
    """Of this run and of those before it that the state file tells of."""
    names = asked.target or sorted(TARGETS)
    if asked.input is not None:
        again(names[0], TARGETS[names[0]](), asked.input, asked.seed)
        return Measured({"inputs": 1})
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
    targets = {name: asdict(one) for name, one in figures.items()}
    goals = {f"targets.{name}.{what}": 0.0 for name in targets for what in ("crashes", "hangs")}
    whole = {"inputs": sum(one.inputs for one in figures.values()), "targets": targets}
    return Measured(whole, goals, [_told(name, finding) for name in figures for finding in figures[name].findings])


def _told(name: str, finding: dict[str, str]) -> str:
    return f"{name} input {finding['input']}: {finding['error']}\n    {finding['where']}"
