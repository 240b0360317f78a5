"""Writes of whose end nobody heard, because a worker died or an answer was lost.

Before a write begins it is remembered, beside what both sides said, what both say once it has arrived. The side
that is written tells at the next look which of the two holds, and the other one is compared with what it said
then: our own write is nobody's edit, and what a person takes back meanwhile is one.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace

from crosstie.domain.links import Link, Side, SideState
from crosstie.engine.mirror.news import Situation
from crosstie.engine.mirror.session import Pair
from crosstie.mapping.event.table import of_item, of_record

SENT = "sent "
"""Before a field's name, in what is remembered of the side that is written: what it says once that has arrived."""
SEEN = "seen "
"""… of the other side: what it said when that was written."""
UNKNOWN = ""
"""Instead of a digest: whatever is said has moved."""


def under_way(known: Link, after: Link, *, up: Collection[str] = (), down: Collection[str] = ()) -> Link:
    """`known`, while these fields are on their way, by which it becomes `after`. Of what nobody knows yet nothing
    can be taken for somebody's edit.
    """
    if not (known.item and known.mirrored and after.item and after.mirrored):
        return known
    item = _marked(known.item, after.item, sent=down, seen=up)
    return replace(known, item=item, mirrored=_marked(known.mirrored, after.mirrored, sent=up, seen=down))


def is_unheard(link: Link) -> bool:
    return any(name.startswith(SENT) for state in (link.item, link.mirrored) if state for name in state.digests)


def heard(pair: Pair, situation: Situation) -> Pair:
    """With what each side said when it was last known, as far as those tell that are at hand."""
    link = pair.link
    if link is None or not is_unheard(link):
        return pair
    if pair.record:
        link = _heard(link, Side.CRM, of_record(pair.record), situation)
    if pair.item:
        link = _heard(link, Side.MAILBOX, of_item(pair.item), situation)
    return replace(pair, link=link)


def _heard(link: Link, written: Side, values: Mapping[str, str], situation: Situation) -> Link:
    """A write arrives as a whole: one field tells of all. Where none does, and one says something else again,
    nobody knows what that was written over: it has moved on both sides.
    """
    state, other = (link.item, link.mirrored) if written is Side.MAILBOX else (link.mirrored, link.item)
    if state is None or other is None:
        return link
    said = {name: value for name, value in values.items() if SENT + name in state.digests}
    then = SideState("", {name: state.digests[SENT + name] for name in said})
    others, moved = (situation.moved(link.key, written, one, said) for one in (then, state))
    if others is None or moved is None:
        return link
    arrived = bool(moved - others)
    if arrived:
        state, other = _known(state, said, SENT), _known(other, said, SEEN)
    else:
        state, other = _lost(state, said, moved), _lost(other, said, moved)
    item, mirrored = (state, other) if written is Side.MAILBOX else (other, state)
    return replace(link, item=replace(item, version=""), mirrored=mirrored)


def _marked(state: SideState, after: SideState, *, sent: Collection[str], seen: Collection[str]) -> SideState:
    names = [(SENT, name) for name in sent] + [(SEEN, name) for name in seen]
    then = {mark + name: after.digests.get(name, UNKNOWN) for mark, name in names}
    return replace(state, digests={**state.digests, **then})


def _known(state: SideState, names: Collection[str], mark: str) -> SideState:
    """As it was when the write began."""
    return _without_marks(state, names, {name: state.digests.get(mark + name, UNKNOWN) for name in names})


def _lost(state: SideState, names: Collection[str], moved: Collection[str]) -> SideState:
    """As it was before."""
    return _without_marks(state, names, dict.fromkeys(moved, UNKNOWN))


def _without_marks(state: SideState, names: Collection[str], news: Mapping[str, str]) -> SideState:
    marks = {mark + name for mark in (SENT, SEEN) for name in names}
    kept = {name: digest for name, digest in state.digests.items() if name not in marks}
    return replace(state, digests={**kept, **news})
