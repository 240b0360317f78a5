"""What people ask for, from a page or the command line: the same calls, the same sentences."""

from collections.abc import Sequence
from dataclasses import dataclass

from crosstie.accounts import mailboxes, orgs, schedule
from crosstie.accounts import why as explaining
from crosstie.accounts.audit import SYSTEM, Actor
from crosstie.accounts.words import Answer
from crosstie.domain.email import Email
from crosstie.domain.operations import Note, Operation
from crosstie.domain.records import RecordRef
from crosstie.engine import batch
from crosstie.engine.session import Ports
from crosstie.jobs import wiring
from crosstie.jobs.queue import Priority, enqueue
from crosstie.jobs.sync import SESSIONS, TICK
from crosstie.ports.mailbox import Mailbox
from crosstie.store.models import Scope

SEARCHED = 200
"""Newest mails among which a Message-ID is looked for."""


@dataclass(frozen=True, slots=True)
class Explained:
    """A mail as its owner sees it, and what became of it. `outcome` is empty where nothing was decided yet."""

    email: Email
    code: str
    outcome: str
    sentence: str
    record_url: str


@dataclass(frozen=True, slots=True)
class Planned:
    """An operation of the next session; `record` names what exists already."""

    item_id: str
    operation: str
    code: str
    sentence: str
    object: str
    key: str
    record: str


def force(scope: Scope, mailbox_id: int, actor: Actor = SYSTEM) -> Answer:
    """Start a session now, with the org's changes read first."""
    said = schedule.force(scope, mailbox_id, wiring.get().clock, actor)
    if said.ok:
        enqueue(TICK, str(scope.org_id), priority=Priority.FORCED)
        enqueue(SESSIONS, str(scope.org_id), priority=Priority.FORCED)
    return said


def pause(scope: Scope, mailbox_id: int, actor: Actor = SYSTEM) -> Answer:
    return schedule.pause(scope, mailbox_id, wiring.get().clock, actor)


def resume(scope: Scope, mailbox_id: int, actor: Actor = SYSTEM) -> Answer:
    said = schedule.resume(scope, mailbox_id, wiring.get().clock, actor)
    if said.ok:
        enqueue(SESSIONS, str(scope.org_id), priority=Priority.FORCED)
    return said


def latest(scope: Scope, mailbox_id: int, limit: int = 25) -> list[Explained]:
    """The mailbox's newest mails, fetched live and kept nowhere. Raises CrosstieError when it is out of reach."""
    ports = wiring.get().ports(scope)
    emails = _open(ports, scope, mailbox_id).latest(limit)
    return explain(scope, ports, mailbox_id, emails)


def find(scope: Scope, mailbox_id: int, wanted: str) -> list[Explained]:
    """The mail of that item id, or the copies of that Message-ID among the newest mails."""
    ports = wiring.get().ports(scope)
    mailbox = _open(ports, scope, mailbox_id)
    emails = [email for email in mailbox.latest(SEARCHED) if wanted in (email.item_id, email.message_id)]
    if not emails:
        emails = list(mailbox.envelopes([wanted]).values())
    return explain(scope, ports, mailbox_id, emails)


def _open(ports: Ports, scope: Scope, mailbox_id: int) -> Mailbox:
    """One of the scope's own: the door to the vendor itself knows no tenants."""
    return ports.mailboxes.open(mailboxes.get(scope, mailbox_id).mailbox_id)


def explain(scope: Scope, ports: Ports, mailbox_id: int, emails: Sequence[Email]) -> list[Explained]:
    """Each mail's last decision; for one that was never looked at, what the next session would decide."""
    said = explaining.why(ports.journal, ports.states, mailbox_id, [email.item_id for email in emails])
    fresh = [email for email in emails if said[email.item_id].outcome is None]
    foreseen = batch.foresee(ports, mailbox_id, fresh) if fresh else {}
    base = orgs.get(scope.org_id or 0).details.instance_url
    answers = []
    for email in emails:
        why = said[email.item_id]
        reason = foreseen.get(email.item_id)
        answers.append(
            Explained(
                email,
                reason.code if reason else why.code,
                (reason.kind.outcome if reason else why.outcome or ""),
                reason.sentence if reason else why.sentence,
                f"{base}/{why.record.record_id}" if why.record else "",
            )
        )
    return answers


def preview(scope: Scope, mailbox_ids: Sequence[int]) -> dict[int, list[Planned]]:
    """Mailbox → the operations of its next session, were it to start now."""
    ports = wiring.get().ports(scope)
    sessions = batch.preview(ports, mailbox_ids)
    for session in sessions:
        if session.error:
            raise session.error
    return {
        session.info.mailbox_id: [
            _planned(operation) for operation in session.operations if not isinstance(operation, Note)
        ]
        for session in sessions
    }


def _planned(operation: Operation) -> Planned:
    assert not isinstance(operation, Note)
    record: RecordRef | None = getattr(operation, "record", None)
    return Planned(
        operation.email.item_id,
        type(operation).__name__.lower(),
        operation.reason.code,
        operation.reason.sentence,
        getattr(operation, "object", ""),
        getattr(operation, "key", ""),
        record.record_id if record else "",
    )
