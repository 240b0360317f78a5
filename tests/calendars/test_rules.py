"""Generated series over the changes of clocks: what Graph, the connector and Salesforce have is what ical.js says.

Here a sample; RULES=2000 in the environment takes as many, SEED others.
"""

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

import httpx2
import pytest

from crosstie.domain.calendar import CalendarItem, Present, Shape
from crosstie.domain.mailboxes import Cursor, Span
from sandbox import company
from tests.calendars import icaljs
from tests.calendars.icaljs import Answer, Rule
from tests.calendars.rules import DAY, Series, batches
from tests.calendars.stage import HOST, opened, rows
from tests.simulation.desk import Desk

pytestmark = pytest.mark.node

COUNT, SEED = int(os.environ.get("RULES", "100")), int(os.environ.get("SEED", "1"))
SIZE = 25
"""Series in one calendar."""
DAYS = 210
"""As the cursor's window has them."""
BACK = 30 * DAY
MIRRORED = 4
"""Every so manieth calendar is mirrored too."""
Start = tuple[datetime | date, datetime | date]


@dataclass(frozen=True, slots=True)
class Batch:
    number: int
    since: datetime
    series: Sequence[Series]

    @property
    def before(self) -> datetime:
        return self.since + DAYS * DAY


def test_generated_series() -> None:
    compared, mirrored = 0, 0
    for batch in _batches():
        wanted = icaljs.asked([_rule(one, one.rule, batch) for one in batch.series])
        desk = _desk(batch)
        items = _told(desk, batch)
        for series, answer in zip(batch.series, wanted, strict=True):
            compared += _compare(series, answer, [one for one in items if one.subject == series.subject], batch)
        rules = {one.subject: one.rule for one in items}
        shown = [(one, rules[one.subject]) for one in batch.series if one.subject in rules]
        _compare_rules(shown, batch)
        if batch.number % MIRRORED == 0:
            mirrored += _compare_records(desk, wanted, batch)
    print(f"{COUNT} series from seed {SEED}: {compared} dates, {mirrored} of them as records")
    assert compared > 10 * COUNT
    assert mirrored


def _batches() -> Iterator[Batch]:
    for number, (since, series) in enumerate(batches(SEED, COUNT, SIZE, DAYS)):
        yield Batch(number, datetime.combine(since, time(), UTC), series)


def _rule(series: Series, text: str, batch: Batch) -> Rule:
    return Rule(text, series.start, series.iana, series.length, batch.before)


def _desk(batch: Batch) -> Desk:
    desk = opened(batch.since + BACK)
    http = httpx2.Client(transport=httpx2.WSGITransport(app=desk.house.app), base_url=HOST)
    form = {
        "client_id": company.GRAPH_CLIENT,
        "client_secret": company.GRAPH_SECRET,
        "grant_type": "client_credentials",
        "scope": "https://graph.microsoft.com/.default",
    }
    answer = http.post(f"/{desk.house.company.microsoft_tenant}/oauth2/v2.0/token", data=form)
    http.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
    address = desk.house.box(desk.person).address
    for one in batch.series:
        made = http.post(f"/v1.0/users/{address}/events", json=one.event())
        assert made.status_code == 201, (one, made.text)
    return desk


def _told(desk: Desk, batch: Batch) -> list[CalendarItem]:
    """By the connector, of a calendar that it reads for the first time."""
    calendar = desk.house.ports.mailboxes.open(desk.house.ids[desk.person]).calendar()
    cursors: dict[str, Cursor] = {}
    found: list[CalendarItem] = []
    for _ in range(1000):
        seen = calendar.observe(cursors, Span(batch.since, batch.before), limit=10_000)
        cursors |= {one.collection: one for one in seen.cursors}
        found += [one.item for one in seen.told if isinstance(one, Present)]
        if not seen.more:
            return found
    raise AssertionError("there is no end to it")


def _compare(series: Series, answer: Answer, items: Sequence[CalendarItem], batch: Batch) -> int:
    assert answer.problem == "", series
    wanted = Counter((one.start, one.end) for one in answer.found if _inside(one.start, batch))
    dates = [one.when for one in items if one.shape is not Shape.MASTER]
    there = Counter((one.start, one.end) for one in dates if _inside(one.start, batch))
    assert there == wanted, (series, sorted(map(str, (wanted - there))), sorted(map(str, (there - wanted))))
    return wanted.total()


def _compare_rules(shown: Sequence[tuple[Series, str]], batch: Batch) -> None:
    """The rule that the connector tells gives the same days again."""
    told = icaljs.asked([_rule(series, text, batch) for series, text in shown])
    made = icaljs.asked([_rule(series, series.rule, batch) for series, _ in shown])
    for (series, text), one, other in zip(shown, told, made, strict=True):
        assert (one.found, one.problem) == (other.found, other.problem), (series, text)


def _compare_records(desk: Desk, wanted: Sequence[Answer], batch: Batch) -> int:
    now = batch.since + BACK
    for _ in range(4):
        desk.sync()
    expected = Counter(
        (str(one.start), str(one.end), series.subject)
        for series, answer in zip(batch.series, wanted, strict=True)
        for one in answer.found
        if now + DAY <= _moment(one.start) < now + 59 * DAY
    )
    there = Counter(
        (str(one.start), str(one.end), one.subject)
        for one in rows(desk)
        if now + DAY <= _moment(one.start) < now + 59 * DAY
    )
    assert there == expected, (batch.number, there - expected, expected - there)
    return expected.total()


def _inside(start: datetime | date, batch: Batch) -> bool:
    """Whole days lie where their zone has them: those at the edges are left out."""
    return batch.since + DAY <= _moment(start) < batch.before - DAY


def _moment(at: datetime | date) -> datetime:
    return at if isinstance(at, datetime) else datetime.combine(at, time(), UTC)
