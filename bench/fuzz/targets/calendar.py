"""Calendars that come by mail and from files: kept or refused, and what is kept can be looked at and sent on."""

from datetime import UTC, datetime
from random import Random

from bench.fuzz.mutate import mutated_bytes
from bench.fuzz.runner import Stateless
from sandbox.clock import ManualClock
from sandbox.mailboxes import Mailbox, MailboxStore
from sandbox.mailboxes.calendar import NotRepresentable, expand, view
from sandbox.mailboxes.calendar.letters import calendar_of
from sandbox.mailboxes.ics import NotACalendar
from sandbox.world import World

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
FROM, TO = NOW.replace(month=6), NOW.replace(year=2027)
_ZONE = (
    "BEGIN:VTIMEZONE\r\nTZID:Ours\r\nBEGIN:STANDARD\r\nDTSTART:19701025T030000\r\nTZOFFSETFROM:+0200\r\n"
    "TZOFFSETTO:+0100\r\nRRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\r\nEND:STANDARD\r\nBEGIN:DAYLIGHT\r\n"
    "DTSTART:19700329T020000\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\nRRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\r\n"
    "END:DAYLIGHT\r\nEND:VTIMEZONE\r\n"
)
_PEOPLE = (
    "ORGANIZER;CN=Nora:mailto:nora@birch.test\r\n"
    "ATTENDEE;RSVP=TRUE;PARTSTAT=NEEDS-ACTION:mailto:anna@acme.test\r\n"
)
_SERIES = (
    "DTSTART;TZID=Ours:20261124T090000\r\nDTEND;TZID=Ours:20261124T100000\r\nSUMMARY:Review\\, weekly\r\n"
    "RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=TU;WKST=SU;COUNT=9\r\nEXDATE;TZID=Ours:20261208T090000\r\n"
)
_CHANGE = "RECURRENCE-ID;TZID=Ours:20261222T090000\r\nDTSTART:20261222T120000Z\r\nDURATION:PT30M\r\nSEQUENCE:1\r\n"
_DAYS = (
    "DTSTART;VALUE=DATE:20261231\r\nRRULE:FREQ=MONTHLY;BYMONTHDAY=31;UNTIL=20271231\r\nCLASS:PRIVATE\r\n"
    "BEGIN:VALARM\r\nTRIGGER;RELATED=END:-P1DT2H\r\nEND:VALARM\r\n"
)
_LAST = (
    "DTSTART:20261130T080000Z\r\nDTEND:20261130T090000Z\r\n"
    "RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=MO,FR;BYSETPOS=-1\r\n"
)
WORDS = tuple(
    word.encode()
    for word in (
        "RRULE:", "EXDATE:", "RDATE:", "FREQ=DAILY", "FREQ=YEARLY", "BYDAY=-1SU", "BYMONTHDAY=31", "COUNT=",
        "INTERVAL=",
        "UNTIL=99991231", "UNTIL=20261124T000000Z", "DTSTART", "DTEND", "DURATION:P9999D", "20261124T090000",
        "00010101T000000", "99991231T235959Z", "TZID=Europe/Berlin", "TZID=Ours", "TZID=", "VALUE=DATE:",
        "20261124",
        "RECURRENCE-ID:", "SEQUENCE:", "999999999999", "-1", "0", "METHOD:CANCEL", "METHOD:REPLY",
        "METHOD:COUNTER",
        "PARTSTAT=ACCEPTED", "BEGIN:VEVENT\r\n", "END:VEVENT\r\n", "UID:1\r\n", ";", ":", ",", '"', "\\n", "\r\n ",
        "mailto:", "anna@acme.test",
    )
)  # fmt: skip


def _event(*parts: str) -> str:
    return f"BEGIN:VEVENT\r\nUID:1\r\n{_PEOPLE}{''.join(parts)}END:VEVENT\r\n"


def _calendar(method: str, *events: str) -> bytes:
    return f"BEGIN:VCALENDAR\r\nMETHOD:{method}\r\n{_ZONE}{''.join(events)}END:VCALENDAR\r\n".encode()


SEEDS = [
    _calendar("REQUEST", _event(_SERIES), _event(_CHANGE)),
    _calendar("REQUEST", _event(_DAYS)),
    _calendar("REQUEST", _event(_LAST)),
    _calendar("REQUEST", _event(_CHANGE)),
    _calendar("CANCEL", _event(_CHANGE)),
    _calendar("REPLY", _event(_CHANGE)),
    _calendar("COUNTER", _event("DTSTART:20261124T080000Z\r\nDTEND:20261124T090000Z\r\n")),
]


class Calendar(Stateless):
    def feed(self, dice: Random) -> None:
        store = World(ManualClock(NOW)).mailboxes
        anna = store.add_mailbox("anna@acme.test", "Anna", time_zone="Europe/Berlin")
        gil = store.add_mailbox("gil@acme.test", "Gil", time_zone="America/New_York", home="google")
        for _ in range(3):
            raw = mutated_bytes(dice.choice(SEEDS), dice, WORDS, SEEDS)
            store.deliver(_letter(raw), ["anna@acme.test", "gil@acme.test"])
            for mailbox in (anna, gil):
                _load(store, mailbox, raw)
                _look(mailbox)


def _letter(raw: bytes) -> bytes:
    method = b"CANCEL" if b"METHOD:CANCEL" in raw else b"REPLY" if b"METHOD:REPLY" in raw else b"REQUEST"
    head = b"From: nora@birch.test\r\nSubject: x\r\nMIME-Version: 1.0\r\n"
    return head + b"Content-Type: text/calendar; charset=utf-8; method=" + method + b"\r\n\r\n" + raw


def _load(store: MailboxStore, mailbox: Mailbox, raw: bytes) -> None:
    try:
        store.put_calendar(mailbox, raw)
    except (NotACalendar, NotRepresentable):
        return


def _look(mailbox: Mailbox) -> None:
    for calendar in mailbox.calendars.values():
        list(view.changes(mailbox, calendar, 0, FROM, TO))
        for seen in view.window(mailbox, calendar, FROM, TO):
            for one in seen.occurrences[:5]:
                expand.occurrence_on(seen.appointment, expand.day_of(seen.appointment, one.original))
    for appointment in mailbox.appointments.values():
        calendar_of(appointment, appointment.details, "REQUEST", NOW)
