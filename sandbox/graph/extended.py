"""Extended properties: the standard ones Exchange derives from the item, and those that clients stamp on it."""

import base64
import hashlib
import re
from collections.abc import Callable, Mapping
from typing import Any

from sandbox.graph.errors import bad_request
from sandbox.graph.odata import Expansion
from sandbox.mailboxes import Mailbox, Message
from sandbox.mailboxes.properties import PropertyName, parse_property

Reader = Callable[[Mailbox, Message], Any]
Single = Callable[[PropertyName], str | None]
Multi = Callable[[PropertyName], list[str] | None]
"""How an item's properties are read, by their names."""
SPAM_LEVEL = 0x4076
_SCL = "x-ms-exchange-organization-scl"
_ID_EQ = re.compile(r"id\s+eq\s+'((?:[^']|'')*)'", re.IGNORECASE)


def _topic(message: Message) -> str:
    return re.sub(r"^((re|fw|fwd|aw|wg)\s*:\s*)+", "", message.mail.subject, flags=re.IGNORECASE)


def _moment(moment: Any) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def _search_key(mailbox: Mailbox, message: Message) -> str:
    text = f"{mailbox.guid}/{message.number}".encode()
    return base64.b64encode(hashlib.blake2b(text, digest_size=16).digest()).decode()


def _transport_headers(_: Mailbox, message: Message) -> str:
    return "".join(f"{name}: {value}\r\n" for name, value in message.mail.headers)


def _priority(_: Mailbox, message: Message) -> int:
    return {"low": 0, "normal": 1, "high": 2}[message.importance]


def _sensitivity(_: Mailbox, message: Message) -> int:
    """[MS-OXCMAIL]: the Sensitivity header's words, in any case; anything else is normal."""
    given = next((value for name, value in message.mail.headers if name.lower() == "sensitivity"), "")
    words = {"personal": 1, "private": 2, "company-confidential": 3}
    return words.get(given.strip().lower(), 0)


def _spam_level(_: Mailbox, message: Message) -> int | None:
    """[MS-OXCMAIL] 2.1.3.2.24: the header and the property say the same, -1 to 9."""
    given = next((value for name, value in message.mail.headers if name.lower() == _SCL), "").strip()
    return int(given) if re.fullmatch("-1|[0-9]", given) else None


DERIVED: dict[tuple[str, int], Reader] = {
    ("String", 0x001A): lambda _, m: m.mail.item_class,
    ("String", 0x0037): lambda _, m: m.mail.subject,
    ("String", 0x007D): _transport_headers,
    ("String", 0x0070): lambda _, m: _topic(m),
    ("String", 0x0E1D): lambda _, m: _topic(m),
    ("String", 0x1035): lambda _, m: m.mail.message_id or None,
    ("String", 0x1039): lambda _, m: " ".join(m.mail.references) or None,
    ("String", 0x1042): lambda _, m: m.mail.in_reply_to or None,
    ("Integer", 0x0017): _priority,
    ("Integer", 0x0036): _sensitivity,
    ("Integer", 0x0E08): lambda _, m: m.content_size,
    ("Integer", SPAM_LEVEL): _spam_level,
    ("Integer", 0x0E07): lambda _, m: int(m.is_read) | int(m.is_draft) << 3 | int(bool(m.attachments)) << 4,
    ("SystemTime", 0x0039): lambda _, m: _moment(m.sent),
    ("SystemTime", 0x0E06): lambda _, m: _moment(m.received),
    ("SystemTime", 0x3007): lambda _, m: _moment(m.created),
    ("SystemTime", 0x3008): lambda _, m: _moment(m.modified),
    ("Binary", 0x300B): _search_key,
}
"""Property types and tags by [MS-OXPROPS]. The server sets them; a client cannot."""
_SAME_TYPE = {"Long": "Integer"}


def read_property(mailbox: Mailbox, message: Message, name: PropertyName, *, told: bool = True) -> str | None:
    """The value as Graph spells it, always a string; None when the item has no such property.

    `told`: whether the spam confidence level is one.
    """
    if name.set is None and name.number is not None:
        if name.number == SPAM_LEVEL and not told:
            return None
        reader = DERIVED.get((_SAME_TYPE.get(name.type, name.type), name.number))
        if reader is not None:
            value = reader(mailbox, message)
            return None if value is None else str(value)
    value = message.properties.get(same_type(name))
    return None if value is None else str(value)


def same_type(name: PropertyName) -> PropertyName:
    return PropertyName(_SAME_TYPE.get(name.type, name.type), name.number, name.set, name.name)


def read_multi(properties: Mapping[PropertyName, Any], name: PropertyName) -> list[str] | None:
    value = properties.get(name)
    return list(value) if isinstance(value, list) else None


def check_write(single: Any, multi: Any) -> dict[PropertyName, Any]:
    """What a client's body wants to stamp. Raises 400 for ids that are none and for the server's own."""
    wanted: dict[PropertyName, Any] = {}
    for entries, arrays in ((single or [], False), (multi or [], True)):
        if not isinstance(entries, list):
            raise bad_request("Extended properties are a list.", "RequestBodyRead")
        for entry in entries:
            if not isinstance(entry, dict) or set(entry) - {"id", "value", "@odata.type"} or "id" not in entry:
                raise bad_request("An extended property has an id and a value.", "RequestBodyRead")
            name = parse_property(str(entry["id"]))
            if name is None or name.type.endswith("Array") is not arrays:
                raise bad_request(
                    f"That is no id of an extended property: {entry['id']}", "ErrorInvalidPropertySet"
                )
            if name.set is None and (_SAME_TYPE.get(name.type, name.type), name.number) in DERIVED:
                raise bad_request("The item cannot be saved with that property.", "ErrorItemSavePropertyError")
            value = entry.get("value")
            if value is not None and isinstance(value, list) is not arrays:
                raise bad_request("The property's value has the wrong type.", "RequestBodyRead")
            wanted[same_type(name)] = value
    return wanted


def expand_properties(expansion: Expansion, shape: dict[str, Any], single: Single, multi: Multi) -> None:
    """Adds the properties asked for; the item shows nothing when it has none of them."""
    kinds: dict[str, tuple[str, Single | Multi]] = {
        "singlevalueextendedproperties": ("singleValueExtendedProperties", single),
        "multivalueextendedproperties": ("multiValueExtendedProperties", multi),
    }
    if expansion.name.lower() not in kinds:
        raise bad_request(f"{expansion.name} cannot be expanded.", "RequestBroker--ParseUri")
    key, read = kinds[expansion.name.lower()]
    values = [(name, read(name)) for name in expansion_names(expansion)]
    found = [{"id": str(name), "value": value} for name, value in values if value is not None]
    if found:
        shape[key] = found


def expansion_names(expansion: Expansion) -> list[PropertyName]:
    """From `$filter=id eq '...' or id eq '...'`, which this expansion cannot do without."""
    ids = [text.replace("''", "'") for text in _ID_EQ.findall(expansion.filter)]
    rest = _ID_EQ.sub("", expansion.filter).replace("or", " ").strip(" ()")
    if not ids or rest:
        raise bad_request(f"{expansion.name} needs a $filter by id.", "ErrorInvalidUrlQuery")
    names = [parse_property(text) for text in ids]
    if any(name is None for name in names):
        raise bad_request("That is no id of an extended property.", "ErrorInvalidPropertySet")
    return [name for name in names if name is not None]
