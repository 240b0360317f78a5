"""Who meets trouble again and again asks more and more seldom, up to a limit, and then at its old pace again."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from crosstie.domain.errors import CrosstieError, NeedsConsent, Retry, Throttled
from crosstie.engine import tick
from sandbox.faults import Fault
from sandbox.salesforce import mishaps
from tests.simulation.day import deliver
from tests.simulation.house import House
from tests.simulation.letters import ADA, BEN, NORA, letter

NOW = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
DOWN = Retry("CRM-HTTP-500")
FOREVER = 1_000_000


@pytest.mark.parametrize(
    ("error", "failures", "minutes"),
    [
        (DOWN, 1, 4),
        (DOWN, 2, 8),
        (DOWN, 3, 16),
        (DOWN, 4, 16),
        (DOWN, 10_000, 16),
        (NeedsConsent("CRM-SESSION"), 1, 4),
        (Throttled("CRM-BUSY"), 1, 4),
        (Throttled("CRM-BUSY", until=NOW + timedelta(minutes=1)), 1, 4),
        (Throttled("CRM-BUSY", until=NOW + timedelta(hours=3)), 9, 180),
    ],
)
def test_when_an_org_is_asked_again(error: CrosstieError, failures: int, minutes: float) -> None:
    assert tick.after_failure(error, failures, NOW) == NOW + timedelta(minutes=minutes)


def sessions(house: House, person: str) -> list[datetime]:
    runs = house.memory.sessions.values()
    return [run.started_at for run in runs if run.mailbox_id == house.ids[person] and run.started_at]


def gaps(moments: list[datetime]) -> list[float]:
    """Minutes between them."""
    return [(after - before).total_seconds() / 60 for before, after in pairwise(moments)]


@pytest.mark.parametrize("route", ["batch", "messages.delta"])
def test_sessions_of_a_mailbox_that_is_down(route: str) -> None:
    house = House()
    house.round()
    house.world.faults.add(
        Fault("refuse", "graph", route, "ada*" if route != "batch" else "*", times=FOREVER, status=500)
    )
    house.force("ada")
    house.run_for(120)
    assert gaps(sessions(house, "ada"))[1:] == [4, 8, 16, 30, 30, 30]
    house.world.faults.clear()
    house.run_for(90)
    assert gaps(sessions(house, "ada"))[-2:] == [30, 30]
    assert house.memory.mailboxes[house.ids["ada"]].setbacks == 0


def test_another_mailbox_keeps_its_pace() -> None:
    house = House()
    house.round()
    house.world.faults.add(Fault("refuse", "graph", "messages.delta", "ada*", times=FOREVER, status=500))
    house.force()
    house.run_for(120)
    assert set(gaps(sessions(house, "ben"))[1:]) == {30}


def test_two_who_wait_for_each_other_back_off_like_one() -> None:
    """Copies of one mail that Salesforce does not take: whose copy is tried must not make the other start anew."""
    house = House()
    house.round()
    house.world.faults.add(mishaps.row_lock("EmailMessage", times=FOREVER))
    deliver(house, letter("Shared", NORA, f"{ADA}, {BEN}", house.clock.now()))
    house.force()
    house.run_for(180)
    for person in ("ada", "ben"):
        assert len([gap for gap in gaps(sessions(house, person)) if gap < 16]) <= 6
        assert gaps(sessions(house, person))[-1] >= 16
