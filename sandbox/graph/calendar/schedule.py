"""`getSchedule`: when people are free, as far as each may see of the other."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sandbox.graph import ids
from sandbox.graph.calendar.answers import parameters
from sandbox.graph.calendar.items import Item
from sandbox.graph.calendar.times import read_local, zoned
from sandbox.graph.calendar.views import dates_of
from sandbox.graph.context import Context
from sandbox.graph.errors import bad_request
from sandbox.graph.settings import working_hours
from sandbox.graph.shape import Shape
from sandbox.graph.values import number, strings
from sandbox.http import Response
from sandbox.mailboxes import Mailbox
from sandbox.mailboxes.calendar.expand import overlaps, span
from sandbox.mailboxes.calendar.view import window

MOST_SCHEDULES, LONGEST = 20, timedelta(days=62)
SHORTEST_SLOT, LONGEST_SLOT, USUAL_SLOT = 5, 1440, 30
"""Minutes."""
_MARKS = {"free": "0", "tentative": "1", "busy": "2", "oof": "3", "workingElsewhere": "4", "unknown": "2"}
_WORST = "32140"
"""What counts when several things are at one time."""


@dataclass(frozen=True, slots=True)
class _Asked:
    start: datetime
    end: datetime
    slot: timedelta


def get_schedule(context: Context, calendar: str = "") -> Response:
    if calendar:
        ids.find_calendar(context.mailbox, calendar)
    body = parameters(context, "schedules", "starttime", "endtime", "availabilityviewinterval")
    people = strings("Schedules", body.get("schedules"))
    if not 0 < len(people) <= MOST_SCHEDULES:
        raise bad_request(f"From 1 to {MOST_SCHEDULES} schedules are asked for.", "ErrorInvalidParameter")
    start, end = (read_local(name, body.get(name.lower())).moment for name in ("StartTime", "EndTime"))
    minutes = number("AvailabilityViewInterval", body.get("availabilityviewinterval", USUAL_SLOT))
    if end <= start or not SHORTEST_SLOT <= minutes <= LONGEST_SLOT:
        raise bad_request("The time or its slots are not from 5 to 1440 minutes.", "ErrorInvalidParameter")
    if end - start > LONGEST:
        raise bad_request(f"The time is longer than {LONGEST.days} days.", "ErrorTimeIntervalTooBig")
    asked = _Asked(start, end, timedelta(minutes=minutes))
    rows = [_schedule(context, address, asked) for address in people]
    collection = "Collection(microsoft.graph.scheduleInformation)"
    return context.answer({"@odata.context": f"{context.root}/$metadata#{collection}", "value": rows})


def _schedule(context: Context, address: str, asked: _Asked) -> Shape:
    """Nobody's and a stranger's are told apart by nothing."""
    mailbox = context.store.mailbox(address)
    tenant = context.world.microsoft.tenant_of(context.mailbox.address)
    if mailbox is None or not mailbox.licensed or context.world.microsoft.tenant_of(mailbox.address) != tenant:
        error = {"message": "Proxy web request failed.", "responseCode": "5016"}
        return {"scheduleId": address, "availabilityView": "", "error": error}
    items = list(_items(mailbox, asked))
    return {
        "scheduleId": address,
        "availabilityView": _view(items, asked),
        "scheduleItems": [_shape(context, mailbox, one) for one in items],
        "workingHours": working_hours(mailbox),
    }


def _items(mailbox: Mailbox, asked: _Asked) -> Iterator[Item]:
    seen = window(mailbox, mailbox.default_calendar, asked.start, asked.end)
    items = [item for one in seen for item in dates_of(one) if not item.details.cancelled]
    yield from sorted(items, key=lambda item: span(item.details))


def _view(items: list[Item], asked: _Asked) -> str:
    marks = ""
    start = asked.start
    while start < asked.end:
        end = min(start + asked.slot, asked.end)
        here = {_MARKS[one.details.show_as] for one in items if overlaps(one.details, start, end)}
        marks += next((mark for mark in _WORST if mark in here), "0")
        start = end
    return marks


def _shape(context: Context, mailbox: Mailbox, item: Item) -> Shape:
    """Of another's no more than when and how busy."""
    details = item.details
    shape: dict[str, Any] = {"status": details.show_as}
    if mailbox is context.mailbox:
        place = details.places[0].name if details.places else ""
        secret = details.sensitivity != "normal"
        shape |= {"isPrivate": secret, "subject": details.subject, "location": place}
    for name, moment, zone in (
        ("start", details.start, details.start_zone),
        ("end", details.end, details.end_zone),
    ):
        shape[name] = zoned(context, moment, zone)
    return shape
