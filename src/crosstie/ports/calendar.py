"""A mailbox's calendar, whichever vendor keeps it."""

from collections.abc import Collection, Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import Protocol

from crosstie.domain.calendar import Absent, CalendarItem, ItemWrite, Present
from crosstie.domain.mailboxes import Cursor, Span, WriteResult


@dataclass(frozen=True, slots=True)
class CalendarObservation:
    """What one slice saw. The cursors are stored only together with what was decided about it."""

    told: tuple[Present | Absent, ...]
    cursors: tuple[Cursor, ...]
    series: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Series that changed → the items there are of each within the window now, the series itself not among them.
    No deletion of an occurrence is told by itself.
    """
    baseline: frozenset[str] = frozenset()
    """Ids of items that were listed as part of the first listing."""
    more: bool = False
    listed: frozenset[str] | None = None
    """Ids of what is there, as far as a listing that is made once more got with this slice; None where only
    changes are told.
    """
    begins: bool = False
    """That listing began within this slice: what an earlier one got counts no more."""
    anew: bool = False
    """That listing is over, and was made for a cursor that had died: what went away meanwhile is not told.
    Whatever is remembered and was not listed is to be asked for by its id.
    """
    trouble: str = ""
    """The code of what kept the calendar from being read; its cursor stayed where it was."""

    def with_page(self, later: "CalendarObservation") -> "CalendarObservation":
        """This and the page after it as one; of an item that both tell of, the later one counts. What was listed
        is its reader's to keep.
        """
        told = self.told or later.told
        if self.told and later.told:
            again = {one.item_id for one in later.told}
            told = (*(one for one in self.told if one.item_id not in again), *later.told)
        return CalendarObservation(
            told=told,
            cursors=later.cursors or self.cursors,
            series={**self.series, **later.series},
            baseline=self.baseline | later.baseline if later.baseline else self.baseline,
            more=later.more,
            begins=self.begins or later.begins,
            anew=self.anew or later.anew,
            trouble=later.trouble or self.trouble,
        )

    def changes(self, known: Mapping[str, Collection[str]]) -> tuple[Present | Absent, ...]:
        """What was told, and what it means: an item of a changed series that is not of it any more is absent.

        `known`: series id → the ids of its items that are remembered; of those in `series`, at least.
        """
        named = {one.item_id for one in self.told}
        missing = {
            item_id: None
            for series_id, there in self.series.items()
            for item_id in known.get(series_id, ())
            if item_id not in there and item_id not in named
        }
        return (*self.told, *map(Absent, missing))


class Calendar(Protocol):
    """The main calendar of a mailbox, opened for one session. Raises the errors of `domain/errors.py`."""

    def prepare(self) -> None:
        """See that the categories exist; make them where they are missing. Idempotent, and free once found."""

    def retire(self) -> None:
        """Take our categories off the list to choose from; items that bear them keep them. Idempotent."""

    def observe(self, cursors: Mapping[str, Cursor], window: Span, *, limit: int) -> CalendarObservation:
        """Read what changed since the cursors, about `limit` items at most. The window is the cursor's, wide and
        wanted of a new one only: what a living cursor was begun with holds until it is given up.

        A series comes as its master and its occurrences in the window, the occurrences complete; whenever
        anything of it changed all of them come, and `series` says so.
        """

    def items(self, item_ids: Sequence[str], doubted: Set[str] = frozenset(), /) -> Mapping[str, CalendarItem]:
        """Their present state, wherever in time; those that are deleted are absent. `doubted`: of these the stream
        may have told before that they are gone.
        """

    def coming(self, days: Span, limit: int) -> Sequence[CalendarItem]:
        """What happens in these days, the first first, about `limit` at most, for showing live."""

    def apply(self, writes: Sequence[ItemWrite]) -> Sequence[WriteResult]:
        """Carry the writes out, in order per item, in as few calls as the vendor allows; one result a write.

        A create that was carried out before answers with the item it made, and without a version where that item
        is not as it is wanted now. Raises Fatal before anything is written where a write could mail somebody by
        what it is: a create with attendees, a change of who comes.
        """
