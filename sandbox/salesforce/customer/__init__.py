"""What a customer has set up in an org beyond its fields: rules a write has to pass, and who may do what."""

from dataclasses import dataclass, field

from sandbox.salesforce.customer.rules import (
    AssignmentEntry,
    Dependency,
    DuplicateRule,
    RecordTypeUse,
    ValidationRule,
)
from sandbox.salesforce.ids import Id


@dataclass(slots=True)
class Customer:
    """By object name unless said otherwise."""

    validation: dict[str, list[ValidationRule]] = field(default_factory=dict)
    duplicates: dict[str, list[DuplicateRule]] = field(default_factory=dict)
    record_types: dict[tuple[Id, str], RecordTypeUse] = field(default_factory=dict)
    """By profile and object; what is not here may use every record type and has none by default."""
    record_type_values: dict[tuple[Id, str], tuple[str, ...]] = field(default_factory=dict)
    """By record type and picklist: the values it offers. What is not here offers all of them."""
    dependencies: dict[tuple[str, str], Dependency] = field(default_factory=dict)
    """By object and dependent picklist."""
    assignment: dict[Id, tuple[AssignmentEntry, ...]] = field(default_factory=dict)
    """By assignment rule; the first entry that fits names the owner."""
