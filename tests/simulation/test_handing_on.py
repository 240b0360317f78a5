"""Who leads a meeting is somebody else from one moment to the next: what the two of them remember goes along."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from crosstie.domain.links import Role
from crosstie.ports.states import FAILING
from sandbox.mailboxes.calendar import outsiders
from tests.simulation.desk import Desk
from tests.simulation.house import House
from tests.simulation.life import NOTES
from tests.simulation.test_guests import why
from tests.simulation.test_leading import (
    ADA,
    BEN,
    by_ada,
    is_quiet,
    office_of,
    outside,
    record,
    records,
    roles,
    rounds,
)

AFTERWARDS = timedelta(days=9)


def session_of(house: House, name: str) -> None:
    """Nobody else has one, though they may be due."""
    boxes = house.memory.mailboxes
    others = {house.ids[one]: boxes[house.ids[one]].due_at for one in house.ids if one != name}
    for mailbox_id in others:
        boxes[mailbox_id] = replace(boxes[mailbox_id], due_at=house.clock.now() + AFTERWARDS)
    house.force(name)
    for mailbox_id, due_at in others.items():
        boxes[mailbox_id] = replace(boxes[mailbox_id], due_at=due_at)


def pair() -> tuple[House, str, str]:
    """Ada and Ben are on Nora's meeting; whoever leads it, and the other one."""
    house = office_of("ada", "ben")
    outside(house, [ADA, BEN])
    rounds(house)
    leads = next(name for name, role in roles(house).items() if role is Role.LEAD)
    house.pass_minutes(2)
    return house, leads, next(name for name in house.ids if name != leads)


def edit(house: House, **fields: Any) -> None:
    house.org.update(house.org.admin, "Event", record(house)["Id"], fields)
    house.pass_minutes(2)
    house.tick()


def notes(house: House) -> list[str]:
    """What was kept of values that were overwritten, in whosever mailbox."""
    boxes = [house.box(name) for name in house.ids]
    return [one.mail.subject for box in boxes if (kept := box.folder(NOTES)) for one in box.messages_in(kept)]


@pytest.mark.parametrize("first", ["who led", "who leads"])
def test_what_was_edited_while_an_event_got_another_owner_stays(first: str) -> None:
    house, led, leads = pair()
    edit(house, OwnerId=Desk(house, leads).user, Subject="Edited in Salesforce", Location="Room 4")
    for name in (led, leads) if first == "who led" else (leads, led):
        session_of(house, name)
        house.pass_minutes(1)
    rounds(house)
    (row,) = house.rows("Event", "Subject", "Location", where=f"Id = '{record(house)['Id']}'")
    assert (row["Subject"], row["Location"]) == ("Edited in Salesforce", "Room 4")
    assert roles(house)[leads] is Role.LEAD
    assert notes(house) == []
    assert is_quiet(house)


def test_who_comes_back_from_a_pause_knows_what_was_said_meanwhile() -> None:
    house, led, other = pair()
    house.memory.set_running(house.ids[led], running=False)
    outsiders.change(house.world.mailboxes, Desk(house, other).only(), {"subject": "Demo, renamed"})
    rounds(house)
    edit(house, Subject="Edited in Salesforce")
    rounds(house)
    house.memory.set_running(house.ids[led], running=True)
    rounds(house)
    assert record(house)["Subject"] == "Edited in Salesforce"
    assert notes(house) == []
    assert is_quiet(house)


@pytest.mark.parametrize("how", ["pauses", "leaves", "fails"])
def test_what_a_follower_has_seen_goes_up_though_who_led_never_carried_it(how: str) -> None:
    house, led, other = pair()
    box = house.memory.mailbox(house.ids[led])
    late = house.clock.now() + AFTERWARDS
    house.memory.mailboxes[house.ids[led]] = replace(box, due_at=late)
    outsiders.change(house.world.mailboxes, Desk(house, other).only(), {"subject": "Demo, renamed"})
    session_of(house, other)
    assert record(house)["Subject"] == "Demo"
    stopped = {
        "pauses": replace(box, running=False),
        "leaves": replace(box, info=replace(box.info, leaving=True), due_at=late),
        "fails": replace(box, failures=FAILING, due_at=late),
    }
    house.memory.mailboxes[house.ids[led]] = stopped[how]
    house.pass_minutes(31)
    house.tick()
    session_of(house, other)
    assert (record(house)["Subject"], roles(house)[other]) == ("Demo, renamed", Role.LEAD)


def test_what_a_follower_has_seen_is_waited_for_until_it_is_carried() -> None:
    """Whoever leads is late by days, and stops after that."""
    house, led, other = pair()
    box = house.memory.mailbox(house.ids[led])
    house.memory.mailboxes[house.ids[led]] = replace(box, due_at=house.clock.now() + AFTERWARDS)
    outsiders.change(house.world.mailboxes, Desk(house, other).only(), {"subject": "Demo, renamed"})
    for _ in range(3):
        session_of(house, other)
        house.pass_minutes(24 * 60)
    house.memory.set_running(house.ids[led], running=False)
    house.pass_minutes(24 * 60)
    session_of(house, other)
    assert record(house)["Subject"] == "Demo, renamed"


def test_a_colleague_who_is_being_deactivated_is_waited_for_no_longer_than_others() -> None:
    house = office_of("ada", "ben")
    house.set("ada", blocklist=("nora@birchworks.test",))
    by_ada(house, BEN)
    rounds(house)
    assert records(house) == []
    box = house.memory.mailbox(house.ids["ada"])
    late = house.clock.now() + AFTERWARDS
    house.memory.mailboxes[house.ids["ada"]] = replace(box, info=replace(box.info, leaving=True), due_at=late)
    for _ in range(3):
        house.pass_minutes(24 * 60)
        house.tick()
        session_of(house, "ben")
    assert record(house)["OwnerId"] == Desk(house, "ben").user


def test_that_a_value_was_overwritten_is_said_though_another_takes_over() -> None:
    house, led, other = pair()
    house.memory.set_running(house.ids[led], running=False)
    edit(house, Subject="Edited in Salesforce")
    outsiders.change(house.world.mailboxes, Desk(house, other).only(), {"subject": "Demo, renamed"})
    rounds(house)
    assert record(house)["Subject"] == "Demo, renamed"
    assert why(Desk(house, other)) == "EVENT-CONFLICT"
    assert len(notes(house)) == 1


def test_who_leads_no_more_and_makes_a_copy_private_hands_on_nothing_old() -> None:
    house, led, leads = pair()
    edit(house, OwnerId=Desk(house, leads).user, Subject="Edited in Salesforce")
    session_of(house, leads)
    gone = Desk(house, led)
    gone.change(gone.only(), sensitivity="private")
    session_of(house, led)
    assert (why(gone), roles(house)) == ("EVENT-MADE-PRIVATE", {led: Role.COPY, leads: Role.LEAD})
    rounds(house)
    assert record(house)["Subject"] == "Edited in Salesforce"
    assert notes(house) == []
