"""`patternedRecurrence` → the text of an RRULE.

https://learn.microsoft.com/graph/api/resources/patternedrecurrence, RFC 5545 section 3.3.10
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from crosstie.mailboxes.graph.calendar.zones import NO_ZONE, to_iana
from crosstie.mailboxes.graph.translate import Row, many, text

_DAYS = {
    "sunday": "SU", "monday": "MO", "tuesday": "TU", "wednesday": "WE", "thursday": "TH", "friday": "FR",
    "saturday": "SA",
}  # fmt: skip
_PLACES = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": -1}
_FREQUENCIES = {
    "daily": "DAILY", "weekly": "WEEKLY", "absolutemonthly": "MONTHLY", "relativemonthly": "MONTHLY",
    "absoluteyearly": "YEARLY", "relativeyearly": "YEARLY",
}  # fmt: skip
SHORTEST_MONTH, LONGEST_MONTH = 28, 31
MOST = 9_999
"""Of what a rule counts; Exchange ends series at 999."""
_LAST_SECOND = time(23, 59, 59)


def zone_of(master: Row) -> str:
    """The IANA name of the zone in which the series repeats."""
    named = text(_range(master), "recurrenceTimeZone")
    return to_iana(named) or to_iana(text(master, "originalStartTimeZone")) or NO_ZONE


def rule(master: Row, *, all_day: bool) -> str:
    """Empty for what does not repeat, and for a pattern nobody here knows."""
    pattern = _part(master, "pattern")
    kind = text(pattern, "type").casefold()
    if kind not in _FREQUENCIES:
        return ""
    parts = [f"FREQ={_FREQUENCIES[kind]}"]
    interval = _number(pattern, "interval", MOST)
    if interval > 1:
        parts.append(f"INTERVAL={interval}")
    parts += _days(kind, pattern)
    if kind == "weekly" and interval > 1:
        parts.append(f"WKST={_DAYS.get(text(pattern, 'firstDayOfWeek').casefold(), 'SU')}")
    return ";".join([*parts, *_end(master, all_day=all_day)])


def _days(kind: str, pattern: Row) -> list[str]:
    month = _number(pattern, "month", 12)
    parts = [f"BYMONTH={month}"] if kind.endswith("yearly") and month else []
    named = [str(one).casefold() for one in many(pattern.get("daysOfWeek"))]
    days = [_DAYS[one] for one in dict.fromkeys(named) if one in _DAYS]
    if kind == "weekly":
        parts += [f"BYDAY={','.join(days)}"] if days else []
    elif kind.startswith("relative") and days:
        place = _PLACES.get(text(pattern, "index").casefold(), 1)
        parts += (
            [f"BYDAY={place}{days[0]}"] if len(days) == 1 else [f"BYDAY={','.join(days)}", f"BYSETPOS={place}"]
        )
    elif kind.startswith("absolute"):
        parts += _day_of_month(_number(pattern, "dayOfMonth", LONGEST_MONTH))
    return parts


def _day_of_month(day: int) -> list[str]:
    """A month that lacks the day has it on its last one, in Exchange; RFC 5545 would leave the month out."""
    if day <= SHORTEST_MONTH or day == LONGEST_MONTH:
        return [f"BYMONTHDAY={-1 if day == LONGEST_MONTH else day}"] if day else []
    return [f"BYMONTHDAY={','.join(map(str, range(SHORTEST_MONTH, day + 1)))}", "BYSETPOS=-1"]


def _end(master: Row, *, all_day: bool) -> list[str]:
    """The last day is one on which an occurrence may begin; RFC 5545 wants it as the start is: day or moment."""
    limits = _range(master)
    kind = text(limits, "type").casefold()
    if kind == "numbered" and (count := _number(limits, "numberOfOccurrences", MOST)):
        return [f"COUNT={count}"]
    last = _date(text(limits, "endDate")) if kind == "enddate" else None
    if last is None:
        return []
    if all_day:
        return [f"UNTIL={last:%Y%m%d}"]
    moment = datetime.combine(last, _LAST_SECOND, ZoneInfo(zone_of(master))).astimezone(UTC)
    return [f"UNTIL={moment:%Y%m%dT%H%M%SZ}"]


def _range(master: Row) -> Row:
    return _part(master, "range")


def _part(master: Row, name: str) -> Row:
    found = master.get("recurrence")
    part = found.get(name) if isinstance(found, Mapping) else None
    return part if isinstance(part, Mapping) else {}


def _number(row: Row, name: str, most: int) -> int:
    """0 for what is none, or cannot be: a part that means nothing to its pattern is 0 too."""
    value: Any = row.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= most else 0


def _date(value: str) -> date | None:
    """Graph writes year 1 where there is no last day."""
    try:
        found = date.fromisoformat(value)
    except ValueError:
        return None
    return found if timedelta(days=366) < found - date.min < date.max - date.min - timedelta(days=2) else None
