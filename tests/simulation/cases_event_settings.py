"""What each setting of events changes, seen from outside: a life without it, and the same life with it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sandbox.mailboxes.calendar import outsiders
from sandbox.mailboxes.calendar.model import Details
from sandbox.mailboxes.model import Person
from sandbox.salesforce.schema.facts import Field
from tests.simulation.desk import SOON, Desk
from tests.simulation.house import START
from tests.simulation.test_series import WEEKLY

ADA, BEN, CLEO = "ada@larch.test", "ben@larch.test", "cleo@larch.test"
NORA, OMAR, STRANGER = "nora@birchworks.test", "omar@birchworks.test", "wim@willow.test"
VISIT = Field("Visit__c", "string", 40, "cfusNg", label="Visit", custom=True)
"""Of Event, and the customer's own."""
Scene = Callable[[Desk], Any]
"""Lives through it, and says what is to be seen then."""


@dataclass(frozen=True, slots=True)
class Case:
    """`given` is what an administrator types. `before` is seen without the setting, `after` with it."""

    given: str
    scene: Scene
    before: Any
    after: Any
    besides: Mapping[str, str] = field(default_factory=dict)
    """Other settings that the scene needs, under both."""


def saved(**details: Any) -> Scene:
    """How many Events are made of one item."""

    def scene(desk: Desk) -> int:
        desk.put(**details)
        desk.sync()
        return len(desk.events())

    return scene


def visit(**details: Any) -> Scene:
    """What the Event says in a field of the customer's own."""

    def scene(desk: Desk) -> Any:
        desk.put(**details)
        desk.sync()
        return desk.events(VISIT.name)[0][VISIT.name]

    return scene


def subjects(**details: Any) -> Scene:
    def scene(desk: Desk) -> list[str]:
        desk.put("Saw line", **details)
        desk.sync()
        return [event["Subject"] for event in desk.events()]

    return scene


def brought(desk: Desk) -> list[str]:
    desk.enter("Call")
    desk.sync()
    return desk.subjects()


def changed_there(desk: Desk) -> tuple[str, str]:
    desk.put("Saw line")
    desk.sync()
    desk.edit(desk.event()["Id"], Subject="Named there")
    return both(desk)


def changed_here(desk: Desk) -> tuple[str, str]:
    desk.enter("Call")
    desk.sync()
    desk.change(desk.only(), subject="Named here")
    return both(desk)


def changed_on_both_sides(desk: Desk) -> tuple[str, str]:
    desk.put("Saw line")
    desk.sync()
    desk.change(desk.only(), subject="Named here")
    desk.edit(desk.event()["Id"], Subject="Named there")
    return both(desk)


def both(desk: Desk) -> tuple[str, str]:
    for _ in range(3):
        desk.sync()
    return desk.only().details.subject, desk.event()["Subject"]


def meeting_moved_there(desk: Desk) -> tuple[timedelta, int, str]:
    """How far the item was moved, how many mails the vendor sent, and what was said."""
    desk.put("Saw line", guests=[NORA])
    desk.sync()
    desk.edit(desk.event()["Id"], StartDateTime=SOON + timedelta(hours=3))
    for _ in range(2):
        desk.sync()
    (link,) = desk.links()
    start: Any = desk.only().details.start
    return start - SOON, len(desk.mails_sent()), link.reason_code


def invite_from_outside(desk: Desk, *people: str) -> None:
    details = Details(
        subject="Demo", start=SOON, end=SOON + timedelta(hours=1), attendees=desk.invited(ADA, *people)
    )
    outsiders.invite(desk.house.world.mailboxes, Person(NORA, "Nora Lindqvist"), details)


def unanswered(desk: Desk) -> int:
    invite_from_outside(desk)
    desk.sync()
    return len(desk.events())


