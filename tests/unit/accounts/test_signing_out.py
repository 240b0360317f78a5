"""Signing out everywhere while a token is being made: two transactions, in either order."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from crosstie.accounts.audit import SYSTEM
from crosstie.accounts.people import PersonInfo
from crosstie.accounts.sign_in import sign_ins, tokens
from crosstie.accounts.sign_in.tokens import TokenDetails
from crosstie.accounts.words import Unacceptable
from crosstie.config.secrets import KeyRing
from crosstie.domain.clock import SystemClock
from crosstie.store.models import AccessToken, SignIn
from crosstie.store.sql import rows
from tests.unit.accounts.homes import Home

CLOCK = SystemClock()
"""Its tokens are as long as the table has them."""
PATIENCE = 20.0
KEYS = {"one": b"k" * 32}


def somebody_waits() -> bool:
    return bool(rows("SELECT 1 FROM pg_locks WHERE NOT granted", {}))


def wait_for_somebody() -> None:
    ends = time.monotonic() + PATIENCE
    while not somebody_waits():
        assert time.monotonic() < ends, "nobody waits"
        time.sleep(0.02)


class SlowKeys(dict[str, bytes]):
    """Whoever digests a new token with them stops until somebody waits for what they hold."""

    def __init__(self) -> None:
        super().__init__(KEYS)
        self.asked = threading.Event()

    def __getitem__(self, key: str) -> bytes:
        self.asked.set()
        wait_for_somebody()
        return super().__getitem__(key)


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1) as found:
        yield found


def signed_in(home: Home) -> tuple[PersonInfo, int]:
    person = home.person()
    return person, sign_ins.begin(person, "salesforce", "192.0.2.1", "a browser", CLOCK)


def make(home: Home, person: PersonInfo, sign_in_id: int, keys: dict[str, bytes]) -> None:
    ring = KeyRing("one", keys)
    tokens.make(person.scope, person.person_id, TokenDetails("A"), ring, CLOCK, sign_in_id=sign_in_id)


def test_a_token_that_is_half_made_is_waited_for_and_revoked(home: Home, pool: ThreadPoolExecutor) -> None:
    person, here = signed_in(home)
    keys = SlowKeys()

    def leave() -> sign_ins.Ended:
        assert keys.asked.wait(PATIENCE)
        try:
            return sign_ins.end_all(person, CLOCK, SYSTEM)
        finally:
            connection.close()

    left = pool.submit(leave)
    make(home, person, here, keys)
    assert left.result(PATIENCE) == sign_ins.Ended(browsers=1, tokens=1)
    assert not AccessToken.of(home.scope).exists()


def test_who_was_signed_out_a_moment_before_makes_no_token(home: Home, pool: ThreadPoolExecutor) -> None:
    person, here = signed_in(home)

    def late() -> None:
        try:
            make(home, person, here, KEYS)
        finally:
            connection.close()

    with transaction.atomic():
        sign_ins.end_all(person, CLOCK, SYSTEM)
        made = pool.submit(late)
        wait_for_somebody()
    with pytest.raises(Unacceptable, match="Sign in once more"):
        made.result(PATIENCE)
    assert not AccessToken.of(home.scope).exists()
    assert not SignIn.of(home.scope).exists()
