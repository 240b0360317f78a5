"""Doubts about who is told late and who is asked again."""

import pytest

from tests.unit.sandbox.graph.conftest import Office, later
from tests.unit.sandbox.graph.receiver import LIFE_URL, Receiver
from tests.unit.sandbox.graph.test_notices import pump
from tests.unit.sandbox.graph.test_subscriptions import subscribe


@pytest.mark.parametrize(("after_100", "told"), [(True, 1), (False, 0)])
def test_how_soon_a_receiver_is_called_slow(office: Office, after_100: bool, told: int) -> None:
    office.turn(endpoint_judged_after_100=after_100)
    receiver = Receiver(office)
    subscribe(office)
    receiver.before = lambda: later(office, seconds=4)
    for number in range(5):
        office.arrive(f"Mail {number}")
    assert pump(office) == 5
    receiver.before = lambda: None
    office.arrive("After")
    assert pump(office, minutes=5) == told


@pytest.mark.parametrize(("before_expiry", "events"), [(True, ["reauthorizationRequired"]), (False, [])])
def test_whether_it_asks_before_it_expires(office: Office, before_expiry: bool, events: list[str]) -> None:
    office.turn(reauthorisation_before_expiry=before_expiry)
    receiver = Receiver(office)
    subscribe(office, lifecycleNotificationUrl=LIFE_URL)
    pump(office, days=5, hours=23, minutes=46)
    assert receiver.events() == events
