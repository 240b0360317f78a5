"""The only place with concurrency: many slow calls at once, answers in order."""

from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

from crosstie.domain.errors import CrosstieError

T = TypeVar("T")


class Fanout(Protocol):
    def run(self, calls: Sequence[Callable[[], T]], *, timeout: float) -> Sequence[T | CrosstieError]:
        """Each call's value, or the error it raised; one that is not back in `timeout` seconds yields Retry.

        Errors other than CrosstieError are programming errors and are raised.
        """
