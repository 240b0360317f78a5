"""Which pairs are not wanted in the mailbox, for a while or for good, though both halves are there."""

from dataclasses import dataclass

from crosstie.domain import reasons
from crosstie.domain.links import Bond, Link
from crosstie.domain.mailboxes import MailboxInfo
from crosstie.domain.reasons import Reason, reason
from crosstie.domain.records import Record
from crosstie.rules.calendar.conditions import met
from crosstie.rules.calendar.deletion import Happening

ASIDE = frozenset({reasons.EVENT_SWITCHED_OFF.code, reasons.EVENT_CONDITION.code})
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


def is_aside(link: Link) -> bool:
    return link.bond is Bond.JOINED and link.reason_code in ASIDE
