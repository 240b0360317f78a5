"""Events: list, read, write, remove."""

from collections.abc import Iterator

from sandbox.graph import ids
from sandbox.graph.calendar.items import Item, cancelled_days, find
from sandbox.graph.calendar.listing import chosen, event_options, list_events, whole_shape
from sandbox.graph.calendar.reading import read_event
from sandbox.graph.calendar.shape import event_shape
from sandbox.graph.calendar.writing import create_event, delete_event, update_event
from sandbox.graph.context import Context
from sandbox.graph.errors import item_not_found, standard_headers
from sandbox.graph.messages import check_categories
from sandbox.graph.odata import Options
from sandbox.graph.shape import Shape
from sandbox.graph.stamps import as_written, check_if_match
from sandbox.graph.switches import CHANGE_KEY_MOVES_AFTER_CREATE
from sandbox.http import Response
from sandbox.mailboxes.calendar.model import Appointment, Calendar


def list_all(context: Context) -> Response:
    """Of the default calendar alone, as the documentation has it."""
    return list_events(context, "events", inside(context, context.mailbox.default_calendar))


def list_in(context: Context, calendar: str) -> Response:
    found = ids.find_calendar(context.mailbox, calendar)
    return list_events(context, f"calendars('{calendar}')/events", inside(context, found))


def inside(context: Context, calendar: Calendar) -> Iterator[Item]:
    """Single events and series, no occurrences."""
    return (Item(one) for one in context.store.calendar.inside(context.mailbox, calendar))


def count(context: Context, calendar: str = "") -> Response:
    mailbox = context.mailbox
    where = ids.find_calendar(mailbox, calendar) if calendar else mailbox.default_calendar
    number = len(chosen(context, inside(context, where), event_options(context)))
    return Response(str(number), headers=standard_headers(context.call), content_type="text/plain")


def get(context: Context, event: str, calendar: str = "") -> Response:
    item, options = find_in(context, event, calendar), event_options(context, of_one=True)
    shape = whole_shape(context, item, options)
    if options.select and "cancelledOccurrences" in options.select:
        shape |= _cancelled(context, item)
    if context.world.switches.on(CHANGE_KEY_MOVES_AFTER_CREATE) and item.series.version == item.series.entered:
        context.store.calendar.touch(context.mailbox, item.series, silently=True)
    selected = f"({','.join(options.select)})" if options.select is not None else ""
    body = {"@odata.context": f"{context.metadata}/events{selected}/$entity", **shape}
    return context.answer(body, headers={"ETag": shape["@odata.etag"]})


def _cancelled(context: Context, item: Item) -> Shape:
    if item.type != "seriesMaster":
        return {"cancelledOccurrences": []}
    master = item.id(context.mailbox, context.prefer.id_form)
    return {"cancelledOccurrences": [ids.occurrence_id(master, day) for day in cancelled_days(item.series)]}


def find_in(context: Context, event: str, calendar: str = "") -> Item:
    item = find(context, event)
    if calendar and ids.find_calendar(context.mailbox, calendar).number != item.series.calendar:
        raise item_not_found()
    return item


def full_answer(context: Context, item: Item, status: int, version: int | None = None) -> Response:
    """What a write answers; `version` is the one before it."""
    shape = as_written(context, event_shape(context, item, Options()), version)
    return context.answer({"@odata.context": f"{context.metadata}/events/$entity", **shape}, status)


def create(context: Context, calendar: str = "") -> Response:
    mailbox = context.mailbox
    target = ids.find_calendar(mailbox, calendar) if calendar else mailbox.default_calendar
    body = context.body()
    written = read_event(context, body)
    check_categories(context, body.get("categories") or ())
    again = _created_before(context, written.transaction)
    return full_answer(context, Item(again or create_event(context, written, target)), 201)


def _created_before(context: Context, transaction: str) -> Appointment | None:
    """The same request a second time makes no second event."""
    made = context.mailbox.appointments.values()
    return next((one for one in made if transaction and one.transaction == transaction and one.calendar), None)


def update(context: Context, event: str, calendar: str = "") -> Response:
    item = find_in(context, event, calendar)
    check_if_match(context, item.version)
    before, body = item.version, context.body()
    written = read_event(context, body, item.details, item.series.rule)
    check_categories(context, body.get("categories") or ())
    return full_answer(context, update_event(context, item, written), 200, before)


def delete(context: Context, event: str, calendar: str = "") -> Response:
    item = find_in(context, event, calendar)
    check_if_match(context, item.version)
    delete_event(context, item)
    return context.nothing()
