"""What the settings want of an item or an Event, as a person reads their pages; no rule of ours is asked."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from crosstie.domain.settings import EventWay, PrivateEvents, Settings
from sandbox import company
from sandbox.mailboxes.calendar.model import Appointment, Details
from tests.simulation.letters import NORA, OMAR, PRIYA, QUENTIN

MARK, UNSYNC, TROUBLE = "Salesforce", "Salesforce Unsync", "Sync Error"
OURS = frozenset({MARK, UNSYNC, TROUBLE})
"""Categories that are no colours of people's own."""
KNOWN = frozenset({NORA, OMAR, PRIYA, QUENTIN})
"""Contacts with an Account, who are there all the time."""
HOME = f"@{company.DOMAIN}"
SLACK = timedelta(minutes=15)
"""Clocks of workers may be wrong by less than that, and a lease may be waited for."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """`surely` for whoever looks at it within some minutes of now, `perhaps` for some of them."""

    surely: bool
    perhaps: bool
    within: bool = True
    """Surely in the days that are kept in step."""


NEVER = Wanted(False, False)


def within(start: datetime | date, end: datetime | date, settings: Settings, now: datetime) -> Wanted:
    first, last = _moment(start), _moment(end)
    back, ahead = timedelta(days=settings.events_days_back), timedelta(days=settings.events_days_ahead)
    inside = [now + off - back <= last and first <= now + off + ahead for off in (-SLACK, SLACK)]
    return Wanted(all(inside), any(inside), all(inside))


def _moment(at: datetime | date) -> datetime:
    return at if isinstance(at, datetime) else datetime(at.year, at.month, at.day, tzinfo=UTC)


def of_item(item: Appointment, details: Details, settings: Settings, now: datetime, *, asked: bool) -> Wanted:
    """Whether the calendar that it is in has it saved. `asked`: a person marked it."""
    if settings.events_way is EventWay.FROM_SALESFORCE:
        return NEVER
    if details.cancelled or not _is_ours_to_save(item, details, settings):
        return NEVER
    inside = within(details.start, details.end, settings, now)
    if asked:
        return Wanted(True, True, inside.within)
    return Wanted(False, False, inside.within) if _is_left_out(item, details, settings) else inside


def _is_ours_to_save(item: Appointment, details: Details, settings: Settings) -> bool:
    """A colleague's meeting is theirs; one's own answer makes an outsider's meeting one's own."""
    if item.is_organizer:
        return True
    if item.organizer.address.endswith(HOME):
        return False
    return settings.events_unanswered or details.answer.response in ("accepted", "tentativelyAccepted")


def _is_left_out(item: Appointment, details: Details, settings: Settings) -> bool:
    people = {one.person.address for one in details.attendees} | (
        set() if item.is_organizer else {item.organizer.address}
    )
    is_meeting = bool(people)
    if not (settings.events_meetings if is_meeting else settings.events_appointments):
        return True
    if details.sensitivity == "private" and settings.events_private is PrivateEvents.OFF:
        return True
    if item.rule is not None and not settings.events_series:
        return True
    return is_meeting and _nobody_counts(people, settings)


def _nobody_counts(people: set[str], settings: Settings) -> bool:
    outside = {one for one in people if not one.endswith(HOME)}
    if not outside:
        return not settings.events_internal
    return not (outside & KNOWN) and not settings.events_save_unlinked


def of_event(start: datetime, end: datetime, settings: Settings, now: datetime, *, vacated: bool) -> Wanted:
    """Whether it comes down to the calendar of whom it is assigned to."""
    inside = within(start, end, settings, now)
    return inside if settings.events_down and not vacated else Wanted(False, False, inside.within)
