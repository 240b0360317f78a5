"""A letter as it is written in the send form, and how it goes out: from a mailbox here, or from outside."""

import re
from dataclasses import dataclass
from email.utils import getaddresses

from sandbox.console.page import Refused
from sandbox.console.people import named
from sandbox.http import Request
from sandbox.mailboxes import Attachment, Mail, Mailbox, Message, Person
from sandbox.mailboxes.text import html_to_text
from sandbox.world import World

MOST_RECIPIENTS = 1000
"""As Exchange Online takes them in one message."""
MOST_BYTES = 150 * 1024 * 1024
"""Exchange Online's largest message."""
_ADDRESS = re.compile(r"[!-~]+@[!-~]+")
_TYPE = re.compile(r"[\w.+-]+/[\w.+-]+")


@dataclass(frozen=True, slots=True)
class Letter:
    author: str = ""
    to: str = ""
    cc: str = ""
    subject: str = ""
    body: str = ""
    is_html: bool = False
    reply: str = ""
    """What it answers, as `mailbox address/message number`."""
    attachments: tuple[Attachment, ...] = ()


def read_letter(request: Request) -> Letter:
    given = request.form
    return Letter(
        given.get("from", ""),
        given.get("to", ""),
        given.get("cc", ""),
        given.get("subject", ""),
        given.get("body", ""),
        bool(given.get("html")),
        given.get("reply", ""),
        _attachments(request),
    )


def _attachments(request: Request) -> tuple[Attachment, ...]:
    """A file field left empty arrives as a part without a name."""
    files = [file for file in request.files.getlist("attachment") if file.filename]
    return tuple(
        Attachment(
            number,
            _file_name(file.filename or ""),
            file.mimetype if _TYPE.fullmatch(file.mimetype) else "application/octet-stream",
            file.read(),
        )
        for number, file in enumerate(files, 1)
    )


def _file_name(path: str) -> str:
    name = path.replace("\\", "/").rpartition("/")[2]
    return "".join(letter for letter in name if letter.isprintable()) or "attachment"


def answered(world: World, reply: str) -> tuple[Mailbox, Message] | None:
    """The message behind `mailbox address/message number`."""
    owner, _, number = reply.rpartition("/")
    mailbox = world.mailboxes.mailbox(owner)
    message = mailbox.messages.get(int(number)) if mailbox and number.isdecimal() else None
    return (mailbox, message) if mailbox and message else None


def send(world: World, letter: Letter) -> None:
    """Raises Refused before anything is changed. Whatever the console sends has `console` as its cause."""
    author, mail = _mail(world, letter)
    if sum(len(one.content) for one in letter.attachments) + len(letter.body) > MOST_BYTES:
        raise Refused("The message is larger than the 150 MB Exchange takes; send smaller attachments.")
    mailbox = world.mailboxes.mailbox(author.address)
    if mailbox is None:
        _send_from_outside(world, author, mail, list(letter.attachments))
    elif not mailbox.licensed:
        raise Refused(f"{mailbox.address} has no licence: it can neither send nor receive. Choose another sender.")
    else:
        world.mailboxes.send(mailbox, mail, letter.attachments)


def _mail(world: World, letter: Letter) -> tuple[Person, Mail]:
    authors = people(letter.author)
    if len(authors) != 1:
        raise Refused("From: give one address, such as nora@birchworks.test.")
    to, cc = people(letter.to), people(letter.cc)
    if not to and not cc:
        raise Refused("To: give at least one address.")
    if len(to) + len(cc) > MOST_RECIPIENTS:
        raise Refused(f"To: a message goes to {MOST_RECIPIENTS} addresses at most; this one names more.")
    before = answered(world, letter.reply) if letter.reply else None
    if letter.reply and before is None:
        raise Refused("Reply to: that message is gone; choose another one or none.")
    earlier = before[1].mail if before else Mail()
    last = (earlier.message_id,) if earlier.message_id else ()
    author = named(world, authors[0])
    return author, Mail(
        subject=letter.subject,
        author=author,
        to=tuple(named(world, one) for one in to),
        cc=tuple(named(world, one) for one in cc),
        in_reply_to=earlier.message_id,
        references=(*earlier.references, *last),
        text=html_to_text(letter.body) if letter.is_html else letter.body,
        html=letter.body if letter.is_html else None,
    )


def people(text: str) -> tuple[Person, ...]:
    """Addresses as people write them: parted by commas, semicolons or lines, with names or without."""
    separated = ", ".join(part for part in re.split(r"[;\r\n]+", text) if part.strip(" ,"))
    pairs = [pair for pair in getaddresses([separated]) if any(pair)]
    bad = next((name or spec for name, spec in pairs if not _is_address(spec)), None)
    if bad is not None or (separated and not pairs):
        raise Refused(f"{bad or separated}: is no address; write name@domain, or Name <name@domain>.")
    return tuple({spec.lower(): Person(spec, name) for name, spec in pairs}.values())


def _is_address(text: str) -> bool:
    return bool(_ADDRESS.fullmatch(text)) and text.count("@") == 1 and not set(text) & set('<>,;:"()[]\\')


def _send_from_outside(world: World, author: Person, mail: Mail, attachments: list[Attachment]) -> None:
    store = world.mailboxes
    addresses = tuple(dict.fromkeys(person.address for person in mail.recipients))
    receiving = [one for address in addresses if (one := store.mailbox(address)) and one.licensed]
    if not receiving:
        raise Refused("To: nobody of them has a mailbox here, so this mail would arrive nowhere.")
    store.send_from_outside(author, mail, attachments)
