"""`sandbox load`: bring mail and calendar files into a sandbox, in process or one that runs.

A file that cannot be read is refused with a sentence that names it, and nothing of it is loaded; the others
are. A mail without a Message-ID is given none. Events of .ics files go into the mailbox's calendar, and nobody is
told of them.
"""

import argparse
import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from email import policy
from email.parser import BytesHeaderParser
from pathlib import Path
from typing import Literal, TypeAlias

import httpx2

from sandbox.checked import BadRequest, checked
from sandbox.cli import DEFAULT_URL, Problem
from sandbox.http import Call, Response, Route, json_response
from sandbox.mailboxes import Folder, Mailbox, MailboxStore
from sandbox.mailboxes.calendar import NotRepresentable
from sandbox.mailboxes.ics import NotACalendar, parse_calendars
from sandbox.mailboxes.mime import read_heads, received_moment
from sandbox.world import World

Kind = Literal["mail", "calendar"]
LARGEST = 256 * 1024 * 1024
"""Bytes of one message or calendar file."""
_MAIL_SUFFIXES = {".eml", ".mbox", ".mbx", ".ics"}
_TELLING_HEADERS = (
    "From", "To", "Cc", "Subject", "Date", "Received", "Message-ID", "MIME-Version", "Return-Path",
    "Delivered-To", "Sender", "Resent-From",
)  # fmt: skip
_MAILTO = re.compile(rb"mailto:([^\s;,\"<>]+@[^\s;,\"<>]+)", re.IGNORECASE)


