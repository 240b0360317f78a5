"""The bulk guard: what would remove more than is allowed at once is held back, and a person is asked.

They say that it is meant, and it goes; or that it stays: then nothing is removed and nothing made anew, and the
two halves are parted (docs/decisions/0053-what-is-to-stay-is-parted.md).
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from crosstie.domain import reasons
from crosstie.domain.calendar import CalendarItem, DeleteItem
from crosstie.domain.links import Bond, Side
from crosstie.domain.mirroring import Mirroring
from crosstie.domain.reasons import ANSWERED, Reason, reason
from crosstie.domain.records import RecordRef
from crosstie.engine.mirror.news import Situation
from crosstie.engine.mirror.parting import parted, unmarked
from crosstie.engine.mirror.session import Mirror
from crosstie.engine.ports import Ports
from crosstie.rules.calendar.guard import HELD, too_many


def guard(ports: Ports, mirror: Mirror, situation: Situation) -> None:
    """What was answered counts no more; nor does it ask again, though it may have to be tried again."""
    leaving = mirror.session.info.leaving
    for side in (Side.CRM,) if leaving else Side:  # who deactivates was shown what goes out of the calendar
        removing = [one for one in mirror.operations if _removes(one, side)]
        asking = [one for one in removing if _said(one) not in ANSWERED]
        instead = {
            id(one): _spared(one, mirror.items.get(one.item_id), situation)
            for one in removing
            if _said(one) == reasons.EVENT_SPARED.code
        }
        if why := _against(ports, mirror, asking, side):
            instead |= {id(one): _held(one, why, situation.now) for one in asking}
        mirror.operations = tuple(instead.get(id(one), one) for one in mirror.operations)


def _against(ports: Ports, mirror: Mirror, removing: Sequence[Mirroring], side: Side) -> Reason | None:
    """What was held back before counts as well: it does not go by ones and twos instead."""
    settings = mirror.session.info.settings
    if not removing:
        return None
    held = HELD[side].code
    tally = ports.states.tally(mirror.mailbox_id, held)
    fresh = sum(_said(one) != held for one in removing)
    return too_many(fresh + tally.waiting, tally.joined, side, settings)


def _removes(operation: Mirroring, side: Side) -> bool:
    """A copy whose withdrawal was begun was counted before."""
    if operation.before is None or operation.before.bond is not Bond.JOINED:
        return False
    return isinstance(operation.to_record, RecordRef) if side is Side.CRM else _withdraws(operation)


def _withdraws(operation: Mirroring) -> bool:
    """Whoever turned a switch was shown what goes, and turning it back brings it all back."""
    switched = operation.reason.kind is reasons.EVENT_SWITCHED_OFF
    return isinstance(operation.to_item, DeleteItem) and not switched


def _said(operation: Mirroring) -> str:
    """The reason that was told of it last."""
    return operation.before.reason_code if operation.before else ""


def _held(operation: Mirroring, why: Reason, now: datetime) -> Mirroring:
    link, before = operation.before or operation.subject, _said(operation)
    since = link.decided_at if before == why.code else now
    after = replace(link, reason_code=why.code, decided_at=since, recheck_at=None)
    return Mirroring(operation.natural, why, operation.before, after, news=before != why.code)


def _spared(operation: Mirroring, item: CalendarItem | None, situation: Situation) -> Mirroring:
    why, before = reason(reasons.EVENT_STAYS), operation.before or operation.subject
    link = parted(before, item, why, situation)
    return Mirroring(operation.natural, why, before, link, to_item=unmarked(item) if item else None)
