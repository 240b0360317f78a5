"""`crosstie ticker`."""

from argparse import ArgumentParser, Namespace

from crosstie.cli import frame
from crosstie.config import logs


def configure(parser: ArgumentParser) -> None:
    """No arguments: what is due is decided by the tables alone."""


def run(_options: Namespace) -> int:
    with frame.server():
        from crosstie.jobs import ticker

        logs.guard_threads()
        ticker.run()
    return 0
