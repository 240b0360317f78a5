"""Which fields of a pair go which way. Names only: values are compared where they are known (mapping/)."""

from collections.abc import Collection
from dataclasses import dataclass

from crosstie.domain.links import Side
from crosstie.domain.settings import Wins
from crosstie.rules.calendar.ways import TWO_WAY


@dataclass(frozen=True, slots=True)
class Moved:
    """Fields that changed on each side since it was last seen, clocks aside."""

    mailbox: Collection[str] = ()
    crm: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class Ways:
    """Fields that may be written on a side."""

    up: Collection[str]
    down: Collection[str]
    wins: Wins = Wins.MAILBOX
    undone: Side | None = None
    """The side whose own changes are taken back: the other one's value is written over them."""


@dataclass(frozen=True, slots=True)
class Merge:
    up: frozenset[str] = frozenset()
    down: frozenset[str] = frozenset()
    lost: frozenset[str] = frozenset()
    """Of these the losing side's value is about to be overwritten."""
    barred: frozenset[str] = frozenset()
    """They moved on one side and may not be written on the other."""
    undone: frozenset[str] = frozenset()
    """They moved on a side whose changes do not count."""


def merge(moved: Moved, equal: Collection[str], ways: Ways) -> Merge:
    """`equal` are the fields that both sides agree on within their losses, whoever moved them."""
    both = frozenset(moved.mailbox) & frozenset(moved.crm) - frozenset(equal)
    of_mailbox, of_crm = frozenset(moved.mailbox) - frozenset(equal), frozenset(moved.crm) - frozenset(equal)
    up, down = (of_mailbox, of_crm - both) if ways.wins is Wins.MAILBOX else (of_mailbox - both, of_crm)
    undone = _undone(of_mailbox, of_crm, ways)
    up, down = (up | undone, down - undone) if ways.undone is Side.CRM else (up - undone, down | undone)
    barred = (up - frozenset(ways.up)) | (down - frozenset(ways.down))
    return Merge(up - barred, down - barred, (both | undone) - barred, barred, undone - barred)


def _undone(of_mailbox: frozenset[str], of_crm: frozenset[str], ways: Ways) -> frozenset[str]:
    """A row that goes up alone is no side's to take back."""
    if ways.undone is Side.CRM:
        return of_crm & frozenset(ways.up) & TWO_WAY
    return of_mailbox & frozenset(ways.down) if ways.undone is Side.MAILBOX else frozenset()
