"""Meetings of several people: one record for all of us, made by whose meeting it is."""

from dataclasses import replace
from datetime import timedelta

import pytest

from crosstie.domain.settings import MeetingUpdates, PrivateEvents
from sandbox.mailboxes.calendar import outsiders
from sandbox.mailboxes.calendar.model import Details
from sandbox.mailboxes.model import Person
from tests.simulation.desk import CALENDAR, SOON, Desk, house
from tests.simulation.house import House, Make, is_write

ADA, BEN, NORA = "ada@larch.test", "ben@larch.test", "nora@birchworks.test"


@pytest.fixture
def office() -> House:
    return house()


def why(desk: Desk) -> str:
    """What was said last of the person's only item."""
    (link,) = desk.links()
    return link.reason_code


def test_a_meeting_of_two_colleagues_and_a_customer_is_one_record(office: House) -> None:
    ada, ben = Desk(office, "ada"), Desk(office, "ben")
    ada.put("Saw line", guests=[BEN, NORA])
    ben.answer("accepted")
    ada.sync()
    ada.sync()
    event = ada.event()
    assert event["WhoId"] == office.company.contacts[NORA]
    assert ben.records() == {event["Id"]}
    assert [row["IsChild"] for row in ben.events("IsChild")] == [True]
    assert "Salesforce" in ben.only().details.categories
    ada.sync()
    assert not [one for one in office.counting(office.round) if is_write(one)]
    assert ada.mails_sent() == []


def test_a_colleague_waits_for_the_organizer(office: House) -> None:
    ada, ben = Desk(office, "ada"), Desk(office, "ben")
    office.set("ada", events_meetings=False)
    appointment = ada.put("Saw line", guests=[BEN, NORA])
    ben.answer("accepted")
    ada.sync()
    assert why(ben) == "EVENT-ORGANIZER"
    assert office.rows("Event", "Id") == []
    ada.change(appointment, categories=("Salesforce",))
    ada.sync()
    ada.sync()
    assert ben.records() == {ada.event()["Id"]}


def test_a_meeting_organized_outside_is_saved_once_for_all_of_us(office: House) -> None:
    ada, ben = Desk(office, "ada"), Desk(office, "ben")
    details = Details(subject="Demo", start=SOON, end=SOON + timedelta(hours=1), attendees=ada.invited(ADA, BEN))
    outsiders.invite(office.world.mailboxes, Person(NORA, "Nora Lindqvist"), details)
    ada.answer("accepted")
    ben.answer("accepted")
    for _ in range(3):
        ada.sync()
    parents = [row for row in office.rows("Event", "Id", "IsChild", "OwnerId", "WhoId") if not row["IsChild"]]
    assert len(parents) == 1
    assert parents[0]["WhoId"] == office.company.contacts[NORA]
    assert ada.records() == ben.records() == {parents[0]["Id"]}
    assert {row["OwnerId"] for row in office.rows("Event", "OwnerId")} == {ada.user, ben.user}
    assert sorted(link.role for link in (*ada.links(), *ben.links())) == ["copy", "lead"]
    assert not [one for one in office.counting(office.round) if is_write(one)]


def test_unanswered_and_declined_meetings_stay_out(office: House) -> None:
    office.world.switches.turn("calendar.declined_stay", True)
    ben = Desk(office, "ben")
    details = Details(subject="Demo", start=SOON, end=SOON + timedelta(hours=1), attendees=ben.invited(BEN))
    outsiders.invite(office.world.mailboxes, Person(NORA, "Nora Lindqvist"), details)
    ben.sync()
    assert why(ben) == "EVENT-UNANSWERED"
    ben.answer("declined")
    ben.sync()
    assert (why(ben), office.rows("Event", "Id")) == ("EVENT-DECLINED", [])


