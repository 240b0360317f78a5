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
from sandbox.mailboxes.calendar.vtimezone import LAST_YEAR, Zones
from sandbox.mailboxes.calendar.write import GOOGLES, ONLINE
from sandbox.mailboxes.ics import Component, Line, NotACalendar, duration, parse_calendars, unescape
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
    """One VEVENT."""

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
    """All of one UID."""

    uid: str
    master: Event | None
    """Missing when only single occurrences of a series were brought."""
    parts: tuple[Event, ...]

    @property
    def events(self) -> tuple[Event, ...]:
        return ((self.master,) if self.master else ()) + self.parts


def read_calendars(raw: bytes, zone: str, *, skips: bool = False) -> list[Brought]:
    """The events of a file. `zone` is that of times without one; `skips` as a rule's.

    Raises NotACalendar, and NotRepresentable with the event's UID in its sentence.
    """
    groups: dict[str, list[Event]] = {}
    for calendar in parse_calendars(raw.decode("utf-8-sig", "replace")):
        for event in read_events(calendar, zone, skips=skips):
            groups.setdefault(event.uid, []).append(event)
    if not groups:
        raise NotACalendar("there is no event in it")
    return [together(events) for events in groups.values()]


def together(events: list[Event]) -> Brought:
    """Of two masters the later one counts."""
    masters = [one for one in events if one.original is None]
    parts = {one.original: one for one in events if one.original is not None}
    return Brought(events[0].uid, masters[-1] if masters else None, tuple(parts.values()))


def read_events(calendar: Component, zone: str, *, skips: bool) -> Iterator[Event]:
    zones = Zones(calendar, zone)
    for component in calendar.children:
        if component.name == "VEVENT":
            yield _event(component, zones, skips)


def _event(component: Component, zones: Zones, skips: bool) -> Event:
    uid = component.value("UID").strip()
    if not uid:
        raise NotACalendar("an event has no UID")
    try:
        return _read(uid, component, zones, skips)
    except NotRepresentable as cannot:
        raise NotRepresentable(f"event {uid} has what no mailbox keeps: {cannot}") from cannot
    except (OverflowError, ValueError) as odd:
        if isinstance(odd, NotACalendar):
            raise
        raise NotACalendar(f"event {uid} has a time that can not be") from odd


def _read(uid: str, component: Component, zones: Zones, skips: bool) -> Event:
    _refuse_unkept(component)
    details = _details(uid, component, zones)
    text = component.value("RRULE")
    if text:
        zones.refuse_unknown(component.line("DTSTART"))
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


def _refuse_unkept(component: Component) -> None:
    if component.line("EXRULE"):
        raise NotRepresentable("EXRULE")
    if len(component.lines_of("RRULE")) > 1:
        raise NotRepresentable("a second RRULE")
    if any(line.parameters.get("VALUE", "").upper() == "PERIOD" for line in component.lines_of("RDATE")):
        raise NotRepresentable("RDATE with a period")
    line = component.line("RECURRENCE-ID")
    if line and line.parameters.get("RANGE", ""):
        raise NotRepresentable(f"RECURRENCE-ID with RANGE={line.parameters['RANGE']}")


def _moments(component: Component, name: str, zones: Zones) -> Iterator[Moment]:
    for line in component.lines_of(name):
        for value in filter(None, line.value.split(",")):
            yield zones.moment(replace(line, value=value))[0]


def _details(uid: str, component: Component, zones: Zones) -> Details:
    start_line, end_line = component.line("DTSTART"), component.line("DTEND")
    if start_line is None:
        raise NotACalendar(f"event {uid} has no start that can be read")
    try:
        start, start_zone = zones.moment(start_line)
        end, end_zone = zones.moment(end_line) if end_line else (_end(component, start), start_zone)
    except NotACalendar as broken:
        raise NotACalendar(f"event {uid} has no start that can be read: {broken}") from broken
    if isinstance(start, datetime) != isinstance(end, datetime):
        raise NotACalendar(f"event {uid} has a day at one end and an hour at the other")
    if not isinstance(start, datetime) and start == end:
        end = start + timedelta(days=1)
    details = Details(
        subject=unescape(component.value("SUMMARY")),
        text=_text(component),
        html=_html(component),
        start=start,
        end=end,
        start_zone=start_zone,
        end_zone=end_zone,
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
        raise NotACalendar(f"event {uid} ends before it begins")
    if details.end.year > LAST_YEAR:
        raise NotACalendar(f"event {uid} ends after all calendars")
    return _with_reminder(details, component, zones)


def _end(component: Component, start: Moment) -> Moment:
    length = duration(component.value("DURATION"))
    if length is not None:
        return start + length
    return start if isinstance(start, datetime) else start + timedelta(days=1)


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
    moment: Any = zones.moment(line)[0]
    return start - moment if isinstance(moment, datetime) else None
