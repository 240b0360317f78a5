"""Of several people's items of one meeting, whose is kept like the record."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from crosstie.domain.calendar import CalendarItem, Shape
from crosstie.domain.keys import record_key
from crosstie.domain.links import Bond, Link, Role
from crosstie.domain.settings import Settings


class Turn(StrEnum):
    LEAD = "lead"
    """It has the record."""
    FOLLOW = "follow"
    """It points to a colleague's record."""
    TAKE_OVER = "take over"
    """A colleague's record becomes its own."""
    STEP_DOWN = "step down"
    """A colleague's is to lead, and has yet to take over what it remembers."""


@dataclass(frozen=True, slots=True)
class Sharer:
    """An item that is joined to a record. `user_id` is its mailbox's User; `works`: that is kept in step."""

    link: Link
    user_id: str
    works: bool = True


def leader(sharers: Sequence[Sharer], organizers: Collection[str], owner_id: str) -> Sharer | None:
    """The organizer's item, even where an attendee's came first; else the one whose User owns the record; else the
    one that led until now. They come who leads first, then the oldest: everybody finds the same one.

    `organizers` are Users. Of mailboxes that are not kept in step nobody leads.
    """
    working = (one for one in sharers if one.works)
    ranked = sorted(
        working,
        key=lambda one: (
            one.user_id not in organizers,
            one.user_id != owner_id,
            one.link.role is not Role.LEAD,
        ),
    )
    return next(iter(ranked), None)


def led_last(sharers: Iterable[Sharer], leads: Sharer | None = None) -> Sharer | None:
    """Whose memory counts of all who led once, working or not; None where nobody remembers. `leads`: of several
    who did at the same time, this one.
    """
    led = (one for one in sharers if one.link.role is Role.LEAD and one.link.item)
    return max(led, key=lambda one: (one.link.decided_at, one is leads), default=None)


def turn(own: Sharer, sharers: Sequence[Sharer], organizers: Collection[str], owner_id: str) -> Turn:
    leads = leader(sharers, organizers, owner_id)
    last = led_last(sharers, leads)
    if leads is not own:
        return Turn.STEP_DOWN if last is own else Turn.FOLLOW
    return Turn.LEAD if (last or own) is own and own.link.role is Role.LEAD else Turn.TAKE_OVER


def may_take_over(item: CalendarItem) -> bool:
    """Whether it leads because its organizer's it is: of a series the pieces stay with whom they are."""
    return item.is_organizer and item.shape is Shape.SINGLE


def shared(natural: str, links: Iterable[Link]) -> Link | None:
    """Of colleagues' links of a meeting the first to a record that is for all: whoever comes later follows it."""
    return next((one for one in links if _has_record(one) and _is_for_all(natural, one)), None)


def begun(natural: str, links: Iterable[Link]) -> Link | None:
    """Of colleagues' links one whose record for all may have been made though nobody has heard of it. Whoever
    makes it meanwhile makes that one.
    """
    return next((one for one in links if one.is_begun and _is_for_all(natural, one)), None)


def is_outlived(natural: str, link: Link, generation: int) -> bool:
    """Whether it points to a record for all that is known here to be deleted: its mailbox has not heard of that,
    or the org refuses it another one. `generation`: how many deletes of the meeting's records were heard of here.
    """
    return _has_record(link) and _is_for_all(natural, link) and link.generation < generation


def _has_record(link: Link) -> bool:
    return link.bond is Bond.JOINED and link.record is not None


def _is_for_all(natural: str, link: Link) -> bool:
    """Whoever follows, follows something that is shared; and so is what came from Salesforce."""
    return link.role is Role.COPY or link.is_born_in_crm or link.key == record_key(natural, link.generation)


def has_own(links: Iterable[Link], settings: Settings, *, outside: bool) -> bool:
    """Whether a person's item of a meeting that is not shared becomes a record of its own. As it was saved first
    it stays, whatever the settings become: nothing is doubled. `outside`: its organizer is no User of the org.
    """
    return any(map(_has_record, links)) or (outside and settings.events_copies)


def own_copy(natural: str, user_id: str) -> str:
    """The natural key of a person's own record of a meeting that others have one of too."""
    return f"{natural}>{user_id}"
