"""Which calendar items are saved. The first rule that applies is the sentence people see, so the order matters:

what the item is (nothing can be done about it) → what is switched off → when → the answer → who is on it.

A mark is a person's word and outdoes every automatic rule: private, internal, blocklisted, old and unknown items
are saved. What stays out is what Salesforce has no room for, and what is not a meeting yet, or any more.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from crosstie.domain import reasons
from crosstie.domain.calendar import Answer, CalendarItem, Nature, Shape
from crosstie.domain.mailboxes import MailboxInfo
from crosstie.domain.reasons import Reason, reason
from crosstie.domain.records import CONTACT, LEAD, USER, Person
from crosstie.domain.settings import EventWay, PrivateEvents
from crosstie.rules.calendar.window import Place, place
from crosstie.rules.linking import Links
from crosstie.rules.participants import Participants
from crosstie.rules.relating import lacks_account
from crosstie.rules.relevance import KeptOut, kept_out

LONGEST = timedelta(days=14)
NATURES = {
    Nature.BIRTHDAY: "a birthday",
    Nature.HOLIDAY: "a holiday",
    Nature.AWAY: "an absence",
    Nature.FOCUS: "time set aside for work",
    Nature.PLACE: "a place of work",
}
HOLIDAYS = frozenset({"holiday", "birthday"})
"""Categories by which Outlook marks what it adds to a calendar by itself."""
KEPT_OUT = {
    KeptOut.INTERNAL: reasons.EVENT_INTERNAL,
    KeptOut.BLOCKED: reasons.EVENT_BLOCKED,
    KeptOut.FREE_MAIL: reasons.EVENT_FREE_MAIL,
    KeptOut.FREE_KNOWN: reasons.EVENT_FREE_KNOWN,
    KeptOut.FREE_UNKNOWN: reasons.EVENT_FREE_UNKNOWN,
    KeptOut.LEFT_OUT: reasons.EVENT_LEFT_OUT,
}


def against(item: CalendarItem, info: MailboxInfo, now: datetime, *, asked: bool) -> Reason | None:
    """Why an item is not saved, by itself; None: it is, if `waits_for` and `among` have nothing against it.

    `asked`: a person marked it.
    """
    why = _being(item, info)
    if why or asked:
        return why or _unanswered(item, info, asked=True)
    return _switches(item, info) or _time(item, info, now) or _unanswered(item, info, asked=False)


def _being(item: CalendarItem, info: MailboxInfo) -> Reason | None:
    if item.shape is Shape.MASTER:
        return reason(reasons.EVENT_SERIES)
    if item.is_draft:
        return reason(reasons.EVENT_DRAFT)
    if item.cancelled:
        return reason(reasons.EVENT_CANCELLED)
    if info.settings.events_way is EventWay.FROM_SALESFORCE:
        return reason(reasons.EVENT_ONE_WAY)
    return reason(reasons.EVENT_LONG) if item.when.length > LONGEST else None


def _switches(item: CalendarItem, info: MailboxInfo) -> Reason | None:
    settings = info.settings
    if what := _nature(item):
        return reason(reasons.EVENT_SPECIAL, kind=what)
    if item.is_meeting and not settings.events_meetings:
        return reason(reasons.EVENT_MEETINGS_OFF)
    if not item.is_meeting and not settings.events_appointments:
        return reason(reasons.EVENT_APPOINTMENTS_OFF)
    if item.shape is not Shape.SINGLE and not settings.events_series:
        return reason(reasons.EVENT_SERIES_OFF)
    return (
        reason(reasons.EVENT_PRIVATE) if item.is_private and settings.events_private is PrivateEvents.OFF else None
    )


def _nature(item: CalendarItem) -> str:
    if item.nature is not Nature.PLAIN:
        return NATURES[item.nature]
    added = {category.casefold() for category in item.categories} & HOLIDAYS
    return f"a {min(added)}" if added and item.when.all_day and not item.is_meeting else ""


def _time(item: CalendarItem, info: MailboxInfo, now: datetime) -> Reason | None:
    """What was there before activation stays out, wherever in time it is."""
    settings = info.settings
    if item.created_at is not None and item.created_at < info.activated_at:
        return reason(reasons.EVENT_BEFORE)
    found = place(item.when, settings, now)
    if found is Place.PAST:
        return reason(reasons.EVENT_PAST, days=str(settings.events_days_back))
    return reason(reasons.EVENT_EARLY, days=str(settings.events_days_ahead)) if found is Place.AHEAD else None


def _unanswered(item: CalendarItem, info: MailboxInfo, *, asked: bool) -> Reason | None:
    """Somebody else's meeting is one's own when one says so."""
    if item.is_organizer or info.settings.events_unanswered or item.answer in (Answer.ACCEPTED, Answer.TENTATIVE):
        return None
    if asked:
        return reason(reasons.EVENT_UNANSWERED_MARK)
    return reason(reasons.EVENT_DECLINED if item.answer is Answer.DECLINED else reasons.EVENT_UNANSWERED)


def is_own(item: CalendarItem, info: MailboxInfo) -> bool:
    """Whether the mailbox's person organizes it, under whichever of their addresses."""
    return item.is_organizer or (item.organizer is not None and item.organizer.email in info.own_addresses)


