"""Series: each occurrence in the window is an Event of its own."""

from datetime import UTC, datetime, timedelta

import pytest

from sandbox.mailboxes.calendar.model import Rule
from tests.simulation.desk import SOON, Desk, house
from tests.simulation.house import is_write

NORA = "nora@birchworks.test"
WEEKLY = Rule("weekly", days=("wednesday",), zone="Europe/Berlin")


@pytest.fixture
def desk() -> Desk:
    return Desk(house())


def starts(desk: Desk) -> list[datetime]:
    return sorted(event["StartDateTime"] for event in desk.events())


def weeks(count: int, first: datetime = SOON) -> list[datetime]:
    return [first + timedelta(weeks=number) for number in range(count)]


def test_each_occurrence_in_the_window_is_an_event(desk: Desk) -> None:
    desk.repeat("Weekly", WEEKLY)
    desk.sync()
    assert starts(desk) == weeks(9)
    desk.sync()
    desk.sync()
    assert not [one for one in desk.house.counting(desk.sync) if is_write(one)]


def test_the_window_slides_and_nothing_is_made_twice(desk: Desk) -> None:
    desk.repeat("Weekly", WEEKLY)
    desk.sync()
    desk.days(21)
    assert starts(desk) == weeks(12)


def test_a_day_without_its_event_keeps_the_mark_of_its_series_and_that_is_remembered(desk: Desk) -> None:
    series = desk.repeat("Weekly", WEEKLY)
    desk.change(series, categories=("Salesforce",))
    desk.sync()
    desk.erase(desk.events()[1]["Id"])
    desk.sync()
    desk.sync()
    before = {link.item_id: (link.bond, link.marked) for link in desk.links()}
    desk.house.world.mailboxes.expire_cursors(desk.house.box("ada"))
    desk.sync()
    assert {link.item_id: (link.bond, link.marked) for link in desk.links()} == before


def test_an_occurrence_that_was_moved_keeps_its_event(desk: Desk) -> None:
    series = desk.repeat("Weekly", WEEKLY)
    desk.sync()
    before = {event["StartDateTime"]: event["Id"] for event in desk.events()}
    second = SOON + timedelta(weeks=1)
    desk.change_occurrence(series, second, start=second + timedelta(hours=2), end=second + timedelta(hours=3))
    desk.sync()
    after = {event["StartDateTime"]: event["Id"] for event in desk.events()}
    assert after[second + timedelta(hours=2)] == before[second]
    assert after.values() == before.values() or sorted(after.values()) == sorted(before.values())


def test_an_occurrence_that_was_cancelled_loses_its_event_alone(desk: Desk) -> None:
    series = desk.repeat("Weekly", WEEKLY)
    desk.sync()
    desk.drop_occurrence(series, SOON + timedelta(weeks=2))
    desk.sync()
    assert starts(desk) == [one for one in weeks(9) if one != SOON + timedelta(weeks=2)]


def test_a_new_name_of_the_series_reaches_all_of_them(desk: Desk) -> None:
    series = desk.repeat("Weekly", WEEKLY)
    desk.sync()
    ids = sorted(event["Id"] for event in desk.events())
    desk.change(series, subject="Renamed")
    desk.sync()
    assert {event["Subject"] for event in desk.events()} == {"Renamed"}
    assert sorted(event["Id"] for event in desk.events()) == ids


def test_what_was_before_stays_when_the_series_is_changed(desk: Desk) -> None:
    series = desk.repeat("Weekly", WEEKLY)
    desk.sync()
    desk.days(9)
    desk.change(series, subject="Renamed")
    desk.sync()
    names = {event["StartDateTime"]: event["Subject"] for event in desk.events()}
    assert names[SOON] == "Weekly"
    assert {names[one] for one in weeks(9)[2:]} == {"Renamed"}


def test_a_series_keeps_its_hour_when_the_clocks_change() -> None:
    desk = Desk(house())
    desk.days(110)
    first = datetime(2027, 3, 10, 9, 0, tzinfo=UTC)
    desk.repeat("Weekly", WEEKLY, first)
    desk.sync()
    found = starts(desk)
    assert found[0] == first
    assert {one.hour for one in found if one < datetime(2027, 3, 28, tzinfo=UTC)} == {9}
    assert {one.hour for one in found if one > datetime(2027, 3, 28, 2, tzinfo=UTC)} == {8}


def test_a_deleted_series_is_deleted(desk: Desk) -> None:
    series = desk.repeat("Weekly", WEEKLY)
    desk.sync()
    desk.delete(series)
    desk.sync()
    assert desk.events() == []


def test_an_event_of_a_series_that_was_edited_in_salesforce_becomes_an_exception(desk: Desk) -> None:
    desk.repeat("Weekly", WEEKLY)
    desk.sync()
    second = next(event for event in desk.events() if event["StartDateTime"] == SOON + timedelta(weeks=1))
    desk.edit(second["Id"], Subject="Only this one")
    desk.sync()
    desk.sync()
    assert sorted(event["Subject"] for event in desk.events()).count("Only this one") == 1
    assert sorted(desk.shown()).count("Only this one") == 1


def test_a_marked_series_is_saved_as_its_days_come_and_what_was_taken_out_stays_out() -> None:
    desk = Desk(house(events_appointments=False))
    series = desk.repeat("Weekly", WEEKLY)
    desk.sync()
    assert desk.events() == []
    desk.change(series, categories=("Salesforce",))
    desk.sync()
    assert starts(desk) == weeks(9)
    desk.erase(next(event["Id"] for event in desk.events() if event["StartDateTime"] == weeks(9)[3]))
    desk.sync()
    desk.days(7)
    desk.change(series, subject="Renamed")
    desk.sync()
    assert starts(desk) == [one for one in weeks(10) if one != weeks(9)[3]]
