"""Generated series over the changes of clocks: what Graph, the connector and Salesforce have is what ical.js says.

Here a sample; RULES=2000 in the environment takes as many, SEED others.
"""

import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
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
SIZE = 50
"""Series in one calendar."""
DAYS = 210
"""As the cursor's window has them."""
BACK = 30 * DAY
MIRRORED = 4
"""Every so manieth calendar is mirrored too."""


@dataclass(frozen=True, slots=True)
class Batch:
    number: int
    since: datetime
    series: Sequence[Series]

    @property
    def before(self) -> datetime:
        return self.since + DAYS * DAY


@dataclass(slots=True)
class Found:
    dates: int = 0
    records: int = 0
    told: list[tuple[Rule, Answer]] = field(default_factory=list)
    """The rules that the connector told, and what each must give."""
    different: list[str] = field(default_factory=list)


def test_generated_series() -> None:
    found = Found()
    made = [
        Batch(number, datetime.combine(since, time(), UTC), series)
        for number, (since, series) in enumerate(batches(SEED, COUNT, SIZE, DAYS))
    ]
    answers = iter(icaljs.asked([_rule(one, one.rule, batch) for batch in made for one in batch.series]))
    for batch in made:
        _one(batch, [next(answers) for _ in batch.series], found)
    _compare_rules(found)
    print(f"{COUNT} series from seed {SEED}: {found.dates} dates, {found.records} of them as records")
    for sentence in found.different:
        print(f"different: {sentence}")
    assert found.different == []
    assert found.dates > 10 * COUNT
    assert len(found.told) > COUNT // 2
    assert found.records


def _one(batch: Batch, wanted: Sequence[Answer], found: Found) -> None:
    desk = _desk(batch)
    items = _told(desk, batch)
    for series, answer in zip(batch.series, wanted, strict=True):
        mine = [one for one in items if one.subject == series.subject]
        _compare(series, answer, mine, batch, found)
        told = [(_rule(series, one.rule, batch), answer) for one in mine if one.shape is Shape.MASTER]
        assert len(told) == (1 if mine else 0), series
        found.told += told
    if batch.number % MIRRORED == 0:
        _compare_records(desk, wanted, batch, found)


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


def _compare(series: Series, answer: Answer, items: Sequence[CalendarItem], batch: Batch, found: Found) -> None:
    assert answer.problem == "", series
    wanted = Counter((one.start, one.end) for one in answer.found if _inside(one.start, batch))
    dates = [one.when for one in items if one.shape is not Shape.MASTER]
    there = Counter((one.start, one.end) for one in dates if _inside(one.start, batch))
    found.dates += wanted.total()
    if there != wanted:
        found.different.append(f"{series}: {dict(there - wanted)} instead of {dict(wanted - there)}")


def _compare_rules(found: Found) -> None:
    """The rule that the connector tells gives the same days again."""
    for (rule, wanted), answer in zip(found.told, icaljs.asked([rule for rule, _ in found.told]), strict=True):
        if answer != wanted:
            found.different.append(f"told as {rule}, which gives {answer} instead of {wanted}")


def _compare_records(desk: Desk, wanted: Sequence[Answer], batch: Batch, found: Found) -> None:
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
    found.records += expected.total()
    if there != expected:
        found.different.append(f"records: {dict(there - expected)} instead of {dict(expected - there)}, {batch}")


def _inside(start: datetime | date, batch: Batch) -> bool:
    """Whole days lie where their zone has them: those at the edges are left out."""
    return batch.since + DAY <= _moment(start) < batch.before - DAY


def _moment(at: datetime | date) -> datetime:
    return at if isinstance(at, datetime) else datetime.combine(at, time(), UTC)
