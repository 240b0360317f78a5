"""Another process is at the secrets that a batch needs: it is put off, and nobody's trouble."""

import json
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import pytest
from django.db import connection

from crosstie.accounts import people
from crosstie.accounts.connection import connections, mailboxes
from crosstie.domain.access import AuthMode
from crosstie.jobs import leaving, sync, wiring
from crosstie.store.models import Mailbox, MailboxState, Org
from tests.simulation import access
from tests.simulation.letters import ADA, NORA

if TYPE_CHECKING:
    from tests.unit.web.office import Office

PATIENCE = 20.0


@pytest.fixture
def office(office: "Office") -> "Office":
    """Nobody waits for a place for longer than a fifth of a second."""
    stores = replace(office.house.stores, answer=0.4)
    exchange = partial(wiring.exchange_of_org, stores)
    office.house = replace(office.house, stores=stores, crm=replace(office.house.crm, exchange=exchange))
    return office


@contextmanager
def held(office: "Office", place: str) -> Iterator[None]:
    """By somebody who waits for a vendor's answer, and gets none."""
    vault = replace(office.house.stores, answer=PATIENCE).vault()
    begun, go_on = threading.Event(), threading.Event()

    def wait(secret: str | None) -> str:
        begun.set()
        go_on.wait(PATIENCE)
        return secret or ""

    with ThreadPoolExecutor(1) as pool:
        holding = pool.submit(_apart(lambda: vault.change(place, wait)))
        assert begun.wait(PATIENCE)
        yield
        go_on.set()
        holding.result(PATIENCE)


def _apart(act: Callable[[], str]) -> Callable[[], str]:
    def run() -> str:
        try:
            return act()
        finally:
            connection.close()

    return run


def test_while_the_orgs_access_is_renewed_elsewhere_its_batch_waits_and_that_counts_for_nothing(
    office: "Office",
) -> None:
    office.sync()
    refresh = access.to_org(office.company, AuthMode.REFRESH_TOKEN)
    Org.everywhere().update(auth_mode=AuthMode.REFRESH_TOKEN)
    secret = json.dumps({"client_secret": refresh.client_secret, "refresh_token": refresh.refresh_token})
    office.house.stores.vault().put(office.org.secret_place, secret)
    office.house.crm.forget(office.org.org_id)
    office.mail("Waits", NORA)
    Mailbox.everywhere().update(due_at=office.clock.now())
    with held(office, office.org.secret_place):
        sync.run_batch(str(office.org.org_id))
    row = Mailbox.everywhere().get(address=ADA)
    assert (row.last_error_code, row.strikes, row.rejections) == ("VAULT-BUSY", 0, 0)
    office.clock.pass_time(300)
    sync.run_batch(str(office.org.org_id))
    org = office.company.site.org
    assert org.query(org.admin, "SELECT Id FROM EmailMessage WHERE Subject = 'Waits'").records


def test_who_is_left_while_their_access_is_renewed_elsewhere_is_left_by_the_next_session(office: "Office") -> None:
    ada = mailboxes.of_person(office.scope, people.find(office.scope, ADA).person_id)
    shared = connections.of_all(office.scope)
    assert shared
    vault, secret = office.house.stores.vault(), office.house.stores.vault().get(shared.secret_place)
    own = connections.grant(
        office.scope, shared.details, secret or "", vault, office.clock, mailbox_id=ada.mailbox_id
    )
    office.sync()
    leaving.begin(ada)
    with held(office, own.secret_place):
        office.sync()
    assert Mailbox.everywhere().get(pk=ada.mailbox_id).state == MailboxState.ACTIVE
    office.clock.pass_time(300)
    office.sync()
    assert Mailbox.everywhere().get(pk=ada.mailbox_id).state == MailboxState.DISABLED
