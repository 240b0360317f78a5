"""Mailbox settings, of which the time zone matters, and the translation of ids."""

from typing import Any

from sandbox.graph import ids
from sandbox.graph.context import Context
from sandbox.graph.errors import GraphError, bad_request
from sandbox.http import Response
from sandbox.mailboxes.zones import to_iana, to_windows

_ID_TYPES = {"entryid", "ewsid", "immutableentryid", "restid", "restimmutableentryid"}


def get_settings(context: Context) -> Response:
    return context.answer({"@odata.context": f"{context.metadata}/mailboxSettings", **_shape(context)})


def get_time_zone(context: Context) -> Response:
    value = to_windows(context.mailbox.time_zone)
    return context.answer({"@odata.context": f"{context.metadata}/mailboxSettings/timeZone", "value": value})


def update_settings(context: Context) -> Response:
    body = {name: value for name, value in context.body().items() if "@" not in name}
    unknown = set(body) - set(_shape(context))
    if unknown:
        raise bad_request(f"There is no mailbox setting {min(unknown)}.", "RequestBodyRead")
    if "timeZone" in body:
        zone = to_iana(str(body["timeZone"]))
        if zone is None:
            raise bad_request(f"There is no time zone {body['timeZone']}.", "ErrorInvalidTimeZone")
        context.mailbox.time_zone = zone
    return context.answer({"@odata.context": f"{context.metadata}/mailboxSettings", **_shape(context)})


def _shape(context: Context) -> dict[str, Any]:
    zone = to_windows(context.mailbox.time_zone)
    moment = {"dateTime": "2026-01-01T00:00:00.0000000", "timeZone": "UTC"}
    return {
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
        "workingHours": {
            "daysOfWeek": ["monday", "tuesday", "wednesday", "thursday", "friday"],
            "startTime": "08:00:00.0000000",
            "endTime": "17:00:00.0000000",
            "timeZone": {"name": zone},
        },
    }


def translate_ids(context: Context) -> Response:
    """Between default and immutable ids; the forms of other protocols are not known here."""
    body = context.body()
    inputs, source, target = body.get("inputIds"), body.get("sourceIdType"), body.get("targetIdType")
    if not isinstance(inputs, list) or not all(isinstance(one, str) for one in inputs):
        raise bad_request("inputIds must be a list of ids.", "RequestBodyRead")
    if len(inputs) > 1000:
        raise bad_request("At most 1,000 ids are translated at once.", "ErrorInvalidRequest")
    for type_ in (source, target):
        if str(type_).lower() not in _ID_TYPES:
            raise bad_request(f"There is no id type {type_}.", "RequestBodyRead")
    rows = [_translated(context, one, str(target)) for one in inputs]
    name = "Collection(microsoft.graph.convertIdResult)"
    return context.answer({"@odata.context": f"{context.root}/$metadata#{name}", "value": rows})


def _translated(context: Context, source: str, target: str) -> dict[str, Any]:
    try:
        message = ids.find_message(context.mailbox, source)
    except GraphError as refused:
        details = {"code": refused.code, "message": refused.message}
        return {"sourceId": source, "errorDetails": details}
    immutable = target.lower() in ("restimmutableentryid", "immutableentryid")
    form: ids.Form = "immutable" if immutable else "default"
    moved = ids.message_id(context.mailbox, message.number, message.moves, form)
    return {"sourceId": source, "targetId": moved}
