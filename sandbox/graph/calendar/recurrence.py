"""`patternedRecurrence`: how Graph writes the rule of a series, read strictly and shown in full.

Graph shows every part of a pattern, those that mean nothing to its type as zeros; what it shows, it takes back.
"""

from datetime import date
from typing import Any, cast, get_args

from sandbox.graph.calendar.times import CUSTOM, invalid_event, shown_zone, zone_info
from sandbox.graph.values import number, object_of, one_of, wrong
from sandbox.mailboxes.calendar.expand import zone_of
from sandbox.mailboxes.calendar.model import DAYS, INDEXES, Day, Index, Pattern, Rule

_PATTERN = ("type", "interval", "month", "dayOfMonth", "daysOfWeek", "firstDayOfWeek", "index")
_RANGE = ("type", "startDate", "endDate", "recurrenceTimeZone", "numberOfOccurrences")
_TYPES = get_args(Pattern)
_MOST = 999
_NO_DAY = date(1, 1, 1)
Shape = dict[str, Any]


def read_recurrence(value: Any, zone: str) -> Rule | None:
    """None ends the series. `zone` is the one of the event, in which the range's days are meant."""
    if value is None:
        return None
    parts = object_of("recurrence", value, "pattern", "range")
    pattern = object_of("recurrence.pattern", parts.get("pattern"), *_PATTERN)
    until, count = _end(_range(parts))
    kind = cast(Pattern, one_of(*_TYPES)("recurrence.pattern.type", pattern.get("type")))
    _check_zone(_range(parts), zone)
    return Rule(
        pattern=kind,
        interval=_within("interval", pattern.get("interval", 0), 1, _MOST),
        days=_days(kind, pattern.get("daysOfWeek") or []),
        first_day=cast(Day, one_of(*DAYS)("firstDayOfWeek", pattern.get("firstDayOfWeek") or "sunday")),
        index=cast(Index, one_of(*INDEXES)("index", pattern.get("index") or "first")),
        day=_part(kind.startswith("absolute"), "dayOfMonth", pattern, 31),
        month=_part(kind.endswith("Yearly"), "month", pattern, 12),
        until=until,
        count=count,
        zone=zone,
    )


def series_start(value: Any) -> date:
    """The first day of the range."""
    return _day("startDate", _range(object_of("recurrence", value, "pattern", "range")).get("startDate"))


def _range(parts: Shape) -> Shape:
    return object_of("recurrence.range", parts.get("range"), *_RANGE)


def _end(given: Shape) -> tuple[date | None, int | None]:
    start = _day("startDate", given.get("startDate"))
    kind = one_of("endDate", "noEnd", "numbered")("recurrence.range.type", given.get("type"))
    if kind == "numbered":
        return None, _within("numberOfOccurrences", given.get("numberOfOccurrences", 0), 1, _MOST)
    if kind == "noEnd":
        return None, None
    until = _day("endDate", given.get("endDate"))
    if until < start:
        raise invalid_event("The series ends before it starts.")
    return until, None


def _check_zone(given: Shape, zone: str) -> None:
    named = given.get("recurrenceTimeZone")
    if named and named != CUSTOM and zone_info(str(named)) != zone_of(zone):
        raise invalid_event("recurrenceTimeZone is not the zone of the event.")


def _days(kind: str, value: Any) -> tuple[Day, ...]:
    if not isinstance(value, list):
        raise wrong("daysOfWeek")
    days = tuple(dict.fromkeys(cast(Day, one_of(*DAYS)("daysOfWeek", one)) for one in value))
    if kind == "weekly" or kind.startswith("relative"):
        if not days:
            raise invalid_event(f"A {kind} pattern needs daysOfWeek.")
        return days
    return ()


def _part(needed: bool, name: str, pattern: Shape, most: int) -> int:
    value = number(name, pattern.get(name) or 0)
    return _within(name, value, 1, most) if needed else 0


def _within(name: str, value: Any, least: int, most: int) -> int:
    if not least <= number(name, value) <= most:
        raise invalid_event(f"{name} must be from {least} to {most}.")
    return int(value)


def _day(name: str, value: Any) -> date:
    """OData's Date, which has no time."""
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError) as broken:
        raise wrong(f"recurrence.range.{name}") from broken


def recurrence_shape(rule: Rule, start: date) -> Shape:
    pattern = {
        "type": rule.pattern,
        "interval": rule.interval,
        "month": rule.month,
        "dayOfMonth": rule.day,
        "daysOfWeek": list(rule.days),
        "firstDayOfWeek": rule.first_day,
        "index": rule.index,
    }
    kind = "numbered" if rule.count else "endDate" if rule.until else "noEnd"
    range_ = {
        "type": kind,
        "startDate": start.isoformat(),
        "endDate": (rule.until or _NO_DAY).isoformat(),
        "recurrenceTimeZone": shown_zone(rule.zone),
        "numberOfOccurrences": rule.count or 0,
    }
    return {"pattern": pattern, "range": range_}
