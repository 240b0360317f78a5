"""The oracle of calendars notices what is done behind Crosstie's back, also beside what is in doubt."""

from collections.abc import Callable
from typing import Any

import pytest

from sandbox.salesforce.records import Row
from tests.simulation.calendar import makes
from tests.simulation.calendar.amid import UNKEYED
from tests.simulation.calendar.history import History
from tests.simulation.calendar.judge import NOTES, Judge
from tests.simulation.calendar.ledger import HERE, PLACE, START, UNREAD, UNSTAMPED, Matter
from tests.simulation.calendar.said import said_by_record
from tests.simulation.desk import CALENDAR
from tests.simulation.more import more_of

Mischief = Callable[[History, Row], None]
POLITE = (makes, "POLITE", 1.0)


def lived(*more: tuple[object, str, Any]) -> History:
    """One in which nothing has happened, of vendors as their documentation has them."""
    with more_of((POLITE, *more)):
        made = History(1)
    for person in made.house.ids:
        made.ledger.settings[person] = CALENDAR
        made.house.put_in_force(person, CALENDAR)
    return made


def works(one: History) -> None:
    for _ in range(4):
        one.house.pass_minutes(2)
        one.look()
        one.work(True)
        one.look()
    one.ledger.settled = one.ledger.number


def found(one: History) -> list[str]:
    return Judge(one.office).problems()


def series() -> tuple[History, Matter, list[Row]]:
    made = lived()
    assert made.people.repeats()
    works(made)
    (matter,) = made.ledger.matters
    rows = sorted(made.office.records(matter), key=lambda row: row["StartDateTime"])
    assert len(rows) > 1
    assert found(made) == []
    return made, matter, rows


def lose(made: History, row: Row) -> None:
    made.house.org.delete(made.house.org.admin, str(row["Id"]))


def double(made: History, row: Row) -> None:
    values = {name: row[name] for name in ("Subject", "StartDateTime", "EndDateTime", "OwnerId")}
    made.house.org.insert(made.house.org.admin, "Event", values)


def rename(made: History, row: Row) -> None:
    made.house.org.update(
        made.house.org.admin, "Event", str(row["Id"]), {"Subject": f"{row['Subject']} And more."}
    )


@pytest.mark.parametrize("mischief", [lose, double, rename])
@pytest.mark.parametrize("why", [UNSTAMPED, UNREAD])
def test_one_day_of_a_series_is_in_doubt_and_the_others_are_not(why: str, mischief: Mischief) -> None:
    made, matter, (first, second, *_) = series()
    matter.note_doubt(why, said_by_record(first)[START])
    mischief(made, second)
    assert found(made) != []


@pytest.mark.parametrize(("mischief", "noticed"), [(lose, True), (double, True), (rename, False)])
def test_of_a_day_whose_words_are_in_doubt_it_is_known_that_it_is_there_once(
    mischief: Mischief, noticed: bool
) -> None:
    made, matter, (first, *_) = series()
    matter.note_doubt(UNSTAMPED, said_by_record(first)[START])
    mischief(made, first)
    assert bool(found(made)) is noticed


def test_an_edit_in_salesforce_that_has_a_stamp_of_its_own_is_in_no_doubt() -> None:
    """The row that was at hand before it is not the one that the org holds after it."""
    made, matter, _ = series()
    made.house.pass_minutes(12)
    for _ in range(9):
        made.clerks.edits()
    assert any("in Salesforce" in deed for deed in made.ledger.deeds)
    assert (matter.doubt, matter.days) == ("", {})


def test_one_day_that_was_taken_out_excuses_no_other() -> None:
    made, matter, (first, second, *_) = series()
    matter.out.add(said_by_record(first)[START])
    lose(made, second)
    assert found(made) != []


def test_of_a_day_that_nobody_has_read_nothing_is_known() -> None:
    made, matter, (first, *_) = series()
    matter.note_doubt(UNREAD, said_by_record(first)[START])
    lose(made, first)
    assert found(made) == []


@pytest.mark.parametrize(("unsure", "noticed"), [(False, True), (True, False)])
def test_without_keys_what_is_not_shown_is_made_twice_only_after_an_accident(unsure: bool, noticed: bool) -> None:
    made = lived(*UNKEYED, (makes, "SIGHTED", 0.0))
    assert made.people.puts()
    (matter,) = made.ledger.matters
    works(made)
    (row,) = made.office.records(matter)
    made.ledger.unsure = {matter.name} if unsure else set()
    double(made, row)
    made.house.take_out_of_sight(str(row["Id"]), 60)
    assert any("2 records" in each for each in found(made)) is noticed
    double(made, row)
    assert any("3 records" in each for each in found(made))


@pytest.mark.parametrize("kept", [False, True])
def test_what_nobody_has_said_may_outdo_an_edit_that_is_kept_as_a_note(kept: bool) -> None:
    """Both halves have no place, as in the beginning, though somebody has named one."""
    made = lived()
    assert made.people.puts()
    (matter,) = made.ledger.matters
    works(made)
    assert [said_by_record(row)[PLACE] for row in made.office.records(matter)] == [""]
    assert found(made) == []
    made.ledger.say(matter, HERE, PLACE, "Room 7.")
    box, mailboxes = made.office.box(matter.host), made.house.world.mailboxes
    notes = box.folder(NOTES) or mailboxes.create_folder(box, NOTES)
    mailboxes.put(box, b"Subject: Conflict\r\n\r\n" + (b"Room 7." if kept else b"Room 8."), notes)
    assert (found(made) == []) is kept
