"""What follows for a pair whose halves are kept alike: fields are carried over, the mark is put back."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from crosstie.domain import reasons
from crosstie.domain.calendar import CalendarItem, ChangeItem, Shape
from crosstie.domain.links import Link, Role, Side, SideState
from crosstie.domain.mailboxes import SALESFORCE_CATEGORY
from crosstie.domain.mirroring import Mirroring
from crosstie.domain.reasons import Outcome, Reason, reason
from crosstie.domain.records import Record, RecordUpdate, Value
from crosstie.domain.settings import Wins
from crosstie.engine.mirror.facts import MirrorFacts, Questions
from crosstie.engine.mirror.guests import Guests, changed, guests_of, moved_over, with_guests
from crosstie.engine.mirror.merge import Merge, Ways, merge
from crosstie.engine.mirror.news import News, Situation
from crosstie.engine.mirror.unheard import under_way
from crosstie.engine.mirror.whole import Answer, Whole
from crosstie.engine.pacing import ISSUE_RETRY
from crosstie.mapping.event.table import (
    ANNOUNCED,
    ROWS,
    called,
    changed_fields,
    different,
    downward,
    of_item,
    of_record,
    reading,
    upward,
)
from crosstie.mapping.event.time import ends
from crosstie.rules.calendar import ways as rules
from crosstie.rules.calendar.keeping import is_anothers, is_given_away, kept_out, owner_of
from crosstie.rules.calendar.leading import Turn, may_take_over
from crosstie.rules.calendar.privacy import made_private
from crosstie.rules.calendar.window import is_within

CATEGORIES = "categories"
WINNERS = {Wins.MAILBOX: "What the calendar said", Wins.CRM: "What Salesforce said"}
NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Sent:
    """Rows of which one side is about to say something else: one may follow another one's field."""

    up: frozenset[str]
    down: frozenset[str]


@dataclass(frozen=True, slots=True)
class Writes:
    """What is about to be written to both sides."""

    target: CalendarItem
    """The item as it will be."""
    fields: frozenset[str]
    """What of the item that changes."""
    columns: Mapping[str, Value]
    """Of the record."""
    guests: Guests
    """Who is on it, as far as that is in step then."""

    def __bool__(self) -> bool:
        return bool(self.columns or self.fields)


def carry(whole: Whole, news: News, situation: Situation, facts: MirrorFacts) -> Answer:
    """The fields that moved, each on its way; None where there is nothing to write, to say or to remember."""
    was_stopped = whole.link.reason_code == reasons.EVENT_MADE_PRIVATE.code
    if stop := made_private(whole.item, whole.record, moved=was_stopped or "private" in news.moved.mailbox):
        return _stopped(whole, stop, situation)
    owner = _new_owner(whole, situation)
    guests = guests_of(whole, situation, facts, str(owner.get("OwnerId") or owner_of(whole.record)))
    if isinstance(guests, Questions):
        return guests
    found, held = _merged(whole, news, guests, situation)
    if not held and (missing := facts.missing(Questions(addresses=guests.joining))):
        return missing
    writes = _writes(whole, found, owner, guests, situation, facts, may_invite=not held)
    moved = bool(news.moved.mailbox or news.moved.crm)
    why = held or _why(found, whole, situation, writes=bool(writes), moved=moved)
    sent = _sent(whole, writes)
    after = _remembered(whole, news, found, writes, sent, why, situation)
    if not writes and replace(after, decided_at=whole.stored.decided_at) == whole.stored:
        return None
    return Mirroring(
        natural=whole.natural,
        reason=why,
        before=whole.stored,
        half=_half(after, whole, found, writes, sent, news, situation),
        link=after,
        first=_first(whole, after, sent, situation) if writes else None,
        to_record=RecordUpdate(whole.record.ref, writes.columns) if writes.columns else None,
        to_item=ChangeItem(writes.target, writes.fields) if writes.fields else None,
        lost=_lost(found, whole),
        losing=Side.CRM if found.lost & found.up else Side.MAILBOX,
        title=whole.item.subject,
        news=bool(writes) or why.code != whole.stored.reason_code,
    )


