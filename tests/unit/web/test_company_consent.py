"""Microsoft 365 for a whole company: consent asked for, given, refused and forged, and mailboxes opened to see."""

import html
import json
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest

from crosstie.accounts import people, tenants
from crosstie.accounts.connection import connections, credentials
from crosstie.accounts.people import PersonDetails
from crosstie.accounts.sign_in import signing_in
from crosstie.store.models import AuditRow, Connection, Person, Role, Secret
from crosstie.web.org_connections import TRIES
from sandbox import company
from tests.unit.web import forms
from tests.unit.web.office import ADA, BEN, CLEO, MAILBOX_CALLBACK, ORIGIN
from tests.unit.web.ways import delegate, live, steer

if TYPE_CHECKING:
    from django.test import Client

    from tests.unit.web import forms
from tests.unit.web.office import Office

OTHER = "3f1c2b7e-0d4a-4c59-9a51-6f0f4f1b2a10"
"""Somebody else's directory."""
BACK = "/mailbox/sign-in/callback"
CONSENT, CHECK, PAGE = "/connections/microsoft", "/connections/microsoft/check", "/connections"


def text(answer: Any) -> str:
    return " ".join(html.unescape(answer.content.decode()).split())


def form(office: "Office", **more: str) -> dict[str, str]:
    return {
        "directory": office.company.microsoft_tenant,
        "client_id": company.GRAPH_CLIENT,
        "client_secret": company.GRAPH_SECRET,
        "authority": ORIGIN,
        "endpoint": f"{ORIGIN}/v1.0",
        **more,
    }


@pytest.fixture
def fresh(office: "Office") -> "Office":
    """The company has not let anybody in yet, neither there nor here."""
    tenant = office.company.microsoft_tenant
    steer(office, "consent", client_id=company.GRAPH_CLIENT, tenant=tenant, given=False)
    Connection.of(office.scope).all().delete()
    Secret.everywhere().filter(place__startswith="graph/").delete()
    return office


def leave(browser: "Client", given: dict[str, str]) -> str:
    """Press the button; the address at Microsoft that the page leads to."""
    page = browser.post(CONSENT, given).content.decode()
    found = re.search(r'content="0;url=([^"]+)"', page)
    assert found, page
    return html.unescape(found[1])


def accept(office: "Office", address: str, who: str = CLEO, answer: str = "accept") -> dict[str, str]:
    """Say at Microsoft who one is and whether; what Microsoft sends back to the server."""
    with httpx2.Client(transport=office.transport) as microsoft:
        found = microsoft.post(address, data={"user": who, "answer": answer})
    back = found.headers["Location"]
    assert back.startswith(MAILBOX_CALLBACK)
    return {name: values[0] for name, values in parse_qs(urlsplit(back).query).items()}


def proven(office: "Office", address: str, who: str = CLEO) -> dict[str, str]:
    """Sign in at Microsoft, where whoever allowed it is sent on to; what Microsoft sends back."""
    with httpx2.Client(transport=office.transport) as microsoft:
        back = microsoft.post(address, data={"user": who}).headers["Location"]
    assert back.startswith(MAILBOX_CALLBACK)
    return {name: values[0] for name, values in parse_qs(urlsplit(back).query).items()}


def come_back(office: "Office", browser: "Client", answer: dict[str, str], who: str = CLEO) -> str:
    """What Connections says then."""
    back(office, browser, answer, who)
    return text(browser.get(PAGE))


def back(office: "Office", browser: "Client", answer: dict[str, str], who: str = CLEO) -> None:
    """By way of the sign-in, if one comes so far."""
    on = browser.get(BACK, answer).headers["Location"]
    if on != PAGE:
        assert browser.get(BACK, proven(office, on, who)).headers["Location"] == PAGE


