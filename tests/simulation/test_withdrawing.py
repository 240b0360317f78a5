"""What came from Salesforce goes out of the calendar again when a switch or a field's value says so."""

from datetime import timedelta

import pytest

from crosstie.domain.settings import Wins
from crosstie.engine.mirror import foreseeing
from crosstie.rules.calendar.deletion import Happening
from sandbox.faults import Fault
from sandbox.mailboxes.calendar.model import Appointment
from sandbox.salesforce.schema.facts import Field
from tests.simulation.desk import CALENDAR, SOON, Desk, house
from tests.simulation.house import House, Make
from tests.simulation.test_mirror import quiet
from tests.simulation.test_mirror_trouble import settle

BEN, NORA = "ben@larch.test", "nora@birchworks.test"
STATUS = Field("Status__c", "picklist", 40, "NcufsgR", values=("Open", "Vacated"), label="Status", custom=True)
DONE = Field("Done__c", "boolean", 0, "cufsgD", default=False, label="Done", custom=True)
LATER = SOON + timedelta(hours=2)


@pytest.fixture
def desk() -> Desk:
    return Desk(house())


def called(desk: Desk, subject: str) -> Appointment:
    return next(one for one in desk.there() if one.details.subject == subject)


def record(desk: Desk, subject: str) -> str:
    return str(next(one["Id"] for one in desk.events() if one["Subject"] == subject))


def switch(desk: Desk, on: bool) -> None:
    desk.house.set(desk.person, events_down=on)
    desk.house.store.wake(desk.house.ids[desk.person])


# -- the switch that brings Events down ----------------------------------------------------------------
def test_switched_off_what_came_goes_and_salesforce_keeps_it(desk: Desk) -> None:
    desk.put("Made here")
    desk.enter("Made there", LATER)
    desk.sync()
    switch(desk, on=False)
    desk.sync()
    assert desk.subjects() == ["Made here"]
    assert sorted(event["Subject"] for event in desk.events()) == ["Made here", "Made there"]
    assert "EVENT-SWITCHED-OFF" in desk.reasons()
    desk.change(called(desk, "Made here"), subject="Goes up as ever")
    desk.enter("Too late", LATER + timedelta(hours=2))
    settle(desk)
    assert record(desk, "Goes up as ever")
    assert desk.subjects() == ["Goes up as ever"]
    assert quiet(desk.house)


@pytest.mark.parametrize("alone", [True, False])
def test_switched_on_again_it_comes_back(alone: bool) -> None:
    """Also where it was the only switch, so that the calendar is not looked at in between."""
    desk = Desk(house(events_meetings=not alone, events_appointments=not alone))
    for number in range(30):
        desk.enter(f"Call {number:02}", SOON + timedelta(hours=number))
    desk.sync()
    assert len(desk.there()) == 30
    switch(desk, on=False)
    settle(desk)
    assert desk.there() == [], "what somebody was shown is not held back however much it is"
    assert quiet(desk.house)
    desk.edit(record(desk, "Call 07"), Subject="Meanwhile")
    settle(desk)
    assert desk.there() == []
    switch(desk, on=True)
    settle(desk)
    assert desk.subjects() == sorted([*(f"Call {n:02}" for n in range(30) if n != 7), "Meanwhile"])
    assert len(desk.events()) == 30
    assert quiet(desk.house)


def test_an_edit_that_nobody_carried_over_yet_goes_up_first(desk: Desk) -> None:
    desk.enter("Call")
    desk.sync()
    desk.change(desk.only(), subject="Call Nora")
    switch(desk, on=False)
    settle(desk)
    assert (desk.there(), desk.event()["Subject"]) == ([], "Call Nora")
    assert quiet(desk.house)


def test_what_is_deleted_by_hand_after_the_switch_stays_in_salesforce(desk: Desk) -> None:
    desk.enter("Call")
    desk.sync()
    switch(desk, on=False)
    desk.delete(desk.only())
    settle(desk)
    assert desk.event()["Subject"] == "Call"
    switch(desk, on=True)
    settle(desk)
    assert desk.subjects() == ["Call"]


def test_what_somebody_was_invited_to_stays_and_is_left_alone(desk: Desk) -> None:
    record_id = desk.enter("Call")
    desk.sync()
    desk.invite(desk.only(), NORA)
    sent = len(desk.mails_sent())
    desk.sync()
    switch(desk, on=False)
    settle(desk)
    assert desk.subjects() == ["Call"]
    assert desk.only().details.categories == ()
    desk.edit(record_id, Location="There")
    desk.change(desk.only(), text="Here")
    settle(desk)
    assert desk.only().details.places == ()
    assert quiet(desk.house)
    assert len(desk.mails_sent()) == sent
    switch(desk, on=True)
    settle(desk)
    assert "Salesforce" in desk.only().details.categories
    assert "EVENT-ASK" in desk.reasons(), "what was changed meanwhile is met as ever"


