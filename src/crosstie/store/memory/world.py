"""One org's tables as dictionaries, with transactions that roll back."""

import threading
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final, TypeVar

from crosstie.config.secrets import KeyRing
from crosstie.domain.backfills import Backfill
from crosstie.domain.clock import Clock
from crosstie.domain.errors import Fatal, LeaseLost
from crosstie.domain.links import Link
from crosstie.domain.mailboxes import Cursor, Lease, MailboxInfo
from crosstie.domain.records import Opportunity, Person, RecordChange
from crosstie.domain.states import ItemState, SavedMail
from crosstie.domain.threads import Thread, ThreadMail
from crosstie.ports.journal import Entry
from crosstie.ports.states import Watermark
from crosstie.store.digests import Digests

K = TypeVar("K")
V = TypeVar("V")

_MISSING: Final = object()
Undo = list[tuple["Table[Any, Any]", Any, Any]]

TEST_RING = KeyRing("m1", {"m1": bytes(range(32))})


class Table(dict[K, V]):
    """A dictionary that notes how to take each change back. Only `[key] = value` and `del` change it."""

    def __init__(self, undo: Undo) -> None:
        super().__init__()
        self._undo = undo

    def __setitem__(self, key: K, value: V) -> None:
        self._undo.append((self, key, self.get(key, _MISSING)))
        super().__setitem__(key, value)

    def __delitem__(self, key: K) -> None:
        self._undo.append((self, key, self[key]))
        super().__delitem__(key)

    def restore(self, key: K, value: Any) -> None:
        if value is _MISSING:
            super().pop(key)
        else:
            super().__setitem__(key, value)


@dataclass(frozen=True, slots=True)
class MailboxRow:
    info: MailboxInfo
    due_at: datetime | None
    running: bool = True
    """False: paused, disabled or without a licence."""
    epoch: int = 0
    lease_until: datetime | None = None
    rules_epoch: int = 0
    started_at: datetime | None = None
    setbacks: int = 0
    failures: int = 0
    """Sessions in a row that ended in an error."""
    log_position: int | None = None


@dataclass(frozen=True, slots=True)
class ItemRow:
    state: ItemState
    awaits: frozenset[str] = frozenset()
    recheck: int | None = None


@dataclass(frozen=True, slots=True)
class LinkRow:
    number: int
    """The older the smaller."""
    link: Link
    awaits: frozenset[str] = frozenset()
    recheck: int | None = None
    joined_at: datetime | None = None
    news: frozenset[str] = frozenset()
    alike: str | None = None
    """Empty: like no other."""


@dataclass(frozen=True, slots=True)
class LogRow:
    number: int
    change: RecordChange
    logged_at: datetime


@dataclass(frozen=True, slots=True)
class ThreadRow:
    mailbox_id: int
    conversation: str
    thread: Thread
    marked_at: datetime


@dataclass(frozen=True, slots=True)
class JournalRow:
    entry: Entry
    epoch: int
    sent_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SessionRun:
    mailbox_id: int
    epoch: int
    started_at: datetime | None
    ended_at: datetime
    counts: dict[str, int] = field(default_factory=dict)
    error_code: str = ""


def later(flag: int | None, epoch: int) -> int:
    """A flag that may be set already, set again."""
    return epoch if flag is None else max(flag, epoch)


