"""Moments of events: a local time beside the name of its zone, shown in the zone a client prefers."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sandbox.graph.calendar.switches import ALL_DAY_FLOATS
from sandbox.graph.context import Context
from sandbox.graph.errors import INVALID_EVENT, GraphError, bad_request
from sandbox.graph.values import object_of
from sandbox.mailboxes.calendar.expand import to_utc, zone_of
from sandbox.mailboxes.calendar.model import Moment
from sandbox.mailboxes.zones import to_iana, to_windows

LONGEST_VIEW = timedelta(days=1825)
_YEARS = range(1601, 4501)
"""What Exchange's moments reach: [MS-DTYP] begins them in 1601, Outlook's calendar ends in 4500."""
CUSTOM = "tzone://Microsoft/Custom"
"""How Graph shows a zone that an invitation or an old Outlook brought along and that has no name of Windows'."""
_FORM = re.compile(r"\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d)?)?")


@dataclass(frozen=True, slots=True)
class Local:
    """What a wall clock shows, and the zone by the name the client gave it."""

    clock: datetime
    """Naive."""
    zone: str

    @property
    def at_midnight(self) -> bool:
        return self.clock == self.clock.replace(hour=0, minute=0, second=0)

    @property
    def moment(self) -> datetime:
        return to_utc(self.clock, self.zone)


def zone_info(name: str) -> ZoneInfo:
    """From a Windows or an IANA name. Raises 400 for what is neither."""
    iana = to_iana(name)
    if iana is None:
        message = (
            f"A valid TimeZone value must be specified. The following TimeZone value is not supported: '{name}'."
        )
        raise bad_request(message, "TimeZoneNotSupportedException")
    return ZoneInfo(iana)


def shown_zone(name: str) -> str:
    """The Windows name of the zone an event was written in."""
    iana = to_iana(name)
    return to_windows(iana) if iana else CUSTOM


def same_zone(one: str, two: str) -> bool:
    """By whichever names; those that mean nothing here are alike."""
    return zone_of(one) == zone_of(two)


def read_local(name: str, value: Any) -> Local:
    """From a dateTimeTimeZone. A moment with an offset is brought into the zone that is named beside it."""
    parts = object_of(name, value, "dateTime", "timeZone")
    zone = parts.get("timeZone") or "UTC"
    info = zone_info(str(zone))
    text = parts.get("dateTime")
    if not isinstance(text, str) or not _FORM.fullmatch(text):
        raise invalid_event(f"{name}.dateTime is no moment.")
    try:
        clock = datetime.fromisoformat(text).replace(microsecond=0)
    except ValueError as broken:
        raise invalid_event(f"{name}.dateTime is no moment.") from broken
    if clock.year not in _YEARS:
        raise invalid_event(f"{name}.dateTime is out of all calendars.")
    return Local(clock.astimezone(info).replace(tzinfo=None) if clock.tzinfo else clock, str(zone))


def invalid_event(message: str) -> GraphError:
    """The vendor's own words name no property."""
    return bad_request(f"At least one property failed validation. {message}", INVALID_EVENT)


def zoned(context: Context, moment: Moment, kept_zone: str) -> dict[str, str]:
    """A dateTimeTimeZone in the zone preferred, else in UTC: seven fractional digits, no offset."""
    name = context.prefer.time_zone or "UTC"
    info = zone_info(name)
    if isinstance(moment, datetime):
        clock = moment.astimezone(info)
    elif context.world.switches.on(ALL_DAY_FLOATS):
        clock = datetime(moment.year, moment.month, moment.day)  # noqa: DTZ001 - what the wall clock shows
    else:
        clock = to_utc(datetime(moment.year, moment.month, moment.day), kept_zone).astimezone(info)  # noqa: DTZ001
    return {"dateTime": f"{clock:%Y-%m-%dT%H:%M:%S}.0000000", "timeZone": name}


def read_window(context: Context) -> tuple[datetime, datetime]:
    """`startDateTime` and `endDateTime` of the request's query, in any case. Raises 400."""
    given = {name.lower(): value for name, value in context.request.args.items()}
    return window_of(given.get("startdatetime", ""), given.get("enddatetime", ""))


def window_of(start: str, end: str) -> tuple[datetime, datetime]:
    """Times without an offset are in UTC, whatever zone is preferred."""
    if not start or not end:
        message = "This request requires a time window specified by the query string parameters StartDateTime and "
        raise bad_request(f"{message}EndDateTime.", "ErrorInvalidParameter")
    begins, ends = _instant("StartDateTime", start), _instant("EndDateTime", end)
    if ends < begins:
        raise bad_request("EndDateTime is before StartDateTime.", "ErrorInvalidParameter")
    if ends - begins > LONGEST_VIEW:
        raise bad_request(f"The window is longer than {LONGEST_VIEW.days} days.", "ErrorInvalidRequest")
    return begins, ends


def _instant(name: str, text: str) -> datetime:
    """A plus that was sent as it is comes as a space."""
    text = text.strip("'\"").replace(" ", "+")
    try:
        moment = datetime.fromisoformat(text) if _FORM.fullmatch(text) else None
    except ValueError:
        moment = None
    if moment is None or moment.year not in _YEARS:
        raise bad_request(f"The value '{text}' of parameter '{name}' is invalid.", "ErrorInvalidParameter")
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
