"""What a mailbox keeps as iCalendar (RFC 5545), for the mails that meetings are made of (RFC 5546)."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Literal, TypeAlias

from sandbox.mailboxes.calendar.expand import to_local
from sandbox.mailboxes.calendar.model import Appointment, Attendee, Details, Moment
from sandbox.mailboxes.calendar.rules import text_of
from sandbox.mailboxes.calendar.vtimezone import written
from sandbox.mailboxes.model import Person
from sandbox.mailboxes.text import html_to_text
from sandbox.mailboxes.zones import to_iana

Method: TypeAlias = Literal["REQUEST", "CANCEL", "REPLY", "COUNTER"]
_PARTSTAT = {"accepted": "ACCEPTED", "declined": "DECLINED", "tentativelyAccepted": "TENTATIVE"}
_ROLE = {"required": "REQ-PARTICIPANT", "optional": "OPT-PARTICIPANT", "resource": "NON-PARTICIPANT"}
_BUSY = {"free": "FREE", "tentative": "TENTATIVE", "oof": "OOF", "workingElsewhere": "WORKINGELSEWHERE"}
_PRIORITY = {"high": 1, "normal": 5, "low": 9}
GOOGLES = "X-GOOGLE-CONFERENCE"
ONLINE = {
    "teamsForBusiness": "X-MICROSOFT-SKYPETEAMSMEETINGURL",
    "skypeForBusiness": "X-MICROSOFT-ONLINEMEETINGCONFLINK",
}
"""Where the address of an online meeting stands, by its provider."""
_FORM = "%Y%m%dT%H%M%S"


def calendar_text(method: Method, events: Sequence[Sequence[str]], zones: Sequence[tuple[str, int]]) -> str:
    """`zones`: names and the year whose rules are told."""
    lines = ["BEGIN:VCALENDAR", f"METHOD:{method}", "PRODID:-//Sandbox//Calendar//EN", "VERSION:2.0"]
    for name, year in dict(zones).items():
        if not _is_utc(name):
            lines += written(name, year)
    for event in events:
        lines += event
    return "".join(f"{_folded(line)}\r\n" for line in [*lines, "END:VCALENDAR"])


def event_lines(
    appointment: Appointment,
    details: Details,
    now: datetime,
    *,
    method: Method,
    original: Moment | None = None,
    attendees: Sequence[Attendee] | None = None,
    comment: str = "",
) -> list[str]:
    """A VEVENT: of the whole appointment, or of its occurrence that starts at `original` by the rule."""
    zone = details.start_zone
    lines = ["BEGIN:VEVENT", f"UID:{appointment.uid}", f"SEQUENCE:{appointment.sequence}"]
    lines += [f"DTSTAMP:{now.strftime(_FORM)}Z", _time("DTSTART", details.start, zone)]
    lines.append(_time("DTEND", details.end, details.end_zone))
    if original is not None:
        lines.append(_time("RECURRENCE-ID", original, appointment.details.start_zone))
    elif appointment.rule:
        lines += _repetition(appointment, zone)
    lines += [f"SUMMARY:{_escaped(details.subject)}", _organizer(appointment.organizer)]
    lines += [_attendee(one, details.wants_answers) for one in attendees or details.attendees]
    lines += _contents(details)
    if comment:
        lines.append(f"COMMENT:{_escaped(comment)}")
    if method == "CANCEL":
        lines.append("STATUS:CANCELLED")
    return [*lines, "END:VEVENT"]


def _repetition(appointment: Appointment, zone: str) -> Iterator[str]:
    assert appointment.rule is not None
    yield f"RRULE:{text_of(appointment.rule, appointment.details.start)}"
    yield from (_time("EXDATE", one, zone) for one in appointment.gone)
    yield from (_time("RDATE", one, zone) for one in appointment.extra)


def _contents(details: Details) -> Iterator[str]:
    text = details.text if details.text is not None else html_to_text(details.html or "")
    if text:
        yield f"DESCRIPTION:{_escaped(text)}"
    if details.html:
        yield f"X-ALT-DESC;FMTTYPE=text/html:{_escaped(details.html)}"
    if details.places:
        yield f"LOCATION:{_escaped('; '.join(one.name for one in details.places))}"
    yield f"CLASS:{'PRIVATE' if details.sensitivity in ('private', 'personal') else _class(details)}"
    yield f"PRIORITY:{_PRIORITY[details.importance]}"
    yield f"TRANSP:{'TRANSPARENT' if details.show_as == 'free' else 'OPAQUE'}"
    yield f"X-MICROSOFT-CDO-BUSYSTATUS:{_BUSY.get(details.show_as, 'BUSY')}"
    if not details.takes_proposals:
        yield "X-MICROSOFT-DISALLOW-COUNTER:TRUE"
    if details.online:
        yield f"{ONLINE.get(details.online.provider, GOOGLES)}:{details.online.url}"
    if details.reminds:
        yield from ("BEGIN:VALARM", "ACTION:DISPLAY", f"TRIGGER:-PT{details.reminder}M", "END:VALARM")


def _class(details: Details) -> str:
    return "CONFIDENTIAL" if details.sensitivity == "confidential" else "PUBLIC"


def _time(name: str, moment: Moment, zone: str) -> str:
    if not isinstance(moment, datetime):
        return f"{name};VALUE=DATE:{moment.strftime('%Y%m%d')}"
    if _is_utc(zone):
        return f"{name}:{moment.strftime(_FORM)}Z"
    return f'{name};TZID="{zone}":{to_local(moment, zone).strftime(_FORM)}'


def _is_utc(zone: str) -> bool:
    return zone.upper() == "UTC" or to_iana(zone) is None


def _organizer(person: Person) -> str:
    return f"ORGANIZER{_cn(person)}:mailto:{person.address}"


def _attendee(attendee: Attendee, wants_answers: bool) -> str:
    kind = ";CUTYPE=RESOURCE" if attendee.role == "resource" else ""
    status = _PARTSTAT.get(attendee.answer.response, "NEEDS-ACTION")
    rsvp = str(wants_answers).upper()
    head = f"ATTENDEE{kind};ROLE={_ROLE[attendee.role]};PARTSTAT={status};RSVP={rsvp}{_cn(attendee.person)}"
    return f"{head}:mailto:{attendee.person.address}"


def _cn(person: Person) -> str:
    name = " ".join(person.name.replace('"', "'").split())
    return f';CN="{name}"' if name else ""


def _escaped(text: str) -> str:
    plain = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return plain.replace("\r\n", "\\n").replace("\n", "\\n").replace("\r", "\\n")


def _folded(line: str) -> str:
    """75 octets a line; a letter is never cut."""
    pieces, begin, size = [], 0, 0
    for position, letter in enumerate(line):
        length = len(letter.encode("utf-8", "replace"))
        if size + length > 74:
            pieces.append(line[begin:position])
            begin, size = position, 0
        size += length
    return "\r\n ".join([*pieces, line[begin:]])
