"""Extended properties of events: those Exchange derives, and those that clients stamp on them."""

import base64
from collections.abc import Callable
from functools import partial
from typing import Any

from sandbox.graph.calendar.items import Item
from sandbox.graph.calendar.shape import modified
from sandbox.graph.extended import expand_properties, read_multi, same_type
from sandbox.graph.odata import Expansion
from sandbox.mailboxes.calendar.uids import global_id
from sandbox.mailboxes.properties import PropertyName

_MEETING = "6ed8da90-450b-101b-98da-00aa003f1305"
_APPOINTMENT = "00062002-0000-0000-c000-000000000046"
_BUSY = {"free": 0, "tentative": 1, "busy": 2, "oof": 3, "workingElsewhere": 4}
_PRIORITY = {"low": 0, "normal": 1, "high": 2}
_SENSITIVITY = {"normal": 0, "personal": 1, "private": 2, "confidential": 3}


def _global_id(item: Item) -> str:
    return base64.b64encode(global_id(item.series.uid, item.day)).decode()


def _clean_id(item: Item) -> str:
    return base64.b64encode(global_id(item.series.uid)).decode()


_DERIVED: dict[PropertyName, Callable[[Item], Any]] = {
    PropertyName("String", 0x001A): lambda _: "IPM.Appointment",
    PropertyName("String", 0x0037): lambda i: i.details.subject,
    PropertyName("Integer", 0x0017): lambda i: _PRIORITY[i.details.importance],
    PropertyName("Integer", 0x0036): lambda i: _SENSITIVITY[i.details.sensitivity],
    PropertyName("SystemTime", 0x3007): lambda i: f"{i.series.created:%Y-%m-%dT%H:%M:%SZ}",
    PropertyName("SystemTime", 0x3008): lambda i: f"{modified(i):%Y-%m-%dT%H:%M:%SZ}",
    PropertyName("Binary", 0x3, _MEETING): _global_id,
    PropertyName("Binary", 0x23, _MEETING): _clean_id,
    PropertyName("Integer", 0x8205, _APPOINTMENT): lambda i: _BUSY.get(i.details.show_as, 2),
}
"""Types, sets and numbers by [MS-OXPROPS]."""


def read_event_property(item: Item, name: PropertyName) -> str | None:
    """The value as Graph spells it, always a string; None when the event has no such property."""
    name = same_type(name)
    value = _DERIVED[name](item) if name in _DERIVED else item.details.properties.get(name)
    return None if value is None else str(value)


def expand_event_properties(item: Item, expansion: Expansion, shape: dict[str, Any]) -> None:
    single, multi = partial(read_event_property, item), partial(read_multi, item.details.properties)
    expand_properties(expansion, shape, single, multi)
