"""Tell the mailboxes what was saved and what could not be: categories, and the way back out of the drop folder."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial

from crosstie.domain.email import Email, Folder
from crosstie.domain.errors import CrosstieError, Throttled
from crosstie.domain.mailboxes import ERROR_CATEGORY, MailboxWrite, WriteResult
from crosstie.engine.ports import Ports
from crosstie.engine.session import Session
from crosstie.engine.states import item_states
from crosstie.engine.telling import expect_all
from crosstie.rules.warnings import is_status

MARK_SECONDS = 60.0
TRIES = 2
"""The lease is looked at before each: who comes late must not try again on top of what happened since."""
UNMARKED = "MARK-REFUSED"
"""A saved mail whose mark its mailbox does not take; it is tried again."""


def mark_all(ports: Ports, sessions: Sequence[Session]) -> None:
    """Tell of everything that has its record, or an issue; what cannot be told now is told next time."""
    due: dict[Session, Sequence[MailboxWrite]] = {}
    for session in sessions:
        expect_all(session)
        if not session.must_wait:
            with session.ending():
                _remember(ports, session)
                due[session] = list(session.marks.values())
    for _ in range(TRIES):
        for session in due:
            with session.ending():
                ports.states.check(session.lease)
        due = {**_round(ports, {session: writes for session, writes in due.items() if session.live and writes})}


def _remember(ports: Ports, session: Session) -> None:
    """What tells of an issue is remembered before it is there: whoever comes after a death takes it off again."""
    now = ports.clock.now()
    warned = {write.item_id for write in session.marks.values() if _warns(write)}
    states = (
        [state for state in item_states(session, ports.states, now) if state.item_id in warned] if warned else []
    )
    if states:
        with ports.states.transaction():
            ports.states.save_items(session.lease, states, awaits={})


def _warns(write: MailboxWrite) -> bool:
    return ERROR_CATEGORY in write.add or any(map(is_status, write.add))


def _round(ports: Ports, due: Mapping[Session, Sequence[MailboxWrite]]) -> dict[Session, Sequence[MailboxWrite]]:
    """Answers the writes that are to be tried again, as they are then to be."""
    calls: list[Callable[[], list[MailboxWrite]]] = [partial(_mark, *one) for one in due.items()]
    again: dict[Session, Sequence[MailboxWrite]] = {}
    for session, result in zip(due, ports.fanout.run(calls, timeout=MARK_SECONDS), strict=True):
        if isinstance(result, CrosstieError):
            session.trouble = result.code
            session.wait_for(result.until if isinstance(result, Throttled) else None)
        elif result:
            again[session] = result
    return again


def _mark(session: Session, writes: Sequence[MailboxWrite]) -> list[MailboxWrite]:
    results = session.mailbox.apply(writes)
    missed = [
        (write, result) for write, result in zip(writes, results, strict=True) if not _took(session, write, result)
    ]
    doubtful = [write for write, result in missed if result.code in ("conflict", "gone")]
    refused = [write for write, result in missed if result.code == "refused"]
    return [*_renewed(session, doubtful), *_in_fewer_words(session, refused)]


def _took(session: Session, write: MailboxWrite, result: WriteResult) -> bool:
    if not result.applied:
        session.wait_for(result.until)
        return False
    session.versions[write.item_id] = result.version
    session.unmarked.discard(write.item_id)
    if write.take:
        session.warned[write.item_id] = ERROR_CATEGORY in write.categories
    return True


def _renewed(session: Session, writes: Sequence[MailboxWrite]) -> list[MailboxWrite]:
    """The same receipts against the items as they are now, so that a person's change is kept. What is told of an
    issue waits until that change was looked at: it may be what solves it.
    """
    present = session.mailbox.envelopes([write.item_id for write in writes]) if writes else {}
    session.unmarked -= {write.item_id for write in writes} - present.keys()
    there = [write for write in writes if write.item_id in present and write.is_receipt]
    session.places |= {write.item_id: present[write.item_id].folder for write in there}
    return [_upon(present[write.item_id], write) for write in there]


def _upon(email: Email, write: MailboxWrite) -> MailboxWrite:
    """What was taken out of the drop folder meanwhile stays where it was put."""
    return replace(
        write,
        version=email.version,
        there=email.categories,
        move_to=write.move_to if email.folder is Folder.DROP else None,
    )


def _in_fewer_words(session: Session, writes: Sequence[MailboxWrite]) -> list[MailboxWrite]:
    """Without the categories that are in no list, where a mailbox may take no others; what is refused then too is
    tried again only where it is a receipt.
    """
    fewer = {
        write.item_id: replace(write, add=frozenset(one for one in write.add if not is_status(one)))
        for write in writes
    }
    again = [one for write in writes if (one := fewer[write.item_id]) != write and not one.is_bare]
    if any(write.is_receipt for write in writes):
        session.trouble = UNMARKED
    session.unmarked -= {write.item_id for write in writes if not write.is_receipt}
    return again
