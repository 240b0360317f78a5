"""Mail folders."""

from typing import Any

from sandbox.graph import ids
from sandbox.graph.context import Context
from sandbox.graph.errors import TAKEN, GraphError, bad_request, standard_headers
from sandbox.graph.extended import check_write, expansion_names
from sandbox.graph.filters import read_filter
from sandbox.graph.odata import Options, read_options
from sandbox.graph.pages import list_answer, page_size
from sandbox.graph.shape import FOLDER_PROPERTIES, Shape, folder_shape
from sandbox.graph.switches import FOLDER_DELETE_IS_SOFT
from sandbox.http import Response
from sandbox.mailboxes import Folder
from sandbox.mailboxes.properties import PropertyName
from sandbox.mailboxes.store import NameTaken

_LONGEST_NAME = 250
_PROPERTIES = "singleValueExtendedProperties"
_STORED = "@stored"
"""The key under which a row carries the folder itself while it is filtered."""


def list_folders(context: Context) -> Response:
    root = context.mailbox.well_known("msgfolderroot")
    return _list(context, root, "mailFolders")


def list_child_folders(context: Context, folder: str) -> Response:
    found = ids.find_folder(context.mailbox, folder)
    return _list(context, found, f"mailFolders('{folder}')/childFolders")


def _list(context: Context, parent: Folder, name: str) -> Response:
    options = _options(context)
    rows = _chosen(context, parent, options)
    page = rows[options.skip : options.skip + page_size(context, options, 10)]
    shapes = [_shaped(context, folder, options) for folder in page]
    return context.answer(list_answer(context, name, shapes, options, len(rows), options.skip))


def _options(context: Context) -> Options:
    options = read_options(context.request.args, FOLDER_PROPERTIES)
    for expansion in options.expand:
        if expansion.name.lower() == _PROPERTIES.lower():
            expansion_names(expansion)
        elif expansion.name.lower() != "childfolders":
            raise bad_request(f"{expansion.name} cannot be expanded.", "RequestBroker--ParseUri")
    return options


def _shaped(context: Context, folder: Folder, options: Options) -> Shape:
    shape = folder_shape(context.mailbox, folder, options)
    for expansion in options.expand:
        if expansion.name.lower() == "childfolders":
            inner = Options(select=expansion.select)
            children = [child for child in context.mailbox.children(folder) if not child.hidden]
            shape["childFolders"] = [folder_shape(context.mailbox, child, inner) for child in children]
            continue
        values = [(name, _property(folder, name)) for name in expansion_names(expansion)]
        found = [{"id": str(name), "value": value} for name, value in values if value is not None]
        if found:
            shape[_PROPERTIES] = found
    return shape


def _property(folder: Folder, name: PropertyName) -> str | None:
    value = folder.properties.get(name)
    return None if value is None else str(value)


def _stamp(folder: Folder, properties: dict[PropertyName, Any]) -> None:
    for name, value in properties.items():
        if value is None:
            folder.properties.pop(name, None)
        else:
            folder.properties[name] = value


def _chosen(context: Context, parent: Folder, options: Options) -> list[Folder]:
    """By name, unless another order is asked for."""
    mailbox = context.mailbox
    asked = {name.lower(): value.lower() for name, value in context.request.args.items()}
    hidden_too = asked.get("includehiddenfolders") == "true"
    rows = [folder for folder in mailbox.children(parent) if hidden_too or not folder.hidden]
    if options.filter:
        keep = read_filter(options.filter, FOLDER_PROPERTIES, lambda row, name: _property(row[_STORED], name))
        rows = [one for one in rows if keep({**folder_shape(mailbox, one, Options()), _STORED: one})]
    for name, descending in reversed(options.orderby or (("displayName", False),)):
        column = next((one for one in FOLDER_PROPERTIES if one.lower() == name.lower()), None)
        if column is None:
            raise bad_request(f"There is no property {name} to order by.", "RequestBroker--ParseUri")
        shapes = {folder.number: folder_shape(mailbox, folder, Options())[column] for folder in rows}
        rows.sort(key=lambda folder: _folded(shapes[folder.number]), reverse=descending)
    return rows


def _folded(value: Any) -> Any:
    return value.casefold() if isinstance(value, str) else value


def get_folder(context: Context, folder: str) -> Response:
    found = ids.find_folder(context.mailbox, folder)
    return _one(context, found, 200, _options(context))


