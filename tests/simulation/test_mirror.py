"""One person's appointments, up and down: the first things anybody would try."""

from datetime import date, timedelta

import pytest

from sandbox.mailboxes.calendar.model import Place
from tests.simulation.desk import SOON, Desk, house
from tests.simulation.house import House, is_write


@pytest.fixture
def desk() -> Desk:
    return Desk(house())


def quiet(house: House) -> bool:
    """Whether a tick and a session of everybody write nothing."""
    return not [one for one in house.counting(house.round) if is_write(one)]


def test_an_appointment_goes_up_once(desk: Desk) -> None:
    desk.put("Saw line", text="Bring the plans.", places=(Place("Room 2"),), show_as="oof")
    desk.sync()
    event = desk.event()
    assert (event["Subject"], event["Location"], event["ShowAs"]) == ("Saw line", "Room 2", "OutOfOffice")
    assert event["Description"] == "Bring the plans."
    assert event["EndDateTime"] - event["StartDateTime"] == timedelta(hours=1)
    assert "Salesforce" in desk.only().details.categories
    desk.sync()
    assert quiet(desk.house)
    assert len(desk.events()) == 1


def test_a_whole_day_stays_a_day(desk: Desk) -> None:
    desk.put("Fair", date(2026, 11, 20))
    desk.sync()
    event = desk.event()
    assert event["IsAllDayEvent"] is True
    assert event["StartDateTime"].date() == date(2026, 11, 20)


def test_an_edit_goes_up(desk: Desk) -> None:
    appointment = desk.put()
    desk.sync()
    desk.change(appointment, subject="Saw line, at last")
    desk.move(appointment, timedelta(hours=2))
    desk.sync()
    event = desk.event()
    assert event["Subject"] == "Saw line, at last"
    assert event["StartDateTime"] == SOON + timedelta(hours=2)
    desk.sync()
    assert quiet(desk.house)


def test_an_edit_comes_down(desk: Desk) -> None:
    desk.put()
    desk.sync()
    desk.edit(desk.event()["Id"], Subject="Called otherwise", StartDateTime=SOON + timedelta(hours=1))
    desk.sync()
    details = desk.only().details
    assert (details.subject, details.start) == ("Called otherwise", SOON + timedelta(hours=1))
    desk.sync()
    assert quiet(desk.house)


def test_two_fields_edited_on_two_sides_both_arrive(desk: Desk) -> None:
    appointment = desk.put()
    desk.sync()
    desk.change(appointment, subject="From the mailbox")
    desk.edit(desk.event()["Id"], Location="From Salesforce")
    desk.sync()
    desk.sync()
    assert (desk.event()["Subject"], desk.event()["Location"]) == ("From the mailbox", "From Salesforce")
    details = desk.only().details
    assert (details.subject, [one.name for one in details.places]) == ("From the mailbox", ["From Salesforce"])


def test_of_one_field_edited_on_both_sides_the_mailbox_wins_and_the_other_is_kept(desk: Desk) -> None:
    appointment = desk.put()
    desk.sync()
    desk.change(appointment, subject="From the mailbox")
    desk.edit(desk.event()["Id"], Subject="From Salesforce")
    desk.sync()
    assert (desk.event()["Subject"], desk.only().details.subject) == ("From the mailbox", "From the mailbox")
    folder = desk.house.box("ada").folder("Salesforce Conflicts")
    assert folder is not None
    (note,) = desk.house.box("ada").messages_in(folder)
    assert "From Salesforce" in f"{note.mail.text or ''}{note.mail.html or ''}"


def test_an_event_of_salesforce_comes_down_without_attendees(desk: Desk) -> None:
    desk.enter("Call Nora", Location="Desk")
    desk.sync()
    details = desk.only().details
    assert (details.subject, details.start, details.attendees) == ("Call Nora", SOON, ())
    assert "Salesforce" in details.categories
    desk.sync()
    assert quiet(desk.house)
    assert len(desk.events()) == 1


def test_what_was_deleted_in_the_mailbox_is_deleted_in_salesforce(desk: Desk) -> None:
    appointment = desk.put()
    desk.sync()
    desk.delete(appointment)
    desk.sync()
    assert desk.events() == []
    assert quiet(desk.house)


def test_what_was_made_here_and_deleted_in_salesforce_stays_without_its_mark(desk: Desk) -> None:
    desk.put()
    desk.sync()
    desk.erase(desk.event()["Id"])
    desk.sync()
    assert "Salesforce" not in desk.only().details.categories
    desk.sync()
    assert desk.events() == []
    assert quiet(desk.house)


def test_what_was_made_in_salesforce_and_deleted_there_goes_here_too(desk: Desk) -> None:
    record_id = desk.enter()
    desk.sync()
    assert desk.subjects() == ["Call"]
    desk.erase(record_id)
    desk.sync()
    assert desk.there() == []
    assert quiet(desk.house)


def test_a_mark_that_was_taken_off_is_put_back(desk: Desk) -> None:
    appointment = desk.put()
    desk.sync()
    desk.change(appointment, categories=())
    desk.sync()
    assert "Salesforce" in desk.only().details.categories
    assert len(desk.events()) == 1


def test_nobody_is_mailed(desk: Desk) -> None:
    desk.put("With guests", guests=["nora@birchworks.test"])
    before = len(desk.mails_sent())
    desk.sync()
    desk.edit(desk.event()["Id"], Subject="Another name")
    desk.sync()
    assert len(desk.mails_sent()) == before
    assert desk.only().details.subject == "With guests"


def test_a_brought_event_is_edited_from_both_sides(desk: Desk) -> None:
    record_id = desk.enter()
    desk.sync()
    desk.change(desk.only(), subject="Renamed here")
    desk.sync()
    assert desk.event()["Subject"] == "Renamed here"
    desk.edit(record_id, Subject="Renamed there")
    desk.sync()
    assert desk.subjects() == ["Renamed there"]
    desk.sync()
    assert quiet(desk.house)


def test_a_brought_event_that_was_deleted_in_the_mailbox_is_deleted_on_both_sides(desk: Desk) -> None:
    desk.enter()
    desk.sync()
    desk.delete(desk.only())
    desk.sync()
    assert desk.events() == []


def test_what_leaves_the_window_is_left_alone_and_never_deleted_in_salesforce(desk: Desk) -> None:
    desk.put("Made here")
    desk.enter("Made there")
    desk.sync()
    assert desk.subjects() == ["Made here", "Made there"]
    desk.days(18)
    assert desk.subjects() == ["Made here"]
    assert "Salesforce" not in desk.only().details.categories
    assert sorted(event["Subject"] for event in desk.events()) == ["Made here", "Made there"]


def test_what_is_too_far_ahead_is_saved_when_its_time_comes(desk: Desk) -> None:
    desk.put("Far ahead", SOON + timedelta(days=70))
    desk.sync()
    assert desk.events() == []
    desk.days(14)
    assert desk.event()["Subject"] == "Far ahead"


def test_unsync_takes_it_out_of_salesforce_and_keeps_it_here(desk: Desk) -> None:
    appointment = desk.put()
    desk.sync()
    desk.change(appointment, categories=(*desk.only().details.categories, "Salesforce Unsync"))
    desk.sync()
    assert desk.events() == []
    assert desk.only().details.categories == ()
    desk.sync()
    assert desk.events() == []
    desk.change(desk.only(), categories=("Salesforce",))
    desk.sync()
    assert len(desk.events()) == 1
