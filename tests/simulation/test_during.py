"""People do not wait for a session to end: they act between any two of its requests."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from sandbox.faults import Fault
from sandbox.mailboxes import Message
from tests.simulation.day import SAW_LINE, categorise, deliver, move
from tests.simulation.effects import Effects
from tests.simulation.house import House
from tests.simulation.letters import ADA, BEN, NORA, letter
from tests.simulation.oracle import CATEGORY, DROP, Intent, problems
from tests.simulation.sweep import restlessness

HELLO = Intent("Hello", True, frozenset({NORA, ADA, BEN}), ("Birchworks", SAW_LINE), (b"plan" * 100,))
REQUESTS = 6
"""Of the session under test: two mailboxes observed, one read, one record written with its file, two marked."""
MARK = 4
"""The number of the first that marks."""


@dataclass(frozen=True, slots=True)
class Deed:
    act: Callable[[House], None]
    kept: Callable[[Message], bool]
    """What the person did is still so afterwards."""
    intent: Intent = HELLO


def copy(house: House) -> Message:
    return next(house.world.mailboxes.find(house.box("ada"), subject="Hello"))


def sort_it(house: House) -> None:
    categorise(house, "ada", "Hello", *copy(house).categories, "Red category")


def read_it(house: House) -> None:
    house.world.mailboxes.mark_read(house.box("ada"), copy(house))


DEEDS = {
    "sorts": Deed(sort_it, lambda mail: "Red category" in mail.categories),
    "reads": Deed(read_it, lambda mail: mail.is_read),
    "drops": Deed(lambda house: move(house, "ada", "Hello", DROP), lambda _mail: True),
    "marks": Deed(
        lambda house: categorise(house, "ada", "Hello", CATEGORY), lambda mail: mail.categories == [CATEGORY]
    ),
}


def arriving(deed: Deed | None, number: int) -> House:
    """A mail to both; before the session's request of that number the person acts."""
    house = House()
    house.round()
    house.pass_minutes(2)
    house.tick()
    files = {"plan.pdf": b"plan" * 100}
    deliver(house, letter("Hello", NORA, f"{ADA}, {BEN}", house.clock.now(), files=files))
    effects = at_work(house)
    if deed:
        effects.strike_request, effects.meanwhile = number, lambda: deed.act(house)
    house.force()
    assert effects.requests == REQUESTS or effects.struck
    assert effects.struck is bool(deed)
    return house


def at_work(house: House) -> Effects:
    """A worker that has its tokens and knows the org: what is counted are the requests of its session."""
    effects = Effects()
    house.ports = house.new_worker(effects)
    house.ports.crm.capabilities()
    for mailbox_id in house.ids.values():
        house.ports.mailboxes.open(mailbox_id).latest(1)
    effects.requests = 0
    return effects


def settle(house: House) -> None:
    for _ in range(3):
        house.pass_minutes(11)
        house.round()


def test_the_session_under_test_has_the_requests_we_think() -> None:
    house = arriving(None, -1)
    assert problems(house, [HELLO]) == []


@pytest.mark.parametrize("number", range(REQUESTS))
@pytest.mark.parametrize("name", DEEDS)
def test_a_deed_between_requests_is_kept_and_harms_nothing(name: str, number: int) -> None:
    deed = DEEDS[name]
    house = arriving(deed, number)
    settle(house)
    assert problems(house, [deed.intent]) == []
    assert deed.kept(copy(house))
    assert restlessness(house) == []


@pytest.mark.parametrize("number", range(MARK + 1))
def test_what_is_taken_out_of_the_drop_folder_meanwhile_stays_where_it_is_put(number: int) -> None:
    house = House()
    house.round()
    deliver(house, letter("Hello", NORA, ADA, house.clock.now()))
    move(house, "ada", "Hello", DROP)
    effects = at_work(house)
    effects.strike_request, effects.meanwhile = number, lambda: move(house, "ada", "Hello", "archive")
    house.force()
    assert effects.struck
    settle(house)
    assert house.box("ada").folders[copy(house).folder].well_known == "archive"
    assert restlessness(house) == []
    saved = house.rows("EmailMessage", "Id", where="Subject = 'Hello'")
    for row in saved:
        house.org.delete(house.org.admin, row["Id"])
    move(house, "ada", "Hello", DROP)
    settle(house)
    assert len(house.rows("EmailMessage", "Id", where="Subject = 'Hello'")) == 1, (
        "put in again, it is asked for anew"
    )
    assert house.box("ada").folders[copy(house).folder].well_known == "inbox"
    assert bool(saved) is (number > 0)


@pytest.mark.parametrize("later", range(4))
def test_what_is_put_into_the_drop_folder_while_its_receipt_fails_is_asked_for(later: int) -> None:
    """Its record was deleted just before, and it is wanted anew. The receipt meets the change, and the mailbox is
    away when it is asked for what is there, or written to again.
    """

    def want_anew() -> None:
        (row,) = house.rows("EmailMessage", "Id", where="Subject = 'Hello'")
        house.org.delete(house.org.admin, row["Id"])
        move(house, "ada", "Hello", DROP)
        house.world.faults.add(Fault("refuse", "graph", "batch", skip=later, times=6, status=503))

    house = House()
    house.round()
    house.pass_minutes(2)
    house.tick()
    deliver(house, letter("Hello", NORA, ADA, house.clock.now()))
    effects = at_work(house)
    effects.strike_request, effects.meanwhile = MARK, want_anew
    house.force()
    assert effects.struck
    settle(house)
    assert house.box("ada").folders[copy(house).folder].well_known == "inbox"
    assert len(house.rows("EmailMessage", "Id", where="Subject = 'Hello'")) == 1


@pytest.mark.parametrize("number", range(REQUESTS))
def test_a_mail_thrown_away_meanwhile_still_reaches_salesforce_by_the_colleagues_copy(number: int) -> None:
    def purge(house: House) -> None:
        house.world.mailboxes.purge(house.box("ada"), copy(house))

    house = arriving(Deed(purge, lambda _mail: True), number)
    settle(house)
    assert problems(house, [HELLO]) == []
    assert restlessness(house) == []


@pytest.mark.parametrize("number", range(REQUESTS))
def test_a_sender_deleted_meanwhile_costs_the_link_and_not_the_mail(number: int) -> None:
    """The link is made before or it is not made; the mail is saved once if its sender was known when it was."""

    def forget(house: House) -> None:
        house.org.delete(house.org.admin, house.company.contacts[NORA])

    house = arriving(Deed(forget, lambda _mail: True), number)
    settle(house)
    rows = house.rows("EmailMessage", "Id", where="Subject = 'Hello'")
    known = house.why("ada", "Hello")
    assert (len(rows), known) in {(1, "MAIL-SAVED-OPPORTUNITY"), (1, "MAIL-SHARED"), (0, "MAIL-UNKNOWN")}
    assert restlessness(house) == []
