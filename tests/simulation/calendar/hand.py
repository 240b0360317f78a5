"""What everybody needs who does something: words that nobody said before, and times of day of no other matter."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from sandbox.mailboxes.calendar.model import Appointment
from sandbox.salesforce.records import Row
from tests.simulation.calendar.ledger import FIELDS, PLACE, SHOWN, SUBJECT, TEXT, Kind, Ledger, Matter
from tests.simulation.calendar.office import Office
from tests.simulation.calendar.said import said_by_item, said_by_record

WAYS_TO_SHOW = ("free", "busy", "oof")
EDGES = (-14, -13, 60, 61, 75)
"""Days from now at which the window ends, or nearly."""
OFTEN = 0.08
"""How often something is put there."""


@dataclass(slots=True)
class Hand:
    office: Office

    @property
    def ledger(self) -> Ledger:
        return self.office.ledger

    @property
    def dice(self) -> random.Random:
        return self.office.dice

    def words(self, one: Matter, name: str) -> str:
        self.ledger.number += 1
        number = self.ledger.number
        if name == SHOWN:
            return self.dice.choice(WAYS_TO_SHOW)
        return {SUBJECT: f"{one.tag}said {number}.", PLACE: f"Room {number}.", TEXT: f"Plan {number}."}[name]

    def start(self, *, soon: bool = False) -> datetime:
        self.ledger.number += 1
        if soon or self.dice.random() > OFTEN:
            midnight = self.office.now.replace(hour=0, minute=0, second=0, microsecond=0)
            minute = timedelta(minutes=7 * (self.ledger.number % 170))
            return midnight + timedelta(days=2 + self.ledger.number % (5 if soon else 25)) + minute
        return self.edge()

    def edge(self) -> datetime:
        days = timedelta(days=self.dice.choice(EDGES), hours=self.dice.choice((1, 8)))
        return self.office.now.replace(second=0, microsecond=0) + days

    def living(self, *kinds: Kind) -> list[Matter]:
        return [one for one in self.ledger.living() if one.kind in kinds]

    def on_its_way(self) -> list[tuple[Matter, Appointment, Row, str]]:
        """Pairs with a field that the two halves do not say alike: somebody is about to carry it over."""
        found = []
        for one in self.living(Kind.APPOINTMENT, Kind.MEETING, Kind.EVENT):
            items, rows = self.office.items(one), self.office.records(one)
            if len(items) == len(rows) == 1:
                here, there = said_by_item(items[0]), said_by_record(rows[0])
                found += [(one, items[0], rows[0], name) for name in FIELDS if here[name] != there[name]]
        return found

    def is_in_doubt(self, one: Matter) -> bool:
        return one.name in self.ledger.unheard
