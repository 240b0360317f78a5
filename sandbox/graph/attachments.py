"""Attachments: shown, fetched raw, opened as the mail they are, added to drafts."""

import base64
from typing import Any

from sandbox.graph import ids
from sandbox.graph.context import Context
from sandbox.graph.drafts import read_message
from sandbox.graph.errors import GraphError, bad_request, item_not_found
from sandbox.graph.odata import Options, read_options
from sandbox.graph.pages import list_answer, page_size
from sandbox.graph.shape import Shape, instant, message_shape
from sandbox.graph.switches import ATTACHMENT_SIZE_HAS_OVERHEAD
from sandbox.http import Response
from sandbox.mailboxes import Attachment, Message
from sandbox.mailboxes.compose import compose
from sandbox.mailboxes.mime import read_mail

LARGEST_POSTED = 3 * 1024 * 1024
"""Bytes an attachment may have in one POST."""
_COMMON = ("id", "lastModifiedDateTime", "name", "contentType", "size", "isInline")
_FILE_ONLY = ("contentId", "contentLocation", "contentBytes")
PROPERTIES = frozenset({*_COMMON, *_FILE_ONLY})
_ITEM = "microsoft.graph.itemattachment/item"


def list_attachments(context: Context, message: str) -> Response:
    found = ids.find_message(context.mailbox, message)
    options = _options(context)
    size = page_size(context, options, 1000)
    page = found.attachments[options.skip : options.skip + size]
    rows = [_with_item(context, found, one, options) for one in page]
    name = f"messages('{message}')/attachments"
    return context.answer(list_answer(context, name, rows, options, len(found.attachments), options.skip))


def get_attachment(context: Context, message: str, attachment: str) -> Response:
    found, one = _find(context, message, attachment)
    shape = _with_item(context, found, one, _options(context))
    return context.answer(
        {"@odata.context": f"{context.metadata}/messages('{message}')/attachments/$entity", **shape}
    )


def get_attachment_value(context: Context, message: str, attachment: str) -> Response:
    _, one = _find(context, message, attachment)
    if one.kind == "reference":
        raise bad_request("A reference attachment has no content here.", "ErrorInvalidRequest")
    content_type = "message/rfc822" if one.kind == "item" else one.content_type
    return Response(one.content, content_type=content_type)


def add_attachment(context: Context, message: str) -> Response:
    found = ids.find_message(context.mailbox, message)
    attachment = read_attachment(context.body(), number=max((a.number for a in found.attachments), default=0) + 1)
    attachment.modified = context.store.now()
    found.attachments.append(attachment)
    if found.is_draft:
        found.raw = None
    context.store.touch(context.mailbox, found)
    shape = attachment_shape(context, found, attachment, None)
    return context.answer(
        {"@odata.context": f"{context.metadata}/messages('{message}')/attachments/$entity", **shape}, 201
    )


def delete_attachment(context: Context, message: str, attachment: str) -> Response:
    found, one = _find(context, message, attachment)
    found.attachments.remove(one)
    context.store.touch(context.mailbox, found)
    return context.nothing()


def _find(context: Context, message: str, attachment: str) -> tuple[Message, Attachment]:
    found = ids.find_message(context.mailbox, message)
    number = ids.find_attachment(context.mailbox, found, attachment)
    one = next((one for one in found.attachments if one.number == number), None)
    if one is None:
        raise item_not_found()
    return found, one


def _options(context: Context) -> Options:
    options = read_options(context.request.args, PROPERTIES)
    for expansion in options.expand:
        if expansion.name.lower() != _ITEM:
            raise bad_request(f"{expansion.name} cannot be expanded.", "RequestBroker--ParseUri")
    return options


def _with_item(context: Context, message: Message, one: Attachment, options: Options) -> Shape:
    shape = attachment_shape(context, message, one, options.select)
    if options.expand and one.kind == "item":
        shape["item"] = _item_shape(context, one)
    return shape


