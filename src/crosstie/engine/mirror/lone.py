"""What follows for one half alone: an item becomes a record, a record an item, or a reason says why not."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from crosstie.domain import reasons
from crosstie.domain.calendar import CalendarItem, ChangeItem, CreateItem, Shape
from crosstie.domain.keys import record_key
from crosstie.domain.links import Bond, Link, Role, Side
from crosstie.domain.mailboxes import SALESFORCE_CATEGORY
from crosstie.domain.mirroring import Mirroring
from crosstie.domain.operations import Trigger
from crosstie.domain.reasons import Reason, ReasonKind, reason
from crosstie.domain.records import EVENT, Person, Record, RecordRef
from crosstie.domain.settings import PrivateEvents
from crosstie.engine.facts import Needs
from crosstie.engine.grounds import by_people
from crosstie.engine.mirror.begun import begin_item, begin_record, is_begun_again
from crosstie.engine.mirror.company import Company, company
from crosstie.engine.mirror.facts import MirrorFacts, Questions
from crosstie.engine.mirror.guests import invited, met, put_on
from crosstie.engine.mirror.naming import own_name, twins
from crosstie.engine.mirror.news import SAME_SECOND, Situation
from crosstie.engine.mirror.parting import unmarked
from crosstie.engine.mirror.session import Pair
from crosstie.engine.mirror.unheard import under_way
from crosstie.engine.mirror.whole import Answer
from crosstie.engine.pacing import ISSUE_RETRY, SOON
from crosstie.engine.requests import unsettled
from crosstie.mapping.event.make import New, born, create, placeholder
from crosstie.mapping.event.table import of_record
from crosstie.mapping.event.time import when_of
from crosstie.rules.calendar import coming, leading, relevance
from crosstie.rules.calendar.ways import TWO_WAY
from crosstie.rules.calendar.window import is_within
from crosstie.rules.linking import Links
from crosstie.rules.wishes import event_defaults, event_wishes

_WAITING = frozenset({reasons.EVENT_ORGANIZER.code, reasons.EVENT_ORGANIZER_MARK.code})


@dataclass(frozen=True, slots=True)
class Alone:
    """A pair of which one half is to be made, or not."""

    pair: Pair
    natural: str
    situation: Situation
    facts: MirrorFacts
    own_copy: bool = False
    """Its record is its person's alone; colleagues on the meeting have theirs."""
    begun: Link | None = None
    """A colleague's, who may have made the record that is to be made."""

    @property
    def has_no_guests(self) -> bool:
        """What the org has refused is tried without them: it may be one of them whom it does not take."""
        before = self.pair.link
        return self.own_copy or (before is not None and before.reason_code == reasons.CRM_REFUSED.code)

    @property
    def generation(self) -> int:
        """Grows only after the record's delete was confirmed, which a colleague may have heard of first."""
        before = self.pair.link
        if self.begun:
            return self.begun.generation
        return (before.generation + self.pair.deleted) if before else 0

    @property
    def outlived(self) -> int:
        """How many records for all who are on the meeting are deleted, as far as is known here."""
        before = self.pair.link
        of_all = before is not None and before.key == record_key(self.natural, before.generation)
        return before.generation + self.pair.deleted if before and of_all else 0

    @property
    def key(self) -> str:
        natural = leading.own_copy(self.natural, self.situation.me) if self.own_copy else self.natural
        return record_key(natural, self.generation)

    def link(self, why: Reason, origin: Side) -> Link:
        """What is remembered of a half that stays alone."""
        item, before = self.pair.item, self.pair.link
        return Link(
            mailbox_id=self.situation.info.mailbox_id,
            natural="",
            key=self.key,
            bond=Bond.PARTED if before and before.bond is Bond.PARTED else Bond.NONE,
            origin=before.origin if before else origin,
            reason_code=why.code,
            decided_at=self.situation.now,
            item_id=self.pair.item_id,
            record=before.record if before else self._record(),
            item=self.situation.seal_item(self.key, item) if item else None,
            generation=before.generation if before else 0,
            marked=bool(item and SALESFORCE_CATEGORY in item.categories) and not self._still_asks(why),
            warned=bool(before and before.warned),
            series_id=item.series_id if item else "",
        )

    def _still_asks(self, why: Reason) -> bool:
        """A person's mark is a request until it is answered, or somebody has to act."""
        item, before = self.pair.item, self.pair.link
        return item is not None and unsettled(why.code) and is_request(item, before, self.situation.baseline)

    def _record(self) -> RecordRef | None:
        return RecordRef(EVENT, self.pair.record_id) if self.pair.record_id else None

    def skip(
        self,
        why: Reason,
        origin: Side,
        again: datetime | None,
        awaits: frozenset[str] = frozenset(),
        since: datetime | None = None,
    ) -> Mirroring:
        """Left alone, with the reason; said again only when it is another one. `since`: when that was. Its key is
        that of the generation which is remembered, whether its record was asked for this time or not. A mark that
        we set is taken off, where the record that it is of was begun anew and is not made.
        """
        before, now, item = self.pair.link, self.situation.now, self.pair.item
        write = unmarked(item) if item and before and is_begun_again(before) else None
        left = write.item if write else item
        kept = replace(self, pair=replace(self.pair, deleted=False, item=left), begun=None)
        after = replace(kept.link(why, origin), recheck_at=again, decided_at=since or now)
        news = before is None or before.reason_code != why.code or write is not None
        known = self.facts.who.outsiders(awaits)
        return Mirroring(self.natural, why, before, after, to_item=write, awaits=awaits, known=known, news=news)


