"""A day of a hundred people, by a clock of its own: how soon a mail is in Salesforce, and what the day costs.

Nothing is pushed: mails are found by sessions every half hour, the org is read every two minutes. *Together*:
everybody was activated at one moment; *apart*: one after the other, so that sessions begin at every moment.
"""

import random
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import quantiles
from typing import Any

from bench.calls import CUSTOMERS, Counts, Unsound
from bench.measured import Measured
from tests.simulation.day import deliver
from tests.simulation.house import TICK, House, Make, Person
from tests.simulation.letters import letter

PEOPLE, MAILS, EDITS = 100, 40, 5
WORK = timedelta(hours=10)
DAY = timedelta(hours=24)
UNKNOWN = 30
"""Of a hundred mails in the second kind of day, those from people whom nobody knows."""
GOALS = {
    f"{kind}.{what}": goal
    for kind in ("together", "apart", "strangers_together", "strangers_apart")
    for what, goal in (("salesforce", 1500.0), ("salesforce_beside_ticks", 500.0), ("minutes_p95", 32.0))
}


@dataclass(frozen=True, slots=True)
class Deed:
    """A mail to somebody, or (without a sender) an edit in Salesforce."""

    at: timedelta
    person: str
    number: int
    sender: str = ""

    @property
    def subject(self) -> str:
        return f"Mail {self.number} for {self.person}"


@dataclass
class Day:
    house: House
    sent: dict[str, datetime] = field(default_factory=dict)
    """Subject → when it was; those alone that have to be saved."""
    ticks: int = 0
    beside: int = 0
    graph: int = 0

    def live(self, deeds: list[Deed]) -> None:
        began, coming = self.house.clock.now(), iter(sorted(deeds, key=lambda deed: deed.at))
        due = next(coming, None)
        for step in range(1, int(DAY / TICK) + 1):
            while due and due.at < step * TICK:
                self.manual_to(began + due.at)
                self._do(due)
                due = next(coming, None)
            self.manual_to(began + step * TICK)
            self.ticks += Counts.of(self.house.counting(self.house.tick)).salesforce
            worked = Counts.of(self.house.counting(self.house.sync))
            self.beside += worked.salesforce
            self.graph += worked.graph

    def manual_to(self, moment: datetime) -> None:
        """A session takes no time here, so the next moment is never past."""
        self.house.pass_minutes(max(moment - self.house.clock.now(), timedelta()) / timedelta(minutes=1))

    def _do(self, deed: Deed) -> None:
        now = self.house.clock.now()
        if not deed.sender:
            start = now + timedelta(days=1)
            values = {"Subject": f"Call {deed.number}", "StartDateTime": start, "EndDateTime": start}
            user = next(one.user for one in self.house.company.colleagues if one.address.startswith(deed.person))
            self.house.org.insert(user, "Event", values)
            return
        deliver(self.house, letter(deed.subject, deed.sender, self.house.box(deed.person).address, now))
        if not deed.sender.endswith("stranger.test"):
            self.sent[deed.subject] = now

    def waits(self) -> list[float]:
        """Minutes from sent to saved."""
        found = dict(self._saved())
        if found.keys() != self.sent.keys():
            raise Unsound(f"{len(self.sent)} mails had to be saved, and {len(found)} were")
        return [(at - self.sent[subject]) / timedelta(minutes=1) for subject, at in found.items()]

    def _saved(self) -> Iterator[tuple[str, datetime]]:
        for person in self.house.ids:
            rows = self.house.rows("EmailMessage", "Subject", "CreatedDate", where=f"Subject LIKE '% {person}'")
            for row in rows:
                yield row["Subject"], datetime.fromisoformat(str(row["CreatedDate"]))


def options(parser: ArgumentParser) -> None:
    parser.add_argument("--people", type=int, default=PEOPLE)


def measure(asked: Namespace) -> Measured:
    found = {
        f"{'strangers_' if unknown else ''}{'apart' if apart else 'together'}": lived(asked.people, unknown, apart)
        for unknown in (0, UNKNOWN)
        for apart in (False, True)
    }
    return Measured(found, GOALS)


def lived(count: int, unknown: int, apart: bool) -> Mapping[str, Any]:
    people: list[Person] = [(f"person{number}", "Pat", f"Number {number}", ()) for number in range(count)]
    names = [local for local, *_ in people]
    house = House(Make(people=people, syncing=[] if apart else names))
    for name in names if apart else ():
        house.activate(name)
        house.sync()
        house.pass_minutes(30 / count)
    for _ in range(16):
        house.run_for(2)
    day = Day(house)
    day.live(list(_deeds(names, unknown)))
    waits = quantiles(day.waits(), n=20)
    return {
        "mails": float(len(day.sent)),
        "minutes_p50": waits[9],
        "minutes_p95": waits[18],
        "salesforce": day.ticks + day.beside,
        "salesforce_beside_ticks": day.beside,
        "graph_http": day.graph,
    }


def _deeds(names: list[str], unknown: int) -> Iterator[Deed]:
    dice = random.Random(f"workday:{unknown}")
    for name in names:
        for number in range(MAILS):
            stranger = dice.randrange(100) < unknown
            known, _ = dice.choice(CUSTOMERS)
            yield Deed(WORK * dice.random(), name, number, f"{name}.{number}@stranger.test" if stranger else known)
        for number in range(EDITS):
            yield Deed(WORK * dice.random(), name, number)
