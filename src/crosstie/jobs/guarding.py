"""What the guards hold back, as its person sees it at this moment, and their word on it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial

from crosstie.accounts.audit import SYSTEM, Actor
from crosstie.accounts.connection import mailboxes
from crosstie.accounts.trouble import copied, guarded
from crosstie.accounts.trouble.copied import Copied
from crosstie.accounts.trouble.copied import Word as CopyWord
from crosstie.accounts.trouble.guarded import Held, Word
from crosstie.accounts.words import Answer
from crosstie.domain.calendar import When
from crosstie.domain.links import Side
from crosstie.domain.mailboxes import MailboxInfo
from crosstie.domain.records import EVENT, RecordRef
from crosstie.engine.ports import Ports
from crosstie.jobs import live, wiring
from crosstie.jobs.queue import Priority, enqueue
from crosstie.jobs.sync import SESSIONS
from crosstie.mapping.event.time import WHEN, when_of
from crosstie.mapping.event.values import text_of
from crosstie.store.models import Scope

COLUMNS = ("Subject", *WHEN.columns)


@dataclass(frozen=True, slots=True)
class Named:
    subject: str
    start: date | None
    """A moment, or a day."""
    side: Side | None = None
    """Where it lies, if not all of them lie on one side."""


@dataclass(frozen=True, slots=True)
class HeldBack:
    held: Held
    named: tuple[Named, ...]
    """The first of them, as they are where they would be removed; fewer where they cannot be shown."""

    @property
    def more(self) -> int:
        return self.held.count - len(self.named)


@dataclass(frozen=True, slots=True)
class CopiesHeld:
    held: Copied
    named: tuple[Named, ...]
    """As of HeldBack."""

    @property
    def more(self) -> int:
        return self.held.count - len(self.named)


def held_back(scope: Scope, mailbox_id: int, until: datetime | None = None) -> list[HeldBack]:
    """Named are those that are shown by then."""
    found = guarded.held(scope, mailbox_id)
    if not found:
        return []
    ports = wiring.get().ports(scope)
    named = live.ask(ports, [partial(_named, ports, scope, mailbox_id, one) for one in found], until)
    return [HeldBack(one, tuple(names or ())) for one, names in zip(found, named, strict=True)]


def decide(
    scope: Scope, mailbox_id: int, side: Side, word: Word, actor: Actor = SYSTEM, *, seen: int | None = None
) -> Answer:
    mine = mailboxes.get(scope, mailbox_id).mailbox_id
    said = guarded.decide(scope, mine, side, word, wiring.get().clock, actor, seen=seen)
    if said.ok:
        enqueue(SESSIONS, str(scope.org_id), priority=Priority.FORCED)
    return said


def copies_held(scope: Scope, mailbox_id: int, until: datetime | None = None) -> CopiesHeld | None:
    """Named are those that are shown by then, with the side on which they lie."""
    found = copied.held(scope, mailbox_id)
    if found is None:
        return None
    ports = wiring.get().ports(scope)
    sides = (Side.MAILBOX, Side.CRM)
    calls = [partial(_copies, ports, scope, mailbox_id, side, found) for side in sides]
    named = [replace(one, side=side) for side, several in zip(sides, live.ask(ports, calls, until), strict=True)
             for one in several or ()]  # fmt: skip
    return CopiesHeld(found, tuple(named))


def decide_copies(
    scope: Scope, mailbox_id: int, word: CopyWord, actor: Actor = SYSTEM, *, seen: int | None = None
) -> Answer:
    mine = mailboxes.get(scope, mailbox_id).mailbox_id
    said = copied.decide(scope, mine, word, wiring.get().clock, actor, seen=seen)
    if said.ok:
        enqueue(SESSIONS, str(scope.org_id), priority=Priority.FORCED)
    return said


def _named(ports: Ports, scope: Scope, mailbox_id: int, one: Held) -> Sequence[Named]:
    return _on_side(
        ports, scope, mailbox_id, one.side, one.item_ids if one.side is Side.MAILBOX else one.record_ids
    )


def _copies(ports: Ports, scope: Scope, mailbox_id: int, side: Side, found: Copied) -> Sequence[Named]:
    ids = [item if side is Side.MAILBOX else record for item, record in found.places]
    return _on_side(ports, scope, mailbox_id, side, [one for one in ids if one])


def _on_side(ports: Ports, scope: Scope, mailbox_id: int, side: Side, ids: Sequence[str]) -> Sequence[Named]:
    if not ids:
        return ()
    info = mailboxes.info(scope, mailboxes.get(scope, mailbox_id).mailbox_id)
    if side is Side.MAILBOX:
        return _in_calendar(ports, info, ids)
    return _in_salesforce(ports, info.crm_user_id, ids)


def _in_calendar(ports: Ports, info: MailboxInfo, item_ids: Sequence[str]) -> Sequence[Named]:
    items = ports.mailboxes.open(info.mailbox_id, info.folders).calendar().items(item_ids)
    return [_of(items[item].subject, items[item].when) for item in item_ids if item in items]


def _in_salesforce(ports: Ports, user_id: str, record_ids: Sequence[str]) -> Sequence[Named]:
    """We read as one who may see more than they: what they may not is not named."""
    if not user_id:
        return ()
    refs = [RecordRef(EVENT, record_id) for record_id in record_ids]
    columns: Mapping[str, tuple[str, ...]] = {EVENT: COLUMNS}
    records = ports.crm.records(refs, columns)
    unseen = {record for _, record in ports.crm.hidden({(user_id, found) for found in records})}
    there = [records[ref.record_id] for ref in refs if ref.record_id in records.keys() - unseen]
    return [_of(text_of(record, "Subject"), when_of(record)) for record in there]


def _of(subject: str, when: When | None) -> Named:
    return Named(subject, when.start if when else None)
