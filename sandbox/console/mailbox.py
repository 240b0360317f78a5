"""A mailbox and its messages, and what its person does with them."""

from collections.abc import Iterator

from markupsafe import Markup

from sandbox.console.html import (
    Child,
    address,
    button,
    choice,
    facts,
    form,
    link,
    moment,
    table,
    tag,
    text_field,
)
from sandbox.console.page import Refused, act, download, go, missing, page
from sandbox.console.sending import key
from sandbox.http import Call, Response
from sandbox.mailboxes import Folder, Mailbox, Message, Person
from sandbox.mailboxes.compose import compose
from sandbox.mailboxes.text import html_to_text

SHOWN = 200
"""Messages of a folder shown at most, the latest first."""


def place(mailbox: Mailbox, message: Message | None = None) -> tuple[str | int, ...]:
    """The parts of the address of a mailbox or of a message in it."""
    here = ("mailboxes", mailbox.address)
    return (*here, "messages", message.number) if message else here


def message_link(mailbox: Mailbox, message: Message) -> Markup:
    return link(message.mail.subject or "(no subject)", address(*place(mailbox, message)))


def tags(message: Message) -> list[Child]:
    return [[tag("span", one, class_="tag"), " "] for one in message.categories]


def shown(person: Person | None) -> str:
    return f"{person.name} <{person.address}>" if person and person.name else person.address if person else ""


def latest(mailbox: Mailbox, folder: Folder | None = None) -> list[Message]:
    chosen = mailbox.messages_in(folder) if folder else mailbox.messages.values()
    return sorted(chosen, key=lambda one: (one.received, one.number), reverse=True)


def show(call: Call, owner: str) -> Response:
    mailbox = call.world.mailboxes.mailbox(owner)
    if mailbox is None:
        return missing(call, "There is no such mailbox")
    folder = mailbox.folder(call.request.args.get("folder", "inbox"))
    if folder is None:
        return missing(call, f"{mailbox.address} has no such folder")
    rows = (
        (
            message_link(mailbox, one),
            shown(one.mail.author),
            ", ".join(person.address for person in one.mail.to),
            moment(one.received),
            tags(one),
            len(one.attachments) or "",
        )
        for one in latest(mailbox, folder)[:SHOWN]
    )
    heads = ("Subject", "From", "To", "Received", "Categories", "Files")
    calendar = link(f"the calendar of {mailbox.name}", address(*place(mailbox), "calendar"))
    write = link(f"Send a mail as {mailbox.name}", address("send", **{"from": mailbox.address}))
    return page(
        call,
        f"{mailbox.name}, {mailbox.address}",
        tag("p", write, ", ", calendar, "" if mailbox.licensed else ". The mailbox has no licence."),
        tag("nav", tag("ul", (tag("li", one) for one in _folders(mailbox, folder))), aria_label="Folders"),
        table(folder.name, heads, rows, empty="no message."),
    )


def _folders(mailbox: Mailbox, chosen: Folder) -> Iterator[Markup]:
    for folder in mailbox.folders.values():
        if folder.well_known != "msgfolderroot":
            target = address(*place(mailbox), folder=folder.well_known or folder.name)
            text = f"{folder.name} ({len(mailbox.contents[folder.number])})"
            yield link(text, target, aria_current="true" if folder is chosen else None)


def _find(call: Call, owner: str, number: int) -> tuple[Mailbox, Message]:
    mailbox = call.world.mailboxes.mailbox(owner)
    message = mailbox.messages.get(number) if mailbox else None
    if mailbox is None or message is None:
        raise Refused("That message is gone.")
    return mailbox, message


def open_message(call: Call, owner: str, number: int) -> Response:
    try:
        mailbox, message = _find(call, owner, number)
    except Refused as gone:
        return missing(call, str(gone).rstrip("."))
    mail = message.mail
    here = mailbox.folders[message.folder]
    text = mail.text if mail.text is not None else html_to_text(mail.html or "")
    return page(
        call,
        mail.subject or "(no subject)",
        facts(_facts(mailbox, message, here)),
        tag("p", [[link(f"Reply as {who}", target), " "] for who, target in _answers(mailbox, message)]),
        tag("h2", f"What {mailbox.name} does with it"),
        tag("div", _category_form(mailbox, message), _move_form(mailbox, message, here), class_="acts"),
        tag("h2", "Text"),
        tag("pre", "\n" + text),
        _attachments(mailbox, message),
        tag("h2", "Headers"),
        tag("pre", "\n" + "\n".join(f"{name}: {value}" for name, value in mail.headers)),
        tag("p", link("Download the message as it is", address(*place(mailbox, message), "raw"))),
    )


