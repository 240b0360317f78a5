"""From what is kept to MIME: drafts, mail sent by people, and the bounces of unknown addresses."""

from email import message_from_bytes, policy
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, formataddr

from sandbox.mailboxes.model import Attachment, Mail, Person

_OWN_HEADERS = {
    "from", "sender", "to", "cc", "bcc", "reply-to", "subject", "date", "message-id", "in-reply-to",
    "references", "mime-version", "content-type", "content-transfer-encoding", "importance",
    "disposition-notification-to", "return-receipt-to",
}  # fmt: skip


def compose(mail: Mail, attachments: list[Attachment]) -> bytes:
    """The whole MIME, Bcc included: whoever sends it takes that header away."""
    message = EmailMessage(policy=policy.SMTP)
    _set_heads(message, mail)
    _set_body(message, mail)
    for attachment in attachments:
        _attach(message, attachment)
    return message.as_bytes()


def _set_heads(message: EmailMessage, mail: Mail) -> None:
    heads = {
        "From": _people((mail.author,) if mail.author else ()),
        "To": _people(mail.to),
        "Cc": _people(mail.cc),
        "Bcc": _people(mail.bcc),
        "Reply-To": _people(mail.reply_to),
        "Subject": _literal(mail.subject),
        "Date": format_datetime(mail.sent) if mail.sent else "",
        "Message-ID": mail.message_id,
        "In-Reply-To": mail.in_reply_to,
        "References": " ".join(mail.references),
        "Importance": mail.importance if mail.importance != "normal" else "",
    }
    if mail.author and mail.read_receipt:
        heads["Disposition-Notification-To"] = mail.author.address
    if mail.author and mail.delivery_receipt:
        heads["Return-Receipt-To"] = mail.author.address
    if mail.sender and mail.author and mail.sender.address != mail.author.address:
        heads["Sender"] = _people((mail.sender,))
    for name, value in heads.items():
        if value:
            message[name] = " ".join(value.splitlines())
    for name, value in mail.headers:
        if name.lower() not in _OWN_HEADERS:
            message[name] = " ".join(value.splitlines())


def _literal(text: str) -> str:
    """Text that looks like an encoded word is encoded once more: the library would decode it, line breaks too."""
    return Header(text, "utf-8").encode() if "=?" in text else text


def _people(people: tuple[Person, ...]) -> str:
    return ", ".join(_person(person) for person in people)


def _person(person: Person) -> str:
    try:
        return str(Address(_literal(person.name), addr_spec=person.address))
    except (ValueError, IndexError):
        return formataddr((person.name, person.address))


def _set_body(message: EmailMessage, mail: Mail) -> None:
    if mail.text is not None or mail.html is None:
        message.set_content(mail.text or "", cte="base64" if _has_long_lines(mail.text) else None)
    if mail.html is not None:
        if mail.text is None:
            message.set_content(mail.html, subtype="html", cte="base64")
        else:
            message.add_alternative(mail.html, subtype="html", cte="base64")


def _has_long_lines(text: str | None) -> bool:
    return any(len(line) > 900 for line in (text or "").splitlines())


def _attach(message: EmailMessage, attachment: Attachment) -> None:
    if attachment.kind == "item":
        message.add_attachment(message_from_bytes(attachment.content, policy=policy.default))
        return
    main, _, sub = attachment.content_type.partition("/")
    known = main not in ("", "multipart", "message") and bool(sub)
    message.add_attachment(
        attachment.content,
        maintype=main if known else "application",
        subtype=sub if known else "octet-stream",
        filename=attachment.name or "attachment",
        disposition="inline" if attachment.inline else "attachment",
        cid=f"<{attachment.content_id}>" if attachment.content_id else None,
    )


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
