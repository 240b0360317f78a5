"""What was begun is finished, though the rules speak against it when an answer was lost or a record half done."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from crosstie.accounts.sync import why
from crosstie.domain.settings import MailWay
from crosstie.engine.tick import SLOW_EVERY
from sandbox.faults import Effect, Fault
from sandbox.graph.switches import MOVE_ARRIVES_UNSEEN
from sandbox.salesforce import mishaps
from tests.simulation.day import categorise, deliver, move
from tests.simulation.effects import WorkerDied
from tests.simulation.house import AUTO_SAVE, House, Make
from tests.simulation.ledger import DROP
from tests.simulation.letters import ADA, BEN, NORA, OMAR, letter
from tests.simulation.sweep import restlessness
from tests.simulation.test_found import SUBJECT, dies_before, later, records

GONE = b'{"error": {"code": "SyncStateNotFound", "message": "It is too old."}}'


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
    assert (house.why("ada", SUBJECT)[:10], records(house)) == ("MAIL-SAVED", 1)
    assert "Salesforce" in next(house.world.mailboxes.find(house.box("ada"), subject=SUBJECT)).categories


@pytest.mark.parametrize("keyed", [True, False])
@pytest.mark.parametrize(
    ("change", "told"), [(nobody_knows_nora, "MAIL-UNKNOWN"), (auto_saving_is_off, "MAIL-AUTO-OFF")]
)
def test_what_was_begun_and_never_arrived_is_left_out_once_nothing_asks_for_it(
    change: Callable[[House], None], told: str, keyed: bool
) -> None:
    house = House(Make(keyed=keyed))
    later(house)
    house.world.faults.add(Fault("drop_before", "salesforce", "graph", times=9))
    deliver(house, letter(SUBJECT, NORA, ADA, house.clock.now()))
    later(house)
    house.world.faults.clear()
    assert (house.why("ada", SUBJECT), records(house)) == ("MAIL-UNCLEAR", 0)
    change(house)
    later(house, 2)
    assert (house.why("ada", SUBJECT), records(house)) == (told, 0)
    assert restlessness(house) == []


@pytest.mark.parametrize("keyed", [True, False])
@pytest.mark.parametrize("known", [True, False], ids=["left out before", "never seen before"])
def test_what_a_dead_session_saved_is_finished_though_nothing_asks_for_it_any_more(
    known: bool, keyed: bool
) -> None:
    """Whoever heard nothing of the record took the mail for one that the rules leave out, and once they asked for
    it again, saved it anew."""
    house = House(Make(keyed=keyed))
    house.set("ada", mail_auto_save=not known)
    later(house)
    deliver(house, letter(SUBJECT, NORA, ADA, house.clock.now()))
    if known:
        later(house)
        assert house.why("ada", SUBJECT) == "MAIL-AUTO-OFF"
        house.set("ada", mail_auto_save=True)
    house.effects.before = dies_before("states.save_items")
    with pytest.raises(WorkerDied):
        house.force("ada")
    house.restart()
    assert records(house) == 1
    auto_saving_is_off(house)
    later(house, 4)
    assert (house.why("ada", SUBJECT)[:10], records(house)) == ("MAIL-SAVED", 1)
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
    assert (house.why("ada", SUBJECT)[:10], len(house.rows("ContentVersion", "Id"))) == ("MAIL-SAVED", 1)


@pytest.mark.parametrize("keyed", [True, False])
def test_a_record_that_lacks_its_files_gets_them_though_somebody_gave_it_another_name(keyed: bool) -> None:
    """Without keys it was looked for by its Name, not found, and made once more."""
    house = House(Make(keyed=keyed, enhanced_email=False, switches={"salesforce.files_in_graph": False}))
    later(house)
    locked = Fault("inside", "salesforce", "insert:ContentVersion", times=99, code="UNABLE_TO_LOCK_ROW")
    house.world.faults.add(replace(locked, message="Locked."))
    house.world.faults.add(Fault("refuse", "salesforce", "collection_delete", times=99))
    files = {"plan.bin": b"plan " * 900}
    deliver(house, letter(SUBJECT, NORA, ADA, house.clock.now(), files=files))
    later(house)
    house.world.faults.clear()
    assert (records(house), house.rows("ContentVersion", "Id")) == (1, [])
    (task,) = house.rows("Task", "Id", where=f"Subject = '{SUBJECT}'")
    house.org.update(house.org.admin, "Task", task["Id"], {"WhoId": house.company.contacts[OMAR]})
    house.pass_minutes(30)
    later(house, 2)
    assert (house.why("ada", SUBJECT)[:10], records(house)) == ("MAIL-SAVED", 1)
    assert len(house.rows("ContentVersion", "Id")) == 1


@pytest.mark.parametrize("moment", ["states.save_cursors", "journal.finish"])
def test_a_record_that_a_dead_session_has_made_anew_is_met_though_its_mark_is_gone(moment: str) -> None:
    """The state said *saved*, of the record that was deleted, and nothing led back to the one in doubt."""
    house = House()
    deliver(house, letter(SUBJECT, NORA, ADA, house.clock.now()))
    later(house)
    (row,) = house.rows(house.mail_object, "Id", where=f"Subject = '{SUBJECT}'")
    house.org.delete(house.org.admin, row["Id"])
    for _ in range(SLOW_EVERY):
        house.tick()
    move(house, "ada", SUBJECT, DROP)
    house.world.faults.add(mishaps.lost("lose_answer", route="graph"))
    house.world.faults.add(Fault("drop_before", "salesforce", "graph", times=9))
    house.effects.before = dies_before(moment)
    with pytest.raises(WorkerDied):
        house.force("ada")
    house.world.faults.clear()
    move(house, "ada", SUBJECT, "inbox")
    house.restart()
    house.pass_minutes(8)
    later(house, 2)
    assert (house.why("ada", SUBJECT)[:10], records(house)) == ("MAIL-SAVED", 1)


@pytest.mark.parametrize("keyed", [True, False])
@pytest.mark.parametrize(("effect", "status"), [("lose_answer", 503), ("refuse", 503), ("refuse", 429)])
def test_a_record_that_is_deleted_before_it_got_its_files_is_not_made_again(
    effect: Effect, status: int, keyed: bool
) -> None:
    """Its id was known from the first answer, and was not kept: the next try made another one."""
    house = House(Make(keyed=keyed, switches={"salesforce.files_in_graph": False}))
    later(house)
    house.world.faults.add(Fault(effect, "salesforce", "collection_*", times=9, status=status))
    deliver(house, letter(SUBJECT, NORA, f"{ADA}, {BEN}", house.clock.now(), files={"plan.bin": b"plan " * 900}))
    later(house)
    house.world.faults.clear()
    assert (house.why("ada", SUBJECT) in ("MAIL-UNCLEAR", "MAIL-WAITS"), records(house)) == (True, 1)
    (row,) = house.rows(house.mail_object, "Id", where=f"Subject = '{SUBJECT}'")
    house.org.delete(house.org.admin, row["Id"])
    later(house, 3)
    assert (house.why("ada", SUBJECT), house.why("ben", SUBJECT)) == ("MAIL-DELETED", "MAIL-DELETED")
    assert records(house) == 0
    categorise(house, "ben", SUBJECT, "Salesforce")
    later(house, 3)
    assert (house.why("ben", SUBJECT), records(house)) == ("MAIL-SAVED-MARK", 1)
    assert len(house.rows("ContentVersion", "Id", where="IsLatest = true")) > 0


@pytest.mark.parametrize("is_there", [True, False])
def test_what_a_session_died_over_is_asked_for_where_no_listing_names_it_any_more(is_there: bool) -> None:
    """Whoever filed it away had it arrive unseen, and the folder it left was read anew: it was *being checked* for
    ever.
    """
    settings = replace(AUTO_SAVE, mail_folders=("archive",), link_opportunities=False)
    house = House(Make(settings=settings, switches={MOVE_ARRIVES_UNSEEN.name: True}))
    later(house)
    deliver(house, letter(SUBJECT, NORA, ADA, house.clock.now()))
    house.effects.before = dies_before("states.save_items")
    with pytest.raises(WorkerDied):
        house.force("ada")
    box = house.box("ada")
    (mail,) = house.world.mailboxes.find(box, subject=SUBJECT)
    item_id = house.item_id("ada", SUBJECT)
    move(house, "ada", SUBJECT, "archive")
    if not is_there:
        house.world.mailboxes.delete(box, mail, for_good=True)
    house.world.faults.add(Fault("refuse", "graph", "messages.delta", status=410, body=GONE))
    house.restart()
    house.pass_minutes(8)
    later(house, rounds=2)
    said = why.why(house.ports.journal, house.ports.states, house.ids["ada"], [item_id])[item_id]
    assert (said.code, records(house)) == ("MAIL-SAVED" if is_there else "MAIL-UNCLEAR", 1)
    house.run_for(60)
    calls = house.counting(house.round)
    assert not any("messages.get" in part for entry in calls for part in entry.parts)
    assert restlessness(house) == []


def test_that_a_mail_waits_is_not_the_last_word_on_one_whose_mark_was_withdrawn() -> None:
    """The org took no call any more when the mail was written; when it did again, nothing asked for it."""
    house = House(Make(settings=replace(AUTO_SAVE, mail_way=MailWay.OUTBOUND)))
    later(house)
    deliver(house, letter(SUBJECT, NORA, ADA, house.clock.now()))
    later(house)
    assert house.why("ada", SUBJECT) == "MAIL-DIRECTION"
    move(house, "ada", SUBJECT, DROP)
    house.world.faults.add(mishaps.refused("REQUEST_LIMIT_EXCEEDED", "No more today.", 403, route="graph"))
    (report,) = house.force("ada")
    assert (report.error_code, house.why("ada", SUBJECT)) == ("CRM-LIMIT", "MAIL-WAITS")
    move(house, "ada", SUBJECT, "inbox")
    house.pass_minutes(31)
    later(house, 2)
    assert (house.why("ada", SUBJECT), records(house)) == ("MAIL-DIRECTION", 0)
