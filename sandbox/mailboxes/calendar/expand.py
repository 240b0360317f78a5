"""From a rule to dates. A series is counted in the local time of its own zone, so that it stays at its hour."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache, partial
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from dateutil import rrule

from sandbox.mailboxes.calendar.model import (
    DAYS,
    INDEXES,
    Appointment,
    Details,
    Moment,
    Occurrence,
    Pattern,
    Rule,
    is_all_day,
)
from sandbox.mailboxes.calendar.problems import NoOccurrence, NoOccurrences
from sandbox.mailboxes.zones import to_iana

PATTERNS: dict[Pattern, int] = {
    "daily": rrule.DAILY,
    "weekly": rrule.WEEKLY,
    "absoluteMonthly": rrule.MONTHLY,
    "relativeMonthly": rrule.MONTHLY,
    "absoluteYearly": rrule.YEARLY,
    "relativeYearly": rrule.YEARLY,
}
_MIDNIGHT = time()


def zone_of(name: str) -> tzinfo:
    """UTC for a name nobody knows, such as that of a zone an invitation brought along."""
    iana = to_iana(name)
    return ZoneInfo(iana) if iana else UTC


def to_local(moment: Moment, zone: str) -> datetime:
    """Naive, as the clock on the wall shows it; a date is its midnight."""
    if isinstance(moment, datetime):
        return moment.astimezone(zone_of(zone)).replace(tzinfo=None)
    return datetime.combine(moment, _MIDNIGHT)


def to_utc(local: datetime, zone: str) -> datetime:
    """An hour that a change of clocks skips is the one after it; of two the first counts (RFC 5545, 3.3.5)."""
    return local.replace(tzinfo=zone_of(zone)).astimezone(UTC)


def span(details: Details) -> tuple[datetime, datetime]:
    """Start and end in UTC. An all-day event begins at midnight where it was made."""
    return _instant(details.start, details.start_zone), _instant(details.end, details.end_zone)


def _instant(moment: Moment, zone: str) -> datetime:
    return moment if isinstance(moment, datetime) else to_utc(to_local(moment, zone), zone)


def overlaps(details: Details, start: datetime, end: datetime) -> bool:
    """An event without a length counts at its start."""
    begins, ends = span(details)
    return begins < end and (ends > start or begins == ends >= start)


@lru_cache(maxsize=512)
def _dates(rule: Rule, first: datetime) -> Any:
    """dateutil's rule from a naive local start on."""
    chosen: dict[str, Any] = {"interval": rule.interval, "cache": True}
    if rule.count is not None:
        chosen["count"] = rule.count
    elif rule.until is not None:
        chosen["until"] = datetime.combine(rule.until, time.max)
    chosen["wkst"] = DAYS.index(rule.first_day)
    if rule.pattern in ("absoluteYearly", "relativeYearly"):
        chosen["bymonth"] = rule.month or first.month
    if rule.pattern.startswith("absolute"):
        chosen |= _day_of_month(rule, rule.day or first.day)
    elif rule.pattern != "daily":
        chosen["byweekday"] = [DAYS.index(day) for day in rule.days] or [first.weekday()]
    if rule.pattern.startswith("relative"):
        position = INDEXES.index(rule.index) + 1
        chosen["bysetpos"] = -1 if rule.index == "last" else position
    return rrule.rrule(PATTERNS[rule.pattern], dtstart=first, **chosen)


def _day_of_month(rule: Rule, day: int) -> dict[str, Any]:
    if rule.skips or day <= 28:
        return {"bymonthday": day}
    return {"bymonthday": list(range(28, day + 1)), "bysetpos": -1}


def aligned(details: Details, rule: Rule) -> Details:
    """Moved to the first date that the rule gives. Raises NoOccurrences."""
    local = to_local(details.start, rule.zone)
    found = next(iter(_dates(rule, local)), None)
    if found is None:
        raise NoOccurrences("the rule gives no date")
    return details if found == local else _at(details, rule, found)


def _at(details: Details, rule: Rule, local: datetime) -> Details:
    """The same event at another local start; it ends at the same hour, whatever clocks did in between."""
    length = to_local(details.end, rule.zone) - to_local(details.start, rule.zone)
    if details.all_day:
        return replace(details, start=local.date(), end=(local + length).date())
    start = to_utc(local, rule.zone)
    end = to_utc(local + length, rule.zone)
    exact = start + (span(details)[1] - span(details)[0])
    return replace(details, start=start, end=end if end >= start else exact)


def _key(local: datetime, series: Appointment, rule: Rule) -> Moment:
    return local.date() if series.details.all_day else to_utc(local, rule.zone)


def _rule(series: Appointment) -> Rule:
    if series.rule is None:
        raise NoOccurrence("this is no series")
    return series.rule


