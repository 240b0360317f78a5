"""What the mirror's plan says to do with one pair."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from crosstie.domain.calendar import ChangeItem, CreateItem, DeleteItem, ItemWrite
from crosstie.domain.links import Link, Side
from crosstie.domain.operations import Kind
from crosstie.domain.reasons import Reason
from crosstie.domain.records import RecordDraft, RecordRef, RecordUpdate

RecordWrite = RecordDraft | RecordUpdate | RecordRef
"""A record to be made, changed or, by its reference alone, deleted."""
_RECORD_KINDS: tuple[tuple[type, Kind], ...] = (
    (RecordDraft, Kind.CREATE_RECORD),
    (RecordUpdate, Kind.UPDATE_RECORD),
    (RecordRef, Kind.DELETE_RECORD),
)
_ITEM_KINDS: tuple[tuple[type, Kind], ...] = (
    (CreateItem, Kind.CREATE_ITEM),
    (ChangeItem, Kind.CHANGE_ITEM),
    (DeleteItem, Kind.DELETE_ITEM),
)


@dataclass(frozen=True, slots=True)
class Mirroring:
    """The writes to both sides of a pair, the record's first, and what is remembered of it then.

    `before` is remembered while nothing was done, `half` once the record was written and the item was not, `link`
    once everything was; None: nothing is remembered. Versions that only a write can tell are filled in from it.
    `first` is stored before the first write begins: whoever dies over it must not take our delete for a person's.
    """

    natural: str
    """The plain natural key."""
    reason: Reason
    before: Link | None
    link: Link | None
    first: Link | None = None
    half: Link | None = None
    to_record: RecordWrite | None = None
    to_item: ItemWrite | None = None
    lost: Mapping[str, str] = field(default_factory=dict)
    """Field → the value about to be overwritten. It is kept for the person, or nothing is overwritten."""
    losing: Side = Side.CRM
    title: str = ""
    """What the item is called, for the person who reads the note."""
    awaits: frozenset[str] = frozenset()
    """Addresses whose people make it worth another look as they come and go."""
    known: frozenset[str] = frozenset()
    """Those of them that are a Contact's or Lead's."""
    news: bool = True
    """Whether the journal hears of it: only what is remembered moves otherwise."""

    @property
    def kind(self) -> Kind:
        """By the first thing that happens."""
        for write, kind in (*_RECORD_KINDS, *_ITEM_KINDS):
            if isinstance(self.to_record, write) or (self.to_record is None and isinstance(self.to_item, write)):
                return kind
        return Kind.SKIP

    @property
    def writes(self) -> bool:
        return self.to_record is not None or self.to_item is not None

    @property
    def subject(self) -> Link:
        """Whatever there is, to name the pair by."""
        found = self.link or self.before
        assert found is not None
        return found

    @property
    def item_id(self) -> str:
        """Of an item that is taken away, too."""
        return self.subject.item_id or (self.before.item_id if self.before else "")

    @property
    def record(self) -> RecordRef | None:
        return self.subject.record

    @property
    def key(self) -> str:
        return self.to_record.key if isinstance(self.to_record, RecordDraft) else ""
