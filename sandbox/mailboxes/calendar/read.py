"""iCalendar (RFC 5545) into what a mailbox keeps. What it cannot keep is refused by name."""

import base64
import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sandbox.mailboxes.calendar.expand import span
from sandbox.mailboxes.calendar.model import (
    Answer,
    Attendee,
    Details,
    Importance,
    Moment,
    OnlineMeeting,
    Place,
    Response,
    Role,
    Rule,
    Sensitivity,
    ShowAs,
)
from sandbox.mailboxes.calendar.problems import NotRepresentable
from sandbox.mailboxes.calendar.rules import rule_from
from sandbox.mailboxes.calendar.times import Reader, span_of
from sandbox.mailboxes.calendar.vtimezone import Zones
from sandbox.mailboxes.calendar.write import GOOGLES, ONLINE
from sandbox.mailboxes.ics import Component, Line, NotACalendar, NoTime, duration, parse_calendars, unescape
from sandbox.mailboxes.model import Attachment, Person

_SENSITIVITY: dict[str, Sensitivity] = {"PRIVATE": "private", "CONFIDENTIAL": "confidential"}
_ANSWERS: dict[str, Response] = {
    "ACCEPTED": "accepted",
    "DECLINED": "declined",
    "TENTATIVE": "tentativelyAccepted",
}
_BUSY: dict[str, ShowAs] = {
    "FREE": "free",
    "TENTATIVE": "tentative",
    "BUSY": "busy",
    "OOF": "oof",
    "WORKINGELSEWHERE": "workingElsewhere",
}
_COMMA = re.compile(r"(?<!\\),")


@dataclass(frozen=True, slots=True)
class Event:
    """One VEVENT. Without a UID it belongs to no other."""

    uid: str
    details: Details
    rule: Rule | None
    extra: tuple[Moment, ...]
    gone: tuple[Moment, ...]
    original: Moment | None
    """Of a changed occurrence: its start by the rule."""
    organizer: Person | None
    sequence: int
    comment: str


@dataclass(frozen=True, slots=True)
class Brought:
    """One appointment, with all that belongs to it."""

    uid: str
    master: Event | None
    """Missing when only single occurrences of a series were brought."""
    parts: tuple[Event, ...]

    @property
    def events(self) -> tuple[Event, ...]:
        return ((self.master,) if self.master else ()) + self.parts


def read_calendars(raw: bytes, reader: Reader) -> list[Brought]:
    """The events of a file.

    Raises NotACalendar, and NotRepresentable with the event's UID in its sentence.
    """
    groups: dict[str, list[Event]] = {}
    for calendar in parse_calendars(raw.decode("utf-8-sig", "replace")):
        for event in read_events(calendar, reader):
            groups.setdefault(event.uid or f"\0{len(groups)}", []).append(event)
    if not groups:
        raise NotACalendar("there is no VEVENT in it")
    return [one for events in groups.values() for one in together(events, every=reader.opened is not None)]


def together(events: list[Event], *, every: bool) -> list[Brought]:
    """Of several masters the last one counts, unless `every` event becomes an appointment of its own ([MS-OXCICAL]
    2.1.3.1.1.20).
    """
    masters = [one for one in events if one.original is None]
    parts = {one.original: one for one in events if one.original is not None}
    uid, belonging = events[0].uid, tuple(parts.values())
    others = [Brought(uid, one, ()) for one in masters[:-1]] if every else []
    return [*others, Brought(uid, masters[-1] if masters else None, belonging)]


def read_events(calendar: Component, reader: Reader) -> Iterator[Event]:
    zones = Zones(calendar, reader.zone, passed_over=reader.opened is not None)
    for component in calendar.children:
        if component.name == "VEVENT":
            yield _event(component, zones, reader)


