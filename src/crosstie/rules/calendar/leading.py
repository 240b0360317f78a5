"""Of several people's items of one meeting, whose is kept like the record."""

from enum import StrEnum

from crosstie.domain.calendar import CalendarItem, Shape
from crosstie.domain.settings import Settings


class Turn(StrEnum):
    LEAD = "lead"
    """It becomes the record, or has it."""
    FOLLOW = "follow"
    """It points to a colleague's record."""
    TAKE_OVER = "take over"
    """A colleague's record becomes its own."""


def turn(item: CalendarItem, settings: Settings, *, saved: bool, outside: bool) -> Turn:
    """`saved`: a colleague's item of the meeting has a record. `outside`: its organizer is no User of the org.

    The organizer's own item leads, even where an attendee's came first; of a series the pieces stay with whom they
    are. Of a meeting that somebody outside organizes the first who saves it has the record.
    """
    if not saved:
        return Turn.LEAD
    if item.is_organizer:
        return Turn.TAKE_OVER if item.shape is Shape.SINGLE else Turn.FOLLOW
    return Turn.LEAD if outside and settings.events_copies else Turn.FOLLOW


def own_copy(natural: str, user_id: str) -> str:
    """The natural key of a person's own record of a meeting that others have one of too."""
    return f"{natural}>{user_id}"
