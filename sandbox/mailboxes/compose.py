"""From what is kept to MIME: drafts, mail sent by people, and the bounces of unknown addresses."""

import base64
import hashlib
import re
from email.header import Header
from email.utils import format_datetime
from urllib.parse import quote

from sandbox.mailboxes.model import Attachment, Mail, Person

_OWN_HEADERS = {
    "from", "sender", "to", "cc", "bcc", "reply-to", "subject", "date", "message-id", "in-reply-to",
    "references", "mime-version", "content-type", "content-transfer-encoding", "importance",
    "disposition-notification-to", "return-receipt-to",
}  # fmt: skip


_NAME = re.compile(r"[!-9;-~]{1,200}")
_KIND = re.compile(r"[a-z0-9.+-]{1,100}/[a-zA-Z0-9.+-]{1,100}")
_FOLD = "\r\n "
LONGEST_LINE = 900
"""Characters of a header line that are sent unfolded; a server takes 998."""


def compose(mail: Mail, attachments: list[Attachment]) -> bytes:
    """The whole MIME, Bcc included: whoever sends it takes that header away.

    Written here and not by the library, which gives up on headers and attached mail as there really are.
    """
    bodies = [] if mail.text is None and mail.html is not None else [_text("plain", mail.text or "")]
    if mail.html is not None:
        bodies.append(_text("html", mail.html))
    if mail.meeting and mail.calendar:
        bodies.append(_calendar(mail.meeting.method, mail.calendar))
    whole = bodies[0] if len(bodies) == 1 else _multipart("alternative", bodies)
    if attachments:
        whole = _multipart("mixed", [whole, *map(_attached, attachments)])
    return _heads(mail).encode("utf-8", "replace") + b"MIME-Version: 1.0\r\n" + whole


def _text(kind: str, text: str) -> bytes:
    lines = text.splitlines()
    head = f'Content-Type: text/{kind}; charset="utf-8"\r\nContent-Transfer-Encoding: '
    if kind == "plain" and all(line.isascii() and _is_plain(line) for line in lines):
        return f"{head}7bit\r\n\r\n".encode() + "".join(f"{line}\r\n" for line in lines).encode()
    whole = "".join(f"{line}\r\n" for line in lines)
    return f"{head}base64\r\n\r\n".encode() + _base64(whole.encode("utf-8", "replace"))


def _calendar(method: str, text: str) -> bytes:
    """RFC 6047: the method stands in the type too."""
    head = f'Content-Type: text/calendar; charset="utf-8"; method={method}\r\nContent-Transfer-Encoding: base64'
    return f"{head}\r\n\r\n".encode() + _base64(text.encode("utf-8", "replace"))


def _is_plain(line: str) -> bool:
    return len(line) < LONGEST_LINE and line.replace("\t", "").isprintable()


def _base64(content: bytes) -> bytes:
    return base64.encodebytes(content).replace(b"\n", b"\r\n")


def _multipart(kind: str, parts: list[bytes]) -> bytes:
    """The boundary is made of what it bounds, so that no part can have it."""
    boundary = "=_" + hashlib.blake2b(b"".join(parts), digest_size=16).hexdigest()
    lines = [f'Content-Type: multipart/{kind}; boundary="{boundary}"\r\n'.encode()]
    lines += [f"\r\n--{boundary}\r\n".encode() + part for part in parts]
    return b"".join([*lines, f"\r\n--{boundary}--\r\n".encode()])


def _attached(attachment: Attachment) -> bytes:
    if attachment.kind == "item":
        return b"Content-Type: message/rfc822\r\nContent-Disposition: attachment\r\n\r\n" + attachment.content
    known = _KIND.fullmatch(attachment.content_type) and not attachment.content_type.startswith("m")
    name = quote(_one_line(attachment.name) or "attachment", safe="", errors="replace")
    way = "inline" if attachment.inline else "attachment"
    lines = [
        f"Content-Type: {attachment.content_type if known else 'application/octet-stream'}",
        f"Content-Disposition: {way}; filename*=utf-8''{name}",
        "Content-Transfer-Encoding: base64",
    ]
    if attachment.content_id:
        lines.append(f"Content-ID: <{_one_line(attachment.content_id)}>")
    return "\r\n".join([*lines, "", ""]).encode("utf-8", "replace") + _base64(attachment.content)


