"""Whose item of a meeting is kept like its one record, when colleagues come, go, fail and work at once."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from crosstie.domain.links import Role
from crosstie.domain.settings import EventWay
from sandbox.company import PEOPLE
from sandbox.mailboxes.calendar import outsiders
from sandbox.mailboxes.calendar.model import Details
from sandbox.mailboxes.model import Person
from tests.simulation.desk import CALENDAR, SOON, Desk
from tests.simulation.effects import WorkerDied
from tests.simulation.house import House, Make, is_write
from tests.simulation.sweep import DEATH_MINUTES
from tests.simulation.test_found import dies_before

ADA, BEN, CLEO, NORA = "ada@larch.test", "ben@larch.test", "cleo@larch.test", "nora@birchworks.test"
LATER = SOON + timedelta(days=8)
DEATHS = ("journal.end", "states.save_links", "states.save_cursors", "states.release")
MANY = tuple((f"person{number}", "Person", f"Number {number}", ()) for number in range(7))


def office_of(*names: str, **settings: Any) -> House:
    """A house in which these keep their calendars."""
    people = (*PEOPLE, *MANY)
    made = House(Make(people=people, syncing=names, settings=replace(CALENDAR, **settings)))
    made.round()
    return made


def desks(house: House) -> list[Desk]:
    return [Desk(house, name) for name in house.ids]


def records(house: House) -> list[dict[str, Any]]:
    """Those that are no colleague's view of another one."""
    rows = house.rows("Event", "Id", "Subject", "OwnerId", "IsChild", "StartDateTime")
    return [row for row in rows if not row["IsChild"]]


def record(house: House) -> dict[str, Any]:
    (one,) = records(house)
    return one


def roles(house: House) -> dict[str, Role]:
    return {desk.person: link.role for desk in desks(house) for link in desk.links()}


def invited(house: House) -> dict[str, str]:
    """Person → answer, of the colleagues on the only record."""
    where = f"EventId = '{record(house)['Id']}' AND IsInvitee = true"
    found = {
        row["RelationId"]: row["Status"]
        for row in house.rows("EventRelation", "RelationId", "Status", where=where)
    }
    names = {one.user: one.address.partition("@")[0] for one in house.company.colleagues}
    return {names[user]: status for user, status in found.items()}


def outside(house: House, guests: Sequence[str], accepting: Sequence[str] = ()) -> None:
    """Nora invites colleagues, and these or all of them accept."""
    end = LATER + timedelta(hours=1)
    details = Details(subject="Demo", start=LATER, end=end, attendees=Desk.invited(*guests))
    outsiders.invite(house.world.mailboxes, Person(NORA, "Nora Lindqvist"), details)
    for name in accepting or [guest.partition("@")[0] for guest in guests]:
        Desk(house, name).answer("accepted")


def rounds(house: House, count: int = 3) -> None:
    for _ in range(count):
        house.pass_minutes(2)
        house.round()


def renamed(house: House, person: str) -> None:
    """Nora calls it otherwise; `person` has a copy of it."""
    outsiders.change(house.world.mailboxes, Desk(house, person).only(), {"subject": "Demo, renamed"})
    rounds(house)
    assert record(house)["Subject"] == "Demo, renamed"


def is_quiet(house: House) -> bool:
    return not [one for one in house.counting(house.round) if is_write(one)]


def by_ada(house: House, *guests: str) -> Any:
    appointment = Desk(house, "ada").put("Saw line", LATER, guests=[*guests, NORA])
    for guest in guests:
        Desk(house, guest.partition("@")[0]).answer("accepted")
    return appointment


def shared() -> tuple[House, str, str]:
    """A meeting from outside of two colleagues: who leads, and the other one."""
    house = office_of("ada", "ben")
    outside(house, [ADA, BEN])
    rounds(house)
    (leads,) = [name for name, role in roles(house).items() if role is Role.LEAD]
    (other,) = roles(house).keys() - {leads}
    return house, leads, other


# -- who waits, and how long ---------------------------------------------------------------------------
def test_an_organizer_who_does_not_save_is_waited_for_two_days_and_then_takes_over() -> None:
    house = office_of("ada", "ben")
    house.set("ada", events_meetings=False)
    by_ada(house, BEN)
    ada, ben = Desk(house, "ada"), Desk(house, "ben")
    rounds(house)
    ada.days(1)
    assert (records(house), ben.reasons() & {"EVENT-ORGANIZER"}) == ([], {"EVENT-ORGANIZER"})
    ada.days(2)
    first = record(house)
    assert (first["OwnerId"], roles(house)["ben"], invited(house)) == (ben.user, Role.LEAD, {"ada": "New"})
    sent = len(ada.mails_sent())
    house.set("ada", events_meetings=True)
    rounds(house)
    then = record(house)
    assert (then["Id"], then["OwnerId"]) == (first["Id"], ada.user)
    assert roles(house) == {"ada": Role.LEAD, "ben": Role.COPY}
    assert invited(house) == {"ben": "Accepted"}
    assert "EVENT-TAKEN-OVER" in ada.reasons()
    assert "Salesforce" in ada.only().details.categories
    assert len(ada.mails_sent()) == sent
    assert is_quiet(house)


