"""Time zones of iCalendar: the names a file uses and the rules it brings, and the same written for others."""

import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

from dateutil import tz

from sandbox.mailboxes.calendar.expand import to_utc, zone_of
from sandbox.mailboxes.calendar.model import DAYS, Moment
from sandbox.mailboxes.calendar.problems import NotRepresentable
from sandbox.mailboxes.ics import Component, Line, NotACalendar, NoTime
from sandbox.mailboxes.zones import IANA_OF, to_iana

CUSTOM = "tzone://Microsoft/Custom"
"""How Exchange names a zone that it has only rules of."""
FIRST_YEAR, LAST_YEAR = 1601, 4500
"""As Exchange counts."""
_FORM = "%Y%m%dT%H%M%S"
_DAY = re.compile(r"^DTSTART(?:;[^:]*)?:(\d{8})\s*$", re.MULTILINE)


class Zones:
    """Those of one VCALENDAR. Times without a zone are in `default`; so are those in a zone that nobody knows,
    where that is passed over.
    """

    def __init__(self, calendar: Component, default: str, *, passed_over: bool = False) -> None:
        self._default, self._passed_over = default, passed_over
        self._brought = {one.value("TZID").strip(): one for one in calendar.children if one.name == "VTIMEZONE"}
        self._known: dict[str, tuple[str, tzinfo]] = {}

    def moment(self, line: Line) -> tuple[Moment, str]:
        """And the name of its zone. Raises NoTime, and NotACalendar."""
        value = line.value.strip()
        try:
            form = "%Y%m%d" if len(value) == 8 else _FORM
            local = datetime.strptime(value.rstrip("Z"), form)  # noqa: DTZ007 - its zone is found below
        except ValueError:
            raise NoTime(f"{line.name} is {value[:40]}, which is no time") from None
        if not FIRST_YEAR <= local.year <= LAST_YEAR:
            raise NotACalendar(f"{line.name} is in the year {local.year}, before or after all calendars")
        if len(value) == 8:
            return local.date(), self._default
        if value.endswith("Z"):
            return local.replace(tzinfo=UTC), "UTC"
        name = line.parameters.get("TZID", "").strip()
        if not name:
            return to_utc(local, self._default), self._default
        shown, zone = self._zone(name, local.year)
        return local.replace(tzinfo=zone).astimezone(UTC), shown

    def refuse_unknown(self, line: Line | None) -> None:
        """A series is counted in local time, so its zone must be one that is known. Raises NotRepresentable."""
        name = line.parameters.get("TZID", "").strip() if line else ""
        if name in self._known and self._known[name][0] == CUSTOM:
            raise NotRepresentable(f"a series in the time zone {name}")

    def _zone(self, name: str, year: int) -> tuple[str, tzinfo]:
        if name not in self._known:
            try:
                self._known[name] = self._found(name, year)
            except NotACalendar:
                if not self._passed_over:
                    raise
                self._known[name] = self._default, zone_of(self._default)
        return self._known[name]

    def _found(self, name: str, year: int) -> tuple[str, tzinfo]:
        component = self._brought.get(name)
        spelled = [name, component.value("X-LIC-LOCATION").strip() if component else "", *_tails(name)]
        iana = next(filter(None, map(to_iana, filter(None, spelled))), None)
        if iana:
            return (name if to_iana(name) else iana), ZoneInfo(iana)
        if component is None:
            raise NotACalendar(f"the TZID {name} is not known, and no VTIMEZONE brings it")
        zone = _from_rules(component, name)
        wanted = _offsets(zone, year)
        alike = next((one for one in IANA_OF.values() if _offsets(ZoneInfo(one), year) == wanted), None)
        return (alike, ZoneInfo(alike)) if alike else (CUSTOM, zone)


def _tails(name: str) -> Iterator[str]:
    """`/example.org/20050126_1/Europe/Berlin` ends in a name that is known."""
    parts = name.strip("/").split("/")
    return ("/".join(parts[index:]) for index in range(len(parts)))


def _from_rules(component: Component, name: str) -> tzinfo:
    """A turn on a day is one at its midnight."""
    source = _DAY.sub(r"DTSTART:\1T000000", "\n".join(component.source))
    try:
        found = tz.tzical(io.StringIO(source)).get(name)
    except (ValueError, TypeError, KeyError, OverflowError, AttributeError) as broken:
        raise NotACalendar(f"the rules of VTIMEZONE {name} cannot be read") from broken
    if not isinstance(found, tzinfo):
        raise NotACalendar(f"the rules of VTIMEZONE {name} cannot be read")
    return found


def _offsets(zone: tzinfo, year: int) -> tuple[timedelta | None, ...]:
    """At every tenth noon of that year and the next."""
    noon = datetime(year, 1, 1, 12, tzinfo=UTC).replace(tzinfo=None)
    return tuple(zone.utcoffset(noon + timedelta(days=step)) for step in range(0, 730, 10))


@lru_cache(maxsize=64)
def written(name: str, year: int) -> tuple[str, ...]:
    """A VTIMEZONE with the rules of that year; without any when the zone keeps one offset."""
    zone = zone_of(name)
    begin = datetime(year, 1, 1, tzinfo=UTC)
    hours = [begin + timedelta(hours=step) for step in range(366 * 24)]
    turns = [
        moment
        for before, moment in pairwise(hours)
        if before.astimezone(zone).utcoffset() != moment.astimezone(zone).utcoffset()
    ]
    lines = ["BEGIN:VTIMEZONE", f"TZID:{name}"]
    if not turns:
        offset = _offset(begin.astimezone(zone))
        lines += _part("STANDARD", "16010101T000000", offset, offset, "")
    for turn in turns[:2]:
        before, after = (turn - timedelta(hours=1)).astimezone(zone), turn.astimezone(zone)
        at = (turn + (before.utcoffset() or timedelta())).replace(tzinfo=None)
        lines += _part(
            "DAYLIGHT" if after.dst() else "STANDARD",
            at.strftime(_FORM),
            _offset(before),
            _offset(after),
            f"RRULE:FREQ=YEARLY;BYMONTH={at.month};BYDAY={_nth(at)}",
        )
    return (*lines, "END:VTIMEZONE")


def _part(kind: str, start: str, before: str, after: str, rule: str) -> list[str]:
    lines = [f"BEGIN:{kind}", f"DTSTART:{start}", f"TZOFFSETFROM:{before}", f"TZOFFSETTO:{after}"]
    return [*lines, *([rule] if rule else []), f"END:{kind}"]


def _offset(local: datetime) -> str:
    return local.strftime("%z")[:5]


def _nth(local: datetime) -> str:
    """`-1SU`: the last one when a week later is another month."""
    last = (local + timedelta(days=7)).month != local.month
    return f"{-1 if last else (local.day - 1) // 7 + 1}{DAYS[local.weekday()][:2].upper()}"
