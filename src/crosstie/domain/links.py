"""What is remembered of a mirrored pair: an item, its record, and what each side last said of its own value."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from crosstie.domain.records import RecordRef


class Side(StrEnum):
    MAILBOX = "mailbox"
    CRM = "crm"


class Role(StrEnum):
    """Of several items with one record, one merges; the others follow."""

    LEAD = "lead"
    COPY = "copy"


class Bond(StrEnum):
    """How an item and a record stand to each other."""

    NONE = "none"
    """There is one of them alone, and a reason why."""
    JOINED = "joined"
    """Kept alike."""
    PARTED = "parted"
    """They were joined and are not any more: neither is written because of the other, nor joined again unless a
    person asks for it.
    """


GONE = "gone"
"""Instead of an item's version: its mailbox has told that it is gone, which it tells once, and nothing has
followed yet.
"""


@dataclass(frozen=True, slots=True)
class SideState:
    """What one side last reported of itself: its version, and by field the keyed digest of its own value."""

    version: str
    digests: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Link:
    """One item of a mailbox, one record, or both.

    `natural` is a keyed digest of the item's identity (domain/keys.py), `key` the value of the record's key field.
    `origin` is the side on which the pair was born, for life.
    """

    mailbox_id: int
    natural: str
    key: str
    bond: Bond
    origin: Side
    reason_code: str
    decided_at: datetime
    item_id: str = ""
    record: RecordRef | None = None
    role: Role = Role.LEAD
    item: SideState | None = None
    mirrored: SideState | None = None
    """The record's side."""
    generation: int = 0
    marked: bool = False
    """The item carried the category when it was last seen, and that mark was answered."""
    warned: bool = False
    """We put the error category on the item, or were about to."""
    series_id: str = ""
    recheck_at: datetime | None = None
    """When it is looked at again by itself: it enters the window, leaves it, or is tried once more."""

    def __post_init__(self) -> None:
        if not self.item_id and self.record is None:
            raise ValueError("A link needs an item, a record, or both.")

    @property
    def is_begun(self) -> bool:
        """An item whose record may have been made; what it will have said is sealed already."""
        return self.bond is Bond.NONE and self.record is None and self.mirrored is not None

    @property
    def is_gone(self) -> bool:
        return self.item is not None and self.item.version == GONE

    @property
    def is_born_in_crm(self) -> bool:
        return self.origin is Side.CRM

    @property
    def place(self) -> tuple[str, str]:
        """What tells it apart within its mailbox: its item, or its record where it has none."""
        return (self.item_id, "") if self.item_id or self.record is None else ("", self.record.record_id)


@dataclass(frozen=True, slots=True)
class Touched:
    """A record that the org's log names: of this mailbox's user, or joined to one of its items."""

    record: RecordRef
    modstamp: datetime
    deleted: bool
    owner_id: str


@dataclass(frozen=True, slots=True)
class Tally:
    """Of a mailbox's links: how many pairs are kept alike, and how many of them wait for one reason."""

    joined: int
    waiting: int


@dataclass(frozen=True, slots=True)
class Copies:
    """Of a mailbox: pairs too many that say the same as another, of late, and how many are held back."""

    made: int
    held: int


@dataclass(frozen=True, slots=True)
class LogPage:
    """What the log holds behind a mailbox's position. `position` is the end of the page: it is stored with what
    was decided about it.
    """

    position: int
    touched: tuple[Touched, ...]
    more: bool = False
    lost: bool = False
    """The position is older than the log: a dead cursor, and everything is compared by id."""
