"""Series by dice, each said twice: as Graph's pattern and range, and as RFC 5545 says the same.

Their hours lie where clocks change more often than not: in the hour that is left out, in the one that is twice.
"""

import calendar
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)
ZONES = {
    "W. Europe Standard Time": "Europe/Berlin",
    "Eastern Standard Time": "America/New_York",
    "Newfoundland Standard Time": "America/St_Johns",
    "Lord Howe Standard Time": "Australia/Lord_Howe",
    "AUS Eastern Standard Time": "Australia/Sydney",
    "Cen. Australia Standard Time": "Australia/Adelaide",
    "New Zealand Standard Time": "Pacific/Auckland",
    "Chatham Islands Standard Time": "Pacific/Chatham",
    "Pacific SA Standard Time": "America/Santiago",
    "E. South America Standard Time": "America/Sao_Paulo",
    "Central Standard Time (Mexico)": "America/Mexico_City",
    "Turkey Standard Time": "Europe/Istanbul",
    "Iran Standard Time": "Asia/Tehran",
    "Fiji Standard Time": "Pacific/Fiji",
    "Namibia Standard Time": "Africa/Windhoek",
    "Egypt Standard Time": "Africa/Cairo",
    "Jordan Standard Time": "Asia/Amman",
    "Israel Standard Time": "Asia/Jerusalem",
    "Paraguay Standard Time": "America/Asuncion",
    "Cuba Standard Time": "America/Havana",
    "Russian Standard Time": "Europe/Moscow",
    "Samoa Standard Time": "Pacific/Apia",
    "India Standard Time": "Asia/Calcutta",
    "UTC": "UTC",
    "Europe/Dublin": "Europe/Dublin",
    "Antarctica/Troll": "Antarctica/Troll",
    "Africa/Casablanca": "Africa/Casablanca",
}
"""By the name that Graph is told. North and south, changes by half an hour and by two, some that are no more."""
YEARS = range(2011, 2026)
"""Whose laws all tables of zones know."""
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
SETS = (DAYS[:5], DAYS[5:], DAYS, DAYS[:1], DAYS[1:2], DAYS[4:5], DAYS[6:], (DAYS[0], DAYS[3]))
"""Of the relative patterns."""
PLACES = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": -1}
KINDS = ("daily", "weekly", "absoluteMonthly", "relativeMonthly", "absoluteYearly", "relativeYearly")
LENGTHS = tuple(timedelta(minutes=one) for one in (15, 30, 60, 90, 180, 12 * 60, 23 * 60))


@dataclass(frozen=True, slots=True)
class Series:
    subject: str
    zone: str
    start: datetime | date
    """On the wall of its zone."""
    length: timedelta
    pattern: Mapping[str, Any]
    range: Mapping[str, Any]
    rule: str

    @property
    def iana(self) -> str:
        return ZONES[self.zone]

    @property
    def all_day(self) -> bool:
        return not isinstance(self.start, datetime)

    def event(self) -> dict[str, Any]:
        """The body of Graph's request that makes it."""
        start, end = (
            {"dateTime": at.isoformat() if isinstance(at, datetime) else f"{at}T00:00:00", "timeZone": self.zone}
            for at in (self.start, self.start + self.length)
        )
        recurrence = {"pattern": dict(self.pattern), "range": dict(self.range)}
        when = {"start": start, "end": end, "isAllDay": self.all_day}
        return {"subject": self.subject, **when, "recurrence": recurrence}