class MemoryOrg:
    """What MemoryStates and MemoryJournal of one org share."""

    def __init__(
        self,
        org_id: int,
        clock: Clock,
        *,
        items: KeyRing = TEST_RING,
        directory: KeyRing = TEST_RING,
        takeover: float = 120.0,
    ) -> None:
        self.org_id = org_id
        self.clock = clock
        self.digests = Digests(org_id, items=items, directory=directory)
        self.takeover = takeover
        self._undo: Undo = []
        self._depth = 0
        self._lock = threading.RLock()
        self.mailboxes: Table[int, MailboxRow] = Table(self._undo)
        self.cursors: Table[tuple[int, str], Cursor] = Table(self._undo)
        self.items: Table[tuple[int, str], ItemRow] = Table(self._undo)
        self.saved: Table[str, SavedMail] = Table(self._undo)
        self.news: Table[str, tuple[int, str]] = Table(self._undo)
        """Natural digests saved since the last tick → the copy that was saved."""
        self.directory: Table[tuple[str, str], Person] = Table(self._undo)
        self.opportunities: Table[str, Opportunity] = Table(self._undo)
        self.inactive: Table[str, bool] = Table(self._undo)
        self.frozen: Table[str, bool] = Table(self._undo)
        """Users who are switched off in the org."""
        self.log: Table[tuple[str, datetime, bool], LogRow] = Table(self._undo)
        self.links: Table[tuple[int, str, str], LinkRow] = Table(self._undo)
        """By mailbox and Link.place."""
        self.listed: Table[int, frozenset[str]] = Table(self._undo)
        """Mailbox → items that the listing under way has shown."""
        self.watermarks: Table[str, Watermark] = Table(self._undo)
        self.threads: Table[int, ThreadRow] = Table(self._undo)
        self.thread_mails: Table[tuple[int, str], ThreadMail] = Table(self._undo)
        self.journal: Table[int, JournalRow] = Table(self._undo)
        self.sessions: Table[tuple[int, int], SessionRun] = Table(self._undo)
        self.counters: Table[str, int] = Table(self._undo)
        self.backfills: Table[int, Backfill] = Table(self._undo)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Everything within happens, or nothing of it; other threads wait."""
        with self._lock:
            start = len(self._undo)
            self._depth += 1
            try:
                yield
            except BaseException:
                while len(self._undo) > start:
                    table, key, value = self._undo.pop()
                    table.restore(key, value)
                raise
            finally:
                self._depth -= 1
                if not self._depth:
                    self._undo.clear()

    def next(self, name: str) -> int:
        """Numbers from 1, by name."""
        with self.transaction():
            self.counters[name] = self.counters.get(name, 0) + 1
            return self.counters[name]

    def add_mailbox(self, info: MailboxInfo, due_at: datetime | None = None) -> None:
        with self.transaction():
            self.mailboxes[info.mailbox_id] = MailboxRow(info, due_at or self.clock.now())

    def change_info(self, info: MailboxInfo, codes: Collection[str]) -> None:
        """Settings moved: items decided for one of these reasons are looked at again."""
        with self.transaction():
            box = self.mailboxes[info.mailbox_id]
            self.mailboxes[info.mailbox_id] = replace(box, info=info, rules_epoch=box.epoch)
            for key, row in list(self.items.items()):
                if key[0] == info.mailbox_id and row.state.reason_code in codes:
                    self.items[key] = replace(row, recheck=box.epoch)
                    self.wake(info.mailbox_id)
            for place, linked in list(self.links.items()):
                if place[0] == info.mailbox_id and linked.link.reason_code in codes:
                    self.look_again(place, linked)

    def look_again(self, place: tuple[int, str, str], row: LinkRow) -> None:
        """A link is due, and so is its mailbox."""
        self.links[place] = replace(row, recheck=self.mailboxes[place[0]].epoch)
        self.wake(place[0])

    def clear_log(self, before: datetime) -> None:
        """As store/cleanup.py does."""
        with self.transaction():
            for version, row in list(self.log.items()):
                if row.logged_at < before:
                    self.counters["cleared"] = max(self.counters.get("cleared", 0), row.number)
                    del self.log[version]

    def set_running(self, mailbox_id: int, running: bool) -> None:
        with self.transaction():
            self.mailboxes[mailbox_id] = replace(self.mailbox(mailbox_id), running=running)

    def wake(self, mailbox_id: int) -> None:
        with self.transaction():
            box, now = self.mailbox(mailbox_id), self.clock.now()
            self.mailboxes[mailbox_id] = replace(box, due_at=min(box.due_at or now, now))

    def mailbox(self, mailbox_id: int) -> MailboxRow:
        if mailbox_id not in self.mailboxes:
            raise Fatal("MAILBOX-UNKNOWN")
        return self.mailboxes[mailbox_id]

    def fence(self, lease: Lease) -> MailboxRow:
        """Raises LeaseLost when the lease's epoch is no longer the mailbox's."""
        box = self.mailboxes.get(lease.mailbox_id)
        if box is None or box.epoch != lease.epoch:
            raise LeaseLost("LEASE-LOST")
        return box
