"""One mailbox, one run, one slice: what it saw, what it decided and what became of it, until it is committed."""

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TypeVar

from crosstie.domain import reasons
from crosstie.domain.backfills import Backfill, Older
from crosstie.domain.clock import Clock
from crosstie.domain.email import Email, Folder
from crosstie.domain.errors import CrosstieError, Throttled
from crosstie.domain.mailboxes import Lease, MailboxInfo, MailboxWrite, Observation, Removed, Seen
from crosstie.domain.operations import Join, Note, Operation, Save, Skip
from crosstie.domain.reasons import Outcome, Reason
from crosstie.domain.records import RecordRef
from crosstie.domain.states import ItemState
from crosstie.engine.facts import Facts
from crosstie.engine.grounds import Situation
from crosstie.engine.plan import SETTLE_TIME, Plan, keeps_mark, unsettled
from crosstie.ports.backfills import Backfills
from crosstie.ports.crm import Crm
from crosstie.ports.fanout import Fanout
from crosstie.ports.journal import Journal
from crosstie.ports.mailbox import Mailbox, MailboxAccess
from crosstie.ports.states import States

T = TypeVar("T", Save, Join, Skip, Note)

SOON = timedelta(minutes=2)
"""When work was put off, the next session does not wait for the licence's interval."""
MOST_DOUBLINGS = 12
ISSUE_RETRY = timedelta(days=1)
"""A refused item is tried again by itself this often; a person's change wakes it earlier."""
_UNFINISHED = frozenset(
    kind.code
    for kind in reasons.KINDS.values()
    if kind.outcome is Outcome.ISSUE or kind in (reasons.WAITS, reasons.UNCLEAR)
)


@dataclass(frozen=True, slots=True)
class Ports:
    """Everything a batch of one org works with."""

    crm: Crm
    mailboxes: MailboxAccess
    states: States
    journal: Journal
    backfills: Backfills
    fanout: Fanout
    clock: Clock
    write_margin: timedelta = timedelta(seconds=150)
    """A write starts only if the lease outlives its longest answer by this."""


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


def item_states(session: Session, states: States, now: datetime) -> list[ItemState]:
    """The states this session leaves behind, one for each item that was decided or merely moved."""
    known = session.situation.states if session.situation else {}
    return [
        state
        for operation in session.operations
        if (state := _state(operation, known.get(_item_id(operation)), session, states, now))
    ]


def settled_states(
    session: Session, settled: Mapping[str, tuple[Reason, RecordRef | None]], states: States, now: datetime
) -> list[ItemState]:
    """Those of items whose Save or Join is over, with a record or without."""
    known = session.situation.states if session.situation else {}
    operations: list[Save | Join] = [*session.of(Save), *session.of(Join)]
    return [
        _saved(operation, known.get(item_id), settled[item_id], session, states, now)
        for operation in operations
        if (item_id := operation.email.item_id) in settled
    ]


def awaited(session: Session) -> dict[str, frozenset[str]]:
    """Of what was left out, and of what was to be saved for people who could not be made."""
    return {op.item_id: op.awaits for op in _left_out(session) if op.awaits}


def known_of(session: Session) -> frozenset[str]:
    """Those who are awaited and were a Contact's or Lead's already when it was decided."""
    return frozenset().union(*(op.known for op in _left_out(session)))


def _left_out(session: Session) -> list[Save | Join | Skip]:
    decided = (op for op in session.operations if not isinstance(op, Note))
    return [op for op in decided if session.record_of(op.item_id) is None]


def noted(session: Session) -> frozenset[str]:
    """Items of which nothing was decided anew; they are there."""
    return frozenset(note.item_id for note in session.of(Note) if note.email)


def _item_id(operation: Operation) -> str:
    return operation.item_id if isinstance(operation, Note) else operation.email.item_id


def _state(
    operation: Operation, before: ItemState | None, session: Session, states: States, now: datetime
) -> ItemState | None:
    if isinstance(operation, Note):
        moved = _moved(operation, before, now)
        return _as_told(moved, session, now) if moved and operation.email else moved
    email = operation.email
    if isinstance(operation, Skip):
        kept = before.record if before and operation.reason.kind is reasons.WAITS else None
        state = _decided(email, before, operation.natural, operation.reason, kept, states, now)
        return _as_told(_still_asked(state, operation), session, now)
    outcome = session.results.get(email.item_id)
    if outcome is None:
        return None
    return _saved(operation, before, outcome, session, states, now)


