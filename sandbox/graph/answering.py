"""Answers to a mail: reply, reply to all, forward; as a draft to go on with, or sent at once."""

import html
import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from sandbox.graph import ids
from sandbox.graph.context import Context
from sandbox.graph.drafts import check_sendable, read_message, read_mime
from sandbox.graph.errors import bad_request
from sandbox.graph.messages import full_answer
from sandbox.http import Response
from sandbox.mailboxes import Mail, Message, Person
from sandbox.mailboxes.mime import read_mail
from sandbox.mailboxes.text import clean_html, text_to_html

_PREFIX = re.compile(r"^(?:(?:re|fw|fwd)\s*:\s*)+", re.IGNORECASE)
_BODY = re.compile(r"<body\b[^>]*>", re.IGNORECASE)


def create_reply(context: Context, message: str) -> Response:
    return full_answer(context, _reply(context, message, to_all=False), 201)


def create_reply_all(context: Context, message: str) -> Response:
    return full_answer(context, _reply(context, message, to_all=True), 201)


def create_forward(context: Context, message: str) -> Response:
    return full_answer(context, _forward(context, message), 201)


def reply(context: Context, message: str) -> Response:
    return _send(context, _reply(context, message, to_all=False))


def reply_all(context: Context, message: str) -> Response:
    return _send(context, _reply(context, message, to_all=True))


def forward(context: Context, message: str) -> Response:
    return _send(context, _forward(context, message))


def _send(context: Context, draft: Message) -> Response:
    try:
        check_sendable(draft.mail)
    except Exception:
        context.store.purge(context.mailbox, draft)
        raise
    context.store.send(context.mailbox, draft, face="graph", cause=context.call.route.name)
    return context.nothing(202)


def _reply(context: Context, message: str, *, to_all: bool) -> Message:
    found = _answerable(context, message)
    mail, mine = found.mail, {address.lower() for address in context.mailbox.addresses}
    sender = mail.reply_to or ((mail.author,) if mail.author else ())
    to: tuple[Person, ...] = tuple(sender)
    cc: tuple[Person, ...] = ()
    if to_all:
        others = [one for one in (*sender, *mail.to) if one.address.lower() not in mine]
        to = _once(others) or to
        told = mine | {one.address.lower() for one in to}
        cc = _once(one for one in mail.cc if one.address.lower() not in told)
    draft = replace(_quoted(context, mail, "Re"), to=to, cc=cc)
    return _create(context, draft, [])


def _forward(context: Context, message: str) -> Message:
    found = _answerable(context, message)
    number = iter(range(1, len(found.attachments) + 1))
    copies = [replace(one, number=next(number)) for one in found.attachments]
    return _create(context, _quoted(context, found.mail, "Fw"), copies, forwarded=True)


def _answerable(context: Context, message: str) -> Message:
    found = ids.find_message(context.mailbox, message)
    if found.is_draft:
        raise bad_request("A draft cannot be answered.", "ErrorInvalidRequest")
    return found


def _once(people: Iterable[Person]) -> tuple[Person, ...]:
    return tuple({one.address.lower(): one for one in people}.values())


def _quoted(context: Context, mail: Mail, prefix: str) -> Mail:
    """Exchange answers in HTML, above a line and the heads of what is answered."""
    owner = Person(context.mailbox.address, context.mailbox.name)
    heads = {
        "From": [mail.author] if mail.author else [],
        "To": list(mail.to),
        "Cc": list(mail.cc),
    }
    rows = [f"<b>{name}:</b> {html.escape(_named(people))}<br>" for name, people in heads.items() if people]
    rows.append(f"<b>Subject:</b> {html.escape(mail.subject)}<br>")
    original = clean_html(mail.html) if mail.html is not None else text_to_html(mail.text or "")
    quote = f'<hr tabindex="-1"><div id="divRplyFwdMsg">{"".join(rows)}</div><br>'
    return Mail(
        subject=f"{prefix}: {_PREFIX.sub('', mail.subject)}",
        author=owner,
        sender=owner,
        html=_BODY.sub(lambda body: body[0] + quote, original, count=1),
        in_reply_to=mail.message_id,
        references=(*mail.references, *([mail.message_id] if mail.message_id else [])),
    )


def _named(people: list[Person]) -> str:
    return "; ".join(f"{one.name or one.address} <{one.address}>" for one in people)


def _create(context: Context, draft: Mail, attachments: list[Any], *, forwarded: bool = False) -> Message:
    """With what the client adds: a comment above the quote, or properties that take the place of the draft's."""
    if context.request.mimetype == "text/plain":
        return _from_mime(context, draft)
    body = {name.lower(): value for name, value in _body(context).items() if "@" not in name}
    unknown = set(body) - {"comment", "message", *(("torecipients",) if forwarded else ())}
    if unknown:
        raise bad_request(f"An answer has no parameter {min(unknown)}.", "RequestBodyRead")
    changes: Any = body.get("message") or {}
    if not isinstance(changes, dict):
        raise bad_request("message must be a message.", "RequestBodyRead")
    if body.get("comment") and "body" in changes:
        raise bad_request("Give a comment or the body of the message, not both.", "ErrorInvalidArgument")
    if "torecipients" in body:
        if changes.get("toRecipients"):
            raise bad_request("toRecipients is given twice.", "ErrorInvalidArgument")
        changes = changes | {"toRecipients": body["torecipients"]}
    written = read_message(changes, draft)
    if written.attachments:
        raise bad_request("Attachments are added to the draft one by one.", "ErrorInvalidPropertySet")
    mail = _commented(written.mail, body.get("comment"))
    message = context.store.create_draft(context.mailbox, mail, attachments)
    written.apply_settings(message)
    return message


def _from_mime(context: Context, draft: Mail) -> Message:
    """The client's own MIME takes the place of the draft, but for the thread and what it leaves empty."""
    given, attachments = read_mail(read_mime(context.request.get_data(cache=True)))
    mail = replace(
        given,
        subject=given.subject or draft.subject,
        author=draft.author,
        sender=draft.sender,
        to=given.to or draft.to,
        cc=given.cc or draft.cc,
        in_reply_to=draft.in_reply_to,
        references=draft.references,
        message_id="",
    )
    return context.store.create_draft(context.mailbox, mail, attachments)


def _body(context: Context) -> dict[str, Any]:
    """Nothing at all is as good as an empty object."""
    return context.body() if context.request.get_data(cache=True) else {}


def _commented(mail: Mail, comment: Any) -> Mail:
    if not comment:
        return mail
    if not isinstance(comment, str):
        raise bad_request("comment must be a text.", "RequestBodyRead")
    lines = "<br>\r\n".join(html.escape(comment, quote=False).splitlines())
    above = f'<div class="PlainText">{lines}</div>'
    return replace(mail, html=_BODY.sub(lambda body: body[0] + above, mail.html or "", count=1))
