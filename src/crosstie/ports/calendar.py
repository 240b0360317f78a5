"""A mailbox's calendar, whichever vendor keeps it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from crosstie.domain.calendar import Absent, CalendarItem, ItemWrite, Present
from crosstie.domain.mailboxes import Cursor, Span, WriteResult


@dataclass(frozen=True, slots=True)
class CalendarObservation:
    """What one slice saw. The cursors are stored only together with what was decided about it."""

    changes: tuple[Present | Absent, ...]
    cursors: tuple[Cursor, ...]
    baseline: frozenset[str] = frozenset()
    """Ids of items that were listed as part of the first listing."""
    more: bool = False
    trouble: str = ""
    """The code of what kept the calendar from being read; its cursor stayed where it was."""


class Calendar(Protocol):
    """The main calendar of a mailbox, opened for one session. Raises the errors of `domain/errors.py`."""

    def prepare(self) -> None:
        """See that the categories exist; make them where they are missing. Idempotent, and free once found."""

    def observe(self, cursors: Mapping[str, Cursor], window: Span, *, limit: int) -> CalendarObservation:
        """Read what changed since the cursors, about `limit` items at most. The window is the cursor's, wide and
        wanted of a new one only: what a living cursor was begun with holds until it is given up.

        A series comes as its master and its occurrences in the window, the occurrences complete; whenever
        anything of it changed all of them come, and one that is missing then is reported Absent.
        """

    def items(self, item_ids: Sequence[str]) -> Mapping[str, CalendarItem]:
        """Their present state, wherever in time; those that are deleted are absent."""

    def apply(self, writes: Sequence[ItemWrite]) -> Sequence[WriteResult]:
        """Carry the writes out, in as few calls as the vendor allows; one result a write. A create that was
        carried out before answers with the item it made.
        """
