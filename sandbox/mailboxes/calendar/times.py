"""When an event of a file is, and what Outlook puts where the file does not say."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sandbox.mailboxes.calendar.expand import to_utc
from sandbox.mailboxes.calendar.model import Moment
from sandbox.mailboxes.calendar.vtimezone import LAST_YEAR, Zones
from sandbox.mailboxes.ics import Component, Line, NotACalendar, NoTime, duration
from sandbox.mailboxes.model import Home

DAY = timedelta(days=1)
NO_TIME = timedelta()


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads, and so what becomes of what is missing or odd."""

    zone: str
    """Of times without one."""
    home: Home = "microsoft365"
    periods: bool = False
    """Whether an RDATE with periods is passed over; else it is refused."""
    opened: datetime | None = None
    """When a person opened the file in Outlook, which passes over what it cannot read: a time that is none, a zone
    that nobody knows, a missing UID ([MS-STANOICAL] 2.2.47, 2.2.67, 2.2.76, 2.2.84). None: it is refused.
    """
    lasts: timedelta = NO_TIME
    """How long an event is of which nothing is said."""

    @property
    def hour(self) -> datetime:
        assert self.opened is not None
        return self.opened.replace(minute=0, second=0, microsecond=0)


@dataclass(frozen=True, slots=True)
class Span:
    start: Moment
    end: Moment
    start_zone: str
    end_zone: str


def span_of(component: Component, zones: Zones, reader: Reader) -> Span:
    """Raises NotACalendar with the field's name."""
    begins, ends = (_moment(component, name, zones, reader) for name in ("DTSTART", "DTEND"))
    length = _length(component)
    if begins is None:
        if reader.opened is None:
            raise NotACalendar("it has no DTSTART")
        return _ending(ends, length, reader)
    start, start_zone = begins
    end, end_zone = ends or (start + _from(start, length), start_zone)
    if isinstance(start, datetime) != isinstance(end, datetime):
        if reader.opened is None:
            raise NotACalendar("DTSTART and DTEND are a day at one end and an hour at the other")
        start, end = (_hour(one, reader.zone) for one in (start, end))
    if begins and ends and reader.home != "google":
        start, end = _floating_days(component) or (start, end)
    if not isinstance(start, datetime) and start == end:
        end = start + DAY
    if end.year > LAST_YEAR:
        raise NotACalendar("DTEND is after all calendars")
    return Span(start, end, start_zone, end_zone)


def _moment(component: Component, name: str, zones: Zones, reader: Reader) -> tuple[Moment, str] | None:
    line = component.line(name)
    try:
        return zones.moment(line) if line else None
    except NoTime:
        if reader.opened is None:
            raise
        return None


def _length(component: Component) -> timedelta | None:
    try:
        return duration(component.value("DURATION"))
    except NotACalendar as broken:
        raise NotACalendar(f"DURATION: {broken}") from broken


def _from(start: Moment, length: timedelta | None) -> timedelta:
    """Without an end or a length, a moment lasts no time and a day lasts one."""
    if length is not None:
        return length
    return NO_TIME if isinstance(start, datetime) else DAY


def _ending(ends: tuple[Moment, str] | None, length: timedelta | None, reader: Reader) -> Span:
    """Without a start: as long before the end, else from this hour on."""
    if ends is not None:
        end, zone = ends
        before = length if length is not None else _from(end, None)
        return Span(end - before, end, zone, zone)
    end = reader.hour + (reader.lasts if length is None else length)
    return Span(reader.hour, end, reader.zone, reader.zone)


def _hour(moment: Moment, zone: str) -> datetime:
    """A day's midnight, where clocks are those of the person."""
    return moment if isinstance(moment, datetime) else to_utc(datetime.combine(moment, time()), zone)


def _floating_days(component: Component) -> tuple[date, date] | None:
    """From a midnight to another, in no zone: whole days may be written so ([MS-OXCICAL] 2.1.3.1.1.20.10)."""
    first, last = (_midnight(component.line(name)) for name in ("DTSTART", "DTEND"))
    return (first, last) if first and last and first < last else None


def _midnight(line: Line | None) -> date | None:
    if line is None or line.parameters.get("TZID", "") or not line.value.strip().endswith("T000000"):
        return None
    return datetime.strptime(line.value.strip()[:8], "%Y%m%d").replace(tzinfo=UTC).date()
