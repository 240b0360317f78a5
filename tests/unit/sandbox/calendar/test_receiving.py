"""Invitations, updates, answers and cancellations that come from outside, as mail."""

import pytest

from sandbox.mailboxes.calendar import expand
from tests.unit.sandbox.calendar.conftest import NINE, NORA, Office, plan, weekly

TIMES = "DTSTART:20261124T080000Z\r\nDTEND:20261124T090000Z\r\n"


def event(*lines: str, uid: str = "u1@birch.test", times: str = TIMES, who: str = "anna@acme.test") -> str:
    more = "".join(f"{line}\r\n" for line in lines)
    people = f"ORGANIZER;CN=Nora:mailto:{NORA}\r\nATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:{who}\r\n"
    return f"BEGIN:VEVENT\r\nUID:{uid}\r\n{times}{people}{more}END:VEVENT\r\n"


def arrive(office: Office, method: str, *events: str, to: str = "anna@acme.test") -> None:
    calendar = f"BEGIN:VCALENDAR\r\nMETHOD:{method}\r\n{''.join(events)}END:VCALENDAR\r\n"
    raw = (
        f"From: {NORA}\r\nTo: {to}\r\nSubject: x\r\nMIME-Version: 1.0\r\nDate: Fri, 20 Nov 2026 11:00:00 +0000\r\n"
        f"Content-Type: text/calendar; method={method}; charset=utf-8\r\n\r\n{calendar}"
    )
    office.store.deliver(raw.encode())


def test_an_outsider_invites_and_is_answered(office: Office) -> None:
    arrive(office, "REQUEST", event("SUMMARY:Lunch", "LOCATION:Café"))
    [made] = office.anna.appointments.values()
    assert (made.uid, made.is_organizer, made.organizer.address) == ("u1@birch.test", False, NORA)
    assert (made.details.subject, made.details.places[0].name) == ("Lunch", "Café")
    assert (made.details.show_as, made.details.answer.response) == ("tentative", "notResponded")
    office.store.meetings.answer(office.anna, made, "accepted")
    assert office.sent() == [("answer", (NORA,))]


def test_an_update_and_an_older_one(office: Office) -> None:
    arrive(office, "REQUEST", event("SUMMARY:Lunch"))
    arrive(office, "REQUEST", event("SUMMARY:Dinner", "SEQUENCE:2"))
    arrive(office, "REQUEST", event("SUMMARY:Breakfast", "SEQUENCE:1"))
    [made] = office.anna.appointments.values()
    assert made.details.subject == "Dinner"


def test_a_stranger_changes_nobody_elses_meeting(office: Office) -> None:
    mine = office.meet(NORA)
    arrive(office, "REQUEST", event("SUMMARY:Mine now", "SEQUENCE:9", uid=mine.uid))
    arrive(office, "CANCEL", event("SEQUENCE:9", uid=mine.uid))
    assert (mine.details.subject, mine.details.cancelled) == ("Review", False)
    theirs = office.meet("ben@acme.test")
    arrive(office, "REQUEST", event("SUMMARY:Hers", "SEQUENCE:9", uid=theirs.uid), to="ben@acme.test")
    assert office.copy(office.ben, theirs).details.subject == "Review"


def test_a_cancellation(office: Office) -> None:
    arrive(office, "REQUEST", event("SUMMARY:Lunch"))
    arrive(office, "CANCEL", event("SUMMARY:Lunch", "SEQUENCE:1"))
    arrive(office, "CANCEL", event("SUMMARY:Lunch", "SEQUENCE:1"))
    [made] = office.anna.appointments.values()
    assert (made.details.cancelled, made.details.subject) == (True, "Canceled: Lunch")
    arrive(office, "CANCEL", event(uid="unknown@birch.test"))
    assert len(office.anna.appointments) == 1


def test_a_series_with_an_exception_and_one_occurrence_less(office: Office) -> None:
    rule = "RRULE:FREQ=WEEKLY;COUNT=4;BYDAY=TU"
    moved = "RECURRENCE-ID:20261201T080000Z"
    later = "DTSTART:20261201T100000Z\r\nDTEND:20261201T110000Z\r\n"
    arrive(office, "REQUEST", event("SUMMARY:Lunch", rule), event("SUMMARY:Late", moved, times=later))
    arrive(office, "CANCEL", event("RECURRENCE-ID:20261208T080000Z", times="DTSTART:20261208T080000Z\r\n"))
    [made] = office.anna.appointments.values()
    seen = expand.first(made, 9)
    assert [one.details.subject for one in seen] == ["Lunch", "Late", "Canceled: Lunch", "Lunch"]
    assert seen[1].details.start == NINE.replace(month=12, day=1, hour=10)
    arrive(office, "REQUEST", event("SUMMARY:Lunch", rule, "EXDATE:20261215T080000Z", "SEQUENCE:1"))
    assert [one.details.subject for one in expand.first(made, 9)] == ["Lunch", "Late", "Canceled: Lunch"]


