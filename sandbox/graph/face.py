"""The Microsoft Graph face: every address it knows, in one table."""

import re
from typing import Any

from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.routing import Map, RequestRedirect, Rule

from sandbox.graph import (
    answering,
    attachments,
    categories,
    delta,
    extensions,
    folders,
    groups,
    messages,
    settings,
    translation,
    uploads,
    users,
)
from sandbox.graph.batch import batch_handler
from sandbox.graph.calendar.routes import ROUTES as CALENDAR_ROUTES
from sandbox.graph.context import (
    MAIL_READ,
    MAIL_SEND,
    MAIL_WRITE,
    SETTINGS_READ,
    SETTINGS_WRITE,
    mailbox_route,
    subject_of,
)
from sandbox.graph.errors import GraphError, error_response
from sandbox.graph.login import LOGIN_FACE
from sandbox.graph.openid import userinfo
from sandbox.graph.subscriptions import addresses as subscriptions
from sandbox.graph.throttle import limit_concurrency
from sandbox.graph.uploads import UPLOAD_FACE
from sandbox.http import Call, Face, Request, Response, Route

__all__ = ["FACE", "LOGIN_FACE", "UPLOAD_FACE", "limit_concurrency"]

_FOLDER = "/mailFolders/<folder>"
_MESSAGE = "/messages/<message>"
_EXTENSION = f"{_MESSAGE}/extensions/<extension>"
_CATEGORIES = "/outlook/masterCategories"
_CATEGORY = "/outlook/masterCategories/<category>"

