"""Halves of pairs that were begun and not heard of, and what befalls whoever has found one again."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from crosstie.domain.settings import EventWay, Wins
from sandbox.faults import Fault
from sandbox.mailboxes.calendar.model import Appointment
from tests.simulation.desk import CALENDAR, SOON, Desk
from tests.simulation.effects import WorkerDied
from tests.simulation.house import House, Make
from tests.simulation.sweep import DEATH_MINUTES
from tests.simulation.test_found import dies_before
from tests.simulation.test_handing_on import session_of
from tests.simulation.test_leading import ADA, BEN, is_quiet, office_of, outside, record, rounds
from tests.simulation.test_mirror import quiet
from tests.simulation.test_mirror_trouble import desk_of, settle


def once_sent(act: Callable[[], object]) -> Callable[[str], None]:
    """Somebody acts when the journal knows of a write and nothing was sent yet."""
    told: list[str] = []

    def before(name: str) -> None:
        if " /" in name and "journal.send" in told and "acted" not in told:
            told.append("acted")
            act()
        told.append(name)

    return before


def dies_over_a_write(desk: Desk, act: Callable[[], object]) -> None:
    """The journal knows of it and it was not sent yet; then somebody acts."""
    told: list[str] = []

    def before(name: str) -> None:
        told.append(name)
        if " /" in name and "journal.send" in told:
            act()
            raise WorkerDied(name)

    desk.house.effects.before = before
    with pytest.raises(WorkerDied):
        desk.sync()
    desk.house.pass_minutes(DEATH_MINUTES)
    desk.house.restart()


@pytest.mark.parametrize("deleted", [False, True])
def test_without_keys_a_record_that_was_found_again_is_known_whoever_dies_over_the_next_write(
    deleted: bool,
) -> None:
    """What it said when it was made is all that it is found by, and then somebody edits it."""
    desk = desk_of(keyed=False)
    appointment = desk.put(categories=("Salesforce",))
    desk.house.world.faults.add(Fault("lose_answer", "salesforce", "graph"))
    desk.sync()
    record_id = desk.event()["Id"]
    desk.house.pass_minutes(12)
    if deleted:
        desk.delete(appointment)
    else:
        desk.change(appointment, subject="Saw line offer")
    dies_over_a_write(desk, lambda: desk.edit(record_id, Location="Mill"))
    settle(desk)
    told = [(event["Subject"], event["Location"]) for event in desk.events()]
    assert told == ([] if deleted else [("Saw line offer", "Mill")])
    assert desk.subjects() == [subject for subject, _ in told]
    assert quiet(desk.house)


def test_a_record_that_was_begun_anew_is_made_once_though_a_colleague_is_first_to_go_on() -> None:
    """Its key is the next one, and nothing but what was begun says so."""
    house = office_of("ada", "ben", events_way=EventWay.TO_SALESFORCE)
    outside(house, [ADA, BEN], accepting=["ada"])
    rounds(house)
    ada = Desk(house, "ada")
    ada.erase(record(house)["Id"])
    house.pass_minutes(2)
    house.tick()
    house.effects.before = dies_before("states.save_position")
    with pytest.raises(WorkerDied):
        session_of(house, "ada")
    house.pass_minutes(DEATH_MINUTES)
    house.restart()
    Desk(house, "ben").answer("accepted")
    session_of(house, "ben")
    rounds(house)
    assert record(house)["OwnerId"] == ada.user
    assert is_quiet(house)


def test_without_keys_a_colleague_waits_for_whoever_has_begun_the_record_of_their_meeting() -> None:
    """Only who has begun it knows what it says, and by that it is found."""
    house = House(Make(settings=CALENDAR, keyed=False))
    house.round()
    outside(house, [ADA, BEN])
    house.pass_minutes(2)
    house.tick()
    house.effects.before = dies_before("states.save_position")
    with pytest.raises(WorkerDied):
        session_of(house, "ada")
    house.pass_minutes(DEATH_MINUTES)
    house.restart()
    session_of(house, "ben")
    house.pass_minutes(12)
    rounds(house)
    assert record(house)["OwnerId"] == Desk(house, "ada").user
    assert is_quiet(house)


@pytest.mark.parametrize("erased", [True, False])
def test_an_item_that_is_made_late_is_nobodys_though_its_event_is_not_wanted_by_then(erased: bool) -> None:
    """It bears our mark and its token, and nothing else says that no person has put it there."""
    desk = desk_of()
    record_id = desk.enter()
    desk.house.world.faults.add(Fault("finish_later", "graph", "events.create", delay=400.0))
    desk.sync()
    if erased:
        desk.erase(record_id)
    else:
        later = SOON + timedelta(days=75)
        desk.edit(record_id, StartDateTime=later, EndDateTime=later + timedelta(hours=1))
    settle(desk)
    assert desk.there() == []
    assert [event["Id"] for event in desk.events()] == ([] if erased else [record_id])
    assert quiet(desk.house)


def begun_anew(desk: Desk, item: Appointment) -> None:
    """The item's Event was deleted where that does not count, and whoever was to make it again died before."""
    desk.sync()
    desk.house.set("ada", events_way=EventWay.TO_SALESFORCE)
    desk.erase(desk.event()["Id"])
    dies_over_a_write(desk, lambda: None)
    assert desk.events() == []
    assert "Salesforce" in item.details.categories


