"""A worker carried an edit over and died before that was heard: what people do then is not lost."""

from collections.abc import Callable

import pytest

from crosstie.domain.settings import Wins
from sandbox.faults import Effect, Fault
from tests.simulation.desk import Desk
from tests.simulation.effects import WorkerDied
from tests.simulation.sweep import DEATH_MINUTES
from tests.simulation.test_found import dies_before
from tests.simulation.test_handing_on import edit, pair, session_of
from tests.simulation.test_leading import rounds
from tests.simulation.test_mirror import quiet
from tests.simulation.test_mirror_trouble import desk_of, dies_over_its_commit, settle
from tests.simulation.test_ways import notes

BOTH = pytest.mark.parametrize("wins", list(Wins))
"""Whoever wins a conflict: here there is none."""


def carried_down(wins: Wins = Wins.MAILBOX) -> Desk:
    """The Event's subject and place are in the calendar, and nobody has heard of it."""
    desk = desk_of()
    desk.house.set("ada", events_conflicts=wins)
    record_id = desk.enter("Call", Location="Mill")
    desk.sync()
    desk.edit(record_id, Subject="Call Nora", Location="Larch")
    dies_over_its_commit(desk)
    assert desk.subjects() == ["Call Nora"]
    return desk


def carried_up(wins: Wins = Wins.MAILBOX) -> Desk:
    """The item's subject and availability are in Salesforce, and nobody has heard of it."""
    desk = desk_of()
    desk.house.set("ada", events_conflicts=wins)
    desk.put("Saw line")
    desk.sync()
    desk.change(desk.only(), subject="Saw line, at last", show_as="oof")
    dies_over_its_commit(desk)
    assert desk.event()["Subject"] == "Saw line, at last"
    return desk


def alike(desk: Desk, subject: str) -> bool:
    """Both sides say so, nothing was lost over it, and nothing more is written."""
    settle(desk)
    said = [*desk.subjects(), *(event["Subject"] for event in desk.events())]
    return said == [subject, subject] and "EVENT-CONFLICT" not in desk.reasons() and quiet(desk.house)


@BOTH
def test_what_is_taken_back_in_salesforce_is_taken_back_in_the_calendar(wins: Wins) -> None:
    desk = carried_down(wins)
    desk.edit(desk.event()["Id"], Subject="Call")
    assert alike(desk, "Call")
    assert desk.event()["Location"] == "Larch"


@BOTH
def test_what_is_edited_once_more_in_salesforce_comes_down(wins: Wins) -> None:
    desk = carried_down(wins)
    desk.edit(desk.event()["Id"], Subject="Call Omar")
    assert alike(desk, "Call Omar")


@BOTH
def test_what_is_taken_back_in_the_calendar_is_taken_back_in_salesforce(wins: Wins) -> None:
    desk = carried_up(wins)
    desk.change(desk.only(), subject="Saw line")
    assert alike(desk, "Saw line")


@BOTH
def test_what_is_edited_once_more_in_the_calendar_goes_up(wins: Wins) -> None:
    desk = carried_up(wins)
    desk.change(desk.only(), subject="Saw line, tomorrow")
    assert alike(desk, "Saw line, tomorrow")


@BOTH
@pytest.mark.parametrize("carried", [carried_up, carried_down])
def test_what_nobody_touches_is_written_by_nobody(carried: Callable[[Wins], Desk], wins: Wins) -> None:
    desk = carried(wins)
    said = desk.event()["Subject"]
    assert quiet(desk.house)
    assert alike(desk, said)


@BOTH
def test_what_is_edited_once_more_in_salesforce_counts_though_it_is_one_field_of_several(wins: Wins) -> None:
    desk = carried_up(wins)
    desk.edit(desk.event()["Id"], Subject="Saw line, says Salesforce")
    assert alike(desk, "Saw line, says Salesforce")


