"""Deactivation from the command to the end: tables, vault and vendors."""

import json
import threading
import time
from typing import TYPE_CHECKING

import pytest
from django.db import connections as connections_of_threads
from django.db import transaction

from crosstie.accounts import people
from crosstie.accounts.connection import connections, mailboxes
from crosstie.accounts.governance import settings
from crosstie.accounts.sync import schedule, status
from crosstie.accounts.sync.status import State
from crosstie.domain.errors import NeedsConsent
from crosstie.jobs import leaving
from crosstie.store import sql
from crosstie.store.models import AuditRow, Connection, Link, Mailbox, Profile
from sandbox import company
from sandbox.faults import Fault
from tests.unit.web import ways
from tests.unit.web.office import ADA, ORIGIN
from tests.unit.web.test_calendar import brought, events, put, subjects

if TYPE_CHECKING:
    from crosstie.accounts.connection.mailboxes import MailboxRef
    from tests.unit.web.office import Office


def ref(office: "Office") -> "MailboxRef":
    return mailboxes.of_person(office.scope, people.find(office.scope, ADA).person_id)


def own_access(office: "Office") -> str:
    """Ada's mailbox is entered with a credential of its own; where the vault keeps it."""
    details = connections.ConnectionDetails(
        "graph",
        "app-only",
        office.company.microsoft_tenant,
        company.GRAPH_CLIENT,
        authority=ORIGIN,
        endpoint=f"{ORIGIN}/v1.0",
    )
    secret, vault = json.dumps({"client_secret": company.GRAPH_SECRET}), office.house.stores.vault()
    mailbox_id = ref(office).mailbox_id
    return connections.grant(
        office.scope, details, secret, vault, office.clock, mailbox_id=mailbox_id
    ).secret_place


def state(office: "Office") -> State:
    return status.status(office.scope, ref(office).mailbox_id, office.clock.now()).state


def categories(office: "Office") -> set[str]:
    stored = office.app.world.mailboxes.mailbox(ADA)
    assert stored is not None
    return {one.name for one in stored.categories}


@pytest.fixture
def ada(office: "Office") -> "Office":
    """One item from Salesforce and one of her own are kept in step."""
    browser = office.signed_in()
    settings.put(office.scope, settings.EVERYBODY, "events.auto-save-appointments", "on", office.clock)
    brought(office, browser, "From Salesforce")
    put(office, "Own")
    work(office)
    return office


def work(office: "Office", minutes: float = 31) -> None:
    office.clock.pass_time(60 * minutes)
    office.sync()


def test_what_came_goes_then_categories_then_access(ada: "Office") -> None:
    place = own_access(ada)
    assert (subjects(ada), events(ada)) == (["From Salesforce", "Own"], 2)
    found = leaving.preview(ref(ada))
    assert ([one.title for one in found.first], found.count) == (["From Salesforce"], 1)
    assert leaving.begin(ref(ada)).code == "LEAVING-BEGUN"
    assert leaving.begin(ref(ada)).code == "LEAVING-ALREADY"
    assert state(ada) is State.LEAVING
    assert ada.house.stores.vault().get(place)
    ada.sync()
    assert (subjects(ada), events(ada), state(ada)) == (["Own"], 2, State.DISABLED)
    assert not categories(ada) & {"Salesforce", "Salesforce Unsync", "Sync Error"}
    assert ada.house.stores.vault().get(place) is None
    assert not Connection.of(ada.scope).filter(mailbox_id=ref(ada).mailbox_id).exists()
    actions = AuditRow.of(ada.scope).order_by("-id").values_list("action", flat=True)[:3]
    assert list(actions) == ["connection.forget", "mailbox.deactivate", "mailbox.leave"]
    put(ada, "Later")
    before = ada.app.world.requests.count
    work(ada)
    assert not [one for one in ada.app.world.requests.since(before) if one.face == "graph" and one.subject == ADA]
    assert leaving.begin(ref(ada)).code == "DEACTIVATED-BEFORE"
    refusal = leaving.against(ref(ada))
    assert refusal is not None
    assert refusal.code == "DEACTIVATED-BEFORE"


