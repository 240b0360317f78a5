"""What keeps two items of one calendar apart that bear the same UID, as a file may bring them."""

from collections.abc import Iterable

from crosstie.domain.calendar import CalendarItem
from crosstie.domain.keys import meeting_key, record_key
from crosstie.domain.links import Bond, Link
from crosstie.domain.mailboxes import MailboxInfo


def own_name(item: CalendarItem, info: MailboxInfo) -> str:
    """The natural key of an item that is nobody else's."""
    return meeting_key("", item.original, f"{info.address}/{item.item_id}")


def has_own_name(item: CalendarItem, link: Link, info: MailboxInfo) -> bool:
    """A twin keeps the name under which its record was made."""
    return link.key == record_key(own_name(item, info), link.generation)


def twins(item: CalendarItem, meetings: Iterable[Link], info: MailboxInfo) -> list[Link]:
    """Other items of this calendar that have the UID, and a record."""
    return [
        one
        for one in meetings
        if one.mailbox_id == info.mailbox_id
        and one.item_id not in ("", item.item_id)
        and one.bond is Bond.JOINED
        and one.record is not None
    ]
