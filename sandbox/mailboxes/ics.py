"""iCalendar, as far as a sandbox must look into it: which events, when, whose answer."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from sandbox.mailboxes.model import Meeting
from sandbox.mailboxes.zones import to_iana

_DURATION = re.compile(r"([-+])?P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?")


class NotACalendar(ValueError):
    """The message is the sentence for the person who brought the file."""


class NoTime(NotACalendar):
    """A value that is neither a day nor a moment."""


@dataclass(frozen=True, slots=True)
class Line:
    name: str
    parameters: dict[str, str]
    value: str


@dataclass(slots=True)
class Component:
    name: str
    lines: list[Line] = field(default_factory=list)
    children: list["Component"] = field(default_factory=list)
    source: list[str] = field(default_factory=list)

    def line(self, name: str) -> Line | None:
        return next((line for line in self.lines if line.name == name), None)

    def lines_of(self, name: str) -> list[Line]:
        return [line for line in self.lines if line.name == name]

    def value(self, name: str) -> str:
        line = self.line(name)
        return line.value if line else ""

    def moment(self, name: str) -> datetime | date | None:
        line = self.line(name)
        return parse_moment(line) if line else None


def parse_calendars(text: str) -> list[Component]:
    """The VCALENDARs of a file; events outside of any count as one. Raises NotACalendar for broken nesting."""
    root = Component("")
    stack = [root]
    for line in _unfold(text):
        for component in stack[1:]:
            component.source.append(line)
        parsed = _parse_line(line)
        if parsed.name == "BEGIN":
            child = Component(parsed.value.strip().upper(), source=[line])
            stack[-1].children.append(child)
            stack.append(child)
        elif parsed.name == "END":
            if len(stack) < 2 or stack[-1].name != parsed.value.strip().upper():
                raise NotACalendar(f"END:{parsed.value.strip()} closes nothing that is open")
            stack.pop()
        else:
            stack[-1].lines.append(parsed)
    if len(stack) > 1:
        raise NotACalendar(f"{stack[-1].name} is never closed")
    calendars = [child for child in root.children if child.name == "VCALENDAR"]
    if any(child.name == "VEVENT" for child in root.children):
        calendars.append(root)
    if not calendars:
        raise NotACalendar("there is no VCALENDAR in it")
    return calendars


def read_meeting(text: str, method: str) -> Meeting | None:
    """From the calendar part of a mail; None when the part is not readable."""
    try:
        calendar = parse_calendars(text)[0]
        event = next((child for child in calendar.children if child.name == "VEVENT"), Component(""))
        end = end_of(event)
    except NotACalendar:
        return None
    if not event.name:
        return None
    attendee = event.line("ATTENDEE")
    return Meeting(
        method=(calendar.value("METHOD") or method).strip().upper(),
        uid=event.value("UID").strip(),
        start=event.moment("DTSTART"),
        end=end,
        location=unescape(event.value("LOCATION")),
        answer=attendee.parameters.get("PARTSTAT", "").upper() if attendee else "",
        recurring=event.line("RRULE") is not None,
    )


def parse_moment(line: Line) -> datetime | date | None:
    """A date for all-day, else a moment in UTC; floating time counts as UTC."""
    value = line.value.strip()
    try:
        if len(value) == 8:
            return datetime.strptime(value, "%Y%m%d").replace(tzinfo=UTC).date()
        moment = datetime.strptime(value.rstrip("Z"), "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None
    zone = to_iana(line.parameters.get("TZID", "").strip('"/')) if not value.endswith("Z") else None
    if zone is None:
        return moment
    return moment.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def end_of(event: Component) -> datetime | date | None:
    end = event.moment("DTEND")
    start = event.moment("DTSTART")
    if end is not None or start is None:
        return end
    length = duration(event.value("DURATION"))
    if length is not None:
        try:
            return start + length
        except OverflowError as too_long:
            raise NotACalendar(f"DURATION is {event.value('DURATION').strip()}, which is too long") from too_long
    return start if isinstance(start, datetime) else start + timedelta(days=1)


def duration(text: str) -> timedelta | None:
    """RFC 5545, 3.3.6; None when it is none. Raises NotACalendar for one beyond all calendars."""
    form = _DURATION.fullmatch(text.strip())
    if form is None:
        return None
    weeks, days, hours, minutes, seconds = (int(part or 0) for part in form.groups()[1:])
    try:
        length = timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)
    except OverflowError as too_long:
        raise NotACalendar(f"the duration {text.strip()} is too long") from too_long
    return -length if form[1] == "-" else length


def _unfold(text: str) -> Iterator[str]:
    unfolded = re.sub(r"(?:\r\n|\n|\r)+[ \t]", "", text.lstrip("\ufeff"))
    return (line for line in re.split(r"[\r\n]+", unfolded) if line.strip())


def _parse_line(line: str) -> Line:
    head, quote, value = [""], False, ""
    for position, sign in enumerate(line):
        if sign == '"':
            quote = not quote
        if sign == ":" and not quote:
            value = line[position + 1 :]
            break
        if sign == ";" and not quote:
            head.append("")
        else:
            head[-1] += sign
    parameters = dict(part.partition("=")[::2] for part in head[1:])
    return Line(head[0].strip().upper(), {k.upper(): v.strip('"') for k, v in parameters.items()}, value)


def unescape(value: str) -> str:
    return re.sub(r"\\(.)", lambda form: "\n" if form[1] in "nN" else form[1], value)
