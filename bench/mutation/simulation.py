"""Generated histories as judges, of mails and of calendars."""

from argparse import Namespace
from pathlib import Path

from tests.simulation.campaign import KINDS

program = "bench.mutation.lives"
at_once = 20


def parts(_root: Path, asked: Namespace) -> list[str]:
    """In turn, so that the first few are of each kind."""
    seeds = range(asked.first_history, asked.first_history + asked.histories)
    return [f"{kind} {seed}" for seed in seeds for kind in KINDS]