def _event(component: Component, zones: Zones, reader: Reader) -> Event:
    uid = component.value("UID").strip()
    if not uid and reader.opened is None:
        raise NotACalendar("an event has no UID")
    name = f"event {uid}" if uid else "an event without a UID"
    try:
        return _read(uid, component, zones, reader)
    except NotRepresentable as cannot:
        raise NotRepresentable(f"{name} has what no mailbox keeps: {cannot}") from cannot
    except NotACalendar as broken:
        raise NotACalendar(f"{name} has a time that cannot be read: {broken}") from broken
    except (OverflowError, ValueError) as odd:
        raise NotACalendar(f"{name} has a DTSTART or DTEND that can not be") from odd


def _read(uid: str, component: Component, zones: Zones, reader: Reader) -> Event:
    _refuse_unkept(component, reader)
    details = _details(component, zones, reader)
    text = component.value("RRULE")
    if text:
        zones.refuse_unknown(component.line("DTSTART"))
    skips = reader.home == "google"
    rule = rule_from(text, details.start, details.start_zone, skips=skips) if text else None
    line, sequence = component.line("RECURRENCE-ID"), component.value("SEQUENCE").strip()
    return Event(
        uid,
        details,
        rule,
        tuple(_moments(component, "RDATE", zones)),
        tuple(_moments(component, "EXDATE", zones)),
        None if line is None else zones.moment(line)[0],
        _organizer(component),
        int(sequence) if sequence.isdecimal() else 0,
        unescape(component.value("COMMENT")),
    )


def _refuse_unkept(component: Component, reader: Reader) -> None:
    if component.line("EXRULE"):
        raise NotRepresentable("EXRULE")
    if len(component.lines_of("RRULE")) > 1:
        raise NotRepresentable("a second RRULE")
    if not reader.periods and any(map(_has_periods, component.lines_of("RDATE"))):
        raise NotRepresentable("RDATE with a period")
    line = component.line("RECURRENCE-ID")
    if line and line.parameters.get("RANGE", ""):
        raise NotRepresentable(f"RECURRENCE-ID with RANGE={line.parameters['RANGE']}")


def _has_periods(line: Line) -> bool:
    return line.parameters.get("VALUE", "").upper() == "PERIOD"


def _moments(component: Component, name: str, zones: Zones) -> Iterator[Moment]:
    for line in component.lines_of(name):
        if _has_periods(line):
            continue
        for value in filter(None, line.value.split(",")):
            yield zones.moment(replace(line, value=value))[0]


def _details(component: Component, zones: Zones, reader: Reader) -> Details:
    when = span_of(component, zones, reader)
    details = Details(
        subject=unescape(component.value("SUMMARY")),
        text=_text(component),
        html=_html(component),
        start=when.start,
        end=when.end,
        start_zone=when.start_zone,
        end_zone=when.end_zone,
        places=tuple(_places(component)),
        show_as=_show_as(component),
        sensitivity=_SENSITIVITY.get(component.value("CLASS").strip().upper(), "normal"),
        importance=_importance(component),
        categories=tuple(dict.fromkeys(_categories(component))),
        attendees=tuple(_attendees(component)),
        cancelled=component.value("STATUS").strip().upper() == "CANCELLED",
        attachments=tuple(_attachments(component)),
        online=_online(component),
        wants_answers=not any(_says_no(line) for line in component.lines_of("ATTENDEE")),
        takes_proposals=component.value("X-MICROSOFT-DISALLOW-COUNTER").strip().upper() != "TRUE",
    )
    if span(details)[1] < span(details)[0]:
        raise NotACalendar("DTEND is before DTSTART")
    return _with_reminder(details, component, zones)


def _text(component: Component) -> str | None:
    return unescape(component.value("DESCRIPTION")) if component.line("DESCRIPTION") else None


def _html(component: Component) -> str | None:
    for line in component.lines_of("X-ALT-DESC"):
        if line.parameters.get("FMTTYPE", "").lower() == "text/html":
            return unescape(line.value)
    return None


