"""Signing in with Microsoft: by directory and object id; an address counts once, and only if it is vouched for."""

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client

from crosstie.accounts import people, tenants
from crosstie.accounts.connection import connections, orgs
from crosstie.accounts.sign_in import identities, signing_in
from crosstie.accounts.sign_in.signing_in import Way
from crosstie.accounts.words import Unacceptable
from crosstie.store.models import AuditRow, Connection, Identity, Org, Person, Scope
from sandbox import company
from sandbox.faults import Fault
from tests.unit.accounts.homes import org_details
from tests.unit.web.office import ADA, BEN, MICROSOFT_CALLBACK, ORIGIN
from tests.unit.web.ways import steer

if TYPE_CHECKING:
    from tests.unit.web.office import Office

BACK = "/sign-in/microsoft/callback"
EVE = "eve@poplar.test"
UNKNOWN = "nobody here has your Microsoft account"
FOREIGN = "did not come from your company"
STALE = "was not begun in this browser"


def sign_in(office: "Office", who: str, browser: Client | None = None) -> Any:
    browser = browser or office.browser()
    return browser.get(BACK, office.choose_at_microsoft(office.leave(browser, "microsoft"), who))


def refused(answer: Any, sentence: str) -> None:
    assert answer.status_code == 403
    assert sentence in answer.content.decode()
    assert answer.wsgi_request.user.is_anonymous


def hire(office: "Office", address: str, name: str = "Eve Smith") -> None:
    office.app.world.mailboxes.add_mailbox(address, name)


def test_a_person_signs_in_and_is_known_ever_after(office: "Office") -> None:
    browser = office.browser()
    assert sign_in(office, ADA, browser).headers["Location"] == "/"
    assert "Ada Keller" in browser.get("/").content.decode()
    bound = Identity.of(office.scope).get()
    assert bound.issuer == f"{ORIGIN}/{office.company.microsoft_tenant}/v2.0"
    Person.of(office.scope).filter(address=ADA).update(address="keller@larch.test")
    assert sign_in(office, ADA).headers["Location"] == "/", "by who she is there, whatever her address"
    assert Identity.of(office.scope).count() == 1


def test_both_ways_lead_to_the_same_person(office: "Office") -> None:
    sign_in(office, ADA)
    office.signed_in(ADA)
    ways = AuditRow.of(office.scope).filter(action="person.sign-in").values_list("actor_id", "details__way")
    (person_id,) = Person.of(office.scope).filter(address=ADA).values_list("pk", flat=True)
    assert set(ways) == {(person_id, "microsoft"), (person_id, "salesforce")}


def test_an_address_that_anybody_may_write_lets_nobody_in(office: "Office") -> None:
    """A colleague whose `mail` says that he is Ada, as any administrator of any directory can have it say."""
    hire(office, "mallory@larch.test", "Mallory")
    steer(office, "account", mailbox="mallory@larch.test", mail=ADA)
    refused(sign_in(office, "mallory@larch.test"), UNKNOWN)
    assert not Identity.of(office.scope).exists()


def test_another_directorys_user_is_nobody_here(office: "Office") -> None:
    """The attacker has a directory of her own, is called there as she likes, and swaps it in the address."""
    hire(office, EVE)
    directory = office.app.world.microsoft
    foreign = directory.tenant_of(EVE)
    steer(office, "account", mailbox=EVE, mail=ADA)
    browser = office.browser()
    address = office.leave(browser, "microsoft")
    assert address.startswith(f"{ORIGIN}/{office.company.microsoft_tenant}/")
    there = address.replace(office.company.microsoft_tenant, foreign.id, 1)
    refused(browser.get(BACK, office.choose_at_microsoft(there, EVE)), FOREIGN)
    assert not Identity.of(office.scope).exists()


def test_an_address_that_was_given_to_somebody_else_brings_no_rights_along(office: "Office") -> None:
    sign_in(office, BEN)
    person = people.find(office.scope, BEN)
    bound = Identity.of(office.scope).get()
    Identity.of(office.scope).update(
        subject="00000000-0000-4000-8000-000000000001"
    )  # the account that Ben had before
    refused(sign_in(office, BEN), "came with another Microsoft account before")
    assert identities.release(office.scope, person.person_id, office.clock) == 1
    assert sign_in(office, BEN).status_code == 302
    assert Identity.of(office.scope).get().subject == bound.subject