def save(alone: Alone, item: CalendarItem) -> Answer:
    """The item's record is made, or joined where a colleague's item has it."""
    situation, facts, before = alone.situation, alone.facts, alone.pair.link
    asked = _is_asked_for(item, before, situation, facts)
    if item.shape is Shape.MASTER:
        kind = reasons.EVENT_SERIES_MARK if item.item_id in facts.wanted_series else reasons.EVENT_SERIES
        return alone.skip(reason(kind), Side.MAILBOX, None)
    if before and before.bond is Bond.PARTED and (item.series_id or not asked):
        return alone.skip(reason(reasons.KINDS[before.reason_code]), Side.MAILBOX, None)
    again = situation.next_look(item.when)
    if why := relevance.against(item, situation.info, situation.now, asked=asked):
        return alone.skip(why, Side.MAILBOX, again)
    if missing := facts.missing(_questions(alone, item)):
        return missing
    me, known = situation.info, facts.meetings[alone.natural]
    twin = twins(item, known, me)
    if any(one.item_id in facts.gone for one in twin):  # what becomes of its record is seen first
        return alone.skip(reason(reasons.EVENT_WAITS), Side.MAILBOX, situation.now + SOON)
    if twin:
        alone, known = replace(alone, natural=own_name(item, me)), ()
    others = _others(alone, known)
    people = facts.who.known(one.email for one in item.participants)
    if lead := leading.shared(alone.natural, others):
        return _followed(alone, item, lead)
    if waits := _waits(alone, item, people, asked=asked):
        return waits
    outside = relevance.is_outside(item, me, people)
    own_copy = not twin and leading.has_own(others, me.settings, outside=outside)
    begun = None if own_copy else leading.begun(alone.natural, others)
    if begun and _is_found_by_words(begun, situation):
        return alone.skip(reason(reasons.EVENT_WAITS), Side.MAILBOX, situation.now + SOON)
    alone = replace(alone, own_copy=own_copy, begun=begun)
    resolves = item.is_meeting and (asked or not item.is_private)
    who = company(item, situation, facts, resolves=resolves)
    if isinstance(who, Questions):
        return who
    if who.is_open:
        return alone.skip(reason(reasons.EVENT_WAITS), Side.MAILBOX, situation.now + SOON)
    if why := relevance.among(item, who.participants, who.links, situation.info, asked=asked):
        return _left_out(alone, item, who, why)
    return _related(alone, item, who, asked=asked)


def _others(alone: Alone, known: Iterable[Link]) -> list[Link]:
    """Colleagues' links, but for those to a record that they have not heard is deleted."""
    natural, outlived = alone.natural, alone.outlived
    others = (one for one in known if one.mailbox_id != alone.situation.info.mailbox_id)
    return [one for one in others if not leading.is_outlived(natural, one, outlived)]


def _is_found_by_words(begun: Link, situation: Situation) -> bool:
    """Without keys by whoever has begun it alone; a mailbox that is not kept in step any more does not look."""
    return not situation.capabilities.keyed_events and situation.now < begun.decided_at + ISSUE_RETRY