def _places(component: Component) -> Iterator[Place]:
    for line in component.lines_of("LOCATION"):
        if line.value.strip():
            yield Place(unescape(line.value).strip())


def _show_as(component: Component) -> ShowAs:
    named = _BUSY.get(component.value("X-MICROSOFT-CDO-BUSYSTATUS").strip().upper())
    if named:
        return named
    if component.value("TRANSP").strip().upper() == "TRANSPARENT":
        return "free"
    return "tentative" if component.value("STATUS").strip().upper() == "TENTATIVE" else "busy"


def _importance(component: Component) -> Importance:
    number = component.value("PRIORITY").strip()
    if number in ("1", "2", "3", "4"):
        return "high"
    return "low" if number in ("6", "7", "8", "9") else "normal"


def _categories(component: Component) -> Iterator[str]:
    for line in component.lines_of("CATEGORIES"):
        yield from filter(None, (unescape(one).strip() for one in _COMMA.split(line.value)))


def _person(line: Line) -> Person:
    address = re.sub(r"(?i)^\s*mailto:", "", line.value).strip()
    return Person(address, line.parameters.get("CN", ""))


def _organizer(component: Component) -> Person | None:
    line = component.line("ORGANIZER")
    return _person(line) if line and "@" in line.value else None


def _attendees(component: Component) -> Iterator[Attendee]:
    organizer = _organizer(component)
    for line in component.lines_of("ATTENDEE"):
        person = _person(line)
        if organizer and person.address.lower() == organizer.address.lower():
            continue
        response = _ANSWERS.get(line.parameters.get("PARTSTAT", "").upper(), "none")
        yield Attendee(person, _role(line), Answer(response))


def _says_no(line: Line) -> bool:
    return line.parameters.get("RSVP", "").upper() == "FALSE"


def _online(component: Component) -> OnlineMeeting | None:
    for provider, name in (*ONLINE.items(), ("google", GOOGLES)):
        if component.line(name):
            return OnlineMeeting(provider, component.value(name).strip())
    return None


def _role(line: Line) -> Role:
    if line.parameters.get("CUTYPE", "").upper() in ("ROOM", "RESOURCE"):
        return "resource"
    role = line.parameters.get("ROLE", "").upper()
    return {"OPT-PARTICIPANT": "optional", "NON-PARTICIPANT": "resource"}.get(role, "required")  # type: ignore[return-value]


def _attachments(component: Component) -> Iterator[Attachment]:
    for number, line in enumerate(component.lines_of("ATTACH"), 1):
        name = line.parameters.get("FILENAME") or line.parameters.get("X-FILENAME") or f"ATT{number:05d}"
        kind = line.parameters.get("FMTTYPE", "application/octet-stream")
        if line.parameters.get("ENCODING", "").upper() == "BASE64":
            try:
                content = base64.b64decode(line.value, validate=True)
            except binascii.Error:
                raise NotRepresentable("ATTACH that is no base64") from None
            yield Attachment(number, name, kind, content)
        else:
            yield Attachment(number, name, kind, b"", kind="reference", location=line.value.strip())


def _with_reminder(details: Details, component: Component, zones: Zones) -> Details:
    """The first alarm, in minutes before the start; later ones are not kept by any mailbox."""
    for alarm in component.children:
        line = alarm.line("TRIGGER") if alarm.name == "VALARM" else None
        before = _before(line, details, zones) if line else None
        if before is not None:
            return replace(details, reminds=True, reminder=max(0, int(before.total_seconds()) // 60))
    return replace(details, reminds=False)


def _before(line: Line, details: Details, zones: Zones) -> timedelta | None:
    start, end = span(details)
    length = duration(line.value)
    if length is not None:
        return start - (end if line.parameters.get("RELATED", "").upper() == "END" else start) - length
    try:
        moment: Any = zones.moment(line)[0]
    except NoTime:
        return None
    return start - moment if isinstance(moment, datetime) else None
