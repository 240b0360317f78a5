"""Events that go one way only: what is changed on the other side is taken back, and kept as a note."""

from datetime import timedelta
from typing import Any

import pytest

from crosstie.domain.settings import EventWay, MeetingUpdates
from sandbox.faults import Fault
from tests.simulation.desk import SOON, Desk, house
from tests.simulation.life import NOTES
from tests.simulation.test_mirror import quiet
from tests.simulation.test_mirror_trouble import settle

BEN, NORA = "ben@larch.test", "nora@birchworks.test"


def notes(desk: Desk) -> list[str]:
    box = desk.house.box(desk.person)
    folder = box.folder(NOTES)
    return [f"{one.mail.text or ''}{one.mail.html or ''}" for one in box.messages_in(folder)] if folder else []


def to_salesforce() -> Desk:
    return Desk(house(events_way=EventWay.TO_SALESFORCE))


def from_salesforce(**settings: Any) -> Desk:
    """One Event came down."""
    desk = Desk(house(events_way=EventWay.FROM_SALESFORCE, **settings))
    desk.enter("Call", Location="Desk")
    desk.sync()
    return desk


# -- to Salesforce -------------------------------------------------------------------------------------
def test_a_change_in_salesforce_is_taken_back_and_noted() -> None:
    desk = to_salesforce()
    desk.put("Saw line")
    desk.sync()
    desk.edit(desk.event()["Id"], Subject="Otherwise", StartDateTime=SOON + timedelta(hours=2))
    settle(desk)
    assert (desk.event()["Subject"], desk.event()["StartDateTime"]) == ("Saw line", SOON)
    assert desk.subjects() == ["Saw line"]
    assert "EVENT-TAKEN-BACK" in desk.reasons()
    (note,) = notes(desk)
    assert "Otherwise" in note
    assert quiet(desk.house)


def test_of_a_change_on_both_sides_the_mailbox_s_goes_up() -> None:
    desk = to_salesforce()
    appointment = desk.put("Saw line")
    desk.sync()
    desk.change(appointment, subject="From the mailbox")
    desk.edit(desk.event()["Id"], Subject="From Salesforce", Location="There")
    settle(desk)
    assert (desk.event()["Subject"], desk.event()["Location"]) == ("From the mailbox", None)
    assert len(notes(desk)) == 1
    assert quiet(desk.house)


def test_a_delete_in_salesforce_is_taken_back() -> None:
    desk = to_salesforce()
    appointment = desk.put("Saw line")
    desk.sync()
    first = desk.event()["Id"]
    desk.erase(first)
    settle(desk)
    second = desk.event()["Id"]
    assert (desk.event()["Subject"], first != second) == ("Saw line", True)
    assert "Salesforce" in desk.only().details.categories
    desk.change(appointment, subject="Saw line, at last")
    settle(desk)
    assert desk.event()["Subject"] == "Saw line, at last"
    desk.erase(second)
    desk.change(appointment, subject="Edited while it was deleted")
    settle(desk)
    assert desk.event()["Subject"] == "Edited while it was deleted"
    assert quiet(desk.house)


def test_a_meeting_whose_record_was_deleted_is_there_again_for_all_of_us() -> None:
    office = house(events_way=EventWay.TO_SALESFORCE)
    ada, ben = Desk(office, "ada"), Desk(office, "ben")
    ada.put("Saw line", guests=[BEN, NORA])
    ben.answer("accepted")
    settle(ada)
    ada.erase(ada.event()["Id"])
    settle(ada)
    assert ada.event()["WhoId"] == office.company.contacts[NORA]
    assert ben.records() == {ada.event()["Id"]}
    assert quiet(office)


def test_what_is_made_in_salesforce_still_comes_down_and_its_deletion_too() -> None:
    desk = to_salesforce()
    record_id = desk.enter("Call")
    desk.sync()
    assert desk.subjects() == ["Call"]
    desk.change(desk.only(), subject="Call Nora")
    settle(desk)
    assert desk.event()["Subject"] == "Call Nora"
    desk.erase(record_id)
    settle(desk)
    assert (desk.there(), desk.events()) == ([], [])


def test_where_the_note_cannot_be_written_nothing_is_taken_back() -> None:
    desk = to_salesforce()
    desk.put("Saw line")
    desk.sync()
    desk.edit(desk.event()["Id"], Subject="Otherwise")
    desk.house.world.faults.add(Fault("refuse", "graph", "messages.create*", times=50, status=503))
    desk.house.world.faults.add(Fault("refuse", "graph", "folders.create*", times=50, status=503))
    desk.sync()
    assert desk.event()["Subject"] == "Otherwise"
    desk.house.world.faults.clear()
    settle(desk)
    assert desk.event()["Subject"] == "Saw line"
    assert len(notes(desk)) == 1


# -- from Salesforce -----------------------------------------------------------------------------------
def test_a_change_in_the_mailbox_is_taken_back_and_noted() -> None:
    desk = from_salesforce()
    desk.change(desk.only(), subject="Call me")
    desk.move(desk.only(), timedelta(hours=1))
    settle(desk)
    details = desk.only().details
    assert (details.subject, details.start, desk.event()["Subject"]) == ("Call", SOON, "Call")
    (note,) = notes(desk)
    assert "Call me" in note
    assert quiet(desk.house)


def test_a_delete_in_the_mailbox_is_taken_back() -> None:
    desk = from_salesforce()
    for _ in range(2):
        desk.delete(desk.only())
        settle(desk)
        assert desk.subjects() == ["Call"]
    assert "EVENT-MADE-AGAIN" in desk.reasons()
    desk.edit(desk.event()["Id"], Subject="Call Nora")
    settle(desk)
    assert (desk.subjects(), len(desk.events())) == (["Call Nora"], 1)
    assert quiet(desk.house)


def test_a_change_in_salesforce_comes_down_as_ever_and_nothing_is_saved() -> None:
    desk = from_salesforce()
    desk.put("Not saved", SOON + timedelta(hours=3))
    desk.edit(desk.event()["Id"], Subject="Call Nora")
    settle(desk)
    assert desk.subjects() == ["Call Nora", "Not saved"]
    assert len(desk.events()) == 1
    assert quiet(desk.house)


def test_what_was_saved_before_is_not_deleted_with_its_item() -> None:
    desk = Desk(house())
    appointment = desk.put("Saw line")
    desk.sync()
    desk.house.set("ada", events_way=EventWay.FROM_SALESFORCE)
    desk.delete(appointment)
    settle(desk)
    assert desk.event()["Subject"] == "Saw line"
    assert quiet(desk.house)


@pytest.mark.usefixtures("mail_is_wanted")
@pytest.mark.parametrize("updates", list(MeetingUpdates))
def test_nobody_is_mailed_by_taking_back_what_attendees_were_told(updates: MeetingUpdates) -> None:
    desk = from_salesforce(events_meeting_updates=updates)
    desk.invite(desk.only(), NORA)
    desk.sync()
    desk.change(desk.only(), subject="Call us")
    sent = len(desk.mails_sent())
    settle(desk)
    told = updates is MeetingUpdates.SEND
    assert (desk.subjects(), len(desk.mails_sent())) == (["Call"] if told else ["Call us"], sent + told)
    assert desk.event()["Subject"] == "Call"
    assert quiet(desk.house)
    if updates is MeetingUpdates.ASK:
        assert "EVENT-ASK" in desk.reasons()
        desk.house.set("ada", events_meeting_updates=MeetingUpdates.SEND)
        settle(desk)
        assert (desk.subjects(), len(desk.mails_sent())) == (["Call"], sent + 1)
        assert "Call us" in notes(desk)[0]