def _merged(whole: Whole, news: News, guests: Guests, situation: Situation) -> tuple[Merge, Reason | None]:
    """Which fields go which way, and why those of which attendees would be told do not come down."""
    rows = _compared(whole, news)
    equal = rows - different(whole.item, whole.record, situation.capabilities, rows)
    found = merge(news.moved, equal, ways(whole, situation))
    held = _held(whole, found, guests, situation)
    if held:
        kept = found.down & ANNOUNCED
        found = replace(found, down=found.down - kept, lost=found.lost - kept, barred=found.barred | kept)
    return found, held


def _writes(
    whole: Whole,
    found: Merge,
    owner: Mapping[str, Value],
    guests: Guests,
    situation: Situation,
    facts: MirrorFacts,
    *,
    may_invite: bool,
) -> Writes:
    org = situation.capabilities
    target = downward(whole.record, whole.item, found.down, org)
    columns = {**upward(target, whole.record, found.up, org), **guests.columns, **owner}
    fields = set(changed_fields(whole.item, target))
    if SALESFORCE_CATEGORY not in target.categories and target.shape is Shape.SINGLE:
        target = replace(target, categories=target.categories | {SALESFORCE_CATEGORY})
        fields.add(CATEGORIES)
    if guests.moves and may_invite:
        target = changed(target, guests, facts)
        guests = moved_over(guests, facts, whole.link.key, situation)
        fields.add(rules.GUESTS)
    return Writes(target, frozenset(fields), columns, guests)


def _remembered(
    whole: Whole, news: News, found: Merge, writes: Writes, sent: Sent, why: Reason, situation: Situation
) -> Link:
    """Once all is written, with what waits for a person's answer, or for whoever leads."""
    asks, unheard = why.kind is reasons.EVENT_ASK, _unheard(whole, found, situation)
    after = _after(whole, writes, why, sent, situation, news, waits=asks or bool(unheard))
    after = with_guests(after, writes.guests.waiting if asks else writes.guests.then)
    if asks:
        after = _waiting(after, whole, news, found.barred & ANNOUNCED)
    if unheard:
        again = _asked_again(whole, situation)
        after = _waiting(replace(after, recheck_at=min(after.recheck_at or again, again)), whole, news, unheard)
    return after


def _compared(whole: Whole, news: News) -> frozenset[str]:
    """What did not move is no news, whatever the other side says; a follower remembers all that is different."""
    moved = frozenset((*news.moved.mailbox, *news.moved.crm))
    return frozenset(ROWS) if whole.link.role is Role.COPY else moved


def _held(whole: Whole, found: Merge, guests: Guests, situation: Situation) -> Reason | None:
    """Why what comes down does not, for attendees would be told."""
    return rules.held(
        whole.item,
        found.down | ({rules.GUESTS} if guests.moves else NOTHING),
        situation.info.settings,
        situation.now,
        approved=whole.link.reason_code == reasons.EVENT_APPROVED.code,
        guests=len(guests.joining | guests.leaving),
    )


def _new_owner(whole: Whole, situation: Situation) -> Mapping[str, Value]:
    """The organizer who takes a record over owns it from then on, unless the org has refused that already."""
    refused = whole.stored.reason_code == reasons.CRM_REFUSED.code
    takes_over = whole.turn is Turn.TAKE_OVER and may_take_over(whole.item)
    gives = takes_over and not refused and is_anothers(whole.record, situation.info)
    return {"OwnerId": situation.me} if gives else {}


def _unheard(whole: Whole, found: Merge, situation: Situation) -> frozenset[str]:
    """What a follower saw, and the record does not say: whoever leads may stop before that is carried over."""
    if whole.link.role is not Role.COPY or _is_history(whole, situation):
        return NOTHING
    return found.barred & rules.up_rows(situation.info.settings) - rules.OF_ATTENDEES


def _asked_again(whole: Whole, situation: Situation) -> datetime:
    """By then whoever leads has had a session; whoever has not is waited for day by day."""
    waited = whole.stored.item is not None and not whole.stored.item.version
    return situation.now + (ISSUE_RETRY if waited else situation.info.interval)


