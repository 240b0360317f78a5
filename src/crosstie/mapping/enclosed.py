"""What an attachment that is a message by itself holds.

Exchange keeps a clear-signed mail's text, and the whole signed entity beside it as its only attachment, files and
all ([MS-OXOSMIME] 2.1.3.1). Whoever reads the mail sees those files, so they are what it comes with.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from email import message_from_bytes, policy
from email.errors import MessageError
from email.message import EmailMessage, Message
from typing import Any

from crosstie.domain.email import Attachment, AttachmentKind

_BROKEN = (ValueError, TypeError, LookupError, AttributeError, AssertionError, MessageError, RecursionError)
"""What the standard library raises on headers and boundaries that no standard foresees."""
_REPORTS = ("message/delivery-status", "message/disposition-notification", "text/rfc822-headers")


def opened(attachments: Iterable[Attachment]) -> Iterator[Attachment]:
    """As files: what a signed entity holds, and other items under the name of the file made of them."""
    for one in attachments:
        if one.data is not None and one.is_signed:
            yield from _unwrapped(one)
        elif one.data is not None and one.kind is AttachmentKind.ITEM:
            yield replace(one, name=_file_of_item(one.name, one.data))
        else:
            yield one


def _unwrapped(attachment: Attachment) -> Sequence[Attachment]:
    """The files within a signed entity, its signature among them; the entity itself if it cannot be read."""
    try:
        message = message_from_bytes(attachment.data or b"", policy=policy.default)
        parts = list(_leaves(message))
        found = [_file(attachment, number, part) for number, part in enumerate(_without_body(parts), 1)]
        html = "".join(_text(part) for part in parts if part.get_content_type() == "text/html")
    except _BROKEN:
        return (attachment,)
    if not message.is_multipart():
        return (attachment,)
    return [replace(one, is_inline=_is_shown(part, html)) for one, part in found]


def _leaves(part: Any) -> Iterator[Message]:
    """Attached messages are leaves: they are files of their own."""
    if part.is_multipart() and part.get_content_type() != "message/rfc822":
        for child in part.get_payload():
            yield from _leaves(child)
    elif part.get_content_type() not in _REPORTS:
        yield part


def _without_body(parts: Sequence[Any]) -> Iterator[Any]:
    """The body is the first HTML and the texts before it, as far as they are no files by their own account."""
    html_seen = False
    for part in parts:
        kind = part.get_content_type()
        is_text = kind in ("text/plain", "text/html") and part.get_content_disposition() != "attachment"
        if is_text and not html_seen and not part.get_filename():
            html_seen = kind == "text/html"
        else:
            yield part


def _file(whole: Attachment, number: int, part: Any) -> tuple[Attachment, Any]:
    kind = part.get_content_type()
    is_message = kind == "message/rfc822"
    data = _message(part) if is_message else part.get_payload(decode=True) or b""
    name = str(part.get_filename() or "")
    one = Attachment(
        attachment_id=f"{whole.attachment_id}/{number}",
        name=_file_of_item(name or _subject(part), data) if is_message else name,
        content_type=kind,
        size=len(data),
        kind=AttachmentKind.ITEM if is_message else AttachmentKind.FILE,
        data=data,
    )
    return one, part


def _message(part: Any) -> bytes:
    inner = part.get_payload()
    one = inner[0] if isinstance(inner, list) and inner else part
    return bytes(one.as_bytes(policy=policy.compat32))


def _subject(part: Any) -> str:
    inner = part.get_payload()
    one = inner[0] if isinstance(inner, list) and inner else None
    return str(one.get("Subject") or "") if isinstance(one, EmailMessage) else ""


def _text(part: Any) -> str:
    return (part.get_payload(decode=True) or b"").decode("ascii", "replace")


def _is_shown(part: Any, html: str) -> bool:
    """Within the text: what says so and can be referred to, and what the text refers to."""
    content_id = str(part.get("Content-ID") or "").strip("<> ")
    return bool(content_id) and (part.get_content_disposition() == "inline" or f"cid:{content_id}" in html)


def _file_of_item(title: str, data: bytes) -> str:
    """The file name of another item of the mailbox: what it is called there, and what the vendor made of it."""
    start = data[:64].lstrip().upper()
    ending = next((end for word, end in _ENDINGS if start.startswith(word)), "eml")
    plain = title.replace("/", "-").replace("\\", "-").strip().removesuffix(f".{ending}")
    return f"{plain or 'message'}.{ending}"


_ENDINGS = ((b"BEGIN:VCALENDAR", "ics"), (b"BEGIN:VCARD", "vcf"))
