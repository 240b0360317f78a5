"""What clients write: a message's JSON or MIME, read strictly into what the store keeps."""

import base64
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from email import policy
from email.parser import BytesParser
from typing import Any

from sandbox.graph.errors import bad_request
from sandbox.graph.extended import check_write
from sandbox.graph.extensions import read_extension
from sandbox.graph.values import content, list_of_objects, one_of, people, person, strings, text, truth, wrong
from sandbox.mailboxes import Mail, Message
from sandbox.mailboxes.properties import PropertyName
from sandbox.mailboxes.zones import to_iana

ONLY_ON_DRAFTS = {
    "subject", "body", "toRecipients", "ccRecipients", "bccRecipients", "replyTo", "from", "sender",
    "internetMessageHeaders", "internetMessageId", "isReadReceiptRequested", "isDeliveryReceiptRequested",
}  # fmt: skip
_READ_ONLY = {
    "id", "bodyPreview", "changeKey", "conversationId", "conversationIndex", "createdDateTime",
    "hasAttachments", "isDraft", "lastModifiedDateTime", "parentFolderId", "receivedDateTime",
    "sentDateTime", "uniqueBody", "webLink",
}  # fmt: skip
_ADDRESS = re.compile(r"[^\s@<>\"(),:;\[\]\\]+@[^\s@<>\"(),:;\[\]\\]+")


@dataclass(slots=True)
class Written:
    """`settings` are attributes of the stored message, `mail` its content."""

    mail: Mail
    settings: dict[str, Any] = field(default_factory=dict)
    properties: dict[PropertyName, Any] = field(default_factory=dict)
    attachments: list[dict[str, Any]] = field(default_factory=list)
    extensions: dict[str, dict[str, Any]] = field(default_factory=dict)
    names: frozenset[str] = frozenset()

    def apply_settings(self, message: Message) -> None:
        for name, value in self.settings.items():
            setattr(message, name, value)
        message.extensions |= self.extensions
        for property_, value in self.properties.items():
            if value is None:
                message.properties.pop(property_, None)
            else:
                message.properties[property_] = value


def read_message(body: dict[str, Any], base: Mail | None = None) -> Written:
    """Raises 400 naming the first property that Graph would not take."""
    written = Written(base or Mail(), names=frozenset(name for name in body if "@" not in name))
    for name in sorted(written.names):
        if name in _READ_ONLY:
            raise bad_request(f"The property {name} cannot be set.", "ErrorInvalidPropertySet")
        if name in _CONTENT:
            written.mail = replace(written.mail, **_CONTENT[name](name, body[name]))
        elif name in _SETTINGS:
            written.settings |= _SETTINGS[name](name, body[name])
        elif name == "attachments":
            written.attachments = list_of_objects(name, body[name])
        elif name == "extensions":
            written.extensions = dict(read_extension(one) for one in list_of_objects(name, body[name]))
        elif name not in ("singleValueExtendedProperties", "multiValueExtendedProperties"):
            raise bad_request(f"A message has no property {name}.", "RequestBodyRead")
    written.properties = check_write(
        body.get("singleValueExtendedProperties"), body.get("multiValueExtendedProperties")
    )
    if "importance" in written.settings:
        written.mail = replace(written.mail, importance=written.settings["importance"])
    return written


def _headers(name: str, value: Any) -> dict[str, Any]:
    """Graph lets clients set headers of their own only."""
    headers = [(str(one.get("name", "")), str(one.get("value", ""))) for one in list_of_objects(name, value)]
    for header, _ in headers:
        if not header.lower().startswith("x-"):
            raise bad_request(f"The header {header} must begin with x-.", "InvalidInternetMessageHeader")
    return {"headers": tuple(headers)}


_FLAG_DATES = ("startDateTime", "dueDateTime", "completedDateTime")


def _flag(name: str, value: Any) -> dict[str, Any]:
    """A due moment needs a start, as Microsoft's page says."""
    if not isinstance(value, dict) or set(value) - {"flagStatus", *_FLAG_DATES, "@odata.type"}:
        raise wrong(name)
    status = one_of("notFlagged", "complete", "flagged")(name, value.get("flagStatus"))
    dates = {key: _zoned(f"{name}.{key}", value[key]) for key in _FLAG_DATES if value.get(key) is not None}
    if "dueDateTime" in dates and "startDateTime" not in dates:
        raise bad_request("A flag's dueDateTime needs a startDateTime.", "ErrorInvalidArgument")
    return {"flag": status, "flag_dates": {} if status == "notFlagged" else dates}


def _zoned(name: str, value: Any) -> dict[str, str]:
    if not isinstance(value, dict) or set(value) - {"dateTime", "timeZone", "@odata.type"}:
        raise wrong(name)
    try:
        datetime.fromisoformat(str(value.get("dateTime")))
    except ValueError as broken:
        raise wrong(name) from broken
    if to_iana(str(value.get("timeZone", "UTC"))) is None:
        raise bad_request(f"There is no time zone {value['timeZone']}.", "ErrorInvalidTimeZone")
    return {"dateTime": str(value["dateTime"]), "timeZone": str(value.get("timeZone", "UTC"))}


_importance = one_of("low", "normal", "high")
_inference = one_of("focused", "other")
_Reader = Callable[[str, Any], dict[str, Any]]
_CONTENT: dict[str, _Reader] = {
    "subject": lambda n, v: {"subject": text(n, v)},
    "body": content,
    "toRecipients": lambda n, v: {"to": people(n, v)},
    "ccRecipients": lambda n, v: {"cc": people(n, v)},
    "bccRecipients": lambda n, v: {"bcc": people(n, v)},
    "replyTo": lambda n, v: {"reply_to": people(n, v)},
    "from": lambda n, v: {"author": person(n, v)},
    "sender": lambda n, v: {"sender": person(n, v)},
    "internetMessageId": lambda n, v: {"message_id": text(n, v)},
    "internetMessageHeaders": _headers,
    "isReadReceiptRequested": lambda n, v: {"read_receipt": truth(n, v)},
    "isDeliveryReceiptRequested": lambda n, v: {"delivery_receipt": truth(n, v)},
}
_SETTINGS: dict[str, _Reader] = {
    "categories": lambda n, v: {"categories": strings(n, v)},
    "flag": _flag,
    "importance": lambda n, v: {"importance": _importance(n, v)},
    "inferenceClassification": lambda n, v: {"inference": _inference(n, v)},
    "isRead": lambda n, v: {"is_read": truth(n, v)},
}


def check_sendable(mail: Mail) -> None:
    if not mail.recipients:
        raise bad_request("A mail needs a recipient.", "ErrorInvalidRecipients")
    for one in mail.recipients:
        if not _ADDRESS.fullmatch(one.address):
            raise bad_request(f"The recipient '{one.address}' is not valid.", "ErrorInvalidRecipients")


def read_mime(content: bytes) -> bytes:
    """Base64 MIME, as Graph takes it in a text/plain body."""
    try:
        raw = base64.b64decode(content, validate=True)
    except ValueError as broken:
        raise bad_request("MIME content must be base64.", "ErrorMimeContentInvalidBase64String") from broken
    heads = BytesParser(policy=policy.compat32).parsebytes(raw, headersonly=True)
    if not any(heads.get(name) for name in ("From", "To", "Subject", "MIME-Version")):
        raise bad_request("That is no MIME.", "ErrorMimeContentInvalid")
    return raw
