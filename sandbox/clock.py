"""Time as the sandbox sees it: the machine's clock, or one that a test moves."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Protocol


class Clock(Protocol):
    def now(self) -> datetime:
        """The present moment, aware, in UTC."""

    def pass_time(self, seconds: float) -> None:
        """Come back when it is that much later."""


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)

    def pass_time(self, seconds: float) -> None:
        time.sleep(seconds)


class ManualClock:
    """A clock that stands still until it is moved, so that a test decides what time it is."""

    def __init__(self, start: datetime) -> None:
        self._now = start

    def now(self) -> datetime:
        return self._now

    def advance(self, by: timedelta) -> None:
        self._now += by

    def pass_time(self, seconds: float) -> None:
        self.advance(timedelta(seconds=seconds))


class Backdated:
    """Another clock's time, except while something is done that began earlier.

    Vendors stamp a row when its transaction starts; others see the row when it ends.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._began: datetime | None = None

    def now(self) -> datetime:
        return self._began or self._clock.now()

    def pass_time(self, seconds: float) -> None:
        self._clock.pass_time(seconds)

    @contextmanager
    def as_of(self, began: datetime) -> Iterator[None]:
        before, self._began = self._began, began
        try:
            yield
        finally:
            self._began = before


def as_http_date(moment: datetime) -> str:
    """For headers: Date, Last-Modified, Retry-After."""
    return format_datetime(moment.astimezone(UTC).replace(microsecond=0), usegmt=True)
