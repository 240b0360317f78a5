"""Signing in with Google: by `sub`, for people of the company's Workspace domains; an address counts once."""

import json
from dataclasses import dataclass, replace
from datetime import datetime
from io import StringIO
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse

from crosstie.accounts import people, tenants
from crosstie.accounts.connection import connections
from crosstie.accounts.sign_in import identities, signing_in, workspaces
from crosstie.accounts.sign_in.signing_in import Way
from crosstie.accounts.sign_in.workspaces import Workspace
from crosstie.accounts.words import Unacceptable
from crosstie.cli import main
from crosstie.store.models import Access, AuditRow, Connection, Identity, Person, Scope, Secret
from sandbox import company
from sandbox.faults import Fault
from sandbox.signing import Signing
from tests.unit.web.office import ADA, BEN, GOOGLE_CALLBACK, ORIGIN

if TYPE_CHECKING:
    from tests.unit.web.office import Office

BACK = "/sign-in/google/callback"
BASE = f"{ORIGIN}/google"
EVE = "eve@larch.test"
LABS = "larch-labs.test"
UNKNOWN = "nobody here has your Google account"
FOREIGN = "did not come from your company"
STALE = "was not begun in this browser"


def allow(
    office: "Office", *domains: str, scope: Scope | None = None, client: str = company.GOOGLE_CLIENT
) -> None:
    given = Workspace(domains or (company.DOMAIN,), client, BASE)
    vault = office.house.stores.vault()
    workspaces.allow(scope or office.scope, given, company.GOOGLE_SECRET, vault, office.clock)


@pytest.fixture
def open_office(office: "Office") -> "Office":
    """Its people may come in with Google."""
    allow(office)
    return office


def steer(office: "Office", path: str, **asked: object) -> None:
    answer = office.house.crm.authority.http.request("POST", f"{ORIGIN}/sandbox/google/{path}", json=asked)
    assert answer.status_code == 200, answer.content


def anybodys_client(office: "Office") -> None:
    """As where the client is not kept to the organisation (user type External)."""
    office.app.world.google.clients[company.GOOGLE_CLIENT].internal_to = None


def sign_in(office: "Office", who: str, browser: Client | None = None) -> Any:
    browser = browser or office.browser()
    return browser.get(BACK, office.choose_at_google(office.leave(browser, "google"), who))


def refused(answer: Any, sentence: str) -> None:
    assert answer.status_code == 403
    assert sentence in answer.content.decode()
    assert answer.wsgi_request.user.is_anonymous


def test_a_person_signs_in_and_is_known_ever_after(open_office: "Office") -> None:
    browser = open_office.browser()
    assert sign_in(open_office, ADA, browser).headers["Location"] == "/"
    assert "Ada Keller" in browser.get("/").content.decode()
    bound = Identity.of(open_office.scope).get()
    assert (bound.issuer, bound.subject) == (BASE, open_office.app.world.google.accounts[ADA].subject)
    Person.of(open_office.scope).filter(address=ADA).update(address="keller@larch.test")
    assert sign_in(open_office, ADA).headers["Location"] == "/", "by who she is there, whatever her address"
    assert Identity.of(open_office.scope).count() == 1


def test_all_ways_lead_to_the_same_person(open_office: "Office") -> None:
    sign_in(open_office, ADA)
    open_office.signed_in(ADA)
    ways = AuditRow.of(open_office.scope).filter(action="person.sign-in").values_list("actor_id", "details__way")
    (person_id,) = Person.of(open_office.scope).filter(address=ADA).values_list("pk", flat=True)
    assert set(ways) == {(person_id, "google"), (person_id, "salesforce")}


