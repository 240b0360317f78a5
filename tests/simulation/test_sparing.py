"""What the bulk guard held back, and a person says that it stays: the two halves are parted."""

from dataclasses import replace
from datetime import timedelta

import pytest

from crosstie.domain.links import Bond
from tests.simulation.desk import SOON, Desk, house
from tests.simulation.test_mirror import quiet
from tests.simulation.test_mirror_trouble import settle

TITLES = ["First", "Second", "Third"]


def held(how: str) -> Desk:
    """Three Events would be deleted at once, and one is allowed."""
    desk = Desk(house(events_removals=1, events_removals_percent=0))
    for number, title in enumerate(TITLES):
        desk.put(title, SOON + timedelta(hours=number))
    desk.sync()
    for one in desk.there():
        if how == "deleted":
            desk.delete(one)
        else:
            desk.change(one, categories=(*one.details.categories, "Salesforce Unsync"))
    settle(desk)
    assert sorted(event["Subject"] for event in desk.events()) == TITLES
    return desk


def keep(desk: Desk) -> None:
    """As the button of the page Issues does (store/recheck.py)."""
    for place, row in list(desk.house.memory.links.items()):
        if row.link.reason_code == "EVENT-GUARD":
            desk.house.memory.look_again(place, replace(row, link=replace(row.link, reason_code="EVENT-SPARED")))


@pytest.mark.parametrize("how", ["deleted", "unsynced"])
def test_what_is_to_stay_is_parted_and_neither_half_follows_the_other(how: str) -> None:
    desk = held(how)
    keep(desk)
    settle(desk)
    assert {(link.bond, link.reason_code) for link in desk.links()} == {(Bond.PARTED, "EVENT-STAYS")}
    assert [one.details.categories for one in desk.there()] == ([] if how == "deleted" else [()] * 3)
    for one in desk.there():
        desk.change(one, subject="Not for Salesforce")
    for event in desk.events():
        desk.edit(event["Id"], Location="Room 4")
    settle(desk)
    assert sorted(event["Subject"] for event in desk.events()) == TITLES
    assert [one.details.places for one in desk.there()] == ([] if how == "deleted" else [()] * 3)
    assert quiet(desk.house)
