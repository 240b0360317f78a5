"""Which rows of the mirror's table go which way, and what a person is asked before attendees are told."""

from collections.abc import Collection
from datetime import datetime

from crosstie.domain import reasons
from crosstie.domain.calendar import CalendarItem
from crosstie.domain.links import Side
from crosstie.domain.reasons import Reason, reason
from crosstie.domain.settings import EventWay, MeetingUpdates, Settings
from crosstie.mapping.event.table import ANNOUNCED, ROWS
from crosstie.mapping.event.time import ends

ALL = frozenset(ROWS)
TWO_WAY = frozenset(name for name, row in ROWS.items() if row.two_way)
OF_ATTENDEES = frozenset({"show_as", "reminder", "private"})
"""What an attendee may say of somebody else's meeting; anything else its organizer's next update undoes."""
TEXT = frozenset({"text"})
GUESTS = "attendees"
"""Beside the rows: who is invited, whom the vendor tells in any case."""


def up_rows(settings: Settings) -> frozenset[str]:
    """What is carried to a record that is there; a new one gets everything."""
    if settings.events_way is EventWay.FROM_SALESFORCE:
        return frozenset()
    return ALL - _safe(settings)


def down_rows(item: CalendarItem, settings: Settings) -> frozenset[str]:
    """What is carried to an item that is there."""
    if settings.events_way is EventWay.TO_SALESFORCE:
        return frozenset()
    rows = TWO_WAY if item.is_organizer else OF_ATTENDEES
    return rows - _safe(settings)


def taken_back(settings: Settings) -> Side | None:
    """The side whose own changes are undone: the other one's value is written over them."""
    sides = {EventWay.TO_SALESFORCE: Side.CRM, EventWay.FROM_SALESFORCE: Side.MAILBOX}
    return sides.get(settings.events_way)


def _safe(settings: Settings) -> frozenset[str]:
    return TEXT if settings.events_safe_description else frozenset()


def told(item: CalendarItem, rows: Collection[str]) -> frozenset[str]:
    """Of the rows about to be changed in the mailbox those of which the vendor would tell attendees."""
    given = frozenset(rows)
    return (ANNOUNCED & given if item.is_organizer and item.attendees else frozenset()) | (given & {GUESTS})


def held(
    item: CalendarItem,
    rows: Collection[str],
    settings: Settings,
    now: datetime,
    *,
    approved: bool,
    guests: int = 0,
) -> Reason | None:
    """Why these rows are not changed in the mailbox now. `approved`: a person said that attendees may be told.
    `guests`: how many would be invited, or taken off.
    """
    news = told(item, rows)
    if not news:
        return None
    if ends(item.when) < now:
        return reason(reasons.EVENT_OVER)
    if approved or settings.events_meeting_updates is MeetingUpdates.SEND:
        return None
    if settings.events_meeting_updates is MeetingUpdates.ASK:
        return reason(reasons.EVENT_ASK)
    people = guests + (len(item.attendees) if news - {GUESTS} else 0)
    return reason(reasons.EVENT_NOT_SENT, people=str(people))
