"""Calendars, and the groups in which Outlook shows them."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from sandbox.graph import ids
from sandbox.graph.calendar.items import find
from sandbox.graph.context import Context
from sandbox.graph.errors import TAKEN, GraphError, bad_request, item_not_found
from sandbox.graph.extended import check_write, expand_properties, expansion_names, read_multi, same_type
from sandbox.graph.filters import read_filter
from sandbox.graph.odata import Options, read_options
from sandbox.graph.pages import list_answer, page_size
from sandbox.graph.shape import Shape
from sandbox.graph.values import one_of, text, truth
from sandbox.http import Response
from sandbox.mailboxes.calendar.model import Calendar
from sandbox.mailboxes.properties import PropertyName

COLORS = (
    "auto", "lightBlue", "lightGreen", "lightOrange", "lightGray", "lightYellow", "lightTeal", "lightPink",
    "lightBrown", "lightRed", "maxColor",
)  # fmt: skip
CALENDAR_PROPERTIES = frozenset(
    {
        "id", "name", "color", "hexColor", "isDefaultCalendar", "changeKey", "canShare", "canViewPrivateItems",
        "canEdit", "allowedOnlineMeetingProviders", "defaultOnlineMeetingProvider", "isTallyingResponses",
        "isRemovable", "owner",
    }
)  # fmt: skip
_READ_ONLY = CALENDAR_PROPERTIES - {"name", "color", "isDefaultCalendar"}
_STAMPS = ("singleValueExtendedProperties", "multiValueExtendedProperties")
_GROUP = "My Calendars"
_GROUP_CLASS = "0006f0b7-0000-0000-c000-000000000046"
"""Of the one group every mailbox has; [MS-OXOCFG] keeps groups apart by such ids."""


def list_calendars(context: Context, group: str = "") -> Response:
    if group:
        _check_group(context, group)
    options = _options(context)
    rows = list(context.mailbox.calendars.values())
    if options.filter:
        keep = read_filter(options.filter, CALENDAR_PROPERTIES)
        rows = [one for one in rows if keep(_shape(context, one, Options()))]
    page = rows[options.skip : options.skip + page_size(context, options, 10)]
    name = f"calendarGroups('{group}')/calendars" if group else "calendars"
    shapes = [_shape(context, one, options) for one in page]
    return context.answer(list_answer(context, name, shapes, options, len(rows), options.skip))


def get_default(context: Context) -> Response:
    return _answer(context, context.mailbox.default_calendar, 200)


def get_calendar(context: Context, calendar: str) -> Response:
    return _answer(context, ids.find_calendar(context.mailbox, calendar), 200)


def get_of_event(context: Context, event: str) -> Response:
    item = find(context, event)
    if item.series.calendar not in context.mailbox.calendars:
        raise item_not_found()
    return _answer(context, context.mailbox.calendars[item.series.calendar], 200)


def create_calendar(context: Context, group: str = "") -> Response:
    if group:
        _check_group(context, group)
    body = _body(context)
    name = _name(context, body)
    made = context.store.calendar.open_calendar(context.mailbox, name, _color(body.get("color", "auto")))
    made.properties = check_write(*(body.get(one) for one in _STAMPS))
    return _answer(context, made, 201)


def update_calendar(context: Context, calendar: str = "") -> Response:
    mailbox = context.mailbox
    found = ids.find_calendar(mailbox, calendar) if calendar else mailbox.default_calendar
    body = _body(context)
    name = _name(context, body, found) if "name" in body else found.name
    color = _color(body["color"]) if "color" in body else found.color
    stamps = check_write(*(body.get(one) for one in _STAMPS))
    make_default = truth("isDefaultCalendar", body.get("isDefaultCalendar", found.is_default))
    if found.is_default and not make_default:
        raise bad_request("Another calendar is made the default one instead.", "ErrorInvalidRequest")
    context.store.calendar.change_calendar(mailbox, found, name=name, color=color, default=make_default)
    merged = {**found.properties, **stamps}
    found.properties = {key: value for key, value in merged.items() if value is not None}
    return _answer(context, found, 200)


def delete_calendar(context: Context, calendar: str) -> Response:
    found = ids.find_calendar(context.mailbox, calendar)
    if found.is_default:
        raise bad_request("The default calendar cannot be deleted.", "ErrorDeleteDistinguishedFolder")
    context.store.calendar.close_calendar(context.mailbox, found)
    return context.nothing()


def list_groups(context: Context) -> Response:
    odata_context = f"{context.metadata}/calendarGroups"
    return context.answer({"@odata.context": odata_context, "value": [_group_shape(context)]})


def get_group(context: Context, group: str) -> Response:
    _check_group(context, group)
    odata_context = f"{context.metadata}/calendarGroups/$entity"
    return context.answer({"@odata.context": odata_context, **_group_shape(context)})


def _check_group(context: Context, group: str) -> None:
    if group != ids.group_id(context.mailbox):
        raise item_not_found()


def _group_shape(context: Context) -> Shape:
    return {
        "id": ids.group_id(context.mailbox),
        "name": _GROUP,
        "classId": _GROUP_CLASS,
        "changeKey": ids.change_key(context.mailbox, 0),
    }


def _body(context: Context) -> dict[str, Any]:
    body = {name: value for name, value in context.body().items() if "@" not in name}
    unknown = set(body) - CALENDAR_PROPERTIES - set(_STAMPS)
    if unknown:
        raise bad_request(f"A calendar has no property {min(unknown)}.", "RequestBodyRead")
    refused = set(body) & _READ_ONLY
    if refused:
        raise bad_request(f"The property {min(refused)} cannot be set.", "ErrorInvalidPropertySet")
    return body


def _name(context: Context, body: dict[str, Any], but: Calendar | None = None) -> str:
    name = text("name", body.get("name"))
    if not name.strip():
        raise bad_request("A calendar needs a name.", "ErrorInvalidRequest")
    others = (one for one in context.mailbox.calendars.values() if one is not but)
    if any(one.name.casefold() == name.casefold() for one in others):
        raise GraphError(409, TAKEN, "A calendar with the specified name already exists.")
    return name


def _color(value: object) -> str:
    return one_of(*COLORS)("color", value)


def _options(context: Context) -> Options:
    options = read_options(context.request.args, CALENDAR_PROPERTIES)
    for expansion in options.expand:
        if not expansion.name.lower().endswith("extendedproperties"):
            raise bad_request(f"{expansion.name} cannot be expanded.", "RequestBroker--ParseUri")
        expansion_names(expansion)
    return options


def _answer(context: Context, calendar: Calendar, status: int) -> Response:
    shape = _shape(context, calendar, _options(context))
    return context.answer({"@odata.context": f"{context.metadata}/calendars/$entity", **shape}, status)


def _shape(context: Context, calendar: Calendar, options: Options) -> Shape:
    mailbox = context.mailbox
    shape: Shape = {
        "id": ids.calendar_id(mailbox, calendar.number),
        "name": calendar.name,
        "color": calendar.color,
        "hexColor": "",
        "isDefaultCalendar": calendar.is_default,
        "changeKey": ids.change_key(mailbox, calendar.version),
        "canShare": True,
        "canViewPrivateItems": True,
        "canEdit": True,
        "allowedOnlineMeetingProviders": ["teamsForBusiness"],
        "defaultOnlineMeetingProvider": "teamsForBusiness",
        "isTallyingResponses": calendar.is_default,
        "isRemovable": not calendar.is_default,
        "owner": {"name": mailbox.name, "address": mailbox.address},
    }
    if options.select is not None:
        shape = {name: value for name, value in shape.items() if name == "id" or name in options.select}
    for expansion in options.expand:
        expand_properties(
            expansion, shape, partial(_stamp, calendar.properties), partial(read_multi, calendar.properties)
        )
    return shape


def _stamp(properties: Mapping[PropertyName, Any], name: PropertyName) -> str | None:
    value = properties.get(same_type(name))
    return None if value is None else str(value)
