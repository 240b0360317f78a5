"""What a customer has set up in an org beyond its fields: rules a write has to pass, and who may do what."""

from dataclasses import dataclass, field

from sandbox.salesforce.customer.rules import DuplicateRule, ValidationRule


@dataclass(slots=True)
class Customer:
    """By object name unless said otherwise."""

    validation: dict[str, list[ValidationRule]] = field(default_factory=dict)
    duplicates: dict[str, list[DuplicateRule]] = field(default_factory=dict)
