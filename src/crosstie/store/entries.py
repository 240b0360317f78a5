"""How an operation begins as a row of the journal."""

from crosstie.domain.operations import Kind
from crosstie.ports.journal import Journaled, Status

OF_MAILS = (Kind.SAVE, Kind.JOIN)
"""What is done about e-mails; their states are item states, those of events are links."""


def first_status(operation: Journaled) -> Status:
    """A skip is over as soon as it is said, and nobody else may make what is being made."""
    if operation.kind is Kind.SKIP:
        return Status.SKIPPED
    return Status.SENT if operation.kind is Kind.MAKE else Status.PLANNED
