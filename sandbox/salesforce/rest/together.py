"""All of it or none: what composites, graphs and collections mean by `allOrNone`."""

from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

from sandbox.salesforce.org import Org

T = TypeVar("T")


class _UndoneError(Exception):
    """Leaves a transaction that is not to be kept."""


def kept_if_good(org: Org, act: Callable[[], tuple[T, bool]]) -> tuple[T, bool]:
    """What `act` answered: a result and whether its writes shall stay. If not, they are undone."""
    outcome: tuple[T, bool] | None = None
    with suppress(_UndoneError), org.transaction():
        outcome = act()
        if not outcome[1]:
            raise _UndoneError
    assert outcome is not None
    return outcome