def test_the_button_is_shown_where_it_opens_something(office: "Office") -> None:
    assert "Google" not in office.browser().get("/sign-in").content.decode()
    page = office.browser().post("/sign-in/google")
    assert (page.status_code, "not connected to Google yet" in page.content.decode()) == (400, True)
    allow(office)
    assert "Sign in with Google" in office.browser().get("/sign-in").content.decode()
    german = office.browser().get("/sign-in", headers={"accept-language": "de"}).content.decode()
    assert "Mit Google anmelden" in german
    workspaces.forbid(office.scope, office.house.stores.vault(), office.clock)
    assert "Google" not in office.browser().get("/sign-in").content.decode()
    assert not Secret.of(Scope(office.scope.tenant_id)).filter(place__startswith="google/").exists()


def test_google_is_asked_for_the_domain_and_nothing_rests_on_it(open_office: "Office") -> None:
    asked = parse_qs(urlsplit(open_office.leave(open_office.browser(), "google")).query)
    assert (asked["hd"], asked["prompt"], asked["scope"]) == (["larch.test"], ["select_account"], ["openid email"])
    assert asked["code_challenge_method"] == ["S256"]
    allow(open_office, company.DOMAIN, LABS)
    asked = parse_qs(urlsplit(open_office.leave(open_office.browser(), "google")).query)
    assert asked["hd"] == ["*"]


def test_the_persons_consent_is_not_taken_back(open_office: "Office") -> None:
    sign_in(open_office, ADA)
    google = open_office.app.world.google
    assert google.accounts[ADA].subject in google.clients[company.GOOGLE_CLIENT].consents


def test_a_consumers_account_with_a_colleagues_address_is_nobodys(open_office: "Office") -> None:
    """Anybody may open one with an address of their own; who left the company may have kept it. Google was asked
    for the company's domain, and the person chose another account.
    """
    anybodys_client(open_office)
    steer(open_office, "account", address=ADA, workspace="")
    refused(sign_in(open_office, ADA), FOREIGN)
    assert not Identity.of(open_office.scope).exists()


def test_another_companys_account_is_nobodys(open_office: "Office") -> None:
    anybodys_client(open_office)
    steer(open_office, "account", address="eve@poplar.test", workspace="poplar.test")
    people.add(open_office.scope, people.PersonDetails("Eve", "eve@poplar.test"), open_office.clock)
    refused(sign_in(open_office, "eve@poplar.test"), FOREIGN)
    assert not Identity.of(open_office.scope).exists()


def test_a_colleague_who_is_nobody_here(open_office: "Office") -> None:
    steer(open_office, "account", address=EVE, workspace=company.DOMAIN)
    refused(sign_in(open_office, EVE), UNKNOWN)
    row = AuditRow.of(open_office.scope).get(action="sign-in.refused")
    assert (row.actor_id, row.details) == (None, {"way": "google", "code": "SIGN-IN-UNKNOWN"})


def test_an_address_that_is_not_verified_is_nobodys(open_office: "Office") -> None:
    steer(open_office, "account", address=BEN, verified=False)
    refused(sign_in(open_office, BEN), UNKNOWN)


def test_a_known_person_whose_account_left_the_company_is_out(open_office: "Office") -> None:
    anybodys_client(open_office)
    assert sign_in(open_office, ADA).status_code == 302
    steer(open_office, "account", address=ADA, workspace="")
    refused(sign_in(open_office, ADA), FOREIGN)


def test_an_address_that_was_given_to_somebody_else_brings_no_rights_along(open_office: "Office") -> None:
    sign_in(open_office, BEN)
    person = people.find(open_office.scope, BEN)
    google = open_office.app.world.google
    google.add_account(BEN, "Ben's successor", google.workspace(company.DOMAIN))
    refused(sign_in(open_office, BEN), "came with another Google account before")
    assert identities.release(open_office.scope, person.person_id, open_office.clock) == 1
    assert sign_in(open_office, BEN).status_code == 302
    assert Identity.of(open_office.scope).get().subject == google.accounts[BEN].subject


@pytest.mark.parametrize("switch", ["issuer_is_bare", "verified_is_text"])
def test_older_tokens_mean_the_same_person(open_office: "Office", switch: str) -> None:
    for on in (True, False):
        open_office.app.world.switches.turn(f"google.{switch}", on)
        assert sign_in(open_office, ADA).status_code == 302
    assert Identity.of(open_office.scope).get().issuer == BASE