def _heads(mail: Mail) -> str:
    heads = {
        "From": _people((mail.author,) if mail.author else ()),
        "To": _people(mail.to),
        "Cc": _people(mail.cc),
        "Bcc": _people(mail.bcc),
        "Reply-To": _people(mail.reply_to),
        "Subject": _words(mail.subject),
        "Date": format_datetime(mail.sent) if mail.sent else "",
        "Message-ID": mail.message_id,
        "In-Reply-To": mail.in_reply_to,
        "References": _FOLD.join(mail.references),
        "Importance": mail.importance if mail.importance != "normal" else "",
    }
    if mail.author and mail.read_receipt:
        heads["Disposition-Notification-To"] = _one_line(mail.author.address)
    if mail.author and mail.delivery_receipt:
        heads["Return-Receipt-To"] = _one_line(mail.author.address)
    if mail.sender and mail.author and mail.sender.address != mail.author.address:
        heads["Sender"] = _people((mail.sender,))
    lines = [f"{name}: {value}\r\n" for name, value in heads.items() if value]
    for name, value in mail.headers:
        if name.lower() not in _OWN_HEADERS and _NAME.fullmatch(name):
            lines.append(f"{name}: {_words(value)}\r\n")
    return "".join(lines)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _words(text: str) -> str:
    """As it is, or as encoded words: what looks like one is encoded once more, or a reader would decode it."""
    plain = _one_line(text)
    if plain.isascii() and plain.isprintable() and "=?" not in plain and len(plain) < LONGEST_LINE:
        return plain
    return Header(plain.encode("utf-8", "replace").decode(), "utf-8").encode(linesep="\r\n")


def _people(people: tuple[Person, ...]) -> str:
    return f",{_FOLD}".join(_person(person) for person in people)


def _person(person: Person) -> str:
    address, name = _one_line(person.address), _one_line(person.name)
    if not name:
        return address
    if name.isascii() and name.isprintable() and "=?" not in name:
        name = name.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{name}" <{address}>'
    return f"{_words(name)} <{address}>"


def bounce(mail: Mail, address: str, message_id: str, postmaster: str) -> bytes:
    """The delivery report a sender gets for an address that does not exist (RFC 3464)."""
    boundary = "=_" + message_id.strip("<>").partition("@")[0]
    sender = mail.author.address if mail.author else ""
    lines = [
        f"From: Microsoft Outlook <{postmaster}>",
        f"To: <{sender}>",
        f"Subject: Undeliverable: {mail.subject.encode('ascii', 'replace').decode()}",
        f"Date: {format_datetime(mail.sent) if mail.sent else ''}",
        f"Message-ID: {message_id}",
        f"In-Reply-To: {mail.message_id}",
        "Auto-Submitted: auto-replied",
        "MIME-Version: 1.0",
        f'Content-Type: multipart/report; report-type=delivery-status; boundary="{boundary}"',
        "",
        f"--{boundary}",
        "Content-Type: text/plain; charset=utf-8",
        "",
        f"Your message to {address} couldn't be delivered: no such mailbox.",
        f"--{boundary}",
        "Content-Type: message/delivery-status",
        "",
        "Reporting-MTA: dns;mail.example.com",
        "",
        f"Final-Recipient: rfc822;{address}",
        "Action: failed",
        "Status: 5.1.10",
        "Diagnostic-Code: smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; not found",
        f"--{boundary}--",
        "",
    ]
    return "\r\n".join(lines).encode()
