"""What was begun and not heard of: halves that may be there although nobody remembers having made them.

Before a half is made it is remembered as it will be. Whoever comes after a death, or a lost answer, finds it by
its key, its token or, in an org without keys, by what it says, and then only compares.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from crosstie.domain import reasons
from crosstie.domain.calendar import CalendarItem, Showing
from crosstie.domain.keys import born_key, record_key
from crosstie.domain.links import Bond, Link, Side
from crosstie.domain.mailboxes import SALESFORCE_CATEGORY
from crosstie.domain.mirroring import Mirroring
from crosstie.domain.reasons import reason
from crosstie.domain.records import EVENT, Record, RecordDraft, RecordRef
from crosstie.engine.mirror.session import Mirror
from crosstie.engine.pacing import SOON
from crosstie.engine.ports import Ports
from crosstie.engine.tick import read_until
from crosstie.mapping.event.make import New, create, placeholder
from crosstie.mapping.event.table import ROWS, of_record
from crosstie.ports.crm import SETTLE_TIME, CrmCapabilities
from crosstie.rules.calendar.privacy import showing
from crosstie.rules.linking import Links


def is_begun_again(link: Link) -> bool:
    """Its record was deleted where that does not count: the rules are not asked once more."""
    return link.is_begun and link.reason_code == reasons.EVENT_MADE_AGAIN.code


def is_found_again(link: Link | None) -> bool:
    """Joined in this session to the record that was begun: without keys that is known by what it said then."""
    return link is not None and link.bond is Bond.JOINED and link.reason_code == reasons.EVENT_UNCLEAR.code


def begin_record(link: Link, now: datetime, *, asked: bool) -> Link:
    """Remembered while the record is being made. A mark that nobody set before is ours when it is met."""
    code = reasons.EVENT_UNCLEAR.code
    return replace(link, bond=Bond.NONE, record=None, reason_code=code, recheck_at=now, marked=not asked)


def begin_item(link: Link, now: datetime) -> Link:
    """Remembered while the item of a record is being made."""
    return replace(link, item_id="", reason_code=reasons.EVENT_WAITS.code, recheck_at=now)


def item_may_come(link: Link | None, now: datetime) -> bool:
    """A record's item, of whose making nobody has heard, may be made still: by what is remembered it is ours."""
    is_begun = link is not None and link.bond is Bond.JOINED and not link.item_id
    return link is not None and is_begun and now < link.decided_at + SETTLE_TIME


def await_item(link: Link, natural: str, now: datetime) -> Mirroring:
    return Mirroring(natural, reason(reasons.EVENT_WAITS), link, replace(link, recheck_at=now + SOON), news=False)


def recall(ports: Ports, mirrors: Sequence[Mirror]) -> None:
    """Join the items whose record was made after all. An org without keys is not asked before it must be done."""
    begun = [(mirror, link) for mirror in mirrors for link in _begun(mirror)]
    if not begun:
        return
    org, now = ports.crm.capabilities(), ports.clock.now()
    sought: list[tuple[Mirror, Link]] = []
    for mirror, link in begun:
        if not org.keyed_events and now < link.decided_at + SETTLE_TIME:
            mirror.parked[link.item_id] = link
        else:
            sought.append((mirror, link))
    drafts = [_draft(mirror, link, org) for mirror, link in sought]
    found = ports.crm.find(drafts, deleted_too=True) if drafts else {}
    for (mirror, link), draft in zip(sought, drafts, strict=True):
        record_id = found.get(draft.key, "")
        if record_id and not _is_taken(ports, mirror, record_id):
            mirror.links[link.item_id] = _found(link, RecordRef(EVENT, record_id))
        elif not org.keyed_events or _may_come(mirror, link, now):
            mirror.parked[link.item_id] = link


def _found(link: Link, record: RecordRef) -> Link:
    return replace(link, bond=Bond.JOINED, record=record, reason_code=reasons.EVENT_UNCLEAR.code)


