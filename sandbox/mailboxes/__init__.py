"""The one store of mailboxes behind every mail face: what a vendor keeps, in no vendor's shape."""

from sandbox.mailboxes.model import Attachment, Category, Folder, Mail, Mailbox, Message, Person
from sandbox.mailboxes.store import MailboxStore

__all__ = [
    "Attachment",
    "Category",
    "Folder",
    "Mail",
    "Mailbox",
    "MailboxStore",
    "Message",
    "Person",
]
