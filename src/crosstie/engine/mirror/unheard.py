"""Writes of whose end nobody heard, because a worker died or an answer was lost.

Before a write begins it is remembered, beside what both sides said, what both say once it has arrived. The side
that is written tells at the next look which of the two holds, and the other one is compared with what it said
then: our own write is nobody's edit, and what a person takes back meanwhile is one.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime

from crosstie.domain import reasons
from crosstie.domain.calendar import CalendarItem
from crosstie.domain.links import Link, Side, SideState
from crosstie.domain.mirroring import Mirroring
from crosstie.domain.reasons import reason
from crosstie.domain.records import Record
from crosstie.engine.mirror.facts import MirrorFacts, Questions
from crosstie.engine.mirror.guests import is_guest, said_by_item, said_by_record
from crosstie.engine.mirror.news import Situation
from crosstie.engine.mirror.session import Pair
from crosstie.mapping.event.table import of_item, of_record
from crosstie.ports.crm import SETTLE_TIME
from crosstie.rules.calendar.keeping import owner_of

SENT = "sent "
"""Before a field's name, in what is remembered of the side that is written: what it says once that has arrived."""
SEEN = "seen "
"""… of the other side: what it said when that was written."""
UNKNOWN = ""
"""Instead of a digest: whatever is said has moved. Of a guest: is none."""


def under_way(known: Link, after: Link, *, up: Collection[str] = (), down: Collection[str] = ()) -> Link:
    """`known`, while these fields are on their way, by which it becomes `after`. Of what nobody knows yet nothing
    can be taken for somebody's edit.
    """
    if not (known.item and known.mirrored and after.item and after.mirrored):
        return known
    item = _marked(known.item, after.item, sent=down, seen=up)
    return replace(known, item=item, mirrored=_marked(known.mirrored, after.mirrored, sent=up, seen=down))


def is_unheard(link: Link) -> bool:
    return any(_marked_with(SENT, state) for state in (link.item, link.mirrored) if state)


def may_come(link: Link, now: datetime) -> bool:
    """An org may still carry out what it was sent, over whatever it is sent meanwhile. A calendar does not: what
    is written to it names the version that it is written over.
    """
    sent = link.mirrored is not None and bool(_marked_with(SENT, link.mirrored))
    return sent and now < link.decided_at + SETTLE_TIME


def later(natural: str, link: Link) -> Mirroring:
    """Nothing is written before it has come, or cannot come any more."""
    after = replace(link, recheck_at=link.decided_at + SETTLE_TIME)
    return Mirroring(natural, reason(reasons.EVENT_UNCLEAR), link, after, news=False)


def heard(pair: Pair, situation: Situation, facts: MirrorFacts) -> Pair | Questions:
    """With what each side said when it was last known, as far as those tell that are at hand."""
    link = pair.link
    if link is None or not is_unheard(link):
        return pair
    if pair.record:
        link = _heard(link, Side.CRM, {**of_record(pair.record), **said_by_record(pair.record)}, situation)
    if pair.item and not may_come(link, situation.now):
        guests = _guests(pair.item, pair.record, link, situation, facts)
        if isinstance(guests, Questions):
            return guests
        link = _heard(link, Side.MAILBOX, {**of_item(pair.item), **guests}, situation)
    return replace(pair, link=link)


def _guests(
    item: CalendarItem, record: Record | None, link: Link, situation: Situation, facts: MirrorFacts
) -> Mapping[str, str] | Questions:
    """Whom it belongs to is asked only where the mailbox was to invite somebody, or to take somebody off."""
    if not (link.item and any(is_guest(name.removeprefix(SENT)) for name in _marked_with(SENT, link.item))):
        return {}
    return said_by_item(item, situation, facts, owner_of(record) if record else situation.me)


def _heard(link: Link, written: Side, values: Mapping[str, str], situation: Situation) -> Link:
    """A write arrives as a whole: one field tells of all. Where none does, and one says something else again,
    nobody knows what that was written over: it has moved on both sides.
    """
    state, other = (link.item, link.mirrored) if written is Side.MAILBOX else (link.mirrored, link.item)
    if state is None or other is None:
        return link
    said = {name.removeprefix(SENT) for name in _marked_with(SENT, state)}
    then = SideState("", {name: state.digests[SENT + name] for name in said})
    others, moved = (_moved(link.key, written, one, said, values, situation) for one in (then, state))
    if others is None or moved is None:
        return link
    arrived = bool(moved - others)
    if arrived:
        state, other = _known(state, said, SENT), _known(other, said, SEEN)
    elif written is Side.CRM and may_come(link, situation.now):
        return link
    else:
        state, other = _lost(state, said, moved), _lost(other, said, moved)
    item, mirrored = (state, other) if written is Side.MAILBOX else (other, state)
    return replace(link, item=replace(item, version=""), mirrored=mirrored)


def _moved(
    key: str, side: Side, state: SideState, names: Collection[str], values: Mapping[str, str], situation: Situation
) -> frozenset[str] | None:
    """Of these fields those that say something else, or that the side has not, or has, as it had not."""
    there = {name: values[name] for name in names if name in values}
    moved = situation.moved(key, side, state, there)
    gone = frozenset(name for name in names if name not in there and state.digests.get(name))
    return None if moved is None else moved | gone


def _marked_with(mark: str, state: SideState) -> list[str]:
    return [name for name in state.digests if name.startswith(mark)]


def _marked(state: SideState, after: SideState, *, sent: Collection[str], seen: Collection[str]) -> SideState:
    names = [(SENT, name) for name in sent] + [(SEEN, name) for name in seen]
    then = {mark + name: after.digests.get(name, UNKNOWN) for mark, name in names}
    return replace(state, digests={**state.digests, **then})


def _known(state: SideState, names: Collection[str], mark: str) -> SideState:
    """As it was when the write began."""
    return _without_marks(state, names, {name: state.digests.get(mark + name, UNKNOWN) for name in names})


def _lost(state: SideState, names: Collection[str], moved: Collection[str]) -> SideState:
    """As it was before. Who is a guest is a set, of which nothing is overwritten."""
    rows = [name for name in moved if not is_guest(name)]
    return _without_marks(state, names, dict.fromkeys(rows, UNKNOWN))


def _without_marks(state: SideState, names: Collection[str], news: Mapping[str, str]) -> SideState:
    marks = {mark + name for mark in (SENT, SEEN) for name in names}
    kept = {name: digest for name, digest in state.digests.items() if name not in marks}
    gone = {name for name, digest in news.items() if is_guest(name) and not digest}
    return replace(state, digests={name: one for name, one in {**kept, **news}.items() if name not in gone})
