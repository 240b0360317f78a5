"""Attachments as clients write them."""

import base64
from typing import Any

from sandbox.graph.drafts import read_message
from sandbox.graph.errors import GraphError, bad_request
from sandbox.mailboxes import Attachment
from sandbox.mailboxes.compose import compose

LARGEST_POSTED = 3 * 1024 * 1024
"""Bytes an attachment may have in one POST."""


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