def organizing(item: CalendarItem, info: MailboxInfo, people: Mapping[str, tuple[Person, ...]]) -> frozenset[str]:
    """Ids of the Users of the colleague who organizes somebody else's meeting; none, if it is one's own or is
    organized outside.
    """
    if is_own(item, info) or item.organizer is None:
        return frozenset()
    users = {one.record_id for one in people.get(item.organizer.email, ()) if one.object == USER}
    return frozenset() if info.crm_user_id in users else frozenset(users)


def is_outside(item: CalendarItem, info: MailboxInfo, people: Mapping[str, tuple[Person, ...]]) -> bool:
    """Whether somebody organizes it who is no User of the org."""
    if is_own(item, info):
        return False
    organizer = people.get(item.organizer.email, ()) if item.organizer else ()
    return all(one.object != USER for one in organizer)


def keeps_meetings(info: MailboxInfo) -> bool:
    """Whether a mailbox that is kept in step saves its meetings: others wait for it then."""
    settings = info.settings
    return info.keeps_calendar and settings.events_meetings and settings.events_way is not EventWay.FROM_SALESFORCE


def waits_for(
    item: CalendarItem,
    info: MailboxInfo,
    people: Mapping[str, tuple[Person, ...]],
    *,
    asked: bool,
    kept: bool = True,
    waited: timedelta = timedelta(),
) -> Reason | None:
    """A colleague's meeting is theirs to save, for all who are on it; whoever else marks it waits too.

    `people` maps addresses to whom they belong to. `kept`: the organizer's mailbox is kept in step. Where it is
    not, nobody waits for ever: `waited` is how long this item has been known.
    """
    if not organizing(item, info, people):
        return None
    if not kept and waited >= timedelta(days=info.settings.events_organizer_days):
        return None
    return reason(reasons.EVENT_ORGANIZER_MARK if asked else reasons.EVENT_ORGANIZER)


def among(
    item: CalendarItem, participants: Participants, links: Links, info: MailboxInfo, *, asked: bool
) -> Reason | None:
    """Who is on a meeting, once it is known who is in Salesforce. An appointment is nobody's but its owner's."""
    if asked or not item.is_meeting or _is_held(item, info):
        return None
    settings = info.settings
    known = {one.email for one in links.people if one.person.object in (CONTACT, LEAD)}
    why = kept_out(KEPT_OUT, participants, info, known)
    if why and why.kind is reasons.EVENT_INTERNAL and settings.events_internal:
        return None
    if why or settings.events_save_unlinked:
        return why
    if links.who is None and not links.what_id:
        return reason(reasons.EVENT_UNKNOWN)
    return reason(reasons.EVENT_NO_ACCOUNT) if lacks_account(links, settings) else None


def _is_held(item: CalendarItem, info: MailboxInfo) -> bool:
    """Nothing of it but its time goes to Salesforce, so nobody on it matters."""
    return item.is_private and info.settings.events_private is PrivateEvents.HOLD