def of_each_colleague(desk: Desk) -> int:
    """How many Events a meeting of two of us with somebody outside is."""
    invite_from_outside(desk, BEN)
    for one in (desk, Desk(desk.house, "ben")):
        one.answer("accepted")
    for _ in range(3):
        desk.sync()
    return sum(not row["IsChild"] for row in desk.house.rows("Event", "IsChild"))


def cancelled(desk: Desk) -> int:
    invite_from_outside(desk)
    desk.answer("accepted")
    desk.sync()
    outsiders.call_off(desk.house.world.mailboxes, desk.only())
    for _ in range(2):
        desk.sync()
    return len(desk.events())


def of_who_does_not_sync(desk: Desk) -> int:
    """Cleo has no licence."""
    Desk(desk.house, "cleo").put("Ours", guests=[ADA, NORA])
    desk.answer("accepted")
    for _ in range(2):
        desk.sync()
    return len(desk.events())


def weekly(desk: Desk) -> int:
    desk.repeat("Weekly", WEEKLY)
    desk.sync()
    return len(desk.events())


def text_changed(desk: Desk) -> str:
    desk.put("Saw line", text="One")
    desk.sync()
    desk.change(desk.only(), text="Two")
    desk.sync()
    return str(desk.event()["Description"])


def invited_later(desk: Desk) -> list[str]:
    desk.put("Saw line", guests=[NORA])
    desk.sync()
    desk.invite(desk.only(), BEN)
    desk.sync()
    return sorted(desk.statuses().values())


def taken_off_there(desk: Desk) -> list[str]:
    """Who is still invited to the meeting."""
    desk.put("Saw line", guests=[BEN, NORA])
    desk.sync()
    desk.edit(desk.event()["Id"], UndecidedEventInviteeIds=())
    for _ in range(2):
        desk.sync()
    return sorted(one.person.address for one in desk.only().details.attendees)


def invitees(desk: Desk) -> list[str]:
    desk.put("Saw line", guests=[NORA])
    desk.sync()
    return sorted(desk.statuses().values())


def vacated(desk: Desk) -> list[str]:
    record = desk.enter("Call")
    desk.sync()
    desk.edit(record, Location="Vacated")
    for _ in range(2):
        desk.sync()
    return desk.subjects()


def removing(items: int, removed: int) -> Scene:
    """How many Events are left."""

    def scene(desk: Desk) -> int:
        kept = [desk.put(f"Number {number}", SOON + timedelta(hours=number)) for number in range(items)]
        for _ in range(2):
            desk.sync()
        for one in kept[:removed]:
            desk.delete(one)
        for _ in range(2):
            desk.sync()
        return len(desk.events())

    return scene


def about(desk: Desk) -> str:
    """The kind of record that the meeting is about."""
    desk.put("Saw line", guests=[NORA])
    desk.sync()
    return str(desk.events("WhatId")[0]["WhatId"])[:3]


