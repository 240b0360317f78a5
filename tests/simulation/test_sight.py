"""A record that a mailbox's user may not read is neither linked nor taken for a reason to save."""

from typing import Any

import pytest

from crosstie.domain.settings import Resolving
from sandbox.salesforce.sharing import OrgDefault
from tests.simulation.day import categorise, deliver
from tests.simulation.house import AUTO_SAVE, House, Make
from tests.simulation.letters import ADA, BEN, NORA, STRANGER, letter
from tests.simulation.test_threads import mark, named, reply

PRIVATE: dict[str, OrgDefault] = {"Account": "private", "Contact": "parent", "Lead": "private"}
"""Nora's Contact and her Account are Ada's; Ben does not see them."""


def house_of(defaults: dict[str, OrgDefault] = PRIVATE, *, enhanced: bool = True, **settings: Any) -> House:
    house = House(Make(enhanced_email=enhanced, settings=AUTO_SAVE))
    house.org.setup.org_defaults(defaults)
    house.round()
    for person in house.ids:
        house.set(person, **settings)
    house.pass_minutes(2)
    return house


def arrive(house: House, to: str, sender: str = NORA, subject: str = "Offer") -> None:
    deliver(house, letter(subject, sender, to, house.clock.now()))
    work(house)


def work(house: House) -> None:
    house.pass_minutes(2)
    house.tick()
    house.force()


def linked(house: House) -> set[str]:
    """Kinds of records, by the beginning of their ids, that saved mails are linked or related to."""
    names = ("RelatedToId",) if house.mail_object == "EmailMessage" else ("WhoId", "WhatId")
    found = {row[name] for row in house.rows(house.mail_object, *names) for name in names}
    if house.mail_object == "EmailMessage":
        found |= {row["RelationId"] for row in house.rows("EmailMessageRelation", "RelationId")}
    return {one[:3] for one in found if one and not one.startswith("005")}


def user_of(house: House, address: str) -> str:
    return next(one.user for one in house.company.colleagues if one.address == address)


@pytest.mark.parametrize("enhanced", [True, False], ids=["EmailMessage", "Task"])
def test_who_sees_the_record_has_the_mail_linked_and_who_does_not_has_it_waiting(enhanced: bool) -> None:
    house = house_of(enhanced=enhanced)
    arrive(house, BEN)
    assert house.why("ben", "Offer") == "MAIL-UNKNOWN"
    assert "that you may see" in house.sentence("ben", "Offer")
    assert house.rows(house.mail_object, "Id") == []
    arrive(house, ADA, subject="Drawings")
    assert house.why("ada", "Drawings").startswith("MAIL-SAVED")
    assert "003" in linked(house)


@pytest.mark.parametrize("enhanced", [True, False], ids=["EmailMessage", "Task"])
def test_a_wish_is_heard_and_names_nobody_whom_the_user_may_not_see(enhanced: bool) -> None:
    house = house_of(enhanced=enhanced)
    arrive(house, BEN)
    categorise(house, "ben", "Offer", "Salesforce")
    work(house)
    assert house.why("ben", "Offer") == "MAIL-SAVED-MARK"
    assert linked(house) == set()


def test_one_mail_of_two_colleagues_is_saved_for_the_one_who_sees_its_people() -> None:
    house = house_of()
    mail = letter("Offer", NORA, f"{ADA}, {BEN}", house.clock.now())
    deliver(house, mail)
    work(house)
    work(house)
    assert house.why("ada", "Offer").startswith("MAIL-SAVED")
    assert house.why("ben", "Offer") == "MAIL-SHARED"
    assert len(house.rows("EmailMessage", "Id")) == 1


def test_what_is_shared_later_counts_from_then_on() -> None:
    house = house_of()
    arrive(house, BEN)
    house.org.share(house.company.accounts["Birchworks"], user_of(house, BEN), "read")
    arrive(house, BEN, subject="Drawings")
    assert house.why("ben", "Drawings") == "MAIL-SAVED"


def test_an_account_that_is_hidden_is_not_what_the_mail_is_about() -> None:
    house = house_of({"Account": "private", "Contact": "read"}, link_opportunities=False)
    arrive(house, BEN)
    assert house.why("ben", "Offer") == "MAIL-SAVED"
    assert linked(house) == {"003"}


def test_nobody_is_made_in_place_of_one_who_is_hidden() -> None:
    house = house_of(resolving=Resolving.LEAD)
    leads = len(house.rows("Lead", "Id"))
    arrive(house, BEN)
    assert house.why("ben", "Offer") == "MAIL-UNKNOWN"
    assert len(house.rows("Lead", "Id")) == leads
    arrive(house, BEN, sender=STRANGER, subject="Who")
    assert len(house.rows("Lead", "Id")) == leads + 1, "one whom nobody knows becomes one"


@pytest.mark.parametrize("defaults", [{}, PRIVATE], ids=["everybody sees all", "Nora is Ada's"])
def test_links_of_a_colleagues_thread_are_taken_over_as_far_as_one_sees_them(
    defaults: dict[str, OrgDefault],
) -> None:
    house = house_of(defaults, mail_threads=True, mail_threads_allowed=True)
    house.set("ada", mail_threads=True, mail_threads_allowed=True, mail_auto_save=False)
    own = {"LastName": "Oak", "Email": "olga@oak.test", "OwnerId": user_of(house, BEN)}
    house.org.insert(house.org.admin, "Lead", {**own, "Company": "Oak"})
    deliver(house, letter("Question", NORA, f"{ADA}, {BEN}", house.clock.now(), message_id=named("Question")))
    mark(house, "ada", "Question")
    work(house)
    deliver(house, reply("To Ben", "olga@oak.test", BEN, house, named("Question")))
    work(house)
    assert house.why("ben", "To Ben").startswith("MAIL-SAVED")
    (row,) = house.rows("EmailMessage", "Id", where="Subject = 'To Ben'")
    related = house.rows("EmailMessageRelation", "RelationId", where=f"EmailMessageId = '{row['Id']}'")
    found = {one["RelationId"] for one in related}
    assert (house.company.contacts[NORA] in found) is (not defaults)
    assert any(one and one.startswith("00Q") for one in found)


def questions(house: House) -> int:
    return sum(b"UserRecordAccess" in one.request_body for one in house.since(0))


@pytest.mark.parametrize(
    ("defaults", "asked"), [({}, 0), (PRIVATE, 1), ({"Account": "read", "Contact": "parent"}, 0)]
)
def test_the_org_is_asked_only_where_somebody_may_not_see_and_once_an_hour(
    defaults: dict[str, OrgDefault], asked: int
) -> None:
    house = house_of(defaults)
    for number in range(3):
        arrive(house, ADA, subject=f"Offer {number}")
    assert questions(house) == asked


@pytest.mark.parametrize(
    ("defaults", "code"),
    [(PRIVATE, "MAIL-UNKNOWN"), ({"Account": "private", "Contact": "read"}, "MAIL-NO-ACCOUNT")],
    ids=["a hidden Contact", "a hidden Account"],
)
def test_what_waits_for_somebody_hidden_waits_quietly(defaults: dict[str, OrgDefault], code: str) -> None:
    """The directory knows them, so that they would be found at once, again and again."""
    house = house_of(defaults)
    arrive(house, BEN)
    assert house.why("ben", "Offer") == code
    before = len(house.since(0))
    house.run_for(60)
    sessions = 2 * len(house.ids)
    assert len(house.since(0)) - before <= 2 * 30 + 2 * sessions
