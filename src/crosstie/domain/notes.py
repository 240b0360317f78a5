"""What is kept for a person in their own mailbox because it was overwritten somewhere; it is sent to nobody."""

from dataclasses import dataclass

CONFLICT_FOLDER = "Salesforce Conflicts"


@dataclass(frozen=True, slots=True)
class Note:
    """`key` tells it apart from every other: a note that is there is not written again."""

    key: str
    subject: str
    text: str
