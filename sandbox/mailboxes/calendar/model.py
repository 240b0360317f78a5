"""What a calendar holds, in no vendor's shape.

A moment with a time of day is aware and in UTC; the moments of an all-day event are dates. Ends are exclusive.
"""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from operator import attrgetter
from typing import Any, Literal, TypeAlias

from sandbox.mailboxes.model import Attachment, LogEntry, Person
from sandbox.mailboxes.properties import PropertyName

Moment: TypeAlias = datetime | date
Day = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
DAYS: tuple[Day, ...] = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
Index = Literal["first", "second", "third", "fourth", "last"]
INDEXES: tuple[Index, ...] = ("first", "second", "third", "fourth", "last")
Pattern = Literal["daily", "weekly", "absoluteMonthly", "relativeMonthly", "absoluteYearly", "relativeYearly"]
ShowAs = Literal["free", "tentative", "busy", "oof", "workingElsewhere", "unknown"]
Sensitivity = Literal["normal", "personal", "private", "confidential"]
Importance = Literal["low", "normal", "high"]
Response = Literal["none", "organizer", "tentativelyAccepted", "accepted", "declined", "notResponded"]
Role = Literal["required", "optional", "resource"]


def is_all_day(moment: Moment) -> bool:
    return not isinstance(moment, datetime)


@dataclass(frozen=True, slots=True)
class Place:
    name: str
    kind: str = "default"
    """As Graph's locationType has it: default, conferenceRoom, homeAddress ..."""
    address: str = ""
    """An e-mail address, of a room."""
    uri: str = ""
    street: Mapping[str, str] = field(default_factory=dict)
    coordinates: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    response: Response = "none"
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Attendee:
    person: Person
    role: Role = "required"
    answer: Answer = Answer()
    """What the organiser knows; on an attendee's copy as it was in the last mail."""
    proposed: tuple[datetime, datetime] | None = None
    """Start and end that the attendee asked for instead."""


@dataclass(frozen=True, slots=True)
class OnlineMeeting:
    provider: str
    url: str
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Details:
    """All in which an occurrence may differ from its series. A moment's zone is the name it came with."""

    subject: str = ""
    text: str | None = None
    html: str | None = None
    start: Moment = date.min
    end: Moment = date.min
    start_zone: str = "UTC"
    """An IANA or a Windows name."""
    end_zone: str = "UTC"
    places: tuple[Place, ...] = ()
    """The first is *the* location where a vendor shows one."""
    show_as: ShowAs = "busy"
    sensitivity: Sensitivity = "normal"
    importance: Importance = "normal"
    reminder: int = 15
    """Minutes before the start."""
    reminds: bool = True
    categories: tuple[str, ...] = ()
    attendees: tuple[Attendee, ...] = ()
    """Without the organiser."""
    answer: Answer = Answer()
    """The mailbox's own."""
    cancelled: bool = False
    """By its organiser; the attendee's copy stays until it is removed."""
    wants_answers: bool = True
    takes_proposals: bool = True
    hides_attendees: bool = False
    online: OnlineMeeting | None = None
    properties: Mapping[PropertyName, Any] = field(default_factory=dict)
    extensions: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Graph's open extensions: name → values. Google's extended properties live under names of their own."""
    attachments: tuple[Attachment, ...] = ()

    @property
    def all_day(self) -> bool:
        return is_all_day(self.start)


@dataclass(frozen=True, slots=True)
class Rule:
    """How a series repeats: the pattern and its range, in a zone of its own."""

    pattern: Pattern
    interval: int = 1
    days: tuple[Day, ...] = ()
    """Of weekly and the relative patterns."""
    first_day: Day = "sunday"
    """Where a week begins; matters to weekly patterns with an interval."""
    index: Index = "first"
    """Of the relative patterns: which of the days in the month."""
    day: int = 0
    """Of the month, in the absolute patterns. See `skips`."""
    month: int = 0
    """Of the yearly patterns."""
    until: date | None = None
    """The last day, in `zone`, on which an occurrence may start. Neither this nor `count`: without an end."""
    count: int | None = None
    zone: str = "UTC"
    """An IANA or a Windows name."""
    skips: bool = False
    """A month that lacks `day` has no occurrence, as RFC 5545 counts; Exchange takes the month's last day."""


@dataclass(slots=True)
class Deviation:
    """An occurrence with changes of its own (Graph: exception, Exchange: modified occurrence)."""

    changes: dict[str, Any]
    """Names of fields of `Details` → values; all others are the series' as they are now."""
    created: datetime
    modified: datetime
    version: int = 0


@dataclass(frozen=True, slots=True)
class Gone:
    """An occurrence that was deleted from its series."""

    version: int
    at: datetime


@dataclass(slots=True)
class Appointment:
    """A single event or a series with all that belongs to it."""

    number: int
    """Unique within the mailbox, for life, among messages too."""
    calendar: int
    """0 while it lies in Deleted Items."""
    uid: str
    details: Details
    """Of a series: its first occurrence by the rule, whether or not that was deleted."""
    organizer: Person
    is_organizer: bool
    created: datetime
    modified: datetime
    rule: Rule | None = None
    deviations: dict[Moment, Deviation] = field(default_factory=dict)
    """Original start → what differs. The key is in UTC, or a date in an all-day series."""
    gone: dict[Moment, Gone] = field(default_factory=dict)
    """Original start → when it was deleted."""
    extra: tuple[Moment, ...] = ()
    """Starts that the rule does not give (RDATE), which only calendars at Google have."""
    alone: Moment | None = None
    """The original start of one occurrence whose series the mailbox was not invited to."""
    intended: ShowAs = "busy"
    """Of an attendee's copy: how the organiser wants it shown once it is accepted."""
    transaction: str = ""
    """What its creator named it by, so as not to create it twice."""
    sequence: int = 0
    """Of the organiser's announcements (RFC 5545, SEQUENCE)."""
    is_draft: bool = False
    """A meeting that nobody was told of yet."""
    version: int = 0
    """The mailbox's counter at the last change of it or of any of its occurrences."""
    entered: int = 0
    moves: int = 0

    @property
    def is_meeting(self) -> bool:
        """With attendees, or somebody else's."""
        return not self.is_organizer or bool(self.details.attendees)


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One date of a series as it is to be seen now."""

    series: Appointment
    original: Moment
    details: Details
    deviation: Deviation | None = None

    @property
    def version(self) -> int:
        return self.deviation.version if self.deviation else self.series.version


@dataclass(slots=True)
class Calendar:
    """A folder of appointments. Numbers are its own kind's: the first is the mailbox's default calendar."""

    number: int
    name: str
    guid: str = ""
    color: str = "auto"
    is_default: bool = False
    version: int = 0
    """The mailbox's counter when it was made or changed."""
    moves: int = 0
    properties: dict[PropertyName, Any] = field(default_factory=dict)
    log: list[LogEntry] = field(default_factory=list)
    """A change of an occurrence is one of its series."""

    def since(self, version: int) -> list[LogEntry]:
        """What happened after that version, oldest first."""
        return self.log[bisect_right(self.log, version, key=attrgetter("version")) :]
