"""Who is invited on both sides, carried as the rules have it (rules/calendar/attendees.py): each guest is
remembered by itself, on either side.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from crosstie.domain import reasons
from crosstie.domain.calendar import Attendee, CalendarItem, Part
from crosstie.domain.keys import record_key
from crosstie.domain.links import Link, Role, Side, SideState
from crosstie.domain.operations import LinkedPerson
from crosstie.domain.records import PEOPLE_BY_PREFIX, USER, Record, Value, whole_id
from crosstie.domain.settings import EventWay
from crosstie.engine.mirror.facts import MirrorFacts, Questions
from crosstie.engine.mirror.news import Situation
from crosstie.engine.mirror.whole import Whole
from crosstie.mapping.event.attendees import DECLINED, UNANSWERED, invitees, listed, of_record
from crosstie.mapping.event.values import flag_of
from crosstie.rules.calendar.attendees import Known, Meeting, merged
from crosstie.rules.calendar.leading import may_take_over, own_copy
from crosstie.rules.linking import link

PREFIX = "guest:"
"""Before the id of a guest, as a field of a side's state."""


@dataclass(frozen=True, slots=True)
class Lists:
    """What is remembered of either side's guests: field → digest of the answer."""

    item: Mapping[str, str] = field(default_factory=dict)
    record: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Guests:
    columns: Mapping[str, Value] = field(default_factory=dict)
    """What is to be written to the record."""
    then: Lists = field(default_factory=Lists)
    """Once those who join and leave the meeting do."""
    waiting: Lists = field(default_factory=Lists)
    """While they do not."""
    joining: frozenset[str] = frozenset()
    leaving: frozenset[str] = frozenset()
    listed: frozenset[str] = frozenset()
    """Fields of those who come to the record's list, leave it, or have another answer there."""

    @property
    def moves(self) -> bool:
        """Whether the mailbox is to invite somebody, or to take somebody off."""
        return bool(self.joining or self.leaving)

    @property
    def moving(self) -> frozenset[str]:
        """Fields of those."""
        return frozenset(_fields(dict.fromkeys(self.joining | self.leaving, "")))


def guests_of(whole: Whole, situation: Situation, facts: MirrorFacts, owner_id: str) -> Guests | Questions:
    """`owner_id`: whoever owns the record then, and is nobody's guest."""
    item, record, link = whole.item, whole.record, whole.link
    known = Lists(_remembered(link.item), _remembered(link.mirrored))
    same = Guests(then=known, waiting=known)
    if not (item.is_meeting or known.item or of_record(record)) or not _are_kept(whole, situation):
        return same
    if missing := facts.missing(Questions(people=frozenset(one.email for one in item.participants))):
        return missing
    there = of_record(record)
    others = {guest: answer for guest, answer in there.items() if guest != owner_id}
    wanted = invited(item, situation, facts, owner_id)
    meeting = Meeting(wanted, _present(item, facts) - {owner_id})
    then = merged(meeting, others, _known(whole, wanted, situation), situation.info.settings)
    down = may_take_over(item) and situation.info.settings.events_way is not EventWay.TO_SALESFORCE
    joining, leaving = (then.joining, then.leaving) if down else (frozenset(), frozenset())
    after = there if situation.info.settings.events_way is EventWay.FROM_SALESFORCE else then.record
    held = {guest: answer for guest, answer in after.items() if guest not in joining}
    seen = _sealed(wanted, link.key, Side.MAILBOX, situation)
    unmoved = {**held, **dict.fromkeys(leaving, "")}
    return Guests(
        columns=listed(after) if after != there else {},
        then=Lists(seen, _sealed(after, link.key, Side.CRM, situation)),
        waiting=Lists(seen, _sealed(unmoved, link.key, Side.CRM, situation)),
        joining=joining,
        leaving=leaving,
        listed=frozenset(_fields(dict(there.items() ^ after.items()))),
    )


def _are_kept(whole: Whole, situation: Situation) -> bool:
    """A record that its person has beside others' has no guests: each of them has one. What the org has refused is
    tried without them: it may be one of them whom it does not take.
    """
    link = whole.link
    if whole.stored.reason_code == reasons.CRM_REFUSED.code:
        return False
    own = record_key(own_copy(whole.natural, situation.me), link.generation)
    open_ = situation.info.settings.events_attendees and not flag_of(whole.record, "IsPrivate")
    return open_ and link.role is Role.LEAD and link.key != own


def _known(whole: Whole, wanted: Mapping[str, str], situation: Situation) -> Known:
    state = whole.link.item or SideState("")
    moved = situation.moved(whole.link.key, Side.MAILBOX, state, _fields(wanted)) or frozenset()
    return Known(
        meeting=_ids(_remembered(whole.link.item)),
        record=_ids(_remembered(whole.link.mirrored)),
        silent=[guest for guest in wanted if f"{PREFIX}{guest}" not in moved],
    )