@pytest.mark.parametrize("named", ["the first domain", "their own"])
def test_a_second_domain(open_office: "Office", named: str) -> None:
    """Its people come in where it is listed too, whichever of the organisation's domains Google names for them."""
    address = f"fred@{LABS}"
    google = open_office.app.world.google
    workspace = google.workspace(company.DOMAIN)
    assert workspace is not None
    workspace.domains = (company.DOMAIN, LABS)
    google.add_account(address, "Fred", workspace)
    people.add(open_office.scope, people.PersonDetails("Fred", address), open_office.clock)
    is_first = named == "the first domain"
    open_office.app.world.switches.turn("google.hd_is_first_domain", is_first)
    refused(sign_in(open_office, address), UNKNOWN if is_first else FOREIGN)
    allow(open_office, company.DOMAIN, LABS)
    assert sign_in(open_office, address).status_code == 302
    allow(open_office, company.DOMAIN)
    assert (sign_in(open_office, address).status_code == 302) is is_first, "who is bound needs no address"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"state": "another"}, STALE),
        ({"code": "4/another"}, STALE),
        ({"iss": "https://login.example.com"}, FOREIGN),
        ({"error": "access_denied", "error_description": "words"}, "Google did not let you in"),
    ],
)
def test_a_changed_answer_is_refused_and_spends_what_was_begun(
    open_office: "Office", changes: dict[str, str], sentence: str
) -> None:
    browser = open_office.browser()
    answer = open_office.choose_at_google(open_office.leave(browser, "google"), ADA)
    page = browser.get(BACK, answer | changes)
    refused(page, sentence)
    assert "words" not in page.content.decode()
    refused(browser.get(BACK, answer), STALE)


def test_who_says_no_at_google_is_told_so(open_office: "Office") -> None:
    browser = open_office.browser()
    answer = open_office.choose_at_google(open_office.leave(browser, "google"), ADA, "cancel")
    refused(browser.get(BACK, answer), "Google did not let you in")


def test_a_code_of_another_browsers_sign_in_is_not_taken(open_office: "Office") -> None:
    """Its verifier is not ours: PKCE."""
    mine, theirs = open_office.browser(), open_office.browser()
    answer = open_office.choose_at_google(open_office.leave(mine, "google"), ADA)
    stolen = open_office.choose_at_google(open_office.leave(theirs, "google"), BEN)["code"]
    refused(mine.get(BACK, answer | {"code": stolen}), STALE)


def test_a_late_code_is_not_taken(open_office: "Office") -> None:
    browser = open_office.browser()
    address = open_office.leave(browser, "google")
    answer = open_office.choose_at_google(address, ADA)
    open_office.clock.pass_time(601)
    refused(browser.get(BACK, answer), STALE)


@pytest.mark.parametrize("way", ["microsoft", "salesforce"])
def test_what_was_begun_with_one_is_not_finished_with_another(open_office: "Office", way: str) -> None:
    browser = open_office.browser()
    answer = open_office.choose_at_google(open_office.leave(browser, "google"), ADA)
    refused(browser.get(f"/sign-in/{way}/callback", answer), STALE)


def test_tokens_of_keys_that_were_thrown_away_are_not_believed(
    open_office: "Office", monkeypatch: pytest.MonkeyPatch
) -> None:
    """Google has stopped publishing a key, and somebody still signs with it."""
    google = open_office.app.world.google
    stolen = replace(google.signing, kept=dict(google.signing.kept))
    google.signing.roll()
    monkeypatch.setattr(google, "signing", _Thief(stolen, google.signing))
    refused(sign_in(open_office, ADA), FOREIGN)
    assert not Identity.of(open_office.scope).exists()