def _waiting(after: Link, whole: Whole, news: News, names: frozenset[str]) -> Link:
    """What waits for somebody has still moved when they come to it, on whichever side it did."""
    item = _keeping(after.item, whole.link.item, names)
    if item and names & frozenset(news.moved.mailbox):
        item = replace(item, version="")  # else the item would be taken for seen
    return replace(after, item=item, mirrored=_keeping(after.mirrored, whole.link.mirrored, names))


def _stopped(whole: Whole, why: Reason, situation: Situation) -> Mirroring | None:
    """Nothing is carried over, and all that moved has still moved when that ends."""
    before, link = whole.stored, whole.link
    seen = replace(link.item, version=whole.item.version) if link.item else None
    after = replace(link, item=seen, reason_code=why.code, decided_at=situation.now)
    if replace(after, decided_at=before.decided_at) == before:
        return None
    return Mirroring(whole.natural, why, before, after, news=why.code != before.reason_code)


def ways(whole: Whole, situation: Situation) -> Ways:
    """A colleague's copy only follows."""
    settings = situation.info.settings
    if whole.link.role is Role.COPY or _is_history(whole, situation):
        return Ways(NOTHING, NOTHING)
    up, down = rules.up_rows(settings), rules.down_rows(whole.item, settings)
    undone = rules.taken_back(settings)
    if undone is Side.MAILBOX:
        return Ways(up, down, Wins.CRM, undone)
    return Ways(up, down, Wins.MAILBOX if undone else settings.events_conflicts, undone)


def _why(found: Merge, whole: Whole, situation: Situation, *, writes: bool, moved: bool) -> Reason:
    if whole.link.role is Role.COPY:
        return reason(reasons.EVENT_SHARED)
    if not (found.barred or found.undone):
        return _alike(found, whole, situation, writes=writes, moved=moved)
    if _is_history(whole, situation):
        return reason(reasons.EVENT_HISTORY)
    if found.barred == {"text"} and situation.info.settings.events_safe_description:
        return reason(reasons.EVENT_TEXT_KEPT)
    if found.undone:
        return reason(reasons.EVENT_TAKEN_BACK, fields=called(found.undone))
    return reason(reasons.EVENT_BARRED, fields=called(found.barred))


def _alike(found: Merge, whole: Whole, situation: Situation, *, writes: bool, moved: bool) -> Reason:
    """That there was a conflict, or something was not sent, is said until one of the two is changed once more.
    Where nothing is written, why the pair is there at all is still the best that can be said of it.
    """
    said = reasons.KINDS.get(whole.link.reason_code, reasons.EVENT_MIRRORED)
    rests = not (found.up or found.down) and said is reasons.EVENT_CONFLICT
    if not (found.lost or rests):
        if whole.turn is Turn.TAKE_OVER:
            return reason(reasons.EVENT_TAKEN_OVER)
        if whole.item.is_organizer and is_anothers(whole.record, situation.info):
            return reason(reasons.EVENT_GIVEN_AWAY)
        unsent = said is reasons.EVENT_NOT_SENT and not moved
        stays = unsent or (said.outcome is Outcome.SAVED and said is not reasons.EVENT_CONFLICT)
        return reason(said if stays and not writes else reasons.EVENT_MIRRORED)
    winner = WINNERS[ways(whole, situation).wins]
    return reason(reasons.EVENT_CONFLICT, fields=called(found.lost), winner=winner)


def _is_history(whole: Whole, situation: Situation) -> bool:
    """What has been is not changed with its series."""
    return whole.item.shape is Shape.OCCURRENCE and ends(whole.item.when) <= situation.now


def _after(
    whole: Whole, writes: Writes, why: Reason, sent: Sent, situation: Situation, news: News, *, waits: bool
) -> Link:
    """Each side is what was written to it, until it says otherwise itself."""
    still = {name: digest for name, digest in news.in_mailbox.still.items() if name not in sent.down}
    item = situation.seal_item(whole.link.key, writes.target, still)
    return replace(
        whole.link,
        item=item if writes.columns else _as_far_as(item, whole.link),
        mirrored=_mirrored(whole, writes.columns, news, situation),
        marked=True,
        reason_code=why.code,
        decided_at=situation.now,
        recheck_at=_look(whole, writes.target, situation, waits=waits),
    )


