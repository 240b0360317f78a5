"""Mails that something else has saved: they are told to be what is in Salesforce already.

Looking writes nothing anywhere. What is found is remembered as our own saves are, so that nobody saves the mail
again, and a mark that asks for a record which is not there can be taken for a person's wish.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from crosstie.domain import reasons
from crosstie.domain.address import canonical
from crosstie.domain.email import Email
from crosstie.domain.keys import natural_key, normal_message_id, record_key, within_a_day
from crosstie.domain.mailboxes import Lease, MailboxInfo, Span
from crosstie.domain.operations import Join
from crosstie.domain.reasons import Reason, reason
from crosstie.domain.records import EMAIL_MESSAGE, RecordRef
from crosstie.domain.states import ItemState, SavedMail
from crosstie.engine.ports import Ports
from crosstie.engine.requests import keeps_mark, mark_of
from crosstie.mapping.fields import MESSAGE_ID
from crosstie.ports.crm import Recorded
from crosstie.ports.journal import Status
from crosstie.ports.mailbox import Mailbox
from crosstie.rules.deduplication import same_mail
from crosstie.rules.relevance import mark_verdict

PAGE = 200
"""Mails that are looked at, looked up and remembered together."""
RECEIPTS = frozenset({"tracked successfully", "status: tracked successfully"})
"""Categories, case-folded, by which other products say that they have saved a mail."""
DAY = timedelta(days=1)


class Fate(StrEnum):
    KNOWN = "known"
    """We remember its record already."""
    ADOPTED = "adopted"
    SHARED = "shared"
    """A copy of a mail whose record we remember: it points there now."""
    IMPORTED = "imported"
    """It has no record, and is saved by the next sessions as if a person had marked it."""
    MISSING = "missing"
    DELETED = "deleted"
    """Its record was deleted; only a person's new mark saves it again."""
    NAMELESS = "nameless"
    """Without a Message-ID of its own nobody can tell which record is its."""
    UNFIT = "unfit"
    """No mark saves what it is."""


@dataclass(frozen=True, slots=True)
class Wishes:
    everything: bool = False
    """Mails without a mark too."""
    imports: bool = False
    """What carries our mark and has no record is saved."""
    stamps: bool = False
    """Adopted records are given our key."""
    task_fields: tuple[str, ...] = ()
    """Fields of Task, besides ours, in which the Message-ID is kept."""


@dataclass(frozen=True, slots=True)
class Finding:
    email: Email
    fate: Fate
    record: RecordRef | None = None
    key: str = ""
    """That of the record, if it has one."""
    others: int = 0
    """Further records of the same mail."""


@dataclass(frozen=True, slots=True)
class Page:
    findings: tuple[Finding, ...]
    looked: int
    reached: datetime


def look(ports: Ports, info: MailboxInfo, mailbox: Mailbox, window: Span, wishes: Wishes) -> Page:
    """The newest mails of the window. Nothing is written."""
    older = mailbox.older(window.since, window.before, limit=PAGE, dropped=True)
    chosen = [email for email in older.emails if wishes.everything or is_marked(email)]
    states = ports.states.items(info.mailbox_id, [email.item_id for email in chosen])
    naturals = {email.item_id: natural_key(email) for email in chosen if email.message_id}
    saved = ports.states.saved(naturals.values())
    findings = {}
    for email in chosen:
        before = saved.get(naturals.get(email.item_id, ""))
        if found := _remembered(ports, email, states.get(email.item_id), before):
            findings[email.item_id] = found
    sought = [email for email in chosen if email.item_id not in findings]
    findings |= {one.email.item_id: one for one in _sought(ports, sought, wishes)}
    return Page(tuple(findings[email.item_id] for email in chosen), len(older.emails), older.reached)


def is_marked(email: Email) -> bool:
    """By us, by an earlier installation or by another product."""
    return mark_of(email) is not None or any(one.casefold() in RECEIPTS for one in email.categories)


def carry_out(ports: Ports, lease: Lease, page: Page, wishes: Wishes) -> frozenset[str]:
    """Remember what was found; ids of records that were given our key. Raises LeaseLost, Unclear.

    Keys come first: who dies in between finds the records again, and a key that is there.
    """
    adopted = [one for one in page.findings if one.fate in (Fate.ADOPTED, Fate.SHARED)]
    stamped = _stamp(ports, lease, adopted) if wishes.stamps else frozenset[str]()
    imported = [one for one in page.findings if one.fate is Fate.IMPORTED]
    known = ports.states.items(lease.mailbox_id, [one.email.item_id for one in (*adopted, *imported)])
    now = ports.clock.now()
    with ports.states.transaction():
        if adopted:
            _remember(ports, lease, adopted)
        states = [_adopted(ports, one, known.get(one.email.item_id), now) for one in adopted]
        states += [_asked(ports, one.email, now) for one in imported]
        if states:
            ports.states.save_items(lease, states, awaits={})
    return stamped


