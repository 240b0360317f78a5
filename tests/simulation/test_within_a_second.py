"""Stamps of an org count seconds, and its log tells of one once: what is edited under the same is met as well."""

from datetime import timedelta

from tests.simulation.test_mirror import quiet
from tests.simulation.test_mirror_trouble import desk_of, settle


def test_two_edits_within_one_second_both_arrive() -> None:
    desk = desk_of()
    appointment = desk.put()
    desk.sync()
    desk.change(appointment, subject="First")
    desk.sync()
    record_id = desk.event()["Id"]
    desk.house.round()
    desk.edit(record_id, Subject="Second")
    settle(desk)
    assert desk.subjects() == ["Second"]
    desk.edit(record_id, Subject="Third")
    desk.house.round()
    desk.edit(record_id, Subject="Fourth")
    settle(desk)
    assert desk.subjects() == ["Fourth"]
    assert quiet(desk.house)


def test_an_edit_within_the_second_of_our_own_write_arrives() -> None:
    """The log has told of that second before: what was read then is why we write."""
    desk = desk_of()
    appointment = desk.put()
    desk.sync()
    record_id = desk.event()["Id"]
    desk.house.pass_minutes(2)
    desk.edit(record_id, Subject="First")
    desk.change(appointment, subject="Second")
    desk.house.round()
    assert desk.event()["Subject"] == "Second"
    desk.edit(record_id, Location="Mill")
    settle(desk)
    assert [place.name for one in desk.there() for place in one.details.places] == ["Mill"]
    assert quiet(desk.house)


def test_two_edits_within_one_second_both_arrive_though_our_clock_is_ahead() -> None:
    """That the second is over is told by the org's own clock."""
    desk = desk_of()
    desk.put()
    desk.sync()
    record_id = desk.event()["Id"]
    desk.house.pass_minutes(2)
    desk.house.clock.ahead = timedelta(seconds=146)
    desk.edit(record_id, Subject="First")
    desk.house.round()
    desk.edit(record_id, Subject="Second")
    settle(desk)
    assert desk.subjects() == ["Second"]
    assert quiet(desk.house)
