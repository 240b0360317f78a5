"""The send form: a mail from anyone to anyone, or an answer to a message that is here."""

from collections.abc import Iterator

from markupsafe import Markup

from sandbox.console.html import Child, address, button, choice, form, labelled, tag, text_field
from sandbox.console.letter import Letter, answered, read_letter, send
from sandbox.console.page import Refused, act, go, page
from sandbox.console.people import known_people
from sandbox.http import Call, Response
from sandbox.mailboxes import Mailbox, Message
from sandbox.mailboxes.text import html_to_text
from sandbox.world import World

ANSWERABLE = 50
"""Latest messages offered to answer."""


def send_form(world: World, letter: Letter | None = None) -> Markup:
    letter = letter or Letter()
    return form(
        "send",
        address("send"),
        _known(world),
        text_field("From", "from", letter.author, list="known", required=True, autocomplete="off"),
        text_field("To", "to", letter.to, list="known", autocomplete="off"),
        text_field("Cc", "cc", letter.cc, list="known", autocomplete="off"),
        text_field("Subject", "subject", letter.subject, autocomplete="off"),
        # A browser drops a line break right after the opening tag.
        labelled("Body", tag("textarea", "\n" + letter.body, name="body", rows=7)),
        tag(
            "label",
            tag("input", type="checkbox", name="html", value="1", checked=letter.is_html),
            tag("span", " The body is HTML"),
            class_="tick",
        ),
        labelled("Attachments", tag("input", type="file", name="attachment", multiple=True)),
        choice("Reply to", "reply", _messages(world, letter.reply), letter.reply),
        button("Send"),
        enctype="multipart/form-data",
    )


def _known(world: World) -> Markup:
    options = (tag("option", value=one.address, label=one.name) for one in known_people(world))
    return tag("datalist", *options, id="known")


def _messages(world: World, chosen: str) -> Iterator[tuple[str, str]]:
    """The latest messages, each once though several mailboxes hold it; the chosen one in any case."""
    yield "", "a new conversation"
    before = answered(world, chosen)
    pairs = [(mailbox, one) for mailbox in world.mailboxes.mailboxes for one in mailbox.messages.values()]
    pairs.sort(key=lambda pair: pair[1].received, reverse=True)
    seen: set[str] = set()
    for mailbox, message in ([before] if before else []) + pairs:
        if message.mail.message_id and message.mail.message_id not in seen and len(seen) < ANSWERABLE:
            seen.add(message.mail.message_id)
            subject = message.mail.subject[:60] or "(no subject)"
            yield key(mailbox, message), f"{subject}, from {_author(message)}"


def key(mailbox: Mailbox, message: Message) -> str:
    return f"{mailbox.address}/{message.number}"


def _author(message: Message) -> str:
    return message.mail.author.address if message.mail.author else "nobody"


def show(call: Call) -> Response:
    """`reply` names a message and `as` who answers it; `from` and `to` fill the form alike."""
    asked = call.request.args
    letter = Letter(asked.get("from", ""), asked.get("to", ""), reply=asked.get("reply", ""))
    before = answered(call.world, letter.reply)
    if before:
        letter = _answer(before[1], letter.reply, asked.get("as", before[0].address))
    return page(call, "Send a mail as anyone", _hint(), send_form(call.world, letter))


def _hint() -> Child:
    return tag(
        "p",
        "A colleague's mail goes through the mailbox and leaves a copy in Sent Items. Anybody else's arrives from "
        "outside. Several addresses are parted by commas.",
    )


def _answer(message: Message, reply: str, who: str) -> Letter:
    mail = message.mail
    own = who.lower() == _author(message).lower()
    to = [one.address for one in mail.to] if own else [_author(message)]
    subject = mail.subject if mail.subject.lower().startswith("re:") else f"Re: {mail.subject}"
    text = mail.text if mail.text is not None else html_to_text(mail.html or "")
    quoted = "\n".join(f"> {line}" for line in text.splitlines()[:40])
    return Letter(
        who, ", ".join(to), subject=subject, body=f"\n\n{_author(message)} wrote:\n{quoted}", reply=reply
    )


@act
def post(call: Call) -> Response:
    """A refused letter comes back as it was written, but for its attachments, which no page may fill in."""
    letter = read_letter(call.request)
    try:
        send(call.world, letter)
    except Refused as refusal:
        lost = " Choose the attachments again." if letter.attachments else ""
        form_again = send_form(call.world, letter)
        return page(call, "Send a mail as anyone", form_again, status=400, alert=f"{refusal}{lost}")
    return go(done="sent")
