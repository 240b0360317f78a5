"""What tells copies that another product makes from two appointments that happen to say the same.

A person has two alike now and then, even three; products that copy each other's copies go on without end
(docs/decisions/, "Copies stop what is new").
"""

from datetime import date, datetime, timedelta

from crosstie.domain import reasons
from crosstie.domain.calendar import CalendarItem
from crosstie.domain.reasons import Reason, reason

MOST = 3
"""Pairs too many, of all that say the same as another, that may come about in LATELY."""
LATELY = timedelta(days=7)
LONGEST = 200
"""Characters of a subject that are compared: Salesforce cuts longer ones."""


def likeness(item: CalendarItem) -> str:
    """The same for items that say the same: subject, start and end. Whose meeting it is does not count, because a
    copy has lost that, and everybody on it.
    """
    return "\x1f".join((_minute(item.when.start), _minute(item.when.end), item.subject.strip()[:LONGEST].strip()))


def too_many(made: int, held: int, fresh: int) -> Reason | None:
    """`made` lately, `held` back before, and `fresh` that are about to be made."""
    total = made + held + fresh
    if total <= MOST or not held + fresh:
        return None
    return reason(reasons.EVENT_COPY, count=str(total))


def _minute(moment: datetime | date) -> str:
    return f"{moment:%Y-%m-%dT%H:%M}" if isinstance(moment, datetime) else moment.isoformat()