@dataclass
class _Thief:
    """Signs with the one, while the other's keys are published."""

    stolen: Signing
    honest: Signing

    def sign(self, claims: dict[str, Any], now: datetime) -> str:
        return self.stolen.sign(claims, now)

    def published(self, now: datetime) -> list[dict[str, Any]]:
        return self.honest.published(now)


def test_a_google_that_does_not_answer_is_named(open_office: "Office") -> None:
    open_office.app.world.faults.add(Fault("refuse", route="openid.configuration", status=503))
    page = open_office.browser().post("/sign-in/google")
    assert page.status_code == 503
    assert "Google cannot be reached" in page.content.decode()


@pytest.mark.parametrize("named", ["https://accounts.google.com", f"{ORIGIN}", f"{BASE}/x"])
def test_metadata_of_another_issuer_are_not_believed(open_office: "Office", named: str) -> None:
    paths = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "keys"}
    about = {"issuer": named} | {name: f"{ORIGIN}/{path}" for name, path in paths.items()}
    body = json.dumps(about).encode()
    open_office.app.world.faults.add(Fault("refuse", route="openid.configuration", status=200, body=body))
    page = open_office.browser().post("/sign-in/google")
    assert (page.status_code, FOREIGN in page.content.decode()) == (400, True)


@pytest.mark.parametrize("address", ["https://evil.example.com", "http://accounts.google.com"])
def test_a_login_that_is_not_googles_is_not_asked(open_office: "Office", address: str) -> None:
    Connection.of(open_office.scope).filter(access=Access.SIGN_IN).update(authority=address)
    page = open_office.browser().post("/sign-in/google")
    assert (page.status_code, FOREIGN in page.content.decode()) == (400, True)


def test_a_client_whose_secret_is_another_by_now_is_the_administrators_matter(open_office: "Office") -> None:
    browser = open_office.browser()
    answer = open_office.choose_at_google(open_office.leave(browser, "google"), ADA)
    steer(open_office, "secrets/rotate", client_id=company.GOOGLE_CLIENT, secret="another")
    refused(browser.get(BACK, answer), "Ask your administrator to look at the app")


def test_a_domain_is_one_customers(open_office: "Office") -> None:
    rival = tenants.create("Rival Inc", open_office.clock)
    with pytest.raises(Unacceptable, match="another customer's"):
        allow(open_office, "rival.test", company.DOMAIN, scope=rival, client="theirs")
    assert workspaces.of_tenant(rival) is None
    assert open_office.house.stores.vault().get(workspaces.secret_place(rival)) is None
    with pytest.raises(IntegrityError):
        Connection.of(rival).create(
            vendor="google", access=Access.SIGN_IN, directory=company.DOMAIN, created_at=open_office.clock.now()
        )


def test_where_several_customers_come_by_google_people_name_theirs(open_office: "Office") -> None:
    """Each by its own client; what was begun at one door is not finished at the other."""
    rival = tenants.create("Rival Inc", open_office.clock)
    google = open_office.app.world.google
    google.add_account("her@rival.test", "Her double", google.open_workspace("rival.test"))
    google.register("theirs", "a secret", [GOOGLE_CALLBACK])
    vault = open_office.house.stores.vault()
    workspaces.allow(rival, Workspace(("rival.test",), "theirs", BASE), "a secret", vault, open_office.clock)
    people.add(rival, people.PersonDetails("Her double", "her@rival.test"), open_office.clock)
    assert "Enter the name" in open_office.browser().post("/sign-in/google").content.decode()
    for wanted, who, name in (("larch.test", ADA, "Ada Keller"), ("Rival Inc", "her@rival.test", "Her double")):
        browser = open_office.browser()
        browser.get(BACK, open_office.choose_at_google(open_office.leave(browser, "google", company=wanted), who))
        assert name in browser.get("/", follow=True).content.decode()
    browser = open_office.browser()
    answer = open_office.choose_at_google(
        open_office.leave(browser, "google", company="Rival Inc"), "her@rival.test"
    )
    other = open_office.browser()
    open_office.leave(other, "google", company="Larch")
    refused(other.get(BACK, answer), STALE)


