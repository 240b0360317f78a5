"""RRULE and back; what no mailbox keeps is refused by name."""

from datetime import UTC, date, datetime

import pytest
from dateutil import rrule as dateutil_rules

from sandbox.mailboxes.calendar import NotRepresentable, Rule, expand
from sandbox.mailboxes.calendar.rules import rule_from, text_of
from tests.unit.sandbox.calendar.conftest import BERLIN, NINE, Office, plan

MARCH = datetime(2027, 3, 30, 22, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "FREQ=DAILY;INTERVAL=3;COUNT=4",
        "FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR;COUNT=7",
        "FREQ=WEEKLY;UNTIL=20270101T080000Z",
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=SU;COUNT=9",
        "FREQ=MONTHLY;BYMONTHDAY=24;COUNT=5",
        "FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=5",
        "FREQ=MONTHLY;BYDAY=-1TU;COUNT=5",
        "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=2;COUNT=5",
        "FREQ=YEARLY;COUNT=3",
        "FREQ=YEARLY;BYMONTH=11;BYDAY=4TH;COUNT=3",
        "FREQ=MONTHLY;BYMONTHDAY=31;COUNT=5",
    ],
)
def test_the_dates_are_those_of_the_text(office: Office, text: str) -> None:
    """dateutil reads the very text; ours goes through the rule that a mailbox keeps, and through its text."""
    local = expand.to_local(NINE, BERLIN)
    naive = text.replace("T080000Z", "T090000")
    wanted = list(dateutil_rules.rrulestr(naive, dtstart=local))[:10]
    rule = rule_from(text, NINE, BERLIN, skips=True)
    made = office.store.calendar.add(office.anna, plan(), rule=rule)
    found = [expand.to_local(one.details.start, BERLIN) for one in expand.first(made, 10)]
    assert found == wanted
    again = rule_from(text_of(rule, NINE), NINE, BERLIN, skips=True)
    other = office.store.calendar.add(office.anna, plan(), rule=again)
    assert [one.details.start for one in expand.first(other, 10)] == [
        one.details.start for one in expand.first(made, 10)
    ]


def test_exchange_takes_the_last_day_of_a_short_month() -> None:
    rule = rule_from("FREQ=MONTHLY;BYMONTHDAY=31", NINE, BERLIN, skips=False)
    assert text_of(rule, NINE) == "FREQ=MONTHLY;BYMONTHDAY=-1"
    thirtieth = rule_from("FREQ=MONTHLY;BYMONTHDAY=30", NINE, BERLIN, skips=False)
    assert text_of(thirtieth, NINE) == "FREQ=MONTHLY;BYMONTHDAY=28,29,30;BYSETPOS=-1"
    assert rule_from(text_of(thirtieth, NINE), NINE, BERLIN, skips=False) == thirtieth


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("UNTIL=20261208", date(2026, 12, 8)),
        ("UNTIL=20261208T080000Z", date(2026, 12, 8)),
        ("UNTIL=20261208T075959Z", date(2026, 12, 7)),
        ("UNTIL=20261208T090000", date(2026, 12, 8)),
        ("UNTIL=20261208T233000Z", date(2026, 12, 8)),
    ],
)
def test_the_last_day_is_that_of_the_zone(text: str, last: date) -> None:
    rule = rule_from(f"FREQ=DAILY;{text}", NINE, BERLIN, skips=False)
    assert rule.until == last


def test_the_end_is_told_at_the_hour_of_the_series() -> None:
    rule = Rule("daily", until=date(2027, 4, 2), zone=BERLIN)
    assert text_of(rule, MARCH) == "FREQ=DAILY;UNTIL=20270401T223000Z"
    assert text_of(rule, date(2027, 3, 30)) == "FREQ=DAILY;UNTIL=20270402"
    assert rule_from(text_of(rule, MARCH), MARCH, BERLIN, skips=False).until == rule.until


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("FREQ=HOURLY", "FREQ=HOURLY"),
        ("FREQ=DAILY;BYHOUR=9", "BYHOUR"),
        ("FREQ=YEARLY;BYWEEKNO=20", "BYWEEKNO"),
        ("FREQ=DAILY;BYMONTH=1", "BYMONTH"),
        ("FREQ=MONTHLY;BYMONTHDAY=-2", "BYMONTHDAY=-2"),
        ("FREQ=MONTHLY;BYMONTHDAY=1,15", "BYMONTHDAY=1,15"),
        ("FREQ=MONTHLY;BYDAY=MO", "BYDAY"),
        ("FREQ=MONTHLY;BYDAY=5MO", "BYDAY=5MO"),
        ("FREQ=MONTHLY;BYDAY=1MO,3MO", "BYDAY=1MO,3MO"),
        ("FREQ=YEARLY;BYDAY=20MO", "no BYMONTH"),
        ("FREQ=WEEKLY;COUNT=0", "COUNT=0"),
        ("FREQ=WEEKLY;INTERVAL=x", "INTERVAL=X"),
        ("FREQ=WEEKLY;BYDAY=XX", "BYDAY=XX"),
        ("FREQ=WEEKLY;UNTIL=soon", "UNTIL=SOON"),
        ("FREQ=WEEKLY;UNTIL=20270101;COUNT=2", "both UNTIL and COUNT"),
        ("FREQ=DAILY;INTERVAL=2;BYDAY=MO", "INTERVAL and BYDAY"),
        ("nonsense", "NONSENSE"),
        ("COUNT=2", "FREQ="),
    ],
)
def test_what_no_mailbox_keeps(text: str, named: str) -> None:
    with pytest.raises(NotRepresentable, match=named):
        rule_from(text, NINE, BERLIN, skips=False)