def attachment_shape(context: Context, message: Message, one: Attachment, select: tuple[str, ...] | None) -> Shape:
    wanted = PROPERTIES if select is None else frozenset(select)
    unknown = wanted - PROPERTIES
    if unknown:
        raise bad_request(f"There is no property {min(unknown)} to select.", "RequestBroker--ParseUri")
    shape: Shape = {
        "@odata.type": f"#microsoft.graph.{one.kind}Attachment",
        "@odata.mediaContentType": one.content_type,
        "id": ids.attachment_id(context.mailbox, message, one.number, context.prefer.id_form),
    }
    columns: Shape = {
        "lastModifiedDateTime": instant(one.modified or message.modified),
        "name": one.name,
        "contentType": None if one.kind == "item" else one.content_type,
        "size": len(one.content) + (100 if context.world.switches.on(ATTACHMENT_SIZE_HAS_OVERHEAD) else 0),
        "isInline": one.inline,
    }
    if one.kind == "file":
        columns |= {"contentId": one.content_id or None, "contentLocation": one.location or None}
        if "contentBytes" in wanted:
            columns["contentBytes"] = base64.b64encode(one.content).decode()
    else:
        del shape["@odata.mediaContentType"]
    return shape | {name: value for name, value in columns.items() if name in wanted}


def _item_shape(context: Context, one: Attachment) -> Shape:
    """The attached mail, shown like a message without a place in the mailbox."""
    mail, parts = read_mail(one.content)
    now = context.store.now()
    inner = Message(
        0, 1, mail, one.content, now, now, mail.sent or now, mail.sent or now, b"\0" * 16, attachments=parts
    )
    shape = message_shape(context, inner, Options(), always_typed=True)
    for name in ("@odata.etag", "parentFolderId", "changeKey", "categories", "flag", "inferenceClassification"):
        shape.pop(name, None)
    return shape | {"id": ""}


def read_attachment(body: dict[str, Any], number: int) -> Attachment:
    """From a client's JSON. Raises 400 for what Graph would not take."""
    kind = str(body.get("@odata.type", "")).removeprefix("#").lower()
    name = body.get("name")
    if not isinstance(name, str) or not name:
        raise bad_request("An attachment needs a name.", "ErrorInvalidPropertySet")
    if kind == "microsoft.graph.fileattachment":
        content = _bytes(body.get("contentBytes"))
        content_type = str(body.get("contentType") or "application/octet-stream")
        inline, cid = bool(body.get("isInline", False)), str(body.get("contentId") or "")
        return Attachment(number, name, content_type, content, inline=inline, content_id=cid)
    if kind == "microsoft.graph.itemattachment":
        return Attachment(number, name, "message/rfc822", _item_content(body.get("item")), kind="item")
    if kind == "microsoft.graph.referenceattachment":
        return Attachment(number, name, "application/octet-stream", b"", kind="reference")
    raise bad_request("An attachment needs an @odata.type that says which kind it is.", "RequestBodyRead")


def _bytes(text: Any) -> bytes:
    if not isinstance(text, str):
        raise bad_request("A file attachment needs contentBytes.", "RequestBodyRead")
    try:
        content = base64.b64decode(text, validate=True)
    except ValueError as broken:
        raise bad_request("contentBytes must be base64.", "RequestBodyRead") from broken
    if len(content) > LARGEST_POSTED:
        raise GraphError(413, "ErrorMessageSizeExceeded", "The attachment needs an upload session.")
    return content


def _item_content(item: Any) -> bytes:
    if not isinstance(item, dict):
        raise bad_request("An item attachment needs an item.", "RequestBodyRead")
    written = read_message({name: value for name, value in item.items() if name != "attachments"})
    return compose(written.mail, [])


def mime_of(message: Message) -> bytes:
    """A draft's MIME is composed when asked for; mail keeps the one it came with."""
    return message.raw if message.raw is not None else compose(message.mail, message.attachments)
