"""From MIME to what Exchange keeps. Broken mail is read as far as it goes and never refused here."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.errors import MessageError
from email.message import Message
from email.utils import collapse_rfc2231_value, parsedate_to_datetime
from typing import Literal, TypeAlias

from sandbox.mailboxes import addresses, charsets
from sandbox.mailboxes.ics import read_meeting
from sandbox.mailboxes.kinds import is_scheduling, item_class
from sandbox.mailboxes.model import Attachment, Mail, Meeting, Person

Part: TypeAlias = "Message[str, str]"

_IDS = re.compile(r"<[^<>\s]+>")
_BROKEN = (ValueError, TypeError, LookupError, AttributeError, AssertionError, MessageError)
"""What the standard library's parser raises on headers that no standard foresees."""
_CONSUMED = {"message/delivery-status", "message/disposition-notification", "text/rfc822-headers"}


def read_mail(raw: bytes) -> tuple[Mail, list[Attachment]]:
    message = message_from_bytes(raw, policy=policy.compat32)
    body = _Body()
    body.read(message)
    if message.get_content_type() == "multipart/signed":
        body.attachments = [Attachment(1, "smime.p7m", "multipart/signed", _entity(raw))]
    author = _people(message, "From")
    mail = Mail(
        subject=header(message, "Subject"),
        author=author[0] if author else None,
        sender=next(iter(_people(message, "Sender")), author[0] if author else None),
        to=_people(message, "To"),
        cc=_people(message, "Cc"),
        bcc=_people(message, "Bcc"),
        reply_to=_people(message, "Reply-To"),
        sent=_moment(header(message, "Date")),
        message_id=_first_id(header(message, "Message-ID")),
        in_reply_to=_first_id(header(message, "In-Reply-To")),
        references=tuple(_IDS.findall(header(message, "References"))),
        text=body.text,
        html=body.html,
        headers=tuple((name, _decode(value)) for name, value in message.raw_items()),
        importance=_importance(message),
        read_receipt=bool(message.get("Disposition-Notification-To")),
        delivery_receipt=bool(message.get("Return-Receipt-To")),
        item_class=item_class(message, body.meeting),
        meeting=body.meeting,
        calendar=body.calendar,
    )
    if mail.html:
        body.settle_inline(mail.html)
    return mail, body.attachments


def _entity(raw: bytes) -> bytes:
    """The signed entity with its Content-Type alone: the one attachment of a clear-signed mail, whose text is kept
    beside it ([MS-OXOSMIME] 2.1.3.1).
    """
    head, separator, body = _split(raw)
    found = re.search(rb"(?im)^Content-Type[ \t]*:[^\n]*(?:\n[ \t][^\n]*)*", head)
    return (found[0].rstrip(b"\r") if found else b"") + separator + body


def read_heads(raw: bytes) -> Mail:
    """The headers alone, without a look at a body that may be large."""
    head, _, _ = _split(raw)
    return read_mail(head + b"\r\n\r\n")[0]


def received_moment(mail: Mail) -> datetime | None:
    """When the last server took it, by the topmost Received header; else when it says it was sent."""
    for name, value in mail.headers:
        if name.lower() == "received":
            moment = _moment(value.rpartition(";")[2])
            if moment:
                return moment
    return mail.sent


def header(message: Part, name: str) -> str:
    """The first header of that name as text, encoded words decoded, on one line; empty when missing."""
    value = next((value for key, value in message.raw_items() if key.lower() == name.lower()), "")
    return _decode(value)


def _decode(value: object) -> str:
    decoded = charsets.words_decoded(_unfolded(value).strip())
    return re.sub(r"[\r\n\x00]+", " ", decoded).strip()


def _unfolded(value: object) -> str:
    return re.sub(r"\r?\n(?=[ \t])", "", charsets.without_surrogates(str(value)))


def _people(message: Part, name: str) -> tuple[Person, ...]:
    values = [_unfolded(value) for key, value in message.raw_items() if key.lower() == name.lower()]
    return tuple(person for value in values for person in addresses.people(value))


def _moment(value: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(value.strip())
    except (*_BROKEN, OverflowError):
        return None
    try:
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC).replace(microsecond=0)
    except OverflowError:
        return None


def _first_id(value: str) -> str:
    found = _IDS.search(value)
    return found[0] if found else value.strip()[:998]


def _importance(message: Part) -> Literal["low", "normal", "high"]:
    value = header(message, "Importance").lower() or header(message, "X-Priority")[:1]
    return {"high": "high", "low": "low", "1": "high", "2": "high", "4": "low", "5": "low"}.get(value, "normal")  # type: ignore[return-value]


def part_text(part: Part) -> str:
    """The decoded text of a leaf part, whatever it says of its charset."""
    return charsets.decode(part_bytes(part), _charset(part))


def part_bytes(part: Part) -> bytes:
    try:
        content = part.get_payload(decode=True)
    except _BROKEN:
        content = None
    if isinstance(content, bytes):
        return content
    payload = part.get_payload()
    return payload.encode("utf-8", "surrogateescape") if isinstance(payload, str) else b""


def _charset(part: Part) -> str:
    try:
        return str(part.get_content_charset() or "utf-8")
    except _BROKEN:
        return "utf-8"


