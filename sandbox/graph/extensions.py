"""Open extensions: a few properties of a client's own on a message or event, under a name."""

from collections.abc import Mapping
from typing import Any

from sandbox.graph.context import Context
from sandbox.graph.errors import GraphError, bad_request, item_not_found
from sandbox.graph.odata import Expansion
from sandbox.graph.owners import Owner, owner_of
from sandbox.http import Response

_TYPE = "#microsoft.graph.openTypeExtension"
_ID = "Microsoft.OutlookServices.OpenTypeExtension."
Values = dict[str, Any]


def create_extension(context: Context, **path: str) -> Response:
    owner = owner_of(context, **path)
    name, values = read_extension(context.body())
    if name in owner.extensions:
        raise GraphError(409, "ErrorExtensionAlreadyExists", "There is an extension of that name already.")
    return _store(context, owner, name, values, 201)


def list_extensions(context: Context, **path: str) -> Response:
    owner = owner_of(context, **path)
    rows = [extension_shape(name, values) for name, values in owner.extensions.items()]
    return context.answer({"@odata.context": f"{context.metadata}/{owner.path}/extensions", "value": rows})


def get_extension(context: Context, extension: str, **path: str) -> Response:
    owner = owner_of(context, **path)
    name = _known(owner, extension)
    return _one(context, owner, name, owner.extensions[name], 200)


def update_extension(context: Context, extension: str, **path: str) -> Response:
    """A property that is null is taken away, one that is not named stays."""
    owner = owner_of(context, **path)
    name = _known(owner, extension)
    _, values = read_extension({"extensionName": name, **context.body()})
    merged = {**owner.extensions[name], **values}
    kept = {key: value for key, value in merged.items() if value is not None}
    return _store(context, owner, name, kept, 200)


def delete_extension(context: Context, extension: str, **path: str) -> Response:
    owner = owner_of(context, **path)
    gone = _known(owner, extension)
    owner.keep_extensions({name: values for name, values in owner.extensions.items() if name != gone})
    return context.nothing()


def _store(context: Context, owner: Owner, name: str, values: Values, status: int) -> Response:
    owner.keep_extensions({**owner.extensions, name: values})
    return _one(context, owner, name, values, status)


def _one(context: Context, owner: Owner, name: str, values: Mapping[str, Any], status: int) -> Response:
    odata_context = f"{context.metadata}/{owner.path}/extensions/$entity"
    return context.answer({"@odata.context": odata_context, **extension_shape(name, values)}, status)


def _known(owner: Owner, text: str) -> str:
    """By its name, with or without the type before it."""
    name = _bare(text)
    for known in owner.extensions:
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
