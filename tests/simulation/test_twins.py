"""Two appointments with one UID, as a file may bring them, are two Events, and neither takes the other's place."""

from datetime import timedelta

import pytest

from crosstie.domain.links import Role
from crosstie.engine import batch
from crosstie.engine.mirror import gather
from sandbox.faults import Fault
from sandbox.mailboxes.calendar import Appointment
from tests.simulation.desk import SOON, Desk, house
from tests.simulation.house import is_write
from tests.simulation.test_leading import ADA, BEN, is_quiet, office_of, outside, record, renamed, roles, rounds

HOUR = timedelta(hours=1)


def _event(name: str, days: int, rule: str = "") -> str:
    start = SOON + timedelta(days=days)
    times = f"DTSTART:{start:%Y%m%dT%H%M%SZ}\r\nDTEND:{start + HOUR:%Y%m%dT%H%M%SZ}\r\n{rule}"
    return f"BEGIN:VEVENT\r\nUID:one\r\nSUMMARY:{name}\r\n{times}END:VEVENT\r\n"


@pytest.fixture
def desk() -> Desk:
    return Desk(house())


def put(desk: Desk, *events: str) -> list[Appointment]:
    raw = f"BEGIN:VCALENDAR\r\n{''.join(events)}END:VCALENDAR\r\n"
    made: list[Appointment] = desk.house.world.mailboxes.put_calendar(desk.house.box(desk.person), raw.encode())
    return made


def open_file(desk: Desk, *events: str) -> list[Appointment]:
    made = put(desk, *events)
    desk.sync()
    desk.sync()
    return made


def subjects(desk: Desk) -> list[str]:
    return sorted(event["Subject"] for event in desk.events())


def test_each_has_an_event_of_its_own(desk: Desk) -> None:
    first, second = open_file(desk, _event("First", 0), _event("Second", 1))
    assert subjects(desk) == ["First", "Second"]
    assert not [one for one in desk.house.counting(desk.sync) if is_write(one)]
    desk.change(second, subject="Other")
    desk.sync()
    desk.move(first, HOUR)
    desk.sync()
    desk.sync()
    assert subjects(desk) == ["First", "Other"]
    assert desk.subjects() == ["First", "Other"]
    starts = {event["Subject"]: event["StartDateTime"] for event in desk.events()}
    assert starts == {"First": SOON + HOUR, "Other": SOON + timedelta(days=1)}


def test_an_edit_in_salesforce_reaches_the_one_it_is_of(desk: Desk) -> None:
    open_file(desk, _event("First", 0), _event("Second", 1))
    second = next(event["Id"] for event in desk.events() if event["Subject"] == "Second")
    desk.edit(second, Subject="Edited there")
    desk.sync()
    assert desk.subjects() == ["Edited there", "First"] == subjects(desk)


def test_one_that_goes_leaves_the_other(desk: Desk) -> None:
    first, _ = open_file(desk, _event("First", 0), _event("Second", 1))
    desk.delete(first)
    desk.sync()
    desk.sync()
    assert subjects(desk) == desk.subjects() == ["Second"]


def test_two_series_of_one_name(desk: Desk) -> None:
    rule = "RRULE:FREQ=DAILY;COUNT=3\r\n"
    open_file(desk, _event("First", 0, rule), _event("Second", 1, rule))
    assert subjects(desk) == ["First"] * 3 + ["Second"] * 3
    assert not [one for one in desk.house.counting(desk.sync) if is_write(one)]


@pytest.fixture
def slices(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """A calendar is listed for the first time, and a slice of it ends between the two: what each has made."""
    monkeypatch.setattr(gather, "SLICE", 1)
    for key in [key for key in desk.house.memory.cursors if key[1] == "calendar"]:
        del desk.house.memory.cursors[key]
    desk.put("Visit")
    put(desk, _event("First", 0), _event("Second", 1))
    desk.house.tick()
    desk.house.store.wake(desk.house.ids["ada"])
    made = []
    while leases := desk.house.claim():
        batch.run(desk.house.ports, leases)
        made.append(subjects(desk))
    return made


def test_one_of_which_the_next_slice_tells_has_an_event_of_its_own_too(
    desk: Desk, slices: list[list[str]]
) -> None:
    assert slices == [["First", "Visit"], ["First", "Second", "Visit"]]
    assert not [one for one in desk.house.counting(desk.sync) if is_write(one)]


@pytest.mark.parametrize(("goes", "stays"), [("First", "Second"), ("Second", "First")])
@pytest.mark.usefixtures("slices")
def test_listed_again_behind_a_dead_cursor_each_keeps_what_is_its_own(desk: Desk, goes: str, stays: str) -> None:
    dead = Fault("refuse", "graph", "calendar.delta", status=410, body=b'{"error": {"code": "SyncStateNotFound"}}')
    desk.house.world.faults.add(dead)
    named = {one.details.subject: one for one in desk.there()}
    desk.delete(named[goes])
    desk.change(named[stays], subject="Other")
    for _ in range(3):
        desk.sync()
    assert subjects(desk) == desk.subjects() == ["Other", "Visit"]
    assert not [one for one in desk.house.counting(desk.sync) if is_write(one)]


def test_a_meeting_that_comes_again_when_its_item_was_deleted_is_no_twin() -> None:
    """Whoever deletes somebody else's meeting is sent it anew when that is changed."""
    house = office_of("ada", "ben", events_unanswered=True)
    outside(house, [ADA, BEN])
    rounds(house)
    (leads,) = [name for name, role in roles(house).items() if role is Role.LEAD]
    first = record(house)["Id"]
    Desk(house, leads).delete(Desk(house, leads).only())
    renamed(house, {"ada": "ben", "ben": "ada"}[leads])
    assert record(house)["Id"] == first
    assert sorted(roles(house).values()) == ["copy", "lead"]
    assert is_quiet(house)
