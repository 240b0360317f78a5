"""A clock that moves only when told."""

from datetime import UTC, datetime, timedelta

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class StepClock:
    """domain.clock.Clock under the test's control; tokens are numbered."""

    def __init__(self, start: datetime = START) -> None:
        self.moment = start
        self._tokens = 0

    def now(self) -> datetime:
        return self.moment

    def sleep(self, seconds: float) -> None:
        self.step(seconds)

    def token(self, size: int = 16) -> str:
        self._tokens += 1
        return f"{self._tokens:0{2 * size}d}"

    def step(self, seconds: float) -> datetime:
        self.moment += timedelta(seconds=seconds)
        return self.moment
