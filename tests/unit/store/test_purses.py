"""Two processes that count the same thing at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from django.db import connection

from crosstie.store import purses
from tests.clocks import StepClock

MANY = 40


def test_none_is_lost(tables: None, clock: StepClock) -> None:
    def spend(_: int) -> int:
        try:
            return purses.spend("test", "somebody", clock.now(), timedelta(hours=1))
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(spend, range(MANY))) == list(range(1, MANY + 1))