def test_an_organizer_who_is_kept_in_step_is_waited_for_for_ever_and_one_who_is_paused_is_not() -> None:
    house = office_of("ada", "ben")
    house.set("ada", blocklist=(NORA,))
    by_ada(house, BEN)
    rounds(house)
    Desk(house).days(4)
    assert records(house) == []
    house.memory.set_running(house.ids["ada"], running=False)
    Desk(house).days(2)
    assert record(house)["OwnerId"] == Desk(house, "ben").user


def test_an_organizer_without_a_mailbox_here_is_waited_for_too() -> None:
    house = office_of("ben")
    by_ada(house, BEN)
    rounds(house)
    assert records(house) == []
    Desk(house, "ben").days(3)
    assert record(house)["OwnerId"] == Desk(house, "ben").user


def test_a_marked_meeting_waits_as_well_and_is_an_issue() -> None:
    house = office_of("ada", "ben")
    house.set("ada", events_meetings=False)
    by_ada(house, BEN)
    rounds(house)
    ben = Desk(house, "ben")
    ben.change(ben.only(), categories=("Salesforce",))
    rounds(house)
    assert (records(house), "EVENT-ORGANIZER-MARK" in ben.reasons()) == ([], True)
    ben.days(3)
    assert record(house)["OwnerId"] == ben.user


def test_who_waits_for_an_organizer_that_makes_a_record_again_does_not_wait_for_ever() -> None:
    house = office_of("ada", "ben", events_way=EventWay.TO_SALESFORCE)
    by_ada(house, BEN)
    rounds(house)
    ben = Desk(house, "ben")
    ben.erase(record(house)["Id"])
    house.memory.set_running(house.ids["ada"], running=False)
    house.pass_minutes(2)
    house.round()
    assert [(link.reason_code, link.recheck_at is None) for link in ben.links()] == [("EVENT-ORGANIZER", False)]


# -- who leads when somebody goes ----------------------------------------------------------------------
def test_what_a_deactivated_colleague_led_is_led_by_another_and_the_record_stays() -> None:
    house, leads, other = shared()
    before = record(house)
    house.memory.set_running(house.ids[leads], running=False)
    moved = LATER + timedelta(hours=2)
    changes = {"start": moved, "end": moved + timedelta(hours=1), "subject": "Demo, later"}
    outsiders.change(house.world.mailboxes, Desk(house, other).only(), changes)
    rounds(house)
    after = record(house)
    assert (after["Id"], after["Subject"]) == (before["Id"], "Demo, later")
    assert roles(house)[other] is Role.LEAD
    house.memory.set_running(house.ids[leads], running=True)
    renamed(house, other)
    assert (record(house)["Id"], sorted(roles(house).values())) == (before["Id"], ["copy", "lead"])
    assert is_quiet(house)


def test_what_a_removed_colleague_led_is_led_by_another() -> None:
    house, leads, other = shared()
    before = record(house)
    gone = house.ids.pop(leads)
    for place in [place for place in house.memory.links if place[0] == gone]:
        del house.memory.links[place]
    del house.memory.mailboxes[gone]
    renamed(house, other)
    assert record(house)["Id"] == before["Id"]
    assert roles(house) == {other: Role.LEAD}
    assert is_quiet(house)


def test_whoever_leads_somebody_elses_meeting_and_leaves_it_leaves_the_record_to_the_others() -> None:
    house, leads, other = shared()
    before = record(house)
    gone, stays = Desk(house, leads), Desk(house, other)
    gone.delete(gone.only())
    rounds(house)
    after = record(house)
    assert (after["Id"], after["OwnerId"]) == (before["Id"], stays.user)
    assert roles(house) == {other: Role.LEAD}
    assert invited(house) == {leads: "Declined"}
    renamed(house, other)
    assert is_quiet(house)


def test_an_unsynced_meeting_of_somebody_elses_stays_with_those_who_keep_it() -> None:
    house, leads, other = shared()
    one = Desk(house, leads)
    one.change(one.only(), categories=("Salesforce", "Salesforce Unsync"))
    rounds(house)
    assert record(house)["OwnerId"] == Desk(house, other).user
    assert one.only().details.categories == ()
    assert is_quiet(house)


