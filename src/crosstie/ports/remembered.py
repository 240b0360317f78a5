"""What a mailbox's connector found out once and need not ask again."""

from collections.abc import Mapping
from typing import Protocol


class Remembered(Protocol):
    """Small facts of one mailbox, such as folder ids and the day something was checked; never content.

    Losing them costs calls, nothing else.
    """

    def get(self, mailbox_id: int) -> Mapping[str, str]:
        """Everything that was put for the mailbox; empty when nothing was."""

    def put(self, mailbox_id: int, facts: Mapping[str, str]) -> None:
        """Replace what is remembered of the mailbox."""