def _filename(part: Part) -> str:
    return _decode(_parameter(part, "Content-Disposition", "filename") or _parameter(part, "Content-Type", "name"))


def _parameter(part: Part, name: str, parameter: str) -> str:
    """A header's parameter, its raw eight-bit letters read as those of any header."""
    raw = next((value for key, value in part.raw_items() if key.lower() == name.lower()), "")
    probe: Part = Message()
    probe[name] = _unfolded(raw)
    try:
        found = probe.get_param(parameter, header=name)
        return charsets.without_halves(collapse_rfc2231_value(found)) if found else ""
    except _BROKEN:
        return ""


def _disposition(part: Part) -> str:
    try:
        return (part.get_content_disposition() or "").strip()
    except _BROKEN:
        return ""


@dataclass(slots=True)
class _Body:
    """The walk over the parts: first text, first HTML, first calendar; the rest are attachments.

    A multipart whose boundary never comes has one long text in place of parts.
    """

    text: str | None = None
    html: str | None = None
    meeting: Meeting | None = None
    calendar: str = ""
    attachments: list[Attachment] = field(default_factory=list)

    def read(self, part: Part) -> None:
        content_type = part.get_content_type()
        if content_type == "message/rfc822":
            self._attach_message(part)
        elif content_type in _CONSUMED:
            return
        elif part.is_multipart():
            for child in _children(part):
                self.read(child)
        elif content_type.startswith("multipart/"):
            self.text = (self.text or "") + part_text(part)
        elif not self._is_body(part, content_type):
            self._attach(part, content_type)

    def _is_body(self, part: Part, content_type: str) -> bool:
        if content_type == "text/calendar" and self.meeting is None and _disposition(part) != "attachment":
            text = part_text(part)
            meeting = read_meeting(text, str(part.get_param("method", "")))
            if meeting and is_scheduling(meeting):
                self.meeting, self.calendar = meeting, text
            return self.meeting is not None
        if _disposition(part) == "attachment" or _filename(part):
            return False
        if content_type == "text/html" and self.html is None:
            self.html = part_text(part)
            return True
        if content_type == "text/plain" and self.html is None:
            self.text = part_text(part) if self.text is None else self.text + part_text(part)
            return True
        return False

    def _attach(self, part: Part, content_type: str) -> None:
        content_id = header(part, "Content-ID").strip("<> ")
        self.attachments.append(
            Attachment(
                number=len(self.attachments) + 1,
                name=_filename(part) or self._invented(content_type),
                content_type=content_type,
                content=part_bytes(part),
                inline=_disposition(part) == "inline" and bool(content_id),
                content_id=content_id,
                location=header(part, "Content-Location"),
            )
        )

    def _invented(self, content_type: str) -> str:
        """A calendar that is no meeting's is kept as a file ([MS-STANXICAL] 2.3), under this name."""
        if content_type == "text/calendar":
            return "not supported calendar message.ics"
        return f"ATT{len(self.attachments) + 1:05d}{_suffix(content_type)}"

    def _attach_message(self, part: Part) -> None:
        inner = next(iter(_children(part)), None)
        raw = _whole_again(inner) if inner is not None else part_bytes(part)
        name = header(inner, "Subject") if inner is not None else ""
        self.attachments.append(
            Attachment(len(self.attachments) + 1, name or "Untitled", "message/rfc822", raw, kind="item")
        )

    def settle_inline(self, html: str) -> None:
        """An image counts as inline when the text shows it, whatever its disposition says."""
        for attachment in self.attachments:
            if attachment.content_id and f"cid:{attachment.content_id}" in html:
                attachment.inline = True


def _children(part: Part) -> Iterator[Part]:
    payload = part.get_payload()
    return (child for child in payload if isinstance(child, Message)) if isinstance(payload, list) else iter(())


def _whole_again(message: Part) -> bytes:
    """An attached mail as it came; letters that were not readable as they were read."""
    try:
        return message.as_bytes(policy=policy.compat32)
    except _BROKEN:
        return message.as_string(policy=policy.compat32).encode("utf-8", "replace")


def _suffix(content_type: str) -> str:
    return {"text/plain": ".txt", "text/html": ".htm", "image/png": ".png", "image/jpeg": ".jpg",
            "application/pdf": ".pdf"}.get(content_type, ".bin")  # fmt: skip


def without_header(raw: bytes, name: str) -> bytes:
    """The MIME without that header, folded lines included; the rest byte for byte."""
    head, separator, body = _split(raw)
    pattern = rb"(?im)^" + re.escape(name.encode()) + rb"[ \t]*:[^\n]*\n(?:[ \t][^\n]*\n)*"
    return re.sub(pattern, b"", head + b"\n").removesuffix(b"\n") + separator + body


def with_header(raw: bytes, name: str, value: str) -> bytes:
    """The MIME with that header on top, as a server adds its trace."""
    return f"{name}: {value}\r\n".encode() + raw


def _split(raw: bytes) -> tuple[bytes, bytes, bytes]:
    found = re.search(rb"\r?\n\r?\n", raw)
    if found is None:
        return raw, b"", b""
    return raw[: found.start()], found[0], raw[found.end() :]
