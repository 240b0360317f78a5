"""A worker that dies anywhere while copies are withdrawn or made again, hears no answer, or stands still."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest

from crosstie.domain.settings import EventWay
from tests.simulation.desk import CALENDAR, SOON, Desk
from tests.simulation.effects import Effects, Moment, WorkerDied, stride
from tests.simulation.house import House, Make
from tests.simulation.sweep import DEATH_MINUTES, SETTLE_MINUTES, restlessness

EVERY = dict.fromkeys(Moment, 24) | {Moment.LOST: 5}
"""Of the points of a withdrawal, by what happens. SWEEP=all in the environment takes all (some minutes)."""
WORKING = 3
"""Rounds in which it is done, and nothing is left."""


@dataclass(frozen=True, slots=True)
class Plot:
    """What was there, what somebody does, and how it must end: subjects in the calendar, and in Salesforce."""

    begun: Callable[[House], None]
    act: Callable[[House], None]
    here: list[str]
    there: list[str]


def mixed(house: House) -> None:
    """One was edited since, one somebody was invited to, one is as it came, and one is Ada's own."""
    desk = Desk(house)
    for number, subject in enumerate(("Edited", "Invited", "Plain")):
        desk.enter(subject, SOON + timedelta(hours=number))
    desk.put("Own", SOON + timedelta(hours=5))
    desk.sync()
    by_name = {one.details.subject: one for one in desk.there()}
    desk.invite(by_name["Invited"], "nora@birchworks.test")
    desk.sync()
    desk.change(by_name["Edited"], subject="Edited here")


def pair(house: House) -> None:
    """One of each origin."""
    desk = Desk(house)
    desk.enter("Call")
    desk.put("Own", SOON + timedelta(hours=5))
    desk.sync()


def switch_off(house: House) -> None:
    house.set("ada", events_down=False)


def deactivate(house: House) -> None:
    house.leave("ada")


def delete_what_comes_again(house: House) -> None:
    house.set("ada", events_way=EventWay.FROM_SALESFORCE)
    desk = Desk(house)
    desk.delete(next(one for one in desk.there() if one.details.subject == "Call"))


def erase_what_comes_again(house: House) -> None:
    house.set("ada", events_way=EventWay.TO_SALESFORCE)
    desk = Desk(house)
    desk.erase(next(event["Id"] for event in desk.events() if event["Subject"] == "Own"))


LEFT = ["Edited here", "Invited", "Own", "Plain"]
PLOTS = {
    "switched off": Plot(mixed, switch_off, ["Invited", "Own"], LEFT),
    "deactivated": Plot(mixed, deactivate, ["Invited", "Own"], LEFT),
    "deleted": Plot(pair, delete_what_comes_again, ["Call", "Own"], ["Call", "Own"]),
    "erased": Plot(pair, erase_what_comes_again, ["Call", "Own"], ["Call", "Own"]),
}


def lived(make: Make, plot: Plot, effects: Effects) -> House:
    house = House(make)
    house.round()
    plot.begun(house)
    house.pass_minutes(2)
    if effects.moment is Moment.STOPPED:
        effects.meanwhile = lambda: _second_worker(house)
    house.effects, house.ports = effects, house.new_worker(effects)
    plot.act(house)
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


def problems(house: House, plot: Plot) -> list[str]:
    desk = Desk(house)
    found = restlessness(house)
    if desk.subjects() != plot.here:
        found.append(f"the calendar has {desk.subjects()}")
    there = sorted(event["Subject"] for event in desk.events())
    if there != plot.there:
        found.append(f"Salesforce has {there}")
    return found


@pytest.mark.parametrize("name", sorted(PLOTS))
def test_an_accident_withdraws_nothing_twice_and_loses_nothing(name: str) -> None:
    make, plot = Make(settings=CALENDAR, syncing=("ada",)), PLOTS[name]
    quiet = Effects()
    assert problems(lived(make, plot, quiet), plot) == []
    found = []
    points = [
        (at, effect, moment)
        for at, (effect, within) in enumerate(zip(quiet.names, quiet.within, strict=True))
        for moment in Moment
        if (moment is not Moment.LOST or " /" in effect) and (moment is not Moment.STOPPED or not within)
    ]
    assert len(points) > 100
    random.Random(name).shuffle(points)
    chosen = [one for moment in Moment for one in [p for p in points if p[2] is moment][:: stride(EVERY[moment])]]
    assert {moment for *_, moment in chosen} == set(Moment)
    for at, effect, moment in chosen:
        effects = Effects(strike_at=at, moment=moment)
        found += [f"{moment} {at} {effect}: {one}" for one in problems(lived(make, plot, effects), plot)]
        if not effects.struck:
            found.append(f"{moment} {at} {effect}: it did not happen")
    assert found == []
