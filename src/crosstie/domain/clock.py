"""Time and chance. The only module of the product that reads the clock, sleeps or draws randomness."""

import secrets
import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Injected wherever time or chance matters, so that a simulation can own both."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""

    def sleep(self, seconds: float) -> None:
        """Wait; a virtual clock moves itself instead."""

    def token(self, size: int = 16) -> str:
        """A fresh URL-safe random name of `size` bytes of entropy."""


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)

    def monotonic(self) -> float:
        """Seconds that never jump, for processes that watch others."""
        return time.monotonic()

    def token(self, size: int = 16) -> str:
        return secrets.token_urlsafe(size)
