"""A single item that became a series, and a series that became a single item: the Event stays, and goes over to
the item that is nearest to it in time. What it says beside the calendar is not lost.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

from crosstie.domain import reasons
from crosstie.domain.calendar import CalendarItem, Shape
from crosstie.domain.links import Bond, Link, Role
from crosstie.domain.records import Record
from crosstie.engine.mirror.session import Mirror
from crosstie.mapping.event.time import begins, when_of

SERIES = frozenset({reasons.EVENT_SERIES.code, reasons.EVENT_SERIES_MARK.code})
"""What is said of a series."""


def hand_over(mirror: Mirror) -> None:
    """The other occurrences become Events of their own, as ever; those that are gone take theirs along."""
    for item in [item for item in mirror.items.values() if item is not None]:
        link = mirror.links.get(item.item_id)
        if link and link.bond is Bond.JOINED and item.shape is Shape.MASTER:
            _to_occurrence(mirror, link, item)
        elif link and link.bond is Bond.NONE and link.reason_code in SERIES and item.shape is Shape.SINGLE:
            _to_single(mirror, item)


def _to_occurrence(mirror: Mirror, link: Link, series: CalendarItem) -> None:
    record = mirror.records.get(link.record.record_id) if link.record else None
    those = [one for one in mirror.items.values() if one and one.series_id == series.item_id]
    if record is not None and (free := [one for one in those if one.item_id not in mirror.links]):
        _move(mirror, link, min(free, key=lambda one: _apart(one, record)))


def _to_single(mirror: Mirror, item: CalendarItem) -> None:
    if found := list(_joined_of(mirror, item)):
        link, _ = min(found, key=lambda pair: _apart(item, pair[1]))
        _move(mirror, link, item)


def _joined_of(mirror: Mirror, series: CalendarItem) -> Iterable[tuple[Link, Record]]:
    for link in mirror.links.values():
        record = mirror.records.get(link.record.record_id) if link.record else None
        if record is not None and link.bond is Bond.JOINED and link.series_id == series.item_id:
            yield link, record


def _apart(item: CalendarItem, record: Record) -> timedelta:
    when = when_of(record)
    return abs(begins(item.when) - begins(when)) if when else timedelta.max


def _move(mirror: Mirror, link: Link, heir: CalendarItem) -> None:
    """What differs from what was last seen has moved, whichever item says it."""
    seen = replace(link.item, version="") if link.item else None
    mirror.links[heir.item_id] = replace(link, item_id=heir.item_id, series_id=heir.series_id, item=seen)
    mirror.links[link.item_id] = replace(
        link, bond=Bond.NONE, role=Role.LEAD, record=None, mirrored=None, recheck_at=None
    )
