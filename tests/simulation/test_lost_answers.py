"""Requests that the vendor carries out although, or long after, their client heard nothing."""

import pytest

from sandbox.faults import Effect, Fault
from tests.simulation.sweep import HOUSES, Day

LATE = 590.0
"""Seconds; Salesforce's settle time is 600."""
FATES: tuple[tuple[Effect, float], ...] = (("finish_later", 90.0), ("finish_later", LATE), ("drop_before", 0.0))


def trouble(effect: Effect, delay: float, skip: int, *, times: int = 1) -> Fault:
    return Fault(effect, "salesforce", "graph", skip=skip, times=times, delay=delay)


@pytest.mark.parametrize("write", [0, 2])
@pytest.mark.parametrize(("effect", "delay"), FATES)
@pytest.mark.parametrize("kind", HOUSES)
def test_one_lost_write(kind: str, effect: Effect, delay: float, write: int) -> None:
    day = Day(HOUSES[kind], faults=[trouble(effect, delay, write)])
    assert day.live() == []
    assert not day.house.world.faults.waiting
    assert not day.house.world.unfinished


@pytest.mark.parametrize("kind", HOUSES)
def test_answers_lost_twice_running(kind: str) -> None:
    """A keyed insert is repeated at once; when that answer is lost too, the next session asks again."""
    day = Day(HOUSES[kind], faults=[trouble("lose_answer", 0.0, 1, times=2)])
    assert day.live() == []
    assert not day.house.world.faults.waiting


@pytest.mark.parametrize("kind", ["unkeyed", "unkeyed-task"])
def test_without_key_fields_nothing_is_tried_again_before_the_settle_time_is_over(kind: str) -> None:
    """Sessions every two minutes: the one lost write is parked, looked up after ten minutes, then written."""
    day = Day(HOUSES[kind], faults=[trouble("drop_before", 0.0, 0)])
    house = day.house
    day.steps[0].act(house)
    house.round()
    started = house.clock.now()
    sent = []
    for _ in range(8):
        house.pass_minutes(2)
        sent += [entry for entry in house.counting(house.round) if entry.route == "graph"]
    assert len(sent) == 1
    assert (sent[0].at - started).total_seconds() >= 600
    assert house.why("ada", "The day before") == "MAIL-SAVED-OPPORTUNITY"
