"""Graph's message resource → our words, and what has to be asked for to tell.

Message class, size and sensitivity of a message are no properties of Graph's v1.0 but MAPI's, reached as
single-value extended properties. https://learn.microsoft.com/graph/api/resources/message
"""

import re
from base64 import b64decode
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from crosstie.domain.address import Address
from crosstie.domain.email import Attachment, AttachmentKind, Email, Folder, MailKind

Row = Mapping[str, Any]
"""A JSON object from the wire, of which nothing is taken on trust."""

ENVELOPE = (
    "id", "changeKey", "subject", "from", "sender", "toRecipients", "ccRecipients", "bccRecipients",
    "internetMessageId", "conversationId", "sentDateTime", "receivedDateTime", "isDraft", "isRead", "categories",
    "hasAttachments", "parentFolderId", "webLink",
)  # fmt: skip
MESSAGE_CLASS, MESSAGE_SIZE, SENSITIVITY = "String 0x001A", "Integer 0x0E08", "Integer 0x0036"
SPAM_LEVEL = "Integer 0x4076"
"""PidTagMessageClass, -MessageSize, -Sensitivity, -ContentFilterSpamConfidenceLevel ([MS-OXPROPS])."""
PRIVATE = "2"
PROPERTIES = "singleValueExtendedProperties"

NEVER = datetime(1601, 1, 2, tzinfo=UTC)
"""Exchange writes its beginning of time, or year 1, where there is no date."""
FOREVER = datetime(9999, 1, 1, tzinfo=UTC)
"""Its last year is another way to say never, and a zone would move its end beyond what a date holds."""
_STRAY_CALENDAR = "not supported calendar message.ics"
"""What Exchange calls a calendar in a mail that is no meeting's ([MS-STANXICAL] 2.3)."""
_LEVEL = re.compile(r"-1|[0-9]")
_ID = re.compile(r"[A-Za-z0-9_=+/-]{1,1000}")


def envelope_query(*, properties: bool = True) -> str:
    """The options that fetch an envelope, without the question mark."""
    select = "$select=" + ",".join(ENVELOPE)
    if not properties:
        return select
    wanted = " or ".join(f"id eq '{name}'" for name in (MESSAGE_CLASS, MESSAGE_SIZE, SENSITIVITY, SPAM_LEVEL))
    return f"{select}&$expand={PROPERTIES}" + quote(f"($filter={wanted})", safe="($)='")


def conversation_filter(conversation_id: str) -> str:
    """The option that lists the mails of a conversation."""
    literal = conversation_id.replace("'", "''")
    return "$filter=" + quote(f"conversationId eq '{literal}'", safe="'")


def is_id(text: str) -> bool:
    """Whether it can be an id of Graph's at all: what cannot, such as `..`, must not shape an address."""
    return _ID.fullmatch(text) is not None


def segment(vendor_id: str) -> str:
    """An id or name as one segment of a path."""
    return quote(vendor_id, safe="")


def is_whole(row: Row) -> bool:
    """A change stream may tell of a changed read flag alone, and may ignore that properties were asked for."""
    return isinstance(row.get("parentFolderId"), str) and bool(row.get(PROPERTIES))


def email(row: Row, folders: Mapping[str, Folder]) -> Email:
    """`folders` tells the watched folders by their id."""
    properties = _properties(row)
    return Email(
        item_id=text(row, "id"),
        version=version(row),
        folder=folders.get(text(row, "parentFolderId"), Folder.OTHER),
        subject=text(row, "subject"),
        sender=address(row.get("from")) or address(row.get("sender")),
        to=_addresses(row.get("toRecipients")),
        cc=_addresses(row.get("ccRecipients")),
        bcc=_addresses(row.get("bccRecipients")),
        message_id=text(row, "internetMessageId") or None,
        conversation_id=text(row, "conversationId"),
        sent_at=moment(row.get("sentDateTime")),
        received_at=moment(row.get("receivedDateTime")),
        kind=kind(text(row, "@odata.type"), properties.get(_number(MESSAGE_CLASS), "")),
        is_draft=row.get("isDraft") is True,
        is_private=properties.get(_number(SENSITIVITY)) == PRIVATE,
        is_read=row.get("isRead") is not False,
        categories=categories(row),
        has_attachments=row.get("hasAttachments") is True,
        size=_size(properties.get(_number(MESSAGE_SIZE))),
        spam_level=_level(properties.get(_number(SPAM_LEVEL))),
        web_link=link if (link := text(row, "webLink")).startswith("https://") else "",
    )


def version(row: Row) -> str:
    """The change key; the header's form of it differs between calls, so the bare key is what is compared."""
    key = text(row, "changeKey")
    return key or text(row, "@odata.etag").removeprefix("W/").strip('"')


