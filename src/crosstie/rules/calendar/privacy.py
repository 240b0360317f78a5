"""How much of a private item goes to Salesforce."""

from crosstie.domain import reasons
from crosstie.domain.calendar import CalendarItem, Showing
from crosstie.domain.reasons import Reason, ReasonKind, reason
from crosstie.domain.records import Record
from crosstie.domain.settings import PrivateEvents, Settings
from crosstie.mapping.event.values import flag_of


def showing(item: CalendarItem, settings: Settings, *, asked: bool) -> Showing:
    """Of an item that is saved. `asked`: a person marked it, and who marks a private item wants it seen."""
    if asked or not item.is_private:
        return Showing.OPEN
    return Showing.HELD if settings.events_private is PrivateEvents.HOLD else Showing.HIDDEN


SAVED: dict[Showing, ReasonKind] = {
    Showing.OPEN: reasons.EVENT_SAVED,
    Showing.HELD: reasons.EVENT_HELD,
    Showing.HIDDEN: reasons.EVENT_SAVED_PRIVATE,
}


def made_private(item: CalendarItem, record: Record, *, moved: bool) -> Reason | None:
    """Why nothing more of an item goes to its record: it has become private since. `moved`: how private it is has
    changed since it was last carried over. What was private when a person saved it is carried over as ever.
    """
    if moved and item.is_private and not flag_of(record, "IsPrivate"):
        return reason(reasons.EVENT_MADE_PRIVATE)
    return None
