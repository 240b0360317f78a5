"""What follows when one half of a pair goes, or is not wanted any more: one table.

Only an explicit delete deletes a record, or anything that a person made. What we brought down may be taken back.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from crosstie.domain.calendar import CalendarItem
from crosstie.domain.links import Link, Role, Side
from crosstie.domain.mailboxes import MailboxInfo
from crosstie.domain.settings import EventWay, Settings
from crosstie.rules.calendar.relevance import is_own


class Kind(StrEnum):
    APPOINTMENT = "appointment"
    """Made in the mailbox; nobody is invited."""
    BROUGHT = "from Salesforce"
    """Made in Salesforce, and brought down; nobody is invited."""
    BROUGHT_MEETING = "from Salesforce, with attendees"
    """… to which somebody was invited in the mailbox afterwards."""
    OWN_MEETING = "own meeting"
    OUTSIDE_MEETING = "meeting organized outside"
    COLLEAGUES_MEETING = "meeting in Salesforce by a colleague's calendar"


class Happening(StrEnum):
    CATEGORY_REMOVED = "category taken off"
    DELETED_IN_MAILBOX = "deleted in the mailbox"
    CANCELLED = "cancelled in the mailbox"
    UNSYNC = "category Salesforce Unsync set"
    LEFT_WINDOW = "left the window"
    DELETED_IN_CRM = "deleted in Salesforce"
    CONDITION = "kept out by a field's value"
    DOWN_OFF = "bringing down switched off"
    DEACTIVATED = "mailbox deactivated"
    REASSIGNED = "assigned to somebody else in Salesforce"


class RecordFate(StrEnum):
    KEEP = "keep"
    DELETE = "delete"
    DECLINE = "decline"
    """Its owner keeps it; this mailbox's user is not on it any more."""
    AGAIN = "make again"


class ItemFate(StrEnum):
    KEEP = "keep"
    DELETE = "delete"
    UNMARK = "unmark"
    RESTORE = "restore the mark"
    AGAIN = "make again"


@dataclass(frozen=True, slots=True)
class Fate:
    record: RecordFate
    item: ItemFate


_KEEP = Fate(RecordFate.KEEP, ItemFate.KEEP)
_RESTORE = Fate(RecordFate.KEEP, ItemFate.RESTORE)
_DELETE = Fate(RecordFate.DELETE, ItemFate.KEEP)
_UNSYNC = Fate(RecordFate.DELETE, ItemFate.UNMARK)
_PART = Fate(RecordFate.KEEP, ItemFate.UNMARK)
_TAKE_BACK = Fate(RecordFate.KEEP, ItemFate.DELETE)
_DECLINE = Fate(RecordFate.DECLINE, ItemFate.KEEP)
_LEAVE = Fate(RecordFate.DECLINE, ItemFate.UNMARK)

_MADE_HERE: Mapping[Happening, Fate] = {
    Happening.CATEGORY_REMOVED: _RESTORE,
    Happening.DELETED_IN_MAILBOX: _DELETE,
    Happening.CANCELLED: _UNSYNC,
    Happening.UNSYNC: _UNSYNC,
    Happening.LEFT_WINDOW: _PART,
    Happening.DELETED_IN_CRM: _PART,
    Happening.CONDITION: _PART,
    Happening.DOWN_OFF: _KEEP,
    Happening.DEACTIVATED: _KEEP,
    Happening.REASSIGNED: _KEEP,
}
MATRIX: Mapping[Kind, Mapping[Happening, Fate]] = {
    Kind.APPOINTMENT: _MADE_HERE,
    Kind.BROUGHT: {
        **_MADE_HERE,
        Happening.LEFT_WINDOW: _TAKE_BACK,
        Happening.DELETED_IN_CRM: _TAKE_BACK,
        Happening.CONDITION: _TAKE_BACK,
        Happening.DOWN_OFF: _TAKE_BACK,
        Happening.DEACTIVATED: _TAKE_BACK,
        Happening.REASSIGNED: _TAKE_BACK,
    },
    Kind.BROUGHT_MEETING: {**_MADE_HERE, Happening.DOWN_OFF: _PART, Happening.DEACTIVATED: _PART},
    Kind.OWN_MEETING: _MADE_HERE,
    Kind.OUTSIDE_MEETING: _MADE_HERE,
    Kind.COLLEAGUES_MEETING: {
        **_MADE_HERE,
        Happening.DELETED_IN_MAILBOX: _DECLINE,
        Happening.CANCELLED: _PART,
        Happening.UNSYNC: _LEAVE,
    },
}


def kind_of(item: CalendarItem | None, link: Link, info: MailboxInfo) -> Kind:
    """Of an item that is gone nothing is known but where it was born, and that is enough."""
    if link.role is Role.COPY:
        return Kind.COLLEAGUES_MEETING
    if link.origin is Side.CRM:
        return Kind.BROUGHT_MEETING if item and item.attendees else Kind.BROUGHT
    if item is None or not item.is_meeting:
        return Kind.APPOINTMENT
    return Kind.OWN_MEETING if is_own(item, info) else Kind.OUTSIDE_MEETING


def fate(kind: Kind, happening: Happening, settings: Settings) -> Fate:
    """The table's word, as the settings of cancelled meetings and of one-way mailboxes change it."""
    found = MATRIX[kind][happening]
    if happening is Happening.CANCELLED and settings.events_keep_cancelled:
        return _PART
    born_here = kind not in (Kind.BROUGHT, Kind.BROUGHT_MEETING)
    if settings.events_way is EventWay.TO_SALESFORCE and happening is Happening.DELETED_IN_CRM and born_here:
        return Fate(RecordFate.AGAIN, ItemFate.KEEP)
    gone = happening in (Happening.DELETED_IN_MAILBOX, Happening.CANCELLED)
    if settings.events_way is EventWay.FROM_SALESFORCE and gone:
        return Fate(RecordFate.KEEP, ItemFate.KEEP if born_here else ItemFate.AGAIN)
    return found
