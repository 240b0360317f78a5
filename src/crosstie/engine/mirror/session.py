"""One mailbox's calendar in one session: what both sides said, what was decided, and what became of it."""

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field

from crosstie.domain.calendar import Absent, CalendarItem, Present
from crosstie.domain.links import Bond, Link, LogPage
from crosstie.domain.mirroring import Mirroring
from crosstie.domain.records import Record
from crosstie.engine.session import Session
from crosstie.ports.calendar import Calendar, CalendarObservation
from crosstie.ports.links import Remembered
from crosstie.rules.calendar.leading import Turn


@dataclass(frozen=True, slots=True)
class Pair:
    """An item, a record, or both, and what is remembered of them. `gone` and `deleted` tell that a half is no
    more; a record that was `asked` for, and is neither shown nor deleted, is hidden.
    """

    link: Link | None
    item_id: str
    record_id: str
    item: CalendarItem | None
    record: Record | None
    gone: bool
    asked: bool
    deleted: bool
    turn: Turn = Turn.LEAD
    """Its item's, among those that are joined to the record."""
    heir: str = ""
    """The User who is to own the record, which this mailbox's leaves to those who are still on it."""

    @property
    def bond(self) -> Bond:
        return self.link.bond if self.link else Bond.NONE


@dataclass(slots=True, eq=False)
class Mirror:
    """The part of a session that keeps its calendar."""

    session: Session
    calendar: Calendar
    observation: CalendarObservation = field(default_factory=lambda: CalendarObservation((), ()))
    stopped: bool = False
    """A further page of the calendar could not be read."""
    lists: bool = False
    """The calendar was listed once more, or a part of it."""
    listed: set[str] = field(default_factory=set)
    """What that listing has shown in this session."""
    remembered: Sequence[Remembered] | None = None
    """Everything that is known of both sides, where all of it is compared."""
    quiet: Mapping[str, str] = field(default_factory=dict)
    """Of that: item id → the version at which it has nothing to tell."""
    unlisted: bool = False
    """More is remembered that it did not show than is asked for now."""
    unseen: tuple[str, ...] = ()
    """Ids of records that may have changed behind a log that was lost, and are looked at later."""
    changes: tuple[Present | Absent, ...] = ()
    """What the calendar told, and what that means for its series."""
    page: LogPage = field(default_factory=lambda: LogPage(0, ()))
    links: dict[str, Link] = field(default_factory=dict)
    """Item id → what is remembered of it."""
    alone: dict[str, Link] = field(default_factory=dict)
    """Record id → what is remembered of one without an item."""
    masters: dict[str, Link] = field(default_factory=dict)
    """Series id → what is remembered of the series at hand."""
    due: frozenset[str] = frozenset()
    """Items, and records that have none, that are looked at again though nothing was reported of them."""
    reviewed: frozenset[str] = frozenset()
    """Items of these that are due for no time of their own."""
    due_links: tuple[Link, ...] = ()
    more_due: bool = False
    parked: dict[str, Link] = field(default_factory=dict)
    """Item id → what was begun, while the org may still carry it out."""
    items: dict[str, CalendarItem | None] = field(default_factory=dict)
    """None: deleted."""
    gone: Set[str] = frozenset()
    """Items that are deleted."""
    records: dict[str, Record | None] = field(default_factory=dict)
    """None: in `deleted`, or hidden."""
    deleted: set[str] = field(default_factory=set)
    operations: tuple[Mirroring, ...] = ()
    brought: tuple[Link, ...] = ()
    """What came from Salesforce, is there still, and is not wanted any more."""
    like_no_other: set[str] = field(default_factory=set)
    """Items that said the same as another one before the mailbox was activated."""
    closing: bool = False
    """Nothing else is looked at: the calendar is not kept, or not any more."""
    settled: list[tuple[Mirroring, Link | None]] = field(default_factory=list)
    """What became of each, and its link as it is to be remembered; None: nothing is."""

    @property
    def live(self) -> bool:
        return self.session.live

    @property
    def mailbox_id(self) -> int:
        return self.session.info.mailbox_id

    def hear(self, seen: CalendarObservation) -> None:
        """Of one page more, whose items with nothing to tell were left out."""
        self.observation = self.observation.with_page(seen)
        if seen.begins:
            self.listed.clear()
        if seen.listed is not None:
            self.lists = True
            self.listed |= seen.listed

    def was_looked_at(self, link: Link) -> bool:
        return link.item_id in self.items or link.place[1] in self.records

    @property
    def has_pairs(self) -> bool:
        return bool(self.items or self.records)

    def pairs(self) -> Iterator[Pair]:
        """Everything there is to decide about, each pair once."""
        joined = {link.record.record_id: link for link in self.links.values() if link.record}
        for item_id, item in self.items.items():
            link = self.links.get(item_id)
            record_id = link.record.record_id if link and link.record else ""
            yield self._pair(link, item_id, record_id, item)
        for record_id in self.records:
            if record_id not in joined:
                yield self._pair(self.alone.get(record_id), "", record_id, None)

    def _pair(self, link: Link | None, item_id: str, record_id: str, item: CalendarItem | None) -> Pair:
        return Pair(
            link,
            item_id,
            record_id,
            item,
            self.records.get(record_id),
            gone=bool(item_id) and item is None,
            asked=record_id in self.records,
            deleted=record_id in self.deleted,
        )
