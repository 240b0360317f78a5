"""What clients write into an event: read strictly into changes of what the store keeps."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, Literal, cast, get_args

from sandbox.graph.calendar.recurrence import read_recurrence, series_start
from sandbox.graph.calendar.switches import ODD_ALL_DAY_IS_REFUSED, READ_ONLY_PARTS_ARE_IGNORED
from sandbox.graph.calendar.times import Local, invalid_event, read_local, same_zone
from sandbox.graph.context import Context
from sandbox.graph.errors import bad_request
from sandbox.graph.extended import check_write
from sandbox.graph.extensions import read_extension
from sandbox.graph.values import content, list_of_objects, number, object_of, one_of, person, strings, text, truth
from sandbox.mailboxes.calendar.expand import to_local
from sandbox.mailboxes.calendar.model import (
    Attendee,
    Details,
    Importance,
    Place,
    Role,
    Rule,
    Sensitivity,
    ShowAs,
)
from sandbox.mailboxes.properties import PropertyName

MOST_ATTENDEES = 500
LONGEST = timedelta(days=5 * 365)
_READ_ONLY = {
    "id", "changeKey", "createdDateTime", "lastModifiedDateTime", "iCalUId", "uid", "occurrenceId",
    "bodyPreview", "hasAttachments", "isCancelled", "isOrganizer", "organizer", "onlineMeeting",
    "onlineMeetingUrl", "originalStart", "originalStartTimeZone", "originalEndTimeZone", "responseStatus",
    "seriesMasterId", "type", "webLink", "isDraft", "cancelledOccurrences", "instances", "calendar",
    "exceptionOccurrences",
}  # fmt: skip
_TIMES = {"start", "end", "isAllDay"}
_LOCATION = (
    "displayName", "locationType", "locationEmailAddress", "locationUri", "uniqueId", "uniqueIdType", "address",
    "coordinates",
)  # fmt: skip
_STREET = ("street", "city", "state", "countryOrRegion", "postalCode")
_COORDINATES = ("latitude", "longitude", "accuracy", "altitude", "altitudeAccuracy")
LOCATION_TYPES = (
    "default", "conferenceRoom", "homeAddress", "businessAddress", "geoCoordinates", "streetAddress", "hotel",
    "restaurant", "localBusiness", "postalAddress",
)  # fmt: skip
PROVIDERS = ("unknown", "skypeForBusiness", "skypeForConsumer", "teamsForBusiness")
Changes = dict[str, Any]


@dataclass(slots=True)
class Written:
    changes: Changes = field(default_factory=dict)
    """Fields of what the store keeps of an event → values."""
    rule: Rule | Literal["kept"] | None = "kept"
    transaction: str = ""
    online: bool = False
    """An online meeting is asked for."""
    properties: dict[PropertyName, Any] = field(default_factory=dict)
    attachments: list[dict[str, Any]] = field(default_factory=list)
    extensions: dict[str, dict[str, Any]] = field(default_factory=dict)
    names: frozenset[str] = frozenset()


def read_event(context: Context, body: Changes, base: Details | None = None, rule: Rule | None = None) -> Written:
    """`base` and `rule` are what is there already. Raises 400 for the first part that Graph would not take."""
    written = Written(names=frozenset(name for name in body if "@" not in name))
    for name in sorted(written.names - _TIMES - {"recurrence"}):
        _read_part(context, written, name, body[name], new=base is None)
    if "attendees" in written.changes and base is not None:
        written.changes["attendees"] = _with_answers(written.changes["attendees"], base.attendees)
    if base is None or written.names & (_TIMES | {"recurrence"}):
        _read_times(context, written, body, base, rule)
    written.properties = check_write(
        body.get("singleValueExtendedProperties"), body.get("multiValueExtendedProperties")
    )
    return written


def _read_part(context: Context, written: Written, name: str, value: Any, *, new: bool) -> None:
    if name in _READERS:
        written.changes |= _READERS[name](name, value)
    elif name == "transactionId" and new:
        written.transaction = text(name, value)
    elif name == "isOnlineMeeting":
        written.online = _truth_or_word(name, value)
    elif name == "onlineMeetingProvider":
        one_of(*PROVIDERS)(name, value)
    elif name == "attachments":
        written.attachments = list_of_objects(name, value)
    elif name == "extensions":
        written.extensions = dict(read_extension(one) for one in list_of_objects(name, value))
    elif name in _READ_ONLY or name == "transactionId":
        if not context.world.switches.on(READ_ONLY_PARTS_ARE_IGNORED):
            raise bad_request(f"The property {name} cannot be set.", "ErrorInvalidPropertySet")
    elif name not in ("singleValueExtendedProperties", "multiValueExtendedProperties"):
        raise bad_request(f"An event has no property {name}.", "RequestBodyRead")


def _truth_or_word(name: str, value: Any) -> bool:
    """Clients in wide use write this one as a word, and it is taken."""
    return truth(name, {"true": True, "false": False}.get(value, value) if isinstance(value, str) else value)


# When it is


def _read_times(
    context: Context, written: Written, body: Changes, base: Details | None, rule: Rule | None
) -> None:
    whole = truth("isAllDay", body["isAllDay"]) if "isAllDay" in body else bool(base and base.all_day)
    start, end = (_local(name, body, base) for name in ("start", "end"))
    if base:
        start, end = _named_as(start, base.start_zone), _named_as(end, base.end_zone)
    _check_zone_of_series(body, start, rule)
    if body.get("recurrence") is not None and series_start(body["recurrence"]) != start.clock.date():
        raise invalid_event("The series does not start on the day of its event.")
    written.changes |= {"start_zone": start.zone, "end_zone": end.zone}
    written.changes |= _whole_days(context, start, end) if whole else _hours(start, end)
    if "recurrence" in body:
        known = rule.zone if rule and same_zone(rule.zone, start.zone) else start.zone
        written.rule = read_recurrence(body["recurrence"], known)


def _named_as(local: Local, zone: str) -> Local:
    """The same zone under its other name is no change."""
    return replace(local, zone=zone) if same_zone(local.zone, zone) else local


def _local(name: str, body: Changes, base: Details | None) -> Local:
    if body.get(name) is not None:
        return read_local(name, body[name])
    if base is None:
        raise invalid_event(f"{name} is missing.")
    moment, zone = (base.start, base.start_zone) if name == "start" else (base.end, base.end_zone)
    return Local(to_local(moment, zone), zone)


def _check_zone_of_series(body: Changes, start: Local, rule: Rule | None) -> None:
    """A series moves to another zone only together with its recurrence."""
    if rule and "recurrence" not in body and not same_zone(start.zone, rule.zone):
        raise invalid_event("The zone of a series is changed with its recurrence.")


def _hours(start: Local, end: Local) -> Changes:
    begins, ends = start.moment, end.moment
    if ends < begins:
        raise invalid_event("The event ends before it starts.")
    if ends - begins > LONGEST:
        raise bad_request("The event is longer than five years.", "ErrorCalendarDurationIsTooLong")
    return {"start": begins, "end": ends}


def _whole_days(context: Context, start: Local, end: Local) -> Changes:
    """Midnight to midnight in one zone, the last one not included; or widened to that."""
    even = start.at_midnight and end.at_midnight and same_zone(start.zone, end.zone)
    first, last = start.clock.date(), end.clock.date()
    if context.world.switches.on(ODD_ALL_DAY_IS_REFUSED):
        if not even or last <= first:
            raise invalid_event("An all-day event lasts from midnight to midnight in one zone.")
    else:
        last = max(last + timedelta(days=not end.at_midnight), first + timedelta(days=1))
    return {"start": first, "end": last}


# What it is


def _place(name: str, value: Any) -> Place | None:
    """None for a location that says nothing."""
    parts = object_of(name, value, *_LOCATION)
    street = object_of(f"{name}.address", parts.get("address") or {}, *_STREET)
    spot = object_of(f"{name}.coordinates", parts.get("coordinates") or {}, *_COORDINATES)
    place = Place(
        name=text(f"{name}.displayName", parts.get("displayName")),
        kind=one_of(*LOCATION_TYPES)(f"{name}.locationType", parts.get("locationType") or "default"),
        address=text(f"{name}.locationEmailAddress", parts.get("locationEmailAddress")),
        uri=text(f"{name}.locationUri", parts.get("locationUri")),
        street={key: text(key, street[key]) for key in _STREET if street.get(key)},
        coordinates={key: _degrees(key, spot[key]) for key in _COORDINATES if spot.get(key) is not None},
    )
    return None if place == Place("", kind=place.kind) else place


def _degrees(name: str, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise bad_request(f"The value of {name} has the wrong type.", "RequestBodyRead")
    return float(value)


def _location(name: str, value: Any) -> Changes:
    place = None if value is None else _place(name, value)
    return {"places": (place,) if place else ()}


def _locations(name: str, value: Any) -> Changes:
    """Stands after `location` in the alphabet, and so has the last word."""
    places = (_place(name, one) for one in list_of_objects(name, value or []))
    return {"places": tuple(place for place in places if place)}


def _attendees(name: str, value: Any) -> Changes:
    """Their answers are their own: what is written of them is passed over."""
    rows = list_of_objects(name, value or [])
    if len(rows) > MOST_ATTENDEES:
        raise bad_request(f"An event has at most {MOST_ATTENDEES} attendees.", "ErrorInvalidRecipients")
    found: dict[str, Attendee] = {}
    for row in rows:
        parts = object_of(name, row, "emailAddress", "type", "status", "proposedNewTime")
        who = person(name, parts)
        if "@" not in who.address:
            raise bad_request(f"The attendee '{who.address}' is not valid.", "ErrorInvalidRecipients")
        role = one_of(*get_args(Role))(f"{name}.type", parts.get("type") or "required")
        found.setdefault(who.address.lower(), Attendee(who, cast(Role, role)))
    return {"attendees": tuple(found.values())}


def _with_answers(wanted: tuple[Attendee, ...], before: tuple[Attendee, ...]) -> tuple[Attendee, ...]:
    """Who stays keeps the answer they gave."""
    known = {one.person.address.lower(): one for one in before}
    return tuple(
        Attendee(one.person, one.role, old.answer, old.proposed)
        if (old := known.get(one.person.address.lower()))
        else one
        for one in wanted
    )


def _minutes(name: str, value: Any) -> Changes:
    if number(name, value) < 0:
        raise invalid_event(f"{name} must not be negative.")
    return {"reminder": value}


_show_as, _sensitivity = one_of(*get_args(ShowAs)), one_of(*get_args(Sensitivity))
_importance = one_of(*get_args(Importance))
_READERS: dict[str, Callable[[str, Any], Changes]] = {
    "subject": lambda n, v: {"subject": text(n, v)},
    "body": lambda n, v: content(n, v or {}),
    "location": _location,
    "locations": _locations,
    "attendees": _attendees,
    "showAs": lambda n, v: {"show_as": _show_as(n, v)},
    "sensitivity": lambda n, v: {"sensitivity": _sensitivity(n, v)},
    "importance": lambda n, v: {"importance": _importance(n, v)},
    "reminderMinutesBeforeStart": _minutes,
    "isReminderOn": lambda n, v: {"reminds": truth(n, v)},
    "categories": lambda n, v: {"categories": tuple(strings(n, v))},
    "responseRequested": lambda n, v: {"wants_answers": truth(n, v)},
    "allowNewTimeProposals": lambda n, v: {"takes_proposals": truth(n, v)},
    "hideAttendees": lambda n, v: {"hides_attendees": truth(n, v)},
}
