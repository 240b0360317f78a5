"""The sandbox's Microsoft 365 as an office of the calendar suite."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, cast, get_args

from crosstie.domain.calendar import Answer, Sensitivity, ShowAs
from crosstie.mailboxes.graph.mailbox import GraphMailbox
from sandbox.faults import Fault
from sandbox.graph import ids
from sandbox.graph.calendar.items import Item
from sandbox.mailboxes import Person
from sandbox.mailboxes.calendar import Appointment, Attendee, Details, Place, expand, outsiders
from sandbox.mailboxes.calendar.model import Response
from sandbox.mailboxes.calendar.model import ShowAs as Shown
from sandbox.mailboxes.calendar.problems import NoOccurrence
from sandbox.mailboxes.calendar.rules import rule_from
from sandbox.mailboxes.zones import to_iana
from tests.contract.calendar_office import BEN, NORA, CalendarOffice, Entry
from tests.contract.graph_office import ROLES, GraphOffice

CALENDARS = "Calendars.ReadWrite"
_RESPONSES: dict[Answer, Response] = {
    Answer.ACCEPTED: "accepted",
    Answer.TENTATIVE: "tentativelyAccepted",
    Answer.DECLINED: "declined",
}
_SHOWN: dict[ShowAs, Shown] = dict(zip(ShowAs, get_args(Shown), strict=False))


class GraphCalendarOffice(CalendarOffice):
    """Ada, and Ben beside her, in the tenant of `GraphOffice`."""

    def __init__(self, seed: int = 0) -> None:
        self.office = GraphOffice(seed, roles=(*ROLES, CALENDARS))
        self.world, self.stored = self.office.world, self.office.stored
        self.stored.time_zone = "Europe/Berlin"
        self.world.mailboxes.add_mailbox(BEN, "Ben Ito")

    def open(self) -> GraphMailbox:
        return self.office.open()

    def pass_time(self, by: timedelta) -> None:
        self.office.pass_time(by)

    def now(self) -> datetime:
        return self.office.clock.now()

    def appointment(self, key: str) -> Appointment:
        return self.stored.appointments[int(key)]

    def enter(self, entry: Entry) -> str:
        rule = rule_from(entry.rule, entry.start, entry.zone, skips=False) if entry.rule else None
        made = self.world.mailboxes.meetings.create(self.stored, Details(**_details(entry)), rule=rule)
        return str(made.number)

    def invited(self, entry: Entry) -> str:
        before = set(self.stored.appointments)
        outsiders.invite(self.world.mailboxes, Person(NORA, "Nora Lindqvist"), Details(**_details(entry)))
        (number,) = self.stored.appointments.keys() - before
        return str(number)

    def edit(self, key: str, day: date | None = None, **changes: object) -> None:
        found = self.appointment(key)
        wanted = replace(_entry(found, expand.details_at(found, self.original(key, day))), **cast(Any, changes))
        names = {name for one in changes for name in _NAMES.get(one, (one,))}
        written = {name: value for name, value in _details(wanted).items() if name in names}
        rule: Any = "kept"
        if "rule" in changes:
            rule = rule_from(wanted.rule, wanted.start, wanted.zone, skips=False)
        meetings = self.world.mailboxes.meetings
        meetings.update(self.stored, found, written, rule=rule, original=self.original(key, day))

    def delete(self, key: str, day: date | None = None) -> None:
        found, original = self.appointment(key), self.original(key, day)
        self.world.mailboxes.meetings.delete(self.stored, found, original=original)

    def answer(self, key: str, answer: Answer) -> None:
        meetings = self.world.mailboxes.meetings
        meetings.answer(self.stored, self.appointment(key), _RESPONSES[answer])

    def answered(self, key: str, answer: Answer) -> None:
        outsiders.answer(self.world.mailboxes, Person(NORA), self.appointment(key), _RESPONSES[answer])

    def call_off(self, key: str) -> None:
        outsiders.call_off(self.world.mailboxes, self.appointment(key))

    def original(self, key: str, day: date | None) -> Any:
        return expand.occurrence_on(self.appointment(key), day).original if day else None

    def item_id(self, key: str, day: date | None = None) -> str:
        found = self.appointment(key)
        item = Item(found, expand.occurrence_on(found, day)) if day else Item(found)
        return ids.event_id(self.stored, found.number, found.moves, "immutable", item.day)

    def entry(self, key: str, day: date | None = None) -> Entry | None:
        found = self.stored.appointments.get(int(key))
        if found is None or not found.calendar:
            return None
        try:
            return _entry(found, expand.details_at(found, self.original(key, day)))
        except NoOccurrence:
            return None

    def entries(self) -> list[Entry]:
        calendar = self.stored.default_calendar
        inside = self.world.mailboxes.calendar.inside(self.stored, calendar)
        return [_entry(one, one.details) for one in inside]

    def mailed(self) -> list[str]:
        return [to for one in self.world.outbox.mails if one.face == "graph" for to in one.recipients]

    def category_names(self) -> set[str]:
        return {one.name for one in self.stored.categories}

    def drop_categories(self) -> None:
        self.stored.categories = []

    def kill_cursors(self) -> None:
        self.world.mailboxes.expire_cursors(self.stored)

    def calls(self) -> int:
        return self.office.calls()

    def refuse(self, *, status: int, times: int, retry_after: int | None = None) -> None:
        self.office.refuse(status=status, times=times, retry_after=retry_after, route="calendar.delta")

    def lose_next_answer(self) -> None:
        self.world.faults.add(Fault("lose_answer", "graph", "batch"))

    def close_calendar(self) -> None:
        microsoft = self.world.microsoft
        microsoft.withdraw_consent(self.office.client, self.office.tenant)
        self.office.client.roles = self.office.client.roles - {CALENDARS}
        microsoft.consent(self.office.client, self.office.tenant)

    def judge(self) -> None:
        self.office.judge()


_NAMES: dict[str, tuple[str, ...]] = {
    "text": ("text", "html"),
    "zone": ("start_zone", "end_zone"),
    "place": ("places",),
    "reminder": ("reminder", "reminds"),
}
"""Fields of an entry that go by other names in the sandbox."""


def _details(entry: Entry) -> dict[str, Any]:
    minutes = int(entry.reminder.total_seconds()) // 60 if entry.reminder is not None else 15
    return {
        "subject": entry.subject,
        "text": entry.text,
        "html": None,
        "start": entry.start,
        "end": entry.end,
        "start_zone": entry.zone,
        "end_zone": entry.zone,
        "places": (Place(entry.place),) if entry.place else (),
        "show_as": _SHOWN[entry.show_as],
        "sensitivity": entry.sensitivity.value,
        "reminder": minutes,
        "reminds": entry.reminder is not None,
        "categories": tuple(sorted(entry.categories)),
        "attendees": tuple(Attendee(Person(one)) for one in entry.attendees),
    }


def _entry(found: Appointment, details: Details) -> Entry:
    """A series by its rule is one too, but its rule is for the connector to tell."""
    shown = {theirs: ours for ours, theirs in _SHOWN.items()}
    return Entry(
        details.subject,
        details.start,
        details.end,
        to_iana(found.details.start_zone if found.rule else details.start_zone) or "",
        text="\n".join((details.text or "").splitlines()),
        place=details.places[0].name if details.places else "",
        show_as=shown[details.show_as],
        sensitivity=Sensitivity(details.sensitivity),
        reminder=timedelta(minutes=details.reminder) if details.reminds else None,
        categories=frozenset(details.categories),
        attendees=tuple(one.person.address for one in details.attendees),
    )
