"""The note of what one side said before the other one's value replaced it."""

from hashlib import sha256

from crosstie.domain.links import Side
from crosstie.domain.mirroring import Mirroring
from crosstie.domain.notes import Note

PLACES = {Side.CRM: "in Salesforce", Side.MAILBOX: "in your calendar"}


def note_of(operation: Mirroring) -> Note:
    """The same conflict has the same key, whoever meets it once more."""
    where = PLACES[operation.losing]
    said = [f"{field.replace('_', ' ').capitalize()} {where}: {value}" for field, value in operation.lost.items()]
    digest = sha256("\x1f".join((operation.subject.key, operation.losing, *said)).encode()).hexdigest()
    text = "\n\n".join(
        (
            "An event was changed on both sides, in the same field, before they could be compared. "
            f"The other side's value stands; this is what was {where}:",
            *said,
        )
    )
    return Note(digest, f"Changed on both sides: {operation.title}", text)
