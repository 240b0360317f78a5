"""Mail on its way: who sends it, who gets it, and what comes back."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from email.utils import format_datetime
from typing import TYPE_CHECKING

from sandbox.mailboxes.compose import bounce, compose
from sandbox.mailboxes.mime import read_heads, read_mail, with_header, without_header
from sandbox.mailboxes.model import Attachment, Mail, Mailbox, Message, Person
from sandbox.outbox import Outbox, Reason, SentMail

if TYPE_CHECKING:
    from sandbox.mailboxes.store import MailboxStore


class Post:
    """Delivers within the world; everything sent is in the outbox too, outsiders' mail only there."""

    def __init__(self, store: "MailboxStore", outbox: Outbox) -> None:
        self._store = store
        self._outbox = outbox

    def deliver(
        self,
        raw: bytes,
        to: Iterable[str] | None = None,
        *,
        folder: str = "inbox",
        received: datetime | None = None,
    ) -> list[tuple[Mailbox, Message]]:
        """Into the mailboxes of the envelope's recipients, or of the header's when there is no envelope."""
        if to is None:
            to = [person.address for person in read_heads(raw).recipients]
        delivered = []
        for mailbox in self._mailboxes(to):
            target = mailbox.folder(folder)
            if target is None:
                raise KeyError(f"{mailbox.address} has no folder {folder}")
            message = self._store.put(mailbox, raw, target, received=received)
            delivered.append((mailbox, message))
            if target.well_known == "inbox":
                self._store.meetings.receive(mailbox, message)
        return delivered

    def send(
        self,
        mailbox: Mailbox,
        draft: Mail | Message,
        attachments: Sequence[Attachment] = (),
        *,
        face: str = "console",
        cause: str = "console",
        keep_copy: bool = True,
        reason: Reason = "mail",
    ) -> Message | None:
        """Send as the mailbox's person. Returns the copy in Sent Items: a draft becomes it, with its number."""
        mail = self._ready(mailbox, draft.mail if isinstance(draft, Message) else draft)
        raw = compose(mail, draft.attachments if isinstance(draft, Message) else list(attachments))
        copy = None
        if isinstance(draft, Message):
            copy = self._turn_into_copy(mailbox, draft, mail, raw, keep=keep_copy)
        elif keep_copy:
            copy = self._store.put(mailbox, raw, mailbox.well_known("sentitems"), is_read=True)
        self._transport(mailbox, mail, raw, face, cause, reason)
        return copy

    def send_from_outside(
        self, author: Person, mail: Mail, attachments: Sequence[Attachment] = (), *, reason: Reason = "mail"
    ) -> None:
        """A mail of somebody who has no mailbox here, as it arrives from another server."""
        store = self._store
        addresses = tuple(dict.fromkeys(person.address for person in mail.recipients))
        domain, here = (one.rpartition("@")[2] for one in (author.address, addresses[0]))
        message_id = mail.message_id or f"<{store.dice.getrandbits(96):024x}@{domain}>"
        whole = replace(mail, author=author, sent=store.now(), message_id=message_id)
        trace = f"from mail.{domain} by mail.{here} with SMTP; {format_datetime(store.now())}"
        raw = with_header(compose(whole, list(attachments)), "Received", trace)
        sent = SentMail(store.clock.now(), "console", author.address, addresses, mail.subject, "console", reason)
        self._outbox.add(sent)
        self.deliver(raw, addresses)

    def _ready(self, mailbox: Mailbox, mail: Mail) -> Mail:
        owner = Person(mailbox.address, mailbox.name)
        return replace(
            mail,
            author=mail.author or owner,
            sender=owner,
            sent=self._store.now(),
            message_id=mail.message_id or self._store.new_message_id(mailbox),
        )

    def _turn_into_copy(
        self, mailbox: Mailbox, draft: Message, mail: Mail, raw: bytes, *, keep: bool
    ) -> Message | None:
        if not keep:
            self._store.purge(mailbox, draft)
            return None
        draft.raw, draft.is_draft = raw, False
        draft.mail = replace(mail, headers=read_mail(raw)[0].headers)
        draft.sent = draft.received = self._store.now()
        self._store.move(mailbox, draft, mailbox.well_known("sentitems"))
        return draft

    def send_raw(
        self, mailbox: Mailbox, raw: bytes, *, face: str, cause: str, keep_copy: bool = True
    ) -> Message | None:
        """Send MIME as it is; a missing Message-ID or Date is added as a server does."""
        mail = read_heads(raw)
        if not mail.message_id:
            raw = with_header(raw, "Message-ID", self._store.new_message_id(mailbox))
        if mail.sent is None:
            raw = with_header(raw, "Date", format_datetime(self._store.now()))
        copy = None
        if keep_copy:
            copy = self._store.put(mailbox, raw, mailbox.well_known("sentitems"), is_read=True)
        self._transport(mailbox, read_heads(raw), raw, face, cause)
        return copy

    def _transport(
        self, sender: Mailbox, mail: Mail, raw: bytes, face: str, cause: str, reason: Reason = "mail"
    ) -> None:
        store = self._store
        addresses = tuple(dict.fromkeys(person.address for person in mail.recipients))
        sent = SentMail(store.clock.now(), face, sender.address, addresses, mail.subject, cause, reason)
        self._outbox.add(sent)
        domain = sender.address.partition("@")[2]
        trace = f"from mail.{domain} by mail.{domain} with SMTP; {format_datetime(store.now())}"
        self.deliver(with_header(without_header(raw, "Bcc"), "Received", trace), addresses)
        for address in addresses:
            if self._is_unknown_here(address):
                self._bounce(sender, mail, address)

    def _is_unknown_here(self, address: str) -> bool:
        """An address at a domain that lives here, but of nobody."""
        domain = "@" + address.lower().partition("@")[2]
        hosted = any(one.endswith(domain) for mailbox in self._store.mailboxes for one in mailbox.addresses)
        return hosted and self._store.mailbox(address) is None

    def _bounce(self, sender: Mailbox, mail: Mail, address: str) -> None:
        domain = sender.address.partition("@")[2]
        report = bounce(mail, address, self._store.new_message_id(sender), f"MicrosoftExchange329e71ec@{domain}")
        self._store.put(sender, report)

    def _mailboxes(self, addresses: Iterable[str]) -> list[Mailbox]:
        found = (self._store.mailbox(address) for address in addresses)
        return list({mailbox.number: mailbox for mailbox in found if mailbox and mailbox.licensed}.values())
