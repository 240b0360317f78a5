"""Counts of how often somebody asked: they outlast whoever asks from many addresses, or of many processes."""

from typing import TYPE_CHECKING

import pytest
from django.core.cache import cache
from django.test import RequestFactory

from crosstie.accounts.words import Unacceptable
from crosstie.store import cleanup
from crosstie.store.models import Purse
from crosstie.web import limits

if TYPE_CHECKING:
    from tests.unit.web.office import Office

CALLER = "192.0.2.1"


def is_let(what: str = "test", whose: str = CALLER) -> bool:
    try:
        limits.spend(what, whose, 3)
    except Unacceptable:
        return False
    return True


def test_many_addresses_drive_out_no_count(office: "Office") -> None:
    assert [is_let() for _ in range(3)] == [True] * 3
    for number in range(500):
        assert is_let(whose=f"2001:db8::{number:x}")
    assert not is_let()


def test_it_is_no_processs_own(office: "Office") -> None:
    """Whoever is sent to another one, or finds this one started anew, goes on where they were."""
    for _ in range(3):
        is_let()
    cache.clear()
    assert not is_let()
    assert is_let("something else"), "each thing has its own"


def test_a_window_is_over_in_time(office: "Office") -> None:
    for _ in range(5):
        is_let()
    office.clock.pass_time(limits.WINDOW - 1)
    assert not is_let()
    office.clock.pass_time(1)
    assert [is_let() for _ in range(4)] == [True] * 3 + [False]


def test_nothing_of_it_is_kept_for_long_and_nobody_is_named(office: "Office") -> None:
    is_let()
    (row,) = Purse.objects.values()
    assert CALLER not in str(row)
    assert cleanup.clean_up(office.clock.now()) == 0
    office.clock.pass_time(2 * 86_400)
    assert cleanup.clean_up(office.clock.now()) >= 1
    assert not Purse.objects.exists()


@pytest.mark.parametrize(
    ("first", "second", "alike"),
    [
        ("2001:db8:0:1::1", "2001:db8:0:1:ffff::2", True),
        ("2001:db8:0:1::1", "2001:db8:0:2::1", False),
        ("192.0.2.1", "192.0.2.2", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("::ffff:192.0.2.1", "::ffff:192.0.2.2", False),
        ("unix:", "unix:", True),
    ],
)
def test_who_has_a_whole_site_of_addresses_is_one_caller(first: str, second: str, alike: bool) -> None:
    places = [limits.place(RequestFactory().get("/", REMOTE_ADDR=one)) for one in (first, second)]
    assert (places[0] == places[1]) is alike
