"""Events through a window of time, series expanded to their dates."""

from collections.abc import Iterator

from sandbox.graph import ids
from sandbox.graph.calendar.items import Item, find
from sandbox.graph.calendar.listing import list_events
from sandbox.graph.calendar.switches import INSTANCES_HAVE_EXCEPTIONS
from sandbox.graph.calendar.times import read_window
from sandbox.graph.calendar.windows import dates, window
from sandbox.graph.context import Context
from sandbox.http import Response
from sandbox.mailboxes.calendar.expand import span
from sandbox.mailboxes.calendar.model import Calendar
from sandbox.mailboxes.calendar.view import Seen


def view(context: Context) -> Response:
    return list_events(context, "calendarView", _in_window(context, context.mailbox.default_calendar))


def view_of(context: Context, calendar: str) -> Response:
    found = ids.find_calendar(context.mailbox, calendar)
    return list_events(context, f"calendars('{calendar}')/calendarView", _in_window(context, found))


def instances(context: Context, event: str) -> Response:
    """Of a series; of anything else none."""
    item, (start, end) = find(context, event), read_window(context)
    found = dates(context, item.series, start, end) if item.type == "seriesMaster" else []
    if not context.world.switches.on(INSTANCES_HAVE_EXCEPTIONS):
        found = [one for one in found if one.deviation is None]
    return list_events(context, f"events('{event}')/instances", [Item(item.series, one) for one in found])


def _in_window(context: Context, calendar: Calendar) -> list[Item]:
    """By their start. Series themselves are not in it."""
    start, end = read_window(context)
    seen = window(context, calendar, start, end)
    items = [item for one in seen for item in dates_of(one)]
    return sorted(items, key=lambda item: span(item.details))


def dates_of(seen: Seen) -> Iterator[Item]:
    """What stands in a calendar: a single event, or the occurrences of a series."""
    if not seen.occurrences:
        yield Item(seen.appointment)
    for one in seen.occurrences:
        yield Item(seen.appointment, one)
