"""The guard against copies: where the same event appears again and again, nothing new is made on either side.

Another product then copies what we write, and we what it writes. What is there is kept in step as ever; the copies
are an issue, and everything else that is new waits until they are changed, deleted or said to be meant.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from crosstie.domain import reasons
from crosstie.domain.calendar import CalendarItem, ChangeItem, CreateItem
from crosstie.domain.links import Bond, Link
from crosstie.domain.mirroring import Mirroring
from crosstie.domain.reasons import Reason, reason
from crosstie.domain.records import RecordDraft
from crosstie.engine.mirror.act import lone
from crosstie.engine.mirror.session import Mirror
from crosstie.engine.pacing import ISSUE_RETRY, SOON
from crosstie.engine.ports import Ports
from crosstie.rules.calendar.copies import LATELY, likeness, too_many


def hold_copies(ports: Ports, mirror: Mirror) -> None:
    """Copies that somebody said are meant are made, and count no more."""
    new = [(one, item) for one in mirror.operations if _makes(one) and (item := _item(mirror, one))]
    if not new:
        return
    now, states = ports.clock.now(), ports.states
    like = _like(states.alike(mirror.mailbox_id, {likeness(item) for _, item in new}), new)
    old = {item.item_id for one, item in new if id(one) in like and _was_there(mirror, item)}
    mirror.like_no_other |= old
    copies = frozenset(id(one) for one, item in new if id(one) in like and item.item_id not in old)
    found = states.copies(mirror.mailbox_id, reasons.EVENT_COPY.code, now - LATELY)
    seen = sum(link.reason_code == reasons.EVENT_COPY.code for link in _looked_at(mirror))
    why = too_many(found.made, max(0, found.held - seen), len(copies))
    if why is None:
        return
    waits = reason(reasons.EVENT_COPY_WAITS)
    instead = {id(one): _held(one, why if id(one) in copies else waits, now) for one, _ in new}
    mirror.operations = tuple(instead.get(id(one), one) for one in mirror.operations)


def alike(mirror: Mirror) -> Mapping[str, str]:
    """Item id → what its pair says from now on; what was said to be meant, or was doubled before us, is like no
    other.
    """
    found = {}
    for operation, link in mirror.settled:
        if link and link.item_id and link.bond is Bond.JOINED and (item := _item(mirror, operation)):
            counts = not (_is_meant(operation) or link.item_id in mirror.like_no_other)
            found[link.item_id] = likeness(item) if counts else ""
    return found


def _like(known: Mapping[str, int], new: Sequence[tuple[Mirroring, CalendarItem]]) -> frozenset[int]:
    """All but the first of those that say the same."""
    there, found = Counter(known), set[int]()
    for one, item in new:
        said = likeness(item)
        if there[said]:
            found.add(id(one))
        there[said] += 1
    return frozenset(found)


def _was_there(mirror: Mirror, item: CalendarItem) -> bool:
    """Before the mailbox was activated: an earlier product may have left it, and it appears no more."""
    made, since = item.created_at, mirror.session.info.activated_at
    return item.item_id in mirror.observation.baseline or (made is not None and made < since)


def _makes(operation: Mirroring) -> bool:
    """A half that was begun may be there already, and of a pair that was joined a half is made again."""
    before = operation.before
    if (before and (before.is_begun or before.bond is Bond.JOINED)) or _is_meant(operation):
        return False
    return isinstance(operation.to_record, RecordDraft) or isinstance(operation.to_item, CreateItem)


def _is_meant(operation: Mirroring) -> bool:
    return operation.before is not None and operation.before.reason_code == reasons.EVENT_COPY_MEANT.code


def _item(mirror: Mirror, operation: Mirroring) -> CalendarItem | None:
    if isinstance(operation.to_item, CreateItem | ChangeItem):
        return operation.to_item.item
    return mirror.items.get(operation.item_id)


def _looked_at(mirror: Mirror) -> list[Link]:
    known = (*mirror.links.values(), *mirror.alone.values())
    return [link for link in known if mirror.was_looked_at(link)]


def _held(operation: Mirroring, why: Reason, now: datetime) -> Mirroring:
    before = operation.before
    told = before is not None and before.reason_code == why.code
    again = now + (ISSUE_RETRY if why.kind is reasons.EVENT_COPY else SOON)
    since = before.decided_at if told and before else now
    link = replace(lone(operation.first or operation.subject, why), recheck_at=again, decided_at=since)
    return Mirroring(
        operation.natural, why, before, link, awaits=operation.awaits, known=operation.known, news=not told
    )
