"""`translateExchangeIds`: one message or event, the names that REST, EWS and MAPI have for it."""

from typing import Any

from sandbox.graph import ids
from sandbox.graph.calendar.items import find_in
from sandbox.graph.context import Context
from sandbox.graph.errors import GraphError, bad_request, malformed_id
from sandbox.http import Response
from sandbox.mailboxes import Mailbox

MOST = 1_000
_FORMS: dict[str, ids.Kind] = {
    "restid": "default",
    "ewsid": "default",
    "restimmutableentryid": "immutable",
    "entryid": "entry",
    "immutableentryid": "immutable entry",
}
_TO_EWS = str.maketrans("-_", "/+")
_FROM_EWS = str.maketrans("/+", "-_")
"""A REST id is an EWS id with the signs that an address cannot carry exchanged."""


def translate_ids(context: Context) -> Response:
    body = context.body()
    inputs = body.get("inputIds")
    source, target = (str(body.get(name)).lower() for name in ("sourceIdType", "targetIdType"))
    if not isinstance(inputs, list) or not all(isinstance(one, str) for one in inputs):
        raise bad_request("inputIds must be a list of ids.", "RequestBodyRead")
    if len(inputs) > MOST:
        raise bad_request(f"At most {MOST:,} ids are translated at once.", "ErrorInvalidRequest")
    for type_ in (source, target):
        if type_ not in _FORMS:
            raise bad_request(f"There is no id type {type_}.", "RequestBodyRead")
    rows = [_translated(context.mailbox, one, source, target) for one in inputs]
    name = "Collection(microsoft.graph.convertIdResult)"
    return context.answer({"@odata.context": f"{context.root}/$metadata#{name}", "value": rows})


def _translated(mailbox: Mailbox, given: str, source: str, target: str) -> dict[str, Any]:
    text = given.translate(_FROM_EWS) if source == "ewsid" else given
    try:
        if source == "ewsid" and given != text.translate(_TO_EWS):
            raise malformed_id()
        moved = _moved(mailbox, text, _FORMS[source], _FORMS[target])
    except GraphError as refused:
        details = {"code": refused.code, "message": refused.message}
        return {"sourceId": given, "errorDetails": details}
    return {"sourceId": given, "targetId": moved.translate(_TO_EWS) if target == "ewsid" else moved}


def _moved(mailbox: Mailbox, text: str, source: ids.Kind, target: ids.Kind) -> str:
    """MAPI's own names are known of messages alone."""
    forms: tuple[ids.Form, ...] = ("default", "immutable")
    form = next((one for one in forms if one == target), None)
    if ids.is_event_id(mailbox, text):
        own: ids.Form = "immutable" if ids.is_lasting(mailbox, text) else "default"
        if form is None or source != own:
            raise malformed_id()
        return find_in(mailbox, text, binned=True).id(mailbox, form)
    return ids.item_id(mailbox, ids.find_message(mailbox, text, kinds=(source,)), target)
