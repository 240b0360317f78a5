"""Events that Crosstie's user is not shown for a while: nothing is done about them, and later it is made good."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from crosstie.domain.settings import PrivateEvents
from sandbox.faults import Fault
from sandbox.mailboxes.calendar.model import Appointment
from tests.simulation.desk import CALENDAR, SOON, Desk
from tests.simulation.house import House, Make, is_write
from tests.simulation.test_mirror import quiet

HOUR, DAY = 60, 24 * 60


@pytest.fixture
def desk() -> Desk:
    house = House(Make(settings=CALENDAR, sees_all=False))
    house.round()
    return Desk(house)


def rename(desk: Desk, item: Appointment) -> None:
    desk.change(item, subject="Saw line offer")


def delete(desk: Desk, item: Appointment) -> None:
    desk.delete(item)


def take_out(desk: Desk, item: Appointment) -> None:
    desk.change(item, categories=("Salesforce", "Salesforce Unsync"))


@pytest.mark.parametrize(("act", "told"), [(rename, ["Saw line offer"]), (delete, []), (take_out, [])])
def test_what_was_done_in_the_mailbox_meanwhile_is_carried_over_within_a_day(
    desk: Desk, act: Callable[[Desk, Appointment], None], told: list[str]
) -> None:
    """That an Event is shown again nothing tells: no stamp moves."""
    item = desk.put()
    desk.sync()
    desk.house.pass_minutes(HOUR)  # the tick does not tell of it any more
    desk.sync()
    desk.house.take_out_of_sight(desk.event()["Id"], HOUR)
    act(desk, item)
    desk.sync()
    assert "EVENT-HIDDEN" in desk.reasons()
    assert [event["Subject"] for event in desk.events()] == ["Saw line"]
    desk.days(2)
    assert [event["Subject"] for event in desk.events()] == told
    assert quiet(desk.house)


@pytest.mark.parametrize("unknown", [True, False])
def test_an_event_that_goes_out_of_sight_before_it_is_deleted_is_deleted_later(unknown: bool) -> None:
    """`unknown`: the org says of it what it says of one that is no more."""
    switches = {"salesforce.unseen_row_is_unknown": unknown}
    house = House(Make(settings=CALENDAR, sees_all=False, switches=switches))
    house.round()
    desk = Desk(house)
    item = desk.put()
    desk.sync()
    desk.house.pass_minutes(HOUR)
    desk.sync()
    record_id = desk.event()["Id"]

    def before(name: str) -> None:
        if name == "journal.send":
            desk.house.take_out_of_sight(record_id, HOUR)

    desk.delete(item)
    desk.house.effects.before = before
    desk.sync()
    desk.house.effects.before = None
    assert len(desk.events()) == 1
    desk.days(2)
    assert desk.events() == []
    assert quiet(desk.house)


def test_what_was_done_in_salesforce_meanwhile_is_carried_over_where_somebody_asked_for_it(desk: Desk) -> None:
    item = desk.put()
    desk.sync()
    desk.house.pass_minutes(HOUR)
    desk.sync()
    record_id = desk.event()["Id"]
    desk.house.take_out_of_sight(record_id, HOUR)
    desk.change(item, subject="Saw line offer")
    desk.sync()
    desk.edit(record_id, Location="Mill")
    desk.days(2)
    (place,) = desk.only().details.places
    assert (place.name, desk.event()["Subject"]) == ("Mill", "Saw line offer")
    assert quiet(desk.house)


def test_an_event_that_is_not_shown_any_more_when_it_is_to_come_down_comes_down_a_day_later(desk: Desk) -> None:
    """The org's log has told of it once."""
    record_id = desk.enter()
    desk.house.pass_minutes(2)
    desk.house.tick()
    desk.house.take_out_of_sight(record_id, HOUR)
    desk.house.sync()
    assert desk.there() == []
    desk.days(2)
    assert desk.subjects() == ["Call"]
    assert quiet(desk.house)


def test_an_event_that_was_not_shown_when_its_time_came_comes_down_a_day_later(desk: Desk) -> None:
    record_id = desk.enter(start=SOON + timedelta(days=62))
    desk.sync()
    assert desk.there() == []
    desk.days(3)
    desk.house.take_out_of_sight(record_id, 2 * DAY + HOUR)
    desk.days(2)
    assert desk.there() == []
    desk.days(3)
    assert desk.subjects() == ["Call"]
    assert quiet(desk.house)


def test_an_item_that_was_deleted_meanwhile_and_is_found_by_its_id_takes_its_event_along() -> None:
    house = House(Make(settings=CALENDAR, sees_all=False, switches={"graph.deleted_event_is_found": True}))
    house.round()
    desk = Desk(house)
    item = desk.put()
    desk.sync()
    house.pass_minutes(HOUR)
    desk.sync()
    house.take_out_of_sight(desk.event()["Id"], HOUR)
    desk.delete(item)
    desk.sync()
    desk.days(2)
    assert desk.events() == []


def test_an_event_of_whose_making_nobody_heard_and_that_is_not_shown_is_asked_for_once_a_day() -> None:
    """Its key is taken, and by what nobody says: its private Event is shown to whom it belongs alone."""
    settings = replace(CALENDAR, events_private=PrivateEvents.SAVE)
    house = House(Make(settings=settings, sees_all=False, switches={"salesforce.duplicate_names_holder": False}))
    house.round()
    desk = Desk(house)
    desk.put(sensitivity="private")
    house.world.faults.add(Fault("lose_answer", "salesforce", "graph"))
    for _ in range(8):
        desk.sync()
    assert len(desk.events()) == 1
    assert "EVENT-HIDDEN" in desk.reasons()
    assert quiet(house)
    asked = house.counting(lambda: desk.days(3))
    assert len([entry for entry in asked if is_write(entry)]) == 3
    assert len(desk.events()) == 1