def test_what_was_begun_anew_is_made_whatever_the_rules_say_by_then() -> None:
    """As it would have been if nobody had died: the rules are asked about what is new."""
    desk = desk_of()
    begun_anew(desk, desk.put())
    desk.house.set("ada", events_appointments=False)
    settle(desk)
    assert desk.event()["Subject"] == "Saw line"
    assert quiet(desk.house)


def test_what_was_begun_anew_and_is_private_by_then_keeps_no_mark() -> None:
    desk = desk_of()
    item = desk.put()
    begun_anew(desk, item)
    desk.change(item, sensitivity="private")
    settle(desk)
    assert desk.events() == []
    assert desk.only().details.categories == ()
    assert quiet(desk.house)


def test_what_was_made_private_before_its_event_was_deleted_is_not_made_anew() -> None:
    """Nobody knows any more what the Event said of it, and what it says now is nobody's business."""
    desk = desk_of()
    item = desk.put()
    desk.sync()
    desk.house.set("ada", events_way=EventWay.TO_SALESFORCE)
    desk.change(item, sensitivity="private", subject="Doctor")
    desk.erase(desk.event()["Id"])
    settle(desk)
    assert desk.events() == []
    assert desk.only().details.categories == ()
    assert quiet(desk.house)


def test_without_keys_what_was_edited_meanwhile_is_not_made_once_more_before_the_org_was_read() -> None:
    """By what the item says now its record is not found, and by what it said then only among what was read."""
    desk = desk_of(keyed=False)
    appointment = desk.put()
    desk.house.world.faults.add(Fault("lose_answer", "salesforce", "graph"))
    desk.sync()
    desk.house.pass_minutes(12)
    desk.change(appointment, subject="Saw line offer")
    session_of(desk.house, "ada")
    settle(desk)
    assert [event["Subject"] for event in desk.events()] == desk.subjects() == ["Saw line offer"]
    assert quiet(desk.house)


def test_who_edits_an_item_while_its_record_is_made_is_heard_though_the_answer_was_lost_and_salesforce_wins() -> (
    None
):
    """Nobody but us has written to the record: it says what we made it say, and that is nobody's edit."""
    house = House(Make(settings=replace(CALENDAR, events_conflicts=Wins.CRM)))
    house.round()
    desk = Desk(house)
    appointment = desk.put(categories=("Salesforce",))
    desk.house.world.faults.add(Fault("lose_answer", "salesforce", "graph"))
    desk.house.effects.before = once_sent(lambda: desk.change(appointment, subject="Saw line offer"))
    desk.sync()
    desk.house.effects.before = lambda _: None
    settle(desk)
    assert [event["Subject"] for event in desk.events()] == ["Saw line offer"]
    assert desk.subjects() == ["Saw line offer"]
    assert quiet(desk.house)
