"""What people ask about older e-mails, from a page or the command line: the same calls, the same sentences."""

from dataclasses import dataclass

from crosstie.accounts.audit import SYSTEM, Actor
from crosstie.accounts.connection.mailboxes import MailboxRef
from crosstie.accounts.sync import backfills
from crosstie.accounts.sync.backfills import Days, LeftOut, Place, Progress
from crosstie.accounts.words import Answer
from crosstie.engine import foreseeing
from crosstie.jobs import wiring
from crosstie.jobs.queue import Priority, enqueue
from crosstie.jobs.sync import SESSIONS


@dataclass(frozen=True, slots=True)
class Preview:
    """What a back-fill of these days would do. `left` are further e-mails that were not looked at for it."""

    days: Days
    looked: int
    left: int | None
    saved: int
    already: int
    left_out: tuple[LeftOut, ...]
    calls: int
    """To Salesforce, about; for those that were looked at."""


def preview(ref: MailboxRef, first: str, last: str, most: int) -> Preview:
    """Writes nothing; Salesforce is asked what the rules must know. Raises Unacceptable, and what they raise."""
    house = wiring.get()
    span = backfills.window(ref, first, last, house.clock.now())
    found = foreseeing.foresee(house.ports(ref.scope), ref.mailbox_id, span, most)
    return Preview(
        days=backfills.days_of(ref, span),
        looked=found.tally.looked,
        left=found.left,
        saved=found.tally.saved,
        already=found.tally.already,
        left_out=backfills.left_out(found.tally),
        calls=found.calls,
    )


def start(ref: MailboxRef, first: str, last: str, place: Place, actor: Actor = SYSTEM) -> Answer:
    house = wiring.get()
    span = backfills.window(ref, first, last, house.clock.now())
    return _awake(ref, backfills.start(house.stores.backfills(ref.scope), ref, span, place, house.clock, actor))


def pause(ref: MailboxRef, actor: Actor = SYSTEM) -> Answer:
    house = wiring.get()
    return backfills.pause(house.stores.backfills(ref.scope), ref, house.clock, actor)


def resume(ref: MailboxRef, actor: Actor = SYSTEM) -> Answer:
    house = wiring.get()
    return _awake(ref, backfills.resume(house.stores.backfills(ref.scope), ref, house.clock, actor))


def progress(ref: MailboxRef) -> list[Progress]:
    """The newest first."""
    house = wiring.get()
    return backfills.progress(house.stores.backfills(ref.scope), ref, house.clock.now())


def _awake(ref: MailboxRef, said: Answer) -> Answer:
    if said.ok:
        enqueue(SESSIONS, str(ref.scope.org_id), priority=Priority.FORCED)
    return said
