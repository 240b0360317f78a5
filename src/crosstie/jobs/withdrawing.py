"""Taking what came from Salesforce out of a calendar again: what would go, and turning the switch."""

from dataclasses import dataclass
from datetime import date, datetime

from crosstie.accounts import mailboxes, settings, values
from crosstie.accounts.audit import SYSTEM, Actor
from crosstie.accounts.layers import Place
from crosstie.accounts.mailboxes import MailboxRef
from crosstie.accounts.settings import Explanation
from crosstie.domain.calendar import CalendarItem
from crosstie.domain.settings import Level
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


def preview(ref: MailboxRef, happening: Happening = Happening.DOWN_OFF, shown: int = SHOWN) -> Preview:
    """Writes nothing. Raises CrosstieError when the mailbox is out of reach."""
    found = foreseeing.foresee(wiring.get().ports(ref.scope), ref.mailbox_id, happening)
    first = tuple(map(_going, found.going[:shown]))
    return Preview(len(found.going), first, found.staying, found.unseen)


def keeps(ref: MailboxRef, *, reset: bool) -> bool:
    """Whether Events go on to come down: with the switch off, or (`reset`) with what applies to everybody."""
    place = settings.for_person(ref.scope, ref.person_id)
    return reset and bool(settings.without_own(ref.scope, place, DOWN))


def losing(scope: Scope, place: Place, name: str, given: object | None) -> int:
    """Items that would be taken out of calendars if the setting of that name said this, or (None) nothing, at the
    place. No vendor is asked.
    """
    _, info = values.known(name)
    if info.name != DOWN:
        return 0
    unset = given is None
    if settings.without_own(scope, place, DOWN) if unset else values.parse(info, given):
        return 0
    return sum(count(ref) for ref in mailboxes.of_scope(scope) if _obeys(ref, place, unset=unset))


def _obeys(ref: MailboxRef, place: Place, *, unset: bool) -> bool:
    """Whether the switch is on for the mailbox, and would be what the place says from then on."""
    own = settings.for_person(ref.scope, ref.person_id)
    if place not in (own, Place(own.profile_id), settings.EVERYBODY):
        return False
    found = settings.explain(ref.scope, own, DOWN)
    levels = list(Level)
    decided = levels.index(found.origins[-1]) if found.origins else -1
    says = levels.index(place.level)
    return bool(found.value) and found.locked_by is None and (decided == says if unset else decided <= says)


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
