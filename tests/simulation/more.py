"""Histories that have more of something than others have: of what a rare bug takes to show."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest.mock import patch

More = Sequence[tuple[object, str, Any]]
"""Module, name, and the value that takes its place."""


@contextmanager
def more_of(several: More) -> Iterator[None]:
    with ExitStack() as stack:
        for module, name, value in several:
            stack.enter_context(patch.object(module, name, value))
        yield
