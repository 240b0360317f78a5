"""What follows where one half is gone, or not wanted any more, as the deletion matrix has it."""

from dataclasses import replace
from datetime import datetime

from crosstie.domain import reasons
from crosstie.domain.calendar import CalendarItem, ChangeItem, DeleteItem, ItemWrite, Shape
from crosstie.domain.keys import born_key, record_key
from crosstie.domain.links import Bond, Link, Role
from crosstie.domain.mailboxes import SALESFORCE_CATEGORY, UNSYNC_CATEGORY
from crosstie.domain.mirroring import Mirroring, RecordWrite
from crosstie.domain.reasons import Reason, reason
from crosstie.domain.records import RecordUpdate
from crosstie.engine.mirror.guests import declined, handed_over
from crosstie.engine.mirror.news import Situation
from crosstie.engine.mirror.session import Pair
from crosstie.engine.mirror.table import Verdict
from crosstie.engine.pacing import ISSUE_RETRY
from crosstie.mapping.event.time import ends, when_of
from crosstie.rules.calendar.deletion import Fate, Happening, ItemFate, RecordFate, fate, kind_of
from crosstie.rules.calendar.keeping import ASIDE, is_aside, kept_out
from crosstie.rules.calendar.window import is_within

HAPPENED = {
    Verdict.DELETE: (Happening.DELETED_IN_MAILBOX, reasons.EVENT_GONE),
    Verdict.WITHDRAW: (Happening.DELETED_IN_CRM, reasons.EVENT_REMOVED),
    Verdict.PART: (Happening.UNSYNC, reasons.EVENT_UNSYNCED),
    Verdict.CANCEL: (Happening.CANCELLED, reasons.EVENT_GONE),
    Verdict.LEAVE: (Happening.LEFT_WINDOW, reasons.EVENT_LEFT),
}
RETURNING = ASIDE | {reasons.EVENT_LEFT.code}
"""Why a copy that we brought is taken back until that does not hold any more."""
WITHDRAWN = RETURNING | {reasons.EVENT_REMOVED.code}
"""Why one is taken back at all."""
MARKS = frozenset({SALESFORCE_CATEGORY, UNSYNC_CATEGORY})


def part(pair: Pair, link: Link, verdict: Verdict, natural: str, situation: Situation) -> Mirroring:
    """The pair is kept alike no more. A colleague's copy never takes the record with it."""
    happened, kind = HAPPENED[verdict]
    found = fate(kind_of(pair.item, link, situation.info), happened, situation.info.settings)
    if RecordFate.AGAIN is found.record or ItemFate.AGAIN is found.item:
        if link.role is Role.COPY and pair.item:
            return _waiting(pair.item, link, natural, situation)
        found = Fate(RecordFate.KEEP, ItemFate.UNMARK)
    if verdict is Verdict.DELETE and _is_history(pair, link, situation):
        found, kind = replace(found, record=RecordFate.KEEP), reasons.EVENT_HISTORY
    elif verdict is Verdict.DELETE and found.record is RecordFate.KEEP:
        kind = reasons.EVENT_ONE_WAY
    elif found.record is RecordFate.DECLINE:
        kind = reasons.EVENT_ABSENT
    elif verdict is Verdict.CANCEL and found.record is RecordFate.KEEP:
        kind = reasons.EVENT_CALLED_OFF
    to_record = _to_record(pair, link, found, situation)
    why = reason(kind)
    write = _to_item(pair.item, found)
    left = parted(link, pair.item, why, situation) if pair.item else None
    withdrawn = isinstance(write, DeleteItem)
    first = replace(left, recheck_at=situation.now) if withdrawn and left else None
    if verdict is Verdict.PART and to_record and write:
        first = replace(link, reason_code=why.code)
    return Mirroring(
        natural,
        why,
        before=link,
        link=_away(pair.item, link, why, situation) if withdrawn else left,
        first=first,
        half=_without_record(link, why, situation) if to_record and write else None,
        to_record=to_record,
        to_item=write,
    )


def _away(item: CalendarItem | None, link: Link, why: Reason, situation: Situation) -> Link | None:
    """Whose copy left because it is too far ahead comes down again when its time comes."""
    again = situation.next_look(item.when) if item and why.kind is reasons.EVENT_LEFT else None
    return unmade(link, why, situation, again) if again else None


