"""Delta: what is in a folder, and then what happens to it, told in rounds of pages."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from werkzeug.datastructures import MultiDict

from sandbox.graph import ids, impolite
from sandbox.graph.context import Context
from sandbox.graph.cursors import Cursor, decode
from sandbox.graph.errors import bad_request
from sandbox.graph.odata import Options, read_options
from sandbox.graph.rounds import Page, answer, removed, round_size
from sandbox.graph.shape import FOLDER_PROPERTIES, MESSAGE_PROPERTIES, Shape, etag, folder_shape, message_shape
from sandbox.graph.stamps import other_form
from sandbox.graph.switches import (
    ETAG_FORMS_DIFFER,
    FOLDER_COUNTS_ARE_CHANGES,
    HIDDEN_FOLDERS_IN_DELTA,
    MOVE_ARRIVES_UNSEEN,
    MOVE_BACK_HIDES,
)
from sandbox.http import Response
from sandbox.mailboxes import Folder, Message
from sandbox.mailboxes.model import LogEntry

FILTERED_AT_MOST = 5_000
"""Messages in the first round of a filtered delta."""
_FROZEN = ("$select", "$expand", "$filter", "$top", "$orderby", "changeType", "includeHiddenFolders")
_CHANGE_TYPES = ("created", "updated", "deleted")


def message_delta(context: Context, folder: str) -> Response:
    found = ids.find_folder(context.mailbox, folder)
    cursor = _cursor(context, f"messages/{found.number}", _check_message_options)
    impolite.rewrite_at_rest(context, found)
    options = read_options(MultiDict(cursor.options), MESSAGE_PROPERTIES)
    size = round_size(context, options)
    page = _list_page(context, found, cursor, options, size) if cursor.initial else None
    page = page or _change_page(context, found, cursor, options, size)
    kind = f"mailFolders('{folder}')/messages"
    return answer(context, kind, cursor, replace(page, rows=impolite.disturb(context, found, page.rows, options)))


def folder_delta(context: Context) -> Response:
    cursor = _cursor(context, "folders", _check_folder_options)
    options = read_options(MultiDict(cursor.options), FOLDER_PROPERTIES)
    mailbox, size = context.mailbox, round_size(context, options)
    asked = cursor.options.get("includeHiddenFolders", "").lower() == "true"
    hidden_too = asked or context.world.switches.on(HIDDEN_FOLDERS_IN_DELTA)
    latest = _latest([*mailbox.folders_since(cursor.position), *_counted(context, cursor)])
    rows: list[Shape] = []
    for entry in latest[:size]:
        folder = mailbox.folders.get(entry.number)
        if folder is None:
            if not cursor.initial:
                rows.append(removed("mailFolder", ids.folder_id(mailbox, entry.number)))
        elif folder.well_known != "msgfolderroot" and (hidden_too or not folder.hidden):
            rows.append({"@odata.type": "#microsoft.graph.mailFolder", **folder_shape(mailbox, folder, options)})
    done = len(latest) <= size
    position = mailbox.version if done else latest[size - 1].version
    following = replace(cursor, position=position, initial=cursor.initial and not done)
    return answer(context, "mailFolders", cursor, Page(rows, following, done))


def _counted(context: Context, cursor: Cursor) -> Iterable[LogEntry]:
    """Folders in which messages came, went or changed."""
    if cursor.initial or not context.world.switches.on(FOLDER_COUNTS_ARE_CHANGES):
        return ()
    folders = context.mailbox.folders.values()
    return [replace(told[-1], number=one.number) for one in folders if (told := one.since(cursor.position))]


def refuse_mailbox_delta(context: Context) -> Response:
    """Only folders can be followed, not all messages at once."""
    raise bad_request("Change tracking is not supported against 'microsoft.graph.message'.", "ErrorInvalidRequest")


def _cursor(context: Context, feed: str, check: Any) -> Cursor:
    """From the token, whose options are frozen, or a fresh one with the request's options."""
    given = context.request.args
    token = given.get("$skiptoken") or given.get("$deltatoken")
    if token:
        return decode(context, token, feed)
    check(given)
    options = {name: given[name] for name in given if name in _FROZEN or name.startswith("$")}
    options.pop("$deltatoken", None)
    position = context.mailbox.version if feed.startswith("messages") else 0
    return Cursor(feed, context.mailbox.cursor_generation, options, position)


def _check_message_options(given: "MultiDict[str, str]") -> None:
    """Outlook says which options change tracking takes, and refuses the rest."""
    unknown = [
        n for n in given if n.startswith("$") and n not in (*_FROZEN, "$deltatoken", "$skiptoken", "$format")
    ]
    if unknown:
        names = ", ".join(sorted(unknown))
        raise bad_request(f"Change tracking of messages does not take {names}.", "ErrorInvalidUrlQuery")
    change_type = given.get("changeType")
    if change_type is not None and change_type not in _CHANGE_TYPES:
        raise bad_request(f"There is no change type {change_type}.", "ErrorInvalidUrlQuery")
    if "$filter" in given:
        _received_after(given["$filter"])
    if "$orderby" in given and given["$orderby"].split() != ["receivedDateTime", "desc"]:
        raise bad_request("Only receivedDateTime desc is supported in $orderby.", "ErrorInvalidUrlQuery")
    options = read_options(given, MESSAGE_PROPERTIES)
    for expansion in options.expand:
        if expansion.name.lower() not in ("singlevalueextendedproperties", "multivalueextendedproperties"):
            raise bad_request(f"{expansion.name} cannot be expanded here.", "ErrorInvalidUrlQuery")


