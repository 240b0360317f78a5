"""What an attendee's copy takes over from the organiser's, and what it does not."""

from sandbox.mailboxes import Attachment
from sandbox.mailboxes.calendar import OnlineMeeting, Place, expand
from tests.unit.sandbox.calendar.conftest import NINE, NORA, Office, weekly
from tests.unit.sandbox.calendar.test_receiving import arrive, event

BEN = "ben@acme.test"


def test_files_come_along(office: Office) -> None:
    file = Attachment(1, "plan.txt", "text/plain", b"Plan")
    made = office.meet(BEN, attachments=(file,))
    [there] = office.copy(office.ben, made).details.attachments
    assert (there.name, there.content, there is file) == ("plan.txt", b"Plan", False)
    office.change(made, attachments=(file, Attachment(2, "map.txt", "text/plain", b"Map")))
    assert office.sent() == [("update", (BEN,))]
    assert [one.name for one in office.copy(office.ben, made).details.attachments] == ["plan.txt", "map.txt"]


def test_an_online_meeting_leads_everybody_to_the_same_place(office: Office) -> None:
    online = OnlineMeeting("teamsForBusiness", "https://meet.example.com/j/1?a=b")
    made = office.meet(BEN, online=online, places=(Place("Room 1"), Place("Room 2")))
    details = office.copy(office.ben, made).details
    assert (details.online, details.places) == (online, (Place("Room 1; Room 2"),))


def test_an_accepted_meeting_is_shown_as_its_organiser_meant(office: Office) -> None:
    made = office.meet(BEN, show_as="oof")
    copy = office.copy(office.ben, made)
    assert copy.details.show_as == "tentative"
    office.store.meetings.answer(office.ben, copy, "accepted")
    shown: str = copy.details.show_as
    assert shown == "oof"


def test_who_is_hidden_is_told_alone(office: Office) -> None:
    made = office.meet(BEN, NORA, hides_attendees=True)
    assert [mail.recipients for mail in office.world.outbox.mails] == [(BEN,), (NORA,)]
    assert [one.person.address for one in office.copy(office.ben, made).details.attendees] == [BEN]


def test_a_series_takes_the_place_of_its_occurrences(office: Office) -> None:
    arrive(office, "REQUEST", event("SUMMARY:Once", "RECURRENCE-ID:20261124T080000Z"))
    arrive(office, "REQUEST", event("SUMMARY:Lunch", "RRULE:FREQ=WEEKLY;COUNT=2;BYDAY=TU", "SEQUENCE:1"))
    [made] = office.anna.appointments.values()
    assert [one.details.subject for one in expand.first(made, 3)] == ["Lunch", "Lunch"]


def test_an_older_word_on_an_occurrence_comes_too_late(office: Office) -> None:
    arrive(office, "REQUEST", event("SUMMARY:Lunch", "RRULE:FREQ=WEEKLY;COUNT=2;BYDAY=TU", "SEQUENCE:4"))
    arrive(office, "REQUEST", event("SUMMARY:Late", "RECURRENCE-ID:20261124T080000Z", "SEQUENCE:3"))
    [made] = office.anna.appointments.values()
    assert made.deviations == {}


def test_a_private_meeting_is_private_everywhere(office: Office) -> None:
    made = office.meet(BEN, sensitivity="private", importance="high", rule=weekly())
    details = office.copy(office.ben, made).details
    assert (details.sensitivity, details.importance, details.start) == ("private", "high", NINE)
