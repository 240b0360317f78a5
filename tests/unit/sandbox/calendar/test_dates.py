"""The dates of any rule, against a walk from day to day that knows no library."""

import calendar
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.clock import ManualClock
from sandbox.mailboxes.calendar import Details, Rule, expand
from sandbox.mailboxes.calendar.model import DAYS, INDEXES
from sandbox.mailboxes.calendar.rules import rule_from, text_of
from sandbox.world import World
from tests.unit.sandbox.calendar.conftest import START

ZONES = ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "UTC", "Pacific/Apia")
YEARS = 30


@st.composite
def rules(draw: st.DrawFn) -> Rule:
    pattern = draw(st.sampled_from(sorted(expand.PATTERNS)))
    return Rule(
        pattern,
        interval=draw(st.integers(1, 4)),
        days=tuple(draw(st.lists(st.sampled_from(DAYS), min_size=1, max_size=4, unique=True))),
        first_day=draw(st.sampled_from(DAYS)),
        index=draw(st.sampled_from(INDEXES)),
        day=draw(st.one_of(st.integers(1, 28), st.integers(29, 31))),
        month=draw(st.integers(1, 12)) if pattern.endswith("Yearly") else 0,
        count=draw(st.integers(1, 6)),
        zone=draw(st.sampled_from(ZONES)),
        skips=draw(st.booleans()),
    )


def walked(rule: Rule, start: date) -> Iterator[date]:
    found = 0
    for step in range(YEARS * 366):
        day = start + timedelta(days=step)
        if fits(rule, start, day):
            yield day
            found += 1
        if found == rule.count:
            return


def fits(rule: Rule, start: date, day: date) -> bool:
    if rule.pattern == "daily":
        return (day - start).days % rule.interval == 0
    if rule.pattern == "weekly":
        first = DAYS.index(rule.first_day)
        weeks = [one - timedelta(days=(one.weekday() - first) % 7) for one in (start, day)]
        return (weeks[1] - weeks[0]).days // 7 % rule.interval == 0 and DAYS[day.weekday()] in rule.days
    months = (day.year - start.year) * 12 + day.month - start.month
    if rule.pattern.endswith("Yearly"):
        if day.month != rule.month or (day.year - start.year) % rule.interval:
            return False
    elif months % rule.interval:
        return False
    length = calendar.monthrange(day.year, day.month)[1]
    if rule.pattern.startswith("absolute"):
        return day.day == (rule.day if rule.skips else min(rule.day, length))
    month = [day.replace(day=number) for number in range(1, length + 1)]
    wanted = [one for one in month if DAYS[one.weekday()] in rule.days]
    index = -1 if rule.index == "last" else INDEXES.index(rule.index)
    return wanted[index] == day


@settings(deadline=None)
@given(rules(), st.dates(date(2024, 1, 1), date(2030, 1, 1)), st.times(), st.booleans())
def test_the_dates_of_any_rule(rule: Rule, first: date, hour: time, all_day: bool) -> None:
    wanted = list(walked(rule, first))
    if not wanted:
        return
    start = first if all_day else expand.to_utc(datetime.combine(first, hour), rule.zone)
    length = timedelta(days=1) if all_day else timedelta(hours=1)
    details = Details(start=start, end=start + length, start_zone=rule.zone, end_zone=rule.zone)
    if not all_day and expand.to_local(start, rule.zone).time() != hour:
        return  # an hour that clocks skip on that day: the series has another one
    world = World(ManualClock(START))
    anna = world.mailboxes.add_mailbox("anna@acme.test", "Anna")
    made = world.mailboxes.calendar.add(anna, details, rule=rule)
    seen = expand.first(made, 10)
    assert [expand.day_of(made, one.original) for one in seen] == wanted
    assert all(
        expand.occurrence_on(made, day).original == one.original for day, one in zip(wanted, seen, strict=True)
    )
    whole = expand.occurrences(made, datetime(2020, 1, 1, tzinfo=UTC), datetime(2070, 1, 1, tzinfo=UTC))
    assert [one.original for one in whole] == [one.original for one in seen]
    last = expand.last(made)
    assert last is not None
    assert last.original == seen[-1].original
    again = rule_from(text_of(rule, made.details.start), made.details.start, rule.zone, skips=rule.skips)
    other = world.mailboxes.calendar.add(anna, made.details, rule=again)
    assert [one.original for one in expand.first(other, 10)] == [one.original for one in seen]
