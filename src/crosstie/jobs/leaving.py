"""What an administrator asks when a mailbox is to be left: the same calls for every face."""

from functools import partial

from crosstie.accounts.audit import SYSTEM, Actor
from crosstie.accounts.connection import leaving
from crosstie.accounts.connection.mailboxes import MailboxRef
from crosstie.accounts.words import Answer
from crosstie.jobs import live, wiring, withdrawing
from crosstie.jobs.withdrawing import Preview
from crosstie.rules.calendar.deletion import Happening


def against(ref: MailboxRef) -> Answer | None:
    """Why it cannot be begun, if so."""
    return leaving.against(ref.scope, ref.mailbox_id, wiring.get().clock)


def preview(ref: MailboxRef) -> Preview:
    """What would be taken out of the calendar. Raises CrosstieError when the mailbox is out of reach."""
    return withdrawing.preview(ref, Happening.DEACTIVATED)


def begin(ref: MailboxRef, actor: Actor = SYSTEM) -> Answer:
    said = leaving.begin(ref.scope, ref.mailbox_id, wiring.get().clock, actor)
    if said.ok:
        withdrawing.wake(ref)
    return said


def at_once(ref: MailboxRef, actor: Actor = SYSTEM) -> Answer:
    """Its vendor is told as well, if it is within reach."""
    house = wiring.get()
    live.ask(house.ports(ref.scope), [partial(_end_push, ref)])
    return leaving.at_once(ref.scope, ref.mailbox_id, house.stores.vault(), house.clock, actor)


def _end_push(ref: MailboxRef) -> None:
    wiring.get().mailboxes.open(ref.mailbox_id).end_push()
