"""Trouble that concerns everybody is asked about once, not once a mailbox."""

import pytest

from sandbox.faults import Fault
from tests.matrix.ward import Ward
from tests.simulation.day import deliver
from tests.simulation.house import Make, Person
from tests.simulation.letters import NORA, letter

CROWD = 12
FOREVER = 1_000_000


@pytest.fixture
def ward() -> Ward:
    people: list[Person] = [(f"person{number}", "Pat", f"Number {number}", ()) for number in range(CROWD)]
    return Ward(Make(people=people, syncing=[local for local, *_ in people]))


def arrive(ward: Ward) -> None:
    for person in ward.ids:
        address = ward.box(person).address
        deliver(ward, letter(f"For {person}", NORA, address, ward.clock.now()))


@pytest.mark.parametrize(
    ("face", "route", "most"),
    [
        ("microsoft_login", "login.token", 1),
        ("salesforce", "oauth_token", 3),
        ("salesforce", "composite", 3),
        ("salesforce", "graph", 2),
    ],
)
@pytest.mark.parametrize("settled", [False, True])
def test_one_batch_of_many_mailboxes(ward: Ward, face: str, route: str, most: int, *, settled: bool) -> None:
    """A tick and one batch; `settled`: descriptions and sessions were there and have ended in the meantime."""
    if settled:
        ward.go(40)
    arrive(ward)
    ward.sleep_over(5)
    ward.world.faults.add(Fault("refuse", face, route, times=FOREVER, status=500))
    ward.go(2)
    assert len(ward.watching.hits) <= most
    ward.world.faults.clear()
    ward.go(40)
    assert len(ward.rows("EmailMessage", "Id")) == CROWD
    assert ward.notes.escaped == []
