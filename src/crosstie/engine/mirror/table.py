"""The decision table of the mirror, on one page: what is known of a pair, and what follows.

Read from above, the first row that fits decides. What a removal comes to is the deletion matrix's
(rules/calendar); how a merge goes, field by field, is `merge.py`'s. The docs show the table from here.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from itertools import product

from crosstie.domain.links import Bond


class Item(StrEnum):
    """What the mailbox says of its half since it was last seen."""

    NONE = "none"
    """There never was one."""
    SAME = "same"
    MOVED = "moved"
    """A mirrored field differs; of an item that is seen first, all do."""
    LEFT = "left the window"
    """With no edit that is still to be carried over."""
    UNSYNC = "unsync"
    """A person put the category on it that takes its record away."""
    CANCELLED = "cancelled"
    GONE = "gone"
    """Asked for by its id, and not there."""


class Record(StrEnum):
    """What the org says of its half."""

    NONE = "none"
    SAME = "same"
    MOVED = "moved"
    GONE = "gone"
    """Its delete was read, or confirmed."""
    KEPT_OUT = "kept out"
    """A switch, or a field's value, keeps it out of the mailbox, and no edit of its item is to be carried over
    before.
    """
    HIDDEN = "hidden"
    """Not shown to us, and not known to be deleted."""


class Verdict(StrEnum):
    REST = "rest"
    FORGET = "forget"
    SAVE = "save"
    BRING = "bring"
    UP = "up"
    DOWN = "down"
    MERGE = "merge"
    DELETE = "delete"
    KEEP = "keep"
    WITHDRAW = "withdraw"
    PART = "part"
    CANCEL = "cancel"
    LEAVE = "leave"
    DISMISS = "dismiss"
    WAIT = "wait"


@dataclass(frozen=True, slots=True)
class Row:
    bond: Bond
    item: frozenset[Item]
    record: frozenset[Record]
    verdict: Verdict
    says: str

    def fits(self, bond: Bond, item: Item, record: Record) -> bool:
        return bond is self.bond and item in self.item and record in self.record


ANY_ITEM, ANY_RECORD = frozenset(Item), frozenset(Record)
SHOWN = frozenset(Item) - {Item.NONE, Item.GONE}
WANTED = frozenset({Record.SAME, Record.MOVED})
ALIVE = WANTED | {Record.KEPT_OUT}
HIDDEN_SAYS = "What is not shown to us is not deleted: neither half is touched until it is shown again."
AWAY = frozenset({Record.NONE, Record.GONE, Record.HIDDEN})


def _i(*one: Item) -> frozenset[Item]:
    return frozenset(one)


def _r(*one: Record) -> frozenset[Record]:
    return frozenset(one)


TABLE = (
    # One half alone
    Row(
        Bond.NONE,
        _i(Item.NONE),
        ALIVE,
        Verdict.BRING,
        "A record without an item comes down, if the rules want it.",
    ),
    Row(Bond.NONE, _i(Item.NONE), _r(Record.HIDDEN), Verdict.WAIT, HIDDEN_SAYS),
    Row(Bond.NONE, _i(Item.NONE), _r(Record.NONE, Record.GONE), Verdict.FORGET, "There is nothing."),
    Row(Bond.NONE, _i(Item.GONE), AWAY, Verdict.FORGET, "An item that had no record is deleted: nothing follows."),
    Row(
        Bond.NONE,
        _i(Item.GONE),
        ALIVE,
        Verdict.BRING,
        "Not joined yet, and the item is gone: the record is alone.",
    ),
    Row(Bond.NONE, SHOWN, ANY_RECORD, Verdict.SAVE, "An item without a record is saved, if the rules want it."),
    # Joined
    Row(Bond.JOINED, ANY_ITEM, _r(Record.NONE), Verdict.FORGET, "No record was ever there."),
    Row(Bond.JOINED, ANY_ITEM, _r(Record.HIDDEN), Verdict.WAIT, HIDDEN_SAYS),
    Row(Bond.JOINED, _i(Item.NONE), ALIVE, Verdict.BRING, "The item was to be made, and was not."),
    Row(Bond.JOINED, _i(Item.NONE), _r(Record.GONE), Verdict.FORGET, "It went before its item was made."),
    Row(Bond.JOINED, _i(Item.GONE), _r(Record.GONE), Verdict.FORGET, "Both are gone."),
    Row(
        Bond.JOINED,
        _i(Item.GONE),
        WANTED,
        Verdict.DELETE,
        "A person deleted the item: the matrix says what follows.",
    ),
    Row(
        Bond.JOINED,
        _i(Item.UNSYNC),
        ALIVE | {Record.GONE},
        Verdict.PART,
        "A person wants it out of Salesforce: the matrix says how.",
    ),
    Row(
        Bond.JOINED,
        _i(Item.CANCELLED),
        WANTED | {Record.GONE},
        Verdict.CANCEL,
        "Its organizer cancelled it: the matrix says what follows.",
    ),
    Row(
        Bond.JOINED,
        _i(Item.MOVED),
        _r(Record.GONE),
        Verdict.KEEP,
        "The record was deleted, and the item was edited: the item stays as it is, and is not mirrored any more.",
    ),
    Row(
        Bond.JOINED,
        _i(Item.SAME, Item.LEFT),
        _r(Record.GONE),
        Verdict.WITHDRAW,
        "A person deleted the record: the matrix says what follows.",
    ),
    Row(
        Bond.JOINED,
        _i(Item.LEFT),
        _r(Record.SAME),
        Verdict.LEAVE,
        "It left the window: the matrix says what becomes of it.",
    ),
    Row(
        Bond.JOINED,
        _i(Item.SAME, Item.MOVED, Item.LEFT, Item.CANCELLED, Item.GONE),
        _r(Record.KEPT_OUT),
        Verdict.DISMISS,
        "It is not wanted in the mailbox: the matrix says what becomes of the item. The record stays.",
    ),
    Row(Bond.JOINED, _i(Item.SAME), _r(Record.SAME), Verdict.REST, "Nobody changed anything."),
    Row(Bond.JOINED, _i(Item.MOVED), _r(Record.SAME), Verdict.UP, "The item's fields that moved go up."),
    Row(
        Bond.JOINED,
        _i(Item.SAME, Item.LEFT),
        _r(Record.MOVED),
        Verdict.DOWN,
        "The record's fields that moved come down, though it left the window: they may bring it back.",
    ),
    Row(
        Bond.JOINED,
        _i(Item.MOVED),
        _r(Record.MOVED),
        Verdict.MERGE,
        "Field by field; of one that both changed, one.",
    ),
    # Parted
    Row(
        Bond.PARTED,
        _i(Item.NONE),
        ALIVE | {Record.HIDDEN},
        Verdict.REST,
        "Its item was deleted, and a person said that the record stays: it does not come down again.",
    ),
    Row(Bond.PARTED, _i(Item.NONE), _r(Record.NONE, Record.GONE), Verdict.FORGET, "Both are gone."),
    Row(Bond.PARTED, _i(Item.GONE), ANY_RECORD, Verdict.FORGET, "The item is gone as well."),
    Row(Bond.PARTED, SHOWN, ANY_RECORD, Verdict.SAVE, "Saved anew if a person asks for it, and else left alone."),
)


@cache
def decide(bond: Bond, item: Item, record: Record) -> Row:
    return next(row for row in TABLE if row.fits(bond, item, record))


def cells() -> Iterator[tuple[Bond, Item, Record]]:
    """Every situation there is."""
    return product(Bond, Item, Record)
