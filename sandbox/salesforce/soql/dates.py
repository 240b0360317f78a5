"""Relative date literals and date functions, in the running user's time zone."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

_SIDES = ("LAST", "THIS", "NEXT")
_PERIODS = ("WEEK", "MONTH", "QUARTER", "YEAR", "FISCAL_QUARTER", "FISCAL_YEAR")
_UNITS = ("DAY", *_PERIODS)
RELATIVE = frozenset({"YESTERDAY", "TODAY", "TOMORROW", "LAST_90_DAYS", "NEXT_90_DAYS"}) | {
    f"{side}_{period}" for side in _SIDES for period in _PERIODS
}
RELATIVE_N = frozenset(form.format(unit) for unit in _UNITS for form in ("LAST_N_{}S", "NEXT_N_{}S", "N_{}S_AGO"))


@dataclass(frozen=True, slots=True)
class Span:
    """Days from `first` up to, not including, `end`."""

    first: date
    end: date

    def instants(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        return _midnight(self.first, zone), _midnight(self.end, zone)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)


def resolve(literal: str, number: int, today: date) -> Span:
    """The days a relative literal stands for. Weeks begin on Sunday, fiscal years are calendar years."""
    name = literal.replace("FISCAL_", "")
    single = {"YESTERDAY": -1, "TODAY": 0, "TOMORROW": 1}
    if name in single:
        return _period("DAY", today, single[name], 1)
    if name.endswith("_90_DAYS"):
        name, number = name.replace("_90_DAYS", "_N_DAYS"), 90
    if name.startswith("LAST_N_"):
        return _last(name[7:-1], today, number)
    if name.startswith("NEXT_N_"):
        return _period(name[7:-1], today, 1, number)
    if name.endswith("_AGO"):
        return _period(name[2:-5], today, -number, 1)
    side, _, unit = name.partition("_")
    return _period(unit, today, {"LAST": -1, "THIS": 0, "NEXT": 1}[side], 1)


def _last(unit: str, today: date, number: int) -> Span:
    """LAST_N_DAYS goes on to the present day; longer units end before the present one."""
    if unit == "DAY":
        return _period("DAY", today, -number, number + 1)
    return _period(unit, today, -number, number)


def _period(unit: str, today: date, offset: int, count: int) -> Span:
    """`count` units from the one that lies `offset` from today's."""
    start = _UNIT_START[unit](today)
    try:
        return Span(_shift(unit, start, offset), _shift(unit, start, offset + count))
    except (OverflowError, ValueError):
        return Span(date.min, date.min) if offset < 0 else Span(date.max, date.max)


_UNIT_START: dict[str, Callable[[date], date]] = {
    "DAY": lambda day: day,
    "WEEK": lambda day: day - timedelta(days=(day.weekday() + 1) % 7),
    "MONTH": lambda day: day.replace(day=1),
    "QUARTER": lambda day: date(day.year, (day.month - 1) // 3 * 3 + 1, 1),
    "YEAR": lambda day: date(day.year, 1, 1),
}
_MONTHS = {"MONTH": 1, "QUARTER": 3, "YEAR": 12}


def _shift(unit: str, start: date, count: int) -> date:
    if unit in ("DAY", "WEEK"):
        return start + timedelta(days=count * (7 if unit == "WEEK" else 1))
    months = start.year * 12 + start.month - 1 + count * _MONTHS[unit]
    return date(months // 12, months % 12 + 1, 1)


def week_in_month(day: date) -> int:
    return (day.day - 1) // 7 + 1


def week_in_year(day: date) -> int:
    return (day.timetuple().tm_yday - 1) // 7 + 1


DATE_FUNCTIONS: dict[str, Callable[[datetime | date], int | date]] = {
    "CALENDAR_YEAR": lambda day: day.year,
    "CALENDAR_QUARTER": lambda day: (day.month + 2) // 3,
    "CALENDAR_MONTH": lambda day: day.month,
    "FISCAL_YEAR": lambda day: day.year,
    "FISCAL_QUARTER": lambda day: (day.month + 2) // 3,
    "FISCAL_MONTH": lambda day: day.month,
    "DAY_IN_MONTH": lambda day: day.day,
    "DAY_IN_WEEK": lambda day: (day.weekday() + 1) % 7 + 1,
    "DAY_IN_YEAR": lambda day: day.timetuple().tm_yday,
    "DAY_ONLY": lambda day: day.date() if isinstance(day, datetime) else day,
    "HOUR_IN_DAY": lambda day: day.hour if isinstance(day, datetime) else 0,
    "WEEK_IN_MONTH": week_in_month,
    "WEEK_IN_YEAR": week_in_year,
}
"""Of a datetime in the zone that counts: UTC, or the user's within convertTimezone()."""