def test_an_administrator_gives_consent_for_the_company_and_comes_back(fresh: "Office") -> None:
    browser = fresh.signed_in(ADA)
    page = text(browser.get(PAGE))
    assert "Not connected" in page
    assert "User.Read.All" in page
    address = leave(browser, form(fresh))
    asked = parse_qs(urlsplit(address).query)
    assert f"/{fresh.company.microsoft_tenant}/v2.0/adminconsent?" in address
    assert (asked["redirect_uri"], asked["client_id"]) == ([MAILBOX_CALLBACK], [company.GRAPH_CLIENT])
    page = come_back(fresh, browser, accept(fresh, address))
    assert f"Microsoft lets the app into the directory {fresh.company.microsoft_tenant}." in page
    info = connections.of_all(fresh.scope)
    assert info
    assert (info.details.directory, info.details.access) == (fresh.company.microsoft_tenant, "app-only")
    assert credentials.of(fresh.house.stores.vault(), info.secret_place) == {"client_secret": company.GRAPH_SECRET}
    assert "2 mailboxes are entered by this" in page
    assert company.GRAPH_SECRET not in page
    assert company.GRAPH_SECRET not in json.dumps(list(AuditRow.of(fresh.scope).values()), default=str)
    assert not Secret.everywhere().filter(place__contains="begun").exists()
    fresh.mail("Hello", "nora@birchworks.test")
    fresh.sync()
    site = fresh.company.site
    assert len(site.org.query(site.org.admin, "SELECT Id FROM EmailMessage").records) == 1


def test_an_answer_is_taken_however_often_one_pressed_before(fresh: "Office") -> None:
    browser = fresh.signed_in(ADA)
    for _ in range(TRIES):
        address = leave(browser, form(fresh))
    answer = browser.post(CONSENT, form(fresh))
    assert (answer.status_code, "too often" in text(answer)) == (429, True)
    assert "Microsoft lets the app into the directory" in come_back(fresh, browser, accept(fresh, address))


def test_a_directory_that_was_not_told_is_that_of_whoever_accepts(fresh: "Office") -> None:
    browser = fresh.signed_in(ADA)
    address = leave(browser, form(fresh, directory=""))
    assert "/organizations/v2.0/adminconsent?" in address
    come_back(fresh, browser, accept(fresh, address))
    info = connections.of_all(fresh.scope)
    assert info
    assert info.details.directory == fresh.company.microsoft_tenant


def test_a_directory_may_be_named_by_its_domain(fresh: "Office") -> None:
    browser = fresh.signed_in(ADA)
    given = accept(fresh, leave(browser, form(fresh, directory=company.DOMAIN)))
    other = fresh.app.world.microsoft.add_tenant("rival.test")
    assert f"another directory ({other.id}) than yours ({company.DOMAIN})" in come_back(
        fresh, browser, given | {"tenant": other.id}
    )
    assert "Microsoft lets the app into" in come_back(
        fresh, browser, accept(fresh, leave(browser, form(fresh, directory=company.DOMAIN)))
    )


def test_a_refusal_and_somebody_who_may_not_are_told_apart(fresh: "Office") -> None:
    browser = fresh.signed_in(ADA)
    page = come_back(fresh, browser, accept(fresh, leave(browser, form(fresh)), answer="decline"))
    assert "It was not allowed at Microsoft, so nothing was changed." in page
    with httpx2.Client(transport=fresh.transport) as microsoft:
        found = microsoft.post(leave(browser, form(fresh)), data={"user": BEN, "answer": "accept"})
    assert "Need admin approval" in found.text, "Microsoft keeps them on its own page"
    for number, said in ((90094, "is no administrator there"), (65004, "It was not allowed at Microsoft")):
        state = parse_qs(urlsplit(leave(browser, form(fresh))).query)["state"][0]
        refused = {"error": "access_denied", "error_description": f"AADSTS{number}: no.", "state": state}
        assert said in come_back(fresh, browser, refused)
    state = parse_qs(urlsplit(leave(browser, form(fresh))).query)["state"][0]
    assert "It was not allowed at Microsoft" in come_back(
        fresh, browser, {"error": "permission_denied", "state": state}
    )
    state = parse_qs(urlsplit(leave(browser, form(fresh))).query)["state"][0]
    odd = {"error": "server_error", "error_description": "Something else.", "state": state}
    assert "Microsoft did not allow it: Something else." in come_back(fresh, browser, odd)
    assert connections.of_all(fresh.scope) is None


