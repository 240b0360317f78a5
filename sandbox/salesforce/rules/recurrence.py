"""The days of a classic series, which events and tasks say in the same fields."""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any

from dateutil import rrule

from sandbox.salesforce.errors import required_missing
from sandbox.salesforce.schema.values import INSTANCES, MONTHS

WEEKDAYS = (rrule.SU, rrule.MO, rrule.TU, rrule.WE, rrule.TH, rrule.FR, rrule.SA)
"""In the order of the bits of a classic series' mask."""
CLASSIC: dict[str, tuple[int, tuple[str, ...]]] = {
    "RecursDaily": (100, ("RecurrenceInterval",)),
    "RecursEveryWeekday": (100, ()),
    "RecursWeekly": (53, ("RecurrenceInterval", "RecurrenceDayOfWeekMask")),
    "RecursMonthly": (60, ("RecurrenceInterval", "RecurrenceDayOfMonth")),
    "RecursMonthlyNth": (60, ("RecurrenceInterval", "RecurrenceInstance", "RecurrenceDayOfWeekMask")),
    "RecursYearly": (10, ("RecurrenceDayOfMonth", "RecurrenceMonthOfYear")),
    "RecursYearlyNth": (10, ("RecurrenceInstance", "RecurrenceDayOfWeekMask", "RecurrenceMonthOfYear")),
}
"""Most occurrences of each type, and the fields it needs."""
WEEKDAY_MASK = 62


def check_classic(draft: dict[str, Any], *first: str) -> None:
    """`first` are the fields of its start and end; the type says which others it needs."""
    kind = draft.get("RecurrenceType")
    needed = (*first, "RecurrenceType", *(CLASSIC[kind][1] if kind else ()))
    missing = [name for name in needed if draft.get(name) is None]
    if missing:
        raise required_missing(missing)


def classic_days(draft: dict[str, Any], start: datetime) -> Iterator[datetime]:
    """From a start on the wall clock to RecurrenceEndDateOnly, no more than the type allows."""
    kind = draft["RecurrenceType"]
    interval = int(draft.get("RecurrenceInterval") or 1)
    rule = rrule.rrule(dtstart=start, interval=interval, **_BY_TYPE[kind](draft))
    return limited(rule, CLASSIC[kind][0], draft["RecurrenceEndDateOnly"])


def limited(rule: rrule.rrulebase, most: int, last: date | None) -> Iterator[datetime]:
    for number, found in enumerate(rule):
        if number >= most or (last is not None and found.date() > last):
            return
        yield found


def _weekdays(draft: dict[str, Any]) -> list[Any]:
    mask = int(draft.get("RecurrenceDayOfWeekMask") or WEEKDAY_MASK)
    return [day for bit, day in enumerate(WEEKDAYS) if mask & (1 << bit)]


def _nth(draft: dict[str, Any]) -> dict[str, Any]:
    position = INSTANCES.index(draft["RecurrenceInstance"]) + 1
    return {"byweekday": _weekdays(draft), "bysetpos": -1 if position == len(INSTANCES) else position}


def _month(draft: dict[str, Any]) -> int:
    return MONTHS.index(draft["RecurrenceMonthOfYear"]) + 1


_BY_TYPE: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "RecursDaily": lambda draft: {"freq": rrule.DAILY},
    "RecursEveryWeekday": lambda draft: {"freq": rrule.WEEKLY, "byweekday": WEEKDAYS[1:6]},
    "RecursWeekly": lambda draft: {"freq": rrule.WEEKLY, "byweekday": _weekdays(draft)},
    "RecursMonthly": lambda draft: {"freq": rrule.MONTHLY, "bymonthday": int(draft["RecurrenceDayOfMonth"])},
    "RecursMonthlyNth": lambda draft: {"freq": rrule.MONTHLY, **_nth(draft)},
    "RecursYearly": lambda draft: {
        "freq": rrule.YEARLY,
        "bymonth": _month(draft),
        "bymonthday": int(draft["RecurrenceDayOfMonth"]),
    },
    "RecursYearlyNth": lambda draft: {"freq": rrule.YEARLY, "bymonth": _month(draft), **_nth(draft)},
}
