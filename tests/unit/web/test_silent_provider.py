"""A provider of identities that does not answer: who presses the button of signing in ties up nothing by it."""

import time
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from crosstie.jobs import wiring
from crosstie.store.models import Connection
from sandbox.faults import Fault
from tests.silent import silent
from tests.unit.web.office import ADA

if TYPE_CHECKING:
    import socket

    from tests.unit.web.office import Office

AWAY = "cannot be reached at the moment"


@pytest.fixture
def taken(office: "Office") -> "Iterator[list[socket.socket]]":
    """Microsoft's login is there and says nothing; what connections it took."""
    with silent() as (origin, found):
        Connection.of(office.scope).update(authority=origin)
        config = replace(office.house.config, trusted_origins=frozenset({origin}))
        office.house = replace(office.house, config=config, strangers=wiring.for_strangers(config))
        yield found


def test_a_press_is_answered_within_seconds_and_the_next_asks_nobody(
    office: "Office", taken: "list[socket.socket]"
) -> None:
    begun = time.monotonic()
    page = office.browser().post("/sign-in/microsoft")
    assert (page.status_code, AWAY in page.content.decode()) == (503, True)
    assert time.monotonic() - begun < 15
    assert len(taken) == 1
    page = office.browser().post("/sign-in/microsoft")
    assert (page.status_code, AWAY in page.content.decode()) == (503, True)
    assert len(taken) == 1


def test_coming_back_to_one_that_was_away_asks_nobody(office: "Office") -> None:
    first, second = office.browser(), office.browser()
    back = [office.choose(office.leave(browser), ADA) for browser in (first, second)]
    office.app.world.faults.add(Fault("refuse", route="oauth_token", status=503))
    for browser, answer in zip((first, second), back, strict=True):
        page = browser.get("/sign-in/salesforce/callback", answer)
        assert (page.status_code, AWAY in page.content.decode()) == (403, True)
    assert office.app.world.faults.quiet
