"""A single item that became a series: its Event goes, because each of its occurrences becomes one."""

from dataclasses import replace

from crosstie.domain import reasons
from crosstie.domain.calendar import CalendarItem
from crosstie.domain.links import Bond, Link, Role, Side
from crosstie.domain.mailboxes import SALESFORCE_CATEGORY
from crosstie.domain.mirroring import Mirroring
from crosstie.domain.reasons import reason
from crosstie.engine.mirror.news import Situation
from crosstie.engine.mirror.session import Pair
from crosstie.mapping.event.table import of_item


def unfold(pair: Pair, link: Link, item: CalendarItem, natural: str, situation: Situation) -> Mirroring:
    """The series is remembered as one that never had a record of its own; its mark is ours."""
    why = reason(reasons.EVENT_SERIES)
    after = replace(
        link,
        bond=Bond.NONE,
        role=Role.LEAD,
        origin=Side.MAILBOX,
        record=None,
        mirrored=None,
        item=situation.sealed(Side.MAILBOX, link.key, item.version, of_item(item)),
        marked=SALESFORCE_CATEGORY in item.categories,
        reason_code=why.code,
        decided_at=situation.now,
        recheck_at=None,
    )
    leads = link.role is Role.LEAD and not pair.deleted
    return Mirroring(natural, why, before=link, link=after, to_record=link.record if leads else None)
