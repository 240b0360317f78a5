"""Who is invited on both sides: who comes, goes and answers, and who is told of it."""

from dataclasses import replace
from typing import Any

import pytest

from crosstie.domain.settings import MeetingUpdates
from crosstie.engine.pacing import ISSUE_RETRY
from crosstie.engine.tick import SLOW_EVERY
from sandbox.mailboxes.calendar.model import Attendee
from sandbox.mailboxes.model import Person
from tests.simulation.desk import SOON, Desk
from tests.simulation.house import House
from tests.simulation.test_leading import (
    ADA,
    BEN,
    CLEO,
    NORA,
    by_ada,
    invited,
    is_quiet,
    office_of,
    record,
    rounds,
)


def met(**settings: Any) -> tuple[House, Desk]:
    """Ada's meeting with Nora, which is saved; Ben's calendar is kept too."""
    house = office_of("ada", "ben", **settings)
    by_ada(house)
    rounds(house)
    return house, Desk(house)


def invite_there(house: House, person: str, **fields: Any) -> None:
    """Ada invites somebody in Salesforce."""
    ada = Desk(house)
    values = {"EventId": record(house)["Id"], "RelationId": person, "Status": "New", "IsInvitee": True, **fields}
    house.org.insert(ada.user, "EventRelation", values)


def take_off_there(house: House, person: str) -> None:
    where = f"EventId = '{record(house)['Id']}' AND RelationId = '{person}'"
    (row,) = house.rows("EventRelation", "Id", where=where)
    house.org.delete(Desk(house).user, row["Id"])


def answer_there(house: House, person: str, status: str) -> None:
    where = f"EventId = '{record(house)['Id']}' AND RelationId = '{person}'"
    (row,) = house.rows("EventRelation", "Id", where=where)
    house.org.update(person, "EventRelation", row["Id"], {"Status": status})


def user(house: House, name: str) -> str:
    return Desk(house, name).user


def attending(desk: Desk) -> set[str]:
    return {one.person.address for one in desk.only().details.attendees}


def told(desk: Desk, since: int) -> list[str]:
    return [to for mail in desk.mails_sent()[since:] for to in mail.recipients]


def why(desk: Desk) -> str:
    (link,) = desk.links()
    return link.reason_code


def approve(house: House) -> None:
    """As the button of the page Issues does (store/recheck.py)."""
    for place, row in list(house.memory.links.items()):
        if row.link.reason_code == "EVENT-ASK":
            house.memory.look_again(place, replace(row, link=replace(row.link, reason_code="EVENT-APPROVED")))


# -- invited in Salesforce -----------------------------------------------------------------------------
@pytest.mark.usefixtures("mail_is_wanted")
def test_who_is_invited_in_salesforce_is_invited_to_the_meeting_when_its_organizer_says_so() -> None:
    house, ada = met()
    sent = len(ada.mails_sent())
    invite_there(house, user(house, "ben"))
    rounds(house)
    assert (why(ada), attending(ada), told(ada, sent)) == ("EVENT-ASK", {NORA}, [])
    assert is_quiet(house)
    approve(house)
    rounds(house)
    assert (attending(ada), told(ada, sent)) == ({NORA, BEN}, [BEN])
    assert (why(ada), invited(house)) == ("EVENT-MIRRORED", {"ben": "New"})
    Desk(house, "ben").answer("accepted")
    rounds(house)
    assert invited(house) == {"ben": "Accepted"}
    assert is_quiet(house)


@pytest.mark.usefixtures("mail_is_wanted")
def test_contacts_that_are_invited_in_salesforce_are_asked_for_at_their_address() -> None:
    house, ada = met(events_meeting_updates=MeetingUpdates.SEND)
    sent = len(ada.mails_sent())
    priya = "priya@cedarbank.test"
    invite_there(house, house.company.contacts[priya])
    rounds(house)
    assert (attending(ada), told(ada, sent)) == ({NORA, priya}, [priya])
    assert is_quiet(house)


def test_where_attendees_are_told_nothing_the_meeting_stays_and_it_is_said_once() -> None:
    house, ada = met(events_meeting_updates=MeetingUpdates.KEEP)
    sent = len(ada.mails_sent())
    invite_there(house, user(house, "ben"))
    rounds(house)
    assert (why(ada), attending(ada), told(ada, sent)) == ("EVENT-NOT-SENT", {NORA}, [])
    ada.change(ada.only(), reminder=25)
    rounds(house)
    assert (why(ada), invited(house)) == ("EVENT-MIRRORED", {"ben": "New"})
    assert is_quiet(house)


@pytest.mark.usefixtures("mail_is_wanted")
def test_what_comes_down_with_invitees_comes_without_and_only_later_ones_are_asked_for() -> None:
    house = office_of("ada", "ben")
    ada = Desk(house)
    event = ada.enter("Call", SOON)
    house.org.insert(
        ada.user, "EventRelation", {"EventId": event, "RelationId": user(house, "ben"), "IsInvitee": True}
    )
    rounds(house)
    assert (attending(ada), why(ada), ada.mails_sent()) == (set(), "EVENT-BROUGHT", [])
    ada.edit(event, Location="Room 2")
    rounds(house)
    assert (attending(ada), why(ada)) == (set(), "EVENT-MIRRORED")
    invite_there(house, user(house, "cleo"))
    rounds(house)
    assert (attending(ada), why(ada)) == (set(), "EVENT-ASK")
    approve(house)
    rounds(house)
    assert attending(ada) == {CLEO}
    assert {mail.recipients for mail in ada.mails_sent()} == {(CLEO,)}
    assert is_quiet(house)


