"""Decides what is due. For now nothing is: the process only stays up."""

from crosstie.domain.clock import Clock, SystemClock

INTERVAL = 2.0
"""Seconds between looks."""


def run(clock: Clock | None = None) -> None:
    """Until the process is ended."""
    clock = clock or SystemClock()
    while True:
        clock.sleep(INTERVAL)
