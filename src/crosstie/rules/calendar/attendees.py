"""Who is invited on both sides. The lists are not mirrored one to one: nobody is lost from a meeting because of
what was done in Salesforce, and an answer that was given there is not undone by silence in the mailbox.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from crosstie.domain.records import is_person
from crosstie.domain.settings import Settings
from crosstie.mapping.event.attendees import MOST_INVITEES, UNANSWERED, UNDECIDED


@dataclass(frozen=True, slots=True)
class Meeting:
    """What the item says, by ids of Salesforce. `invited` are those who belong on the record, with their answers
    (mapping/event/attendees.py), the foremost first; `present` is everybody on it whom Salesforce knows.
    """

    invited: Mapping[str, str]
    present: Collection[str]


@dataclass(frozen=True, slots=True)
class Known:
    """Ids of those who were on either side when it was last seen; `silent` of those the meeting's who have not
    answered anything else since.
    """

    meeting: Collection[str] = ()
    record: Collection[str] = ()
    silent: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class Invitees:
    """`record` is the whole list as it is to be, id → answer, the same object as before where nothing changes.
    The other two are ids for the mailbox: people to be invited to the meeting, and to be taken off it.
    """

    record: Mapping[str, str]
    joining: frozenset[str] = frozenset()
    leaving: frozenset[str] = frozenset()


def merged(meeting: Meeting, there: Mapping[str, str], known: Known, settings: Settings) -> Invitees:
    """`there` is the record's own list."""
    if not settings.events_attendees:
        return Invitees(there)
    kept = {one: answer for one, answer in there.items() if one in meeting.invited or one not in known.meeting}
    for one, answer in meeting.invited.items():
        if one in there:
            says = answer != UNANSWERED and one not in known.silent
            kept[one] = answer if says else there[one]
        elif one not in known.meeting and len(kept) < MOST_INVITEES:
            kept[one] = UNDECIDED if answer == UNANSWERED else answer
    new = {one for one in there if is_person(one)} - {*meeting.present, *known.meeting, *known.record}
    gone = frozenset(meeting.present) & frozenset(known.record) - there.keys()
    return Invitees(
        there if kept == there else kept,
        frozenset(new),
        gone if settings.events_attendee_removals else frozenset(),
    )
