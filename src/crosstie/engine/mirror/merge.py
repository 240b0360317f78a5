"""Which fields of a pair go which way. Names only: values are compared where they are known (mapping/)."""

from collections.abc import Collection
from dataclasses import dataclass

from crosstie.domain.settings import Wins


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


@dataclass(frozen=True, slots=True)
class Merge:
    up: frozenset[str] = frozenset()
    down: frozenset[str] = frozenset()
    lost: frozenset[str] = frozenset()
    """Of these the losing side's value is about to be overwritten."""
    barred: frozenset[str] = frozenset()
    """They moved on one side and may not be written on the other."""


def merge(moved: Moved, equal: Collection[str], ways: Ways) -> Merge:
    """`equal` are the fields that both sides agree on within their losses, whoever moved them."""
    both = frozenset(moved.mailbox) & frozenset(moved.crm) - frozenset(equal)
    of_mailbox, of_crm = frozenset(moved.mailbox) - frozenset(equal), frozenset(moved.crm) - frozenset(equal)
    up, down = (of_mailbox, of_crm - both) if ways.wins is Wins.MAILBOX else (of_mailbox - both, of_crm)
    barred = (up - frozenset(ways.up)) | (down - frozenset(ways.down))
    return Merge(up - barred, down - barred, both - barred, barred)
