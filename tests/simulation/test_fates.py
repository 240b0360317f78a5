"""The table of what becomes of items and Events, lived through row by row (cases_fates.py)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

import pytest

from sandbox.mailboxes.calendar import outsiders
from sandbox.mailboxes.calendar.model import Appointment, Details
from sandbox.mailboxes.model import Person
from tests.simulation import cases_fates as table
from tests.simulation.desk import SOON, Desk, house
from tests.simulation.outboxes import mailed
from tests.simulation.sweep import restlessness

ADA, BEN, NORA = "ada@larch.test", "ben@larch.test", "nora@birchworks.test"
MARK, UNSYNC = "Salesforce", "Salesforce Unsync"
SUBJECT = "Saw line"


@dataclass(frozen=True, slots=True)
class Pair:
    """An item that is kept like its Event. `owner` is whose the Event is."""

    desk: Desk
    owner: Desk
    item: Appointment
    record: str

    @classmethod
    def of(cls, desk: Desk, owner: Desk | None = None) -> "Pair":
        for _ in range(3):
            desk.sync()
        owner = owner or desk
        found = cls(desk, owner, desk.only(), owner.event()["Id"])
        assert (MARK in found.item.details.categories, desk.records()) == (True, {found.record})
        return found


def made_here() -> Pair:
    desk = Desk(house())
    desk.put(SUBJECT)
    return Pair.of(desk)


def made_there() -> Pair:
    desk = Desk(house())
    desk.enter(SUBJECT)
    return Pair.of(desk)


def own() -> Pair:
    desk = Desk(house())
    desk.put(SUBJECT, guests=[NORA])
    return Pair.of(desk)


def outside() -> Pair:
    desk = Desk(house())
    details = Details(subject=SUBJECT, start=SOON, end=SOON + timedelta(hours=1), attendees=desk.invited(ADA))
    outsiders.invite(desk.house.world.mailboxes, Person(NORA, "Nora Lindqvist"), details)
    desk.answer("accepted")
    return Pair.of(desk)


def of_a_colleague() -> Pair:
    office = house()
    ada, ben = Desk(office, "ada"), Desk(office, "ben")
    ada.put(SUBJECT, guests=[BEN, NORA])
    ben.answer("accepted")
    return Pair.of(ben, ada)


def invited() -> Pair:
    found = made_there()
    found.desk.invite(found.item, NORA)
    return Pair.of(found.desk)


MAKERS: Mapping[str, Callable[[], Pair]] = {
    table.MADE_HERE: made_here,
    table.MADE_THERE: made_there,
    table.OWN: own,
    table.OUTSIDE: outside,
    table.COLLEAGUES: of_a_colleague,
    table.INVITED: invited,
}


HAPPENINGS: Mapping[str, Callable[[Pair], None]] = {
    table.CATEGORY_OFF: lambda pair: pair.desk.change(pair.item, categories=()),
    table.DELETED_HERE: lambda pair: pair.desk.delete(pair.item),
    table.UNSYNC: lambda pair: pair.desk.change(pair.item, categories=(MARK, UNSYNC)),
    table.LEFT: lambda pair: pair.desk.days(18),
    table.DELETED_THERE: lambda pair: pair.owner.erase(pair.record),
    table.DEACTIVATED: lambda pair: pair.desk.house.leave(pair.desk.person),
}


CELLS = {row[:2]: row for row in (*table.FATES, *table.BESIDES)}


def test_the_table_has_every_cell_once() -> None:
    assert CELLS.keys() == {(one, two) for one in MAKERS for two in HAPPENINGS}
    assert (len(table.FATES), len(table.BESIDES)) == (30, len(CELLS) - 30)


@pytest.mark.parametrize("case", table.USE_CASES, ids=lambda case: str(case[0]))
def test_a_use_case_is_a_cell_of_the_table(case: tuple[str, ...]) -> None:
    assert case[1:] == CELLS[case[1:3]]


@pytest.mark.parametrize(
    ("whose", "happening", "item", "category", "event"),
    [pytest.param(*row, id=" / ".join(place)) for place, row in CELLS.items()],
)
def test_what_becomes_of(whose: str, happening: str, item: str, category: str, event: str) -> None:
    pair = MAKERS[whose]()
    HAPPENINGS[happening](pair)
    for _ in range(3):
        pair.desk.sync()
    assert (_item(pair), _category(pair), _event(pair)) == (item, category, event)
    assert mailed() == []
    assert restlessness(pair.desk.house) == []


def _item(pair: Pair) -> str:
    return table.STAYS if pair.desk.there() else table.GONE


def _category(pair: Pair) -> str:
    """Whether the item has the category; off the list is what is not offered to the mailbox's person any more."""
    if not pair.desk.there():
        return table.NONE
    box = pair.desk.house.box(pair.desk.person)
    if MARK not in {one.name for one in box.categories}:
        return table.OFF_THE_LIST
    categories = pair.desk.only().details.categories
    assert UNSYNC not in categories
    return table.THERE if MARK in categories else table.OFF


def _event(pair: Pair) -> str:
    rows = pair.desk.house.rows("Event", "Subject", where=f"Id = '{pair.record}'")
    if not rows:
        return table.DELETED
    assert [row["Subject"] for row in rows] == [SUBJECT]
    if pair.owner is pair.desk or pair.owner.statuses() != {pair.desk.user: "Declined"}:
        return table.STAYS
    return table.DECLINED


def test_what_left_the_window_is_not_mirrored_any_more() -> None:
    """The second half of use case 5."""
    pair = made_here()
    pair.desk.days(18)
    pair.desk.change(pair.item, subject="Another name")
    pair.desk.sync()
    assert _event(pair) == table.STAYS
    assert restlessness(pair.desk.house) == []


def test_of_a_colleague_s_meeting_only_the_attendee_s_half_is_parted() -> None:
    """Who unsyncs a copy leaves the organizer's item as it was."""
    pair = of_a_colleague()
    HAPPENINGS[table.UNSYNC](pair)
    pair.desk.sync()
    assert MARK in pair.owner.only().details.categories
