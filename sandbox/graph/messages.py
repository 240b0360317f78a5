"""Messages: list, read, write, send, move."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from sandbox.graph import ids
from sandbox.graph.attached import read_attachment
from sandbox.graph.attachments import mime_of
from sandbox.graph.context import Context
from sandbox.graph.drafts import ONLY_ON_DRAFTS, Written, check_sendable, read_message, read_mime
from sandbox.graph.errors import GraphError, bad_request, item_not_found, standard_headers
from sandbox.graph.extended import expansion_names, read_property
from sandbox.graph.extensions import extension_shape
from sandbox.graph.filters import Predicate, first_paths, read_filter
from sandbox.graph.odata import Options, read_options
from sandbox.graph.pages import list_answer, page_size
from sandbox.graph.search import MOST_FOUND, read_search
from sandbox.graph.shape import COLUMNS, EVENT_OF_MESSAGE, MESSAGE_PROPERTIES, Shape, instant, message_shape
from sandbox.graph.stamps import as_written, check_if_match
from sandbox.graph.switches import (
    ANY_CATEGORY_IS_TAKEN,
    CHANGE_KEY_MOVES_AFTER_CREATE,
    DELETE_TO_DELETED_ITEMS,
    FILTERED_IS_COUNTED,
    MIME_AS_RECEIVED,
    RECEIVED_IS_FINER,
)
from sandbox.http import Response
from sandbox.mailboxes import Folder, Mail, Message
from sandbox.mailboxes.compose import compose
from sandbox.mailboxes.mime import read_mail
from sandbox.mailboxes.properties import PropertyName

_EXPANDABLE = {
    "attachments", "singlevalueextendedproperties", "multivalueextendedproperties", "extensions", EVENT_OF_MESSAGE,
}  # fmt: skip
FILTERABLE = frozenset({"id", "extensions", *COLUMNS})
"""Extensions by their ids alone: Outlook does not look at their values."""
_STORED = "@stored"
"""The key under which a row carries the message itself while it is filtered."""


def message_options(context: Context) -> Options:
    options = read_options(context.request.args, MESSAGE_PROPERTIES)
    for expansion in options.expand:
        if expansion.name.lower() not in _EXPANDABLE:
            raise bad_request(f"{expansion.name} cannot be expanded.", "RequestBroker--ParseUri")
        if "extendedproperties" in expansion.name.lower():
            expansion_names(expansion)
    return options


def list_messages(context: Context) -> Response:
    visible = (folder for folder in context.mailbox.folders.values() if not folder.hidden)
    return _list(context, list(visible), "messages")


def list_folder_messages(context: Context, folder: str) -> Response:
    found = ids.find_folder(context.mailbox, folder)
    return _list(context, [found], f"mailFolders('{folder}')/messages")


def _list(context: Context, folders: list[Folder], name: str) -> Response:
    options = message_options(context)
    _check_combination(options)
    if options.filter and not context.world.switches.on(FILTERED_IS_COUNTED):
        options = replace(options, count=False)
    rows = _sorted(context, _chosen(context, folders, options), options)
    if options.search:
        rows = rows[:MOST_FOUND]
    page = rows[options.skip : options.skip + page_size(context, options, 10)]
    shapes = [message_shape(context, message, options) for message in page]
    return context.answer(list_answer(context, name, shapes, options, len(rows), options.skip))


def count_messages(context: Context, folder: str = "") -> Response:
    """A number and nothing else, of the whole mailbox or one folder."""
    visible = [one for one in context.mailbox.folders.values() if not one.hidden]
    folders = [ids.find_folder(context.mailbox, folder)] if folder else visible
    count = len(_chosen(context, folders, message_options(context)))
    return Response(str(count), headers=standard_headers(context.call), content_type="text/plain")


def _chosen(context: Context, folders: list[Folder], options: Options) -> list[Message]:
    rows = [message for folder in folders for message in context.mailbox.messages_in(folder)]
    keep = message_filter(context, options)
    if keep is not None:
        rows = [message for message in rows if keep(filterable(context, message))]
    if options.search:
        matches = read_search(options.search)
        rows = [message for message in rows if matches(message)]
    return rows


def message_filter(context: Context, options: Options) -> Predicate | None:
    if not options.filter:
        return None

    def value(row: Shape, name: PropertyName) -> str | None:
        return read_property(context.mailbox, row[_STORED], name)

    return read_filter(options.filter, FILTERABLE, value, {"conversationId": ids.is_conversation_id})


def filterable(context: Context, message: Message) -> Shape:
    named = [{"id": id_} for name in message.extensions for id_ in (name, extension_shape(name, {})["id"])]
    shape = message_shape(context, message, Options())
    return {**shape, "receivedDateTime": _received(context, message), "extensions": named, _STORED: message}


def _received(context: Context, message: Message) -> str:
    """The moment as the server compares it."""
    shown = instant(message.received)
    if not context.world.switches.on(RECEIVED_IS_FINER):
        return shown
    return f"{shown.removesuffix('Z')}.{message.number * 7919 % 1000:03}Z"


def _check_combination(options: Options) -> None:
    """Exchange sorts and filters together only when the sorted properties lead the filter."""
    if options.search and options.filter:
        raise bad_request("$search and $filter do not go together.", "SearchWithFilter")
    if options.search and options.count:
        raise bad_request("$search and $count do not go together.", "SearchWithCount")
    if options.search and options.orderby:
        raise bad_request("$search and $orderby do not go together.", "SearchWithOrderBy")
    if not options.filter or not options.orderby:
        return
    filtered = [path.lower() for path in first_paths(options.filter)]
    for place, (path, _) in enumerate(options.orderby):
        if place >= len(filtered) or path.lower() != filtered[place]:
            message = "The restriction or sort order is too complex for this operation."
            raise bad_request(message, "InefficientFilter")


def _sorted(context: Context, rows: list[Message], options: Options) -> list[Message]:
    order = options.orderby or (("receivedDateTime", True),)
    for path, descending in reversed(order):
        first, *rest = path.split("/")
        column = next((COLUMNS[name] for name in COLUMNS if name.lower() == first.lower()), None)
        if column is None:
            raise bad_request(f"There is no property {path} to order by.", "RequestBroker--ParseUri")
        if column is COLUMNS["receivedDateTime"]:
            column = _received
        rows = sorted(rows, key=partial(_place, context, column, rest), reverse=descending)
    return rows


def _place(context: Context, column: Callable[[Context, Message], Any], rest: list[str], message: Message) -> str:
    value = column(context, message)
    for name in rest:
        value = value.get(name) if isinstance(value, dict) else None
    return str(value or "").lower()


def get_message(context: Context, message: str, folder: str = "") -> Response:
    found = find(context, message, folder)
    options = message_options(context)
    selected = f"({','.join(options.select)})" if options.select is not None else ""
    shape = message_shape(context, found, options)
    if context.world.switches.on(CHANGE_KEY_MOVES_AFTER_CREATE) and found.version == found.entered:
        context.store.touch(context.mailbox, found, silently=True)
    body = {"@odata.context": f"{context.metadata}/messages{selected}/$entity", **shape}
    return context.answer(body, headers={"ETag": shape["@odata.etag"]})


def get_mime(context: Context, message: str) -> Response:
    found = find(context, message)
    as_received = context.world.switches.on(MIME_AS_RECEIVED)
    raw = mime_of(found) if as_received else compose(found.mail, found.attachments)
    return Response(raw, content_type="text/plain")


def find(context: Context, message: str, folder: str = "") -> Message:
    found = ids.find_message(context.mailbox, message)
    if folder and ids.find_folder(context.mailbox, folder).number != found.folder:
        raise item_not_found()
    return found


def full_answer(context: Context, message: Message, status: int, version: int | None = None) -> Response:
    """What a write answers; `version` is the one before it."""
    shape = as_written(context, message_shape(context, message, Options()), version)
    return context.answer({"@odata.context": f"{context.metadata}/messages/$entity", **shape}, status)


def create_message(context: Context, folder: str = "") -> Response:
    target = ids.find_folder(context.mailbox, folder) if folder else None
    if context.request.mimetype == "text/plain":
        raw = read_mime(context.request.get_data(cache=True))
        mail, attachments = read_mail(raw)
        message = context.store.create_draft(context.mailbox, mail, attachments, target)
        return full_answer(context, message, 201)
    written = read_message(context.body())
    return full_answer(context, _draft(context, written, target), 201)


def _draft(context: Context, written: Written, target: Folder | None) -> Message:
    attachments = [read_attachment(body, number) for number, body in enumerate(written.attachments, start=1)]
    message = context.store.create_draft(context.mailbox, written.mail, attachments, target)
    written.apply_settings(message)
    return message


def update_message(context: Context, message: str, folder: str = "") -> Response:
    found = find(context, message, folder)
    check_if_match(context, found.version)
    before = found.version
    written = read_message(context.body(), found.mail)
    if written.attachments:
        raise bad_request("Attachments are added one by one.", "ErrorInvalidPropertySet")
    if not found.is_draft and written.names & ONLY_ON_DRAFTS:
        name = min(written.names & ONLY_ON_DRAFTS)
        raise bad_request(f"{name} can be changed on drafts only.", "ErrorInvalidPropertySet")
    if found.is_draft:
        found.mail = written.mail
        found.raw = None
    check_categories(context, context.body().get("categories") or ())
    written.apply_settings(found)
    context.store.touch(context.mailbox, found)
    return full_answer(context, found, 200, before)


def check_categories(context: Context, names: Sequence[str]) -> None:
    known = {one.name.casefold() for one in context.mailbox.categories}
    strange = [name for name in names if name.casefold() not in known]
    if strange and not context.world.switches.on(ANY_CATEGORY_IS_TAKEN):
        raise bad_request(f"There is no category {strange[0]}.", "ErrorInvalidRequest")


def delete_message(context: Context, message: str, folder: str = "") -> Response:
    found = find(context, message, folder)
    check_if_match(context, found.version)
    if context.world.switches.on(DELETE_TO_DELETED_ITEMS):
        context.store.delete(context.mailbox, found)
    else:
        context.store.move(context.mailbox, found, context.mailbox.well_known("recoverableitemsdeletions"))
    return context.nothing()


def purge_message(context: Context, message: str) -> Response:
    context.store.purge(context.mailbox, find(context, message))
    return context.nothing()


def move_message(context: Context, message: str, folder: str = "") -> Response:
    found, target = find(context, message, folder), _destination(context)
    context.store.move(context.mailbox, found, target)
    return full_answer(context, found, 201)


def copy_message(context: Context, message: str, folder: str = "") -> Response:
    found, target = find(context, message, folder), _destination(context)
    return full_answer(context, context.store.copy(context.mailbox, found, target), 201)


def _destination(context: Context) -> Folder:
    body = {name.lower(): value for name, value in context.body().items()}
    if not isinstance(body.get("destinationid"), str):
        raise bad_request("destinationId is missing.", "RequestBodyRead")
    return ids.find_folder(context.mailbox, body["destinationid"])


def send_message(context: Context, message: str) -> Response:
    found = find(context, message)
    if not found.is_draft:
        raise bad_request("Only a draft can be sent.", "ErrorInvalidRequest")
    _check_author(context, found.mail)
    check_sendable(found.mail)
    context.store.send(context.mailbox, found, face="graph", cause=context.call.route.name)
    return context.nothing(202)


def send_mail(context: Context) -> Response:
    if context.request.mimetype == "text/plain":
        raw = read_mime(context.request.get_data(cache=True))
        mail = read_mail(raw)[0]
        _check_author(context, mail)
        check_sendable(mail)
        context.store.send_raw(context.mailbox, raw, face="graph", cause=context.call.route.name)
        return context.nothing(202)
    body = {name.lower(): value for name, value in context.body().items()}
    if not isinstance(body.get("message"), dict):
        raise bad_request("message is missing.", "RequestBodyRead")
    keep = body.get("savetosentitems", True)
    if not isinstance(keep, bool):
        raise bad_request("saveToSentItems must be true or false.", "RequestBodyRead")
    written = read_message(body["message"])
    _check_author(context, written.mail)
    check_sendable(written.mail)
    attachments = [read_attachment(part, number) for number, part in enumerate(written.attachments, start=1)]
    cause = context.call.route.name
    copy = context.store.send(
        context.mailbox, written.mail, attachments, face="graph", cause=cause, keep_copy=keep
    )
    if copy is not None:
        written.apply_settings(copy)
    return context.nothing(202)


def _check_author(context: Context, mail: Mail) -> None:
    mine = {address.lower() for address in context.mailbox.addresses}
    if mail.author is not None and mail.author.address.lower() not in mine:
        raise GraphError(403, "ErrorSendAsDenied", "The mailbox may not send as that address.")
