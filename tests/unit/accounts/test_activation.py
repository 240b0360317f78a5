"""Tenants, orgs, people and mailboxes: what is taken, and the sentence for what is not."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from crosstie.accounts import audit, people, tenants
from crosstie.accounts.connection import mailboxes, orgs
from crosstie.accounts.connection.mailboxes import MailboxDetails
from crosstie.accounts.people import PersonDetails
from crosstie.accounts.words import Unacceptable
from crosstie.domain.errors import Fatal
from crosstie.store.models import License, Mailbox, Org, Scope, SettingValue, Tenant
from crosstie.store.ticks import claim_ticks
from tests.clocks import START
from tests.unit.accounts.homes import Home, crm_id, org_details


def refused(code: str, act: Callable[[], object]) -> str:
    """The sentence of the refusal."""
    with pytest.raises(Unacceptable) as caught:
        act()
    assert caught.value.code == code
    assert str(caught.value) == caught.value.sentence
    return caught.value.sentence


# -- tenants -------------------------------------------------------------------------------------------
def test_a_tenant_begins_with_a_licence_and_a_profile(home: Home) -> None:
    assert License.of(home.scope).get().interval_seconds == 1800
    assert tenants.find_profile(home.scope).license == tenants.find_license(home.scope, "standard")


def test_finding_a_tenant(home: Home) -> None:
    assert tenants.find() == home.scope
    assert tenants.find(" acme ") == home.scope
    assert "Did you mean Acme?" in refused("UNKNOWN", lambda: tenants.find("Acne"))


def test_several_tenants_need_a_name(home: Home, stranger: Home) -> None:
    assert "Acme, Globex" in refused("SEVERAL", tenants.find)
    assert tenants.find("globex") == stranger.scope
    assert tenants.all_tenants() == [("Acme", home.scope), ("Globex", stranger.scope)]


def test_no_tenant_yet(tables: None) -> None:
    assert "Create one first" in refused("NONE-YET", tenants.find)


TENANT_REFUSALS: dict[str, tuple[str, Callable[[Home], object]]] = {
    "same name": ("NAME-TAKEN", lambda home: tenants.create("ACME", home.clock)),
    "no name": ("NAME-MISSING", lambda home: tenants.create("  ", home.clock)),
    "same licence": ("NAME-TAKEN", lambda home: tenants.add_license(home.scope, "standard", home.clock)),
    "interval": ("INTERVAL-BAD", lambda home: tenants.add_license(home.scope, "Fast", home.clock, 30)),
    "same profile": ("NAME-TAKEN", lambda home: tenants.add_profile(home.scope, "default", home.clock)),
    "profile's licence": ("UNKNOWN", lambda home: tenants.add_profile(home.scope, "Sales", home.clock, "Gold")),
    "unknown profile": ("UNKNOWN", lambda home: tenants.find_profile(home.scope, "Sales")),
}


@pytest.mark.parametrize("case", TENANT_REFUSALS)
def test_refusals_about_tenants_change_nothing(home: Home, case: str) -> None:
    code, act = TENANT_REFUSALS[case]
    deeds = len(audit.recent(home.scope))
    refused(code, lambda: act(home))
    assert len(audit.recent(home.scope)) == deeds
    assert len(tenants.all_tenants()) == 1


# -- orgs ----------------------------------------------------------------------------------------------
def test_an_org_is_connected_once_and_may_be_changed(home: Home) -> None:
    short = home.org.details.crm_org_id[:15]
    again = orgs.connect(home.scope, replace(org_details(short), username="sync@acme.example"), home.clock)
    assert (again.org_id, again.details.username) == (home.org.org_id, "sync@acme.example")
    assert again.details.login_url == "https://login.salesforce.test"
    assert orgs.of_tenant(home.scope) == [again]
    assert orgs.only(home.scope) == orgs.get(home.org.org_id) == orgs.by_crm_id(short) == again
    assert again.secret_place == f"salesforce/{home.scope.tenant_id}/org-{home.org.org_id}"


def test_an_org_belongs_to_one_tenant(home: Home, stranger: Home) -> None:
    sentence = refused("ORG-TAKEN", lambda: orgs.connect(stranger.scope, home.org.details, home.clock))
    assert "Acme" not in sentence
    assert len(orgs.of_tenant(stranger.scope)) == 1


def test_a_tenant_without_an_org(home: Home) -> None:
    empty = tenants.create("Empty", home.clock)
    refused("ORG-MISSING", lambda: orgs.only(empty))
    refused("ORG-MISSING", lambda: orgs.get(10**9))
    assert orgs.by_crm_id(crm_id("00D")) is None


def test_an_org_that_refuses_us_rests_until_it_is_connected_again(home: Home, stranger: Home) -> None:
    Org.of(home.scope).update(tick_due_at=START + timedelta(hours=1))
    orgs.lose_access(Scope(stranger.scope.tenant_id, home.org.org_id), "CRM-GRANT")
    assert orgs.get(home.org.org_id).state == "connected"
    orgs.lose_access(home.org.scope, "CRM-GRANT")
    assert orgs.get(home.org.org_id).state == "needs-consent"
    assert home.org.scope not in claim_ticks(START + timedelta(days=1), timedelta(minutes=2))
    orgs.connect(home.scope, home.org.details, home.clock)
    assert home.org.scope in claim_ticks(START, timedelta(minutes=2))


def test_which_of_several_orgs(home: Home) -> None:
    orgs.connect(home.scope, replace(org_details(), label="Test org"), home.clock)
    assert "Test org" in refused("SEVERAL", lambda: orgs.only(home.scope))


@pytest.mark.parametrize(
    ("code", "field", "value"),
    [
        ("ORG-ID-BAD", "crm_org_id", "00D12"),
        ("ORG-ID-BAD", "crm_org_id", "005000000000001"),
        ("ORG-ID-BAD", "crm_org_id", "00D000000000001AAB"),
        ("URL-BAD", "login_url", "login.salesforce.com"),
        ("URL-BAD", "login_url", "https://"),
        ("URL-BAD", "instance_url", "https://acme:x/"),
        ("URL-BAD", "instance_url", "ftp://acme.example"),
        ("AUTH-MODE-BAD", "auth_mode", "password"),
    ],
)
def test_what_is_wrong_with_an_org(home: Home, code: str, field: str, value: str) -> None:
    sentence = refused(
        code, lambda: orgs.connect(home.scope, replace(org_details(), **{field: value}), home.clock)
    )
    assert value in sentence
    assert len(orgs.of_tenant(home.scope)) == 1


# -- people --------------------------------------------------------------------------------------------
def test_the_first_person_is_the_administrator(home: Home) -> None:
    assert [home.person().role, home.person().role] == ["platform-admin", "user"]


def test_a_person_as_entered(home: Home) -> None:
    given = replace(home.details(), name=" Ann Lee ", address="Ann@ACME.example")
    ann = people.add(home.scope, given, home.clock)
    assert (ann.name, ann.address, ann.license, ann.profile) == (
        "Ann Lee",
        "ann@acme.example",
        "Standard",
        "Default",
    )
    assert len(ann.crm_user_id) == 18
    assert people.find(home.scope, "ANN@acme.example") == people.get(home.scope, ann.person_id) == ann
    assert people.by_crm_user(home.org.scope, given.crm_user_id) == ann
    assert people.of_tenant(home.scope) == [ann]


def test_a_persons_mailbox_is_known(home: Home) -> None:
    ann = home.person()
    assert ann.mailbox_id is None
    box = home.mailbox(ann)
    assert people.get(home.scope, ann.person_id).mailbox_id == box.mailbox_id
    assert [person.mailbox_id for person in people.of_tenant(home.scope)] == [box.mailbox_id]


def test_the_salesforce_user_may_come_later(home: Home) -> None:
    ann = people.add(home.scope, PersonDetails("Ann", "ann@acme.example"), home.clock)
    assert (ann.crm_user_id, ann.org_id) == ("", None)
    bound = people.bind_crm_user(home.scope, ann.person_id, crm_id("005"), home.org.org_id, home.clock)
    assert bound.org_id == home.org.org_id


def test_a_person_signs_in_as_one_django_user(home: Home, stranger: Home) -> None:
    ann = home.person()
    user = people.login(home.scope, ann.person_id)
    assert people.login(home.scope, ann.person_id) == user
    assert not user.has_usable_password()
    assert people.of_login(user.pk) == ann
    assert people.of_login(10**9) is None
    refused("UNKNOWN", lambda: people.login(stranger.scope, ann.person_id))


def test_strangers_are_not_found(home: Home, stranger: Home) -> None:
    ann = home.person()
    refused("UNKNOWN", lambda: people.get(stranger.scope, ann.person_id))
    refused("UNKNOWN", lambda: people.find(stranger.scope, ann.address))
    assert people.by_crm_user(stranger.org.scope, ann.crm_user_id) is None
    assert people.of_tenant(stranger.scope) == []


def test_another_tenants_org_cannot_be_a_persons(home: Home, stranger: Home) -> None:
    given = replace(home.details(), org_id=stranger.org.org_id)
    refused("ORG-MISSING", lambda: people.add(home.scope, given, home.clock))
    assert people.of_tenant(home.scope) == []


@pytest.mark.parametrize(
    ("code", "field", "value"),
    [
        ("ADDRESS-BAD", "address", "ann"),
        ("ADDRESS-BAD", "address", "ann@localhost"),
        ("ADDRESS-BAD", "address", "a nn@acme.example"),
        ("CRM-USER-BAD", "crm_user_id", "00D000000000001"),
        ("CRM-USER-BAD", "crm_user_id", "ann"),
        ("UNKNOWN", "profile", "Sales"),
        ("UNKNOWN", "license", "Gold"),
        ("NAME-MISSING", "name", " "),
    ],
)
def test_what_is_wrong_with_a_person(home: Home, code: str, field: str, value: str) -> None:
    changed: dict[str, Any] = {field: value}
    refused(code, lambda: people.add(home.scope, replace(home.details(), **changed), home.clock))
    assert people.of_tenant(home.scope) == []


def test_one_person_an_address_and_a_salesforce_user(home: Home) -> None:
    ann = home.person()
    same_address = replace(home.details(), address=ann.address.upper())
    same_user = replace(home.details(), crm_user_id=ann.crm_user_id)
    refused("PERSON-TAKEN", lambda: people.add(home.scope, same_address, home.clock))
    refused("CRM-USER-TAKEN", lambda: people.add(home.scope, same_user, home.clock))
    assert len(people.of_tenant(home.scope)) == 1


# -- activation ----------------------------------------------------------------------------------------
def test_an_activated_mailbox_is_due_at_once(home: Home) -> None:
    box = home.mailbox()
    row = Mailbox.of(home.scope).get()
    assert (row.due_at, row.activated_at, row.state) == (START, START, "active")
    assert box.scope == home.org.scope
    assert mailboxes.get(home.scope, box.mailbox_id) == mailboxes.of_person(home.scope, box.person_id) == box
    assert mailboxes.of_scope(home.org.scope) == [box]


def test_activating_again_resumes_and_keeps_the_first_day(home: Home, clock: object) -> None:
    ann = home.person()
    first = home.mailbox(ann)
    mailboxes.deactivate(home.scope, first.mailbox_id, home.clock)
    assert mailboxes.get(home.scope, first.mailbox_id).state == "disabled"
    home.clock.step(3600)
    again = home.mailbox(ann, time_zone="Europe/Berlin")
    row = Mailbox.of(home.scope).get()
    assert (again.mailbox_id, row.state, row.activated_at) == (first.mailbox_id, "active", START)
    assert (row.due_at, row.time_zone) == (START + timedelta(hours=1), "Europe/Berlin")


def test_another_address_needs_the_old_one_gone(home: Home) -> None:
    ann = home.person()
    first = home.mailbox(ann)
    refused("MAILBOX-OTHER", lambda: home.mailbox(ann, address="other@acme.example"))
    mailboxes.deactivate(home.scope, first.mailbox_id, home.clock)
    assert home.mailbox(ann, address="other@acme.example").address == "other@acme.example"
    assert len(mailboxes.of_scope(home.scope)) == 1


def test_a_mailbox_belongs_to_one_person_of_one_tenant(home: Home, stranger: Home) -> None:
    box = home.mailbox()
    refused("MAILBOX-TAKEN", lambda: home.mailbox(address=box.address.upper()))
    sentence = refused("MAILBOX-ELSEWHERE", lambda: stranger.mailbox(address=box.address))
    assert "Acme" not in sentence
    refused("MAILBOX-UNKNOWN", lambda: mailboxes.get(stranger.scope, box.mailbox_id))
    refused("MAILBOX-UNKNOWN", lambda: mailboxes.deactivate(stranger.scope, box.mailbox_id, home.clock))
    refused(
        "UNKNOWN", lambda: mailboxes.activate(stranger.scope, box.person_id, MailboxDetails("graph"), home.clock)
    )
    assert len(mailboxes.of_scope(home.scope)) == 1


def test_no_mailbox_without_a_licence(home: Home) -> None:
    ann = home.person("Ann")
    people.give_license(home.scope, ann.person_id, "", home.clock)
    assert "Ann has no licence" in refused("NO-LICENSE", lambda: home.mailbox(ann))
    people.give_license(home.scope, ann.person_id, "Standard", home.clock)
    License.of(home.scope).update(active=False)
    assert "Standard of Ann is not active" in refused("LICENSE-INACTIVE", lambda: home.mailbox(ann))
    assert mailboxes.of_scope(home.scope) == []


def test_no_mailbox_without_a_salesforce_user(home: Home) -> None:
    ann = people.add(home.scope, PersonDetails("Ann", "ann@acme.example"), home.clock)
    assert "sign in with Salesforce" in refused("NO-CRM-USER", lambda: home.mailbox(ann))


@pytest.mark.parametrize(
    ("given", "code", "words"),
    [
        (MailboxDetails("Graph-API"), "VENDOR-UNKNOWN", "Choose one of: graph"),
        (MailboxDetails("grahp"), "VENDOR-UNKNOWN", "Did you mean graph?"),
        (MailboxDetails("graph", time_zone="Europe/Berln"), "TIME-ZONE-UNKNOWN", "Did you mean Europe/Berlin?"),
        (MailboxDetails("graph", time_zone="W. Europe Standard Time"), "TIME-ZONE-UNKNOWN", "Write it like"),
        (MailboxDetails("graph", time_zone=""), "TIME-ZONE-UNKNOWN", "Write it like"),
        (MailboxDetails("graph", time_zone="../UTC"), "TIME-ZONE-UNKNOWN", "Write it like"),
        (MailboxDetails("graph", address="ann"), "ADDRESS-BAD", "name@example.com"),
        (MailboxDetails("graph", aliases=("ok@acme.example", "bad@")), "ADDRESS-BAD", "bad@"),
    ],
)
def test_what_is_wrong_with_a_mailbox(home: Home, given: MailboxDetails, code: str, words: str) -> None:
    ann = home.person()
    assert words in refused(code, lambda: mailboxes.activate(home.scope, ann.person_id, given, home.clock))
    assert mailboxes.of_scope(home.scope) == []


# -- what a session is told ----------------------------------------------------------------------------
def test_a_session_knows_its_mailbox(home: Home) -> None:
    ann = home.person(address="ann@acme.example")
    details = MailboxDetails("graph", aliases=("Ann.Lee@acme.example", "ann@acme-group.example"))
    box = mailboxes.activate(home.scope, ann.person_id, details, home.clock)
    info = mailboxes.info(box.scope, box.mailbox_id)
    assert info.own_addresses == {"ann@acme.example", "ann.lee@acme.example", "ann@acme-group.example"}
    assert (info.org_id, info.crm_user_id, info.activated_at) == (home.org.org_id, ann.crm_user_id, START)
    assert info.interval == timedelta(minutes=30)


def test_a_session_keeps_the_licences_interval(home: Home) -> None:
    tenants.add_license(home.scope, "Slow", home.clock, 7200)
    ann = home.person()
    people.give_license(home.scope, ann.person_id, "Slow", home.clock)
    box = home.mailbox(ann)
    assert mailboxes.info(box.scope, box.mailbox_id).interval == timedelta(hours=2)


def test_colleagues_domains_are_internal_and_free_mail_never(home: Home, stranger: Home) -> None:
    first = home.mailbox(address="ann@acme.example")
    home.mailbox(address="bob@acme-group.example")
    home.mailbox(address="solo@gmail.com")
    stranger.mailbox(address="eve@globex.example")
    info = mailboxes.info(first.scope, first.mailbox_id)
    assert set(info.settings.internal_domains) == {"acme.example", "acme-group.example"}


def test_no_row_makes_a_free_mail_service_internal(home: Home) -> None:
    """Neither a mailbox there nor what an earlier version may have let through."""
    box = home.mailbox(address="solo@gmail.com")
    assert Tenant.objects.get(pk=home.scope.tenant_id).own_domains == []
    SettingValue.of(home.scope).create(
        level="global", name="org.internal-domains", value=["gmail.com", "a.example"]
    )
    assert mailboxes.info(box.scope, box.mailbox_id).settings.internal_domains == ("a.example",)


def test_a_mailbox_outside_the_scope_is_not_described(home: Home, stranger: Home) -> None:
    box = home.mailbox()
    with pytest.raises(Fatal):
        mailboxes.info(stranger.org.scope, box.mailbox_id)


def test_the_audit_tells_what_was_done(home: Home) -> None:
    box = home.mailbox()
    actions = [deed.action for deed in audit.recent(Scope(home.scope.tenant_id))]
    assert actions == ["mailbox.activate", "person.add", "org.connect", "tenant.create"]
    assert audit.recent(home.scope)[0].target == f"mailbox {box.mailbox_id}"