_MAILBOX_ROUTES = (
    mailbox_route("folders.list", "GET", "/mailFolders", MAIL_READ, folders.list_folders),
    mailbox_route("folders.create", "POST", "/mailFolders", MAIL_WRITE, folders.create_folder),
    mailbox_route("folders.delta", "GET", "/mailFolders/delta", MAIL_READ, delta.folder_delta),
    mailbox_route("folders.get", "GET", _FOLDER, MAIL_READ, folders.get_folder),
    mailbox_route("folders.update", "PATCH", _FOLDER, MAIL_WRITE, folders.update_folder),
    mailbox_route("folders.delete", "DELETE", _FOLDER, MAIL_WRITE, folders.delete_folder),
    mailbox_route("folders.move", "POST", f"{_FOLDER}/move", MAIL_WRITE, folders.move_folder),
    mailbox_route("folders.purge", "POST", f"{_FOLDER}/permanentDelete", MAIL_WRITE, folders.purge_folder),
    mailbox_route("folders.count", "GET", "/mailFolders/$count", MAIL_READ, folders.count_folders),
    mailbox_route(
        "folders.count_children", "GET", f"{_FOLDER}/childFolders/$count", MAIL_READ, folders.count_folders
    ),
    mailbox_route("folders.copy", "POST", f"{_FOLDER}/copy", MAIL_WRITE, folders.copy_folder),
    mailbox_route("folders.children", "GET", f"{_FOLDER}/childFolders", MAIL_READ, folders.list_child_folders),
    mailbox_route("folders.create_child", "POST", f"{_FOLDER}/childFolders", MAIL_WRITE, folders.create_folder),
    mailbox_route("messages.delta", "GET", f"{_FOLDER}/messages/delta", MAIL_READ, delta.message_delta),
    mailbox_route("messages.delta_of_all", "GET", "/messages/delta", MAIL_READ, delta.refuse_mailbox_delta),
    mailbox_route("messages.list", "GET", "/messages", MAIL_READ, messages.list_messages),
    mailbox_route("messages.list_folder", "GET", f"{_FOLDER}/messages", MAIL_READ, messages.list_folder_messages),
    mailbox_route("messages.create", "POST", "/messages", MAIL_WRITE, messages.create_message),
    mailbox_route("messages.create_in", "POST", f"{_FOLDER}/messages", MAIL_WRITE, messages.create_message),
    mailbox_route("messages.get", "GET", _MESSAGE, MAIL_READ, messages.get_message),
    mailbox_route("messages.update", "PATCH", _MESSAGE, MAIL_WRITE, messages.update_message),
    mailbox_route("messages.delete", "DELETE", _MESSAGE, MAIL_WRITE, messages.delete_message),
    mailbox_route("messages.move", "POST", f"{_MESSAGE}/move", MAIL_WRITE, messages.move_message),
    mailbox_route("messages.copy", "POST", f"{_MESSAGE}/copy", MAIL_WRITE, messages.copy_message),
    mailbox_route("messages.get_in", "GET", f"{_FOLDER}{_MESSAGE}", MAIL_READ, messages.get_message),
    mailbox_route("messages.update_in", "PATCH", f"{_FOLDER}{_MESSAGE}", MAIL_WRITE, messages.update_message),
    mailbox_route("messages.delete_in", "DELETE", f"{_FOLDER}{_MESSAGE}", MAIL_WRITE, messages.delete_message),
    mailbox_route("messages.move_in", "POST", f"{_FOLDER}{_MESSAGE}/move", MAIL_WRITE, messages.move_message),
    mailbox_route("messages.copy_in", "POST", f"{_FOLDER}{_MESSAGE}/copy", MAIL_WRITE, messages.copy_message),
    mailbox_route("messages.purge", "POST", f"{_MESSAGE}/permanentDelete", MAIL_WRITE, messages.purge_message),
    mailbox_route("messages.mime", "GET", f"{_MESSAGE}/$value", MAIL_READ, messages.get_mime),
    mailbox_route("messages.count", "GET", "/messages/$count", MAIL_READ, messages.count_messages),
    mailbox_route("messages.count_in", "GET", f"{_FOLDER}/messages/$count", MAIL_READ, messages.count_messages),
    mailbox_route("answers.reply_draft", "POST", f"{_MESSAGE}/createReply", MAIL_WRITE, answering.create_reply),
    mailbox_route(
        "answers.reply_all_draft", "POST", f"{_MESSAGE}/createReplyAll", MAIL_WRITE, answering.create_reply_all
    ),
    mailbox_route(
        "answers.forward_draft", "POST", f"{_MESSAGE}/createForward", MAIL_WRITE, answering.create_forward
    ),
    mailbox_route("answers.reply", "POST", f"{_MESSAGE}/reply", MAIL_SEND, answering.reply),
    mailbox_route("answers.reply_all", "POST", f"{_MESSAGE}/replyAll", MAIL_SEND, answering.reply_all),
    mailbox_route("answers.forward", "POST", f"{_MESSAGE}/forward", MAIL_SEND, answering.forward),
    mailbox_route("extensions.list", "GET", f"{_MESSAGE}/extensions", MAIL_READ, extensions.list_extensions),
    mailbox_route("extensions.create", "POST", f"{_MESSAGE}/extensions", MAIL_WRITE, extensions.create_extension),
    mailbox_route("extensions.get", "GET", _EXTENSION, MAIL_READ, extensions.get_extension),
    mailbox_route("extensions.update", "PATCH", _EXTENSION, MAIL_WRITE, extensions.update_extension),
    mailbox_route("extensions.delete", "DELETE", _EXTENSION, MAIL_WRITE, extensions.delete_extension),
    mailbox_route(
        "attachments.upload", "POST", f"{_MESSAGE}/attachments/createUploadSession", MAIL_WRITE,
        uploads.create_session,
    ),
    mailbox_route("messages.send", "POST", f"{_MESSAGE}/send", MAIL_SEND, messages.send_message),
    mailbox_route("mail.send", "POST", "/sendMail", MAIL_SEND, messages.send_mail),
    mailbox_route("attachments.list", "GET", f"{_MESSAGE}/attachments", MAIL_READ, attachments.list_attachments),
    mailbox_route("attachments.add", "POST", f"{_MESSAGE}/attachments", MAIL_WRITE, attachments.add_attachment),
    mailbox_route(
        "attachments.get", "GET", f"{_MESSAGE}/attachments/<attachment>", MAIL_READ, attachments.get_attachment
    ),
    mailbox_route(
        "attachments.delete", "DELETE", f"{_MESSAGE}/attachments/<attachment>", MAIL_WRITE,
        attachments.delete_attachment,
    ),
    mailbox_route(
        "attachments.value", "GET", f"{_MESSAGE}/attachments/<attachment>/$value", MAIL_READ,
        attachments.get_attachment_value,
    ),
    mailbox_route("categories.list", "GET", _CATEGORIES, SETTINGS_READ, categories.list_categories),
    mailbox_route("categories.create", "POST", _CATEGORIES, SETTINGS_WRITE, categories.create_category),
    mailbox_route("categories.get", "GET", _CATEGORY, SETTINGS_READ, categories.get_category),
    mailbox_route("categories.update", "PATCH", _CATEGORY, SETTINGS_WRITE, categories.update_category),
    mailbox_route("categories.delete", "DELETE", _CATEGORY, SETTINGS_WRITE, categories.delete_category),
    mailbox_route("settings.get", "GET", "/mailboxSettings", SETTINGS_READ, settings.get_settings),
    mailbox_route("settings.one", "GET", "/mailboxSettings/<setting>", SETTINGS_READ, settings.get_setting),
    mailbox_route("settings.update", "PATCH", "/mailboxSettings", SETTINGS_WRITE, settings.update_settings),
    mailbox_route("ids.translate", "POST", "/translateExchangeIds", MAIL_READ, translation.translate_ids),
    *CALENDAR_ROUTES,
    # Contacts and tasks get their rows here.
)  # fmt: skip

