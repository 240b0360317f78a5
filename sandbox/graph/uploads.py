"""Large attachments: a session is made, the file comes in pieces to an address of its own, then it is attached."""

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from sandbox.graph import ids, throttle
from sandbox.graph.context import Context, guarded
from sandbox.graph.errors import CONTENT_TYPE, GraphError, bad_request, standard_headers
from sandbox.graph.owners import Owner, owner_in, owner_of
from sandbox.graph.shape import instant
from sandbox.graph.switches import SMALL_UPLOAD_SESSIONS, UPLOAD_REFUSES_AUTHORIZATION
from sandbox.graph.values import one_of
from sandbox.http import Call, Face, Response, Route, json_response
from sandbox.mailboxes import Attachment, Mailbox

LARGEST = 150 * 1024 * 1024
SMALLEST, SMALLEST_MEASURED = 3 * 1024 * 1024, 2 * 1024 * 1024
LARGEST_PIECE = 4 * 1024 * 1024
LIFE = timedelta(hours=1)
"""Each piece gives the session that long again."""
_PLAIN = "()/'=-_"
_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+)")


@dataclass(slots=True)
class Upload:
    app: str
    mailbox: str
    """Its guid."""
    owner: dict[str, str]
    """What the file is for, by the name and the id that the client gave."""
    name: str
    size: int
    content_type: str
    inline: bool
    content_id: str
    token: str
    expires: datetime
    immutable: bool
    received: bytearray = field(default_factory=bytearray)


def create_session(context: Context, **path: str) -> Response:
    owner_of(context, **path)
    upload = _read(context, path)
    number = f"{context.world.microsoft.dice.getrandbits(128):032x}"
    context.world.microsoft.uploads[number] = upload
    ((kind, item),) = path.items()
    where = f"Users('{context.mailbox.guid}')/{kind.title()}s('{item}')/AttachmentSessions('{number}')"
    root = _root(context.call)
    address = f"{root}api/v2.0/{quote(where, safe=_PLAIN)}?authtoken={upload.token}"
    return context.answer({**_state(context.call, upload), "uploadUrl": address}, 201)


def _root(call: Call) -> str:
    """Under the vendor's own name Outlook takes the pieces on a host of its own."""
    return call.request.url_root.replace("//graph.microsoft.com/", "//outlook.office.com/")


def _read(context: Context, owner: dict[str, str]) -> Upload:
    body = {name.lower(): value for name, value in context.body().items() if "@" not in name}
    item: Any = body.get("attachmentitem")
    if set(body) != {"attachmentitem"} or not isinstance(item, dict):
        raise bad_request("An upload session needs an AttachmentItem.", "RequestBodyRead")
    name, size = item.get("name"), item.get("size")
    if one_of("file", "item", "reference")("attachmentType", item.get("attachmentType")) != "file":
        raise bad_request("Only files are uploaded in pieces.", "ErrorInvalidRequest")
    if not isinstance(name, str) or not name or type(size) is not int or size < 0:
        raise bad_request("An AttachmentItem needs a name and a size.", "RequestBodyRead")
    smallest = SMALLEST_MEASURED if context.world.switches.on(SMALL_UPLOAD_SESSIONS) else SMALLEST
    if size < smallest:
        raise bad_request("So small a file is posted.", "ErrorAttachmentSizeShouldNotBeLessThanMinimumSize")
    if size > LARGEST:
        raise bad_request("The file is too large.", "ErrorAttachmentSizeLimitExceeded")
    return Upload(
        context.grant.app.client_id,
        str(context.mailbox.guid),
        owner,
        name,
        size,
        str(item.get("contentType") or "application/octet-stream"),
        item.get("isInline") is True,
        str(item.get("contentId") or ""),
        context.world.microsoft.random_text(80),
        context.world.clock.now() + LIFE,
        context.prefer.id_form == "immutable",
    )


def _state(call: Call, upload: Upload) -> dict[str, Any]:
    return {
        "@odata.context": f"{call.request.url_root}v1.0/$metadata#microsoft.graph.uploadSession",
        "expirationDateTime": instant(upload.expires),
        "nextExpectedRanges": [f"{len(upload.received)}-"],
    }


# The address of the pieces


