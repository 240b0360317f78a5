"""Graph's ids. A default id names a message's stay in a folder, an immutable one the message for life.

Both are opaque and case-sensitive: a digest in them refuses what this world did not hand out.
"""

import base64
import hashlib
import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, Protocol

from sandbox.graph.errors import item_not_found, malformed_id
from sandbox.mailboxes import Folder, Mailbox, Message
from sandbox.mailboxes.calendar.model import Calendar


class Carrier(Protocol):
    """A message or an event, of which an attachment is a part."""

    @property
    def number(self) -> int: ...
    @property
    def moves(self) -> int: ...
    @property
    def modified(self) -> datetime: ...


Form = Literal["default", "immutable"]
Kind = Literal["default", "immutable", "entry", "immutable entry"]
"""The entry ids are MAPI's own names; only translation speaks of them."""
_PREFIX = {
    "folder": b"\x00\x03\x24\x00\x2e",
    "default": b"\x00\x03\x24\x00\x46",
    "immutable": b"\x00\x09\x00\x2e\x00",
    "entry": b"\x00\x00\x00\x00\x46",
    "immutable entry": b"\x00\x00\x00\x00\x2e",
    "attachment": b"\x00\x03\x25\x00\x46",
    "calendar": b"\x00\x03\x26\x00\x2e",
    "calendar group": b"\x00\x03\x26\x02\x46",
    "event": b"\x00\x03\x26\x00\x46",
    "immutable event": b"\x00\x09\x01\x2e\x00",
    "occurrence": b"\x00\x03\x26\x01\x51",
    "immutable occurrence": b"\x00\x09\x01\x51\x00",
}

_OCCURRENCE = re.compile(r"OID\.(?P<master>[A-Za-z0-9_=-]+)\.(?P<day>\d{4}-\d\d-\d\d)")
_CONVERSATION = b"\x00\x04\x24\x00"


@dataclass(frozen=True, slots=True)
class _Id:
    kind: str
    numbers: tuple[int, ...]


def _encode(mailbox: Mailbox, kind: str, *numbers: int) -> str:
    body = b"".join(number.to_bytes(4, "big") for number in numbers)
    digest = hashlib.blake2b(_PREFIX[kind] + body, key=mailbox.guid.bytes, digest_size=24).digest()
    raw = _PREFIX[kind] + mailbox.guid.bytes + bytes([len(numbers)]) + body + digest
    return base64.urlsafe_b64encode(raw).decode()


def _decode(mailbox: Mailbox, text: str) -> _Id:
    """Raises the vendor's refusal: malformed, or another mailbox's."""
    try:
        raw = base64.urlsafe_b64decode(text)
    except ValueError:
        raise malformed_id() from None
    kind = next((kind for kind, prefix in _PREFIX.items() if raw.startswith(prefix)), "")
    count = raw[21] if len(raw) > 21 else 0
    if not kind or len(raw) != 22 + 4 * count + 24:
        raise malformed_id()
    numbers = tuple(int.from_bytes(raw[22 + 4 * i : 26 + 4 * i], "big") for i in range(count))
    if raw[5:21] != mailbox.guid.bytes:
        raise item_not_found()
    if _encode(mailbox, kind, *numbers) != text:
        raise malformed_id()
    return _Id(kind, numbers)


def folder_id(mailbox: Mailbox, number: int) -> str:
    return _encode(mailbox, "folder", number)


def message_id(mailbox: Mailbox, number: int, moves: int, form: Form) -> str:
    if form == "immutable":
        return _encode(mailbox, "immutable", number)
    return _encode(mailbox, "default", number, moves)


def item_id(mailbox: Mailbox, message: Message, kind: Kind) -> str:
    lasting = kind in ("immutable", "immutable entry")
    return _encode(mailbox, kind, message.number, *(() if lasting else (message.moves,)))


def attachment_id(mailbox: Mailbox, carrier: Carrier, number: int, form: Form) -> str:
    moves = 0xFFFFFFFF if form == "immutable" else carrier.moves
    return _encode(mailbox, "attachment", carrier.number, moves, number)


def find_folder(mailbox: Mailbox, text: str) -> Folder:
    """By id or well-known name."""
    for folder in mailbox.folders.values():
        if folder.well_known == text.lower():
            return folder
    found = _decode(mailbox, text)
    if found.kind != "folder":
        raise malformed_id()
    if found.numbers[0] not in mailbox.folders:
        raise item_not_found()
    return mailbox.folders[found.numbers[0]]


