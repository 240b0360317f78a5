"""An org refuses some mails for a while, or for good, and their mailboxes say so: at most once in a history, with
dice of its own.
"""

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sandbox.graph.switches import ANY_CATEGORY_IS_TAKEN
from sandbox.salesforce.errors import SalesforceError
from tests.simulation.house import House
from tests.simulation.ledger import ARCHIVE, NEVER, Copy, Ledger, Made
from tests.simulation.meaning import SAVE, Meaning

OFTEN = 0.4
LATEST = 8
"""Rounds before it."""
LASTS = (1, 3, 6, NEVER)
ERROR = "Sync Error"
SAID = {"rule": "Status: A validation rule refused it", "flow": "Status: A trigger or flow failed"}
WARNINGS = frozenset((ERROR, *SAID.values()))
"""What people never set themselves."""


def without_warnings(categories: Iterable[str]) -> frozenset[str]:
    return frozenset(categories) - WARNINGS


@dataclass(slots=True)
class Refusals:
    """By a validation rule, or by a flow that fails: of every other mail, when its record is made."""

    house: House
    ledger: Ledger
    dice: random.Random
    rounds: int = -1
    """Until it begins, and then until it ends; negative: never, or no more."""
    lasts: int = 0
    kind: str = ""

    def __post_init__(self) -> None:
        if self.dice.random() < OFTEN:
            self.rounds, self.lasts = self.dice.randrange(LATEST), self.dice.choice(LASTS)
            self.kind = self.dice.choice(tuple(SAID))
            self._teach()

    def round_begins(self) -> None:
        if self.rounds == 0 and not self.ledger.refusing.values:
            self.ledger.refusing.set(self.ledger.deed(f"the org refuses mails, by a {self.kind}"), self.kind)
            self.rounds = self.lasts
        elif self.rounds == 0:
            self.ledger.refusing.set(self.ledger.deed("the org refuses mails no more"), "")
        if self.rounds >= 0:
            self.rounds -= 1

    def _teach(self) -> None:
        object_name = "EmailMessage" if self.house.make.enhanced_email else "Task"
        if self.kind == "rule":
            self.house.org.add_validation_rule(object_name, self._refuses, "Not that.")
        else:
            self.house.org.add_automation(object_name, "before", self._fail)

    def _fail(self, _org: object, _user: object, row: dict[str, Any]) -> None:
        if self._refuses(row):
            raise SalesforceError("APEX_ERROR", "Not that.")

    def _refuses(self, row: Any) -> bool:
        said = self.ledger.refusing.values
        is_new = self.house.org.core.row(row["Id"]) is None
        return bool(said and said[-1] and is_new and self.ledger.is_refusable(str(row.get("Subject"))))


def problems(house: House, ledger: Ledger, meaning: Meaning, copy: Copy, records: list[Made]) -> Iterator[str]:
    """What tells of an issue is there where one is open, and nowhere else."""
    box = house.box(copy.person)
    message = box.messages.get(copy.number)
    if message is None or copy.draft_until:
        return
    there = WARNINGS & set(message.categories)
    place = box.folders[message.folder].well_known or box.folders[message.folder].name
    wanted = _wanted(ledger, meaning, copy, records) if place in ledger.watched else frozenset[str]()
    if place not in (*ledger.watched, ARCHIVE) or (there and place == ARCHIVE and _is_unknown(ledger, copy)):
        return
    red_alone = not house.world.switches.on(ANY_CATEGORY_IS_TAKEN)
    if wanted and red_alone:
        wanted = frozenset({ERROR})
    if wanted is None:
        meaning.either["whether it is refused"] += 1
    elif red_alone and there and not wanted and _is_unknown(ledger, copy):
        meaning.either["whose Sync Error it is, which stands alone"] += 1
    elif there != wanted:
        yield f"{copy.person}'s copy of {copy.letter.subject}: says {set(there)} of issues, wanted {set(wanted)}"


def _wanted(ledger: Ledger, meaning: Meaning, copy: Copy, records: list[Made]) -> frozenset[str] | None:
    """None where nobody can say whether it is to be saved."""
    kind, now = ledger.refused(copy.letter, copy.first, ledger.number), ledger.number
    if not kind or any(made.alive.last() for made in records):
        return frozenset()
    if records or meaning.kept_back(copy, now):
        return None
    answers = meaning.answers(copy, now, now)
    if is_a_colleagues(ledger, meaning, copy):
        return None
    if SAVE not in answers:
        return frozenset()
    if answers != {SAVE}:
        return None
    return frozenset((ERROR, SAID[kind]))


def is_a_colleagues(ledger: Ledger, meaning: Meaning, copy: Copy) -> bool:
    """The org refuses it, and a colleague's copy is to be saved: of a try whose end nobody heard of, each of them
    is told what became of it, until that is known.
    """
    now = ledger.number
    others = [one for one in ledger.copies_of(copy.letter) if one is not copy]
    return bool(ledger.refused(copy.letter, copy.first, now)) and any(
        SAVE in meaning.answers(one, now, now) for one in others
    )


def _is_unknown(ledger: Ledger, copy: Copy) -> bool:
    """Nobody knows that it was told so: it is a person's copy, or what was remembered of it is lost."""
    return copy.twin or bool(ledger.forgotten)
