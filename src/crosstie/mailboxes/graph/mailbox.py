"""A Microsoft 365 mailbox as the engine sees it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from crosstie.domain.backfills import Older
from crosstie.domain.clock import Clock
from crosstie.domain.email import Email, Fetched, Folder
from crosstie.domain.errors import Fatal, NeedsConsent
from crosstie.domain.folders import NO_WISHES, FolderWishes
from crosstie.domain.mailboxes import Cursor, MailboxWrite, Observation, WriteResult
from crosstie.domain.notes import Note
from crosstie.domain.push import Hook
from crosstie.mailboxes.graph import translate
from crosstie.mailboxes.graph.calendar.calendar import GraphCalendar
from crosstie.mailboxes.graph.changes import Changes
from crosstie.mailboxes.graph.client import GraphClient, Part
from crosstie.mailboxes.graph.connection import GraphConnection
from crosstie.mailboxes.graph.content import Contents
from crosstie.mailboxes.graph.folders import Folders
from crosstie.mailboxes.graph.marks import Marks
from crosstie.mailboxes.graph.notes import Notes
from crosstie.mailboxes.graph.older import OlderMail
from crosstie.mailboxes.graph.owner import Owner, look
from crosstie.mailboxes.graph.push import Push
from crosstie.mailboxes.graph.roster import GraphRoster
from crosstie.mailboxes.graph.tokens import Tokens
from crosstie.mailboxes.graph.writes import Writes
from crosstie.ports.mailbox import MailboxCapabilities
from crosstie.ports.remembered import Remembered
from crosstie.ports.vault import Exchange
from crosstie.transport import Http

MOST_SHOWN = 100
"""Mails that `latest` fetches of each folder at most."""


class GraphMailbox:
    """Implements ports.mailbox.Mailbox; opened for one session, used by one thread at a time."""

    capabilities = MailboxCapabilities(stable_ids=True)

    def __init__(
        self, client: GraphClient, remembered: Remembered, folders: FolderWishes, hook: Hook | None = None
    ) -> None:
        self._client = client
        self._marks = Marks(client, client.clock, remembered)
        self._push = Push(client, client.clock, self._marks, hook) if hook else None
        self._folders = Folders(client, self._marks, folders)
        self._calendar = GraphCalendar(client, self._marks)
        self._changes = Changes(client, self._marks, self._folders, self._calendar.changes)
        self._older = OlderMail(client, self._marks, self._folders)
        self._contents = Contents(client)
        self._notes = Notes(client)
        self._writes = Writes(client, self._marks, self._changes.envelopes)

    def prepare(self) -> None:
        self._marks.prepare()
        if self._push:
            self._push.keep()

    def observe(self, cursors: Mapping[str, Cursor], *, limit: int) -> Observation:
        return self._changes.observe(cursors, limit=limit)

    def envelopes(self, item_ids: Sequence[str]) -> Mapping[str, Email]:
        return self._changes.envelopes(item_ids)

    def conversations(self, conversation_ids: Sequence[str], *, limit: int) -> Sequence[Email]:
        return self._changes.conversations(conversation_ids, limit=limit)

    def older(self, since: datetime, before: datetime, *, limit: int, dropped: bool = False) -> Older:
        return self._older.fetch(since, before, limit=limit, dropped=dropped)

    def content(self, emails: Sequence[Email], *, max_attachment_bytes: int) -> Fetched:
        return self._contents.fetch(emails, max_attachment_bytes=max_attachment_bytes)

    def apply(self, writes: Sequence[MailboxWrite]) -> Sequence[WriteResult]:
        return self._writes.apply(writes)

    def calendar(self) -> GraphCalendar:
        return self._calendar

    def keep(self, notes: Sequence[Note]) -> None:
        self._notes.keep(notes)

    def end_push(self) -> None:
        if self._push:
            self._push.end()

    def latest(self, limit: int) -> Sequence[Email]:
        """One round trip for twenty folders; a further folder that went away since the last session has none."""
        if limit < 1:
            return ()
        query = f"$top={min(limit, MOST_SHOWN)}&$orderby=receivedDateTime%20desc&{translate.envelope_query()}"
        own = [self._marks.folder_id(folder) for folder in (Folder.INBOX, Folder.SENT)]
        wanted = list(dict.fromkeys((*own, *self._folders.ids)))
        answers = self._client.batches(
            [
                Part("GET", f"{self._client.root}/mailFolders/{translate.segment(one)}/messages?{query}")
                for one in wanted
            ]
        )
        found = []
        for folder_id, answer in zip(wanted, answers, strict=True):
            if answer.status == 404 and folder_id not in own:
                continue
            self._client.raise_for(answer)
            found += [translate.email(row, self._folders.roles) for row in answer.listed]
        dated = [email for email in found if email.received_at is not None]
        return sorted(dated, key=lambda email: email.received_at or translate.NEVER, reverse=True)[:limit]


@dataclass(slots=True)
class GraphAccess:
    """Implements ports.mailbox.MailboxAccess: one for all mailboxes of a process, safe to share by threads."""

    http: Http
    lookup: Callable[[int], GraphConnection | None]
    """How a mailbox is reached; None when it is unknown."""
    clock: Clock
    remembered: Remembered
    exchange: Exchange
    """Changes a delegated mailbox's secrets."""
    hook: Hook | None = None
    """Where Graph is asked to push to; None: mailboxes are polled and nothing else."""
    _tokens: Tokens = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._tokens = Tokens(self.http, self.clock, self.exchange)

    def look(self, connection: GraphConnection) -> Owner:
        """Whose mailbox it is, as the app itself sees it: for one that is not activated yet."""
        client = GraphClient(self.http, self._tokens, self.clock, 0, connection)
        return look(lambda path: client.ask(Part("GET", path)), client.root, self.clock.now(), connection.address)

    def enter(self, connection: GraphConnection) -> None:
        """Get a token of the app's own. Raises NeedsConsent, Throttled, Retry or Fatal."""
        self._tokens.get(0, connection)

    def open(self, mailbox_id: int, folders: FolderWishes = NO_WISHES) -> GraphMailbox:
        connection = self.lookup(mailbox_id)
        if connection is None:
            raise Fatal("GRAPH-MAILBOX-UNKNOWN")
        if not connection.usable:
            raise NeedsConsent("GRAPH-NO-CREDENTIAL")
        client = GraphClient(self.http, self._tokens, self.clock, mailbox_id, connection)
        return GraphMailbox(client, self.remembered, folders, self.hook)

    def roster(self, connection: GraphConnection) -> GraphRoster:
        """All mailboxes of a tenant, with what its administrator granted; `connection` names none of them."""
        if connection.delegated or not replace(connection, address="any").usable:
            raise NeedsConsent("GRAPH-NO-CREDENTIAL")
        return GraphRoster(GraphClient(self.http, self._tokens, self.clock, 0, connection))