def _saved(
    operation: Save | Join,
    before: ItemState | None,
    outcome: tuple[Reason, RecordRef | None],
    session: Session,
    states: States,
    now: datetime,
) -> ItemState:
    state = _decided(operation.email, before, operation.natural, *outcome, states, now)
    return _as_told(_still_asked(state, operation), session, now)


def _still_asked(state: ItemState, operation: Save | Join | Skip) -> ItemState:
    """A mark that was not answered yet counts as new until it is."""
    open_yet = unsettled(state.reason_code) or state.reason_code == reasons.GONE.code
    pending = operation.trigger.by_hand and open_yet
    return replace(state, marked=False) if pending else state


def _as_told(state: ItemState, session: Session, now: datetime) -> ItemState:
    """The state as our own write leaves it, so that the write's echo is not a change: what is due may have
    arrived, and a receipt's mark is ours whenever it shows. What tells of an issue answers no wish.
    """
    item_id = state.item_id
    state = replace(state, warned=session.warned.get(item_id, state.warned))
    if item_id not in session.unmarked and item_id not in session.versions:
        return state
    write, seen = session.marks[item_id], session.places.get(item_id, Folder.DROP)
    state = replace(state, marked=state.marked or write.is_receipt)
    if seen is not Folder.DROP:  # what was put into the drop folder meanwhile is asked for, and is news
        state = replace(state, folder=seen)
    if item_id in session.unmarked:
        return replace(state, recheck_at=now)
    moved = write.move_to if seen is Folder.DROP else None
    return replace(state, version=session.versions[item_id] or state.version, folder=moved or state.folder)


def _moved(note: Note, before: ItemState | None, now: datetime) -> ItemState | None:
    """An item that went away with its saving unfinished is looked for once more: vendors say so by mistake. One
    that waits for somebody may have been filed away; asked for by its id, and gone, it waits no longer. So may one
    that tells of an issue which is solved.
    """
    if before is None:
        return None
    waits_nowhere = before.folder is Folder.OTHER and before.reason_code in reasons.AWAITING
    if note.email is None and (before.reason_code in _UNFINISHED or waits_nowhere):
        return replace(before, folder=Folder.OTHER, reason_code=reasons.GONE.code, recheck_at=now + ISSUE_RETRY)
    if note.email is None:
        filed_away = before.warned and before.folder is not Folder.OTHER
        return replace(before, folder=Folder.OTHER, recheck_at=now if filed_away else None)
    email = note.email
    return replace(before, version=email.version, folder=email.folder, marked=keeps_mark(email, before))


def _decided(
    email: Email,
    before: ItemState | None,
    natural: str,
    reason: Reason,
    record: RecordRef | None,
    states: States,
    now: datetime,
) -> ItemState:
    return ItemState(
        item_id=email.item_id,
        version=email.version,
        folder=email.folder,
        marked=keeps_mark(email, before),
        natural=states.digest(natural) if natural else "",
        conversation=states.digest(email.conversation_id) if email.conversation_id else "",
        reason_code=reason.code,
        decided_at=now,
        record=record,
        recheck_at=_recheck_at(reason, now),
        warned=bool(before and before.warned),
    )


def _recheck_at(reason: Reason, now: datetime) -> datetime | None:
    if reason.kind is reasons.UNCLEAR:
        return now + SETTLE_TIME
    if reason.kind is reasons.WAITS:
        return now
    if reason.kind is reasons.GONE:
        return now + ISSUE_RETRY
    return now + ISSUE_RETRY if reason.kind.outcome is Outcome.ISSUE else None


def next_due(session: Session, now: datetime) -> datetime:
    """When the mailbox's next session starts unless something wakes it."""
    if session.error is None and (session.observation.more or session.more_calendar):
        return max(now, session.wait_until or now)
    if session.had_setback:
        due = after_setback(session.error, session.lease, session.info.interval, now)
        return max(due, session.wait_until or due)
    soon = session.followers or session.goes_on or session.soon
    return now + (min(SOON, session.info.interval) if soon else session.info.interval)


def after_setback(error: CrosstieError | None, lease: Lease, interval: timedelta, now: datetime) -> datetime:
    """Soon, and later with each setback in a row, up to the licence's interval; a vendor's wish comes first."""
    wished = error.until if isinstance(error, Throttled) else None
    steps = lease.setbacks + (error is not None and wished is None)
    pause: timedelta = min(SOON * 2 ** min(steps, MOST_DOUBLINGS), interval)
    due = now + pause
    return max(due, wished) if wished else due
