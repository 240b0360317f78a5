"""A session that is about to remove much stops and asks: a broken filter looks like many deletes."""

from crosstie.domain import reasons
from crosstie.domain.links import Side
from crosstie.domain.reasons import Reason, reason
from crosstie.domain.settings import Settings

HELD = {Side.MAILBOX: reasons.EVENT_GUARD_MAILBOX, Side.CRM: reasons.EVENT_GUARD}
"""Why the removals of a side wait for a person's word."""


def too_many(removals: int, joined: int, side: Side, settings: Settings) -> Reason | None:
    """`removals` of one side in one session, of `joined` pairs that are kept alike."""
    allowed = max(settings.events_removals, joined * settings.events_removals_percent // 100)
    if removals <= allowed:
        return None
    return reason(HELD[side], count=str(removals), of=str(joined))
