"""A thread of two colleagues, with an accident at every effect: each mail once, and linked like the first."""

import random

import pytest

from tests.simulation.day import deliver, send
from tests.simulation.effects import Effects, Moment, WorkerDied, stride
from tests.simulation.house import House, Make
from tests.simulation.letters import ADA, BEN, NORA, QUENTIN, STRANGER, letter
from tests.simulation.sweep import DEATH_MINUTES, SETTLE_MINUTES, restlessness
from tests.simulation.test_threads import THREADS, mark, named, reply

HOUSES = {
    "email-message": Make(settings=THREADS),
    "task": Make(settings=THREADS, enhanced_email=False),
    "unkeyed": Make(settings=THREADS, keyed=False),
}
EVERY = 12
"""One in so many accidents, chosen by the kind's name; all of them take minutes."""
SUBJECTS = ["For Ben", "For both", "Question", "Reply"]


def accident(make: Make, at: int, moment: Moment) -> tuple[House, Effects]:
    """Ada wants the thread; Ben, who is drawn into it, has auto-saving on."""
    house = House(make)
    house.round()
    house.set("ben", mail_auto_save=True, mail_threads=False)
    deliver(house, letter("Question", NORA, ADA, house.clock.now(), message_id=named("Question")))
    send(house, "ada", reply("Reply", ADA, f"{NORA}, {STRANGER}", house, named("Question")))
    house.pass_minutes(2)
    house.round()
    mark(house, "ada", "Question")
    effects = Effects(strike_at=at, moment=moment)
    house.effects, house.ports = effects, house.new_worker(effects)
    if moment is Moment.STOPPED:
        effects.meanwhile = lambda: take_over(house)
    for minutes in (0, SETTLE_MINUTES, SETTLE_MINUTES):
        house.pass_minutes(minutes)
        work(house)
    deliver(house, reply("For both", QUENTIN, f"{ADA}, {BEN}", house, named("Reply")))
    deliver(house, reply("For Ben", QUENTIN, BEN, house, named("Reply")))
    for minutes in (2, SETTLE_MINUTES, SETTLE_MINUTES, SETTLE_MINUTES):
        house.pass_minutes(minutes)
        work(house)
    return house, effects


def work(house: House) -> None:
    try:
        house.round()
    except WorkerDied:
        house.pass_minutes(DEATH_MINUTES)
        house.restart()


def take_over(house: House) -> None:
    """Another worker does everything while the first stands still past its lease."""
    stopped = house.ports
    house.pass_minutes(DEATH_MINUTES)
    house.ports = house.new_worker()
    house.round()
    house.ports = stopped


def wrong(house: House) -> list[str]:
    field = "RelatedToId" if house.make.enhanced_email else "WhatId"
    mails = house.rows(house.mail_object, "Id", "Subject", field)
    problems = [] if sorted(row["Subject"] for row in mails) == SUBJECTS else [f"saved: {mails}"]
    nora, birchworks = house.company.contacts[NORA], house.company.accounts["Birchworks"]
    problems += [f"not related: {row['Subject']}" for row in mails if row[field] != birchworks]
    problems += [f"not linked: {row['Subject']}" for row in mails if nora not in people(house, row["Id"])]
    return problems + restlessness(house)


def people(house: House, record_id: str) -> set[str]:
    if house.make.enhanced_email:
        rows = house.rows("EmailMessageRelation", "RelationId", where=f"EmailMessageId = '{record_id}'")
        return {row["RelationId"] for row in rows}
    rows = house.rows("TaskRelation", "RelationId", where=f"TaskId = '{record_id}'")
    (task,) = house.rows("Task", "WhoId", where=f"Id = '{record_id}'")
    return {task["WhoId"], *(row["RelationId"] for row in rows)}


@pytest.mark.parametrize("kind", HOUSES)
def test_an_accident_at_any_effect_saves_no_mail_twice_and_none_unlinked(kind: str) -> None:
    house, effects = accident(HOUSES[kind], -1, Moment.BEFORE)
    assert wrong(house) == []
    names = list(enumerate(zip(effects.names, effects.within, strict=True)))
    last = max(at for at, (name, _) in names if "composite/graph" in name) + 3
    points = [
        (at, name, moment)
        for at, (name, within) in names[: last + 1]
        for moment in Moment
        if (moment is not Moment.LOST or " /" in name) and not (moment is Moment.STOPPED and within)
    ]
    random.Random(kind).shuffle(points)
    assert len(points) > 100
    for at, name, moment in points[:: stride(EVERY)]:
        house, effects = accident(HOUSES[kind], at, moment)
        assert effects.struck
        assert wrong(house) == [], f"{moment} effect {at} ({name})"
