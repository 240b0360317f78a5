"""Which copies carry a receipt of ours, and of which record it tells."""

from collections.abc import Iterator

from tests.simulation.house import House
from tests.simulation.ledger import CATEGORY, Copy, Ledger, Made


def receipts(house: House, ledger: Ledger, subject: str) -> Iterator[Copy]:
    """The copies of a letter with a category that people never set."""
    letter = ledger.letters.get(subject)
    for copy in ledger.copies_of(letter) if letter else ():
        message = house.box(copy.person).messages.get(copy.number)
        if message and CATEGORY in message.categories and not any(copy.marked.values):
            yield copy


def is_told(house: House, ledger: Ledger, made: Made) -> bool:
    """Whether somebody has a receipt of this record. One that was there before, and stayed, tells of another."""
    return any(
        copy.item_id not in made.older_receipts or any(off > made.number for off in copy.removed)
        for copy in receipts(house, ledger, made.subject)
    )
