"""Mailbox settings: the time zone, and what else a mailbox's owner chose; nobody acts on the latter here."""

from typing import Any

from sandbox.graph import ids
from sandbox.graph.context import Context
from sandbox.graph.errors import bad_request
from sandbox.graph.values import one_of
from sandbox.http import Response
from sandbox.mailboxes import Mailbox
from sandbox.mailboxes.zones import to_iana, to_windows

_READ_ONLY = ("archiveFolder", "userPurpose")
_DAYS = ("sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday")
_WORDS = {
    "status": one_of("disabled", "alwaysEnabled", "scheduled"),
    "externalAudience": one_of("none", "contactsOnly", "all"),
    "delegateMeetingMessageDeliveryOptions": one_of(
        "sendToDelegateAndInformationToPrincipal", "sendToDelegateAndPrincipal", "sendToDelegateOnly"
    ),
}


def get_settings(context: Context) -> Response:
    return context.answer({"@odata.context": f"{context.metadata}/mailboxSettings", **_shape(context)})


def get_setting(context: Context, setting: str) -> Response:
    """One of them by itself: an object as it is, anything else as a value."""
    shown = _shape(context)
    name = next((known for known in shown if known.lower() == setting.lower()), None)
    if name is None:
        raise bad_request(f"Resource not found for the segment '{setting}'.")
    value = shown[name] if isinstance(shown[name], dict) else {"value": shown[name]}
    return context.answer({"@odata.context": f"{context.metadata}/mailboxSettings/{name}", **value})


def update_settings(context: Context) -> Response:
    """What is not named stays as it is, within a setting's parts too."""
    body = {name: value for name, value in context.body().items() if "@" not in name}
    shown = _shape(context)
    changed = {name: _merged(name, shown.get(name), value) for name, value in body.items()}
    zone = changed.pop("timeZone", None)
    if zone is not None:
        known = to_iana(zone)
        if known is None:
            raise bad_request(f"There is no time zone {zone}.", "ErrorInvalidTimeZone")
        context.mailbox.time_zone = known
    context.mailbox.settings |= changed
    return context.answer({"@odata.context": f"{context.metadata}/mailboxSettings", **_shape(context)})


def _merged(name: str, before: Any, value: Any) -> Any:
    """Raises 400 for a setting that is none, or of the wrong kind."""
    if before is None:
        raise bad_request(f"There is no mailbox setting {name}.", "RequestBodyRead")
    if name in _READ_ONLY:
        raise bad_request(f"The mailbox setting {name} cannot be set.", "ErrorInvalidPropertySet")
    if name in _WORDS:
        return _WORDS[name](name, value)
    if not isinstance(value, type(before)):
        raise bad_request(f"The mailbox setting {name} has the wrong type.", "RequestBodyRead")
    if name == "daysOfWeek":
        return [one_of(*_DAYS)(name, day) for day in value]
    if not isinstance(value, dict):
        return value
    parts = {key: part for key, part in value.items() if "@" not in key}
    return {**before, **{key: _merged(key, before.get(key), part) for key, part in parts.items()}}


def _shape(context: Context) -> dict[str, Any]:
    zone = to_windows(context.mailbox.time_zone)
    moment = {"dateTime": "2026-01-01T00:00:00.0000000", "timeZone": "UTC"}
    by_itself: dict[str, Any] = {
        "archiveFolder": ids.folder_id(context.mailbox, context.mailbox.well_known("archive").number),
        "timeZone": zone,
        "delegateMeetingMessageDeliveryOptions": "sendToDelegateOnly",
        "dateFormat": "yyyy-MM-dd",
        "timeFormat": "HH:mm",
        "userPurpose": "user",
        "automaticRepliesSetting": {
            "status": "disabled",
            "externalAudience": "all",
            "internalReplyMessage": "",
            "externalReplyMessage": "",
            "scheduledStartDateTime": moment,
            "scheduledEndDateTime": moment,
        },
        "language": {"locale": "en-US", "displayName": "English (United States)"},
        "workingHours": _usual_hours(zone),
    }
    return by_itself | context.mailbox.settings


def working_hours(mailbox: Mailbox) -> dict[str, Any]:
    chosen: dict[str, Any] = mailbox.settings.get("workingHours") or _usual_hours(to_windows(mailbox.time_zone))
    return chosen


def _usual_hours(zone: str) -> dict[str, Any]:
    return {
        "daysOfWeek": ["monday", "tuesday", "wednesday", "thursday", "friday"],
        "startTime": "08:00:00.0000000",
        "endTime": "17:00:00.0000000",
        "timeZone": {"name": zone},
    }
