"""What people ask for, from a page or the command line: the same calls, the same sentences."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from crosstie.accounts import audit, words
from crosstie.accounts.audit import SYSTEM, Actor, Deed
from crosstie.accounts.connection import mailboxes, orgs
from crosstie.accounts.connection.orgs import OrgInfo
from crosstie.accounts.sync import schedule, threads
from crosstie.accounts.sync import why as explaining
from crosstie.accounts.sync.why import Why
from crosstie.accounts.trouble import advice, issues
from crosstie.accounts.trouble.issues import Refused, Stopped
from crosstie.accounts.words import Answer, answer
from crosstie.domain import errors
from crosstie.domain.calendar import CalendarItem
from crosstie.domain.email import Email
from crosstie.domain.errors import Unclear
from crosstie.domain.mailboxes import MailboxInfo
from crosstie.domain.operations import Note, Operation
from crosstie.domain.reasons import EVENT_ASK
from crosstie.domain.records import RecordRef
from crosstie.engine import batch, removing, sight
from crosstie.engine.ports import Ports
from crosstie.jobs import live, wiring
from crosstie.jobs.queue import Priority, enqueue
from crosstie.jobs.sync import SESSIONS, TICK
from crosstie.ports.crm import Removal
from crosstie.ports.mailbox import Mailbox
from crosstie.rules.leftovers import Leftover
from crosstie.store.models import Scope
from crosstie.store.sql import org_of

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
    left_out: tuple[Leftover, ...] = ()
    in_thread: bool = False
    """All e-mails of its thread are saved."""


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


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that needs a person: one item, or (without `item_id`) what stops all of the mailbox.

    `email` or `event` is the item as its owner sees it at this moment; None where it could not be fetched.
    """

    code: str
    sentence: str
    source: str
    first_at: datetime | None
    last_at: datetime | None
    item_id: str = ""
    advice: str = ""
    kind: issues.Kind = issues.Kind.EMAIL
    email: Email | None = None
    event: CalendarItem | None = None
    record_url: str = ""

    @property
    def asks(self) -> bool:
        """Whether an update of a meeting waits for somebody's word."""
        return self.code == EVENT_ASK.code


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
        emails = _by_id(mailbox, wanted)
    return explain(scope, ports, mailbox_id, emails)


def _by_id(mailbox: Mailbox, wanted: str) -> list[Email]:
    """What the vendor refuses to take for an id is nobody's."""
    try:
        return list(mailbox.envelopes([wanted]).values())
    except errors.Refused:
        return []


def _open(ports: Ports, scope: Scope, mailbox_id: int) -> Mailbox:
    """One of the scope's own: the door to the vendor itself knows no tenants."""
    info = mailboxes.info(scope, mailboxes.get(scope, mailbox_id).mailbox_id)
    return ports.mailboxes.open(info.mailbox_id, info.folders)


def explain(scope: Scope, ports: Ports, mailbox_id: int, emails: Sequence[Email]) -> list[Explained]:
    """Each mail's last decision; for one that was never looked at, what the next session would decide."""
    said = explaining.why(ports.journal, ports.states, mailbox_id, [email.item_id for email in emails])
    fresh = [email for email in emails if said[email.item_id].outcome is None]
    foreseen = batch.foresee(ports, mailbox_id, fresh) if fresh else {}
    info, org = mailboxes.info(scope, mailbox_id), orgs.get(org_of(scope))
    marked = ports.states.threads(mailbox_id, {email.conversation_id for email in emails})
    hidden = sight.hidden(ports, info.crm_user_id, [why.record.record_id for why in said.values() if why.record])
    answers = []
    for email in emails:
        why = said[email.item_id]
        reason = foreseen.get(email.item_id)
        code, sentence = (reason.code, reason.sentence) if reason else (why.code, why.sentence)
        answers.append(
            Explained(
                email,
                code,
                (reason.kind.outcome if reason else why.outcome or ""),
                explaining.with_entries(code, sentence, email, info),
                "" if why.record and why.record.record_id in hidden else _record_url(org, why),
                why.left_out,
                email.conversation_id in marked,
            )
        )
    return answers


def _record_url(org: OrgInfo, why: Why) -> str:
    return f"{org.details.instance_url}/{why.record.record_id}" if why.record else ""


def problems(scope: Scope, mailbox_id: int, until: datetime | None = None) -> list[Problem]:
    """What needs a person, the mailbox's own trouble first. The items are shown live, where they can be."""
    listed = issues.refused(scope, mailbox_id)
    whole = issues.stopped(scope, mailbox_id, wiring.get().clock.now())
    found = [_stopped(whole)] if whole else []
    if not listed:
        return found
    ports = wiring.get().ports(scope)
    ids = [one.item_id for one in listed]
    said = explaining.why(ports.journal, ports.states, mailbox_id, ids)
    shown, org = _live(ports, scope, mailbox_id, listed, until), orgs.get(org_of(scope))
    return found + [_problem(one, said[one.item_id], shown.get(one.item_id), org) for one in listed]


def _live(
    ports: Ports, scope: Scope, mailbox_id: int, listed: Sequence[Refused], until: datetime | None
) -> Mapping[str, Email | CalendarItem]:
    """What the mailbox shows of them at this moment."""
    ids = {kind: [one.item_id for one in listed if one.kind is kind] for kind in issues.Kind}

    def mails() -> Mapping[str, Email | CalendarItem]:
        return _open(ports, scope, mailbox_id).envelopes(ids[issues.Kind.EMAIL])

    def events() -> Mapping[str, Email | CalendarItem]:
        return _open(ports, scope, mailbox_id).calendar().items(ids[issues.Kind.EVENT])

    calls = {issues.Kind.EMAIL: mails, issues.Kind.EVENT: events}
    answers = live.ask(ports, [call for kind, call in calls.items() if ids[kind]], until)
    return {item_id: item for answer in answers if answer for item_id, item in answer.items()}