def test_the_same_directory_of_two_customers_leads_each_to_their_own(office: "Office") -> None:
    """Both have a person with Ada's address; she is who the company that she names knows."""
    scope = tenants.create("Rival Inc", office.clock)
    given = connections.ConnectionDetails(
        "graph", "app-only", company.DOMAIN, company.GRAPH_CLIENT, authority=ORIGIN, endpoint=f"{ORIGIN}/v1.0"
    )
    secret = f'{{"client_secret": "{company.GRAPH_SECRET}"}}'
    connections.grant(scope, given, secret, office.house.stores.vault(), office.clock)
    people.add(scope, people.PersonDetails("Her double", ADA), office.clock)
    for wanted, name in (("Larch", "Ada Keller"), ("rival inc", "Her double"), ("Larch", "Ada Keller")):
        browser = office.browser()
        browser.get(BACK, office.choose_at_microsoft(office.leave(browser, "microsoft", company=wanted), ADA))
        assert name in browser.get("/", follow=True).content.decode()
    assert Identity.of(office.scope).count() == Identity.of(scope).count() == 1
    page = office.browser().post("/sign-in/microsoft")
    assert "Enter the name" in page.content.decode()


def test_no_customer_takes_the_name_of_another(office: "Office") -> None:
    """An org says itself how it is called, and goes by that only where nobody else is called so."""
    scope = tenants.create("Rival Inc", office.clock)
    given = connections.ConnectionDetails(
        "graph", "app-only", company.DOMAIN, company.GRAPH_CLIENT, authority=ORIGIN, endpoint=f"{ORIGIN}/v1.0"
    )
    secret = f'{{"client_secret": "{company.GRAPH_SECRET}"}}'
    connections.grant(scope, given, secret, office.house.stores.vault(), office.clock)
    orgs.connect(scope, replace(org_details("00D000000000009EAA"), label="Larch"), office.clock)
    browser = office.browser()
    browser.get(BACK, office.choose_at_microsoft(office.leave(browser, "microsoft", company="Larch"), ADA))
    assert "Ada Keller" in browser.get("/", follow=True).content.decode()
    for way in Way:
        if way is not Way.GOOGLE:
            assert signing_in.find(way, "Larch").scope.tenant_id == office.scope.tenant_id
    Org.of(scope).update(label="Rival's org")
    assert signing_in.find(Way.MICROSOFT, "rival's ORG").scope.tenant_id == scope.tenant_id


PERSONAL = "9188040d-6c67-4c5b-b112-36a304b66dad"
"""The directory of everybody who is in none: accounts of their own, with whatever address they chose."""
SHARED = (
    "common",
    "organizations",
    "consumers",
    "",
    "Common",
    "CONSUMERS",
    "consumers/",
    PERSONAL,
    PERSONAL.upper(),
)


@pytest.mark.parametrize("directory", SHARED)
def test_a_directory_that_is_everybodys_is_no_door(office: "Office", directory: str) -> None:
    Connection.of(office.scope).update(directory=directory)
    page = office.browser().post("/sign-in/microsoft")
    assert page.status_code == 400
    assert "not connected to Microsoft yet" in page.content.decode()
    assert "Microsoft" not in office.browser().get("/sign-in").content.decode()


def test_a_domain_of_personal_accounts_is_no_door(office: "Office") -> None:
    """A directory may be named by a domain; whose it is only Microsoft can say, and it says so in its metadata."""
    Connection.of(office.scope).update(directory="hotmail.example")
    paths = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "keys"}
    about = {"issuer": f"{ORIGIN}/{PERSONAL}/v2.0"} | {name: f"{ORIGIN}/{path}" for name, path in paths.items()}
    body = json.dumps(about).encode()
    office.app.world.faults.add(Fault("refuse", route="login.configuration", status=200, body=body))
    page = office.browser().post("/sign-in/microsoft")
    assert (page.status_code, FOREIGN in page.content.decode()) == (400, True)


@pytest.mark.parametrize("address", ["https://evil.example.com", "http://login.microsoftonline.com"])
def test_a_login_that_is_not_microsofts_is_not_asked(office: "Office", address: str) -> None:
    Connection.of(office.scope).update(authority=address)
    page = office.browser().post("/sign-in/microsoft")
    assert page.status_code == 400
    assert FOREIGN in page.content.decode()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"state": "another"}, STALE),
        ({"code": "another"}, STALE),
        ({"iss": "https://login.example.com"}, FOREIGN),
        ({"error": "access_denied", "error_description": "words"}, "Microsoft did not let you in"),
    ],
)
def test_a_changed_answer_is_refused_and_spends_what_was_begun(
    office: "Office", changes: dict[str, str], sentence: str
) -> None:
    browser = office.browser()
    answer = office.choose_at_microsoft(office.leave(browser, "microsoft"), ADA)
    page = browser.get(BACK, answer | changes)
    refused(page, sentence)
    assert "words" not in page.content.decode()
    refused(browser.get(BACK, answer), STALE)