def is_cut_short(link: Link) -> bool:
    """A session was taking the pair out of Salesforce for its person, and nobody knows how far it came."""
    return link.bond is Bond.JOINED and link.reason_code == reasons.EVENT_UNSYNCED.code


def finished(verdict: Verdict, link: Link | None) -> Verdict:
    """That a record is gone which was being taken out is nobody's delete: the item is its person's to keep."""
    gone = verdict in (Verdict.WITHDRAW, Verdict.KEEP)
    return Verdict.PART if gone and link and is_cut_short(link) else verdict


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
        me = situation.me
        columns = handed_over(pair.record, me, pair.heir) if pair.heir else declined(pair.record, me)
        return RecordUpdate(link.record, columns) if columns else None
    return None


def keep(pair: Pair, link: Link, natural: str, situation: Situation) -> Mirroring | None:
    """The item was edited while its record was deleted: nobody's work is thrown away. What a colleague makes again
    is made of theirs.
    """
    if pair.item is None:
        return None
    found = fate(kind_of(pair.item, link, situation.info), Happening.DELETED_IN_CRM, situation.info.settings)
    if link.role is Role.COPY and found.record is RecordFate.AGAIN:
        return _waiting(pair.item, link, natural, situation)
    why = reason(reasons.EVENT_KEPT)
    after = parted(link, pair.item, why, situation)
    return Mirroring(natural, why, before=link, link=after, to_item=unmarked(pair.item))


def wait(link: Link, natural: str, situation: Situation) -> Mirroring | None:
    """Until the record is shown to us again, of which nothing tells, or its delete is known."""
    why = reason(reasons.EVENT_HIDDEN)
    if link.reason_code == why.code:
        return None
    again = situation.now + ISSUE_RETRY
    after = replace(link, reason_code=why.code, decided_at=situation.now, recheck_at=again)
    return Mirroring(natural, why, before=link, link=after)


def _to_item(item: CalendarItem | None, found: Fate) -> ItemWrite | None:
    """One with attendees is never deleted: the vendor would tell them."""
    if item is None or found.item is ItemFate.KEEP:
        return None
    if found.item is ItemFate.DELETE and not item.attendees:
        return DeleteItem(item.item_id, item.version)
    return unmarked(item)


def unmarked(item: CalendarItem) -> ChangeItem | None:
    if not item.categories & MARKS or item.shape is not Shape.SINGLE:
        return None
    return ChangeItem(replace(item, categories=item.categories - MARKS), frozenset({"categories"}))


def parted(link: Link, item: CalendarItem | None, why: Reason, situation: Situation) -> Link:
    """Of a pair whose item is gone the record is remembered, so that it does not come down as a new one. A day of
    a series keeps its mark.
    """
    write = unmarked(item) if item else None
    bare = write.item if write else item
    return replace(
        link,
        bond=Bond.PARTED,
        item_id=link.item_id if bare else "",
        series_id=link.series_id if bare else "",
        item=situation.seal_item(link.key, bare) if bare else None,
        mirrored=None,
        marked=bool(bare and SALESFORCE_CATEGORY in bare.categories),
        reason_code=why.code,
        decided_at=situation.now,
        recheck_at=None,
    )


def _waiting(item: CalendarItem, link: Link, natural: str, situation: Situation) -> Mirroring:
    """A copy whose record a colleague makes again: it follows once that is there, and does not wait for ever.
    Nothing of it is in Salesforce until then, and whoever is still joined to what is gone is not followed.
    """
    why, now, write = reason(reasons.EVENT_ORGANIZER), situation.now, unmarked(item)
    generation = link.generation + 1
    key = record_key(natural, generation)
    after = replace(
        link,
        key=key,
        generation=generation,
        bond=Bond.NONE,
        record=None,
        role=Role.LEAD,
        item=situation.seal_item(key, write.item if write else item),
        mirrored=None,
        marked=False,
        reason_code=why.code,
        decided_at=now,
        recheck_at=now,
    )
    return Mirroring(natural, why, link, after, to_item=write)


def comes_again(pair: Pair, link: Link, verdict: Verdict, situation: Situation) -> bool:
    """Whether the half that is gone is made again, because what was done there does not count. A colleague's copy
    is not what its record was made of.
    """
    happened = Happening.DELETED_IN_CRM if verdict is Verdict.KEEP else HAPPENED[verdict][0]
    found = fate(kind_of(pair.item, link, situation.info), happened, situation.info.settings)
    if found.record is RecordFate.AGAIN:
        within = pair.item is not None and is_within(pair.item.when, situation.info.settings, situation.now)
        return within and link.role is Role.LEAD
    return found.item is ItemFate.AGAIN and pair.item is None and not link.series_id


