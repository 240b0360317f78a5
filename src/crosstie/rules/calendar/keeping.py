"""Which pairs are not wanted in the mailbox, for a while or for good, though both halves are there."""

from dataclasses import dataclass

from crosstie.domain import reasons
from crosstie.domain.calendar import CalendarItem
from crosstie.domain.links import Bond, Link, Role
from crosstie.domain.mailboxes import MailboxInfo
from crosstie.domain.reasons import Reason, reason
from crosstie.domain.records import Record, whole_id
from crosstie.mapping.event.values import text_of
from crosstie.rules.calendar.conditions import met
from crosstie.rules.calendar.deletion import Happening

ASIDE = frozenset(
    kind.code for kind in (reasons.EVENT_SWITCHED_OFF, reasons.EVENT_CONDITION, reasons.EVENT_REASSIGNED)
)
"""Of a joined pair: its item is not marked, and neither half follows the other. Of a record alone: its item was
taken away. Either lasts as long as what was said against it.
"""


@dataclass(frozen=True, slots=True)
class KeptOut:
    happening: Happening
    why: Reason


def kept_out(link: Link, record: Record | None, info: MailboxInfo) -> KeptOut | None:
    """What speaks against a pair, the switches before a value. A record that is not at hand has no values."""
    if link.is_born_in_crm and not info.brings_down:
        happening = Happening.DEACTIVATED if info.leaving else Happening.DOWN_OFF
        return KeptOut(happening, reason(reasons.EVENT_SWITCHED_OFF))
    field = met(record, info.settings) if record else ""
    return KeptOut(Happening.CONDITION, reason(reasons.EVENT_CONDITION, field=field)) if field else None


def owner_of(record: Record) -> str:
    return whole_id(text_of(record, "OwnerId"))


def is_anothers(record: Record, info: MailboxInfo) -> bool:
    """Whether the record's owner is another User than the mailbox's."""
    return owner_of(record) != whole_id(info.crm_user_id)


def is_given_away(link: Link, item: CalendarItem, record: Record, info: MailboxInfo) -> bool:
    """Whether a copy of a record is there that is assigned to somebody else by now: their mailbox gets its own."""
    return link.is_born_in_crm and link.role is Role.LEAD and not item.attendees and is_anothers(record, info)


def is_aside(link: Link) -> bool:
    return link.bond is Bond.JOINED and link.reason_code in ASIDE
