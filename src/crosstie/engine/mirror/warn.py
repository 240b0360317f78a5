"""The error category: on an item that has an issue, for as long as it has it.

Categories alone are written, of which attendees are told nothing; an occurrence that was marked by itself would be
an exception, so that none is.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from crosstie.domain import reasons
from crosstie.domain.calendar import CalendarItem, ChangeItem, Shape
from crosstie.domain.errors import CrosstieError, Throttled
from crosstie.domain.links import Link
from crosstie.domain.mailboxes import ERROR_CATEGORY, WriteResult
from crosstie.domain.reasons import KINDS, Outcome
from crosstie.engine.mirror.session import Mirror
from crosstie.engine.ports import Ports

WARN_SECONDS = 60.0
CATEGORIES = frozenset({"categories"})
_PUT_OFF = frozenset({reasons.EVENT_WAITS.code, reasons.EVENT_UNCLEAR.code})


@dataclass(frozen=True, slots=True)
class Due:
    """The category to be set, or to be taken off, of what was settled at that place."""

    place: int
    natural: str
    link: Link
    write: ChangeItem

    @property
    def on(self) -> bool:
        return ERROR_CATEGORY in self.write.item.categories


def warn(ports: Ports, mirrors: Sequence[Mirror]) -> None:
    """What was settled is told to the calendar; what cannot be told now is looked at again before long."""
    due: dict[Mirror, list[Due]] = {}
    for mirror in mirrors:
        with mirror.session.ending():
            if found := _due(mirror):
                due[mirror] = _begun(ports, mirror, found)
    own = {mirror: found for mirror, found in due.items() if found and mirror.live}
    calls = [partial(mirror.calendar.apply, [one.write for one in found]) for mirror, found in own.items()]
    for mirror, results in zip(own, ports.fanout.run(calls, timeout=WARN_SECONDS), strict=True):
        if isinstance(results, CrosstieError):
            mirror.session.trouble = mirror.session.trouble or results.code
            mirror.session.wait_for(results.until if isinstance(results, Throttled) else None)
            _put_off(ports, mirror, own[mirror])
            continue
        for one, result in zip(own[mirror], results, strict=True):
            _take(ports, mirror, one, result)


def _due(mirror: Mirror) -> list[Due]:
    """What is as it should be already is remembered so."""
    found = []
    for place, (operation, link) in enumerate(mirror.settled):
        item = mirror.items.get(link.item_id) if link else None
        if link is None or item is None or link.reason_code in _PUT_OFF:
            continue
        wanted, there = _has_issue(link) and not mirror.closing, ERROR_CATEGORY in item.categories
        if wanted is there or not (wanted or link.warned):
            _remember(mirror, place, replace(link, warned=wanted))
        elif item.version and item.shape is Shape.SINGLE:
            found.append(Due(place, operation.natural, link, _write(item, on=wanted)))
    return found


def _has_issue(link: Link) -> bool:
    kind = KINDS.get(link.reason_code)
    return kind is not None and kind.outcome is Outcome.ISSUE


def _write(item: CalendarItem, *, on: bool) -> ChangeItem:
    others = item.categories - {ERROR_CATEGORY}
    return ChangeItem(replace(item, categories=others | {ERROR_CATEGORY} if on else others), CATEGORIES)


def _begun(ports: Ports, mirror: Mirror, found: list[Due]) -> list[Due]:
    """Those that may be written now. That a category is ours is remembered before it is there: whoever comes after
    a death takes it off once the issue is solved.
    """
    lease, now = mirror.session.lease, ports.clock.now()
    if mirror.session.must_wait or not ports.may_write(lease):
        _put_off(ports, mirror, found)
        return []
    with ports.states.transaction():
        ports.states.check(lease)
        ours = [(one.natural, replace(one.link, warned=True, recheck_at=now)) for one in found if one.on]
        ports.states.save_links(lease, ours, {})
    return found


def _take(ports: Ports, mirror: Mirror, one: Due, result: WriteResult) -> None:
    mirror.session.wait_for(result.until)
    if result.applied:
        state = one.link.item
        if state and state.version == one.write.item.version:  # else a person's change is still to be compared
            state = replace(state, version=result.version)
        _remember(mirror, one.place, replace(one.link, warned=one.on, item=state))
    elif result.code not in ("gone", "refused"):
        _put_off(ports, mirror, [one])


def _put_off(ports: Ports, mirror: Mirror, several: Sequence[Due]) -> None:
    mirror.session.soon = True
    for one in several:
        _remember(mirror, one.place, replace(one.link, warned=True, recheck_at=ports.clock.now()))


def _remember(mirror: Mirror, place: int, link: Link) -> None:
    mirror.settled[place] = (mirror.settled[place][0], link)
