"""Generated histories of a company, with accidents, judged by what people meant (tests/simulation)."""

import argparse
import json
from pathlib import Path

from tests.simulation.campaign import Figures, campaign


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="bench simulation", description=__doc__)
    parser.add_argument("--histories", type=int, default=100)
    parser.add_argument("--first-seed", type=int, help="without it, a run goes on where the state's file ends")
    parser.add_argument("--jobs", type=int, default=1, help="processes")
    parser.add_argument("--state", type=Path, help="a file in which the figures of several runs add up")
    parser.add_argument("--json", action="store_true", help="everything, as JSON")
    asked = parser.parse_args(arguments)
    figures = campaign(asked.histories, asked.first_seed, asked.jobs, asked.state)
    print(json.dumps(figures.shown(), indent=2) if asked.json else _told(figures))
    return 1 if figures.violations else 0


def _told(figures: Figures) -> str:
    shown = figures.shown()
    missed = [name for name, hits in shown["cells"].items() if not hits]
    lines = [f"{name:<14}{shown[name]:>12,.0f}" for name in shown if isinstance(shown[name], int | float)]
    lines.append(f"cells never met: {', '.join(missed) or 'none'}")
    lines += [f"either {times:>7,}  {why}" for why, times in figures.either.most_common()]
    return "\n".join(
        [*lines, *(f"VIOLATION {one}" for one in figures.violations), f"{len(figures.violations)} violations"]
    )