def test_what_its_organizer_deletes_goes_for_everybody() -> None:
    house = office_of("ada", "ben", "cleo")
    appointment = by_ada(house, BEN, CLEO)
    rounds(house)
    assert roles(house) == {"ada": Role.LEAD, "ben": Role.COPY, "cleo": Role.COPY}
    Desk(house).delete(appointment)
    rounds(house, 4)
    assert records(house) == []
    assert is_quiet(house)


def test_a_meeting_of_a_deactivated_organizer_that_is_called_off_goes_by_an_attendee() -> None:
    house = office_of("ada", "ben")
    appointment = by_ada(house, BEN)
    rounds(house)
    house.memory.set_running(house.ids["ada"], running=False)
    Desk(house).delete(appointment)
    rounds(house, 4)
    assert records(house) == []


def test_what_its_organizer_made_private_is_carried_over_by_nobody_else() -> None:
    house = office_of("ada", "ben")
    appointment = by_ada(house, BEN)
    rounds(house)
    ada = Desk(house)
    ada.change(appointment, sensitivity="private")
    rounds(house)
    house.memory.set_running(house.ids["ada"], running=False)
    ada.change(appointment, subject="Secret")
    rounds(house)
    assert Desk(house, "ben").subjects() == ["Secret"]
    assert (record(house)["Subject"], roles(house)["ben"]) == ("Saw line", Role.COPY)


def test_who_follows_a_record_in_the_session_that_sees_it_deleted_is_not_marked() -> None:
    """Its delete was told already, and is told nobody once more."""
    house = office_of("ada", "ben")
    outside(house, [ADA, BEN], accepting=["ada"])
    rounds(house)
    Desk(house, "ben").answer("accepted")
    Desk(house).erase(record(house)["Id"])
    rounds(house)
    assert records(house) == []
    assert [desk.only().details.categories for desk in desks(house)] == [(), ()]
    assert is_quiet(house)


# -- many, and at the same time ------------------------------------------------------------------------
def test_ten_colleagues_of_a_meeting_from_outside_make_one_record() -> None:
    names = ("ada", "ben", "cleo", *(name for name, *_ in MANY))
    house = office_of(*names)
    outside(house, [f"{name}@larch.test" for name in names])
    rounds(house, 4)
    record(house)
    assert len(invited(house)) == 9
    assert is_quiet(house)
    assert sorted(roles(house).values()) == ["copy"] * 9 + ["lead"]


def test_ten_colleagues_of_a_colleagues_meeting_make_one_record() -> None:
    names = ("ada", "ben", "cleo", *(name for name, *_ in MANY))
    house = office_of(*names)
    by_ada(house, *(f"{name}@larch.test" for name in names if name != "ada"))
    rounds(house, 4)
    assert record(house)["OwnerId"] == Desk(house).user
    assert set(invited(house).values()) == {"Accepted"}
    assert len(invited(house)) == 9
    assert is_quiet(house)


@pytest.mark.parametrize("number", range(1, 27, 3))
def test_two_sessions_at_once_make_one_record_and_agree_on_who_leads(number: int) -> None:
    """While Ada's session is at its effect of that number, or as soon as its transaction is over then, a second
    worker has Ben's.
    """
    house = office_of("ada", "ben")
    outside(house, [ADA, BEN])
    house.pass_minutes(2)
    house.tick()
    seen: list[str] = []
    at: list[int] = []

    def meanwhile(name: str) -> None:
        seen.append(name)
        if len(seen) > number and not house.effects.depth and not at:
            at.append(len(seen))
            ports, house.ports = house.ports, house.new_worker()
            house.force("ben")
            house.ports = ports

    house.effects.before = meanwhile
    house.force("ada")
    house.effects.before = None
    assert at
    assert at[0] < len(seen)
    rounds(house, 4)
    renamed(house, "ben")
    assert sorted(roles(house).values()) == ["copy", "lead"]
    assert len(invited(house)) == 1
    assert is_quiet(house)


@pytest.mark.parametrize("effect", DEATHS)
@pytest.mark.parametrize("by_colleague", [False, True])
def test_a_session_that_dies_over_the_first_save_leaves_one_record_and_one_who_leads(
    effect: str, by_colleague: bool
) -> None:
    house = office_of("ada", "ben")
    if by_colleague:
        by_ada(house, BEN)
    else:
        outside(house, [ADA, BEN])
    house.pass_minutes(2)
    house.tick()
    house.effects.before = dies_before(effect)
    with pytest.raises(WorkerDied):
        house.force("ada")
    house.restart()
    house.force("ben")
    house.pass_minutes(DEATH_MINUTES)
    rounds(house, 5)
    record(house)
    if not by_colleague:
        renamed(house, "ben")
    assert sorted(roles(house).values()) == ["copy", "lead"]
    assert is_quiet(house)


