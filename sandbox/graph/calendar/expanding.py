"""`$expand` of events."""

from sandbox.graph.attachments import attachment_shape
from sandbox.graph.calendar.items import Item, exceptions
from sandbox.graph.calendar.properties import expand_event_properties
from sandbox.graph.calendar.shape import event_shape
from sandbox.graph.calendar.switches import SERIES_TELLS_ITS_DATES
from sandbox.graph.context import Context
from sandbox.graph.errors import bad_request
from sandbox.graph.extended import expansion_names
from sandbox.graph.extensions import expand_extensions
from sandbox.graph.odata import Expansion, Options
from sandbox.graph.shape import Shape

_ALWAYS = {"attachments", "singlevalueextendedproperties", "multivalueextendedproperties", "extensions"}


def check_expansions(context: Context, options: Options, *, of_one: bool) -> None:
    """What a series looks like in detail is told where one series is asked for."""
    telling = of_one and context.world.switches.on(SERIES_TELLS_ITS_DATES)
    for expansion in options.expand:
        name = expansion.name.lower()
        if name not in _ALWAYS and not (telling and name == "exceptionoccurrences"):
            raise bad_request(f"{expansion.name} cannot be expanded.", "RequestBroker--ParseUri")
        if "extendedproperties" in name:
            expansion_names(expansion)
    if options.select and "cancelledOccurrences" in options.select and not telling:
        raise bad_request("cancelledOccurrences is told of one series.", "RequestBroker--ParseUri")


def expand_event(context: Context, item: Item, expansion: Expansion, shape: Shape) -> None:
    name = expansion.name.lower()
    if name == "extensions":
        expand_extensions(item.details.extensions, expansion, shape)
    elif name == "exceptionoccurrences":
        if item.type == "seriesMaster":
            inner = Options(select=expansion.select)
            shape["exceptionOccurrences"] = [event_shape(context, one, inner) for one in exceptions(item.series)]
    elif name == "attachments":
        files = item.details.attachments
        shape["attachments"] = [attachment_shape(context, item.series, one, expansion.select) for one in files]
    else:
        expand_event_properties(item, expansion, shape)
