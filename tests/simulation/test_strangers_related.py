"""What the first mail of somebody who was just made, or just found, is related to: what any later one would be."""

import pytest

from crosstie.domain.settings import Resolving, Settings
from tests.simulation.day import SAW_LINE, categorise, deliver
from tests.simulation.house import House, Make
from tests.simulation.letters import ADA, BEN, letter
from tests.simulation.test_found import SUBJECT, later

COLLEAGUE_OF_NORA = "petra@birchworks.test"
MAKES_CONTACTS = Settings(mail_auto_save=True, resolving=Resolving.CONTACT)


def related(house: House) -> str:
    name = "RelatedToId" if house.make.enhanced_email else "WhatId"
    (row,) = house.rows(house.mail_object, name, where=f"Subject = '{SUBJECT}'")
    return str(row[name])


def company_of_nora(enhanced_email: bool = True) -> House:
    """Ada has an open Opportunity on Nora's Account."""
    house = House(Make(settings=MAKES_CONTACTS, enhanced_email=enhanced_email))
    later(house)
    return house


@pytest.mark.parametrize("enhanced_email", [True, False])
def test_a_mail_from_whom_a_contact_was_made_of_is_related_to_the_users_opportunity(enhanced_email: bool) -> None:
    house = company_of_nora(enhanced_email)
    deliver(house, letter(SUBJECT, COLLEAGUE_OF_NORA, ADA, house.clock.now()))
    later(house)
    assert (house.why("ada", SUBJECT), related(house)) == ("MAIL-SAVED-NEW", house.company.deals[SAW_LINE])


def test_a_mail_from_a_contact_that_the_directory_has_not_read_is_related_to_the_users_opportunity() -> None:
    house = company_of_nora()
    house.tick()
    house.know(COLLEAGUE_OF_NORA, account="Birchworks")
    deliver(house, letter(SUBJECT, COLLEAGUE_OF_NORA, ADA, house.clock.now()))
    house.force("ada")
    assert (house.why("ada", SUBJECT), related(house)) == ("MAIL-SAVED-OPPORTUNITY", house.company.deals[SAW_LINE])


def test_it_is_the_users_own_opportunity_or_none() -> None:
    house = company_of_nora()
    deliver(house, letter(SUBJECT, COLLEAGUE_OF_NORA, BEN, house.clock.now()))
    later(house)
    assert (house.why("ben", SUBJECT), related(house)) == ("MAIL-SAVED-NEW", house.company.accounts["Birchworks"])


def test_a_marked_mail_is_related_to_the_account_alone() -> None:
    house = company_of_nora()
    house.set("ada", mail_auto_save=False)
    deliver(house, letter(SUBJECT, COLLEAGUE_OF_NORA, ADA, house.clock.now()))
    later(house)
    categorise(house, "ada", SUBJECT, "Salesforce")
    later(house)
    assert (house.why("ada", SUBJECT), related(house)) == ("MAIL-SAVED-NEW", house.company.accounts["Birchworks"])
