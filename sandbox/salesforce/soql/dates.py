"""Relative date literals and date functions, in the running user's time zone and the org's fiscal year."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

_SIDES = ("LAST", "THIS", "NEXT")
_PERIODS = ("WEEK", "MONTH", "QUARTER", "YEAR", "FISCAL_QUARTER", "FISCAL_YEAR")
_UNITS = ("DAY", *_PERIODS)
RELATIVE = frozenset({"YESTERDAY", "TODAY", "TOMORROW", "LAST_90_DAYS", "NEXT_90_DAYS"}) | {
    f"{side}_{period}" for side in _SIDES for period in _PERIODS
}
RELATIVE_N = frozenset(form.format(unit) for unit in _UNITS for form in ("LAST_N_{}S", "NEXT_N_{}S", "N_{}S_AGO"))


_SUNDAY = (
    "AG AS BD BR BS BT BW BZ CA CO DM DO ET GT GU HK HN ID IL IN JM JP KE KH KR LA MH MM MO MT MX MZ NI NP PA PE "
    "PH PK PR PT PY SA SG SV TH TT TW UM US VE VI WS YE ZA ZW"
)
_SATURDAY = "AE AF BH DJ DZ EG IQ IR JO KW LY OM QA SD SY"
SUNDAY_FIRST, SATURDAY_FIRST = frozenset(_SUNDAY.split()), frozenset(_SATURDAY.split())
"""Countries whose week does not begin on Monday, by the Unicode locale data."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """How this org and this user divide the year."""

    fiscal_start: int = 1
    """The month the fiscal year begins with."""
    named_by_start: bool = False
    """A fiscal year is called by the calendar year it begins in, rather than the one it ends in."""
    week_start: int = 6
    """0 is Monday."""

    def fiscal_year(self, day: date) -> int:
        begun = day.year if day.month >= self.fiscal_start else day.year - 1
        return begun if self.named_by_start or self.fiscal_start == 1 else begun + 1

    def fiscal_quarter(self, day: date) -> int:
        return (self.fiscal_month(day) + 2) // 3

    def fiscal_month(self, day: date) -> int:
        return (day.month - self.fiscal_start) % 12 + 1


CALENDAR_YEARS = Calendar()


def calendar_of(org: Mapping[str, Any], locale: str = "en_US") -> Calendar:
    """As the org's row says, and the user's country."""
    country = locale.rpartition("_")[2]
    first = 6 if country in SUNDAY_FIRST else 5 if country in SATURDAY_FIRST else 0
    return Calendar(org.get("FiscalYearStartMonth", 1), bool(org.get("UsesStartDateAsFiscalYearName")), first)


@dataclass(frozen=True, slots=True)
class Span:
    """Days from `first` up to, not including, `end`."""

    first: date
    end: date

    def instants(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        return _midnight(self.first, zone), _midnight(self.end, zone)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)


def resolve(literal: str, number: int, today: date, calendar: Calendar = CALENDAR_YEARS) -> Span:
    """The days a relative literal stands for."""
    periods = _Periods(today, calendar)
    single = {"YESTERDAY": -1, "TODAY": 0, "TOMORROW": 1}
    if literal in single:
        return periods.span("DAY", single[literal], 1)
    if literal.endswith("_90_DAYS"):
        literal, number = literal.replace("_90_DAYS", "_N_DAYS"), 90
    if literal.startswith("LAST_N_"):
        return periods.last(literal[7:-1], number)
    if literal.startswith("NEXT_N_"):
        return periods.span(literal[7:-1], 1, number)
    if literal.endswith("_AGO"):
        return periods.span(literal[2:-5], -number, 1)
    side, _, unit = literal.partition("_")
    return periods.span(unit, {"LAST": -1, "THIS": 0, "NEXT": 1}[side], 1)


_MONTHS = {"MONTH": 1, "QUARTER": 3, "YEAR": 12}


@dataclass(frozen=True, slots=True)
class _Periods:
    today: date
    calendar: Calendar

    def last(self, unit: str, number: int) -> Span:
        """LAST_N_DAYS goes on to the present day; longer units end before the present one."""
        if unit == "DAY":
            return self.span("DAY", -number, number + 1)
        return self.span(unit, -number, number)

    def span(self, unit: str, offset: int, count: int) -> Span:
        """`count` units from the one that lies `offset` from today's."""
        try:
            return Span(self._start(unit, offset), self._start(unit, offset + count))
        except (OverflowError, ValueError):
            return Span(date.min, date.min) if offset < 0 else Span(date.max, date.max)

    def _start(self, unit: str, offset: int) -> date:
        if unit == "DAY":
            return self.today + timedelta(days=offset)
        if unit == "WEEK":
            into = (self.today.weekday() - self.calendar.week_start) % 7
            return self.today + timedelta(days=7 * offset - into)
        length = _MONTHS[unit.removeprefix("FISCAL_")]
        first = self.calendar.fiscal_start - 1 if unit.startswith("FISCAL_") else 0
        months = self.today.year * 12 + self.today.month - 1 - first
        months += offset * length - months % length
        months += first
        return date(months // 12, months % 12 + 1, 1)


def week_in_month(day: date) -> int:
    return (day.day - 1) // 7 + 1


def week_in_year(day: date) -> int:
    return (day.timetuple().tm_yday - 1) // 7 + 1


DATE_FUNCTIONS: dict[str, Callable[[datetime | date, Calendar], int | date]] = {
    "CALENDAR_YEAR": lambda day, _: day.year,
    "CALENDAR_QUARTER": lambda day, _: (day.month + 2) // 3,
    "CALENDAR_MONTH": lambda day, _: day.month,
    "FISCAL_YEAR": lambda day, calendar: calendar.fiscal_year(day),
    "FISCAL_QUARTER": lambda day, calendar: calendar.fiscal_quarter(day),
    "FISCAL_MONTH": lambda day, calendar: calendar.fiscal_month(day),
    "DAY_IN_MONTH": lambda day, _: day.day,
    "DAY_IN_WEEK": lambda day, _: (day.weekday() + 1) % 7 + 1,
    "DAY_IN_YEAR": lambda day, _: day.timetuple().tm_yday,
    "DAY_ONLY": lambda day, _: day.date() if isinstance(day, datetime) else day,
    "HOUR_IN_DAY": lambda day, _: day.hour if isinstance(day, datetime) else 0,
    "WEEK_IN_MONTH": lambda day, _: week_in_month(day),
    "WEEK_IN_YEAR": lambda day, _: week_in_year(day),
}
"""Of a datetime in the zone that counts: UTC, or the user's within convertTimezone()."""
DATETIME_ONLY = frozenset({"DAY_ONLY", "HOUR_IN_DAY"})