def _check_folder_options(given: "MultiDict[str, str]") -> None:
    taken = ("$select", "$deltatoken", "$skiptoken", "includeHiddenFolders", "$top")
    unknown = sorted(name for name in given if name not in taken)
    if unknown:
        message = f"Change tracking of folders does not take {', '.join(unknown)}."
        raise bad_request(message, "ErrorInvalidUrlQuery")


def _received_after(text: str) -> datetime:
    """The one filter there is: `receivedDateTime ge X` (or gt). `gt` is moved on by its second."""
    words = text.split()
    try:
        if len(words) == 3 and words[0] == "receivedDateTime" and words[1] in ("ge", "gt"):
            moment = datetime.fromisoformat(words[2])
            moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
            return moment if words[1] == "ge" else moment.replace(second=moment.second, microsecond=999_999)
    except ValueError:
        pass
    raise bad_request("Only receivedDateTime ge or gt a moment is supported in $filter.", "ErrorInvalidUrlQuery")


def _list_page(context: Context, folder: Folder, cursor: Cursor, options: Options, size: int) -> Page | None:
    """The first round, newest first. What changes meanwhile is told again in the second.

    None when `changeType` leaves nothing of the first round.
    """
    mailbox = context.mailbox
    position = cursor.position or mailbox.version
    if cursor.options.get("changeType") in ("updated", "deleted"):
        return Page([], replace(cursor, position=position, initial=False), True)
    after = _received_after(options.filter) if options.filter else None
    left = FILTERED_AT_MOST - cursor.told if after else len(mailbox.messages) + 1
    keyed = sorted(
        ((message.received.isoformat(), message.number, message) for message in mailbox.messages_in(folder)
         if after is None or message.received >= after),
        key=lambda row: row[:2],
        reverse=True,
    )  # fmt: skip
    rest = [row for row in keyed if cursor.after is None or row[:2] < cursor.after][:left]
    page, done = rest[:size], len(rest) <= size
    following = replace(
        cursor,
        position=position,
        after=None if done or not page else page[-1][:2],
        told=0 if done else cursor.told + len(page),
        initial=not done,
    )
    return Page([_row(context, message, options) for *_, message in page], following, done)


def _change_page(context: Context, folder: Folder, cursor: Cursor, options: Options, size: int) -> Page:
    entries = _latest(folder.since(cursor.position))
    if context.prefer.id_form == "immutable":
        entries = _latest_per_item(entries)
    rows: list[Shape] = []
    position = context.mailbox.version
    done = True
    for entry in entries:
        if len(rows) == size:
            done = False
            break
        row = _changed_row(context, entry, cursor, options)
        if row is not None:
            rows.append(row)
        position = entry.version
    if done:
        position = context.mailbox.version
    return Page(rows, replace(cursor, position=position), done)


def _changed_row(context: Context, entry: LogEntry, cursor: Cursor, options: Options) -> Shape | None:
    wanted = cursor.options.get("changeType")
    if entry.kind == "out":
        if wanted not in (None, "deleted"):
            return None
        form = context.prefer.id_form
        return removed("message", ids.message_id(context.mailbox, entry.number, entry.moves, form))
    message = context.mailbox.messages.get(entry.number)
    if message is None or message.moves != entry.moves:
        return None
    lost = _lost_arrival(context, entry, message, cursor)
    if lost:
        id_ = ids.message_id(context.mailbox, entry.number, entry.moves, "immutable")
        return removed("message", id_) if lost == "removed" else None
    kind = "created" if message.entered > cursor.position else "updated"
    if wanted is not None and wanted != kind:
        return None
    if options.filter and message.received < _received_after(options.filter):
        return None
    return _row(context, message, options)


def _lost_arrival(context: Context, entry: LogEntry, message: Message, cursor: Cursor) -> str:
    """With immutable ids a move can lose its arrival; the next change of the item shows it again.

    `removed` when only the departure before it is told, `unseen` when nothing is, else empty.
    """
    if entry.kind != "in" or not message.moves or context.prefer.id_form != "immutable":
        return ""
    switches = context.world.switches
    unseen, hides = switches.on(MOVE_ARRIVES_UNSEEN), switches.on(MOVE_BACK_HIDES)
    if not (unseen or hides):
        return ""
    log = context.mailbox.folders[message.folder].since(cursor.position)
    if any(one.number == entry.number and one.kind == "out" for one in log):
        return "removed"
    return "unseen" if unseen else ""


def _latest(entries: Iterable[LogEntry]) -> list[LogEntry]:
    """The last entry of each visit, in the order of those."""
    latest: dict[tuple[int, int], LogEntry] = {}
    for entry in entries:
        latest.pop((entry.number, entry.moves), None)
        latest[entry.number, entry.moves] = entry
    return list(latest.values())


def _latest_per_item(entries: Iterable[LogEntry]) -> list[LogEntry]:
    latest: dict[int, LogEntry] = {}
    for entry in entries:
        latest.pop(entry.number, None)
        latest[entry.number] = entry
    return list(latest.values())


def _row(context: Context, message: Message, options: Options) -> Shape:
    tag = etag(context.mailbox, message.version)
    if context.world.switches.on(ETAG_FORMS_DIFFER):
        tag = other_form(tag)
    return message_shape(context, message, options, always_typed=True, tag=tag)
