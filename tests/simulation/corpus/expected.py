"""What a raw message says, by Python's `email` package and nothing of ours."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from html.parser import HTMLParser
from typing import Any

UNREADABLE = "\ufffd"
SIGNATURES = ("application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature")
UNSEEN = frozenset({"script", "style", "head", "title"})


@dataclass(frozen=True, slots=True)
class Header:
    """An address header. Where the package notes defects it may have taken a name for an address or lost one."""

    people: tuple[tuple[str, str], ...] = ()
    sound: bool = True
    raw: str = ""


@dataclass(frozen=True, slots=True)
class File:
    digest: str
    name: str = ""
    """Empty where the package reads none, or none whole."""


@dataclass(frozen=True, slots=True)
class Expected:
    subject: str
    sender: Header
    to: Header
    cc: Header
    bcc: Header
    sent: datetime | None
    received: datetime | None
    """By the topmost trace of a server, else when it was sent."""
    message_id: str
    text: str
    torn: bool
    """The HTML ends within a tag: what is left of that tag is anybody's guess."""
    kind: str
    spam: bool
    """A filter on its way called it so."""
    files: tuple[File, ...] = field(default=())

    @property
    def everybody(self) -> list[str]:
        headers = (self.sender, self.to, self.cc, self.bcc)
        return [address for header in headers for _, address in header.people if address]


def read(raw: bytes) -> Expected:
    message = message_from_bytes(raw, policy=policy.default)
    assert isinstance(message, EmailMessage)
    parts = _parts(message, raw)
    html = next((_text(part) for part in parts if _is_text(part, "text/html")), None)
    plain = "".join(_text(part) for part in parts if _is_text(part, "text/plain"))
    reader = _shown(html or "")
    sent = _sent(message)
    return Expected(
        subject=_one_line(_value(message, "Subject")),
        sender=_header(message, "From"),
        to=_header(message, "To"),
        cc=_header(message, "Cc"),
        bcc=_header(message, "Bcc"),
        sent=sent,
        received=_traced(message) or sent,
        message_id=_one_line(_value(message, "Message-ID")),
        text="".join(reader.pieces) if html is not None else plain,
        torn=bool(reader.rawdata),
        kind=_kind(message),
        spam=any(_value(message, name).upper().startswith("YES") for name in ("X-Spam-Flag", "X-Spam-Status")),
        files=tuple(_files(parts, html or "")),
    )


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _value(message: EmailMessage, name: str) -> str:
    try:
        return _whole(str(message.get(name) or ""))
    except (ValueError, TypeError, LookupError, AttributeError):  # the package gives up on some headers
        return ""


def _whole(text: str) -> str:
    """The package leaves raw eight-bit letters as surrogates."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _header(message: EmailMessage, name: str) -> Header:
    people: list[tuple[str, str]] = []
    sound, raw = True, ""
    for value in message.get_all(name) or []:
        sound = sound and not value.defects
        raw += "".join(_whole(source) for key, source in message.raw_items() if key.lower() == name.lower())
        people += [(_one_line(_whole(one.display_name)), _whole(one.addr_spec).lower()) for one in value.addresses]
    return Header(tuple(people), sound, raw)


def _sent(message: EmailMessage) -> datetime | None:
    header: Any = message.get("Date")
    return _utc(getattr(header, "datetime", None))


def _traced(message: EmailMessage) -> datetime | None:
    for value in message.get_all("Received") or []:
        try:
            return _utc(parsedate_to_datetime(str(value).rpartition(";")[2].strip()))
        except (ValueError, TypeError):
            continue
    return None


def _utc(moment: datetime | None) -> datetime | None:
    if moment is None:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC).replace(microsecond=0)


def _kind(message: EmailMessage) -> str:
    types = [part.get_content_type() for part in message.walk()]
    if message.get_content_type() == "multipart/report":
        return "service"
    if "text/calendar" in types:
        return "service"
    return "encrypted" if types[0] in ("application/pkcs7-mime", "application/x-pkcs7-mime") else "mail"


def _parts(message: EmailMessage, raw: bytes) -> list[Any]:
    """By the package's older rules where its newer ones find a multipart without parts: an odd boundary is one."""
    parts = list(_leaves(message))
    if any(part.get_content_maintype() == "multipart" for part in parts):
        parts = list(_leaves(message_from_bytes(raw, policy=policy.compat32)))
    return parts


def _leaves(part: Any) -> Iterator[Any]:
    """Attached messages are leaves: they are not looked into."""
    if part.is_multipart() and part.get_content_type() != "message/rfc822":
        for child in part.get_payload():
            yield from _leaves(child)
    else:
        yield part


def _is_text(part: Any, content_type: str) -> bool:
    """A multipart without parts is the text that it consists of."""
    found = part.get_content_type()
    plain = "text/plain" if found.startswith("multipart/") else found
    return plain == content_type and part.get_content_disposition() != "attachment" and not _named(part)


def _named(part: Any) -> str:
    try:
        return _whole(part.get_filename() or "")
    except (ValueError, TypeError, LookupError):
        return ""


def _text(part: Any) -> str:
    content = part.get_payload(decode=True) or b""
    try:
        return content.decode(part.get_content_charset() or "utf-8", "replace")
    except LookupError:
        return content.decode("ascii", "replace")


def _files(parts: list[Any], html: str) -> Iterator[File]:
    """All but the body: the first HTML and the texts before it, or all texts where there is no HTML."""
    shown_html = False
    for part in parts:
        content_type = part.get_content_type()
        if not shown_html and (_is_text(part, "text/plain") or _is_text(part, "text/html")):
            shown_html = content_type == "text/html"
            continue
        if content_type == "message/rfc822":
            inner = part.get_payload(0)
            yield File(digest(inner.as_bytes(policy=policy.compat32)), _one_line(_value(inner, "Subject")))
            continue
        content = part.get_payload(decode=True)
        if not content or content_type in SIGNATURES or content_type.startswith(("message/", "text/rfc822")):
            continue
        content_id = str(part.get("Content-ID") or "").strip("<> ")
        if content_id and (part.get_content_disposition() == "inline" or f"cid:{content_id}" in html):
            continue
        name = _named(part)
        yield File(digest(content), "" if UNREADABLE in name else name)


def _shown(html: str) -> "_Reader":
    reader = _Reader()
    reader.feed(re.sub(r"<!--.*?-->", "", html, flags=re.DOTALL) + " ")
    if "<" not in reader.rawdata:
        reader.close()
    return reader


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._unseen += tag in UNSEEN
        if tag == "body":
            self._unseen = 0
        described = dict(attrs)
        if tag == "img" and not (described.get("src") or "").startswith("cid:"):
            self.pieces.append(f" {described.get('alt') or ''} ")
        elif tag not in ("a", "b", "i", "em", "strong", "font", "span", "u"):
            self.pieces.append(" ")

    def handle_endtag(self, tag: str) -> None:
        self._unseen = max(0, self._unseen - (tag in UNSEEN))
        if tag in ("p", "div", "td", "tr", "li"):
            self.pieces.append(" ")

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.pieces.append(data)
