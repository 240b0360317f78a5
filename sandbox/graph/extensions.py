"""Open extensions: a few properties of a client's own on a message, under a name."""

from collections.abc import Mapping
from typing import Any

from sandbox.graph import ids
from sandbox.graph.context import Context
from sandbox.graph.errors import GraphError, bad_request, item_not_found
from sandbox.graph.odata import Expansion
from sandbox.http import Response
from sandbox.mailboxes import Message

_TYPE = "#microsoft.graph.openTypeExtension"
_ID = "Microsoft.OutlookServices.OpenTypeExtension."
Values = dict[str, Any]


def create_extension(context: Context, message: str) -> Response:
    found = ids.find_message(context.mailbox, message)
    name, values = read_extension(context.body())
    if name in found.extensions:
        raise GraphError(409, "ErrorExtensionAlreadyExists", "There is an extension of that name already.")
    return _store(context, found, name, values, 201)


def list_extensions(context: Context, message: str) -> Response:
    found = ids.find_message(context.mailbox, message)
    rows = [extension_shape(name, values) for name, values in found.extensions.items()]
    return context.answer(
        {"@odata.context": f"{context.metadata}/messages('{message}')/extensions", "value": rows}
    )


def get_extension(context: Context, message: str, extension: str) -> Response:
    found = ids.find_message(context.mailbox, message)
    return _one(context, found, _known(found, extension), 200)


def update_extension(context: Context, message: str, extension: str) -> Response:
    """A property that is null is taken away, one that is not named stays."""
    found = ids.find_message(context.mailbox, message)
    name = _known(found, extension)
    _, values = read_extension({"extensionName": name, **context.body()})
    merged = {**found.extensions[name], **values}
    return _store(context, found, name, {key: value for key, value in merged.items() if value is not None}, 200)


def delete_extension(context: Context, message: str, extension: str) -> Response:
    found = ids.find_message(context.mailbox, message)
    del found.extensions[_known(found, extension)]
    context.store.touch(context.mailbox, found)
    return context.nothing()


def _store(context: Context, message: Message, name: str, values: Values, status: int) -> Response:
    message.extensions[name] = values
    context.store.touch(context.mailbox, message)
    return _one(context, message, name, status)


def _one(context: Context, message: Message, name: str, status: int) -> Response:
    item = ids.message_id(context.mailbox, message.number, message.moves, context.prefer.id_form)
    odata_context = f"{context.metadata}/messages('{item}')/extensions/$entity"
    return context.answer(
        {"@odata.context": odata_context, **extension_shape(name, message.extensions[name])}, status
    )


def _known(message: Message, text: str) -> str:
    """By its name, with or without the type before it."""
    name = _bare(text)
    for known in message.extensions:
        if known.lower() == name.lower():
            return known
    raise item_not_found()


def _bare(text: str) -> str:
    for before in (_ID, "microsoft.graph.openTypeExtension."):
        if text.lower().startswith(before.lower()):
            return text[len(before) :]
    return text


def read_extension(body: Values) -> tuple[str, Values]:
    """Name and values of what a client sends. Raises 400."""
    kind = str(body.get("@odata.type", _TYPE)).removeprefix("#")
    name = body.get("extensionName")
    if kind.lower() != _TYPE[1:].lower() or not isinstance(name, str) or not name:
        raise bad_request("An open extension needs its type and an extensionName.", "RequestBodyRead")
    return name, {
        key: value for key, value in body.items() if "@" not in key and key not in ("extensionName", "id")
    }


def extension_shape(name: str, values: Mapping[str, Any]) -> Values:
    return {"@odata.type": _TYPE, "extensionName": name, "id": f"{_ID}{name}", **values}


def expand_extensions(extensions: Mapping[str, Mapping[str, Any]], expansion: Expansion, shape: Values) -> None:
    """`$expand=extensions($filter=id eq 'name')`, or all of them; nothing is shown where there is none."""
    wanted = expansion.filter.partition(" eq ")[2].strip().strip("'")
    if expansion.filter and not wanted:
        raise bad_request("Extensions are expanded by id.", "ErrorInvalidUrlQuery")
    rows = [
        extension_shape(name, values)
        for name, values in extensions.items()
        if not wanted or name.lower() == _bare(wanted).lower()
    ]
    if rows:
        shape["extensions"] = rows
