"""The category Sync Error: on what has an issue, until it is solved, and never a reason to write anything else."""

from datetime import timedelta

import pytest

from sandbox.faults import Fault
from sandbox.mailboxes.calendar import outsiders
from sandbox.mailboxes.calendar.model import Appointment, Details
from sandbox.mailboxes.model import Person
from tests.simulation.desk import SOON, Desk, house
from tests.simulation.test_mirror import quiet
from tests.simulation.test_series import WEEKLY

ERROR, MARK = "Sync Error", "Salesforce"
NORA = "nora@birchworks.test"
TOO_LONG = timedelta(days=15)


@pytest.fixture
def ada() -> Desk:
    return Desk(house())


def settle(desk: Desk) -> None:
    for _ in range(4):
        desk.sync()
    assert desk.house.world.faults.quiet


def forbid(desk: Desk, subject: str) -> None:
    desk.house.org.add_validation_rule("Event", f'Subject = "{subject}"', "Not that.")


def allow(desk: Desk) -> None:
    desk.house.org.core.customer.validation["Event"].clear()


def categories(appointment: Appointment) -> set[str]:
    return set(appointment.details.categories)


def test_what_salesforce_refuses_says_so_until_it_is_taken(ada: Desk) -> None:
    forbid(ada, "Saw line")
    ada.put("Saw line", categories=("Blue category",))
    settle(ada)
    assert categories(ada.only()) == {"Blue category", ERROR}
    assert quiet(ada.house)
    allow(ada)
    ada.days(1)
    settle(ada)
    assert [event["Subject"] for event in ada.events()] == ["Saw line"]
    assert categories(ada.only()) == {"Blue category", MARK}
    assert quiet(ada.house)


def test_an_edit_that_is_refused_is_tried_again_and_the_category_is_no_edit(ada: Desk) -> None:
    appointment = ada.put("Saw line")
    settle(ada)
    forbid(ada, "Other")
    ada.change(appointment, subject="Other")
    settle(ada)
    assert categories(ada.only()) == {MARK, ERROR}
    assert ada.event()["Subject"] == "Saw line"
    allow(ada)
    ada.days(1)
    settle(ada)
    assert (ada.only().details.subject, ada.event()["Subject"]) == ("Other", "Other")
    assert categories(ada.only()) == {MARK}
    assert quiet(ada.house)


def test_a_mended_item_loses_it_at_once(ada: Desk) -> None:
    appointment = ada.put("Saw line", hours=TOO_LONG.total_seconds() / 3600)
    settle(ada)
    assert categories(ada.only()) == {ERROR}
    ada.change(appointment, end=SOON + timedelta(hours=1))
    settle(ada)
    assert categories(ada.only()) == {MARK}
    assert ada.event()["Subject"] == "Saw line"


def test_an_edit_in_salesforce_meets_the_category_and_writes_no_record(ada: Desk) -> None:
    """The attendees hear of nothing either."""
    ada.put("Saw line", guests=[NORA])
    settle(ada)
    ada.edit(ada.event()["Id"], Subject="Moved")
    sent = len(ada.mails_sent())
    settle(ada)
    assert categories(ada.only()) == {MARK, ERROR}
    assert len(ada.mails_sent()) == sent
    assert ada.event()["Subject"] == "Moved"
    assert quiet(ada.house)


def test_an_occurrence_has_none_of_its_own(ada: Desk) -> None:
    ada.repeat("Weekly", WEEKLY)
    forbid(ada, "Weekly")
    settle(ada)
    series = ada.only()
    assert ada.events() == []
    assert ERROR not in series.details.categories
    assert not series.deviations


def test_who_takes_it_off_sees_it_again_and_a_persons_own_stays(ada: Desk) -> None:
    forbid(ada, "Saw line")
    mine = ada.put("Mine", SOON + timedelta(hours=4), categories=(ERROR,))
    appointment = ada.put("Saw line")
    settle(ada)
    ada.change(appointment, categories=())
    settle(ada)
    assert categories(appointment) == {ERROR}
    assert categories(mine) == {MARK, ERROR}, "it has no issue, and nobody here put that on it"


def test_an_answer_that_is_lost_changes_nothing(ada: Desk) -> None:
    forbid(ada, "Saw line")
    ada.put("Saw line")
    ada.house.world.faults.add(Fault("lose_answer", "graph", "events.update"))
    settle(ada)
    assert categories(ada.only()) == {ERROR}
    allow(ada)
    ada.days(1)
    settle(ada)
    assert categories(ada.only()) == {MARK}
    assert quiet(ada.house)


def test_what_leaves_the_mirror_is_marked_no_more(ada: Desk) -> None:
    appointment = ada.put("Saw line")
    settle(ada)
    forbid(ada, "Other")
    ada.change(appointment, subject="Other")
    settle(ada)
    ada.erase(ada.event()["Id"])
    settle(ada)
    assert categories(ada.only()) == set()


def test_a_list_that_lost_it_gets_it_again_in_its_colour(ada: Desk) -> None:
    box = ada.house.box("ada")
    settle(ada)
    listed = {one.name: one.color for one in box.categories}
    assert listed[ERROR] == "preset0"
    box.categories[:] = [one for one in box.categories if one.name != ERROR]
    ada.days(2)
    assert {one.name: one.color for one in box.categories} == listed


def test_a_mark_that_was_refused_is_still_a_request_once_the_cause_is_mended(ada: Desk) -> None:
    ada.house.set("ada", events_appointments=False)
    settle(ada)
    forbid(ada, "Saw line")
    appointment = ada.put("Saw line", categories=(MARK,))
    settle(ada)
    assert categories(appointment) == {MARK, ERROR}
    allow(ada)
    ada.days(1)
    settle(ada)
    assert len(ada.events()) == 1
    assert categories(appointment) == {MARK}


def test_a_marked_invitation_is_saved_once_it_is_accepted(ada: Desk) -> None:
    ada.house.set("ada", events_meetings=False)
    box = ada.house.world.mailboxes
    details = Details(
        subject="Demo", start=SOON, end=SOON + timedelta(hours=1), attendees=ada.invited("ada@larch.test")
    )
    outsiders.invite(box, Person(NORA, "Nora Lindqvist"), details)
    settle(ada)
    ada.change(ada.only(), categories=(MARK,))
    settle(ada)
    assert categories(ada.only()) == {MARK, ERROR}
    ada.answer("accepted")
    settle(ada)
    assert len(ada.events()) == 1
    assert categories(ada.only()) == {MARK}