def _remembered(ports: Ports, email: Email, state: ItemState | None, saved: SavedMail | None) -> Finding | None:
    """What is known without asking the org."""
    if saved and same_mail(email, saved, ports.states.same):
        if saved.deleted:
            return Finding(email, Fate.DELETED)
        has_it = state is not None and state.record is not None
        return Finding(email, Fate.KNOWN if has_it else Fate.SHARED, saved.record)
    if state and state.record:
        return Finding(email, Fate.KNOWN, state.record)
    return Finding(email, Fate.NAMELESS) if saved else None


def _sought(ports: Ports, emails: Sequence[Email], wishes: Wishes) -> Iterator[Finding]:
    named = [email.message_id for email in emails if email.message_id]
    records: dict[str, list[Recorded]] = {}
    for one in ports.crm.recorded(named, (MESSAGE_ID, *wishes.task_fields)) if named else ():
        records.setdefault(one.message_id, []).append(one)
    for email in emails:
        named_so = records.get(normal_message_id(email.message_id or ""), ())
        fitting = [one for one in named_so if _is_of(one, email)]
        fitting.sort(key=lambda one: one.record.object != EMAIL_MESSAGE)
        if fitting:
            others = sum(one.record.object == fitting[0].record.object for one in fitting[1:])
            yield Finding(email, Fate.ADOPTED, fitting[0].record, fitting[0].key, others)
        else:
            yield Finding(email, _without(email, wishes))


def _without(email: Email, wishes: Wishes) -> Fate:
    if mark_verdict(email):
        return Fate.UNFIT
    if not email.message_id:
        return Fate.NAMELESS
    return Fate.IMPORTED if wishes.imports and mark_of(email) else Fate.MISSING


def _is_of(one: Recorded, email: Email) -> bool:
    """The Message-ID alone does not make it the same mail: who sent it, and when, as far as a record tells."""
    sender = email.sender.email if email.sender else ""
    if one.sender and canonical(one.sender) != sender:
        return False
    if one.day and email.at:
        return abs(one.day - email.at.date()) <= DAY
    return within_a_day(email.at, one.at)


def _stamp(ports: Ports, lease: Lease, adopted: Sequence[Finding]) -> frozenset[str]:
    keys = {
        one.record: record_key(natural_key(one.email))
        for one in adopted
        if one.record and one.fate is Fate.ADOPTED and not one.key
    }
    if not keys:
        return frozenset()
    ports.states.check(lease)
    ports.check_time(lease)
    return ports.crm.stamp(keys)


def _remember(ports: Ports, lease: Lease, adopted: Sequence[Finding]) -> None:
    joins = [_join(one) for one in adopted]
    entries = ports.journal.plan(lease, joins)
    for join, entry in zip(joins, entries, strict=True):
        ports.journal.finish(lease, entry, Status.DONE, join.reason, join.record)
    found = [one for one in reversed(adopted) if one.fate is Fate.ADOPTED]
    for natural, one in {natural_key(one.email): one for one in found}.items():
        assert one.record is not None
        email = one.email
        sender = email.sender.email if email.sender else ""
        ports.states.remember_saved(natural, SavedMail(natural, sender, email.at, one.record))


def _join(one: Finding) -> Join:
    assert one.record is not None
    natural = natural_key(one.email)
    return Join(one.email, natural, record_key(natural), _reason(one), record=one.record)


def _reason(one: Finding) -> Reason:
    kind = reasons.ADOPTED if one.fate is Fate.ADOPTED else reasons.SAVED_SHARED
    return reason(kind, object=one.record.object if one.record else "")


def _adopted(ports: Ports, one: Finding, before: ItemState | None, now: datetime) -> ItemState:
    state = _state(ports, one.email, _reason(one).code, now)
    return replace(state, marked=keeps_mark(one.email, before), record=one.record)


def _asked(ports: Ports, email: Email, now: datetime) -> ItemState:
    """Its mark counts as new, and the next session looks at it."""
    return replace(_state(ports, email, reasons.OLD_MARK.code, now), recheck_at=now)


def _state(ports: Ports, email: Email, code: str, now: datetime) -> ItemState:
    return ItemState(
        item_id=email.item_id,
        version=email.version,
        folder=email.folder,
        marked=False,
        natural=ports.states.digest(natural_key(email)),
        conversation=ports.states.digest(email.conversation_id) if email.conversation_id else "",
        reason_code=code,
        decided_at=now,
    )
