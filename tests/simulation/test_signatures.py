"""What the signature of a stranger's mail says stands on the record that is made of them, or is left out."""

import pytest

from tests.simulation.day import deliver
from tests.simulation.house import House, Make
from tests.simulation.letters import ADA, STRANGER, letter
from tests.simulation.sweep import restlessness
from tests.simulation.test_resolving import CONTACTS, PERSONS, WIM, house_with, work


def signed(house: House, sender: str = WIM, title: str = "Head of Purchasing") -> None:
    mail = letter("Hello", sender, ADA, house.clock.now())
    mail.clear_content()
    company = "Willow Works GmbH\nTel. +49 30 901820\nMobil: 0171 5550100\n"
    mail.set_content(f"As discussed.\n\n-- \nWim Willow\n{title}\n{company}")
    deliver(house, mail)
    work(house)


FOUND = ("Title", "Phone", "MobilePhone")


@pytest.mark.parametrize("sender", [WIM, STRANGER])
def test_a_signature_fills_what_the_header_does_not_tell(sender: str) -> None:
    house = house_with()
    signed(house, sender)
    (lead,) = house.rows("Lead", *FOUND, "FirstName", "LastName", "Company", where=f"Email = '{STRANGER}'")
    assert lead == {
        "Title": "Head of Purchasing",
        "Phone": "+49 30 901820",
        "MobilePhone": "0171 5550100",
        "FirstName": "Wim",
        "LastName": "Willow",
        "Company": "Willow Works GmbH",
    }
    assert restlessness(house) == []


def test_a_contact_and_a_person_account_are_filled_alike() -> None:
    for settings, prefix in ((CONTACTS, ""), (PERSONS, "Person")):
        house = house_with(Make(settings=settings))
        signed(house)
        (contact,) = house.rows("Contact", *FOUND, where=f"Email = '{STRANGER}'")
        assert tuple(contact.values()) == ("Head of Purchasing", "+49 30 901820", "0171 5550100"), prefix


def test_what_the_org_refuses_of_a_signature_costs_nobody_their_record() -> None:
    house = house_with()
    house.org.add_validation_rule("Lead", lambda one: bool(one.get("Phone")), "No phones here.", "Phone")
    signed(house, title="Head of " + "Everything " * 10)
    (lead,) = house.rows("Lead", *FOUND, where=f"Email = '{STRANGER}'")
    assert tuple(lead.values()) == (None, None, "0171 5550100")
    assert house.why("ada", "Hello") == "MAIL-SAVED-NEW"


def test_signatures_are_not_read_where_an_administrator_says_so() -> None:
    house = house_with(resolving_signatures=False)
    signed(house)
    (lead,) = house.rows("Lead", *FOUND, "Company", where=f"Email = '{STRANGER}'")
    assert tuple(lead.values()) == (None, None, None, "willow.test")