@dataclass(slots=True)
class Maker:
    """Of series that are alive in the days from `since` on."""

    dice: Random
    since: date
    days: int
    made: int = field(default=0)

    def series(self) -> Series:
        self.made += 1
        zone = self.dice.choice(list(ZONES))
        kind = KINDS[self.made % len(KINDS)]
        pattern, parts = self._pattern(kind)
        day = self._first_day(kind, pattern)
        pattern, parts = _fixed(kind, pattern, parts, day)
        whole = self.dice.random() < 0.2
        start = day if whole else _that_exists(datetime.combine(day, self._hour(zone)), ZONES[zone])
        length = DAY * self.dice.choice((1, 1, 2, 3)) if whole else self.dice.choice(LENGTHS)
        limits, end = self._range(day, whole=whole)
        rule = ";".join([*parts, *end])
        return Series(f"Series {self.made}", zone, start, length, pattern, limits, rule)

    def _pattern(self, kind: str) -> tuple[dict[str, Any], list[str]]:
        """But for the day and the month of its first one."""
        interval = self.dice.choice((1, 1, 2, 3))
        pattern: dict[str, Any] = {"type": kind, "interval": interval}
        parts = [f"FREQ={_frequency(kind)}", f"INTERVAL={interval}"]
        if kind == "weekly":
            first = self.dice.choice(DAYS)
            days = [one for one in DAYS if self.dice.random() < 0.4] or [self.dice.choice(DAYS)]
            pattern |= {"daysOfWeek": days, "firstDayOfWeek": first}
            parts += [f"BYDAY={_short(days)}", f"WKST={_short([first])}"]
        elif kind.startswith("relative"):
            index, days = self.dice.choice(list(PLACES)), list(self.dice.choice(SETS))
            place, named = PLACES[index], _short(days)
            pattern |= {"index": index, "daysOfWeek": days}
            parts += [f"BYDAY={place}{named}"] if len(days) == 1 else [f"BYDAY={named}", f"BYSETPOS={place}"]
        return pattern, parts

    def _first_day(self, kind: str, pattern: Mapping[str, Any]) -> date:
        """A day on which it happens: within the days, or before them."""
        inside = self.since + DAY * self.dice.randrange(self.days)
        years = self.dice.choice((0, 0, pattern["interval"])) if kind.endswith("Yearly") else 0
        if self.dice.random() < 0.3 and kind.startswith("absolute"):
            inside = inside.replace(day=calendar.monthrange(inside.year, inside.month)[1])
        before = DAY * self.dice.choice((0, 0, 30, 200)) if not kind.endswith("Yearly") else DAY * 0
        day = inside - before
        day = day.replace(year=day.year - years, day=min(day.day, 28)) if years else day
        return next(one for one in (day + DAY * number for number in range(800)) if _fits(one, pattern))

    def _hour(self, zone: str) -> time:
        changes = [one for one in _changes(ZONES[zone]) if abs((one.date() - self.since).days) <= self.days]
        if changes and self.dice.random() < 0.6:
            around = self.dice.choice(changes) + timedelta(
                minutes=self.dice.choice((-60, -30, -15, 0, 15, 30, 45, 60))
            )
            return around.time()
        return time(self.dice.randrange(24), self.dice.choice((0, 15, 30, 45)))

    def _range(self, day: date, *, whole: bool) -> tuple[dict[str, Any], list[str]]:
        limits: dict[str, Any] = {"startDate": day.isoformat()}
        kind = self.dice.choice(("noEnd", "numbered", "endDate"))
        if kind == "numbered":
            count = self.dice.choice((1, 2, 5, 30, 200))
            return {**limits, "type": kind, "numberOfOccurrences": count}, [f"COUNT={count}"]
        if kind == "noEnd":
            return {**limits, "type": kind}, []
        last = day + DAY * self.dice.choice((0, 1, 30, 120, 700))
        until = f"UNTIL={last:%Y%m%d}" if whole else f"UNTIL={last:%Y%m%d}T235959"
        return {**limits, "type": kind, "endDate": last.isoformat()}, [until]


def batches(seed: int, count: int, size: int, days: int) -> Iterator[tuple[date, list[Series]]]:
    """`count` series in batches that look at the same days."""
    dice = Random(seed)
    for first in range(0, count, size):
        since = date(dice.choice(YEARS), 1, 1) + DAY * dice.randrange(365)
        maker = Maker(dice, since, days)
        yield since, [maker.series() for _ in range(min(size, count - first))]


def _that_exists(clock: datetime, iana: str) -> datetime:
    """Nobody says what Exchange makes of a series whose very first hour is left out: it begins at noon."""
    zone = ZoneInfo(iana)
    shown = clock.replace(tzinfo=zone).astimezone(UTC).astimezone(zone).replace(tzinfo=None)
    return clock if shown == clock else clock.replace(hour=12)


def _frequency(kind: str) -> str:
    if kind in ("daily", "weekly"):
        return kind.upper()
    return "YEARLY" if kind.endswith("Yearly") else "MONTHLY"


def _short(days: list[str]) -> str:
    return ",".join(one[:2].upper() for one in days)


def _fixed(kind: str, pattern: dict[str, Any], parts: list[str], day: date) -> tuple[dict[str, Any], list[str]]:
    """With the day and the month of the first one. A month that lacks the day has it on its last, in Exchange."""
    if kind.startswith("absolute"):
        upto = ",".join(map(str, range(28, day.day + 1)))
        chosen = [f"BYMONTHDAY={upto}", "BYSETPOS=-1"] if day.day > 28 else [f"BYMONTHDAY={day.day}"]
        pattern, parts = {**pattern, "dayOfMonth": day.day}, [*parts, *chosen]
    if kind.endswith("Yearly"):
        return {**pattern, "month": day.month}, [*parts, f"BYMONTH={day.month}"]
    return pattern, parts


def _fits(day: date, pattern: Mapping[str, Any]) -> bool:
    name = DAYS[day.weekday()]
    if "index" not in pattern:
        return name in pattern.get("daysOfWeek", DAYS)
    last = calendar.monthrange(day.year, day.month)[1]
    month = (day.replace(day=number) for number in range(1, last + 1))
    there = [one for one in month if DAYS[one.weekday()] in pattern["daysOfWeek"]]
    place = PLACES[pattern["index"]]
    return len(there) >= abs(place) and there[place if place < 0 else place - 1] == day


@cache
def _changes(iana: str) -> list[datetime]:
    """What clocks show at each change, before it."""
    zone, found = ZoneInfo(iana), []
    moment = datetime(YEARS[0] - 1, 1, 1, tzinfo=UTC)
    while moment.year < YEARS[-1] + 2:
        later = moment + timedelta(hours=6)
        if moment.astimezone(zone).utcoffset() != later.astimezone(zone).utcoffset():
            steps = (moment + timedelta(minutes=15 * number) for number in range(1, 25))
            before = moment.astimezone(zone).utcoffset()
            at = next(one for one in steps if one.astimezone(zone).utcoffset() != before)
            found.append(
                ((at - timedelta(seconds=1)).astimezone(zone) + timedelta(seconds=1)).replace(tzinfo=None)
            )
        moment = later
    return found