def _as_far_as(item: SideState, link: Link) -> SideState:
    """Of an item that we made, and that nobody has edited yet, without what its vendor alone said of it."""
    if link.item is None or not link.is_born_in_crm:
        return item
    return replace(item, digests={name: one for name, one in item.digests.items() if name in link.item.digests})


def _mirrored(whole: Whole, columns: Mapping[str, Value], news: News, situation: Situation) -> SideState:
    known, record = news.in_crm.still, whole.record
    still = {name: known[name] for name in known.keys() - reading(columns)}
    if columns:
        record = _with(record, columns)
    version = "" if columns else situation.version(record)
    values = of_record(record, ROWS.keys() - still.keys())
    return situation.sealed(Side.CRM, whole.link.key, version, values, still)


def _with(record: Record, columns: Mapping[str, Value]) -> Record:
    return replace(record, fields={**record.fields, **columns})


def _look(whole: Whole, target: CalendarItem, situation: Situation, *, waits: bool) -> datetime | None:
    """At once where an edit was carried over of what is then not wanted in the mailbox, or has left the window.
    Where something `waits` for somebody the next session would find no more.
    """
    info, left = situation.info, not is_within(target.when, situation.info.settings, situation.now)
    given_away = is_given_away(whole.link, whole.item, whole.record, info)
    if not waits and (kept_out(whole.link, whole.record, info) or given_away or left):
        return situation.now
    return situation.next_look(target.when, whole.record)


def _sent(whole: Whole, writes: Writes) -> Sent:
    """The mailbox invites whoever joins, and takes off who leaves, if that is written to it."""
    item, record, guests, columns = whole.item, whole.record, writes.guests, writes.columns
    down = NOTHING if writes.target is item else _other(of_item(item), of_item(writes.target))
    down |= guests.moving if rules.GUESTS in writes.fields else NOTHING
    read = reading(columns)
    up = _other(of_record(record, read), of_record(_with(record, columns), read)) if columns else NOTHING
    return Sent((up | guests.listed) - down, down)


def _other(before: Mapping[str, str], after: Mapping[str, str]) -> frozenset[str]:
    return frozenset(name for name, value in after.items() if value != before[name])


def _first(whole: Whole, after: Link, sent: Sent, situation: Situation) -> Link:
    """Whoever dies over the write must not take it for a person's edit, nor miss what a person did after it."""
    memory = whole.link if whole.link.item else whole.stored
    now = situation.now
    known = replace(whole.stored, item=memory.item, mirrored=memory.mirrored, decided_at=now, recheck_at=now)
    return under_way(known, after, up=sent.up, down=sent.down)


def _half(
    after: Link, whole: Whole, found: Merge, writes: Writes, sent: Sent, news: News, situation: Situation
) -> Link | None:
    """The record was written and the item was not: what was to come down has still moved, on both sides."""
    if not (writes.columns and writes.fields):
        return None
    seen = situation.seal_item(after.key, whole.item, news.in_mailbox.still)
    half = replace(
        after,
        item=_keeping(seen, whole.link.item, found.down),
        mirrored=_keeping(after.mirrored, whole.link.mirrored, found.down),
        marked=whole.link.marked,
    )
    return with_guests(under_way(half, after, down=sent.down), writes.guests.waiting)


def _keeping(state: SideState | None, before: SideState | None, names: frozenset[str]) -> SideState | None:
    """The state with the older digests of some fields, which have still moved when they are looked at next."""
    if state is None:
        return None
    older = before.digests if before else {}
    digests = {name: older.get(name, "") if name in names else digest for name, digest in state.digests.items()}
    return replace(state, digests=digests)


def _lost(found: Merge, whole: Whole) -> Mapping[str, str]:
    """What is about to be overwritten, as its side has it."""
    if not found.lost:
        return {}
    values = of_record(whole.record) if found.lost & found.up else of_item(whole.item)
    return {name: values[name] for name in sorted(found.lost)}