class Refused(Exception):
    """A sentence that names the file and says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Item:
    name: str
    """The file, and for one mail of several `#` and its number."""
    kind: Kind
    raw: bytes


@dataclass(frozen=True, slots=True)
class Where:
    to: str = ""
    """A mailbox: its address, the part before the @, or the person's name. Empty: the mail's own people."""
    folder: str = ""
    """By well-known or display name; empty: Inbox, and Sent Items of the sender."""
    now: bool = False
    """Received now rather than when the mail says so."""


@dataclass(slots=True)
class Report:
    loaded: list[str] = field(default_factory=list)
    """`file: mailbox, folder`."""
    refused: list[str] = field(default_factory=list)


Bring: TypeAlias = Callable[[Item], list[str]]
"""Brings one item in and says where it went. Raises Refused."""


def load(world: World, paths: Iterable[Path], where: Where | None = None) -> Report:
    """Into a world of this process. The caller holds its lock, if others use it."""
    chosen = where or Where()
    return _load(paths, lambda item: bring(world.mailboxes, item, chosen))


def load_over_http(url: str, paths: Iterable[Path], where: Where | None = None) -> Report:
    """Into a sandbox that runs, one message a request. Raises Problem when none answers."""
    chosen = where or Where()
    with httpx2.Client(base_url=url.rstrip("/"), timeout=600) as client:
        return _load(paths, lambda item: _post(client, item, chosen))


def _load(paths: Iterable[Path], bring_in: Bring) -> Report:
    report = Report()
    for path in paths:
        for found in read_items(path):
            if isinstance(found, Refused):
                report.refused.append(str(found))
                continue
            try:
                report.loaded += [f"{found.name}: {place}" for place in bring_in(found)]
            except Refused as refusal:
                report.refused.append(str(refusal))
    return report


# Reading


def read_items(path: Path) -> Iterator[Item | Refused]:
    """Everything in a file or folder, one at a time, so that a large mbox never is in memory as a whole."""
    try:
        if path.is_dir():
            yield from _read_folder(path)
        elif not path.exists():
            yield Refused(f"{path}: there is no such file.")
        else:
            yield from _read_file(path)
    except OSError as error:
        yield Refused(f"{path}: cannot be read: {error.strerror or error}.")


def _read_folder(path: Path) -> Iterator[Item | Refused]:
    """A Maildir, or any folder with files of the known kinds."""
    if (path / "cur").is_dir() or (path / "new").is_dir():
        files = [one for name in ("new", "cur") for one in sorted((path / name).glob("*")) if one.is_file()]
        for one in files:
            yield from _read_mail_file(one)
        return
    known = [one for one in sorted(path.rglob("*")) if one.suffix.lower() in _MAIL_SUFFIXES and one.is_file()]
    if not known:
        yield Refused(f"{path}: there is neither a Maildir nor an .eml, .mbox or .ics file in it.")
    for one in known:
        yield from read_items(one)


def _read_file(path: Path) -> Iterator[Item | Refused]:
    suffix = path.suffix.lower()
    with path.open("rb") as file:
        first = file.read(5)
    if suffix == ".ics" or first == b"BEGIN":
        yield _whole(path, "calendar")
    elif suffix in (".mbox", ".mbx") or (first == b"From " and suffix != ".eml"):
        yield from _read_mbox(path)
    else:
        yield from _read_mail_file(path)


def _read_mail_file(path: Path) -> Iterator[Item | Refused]:
    item = _whole(path, "mail")
    if isinstance(item, Item) and item.raw.startswith((b"From ", b">From ")):
        item = Item(item.name, "mail", item.raw.partition(b"\n")[2])
    yield item


def _whole(path: Path, kind: Kind) -> Item | Refused:
    size = path.stat().st_size
    if size > LARGEST:
        return Refused(f"{path}: {size // 1024**2} MB are too much; the limit is {LARGEST // 1024**2} MB.")
    return Item(str(path), kind, path.read_bytes())


def _read_mbox(path: Path) -> Iterator[Item | Refused]:
    """A line `From ` after an empty line begins a message; `>From ` within one is `From ` (mboxrd)."""
    lines: list[bytes] = []
    size, number, blank, started = 0, 0, True, False
    with path.open("rb") as file:
        for line in file:
            if blank and line.startswith(b"From "):
                if started:
                    number += 1
                    yield _mbox_item(path, number, lines, size)
                lines, size, started = [], 0, True
            elif not started and line.strip():
                yield Refused(f"{path}: an mbox begins with a line that begins with From.")
                return
            elif started:
                size += len(line)
                if size <= LARGEST:
                    lines.append(re.sub(rb"^>(>*From )", rb"\1", line))
            blank = not line.strip()
    if started:
        yield _mbox_item(path, number + 1, lines, size)
    else:
        yield Refused(f"{path}: is empty.")


def _mbox_item(path: Path, number: int, lines: list[bytes], size: int) -> Item | Refused:
    name = f"{path}#{number}"
    if size > LARGEST:
        return Refused(f"{name}: {size // 1024**2} MB are too much; the limit is {LARGEST // 1024**2} MB.")
    return Item(name, "mail", b"".join(lines).rstrip(b"\r\n") + b"\n")


# Bringing in


def bring(store: MailboxStore, item: Item, where: Where) -> list[str]:
    """Check it whole, then put it where it belongs. Raises Refused before anything is changed."""
    return _bring_calendar(store, item, where) if item.kind == "calendar" else _bring_mail(store, item, where)


def _bring_mail(store: MailboxStore, item: Item, where: Where) -> list[str]:
    _check_mail(item)
    mail = read_heads(item.raw)
    received = store.now() if where.now else received_moment(mail)
    places = _places(store, item, where, [one.address for one in mail.recipients], mail.author)
    for mailbox, folder in places:
        is_own = folder.well_known == "sentitems"
        store.put(mailbox, item.raw, folder, received=received, is_read=is_own)
    return [f"{mailbox.address}, {folder.name}" for mailbox, folder in places]


def _check_mail(item: Item) -> None:
    if not item.raw.strip():
        raise Refused(f"{item.name}: is empty.")
    heads = BytesHeaderParser(policy=policy.compat32).parsebytes(item.raw[:1_000_000])
    if not any(name in heads for name in _TELLING_HEADERS):
        raise Refused(f"{item.name}: is no mail; it begins with none of the headers a mail has.")


def _bring_calendar(store: MailboxStore, item: Item, where: Where) -> list[str]:
    try:
        parse_calendars(item.raw.decode("utf-8-sig", "replace"))
    except NotACalendar as broken:
        raise Refused(f"{item.name}: is no calendar that can be read: {broken}.") from broken
    if where.to:
        mailboxes = [_person(store, where.to)]
    else:
        named = (store.mailbox(one.decode("utf-8", "replace")) for one in _MAILTO.findall(item.raw))
        mailboxes = list({mailbox.number: mailbox for mailbox in named if mailbox}.values())
    if not mailboxes:
        raise Refused(f"{item.name}: nobody it names has a mailbox here; say whose calendar with --to.")
    try:
        found = [store.check_calendar(mailbox, item.raw) for mailbox in mailboxes]
    except NotACalendar as broken:
        raise Refused(f"{item.name}: is no calendar that can be read: {broken}.") from broken
    except NotRepresentable as cannot:
        raise Refused(f"{item.name}: {cannot}.") from cannot
    for mailbox in mailboxes:
        store.put_calendar(mailbox, item.raw)
    return [
        f"{mailbox.address}, calendar ({events} event(s))"
        for mailbox, events in zip(mailboxes, found, strict=True)
    ]


def _places(
    store: MailboxStore, item: Item, where: Where, recipients: list[str], author: object
) -> list[tuple[Mailbox, Folder]]:
    if where.to:
        mailbox = _person(store, where.to)
        return [(mailbox, _folder(mailbox, where.folder or "inbox"))]
    receiving = {one.number: one for address in recipients if (one := store.mailbox(address))}
    places = [(one, _folder(one, where.folder or "inbox")) for one in receiving.values()]
    sender = store.mailbox(getattr(author, "address", ""))
    if sender is not None and not (where.folder and sender.number in receiving):
        places.append((sender, _folder(sender, where.folder or "sentitems")))
    if not places:
        raise Refused(f"{item.name}: neither its sender nor a recipient has a mailbox here; say whose with --to.")
    return places


def _person(store: MailboxStore, who: str) -> Mailbox:
    wanted = who.strip().casefold()
    exact = store.mailbox(who)
    fitting = [exact] if exact else [
        one for one in store.mailboxes
        if wanted in (one.address.partition("@")[0], one.name.casefold(), one.name.casefold().partition(" ")[0])
    ]  # fmt: skip
    if len(fitting) == 1:
        return fitting[0]
    known = ", ".join(sorted(one.address for one in (fitting or store.mailboxes))) or "none"
    trouble = "several mailboxes fit" if fitting else "there is no mailbox of"
    raise Refused(f"--to: {trouble} {who}; there are: {known}.")


def _folder(mailbox: Mailbox, name: str) -> Folder:
    folder = mailbox.folder(name)
    if folder is None:
        known = ", ".join(one.name for one in mailbox.folders.values() if not one.hidden)
        raise Refused(f"--folder: {mailbox.address} has no folder {name}; it has: {known}.")
    return folder


# Over the wire


def _post(client: httpx2.Client, item: Item, where: Where) -> list[str]:
    query = {"name": item.name, "kind": item.kind, "to": where.to, "folder": where.folder}
    if where.now:
        query["received"] = "now"
    try:
        answer = client.post("/sandbox/load", params=query, content=item.raw)
    except httpx2.HTTPError as error:
        raise Problem(f"no sandbox answers at {client.base_url}: {error}") from error
    try:
        body = answer.json()
    except ValueError as error:
        raise Problem(f"no sandbox answers at {client.base_url}, but something else") from error
    if answer.status_code == 400:
        raise Refused(body["error"])
    return [str(place) for place in body["loaded"]]


def _handle(call: Call) -> Response:
    query = call.request.args
    kind: Kind = "calendar" if query.get("kind") == "calendar" else "mail"
    item = Item(query.get("name", "the request"), kind, call.request.get_data(cache=True))
    where = Where(query.get("to", ""), query.get("folder", ""), query.get("received") == "now")
    try:
        return json_response({"loaded": bring(call.world.mailboxes, item, where)})
    except Refused as refusal:
        raise BadRequest(str(refusal)) from refusal


ROUTES = (Route("load", "POST", "/sandbox/load", checked(_handle)),)
"""For the sandbox's own face: one message or calendar file a request, its content the body."""


# The verb


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.description = "Bring .eml, mbox, Maildir and .ics into a sandbox that runs."
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="file or folder")
    parser.add_argument("--to", default="", metavar="PERSON", help="whose mailbox; else the mail's own people")
    parser.add_argument("--folder", default="", metavar="F", help="into this folder; else Inbox and Sent Items")
    parser.add_argument("--received", choices=["now"], help="received now, not when the mail says so")
    parser.add_argument("--json", action="store_true", help="the report as JSON")
    parser.add_argument("--url", default=DEFAULT_URL, help=f"of the running sandbox, default {DEFAULT_URL}")


def run(arguments: argparse.Namespace) -> int:
    """0 when all was loaded, 1 when something was refused."""
    where = Where(arguments.to, arguments.folder, arguments.received == "now")
    report = load_over_http(arguments.url, arguments.paths, where)
    if arguments.json:
        print(json.dumps({"loaded": report.loaded, "refused": report.refused}, indent=2, ensure_ascii=False))
        return 1 if report.refused else 0
    for sentence in report.refused:
        print(sentence, file=sys.stderr)
    print(f"{len(report.loaded)} loaded, {len(report.refused)} refused")
    return 1 if report.refused else 0
