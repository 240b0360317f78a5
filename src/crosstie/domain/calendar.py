"""A calendar item as a mailbox shows it, and what a mailbox is told to do with one.

Moments are aware and in UTC; a whole day is a date, the end the first day after it. `zone` is the IANA name in
which a person sees the item, and in which a series repeats.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from crosstie.domain.address import CC, FROM, TO, Address


class Shape(StrEnum):
    """What an item is within a series."""

    SINGLE = "single"
    MASTER = "master"
    """The series itself, which happens only through its occurrences."""
    OCCURRENCE = "occurrence"
    EXCEPTION = "exception"
    """An occurrence that differs from its series."""


class ShowAs(StrEnum):
    FREE = "free"
    TENTATIVE = "tentative"
    BUSY = "busy"
    AWAY = "away"
    """Out of office."""
    ELSEWHERE = "elsewhere"
    """Working, at another place."""


class Sensitivity(StrEnum):
    NORMAL = "normal"
    PERSONAL = "personal"
    PRIVATE = "private"
    CONFIDENTIAL = "confidential"


class Nature(StrEnum):
    """What the vendor says an item is for, beyond meetings and appointments."""

    PLAIN = "plain"
    BIRTHDAY = "birthday"
    HOLIDAY = "holiday"
    AWAY = "out-of-office"
    FOCUS = "focus-time"
    PLACE = "working-location"
    """Where somebody works that day."""


class Showing(StrEnum):
    """How much of an item its record shows."""

    OPEN = "open"
    HIDDEN = "hidden"
    """A private record, which is linked to nobody."""
    HELD = "held"
    """A private record that holds the time, and says nothing else."""


class Part(StrEnum):
    REQUIRED = "required"
    OPTIONAL = "optional"
    RESOURCE = "resource"


class Answer(StrEnum):
    NONE = "none"
    ORGANIZER = "organizer"
    ACCEPTED = "accepted"
    TENTATIVE = "tentative"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True)
class Attendee:
    address: Address
    part: Part = Part.REQUIRED
    answer: Answer = Answer.NONE


@dataclass(frozen=True, slots=True)
class When:
    """From `start` until before `end`: both moments, or both days."""

    start: datetime | date
    end: datetime | date
    zone: str = "UTC"

    @property
    def all_day(self) -> bool:
        return not isinstance(self.start, datetime)

    @property
    def length(self) -> timedelta:
        if isinstance(self.start, datetime) and isinstance(self.end, datetime):
            return self.end - self.start
        return timedelta(days=self.end.toordinal() - self.start.toordinal())

    def moves_to(self, other: "When") -> bool:
        """Whether it happens at another time there; the zone it is shown in does not matter."""
        return (self.start, self.end) != (other.start, other.end)


@dataclass(frozen=True, slots=True)
class CalendarItem:
    """`uid` is the meeting's identity, the same in all calendars and for all occurrences of a series.

    `original` is the day, in the series' zone, on which an occurrence was to be before anybody moved it.
    `text` is plain. `reminder` is the time before the start, None where there is none.
    """

    item_id: str
    version: str
    when: When
    uid: str = ""
    shape: Shape = Shape.SINGLE
    series_id: str = ""
    original: date | None = None
    subject: str = ""
    text: str = ""
    location: str = ""
    show_as: ShowAs = ShowAs.BUSY
    sensitivity: Sensitivity = Sensitivity.NORMAL
    reminder: timedelta | None = None
    categories: frozenset[str] = frozenset()
    organizer: Address | None = None
    is_organizer: bool = True
    attendees: tuple[Attendee, ...] = ()
    answer: Answer = Answer.NONE
    """Of the mailbox's own person."""
    cancelled: bool = False
    is_draft: bool = False
    created_at: datetime | None = None
    rule: str = ""
    """The series' rule as an RRULE of RFC 5545, without its name; on the master and its occurrences."""
    token: str = ""
    """What whoever created it through the vendor's interface named it by; ours is the key of the link."""
    web_link: str = ""
    nature: Nature = Nature.PLAIN

    @property
    def is_meeting(self) -> bool:
        return bool(self.attendees) or not self.is_organizer

    @property
    def is_private(self) -> bool:
        return self.sensitivity in (Sensitivity.PRIVATE, Sensitivity.CONFIDENTIAL)

    @property
    def participants(self) -> tuple[Address, ...]:
        """Everyone on it, each address once, the organizer first."""
        everyone = ((self.organizer,) if self.organizer else ()) + tuple(one.address for one in self.attendees)
        return tuple({address.email: address for address in everyone if address.email}.values())

    @property
    def parts(self) -> tuple[tuple[str, Address], ...]:
        """The organizer, then required and optional attendees; rooms are nobody."""
        people = [(FROM, self.organizer)] if self.organizer else []
        for role, part in ((TO, Part.REQUIRED), (CC, Part.OPTIONAL)):
            people += [(role, one.address) for one in self.attendees if one.part is part]
        return tuple(people)


@dataclass(frozen=True, slots=True)
class Present:
    """The calendar showed this item, new, changed or unchanged."""

    item: CalendarItem

    @property
    def item_id(self) -> str:
        return self.item.item_id


@dataclass(frozen=True, slots=True)
class Absent:
    """The item is not shown any more: deleted, or out of the cursor's window. Which, is asked by its id."""

    item_id: str


@dataclass(frozen=True, slots=True)
class CreateItem:
    """A new item without attendees. `token` makes a repeated create harmless; it stays with the item."""

    item: CalendarItem
    token: str


@dataclass(frozen=True, slots=True)
class ChangeItem:
    """Write these fields of `item`, by their names in CalendarItem, if the mailbox's still has its version."""

    item: CalendarItem
    fields: frozenset[str]


@dataclass(frozen=True, slots=True)
class DeleteItem:
    """Delete it, if it still has this version. Never for one with attendees: the vendor would tell them."""

    item_id: str
    version: str


ItemWrite = CreateItem | ChangeItem | DeleteItem
