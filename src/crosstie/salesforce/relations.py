"""Whom events are with, as the lists in which that is written: read from their relations, which every org shows.

No description promises that a query may name those lists.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from crosstie.domain.records import EVENT
from crosstie.salesforce import soql
from crosstie.salesforce.describe import EVENT_PEOPLE, Schema
from crosstie.salesforce.queries import Row
from crosstie.salesforce.values import parse_moment

STAMP, IS_DELETED = "SystemModstamp", "IsDeleted"
RELATION, OF_EVENT, PERSON = "EventRelation", "EventId", "RelationId"
ANSWERS = {
    "AcceptedEventInviteeIds": "Accepted",
    "DeclinedEventInviteeIds": "Declined",
    "UndecidedEventInviteeIds": "New",
}
LISTS = frozenset({EVENT_PEOPLE, *ANSWERS})
_WITH_SHARED_ACTIVITIES = ("IsParent", "IsInvitee", "IsWhat")


def query(schema: Schema, ids: Sequence[str]) -> soql.Select:
    """The relations of these events, in the order in which they were made."""
    shared = _WITH_SHARED_ACTIVITIES if schema.shows(EVENT, EVENT_PEOPLE) else ()
    names = ("Id", STAMP, IS_DELETED, OF_EVENT, PERSON, "Status", *shared)
    return soql.Select(RELATION, names, soql.one_of(OF_EVENT, ids), ("Id",))


class Lists:
    """What the relations say; `first` is an event's own word on who comes first."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self._rows: Mapping[str, list[Row]] = defaultdict(list)
        for row in rows:
            if OF_EVENT in row:
                self._rows[str(row[OF_EVENT])[:15]].append(row)

    def stamp(self, event_id: str, own: datetime) -> datetime:
        """Of the event together with its relations: they change without it."""
        return max([own, *(parse_moment(row[STAMP]) for row in self._rows.get(event_id[:15], []))])

    def of(self, event_id: str, name: str, first: str) -> tuple[str, ...]:
        rows = self._rows.get(event_id[:15], [])
        if name == EVENT_PEOPLE:
            people = [str(row[PERSON]) for row in rows if row.get("IsParent") and not row.get("IsWhat")]
            return tuple(sorted(people, key=lambda person: person != first))
        invited = (row for row in rows if row.get("IsInvitee", True))
        return tuple(str(row[PERSON]) for row in invited if row["Status"] == ANSWERS[name])
