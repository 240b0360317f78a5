"""The rules themselves, as values that a saved world can hold."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

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


OnDuplicate = Literal["block", "alert", "report", "ignore"]
"""Refused; refused unless the client says allowSave; saved and noted; not looked at."""


@dataclass(frozen=True, slots=True)
class Matching:
    """Which rows of an object are the same as the one written: all pairs of fields are equal."""

    name: str
    object: str
    pairs: tuple[tuple[str, str], ...]
    """Our field and theirs; either may be a path such as `Account.Name`."""


@dataclass(frozen=True, slots=True)
class DuplicateRule:
    name: str
    matchings: tuple[Matching, ...]
    on_insert: OnDuplicate = "alert"
    on_update: OnDuplicate = "ignore"
    message: str = "Use one of these records?"


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


@dataclass(frozen=True, slots=True)
class AssignmentEntry:
    condition: Formula | None
    """None: every record."""
    owner: Id
