"""Who is invited on both sides. The lists are not mirrored one to one: nobody is lost from a meeting because of
what was done in Salesforce, and an answer that was given there is not undone by silence in the mailbox.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from crosstie.domain.settings import Settings
from crosstie.mapping.event.attendees import UNANSWERED, UNDECIDED


@dataclass(frozen=True, slots=True)
class Invitees:
    """`record` is the whole list as it is to be, id → answer, the same object as before where nothing changes.
    The other two are ids for the mailbox: people to be invited to the meeting, and to be taken off it.
    """

    record: Mapping[str, str]
    joining: frozenset[str] = frozenset()
    leaving: frozenset[str] = frozenset()


def merged(
    wanted: Mapping[str, str], there: Mapping[str, str], known: Collection[str], settings: Settings
) -> Invitees:
    """`wanted` is the list by the meeting (mapping/event/attendees.py), `there` the record's own, `known` who was
    on both when they were last alike.
    """
    if not settings.events_attendees:
        return Invitees(there)
    kept = {one: answer for one, answer in there.items() if one in wanted or one not in known}
    for one, answer in wanted.items():
        if one in there:
            kept[one] = there[one] if answer == UNANSWERED else answer
        elif one not in known:
            kept[one] = UNDECIDED if answer == UNANSWERED else answer
    gone = frozenset(wanted) & frozenset(known) - frozenset(there)
    return Invitees(
        there if kept == there else kept,
        frozenset(there) - frozenset(wanted) - frozenset(known),
        gone if settings.events_attendee_removals else frozenset(),
    )