def test_another_directory_is_refused_and_so_is_an_answer_nobody_asked_for(office: "Office") -> None:
    before = list(Connection.of(office.scope).values())
    other = office.app.world.microsoft.add_tenant("rival.test")
    browser = office.signed_in(ADA)
    given = accept(office, leave(browser, form(office)))
    assert f"It was allowed for another directory ({other.id})" in come_back(
        office, browser, given | {"tenant": other.id}
    )
    leave(browser, form(office))
    assert "was not asked for in this browser" in come_back(office, browser, given | {"state": "forged"})
    given = accept(office, leave(browser, form(office)))
    office.clock.pass_time(601)
    assert "took longer than ten minutes" in come_back(office, browser, given)
    given = accept(office, leave(browser, form(office)))
    Person.of(office.scope).filter(address=ADA).update(role=Role.USER)
    assert browser.get("/mailbox/sign-in/callback", given).status_code == 302
    Person.of(office.scope).filter(address=ADA).update(role=Role.PLATFORM_ADMIN)
    ben = office.signed_in(BEN)
    said = ben.get("/mailbox/sign-in/callback", given)
    assert "Microsoft says that it is allowed" in text(said), "of a letter, for all that is known"
    assert list(Connection.of(office.scope).values()) == before


def test_what_the_browser_says_is_not_believed_without_a_token(fresh: "Office") -> None:
    """The app is not let in, whatever `admin_consent` is."""
    browser = fresh.signed_in(ADA)
    state = parse_qs(urlsplit(leave(browser, form(fresh))).query)["state"][0]
    claimed = {"admin_consent": "True", "tenant": fresh.company.microsoft_tenant, "state": state}
    page = come_back(fresh, browser, claimed)
    assert "does not heed it yet (GRAPH-APP-CONSENT), so nothing was changed" in page
    assert connections.of_all(fresh.scope) is None
    assert not Secret.everywhere().filter(place__startswith="graph/").exists()
    page = come_back(fresh, browser, accept(fresh, leave(browser, form(fresh, client_secret="wrong"))))
    assert "does not accept the app (OPENID-CLIENT)" in page


# -- an app that customers share -----------------------------------------------------------------------
RIVAL, EVE = "rival.test", "eve@rival.test"


@pytest.fixture
def rival(office: "Office") -> "Client":
    """The browser of another customer's administrator. They work with the same app, which Larch has let in."""
    microsoft, world = office.app.world.microsoft, office.app.world
    home = microsoft.add_tenant(RIVAL)
    world.mailboxes.add_mailbox(EVE, "Eve")
    microsoft.apps[company.GRAPH_CLIENT].role_consents.add(home.id)
    scope = tenants.create("Rival", office.clock)
    return office.seated(people.add(scope, PersonDetails("Eve", EVE), office.clock))


def claim(office: "Office", browser: "Client") -> str:
    """Say, as anybody may, that Larch's directory allowed it; the address that one is sent on to."""
    state = parse_qs(urlsplit(leave(browser, form(office, directory=""))).query)["state"][0]
    claimed = {"admin_consent": "True", "tenant": office.company.microsoft_tenant, "state": state}
    on = str(browser.get(BACK, claimed).headers["Location"])
    assert Connection.everywhere().filter(access="app-only").count() == 1
    return on


def test_a_directory_is_not_taken_by_naming_it(office: "Office", rival: "Client") -> None:
    """The app gets tokens in Larch's directory, whoever asks; nobody but its people sign in there."""
    own = office.app.world.microsoft.tenant_of(EVE).id
    for elsewhere in (False, True):
        address = claim(office, rival)
        with httpx2.Client(transport=office.transport) as microsoft:
            at = address.replace(office.company.microsoft_tenant, own) if elsewhere else address
            there = microsoft.post(at, data={"user": EVE})
        given = parse_qs(urlsplit(there.headers.get("Location", "")).query)
        rival.get(BACK, {name: values[0] for name, values in given.items()})
    assert Connection.everywhere().filter(access="app-only").count() == 1


@pytest.mark.parametrize("told", [False, True])
def test_a_colleague_who_administers_nothing_takes_no_directory(
    office: "Office", rival: "Client", told: bool
) -> None:
    office.app.world.microsoft.apps[company.GRAPH_CLIENT].tells_roles = told
    rival.get(BACK, proven(office, claim(office, rival), BEN))
    assert "Other companies on this server use this app too" in text(rival.get(PAGE))
    assert Connection.everywhere().filter(access="app-only").count() == 1