def test_who_comes_and_goes_and_what_they_answer_is_carried_over(office: House) -> None:
    ada, ben = Desk(office, "ada"), Desk(office, "ben")
    appointment = ada.put("Saw line", guests=[NORA])
    ada.sync()
    assert ben.events() == []
    ada.invite(appointment, BEN)
    ada.sync()
    assert ada.statuses() == {ben.user: "New"}
    ben.answer("accepted")
    ada.sync()
    assert ada.statuses() == {ben.user: "Accepted"}
    ada.disinvite(appointment, BEN)
    ada.sync()
    assert ada.statuses() == {}


def test_a_colleague_who_deletes_a_copy_declines_and_nothing_is_deleted(office: House) -> None:
    ada, ben = Desk(office, "ada"), Desk(office, "ben")
    ada.put("Saw line", guests=[BEN, NORA])
    ben.answer("accepted")
    ada.sync()
    ada.sync()
    ben.delete(ben.only())
    for _ in range(2):
        ada.sync()
    assert ada.event()["Subject"] == "Saw line"
    assert ada.statuses() == {ben.user: "Declined"}


def test_a_meeting_that_is_cancelled_goes(office: House) -> None:
    ada, ben = Desk(office, "ada"), Desk(office, "ben")
    appointment = ada.put("Saw line", guests=[BEN, NORA])
    ben.answer("accepted")
    ada.sync()
    ada.sync()
    ada.delete(appointment)
    for _ in range(3):
        ada.sync()
    assert office.rows("Event", "Id") == []


@pytest.mark.usefixtures("mail_is_wanted")
def test_a_record_s_new_time_is_announced_only_when_somebody_says_so(office: House) -> None:
    ada = Desk(office, "ada")
    ada.put("Saw line", guests=[NORA])
    ada.sync()
    sent = len(ada.mails_sent())
    ada.edit(ada.event()["Id"], StartDateTime=SOON + timedelta(hours=3))
    ada.sync()
    assert (why(ada), len(ada.mails_sent())) == ("EVENT-ASK", sent)
    assert ada.only().details.start == SOON
    office.set("ada", events_meeting_updates=MeetingUpdates.SEND)
    for _ in range(2):
        ada.sync()
    assert ada.only().details.start == SOON + timedelta(hours=3)
    assert len(ada.mails_sent()) == sent + 1


def test_that_a_new_time_was_not_sent_is_said_until_somebody_changes_something() -> None:
    """A vendor that moves an item's version at rest changes nothing."""
    switches = {"graph.change_key_moves_at_rest": True}
    kept = replace(CALENDAR, events_meeting_updates=MeetingUpdates.KEEP)
    ada = Desk(House(Make(settings=kept, switches=switches)))
    ada.sync()
    ada.put("Saw line", guests=[NORA])
    ada.sync()
    ada.edit(ada.event()["Id"], StartDateTime=SOON + timedelta(hours=3))
    ada.sync()
    version = ada.only().version
    for _ in range(20):
        ada.sync()
    assert ada.only().version > version
    assert why(ada) == "EVENT-NOT-SENT"


def test_what_became_private_goes_up_no_more_whatever_happens_in_salesforce(office: House) -> None:
    ada = Desk(office, "ada")
    appointment = ada.put("Open")
    ada.sync()
    ada.change(appointment, sensitivity="private", subject="Secret")
    ada.sync()
    ada.edit(ada.event()["Id"], Location="Room 2")
    ada.sync()
    ada.change(appointment, subject="Secret, too")
    ada.sync()
    assert ada.event()["Subject"] == "Open"
    ada.change(appointment, sensitivity="normal", subject="Open again")
    ada.sync()
    assert ada.event()["Subject"] == "Open again"


def test_a_held_time_never_learns_who_is_invited() -> None:
    ada = Desk(house(events_private=PrivateEvents.HOLD))
    appointment = ada.put("Secret", guests=[BEN, NORA], sensitivity="private")
    ada.sync()
    assert (ada.event()["Subject"], ada.statuses()) == ("Busy", {})
    ada.change(appointment, subject="Secret, moved", reminder=30)
    ada.sync()
    ada.invite(appointment, "cleo@larch.test")
    ada.sync()
    assert (ada.event()["Subject"], ada.statuses()) == ("Busy", {})
