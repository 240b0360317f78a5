"""One mailbox, one run, one slice: what it saw, what it decided and what became of it, until it is committed."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from crosstie.domain import reasons
from crosstie.domain.backfills import Backfill, Older
from crosstie.domain.email import Folder
from crosstie.domain.errors import CrosstieError
from crosstie.domain.mailboxes import Lease, MailboxInfo, MailboxWrite, Observation, Removed, Seen
from crosstie.domain.operations import Join, Note, Operation, Save, Skip
from crosstie.domain.reasons import Reason
from crosstie.domain.records import RecordRef
from crosstie.engine.facts import Facts
from crosstie.engine.grounds import Situation
from crosstie.engine.plan import Plan
from crosstie.ports.mailbox import Mailbox

T = TypeVar("T", Save, Join, Skip, Note)


@dataclass(slots=True, eq=False)
class Session:
    lease: Lease
    info: MailboxInfo
    mailbox: Mailbox
    observation: Observation = field(default_factory=lambda: Observation((), ()))
    rechecked: frozenset[str] = frozenset()
    changes: tuple[Seen | Removed, ...] = ()
    """The observation and what was fetched for another look."""
    gathered: tuple[int, ...] = ()
    """Marked threads whose earlier mails are among the changes."""
    leading: frozenset[str] = frozenset()
    """Items that the other mails of their threads are linked like: they are saved first."""
    along: dict[str, frozenset[int]] = field(default_factory=dict)
    """Item id → colleagues' threads, like which it is linked too."""
    backfill: Backfill | None = None
    """The one of this mailbox that is worked on."""
    turn_since: datetime | None = None
    """Since when it is."""
    older: Older | None = None
    """What this session looks at for it."""
    situation: Situation | None = None
    facts: Facts = field(default_factory=Facts)
    plan: Plan | None = None
    entries: dict[str, int] = field(default_factory=dict)
    """Item id → journal row."""
    results: dict[str, tuple[Reason, RecordRef | None]] = field(default_factory=dict)
    """Item id → what became of its Save or Join."""
    versions: dict[str, str] = field(default_factory=dict)
    """Item id → its version after our own write."""
    places: dict[str, Folder] = field(default_factory=dict)
    """Item id → where it lay when its receipt met somebody's change."""
    marks: dict[str, MailboxWrite] = field(default_factory=dict)
    """Item id → what its mailbox is to be told of it (engine/telling.py)."""
    unmarked: set[str] = field(default_factory=set)
    """Items of which that is due: not written yet, or nobody knows whether it was."""
    warned: dict[str, bool] = field(default_factory=dict)
    """Item id → whether what tells of an issue is on it, or may be, as far as this session has come."""
    followers: set[str] = field(default_factory=set)
    """Copies that wait because a colleague's, which was to be saved, could not be: no trouble of this mailbox,
    unless it has some already. Two that follow each other in turn back off like one.
    """
    more_calendar: bool = False
    """The calendar, or the org's log, has further pages."""
    soon: bool = False
    """A pair is to be looked at once more before long: somebody else was there first."""
    left: bool = False
    """Nothing is left to be done in a mailbox that is being deactivated."""
    error: CrosstieError | None = None
    trouble: str = ""
    """The code of what kept it from a part of its work, though it went on."""
    wait_until: datetime | None = None
    """A vendor asked to be left alone until then."""
    counts: Counter[str] = field(default_factory=Counter)

    @property
    def live(self) -> bool:
        return self.error is None

    @property
    def had_setback(self) -> bool:
        """It ended in an error, or something it should have done was put off."""
        excused = frozenset() if self.lease.setbacks else frozenset(self.followers)
        said = [reason for item_id, (reason, _) in self.results.items() if item_id not in excused]
        said += [skip.reason for skip in self.of(Skip) if skip.reason.kind is reasons.WAITS]
        return bool(self.error or self.unmarked or self.trouble) or any(
            reason.kind in (reasons.WAITS, reasons.UNCLEAR) for reason in said
        )

    @property
    def operations(self) -> tuple[Operation, ...]:
        return self.plan.operations if self.plan else ()

    def of(self, kind: type[T]) -> list[T]:
        return [operation for operation in self.operations if isinstance(operation, kind)]

    def record_of(self, item_id: str) -> RecordRef | None:
        return self.results[item_id][1] if item_id in self.results else None

    @contextmanager
    def ending(self) -> Iterator[None]:
        """An error within ends this session, and no other."""
        try:
            yield
        except CrosstieError as error:
            self.error = error

    def wait_for(self, until: datetime | None) -> None:
        if until is not None:
            self.wait_until = max(until, self.wait_until or until)

    @property
    def older_ids(self) -> frozenset[str]:
        return frozenset(email.item_id for email in self.older.emails) if self.older else frozenset()

    @property
    def goes_on(self) -> bool:
        """Its back-fill has a further portion to come."""
        return bool(self.backfill and self.older and self.older.reached > self.backfill.window.since)

    @property
    def must_wait(self) -> bool:
        """Its mailbox has asked to be left alone for a while."""
        return self.wait_until is not None

    @property
    def code(self) -> str:
        """What ended the session early, or kept it from a part of its work; empty when nothing did."""
        return self.error.code if self.error else self.trouble

    def settle(self, item_id: str, reason: Reason, record: RecordRef | None = None) -> None:
        self.results[item_id] = (reason, record)
        self.counts[reason.kind.outcome.value] += 1