def test_a_directory_is_one_customers_with_an_app_that_is_shared(office: "Office", rival: "Client") -> None:
    office.app.world.microsoft.apps[company.GRAPH_CLIENT].tells_roles = True
    rival.get(BACK, proven(office, claim(office, rival)))
    assert "is connected for another company on this server" in text(rival.get(PAGE))
    Connection.of(office.scope).filter(access="app-only").update(directory=OTHER)
    rival.get(BACK, proven(office, claim(office, rival)))
    assert "Microsoft lets the app into the directory" in text(rival.get(PAGE)), "an administrator of it came"


def test_a_guest_of_the_directory_proves_nothing() -> None:
    claims = {"iss": f"https://login.example.com/{OTHER}/v2.0", "tid": OTHER}
    assert signing_in.is_member(claims)
    assert not signing_in.is_member(claims | {"acct": 1})
    assert not signing_in.is_member(claims | {"idp": f"https://sts.windows.net/{RIVAL}/"})


def test_the_sign_in_is_taken_once_and_by_who_began(fresh: "Office") -> None:
    browser = fresh.signed_in(ADA)
    on = browser.get(BACK, accept(fresh, leave(browser, form(fresh)))).headers["Location"]
    answer = proven(fresh, on)
    browser.get(BACK, answer | {"state": "forged"})
    assert connections.of_all(fresh.scope) is None
    assert browser.get(BACK, answer).headers["Location"] == PAGE
    assert "Microsoft lets the app into the directory" in text(browser.get(PAGE))
    browser.get(BACK, answer)
    assert connections.of_all(fresh.scope) is not None


def test_addresses_and_names_that_cannot_be_are_refused_before_anybody_leaves(office: "Office") -> None:
    before, browser = list(Connection.of(office.scope).values()), office.signed_in(ADA)
    for given, said in (
        ({"authority": "https://login.example.com"}, "is not one of Microsoft's addresses"),
        ({"endpoint": "http://169.254.169.254"}, "is not one of Microsoft's addresses"),
        ({"directory": "not a directory"}, "is no directory"),
        ({"directory": OTHER}, f"so {OTHER} cannot be given"),
        ({"client_secret": "x" * 501}, "That is not a secret"),
        ({"client_id": "another", "client_secret": ""}, "Give the application (client) id and a client secret"),
    ):
        known = {"client_secret": "", "directory": form(office)["directory"]}
        answer, typed = browser.post(CONSENT, form(office, **given)), form(office, **given) | known
        shown = forms.form(answer, CONSENT)
        assert (answer.status_code, shown.is_open, said in shown.refusal) == (400, True, True)
        assert shown.fields.items() >= typed.items(), "as it was typed, but for the secret and what is known"
        assert company.GRAPH_SECRET not in text(answer)
    assert list(Connection.of(office.scope).values()) == before


def test_an_answer_with_a_state_that_nobody_gave_is_refused_whatever_it_is_made_of(fresh: "Office") -> None:
    browser = fresh.signed_in(ADA)
    leave(browser, form(fresh))
    answer = browser.get("/mailbox/sign-in/callback", {"state": "zustand-\u00e4", "tenant": OTHER})
    assert answer.status_code < 500
    assert connections.of_all(fresh.scope) is None


def test_who_is_refused_at_microsoft_comes_back_to_what_they_typed(fresh: "Office") -> None:
    browser, typed = fresh.signed_in(ADA), form(fresh, directory="")
    for answer, kept in (("decline", typed), ("accept", {"client_id": company.GRAPH_CLIENT})):
        back(fresh, browser, accept(fresh, leave(browser, typed), answer=answer))
        shown = forms.form(browser.get(PAGE), CONSENT)
        assert shown.fields.items() >= {**kept, "client_secret": ""}.items()
        assert shown.is_open is (answer == "decline")


# -- check ---------------------------------------------------------------------------------------------
def check(browser: "Client", inside: str, outside: str = "") -> str:
    return text(browser.post(CHECK, {"inside": inside, "outside": outside}))