def test_a_worker_that_dies_before_the_end_is_followed_by_one_that_finishes(
    ada: "Office", monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the session that had nothing left to do and switching the mailbox off."""
    leaving.begin(ref(ada))

    class Died(BaseException):
        pass

    def dies(*_: object) -> bool:
        raise Died

    with monkeypatch.context() as at_the_end:
        at_the_end.setattr("crosstie.accounts.connection.leaving.finish", dies)
        with pytest.raises(Died):
            ada.sync()
    assert (state(ada), subjects(ada)) == (State.LEAVING, ["Own"])
    work(ada, 3)
    assert state(ada) is State.DISABLED


def test_a_mailbox_that_is_out_of_reach_is_waited_for(ada: "Office") -> None:
    leaving.begin(ref(ada))
    ada.app.world.faults.add(Fault("refuse", "graph", "batch", status=503, times=20))
    ada.sync()
    assert (state(ada), subjects(ada)) == (State.LEAVING, ["From Salesforce", "Own"])
    ada.app.world.faults.clear()
    work(ada)
    assert (state(ada), subjects(ada)) == (State.DISABLED, ["Own"])


def test_activated_again_everything_comes_back(ada: "Office") -> None:
    leaving.begin(ref(ada))
    ada.sync()
    assert state(ada) is State.DISABLED
    details = mailboxes.MailboxDetails("graph", time_zone="Europe/Berlin")
    mailboxes.activate(ada.scope, ref(ada).person_id, details, ada.clock)
    work(ada, 1)
    work(ada)
    assert (subjects(ada), events(ada)) == (["From Salesforce", "Own"], 2)
    assert categories(ada) >= {"Salesforce", "Salesforce Unsync"}


def test_activated_again_before_the_first_session_nothing_goes(ada: "Office") -> None:
    leaving.begin(ref(ada))
    details = mailboxes.MailboxDetails("graph", time_zone="Europe/Berlin")
    mailboxes.activate(ada.scope, ref(ada).person_id, details, ada.clock)
    work(ada)
    assert (subjects(ada), state(ada)) == (["From Salesforce", "Own"], State.ON)


def test_where_no_session_can_begin_that_is_said_and_it_may_be_left_as_it_is(ada: "Office") -> None:
    place = own_access(ada)
    Profile.of(ada.scope).update(sync_enabled=False)
    said = leaving.begin(ref(ada))
    assert (said.ok, said.code) == (False, "LEAVING-HINDERED")
    assert "--as-it-is" in said.sentence
    assert Mailbox.of(ada.scope).filter(leaving_since__isnull=False).count() == 0
    assert leaving.at_once(ref(ada)).code == "DEACTIVATED"
    assert (subjects(ada), ada.house.stores.vault().get(place)) == (["From Salesforce", "Own"], None)
    Profile.of(ada.scope).update(sync_enabled=True)
    assert state(ada) is State.DISABLED
    assert Link.of(ada.scope).filter(bond="joined").count() == 2


def test_what_is_held_back_keeps_nobody_from_leaving(office: "Office") -> None:
    """Whoever deactivates was shown how many go, and that is their word."""
    browser = office.signed_in()
    brought(office, browser, *(f"Number {number}" for number in range(6)))
    settings.put(office.scope, settings.EVERYBODY, "events.removals-at-once", "3", office.clock)
    org = office.company.site.org
    for record_id in Link.of(office.scope).order_by("id").values_list("record_id", flat=True)[:5]:
        org.delete(org.admin, record_id)
    work(office)
    assert Link.of(office.scope).filter(reason_code="EVENT-GUARD-MAILBOX").count() == 5
    assert leaving.begin(ref(office)).code == "LEAVING-BEGUN"
    work(office)
    assert (subjects(office), state(office)) == ([], State.DISABLED)


def test_the_owner_cannot_stop_it_by_pausing(ada: "Office") -> None:
    leaving.begin(ref(ada))
    said = schedule.pause(ada.scope, ref(ada).mailbox_id, ada.clock)
    assert (said.ok, said.code) == (False, "LEAVING-ALREADY")
    work(ada)
    assert state(ada) is State.DISABLED


def test_a_token_that_is_renewed_too_late_is_kept_nowhere(ada: "Office") -> None:
    """Neither with what was forgotten nor with what is everybody's."""
    ways.delegate(ada, ADA)
    mailbox_id, vault = ref(ada).mailbox_id, ada.house.stores.vault()
    late = ada.house.mailboxes.open(mailbox_id)
    late.latest(1)
    ada.clock.pass_time(2 * 3600)
    (everybodys,) = [one for one in connections.of_tenant(ada.scope) if one.mailbox_id is None]
    before = vault.get(everybodys.secret_place)
    leaving.at_once(ref(ada))
    for _ in range(2):
        with pytest.raises(NeedsConsent, match="GRAPH-NO-CREDENTIAL"):
            late.latest(1)
        assert vault.get(everybodys.secret_place) == before
        Connection.of(ada.scope).all().delete()
        ada.clock.pass_time(60)


def test_activating_again_and_a_session_do_not_lock_each_other_out(ada: "Office") -> None:
    """A session takes the org's lock and then its mailbox; so does whoever activates."""
    leaving.begin(ref(ada))
    mailbox, begun, ends = ref(ada), threading.Event(), []

    def session() -> None:
        with transaction.atomic():
            sql.lock_org(mailbox.scope.org_id or 0, shared=True)
            begun.set()
            time.sleep(0.3)
            sql.rows(
                "SELECT 1 FROM store_mailbox WHERE id = %(mailbox)s FOR NO KEY UPDATE",
                {"mailbox": mailbox.mailbox_id},
            )
        ends.append("session")
        connections_of_threads.close_all()

    def activating() -> None:
        begun.wait()
        details = mailboxes.MailboxDetails("graph", time_zone="Europe/Berlin")
        mailboxes.activate(ada.scope, mailbox.person_id, details, ada.clock)
        ends.append("activated")
        connections_of_threads.close_all()

    threads = [threading.Thread(target=one) for one in (session, activating)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(20)
    assert ends == ["session", "activated"]
