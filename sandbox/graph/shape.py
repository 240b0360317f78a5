"""How Graph shows what the store keeps: one table of properties a resource."""

import base64
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import partial
from typing import Any

from sandbox.graph import ids
from sandbox.graph.context import Context
from sandbox.graph.extended import expand_properties, read_multi, read_property
from sandbox.graph.extensions import expand_extensions
from sandbox.graph.odata import Expansion, Options
from sandbox.graph.switches import MESSAGE_ID_IS_ADDED, PLAIN_TEXT_STAYS_TEXT, SPAM_LEVEL_IS_TOLD
from sandbox.mailboxes import Folder, Mail, Mailbox, Message, Person
from sandbox.mailboxes.text import clean_html, html_to_text, preview, text_to_html, unquoted

Shape = dict[str, Any]
Column = Callable[[Context, Message], Any]


def instant(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def recipient(person: Person | None) -> Shape | None:
    if person is None:
        return None
    return {"emailAddress": {"name": person.name or person.address, "address": person.address}}


def recipients(people: Iterable[Person]) -> list[Shape | None]:
    return [recipient(person) for person in people]


def body(context: Context, mail: Mail) -> Shape:
    """In the form asked for; without a wish, as it came or as HTML: a doubt that is a switch."""
    as_text = context.prefer.text_body
    if as_text is None:
        as_text = mail.html is None and context.world.switches.on(PLAIN_TEXT_STAYS_TEXT)
    if as_text:
        return {"contentType": "text", "content": plain_text(mail)}
    html = clean_html(mail.html) if mail.html is not None else text_to_html(mail.text or "")
    return {"contentType": "html", "content": html}


def plain_text(mail: Mail) -> str:
    if mail.html is not None:
        return html_to_text(mail.html)
    return "\r\n".join((mail.text or "").splitlines())


def etag(mailbox: Mailbox, version: int) -> str:
    return f'W/"{ids.change_key(mailbox, version)}"'


def _flag(message: Message) -> Shape:
    return {"flagStatus": message.flag, **message.flag_dates}


def _web_link(context: Context, message: Message) -> str:
    item = ids.message_id(context.mailbox, message.number, message.moves, "default").replace("=", "%3D")
    return f"https://outlook.office365.com/owa/?ItemID={item}&exvsurl=1&viewmodel=ReadMessageItem"


def _index(message: Message) -> str:
    head = b"\x01" + max(0, int(message.sent.timestamp())).to_bytes(5, "big") + message.conversation
    return base64.b64encode(head[:22]).decode()


def _added_id(context: Context, message: Message) -> str | None:
    if not context.world.switches.on(MESSAGE_ID_IS_ADDED):
        return None
    number, domain = message.conversation.hex(), context.mailbox.address.partition("@")[2]
    return f"<{number}.{message.number}.{context.mailbox.guid.hex[:8]}@{domain}>"


def _receipt(context: Context, message: Message) -> bool | None:
    """Received mail has no value there, sent mail has."""
    return message.mail.delivery_receipt if message.is_draft else None


COLUMNS: dict[str, Column] = {
    "createdDateTime": lambda _, m: instant(m.created),
    "lastModifiedDateTime": lambda _, m: instant(m.modified),
    "changeKey": lambda c, m: ids.change_key(c.mailbox, m.version),
    "categories": lambda _, m: list(m.categories),
    "receivedDateTime": lambda _, m: instant(m.received),
    "sentDateTime": lambda _, m: instant(m.sent),
    "hasAttachments": lambda _, m: any(not one.inline for one in m.attachments),
    "internetMessageId": lambda c, m: m.mail.message_id or _added_id(c, m),
    "subject": lambda _, m: m.mail.subject,
    "bodyPreview": lambda _, m: preview(plain_text(m.mail)),
    "importance": lambda _, m: m.importance,
    "parentFolderId": lambda c, m: ids.folder_id(c.mailbox, m.folder),
    "conversationId": lambda c, m: ids.conversation_id(c.mailbox, m.conversation),
    "conversationIndex": lambda _, m: _index(m),
    "isDeliveryReceiptRequested": _receipt,
    "isReadReceiptRequested": lambda _, m: m.mail.read_receipt,
    "isRead": lambda _, m: m.is_read,
    "isDraft": lambda _, m: m.is_draft,
    "webLink": _web_link,
    "inferenceClassification": lambda _, m: m.inference,
    "body": lambda c, m: body(c, m.mail),
    "sender": lambda _, m: recipient(m.mail.sender),
    "from": lambda _, m: recipient(m.mail.author),
    "toRecipients": lambda _, m: recipients(m.mail.to),
    "ccRecipients": lambda _, m: recipients(m.mail.cc),
    "bccRecipients": lambda _, m: recipients(m.mail.bcc),
    "replyTo": lambda _, m: recipients(m.mail.reply_to),
    "flag": lambda _, m: _flag(m),
}
ONLY_WHEN_SELECTED: dict[str, Column] = {
    "internetMessageHeaders": lambda _, m: [{"name": n, "value": v} for n, v in m.mail.headers] or None,
    "uniqueBody": lambda c, m: body(c, unquoted(m.mail)),
}
EVENT_OF_MESSAGE = "microsoft.graph.eventmessage/event"
"""What `$expand` calls the event that a meeting's mail is about."""
MESSAGE_PROPERTIES = frozenset({"id", *COLUMNS, *ONLY_WHEN_SELECTED})


PLAIN = "#microsoft.graph.message"


def message_type(message: Message) -> str:
    """The derived type of a meeting's mail; a plain mail is a message."""
    item_class = message.mail.item_class
    if item_class == "IPM.Schedule.Meeting.Request":
        return "#microsoft.graph.eventMessageRequest"
    if item_class.startswith("IPM.Schedule.Meeting.Resp"):
        return "#microsoft.graph.eventMessageResponse"
    if item_class.startswith("IPM.Schedule.Meeting"):
        return "#microsoft.graph.eventMessage"
    return PLAIN


def message_shape(
    context: Context, message: Message, options: Options, *, always_typed: bool = False, tag: str = ""
) -> Shape:
    """`always_typed`: delta names the type of every row, other answers of derived ones only."""
    shape: Shape = {}
    type_ = message_type(message)
    if always_typed or type_ != PLAIN:
        shape["@odata.type"] = type_
    shape["@odata.etag"] = tag or etag(context.mailbox, message.version)
    shape["id"] = ids.message_id(context.mailbox, message.number, message.moves, context.prefer.id_form)
    for name, column in (COLUMNS | ONLY_WHEN_SELECTED).items():
        wanted = name in COLUMNS if options.select is None else name in options.select
        if wanted:
            shape[name] = column(context, message)
    if shape.get("internetMessageHeaders", ...) is None:
        del shape["internetMessageHeaders"]
    if options.select is None:
        from sandbox.graph.calendar.mails import meeting_columns

        shape |= meeting_columns(context, message)
    for expansion in options.expand:
        _expand(context, message, expansion, shape)
    return shape


def _expand(context: Context, message: Message, expansion: Expansion, shape: Shape) -> None:
    if expansion.name.lower() == "attachments":
        from sandbox.graph.attachments import attachment_shape

        shape["attachments"] = [
            attachment_shape(context, message, one, expansion.select) for one in message.attachments
        ]
    elif expansion.name.lower() == EVENT_OF_MESSAGE:
        from sandbox.graph.calendar.mails import event_of_message

        shape |= event_of_message(context, message)
    elif expansion.name.lower() == "extensions":
        expand_extensions(message.extensions, expansion, shape)
    else:
        told = context.world.switches.on(SPAM_LEVEL_IS_TOLD)
        read = partial(read_property, context.mailbox, message, told=told)
        expand_properties(expansion, shape, read, partial(read_multi, message.properties))


FOLDER_PROPERTIES = frozenset(
    {
        "id",
        "displayName",
        "parentFolderId",
        "childFolderCount",
        "unreadItemCount",
        "totalItemCount",
        "isHidden",
    }
)


def folder_shape(mailbox: Mailbox, folder: Folder, options: Options) -> Shape:
    inside = list(mailbox.messages_in(folder))
    parent = ids.folder_id(mailbox, folder.parent) if folder.parent else ids.folder_id(mailbox, 0)
    shape: Shape = {
        "id": ids.folder_id(mailbox, folder.number),
        "displayName": folder.name,
        "parentFolderId": parent,
        "childFolderCount": len(mailbox.children(folder)),
        "unreadItemCount": sum(not message.is_read for message in inside),
        "totalItemCount": len(inside),
        "isHidden": folder.hidden,
    }
    if options.select is not None:
        return {name: value for name, value in shape.items() if name == "id" or name in options.select}
    return shape
