"""Who is invited, kept as a set: each guest by itself goes up when it moved in the mailbox.

Whom somebody invited in Salesforce stays on the record; nobody is put on an item, for its vendor would mail them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from crosstie.domain.calendar import CalendarItem
from crosstie.domain.links import Link, Role, Side, SideState
from crosstie.domain.operations import LinkedPerson
from crosstie.domain.records import USER, Record, Value
from crosstie.engine.mirror.facts import MirrorFacts, Questions
from crosstie.engine.mirror.news import Situation
from crosstie.engine.mirror.whole import Whole
from crosstie.mapping.event.attendees import DECLINED, invitees, listed, of_record
from crosstie.mapping.event.values import flag_of

PREFIX = "guest:"
"""Before the id of a guest, as a field of the item's state."""


@dataclass(frozen=True, slots=True)
class Guests:
    columns: Mapping[str, Value] = field(default_factory=dict)
    """What is to be written to the record."""
    sealed: Mapping[str, str] = field(default_factory=dict)
    """What is remembered of the item's guests: field → digest of the answer."""


def guests_of(whole: Whole, situation: Situation, facts: MirrorFacts) -> Guests | Questions:
    known = _remembered(whole.link)
    keeps = situation.info.settings.events_attendees and not flag_of(whole.record, "IsPrivate")
    if whole.link.role is Role.COPY or not whole.item.is_meeting or not keeps:
        return Guests(sealed=known)
    if whole.link.item and whole.link.item.version == whole.item.version:
        return Guests(sealed=known)
    if missing := facts.missing(Questions(people=frozenset(one.email for one in whole.item.participants))):
        return missing
    wanted = invited(whole.item, situation, facts)
    fields = _fields(wanted)
    there = of_record(whole.record)
    state = whole.link.item or SideState("")
    moved = situation.moved(whole.link.key, Side.MAILBOX, state, fields) or frozenset()
    gone = known.keys() - fields.keys()
    after = {guest: answer for guest, answer in there.items() if f"{PREFIX}{guest}" not in gone}
    after |= {guest: answer for guest, answer in wanted.items() if f"{PREFIX}{guest}" in moved}
    columns = listed(after) if after != there else {}
    return replace(seal_guests(wanted, whole.link.key, situation), columns=columns)


def seal_guests(wanted: Mapping[str, str], key: str, situation: Situation) -> Guests:
    """What is remembered of those who were put on a record."""
    return Guests(sealed=situation.seal(key, Side.MAILBOX, _fields(wanted)))


def _fields(wanted: Mapping[str, str]) -> dict[str, str]:
    return {f"{PREFIX}{guest}": answer for guest, answer in wanted.items()}


def invited(item: CalendarItem, situation: Situation, facts: MirrorFacts) -> dict[str, str]:
    """Id → answer, of the guests who belong on the record: colleagues, who are known by an address alone."""
    people = facts.who.known(one.email for one in item.participants)
    users = [
        LinkedPerson(person, "to", email)
        for email, found in people.items()
        for person in found
        if person.object == USER
    ]
    return invitees(item, users, situation.info.crm_user_id)


def declined(record: Record, user_id: str) -> Mapping[str, Value]:
    """The user is on the record's list, and does not come."""
    there = of_record(record)
    return listed({**there, user_id: DECLINED}) if there.get(user_id, DECLINED) != DECLINED else {}


def with_guests(link: Link, guests: Guests) -> Link:
    if link.item is None:
        return link
    return replace(link, item=replace(link.item, digests={**link.item.digests, **guests.sealed}))


def _remembered(link: Link) -> dict[str, str]:
    digests = link.item.digests if link.item else {}
    return {name: digest for name, digest in digests.items() if name.startswith(PREFIX)}
