"""Clocks of the product that move only when told: one of its own, and one beside a sandbox."""

from datetime import UTC, datetime, timedelta

from sandbox.clock import ManualClock

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


class WorldClock:
    """domain.clock.Clock beside a sandbox: the product's time is the world's, and sleeping moves it."""

    def __init__(self, world: ManualClock) -> None:
        self.world = world
        self.slept: list[float] = []
        self.ahead = timedelta()
        """How far the machine's clock is ahead of everybody else's."""
        self._names = 0

    def now(self) -> datetime:
        return self.world.now() + self.ahead

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.pass_time(seconds)

    def pass_time(self, seconds: float) -> None:
        self.world.advance(timedelta(seconds=seconds))

    def token(self, size: int = 16) -> str:
        self._names += 1
        return f"name-{self._names}-".ljust(size * 4 // 3, "x")