def approve(scope: Scope, mailbox_id: int, item_id: str, actor: Actor = SYSTEM) -> Answer:
    """Let a meeting that was changed in Salesforce be changed in the mailbox, which mails its attendees."""
    said = issues.approve(scope, mailboxes.get(scope, mailbox_id).mailbox_id, item_id, wiring.get().clock, actor)
    if said.ok:
        enqueue(SESSIONS, str(scope.org_id), priority=Priority.FORCED)
    return said


def retry(scope: Scope, mailbox_id: int, item_ids: Sequence[str], actor: Actor = SYSTEM) -> Answer:
    said = issues.retry(scope, mailbox_id, item_ids, wiring.get().clock, actor)
    if said.ok:
        enqueue(SESSIONS, str(scope.org_id), priority=Priority.FORCED)
    return said


def unsave(scope: Scope, mailbox_id: int, item_id: str, actor: Actor = SYSTEM) -> Answer:
    """Take a saved mail out of Salesforce, for everybody, if the mailbox's Salesforce user may delete it there.

    That it was asked for stands in the audit before anything is done.
    """
    house = wiring.get()
    info, ports = mailboxes.info(scope, mailbox_id), house.ports(scope)
    record = explaining.why(ports.journal, ports.states, mailbox_id, [item_id])[item_id].record
    if record is None:
        return answer(words.NOTHING_TO_REMOVE, ok=False)
    details = {"record": record.record_id, "object": record.object}
    audit.record(scope, Deed(house.clock.now(), actor, "mail.unsave", f"mailbox {mailbox_id}", details))
    try:
        removal = removing.take_out(ports, record, info.crm_user_id)
    except Unclear:
        return answer(words.REMOVAL_UNCLEAR, ok=False)
    return answer(_REMOVALS[removal], ok=removal is Removal.DONE)


def mark_thread(scope: Scope, mailbox_id: int, item_id: str, actor: Actor = SYSTEM) -> Answer:
    """Have all e-mails saved of the thread that this one belongs to, past and future ones."""
    house = wiring.get()
    info, email = _seen(scope, mailbox_id, item_id)
    said = threads.mark(scope, house.ports(scope).states, info, email, house.clock, actor)
    if said.ok:
        enqueue(SESSIONS, str(scope.org_id), priority=Priority.FORCED)
    return said


def stop_thread(scope: Scope, mailbox_id: int, item_id: str, actor: Actor = SYSTEM) -> Answer:
    house = wiring.get()
    info, email = _seen(scope, mailbox_id, item_id)
    return threads.stop(scope, house.ports(scope).states, info, email, house.clock, actor)


def _seen(scope: Scope, mailbox_id: int, item_id: str) -> tuple[MailboxInfo, Email | None]:
    """The mail as its owner sees it at this moment. Raises CrosstieError when the mailbox is out of reach."""
    info = mailboxes.info(scope, mailboxes.get(scope, mailbox_id).mailbox_id)
    found = _open(wiring.get().ports(scope), scope, mailbox_id).envelopes([item_id])
    return info, found.get(item_id)


_REMOVALS = {
    Removal.DONE: words.REMOVED,
    Removal.FORBIDDEN: words.MAY_NOT_REMOVE,
    Removal.REFUSED: words.REMOVAL_REFUSED,
}


def _stopped(whole: Stopped) -> Problem:
    return Problem(
        code=whole.code,
        sentence=whole.sentence,
        source=advice.side(whole.code),
        first_at=whole.first_at,
        last_at=whole.last_at,
    )


def _problem(one: Refused, why: Why, shown: Email | CalendarItem | None, org: OrgInfo) -> Problem:
    return Problem(
        code=why.code,
        sentence=why.sentence,
        source=advice.side(why.code),
        first_at=one.first_at,
        last_at=one.last_at,
        item_id=one.item_id,
        advice=advice.for_reason(why.code),
        kind=one.kind,
        email=shown if isinstance(shown, Email) else None,
        event=shown if isinstance(shown, CalendarItem) else None,
        record_url=_record_url(org, why),
    )


def preview(scope: Scope, mailbox_ids: Sequence[int]) -> dict[int, list[Planned]]:
    """Mailbox → the operations of its next session, were it to start now."""
    ports = wiring.get().ports(scope)
    sessions = batch.preview(ports, mailbox_ids)
    for session in sessions:
        if session.error:
            raise session.error
    return {
        session.info.mailbox_id: [
            _planned(operation, session.info)
            for operation in session.operations
            if not isinstance(operation, Note)
        ]
        for session in sessions
    }


def _planned(operation: Operation, info: MailboxInfo) -> Planned:
    assert not isinstance(operation, Note)
    record: RecordRef | None = getattr(operation, "record", None)
    return Planned(
        operation.email.item_id,
        type(operation).__name__.lower(),
        operation.reason.code,
        explaining.with_entries(operation.reason.code, operation.reason.sentence, operation.email, info),
        getattr(operation, "object", ""),
        getattr(operation, "key", ""),
        record.record_id if record else "",
    )
