"""Where people look before they do something: what is in the calendars, and what Salesforce has of it."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sandbox.mailboxes import Mailbox
from sandbox.mailboxes.calendar import view
from sandbox.mailboxes.calendar.model import Appointment, Details
from sandbox.salesforce.records import Row
from tests.simulation.calendar.ledger import Ledger, Matter
from tests.simulation.house import House
from tests.simulation.wire import Wire

AHEAD = timedelta(days=60)


@dataclass(slots=True)
class Office:
    house: House
    wire: Wire
    ledger: Ledger
    dice: random.Random
    meanwhile: bool = False
    """A session is at work while people do what they do."""

    @property
    def now(self) -> datetime:
        return self.house.manual.now()

    def box(self, person: str) -> Mailbox:
        return self.house.box(person)

    def user(self, person: str) -> str:
        address = self.box(person).address
        return next(one.user for one in self.house.company.colleagues if one.address == address)

    def person_of(self, user: object) -> str:
        return next((person for person in self.house.ids if self.user(person) == user), "")

    def calendar(self, person: str) -> Iterator[Appointment]:
        box = self.box(person)
        return self.house.world.mailboxes.calendar.inside(box, box.default_calendar)

    def items(self, one: Matter, person: str = "") -> list[Appointment]:
        return [item for item in self.calendar(person or one.host) if item.details.subject.startswith(one.tag)]

    def records(self, one: Matter) -> list[Row]:
        """Live ones, without what invited users have of it."""
        return [row for row in self.events() if str(row["Subject"]).startswith(one.tag)]

    def events(self) -> list[Row]:
        rows = self.house.org.core.store.table("Event").rows.values()
        return [row for row in rows if not row.get("IsDeleted") and not row.get("IsChild")]

    def stamp(self, row: Row) -> datetime:
        """As the org has it now: a write puts another row in the place of this one."""
        found: datetime = self.house.org.core.store.table("Event").rows[row["Id"]]["SystemModstamp"]
        return found

    def deleted(self, one: Matter) -> list[Row]:
        """Events of it that were there once."""
        rows = self.house.org.core.store.table("Event").rows.values()
        own = (row for row in rows if row.get("IsDeleted") and not row.get("IsChild"))
        return [row for row in own if str(row["Subject"]).startswith(one.tag)]

    def last_deleted(self, one: Matter) -> list[Row]:
        """The Event of it that went last, alone."""
        gone = self.deleted(one)
        return [max(gone, key=lambda row: (row["SystemModstamp"], row["Id"]))] if gone else []

    def show(self, row: Row) -> None:
        """Whoever writes to an Event shares it with Crosstie's user: what is not shown then nothing tells of."""
        self.house.take_out_of_sight(str(row["Id"]), 0)

    def is_shown(self, row: Row) -> bool:
        """To Crosstie's user, who sees no private Event without the permission to view all data."""
        access = self.house.org.core.access
        return self.house.make.sees_all or access.can_see(self.house.company.integration_user, "Event", row)

    def invited(self, row: Row) -> list[object]:
        """Ids of the users who are invited to a record."""
        found = self.house.org.core.pointing("EventRelation", "EventId", row["Id"])
        return [one["RelationId"] for one in found if one.get("IsInvitee")]

    def is_whole(self, one: Matter) -> bool:
        return bool(self.items(one) and self.records(one))

    def shown(self, person: str, first: datetime, last: datetime) -> list[tuple[Appointment, Details]]:
        """What a calendar shows of that time, occurrence by occurrence."""
        box = self.box(person)
        found = view.window(box, box.default_calendar, first, last)
        return [
            (one.appointment, shown)
            for one in found
            for shown in ([each.details for each in one.occurrences] or [one.appointment.details])
        ]


def label(row: Row, name: str) -> Any:
    """A value of a record, and an empty text where it has none."""
    return row.get(name) or ""