def test_where_no_field_tells_whether_it_arrived_nothing_is_overwritten_before_it_is_noted() -> None:
    desk = desk_of()
    desk.put("Saw line")
    desk.sync()
    desk.change(desk.only(), subject="Saw line, at last")
    dies_over_its_commit(desk)
    desk.edit(desk.event()["Id"], Subject="Saw line, says Salesforce")
    settle(desk)
    assert [*desk.subjects(), desk.event()["Subject"]] == ["Saw line, at last", "Saw line, at last"]
    (note,) = notes(desk)
    assert "Saw line, says Salesforce" in note
    assert quiet(desk.house)


@pytest.mark.parametrize("effect", ["lose_answer", "drop_before"])
@pytest.mark.parametrize("subject", ["Saw line", "Saw line, tomorrow"])
def test_what_is_edited_after_an_answer_was_lost_goes_up_whether_the_write_arrived_or_not(
    effect: Effect, subject: str
) -> None:
    desk = desk_of()
    desk.put("Saw line")
    desk.sync()
    desk.change(desk.only(), subject="Saw line, at last")
    desk.house.world.faults.add(Fault(effect, "salesforce", "composite", skip=2))
    desk.sync()
    desk.change(desk.only(), subject=subject)
    assert alike(desk, subject)


def test_of_two_writes_the_second_may_be_unheard_while_the_first_is_not() -> None:
    """The place goes up, the subject comes down; then the item's answer is lost."""
    desk = desk_of()
    desk.put("Saw line")
    desk.sync()
    record_id = desk.event()["Id"]
    desk.change(desk.only(), show_as="oof")
    desk.edit(record_id, Subject="Saw line, at last")
    desk.house.world.faults.add(Fault("lose_answer", "graph", "events.update"))
    desk.sync()
    assert (desk.only().details.subject, desk.event()["ShowAs"]) == ("Saw line, at last", "OutOfOffice")
    desk.edit(record_id, Subject="Saw line")
    assert alike(desk, "Saw line")


def test_what_was_brought_twice_and_is_taken_back_then_is_taken_back_in_the_calendar() -> None:
    desk = desk_of()
    record_id = desk.enter("Call")
    desk.house.world.faults.add(Fault("drop_before", "graph", "events.create"))
    desk.sync()
    desk.edit(record_id, Subject="Second")
    dies_over_its_commit(desk)
    assert desk.subjects() == ["Second"]
    desk.edit(record_id, Subject="Call")
    assert alike(desk, "Call")


def test_whoever_takes_a_meeting_over_and_dies_is_told_apart_from_people_too() -> None:
    """Ben leads from now on, and what his item says is in Salesforce; nobody has heard of either."""
    house, _, leads = pair()
    edit(house, OwnerId=Desk(house, leads).user)
    desk = Desk(house, leads)
    desk.change(desk.only(), show_as="oof", reminder=45)
    house.effects.before = dies_before("states.save_position")
    with pytest.raises(WorkerDied):
        session_of(house, leads)
    house.pass_minutes(DEATH_MINUTES)
    house.restart()
    desk.change(desk.only(), show_as="busy")
    rounds(house)
    assert desk.event()["ShowAs"] == "Busy"
    assert desk.only().details.show_as == "busy"


@pytest.mark.parametrize("delay", [150.0, 590.0])
def test_what_is_carried_out_late_does_not_undo_what_was_edited_meanwhile(delay: float) -> None:
    """The org goes on for ten minutes with what it was sent, and nothing more is sent before that is over."""
    desk = desk_of()
    desk.put("Saw line")
    desk.sync()
    desk.change(desk.only(), subject="Saw line, at last")
    desk.house.world.faults.add(Fault("finish_later", "salesforce", "composite", skip=2, delay=delay))
    desk.sync()
    assert desk.event()["Subject"] == "Saw line"
    desk.change(desk.only(), subject="Saw line, tomorrow")
    assert alike(desk, "Saw line, tomorrow")


def test_what_never_arrived_is_sent_again_once_it_cannot_come_any_more() -> None:
    desk = desk_of()
    desk.put("Saw line")
    desk.sync()
    desk.change(desk.only(), subject="Saw line, at last")
    desk.house.world.faults.add(Fault("drop_before", "salesforce", "composite", skip=2))
    desk.sync()
    desk.sync()
    assert desk.event()["Subject"] == "Saw line"
    assert alike(desk, "Saw line, at last")
