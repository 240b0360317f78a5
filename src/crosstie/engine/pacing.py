"""When something is done again: the next session of a mailbox, and another look at what was put off or refused."""

from datetime import datetime, timedelta

from crosstie.domain import reasons
from crosstie.domain.errors import CrosstieError, Throttled
from crosstie.domain.mailboxes import Lease
from crosstie.domain.reasons import Outcome, Reason
from crosstie.engine.session import Session
from crosstie.ports.crm import SETTLE_TIME

SOON = timedelta(minutes=2)
"""When work was put off, the next session does not wait for the licence's interval."""
MOST_DOUBLINGS = 12
ISSUE_RETRY = timedelta(days=1)
"""A refused item is tried again by itself this often; a person's change wakes it earlier."""


def next_due(session: Session, now: datetime) -> datetime:
    """When the mailbox's next session starts unless something wakes it."""
    if session.error is None and (session.observation.more or session.more_calendar):
        return max(now, session.wait_until or now)
    if session.had_setback:
        due = after_setback(session.error, session.lease, session.info.interval, now)
        return max(due, session.wait_until or due)
    soon = session.followers or session.goes_on or session.soon
    return now + (min(SOON, session.info.interval) if soon else session.info.interval)


def after_setback(error: CrosstieError | None, lease: Lease, interval: timedelta, now: datetime) -> datetime:
    """Soon, and later with each setback in a row, up to the licence's interval; a vendor's wish comes first."""
    wished = error.until if isinstance(error, Throttled) else None
    steps = lease.setbacks + (error is not None and wished is None)
    pause: timedelta = min(SOON * 2 ** min(steps, MOST_DOUBLINGS), interval)
    due = now + pause
    return max(due, wished) if wished else due


def recheck_at(reason: Reason, now: datetime) -> datetime | None:
    """When an item that was answered so is looked at again though nothing moves it."""
    if reason.kind is reasons.UNCLEAR:
        return now + SETTLE_TIME
    if reason.kind is reasons.WAITS:
        return now
    if reason.kind is reasons.GONE:
        return now + ISSUE_RETRY
    return now + ISSUE_RETRY if reason.kind.outcome is Outcome.ISSUE else None
