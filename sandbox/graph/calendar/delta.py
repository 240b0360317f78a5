"""Delta of a calendar's window: what is in it, and then what happens to it, told in rounds of pages.

A series is told whole on one page: itself in full, its occurrences in the window by their times alone, and
exceptions with what they changed. What was deleted and what lies outside of the window look the same.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from functools import partial
from operator import attrgetter
from typing import TypeVar

from werkzeug.datastructures import MultiDict

from sandbox.graph import ids
from sandbox.graph.calendar import impolite
from sandbox.graph.calendar.items import Item
from sandbox.graph.calendar.shape import event_shape, thin_shape
from sandbox.graph.calendar.switches import (
    DELETED_OCCURRENCES_ARE_TOLD,
    DELTA_TELLS_TEXT,
    OCCURRENCES_ARE_THIN,
    OTHER_CALENDARS_IN_DELTA,
    REMOVED_SERIES_NAMES_ITS_DATES,
)
from sandbox.graph.calendar.times import window_of
from sandbox.graph.calendar.windows import changes, dates, seen, window
from sandbox.graph.context import Context
from sandbox.graph.cursors import Cursor, decode
from sandbox.graph.errors import bad_request
from sandbox.graph.odata import Options, read_options
from sandbox.graph.rounds import Page, answer, removed, round_size
from sandbox.graph.shape import Shape, etag
from sandbox.graph.stamps import other_form
from sandbox.graph.switches import ETAG_FORMS_DIFFER
from sandbox.http import Response
from sandbox.mailboxes.calendar.expand import to_local
from sandbox.mailboxes.calendar.model import Appointment, Calendar
from sandbox.mailboxes.calendar.view import Change, Seen

_REFUSED = ("$select", "$expand", "$filter", "$orderby", "$search", "$skip", "$count")
_TOLD_AS: dict[str, tuple[str, ...]] = {
    "subject": ("subject",),
    "text": ("body", "bodyPreview"),
    "html": ("body", "bodyPreview"),
    "places": ("location", "locations"),
    "show_as": ("showAs",),
    "sensitivity": ("sensitivity",),
    "importance": ("importance",),
    "reminder": ("reminderMinutesBeforeStart",),
    "reminds": ("isReminderOn",),
    "categories": ("categories",),
    "attendees": ("attendees",),
    "answer": ("responseStatus",),
    "cancelled": ("isCancelled",),
    "wants_answers": ("responseRequested",),
    "takes_proposals": ("allowNewTimeProposals",),
    "hides_attendees": ("hideAttendees",),
    "online": ("isOnlineMeeting", "onlineMeeting", "onlineMeetingProvider"),
    "attachments": ("hasAttachments",),
}
"""What an exception changed → the properties that show it; its times are shown anyway."""
_Window = tuple[datetime, datetime]
Unit = TypeVar("Unit", Seen, Change)
"""What is told on one page or another, never split."""


def view_delta(context: Context, calendar: str = "") -> Response:
    if not context.world.switches.on(DELTA_TELLS_TEXT):
        context = replace(context, prefer=replace(context.prefer, text_body=None))
    mailbox = context.mailbox
    found = ids.find_calendar(mailbox, calendar) if calendar else mailbox.default_calendar
    if not found.is_default and not context.world.switches.on(OTHER_CALENDARS_IN_DELTA):
        raise bad_request("Only the default calendar can be followed.", "ErrorInvalidRequest")
    cursor = _cursor(context, found)
    impolite.rewrite_at_rest(context, found)
    page = (_list_page if cursor.initial else _change_page)(context, found, cursor)
    rows = impolite.disturb(context, window(context, found, *_bounds(cursor)), page.rows)
    name = f"calendars('{calendar}')/calendarView" if calendar else "calendarView"
    return answer(context, name, cursor, replace(page, rows=rows))


def refuse_unbounded_delta(context: Context) -> Response:
    """Beta follows events without a window, v1.0 does not."""
    raise bad_request("Change tracking is not supported against 'microsoft.graph.event'.", "ErrorInvalidRequest")


def _cursor(context: Context, calendar: Calendar) -> Cursor:
    """From the token, whose window is frozen, or a fresh one with the request's window."""
    given, feed = context.request.args, f"calendar/{calendar.number}"
    token = given.get("$skiptoken") or given.get("$deltatoken")
    if token:
        return decode(context, token, feed)
    refused = sorted(name for name in given if name.lower() in _REFUSED)
    if refused:
        message = f"Change tracking of a calendar view does not take {', '.join(refused)}."
        raise bad_request(message, "ErrorInvalidUrlQuery")
    read_options(given, frozenset())
    named = {name.lower(): value for name, value in given.items()}
    options = {"start": named.get("startdatetime", ""), "end": named.get("enddatetime", "")}
    window_of(**options)
    mailbox = context.mailbox
    return Cursor(feed, mailbox.cursor_generation, options | _size(named), mailbox.version)