def _present(item: CalendarItem, facts: MirrorFacts) -> frozenset[str]:
    """Whoever an address of the meeting belongs to, seen or not."""
    people = facts.who.all_known(one.email for one in item.participants)
    return frozenset(whole_id(one.record_id) for found in people.values() for one in found)


def put_on(link: Link, wanted: Mapping[str, str], situation: Situation) -> Link:
    """A link whose record was made with these guests."""
    item = _sealed(wanted, link.key, Side.MAILBOX, situation)
    return with_guests(link, Lists(item, _sealed(wanted, link.key, Side.CRM, situation)))


def met(link: Link, record: Record, situation: Situation) -> Link:
    """A link whose item was made of this record: whom that invites is not asked for one by one."""
    return with_guests(link, Lists(record=_sealed(of_record(record), link.key, Side.CRM, situation)))


def _sealed(guests: Mapping[str, str], key: str, side: Side, situation: Situation) -> Mapping[str, str]:
    return situation.seal(key, side, _fields(guests))


def _fields(guests: Mapping[str, str]) -> dict[str, str]:
    return {f"{PREFIX}{guest}": answer for guest, answer in guests.items()}


def _ids(fields: Iterable[str]) -> list[str]:
    return [name.removeprefix(PREFIX) for name in fields]


def changed(item: CalendarItem, guests: Guests, facts: MirrorFacts) -> CalendarItem:
    """The item with whom it invites then. Whoever has no address cannot be invited."""
    leaving = {
        email
        for email, found in facts.who.all_known(one.email for one in item.participants).items()
        if any(whole_id(one.record_id) in guests.leaving for one in found)
    }
    stay = tuple(one for one in item.attendees if one.address.email not in leaving)
    there = {one.address.email for one in stay}
    new = (facts.addresses.get(guest) for guest in sorted(guests.joining))
    come = [Attendee(address, Part.REQUIRED) for address in new if address and address.email not in there]
    return replace(item, attendees=(*stay, *come))


def moved_over(guests: Guests, facts: MirrorFacts, key: str, situation: Situation) -> Guests:
    """With what the item says once the mailbox has invited whom it can, and taken off who leaves: colleagues are
    on the record's list then as ever.
    """
    come = [one for one in guests.joining if PEOPLE_BY_PREFIX[one[:3]] == USER and facts.addresses.get(one)]
    new = _sealed(dict.fromkeys(come, UNANSWERED), key, Side.MAILBOX, situation)
    gone = _fields(dict.fromkeys(guests.leaving, ""))
    stay = {name: digest for name, digest in guests.then.item.items() if name not in gone}
    return replace(guests, then=replace(guests.then, item={**stay, **new}))


def said_by_item(
    item: CalendarItem, situation: Situation, facts: MirrorFacts, owner_id: str
) -> Mapping[str, str] | Questions:
    """Fields of those who belong on the record's list, with their answers."""
    if missing := facts.missing(Questions(people=frozenset(one.email for one in item.participants))):
        return missing
    return _fields(invited(item, situation, facts, owner_id))


def said_by_record(record: Record) -> Mapping[str, str]:
    return _fields(of_record(record))


def is_guest(name: str) -> bool:
    """Of a field of a side's state; who is no guest has none."""
    return name.startswith(PREFIX)


def invited(item: CalendarItem, situation: Situation, facts: MirrorFacts, owner_id: str) -> dict[str, str]:
    """Id → answer, of those who belong on the record's list: colleagues, who are known by an address alone, and,
    where the settings invite them, whom else it is linked to.
    """
    people = facts.who.known(one.email for one in item.participants)
    users = [
        LinkedPerson(person, "to", email)
        for email, found in people.items()
        for person in found
        if person.object == USER
    ]
    if situation.info.settings.events_colleagues_only:
        return invitees(item, users, owner_id)
    participants = situation.circle.sort(item, facts.who.outsiders(people))
    taken = {one.email for one in users}
    others = [one for one in link(item, participants, people).people if one.email not in taken]
    return invitees(item, [*users, *others], owner_id)


def declined(record: Record, user_id: str) -> Mapping[str, Value]:
    """The user is on the record's list, and does not come."""
    there = of_record(record)
    return listed({**there, user_id: DECLINED}) if there.get(user_id, DECLINED) != DECLINED else {}


def handed_over(record: Record, user_id: str, heir: str) -> Mapping[str, Value]:
    """The user, who owned the record, does not come; the heir owns it now."""
    there = {guest: answer for guest, answer in of_record(record).items() if guest != heir}
    return {"OwnerId": heir, **listed({**there, user_id: DECLINED})}


def with_guests(link: Link, lists: Lists) -> Link:
    if not (lists.item or lists.record):
        return link
    return replace(link, item=_with(link.item, lists.item), mirrored=_with(link.mirrored, lists.record))


def _with(state: SideState | None, guests: Mapping[str, str]) -> SideState | None:
    return replace(state, digests={**state.digests, **guests}) if state else None


def _remembered(state: SideState | None) -> dict[str, str]:
    digests = state.digests if state else {}
    return {name: digest for name, digest in digests.items() if is_guest(name)}
