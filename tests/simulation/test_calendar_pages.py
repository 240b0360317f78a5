"""A calendar that is listed again, page by page: what says nothing new takes no session of its own."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from crosstie.engine.mirror import gather
from sandbox.faults import Fault
from tests.simulation.desk import SOON, Desk, house
from tests.simulation.house import is_write

COUNT, PAGE = 8, 3


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> Desk:
    """All her appointments are kept alike, and the calendar is about to be listed again."""
    monkeypatch.setattr(gather, "SLICE", PAGE)
    desk = Desk(house())
    for number in range(COUNT):
        desk.put(f"Visit {number}", SOON + timedelta(hours=number))
    for _ in range(3):
        desk.sync()
    assert len(desk.events()) == COUNT
    for key in [key for key in desk.house.memory.cursors if key[1] == "calendar"]:
        del desk.house.memory.cursors[key]
    return desk


def pages(desk: Desk, act: Callable[[], object]) -> int:
    seen = desk.house.counting(act)
    assert not [one for one in seen if is_write(one)]
    return sum("calendar.delta" in part for one in seen for part in (one.route, *one.parts))


def sessions(desk: Desk) -> int:
    return len(desk.house.force("ada"))


def test_all_of_it_is_read_in_one_session(desk: Desk) -> None:
    counted: list[int] = []
    assert pages(desk, lambda: counted.append(sessions(desk))) >= COUNT // PAGE
    assert counted == [1]
    assert pages(desk, lambda: desk.house.force("ada")) == 1


def test_what_moved_meanwhile_is_found_on_its_page(desk: Desk) -> None:
    desk.change(desk.there()[-1], subject="Moved")
    desk.house.force("ada")
    assert sorted(event["Subject"] for event in desk.events())[0] == "Moved"


def test_a_page_that_fails_costs_none_of_those_before_it(desk: Desk) -> None:
    late = (("Retry-After", "600"),)
    fault = Fault("refuse", "graph", "calendar.delta", skip=2, status=429, headers=late)
    desk.house.world.faults.add(fault)
    before = pages(desk, lambda: desk.house.force("ada"))
    assert before == 3
    (cursor,) = [one for key, one in desk.house.memory.cursors.items() if key[1] == "calendar"]
    assert cursor.token
    assert pages(desk, desk.house.sync) == 0, "whoever is told to wait waits"
    desk.house.pass_minutes(11)
    assert pages(desk, desk.house.sync) == 1, "the page that failed, and none of those before it"
    desk.change(desk.there()[0], subject="Moved")
    desk.sync()
    assert sorted(event["Subject"] for event in desk.events())[0] == "Moved"
