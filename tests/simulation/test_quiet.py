"""When nothing changed, nothing is written and next to nothing is asked."""

import pytest

from crosstie.engine import tick
from tests.simulation.day import DAY, DAY_SETTINGS, SAW_LINE, categorise, deliver
from tests.simulation.house import House, Make, is_write
from tests.simulation.letters import ADA, NORA, letter
from tests.simulation.oracle import Intent, problems
from tests.simulation.sweep import restlessness

IMPOLITE = (
    "graph.change_key_moves_at_rest",
    "graph.html_moves_at_rest",
    "graph.unchanged_emitted",
    "graph.rows_twice",
    "graph.rows_shuffled",
    "graph.empty_pages",
    "graph.pages_repeated",
)
"""What servers do although nobody asked."""


def settled() -> House:
    """After a day's work."""
    house = House(Make(settings=DAY_SETTINGS))
    for step in DAY:
        step.act(house)
        house.pass_minutes(2)
        house.round()
    for _ in range(3):
        house.pass_minutes(11)
        house.round()
    return house


def test_idle_sessions_write_nothing_and_cost_seven_calls_in_six_ticks() -> None:
    house = settled()
    rounds = 2 * tick.SLOW_EVERY
    asked = []
    for _ in range(rounds):
        house.pass_minutes(2)
        asked += house.counting(house.round)
    assert not [entry for entry in asked if is_write(entry)]
    assert sum(entry.path.startswith("/services/data/") for entry in asked) == 7 * rounds / 6
    assert sum(entry.path.startswith("/v1.0/") for entry in asked) == rounds * len(house.ids)


def test_the_schedule_looks_at_a_quiet_mailbox_no_more_often_than_its_licence_says() -> None:
    house = settled()
    sessions = len(house.memory.sessions)
    house.run_for(180)
    assert len(house.memory.sessions) - sessions == len(house.ids) * 180 / 30


def test_our_own_receipts_are_no_change() -> None:
    """The first session after our writes sees them come back, and leaves no trace of it."""
    house = House()
    house.round()
    for number in range(5):
        deliver(house, letter(f"Offer {number}", NORA, ADA, house.clock.now()))
    house.pass_minutes(2)
    house.round()
    assert (
        problems(house, [Intent(f"Offer {n}", True, frozenset({NORA, ADA}), (SAW_LINE,)) for n in range(5)]) == []
    )
    assert restlessness(house) == []


@pytest.mark.parametrize("name", IMPOLITE)
def test_a_restless_server_makes_us_write_nothing(name: str) -> None:
    """Every third time all is listed anew: in an idle listing is no row to be told twice or in no order."""
    house = settled()
    house.world.switches.turn(name, on=True)
    records = len(house.rows("EmailMessage", "Id"))
    for number in range(10):
        for person in house.ids if number % 3 == 0 else ():
            house.world.mailboxes.expire_cursors(house.box(person))
        assert restlessness(house) == []
    assert len(house.rows("EmailMessage", "Id")) == records


def test_reading_and_sorting_mail_is_nobodys_business() -> None:
    house = settled()
    box = house.box("ada")
    for message in list(box.messages.values()):
        house.world.mailboxes.mark_read(box, message)
    categorise(house, "ada", "Saw line offer", "Salesforce", "Blue category")
    house.pass_minutes(2)
    assert not [entry for entry in house.counting(house.round) if is_write(entry)]
    assert restlessness(house) == []


def test_a_flow_that_edits_our_records_is_not_answered() -> None:
    """The record is saved once; what the customer's automation makes of it afterwards is theirs."""
    house = settled()
    (row,) = house.rows("EmailMessage", "Id", "ActivityId", where="Subject = 'Saw line offer'")
    house.org.update(house.org.admin, "Task", row["ActivityId"], {"Subject": "Renamed by a flow"})
    assert restlessness(house) == []
