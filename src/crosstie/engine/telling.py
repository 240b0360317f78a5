"""What a mailbox is told of its e-mails, all of one item in one write: that it is saved, and whether it has an
issue.
"""

from collections.abc import Mapping
from dataclasses import replace

from crosstie.domain import reasons
from crosstie.domain.email import Email
from crosstie.domain.mailboxes import MailboxWrite
from crosstie.domain.operations import Join, Note, Save, Skip
from crosstie.domain.reasons import KINDS, Outcome, Reason
from crosstie.domain.records import RecordRef
from crosstie.engine.session import Session
from crosstie.rules.warnings import ours, warnings

_OPEN = (reasons.WAITS, reasons.UNCLEAR, reasons.GONE)
"""Whether it has an issue is not known yet: what tells of one stays as it is."""


def expect(session: Session, settled: Mapping[str, tuple[Reason, RecordRef | None]]) -> None:
    """What is to be told of the Saves and Joins among these, by item id."""
    operations: list[Save | Join] = [*session.of(Save), *session.of(Join)]
    for operation in operations:
        if operation.item_id in settled:
            why, record = settled[operation.item_id]
            _expect(session, operation.email, why, operation.after if record else None)


def expect_all(session: Session) -> None:
    """What is to be told of everything that was seen."""
    expect(session, session.results)
    for skip in session.of(Skip):
        _expect(session, skip.email, skip.reason)
    known = session.situation.states if session.situation else {}
    for note in session.of(Note):
        kind = KINDS.get(known[note.item_id].reason_code)
        if note.email and kind and kind.outcome is not Outcome.ISSUE:
            _expect(session, note.email, Reason(kind))


def _expect(session: Session, email: Email, why: Reason, receipt: MailboxWrite | None = None) -> None:
    """A draft is somebody's work in progress, which no write is to come between."""
    write = receipt
    if not email.is_draft and why.kind not in _OPEN:
        write = _with_warnings(session, email, why, receipt)
    if write:
        session.marks[email.item_id] = write
        session.unmarked.add(email.item_id)


def _with_warnings(
    session: Session, email: Email, why: Reason, receipt: MailboxWrite | None
) -> MailboxWrite | None:
    before = session.situation.states.get(email.item_id) if session.situation else None
    wanted = warnings(why)
    add = wanted - email.categories
    take = ours(email.categories, warned=before is not None and before.warned) - wanted
    session.warned[email.item_id] = bool(wanted or take)
    if not add and not take:
        return receipt
    write = receipt or MailboxWrite(email.item_id, email.version, email.categories)
    return replace(write, add=write.add | add, take=take)