def find_message(mailbox: Mailbox, text: str, kinds: tuple[Kind, ...] = ("default", "immutable")) -> Message:
    """By either form: Graph takes both in addresses, and the form of its answers from the header."""
    found = _decode(mailbox, text)
    if found.kind not in kinds:
        raise malformed_id()
    message = mailbox.messages.get(found.numbers[0])
    if message is None or (len(found.numbers) > 1 and message.moves != found.numbers[1]):
        raise item_not_found()
    return message


def find_attachment(mailbox: Mailbox, carrier: Carrier, text: str) -> int:
    """The attachment's number within the message or event."""
    found = _decode(mailbox, text)
    if found.kind != "attachment":
        raise malformed_id()
    number, moves, attachment = found.numbers
    if number != carrier.number or moves not in (carrier.moves, 0xFFFFFFFF):
        raise item_not_found()
    return attachment


def conversation_id(mailbox: Mailbox, conversation: bytes) -> str:
    """The mailbox's guid stands in it in plain words, so that the same conversation has another id elsewhere."""
    raw = _CONVERSATION + str(mailbox.guid).encode() + b"\x00\x10\x00" + conversation
    return base64.urlsafe_b64encode(raw).decode()


def is_conversation_id(text: str) -> bool:
    """Of whichever mailbox."""
    try:
        raw = base64.urlsafe_b64decode(text)
    except ValueError:
        return False
    return raw.startswith(_CONVERSATION) and len(raw) == len(_CONVERSATION) + 36 + 3 + 16


def change_key(mailbox: Mailbox, version: int) -> str:
    """The version token; its first letters tell nothing that a client could use."""
    digest = hashlib.blake2b(b"%d" % version, key=mailbox.guid.bytes, digest_size=16).digest()
    raw = b"\x09\x00\x00\x00\x16\x00\x00\x00" + digest + version.to_bytes(6, "big")
    return base64.b64encode(raw).decode()


# Calendars

_OF_EVENTS = ("event", "immutable event", "occurrence", "immutable occurrence")


@dataclass(frozen=True, slots=True)
class EventId:
    """What an event's id names: an appointment and, of a series, the day of an occurrence in the rule's zone."""

    number: int
    moves: int | None
    """None in an id that lasts."""
    day: date | None


def calendar_id(mailbox: Mailbox, number: int) -> str:
    return _encode(mailbox, "calendar", number)


def group_id(mailbox: Mailbox) -> str:
    """Of the one group of calendars there is."""
    return _encode(mailbox, "calendar group", 1)


def find_calendar(mailbox: Mailbox, text: str) -> Calendar:
    found = _decode(mailbox, text)
    if found.kind != "calendar":
        raise malformed_id()
    if found.numbers[0] not in mailbox.calendars:
        raise item_not_found()
    return mailbox.calendars[found.numbers[0]]


def event_id(mailbox: Mailbox, number: int, moves: int, form: Form, day: date | None = None) -> str:
    """Of an appointment, or of the occurrence of a series that by its rule is on that day."""
    kind = "occurrence" if day else "event"
    kind = f"immutable {kind}" if form == "immutable" else kind
    visit = () if form == "immutable" else (moves,)
    return _encode(mailbox, kind, number, *visit, *((day.toordinal(),) if day else ()))


def occurrence_id(master: str, day: date) -> str:
    """The other name of an occurrence, made of its series' id."""
    return f"OID.{master}.{day.isoformat()}"


def read_event_id(mailbox: Mailbox, text: str) -> EventId:
    """From either form, or from `OID.{id of the series}.{day}`."""
    named = _OCCURRENCE.fullmatch(text)
    found = _decode(mailbox, named["master"] if named else text)
    if found.kind not in _OF_EVENTS:
        raise malformed_id()
    number, *rest = found.numbers
    day = date.fromordinal(rest.pop()) if found.kind.endswith("occurrence") else None
    if named:
        day = _read_day(named["day"])
    return EventId(number, rest[0] if rest else None, day)


def is_event_id(mailbox: Mailbox, text: str) -> bool:
    """Raises for what is no id at all, or another mailbox's."""
    return _decode(mailbox, text).kind in _OF_EVENTS


def is_lasting(mailbox: Mailbox, text: str) -> bool:
    return _decode(mailbox, text).kind.startswith("immutable")


def _read_day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise malformed_id() from None
