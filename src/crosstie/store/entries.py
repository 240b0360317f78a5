"""How an operation reads as a row of the journal."""

from crosstie.domain.operations import Join, Make, Save, Skip
from crosstie.domain.records import RecordRef
from crosstie.ports.journal import Status

KIND_OF_MAKE = "make"


def item_of(make: Make) -> str:
    """A row needs something that it is about; no item of a mailbox is called so."""
    return f"made:{make.key}"


def kind_of(operation: Save | Join | Skip) -> str:
    return type(operation).__name__.lower()


def record_of(operation: Save | Join | Skip) -> RecordRef | None:
    return operation.record if isinstance(operation, Join) else None


def key_of(operation: Save | Join | Skip) -> str:
    return "" if isinstance(operation, Skip) else operation.key


def first_status(operation: Save | Join | Skip) -> Status:
    """A skip is over as soon as it is said."""
    return Status.SKIPPED if isinstance(operation, Skip) else Status.PLANNED
