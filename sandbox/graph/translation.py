"""`translateExchangeIds`: one message, the names that REST, EWS and MAPI have for it."""

from typing import Any

from sandbox.graph import ids
from sandbox.graph.context import Context
from sandbox.graph.errors import GraphError, bad_request, malformed_id
from sandbox.http import Response
from sandbox.mailboxes import Mailbox, Message

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
    try:
        message = _find(mailbox, given, source)
    except GraphError as refused:
        details = {"code": refused.code, "message": refused.message}
        return {"sourceId": given, "errorDetails": details}
    moved = ids.item_id(mailbox, message, _FORMS[target])
    return {"sourceId": given, "targetId": moved.translate(_TO_EWS) if target == "ewsid" else moved}


def _find(mailbox: Mailbox, given: str, source: str) -> Message:
    text = given.translate(_FROM_EWS) if source == "ewsid" else given
    message = ids.find_message(mailbox, text, kinds=(_FORMS[source],))
    if source == "ewsid" and given != text.translate(_TO_EWS):
        raise malformed_id()
    return message
