"""Who is invited, as a set: each attendee of the item, each invitee of the record, and which becomes which.

Colleagues who are Users become invitees, who get an Event of their own from Salesforce; Contacts and Leads become
people of the record (WhoId, EventWhoIds); everybody else stands in its text alone.
"""

from collections.abc import Iterable, Mapping

from crosstie.domain.calendar import Answer, CalendarItem, Part
from crosstie.domain.operations import LinkedPerson
from crosstie.domain.records import Record, long_id
from crosstie.mapping.event.rows import Columns

ACCEPTED, DECLINED, UNDECIDED = "accepted", "declined", "undecided"
UNANSWERED = "unanswered"
"""Of an attendee who said nothing; Salesforce calls that undecided too."""
MOST_INVITEES = 1000
"""On one event that does not repeat (object reference, EventRelation)."""
LISTS = {
    "AcceptedEventInviteeIds": ACCEPTED,
    "DeclinedEventInviteeIds": DECLINED,
    "UndecidedEventInviteeIds": UNDECIDED,
}
"""Columns of an Event that list the ids of its invitees, by what they answered."""
_SAID = {Answer.ACCEPTED: ACCEPTED, Answer.DECLINED: DECLINED, Answer.TENTATIVE: UNDECIDED}


def of_item(item: CalendarItem) -> dict[str, str]:
    """Address → part and answer."""
    return {one.address.email: f"{one.part} {one.answer}" for one in item.attendees if one.address.email}


def of_record(record: Record) -> dict[str, str]:
    """Id → answer."""
    found: dict[str, str] = {}
    for column, said in LISTS.items():
        ids = record.fields.get(column)
        found |= {long_id(one) or one: said for one in (ids if isinstance(ids, tuple | list) else ())}
    return found


def invitees(item: CalendarItem, people: Iterable[LinkedPerson], owner_id: str) -> dict[str, str]:
    """Id → answer, of those of the people who are on the item's list. Its owner is nobody's guest; neither are
    rooms.
    """
    answers = {one.address.email: one.answer for one in item.attendees if one.part is not Part.RESOURCE}
    owner = long_id(owner_id) or owner_id
    found: dict[str, str] = {}
    for one in people:
        record_id = long_id(one.person.record_id) or one.person.record_id
        invited = one.email in answers or (item.organizer is not None and one.email == item.organizer.email)
        if record_id != owner and invited and record_id not in found:
            found[record_id] = _SAID.get(answers.get(one.email, Answer.NONE), UNANSWERED)
    return found


def listed(wanted: Mapping[str, str]) -> Columns:
    """All three columns: who is left out of them is not invited any more."""
    return {
        column: tuple(sorted(one for one, answer in wanted.items() if _in_crm(answer) == said))
        for column, said in LISTS.items()
    }


def _in_crm(answer: str) -> str:
    return UNDECIDED if answer == UNANSWERED else answer
