"""The store: everything that happens to mailboxes happens here, whoever does it, and leaves its change log."""

import hashlib
import random
import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from sandbox.clock import Clock
from sandbox.mailboxes.calendar import Appointment, Book, Meetings, importing
from sandbox.mailboxes.mime import read_mail
from sandbox.mailboxes.model import (
    Attachment,
    Category,
    Folder,
    Home,
    LogEntry,
    Mail,
    Mailbox,
    Message,
)
from sandbox.mailboxes.post import Post
from sandbox.outbox import Outbox
from sandbox.switches import Switches

FIRST_FOLDERS = (
    ("msgfolderroot", "Top of Information Store", False),
    ("inbox", "Inbox", False),
    ("drafts", "Drafts", False),
    ("sentitems", "Sent Items", False),
    ("deleteditems", "Deleted Items", False),
    ("archive", "Archive", False),
    ("junkemail", "Junk Email", False),
    ("outbox", "Outbox", False),
    ("conversationhistory", "Conversation History", False),
    ("recoverableitemsdeletions", "Deletions", True),
)
FIRST_CATEGORIES = (("Red category", "preset0"), ("Blue category", "preset7"), ("Green category", "preset4"))


class NameTaken(Exception):
    """A folder or category of that name is there already."""


class MailboxStore:
    """Callers hold the world's lock. Dice and clock are the world's, so a seed tells the whole story."""

    def __init__(self, clock: Clock, dice: random.Random, outbox: Outbox, switches: Switches) -> None:
        self.clock = clock
        self.dice = dice
        self.switches = switches
        self.mailboxes: list[Mailbox] = []
        self.post = Post(self, outbox)
        self.deliver = self.post.deliver
        self.send = self.post.send
        self.send_raw = self.post.send_raw
        self.send_from_outside = self.post.send_from_outside
        self.calendar = Book(self)
        self.meetings = Meetings(self, self.calendar)
        self._by_address: dict[str, Mailbox] = {}
        self._by_guid: dict[str, Mailbox] = {}

    # Mailboxes

    def add_mailbox(
        self,
        address: str,
        name: str,
        aliases: Iterable[str] = (),
        *,
        licensed: bool = True,
        time_zone: str = "UTC",
        home: Home = "microsoft365",
    ) -> Mailbox:
        wanted = [address.lower(), *(alias.lower() for alias in aliases)]
        for one in wanted:
            if one in self._by_address:
                raise NameTaken(f"{one} belongs to {self._by_address[one].name} already")
        mailbox = Mailbox(
            number=len(self.mailboxes) + 1,
            guid=self.new_guid(),
            address=wanted[0],
            name=name,
            aliases=tuple(wanted[1:]),
            licensed=licensed,
            time_zone=time_zone,
            home=home,
        )
        self.mailboxes.append(mailbox)
        self._by_address |= dict.fromkeys(wanted, mailbox)
        self._by_guid[str(mailbox.guid)] = mailbox
        for well_known, shown, hidden in FIRST_FOLDERS:
            self._new_folder(mailbox, shown, parent=1, well_known=well_known, hidden=hidden)
        self.calendar.open_calendar(mailbox, "Calendar")
        mailbox.categories = [Category(self.new_guid(), *category) for category in FIRST_CATEGORIES]
        return mailbox

    def mailbox(self, address: str) -> Mailbox | None:
        """By its address or one of its aliases."""
        return self._by_address.get(address.strip().lower())

    def mailbox_by_guid(self, guid: str) -> Mailbox | None:
        return self._by_guid.get(guid.lower())

    def expire_cursors(self, mailbox: Mailbox) -> None:
        """Every cursor handed out so far is dead from now on."""
        mailbox.cursor_generation += 1

    def new_guid(self) -> uuid.UUID:
        return uuid.UUID(int=self.dice.getrandbits(128), version=4)

    def new_message_id(self, mailbox: Mailbox) -> str:
        return f"<{self.dice.getrandbits(96):024X}@{mailbox.address.partition('@')[2]}>"

    def now(self) -> datetime:
        """Exchange shows whole seconds."""
        return self.clock.now().replace(microsecond=0)

    # Folders

    def create_folder(
        self, mailbox: Mailbox, name: str, parent: Folder | None = None, *, hidden: bool = False
    ) -> Folder:
        parent = parent or mailbox.well_known("msgfolderroot")
        self._refuse_taken_name(mailbox, parent, name)
        return self._new_folder(mailbox, name, parent=parent.number, hidden=hidden)

    def rename_folder(self, mailbox: Mailbox, folder: Folder, name: str) -> None:
        self._refuse_taken_name(mailbox, mailbox.folders[folder.parent], name, but=folder)
        folder.name = name
        self.touch_folder(mailbox, folder)

    def touch_folder(self, mailbox: Mailbox, folder: Folder) -> None:
        self._log_folder(mailbox, folder, "change")

    def move_folder(self, mailbox: Mailbox, folder: Folder, parent: Folder) -> None:
        self._refuse_taken_name(mailbox, parent, folder.name, but=folder)
        folder.parent = parent.number
        self._log_folder(mailbox, folder, "change")

    def copy_folder(self, mailbox: Mailbox, folder: Folder, parent: Folder) -> Folder:
        """With all that is in it, which gets new numbers."""
        self._refuse_taken_name(mailbox, parent, folder.name)
        inside, children = list(mailbox.messages_in(folder)), mailbox.children(folder)
        twin = self._new_folder(mailbox, folder.name, parent=parent.number, hidden=folder.hidden)
        twin.properties = dict(folder.properties)
        for message in inside:
            self.copy(mailbox, message, twin)
        for child in children:
            self.copy_folder(mailbox, child, twin)
        return twin

    def bin_folder(self, mailbox: Mailbox, folder: Folder) -> None:
        """Into Deleted Items, under another name where its own is taken; what lies there already ends."""
        bin_ = mailbox.well_known("deleteditems")
        above: Folder | None = mailbox.folders.get(folder.parent)
        while above is not None:
            if above is bin_:
                self.delete_folder(mailbox, folder)
                return
            above = mailbox.folders.get(above.parent)
        taken = {child.name.casefold() for child in mailbox.children(bin_)}
        names = (folder.name, *(f"{folder.name}{number}" for number in range(1, len(taken) + 2)))
        folder.name = next(name for name in names if name.casefold() not in taken)
        self.move_folder(mailbox, folder, bin_)

    def delete_folder(self, mailbox: Mailbox, folder: Folder) -> None:
        """With all that is in it."""
        for child in mailbox.children(folder):
            self.delete_folder(mailbox, child)
        for message in list(mailbox.messages_in(folder)):
            self.purge(mailbox, message)
        self._log_folder(mailbox, folder, "out")
        del mailbox.folders[folder.number]
        del mailbox.contents[folder.number]

    def _new_folder(
        self, mailbox: Mailbox, name: str, *, parent: int, well_known: str = "", hidden: bool = False
    ) -> Folder:
        folder = Folder(self.take_number(mailbox), name, parent, well_known, hidden)
        if well_known == "msgfolderroot":
            folder.parent = 0
        mailbox.folders[folder.number] = folder
        mailbox.contents[folder.number] = set()
        self._log_folder(mailbox, folder, "in")
        return folder

    def _refuse_taken_name(self, mailbox: Mailbox, parent: Folder, name: str, but: Folder | None = None) -> None:
        for child in mailbox.children(parent):
            if child is not but and child.name.casefold() == name.casefold():
                raise NameTaken(f"a folder named {name} is there already")

    def _log_folder(self, mailbox: Mailbox, folder: Folder, kind: "str") -> None:
        mailbox.version += 1
        entry = LogEntry(mailbox.version, folder.number, 0, kind, self.clock.now())  # type: ignore[arg-type]
        mailbox.folder_log.append(entry)

    # Messages

    def put(
        self,
        mailbox: Mailbox,
        raw: bytes,
        folder: Folder | None = None,
        *,
        received: datetime | None = None,
        is_read: bool = False,
    ) -> Message:
        """A mail appears in a folder as if it had been delivered or brought there."""
        mail, attachments = read_mail(raw)
        arrived = (received or self.clock.now()).replace(microsecond=0)
        message = self._new_message(mailbox, folder or mailbox.well_known("inbox"), mail, attachments, arrived)
        message.raw = raw
        message.is_read = is_read
        return message

    def create_draft(
        self, mailbox: Mailbox, mail: Mail, attachments: Sequence[Attachment] = (), folder: Folder | None = None
    ) -> Message:
        mail = replace(mail, message_id=mail.message_id or self.new_message_id(mailbox))
        folder = folder or mailbox.well_known("drafts")
        message = self._new_message(mailbox, folder, mail, list(attachments), self.now())
        message.is_draft = True
        message.is_read = True
        return message

    def _new_message(
        self, mailbox: Mailbox, folder: Folder, mail: Mail, attachments: list[Attachment], arrived: datetime
    ) -> Message:
        now = self.now()
        message = Message(
            number=self.take_number(mailbox),
            folder=folder.number,
            mail=mail,
            raw=None,
            created=now,
            modified=now,
            received=arrived,
            sent=mail.sent or arrived,
            conversation=self._conversation(mailbox, mail),
            importance=mail.importance,
            attachments=attachments,
        )
        mailbox.messages[message.number] = message
        self._enter(mailbox, message, folder)
        return message

    def touch(self, mailbox: Mailbox, message: Message, *, silently: bool = False) -> None:
        """The message changed; `silently` when the server rewrote it at rest and nobody meant to."""
        mailbox.version += 1
        message.version = mailbox.version
        if not silently:
            message.modified = self.now()
        entry = LogEntry(message.version, message.number, message.moves, "change", self.clock.now())
        mailbox.folders[message.folder].log.append(entry)

    def move(self, mailbox: Mailbox, message: Message, target: Folder) -> None:
        self._leave(mailbox, message)
        message.moves += 1
        message.modified = self.now()
        self._enter(mailbox, message, target)

    def copy(self, mailbox: Mailbox, message: Message, target: Folder) -> Message:
        twin = self._new_message(mailbox, target, message.mail, list(message.attachments), message.received)
        twin.raw, twin.sent, twin.is_read, twin.is_draft = (
            message.raw, message.sent, message.is_read, message.is_draft,
        )  # fmt: skip
        twin.flag, twin.importance = message.flag, message.importance
        twin.flag_dates, twin.extensions = dict(message.flag_dates), dict(message.extensions)
        twin.categories, twin.properties = list(message.categories), dict(message.properties)
        return twin

    def set_categories(self, mailbox: Mailbox, message: Message, categories: Iterable[str]) -> None:
        message.categories = list(dict.fromkeys(categories))
        self.touch(mailbox, message)

    def mark_read(self, mailbox: Mailbox, message: Message, is_read: bool = True) -> None:
        message.is_read = is_read
        self.touch(mailbox, message)

    def delete(self, mailbox: Mailbox, message: Message, *, for_good: bool = False) -> None:
        """As a person does: into Deleted Items first, from there (or `for_good`) out of sight."""
        bin_ = mailbox.well_known("deleteditems")
        if for_good:
            self.purge(mailbox, message)
        elif message.folder == bin_.number:
            self.move(mailbox, message, mailbox.well_known("recoverableitemsdeletions"))
        else:
            self.move(mailbox, message, bin_)

    def purge(self, mailbox: Mailbox, message: Message) -> None:
        self._leave(mailbox, message)
        del mailbox.messages[message.number]

    def find(
        self, mailbox: Mailbox, *, subject: str = "", message_id: str = "", folder: str = ""
    ) -> Iterator[Message]:
        """Messages that have all that is asked for, oldest first; the folder by well-known or display name."""
        wanted = mailbox.folder(folder) if folder else None
        if folder and wanted is None:
            raise KeyError(f"{mailbox.address} has no folder {folder}")
        for message in mailbox.messages.values():
            if wanted is not None and message.folder != wanted.number:
                continue
            if subject and message.mail.subject != subject:
                continue
            if not message_id or message.mail.message_id == message_id:
                yield message

    def _enter(self, mailbox: Mailbox, message: Message, folder: Folder) -> None:
        mailbox.version += 1
        message.folder = folder.number
        message.version = message.entered = mailbox.version
        mailbox.contents[folder.number].add(message.number)
        folder.log.append(LogEntry(mailbox.version, message.number, message.moves, "in", self.clock.now()))

    def _leave(self, mailbox: Mailbox, message: Message) -> None:
        mailbox.version += 1
        folder = mailbox.folders[message.folder]
        mailbox.contents[folder.number].discard(message.number)
        folder.log.append(LogEntry(mailbox.version, message.number, message.moves, "out", self.clock.now()))

    def take_number(self, mailbox: Mailbox) -> int:
        mailbox.next_number += 1
        return mailbox.next_number - 1

    def _conversation(self, mailbox: Mailbox, mail: Mail) -> bytes:
        """A reply joins the thread of what it answers; 16 bytes as Exchange's conversation ids have."""
        known = (
            mailbox.conversations[one]
            for one in (mail.in_reply_to, *reversed(mail.references))
            if one in mailbox.conversations
        )
        start = f"{mailbox.guid}{mail.message_id or mailbox.next_number}".encode()
        conversation = next(known, None) or hashlib.blake2b(start, digest_size=16).digest()
        if mail.message_id:
            mailbox.conversations.setdefault(mail.message_id, conversation)
        return conversation

    # Calendar

    def check_calendar(self, mailbox: Mailbox, raw: bytes) -> int:
        """How many events it has. Raises NotACalendar and NotRepresentable."""
        return len(importing.check(self.calendar, mailbox, raw))

    def put_calendar(self, mailbox: Mailbox, raw: bytes) -> list[Appointment]:
        """The events of an iCalendar file, silently; those of a known UID replace the old.

        Raises NotACalendar and NotRepresentable before anything is changed.
        """
        return importing.bring(self.calendar, mailbox, raw)
