"""Refresh tokens that rotate, with several processes, deaths and a database that goes away: one exchange each."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import psycopg
import pytest
from django.db import connection
from django.db.utils import OperationalError

from crosstie.accounts.connection import credentials
from crosstie.domain.access import AuthMode
from crosstie.domain.clock import SystemClock
from crosstie.domain.errors import NeedsConsent, Throttled
from crosstie.ports.vault import Secrets, Step
from crosstie.salesforce.crm import SalesforceAccess
from crosstie.store.sql import PLACE_LOCK, rows
from crosstie.store.vault import PATIENCE as PATIENCE_OF_PLACES
from crosstie.store.vault import DatabaseVault
from tests.contract.salesforce_org import ORG, ORIGIN, SalesforceCompany
from tests.contract.test_salesforce_access import CONTACTS, signed_in, tokens
from tests.stores import OLD, DatabaseStore

PATIENCE = 20.0


class Processes:
    """Each has a session and a database connection of its own; they share the vault, and the org."""

    def __init__(self, company: SalesforceCompany, store: DatabaseStore, answer: float = 5.0) -> None:
        self.company = company
        self.place = f"salesforce/{store.tenant_id()}/org-{ORG}"
        self.vault = DatabaseVault(OLD, SystemClock(), answer)
        self._pool = ThreadPoolExecutor(4)

    def enter(self, refresh_token: str) -> None:
        self.company.connection = replace(self.company.connection, mode=AuthMode.REFRESH_TOKEN)
        credentials.put(self.vault, self.place, {"client_secret": "s3cret", "refresh_token": refresh_token})

    @property
    def kept(self) -> Secrets:
        return credentials.of(self.vault, self.place)

    def exchange(self, _org: int, step: Step) -> Secrets:
        return credentials.change(self.vault, self.place, step)

    def work(self, exchange: Callable[[int, Step], Secrets] | None = None) -> None:
        access = SalesforceAccess(
            self.company.http,
            lambda _: self.company.connection,
            self.company.clock,
            exchange or self.exchange,
            trusted=frozenset((ORIGIN,)),
        )
        assert access.open(ORG).changes(CONTACTS).pages

    def start(self, act: Callable[[], Any]) -> Any:
        def run() -> Any:
            try:
                return act()
            finally:
                connection.close()

        return self._pool.submit(run)

    def close(self) -> None:
        self._pool.shutdown()


@pytest.fixture(params=[False, True], ids=["reuse refused", "reuse ends all"])
def company(request: pytest.FixtureRequest) -> Iterator[SalesforceCompany]:
    made = SalesforceCompany()
    made.world.auto_login = True
    made.world.switches.turn("salesforce.reused_refresh_token_ends_all", request.param)
    made.app_registration.rotate_refresh_tokens = True
    yield made
    made.close()


@pytest.fixture
def processes(company: SalesforceCompany, store: DatabaseStore) -> Iterator[Processes]:
    made = Processes(company, store)
    made.enter(signed_in(company)[0])
    yield made
    made.close()


@pytest.fixture
def store(tables: None) -> DatabaseStore:
    from tests.clocks import StepClock

    return DatabaseStore(StepClock())


def slowly(processes: Processes, begun: threading.Event, go_on: threading.Event) -> Callable[[int, Step], Secrets]:
    """An exchange whose answer has come and is held back until it is told to go on."""

    def exchange(org: int, step: Step) -> Secrets:
        def late(secrets: Secrets) -> Secrets:
            kept = step(secrets)
            begun.set()
            assert go_on.wait(PATIENCE)
            return kept

        return processes.exchange(org, late)

    return exchange


def test_processes_that_begin_at_once_exchange_once(processes: Processes) -> None:
    before = tokens(processes.company)
    begun, go_on = threading.Event(), threading.Event()
    first = processes.start(partial(processes.work, slowly(processes, begun, go_on)))
    assert begun.wait(PATIENCE)
    others = [processes.start(processes.work) for _ in range(3)]
    _wait_until_waiting(3)
    go_on.set()
    for one in (first, *others):
        one.result(PATIENCE)
    assert tokens(processes.company) == before + 1
    processes.company.pass_time(timedelta(hours=3))
    for _ in range(2):
        processes.work()
    assert tokens(processes.company) == before + 2


def _wait_until_waiting(many: int) -> None:
    ends = time.monotonic() + PATIENCE
    waiting = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND classid = %(family)s AND NOT granted"
    while rows(waiting, {"family": PLACE_LOCK})[0][0] < many:
        assert time.monotonic() < ends, "nobody waits"
        time.sleep(0.02)


class Killed(BaseException):
    """What `kill -9` is to the process: nothing of it runs any more."""


def test_a_death_between_the_answer_and_its_keeping_ends_in_a_refusal(processes: Processes) -> None:
    """The old token is all that is kept, and the vendor takes it no longer: a person has to sign in, and can."""

    def exchange(org: int, step: Step) -> Secrets:
        def die(secrets: Secrets) -> Secrets:
            step(secrets)
            raise Killed

        return processes.exchange(org, die)

    with pytest.raises(Killed):
        processes.start(partial(processes.work, exchange)).result(PATIENCE)
    with pytest.raises(NeedsConsent, match="CRM-TOKEN-GRANT"):
        processes.work()
    processes.enter(signed_in(processes.company)[0])
    processes.work()


def test_a_database_that_goes_away_with_the_answer_costs_nothing(processes: Processes) -> None:
    before = tokens(processes.company)

    def exchange(org: int, step: Step) -> Secrets:
        def cut_off(secrets: Secrets) -> Secrets:
            kept = step(secrets)
            _end(connection.connection.info.backend_pid)
            return kept

        return processes.exchange(org, cut_off)

    processes.start(partial(processes.work, exchange)).result(PATIENCE)
    processes.company.pass_time(timedelta(hours=3))
    processes.work()
    assert tokens(processes.company) == before + 2


def _end(backend: int) -> None:
    with psycopg.connect(**_parameters(), autocommit=True) as administrator:
        administrator.execute("SELECT pg_terminate_backend(%s, 5000)", [backend])


def _parameters() -> dict[str, Any]:
    found: dict[str, Any] = connection.get_connection_params()
    return {name: found[name] for name in ("dbname", "user", "host", "port", "password") if found.get(name)}


# -- the lock itself -----------------------------------------------------------------------------------------


@pytest.fixture
def vault() -> DatabaseVault:
    return DatabaseVault(OLD, SystemClock(), answer=0.4)


@pytest.fixture
def place(store: DatabaseStore) -> str:
    return f"graph/{store.tenant_id()}/connection-1"


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(2) as made:
        yield made


def apart(pool: ThreadPoolExecutor, act: Callable[[], Any]) -> Any:
    def run() -> Any:
        try:
            return act()
        finally:
            connection.close()

    return pool.submit(run)


def test_what_a_person_gives_meanwhile_is_not_overwritten(
    store: DatabaseStore, place: str, pool: ThreadPoolExecutor
) -> None:
    vault = DatabaseVault(OLD, SystemClock(), answer=10.0)
    credentials.put(vault, place, {"client_secret": "old", "refresh_token": "first"})
    asked, go_on = threading.Event(), threading.Event()

    def renew(secrets: Secrets) -> Secrets:
        asked.set()
        assert go_on.wait(PATIENCE)
        return {**secrets, "refresh_token": "second"}

    renewing = apart(pool, lambda: credentials.change(vault, place, renew))
    assert asked.wait(PATIENCE)
    giving = apart(pool, lambda: credentials.change(vault, place, lambda kept: {**kept, "client_secret": "new"}))
    go_on.set()
    renewing.result(PATIENCE)
    giving.result(PATIENCE)
    assert credentials.of(vault, place) == {"client_secret": "new", "refresh_token": "second"}


def test_nobody_waits_for_long_and_nobody_holds_for_ever(
    vault: DatabaseVault, place: str, pool: ThreadPoolExecutor
) -> None:
    """Whoever is frozen in one loses the lock, and what it brings too late is not put over what came since."""
    vault.put(place, "first")
    begun, thaw = threading.Event(), threading.Event()

    def freeze(_: str | None) -> str:
        begun.set()
        assert thaw.wait(PATIENCE)
        return "too late"

    frozen = apart(pool, lambda: vault.change(place, freeze))
    assert begun.wait(PATIENCE)
    with pytest.raises(Throttled, match="VAULT-BUSY"):
        vault.put(place, "second")
    for _ in range(20):
        try:
            vault.put(place, "second")
        except Throttled:
            continue
        break
    assert vault.get(place) == "second"
    thaw.set()
    assert frozen.result(PATIENCE) == "second"
    assert vault.get(place) == "second"


def test_what_a_vendor_gave_waits_for_whoever_holds_the_place_when_the_database_is_back(
    place: str, pool: ThreadPoolExecutor
) -> None:
    """The other one shows the old token, is refused, and changes nothing."""
    vault = DatabaseVault(OLD, SystemClock(), answer=2.0)
    vault.put(place, "first")
    gone, begun = threading.Event(), threading.Event()

    def refused(_: str | None) -> str:
        begun.set()
        time.sleep(1.5 * PATIENCE_OF_PLACES * vault.answer)
        raise NeedsConsent("CRM-TOKEN-GRANT")

    def enter() -> None:
        assert gone.wait(PATIENCE)
        with pytest.raises(NeedsConsent):
            vault.change(place, refused)

    def cut_off(_: str | None) -> str:
        _end(connection.connection.info.backend_pid)
        gone.set()
        assert begun.wait(PATIENCE)
        return "second"

    other, late = apart(pool, enter), apart(pool, lambda: vault.change(place, cut_off))
    other.result(PATIENCE)
    assert late.result(PATIENCE) == "second"
    assert vault.get(place) == "second"


def test_an_error_of_the_database_before_the_answer_is_told(vault: DatabaseVault, place: str) -> None:
    def never(_: str | None) -> str:
        raise OperationalError("the server closed the connection unexpectedly")

    with pytest.raises(OperationalError):
        vault.change(place, never)
    assert vault.get(place) is None
