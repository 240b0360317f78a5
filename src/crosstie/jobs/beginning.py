"""Before and at the first session of somebody who registers: how much there would be, and that it starts."""

from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from crosstie.accounts import words
from crosstie.accounts.audit import Actor
from crosstie.accounts.connection import mailboxes
from crosstie.accounts.connection.mailboxes import MailboxRef
from crosstie.accounts.sign_in import registering_words
from crosstie.accounts.words import Answer, answer
from crosstie.domain.mailboxes import MailboxInfo, Span
from crosstie.jobs import backfills, commands, wiring
from crosstie.jobs.backfills import Preview

MOST_MAILS, MOST_ITEMS = 100, 200
"""Looked at for it: the mailbox is asked page by page, and Salesforce a few times about all on those mails."""


@dataclass(frozen=True, slots=True)
class Counted:
    """What is switched off is None. Of the calendar no rule was asked."""

    days: int
    ahead: int
    emails: Preview | None
    meetings: int | None
    appointments: int | None


def count(ref: MailboxRef) -> Counted:
    """With the settings as they are; writes nothing. Raises Unacceptable, and what the mailbox raises."""
    info = mailboxes.info(ref.scope, ref.mailbox_id)
    settings = info.settings
    meetings, appointments = (
        _coming(ref, info) if settings.events_meetings or settings.events_appointments else (0, 0)
    )
    return Counted(
        settings.mail_lookback_days,
        settings.events_days_ahead,
        _emails(ref, settings.mail_lookback_days) if settings.mail_auto_save else None,
        meetings if settings.events_meetings else None,
        appointments if settings.events_appointments else None,
    )


def start(ref: MailboxRef, actor: Actor) -> Answer:
    """The first session now; who presses twice is told the same."""
    said = commands.force(ref.scope, ref.mailbox_id, actor)
    if not said.ok and said.code != words.FORCED_LATELY.code:
        return said
    interval = mailboxes.info(ref.scope, ref.mailbox_id).interval
    return answer(registering_words.REGISTERED, minutes=int(interval.total_seconds() // 60))


def _emails(ref: MailboxRef, days: int) -> Preview:
    today = wiring.get().clock.now().astimezone(ZoneInfo(ref.time_zone)).date()
    first = today - timedelta(days=days)
    return backfills.preview(ref, first.isoformat(), today.isoformat(), MOST_MAILS)


def _coming(ref: MailboxRef, info: MailboxInfo) -> tuple[int, int]:
    """Meetings and appointments."""
    house = wiring.get()
    now = house.clock.now()
    days = Span(now, now + timedelta(days=info.settings.events_days_ahead))
    calendar = house.ports(ref.scope).mailboxes.open(ref.mailbox_id, info.folders).calendar()
    items = calendar.coming(days, MOST_ITEMS)
    meetings = sum(item.is_meeting for item in items)
    return meetings, len(items) - meetings
