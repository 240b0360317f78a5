"""Tests as judges, but for generated histories and for those that need PostgreSQL."""

from argparse import Namespace
from pathlib import Path

program = "bench.mutation.trials"
at_once = 1
FOLDERS = ("unit/rules", "unit/mapping", "unit/engine", "contract", "simulation", "calendars", "unit/accounts")
"""Of `tests`, those that notice most for what they cost first."""
USES = ("crosstie.engine", "crosstie.rules", "crosstie.mapping", "tests.simulation")
LEFT_OUT = ("test_histories.py", "test_calendar_histories.py", "test_planted.py")
"""Histories are judges of their own."""


def parts(root: Path, _asked: Namespace) -> list[str]:
    files = (path for folder in FOLDERS for path in sorted((root / "tests" / folder).rglob("test_*.py")))
    return [str(path.relative_to(root)) for path in files if path.name not in LEFT_OUT and _uses(path)]


def _uses(path: Path) -> bool:
    return any(word in path.read_text() for word in USES)
