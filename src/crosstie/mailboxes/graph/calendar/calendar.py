"""A Microsoft 365 mailbox's calendar as the engine sees it."""

from collections.abc import Mapping, Sequence, Set

from crosstie.domain.calendar import CalendarItem, ItemWrite
from crosstie.domain.mailboxes import Cursor, Span, WriteResult
from crosstie.mailboxes.graph.calendar.changes import CalendarChanges
from crosstie.mailboxes.graph.calendar.coming import coming
from crosstie.mailboxes.graph.calendar.writes import CalendarWrites
from crosstie.mailboxes.graph.client import GraphClient
from crosstie.mailboxes.graph.marks import Marks
from crosstie.ports.calendar import CalendarObservation


class GraphCalendar:
    """Implements ports.calendar.Calendar; opened with its mailbox, for one session."""

    def __init__(self, client: GraphClient, marks: Marks) -> None:
        self._client = client
        self._marks = marks
        self.changes = CalendarChanges(client)
        self._writes = CalendarWrites(client)

    def prepare(self) -> None:
        self._marks.prepare_calendar()

    def retire(self) -> None:
        self._marks.retire()

    def observe(self, cursors: Mapping[str, Cursor], window: Span, *, limit: int) -> CalendarObservation:
        return self.changes.observe(cursors, window, limit=limit)

    def items(self, item_ids: Sequence[str], doubted: Set[str] = frozenset(), /) -> Mapping[str, CalendarItem]:
        return self.changes.items(item_ids, doubted)

    def coming(self, days: Span, limit: int) -> Sequence[CalendarItem]:
        return coming(self._client, days, limit)

    def apply(self, writes: Sequence[ItemWrite]) -> Sequence[WriteResult]:
        return self._writes.apply(writes)
