"""`crosstie worker`."""

from argparse import ArgumentParser, Namespace

from crosstie.cli import frame
from crosstie.config import logs


def configure(parser: ArgumentParser) -> None:
    parser.add_argument("--concurrency", type=int, help="jobs at the same time (CROSSTIE_CONCURRENCY)")


def run(options: Namespace) -> int:
    if options.concurrency is not None and options.concurrency < 1:
        raise frame.CommandError("--concurrency must be 1 or more.")
    with frame.server() as config:
        from crosstie.jobs.worker import run_worker

        logs.guard_threads()
        return run_worker(options.concurrency or config.concurrency)
