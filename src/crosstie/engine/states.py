"""The states that a session leaves behind, one for each item that was decided or merely moved."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from crosstie.domain import reasons
from crosstie.domain.email import Email, Folder
from crosstie.domain.operations import Join, Note, Operation, Save, Skip
from crosstie.domain.reasons import Outcome, Reason
from crosstie.domain.records import RecordRef
from crosstie.domain.states import ItemState
from crosstie.engine.pacing import ISSUE_RETRY, recheck_at
from crosstie.engine.requests import keeps_mark, unsettled
from crosstie.engine.session import Session
from crosstie.ports.states import States

_UNFINISHED = frozenset(
    kind.code
    for kind in reasons.KINDS.values()
    if kind.outcome is Outcome.ISSUE or kind in (reasons.WAITS, reasons.UNCLEAR)
)


def item_states(session: Session, states: States, now: datetime) -> list[ItemState]:
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
        recheck_at=recheck_at(reason, now),
        warned=bool(before and before.warned),
    )
