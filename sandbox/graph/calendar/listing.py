"""Lists of events: filtered, sorted and paged by what they show."""

from collections.abc import Iterable
from functools import partial
from typing import Any

from sandbox.graph.calendar.expanding import check_expansions, expand_event
from sandbox.graph.calendar.items import Item
from sandbox.graph.calendar.properties import read_event_property
from sandbox.graph.calendar.shape import event_properties, event_shape
from sandbox.graph.context import Context
from sandbox.graph.errors import bad_request
from sandbox.graph.extensions import extension_shape
from sandbox.graph.filters import Predicate, first_paths, read_filter
from sandbox.graph.odata import Options, read_options
from sandbox.graph.pages import list_answer, page_size
from sandbox.graph.shape import Shape
from sandbox.http import Response
from sandbox.mailboxes.properties import PropertyName

PAGE = 10
_ALSO_SELECTED = frozenset(
    {
        "cancelledOccurrences", "attachments", "extensions", "singleValueExtendedProperties",
        "multiValueExtendedProperties",
    }
)  # fmt: skip
"""What may be selected beside properties; but for the first it is `$expand` that shows them."""
_NOT_FILTERED = {"transactionId"}
_STORED = "@stored"
"""The key under which a row carries the event itself while it is filtered."""


def event_options(context: Context, *, of_one: bool = False) -> Options:
    options = read_options(context.request.args, event_properties(context) | _ALSO_SELECTED)
    if options.search:
        raise bad_request("$search does not work on events.", "ErrorInvalidUrlQuery")
    check_expansions(context, options, of_one=of_one)
    return options


def list_events(context: Context, name: str, items: Iterable[Item]) -> Response:
    options = event_options(context)
    rows = ordered(context, chosen(context, items, options), options)
    page = rows[options.skip : options.skip + page_size(context, options, PAGE)]
    shapes = [whole_shape(context, item, options) for item in page]
    return context.answer(list_answer(context, name, shapes, options, len(rows), options.skip))


def whole_shape(context: Context, item: Item, options: Options) -> Shape:
    shape = event_shape(context, item, options)
    for expansion in options.expand:
        expand_event(context, item, expansion, shape)
    return shape


def chosen(context: Context, items: Iterable[Item], options: Options) -> list[Item]:
    keep = event_filter(context, options.filter)
    if keep is None:
        return list(items)
    return [item for item in items if keep(filterable_event(context, item, options.filter))]


def event_filter(context: Context, text: str) -> Predicate | None:
    if not text:
        return None

    def value(row: Shape, name: PropertyName) -> str | None:
        return read_event_property(row[_STORED], name)

    return read_filter(text, (event_properties(context) - _NOT_FILTERED) | {"extensions"}, value)


def filterable_event(context: Context, item: Item, text: str = "") -> Shape:
    """With the properties that a filter names, whatever their case, or with all."""
    wanted = {path.partition("/")[0].lower() for path in first_paths(text)}
    select = tuple(name for name in event_properties(context) if name.lower() in wanted) if text else None
    named = [{"id": id_} for name in item.details.extensions for id_ in (name, extension_shape(name, {})["id"])]
    return {**event_shape(context, item, Options(select=select)), "extensions": named, _STORED: item}


def ordered(context: Context, items: list[Item], options: Options) -> list[Item]:
    for path, descending in reversed(options.orderby):
        first, *rest = path.split("/")
        column = next((name for name in event_properties(context) if name.lower() == first.lower()), None)
        if column is None:
            raise bad_request(f"There is no property {path} to order by.", "RequestBroker--ParseUri")
        items = sorted(items, key=partial(_place, context, column, rest), reverse=descending)
    return items


def _place(context: Context, column: str, rest: list[str], item: Item) -> str:
    value: Any = event_shape(context, item, Options(select=(column,))).get(column)
    for name in rest:
        value = value.get(name) if isinstance(value, dict) else None
    return str(value or "").lower()