def test_whom_the_organizer_of_a_brought_event_invites_here_follows_it() -> None:
    house = office_of("ada", "ben")
    ada, ben = Desk(house), Desk(house, "ben")
    event = ada.enter("Call", SOON)
    rounds(house)
    ada.invite(ada.only(), BEN)
    rounds(house)
    ben.answer("accepted")
    rounds(house)
    assert (record(house)["Id"], ben.records()) == (event, {event})
    assert invited(house) == {"ben": "Accepted"}
    assert is_quiet(house)


# -- taken off in Salesforce ---------------------------------------------------------------------------
def test_who_is_taken_off_in_salesforce_stays_on_the_meeting_and_off_the_event() -> None:
    house = office_of("ada", "ben")
    by_ada(house, BEN)
    rounds(house)
    take_off_there(house, user(house, "ben"))
    ada = Desk(house)
    ada.edit(record(house)["Id"], ShowAs="OutOfOffice")
    rounds(house)
    assert (attending(ada), invited(house)) == ({NORA, BEN}, {})
    ada.change(ada.only(), reminder=25)
    rounds(house)
    assert invited(house) == {}
    assert is_quiet(house)


@pytest.mark.usefixtures("mail_is_wanted")
def test_who_is_taken_off_in_salesforce_is_taken_off_the_meeting_where_the_settings_say_so() -> None:
    house = office_of("ada", "ben", events_attendee_removals=True, events_meeting_updates=MeetingUpdates.SEND)
    by_ada(house, BEN)
    rounds(house)
    ada = Desk(house)
    sent = len(ada.mails_sent())
    take_off_there(house, user(house, "ben"))
    ada.edit(record(house)["Id"], ShowAs="OutOfOffice")
    rounds(house)
    assert (attending(ada), told(ada, sent)) == ({NORA}, [BEN])
    assert is_quiet(house)


def test_the_last_colleague_who_is_taken_off_the_meeting_is_taken_off_the_event() -> None:
    house = office_of("ada", "ben", events_internal=True)
    ada = Desk(house)
    appointment = ada.put("Ours", SOON, guests=[BEN])
    rounds(house)
    assert invited(house) == {"ben": "New"}
    ada.disinvite(appointment, BEN)
    rounds(house)
    assert invited(house) == {}
    assert is_quiet(house)


# -- who is a guest, and what was answered -------------------------------------------------------------
def test_contacts_are_invitees_where_the_settings_say_so() -> None:
    house, ada = met(events_colleagues_only=False)
    contact = house.company.contacts[NORA]
    where = f"EventId = '{record(house)['Id']}' AND IsInvitee = true"
    rows = house.rows("EventRelation", "RelationId", "Status", "IsParent", where=where)
    assert [(row["RelationId"], row["Status"], row["IsParent"]) for row in rows] == [(contact, "New", True)]
    assert ada.event()["WhoId"] == contact
    assert is_quiet(house)


def test_answers_that_are_given_in_salesforce_stay_there_until_another_is_given_here() -> None:
    house = office_of("ada", "ben")
    by_ada(house, BEN)
    rounds(house)
    ada, ben = Desk(house), user(house, "ben")
    sent = len(ada.mails_sent())
    assert invited(house) == {"ben": "Accepted"}
    answer_there(house, ben, "Declined")
    rounds(house)
    ada.change(ada.only(), reminder=25)
    rounds(house)
    assert (invited(house), told(ada, sent)) == ({"ben": "Declined"}, [])
    Desk(house, "ben").answer("tentativelyAccepted")
    rounds(house)
    assert invited(house) == {"ben": "New"}
    assert is_quiet(house)


def test_rooms_are_nobody() -> None:
    house, ada = met()
    room = house.org.setup.calendar("Oak", "Resource")
    invite_there(house, room)
    oak = Attendee(Person("oak@larch.test", "Oak"), role="resource")
    ada.change(ada.only(), attendees=(*ada.only().details.attendees, oak))
    sent = len(ada.mails_sent())
    rounds(house)
    assert (why(ada), told(ada, sent)) == ("EVENT-MIRRORED", [])
    where = f"EventId = '{record(house)['Id']}' AND IsInvitee = true"
    assert [row["RelationId"] for row in house.rows("EventRelation", "RelationId", where=where)] == [room]
    assert is_quiet(house)


def test_an_invitee_whom_salesforce_does_not_take_costs_a_day_and_not_the_meeting() -> None:
    house = office_of("ada", "ben")
    house.org.update(house.org.admin, "User", user(house, "cleo"), {"IsActive": False})
    by_ada(house, BEN, CLEO)
    house.force()
    ada = Desk(house)
    assert (why(ada), house.rows("Event", "Id")) == ("CRM-REFUSED", [])
    ada.days(ISSUE_RETRY.days + 1)
    assert record(house)["OwnerId"] == ada.user
    for _ in range(SLOW_EVERY):
        house.tick()
    ada.change(ada.only(), reminder=25)
    rounds(house)
    assert invited(house) == {"ben": "Accepted"}
    assert ADA not in {to for mail in ada.mails_sent() for to in mail.recipients}
    assert is_quiet(house)