def _left_out(alone: Alone, item: CalendarItem, who: Company, why: Reason) -> Mirroring:
    """Until somebody who is awaited appears; whom the org refused is tried again like everything it refuses."""
    situation = alone.situation
    awaits = who.participants.linkable | situation.circle.awaited(who.participants) | who.participants.domains
    again = situation.next_look(item.when)
    if refused := who.unmade:
        retry = situation.now + ISSUE_RETRY
        again = min(again, retry) if again else retry
    return alone.skip(refused or why, Side.MAILBOX, again, awaits - alone.facts.who.unseen(awaits))


def save_again(alone: Alone, item: CalendarItem) -> Answer:
    """Its record was deleted, and deletes there do not count: it is made anew, as an automatic one."""
    before = alone.pair.link
    if missing := alone.facts.missing(_questions(alone, item)):
        return missing
    own = record_key(leading.own_copy(alone.natural, alone.situation.me), before.generation) if before else ""
    alone = replace(alone, own_copy=before is not None and before.key == own)
    who = company(item, alone.situation, alone.facts, resolves=False)
    made = who if isinstance(who, Questions) else _related(alone, item, who, asked=False)
    if not isinstance(made, Mirroring) or made.first is None:
        return made
    again = made_again(made)
    return replace(again, first=replace(made.first, reason_code=again.reason.code))


def made_again(made: Mirroring) -> Mirroring:
    why = reason(reasons.EVENT_MADE_AGAIN)
    link = replace(made.link, reason_code=why.code) if made.link else None
    half = replace(made.half, reason_code=why.code) if made.half else None
    return replace(made, reason=why, link=link, half=half)


def _related(alone: Alone, item: CalendarItem, who: Company, *, asked: bool) -> Answer:
    situation, facts, links = alone.situation, alone.facts, who.links
    ground = by_people(links, Trigger.CATEGORY if asked else Trigger.AUTO, situation, facts.who)
    if isinstance(ground, Needs):
        return facts.missing(Questions(opportunities=ground.opportunities))
    shown = replace(links.without(situation.info.settings.never_linked), what_id=ground.what_id)
    return _made(alone, item, shown, who.saved(), asked=asked)


def _waits(alone: Alone, item: CalendarItem, people: Mapping[str, tuple[Person, ...]], *, asked: bool) -> Answer:
    """For its organizer, a colleague; who does not save it is waited for some days, and asked for each day."""
    situation, facts, before = alone.situation, alone.facts, alone.pair.link
    users = relevance.organizing(item, situation.info, people)
    if missing := facts.missing(Questions(users=users)):
        return missing
    since = before.decided_at if before and before.reason_code in _WAITING else situation.now
    kept, waited = any(facts.users[user] for user in users), situation.now - since
    why = relevance.waits_for(item, situation.info, people, asked=asked, kept=kept, waited=waited)
    if why is None:
        return None
    over = since + timedelta(days=situation.info.settings.events_organizer_days)
    looks = (situation.next_look(item.when), over if over > situation.now else situation.now + ISSUE_RETRY)
    return alone.skip(why, Side.MAILBOX, min(one for one in looks if one), since=since)


def _is_asked_for(item: CalendarItem, before: Link | None, situation: Situation, facts: MirrorFacts) -> bool:
    """Of a series all that is in the window, when the series was marked."""
    if item.series_id:
        within = is_within(item.when, situation.info.settings, situation.now)
        return within and item.series_id in facts.wanted_series
    return is_request(item, before, situation.baseline)


def is_request(item: CalendarItem, before: Link | None, baseline: frozenset[str]) -> bool:
    """The category that a person set: there now, not before, and no receipt of a time before ours."""
    if SALESFORCE_CATEGORY not in item.categories:
        return False
    return not before.marked if before else item.item_id not in baseline


def _questions(alone: Alone, item: CalendarItem) -> Questions:
    emails = frozenset(one.email for one in item.participants)
    return Questions(people=emails, meetings=frozenset({alone.natural}))


def _joined(alone: Alone, item: CalendarItem, why: Reason) -> Link:
    """As it is once its record is there and its mark is set."""
    marked = replace(item, categories=item.categories | {SALESFORCE_CATEGORY})
    return replace(
        alone.link(why, Side.MAILBOX),
        bond=Bond.JOINED,
        record=None,
        origin=Side.MAILBOX,
        generation=alone.generation,
        item=alone.situation.seal_item(alone.key, marked),
        marked=True,
        recheck_at=alone.situation.next_look(item.when),
    )


