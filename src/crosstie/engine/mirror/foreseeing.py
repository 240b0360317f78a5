"""What would be taken out of a calendar if what came from Salesforce were not wanted there any more. Nothing is
leased, written or remembered.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from crosstie.domain.calendar import CalendarItem
from crosstie.domain.links import Link
from crosstie.domain.mailboxes import MailboxInfo
from crosstie.engine.mirror.batch import SETTLED
from crosstie.engine.ports import Ports
from crosstie.mapping.event.time import begins
from crosstie.rules.calendar.deletion import Happening, ItemFate, fate, kind_of

MOST = 5_000
"""Items that are counted."""
LOOKED_AT = 200
"""Of these as many are fetched: ten calls of the mailbox."""


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """`going` are those that would be taken away, the next one first; `staying` are kept because somebody was
    invited to them; `unseen` are further ones that were not looked at.
    """

    going: tuple[CalendarItem, ...]
    staying: int
    unseen: int


def count(ports: Ports, mailbox_id: int) -> int:
    """Items that came from Salesforce, whether somebody was invited to them or not; no vendor is asked."""
    return len(_brought(ports, mailbox_id, MOST))


def is_any(ports: Ports, mailbox_id: int) -> bool:
    """Whether there are such items at all."""
    return bool(_brought(ports, mailbox_id, 1))


def foresee(ports: Ports, mailbox_id: int, happening: Happening) -> Withdrawal:
    """Raises what the mailbox raises."""
    info = ports.states.info(mailbox_id)
    links = _brought(ports, mailbox_id, MOST)
    asked = {link.item_id: link for link in links[:LOOKED_AT]}
    calendar = ports.mailboxes.open(mailbox_id, info.folders).calendar()
    there = calendar.items(list(asked)) if asked else {}
    going = [item for item_id, item in there.items() if _goes(item, asked[item_id], info, happening)]
    going.sort(key=lambda item: begins(item.when))
    return Withdrawal(tuple(going), len(there) - len(going), len(links) - len(asked))


def _brought(ports: Ports, mailbox_id: int, most: int) -> Sequence[Link]:
    return ports.states.brought([mailbox_id], SETTLED, most).get(mailbox_id, ())


def _goes(item: CalendarItem, link: Link, info: MailboxInfo, happening: Happening) -> bool:
    return fate(kind_of(item, link, info), happening, info.settings).item is ItemFate.DELETE and not item.attendees