def same_version(one: str, other: str) -> bool:
    """Some servers write it with its padding here, and without it there."""
    return one.rstrip("=") == other.rstrip("=")


def categories(row: Row) -> frozenset[str]:
    return frozenset(one for one in many(row.get("categories")) if isinstance(one, str))


def if_match(version: str) -> str:
    return f'W/"{version}"'


def kind(odata_type: str, message_class: str) -> MailKind:
    """Classes are case-insensitive and extended to the right ([MS-OXCMSG], [MS-OXORMMS], [MS-OXOSMIME])."""
    name = message_class.casefold()
    if name.startswith("report."):
        receipt = name.endswith((".ipnrn", ".ipnnrn"))
        return MailKind.READ_RECEIPT if receipt else MailKind.DELIVERY_REPORT
    if name.startswith("ipm.schedule.meeting") or "#microsoft.graph.eventmessage" in odata_type.casefold():
        return MailKind.MEETING_NOTICE
    encrypted = name.startswith(("ipm.note.smime", "ipm.note.secure"))
    if encrypted and not name.endswith((".multipartsigned", ".sign")):
        return MailKind.ENCRYPTED
    return MailKind.MAIL


def attachment(row: Row) -> Attachment:
    """With its bytes where they are in the row."""
    odata_type = text(row, "@odata.type").casefold()
    kind = AttachmentKind.FILE
    if odata_type.endswith("itemattachment"):
        kind = AttachmentKind.ITEM
    elif odata_type.endswith("referenceattachment"):
        kind = AttachmentKind.LINK
    data = _bytes(row.get("contentBytes")) if kind is AttachmentKind.FILE else None
    size, name = row.get("size"), text(row, "name")
    return Attachment(
        attachment_id=text(row, "id"),
        name="calendar.ics" if name == _STRAY_CALENDAR else name,
        content_type=text(row, "contentType"),
        size=len(data) if data is not None else size if isinstance(size, int) else 0,
        kind=kind,
        is_inline=row.get("isInline") is True,
        data=data,
    )


def body(row: Row) -> tuple[str, str]:
    """(HTML, text): one of them, as Graph keeps one."""
    found = row.get("body")
    if not isinstance(found, Mapping):
        return "", ""
    content = text(found, "content")
    return ("", content) if text(found, "contentType").casefold() == "text" else (content, "")


def headers(row: Row) -> str:
    """`Name: value` lines as the mail came with them; Graph unfolds them."""
    lines = [one for one in many(row.get("internetMessageHeaders")) if isinstance(one, Mapping)]
    return "".join(f"{text(one, 'name')}: {text(one, 'value')}\n" for one in lines)


def rows(value: Any) -> list[Row]:
    """The objects of a collection; anything else in it is left out."""
    return [one for one in many(value) if isinstance(one, Mapping)]


def _properties(row: Row) -> dict[int, str]:
    """Values by property number: Graph answers `Integer 0xe08` where `Integer 0x0E08` was asked for."""
    found = {}
    for one in rows(row.get(PROPERTIES)):
        number = _number(text(one, "id"))
        if number and one.get("value") is not None:
            found[number] = str(one["value"])
    return found


def _number(property_id: str) -> int:
    try:
        return int(property_id.rpartition(" ")[2], 16)
    except ValueError:
        return 0


def address(recipient: Any) -> Address | None:
    inner = recipient.get("emailAddress") if isinstance(recipient, Mapping) else None
    if not isinstance(inner, Mapping) or not (text(inner, "address") or text(inner, "name")):
        return None
    return Address.of(text(inner, "address"), text(inner, "name"))


def _addresses(recipients: Any) -> tuple[Address, ...]:
    return tuple(found for one in many(recipients) if (found := address(one)))


def moment(value: Any) -> datetime | None:
    """`2026-12-09T20:30:00Z`, at times with seven digits of a fraction and no zone, which then is UTC."""
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    if found is None:
        return None
    aware = found if found.tzinfo else found.replace(tzinfo=UTC)
    return aware.astimezone(UTC) if NEVER.year < aware.year < FOREVER.year else None


def _size(value: str | None) -> int | None:
    return int(value) if value and value.isascii() and value.isdigit() else None


def _level(value: str | None) -> int | None:
    return int(value) if value and _LEVEL.fullmatch(value) else None


def _bytes(value: Any) -> bytes | None:
    try:
        return b64decode(value) if isinstance(value, str) else None
    except ValueError:
        return None


def text(row: Row, name: str) -> str:
    value = row.get(name)
    return value if isinstance(value, str) else ""


def many(value: Any) -> Iterable[Any]:
    return value if isinstance(value, list) else ()
