"""The rules themselves, as values that a saved world can hold."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.salesforce.formula.parse import Formula
from sandbox.salesforce.ids import Id

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


@dataclass(frozen=True, slots=True)
class RecordTypeUse:
    """What one profile may do with the record types of one object."""

    available: frozenset[Id]
    default: Id | None
    """None: the master record type, which leaves RecordTypeId empty."""


@dataclass(frozen=True, slots=True)
class Dependency:
    controller: str
    """Name of the controlling picklist or checkbox."""
    allowed: Mapping[str, tuple[str, ...]]
    """Values by the controlling value; a checkbox is `true` or `false`."""
