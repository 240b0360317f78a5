"""What follows where one half is gone, or not wanted any more, as the deletion matrix has it."""

from dataclasses import replace

from crosstie.domain import reasons
from crosstie.domain.calendar import CalendarItem, ChangeItem, DeleteItem, ItemWrite, Shape
from crosstie.domain.links import Bond, Link, Role, Side
from crosstie.domain.mailboxes import SALESFORCE_CATEGORY, UNSYNC_CATEGORY
from crosstie.domain.mirroring import Mirroring, RecordWrite
from crosstie.domain.reasons import Reason, reason
from crosstie.domain.records import RecordUpdate
from crosstie.engine.mirror.guests import declined
from crosstie.engine.mirror.news import Situation
from crosstie.engine.mirror.session import Pair
from crosstie.engine.mirror.table import Verdict
from crosstie.mapping.event.table import of_item
from crosstie.mapping.event.time import ends, when_of
from crosstie.rules.calendar.deletion import Fate, Happening, ItemFate, RecordFate, fate, kind_of

HAPPENED = {
    Verdict.DELETE: (Happening.DELETED_IN_MAILBOX, reasons.EVENT_GONE),
    Verdict.WITHDRAW: (Happening.DELETED_IN_CRM, reasons.EVENT_REMOVED),
    Verdict.PART: (Happening.UNSYNC, reasons.EVENT_UNSYNCED),
    Verdict.CANCEL: (Happening.CANCELLED, reasons.EVENT_GONE),
    Verdict.LEAVE: (Happening.LEFT_WINDOW, reasons.EVENT_LEFT),
}
WITHDRAWN = frozenset({reasons.EVENT_REMOVED.code, reasons.EVENT_LEFT.code})
"""Why a copy that we brought is taken back, so that a parted pair that still has it was not finished."""
MARKS = frozenset({SALESFORCE_CATEGORY, UNSYNC_CATEGORY})


def part(pair: Pair, link: Link, verdict: Verdict, natural: str, situation: Situation) -> Mirroring:
    """The pair is kept alike no more. A colleague's copy never takes the record with it."""
    happened, kind = HAPPENED[verdict]
    found = fate(kind_of(pair.item, link, situation.info), happened, situation.info.settings)
    if verdict is Verdict.DELETE and _is_history(pair, link, situation):
        found, kind = replace(found, record=RecordFate.KEEP), reasons.EVENT_HISTORY
    elif found.record is RecordFate.DECLINE:
        kind = reasons.EVENT_ABSENT
    elif verdict is Verdict.CANCEL and found.record is RecordFate.KEEP:
        kind = reasons.EVENT_CALLED_OFF
    to_record = _to_record(pair, link, found, situation)
    why = reason(kind)
    write = _to_item(pair.item, found)
    parted = _parted(link, pair.item, why, situation) if pair.item else None
    withdrawn = isinstance(write, DeleteItem)
    return Mirroring(
        natural,
        why,
        before=link,
        link=None if withdrawn else parted,
        first=parted if withdrawn else None,
        half=_without_record(link, why, situation) if to_record and write else None,
        to_record=to_record,
        to_item=write,
    )


def _is_history(pair: Pair, link: Link, situation: Situation) -> bool:
    """An occurrence that has been is not undone by what becomes of its series."""
    when = when_of(pair.record) if pair.record and link.series_id else None
    return when is not None and ends(when) <= situation.now


def _to_record(pair: Pair, link: Link, found: Fate, situation: Situation) -> RecordWrite | None:
    if pair.deleted or link.record is None:
        return None
    if found.record is RecordFate.DELETE and link.role is Role.LEAD:
        return link.record
    if found.record is RecordFate.DECLINE and pair.record:
        columns = declined(pair.record, situation.info.crm_user_id)
        return RecordUpdate(link.record, columns) if columns else None
    return None


def keep(pair: Pair, link: Link, natural: str, situation: Situation) -> Mirroring | None:
    """The item was edited while its record was deleted: nobody's work is thrown away."""
    if pair.item is None:
        return None
    why = reason(reasons.EVENT_KEPT)
    after = _parted(link, pair.item, why, situation)
    return Mirroring(natural, why, before=link, link=after, to_item=_unmarked(pair.item))


def wait(link: Link, natural: str, situation: Situation) -> Mirroring | None:
    """Until the record is shown to us again, or its delete is known."""
    why = reason(reasons.EVENT_HIDDEN)
    if link.reason_code == why.code:
        return None
    after = replace(link, reason_code=why.code, decided_at=situation.now)
    return Mirroring(natural, why, before=link, link=after)


def _to_item(item: CalendarItem | None, found: Fate) -> ItemWrite | None:
    """One with attendees is never deleted: the vendor would tell them."""
    if item is None or found.item is ItemFate.KEEP:
        return None
    if found.item is ItemFate.DELETE and not item.attendees:
        return DeleteItem(item.item_id, item.version)
    return _unmarked(item)


def _unmarked(item: CalendarItem) -> ChangeItem | None:
    if not item.categories & MARKS or item.shape is not Shape.SINGLE:
        return None
    return ChangeItem(replace(item, categories=item.categories - MARKS), frozenset({"categories"}))


def _parted(link: Link, item: CalendarItem, why: Reason, situation: Situation) -> Link:
    bare = replace(item, categories=item.categories - MARKS)
    return replace(
        link,
        bond=Bond.PARTED,
        item=situation.sealed(Side.MAILBOX, link.key, item.version, of_item(bare)),
        mirrored=None,
        marked=False,
        reason_code=why.code,
        decided_at=situation.now,
        recheck_at=None,
    )


def _without_record(link: Link, why: Reason, situation: Situation) -> Link:
    """The record is deleted, and the item is still to be told: what is left of the pair says so when met again."""
    return replace(link, mirrored=None, reason_code=why.code, decided_at=situation.now)


def withdraw_again(link: Link, item: CalendarItem, natural: str) -> Mirroring | None:
    """A session died while it withdrew a copy that we had brought, and nobody touched the copy since."""
    if link.bond is not Bond.PARTED or not link.is_born_in_crm or link.reason_code not in WITHDRAWN:
        return None
    why = reason(reasons.KINDS[link.reason_code])
    return Mirroring(natural, why, before=link, link=None, to_item=DeleteItem(item.item_id, item.version))
