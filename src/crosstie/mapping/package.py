"""What our fields are, as an org is told that is to make them: the same as in `salesforce-package/`."""

from collections.abc import Mapping
from typing import Any

from crosstie.domain.records import KEY_FIELD
from crosstie.mapping.fields import (
    ADDIN_EMAIL,
    CREATED_BY_SYNC,
    DIRECTION,
    INBOUND,
    IS_PRIVATE,
    MEETING_ID,
    MESSAGE_ID,
    OPTIONAL_ATTENDEES,
    ORGANIZER,
    OUTBOUND,
    PACKAGE,
    RECURRENCE,
    REQUIRED_ATTENDEES,
    RESOURCES,
    SENT_AT,
    THREAD_ID,
    TIME_ZONE,
)

Metadata = Mapping[str, Any]
_NO = {"externalId": False}
_ITEM = (
    "Key of the item this record was made from. Unique, so that writing the same item again cannot make a second "
    "record."
)
_PERSON = (
    "Key of the address this record was made for. Unique, so that two sessions cannot make a second record of one "
    "person."
)
_KEYS = {
    "Account": "Key of the domain this record was made for. Unique, so that two sessions cannot make a second "
    "Account of one domain.",
    "Contact": _PERSON,
    "Lead": _PERSON,
}


def _key(owner: str) -> Metadata:
    return {
        "caseSensitive": True,
        "description": f"{_KEYS.get(owner, _ITEM)} Written by Crosstie; never edit it.",
        "externalId": True,
        "label": "Crosstie Key",
        "length": 80,
        "required": False,
        "type": "Text",
        "unique": True,
    }


def _text(label: str, description: str, *, indexed: bool = False) -> Metadata:
    return {
        "description": description,
        "externalId": indexed,
        "label": label,
        "length": 255,
        "required": False,
        "type": "Text",
        "unique": False,
    }


def _box(label: str, description: str, help_text: str) -> Metadata:
    about = {"defaultValue": False, "description": description, "inlineHelpText": help_text}
    return {**about, **_NO, "label": label, "type": "Checkbox"}


def _choices(*names: str) -> Metadata:
    values = [{"fullName": name, "default": False, "label": name} for name in names]
    return {"restricted": True, "valueSetDefinition": {"sorted": False, "value": values}}


_FIELDS: Mapping[str, Metadata] = {
    CREATED_BY_SYNC: _box(
        "Created By Sync",
        "Set when Crosstie made this record from a mailbox by itself.",
        "Made by Crosstie from a mailbox.",
    ),
    ADDIN_EMAIL: _box(
        "AddInEmail",
        "Set when a person saved the e-mail with the Save button; not set when Crosstie saved it by itself.",
        "Saved by a person with the Save button.",
    ),
    IS_PRIVATE: _box(
        "Marked Private",
        "Set when the item was marked private, personal or confidential in the mailbox.",
        "Marked private in the mailbox.",
    ),
    MESSAGE_ID: _text(
        "Internet Message-ID",
        "Message-ID of the saved e-mail, cut at 255 characters. Indexed, to find an e-mail again.",
        indexed=True,
    ),
    THREAD_ID: _text(
        "Thread ID",
        "Conversation the saved e-mail belongs to in the mailbox, cut at 255 characters. Indexed.",
        indexed=True,
    ),
    DIRECTION: {
        "description": "Whether the saved e-mail was received or sent by the owner of the mailbox.",
        **_NO,
        "label": "E-mail Direction",
        "required": False,
        "type": "Picklist",
        "valueSet": _choices(INBOUND, OUTBOUND),
    },
    SENT_AT: {
        "description": "When the saved e-mail was sent; the due date holds the day alone.",
        **_NO,
        "label": "Sent At",
        "required": False,
        "type": "DateTime",
    },
    MEETING_ID: _text(
        "Meeting ID",
        "Identity of the meeting, the same in the calendars of all its attendees and for all occurrences of a "
        "series. Left empty if longer. Indexed.",
        indexed=True,
    ),
    RECURRENCE: _text(
        "Recurrence Rule",
        "The rule by which the series repeats that the event is an occurrence of, as an RRULE of RFC 5545. Left "
        "empty if longer.",
    ),
    TIME_ZONE: _text("Time Zone", "IANA name of the time zone in which the event stands in the mailbox."),
    ORGANIZER: _text("Organizer", "Name and address of who organizes the meeting."),
    REQUIRED_ATTENDEES: _text(
        "Required Attendees",
        "Names and addresses of the required attendees; of very many the last ones become a number.",
    ),
    OPTIONAL_ATTENDEES: _text(
        "Optional Attendees",
        "Names and addresses of the optional attendees; of very many the last ones become a number.",
    ),
    RESOURCES: _text("Meeting Resources", "Names and addresses of rooms and other resources of the meeting."),
}


def metadata(owner: str, field: str) -> Metadata:
    """Of one of the fields of `PACKAGE`; `owner` is its object there."""
    return _key(owner) if field == KEY_FIELD else _FIELDS[field]


ALL: tuple[tuple[str, str], ...] = tuple((owner, name) for owner, names in PACKAGE.items() for name in names)
"""(object of the package, field)."""