def test_one_occurrence_of_a_series_that_is_not_known(office: Office) -> None:
    arrive(office, "REQUEST", event("SUMMARY:Once", "RECURRENCE-ID:20261124T080000Z"))
    arrive(office, "REQUEST", event("SUMMARY:Twice", "RECURRENCE-ID:20261201T080000Z"))
    arrive(office, "REQUEST", event("SUMMARY:Still once", "RECURRENCE-ID:20261124T080000Z", "SEQUENCE:1"))
    found = list(office.anna.appointments.values())
    assert [(one.alone, one.details.subject) for one in found] == [
        (NINE, "Still once"),
        (NINE.replace(month=12, day=1), "Twice"),
    ]
    arrive(office, "CANCEL", event("RECURRENCE-ID:20261124T080000Z", "SEQUENCE:2"))
    assert [one.details.cancelled for one in found] == [True, False]


@pytest.mark.parametrize(("partstat", "known"), [("ACCEPTED", "accepted"), ("DECLINED", "declined")])
def test_an_outsider_answers(office: Office, partstat: str, known: str) -> None:
    made = office.meet(NORA)
    answer = f"ATTENDEE;PARTSTAT={partstat}:mailto:{NORA.upper()}"
    text = (
        f"BEGIN:VEVENT\r\nUID:{made.uid}\r\n{TIMES}ORGANIZER:mailto:anna@acme.test\r\n{answer}\r\nEND:VEVENT\r\n"
    )
    arrive(office, "REPLY", text)
    [nora] = made.details.attendees
    assert (nora.person.address, nora.answer.response) == (NORA, known)
    assert office.sent() == []


def test_an_outsider_answers_one_occurrence(office: Office) -> None:
    made = office.meet(NORA, rule=weekly())
    times = "RECURRENCE-ID:20261201T080000Z\r\nDTSTART:20261201T080000Z\r\n"
    answer = f"ATTENDEE;PARTSTAT=DECLINED:mailto:{NORA}\r\n"
    arrive(office, "REPLY", f"BEGIN:VEVENT\r\nUID:{made.uid}\r\n{times}{answer}END:VEVENT\r\n")
    known = [one.details.attendees[0].answer.response for one in expand.first(made, 2)]
    assert known == ["none", "declined"]


@pytest.mark.parametrize(
    "broken",
    [
        "DTSTART:soon\r\n",
        "DTSTART:20261124T080000Z\r\nRRULE:FREQ=HOURLY\r\n",
        "DTSTART:20261124T080000Z\r\nDTEND:20251124T080000Z\r\n",
    ],
)
def test_what_cannot_be_kept_is_mail_and_no_more(office: Office, broken: str) -> None:
    arrive(office, "REQUEST", event(times=broken))
    assert len(office.inbox(office.anna)) == 1
    assert office.anna.appointments == {}


def test_a_message_put_into_a_folder_is_not_acted_on(office: Office) -> None:
    arrive(office, "REQUEST", event("SUMMARY:Lunch"))
    [message] = office.inbox(office.anna)
    assert message.raw is not None
    office.store.put(office.ben, message.raw)
    assert office.ben.appointments == {}


def test_an_invitation_that_was_deleted_comes_back_with_the_next_update(office: Office) -> None:
    made = office.meet("ben@acme.test")
    office.store.meetings.delete(office.ben, office.copy(office.ben, made))
    office.change(made, subject="New")
    assert office.copy(office.ben, made).details.subject == "New"


def test_what_is_sent_can_be_read_by_others(office: Office) -> None:
    """The mail of a series has its rule, its zone's rules and the invited."""
    office.store.meetings.create(office.anna, plan(NORA, html="<p>Numbers, please; all</p>"), rule=weekly())
    [sent] = office.store.find(office.anna, folder="sentitems")
    lines = sent.mail.calendar.replace("\r\n ", "").splitlines()
    assert "RRULE:FREQ=WEEKLY;COUNT=4;BYDAY=TU;WKST=SU" in lines
    assert 'DTSTART;TZID="Europe/Berlin":20261124T090000' in lines
    assert "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU" in lines
    assert "DESCRIPTION:Numbers\\, please\\; all" in lines
    assert all(len(line.encode()) <= 75 for line in sent.mail.calendar.splitlines())
