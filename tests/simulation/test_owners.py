"""Events that are assigned to somebody else in Salesforce, and meetings that get another organizer."""

from datetime import timedelta

from crosstie.domain.links import Role
from sandbox.mailboxes.model import Person
from tests.simulation.desk import SOON, Desk
from tests.simulation.house import House
from tests.simulation.test_guests import why
from tests.simulation.test_leading import (
    ADA,
    BEN,
    by_ada,
    invited,
    is_quiet,
    office_of,
    outside,
    record,
    records,
    renamed,
    roles,
    rounds,
)


def give(house: House, name: str) -> None:
    house.org.update(house.org.admin, "Event", record(house)["Id"], {"OwnerId": Desk(house, name).user})


def test_a_copy_of_an_event_goes_along_with_it_to_its_new_owner_and_back() -> None:
    house = office_of("ada", "ben")
    ada, ben = Desk(house), Desk(house, "ben")
    ada.enter("Call")
    rounds(house)
    give(house, "ben")
    rounds(house)
    assert (ada.subjects(), ben.subjects()) == ([], ["Call"])
    ben.change(ben.only(), subject="Called")
    rounds(house)
    assert record(house)["Subject"] == "Called"
    give(house, "ada")
    rounds(house)
    assert (ada.subjects(), ben.subjects()) == (["Called"], [])
    assert (len(records(house)), ada.mails_sent()) == (1, [])
    assert is_quiet(house)


def test_an_edit_of_a_copy_that_was_given_away_meanwhile_is_not_lost() -> None:
    house = office_of("ada", "ben")
    ada, ben = Desk(house), Desk(house, "ben")
    ada.enter("Call")
    rounds(house)
    give(house, "ben")
    ada.change(ada.only(), subject="Called")
    rounds(house)
    assert (ada.subjects(), ben.subjects(), record(house)["Subject"]) == ([], ["Called"], "Called")
    assert is_quiet(house)


def test_what_was_made_in_the_mailbox_stays_there_when_its_event_is_given_away_and_is_an_issue() -> None:
    house = office_of("ada", "ben")
    ada, ben = Desk(house), Desk(house, "ben")
    by_ada(house, BEN)
    rounds(house)
    give(house, "ben")
    rounds(house)
    assert (why(ada), roles(house)) == ("EVENT-GIVEN-AWAY", {"ada": Role.LEAD, "ben": Role.COPY})
    assert record(house)["OwnerId"] == ben.user
    ada.change(ada.only(), reminder=25)
    rounds(house)
    assert (why(ada), set(invited(house))) == ("EVENT-GIVEN-AWAY", {"ada"})
    give(house, "ada")
    rounds(house)
    assert (why(ada), record(house)["OwnerId"]) == ("EVENT-MIRRORED", ada.user)
    assert len(ada.there()) == len(ben.there()) == 1
    assert is_quiet(house)


def test_an_event_of_a_meeting_from_outside_may_be_given_to_a_colleague_who_leads_it_then() -> None:
    house = office_of("ada", "ben")
    outside(house, [ADA, BEN])
    rounds(house)
    follower = next(name for name, role in roles(house).items() if role is Role.COPY)
    give(house, follower)
    rounds(house)
    renamed(house, follower)
    assert roles(house)[follower] is Role.LEAD
    assert sorted(roles(house).values()) == ["copy", "lead"]
    assert record(house)["OwnerId"] == Desk(house, follower).user
    assert is_quiet(house)


def test_a_meeting_whose_organizer_becomes_another_colleague_is_led_by_that_one() -> None:
    """As an administrator's script does it: both calendars say so."""
    house = office_of("ada", "ben")
    ada, ben = Desk(house), Desk(house, "ben")
    by_ada(house, BEN)
    rounds(house)
    first = record(house)
    new = Person(BEN, "Ben Okafor")
    for desk, organizes in ((ada, False), (ben, True)):
        one = desk.only()
        one.organizer, one.is_organizer = new, organizes
        guests = tuple(guest for guest in one.details.attendees if guest.person.address not in (ADA, BEN))
        both = (*desk.invited(ADA), *guests)
        house.world.mailboxes.calendar.change(house.box(desk.person), one, {"attendees": both})
    rounds(house)
    then = record(house)
    assert (then["Id"], then["OwnerId"]) == (first["Id"], ben.user)
    assert roles(house) == {"ada": Role.COPY, "ben": Role.LEAD}
    ben.change(ben.only(), start=SOON, end=SOON + timedelta(hours=1))
    rounds(house)
    assert ben.event()["StartDateTime"] == SOON
    assert is_quiet(house)
