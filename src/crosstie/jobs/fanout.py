"""Threads for slow calls: one pool, answers in order, a latecomer is left behind."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import TypeVar

from django.db import connections

from crosstie.domain.errors import CrosstieError, Retry

T = TypeVar("T")


class Threads:
    """Implements ports.Fanout. A call that outlives its timeout goes on, but nobody listens to it any more."""

    def __init__(self, size: int = 16) -> None:
        self._pool = ThreadPoolExecutor(size, thread_name_prefix="fanout")

    def run(self, calls: Sequence[Callable[[], T]], *, timeout: float) -> Sequence[T | CrosstieError]:
        futures = [self._pool.submit(_leave_no_connection, call) for call in calls]
        wait(futures, timeout=timeout)
        return [_answer(future) for future in futures]


def _leave_no_connection(call: Callable[[], T]) -> T | CrosstieError:
    """A thread that asked the database for something gives its connection back."""
    try:
        return _try(call)
    finally:
        connections.close_all()


def _answer(future: "Future[T | CrosstieError]") -> T | CrosstieError:
    if not future.done():
        future.cancel()
        return Retry("SLOW")
    return future.result()


class InTurn:
    """Implements ports.Fanout one after the other, for simulations that own the order of everything."""

    def run(self, calls: Sequence[Callable[[], T]], *, timeout: float) -> Sequence[T | CrosstieError]:  # noqa: ARG002
        return [_try(call) for call in calls]


def _try(call: Callable[[], T]) -> T | CrosstieError:
    try:
        return call()
    except CrosstieError as error:
        return error
