"""The life of an operation, written before and after every effect."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from crosstie.domain.mailboxes import Lease
from crosstie.domain.operations import Kind, Make
from crosstie.domain.reasons import Reason
from crosstie.domain.records import RecordRef


class Status(StrEnum):
    PLANNED = "planned"
    SENT = "sent"
    DONE = "done"
    UNCLEAR = "unclear"
    STUCK = "stuck"
    SKIPPED = "skipped"


class Journaled(Protocol):
    """An operation as the journal sees it: about an item, about a record without one, or about both."""

    @property
    def kind(self) -> Kind: ...

    @property
    def item_id(self) -> str:
        """Empty where the record has no item."""

    @property
    def record(self) -> RecordRef | None: ...

    @property
    def key(self) -> str:
        """The value of the record's key field; empty where nothing is written that could be written twice."""

    @property
    def reason(self) -> Reason: ...


@dataclass(frozen=True, slots=True)
class Entry:
    """A row: what was meant to happen to an item or a record and how far it got."""

    entry_id: int
    mailbox_id: int
    item_id: str
    kind: Kind
    status: Status
    reason_code: str
    reason_params: Mapping[str, str]
    key: str
    record: RecordRef | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Ending:
    """What became of a row, with the record or the item that came of it. `done`, `stuck` and `unclear` are the
    statuses that end a `send`.
    """

    entry_id: int
    status: Status
    reason: Reason
    record: RecordRef | None = None
    item_id: str = ""


class Journal(Protocol):
    """Bound to one org. Every write raises LeaseLost when the lease's epoch is no longer the mailbox's."""

    def plan(self, lease: Lease, operations: Sequence[Journaled]) -> Sequence[int]:
        """Write the rows of one session and answer their ids, in order; skips are final at once."""

    def send(self, lease: Lease, entry_ids: Sequence[int]) -> None:
        """About to touch the other side: committed before the effect starts."""

    def make(self, lease: Lease, makes: Sequence[Make], settled_before: datetime) -> Sequence[int | None]:
        """Write rows as sent, committed at once, and answer their ids in order: nobody else makes the same.

        None for what somebody is making, or may have made without an answer, since `settled_before`.
        """

    def finish(
        self,
        lease: Lease,
        entry_id: int,
        status: Status,
        reason: Reason,
        record: RecordRef | None = None,
        item_id: str = "",
    ) -> None:
        """The effect's outcome: one Ending."""

    def end(self, lease: Lease, endings: Sequence[Ending]) -> None:
        """The outcomes of several rows, all of them or none."""

    def recover(self, lease: Lease) -> int:
        """Rows that a dead session left as sent become unclear, planned ones are dropped; how many.

        The items in doubt are flagged for another look, for nothing else may lead back to them. What was said of
        an e-mail without a record is not so any more, and one of which nothing is remembered yet gets a state
        without a version.
        """

    def unclear(self, keys: Iterable[str]) -> Mapping[str, datetime]:
        """Of these keys, those with an unclear or unfinished row and nothing done since → when it was sent.

        A row that is merely sent is a colleague's: under way, or left by a session that died and that nobody
        has recovered yet.
        """

    def why(self, mailbox_id: int, item_ids: Sequence[str]) -> Mapping[str, Entry]:
        """The last row of each item."""
