"""`crosstie ticker`."""

from argparse import ArgumentParser, Namespace

from crosstie.cli import frame


def configure(parser: ArgumentParser) -> None:
    """No arguments: what is due is decided by the tables alone."""


def run(_options: Namespace) -> int:
    with frame.server():
        from crosstie.jobs import ticker

        ticker.run()
    return 0
