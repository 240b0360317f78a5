"""What a vendor's push says: something changed in this mailbox. Never what; that is read as on every other day."""

from collections.abc import Callable
from dataclasses import dataclass

UNTIL, AGAIN = "push.until", "push.again"
"""Facts of a mailbox (ports/remembered.py): how long the vendor pushes, and when it may be asked again."""


@dataclass(frozen=True, slots=True)
class Hook:
    """Where a vendor is asked to push to, and the word by which its pushes for a mailbox are known."""

    url: str
    word: Callable[[int], str]


@dataclass(frozen=True, slots=True)
class Notice:
    word: str
    """As the hook gave it out, if the notice is genuine."""
    lost: bool = False
    """The vendor says that it will push no more unless it is asked again."""
