"""An e-mail as a mailbox shows it: its envelope when observed, its content only while it is being saved."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from crosstie.domain.address import BCC, CC, FROM, TO, Address


class Folder(StrEnum):
    """Where an item lies, by role; names are the mailbox's business."""

    INBOX = "inbox"
    SENT = "sent"
    DROP = "drop"
    """*Salesforce Emails*: an item moved here asks to be saved, and is moved back."""
    WATCHED = "watched"
    """A further folder that the settings name: mails in it count like those in the Inbox."""
    OTHER = "other"


class Direction(StrEnum):
    INBOUND = "inbound"
    OUTBOUND = "outbound"


class MailKind(StrEnum):
    MAIL = "mail"
    MEETING_NOTICE = "meeting-notice"
    READ_RECEIPT = "read-receipt"
    DELIVERY_REPORT = "delivery-report"
    ENCRYPTED = "encrypted"


@dataclass(frozen=True, slots=True)
class Email:
    """The envelope. Times are aware and UTC; `message_id` keeps its angle brackets; `size` is in bytes."""

    item_id: str
    version: str
    folder: Folder
    subject: str
    sender: Address | None
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    bcc: tuple[Address, ...] = ()
    message_id: str | None = None
    conversation_id: str = ""
    sent_at: datetime | None = None
    received_at: datetime | None = None
    kind: MailKind = MailKind.MAIL
    is_draft: bool = False
    is_private: bool = False
    is_read: bool = True
    categories: frozenset[str] = frozenset()
    has_attachments: bool = False
    size: int | None = None
    web_link: str = ""
    """Where the person's own mail program shows it in a browser; https, or empty."""
    spam_level: int | None = None
    """Exchange's spam confidence level, -1 to 9; None where it is not known before the text is fetched."""
    fingerprint: str = ""
    """Digest of the text, filled in by the engine only where no Message-ID identifies the mail."""

    @property
    def recipients(self) -> tuple[Address, ...]:
        return self.to + self.cc + self.bcc

    @property
    def participants(self) -> tuple[Address, ...]:
        """Everyone on the mail, each address once, the sender first."""
        everyone = ((self.sender,) if self.sender else ()) + self.recipients
        return tuple({address.email: address for address in everyone if address.email}.values())

    @property
    def parts(self) -> tuple[tuple[str, Address], ...]:
        """Everyone on the mail, once for each part they have."""
        told = ((FROM, (self.sender,) if self.sender else ()), (TO, self.to), (CC, self.cc), (BCC, self.bcc))
        return tuple((part, address) for part, addresses in told for address in addresses)

    @property
    def addresses(self) -> frozenset[str]:
        return frozenset(address.email for address in self.participants)

    @property
    def at(self) -> datetime | None:
        """The moment the mail counts as having happened."""
        return self.sent_at or self.received_at

    def with_fingerprint(self, fingerprint: str) -> "Email":
        return replace(self, fingerprint=fingerprint)


class AttachmentKind(StrEnum):
    FILE = "file"
    ITEM = "item"
    """Another mail or item of the mailbox, attached; its bytes are the file that the vendor makes of it."""
    LINK = "link"
    """A pointer to a cloud file; there are no bytes to save."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """`data` is None where the bytes were not fetched; `reason` of the file rules says why."""

    attachment_id: str
    name: str
    content_type: str
    size: int
    kind: AttachmentKind = AttachmentKind.FILE
    is_inline: bool = False
    data: bytes | None = None

    @property
    def is_signed(self) -> bool:
        """A signed mail as a whole, whose files are within."""
        kind = self.content_type.partition(";")[0].strip().casefold()
        return self.kind is AttachmentKind.FILE and kind == "multipart/signed"


@dataclass(frozen=True, slots=True)
class Content:
    """What is fetched only for a mail that is being saved, and forgotten right after."""

    html: str = ""
    text: str = ""
    headers: str = ""
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class Fetched:
    """Contents by item id, as far as they were handed out."""

    found: Mapping[str, Content]
    until: datetime | None = None
    """The mailbox asked us to wait until then before it was asked for all of them."""
