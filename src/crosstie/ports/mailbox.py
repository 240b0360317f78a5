"""A mailbox, whichever vendor keeps it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from crosstie.domain.backfills import Older
from crosstie.domain.email import Email, Fetched
from crosstie.domain.folders import NO_WISHES, FolderWishes
from crosstie.domain.mailboxes import Cursor, MailboxWrite, Observation, WriteResult
from crosstie.domain.notes import Note
from crosstie.ports.calendar import Calendar


@dataclass(frozen=True, slots=True)
class MailboxCapabilities:
    """What the connector can do; cases of the contract suite that need more are listed as skipped."""

    stable_ids: bool
    """An item keeps its id when it moves between folders."""


class Mailbox(Protocol):
    """One mailbox, opened for one session. Every method raises the errors of `domain/errors.py`."""

    capabilities: MailboxCapabilities

    def prepare(self) -> None:
        """See that the drop folder and the category exist; make them where they are missing. Idempotent.

        Implementations remember what they found, so that an idle session asks for nothing.
        """

    def observe(self, cursors: Mapping[str, Cursor], *, limit: int) -> Observation:
        """Read what changed since the cursors, up to about `limit` items, in as few calls as the vendor allows.

        Collections without a cursor are listed from the start with `baseline` set if `cursors` is empty, else
        (a dead or missing cursor of a known mailbox) without; a drop folder that was not there when it was first
        looked for is never a baseline, a further folder that is listed for the first time always is. Nothing is
        remembered here: the caller stores the returned cursors. An item that left the watched folders is reported
        as `Removed` once.
        """

    def envelopes(self, item_ids: Sequence[str]) -> Mapping[str, Email]:
        """The present envelopes of these items; those that are gone are absent."""

    def conversations(self, conversation_ids: Sequence[str], *, limit: int) -> Sequence[Email]:
        """All mails of these conversations that lie in the watched folders, about `limit` at most, however old."""

    def older(self, since: datetime, before: datetime, *, limit: int, dropped: bool = False) -> Older:
        """Mails of Inbox, Sent and the further folders that were received from `since` until before `before`, the
        newest about `limit` of them: everything received since the answer's `reached`, which is earlier than
        `before`, and `since` where nothing is left. Those in the drop folder are told where `dropped` are wanted.
        """

    def content(self, emails: Sequence[Email], *, max_attachment_bytes: int) -> Fetched:
        """Bodies and attachments by item id. Attachments larger than the limit come without `data`.

        Items that are gone are absent. One item's refusal raises nothing for the others: it is absent too and
        met again by the next session. Raises only where it has nothing to hand out.
        """

    def apply(self, writes: Sequence[MailboxWrite]) -> Sequence[WriteResult]:
        """Carry the writes out, in order per item, in as few calls as the vendor allows; one result a write."""

    def calendar(self) -> Calendar:
        """The mailbox's main calendar, for this session. Asks nobody anything."""

    def keep(self, notes: Sequence[Note]) -> None:
        """Write the notes into a folder of their own, unless they are there; they are sent to nobody. Raises what
        kept one from being written: else all are there.
        """

    def end_push(self) -> None:
        """Have the vendor push no more of what happens here. Idempotent, and raises nothing: what cannot be ended
        now ends by itself some days later.
        """

    def latest(self, limit: int) -> Sequence[Email]:
        """The newest mails of Inbox and Sent, newest first, for showing live."""


class MailboxAccess(Protocol):
    """Opens mailboxes with the credentials that the tenant granted."""

    def open(self, mailbox_id: int, folders: FolderWishes = NO_WISHES) -> Mailbox:
        """`folders` are looked at beside those every mailbox has.

        Raises NeedsConsent when there is no usable credential, Fatal when the mailbox is unknown."""