OPPORTUNITY, ACCOUNT = "006", "001"
ASKED = (timedelta(), 0, "EVENT-ASK")
HERE, THERE = ("Named here", "Named here"), ("Named there", "Named there")
LATER = SOON + timedelta(days=20)
CASES: Mapping[str, tuple[Case, ...]] = {
    "events.auto-save-meetings": (Case("on", saved(guests=[NORA]), 0, 1),),
    "events.auto-save-appointments": (Case("on", saved(), 0, 1),),
    "events.from-salesforce": (Case("on", brought, [], ["Call"]),),
    "events.direction": (
        Case("to-salesforce", changed_there, THERE, ("Saw line", "Saw line")),
        Case("from-salesforce", changed_here, HERE, ("Call", "Call")),
    ),
    "events.conflicts": (Case("crm", changed_on_both_sides, HERE, THERE),),
    "events.meeting-updates": (
        Case("send", meeting_moved_there, ASKED, (timedelta(hours=3), 1, "EVENT-MIRRORED")),
        Case("keep", meeting_moved_there, ASKED, (timedelta(), 0, "EVENT-NOT-SENT")),
    ),
    "events.internal": (Case("on", saved(guests=[BEN]), 0, 1),),
    "events.private": (
        Case("hold", subjects(sensitivity="private"), [], ["Busy"]),
        Case("save", subjects(sensitivity="private"), [], ["Saw line"]),
    ),
    "events.unanswered": (Case("on", unanswered, 0, 1),),
    "events.save-unlinked": (Case("on", saved(guests=[STRANGER]), 0, 1),),
    "events.series": (Case("off", weekly, 9, 0),),
    "events.days-back": (Case("5", saved(start=START - timedelta(days=7)), 1, 0),),
    "events.days-ahead": (Case("10", saved(start=LATER), 1, 0),),
    "events.safe-description": (Case("off", text_changed, "One", "Two"),),
    "events.attendees": (Case("off", invited_later, ["New"], []),),
    "events.attendee-removals": (
        Case("on", taken_off_there, [BEN, NORA], [NORA], {"events.meeting-updates": "send"}),
    ),
    "events.invite-colleagues-only": (Case("off", invitees, [], ["New"]),),
    "events.copies": (Case("on", of_each_colleague, 1, 2),),
    "events.organizer-days": (Case("0", of_who_does_not_sync, 0, 1),),
    "events.keep-cancelled": (Case("on", cancelled, 0, 1),),
    "events.unsync-conditions": (Case("Location=Vacated", vacated, ["Call"], []),),
    "events.defaults": (Case("Visit__c=Office", visit(), None, "Office"),),
    "events.removals-at-once": (Case("3", removing(6, 5), 1, 6, {"events.removals-percent": "10"}),),
    "events.removals-percent": (Case("0", removing(10, 2), 8, 10, {"events.removals-at-once": "1"}),),
    "blocklist": (Case(OMAR, saved(guests=[OMAR]), 1, 0),),
    "links.opportunities": (Case("off", about, OPPORTUNITY, ACCOUNT),),
    "links.never": (Case("Opportunity", about, OPPORTUNITY, ACCOUNT),),
    "categories.fields": (Case("Fair->Event.Visit__c=Fair", visit(categories=("Fair",)), None, "Fair"),),
}
"""Those of events, and those of mails that say something of events too."""

NO_SETTING: Mapping[str, str] = {
    "ServiceEventDeletionStrategy": "what was made in the mailbox, or has attendees, is never deleted there",
    "SalesforceEventLinkResourceLocation": "rooms are text in Location",
    "SalesforceEventReadResourceLocation": "rooms are text in Location",
    "event attachments": "files of calendar items are not saved",
    "SyncPhoneNotesToMeetingDescription": "there are no bookings of our own",
    "GoogleCalendarLastActivityTimeSpan": "Google's calendars are not kept in step",
    "InstantSyncEnabled": "pushes wake a mailbox wherever they are set up; there is no switch",
}
"""Published settings of events that there are none of here, and why."""
PUBLISHED: Mapping[str, str] = {
    "Auto-save meetings": "events.auto-save-meetings",
    "Auto-save appointments": "events.auto-save-appointments",
    "Sync my Salesforce calendar": "events.from-salesforce",
    "ServiceEventSafeDescriptionSync": "events.safe-description",
    "ServiceEventTrackDeletedAttendees": "events.attendee-removals",
    "ServiceSyncNotRespondedInvitations": "events.unanswered",
    "SalesforceEventSmartAutoSharing": "events.attendees",
    "SalesforceEventInviteEmployeeOnly": "events.invite-colleagues-only",
    "SalesforceEventAutoTrackIncludingNotShared": "events.save-unlinked",
    "SalesforceEventUnsyncConditions": "events.unsync-conditions",
    "ExchAutoTrackPrivateEvents": "events.private",
    "internal meetings auto-sync": "events.internal",
    "recurring events sync": "events.series",
    "GoogleEnableRecurrentEvents": "events.series",
}
"""Published settings of events, and what they are called here."""
