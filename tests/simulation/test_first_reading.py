"""The first reading of an org takes several pages, and a worker dies between two of them."""

from sandbox.faults import Fault
from tests.simulation.day import DAY_SETTINGS, categorise, deliver
from tests.simulation.house import House, Make
from tests.simulation.letters import ADA, BEN, NORA, PRIYA, letter


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
