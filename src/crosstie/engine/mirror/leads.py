"""Of several colleagues' items that are joined to one record, which is kept like it: found out anew each time.

Nobody writes what another mailbox remembers. Each session finds the same answer by itself, and remembers its own
part of it.
"""

from collections.abc import Sequence
from dataclasses import replace

from crosstie.domain import reasons
from crosstie.domain.calendar import CalendarItem
from crosstie.domain.links import Bond, Link, Role
from crosstie.domain.mailboxes import UNSYNC_CATEGORY
from crosstie.engine.mirror.facts import MirrorFacts, Questions
from crosstie.engine.mirror.news import Situation
from crosstie.engine.mirror.session import Pair
from crosstie.engine.mirror.unheard import is_unheard
from crosstie.rules.calendar.keeping import owner_of
from crosstie.rules.calendar.leading import Sharer, Turn, leader, led_last, may_take_over, turn
from crosstie.rules.calendar.relevance import organizing

ALONE: frozenset[str] = frozenset()


def led(pair: Pair, situation: Situation, facts: MirrorFacts) -> Pair | Questions:
    """The pair in the part that is its own now."""
    link, record = pair.link, pair.record
    if link is None or record is None or link.bond is not Bond.JOINED or not _may_be_shared(pair, link):
        return pair
    name = record.ref.record_id
    asked = Questions(people=_organizer(pair.item), records=frozenset({name}))
    if missing := facts.missing(asked):
        return missing
    own = Sharer(link, situation.me)
    sharers = [own if _is_same(one.link, link) else one for one in facts.shared[name]]
    if own not in sharers:
        sharers.append(own)
    organizers = _organizers(pair.item, situation, facts)
    others = [one for one in sharers if one is not own]
    if _goes(pair):
        leaves = others and not _is_its_own_to_end(pair, link, situation)
        return _left(pair, link, leader(others, ALONE, ""), owner_of(record) == situation.me) if leaves else pair
    part = turn(own, sharers, organizers, owner_of(record))
    if _is_kept_private(pair.item, others):
        part = Turn.FOLLOW
    if part is Turn.LEAD:
        return pair
    after = _inherited(link, others) if part is Turn.TAKE_OVER else replace(link, role=Role.COPY)
    return replace(pair, link=after, turn=part)


def _may_be_shared(pair: Pair, link: Link) -> bool:
    """Of an item that is gone nobody knows."""
    if pair.item is None:
        return pair.gone
    return pair.item.is_meeting or link.role is Role.COPY


def _organizer(item: CalendarItem | None) -> frozenset[str]:
    if item is None or item.is_organizer or item.organizer is None:
        return ALONE
    return frozenset({item.organizer.email})


def _organizers(item: CalendarItem | None, situation: Situation, facts: MirrorFacts) -> frozenset[str]:
    """The Users who lead because they organize it."""
    if item is None:
        return ALONE
    if item.is_organizer:
        return frozenset({situation.me}) if may_take_over(item) else ALONE
    people = facts.who.all_known(_organizer(item))
    users = organizing(item, situation.info, people)
    return users if may_take_over(replace(item, is_organizer=True)) else ALONE


def _goes(pair: Pair) -> bool:
    """Its person deleted it, or wants it out of Salesforce, and it was not called off."""
    item = pair.item
    return item is None or (UNSYNC_CATEGORY in item.categories and not item.cancelled and not item.is_organizer)


def _is_its_own_to_end(pair: Pair, link: Link, situation: Situation) -> bool:
    """Who goes from somebody else's meeting leaves the record to those who are still on it."""
    return pair.item is None and link.role is Role.LEAD and situation.did_organize(link)


def _is_kept_private(item: CalendarItem | None, others: Sequence[Sharer]) -> bool:
    """Its organizer made it private, and nothing more is to be known of it, whoever else has it."""
    stopped = any(one.link.reason_code == reasons.EVENT_MADE_PRIVATE.code for one in others)
    return stopped and not (item and item.is_organizer)


def _left(pair: Pair, link: Link, heir: Sharer | None, owned: bool) -> Pair:
    return replace(pair, link=replace(link, role=Role.COPY), heir=heir.user_id if heir and owned else "")


def _inherited(link: Link, others: Sequence[Sharer]) -> Link:
    """With the memory of whoever led last: what differs from that has moved since. Where nobody remembers, the
    item counts, and of the record what this mailbox has not seen. Whoever died over taking it has that memory.
    """
    if is_unheard(link):
        return replace(link, role=Role.LEAD)
    last = led_last(others)
    before = last.link if last else link
    if last is None or before.item is None or before.key != link.key:
        return replace(link, role=Role.LEAD, item=None)
    memory = replace(before.item, version="")
    return replace(link, role=Role.LEAD, item=memory, mirrored=before.mirrored, generation=before.generation)


def _is_same(one: Link, other: Link) -> bool:
    return (one.mailbox_id, one.item_id) == (other.mailbox_id, other.item_id)
