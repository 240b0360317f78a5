"""Attachments: shown, fetched raw, opened as the mail they are, added to drafts."""

import base64

from sandbox.graph import ids
from sandbox.graph.attached import read_attachment
from sandbox.graph.context import Context
from sandbox.graph.errors import bad_request, item_not_found
from sandbox.graph.ids import Carrier
from sandbox.graph.odata import Options, read_options
from sandbox.graph.owners import Owner, owner_of
from sandbox.graph.pages import list_answer, page_size
from sandbox.graph.shape import Shape, instant, message_shape
from sandbox.graph.switches import ATTACHMENT_SIZE_HAS_OVERHEAD
from sandbox.http import Response
from sandbox.mailboxes import Attachment, Message
from sandbox.mailboxes.compose import compose
from sandbox.mailboxes.mime import read_mail

_COMMON = ("id", "lastModifiedDateTime", "name", "contentType", "size", "isInline")
_FILE_ONLY = ("contentId", "contentLocation", "contentBytes")
PROPERTIES = frozenset({*_COMMON, *_FILE_ONLY})
_ITEM = "microsoft.graph.itemattachment/item"


def list_attachments(context: Context, **path: str) -> Response:
    owner, options = owner_of(context, **path), _options(context)
    size = page_size(context, options, 1000)
    page = owner.attachments[options.skip : options.skip + size]
    rows = [_with_item(context, owner, one, options) for one in page]
    name = f"{owner.path}/attachments"
    return context.answer(list_answer(context, name, rows, options, len(owner.attachments), options.skip))


def get_attachment(context: Context, attachment: str, **path: str) -> Response:
    owner = owner_of(context, **path)
    return _one(context, owner, _with_item(context, owner, _find(context, owner, attachment), _options(context)))


def _one(context: Context, owner: Owner, shape: Shape, status: int = 200) -> Response:
    odata_context = f"{context.metadata}/{owner.path}/attachments/$entity"
    return context.answer({"@odata.context": odata_context, **shape}, status)


def get_attachment_value(context: Context, attachment: str, **path: str) -> Response:
    one = _find(context, owner_of(context, **path), attachment)
    if one.kind == "reference":
        raise bad_request("A reference attachment has no content here.", "ErrorInvalidRequest")
    content_type = "message/rfc822" if one.kind == "item" else one.content_type
    return Response(one.content, content_type=content_type)


def add_attachment(context: Context, **path: str) -> Response:
    owner = owner_of(context, **path)
    attachment = read_attachment(context.body(), number=owner.next_number)
    attachment.modified = context.store.now()
    owner.keep_attachments([*owner.attachments, attachment])
    return _one(context, owner, attachment_shape(context, owner.carrier, attachment, None), 201)


def delete_attachment(context: Context, attachment: str, **path: str) -> Response:
    owner = owner_of(context, **path)
    one = _find(context, owner, attachment)
    owner.keep_attachments([other for other in owner.attachments if other is not one])
    return context.nothing()


def _find(context: Context, owner: Owner, attachment: str) -> Attachment:
    number = ids.find_attachment(context.mailbox, owner.carrier, attachment)
    one = next((one for one in owner.attachments if one.number == number), None)
    if one is None:
        raise item_not_found()
    return one


def _options(context: Context) -> Options:
    options = read_options(context.request.args, PROPERTIES)
    for expansion in options.expand:
        if expansion.name.lower() != _ITEM:
            raise bad_request(f"{expansion.name} cannot be expanded.", "RequestBroker--ParseUri")
    return options


def _with_item(context: Context, owner: Owner, one: Attachment, options: Options) -> Shape:
    shape = attachment_shape(context, owner.carrier, one, options.select)
    if options.expand and one.kind == "item":
        shape["item"] = _item_shape(context, one)
    return shape


def attachment_shape(context: Context, carrier: Carrier, one: Attachment, select: tuple[str, ...] | None) -> Shape:
    wanted = PROPERTIES if select is None else frozenset(select)
    unknown = wanted - PROPERTIES
    if unknown:
        raise bad_request(f"There is no property {min(unknown)} to select.", "RequestBroker--ParseUri")
    shape: Shape = {
        "@odata.type": f"#microsoft.graph.{one.kind}Attachment",
        "@odata.mediaContentType": one.content_type,
        "id": ids.attachment_id(context.mailbox, carrier, one.number, context.prefer.id_form),
    }
    columns: Shape = {
        "lastModifiedDateTime": instant(one.modified or carrier.modified),
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


def mime_of(message: Message) -> bytes:
    """A draft's MIME is composed when asked for; mail keeps the one it came with."""
    return message.raw if message.raw is not None else compose(message.mail, message.attachments)
