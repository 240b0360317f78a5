"""Taking what came from Salesforce out of a calendar again: what would go, and turning the switch."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from crosstie.accounts.audit import SYSTEM, Actor
from crosstie.accounts.connection import mailboxes
from crosstie.accounts.connection.mailboxes import MailboxRef
from crosstie.accounts.governance import settings, values
from crosstie.accounts.governance.settings import Explanation
from crosstie.domain.calendar import CalendarItem
from crosstie.engine.mirror import foreseeing
from crosstie.jobs import wiring
from crosstie.jobs.queue import Priority, enqueue
from crosstie.jobs.sync import SESSIONS
from crosstie.rules.calendar.deletion import Happening
from crosstie.store import recheck
from crosstie.store.models import Scope

DOWN = "events.from-salesforce"
SHOWN = 10
"""Titles that are named."""


@dataclass(frozen=True, slots=True)
class Going:
    """An item as its owner sees it; a whole day has a date."""

    title: str
    start: datetime | date


@dataclass(frozen=True, slots=True)
class Preview:
    """What would be taken out of the calendar; Salesforce keeps all of it. `first` are the next ones, for showing
    live and kept nowhere.
    """

    count: int
    first: tuple[Going, ...]
    staying: int
    """They came from Salesforce too and stay, because somebody was invited to them."""
    unseen: int
    """Further ones, not looked at; those that nobody was invited to would go too."""

    @property
    def further(self) -> int:
        """How many of those that would go are not among the first."""
        return self.count - len(self.first)


def count(ref: MailboxRef) -> int:
    """Items that came from Salesforce and are there; the mailbox is not asked."""
    return foreseeing.count(wiring.get().ports(ref.scope), ref.mailbox_id)


def is_any(ref: MailboxRef) -> bool:
    """Whether there are such items at all."""
    return foreseeing.is_any(wiring.get().ports(ref.scope), ref.mailbox_id)


def preview(ref: MailboxRef, happening: Happening = Happening.DOWN_OFF, shown: int = SHOWN) -> Preview:
    """Writes nothing. Raises CrosstieError when the mailbox is out of reach."""
    found = foreseeing.foresee(wiring.get().ports(ref.scope), ref.mailbox_id, happening)
    first = tuple(map(_going, found.going[:shown]))
    return Preview(len(found.going), first, found.staying, found.unseen)


def keeps(ref: MailboxRef, *, reset: bool) -> bool:
    """Whether Events go on to come down: with the switch off, or (`reset`) with what applies to everybody."""
    place = settings.for_person(ref.scope, ref.person_id)
    return reset and bool(settings.without_own(ref.scope, place, DOWN))


def losing(
    scope: Scope, names: Iterable[str], act: Callable[[], object], refs: Sequence[MailboxRef] | None = None
) -> int:
    """Items that would be taken out of calendars (of these mailboxes alone, if the act concerns no others) by what
    `act` does to the settings of these names, found out by doing it and taking it back. No vendor is asked. Raises
    what it raises.
    """
    if DOWN not in {values.known(name)[1].name for name in names}:
        return 0
    before = {ref: _is_on(ref) for ref in (mailboxes.of_scope(scope) if refs is None else refs)}
    with transaction.atomic():
        act()
        going = [ref for ref, on in before.items() if on and not _is_on(ref)]
        transaction.set_rollback(True)
    return sum(map(count, going))


def _is_on(ref: MailboxRef) -> bool:
    return bool(settings.get(ref.scope, settings.for_person(ref.scope, ref.person_id), DOWN))


def switch_off(ref: MailboxRef, actor: Actor = SYSTEM, *, reset: bool = False) -> Explanation:
    """Turn the person's switch off, or (`reset`) take their own word back; the next session, which begins at once,
    takes away what is not wanted then. Raises Unacceptable.
    """
    house = wiring.get()
    place = settings.for_person(ref.scope, ref.person_id)
    if reset:
        said = settings.unset(ref.scope, place, DOWN, house.clock, actor)
    else:
        said = settings.put(ref.scope, place, DOWN, "off", house.clock, actor=actor)
    wake(ref)
    return said


def wake(ref: MailboxRef) -> None:
    """The mailbox is due, and a session begins."""
    house = wiring.get()
    recheck.wake(ref.scope, [ref.mailbox_id], house.clock.now())
    enqueue(SESSIONS, str(ref.scope.org_id), priority=Priority.FORCED)


def _going(item: CalendarItem) -> Going:
    return Going(item.subject, item.when.start)
