"""Our words → what Graph is told of an event. Graph mails whoever is among its attendees then and was not before,
or is not any more: they are written only where a person has said so.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any

from crosstie.domain.calendar import CalendarItem, ShowAs
from crosstie.domain.errors import Fatal
from crosstie.mailboxes.graph.calendar.bodies import body_of
from crosstie.mailboxes.graph.calendar.translate import SHOWN
from crosstie.mailboxes.graph.calendar.zones import local, to_windows
from crosstie.mailboxes.graph.translate import PROPERTIES, Row

KEY = "String {8a4c2f0e-5b1d-4e6f-9c37-2d7b6a1e94f5} Name CrosstieKey"
"""A property of our own with an item's token, which unlike `transactionId` can be searched for."""
_SHOW_AS = {ours: theirs for theirs, ours in SHOWN.items()} | {ShowAs.ELSEWHERE: "workingElsewhere"}
Body = dict[str, Any]


def new_event(item: CalendarItem, token: str) -> Body:
    """Raises Fatal for one with attendees, or a series, which nobody makes here."""
    if item.attendees:
        raise Fatal("GRAPH-INVITES", "an item with attendees")
    if item.rule:
        raise Fatal("GRAPH-SERIES", "an item that repeats")
    body: Body = {"transactionId": token, PROPERTIES: [{"id": KEY, "value": token}]}
    for name in ("subject", "text", "location", "show_as", "sensitivity", "reminder", "categories", "when"):
        body |= _WRITERS[name](item, {})
    return body


def changed_event(item: CalendarItem, fields: frozenset[str], event: Row) -> Body:
    """These fields alone; `event` is what there is, as far as it matters to the text. Raises Fatal for another."""
    check_fields(fields)
    body: Body = {}
    for name in sorted(fields):
        body |= _WRITERS[name](item, event)
    return body


def check_fields(fields: frozenset[str]) -> None:
    if unknown := fields - _WRITERS.keys():
        raise Fatal("GRAPH-FIELD", min(unknown))


def _when(item: CalendarItem, _: Row) -> Body:
    when = item.when
    if isinstance(when.start, datetime) and isinstance(when.end, datetime):
        times = _clocks(when.start, when.end, when.zone)
    else:
        times = {name: _midnight(day, when.zone) for name, day in (("start", when.start), ("end", when.end))}
    return {**times, "isAllDay": when.all_day}


def _clocks(start: datetime, end: datetime, zone: str) -> Body:
    """As clocks in its zone show it; in UTC where a clock there shows one of the moments twice."""
    shown = {"start": local(start, zone), "end": local(end, zone)}
    if None in shown.values():
        zone = "UTC"
        shown = {"start": start.astimezone(UTC), "end": end.astimezone(UTC)}
    return {name: _zoned(f"{clock:%Y-%m-%dT%H:%M:%S}", zone) for name, clock in shown.items()}


def _midnight(day: date, zone: str) -> Body:
    return _zoned(f"{day.isoformat()}T00:00:00", zone)


def _zoned(clock: str, zone: str) -> Body:
    return {"dateTime": clock, "timeZone": to_windows(zone)}


def _reminder(item: CalendarItem, _: Row) -> Body:
    if item.reminder is None:
        return {"isReminderOn": False}
    minutes = max(0, int(item.reminder.total_seconds()) // 60)
    return {"isReminderOn": True, "reminderMinutesBeforeStart": minutes}


def _text(item: CalendarItem, event: Row) -> Body:
    return {"body": body_of(item.text, event)}


def _attendees(item: CalendarItem, _: Row) -> Body:
    """All of them: who is left out is not invited any more. Answers are Graph's own to keep."""
    return {
        "attendees": [
            {
                "emailAddress": {"address": one.address.email, "name": one.address.name or one.address.email},
                "type": one.part.value,
            }
            for one in item.attendees
        ]
    }


_WRITERS: Mapping[str, Callable[[CalendarItem, Row], Body]] = {
    "subject": lambda item, _: {"subject": item.subject},
    "text": _text,
    "location": lambda item, _: {"location": {"displayName": item.location}},
    "show_as": lambda item, _: {"showAs": _SHOW_AS[item.show_as]},
    "sensitivity": lambda item, _: {"sensitivity": item.sensitivity.value},
    "reminder": _reminder,
    "categories": lambda item, _: {"categories": sorted(item.categories)},
    "when": _when,
    "attendees": _attendees,
}
"""By names of CalendarItem."""
