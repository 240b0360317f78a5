"""Another product copies what we write: few copies, a stop, and it goes on once that is off and they are gone."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest

from sandbox.salesforce.switches import RIVAL_COPIES_EVENTS
from tests.simulation.desk import CALENDAR, SOON, Desk, house
from tests.simulation.house import House, Make
from tests.simulation.test_mirror import quiet
from tests.simulation.test_mirror_trouble import settle

HELD = ("EVENT-COPY", "EVENT-COPY-WAITS")


def beside(desk: Desk, *, on: bool) -> None:
    desk.house.world.switches.turn(RIVAL_COPIES_EVENTS.name, on)


def rounds(desk: Desk, count: int) -> None:
    """Of both products."""
    for _ in range(count):
        desk.house.pass_minutes(32)
        desk.house.round()


def held(desk: Desk) -> Counter[str]:
    return Counter(link.reason_code for link in desk.links() if link.reason_code in HELD)


def made(desk: Desk) -> int:
    """Items and Events that we made, which is to say: pairs."""
    return sum(link.bond == "joined" for link in desk.links())


def look_again(desk: Desk, word: str = "") -> None:
    """As the buttons of the page Issues do (store/recheck.py)."""
    for place, row in list(desk.house.memory.links.items()):
        if row.link.reason_code in HELD:
            link = row.link
            if word and link.reason_code == HELD[0]:
                link = replace(link, reason_code=word)
            desk.house.memory.look_again(place, replace(row, link=link))


def doubled(*titles: str) -> Desk:
    desk = Desk(house())
    for number, title in enumerate(titles):
        desk.put(title, SOON + timedelta(hours=number))
    desk.sync()
    assert made(desk) == len(titles)
    return desk


def test_few_copies_are_made_and_then_none() -> None:
    desk = doubled("Saw line")
    beside(desk, on=True)
    rounds(desk, 2)
    assert made(desk) == 3
    assert held(desk)["EVENT-COPY"] >= 1
    rounds(desk, 3)
    assert made(desk) == 3, "nothing is made while copies appear"
    desk.put("New one", SOON + timedelta(hours=5))
    rounds(desk, 1)
    assert held(desk)["EVENT-COPY-WAITS"] >= 1
    assert made(desk) == 3


def test_a_calendar_that_is_copied_whole_is_stopped_at_once() -> None:
    desk = doubled("First", "Second", "Third", "Fourth")
    beside(desk, on=True)
    rounds(desk, 1)
    assert made(desk) == 4
    assert held(desk) == {"EVENT-COPY": 8}


def test_what_is_there_is_kept_in_step_meanwhile() -> None:
    desk = doubled("First", "Second", "Third", "Fourth")
    first = next(one for one in desk.there() if one.details.subject == "First")
    beside(desk, on=True)
    rounds(desk, 1)
    desk.change(first, subject="First, moved")
    beside(desk, on=False)
    rounds(desk, 1)
    assert "First, moved" in {event["Subject"] for event in desk.events()}


def test_all_goes_on_once_the_product_is_off_and_the_copies_are_deleted() -> None:
    desk = doubled("First", "Second", "Third", "Fourth")
    own = {one.number for one in desk.there()}, {event["Id"] for event in desk.events()}
    beside(desk, on=True)
    rounds(desk, 1)
    beside(desk, on=False)
    desk.put("Fifth", SOON + timedelta(hours=9))
    rounds(desk, 1)
    assert held(desk) == {"EVENT-COPY": 8, "EVENT-COPY-WAITS": 1}
    for one in desk.there():
        if one.number not in own[0] and one.details.subject != "Fifth":
            desk.delete(one)
    for event in desk.events():
        if event["Id"] not in own[1]:
            desk.erase(event["Id"])
    look_again(desk)
    settle(desk)
    assert sorted(event["Subject"] for event in desk.events()) == ["Fifth", "First", "Fourth", "Second", "Third"]
    assert desk.subjects() == ["Fifth", "First", "Fourth", "Second", "Third"]
    assert not held(desk)
    assert quiet(desk.house)


def test_a_look_while_they_are_there_changes_nothing() -> None:
    desk = doubled("First", "Second", "Third", "Fourth")
    beside(desk, on=True)
    rounds(desk, 1)
    beside(desk, on=False)
    before = desk.subjects(), len(desk.events())
    look_again(desk)
    settle(desk)
    assert (desk.subjects(), len(desk.events())) == before
    assert held(desk) == {"EVENT-COPY": 8}


def test_what_is_said_to_be_meant_is_made_and_is_like_no_other() -> None:
    desk = doubled("First", "Second", "Third", "Fourth")
    beside(desk, on=True)
    rounds(desk, 1)
    beside(desk, on=False)
    look_again(desk, "EVENT-COPY-MEANT")
    settle(desk)
    assert made(desk) == 12
    assert (len(desk.there()), len(desk.events())) == (12, 12)
    desk.put("First", SOON)
    settle(desk)
    assert (made(desk), not held(desk)) == (13, True)


@pytest.mark.parametrize("times", [2, 4])
def test_a_person_may_have_some_that_say_the_same(times: int) -> None:
    desk = Desk(house())
    for _ in range(times):
        desk.put("Lunch")
    desk.sync()
    assert (made(desk), not held(desk)) == (times, True)
    assert len(desk.events()) == times


def test_at_the_same_hour_of_other_days_nothing_is_alike() -> None:
    desk = Desk(house())
    for day in range(12):
        desk.put("Lunch", SOON + timedelta(days=day))
    desk.sync()
    assert (made(desk), not held(desk)) == (12, True)


def test_copies_of_weeks_add_up_to_nothing() -> None:
    desk = Desk(house())
    for week in range(4):
        for _ in range(2):
            desk.put(f"Lunch {week}", SOON + timedelta(days=7 * week + 7))
        desk.sync()
        desk.days(8)
    assert not held(desk)
    assert len(desk.events()) == 8


def test_what_an_earlier_product_left_stops_nothing() -> None:
    """The person wants it in Salesforce after all. Two alike that come later are theirs; copies are not."""
    made_house = House(Make(settings=CALENDAR, syncing=("ben",)))
    desk = Desk(made_house)
    old = [desk.put("Lunch") for _ in range(5)]
    made_house.round()
    made_house.activate("ada")
    desk.sync()
    for one in old:
        desk.change(one, categories=("Salesforce",))
    desk.sync()
    assert (made(desk), not held(desk)) == (5, True)
    for _ in range(2):
        desk.put("Dinner", SOON + timedelta(hours=6))
    desk.sync()
    assert (made(desk), not held(desk)) == (7, True)
    beside(desk, on=True)
    rounds(desk, 1)
    assert made(desk) == 7
    assert held(desk)["EVENT-COPY"] > 0