def test_what_opens_no_mailbox_is_no_access_to_one(open_office: "Office") -> None:
    """The row that says whose people come in stands among those that say how mailboxes are entered."""
    found = connections.of_all(open_office.scope)
    assert found is not None
    assert found.details.vendor == "graph"
    given = connections.ConnectionDetails("graph", "sign-in", "x.test", "x")
    with pytest.raises(Unacceptable, match="sign-in"):
        connections.grant(open_office.scope, given, "s", open_office.house.stores.vault(), open_office.clock)


@pytest.mark.parametrize(
    ("given", "secret", "code"),
    [
        (Workspace((), "c"), "s", "DOMAIN-BAD"),
        (Workspace(("no domain",), "c"), "s", "DOMAIN-BAD"),
        (Workspace(("*.larch.test",), "c"), "s", "WILDCARD"),
        (Workspace(("com",), "c"), "s", "DOMAIN-BAD"),
        (Workspace(("larch.test",), " "), "s", "WORKSPACE-CLIENT"),
        (Workspace(("larch.test",), "c"), "", "WORKSPACE-SECRET"),
    ],
)
def test_what_an_administrator_may_not_say(office: "Office", given: Workspace, secret: str, code: str) -> None:
    with pytest.raises(Unacceptable) as refusal:
        workspaces.allow(office.scope, given, secret, office.house.stores.vault(), office.clock)
    assert refusal.value.code == code
    assert workspaces.of_tenant(office.scope) is None


def test_the_secret_that_is_known_is_kept(open_office: "Office") -> None:
    vault = open_office.house.stores.vault()
    place, before = workspaces.secret_place(open_office.scope), workspaces.of_tenant(open_office.scope)
    kept = vault.get(place)
    assert before is not None
    workspaces.allow(
        open_office.scope, Workspace(("Larch.test", LABS), "other", BASE), "", vault, open_office.clock
    )
    assert workspaces.of_tenant(open_office.scope) == Workspace((company.DOMAIN, LABS), "other", BASE)
    assert vault.get(place) == kept
    details = AuditRow.of(open_office.scope).filter(action="workspace.allow").order_by("-pk")[0].details
    assert details == {"domains": ["larch.test", LABS]}


