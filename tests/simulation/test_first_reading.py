"""An org is read in several pages, and a worker dies between two of them."""

import pytest

from crosstie.domain.settings import Settings
from sandbox.faults import Fault
from tests.simulation.day import DAY_SETTINGS, categorise, deliver
from tests.simulation.house import House, Make
from tests.simulation.letters import ADA, BEN, NORA, OMAR, PRIYA, SOFIA, letter
from tests.simulation.meanwhile import Meanwhile


def test_people_read_by_halves_are_read_on_before_the_next_sessions() -> None:
    house = House(Make(settings=DAY_SETTINGS, switches={"salesforce.small_pages": True}, seed=2))
    house.world.faults.add(Fault("drop_before", face="salesforce", route="composite", skip=2, times=1))
    house.tick()
    assert house.world.faults.waiting == [], "the reading took one page only"
    deliver(house, letter("Renewal", PRIYA, f"{ADA}, {BEN}", house.clock.now()))
    house.round()
    (mail,) = house.rows("EmailMessage", "Id")
    relations = house.rows("EmailMessageRelation", "RelationId", where=f"EmailMessageId = '{mail['Id']}'")
    users = {one.user for one in house.company.colleagues if one.address in (ADA, BEN)}
    assert users <= {one["RelationId"] for one in relations}


def test_no_session_begins_before_the_org_was_read_to_its_end() -> None:
    """A marked mail was saved, and linked to nobody."""
    house = House(Make(settings=DAY_SETTINGS, switches={"salesforce.small_pages": True}, seed=2))
    deliver(house, letter("Renewal", NORA, ADA, house.clock.now()))
    categorise(house, "ada", "Renewal", "Salesforce")
    house.world.faults.add(Fault("drop_before", face="salesforce", route="composite", skip=2, times=1))
    assert house.force() == []
    house.tick()
    assert house.force() == []
    house.round()
    (mail,) = house.rows("EmailMessage", "Id")
    relations = house.rows("EmailMessageRelation", "RelationId", where=f"EmailMessageId = '{mail['Id']}'")
    (nora,) = house.rows("Contact", "Id", where=f"Email = '{NORA}'")
    assert nora["Id"] in {one["RelationId"] for one in relations}


# -- a later reading, half done -------------------------------------------------------------------------------


def halves() -> House:
    """Mails are saved whoever is on them: what a session knows of people shows in the record for good."""
    settings = Settings(mail_auto_save=True, mail_save_unlinked=True)
    house = House(Make(settings=settings, switches={"salesforce.small_pages": True}, seed=3))
    house.run_for(30)
    deliver(house, letter("Reply", SOFIA, ADA, house.clock.now()))
    for address in (NORA, PRIYA, OMAR):
        (row,) = house.rows("Contact", "Id", where=f"Email = '{address}'")
        house.org.update(house.org.admin, "Contact", row["Id"], {"Title": "Head"})
    house.org.convert_lead(house.org.admin, house.company.leads[SOFIA])
    return house


def read_half(house: House) -> None:
    """The tick reads that the Lead is converted, and comes no further: her Contact is on a later page."""
    house.world.faults.add(Fault("drop_before", face="salesforce", route="composite", skip=1, times=9))
    house.tick()
    house.world.faults.clear()
    assert house.ports.states.people([SOFIA]) == {SOFIA: ()}


def is_linked(house: House) -> bool:
    (contact,) = house.rows("Contact", "Id", where=f"Email = '{SOFIA}'")
    relations = house.rows("EmailMessageRelation", "RelationId", where=f"RelationId = '{contact['Id']}'")
    return len(relations) == 1


def test_no_session_begins_while_a_reading_is_half_done() -> None:
    """A converted Lead was gone, its Contact not yet there, and a mail from her was linked to nobody."""
    house = halves()
    read_half(house)
    assert house.force() == []
    house.round()
    assert is_linked(house)


def test_a_session_under_way_does_not_plan_by_a_reading_that_is_half_done() -> None:
    """Another worker's tick was between two pages."""
    house = halves()
    read = [False]

    def meanwhile(name: str) -> None:
        if name == "journal.recover" and not read[0]:
            read[0] = True
            read_half(house)

    house.effects.before = meanwhile
    reports = house.force("ada")
    assert [report.error_code for report in reports] == ["CRM-HALF-READ"]
    house.pass_minutes(2)
    house.round()
    assert is_linked(house)


# -- between two queries of one composite, which are no snapshot ---------------------------------------------


@pytest.mark.parametrize("queries", range(5))
def test_a_lead_that_is_converted_between_two_queries_of_a_tick_is_never_nobody(queries: int) -> None:
    """Contacts were read first, then Leads: for two minutes she was neither."""
    house = House(Make(settings=Settings(mail_auto_save=True, mail_save_unlinked=True)))
    house.run_for(30)
    deliver(house, letter("Reply", SOFIA, ADA, house.clock.now()))
    converted: list[str] = []

    def convert() -> None:
        if not converted:
            converted.append(house.org.convert_lead(house.org.admin, house.company.leads[SOFIA]).contact)

    house.world.faults.add(Meanwhile("inside", "salesforce", "GET query_all", skip=queries, act=convert))
    house.tick()
    house.world.faults.clear()
    assert converted
    house.force()
    house.pass_minutes(2)
    house.round()  # the vendor takes nobody who is converted: such a mail is put off, and saved now
    relations = house.rows("EmailMessageRelation", "RelationId", where=f"RelationAddress = '{SOFIA}'")
    assert {one["RelationId"] for one in relations} & {converted[0], house.company.leads[SOFIA]}


def test_a_lead_that_is_converted_between_two_pages_is_never_nobody() -> None:
    """Contacts had been read to their end with the first page of Leads, and she was on the second."""
    settings = Settings(mail_auto_save=True, mail_save_unlinked=True)
    house = House(Make(settings=settings, switches={"salesforce.small_pages": True}, seed=2))
    house.run_for(30)
    for number in range(8):
        house.org.insert(house.org.admin, "Lead", {"LastName": f"Guest {number}", "Company": "New"})
    converted: list[str] = []

    def convert() -> None:
        if not converted:
            house.pass_minutes(0.1)
            converted.append(house.org.convert_lead(house.org.admin, house.company.leads[SOFIA]).contact)

    house.world.faults.add(Meanwhile("refuse", "salesforce", "composite", skip=1, act=convert))
    house.tick()
    assert converted, "the reading took one page only"
    assert house.ports.states.people([SOFIA])[SOFIA][0].record_id == converted[0]