def _one(context: Context, folder: Folder, status: int, options: Options | None = None) -> Response:
    shape = _shaped(context, folder, options or Options())
    return context.answer({"@odata.context": f"{context.metadata}/mailFolders/$entity", **shape}, status)


def create_folder(context: Context, folder: str = "msgfolderroot") -> Response:
    body = context.body()
    name, hidden = _name(body), body.get("isHidden", False)
    unknown = {key for key in body if "@" not in key} - {"displayName", "isHidden", _PROPERTIES}
    properties = check_write(body.get(_PROPERTIES), None)
    if unknown or not isinstance(hidden, bool):
        raise bad_request("A folder is created with displayName and isHidden.", "RequestBodyRead")
    parent = ids.find_folder(context.mailbox, folder)
    try:
        created = context.store.create_folder(context.mailbox, name, parent, hidden=hidden)
    except NameTaken as taken:
        raise _exists() from taken
    _stamp(created, properties)
    return _one(context, created, 201)


def update_folder(context: Context, folder: str) -> Response:
    """Its name, and what clients stamp on it; the latter on folders of the mailbox's own too."""
    body = context.body()
    changed = {key for key in body if "@" not in key}
    if not changed or changed - {"displayName", _PROPERTIES}:
        raise bad_request("Only displayName of a folder can be changed.", "ErrorInvalidPropertySet")
    found = ids.find_folder(context.mailbox, folder) if changed == {_PROPERTIES} else _changeable(context, folder)
    properties = check_write(body.get(_PROPERTIES), None)
    try:
        if "displayName" in body:
            context.store.rename_folder(context.mailbox, found, _name(body))
    except NameTaken as taken:
        raise _exists() from taken
    if properties:
        _stamp(found, properties)
        context.store.touch_folder(context.mailbox, found)
    return _one(context, found, 200)


def copy_folder(context: Context, folder: str) -> Response:
    found = ids.find_folder(context.mailbox, folder)
    parent = _destination(context, found)
    try:
        copied = context.store.copy_folder(context.mailbox, found, parent)
    except NameTaken as taken:
        raise _exists() from taken
    return _one(context, copied, 201)


def _destination(context: Context, folder: Folder) -> Folder:
    target = context.body().get("destinationId")
    if not isinstance(target, str):
        raise bad_request("destinationId is missing.", "RequestBodyRead")
    parent = ids.find_folder(context.mailbox, target)
    above: Folder | None = parent
    while above is not None:
        if above is folder:
            raise bad_request("A folder cannot go into itself.", "ErrorMoveCopyFailed")
        above = context.mailbox.folders.get(above.parent)
    return parent


def move_folder(context: Context, folder: str) -> Response:
    found = _changeable(context, folder)
    parent = _destination(context, found)
    try:
        context.store.move_folder(context.mailbox, found, parent)
    except NameTaken as taken:
        raise _exists() from taken
    return _one(context, found, 201)


def delete_folder(context: Context, folder: str) -> Response:
    found = _changeable(context, folder)
    if context.world.switches.on(FOLDER_DELETE_IS_SOFT):
        context.store.bin_folder(context.mailbox, found)
    else:
        context.store.delete_folder(context.mailbox, found)
    return context.nothing()


def purge_folder(context: Context, folder: str) -> Response:
    context.store.delete_folder(context.mailbox, _changeable(context, folder))
    return context.nothing()


def count_folders(context: Context, folder: str = "msgfolderroot") -> Response:
    options = read_options(context.request.args, FOLDER_PROPERTIES)
    rows = _chosen(context, ids.find_folder(context.mailbox, folder), options)
    return Response(str(len(rows)), headers=standard_headers(context.call), content_type="text/plain")


def _changeable(context: Context, folder: str) -> Folder:
    found = ids.find_folder(context.mailbox, folder)
    if found.well_known:
        message = "A distinguished folder cannot be renamed, moved or deleted."
        raise GraphError(403, "ErrorDeleteDistinguishedFolder", message)
    return found


def _name(body: dict[str, Any]) -> str:
    name = body.get("displayName")
    if not isinstance(name, str) or not name.strip():
        raise bad_request("displayName is missing.", "ErrorInvalidRequest")
    if len(name) > _LONGEST_NAME:
        raise bad_request("displayName is too long.", "ErrorInvalidRequest")
    return name


def _exists() -> GraphError:
    return GraphError(409, TAKEN, "A folder with the specified name already exists.")