def originals(series: Appointment, start: datetime | None = None) -> Iterator[Moment]:
    """Original starts by the rule, in order, the deleted ones too; from about `start` on."""
    rule = _rule(series)
    dates = _dates(rule, to_local(series.details.start, rule.zone))
    begin = to_local(start, rule.zone) - timedelta(days=1) if start else None
    regular = dates.xafter(begin, inc=True) if begin else iter(dates)
    keys = (_key(local, series, rule) for local in regular)
    return _merged(keys, series) if series.extra else keys


def _merged(regular: Iterator[Moment], series: Appointment) -> Iterator[Moment]:
    """With the extra ones, each once, in order."""
    in_order = partial(_instant, zone=series.details.start_zone)
    waiting = sorted(series.extra, key=in_order)
    for moment in regular:
        while waiting and in_order(waiting[0]) <= in_order(moment):
            early = waiting.pop(0)
            if early != moment:
                yield early
        yield moment
    yield from waiting


def has(series: Appointment, original: Moment) -> bool:
    """Whether the rule gives that start; it may have been deleted since."""
    rule = _rule(series)
    if is_all_day(original) != series.details.all_day:
        return False
    if original in series.extra:
        return True
    return to_local(original, rule.zone) in _dates(rule, to_local(series.details.start, rule.zone))


def occurrence(series: Appointment, original: Moment) -> Occurrence:
    """By its original start. Raises NoOccurrence."""
    if original in series.gone or not has(series, original):
        raise NoOccurrence("the series has no occurrence there")
    return _occurrence(series, original)


def day_of(series: Appointment, original: Moment) -> date:
    """The local date of an original start, by which an occurrence is named."""
    return to_local(original, _rule(series).zone).date()


def original_on(series: Appointment, day: date) -> Moment | None:
    """The first original start on that local date, whether or not it was deleted."""
    rule = _rule(series)
    around = to_utc(datetime.combine(day, _MIDNIGHT), rule.zone)
    for original in originals(series, around):
        local = to_local(original, rule.zone).date()
        if local >= day:
            return original if local == day else None
    return None


def occurrence_on(series: Appointment, day: date) -> Occurrence:
    """By the local date of its original start, as Graph's `OID` names it. Raises NoOccurrence."""
    original = original_on(series, day)
    if original is None:
        raise NoOccurrence("the series has no occurrence on that day")
    return occurrence(series, original)


def _occurrence(series: Appointment, original: Moment) -> Occurrence:
    rule = _rule(series)
    plain = _at(series.details, rule, to_local(original, rule.zone))
    deviation = series.deviations.get(original)
    details = replace(plain, **deviation.changes) if deviation else plain
    return Occurrence(series, original, details, deviation)


def occurrences(series: Appointment, start: datetime, end: datetime) -> list[Occurrence]:
    """Those that reach into the window as they are now, by their start; moved ones where they are now."""
    begins, ends = span(series.details)
    late = start - begins > ends - begins
    found = [one for one in _moved(series) if overlaps(one.details, start, end)]
    for original in originals(series, start - (ends - begins) if late else None):
        if _instant(original, series.details.start_zone) >= end:
            break
        if original in series.gone or original in series.deviations:
            continue
        one = _occurrence(series, original)
        if overlaps(one.details, start, end):
            found.append(one)
    return sorted(found, key=lambda one: span(one.details))


def _moved(series: Appointment) -> Iterator[Occurrence]:
    return (_occurrence(series, one) for one in series.deviations if one not in series.gone)


def neighbours(series: Appointment, original: Moment) -> tuple[Occurrence | None, Occurrence | None]:
    """The occurrence before it and the one after it in the order of the rule, deleted ones left out."""
    before: Moment | None = None
    after: Moment | None = None
    here = _instant(original, series.details.start_zone)
    for one in originals(series):
        at = _instant(one, series.details.start_zone)
        if one not in series.gone and at > here:
            after = one
            break
        if one not in series.gone and at < here:
            before = one
    return (
        None if before is None else _occurrence(series, before),
        None if after is None else _occurrence(series, after),
    )


def first(series: Appointment, count: int = 1) -> list[Occurrence]:
    """The first that are not deleted."""
    left = (one for one in originals(series) if one not in series.gone)
    return [_occurrence(series, one) for one in islice(left, count)]


def last(series: Appointment) -> Occurrence | None:
    """None for a series without an end, and for one of which nothing is left."""
    rule = _rule(series)
    if rule.until is None and rule.count is None:
        return None
    left = [one for one in originals(series) if one not in series.gone]
    return _occurrence(series, left[-1]) if left else None


def details_at(appointment: Appointment, original: Moment | None) -> Details:
    """Of the whole, or of its occurrence that starts at `original` by the rule. Raises NoOccurrence."""
    return appointment.details if original is None else occurrence(appointment, original).details


def deviating(series: Appointment) -> list[Moment]:
    """Original starts of the occurrences with changes of their own, in order."""
    return sorted(series.deviations, key=partial(_instant, zone=series.details.start_zone))
