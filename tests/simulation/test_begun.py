"""What was begun is finished, though the rules speak against it when an answer was lost or a record half done."""

from collections.abc import Callable

import pytest

from sandbox.faults import Fault
from sandbox.salesforce import mishaps
from tests.simulation.day import deliver
from tests.simulation.house import House, Make
from tests.simulation.letters import ADA, NORA, letter
from tests.simulation.test_found import SUBJECT, later, records


def nobody_knows_nora(house: House) -> None:
    (nora,) = house.rows("Contact", "Id", where=f"Email = '{NORA}'")
    house.org.delete(house.org.admin, nora["Id"])


def auto_saving_is_off(house: House) -> None:
    house.set("ada", mail_auto_save=False)


@pytest.mark.parametrize("keyed", [True, False])
@pytest.mark.parametrize("change", [nobody_knows_nora, auto_saving_is_off])
def test_what_was_begun_is_finished_though_nothing_asks_for_it_any_more(
    change: Callable[[House], None], keyed: bool
) -> None:
    """The record was there, its answer lost; then the rules spoke against it, and its copy never met it."""
    house = House(Make(keyed=keyed))
    later(house)
    house.world.faults.add(mishaps.lost("lose_answer", route="graph"))
    house.world.faults.add(Fault("drop_before", "salesforce", "graph", times=9))
    deliver(house, letter(SUBJECT, NORA, ADA, house.clock.now()))
    later(house)
    house.world.faults.clear()
    assert (house.why("ada", SUBJECT), records(house)) == ("MAIL-UNCLEAR", 1)
    change(house)
    later(house, 2)
    assert (house.why("ada", SUBJECT), records(house)) == ("MAIL-SAVED", 1)
    assert "Salesforce" in next(house.world.mailboxes.find(house.box("ada"), subject=SUBJECT)).categories


@pytest.mark.parametrize(("status", "told"), [(503, "MAIL-UNCLEAR"), (429, "MAIL-WAITS")])
def test_a_record_that_lacks_its_files_gets_them_though_auto_saving_was_switched_off(
    status: int, told: str
) -> None:
    house = House(Make(switches={"salesforce.files_in_graph": False}))
    later(house)
    house.world.faults.add(Fault("refuse", "salesforce", "collection_create", times=9, status=status))
    files = {"plan.bin": b"plan " * 900}
    deliver(house, letter(SUBJECT, NORA, ADA, house.clock.now(), files=files))
    later(house)
    house.world.faults.clear()
    assert (house.why("ada", SUBJECT), records(house)) == (told, 1)
    assert house.rows("ContentVersion", "Id") == []
    auto_saving_is_off(house)
    later(house, 2)
    assert (house.why("ada", SUBJECT), len(house.rows("ContentVersion", "Id"))) == ("MAIL-SAVED", 1)
