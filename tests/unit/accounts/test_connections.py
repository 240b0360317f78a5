"""Access to mailboxes, and where its secret lies."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import pytest
from django.db import connection

from crosstie.accounts import audit
from crosstie.accounts.connection import connections, leaving
from crosstie.accounts.connection.access import Stores
from crosstie.accounts.connection.connections import ConnectionDetails
from crosstie.accounts.words import Unacceptable
from crosstie.config.secrets import Secrets
from crosstie.store.models import Connection, Mailbox, Secret
from crosstie.store.sql import rows
from crosstie.store.vault import DatabaseVault
from tests.stores import NEW, OLD, ONLY_NEW
from tests.unit.accounts.homes import Home

GIVEN = ConnectionDetails("graph", "app-only", "directory-id", "client-id", "https://login.test/")


def grant(home: Home, secret: str = "s3cret", mailbox_id: int | None = None) -> connections.ConnectionInfo:
    vault = DatabaseVault(OLD, home.clock)
    return connections.grant(home.scope, GIVEN, secret, vault, home.clock, mailbox_id=mailbox_id)


def test_a_tenants_access_serves_all_its_mailboxes(home: Home, stranger: Home) -> None:
    box = home.mailbox()
    granted = grant(home)
    assert connections.of_mailbox(box.mailbox_id) == (box.address, granted)
    assert granted.details.authority == "https://login.test"
    assert DatabaseVault(OLD, home.clock).get(granted.secret_place) == "s3cret"
    foreign = stranger.mailbox()
    with pytest.raises(Unacceptable) as caught:
        connections.of_mailbox(foreign.mailbox_id)
    assert caught.value.code == "CONNECTION-MISSING"
    assert connections.of_mailbox(10**9) is None
    assert connections.of_tenant(stranger.scope) == []


def test_a_mailboxes_own_access_comes_first(home: Home) -> None:
    box, other = home.mailbox(), home.mailbox()
    shared = grant(home)
    own = grant(home, "own", mailbox_id=box.mailbox_id)
    assert connections.of_mailbox(box.mailbox_id) == (box.address, own)
    assert connections.of_mailbox(other.mailbox_id) == (other.address, shared)
    assert own.secret_place != shared.secret_place


@dataclass(frozen=True, slots=True)
class SlowVault(DatabaseVault):
    """Whoever has put a secret into it stops until somebody waits for them."""

    def put(self, place: str, secret: str) -> None:
        DatabaseVault.put(self, place, secret)
        PUT.set()
        ends = time.monotonic() + PATIENCE
        while not rows("SELECT 1 FROM pg_locks WHERE NOT granted", {}):
            assert time.monotonic() < ends, "nobody waits"
            time.sleep(0.02)


PUT = threading.Event()
PATIENCE = 20.0


def test_who_is_let_in_anew_while_the_mailbox_is_left_waits_and_nobody_waits_in_a_circle(home: Home) -> None:
    PUT.clear()
    box = home.mailbox()
    grant(home, mailbox_id=box.mailbox_id)
    Mailbox.of(home.scope).update(rejections=1)

    def leave() -> None:
        assert PUT.wait(PATIENCE)
        try:
            leaving.at_once(home.scope, box.mailbox_id, DatabaseVault(OLD, home.clock), home.clock)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        left = pool.submit(leave)
        vault = SlowVault(OLD, home.clock)
        connections.grant(home.scope, GIVEN, "new", vault, home.clock, mailbox_id=box.mailbox_id)
        left.result(PATIENCE)
    assert Mailbox.of(home.scope).get().state == "disabled"
    assert not Connection.of(home.scope).exists()
    assert not Secret.of(home.scope).exists()


def test_granting_again_replaces(home: Home) -> None:
    first = grant(home, "old")
    Connection.of(home.scope).update(error_code="GRAPH-CONSENT")
    second = grant(home, "new")
    assert second == first
    assert DatabaseVault(OLD, home.clock).get(second.secret_place) == "new"


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (replace(GIVEN, vendor="imap"), "VENDOR-UNKNOWN"),
        (replace(GIVEN, access="password"), "ACCESS-UNKNOWN"),
        (replace(GIVEN, endpoint="graph.test"), "URL-BAD"),
    ],
)
def test_what_is_wrong_leaves_no_secret_behind(home: Home, given: ConnectionDetails, code: str) -> None:
    with pytest.raises(Unacceptable) as caught:
        connections.grant(home.scope, given, "s3cret", DatabaseVault(OLD, home.clock), home.clock)
    assert caught.value.code == code
    assert Secret.of(home.scope).count() == 0


def test_a_strangers_mailbox_gets_no_access_from_us(home: Home, stranger: Home) -> None:
    box = stranger.mailbox()
    with pytest.raises(Unacceptable):
        grant(home, mailbox_id=box.mailbox_id)
    assert Connection.everywhere().count() == 0


def test_the_audit_knows_no_secret(home: Home) -> None:
    grant(home)
    deed = audit.recent(home.scope, 1)[0]
    assert deed.action == "connection.grant"
    assert "s3cret" not in repr(deed)


def test_secrets_are_resealed_under_a_new_key(home: Home) -> None:
    granted = grant(home)
    vault = DatabaseVault(NEW, home.clock)
    assert [vault.reseal(limit=1), vault.reseal()] == [1, 0]
    assert DatabaseVault(ONLY_NEW, home.clock).get(granted.secret_place) == "s3cret"


def test_everything_bound_to_an_org_with_one_installations_keys(home: Home) -> None:
    box = home.mailbox()
    stores = Stores(Secrets("x" * 32, OLD, OLD, NEW), home.clock)
    states = stores.states(home.org.scope)
    assert states.info(box.mailbox_id).address == box.address
    assert states.digest("x").startswith("k1:")
    assert stores.journal(home.org.scope).why(box.mailbox_id, ["a"]) == {}
    assert stores.vault().get(f"graph/{home.scope.tenant_id}/x") is None
    facts = stores.facts()
    facts.put(box.mailbox_id, {"inbox": "AAMk"})
    assert (facts.get(box.mailbox_id), facts.get(10**9)) == ({"inbox": "AAMk"}, {})
    with pytest.raises(ValueError, match="names none"):
        stores.states(home.scope)