def _mark(item: CalendarItem) -> ChangeItem | None:
    """An occurrence that was marked by itself would be an exception: its series is marked as a whole."""
    if SALESFORCE_CATEGORY in item.categories or item.shape is not Shape.SINGLE:
        return None
    return ChangeItem(replace(item, categories=item.categories | {SALESFORCE_CATEGORY}), frozenset({"categories"}))


def _made(alone: Alone, item: CalendarItem, links: Links, told: Reason | None, *, asked: bool) -> Mirroring:
    situation = alone.situation
    hidden = item.is_private and not asked
    holds = hidden and situation.info.settings.events_private is PrivateEvents.HOLD
    guests = {} if hidden or alone.has_no_guests else invited(item, situation, alone.facts, situation.me)
    shown = placeholder(item) if holds else item
    settings = situation.info.settings
    new = New(
        shown,
        alone.key,
        situation.info.crm_user_id,
        links,
        guests,
        hidden=hidden,
        wishes=() if holds else event_wishes(item, settings),
        defaults=event_defaults(settings),
    )
    draft = create(new, situation.capabilities)
    why = told or reason(_saved(asked=asked, hidden=hidden, holds=holds))
    record = Record(RecordRef(EVENT, ""), situation.now, draft.fields)
    after = replace(
        _joined(alone, item, why), mirrored=situation.sealed(Side.CRM, alone.key, "", of_record(record))
    )
    after = put_on(after, guests, situation)
    mark = _mark(item)
    half = replace(after, marked=False) if mark else None
    first = begin_record(after, situation.now, asked=asked)
    return Mirroring(alone.natural, why, alone.pair.link, after, first, half, to_record=draft, to_item=mark)


def _saved(*, asked: bool, hidden: bool, holds: bool) -> ReasonKind:
    if hidden:
        return reasons.EVENT_HELD if holds else reasons.EVENT_SAVED_PRIVATE
    return reasons.EVENT_SAVED_MARK if asked else reasons.EVENT_SAVED


def _followed(alone: Alone, item: CalendarItem, lead: Link) -> Mirroring:
    """A colleague's item has the record: this one points to it, and follows. Whose it is to lead, and whether the
    record was deleted meanwhile, is seen at the next look, when the record is at hand.
    """
    why = reason(reasons.EVENT_SHARED)
    joined = _joined(alone, item, why)
    after = replace(
        joined,
        record=lead.record,
        key=lead.key,
        role=Role.COPY,
        generation=lead.generation,
        item=alone.situation.seal_item(lead.key, item),
    )
    at_once = leading.may_take_over(item) or lead.role is not Role.LEAD
    after = replace(after, recheck_at=alone.situation.now + (timedelta() if at_once else SAME_SECOND))
    return Mirroring(alone.natural, why, alone.pair.link, after, to_item=_mark(item))


def bring(alone: Alone, record: Record) -> Answer:
    """The record's item is made, without attendees."""
    situation = alone.situation
    if why := coming.against(record, situation.info, situation.now):
        return alone.skip(why, Side.CRM, situation.next_look(when_of(record)))
    item = born(record, situation.capabilities, situation.zone, alone.key)
    if item is None:
        return alone.skip(reason(reasons.EVENT_TIMELESS), Side.CRM, None)
    why = reason(reasons.EVENT_BROUGHT)
    after = replace(
        alone.link(why, Side.CRM),
        bond=Bond.JOINED,
        record=record.ref,
        item=situation.seal_new_item(alone.key, item),
        mirrored=situation.sealed(Side.CRM, alone.key, situation.version(record), of_record(record)),
        marked=True,
        recheck_at=situation.next_look(item.when, record),
    )
    after = met(after, record, situation)
    begun = alone.pair.link
    if begun and begun.bond is Bond.JOINED:  # what was begun may be there, and say what it was to say then
        twice = replace(after, item=begun.item, mirrored=begun.mirrored, recheck_at=situation.now)
        after = under_way(twice, after, down=TWO_WAY)
    first = begin_item(after, situation.now)
    return Mirroring(alone.natural, why, alone.pair.link, after, first, to_item=CreateItem(item, alone.key))