def test_what_was_begun_with_one_is_not_finished_with_another(office: "Office") -> None:
    browser = office.browser()
    answer = office.choose_at_microsoft(office.leave(browser, "microsoft"), ADA)
    refused(browser.get("/sign-in/salesforce/callback", answer), STALE)


def test_a_microsoft_that_does_not_answer_is_named(office: "Office") -> None:
    office.app.world.faults.add(Fault("refuse", route="login.configuration", status=503))
    page = office.browser().post("/sign-in/microsoft")
    assert page.status_code == 503
    assert "Microsoft cannot be reached" in page.content.decode()


def test_an_app_whose_secret_has_expired_is_the_administrators_matter(office: "Office") -> None:
    browser = office.browser()
    answer = office.choose_at_microsoft(office.leave(browser, "microsoft"), ADA)
    steer(office, "secrets/rotate", client_id=company.GRAPH_CLIENT, secret="another")
    refused(browser.get(BACK, answer), "Ask your administrator to look at the app")


def test_refused_sign_ins_are_written_down(office: "Office") -> None:
    hire(office, "mallory@larch.test", "Mallory")
    sign_in(office, "mallory@larch.test")
    row = AuditRow.of(office.scope).get(action="sign-in.refused")
    assert (row.actor_id, row.details) == (None, {"way": "microsoft", "code": "SIGN-IN-UNKNOWN"})


TID = "11111111-1111-4111-8111-111111111111"
OTHER = "22222222-2222-4222-8222-222222222222"
LOGIN = "https://login.microsoftonline.com"
ISS = f"{LOGIN}/{TID}/v2.0"
OID = "33333333-3333-4333-8333-333333333333"


@pytest.mark.parametrize(
    ("claims", "comes_in"),
    [
        ({"preferred_username": BEN}, True),
        ({"preferred_username": "Ben@Larch.test"}, True),
        ({"preferred_username": BEN, "idp": f"https://sts.windows.net/{TID}/"}, True),
        ({"preferred_username": BEN, "idp": f"https://sts.windows.net/{OTHER}/"}, False),
        ({"preferred_username": BEN, "idp": "live.com"}, False),
        ({"preferred_username": BEN, "acct": 1}, False),
        ({"preferred_username": BEN, "tid": OTHER}, False),
        ({"preferred_username": BEN, "tid": PERSONAL, "iss": f"{LOGIN}/{PERSONAL}/v2.0"}, False),
        ({"preferred_username": BEN, "oid": ""}, False),
        ({"preferred_username": BEN, "iss": f"{LOGIN}/{OTHER}/v2.0"}, False),
        ({"preferred_username": BEN, "iss": f"{LOGIN}/common/v2.0"}, False),
        ({"preferred_username": [BEN]}, False),
        ({"preferred_username": "b\u212aen@larch.test"}, False),
        ({"email": BEN}, False),
        ({"email": BEN, "xms_edov": False}, False),
        ({"email": BEN, "xms_edov": "0"}, False),
        ({"email": BEN, "xms_edov": True}, True),
        ({"email": BEN, "xms_edov": "1"}, True),
        ({"email": BEN, "upn": BEN, "name": BEN, "sub": BEN, "unique_name": BEN}, False),
    ],
)
def test_whom_claims_mean_the_first_time(office: "Office", claims: dict[str, Any], comes_in: bool) -> None:
    """What the vendor can say of guests and optional claims, which the sandbox's people have not."""
    whole = {"iss": ISS, "tid": TID, "oid": OID, "sub": "pairwise"} | claims
    door = signing_in.find(Way.MICROSOFT)
    try:
        found = signing_in.who(door, whole, office.clock).address
    except Unacceptable:
        found = ""
    assert found == (BEN if comes_in else "")
    assert Identity.of(Scope(office.scope.tenant_id)).exists() is comes_in


def test_the_way_back_is_the_one_that_is_documented() -> None:
    from django.conf import settings
    from django.urls import reverse

    assert f"{settings.PUBLIC_URL}{reverse('sign-in-microsoft-callback')}" == MICROSOFT_CALLBACK