def put_piece(call: Call, session: str, **_path: str) -> Response:
    def work() -> Response:
        upload, mailbox, owner = _open(call, session)
        piece = call.request.get_data(cache=True)
        meter = call.world.microsoft.meters.setdefault((upload.app, mailbox.address), throttle.Meter())
        meter.check(call.world.clock.now(), len(piece))
        _check_range(call, upload, len(piece))
        upload.received += piece
        upload.expires = call.world.clock.now() + LIFE
        if len(upload.received) < upload.size:
            return json_response(_state(call, upload), 200, standard_headers(call), CONTENT_TYPE)
        del call.world.microsoft.uploads[session]
        return _attach(call, upload, mailbox, owner)

    return guarded(call, work, largest=LARGEST_PIECE + 1)


def cancel(call: Call, session: str, **_path: str) -> Response:
    def work() -> Response:
        _open(call, session)
        del call.world.microsoft.uploads[session]
        return Response(status=204, headers=standard_headers(call))

    return guarded(call, work)


def _open(call: Call, session: str) -> tuple[Upload, Mailbox, Owner]:
    """The address itself carries the right to use it; another token is one too many."""
    if call.request.headers.get("Authorization") and call.world.switches.on(UPLOAD_REFUSES_AUTHORIZATION):
        raise GraphError(401, "InvalidAuthenticationToken", "The address is authorised already.")
    upload = call.world.microsoft.uploads.get(session)
    if upload is None or call.request.args.get("authtoken") != upload.token:
        raise GraphError(401, "InvalidAuthenticationToken", "The address of the upload is not valid.")
    mailbox = call.world.mailboxes.mailbox_by_guid(upload.mailbox)
    if mailbox is None or upload.expires <= call.world.clock.now():
        raise GraphError(404, "ErrorItemNotFound", "The upload session is over.")
    call.subject = mailbox.address
    return upload, mailbox, owner_in(call, mailbox, **upload.owner)


def _check_range(call: Call, upload: Upload, length: int) -> None:
    form = _RANGE.fullmatch(call.request.headers.get("Content-Range", ""))
    if form is None:
        raise bad_request("A piece needs its Content-Range.", "ErrorInvalidContentRange")
    first, last, whole = (int(number) for number in form.groups())
    if whole != upload.size or last - first + 1 != length or last >= whole:
        raise bad_request("The Content-Range does not fit the piece or the file.", "ErrorInvalidContentRange")
    if first != len(upload.received):
        raise GraphError(416, "ErrorInvalidContentRange", f"The next byte is {len(upload.received)}.")


def _attach(call: Call, upload: Upload, mailbox: Mailbox, owner: Owner) -> Response:
    attachment = Attachment(
        owner.next_number, upload.name, upload.content_type, bytes(upload.received), inline=upload.inline,
        content_id=upload.content_id, modified=call.world.mailboxes.now(),
    )  # fmt: skip
    owner.keep_attachments([*owner.attachments, attachment])
    form: ids.Form = "immutable" if upload.immutable else "default"
    file = ids.attachment_id(mailbox, owner.carrier, attachment.number, form)
    path = f"{owner.path[:1].upper()}{owner.path[1:]}"
    where = f"api/v2.0/Users('{mailbox.guid}')/{path}/Attachments('{file}')"
    return Response(status=201, headers={**standard_headers(call), "Location": f"{_root(call)}{where}"})


def _not_found(call: Call) -> Response:
    return Response("Not Found", 404)


_SESSION = "/AttachmentSessions('<session>')"
_OF_MESSAGE = f"/api/v2.0/Users('<user>')/Messages('<message>'){_SESSION}"
_OF_EVENT = f"/api/v2.0/Users('<user>')/Events('<event>'){_SESSION}"
UPLOAD_FACE = Face(
    name="outlook_uploads",
    hosts=("outlook.office.com",),
    routes=(
        Route("uploads.put", "PUT", _OF_MESSAGE, put_piece),
        Route("uploads.cancel", "DELETE", _OF_MESSAGE, cancel),
        Route("uploads.put_event", "PUT", _OF_EVENT, put_piece),
        Route("uploads.cancel_event", "DELETE", _OF_EVENT, cancel),
    ),
    not_found=_not_found,
    path_prefixes=("/api/v2.0/",),
    subject=lambda world, _request, arguments: _whose(world.mailboxes.mailbox_by_guid(arguments.get("user", ""))),
)


def _whose(mailbox: Mailbox | None) -> str:
    return mailbox.address if mailbox else ""
