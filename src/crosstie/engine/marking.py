"""Tell the mailboxes what was saved: the category, and the way back out of the drop folder."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial

from crosstie.domain.email import Email, Folder
from crosstie.domain.errors import CrosstieError, Throttled
from crosstie.domain.mailboxes import SALESFORCE_CATEGORY, MailboxWrite, WriteResult
from crosstie.domain.operations import Join, Save
from crosstie.engine.session import Ports, Session

MARK_SECONDS = 60.0
TRIES = 2
"""The lease is looked at before each: who comes late must not try again on top of what happened since."""
UNMARKED = "MARK-REFUSED"
"""A saved mail whose mark its mailbox does not take; it is tried again."""


def mark_all(ports: Ports, sessions: Sequence[Session]) -> None:
    """Write the receipts of everything that has its record; what cannot be marked now is marked next time."""
    due = {session: _writes(session) for session in sessions if not session.must_wait}
    for _ in range(TRIES):
        for session in due:
            with session.ending():
                ports.states.check(session.lease)
        due = _round(ports, {session: writes for session, writes in due.items() if session.live and writes})


def _round(ports: Ports, due: Mapping[Session, Sequence[MailboxWrite]]) -> dict[Session, list[MailboxWrite]]:
    """Answers the writes that met a person's change, as they are now to be tried on top of it."""
    calls: list[Callable[[], list[MailboxWrite]]] = [partial(_mark, *one) for one in due.items()]
    again = {}
    for session, result in zip(due, ports.fanout.run(calls, timeout=MARK_SECONDS), strict=True):
        if isinstance(result, CrosstieError):
            session.trouble = result.code
            session.wait_for(result.until if isinstance(result, Throttled) else None)
        elif result:
            again[session] = result
    return again


def _writes(session: Session) -> list[MailboxWrite]:
    operations: list[Save | Join] = [*session.of(Save), *session.of(Join)]
    return [op.after for op in operations if op.after and session.record_of(op.email.item_id)]


def _mark(session: Session, writes: Sequence[MailboxWrite]) -> list[MailboxWrite]:
    doubtful = _take(session, writes, session.mailbox.apply(writes))
    if not doubtful:
        return []
    again = _renewed(session, doubtful)
    session.unmarked -= {write.item_id for write in doubtful} - {write.item_id for write in again}
    return again


def _take(session: Session, writes: Sequence[MailboxWrite], results: Sequence[WriteResult]) -> list[MailboxWrite]:
    """Note what was applied; the answer is what met a conflict, or is said to be gone."""
    doubtful = []
    for write, result in zip(writes, results, strict=True):
        if result.applied:
            session.versions[write.item_id] = result.version
            session.unmarked.discard(write.item_id)
        else:
            session.wait_for(result.until)
            if result.code == "refused":
                session.trouble = UNMARKED
            if result.code in ("conflict", "gone"):
                doubtful.append(write)
    return doubtful


def _renewed(session: Session, writes: Sequence[MailboxWrite]) -> list[MailboxWrite]:
    """The same writes against the items as they are now, so that a person's change is kept."""
    present = session.mailbox.envelopes([write.item_id for write in writes])
    session.places |= {item_id: email.folder for item_id, email in present.items()}
    return [_upon(present[write.item_id], write) for write in writes if write.item_id in present]


def _upon(email: Email, write: MailboxWrite) -> MailboxWrite:
    """What was taken out of the drop folder meanwhile stays where it was put."""
    return replace(
        write,
        version=email.version,
        keep_categories=email.categories,
        add_category="" if SALESFORCE_CATEGORY in email.categories else write.add_category,
        move_to=write.move_to if email.folder is Folder.DROP else None,
    )