def _size(given: dict[str, str]) -> dict[str, str]:
    return {"$top": given["$top"]} if "$top" in given else {}


def _bounds(cursor: Cursor) -> _Window:
    return window_of(cursor.options["start"], cursor.options["end"])


def _room(context: Context, cursor: Cursor) -> int:
    asked: MultiDict[str, str] = MultiDict({"$top": cursor.options["$top"]} if "$top" in cursor.options else {})
    return round_size(context, read_options(asked, frozenset()))


def _list_page(context: Context, calendar: Calendar, cursor: Cursor) -> Page:
    """The first round. What changes meanwhile is told again in the second."""
    position = cursor.position or context.mailbox.version
    inside = _after(context, calendar, cursor.after[1] if cursor.after else 0)
    found = (one for appointment in inside if (one := seen(context, appointment, *_bounds(cursor))))
    last, rows, done = _fill(found, partial(_rows, context), _room(context, cursor))
    after = None if done or last is None else ("", last.appointment.number)
    return Page(rows, replace(cursor, position=position, after=after, initial=not done), done)


def _after(context: Context, calendar: Calendar, number: int) -> list[Appointment]:
    inside = context.store.calendar.inside(context.mailbox, calendar)
    return sorted((one for one in inside if one.number > number), key=attrgetter("number"))


def _change_page(context: Context, calendar: Calendar, cursor: Cursor) -> Page:
    bounds = _bounds(cursor)
    happened = changes(context, calendar, cursor.position, *bounds)
    told = partial(_changed, context, position=cursor.position, bounds=bounds)
    last, rows, done = _fill(happened, told, _room(context, cursor))
    position = context.mailbox.version if done or last is None else last.version
    return Page(rows, replace(cursor, position=position), done)


def _fill(
    units: Iterable[Unit], told: Callable[[Unit], list[Shape]], room: int
) -> tuple[Unit | None, list[Shape], bool]:
    """As many whole units as it takes to fill a page: the last one, all rows, and whether that was all."""
    last: Unit | None = None
    rows: list[Shape] = []
    for unit in units:
        if len(rows) >= room:
            return last, rows, False
        rows += told(unit)
        last = unit
    return last, rows, True


# Rows


def _rows(context: Context, unit: Seen) -> list[Shape]:
    series = Item(unit.appointment)
    dates = (Item(unit.appointment, one) for one in unit.occurrences)
    return [whole_row(context, series), *(_date_row(context, one) for one in dates)]


def whole_row(context: Context, item: Item) -> Shape:
    tag = etag(context.mailbox, item.version)
    if context.world.switches.on(ETAG_FORMS_DIFFER):
        tag = other_form(tag)
    return event_shape(context, item, Options(), typed=True, tag=tag)


def _date_row(context: Context, item: Item) -> Shape:
    if not context.world.switches.on(OCCURRENCES_ARE_THIN):
        return whole_row(context, item)
    deviation = item.occurrence.deviation if item.occurrence else None
    changed = deviation.changes if deviation else {}
    return thin_shape(context, item, (name for one in changed for name in _TOLD_AS.get(one, ())))


def _changed(context: Context, change: Change, position: int, bounds: _Window) -> list[Shape]:
    if change.seen is None:
        return [_gone(context, id_) for id_ in _ids_of_gone(context, change, bounds)]
    rows = _rows(context, change.seen)
    if context.world.switches.on(DELETED_OCCURRENCES_ARE_TOLD):
        rows += [_gone(context, id_) for id_ in _dropped(context, change.seen.appointment, position, bounds)]
    return rows


def _gone(context: Context, id_: str) -> Shape:
    return removed("event", id_)


def _ids_of_gone(context: Context, change: Change, bounds: _Window) -> Iterator[str]:
    """Of the visit that ended. A series that was purged is not there to name its dates."""
    mailbox, form = context.mailbox, context.prefer.id_form
    yield ids.event_id(mailbox, change.number, change.moves, form)
    series = mailbox.appointments.get(change.number)
    if series and series.rule and context.world.switches.on(REMOVED_SERIES_NAMES_ITS_DATES):
        for one in dates(context, series, *bounds):
            yield ids.event_id(mailbox, change.number, change.moves, form, Item(series, one).day)


def _dropped(context: Context, series: Appointment, position: int, bounds: _Window) -> Iterator[str]:
    zone = series.rule.zone if series.rule else "UTC"
    for original, gone in series.gone.items():
        day = to_local(original, zone)
        if gone.version > position and bounds[0].replace(tzinfo=None) <= day < bounds[1].replace(tzinfo=None):
            yield ids.event_id(context.mailbox, series.number, series.moves, context.prefer.id_form, day.date())
