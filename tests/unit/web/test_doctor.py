"""What the doctor says of an org that could not be read lately."""

import os
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from crosstie.config import environment

if TYPE_CHECKING:
    from tests.unit.web.office import Office


def test_an_org_that_is_left_alone_for_a_while_is_said_to_be(
    office: "Office", monkeypatch: pytest.MonkeyPatch
) -> None:
    """It lets us in again, and nobody could tell why nothing came of it for another quarter of an hour."""
    from crosstie.cli.doctor import vendors
    from crosstie.store import ticks
    from crosstie.store.models import Org

    monkeypatch.setattr(vendors, "get", lambda: office.house)
    (scope,) = ticks.claim_ticks(office.clock.now(), timedelta(minutes=2))
    ticks.put_off_tick(scope, office.clock.now() + timedelta(minutes=16))
    assert _warnings() == []
    assert [ticks.tick_failed(scope) for _ in range(3)] == [1, 2, 3]
    until = Org.everywhere().get().tick_due_at
    assert until is not None
    (said,) = _warnings()
    assert f"could not be read 3 times in a row; it is left alone until {until:%H:%M} UTC." in said
    ticks.tick_succeeded(scope)
    assert _warnings() == []


def _warnings() -> list[str]:
    from crosstie.cli.doctor import vendors
    from crosstie.cli.doctor.finding import Level

    found = vendors.examine(environment.load(os.environ))
    return [one.sentence for one in found if one.level is Level.WARNING and one.subject == "salesforce"]