def _facts(mailbox: Mailbox, message: Message, folder: Folder) -> Iterator[tuple[str, Child]]:
    mail = message.mail
    yield "Mailbox", link(mailbox.address, address(*place(mailbox), folder=folder.well_known or folder.name))
    yield "Folder", folder.name
    yield "From", shown(mail.author)
    yield "To", ", ".join(shown(one) for one in mail.to)
    if mail.cc:
        yield "Cc", ", ".join(shown(one) for one in mail.cc)
    if mail.bcc:
        yield "Bcc", ", ".join(shown(one) for one in mail.bcc)
    yield "Received", moment(message.received)
    yield "Categories", tags(message) or "none"
    yield "Message-ID", mail.message_id or "none"
    yield "State", ", ".join(_states(message))


def _states(message: Message) -> Iterator[str]:
    yield "draft" if message.is_draft else "read" if message.is_read else "unread"
    yield message.mail.item_class
    yield f"{message.content_size} bytes"


def _answers(mailbox: Mailbox, message: Message) -> Iterator[tuple[str, str]]:
    """The mailbox's person answers, and so may everybody else on the message who lives outside."""
    mail = message.mail
    people = [mail.author.address] if mail.author else []
    people += [one.address for one in (*mail.to, *mail.cc)]
    home = f"@{mailbox.address.rpartition('@')[2]}"
    outside = [one for one in people if not one.lower().endswith(home)]
    for who in list(dict.fromkeys([mailbox.address, *outside]))[:10]:
        yield who, address("send", reply=key(mailbox, message), **{"as": who})


def _category_form(mailbox: Mailbox, message: Message) -> Markup:
    known = dict.fromkeys(["Salesforce", *(one.name for one in mailbox.categories), *message.categories])
    return form(
        "categories",
        address(*place(mailbox, message), "category"),
        tag("datalist", (tag("option", value=name) for name in known), id="known-categories"),
        text_field("Category", "category", "Salesforce", list="known-categories", autocomplete="off"),
        button("Set category", name="act", value="set"),
        button("Remove category", name="act", value="remove"),
    )


def _move_form(mailbox: Mailbox, message: Message, here: Folder) -> list[Child]:
    folders = [
        (str(one.number), one.name) for one in mailbox.folders.values() if one.well_known != "msgfolderroot"
    ]
    return [
        form(
            "move",
            address(*place(mailbox, message), "move"),
            choice("Folder", "folder", folders, str(here.number)),
            text_field("or a folder by name, made when missing", "new_folder", autocomplete="off"),
            button("Move"),
        ),
        form(
            "delete",
            address(*place(mailbox, message), "delete"),
            tag("p", "Into Deleted Items first; from there out of sight."),
            button("Delete"),
        ),
    ]


def _attachments(mailbox: Mailbox, message: Message) -> Markup:
    rows = (
        (
            link(one.name, address(*place(mailbox, message), "attachments", one.number)),
            one.content_type,
            f"{len(one.content)} bytes",
            "inline" if one.inline else one.kind,
        )
        for one in message.attachments
    )
    return table("Attachments", ("Name", "Type", "Size", "Kind"), rows)


def raw(call: Call, owner: str, number: int) -> Response:
    try:
        _, message = _find(call, owner, number)
    except Refused:
        return missing(call)
    content = message.raw if message.raw is not None else compose(message.mail, message.attachments)
    return download(content, f"{message.mail.subject[:60] or 'message'}.eml", "message/rfc822")


def attachment(call: Call, owner: str, number: int, file: int) -> Response:
    try:
        _, message = _find(call, owner, number)
    except Refused:
        return missing(call)
    found = next((one for one in message.attachments if one.number == file), None)
    return download(found.content, found.name) if found else missing(call)


@act
def change_category(call: Call, owner: str, number: int) -> Response:
    mailbox, message = _find(call, owner, number)
    name = call.request.form.get("category", "").strip()
    if not name or len(name) > 255:
        raise Refused("Category: give a name of up to 255 characters, such as Salesforce.")
    others = [one for one in message.categories if one.casefold() != name.casefold()]
    wanted = others if call.request.form.get("act") == "remove" else [*others, name]
    call.world.mailboxes.set_categories(mailbox, message, wanted)
    return go(*place(mailbox, message), done="category")


@act
def move(call: Call, owner: str, number: int) -> Response:
    mailbox, message = _find(call, owner, number)
    given = call.request.form
    name = given.get("new_folder", "").strip()
    chosen = given.get("folder", "")
    if len(name) > 255:
        raise Refused("Folder: a name has up to 255 characters.")
    target = mailbox.folders.get(int(chosen)) if chosen.isdecimal() else None
    if name:
        target = mailbox.folder(name) or call.world.mailboxes.create_folder(mailbox, name)
    if target is None or target.well_known == "msgfolderroot":
        raise Refused("Folder: choose one of the list, or name one.")
    if target.number == message.folder:
        raise Refused(f"The message is in {target.name} already.")
    call.world.mailboxes.move(mailbox, message, target)
    return go(*place(mailbox, message), done="moved")


@act
def delete(call: Call, owner: str, number: int) -> Response:
    mailbox, message = _find(call, owner, number)
    folder = mailbox.folders[message.folder]
    call.world.mailboxes.delete(mailbox, message, for_good=folder.hidden)
    return go(*place(mailbox), done="deleted", folder=folder.well_known or folder.name)