def test_switched_on_again_before_a_session_nothing_went(desk: Desk) -> None:
    desk.enter("Call")
    desk.sync()
    appointment = desk.only()
    switch(desk, on=False)
    switch(desk, on=True)
    settle(desk)
    assert desk.only() is appointment


def test_a_person_who_edits_in_the_last_moment_is_heard(desk: Desk) -> None:
    """The item is deleted only as it was seen; as one of a pair it goes up first."""
    desk.enter("Call")
    desk.sync()
    switch(desk, on=False)
    appointment = desk.only()

    def edit(name: str) -> None:
        if name == "journal.send":
            desk.house.effects.before = None
            desk.change(appointment, subject="In the last moment")

    desk.house.effects.before = edit
    settle(desk)
    assert (desk.there(), desk.event()["Subject"]) == ([], "In the last moment")


def test_what_would_go_is_told_before(desk: Desk) -> None:
    desk.put("Made here")
    for number in range(3):
        desk.enter(f"Call {number}", SOON + timedelta(hours=3 - number))
    desk.sync()
    desk.invite(called(desk, "Call 1"), NORA)
    before = desk.house.world.requests.count
    found = foreseeing.foresee(desk.house.ports, desk.house.ids["ada"], Happening.DOWN_OFF)
    assert [one.subject for one in found.going] == ["Call 2", "Call 0"]
    assert (found.staying, found.unseen) == (1, 0)
    assert desk.house.world.requests.count - before <= 2
    assert foreseeing.count(desk.house.ports, desk.house.ids["ada"]) == 3
    switch(desk, on=False)
    settle(desk)
    assert desk.subjects() == ["Call 1", "Made here"]
    assert foreseeing.count(desk.house.ports, desk.house.ids["ada"]) == 0


def test_a_delete_that_nobody_heard_of_is_made_good(desk: Desk) -> None:
    desk.enter("Call")
    desk.sync()
    switch(desk, on=False)
    desk.house.world.faults.add(Fault("lose_answer", "graph", "events.delete"))
    desk.house.world.faults.add(Fault("drop_before", "graph", "batch", skip=2))
    settle(desk)
    assert (desk.there(), len(desk.events())) == ([], 1)
    assert quiet(desk.house)
    switch(desk, on=True)
    settle(desk)
    assert desk.subjects() == ["Call"]


# -- a field's value -----------------------------------------------------------------------------------
def vacated(*, conditions: tuple[str, ...] = ("Status__c=Vacated",)) -> Desk:
    made = House(Make(settings=CALENDAR))
    for field in (STATUS, DONE):
        made.org.core.add_field("Event", field)
    made.round()
    for person in made.ids:
        made.set(person, events_unsync=conditions)
    return Desk(made)


def test_a_value_takes_what_came_out_and_another_one_brings_it_back() -> None:
    desk = vacated()
    record_id = desk.enter("Hearing", Status__c="Open")
    desk.sync()
    assert desk.subjects() == ["Hearing"]
    desk.edit(record_id, Status__c="Vacated")
    settle(desk)
    assert (desk.there(), desk.event()["Subject"]) == ([], "Hearing")
    assert "EVENT-CONDITION" in desk.reasons()
    assert quiet(desk.house)
    desk.edit(record_id, Subject="Hearing, again", Status__c="Open")
    settle(desk)
    assert desk.subjects() == ["Hearing, again"]
    assert quiet(desk.house)
    desk.edit(record_id, Status__c="Vacated")
    settle(desk)
    desk.edit(record_id, Status__c=None)
    settle(desk)
    assert (desk.subjects(), len(desk.events())) == (["Hearing, again"], 1)


@pytest.mark.parametrize("guests", [(), (NORA,)])
def test_what_was_made_in_the_mailbox_stays_unmarked_until_the_value_is_another_one(
    guests: tuple[str, ...],
) -> None:
    desk = vacated(conditions=("Status__c=Vacated", "Done__c=true"))
    desk.put("Hearing", guests=guests)
    desk.sync()
    record_id = desk.event()["Id"]
    desk.edit(record_id, Done__c=True)
    settle(desk)
    assert desk.only().details.categories == ()
    desk.change(desk.only(), subject="Hearing of Elm")
    settle(desk)
    assert desk.event()["Subject"] == "Hearing"
    assert quiet(desk.house)
    desk.edit(record_id, Done__c=False, ShowAs="Free")
    settle(desk)
    assert desk.event()["Subject"] == "Hearing of Elm"
    assert desk.only().details.show_as == "free"
    assert "Salesforce" in desk.only().details.categories
    assert (len(desk.there()), len(desk.events())) == (1, 1)
    assert quiet(desk.house)


