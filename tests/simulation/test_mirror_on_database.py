"""The life of a meeting with PostgreSQL as the store, where all other scenes have it in memory."""

from datetime import timedelta

import pytest

from tests.simulation.desk import SOON, Desk, house
from tests.simulation.house import House, is_write

BEN, NORA = "ben@larch.test", "nora@birchworks.test"


@pytest.fixture
def office(tables: None) -> House:
    return house(on_database=True)


def quiet(office: House) -> bool:
    return not [one for one in office.counting(office.round) if is_write(one)]


def test_a_meeting_lives_on_both_sides_until_it_is_deleted(office: House) -> None:
    ada, ben = Desk(office, "ada"), Desk(office, "ben")
    meeting = ada.put("Saw line", guests=[BEN, NORA])
    ben.answer("accepted")
    ada.sync()
    ada.sync()
    event = ada.event()
    assert event["WhoId"] == office.company.contacts[NORA]
    assert "Salesforce" in ben.only().details.categories, "it points to the same Event"
    assert quiet(office)
    ada.move(meeting, timedelta(hours=2))
    ada.sync()
    assert ada.event()["StartDateTime"] == SOON + timedelta(hours=2)
    ada.delete(meeting)
    ada.sync()
    ada.sync()
    assert ada.events() == []
    assert quiet(office)


def test_an_event_comes_down_and_what_becomes_of_it_too(office: House) -> None:
    ada = Desk(office, "ada")
    made = ada.put("Fair")
    ada.sync()
    ada.edit(ada.event()["Id"], Subject="Spring fair")
    ada.sync()
    assert ada.only().details.subject == "Spring fair"
    assert quiet(office)
    ada.change(made, subject="Autumn fair")
    ada.sync()
    assert ada.event()["Subject"] == "Autumn fair"


def test_a_meeting_of_a_colleague_who_does_not_save_is_saved_for_an_attendee_and_taken_over(office: House) -> None:
    ada, ben = Desk(office, "ada"), Desk(office, "ben")
    office.set("ada", events_meetings=False)
    ada.put("Saw line", SOON + timedelta(days=8), guests=[BEN, NORA])
    ben.answer("accepted")
    ben.days(3)
    assert [row["IsChild"] for row in ben.events("IsChild")] == [False]
    office.set("ada", events_meetings=True)
    ada.sync()
    ada.sync()
    assert [row["IsChild"] for row in ada.events("IsChild")] == [False]
    assert [row["IsChild"] for row in ben.events("IsChild")] == [True]
    assert quiet(office)
