"""Somebody puts the whole store back to what it was some sessions ago, while the vendors have gone on."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.simulation.accidents import snapshot
from tests.simulation.house import House
from tests.simulation.ledger import Ledger
from tests.simulation.offices import Offices

OFTEN = 0.25
"""How many histories of orgs with keys have one; without keys nothing tells what was written since."""
SOON, LATE = 2, 6
"""Rounds between the backup and its return."""


@dataclass(slots=True)
class Backup:
    """At most one in a history, drawn with dice of its own. Taken only when every mailbox was listed once."""

    house: House
    ledger: Ledger
    offices: Offices
    dice: random.Random
    rounds: int = -1
    """Until it is put back; negative before it is taken."""
    _wanted: bool = field(init=False)
    _restore: Callable[[], None] | None = None
    _facts: dict[int, dict[str, str]] = field(default_factory=dict)
    _said: Offices = field(default_factory=Offices)
    _taken: int = 0
    _known_from: int = 0

    def __post_init__(self) -> None:
        self._wanted = self.house.make.keyed and self.dice.random() < OFTEN

    def round_is_over(self, known_from: int) -> int | None:
        """When the store was put back: the number from which on it knows the directory again."""
        if not self._wanted:
            return None
        if self._restore is None:
            if self._everybody_was_listed() and self.dice.random() < 0.4:
                self._take(known_from)
            return None
        self.rounds -= 1
        return self._put_back() if self.rounds <= 0 else None

    def _everybody_was_listed(self) -> bool:
        return {look.person for look in self.ledger.looks} == set(self.house.ids)

    def _take(self, known_from: int) -> None:
        self._restore, self.rounds = snapshot(self.house.store), self.dice.randint(SOON, LATE)
        self._facts = {number: dict(facts) for number, facts in self.house.facts.facts.items()}
        self._said = self.offices.copy()
        self._taken, self._known_from = self.ledger.next(), known_from

    def _put_back(self) -> int:
        assert self._restore is not None
        self._wanted = False
        self._restore()
        self.house.facts.facts = self._facts
        number = self.ledger.deed(f"the store is put back to what it was at {self._taken}")
        self.offices.said = self._said.said
        for person, line in self.ledger.settings.items():
            line.set(number, self.offices.meant(person))
        self.ledger.forgotten.append(number)
        self.ledger.restored.append((self._taken, number))
        return self._known_from
