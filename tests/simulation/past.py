"""An administrator has somebody's older mails looked at too: at most once in a history, with dice of its own."""

import random
from dataclasses import dataclass
from datetime import timedelta

from crosstie.domain.mailboxes import Span
from tests.simulation.house import House
from tests.simulation.ledger import Ledger

OFTEN = 0.4
LATEST = 10
"""Rounds before it."""
REACHES = timedelta(days=60)


@dataclass(slots=True)
class Past:
    house: House
    ledger: Ledger
    dice: random.Random
    rounds: int = -1
    """Until it is asked for; negative: never, or no more."""
    mails: int = 0
    """Older mails that lie there for it."""

    def __post_init__(self) -> None:
        if self.dice.random() < OFTEN:
            self.rounds, self.mails = self.dice.randrange(LATEST), self.dice.choice((2, 4, 6))

    def round_begins(self, *, may_be_lost: bool) -> None:
        """What is asked for while transactions are about to be lost would be lost with them."""
        if self.rounds == 0 and not may_be_lost:
            person, now = self.dice.choice(("ada", "ben")), self.house.manual.now()
            window = Span(now - REACHES, now - self.dice.choice((timedelta(), timedelta(days=10))))
            self.house.new_worker().backfills.add(self.house.ids[person], window)
            self.ledger.past[person] = self.ledger.deed(f"the older mails of {person} are asked for")
        if self.rounds > 0 or not may_be_lost:
            self.rounds -= 1
