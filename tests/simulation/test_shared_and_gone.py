"""A meeting whose one record was deleted: some colleagues have heard of it and others have not yet."""

from crosstie.domain.links import Role
from crosstie.domain.settings import EventWay
from sandbox.salesforce.mishaps import row_refused
from tests.simulation.desk import Desk
from tests.simulation.house import House
from tests.simulation.test_handing_on import session_of
from tests.simulation.test_leading import (
    ADA,
    BEN,
    CLEO,
    by_ada,
    desks,
    is_quiet,
    office_of,
    outside,
    record,
    records,
    roles,
    rounds,
)  # fmt: skip

AGAIN = EventWay.TO_SALESFORCE
"""What is deleted in Salesforce is made again."""


def marks(house: House) -> dict[str, tuple[str, ...]]:
    return {desk.person: desk.only().details.categories for desk in desks(house)}


def told(house: House) -> int:
    return len(house.memory.journal)


def test_what_the_org_will_not_have_again_is_not_shared_with_whoever_waits_for_it() -> None:
    house = office_of("ada", "ben", events_way=AGAIN)
    by_ada(house, BEN)
    rounds(house)
    Desk(house).erase(record(house)["Id"])
    house.world.faults.add(row_refused("FIELD_CUSTOM_VALIDATION_EXCEPTION", "Not now.", "Event", times=9))
    rounds(house)
    assert (records(house), marks(house)["ben"]) == ([], ())
    before = told(house)
    rounds(house)
    assert told(house) == before
    house.world.faults.clear()
    Desk(house).days(2)
    rounds(house)
    assert record(house)["OwnerId"] == Desk(house).user
    assert roles(house) == {"ada": Role.LEAD, "ben": Role.COPY}
    assert marks(house) == dict.fromkeys(("ada", "ben"), ("Salesforce",))
    assert is_quiet(house)


def test_who_marks_what_was_deleted_has_it_saved_though_a_colleague_has_not_heard_of_it_yet() -> None:
    house = office_of("ada", "ben")
    meeting = by_ada(house, BEN)
    rounds(house)
    ada = Desk(house)
    first = record(house)["Id"]
    ada.erase(first)
    house.pass_minutes(2)
    house.tick()
    session_of(house, "ada")
    assert ada.only().details.categories == ()
    ada.change(meeting, categories=("Salesforce",))
    session_of(house, "ada")
    rounds(house)
    assert record(house)["OwnerId"] == ada.user
    assert ada.only().details.categories == ("Salesforce",)
    assert is_quiet(house)


def test_nobody_follows_a_colleague_in_turn_who_has_just_followed_them() -> None:
    """Who led is a new mailbox in the very batch that learns of the delete."""
    house = office_of("ada", "ben", "cleo", events_way=AGAIN)
    outside(house, [ADA, BEN, CLEO])
    rounds(house)
    (leads,) = [name for name, role in roles(house).items() if role is Role.LEAD]
    gone = house.ids[leads]
    for place in [place for place in house.memory.links if place[0] == gone]:
        del house.memory.links[place]
    Desk(house).erase(record(house)["Id"])
    Desk(house, leads).answer("tentativelyAccepted")
    rounds(house, 6)
    assert len(records(house)) == 1
    assert sorted(roles(house).values()) == ["copy", "copy", "lead"]
    assert set(marks(house).values()) == {("Salesforce",)}
    assert is_quiet(house)


def test_a_copy_that_was_edited_when_its_record_went_follows_the_one_that_is_made_again() -> None:
    house = office_of("ada", "ben", events_way=AGAIN)
    meeting = by_ada(house, BEN)
    rounds(house)
    Desk(house).erase(record(house)["Id"])
    Desk(house).change(meeting, subject="Saw line, again")
    rounds(house, 4)
    assert record(house)["OwnerId"] == Desk(house).user
    assert roles(house) == {"ada": Role.LEAD, "ben": Role.COPY}
    assert marks(house)["ben"] == ("Salesforce",)
    assert is_quiet(house)