def _without_record(link: Link, why: Reason, situation: Situation) -> Link:
    """The record is deleted, and the item is still to be told: what is left of the pair says so when met again."""
    return replace(link, mirrored=None, reason_code=why.code, decided_at=situation.now)


def dismiss(pair: Pair, link: Link, natural: str, situation: Situation) -> Mirroring | None:
    """The pair is not wanted in the mailbox. Its item goes where we brought it; else it is left alone as long as
    what speaks against it holds, and both halves are compared again after that.
    """
    out = kept_out(link, pair.record, situation.info)
    if out is None:
        return None
    if pair.item is None:
        return Mirroring(natural, out.why, before=link, link=unmade(link, out.why, situation))
    if is_aside(link) and link.reason_code == out.why.code:
        return None
    found = fate(kind_of(pair.item, link, situation.info), out.happening, situation.info.settings)
    write = _to_item(pair.item, found)
    if isinstance(write, DeleteItem):
        return _taken_away(pair.item, link, out.why, write, natural, situation)
    aside = replace(link, marked=False, reason_code=out.why.code, decided_at=situation.now, recheck_at=None)
    return Mirroring(natural, out.why, before=link, link=aside, to_item=write)


def give_away(item: CalendarItem, link: Link, natural: str, situation: Situation) -> Mirroring | None:
    """The record is assigned to somebody else, whose mailbox gets a copy of its own."""
    found = fate(kind_of(item, link, situation.info), Happening.REASSIGNED, situation.info.settings)
    write = _to_item(item, found)
    why = reason(reasons.EVENT_REASSIGNED)
    return _taken_away(item, link, why, write, natural, situation) if isinstance(write, DeleteItem) else None


def _taken_away(
    item: CalendarItem, link: Link, why: Reason, write: DeleteItem, natural: str, situation: Situation
) -> Mirroring:
    first = replace(parted(link, item, why, situation), recheck_at=situation.now)
    return Mirroring(natural, why, before=link, link=unmade(link, why, situation), first=first, to_item=write)


def unmade(link: Link, why: Reason, situation: Situation, again: datetime | None = None) -> Link | None:
    """The record without its item, for which a new one may be made, of another key: the mailbox may remember the
    first. None where the item was made in the mailbox.
    """
    if link.record is None or not link.is_born_in_crm:
        return None
    generation = link.generation + 1
    return replace(
        link,
        key=record_key(born_key(link.record.record_id), generation),
        bond=Bond.NONE,
        item_id="",
        item=None,
        mirrored=None,
        generation=generation,
        marked=False,
        reason_code=why.code,
        decided_at=situation.now,
        recheck_at=again,
    )


def forget(link: Link, natural: str, situation: Situation) -> Mirroring:
    """A session died when it had just taken a copy away: its record is remembered as that session would have."""
    why = reason(reasons.KINDS[link.reason_code] if is_being_withdrawn(link) else reasons.EVENT_GONE)
    after = unmade(link, why, situation, situation.now) if _returns(link) else None
    return Mirroring(natural, why, link, after, news=False)


def is_being_withdrawn(link: Link) -> bool:
    """A copy that we had brought was to be taken away, and nobody knows whether it was."""
    pending = link.bond is Bond.PARTED and link.recheck_at is not None
    return pending and link.is_born_in_crm and link.reason_code in WITHDRAWN


def _returns(link: Link) -> bool:
    return is_being_withdrawn(link) and link.reason_code in RETURNING


def withdraw_again(
    link: Link, item: CalendarItem, natural: str, situation: Situation, *, moved: bool
) -> Mirroring:
    """A session died while it withdrew a copy that we had brought. Nobody touched the copy since, or it is one of
    a pair again.
    """
    why = reason(reasons.KINDS[link.reason_code])
    if moved:
        again = replace(link, bond=Bond.JOINED, marked=True, reason_code=reasons.EVENT_MIRRORED.code)
        return Mirroring(natural, why, before=link, link=again, news=False)
    after = unmade(link, why, situation, situation.now) if _returns(link) else None
    return Mirroring(natural, why, link, after, to_item=DeleteItem(item.item_id, item.version))
