"""Where a person works: what the mailbox suite needs of a vendor, and the mails it sends there."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime

from crosstie.domain.email import Email, Folder
from crosstie.domain.mailboxes import (
    ERROR_CATEGORY,
    SALESFORCE_CATEGORY,
    Cursor,
    MailboxWrite,
    Observation,
    Removed,
    Seen,
)
from crosstie.ports.mailbox import Mailbox

START = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
PLENTY = 1000
MEGABYTE = 1_000_000


class Office(ABC):
    """Keys are the office's own names of messages; they stay when the message moves."""

    address: str

    @abstractmethod
    def open(self) -> Mailbox:
        """The mailbox as a new session gets it."""

    @abstractmethod
    def pass_time(self, by: timedelta) -> None: ...

    @abstractmethod
    def arrive(self, mail: EmailMessage, folder: Folder = Folder.INBOX) -> str:
        """A mail appears in the folder; its key."""

    @abstractmethod
    def move(self, key: str, folder: Folder) -> None:
        """Folder.OTHER is a folder nobody watches."""

    @abstractmethod
    def throw_away(self, key: str) -> None: ...

    @abstractmethod
    def delete_for_good(self, key: str) -> None: ...

    @abstractmethod
    def categorise(self, key: str, categories: Iterable[str]) -> None: ...

    @abstractmethod
    def categories(self, key: str) -> set[str]: ...

    @abstractmethod
    def folder_of(self, key: str) -> Folder | None:
        """None when the message is gone."""

    @abstractmethod
    def item_id(self, key: str) -> str:
        """The id under which the connector knows the message at the moment."""

    @abstractmethod
    def delete_drop_folder(self) -> None: ...

    @abstractmethod
    def delete_category(self) -> None: ...

    @abstractmethod
    def has_marks(self) -> bool:
        """Drop folder and category both exist."""

    @abstractmethod
    def kill_cursors(self) -> None:
        """Every cursor handed out so far is dead."""

    @abstractmethod
    def calls(self) -> int:
        """Requests the vendor received so far, those for tokens left out."""

    @abstractmethod
    def refuse(self, *, status: int, times: int, retry_after: int | None = None) -> None:
        """The next requests are refused."""

    @abstractmethod
    def lose_next_answer(self) -> None: ...

    @abstractmethod
    def revoke(self) -> None:
        """Access is taken back."""


def mail(subject: str = "Offer", *, to: str = "", html: str = "<p>Hello</p>", **headers: str) -> EmailMessage:
    one = EmailMessage()
    one["Subject"] = subject
    one["From"] = headers.pop("From", "Nora Lindqvist <nora@birchworks.test>")
    one["To"] = to or "Ada Keller <ada@larch.test>"
    one["Date"] = headers.pop("Date", format_datetime(START))
    one["Message-ID"] = headers.pop("Message_ID", f"<{subject.replace(' ', '.')}@birchworks.test>")
    for name, value in headers.items():
        one[name.replace("_", "-")] = value
    one.set_content("Hello")
    if html:
        one.add_alternative(html, subtype="html")
    return one


class View:
    """The connector used as the engine does: cursors kept between sessions."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.cursors: dict[str, Cursor] = {}
        self.last = Observation((), ())

    def look(self, *, limit: int = PLENTY) -> Observation:
        """One slice of a new session."""
        mailbox = self.office.open()
        mailbox.prepare()
        self.last = mailbox.observe(self.cursors, limit=limit)
        self.cursors.update({cursor.collection: cursor for cursor in self.last.cursors})
        return self.last

    def seen(self) -> dict[str, Email]:
        """Subject → e-mail of the last look."""
        return {change.email.subject: change.email for change in self.last.changes if isinstance(change, Seen)}

    def removed(self) -> set[str]:
        return {change.item_id for change in self.last.changes if isinstance(change, Removed)}


def marking(email: Email, move_to: Folder | None = None) -> MailboxWrite:
    return MailboxWrite(
        email.item_id, email.version, email.categories, frozenset({SALESFORCE_CATEGORY}), move_to=move_to
    )


def solved(email: Email) -> MailboxWrite:
    return MailboxWrite(email.item_id, email.version, email.categories, take=frozenset({ERROR_CATEGORY}))


def bare_move(email: Email) -> MailboxWrite:
    return MailboxWrite(email.item_id, email.version, move_to=Folder.INBOX)


def signed_mail(files: Mapping[str, bytes]) -> EmailMessage:
    """Clear-signed, as mail programs send it: the mail within, and its signature beside it."""
    inner = EmailMessage()
    inner.set_content("Hello")
    for name, data in files.items():
        inner.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    one = mail("Signed", html="")
    del one["Content-Type"], one["Content-Transfer-Encoding"]
    one["Content-Type"] = 'multipart/signed; protocol="application/pkcs7-signature"; micalg=sha-256; boundary="s"'
    signature = "Content-Type: application/pkcs7-signature; name=smime.p7s\n\nMIIB"
    one.set_payload(f"--s\n{inner.as_string()}\n--s\n{signature}\n--s--\n")
    return one


def service_mail(content_type: str) -> EmailMessage:
    """A mail of that type with as much inside as a mailbox looks at."""
    parts: Mapping[str, str] = {
        "disposition-notification": "--b\r\nContent-Type: text/plain\r\n\r\nRead\r\n--b\r\n"
        "Content-Type: message/disposition-notification\r\n\r\nDisposition: manual-action; displayed\r\n--b--\r\n",
        "delivery-status": "--b\r\nContent-Type: text/plain\r\n\r\nFailed\r\n--b\r\n"
        "Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.larch.test\r\n\r\n"
        "Final-Recipient: rfc822; x@larch.test\r\nAction: failed\r\nStatus: 5.1.1\r\n--b--\r\n",
        "pkcs7-signature": "--b\r\nContent-Type: text/plain\r\n\r\nSigned\r\n--b\r\n"
        "Content-Type: application/pkcs7-signature; name=smime.p7s\r\n\r\nAAAA\r\n--b--\r\n",
        "calendar": "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:1@larch.test\r\n"
        "DTSTAMP:20261116T090000Z\r\nDTSTART:20261117T090000Z\r\nDTEND:20261117T100000Z\r\n"
        "SUMMARY:Service\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
    }
    body = next((text for word, text in parts.items() if word in content_type), "MIIB\r\n")
    one = EmailMessage()
    one["Subject"], one["From"], one["To"] = "Service", "nora@birchworks.test", "ada@larch.test"
    one["Date"], one["Message-ID"] = format_datetime(START), "<service@birchworks.test>"
    one["MIME-Version"], one["Content-Type"] = "1.0", content_type
    one.set_payload(body)
    return one
