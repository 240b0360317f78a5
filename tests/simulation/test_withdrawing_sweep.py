"""A worker that dies anywhere while copies are withdrawn, hears no answer, or stands still."""

import os
from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.simulation.desk import CALENDAR, SOON, Desk
from tests.simulation.effects import Effects, Moment, WorkerDied
from tests.simulation.house import House, Make
from tests.simulation.sweep import DEATH_MINUTES, SETTLE_MINUTES, restlessness

EVERY = 12
"""Of the points of a withdrawal; SWEEP=all in the environment takes all of them (some minutes)."""
WORKING = 3
"""Rounds in which it is done, and nothing is left."""


def begun(make: Make) -> House:
    """One was edited since, one somebody was invited to, one is as it came, and one is Ada's own."""
    house = House(make)
    house.round()
    desk = Desk(house)
    for number, subject in enumerate(("Edited", "Invited", "Plain")):
        desk.enter(subject, SOON + timedelta(hours=number))
    desk.put("Own", SOON + timedelta(hours=5))
    desk.sync()
    by_name = {one.details.subject: one for one in desk.there()}
    desk.invite(by_name["Invited"], "nora@birchworks.test")
    desk.sync()
    desk.change(by_name["Edited"], subject="Edited here")
    house.pass_minutes(2)
    return house


def switched_off(house: House) -> None:
    house.set("ada", events_down=False)


def deactivated(house: House) -> None:
    house.leave("ada")


def lived(make: Make, act: Callable[[House], None], effects: Effects) -> House:
    house = begun(make)
    if effects.moment is Moment.STOPPED:
        effects.meanwhile = lambda: _second_worker(house)
    house.effects, house.ports = effects, house.new_worker(effects)
    act(house)
    for _ in range(WORKING):
        try:
            house.round()
        except WorkerDied:
            house.pass_minutes(DEATH_MINUTES)
            house.restart()
        house.pass_minutes(SETTLE_MINUTES)
    if not effects.struck:
        house.restart()
    for _ in range(WORKING):
        house.round()
        house.pass_minutes(SETTLE_MINUTES)
    return house


def _second_worker(house: House) -> None:
    stopped = house.ports
    house.pass_minutes(DEATH_MINUTES)
    house.ports = house.new_worker()
    house.round()
    house.ports = stopped


def problems(house: House) -> list[str]:
    desk = Desk(house)
    found = restlessness(house)
    if desk.subjects() != ["Invited", "Own"]:
        found.append(f"the calendar has {desk.subjects()}")
    there = sorted(event["Subject"] for event in desk.events())
    if there != ["Edited here", "Invited", "Own", "Plain"]:
        found.append(f"Salesforce has {there}")
    return found


@pytest.mark.parametrize("act", [switched_off, deactivated])
def test_an_accident_withdraws_nothing_twice_and_loses_nothing(act: Callable[[House], None]) -> None:
    make = Make(settings=CALENDAR, syncing=("ada",))
    quiet = Effects()
    assert problems(lived(make, act, quiet)) == []
    found = []
    points = [
        (at, name, moment)
        for at, (name, within) in enumerate(zip(quiet.names, quiet.within, strict=True))
        for moment in Moment
        if (moment is not Moment.LOST or " /" in name) and (moment is not Moment.STOPPED or not within)
    ]
    assert len(points) > 100
    for at, name, moment in points[:: 1 if os.environ.get("SWEEP") == "all" else EVERY]:
        effects = Effects(strike_at=at, moment=moment)
        found += [f"{moment} {at} {name}: {one}" for one in problems(lived(make, act, effects))]
    assert found == []
