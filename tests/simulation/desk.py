"""What people do with their calendars in the sandbox, and what Salesforce has of it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from crosstie.domain.links import Link
from crosstie.domain.settings import Settings
from sandbox.mailboxes.calendar import view
from sandbox.mailboxes.calendar.model import Appointment, Attendee, Details, Response, Rule
from sandbox.mailboxes.model import Person
from tests.simulation import outboxes
from tests.simulation.house import START, House, Make

CALENDAR = Settings(events_meetings=True, events_appointments=True, events_down=True)
SOON = START + timedelta(days=2)
EVENT = (
    "Id",
    "Subject",
    "Description",
    "Location",
    "StartDateTime",
    "EndDateTime",
    "IsAllDayEvent",
    "OwnerId",
    "ShowAs",
    "WhoId",
)


def house(*, on_database: bool = False, **settings: Any) -> House:
    """Ada and Ben keep their calendars; the org was read once."""
    made = House(Make(settings=replace(CALENDAR, **settings), on_database=on_database))
    made.round()
    return made


@dataclass(frozen=True, slots=True)
class Desk:
    """One person's calendar, as that person works with it."""

    house: House
    person: str = "ada"

    def __post_init__(self) -> None:
        outboxes.watch(self.house.world)

    def sync(self) -> None:
        """A little later, a tick and a session of everybody."""
        self.house.pass_minutes(2)
        self.house.round()

    def days(self, count: int) -> None:
        """A tick and a session a day."""
        for _ in range(count):
            self.house.pass_minutes(24 * 60)
            self.house.tick()
            self.house.sync()

    def put(
        self,
        subject: str = "Saw line",
        start: datetime | date = SOON,
        *,
        hours: float = 1,
        days: int = 1,
        guests: Iterable[str] = (),
        **details: Any,
    ) -> Appointment:
        """So many `hours`, or whole `days` where it starts on a day."""
        end = start + (timedelta(hours=hours) if isinstance(start, datetime) else timedelta(days=days))
        whole = Details(subject=subject, start=start, end=end, attendees=self.invited(*guests), **details)
        return self.house.world.mailboxes.meetings.create(self._box, whole)

    def repeat(self, subject: str, rule: Rule, start: datetime = SOON, *, hours: float = 1) -> Appointment:
        details = Details(subject=subject, start=start, end=start + timedelta(hours=hours), start_zone=rule.zone)
        whole = replace(details, end_zone=rule.zone)
        return self.house.world.mailboxes.meetings.create(self._box, whole, rule=rule)

    def recur(self, appointment: Appointment, rule: Rule | None) -> None:
        """A single item becomes a series, or, by None, the other way."""
        self.house.world.mailboxes.meetings.update(self._box, appointment, {}, rule=rule)

    def change_occurrence(self, series: Appointment, original: datetime, **changes: Any) -> None:
        self.house.world.mailboxes.meetings.update(self._box, series, changes, original=original)

    def drop_occurrence(self, series: Appointment, original: datetime) -> None:
        self.house.world.mailboxes.meetings.delete(self._box, series, original=original)

    def shown(self) -> list[str]:
        """What the calendar shows, occurrence by occurrence, of half a year."""
        now = self.house.clock.now()
        found = view.window(self._box, self._box.default_calendar, now, now + timedelta(days=180))
        return [shown.details.subject for one in found for shown in (one.occurrences or (one.appointment,))]

    def change(self, appointment: Appointment, **changes: Any) -> None:
        self.house.world.mailboxes.meetings.update(self._box, appointment, changes)

    def move(self, appointment: Appointment, by: timedelta) -> None:
        details = appointment.details
        self.change(appointment, start=details.start + by, end=details.end + by)

    def delete(self, appointment: Appointment) -> None:
        self.house.world.mailboxes.meetings.delete(self._box, appointment)

    def invite(self, appointment: Appointment, guest: str) -> None:
        self.change(appointment, attendees=(*appointment.details.attendees, *self.invited(guest)))

    def disinvite(self, appointment: Appointment, guest: str) -> None:
        left = (one for one in appointment.details.attendees if one.person.address != guest)
        self.change(appointment, attendees=tuple(left))

    @staticmethod
    def invited(*guests: str) -> tuple[Attendee, ...]:
        return tuple(Attendee(Person(one)) for one in guests)

    def answer(self, response: Response) -> None:
        """To the only item there is."""
        self.house.world.mailboxes.meetings.answer(self._box, self.only(), response)

    def there(self) -> list[Appointment]:
        return list(self.house.world.mailboxes.calendar.inside(self._box, self._box.default_calendar))

    def subjects(self) -> list[str]:
        return sorted(one.details.subject for one in self.there())

    def only(self) -> Appointment:
        (one,) = self.there()
        return one

    @property
    def _box(self) -> Any:
        return self.house.box(self.person)

    @property
    def user(self) -> str:
        address = self._box.address
        return next(one.user for one in self.house.company.colleagues if one.address == address)

    # -- Salesforce --------------------------------------------------------------------------------------

    def events(self, *fields: str) -> list[dict[str, Any]]:
        found = self.house.rows("Event", *EVENT, *fields, where=f"OwnerId = '{self.user}'")
        return [{name: _plain(value) for name, value in row.items()} for row in found]

    def event(self) -> dict[str, Any]:
        (one,) = self.events()
        return one

    def statuses(self) -> dict[str, str]:
        """Of the invited colleagues of the person's only Event."""
        where = f"EventId = '{self.event()['Id']}' AND IsInvitee = true"
        rows = self.house.rows("EventRelation", "RelationId", "Status", where=where)
        return {row["RelationId"]: row["Status"] for row in rows if row["RelationId"] != self.user}

    def reasons(self) -> set[str]:
        """Of all that was said of the person's items and records."""
        mailbox_id = self.house.ids[self.person]
        rows = self.house.memory.journal.values()
        return {row.entry.reason_code for row in rows if row.entry.mailbox_id == mailbox_id}

    def links(self) -> list[Link]:
        """What is remembered of the person's items."""
        mailbox_id = self.house.ids[self.person]
        return [row.link for (box, *_), row in self.house.memory.links.items() if box == mailbox_id]

    def records(self) -> set[str]:
        return {link.record.record_id for link in self.links() if link.record}

    def enter(self, subject: str = "Call", start: datetime = SOON, *, minutes: int = 30, **fields: Any) -> str:
        """The person makes an Event in Salesforce."""
        values = {"Subject": subject, "StartDateTime": start, "DurationInMinutes": minutes, "OwnerId": self.user}
        return self.house.org.insert(self.user, "Event", {**values, **fields})

    def edit(self, record_id: str, **fields: Any) -> None:
        self.house.org.update(self.user, "Event", record_id, fields)

    def erase(self, record_id: str) -> None:
        self.house.org.delete(self.user, record_id)

    def mails_sent(self) -> list[Any]:
        return [one for one in self.house.world.outbox.mails if one.face != "console"]


def _plain(value: Any) -> Any:
    """A moment as one; everything else as the org shows it."""
    is_moment = isinstance(value, str) and value.endswith("+0000")
    return datetime.strptime(value, "%Y-%m-%dT%H:%M:%S.%f%z") if is_moment else value
