"""What attachments and open extensions belong to: a message, an event, or one date of a series."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sandbox.graph import ids
from sandbox.graph.calendar.items import Item, find_in
from sandbox.graph.calendar.problems import refusing
from sandbox.graph.calendar.switches import DELETED_EVENT_IS_FOUND
from sandbox.graph.context import Context
from sandbox.graph.ids import Carrier
from sandbox.http import Call
from sandbox.mailboxes import Attachment, Mailbox, MailboxStore, Message
from sandbox.mailboxes.calendar.meetings import Act

Extensions = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Owner:
    path: str
    """As @odata.context has it: `messages('id')`."""
    carrier: Carrier
    attachments: Sequence[Attachment]
    extensions: Extensions
    keep_attachments: Callable[[Sequence[Attachment]], None]
    keep_extensions: Callable[[Extensions], None]

    @property
    def next_number(self) -> int:
        return max((one.number for one in self.attachments), default=0) + 1


def owner_of(context: Context, **path: str) -> Owner:
    """Of the address, which names a `message` or an `event`."""
    return owner_in(context.call, context.mailbox, **path)


def owner_in(call: Call, mailbox: Mailbox, *, message: str = "", event: str = "") -> Owner:
    store = call.world.mailboxes
    if event:
        item = find_in(mailbox, event, binned=call.world.switches.on(DELETED_EVENT_IS_FOUND))
        return _event_owner(store, mailbox, item, event, Act("graph", call.route.name))
    return _message_owner(store, mailbox, ids.find_message(mailbox, message), message)


def _message_owner(store: MailboxStore, mailbox: Mailbox, message: Message, id_: str) -> Owner:
    def keep_attachments(attachments: Sequence[Attachment]) -> None:
        """A draft's MIME is put together anew."""
        if message.is_draft and len(attachments) > len(message.attachments):
            message.raw = None
        message.attachments = list(attachments)
        store.touch(mailbox, message)

    def keep_extensions(extensions: Extensions) -> None:
        message.extensions = {name: dict(values) for name, values in extensions.items()}
        store.touch(mailbox, message)

    path = f"messages('{id_}')"
    return Owner(path, message, message.attachments, message.extensions, keep_attachments, keep_extensions)


def _event_owner(store: MailboxStore, mailbox: Mailbox, item: Item, id_: str, act: Act) -> Owner:
    original = item.occurrence.original if item.occurrence else None

    def keep(**changes: Any) -> None:
        with refusing():
            store.meetings.update(mailbox, item.series, changes, original=original, act=act)

    return Owner(
        f"events('{id_}')", item.series, item.details.attachments, item.details.extensions,
        lambda attachments: keep(attachments=tuple(attachments)), lambda extensions: keep(extensions=extensions),
    )  # fmt: skip
