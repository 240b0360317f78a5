"""What a mailbox holds. Times are aware and in UTC; versions are the mailbox's own change counter."""

import uuid
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Literal

from sandbox.mailboxes.properties import PropertyName

if TYPE_CHECKING:
    from sandbox.mailboxes.calendar.model import Appointment, Calendar

Home = Literal["microsoft365", "exchange", "google"]


@dataclass(frozen=True, slots=True)
class Person:
    """One address in a header. The address is as written: broken mail has broken addresses."""

    address: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Meeting:
    """What the calendar part of a mail says about its first event."""

    method: str
    """REQUEST, REPLY, CANCEL, COUNTER ... in capitals."""
    uid: str = ""
    start: datetime | date | None = None
    end: datetime | date | None = None
    location: str = ""
    answer: str = ""
    """PARTSTAT of the one attendee of a reply."""
    recurring: bool = False

    @property
    def all_day(self) -> bool:
        return self.start is not None and not isinstance(self.start, datetime)


@dataclass(frozen=True, slots=True)
class Mail:
    """The content of a message, read from MIME or written as a draft."""

    subject: str = ""
    author: Person | None = None
    """The From header."""
    sender: Person | None = None
    to: tuple[Person, ...] = ()
    cc: tuple[Person, ...] = ()
    bcc: tuple[Person, ...] = ()
    reply_to: tuple[Person, ...] = ()
    sent: datetime | None = None
    message_id: str = ""
    """With its angle brackets, as in the header; empty when the mail has none."""
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    text: str | None = None
    html: str | None = None
    headers: tuple[tuple[str, str], ...] = ()
    importance: Literal["low", "normal", "high"] = "normal"
    read_receipt: bool = False
    delivery_receipt: bool = False
    item_class: str = "IPM.Note"
    """The message class Exchange gives it (PidTagMessageClass)."""
    meeting: Meeting | None = None
    calendar: str = ""
    """The text of the calendar part that `meeting` was read from."""

    @property
    def recipients(self) -> tuple[Person, ...]:
        return self.to + self.cc + self.bcc


@dataclass(slots=True)
class Attachment:
    number: int
    """Unique within its message."""
    name: str
    content_type: str
    content: bytes
    kind: Literal["file", "item", "reference"] = "file"
    inline: bool = False
    content_id: str = ""
    location: str = ""
    modified: datetime | None = None


@dataclass(slots=True)
class Message:
    number: int
    """Unique within the mailbox, for life."""
    folder: int
    mail: Mail
    raw: bytes | None
    """The MIME as it came; None for a draft, whose MIME is composed when asked for."""
    created: datetime
    modified: datetime
    received: datetime
    sent: datetime
    conversation: bytes
    version: int = 0
    """The mailbox's counter at the last change."""
    entered: int = 0
    """The counter when it came into the folder where it is."""
    moves: int = 0
    is_read: bool = False
    is_draft: bool = False
    flag: str = "notFlagged"
    flag_dates: dict[str, dict[str, str]] = field(default_factory=dict)
    """Of the flag: start, due and completed, as Graph writes a moment and its zone."""
    importance: Literal["low", "normal", "high"] = "normal"
    inference: str = "focused"
    categories: list[str] = field(default_factory=list)
    properties: dict[PropertyName, Any] = field(default_factory=dict)
    extensions: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Graph's open extensions: name → values."""
    attachments: list[Attachment] = field(default_factory=list)

    @property
    def content_size(self) -> int:
        """Bytes, as the message size property counts them: roughly its MIME."""
        if self.raw is not None:
            return len(self.raw)
        body = len(self.mail.html or self.mail.text or "")
        return 1024 + body + sum(len(part.content) for part in self.attachments)


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One step in a folder's history. `moves` tells the visit: an item that comes back is another visit."""

    version: int
    number: int
    moves: int
    kind: Literal["in", "change", "out"]
    at: datetime


@dataclass(slots=True)
class Folder:
    number: int
    name: str
    parent: int
    well_known: str = ""
    hidden: bool = False
    moves: int = 0
    properties: dict[PropertyName, Any] = field(default_factory=dict)
    log: list[LogEntry] = field(default_factory=list)

    def since(self, version: int) -> list[LogEntry]:
        """What happened after that version, oldest first."""
        return self.log[bisect_right(self.log, version, key=attrgetter("version")) :]


@dataclass(slots=True)
class Category:
    guid: uuid.UUID
    name: str
    color: str = "none"


@dataclass(slots=True)
class Mailbox:
    number: int
    guid: uuid.UUID
    address: str
    name: str
    aliases: tuple[str, ...] = ()
    licensed: bool = True
    enabled: bool = True
    """Its owner may sign in."""
    time_zone: str = "UTC"
    """An IANA name."""
    home: Home = "microsoft365"
    settings: dict[str, Any] = field(default_factory=dict)
    """What its owner chose beside the time zone: name → value, as Graph writes it."""
    version: int = 0
    cursor_generation: int = 1
    """Cursors of an older generation are dead."""
    next_number: int = 1
    folders: dict[int, Folder] = field(default_factory=dict)
    messages: dict[int, Message] = field(default_factory=dict)
    contents: dict[int, set[int]] = field(default_factory=dict)
    """Folder number → numbers of the messages in it."""
    folder_log: list[LogEntry] = field(default_factory=list)
    categories: list[Category] = field(default_factory=list)
    calendars: "dict[int, Calendar]" = field(default_factory=dict)
    appointments: "dict[int, Appointment]" = field(default_factory=dict)
    conversations: dict[str, bytes] = field(default_factory=dict)
    """Message-ID → conversation."""

    @property
    def addresses(self) -> tuple[str, ...]:
        return (self.address, *self.aliases)

    def folder(self, name: str) -> Folder | None:
        """By well-known name, or by display name anywhere in the tree."""
        wanted = name.casefold()
        for folder in self.folders.values():
            if wanted in (folder.well_known, folder.name.casefold()):
                return folder
        return None

    @property
    def default_calendar(self) -> "Calendar":
        return next(calendar for calendar in self.calendars.values() if calendar.is_default)

    def well_known(self, name: str) -> Folder:
        return next(folder for folder in self.folders.values() if folder.well_known == name)

    def children(self, folder: Folder) -> list[Folder]:
        return [child for child in self.folders.values() if child.parent == folder.number]

    def messages_in(self, folder: Folder) -> Iterator[Message]:
        return (self.messages[number] for number in self.contents[folder.number])

    def folders_since(self, version: int) -> list[LogEntry]:
        return self.folder_log[bisect_right(self.folder_log, version, key=attrgetter("version")) :]
