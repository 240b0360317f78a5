"""A worker that was stopped past its lease and then goes on finds out that it is too late."""

import pytest

from tests.simulation.effects import Moment
from tests.simulation.sweep import HOUSES, Day, points

KIND = "email-message"


def stops(name: str) -> list[int]:
    """Where the noon's work does this: after the first mails, so that there is something to double."""
    found = [point for point in points(KIND) if point.moment is Moment.STOPPED and point.name == name]
    return [point.at for point in found if point.at >= 80]


@pytest.mark.parametrize("name", ["POST /services/data/v67.0/composite/graph", "commit"])
def test_it_stops_without_writing_anything_more(name: str) -> None:
    numbers = stops(name)[:6]
    assert numbers
    lost = 0
    for number in numbers:
        (point,) = [one for one in points(KIND) if one.at == number and one.moment is Moment.STOPPED]
        day = Day(HOUSES[KIND], point)
        assert day.live() == [], str(point)
        assert day.effects.struck
        lost += day.house.errors["LEASE-LOST"]
    assert lost, "nobody noticed that somebody else had taken over"
