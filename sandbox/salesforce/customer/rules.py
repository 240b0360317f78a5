"""The rules themselves, as values that a saved world can hold."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sandbox.salesforce.formula.parse import Formula

Predicate = Callable[[dict[str, Any]], bool]
"""Whether a row-to-be (values as stored) is refused; for tests in process, since a saved world keeps none."""


@dataclass(frozen=True, slots=True)
class ValidationRule:
    name: str
    condition: Formula | Predicate
    """True refuses the write."""
    message: str
    field: str | None = None
    active: bool = True


@dataclass(frozen=True, slots=True)
class DuplicateRule:
    fields: tuple[str, ...]
    name: str
