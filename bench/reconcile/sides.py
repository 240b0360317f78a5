"""A calendar and an org in this process, which hand out listings and take writes; what each says costs nothing."""

import time
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

from crosstie.domain.calendar import CalendarItem, ChangeItem, ItemWrite, Present, When
from crosstie.domain.clock import Clock
from crosstie.domain.mailboxes import SALESFORCE_CATEGORY, Cursor, Span, WriteResult
from crosstie.domain.records import Record, RecordRef, RecordUpdate, Value, WriteStatus, Written
from crosstie.ports.calendar import CalendarObservation
from crosstie.ports.crm import CrmCapabilities

CURSOR = "calendar"


class Unsound(Exception):
    """What was measured did not do its work, so the figure is worth nothing."""


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds by the clock on the wall, and seconds of a processor, which others' work does not lengthen much."""

    wall: float = 0.0
    processor: float = 0.0

    def __add__(self, more: "Spent") -> "Spent":
        return Spent(self.wall + more.wall, self.processor + more.processor)

    def __sub__(self, other: "Spent") -> "Spent":
        return Spent(self.wall - other.wall, self.processor - other.processor)

    @classmethod
    def so_far(cls, *helpers: int) -> "Spent":
        """By this process, and by those that work for it."""
        theirs = sum(int(Path(f"/proc/{one}/schedstat").read_text().split()[0]) for one in helpers)
        return cls(time.perf_counter(), time.process_time() + theirs / 1e9)


def item_id_of(number: int) -> str:
    """As long as Graph's."""
    return f"{number:07d}".rjust(152, "A")


def record_id_of(number: int) -> str:
    return f"00U{number:015d}"


def item_of(number: int, now: datetime) -> CalendarItem:
    start = now.replace(second=0, microsecond=0) + timedelta(minutes=number % 50_000)
    return CalendarItem(
        item_id=item_id_of(number),
        version=_version(number, 0),
        when=When(start, start + timedelta(minutes=30), "Europe/Berlin"),
        uid=f"040000008200E00074C5B7101A82E008{number:016d}",
        subject=f"Visit {number}",
        text=f"Bring the plans of plant {number}, and the list of what is missing.",
        location=f"Room {number % 40}",
        categories=frozenset({SALESFORCE_CATEGORY}),
        reminder=timedelta(minutes=15),
    )


def _version(number: int, edit: int) -> str:
    """As long as a changeKey."""
    return sha256(f"{number} {edit}".encode()).hexdigest()[:40]


@dataclass(slots=True)
class Diary:
    """Of ports.calendar.Calendar and ports.mailbox.Mailbox what a reconcile asks of them."""

    shown: dict[str, Present]
    edits: int = 0
    _order: Sequence[str] = field(init=False)

    def __post_init__(self) -> None:
        self._order = tuple(self.shown)

    def edit(self, number: int) -> None:
        """A person calls it otherwise."""
        item = self.shown[item_id_of(number)].item
        self._put(replace(item, subject=f"{item.subject.partition(',')[0]}, edit {self.edits}"))

    def calendar(self) -> "Diary":
        return self

    def prepare(self) -> None:
        """The categories are there."""

    def observe(self, cursors: Mapping[str, Cursor], _window: Span, *, limit: int) -> CalendarObservation:
        """The whole listing once more, for a cursor that died, a slice at a time; a cursor is the number of those
        told already.
        """
        begin = int(cursors[CURSOR].token) if CURSOR in cursors else 0
        listed = self._order[begin : begin + limit]
        end = begin + len(listed)
        return CalendarObservation(
            tuple(self.shown[item_id] for item_id in listed),
            (Cursor(CURSOR, str(end)),),
            listed=frozenset(listed),
            begins=not begin,
            more=end < len(self.shown),
            anew=end == len(self.shown),
        )

    def coming(self, _days: Span, _limit: int) -> Sequence[CalendarItem]:
        raise Unsound("nobody looks at what is coming")

    def retire(self) -> None:
        raise Unsound("nobody leaves")

    def items(self, item_ids: Sequence[str], _doubted: Set[str] = frozenset(), /) -> Mapping[str, CalendarItem]:
        return {item_id: self.shown[item_id].item for item_id in item_ids}

    def apply(self, writes: Sequence[ItemWrite]) -> Sequence[WriteResult]:
        return [self._written(write) for write in writes]

    def _written(self, write: ItemWrite) -> WriteResult:
        if not isinstance(write, ChangeItem):
            raise Unsound("an item that nobody wants, or that nobody took away")
        return WriteResult(write.item.item_id, self._put(write.item))

    def _put(self, item: CalendarItem) -> str:
        self.edits += 1
        version = _version(len(self.shown), self.edits)
        self.shown[item.item_id] = Present(replace(item, version=version))
        return version


@dataclass(slots=True)
class Ledger:
    """Of ports.crm.Crm what a reconcile asks of it."""

    clock: Clock
    org: CrmCapabilities
    rows: dict[str, Record]

    def edit(self, number: int) -> None:
        """A person changes where it is."""
        record_id = record_id_of(number)
        self._put(record_id, {"Location": f"Plant {self.clock.now():%H%M%S} {number}"})

    def capabilities(self) -> CrmCapabilities:
        return self.org

    def records(self, _records: Sequence[RecordRef], _fields: object) -> Mapping[str, Record]:
        """All that there are: nobody looks at others than they asked for."""
        return self.rows

    def create(self, drafts: Sequence[object]) -> Sequence[Written]:
        raise Unsound(f"{len(drafts)} records that nobody wants")

    def delete(self, records: Sequence[object]) -> Sequence[Written]:
        raise Unsound(f"{len(records)} records that nobody took away")

    def update(self, updates: Sequence[RecordUpdate]) -> Sequence[Written]:
        for update in updates:
            self._put(update.ref.record_id, update.fields)
        return [Written(WriteStatus.UPDATED, update.ref.record_id) for update in updates]

    def _put(self, record_id: str, fields: Mapping[str, Value]) -> None:
        row = self.rows[record_id]
        self.rows[record_id] = Record(row.ref, self.clock.now(), {**row.fields, **fields})