_WORDS = {
    word.lower(): word
    for route in _MAILBOX_ROUTES
    for word in route.rule.split("/")
    if word and not word.startswith("<")
}
_BELOW_FOLDER = re.compile(
    r"^(/v1\.0/users/[^/]+)/mailFolders/[^/]+(/messages/[^/]+/(?:attachments|extensions|\$value|send|permanentDelete|reply|replyAll|forward|create\w+)\b.*)$"
)
_BELOW_CALENDAR = (
    (re.compile(r"/calendarGroups/[^/]+/calendars/(?=[^/$])"), "/calendars/"),
    (re.compile(r"(^/v1\.0/users/[^/]+)/calendar/(?=events|calendarView)"), r"\1/"),
    (re.compile(r"(^/v1\.0/users/[^/]+)(?:/calendars/[^/]+)?/calendarView/(?!delta$)(?=[^/])"), r"\1/events/"),
    (re.compile(r"/events/[^/]+/instances/(?=[^/$])"), "/events/"),
    (re.compile(r"(^/v1\.0/users/[^/]+)/calendars/[^/]+(?=/events/[^/$]+/)"), r"\1"),
)
"""An event is the same one by whichever way it is reached."""
_STANDARD = re.compile(
    r"/supportedTimeZones\(TimeZoneStandard=(?:microsoft\.graph\.timeZoneStandard)?'(\w+)'\)", re.I
)
_CALL_FORM = re.compile(r"/(\w+)\('((?:[^'/]|'')*)'\)")


def normalise_path(path: str) -> str:
    """`//` is `/`, `mailFolders('inbox')` is `mailFolders/inbox`, `delta()` is `delta`, `/me` a user.

    What lies below a folder's message or child folder is found without the folder above it, and so are events
    below calendars and views.
    """
    path = re.sub(r"/{2,}", "/", path)
    if not path.startswith("/v1.0/"):
        return path
    path = _STANDARD.sub(r"/supportedTimeZones/\1", path)
    path = _CALL_FORM.sub(lambda form: f"/{form[1]}/{form[2]}", path)
    segments = path.split("/")
    words = [segments[0], segments[1], *(_canonical(segment) for segment in segments[2:])]
    if words[2] == "me":
        words[2:3] = ["users", "me"]
    path = re.sub(
        r"/mailFolders/[^/]+(?:/childFolders/[^/]+)*/childFolders/(?=[^/$])", "/mailFolders/", "/".join(words)
    )
    path = _BELOW_FOLDER.sub(r"\1\2", path)
    for way, short in _BELOW_CALENDAR:
        path = way.sub(short, path)
    return path


def _canonical(segment: str) -> str:
    bare = segment.lower().removeprefix("microsoft.graph.").removesuffix("()")
    return _WORDS.get(bare, segment) if bare not in ("me", "users", "$batch") else bare


def _not_found(call: Call) -> Response:
    if call.allowed:
        return error_response(call, GraphError(405, "Request_BadRequest", "The method is not allowed here."))
    version, _, rest = call.request.path.lstrip("/").partition("/")
    if version != "v1.0":
        message = f"There is no version {version} of the API here."
        return error_response(call, GraphError(404, "ResourceNotFound", message))
    segment = rest.rstrip("/").rpartition("/")[2]
    message = f"Resource not found for the segment '{segment}'."
    return error_response(call, GraphError(400, "BadRequest", message))


def _find(request: Request) -> tuple[Route, dict[str, Any], str]:
    """For the parts of a batch, which do not pass through the application's own look-up."""
    path = normalise_path(request.path)
    try:
        route, arguments = _MAP.bind("graph").match(path, method=request.method)
    except (NotFound, MethodNotAllowed, RequestRedirect):
        return Route("unknown", request.method, path, _not_found), {}, ""
    return route, dict(arguments), ""


ROUTES = (*users.ROUTES, *groups.ROUTES, *subscriptions.ROUTES, *_MAILBOX_ROUTES)
_MAP = Map([Rule(route.rule, methods=[route.method], endpoint=route) for route in ROUTES], strict_slashes=False)


def _batch(call: Call) -> Response:
    def find(request: Request) -> tuple[Route, dict[str, Any], str]:
        route, arguments, _ = _find(request)
        return route, arguments, subject_of(call.world, request, arguments)

    return batch_handler(find)(call)


FACE = Face(
    name="graph",
    hosts=("graph.microsoft.com",),
    routes=(
        Route("batch", "POST", "/v1.0/$batch", _batch),
        Route("userinfo", "GET", "/oidc/userinfo", userinfo),
        Route("userinfo_post", "POST", "/oidc/userinfo", userinfo),
        *ROUTES,
    ),
    not_found=_not_found,
    path_prefixes=("/v1.0/", "/beta/", "/oidc/"),
    normalise_path=normalise_path,
    subject=subject_of,
)
