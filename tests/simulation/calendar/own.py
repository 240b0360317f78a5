"""The items that people have something to do with, and their own program, by which they do it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.mailboxes.calendar.model import Appointment
from tests.simulation.calendar.hand import Hand
from tests.simulation.calendar.ledger import Kind, Matter
from tests.simulation.calendar.meaning import MARK
from tests.simulation.calendar.outlook import Outlook


@dataclass(slots=True)
class Owner(Hand):
    outlook: Outlook

    def _own(self, *kinds: Kind) -> tuple[Matter, Appointment] | None:
        """An item of which nobody has had enough."""
        wanted = kinds or (Kind.APPOINTMENT, Kind.MEETING, Kind.SERIES, Kind.EVENT)
        found = [(one, item) for one in self.living(*wanted) for item in self.office.items(one)]
        return self.dice.choice(found[-6:] if self.dice.random() < 0.5 else found) if found else None

    def _saved(self) -> list[tuple[Matter, Appointment]]:
        """Items that bear the mark."""
        return [
            (one, item)
            for one in self.ledger.living()
            for item in self.office.items(one)
            if MARK in item.details.categories and one.kind is not Kind.OUTSIDE
        ]

    def _items(self, one: Matter) -> list[Appointment]:
        return [item for person in self.office.house.ids for item in self.office.items(one, person)]

    def _change(self, person: str, item: Appointment, body: Mapping[str, Any]) -> None:
        self.outlook.change(self.office.box(person), item, dict(body))

    def _address(self, person: str) -> str:
        return self.office.box(person).address

    def _colleagues(self) -> list[str]:
        return [self._address(person) for person in sorted(self.office.house.ids)]