def test_the_command_line_says_whose_people_come_in(
    office: "Office", capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", StringIO("the secret\n"))
    assert main(["google", "show"]) == 0
    assert "Nobody signs in with Google" in capsys.readouterr().out
    assert main(["google", "allow", "Larch.test", LABS, "--client-id", "ours", "--tenant", "Larch"]) == 0
    said = capsys.readouterr().out
    assert f"People of larch.test, {LABS}" in said
    assert "/sign-in/google/callback" in said
    assert "the secret" not in said
    assert workspaces.of_tenant(office.scope) == Workspace((company.DOMAIN, LABS), "ours")
    kept = office.house.stores.vault().get(workspaces.secret_place(office.scope))
    assert kept == '{"client_secret": "the secret"}'
    assert main(["google", "forbid", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["domains"] == []
    assert main(["google", "allow", "com", "--client-id", "ours"]) != 0
    assert workspaces.of_tenant(office.scope) is None


@pytest.mark.parametrize(
    ("claims", "comes_in"),
    [
        ({"email": BEN, "email_verified": True}, True),
        ({"email": "Ben@Larch.test", "email_verified": True}, True),
        ({"email": BEN, "email_verified": "true"}, True),
        ({"email": BEN, "email_verified": False}, False),
        ({"email": BEN, "email_verified": "false"}, False),
        ({"email": BEN, "email_verified": None}, False),
        ({"email": BEN}, False),
        ({"email": BEN, "email_verified": True, "hd": None}, False),
        ({"email": BEN, "email_verified": True, "hd": ""}, False),
        ({"email": BEN, "email_verified": True, "hd": "*"}, False),
        ({"email": BEN, "email_verified": True, "hd": "LARCH.TEST"}, False),
        ({"email": BEN, "email_verified": True, "hd": "poplar.test"}, False),
        ({"email": BEN, "email_verified": True, "hd": "sub.larch.test"}, False),
        ({"email": BEN, "email_verified": True, "hd": ["larch.test"]}, False),
        ({"email": "ben@sub.larch.test", "email_verified": True}, False),
        ({"email": "ben@poplar.test@larch.test", "email_verified": True}, False),
        ({"email": "b\u212aen@larch.test", "email_verified": True}, False),
        ({"email": [BEN], "email_verified": True}, False),
        ({"email": "larch.test", "email_verified": True}, False),
        ({"email": BEN, "email_verified": True, "sub": ""}, False),
        ({"email": BEN, "email_verified": True, "sub": "1" * 256}, False),
        ({"email": BEN, "email_verified": True, "sub": "1 2"}, False),
        ({"name": BEN, "sub": BEN, "preferred_username": BEN, "email_verified": True}, False),
    ],
)
def test_whom_claims_mean_the_first_time(open_office: "Office", claims: dict[str, Any], comes_in: bool) -> None:
    """What tokens can say that the sandbox's accounts do not."""
    whole = {"iss": BASE, "sub": "110169484474386276334", "hd": company.DOMAIN} | claims
    door = signing_in.find(Way.GOOGLE)
    try:
        found = signing_in.who(door, whole, open_office.clock).address
    except Unacceptable:
        found = ""
    assert found == (BEN if comes_in else "")
    assert Identity.of(Scope(open_office.scope.tenant_id)).exists() is comes_in


@pytest.mark.parametrize(
    ("named", "address", "comes_in"),
    [
        (company.DOMAIN, f"fred@{LABS}", True),
        (LABS, f"fred@{LABS}", True),
        ("poplar.test", f"fred@{LABS}", False),
        (None, f"fred@{LABS}", False),
        (company.DOMAIN, "fred@poplar.test", False),
        (company.DOMAIN, f"fred@sub.{LABS}", False),
    ],
)
def test_an_address_counts_in_each_domain_that_is_listed(
    open_office: "Office", named: str | None, address: str, comes_in: bool
) -> None:
    allow(open_office, company.DOMAIN, LABS)
    fred = people.add(open_office.scope, people.PersonDetails("Fred", address), open_office.clock)
    claims = {"iss": BASE, "sub": "1", "email": address, "email_verified": True, "hd": named}
    try:
        found = signing_in.who(signing_in.find(Way.GOOGLE), claims, open_office.clock).person_id
    except Unacceptable:
        found = 0
    assert found == (fred.person_id if comes_in else 0)


def test_connections_says_whose_people_come_in_and_how_to_change_it(office: "Office") -> None:
    def page() -> str:
        shown = office.seated(people.find(office.scope, ADA)).get("/connections").content.decode()
        return shown[shown.index('id="google-title"') :]

    assert "Nobody signs in here with Google." in page()
    assert "crosstie google allow EXAMPLE.COM --client-id CLIENT-ID</code>" in page()
    assert f'<code class="long">{GOOGLE_CALLBACK}</code>' in page()
    allow(office, company.DOMAIN, LABS)
    for said in (company.DOMAIN, LABS, company.GOOGLE_CLIENT):
        assert f"<code>{said}</code>" in page()
    told = f"crosstie google allow {company.DOMAIN} {LABS} --client-id {company.GOOGLE_CLIENT}"
    assert f"{told}\ncrosstie google forbid" in page()
    assert company.GOOGLE_SECRET not in page()
    allow(office, "rival.test", scope=tenants.create("Rival Inc", office.clock), client="theirs")
    assert "rival.test" not in page()


def test_the_way_back_is_the_one_that_is_documented() -> None:
    assert f"{settings.PUBLIC_URL}{reverse('sign-in-google-callback')}" == GOOGLE_CALLBACK