def test_check_opens_one_mailbox_and_says_what_is_missing(office: "Office") -> None:
    browser = office.signed_in(ADA)
    page = check(browser, BEN)
    assert "Microsoft gives the app a token." in page
    for what in ("e-mails", "the calendar", "the settings of the mailbox", "name and other addresses"):
        assert f"{BEN}: {what} can be opened." in page
    app = office.app.world.microsoft.apps[company.GRAPH_CLIENT]
    app.roles = frozenset({"Mail.ReadWrite", "MailboxSettings.ReadWrite"})
    page = check(browser, BEN)
    assert f"{BEN}: the calendar cannot be opened (GRAPH-ACCESS-DENIED)." in page
    assert "add the application permission Calendars.ReadWrite to the app" in page
    assert f"{BEN}: e-mails can be opened." in page
    assert "Without it only the address itself is known" in page
    assert "nobody@larch.test has no mailbox in this directory" in check(browser, "nobody@larch.test")
    assert "is not an e-mail address" in check(browser, "nonsense")
    assert "Give two different addresses" in check(browser, BEN, BEN)


def test_check_sees_that_a_mailbox_outside_of_the_group_stays_closed(office: "Office") -> None:
    browser = office.signed_in(ADA)
    page = check(browser, BEN, CLEO)
    assert f"The app can open {CLEO}, which shall stay closed." in page
    assert "Grants add up" in page
    office.app.world.microsoft.apps[company.GRAPH_CLIENT].only_mailboxes = frozenset({BEN})
    page = check(browser, BEN, CLEO)
    assert f"{CLEO} stays closed, as it should." in page
    assert f"{BEN}: e-mails can be opened." in page
    page = check(browser, CLEO)
    assert f"{CLEO}: e-mails cannot be opened (GRAPH-ACCESS-DENIED)." in page
    assert "add it there; Microsoft may take 30 minutes" in page
    page = text(browser.get(PAGE))
    assert f"New-ServicePrincipal -AppId {company.GRAPH_CLIENT}" in page
    assert 'New-ManagementRoleAssignment -App OBJECT-ID -Role "Application $role" -CustomResourceScope' in page


def test_the_status_has_the_reason_until_it_works_again(office: "Office") -> None:
    browser = office.signed_in(ADA)
    tenant = office.company.microsoft_tenant
    steer(office, "consent", client_id=company.GRAPH_CLIENT, tenant=tenant, given=False)
    page = check(browser, BEN)
    assert "Microsoft gives the app no token (GRAPH-APP-CONSENT)." in page
    page = text(browser.get(PAGE))
    assert "Disconnected" in page
    assert "consent that lets us into the mailboxes was withdrawn" in page
    page = come_back(office, browser, accept(office, leave(browser, {"directory": "", "client_id": ""})))
    assert "Microsoft lets the app into the directory" in page
    assert "Disconnected" not in page


def test_what_sessions_meet_is_the_status_too(office: "Office") -> None:
    """Nobody has to press Check to see it, nor that it is over."""
    browser, tenant = office.signed_in(ADA), office.company.microsoft_tenant

    def consent(*, given: bool) -> str:
        steer(office, "consent", client_id=company.GRAPH_CLIENT, tenant=tenant, given=given)
        office.app.world.microsoft.end_tokens()
        live(office)
        return text(browser.get(PAGE))

    page = consent(given=False)
    assert "Disconnected" in page
    assert "GRAPH-APP-CONSENT" in page
    assert "Disconnected" not in consent(given=True)


def test_a_mailbox_that_its_owner_signed_in_to_says_nothing_of_the_app_of_all(office: "Office") -> None:
    for address in (ADA, BEN):
        delegate(office, address)
    steer(office, "secrets/rotate", client_id=company.GRAPH_CLIENT, secret="another")
    office.app.world.microsoft.end_tokens()
    live(office)
    info = connections.of_all(office.scope)
    assert info
    assert info.error_code == ""


def test_nothing_is_checked_before_consent(fresh: "Office") -> None:
    browser = fresh.seated(people.find(fresh.scope, ADA))
    assert "The mailboxes are not connected yet." in check(browser, BEN)