@pytest.mark.parametrize("number", range(15, 33, 2))
def test_a_session_that_dies_while_the_organizer_takes_over_leaves_one_record(number: int) -> None:
    """Who leads is put right as soon as there is something to do (decision 52)."""
    house = office_of("ada", "ben")
    house.set("ada", events_meetings=False, events_organizer_days=0)
    house.set("ben", events_organizer_days=0)
    by_ada(house, BEN)
    rounds(house)
    first = record(house)
    house.set("ada", events_meetings=True)
    rounds(house, 1)
    house.pass_minutes(2)
    house.effects.strike_at = len(house.effects.names) + number
    with pytest.raises(WorkerDied):
        house.round()
    house.restart()
    house.pass_minutes(DEATH_MINUTES)
    rounds(house, 5)
    ada = Desk(house)
    ada.change(ada.only(), subject="Saw line, at last")
    rounds(house)
    then = record(house)
    assert (then["Id"], then["OwnerId"], then["Subject"]) == (first["Id"], ada.user, "Saw line, at last")
    assert roles(house) == {"ada": Role.LEAD, "ben": Role.COPY}
    assert is_quiet(house)


# -- a record each -------------------------------------------------------------------------------------
def owners(house: House) -> list[str]:
    names = {one.user: one.address.partition("@")[0] for one in house.company.colleagues}
    return sorted(names[row["OwnerId"]] for row in records(house))


def views(house: House) -> int:
    return sum(1 for row in house.rows("Event", "Id", "IsChild") if row["IsChild"])


def test_where_the_settings_say_so_everybody_has_a_record_of_a_meeting_from_outside() -> None:
    house = office_of("ada", "ben", "cleo", events_copies=True)
    outside(house, [ADA, BEN, CLEO])
    rounds(house, 4)
    assert (owners(house), views(house)) == (["ada", "ben", "cleo"], 0)
    outsiders.change(house.world.mailboxes, Desk(house).only(), {"subject": "Demo, renamed"})
    rounds(house, 4)
    assert {row["Subject"] for row in records(house)} == {"Demo, renamed"}
    assert set(roles(house).values()) == {Role.LEAD}
    assert is_quiet(house)
    ada = Desk(house)
    ada.delete(ada.only())
    rounds(house)
    assert owners(house) == ["ben", "cleo"]


def test_a_meeting_of_a_colleague_is_one_record_whatever_the_settings_say() -> None:
    house = office_of("ada", "ben", events_copies=True)
    by_ada(house, BEN)
    rounds(house, 4)
    assert owners(house) == ["ada"]


@pytest.mark.parametrize("at_first", [False, True])
def test_a_meeting_stays_as_it_was_saved_first_when_the_setting_changes(at_first: bool) -> None:
    """Ben accepts after the change; nobody has two Events of it."""
    house = office_of("ada", "ben", events_copies=at_first)
    details = Details(
        subject="Demo", start=LATER, end=LATER + timedelta(hours=1), attendees=Desk.invited(ADA, BEN)
    )
    outsiders.invite(house.world.mailboxes, Person(NORA, "Nora Lindqvist"), details)
    Desk(house, "ada").answer("accepted")
    rounds(house)
    assert owners(house) == ["ada"]
    for name in house.ids:
        house.set(name, events_copies=not at_first)
    Desk(house, "ben").answer("accepted")
    rounds(house, 4)
    assert owners(house) == (["ada", "ben"] if at_first else ["ada"])
    assert views(house) == (0 if at_first else 1)
    assert is_quiet(house)


def test_who_comes_later_follows_the_shared_record_and_not_somebodys_own() -> None:
    """Ben, who is to have a record of his own, saves it while Ada's session is about to save the shared one."""
    house = office_of("ada", "ben", "cleo")
    house.set("ben", events_copies=True)
    outside(house, [ADA, BEN, CLEO], ["ada", "ben"])
    house.pass_minutes(2)
    house.tick()

    def meanwhile(name: str) -> None:
        if name == "journal.send":
            house.effects.before = None
            ports, house.ports = house.ports, house.new_worker()
            house.force("ben")
            house.ports = ports

    house.effects.before = meanwhile
    house.force("ada")
    assert owners(house) == ["ada", "ben"]
    Desk(house, "cleo").answer("accepted")
    rounds(house, 4)
    assert owners(house) == ["ada", "ben"]
    assert Desk(house, "cleo").records() == Desk(house, "ada").records()
    assert is_quiet(house)