def looks_at_once(desk: Desk) -> list[str]:
    """What is said of pairs that the next session looks at, whatever happens."""
    now = desk.house.clock.now()
    return [link.reason_code for link in desk.links() if link.recheck_at and link.recheck_at <= now]


def test_what_waits_for_its_person_is_not_looked_at_by_each_session_where_a_value_keeps_it_out() -> None:
    """Nor is it taken aside meanwhile: both sides have said something else."""
    desk = vacated()
    desk.house.set("ada", events_conflicts=Wins.CRM)
    desk.put("Hearing", guests=(NORA,))
    desk.sync()
    desk.edit(desk.event()["Id"], Subject="Hearing, there", Status__c="Vacated")
    desk.change(desk.only(), subject="Hearing, here")
    settle(desk)
    assert [link.reason_code for link in desk.links()] == ["EVENT-ASK"]
    assert looks_at_once(desk) == []


def test_who_comes_to_follow_what_a_value_keeps_out_is_not_looked_at_by_each_session() -> None:
    """Its organizer has edited it since, and carries nothing over for now."""
    desk = vacated()
    ben = Desk(desk.house, "ben")
    desk.put("Hearing", guests=(BEN, NORA))
    desk.sync()
    desk.edit(desk.event()["Id"], Status__c="Vacated")
    settle(desk)
    ben.answer("accepted")
    desk.sync()
    desk.change(desk.only(), subject="Hearing of Elm")
    settle(desk)
    assert [link.reason_code for link in ben.links()] == ["EVENT-SHARED"]
    assert looks_at_once(ben) == []


def test_a_condition_that_is_added_and_taken_back_counts_for_what_is_there() -> None:
    desk = vacated(conditions=())
    desk.enter("Hearing", Status__c="Vacated")
    desk.sync()
    assert desk.subjects() == ["Hearing"]
    desk.house.set("ada", events_unsync=("Status__c=Vacated",))
    settle(desk)
    assert desk.there() == []
    desk.house.set("ada", events_unsync=())
    settle(desk)
    assert desk.subjects() == ["Hearing"]
    assert quiet(desk.house)


def test_what_a_value_keeps_out_may_be_deleted_by_hand() -> None:
    desk = vacated()
    desk.put("Hearing")
    desk.sync()
    desk.edit(desk.event()["Id"], Status__c="Vacated")
    settle(desk)
    desk.delete(desk.only())
    settle(desk)
    assert desk.event()["Subject"] == "Hearing"
    desk.edit(desk.event()["Id"], Status__c="Open")
    settle(desk)
    assert desk.there() == []
    assert quiet(desk.house)


def test_many_that_a_value_keeps_out_are_asked_about_first() -> None:
    desk = vacated(conditions=())
    desk.house.set("ada", events_removals=3, events_removals_percent=0)
    for number in range(5):
        desk.enter(f"Hearing {number}", SOON + timedelta(hours=number), Status__c="Vacated")
    desk.sync()
    desk.house.set("ada", events_unsync=("Status__c=Vacated",))
    settle(desk)
    assert len(desk.there()) == 5
    assert "EVENT-GUARD-MAILBOX" in desk.reasons()
    desk.house.set("ada", events_removals=5)
    settle(desk)
    assert desk.there() == []


def test_a_field_that_cannot_be_compared_is_said_and_keeps_nothing_out() -> None:
    desk = vacated(conditions=("status__c=Vacated", "StartDateTime=2026", "Nowhere__c=1"))
    desk.enter("Hearing", Status__c="Open")
    desk.enter("Vacated", LATER, Status__c="Vacated")
    desk.sync()
    assert desk.subjects() == ["Hearing"]
    assert desk.house.errors["EVENT-CONDITION-FIELD"] > 0
    before = sum(desk.house.errors.values())
    desk.house.set("ada", events_unsync=("status__c=Vacated",))
    desk.house.force("ada")
    assert sum(desk.house.errors.values()) == before


def test_a_value_keeps_out_what_was_given_away_too() -> None:
    desk = vacated(conditions=())
    desk.put("Hearing", guests=["nora@birchworks.test"])
    desk.sync()
    record_id = desk.event()["Id"]
    desk.edit(record_id, Status__c="Vacated", OwnerId=Desk(desk.house, "ben").user)
    settle(desk)
    assert [link.reason_code for link in desk.links()] == ["EVENT-GIVEN-AWAY"]
    desk.house.set("ada", events_unsync=("Status__c=Vacated",))
    settle(desk)
    assert [link.reason_code for link in desk.links()] == ["EVENT-CONDITION"]
