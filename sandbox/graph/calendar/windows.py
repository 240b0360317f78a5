"""What a window of time holds, as Graph sees it: an all-day event may lie there by the days of UTC."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

from sandbox.graph.calendar.switches import ALL_DAY_LIES_IN_UTC
from sandbox.graph.context import Context
from sandbox.mailboxes.calendar import view
from sandbox.mailboxes.calendar.expand import occurrences, overlaps
from sandbox.mailboxes.calendar.model import Appointment, Calendar, Details, Occurrence
from sandbox.mailboxes.calendar.view import Change, Seen

_DAY = timedelta(days=1)
"""No zone is further from UTC."""


def window(context: Context, calendar: Calendar, start: datetime, end: datetime) -> Iterator[Seen]:
    """In the order of their last change."""
    wide = _widened(context, start, end)
    found = (_narrowed(context, one, start, end) for one in view.window(context.mailbox, calendar, *wide))
    return (one for one in found if one)


def seen(context: Context, appointment: Appointment, start: datetime, end: datetime) -> Seen | None:
    return _narrowed(context, view.seen(appointment, *_widened(context, start, end)), start, end)


def changes(context: Context, calendar: Calendar, since: int, start: datetime, end: datetime) -> Iterator[Change]:
    happened = view.changes(context.mailbox, calendar, since, *_widened(context, start, end))
    return (replace(one, seen=_narrowed(context, one.seen, start, end)) for one in happened)


def dates(context: Context, series: Appointment, start: datetime, end: datetime) -> list[Occurrence]:
    found = occurrences(series, *_widened(context, start, end))
    return [one for one in found if _lies_in(context, one.details, start, end)]


def _widened(context: Context, start: datetime, end: datetime) -> tuple[datetime, datetime]:
    return (start - _DAY, end + _DAY) if context.world.switches.on(ALL_DAY_LIES_IN_UTC) else (start, end)


def _narrowed(context: Context, found: Seen | None, start: datetime, end: datetime) -> Seen | None:
    if found is None:
        return None
    if not found.occurrences:
        return found if _lies_in(context, found.appointment.details, start, end) else None
    left = tuple(one for one in found.occurrences if _lies_in(context, one.details, start, end))
    return replace(found, occurrences=left) if left else None


def _lies_in(context: Context, details: Details, start: datetime, end: datetime) -> bool:
    if not details.all_day or not context.world.switches.on(ALL_DAY_LIES_IN_UTC):
        return overlaps(details, start, end)
    first, last = (datetime.combine(day, time(), UTC) for day in (details.start, details.end))
    return first < end and last > start