def _may_come(mirror: Mirror, link: Link, now: datetime) -> bool:
    """The record of an item that is gone: it is not sent again, so it is waited for as long as it may come."""
    return mirror.items[link.item_id] is None and now < link.decided_at + SETTLE_TIME


def join_made(ports: Ports, mirror: Mirror) -> None:
    """What is parked is joined to a record that says what was to be written, all of it: two of one appointment can
    be put right, and two appointments that were taken for one cannot. Where there are keys only they say so. What
    nobody has read since it may have been made is not at hand.
    """
    if not mirror.parked:
        return
    by_words = not ports.crm.capabilities().keyed_events
    read = read_until(ports.states.watermarks(), EVENT) if by_words else ports.clock.now()
    joined = {link.record.record_id for link in mirror.links.values() if link.record} | mirror.alone.keys()
    free = {
        record_id: record for record_id, record in mirror.records.items() if record and record_id not in joined
    }
    for link in mirror.parked.values():
        alike = (record_id for record_id, record in free.items() if by_words and _is_ours(ports, link, record))
        if ours := next(alike, ""):
            mirror.links[link.item_id] = _found(link, free.pop(ours).ref)
        elif min(ports.clock.now(), read) < link.decided_at + SETTLE_TIME:
            del mirror.items[link.item_id]


def _is_ours(ports: Ports, link: Link, record: Record) -> bool:
    """Names of people and what it is about are Salesforce's to say."""
    values = {name: value for name, value in of_record(record).items() if ROWS[name].two_way}
    moved = ports.states.moved(link.key, Side.CRM, link.mirrored, values) if link.mirrored else None
    return moved == frozenset()


def _begun(mirror: Mirror) -> Iterable[Link]:
    return [link for link in mirror.links.values() if link.is_begun and link.item_id in mirror.items]


def _draft(mirror: Mirror, link: Link, org: CrmCapabilities) -> RecordDraft:
    """Of an item that is gone only the key is left, and an org without keys cannot be asked for that."""
    item = mirror.items[link.item_id]
    if item is None:
        return RecordDraft(EVENT, link.key, {})
    info = mirror.session.info
    asked = SALESFORCE_CATEGORY in item.categories
    shown = placeholder(item) if showing(item, info.settings, asked=asked) is Showing.HELD else item
    return create(New(shown, link.key, info.crm_user_id, Links()), org)


def _is_taken(ports: Ports, mirror: Mirror, record_id: str) -> bool:
    """Of two items that say the same each has a record of its own."""
    return record_id in ports.states.links_of_records(mirror.mailbox_id, [record_id])


def join_born(mirror: Mirror, now: datetime) -> None:
    """Items that bear the token of a record at hand were made for it, whoever forgot to remember."""
    new = [item for item in mirror.items.values() if item and item.token and item.item_id not in mirror.links]
    if not new:
        return
    tokens = {record_key(born_key(record_id)): record_id for record_id in mirror.records}
    tokens |= {link.key: record_id for record_id, link in mirror.alone.items() if record_id in mirror.records}
    for item in new:
        if item.token in tokens:
            mirror.links[item.item_id] = _born(mirror, item, tokens, now)


def _born(mirror: Mirror, item: CalendarItem, tokens: Mapping[str, str], now: datetime) -> Link:
    record_id = tokens[item.token]
    known = mirror.alone.get(record_id)
    return Link(
        mailbox_id=mirror.mailbox_id,
        natural="",
        key=item.token,
        bond=Bond.JOINED,
        origin=Side.CRM,
        reason_code=reasons.EVENT_BROUGHT.code,
        decided_at=now,
        item_id=item.item_id,
        record=RecordRef(EVENT, record_id),
        item=replace(known.item, version="") if known and known.item else None,
        mirrored=known.mirrored if known else None,
        marked=True,
    )
