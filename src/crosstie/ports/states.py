"""What is remembered between sessions: cursors, item states, saved e-mails, the directory, the org's log."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Protocol

from crosstie.domain.mailboxes import Cursor, Lease, MailboxInfo
from crosstie.domain.records import Opportunity, Person, RecordChange, RecordRef
from crosstie.domain.states import ItemState, SavedMail
from crosstie.ports.links import Links
from crosstie.ports.threads import Threads

Holding = tuple[str, str]
"""(a User, an Account): the Opportunities which that User owns on that Account."""
FAILING = 10
"""Sessions in a row that ended in an error, after which nobody waits for the mailbox any more."""
NO_USERS: Mapping[str, bool] = MappingProxyType({})
NO_OPPORTUNITIES: Mapping[str, Opportunity | None] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Watermark:
    """How far one object of the org was read: rows up to (modstamp, record id)."""

    object: str
    modstamp: datetime
    record_id: str = ""
    fields: tuple[str, ...] = ()
    """Which of its fields were asked for."""


class States(Threads, Links, Protocol):
    """Bound to one org of one tenant: it cannot name, read or write anything outside of it.

    Digests are keyed inside: callers pass plain natural keys and addresses, and only digests are stored.
    """

    def transaction(self) -> AbstractContextManager[None]: ...

    # -- mailboxes and leases --------------------------------------------------------------------------
    def claim_due(self, now: datetime, *, holder: str, limit: int, lease_seconds: float) -> Sequence[Lease]:
        """Take mailboxes that are due, running and free (their old lease plus `takeover` time is over)."""

    def claim(self, mailbox_id: int, now: datetime, *, holder: str, lease_seconds: float) -> Lease | None:
        """Take one mailbox now, due or not; None while somebody else holds it or it must not run."""

    def check(self, lease: Lease) -> None:
        """Raises LeaseLost when another holder took over."""

    def release(
        self,
        lease: Lease,
        *,
        next_due: datetime,
        summary: Mapping[str, int],
        error_code: str,
        setback: bool = False,
    ) -> None:
        """Give the mailbox back and record what the session did; a lost lease changes nothing.

        `setback`: it ended in an error or put work off, which the next lease counts.
        """

    def info(self, mailbox_id: int) -> MailboxInfo: ...

    def working(self, mailbox_ids: Iterable[int], user_ids: Iterable[str] = ()) -> Mapping[int, MailboxInfo]:
        """Of these mailboxes, and of those of these Users, the ones whose sessions run: they are neither paused,
        deactivated nor without a licence, and have not failed FAILING times in a row.
        """

    # -- one mailbox -----------------------------------------------------------------------------------
    def cursors(self, mailbox_id: int) -> Mapping[str, Cursor]: ...

    def save_cursors(self, lease: Lease, cursors: Iterable[Cursor]) -> None: ...

    def items(self, mailbox_id: int, item_ids: Iterable[str]) -> Mapping[str, ItemState]: ...

    def save_items(
        self,
        lease: Lease,
        states: Iterable[ItemState],
        *,
        awaits: Mapping[str, frozenset[str]],
        known: Collection[str] = (),
        waiting_on: Collection[str] = (),
    ) -> None:
        """Upsert the states; `awaits` maps item id → plain addresses whose appearance, or end, rechecks the item.
        `known` are those of them that were a Contact's or Lead's when it was decided. The items `waiting_on` go on
        to await whom they did; all others await nobody.

        An awaited address whose people would have settled it meanwhile flags the item at once, and so does a
        colleague who saved the mail that waits: a Contact or Lead, or, for one that misses an Account, a Lead
        alone or a Contact with one; at a `known` address, that nobody is left.
        """

    def recheck_due(self, mailbox_id: int, now: datetime, limit: int) -> Sequence[str]:
        """Items whose `recheck_at` has come, or that a moved setting, blocklist or directory flagged.

        Saving the item's state again takes the flag off.
        """

    def saved_conversations(self, mailbox_id: int, conversation_ids: Iterable[str]) -> frozenset[str]:
        """Of these plain conversation ids, those with an item of this mailbox that was saved."""

    def digest(self, plain: str) -> str:
        """The keyed digest under which this org remembers a natural key, conversation or sender."""

    def same(self, digest: str, plain: str) -> bool:
        """Whether `digest` was made of `plain`, under whichever of our keys. Digests are never compared with ==:
        a stored one may be older than the current key."""

    # -- the org ---------------------------------------------------------------------------------------
    def saved(self, naturals: Iterable[str]) -> Mapping[str, SavedMail]:
        """Plain natural key → its record, alive or deleted."""

    def remember_saved(self, natural: str, saved: SavedMail) -> None:
        """Upsert; `saved.natural` and `saved.sender` are replaced by digests of the plain values given.

        The next `record_changes` flags other copies that wait for a sender, and makes their mailboxes due.
        """

    def people(self, emails: Iterable[str]) -> Mapping[str, tuple[Person, ...]]:
        """Canonical address → who it belongs to; an address nobody has maps to an empty tuple."""

    def opportunities(self, wanted: Iterable[Holding]) -> Mapping[Holding, tuple[Opportunity, ...]]:
        """The open ones; nobody's on an Account is an empty tuple."""

    # -- the tick --------------------------------------------------------------------------------------
    def tick_number(self) -> int:
        """The running number of the tick that begins, from 0: each call counts one."""

    def watermarks(self) -> Mapping[str, Watermark]: ...

    def record_changes(
        self,
        changes: Sequence[RecordChange],
        emails: Mapping[str, tuple[frozenset[str], Person | None]],
        watermarks: Sequence[Watermark],
        *,
        opportunities: Mapping[str, Opportunity | None] = NO_OPPORTUNITIES,
        users: Mapping[str, bool] = NO_USERS,
        frozen: Mapping[str, bool] = NO_USERS,
    ) -> int:
        """In one transaction: append to the record log what it does not hold yet, move the watermarks, update
        the directory (`emails`: record id → its plain addresses, or an Account's domain, and who it is, None when
        it is no more) and the open Opportunities (record id → None when it is not open any more, or is no more),
        mark saved e-mails whose record was deleted (or came back), flag items that awaited an address or domain
        whose records changed, and copies that wait of mails saved and meetings joined since the last call, and
        make their mailboxes due. A mailbox that reads the log becomes due when a row of it is new that names an
        Event of its user, or one that is or was joined to its items. `users`: User id → whether they are active,
        `frozen`: whether they are kept out all the same; a mailbox whose user is not active, or is frozen, has no
        session, unless it is left, and is due once they are again. Watermarks are kept as given, also earlier
        ones. Answers how many rows were new.
        """

    def forget_record(self, record: RecordRef) -> None:
        """A saved e-mail's record was confirmed deleted."""

    def deleted(self, records: Iterable[RecordRef]) -> frozenset[str]:
        """Of these records of saved e-mails, the ids of those whose delete is known."""
