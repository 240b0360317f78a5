"""The account that Crosstie works in Salesforce with, connected, refused, changed, lost and renewed by pages."""

import html
import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from crosstie.accounts import people, tenants
from crosstie.accounts.activation import org_runs
from crosstie.accounts.connection import credentials, mailboxes, orgs
from crosstie.accounts.sync import status
from crosstie.accounts.sync.status import State
from crosstie.accounts.trouble import stops
from crosstie.accounts.words import Unacceptable
from crosstie.domain.access import AuthMode
from crosstie.jobs import preflight, sync
from crosstie.jobs.service_accounts import SANDBOX
from crosstie.store.models import AuditRow, Org, Secret
from sandbox import company
from sandbox.salesforce.org import ADMINISTRATOR
from sandbox.salesforce.site import open_org
from tests.unit.web import forms
from tests.unit.web.office import ADA, BEN, CLEO, ORIGIN
from tests.unit.web.ways import live

if TYPE_CHECKING:
    from django.test import Client

    from tests.unit.web.office import Office

USER = "crosstie@larch.test"
CUSTOMER = "nora@birchworks.test"
SIGN_IN, CERTIFICATE = "/connections/salesforce", "/connections/salesforce/certificate"


def text(answer: Any) -> str:
    return " ".join(html.unescape(answer.content.decode()).split())


def org(office: "Office") -> orgs.OrgInfo:
    return orgs.only(office.scope)


def promote(office: "Office", username: str = USER) -> str:
    """The account becomes a System Administrator."""
    site = office.company.site
    user = site.org.user_by_username(username)
    assert user
    site.org.update(site.org.admin, "User", user, {"ProfileId": site.org.profiles[ADMINISTRATOR]})
    return user


def form(office: "Office", **more: str) -> dict[str, str]:
    return {
        "org": str(office.org.org_id),
        "place": "own",
        "address": ORIGIN,
        "client_id": company.CRM_CLIENT,
        "client_secret": company.CRM_SECRET,
        **more,
    }


def leave(browser: "Client", given: dict[str, str]) -> str:
    """Press the button; the address at Salesforce that the page leads to."""
    page = browser.post("/connections/salesforce", given).content.decode()
    found = re.search(r'content="0;url=([^"]+)"', page)
    assert found, page
    return html.unescape(found[1])


def come_back(browser: "Client", answer: dict[str, str]) -> str:
    """What Connections says then."""
    assert browser.get("/sign-in/salesforce/callback", answer).headers["Location"] == "/connections"
    return text(browser.get("/connections"))


def connect(office: "Office", browser: "Client", username: str = USER, **more: str) -> str:
    return come_back(browser, office.choose(leave(browser, form(office, **more)), username))


def looked(office: "Office") -> dict[str, str]:
    """What the look of the workers came to: code → level."""
    preflight.work(str(office.org.org_id))
    run = org_runs.find(org(office).scope, preflight.PREFLIGHT)
    assert run
    assert run.ended_at
    return {one.code: one.level.value for one in run.items}


def kept(office: "Office") -> dict[str, str]:
    return dict(credentials.of(office.house.stores.vault(), office.org.secret_place))


def untouched(office: "Office", before: list[Any]) -> bool:
    return list(Org.of(office.scope).values()) == before


def rows(office: "Office") -> list[Any]:
    return list(Org.of(office.scope).values())


def key_pair(bits: int = 2048) -> tuple[str, str]:
    """The private key and the public one, in PEM form."""
    return pair_of(rsa.generate_private_key(65537, bits))


def pair_of(key: Any) -> tuple[str, str]:
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return private.decode(), public.decode()


# -- by signing in -------------------------------------------------------------------------------------
def test_an_administrator_connects_an_account_by_signing_in_as_it(office: "Office") -> None:
    user = promote(office)
    browser = office.signed_in(ADA)
    page = connect(office, browser)
    assert f"Salesforce is connected as {USER}." in page
    found = org(office).details
    assert (found.auth_mode, found.username, found.user_id) == (AuthMode.REFRESH_TOKEN, USER, user)
    assert (found.label, found.login_url) == ("Larch", ORIGIN)
    assert set(kept(office)) >= {"client_secret", "refresh_token"}
    office.mail("Hello", CUSTOMER)
    office.clock.pass_time(3600)
    office.sync()
    assert [row["CreatedById"] for row in saved(office)] == [user], "the workers act as it"
    assert set(looked(office).values()) == {"ok"}
    assert "All is there" in text(browser.get("/connections"))
    assert not Secret.everywhere().filter(place__contains="begun").exists()
    (deed,) = AuditRow.of(office.scope).filter(action="org.connect").exclude(face="system")
    assert deed.details == {"auth_mode": "refresh-token", "crm_user_id": user}


def saved(office: "Office") -> list[Any]:
    site = office.company.site
    return list(site.org.query(site.org.admin, "SELECT Id, Subject, CreatedById FROM EmailMessage").records)


def test_what_the_account_may_not_do_is_said(office: "Office") -> None:
    browser = office.signed_in(ADA)
    connect(office, browser)
    found = looked(office)
    assert (found["granted-EditTask"], found["missing-ViewAllData"]) == ("ok", "warning")
    page = text(browser.get("/connections"))
    assert "2 things to look at" in page
    assert "sees only what is shared with it (View All Data)" in page
    assert "Give the account the permission View All Data in Salesforce Setup" in page
    site = office.company.site
    profile = site.org.core.access.profile(office.company.integration_user)
    site.org.setup.object_permissions(profile["Name"], "Event", ["read"])
    assert looked(office)["missing-EditEvent"] == "problem"


def test_an_org_that_does_not_tell_of_a_right_is_not_said_to_lack_it(office: "Office") -> None:
    promote(office)
    connect(office, office.signed_in(ADA))
    office.company.site.org.hide_field("UserPermissionAccess", "PermissionsModifyAllData")
    assert looked(office)["unseen-ModifyAllData"] == "ok"


def test_the_account_of_a_person_here_is_refused(office: "Office") -> None:
    before, secrets, browser = rows(office), kept(office), office.signed_in(ADA)
    page = connect(office, browser, BEN)
    assert f"belongs to {BEN}, who is a person here, so nothing was changed" in page
    assert untouched(office, before)
    assert kept(office) == secrets
    assert not office.company.site.tokens.grants, "what was granted was given back"
    office.sync()
    assert not stops.going_on(office.scope)


def test_the_account_can_be_nobody_here_from_then_on(office: "Office") -> None:
    user = promote(office)
    connect(office, office.signed_in(ADA))
    with pytest.raises(Unacceptable, match="Crosstie itself works in Salesforce as the user"):
        people.add(
            office.scope, people.PersonDetails("Robot", "robot@larch.test", user, office.org.org_id), office.clock
        )


def test_an_account_of_another_org_is_refused(office: "Office") -> None:
    other = open_org(office.app.world, name="Elsewhere", my_domain="elsewhere")
    office.register(other, company.CRM_CLIENT, company.CRM_SECRET)
    other.org.add_user("robot@elsewhere.test", "Ro", "Bot")
    before = rows(office)
    page = connect(office, office.signed_in(ADA), "robot@elsewhere.test")
    assert "of another Salesforce org than the one that is connected, so nothing was changed" in page
    assert untouched(office, before)
    assert not other.tokens.grants


def test_an_account_without_the_interface_is_refused(office: "Office") -> None:
    site = office.company.site
    profile = site.org.core.access.profile(office.company.integration_user)
    site.org.core.store.put("Profile", {**profile, "PermissionsApiEnabled": False})
    before = rows(office)
    page = connect(office, office.signed_in(ADA))
    assert f"lets {USER} sign in, but not use its interface for programs, so nothing was changed" in page
    assert untouched(office, before)


def test_access_for_a_visit_only_is_refused(office: "Office") -> None:
    promote(office)
    office.company.site.apps[company.CRM_CLIENT].flows -= {"refresh"}
    before = rows(office)
    assert "Give the app in Salesforce the scopes api and refresh_token" in connect(office, office.signed_in(ADA))
    assert untouched(office, before)


def test_no_answer_is_believed_that_was_not_asked_for(office: "Office") -> None:
    promote(office)
    before, browser = rows(office), office.signed_in(ADA)
    given = office.choose(leave(browser, form(office)), USER)
    assert "was not begun in this browser" in come_back(browser, given | {"state": "forged"})
    leave(browser, form(office))
    assert "was not begun in this browser" in come_back(browser, {"error": "access_denied", "state": "forged"})
    state = state_of(leave(browser, form(office)))
    assert "was not allowed at Salesforce" in come_back(browser, {"error": "access_denied", "state": state})
    state = state_of(leave(browser, form(office)))
    generic = {"error": "OAUTH_APPROVAL_ERROR_GENERIC", "state": state}
    assert "IP Relaxation" in come_back(browser, generic)
    given = office.choose(leave(browser, form(office)), USER)
    assert "did not come from your company" in come_back(browser, given | {"iss": "https://elsewhere.test"})
    given = office.choose(leave(browser, form(office)), USER)
    office.clock.pass_time(601)
    assert "took longer than ten minutes" in come_back(browser, given)
    assert untouched(office, before)


def state_of(address: str) -> str:
    found = re.search(r"state=([^&]+)", address)
    assert found
    return found[1]


def test_an_app_that_salesforce_does_not_know_is_said(office: "Office") -> None:
    promote(office)
    before, browser = rows(office), office.signed_in(ADA)
    page = connect(office, browser, client_secret="wrong")
    assert "does not know this app, or its secret is wrong (CRM-TOKEN-CLIENT)" in page
    assert untouched(office, before)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"address": "https://salesforce.example.com"}, "is not one of Salesforce's addresses"),
        ({"address": "http://169.254.169.254/latest"}, "is not one of Salesforce's addresses"),
        ({"address": ""}, "is not one of Salesforce's addresses"),
        ({"org": "999999"}, "There is no such Salesforce org here."),
        ({"client_secret": "x" * 501}, "That is not a secret"),
    ],
)
def test_what_cannot_be_is_refused_before_anybody_leaves(
    office: "Office", given: dict[str, str], said: str
) -> None:
    before, browser = rows(office), office.signed_in(ADA)
    for address in (SIGN_IN, CERTIFICATE):
        key = key_pair()[0]
        answer = browser.post(address, form(office, username=USER, key=key, **given))
        assert (answer.status_code, text(answer).count(said)) == (400, 1)
    assert untouched(office, before)


def newcomer(office: "Office") -> people.PersonInfo:
    """The first administrator of a company that has no org yet."""
    scope = tenants.create("Newcomers", office.clock)
    return people.add(scope, people.PersonDetails("Olga", "olga@new.test"), office.clock)


@pytest.mark.parametrize("is_first", [True, False])
def test_a_refused_form_is_shown_as_it_was_typed_but_for_secrets(office: "Office", is_first: bool) -> None:
    """With why, and open. The other form is as it was."""
    browser = office.seated(newcomer(office) if is_first else people.find(office.scope, ADA))
    typed = {"place": "own", "address": "https://x.example.com", "client_id": 'my "key"'}
    typed |= {} if is_first else {"org": str(office.org.org_id)}
    secrets = {"client_secret": "a secret", "key": "a private one"}
    answer = browser.post(CERTIFICATE, typed | secrets | {"username": "me@x.test"})
    shown, other = forms.form(answer, CERTIFICATE), forms.form(answer, SIGN_IN)
    assert shown.fields.items() >= {**typed, "username": "me@x.test", "client_secret": "", "key": ""}.items()
    assert "is not one of Salesforce's addresses" in shown.refusal
    assert (shown.is_open, other.refusal) == (True, "")
    assert other.fields["client_id"] == ("" if is_first else company.CRM_CLIENT)
    assert not any(one in answer.content.decode() for one in secrets.values())
    answer = browser.post(SIGN_IN, typed | secrets)
    shown, other = forms.form(answer, SIGN_IN), forms.form(answer, CERTIFICATE)
    assert shown.fields.items() >= {**typed, "client_secret": ""}.items()
    assert (shown.is_open, bool(shown.refusal), other.refusal) == (True, True, "")
    assert other.fields["client_id"] == ("" if is_first else company.CRM_CLIENT)
    page = forms.form(browser.get("/connections"), SIGN_IN)
    assert (page.refusal, page.fields["client_id"], page.is_open) == ("", other.fields["client_id"], is_first)


def test_a_form_that_the_page_does_not_have_any_more_is_answered_all_the_same(office: "Office") -> None:
    """Somebody else connected the first org meanwhile."""
    answer = office.signed_in(ADA).post(SIGN_IN, {"place": "own", "address": "nonsense", "client_id": "x"})
    assert text(answer).count("is not one of Salesforce's addresses") == 1
    assert forms.form(answer, SIGN_IN).fields["client_id"] == company.CRM_CLIENT


def test_who_is_refused_at_salesforce_comes_back_to_what_they_typed(office: "Office") -> None:
    promote(office)
    browser = office.seated(newcomer(office))
    denied = {"error": "access_denied", "state": state_of(leave(browser, form(office, org="")))}
    assert browser.get("/sign-in/salesforce/callback", denied).status_code == 302
    shown = forms.form(browser.get("/connections"), SIGN_IN)
    assert (shown.fields["client_id"], shown.fields["address"]) == (company.CRM_CLIENT, ORIGIN)
    assert shown.fields["client_secret"] == ""
    assert forms.form(browser.get("/connections"), SIGN_IN).fields["client_id"] == "", "once"


def test_who_was_let_in_finds_the_forms_as_things_are(office: "Office") -> None:
    promote(office)
    browser = office.signed_in(ADA)
    browser.get("/sign-in/salesforce/callback", office.choose(leave(browser, form(office)), USER))
    assert not forms.form(browser.get("/connections"), SIGN_IN).is_open


def test_the_sandbox_of_the_vendor_is_an_address_of_its_own(office: "Office") -> None:
    address = leave(office.signed_in(ADA), form(office, place="sandbox"))
    assert address.startswith(f"{SANDBOX}/services/oauth2/authorize?")
    assert "prompt=login" in address


def test_a_company_that_has_no_org_yet_connects_its_first(office: "Office") -> None:
    user = promote(office)
    browser = office.seated(people.find(office.scope, ADA))
    Org.of(office.scope).update(org_id="00D000000000001EAA")
    page = connect(office, browser, org="")
    assert "of another Salesforce org" in page, "there is one"
    boss = newcomer(office)
    browser = office.seated(boss)
    assert "Not connected" in text(browser.get("/connections"))
    page = connect(office, browser, org="")
    assert f"Salesforce is connected as {USER}." in page
    found = orgs.only(boss.scope)
    assert (found.details.crm_org_id, found.details.user_id) == (office.company.site.org.id, user)


# -- by certificate ------------------------------------------------------------------------------------
def by_certificate(office: "Office", browser: "Client", key: str, username: str = USER) -> str:
    given = form(office, username=username, key=key, client_secret="")
    return text(browser.post(CERTIFICATE, given, follow=True))


def test_an_administrator_connects_an_account_by_certificate(office: "Office") -> None:
    user, (private, public) = promote(office), key_pair()
    office.company.site.apps[company.CRM_CLIENT].certificate = public
    browser = office.signed_in(ADA)
    page = by_certificate(office, browser, private)
    assert f"Salesforce is connected as {USER}." in page
    assert "by certificate" in page
    assert "PRIVATE KEY" not in page, "the field is empty again"
    found = org(office).details
    assert (found.auth_mode, found.username, found.user_id) == (AuthMode.JWT_BEARER, USER, user)
    assert kept(office) == {"private_key": private, "client_secret": company.CRM_SECRET}
    assert "PRIVATE KEY" not in json.dumps(list(AuditRow.of(office.scope).values()), default=str)
    office.mail("Hello", CUSTOMER)
    office.clock.pass_time(3600)
    office.sync()
    assert [row["CreatedById"] for row in saved(office)] == [user]


def test_a_key_that_is_none_is_refused(office: "Office") -> None:
    before, browser = rows(office), office.signed_in(ADA)
    _, public = key_pair()
    other = pair_of(ec.generate_private_key(ec.SECP256R1()))[0]
    for key in ("", "nonsense", public, other):
        assert "This is no private RSA key in PEM form" in by_certificate(office, browser, key)
    assert "This key has 1024 bits" in by_certificate(office, browser, key_pair(1024)[0])
    assert untouched(office, before)


def test_a_certificate_that_salesforce_does_not_take_is_refused_with_its_reason(office: "Office") -> None:
    app, before, browser = office.company.site.apps[company.CRM_CLIENT], rows(office), office.signed_in(ADA)
    private, public = key_pair()
    app.certificate = key_pair()[1]
    assert "invalid assertion (CRM-TOKEN-GRANT)" in by_certificate(office, browser, private)
    app.certificate, app.preauthorised, app.permitted = public, frozenset(), "approved"
    said = by_certificate(office, browser, private)
    assert "CRM-TOKEN-APP-ACCESS" in said
    app.permitted = "all"
    assert "user hasn't approved this consumer (CRM-TOKEN-GRANT)" in by_certificate(office, browser, private)
    app.preauthorised = "everybody"
    assert "who is a person here" in by_certificate(office, browser, private, BEN)
    assert untouched(office, before)


# -- refreshed, changed, lost and renewed --------------------------------------------------------------
def test_refresh_takes_the_same_account_alone_and_change_another_one(office: "Office") -> None:
    promote(office)
    office.company.site.org.add_user("second@larch.test", "Se", "Cond")
    second = promote(office, "second@larch.test")
    browser = office.signed_in(ADA)
    connect(office, browser)
    office.mail("Before", CUSTOMER)
    office.clock.pass_time(3600)
    office.sync()
    again = {"org": str(office.org.org_id), "same": "yes"}
    page = come_back(browser, office.choose(leave(browser, again), "second@larch.test"))
    assert f"signed in to Salesforce as second@larch.test, but Crosstie acts as {USER}" in page
    old = kept(office)["refresh_token"]
    page = come_back(browser, office.choose(leave(browser, again), USER))
    assert f"Salesforce is connected as {USER}." in page
    assert kept(office)["refresh_token"] != old
    assert old not in office.company.site.tokens.grants, "nobody needs the old one"
    worker = office.house.crm.open(office.org.org_id)
    worker.ourselves()
    assert "Salesforce is connected as second@larch.test." in connect(office, browser, "second@larch.test")
    assert office.house.crm.open(office.org.org_id).ourselves() == second
    office.mail("After", CUSTOMER)
    office.clock.pass_time(3600)
    office.sync()
    assert sorted(row["Subject"] for row in saved(office)) == ["After", "Before"]
    (after,) = (row for row in saved(office) if row["Subject"] == "After")
    assert after["CreatedById"] == second


def test_another_process_notices_that_the_account_was_changed(office: "Office") -> None:
    """Its session is of the old account, and lasts for hours."""
    user = promote(office)
    worker = office.house.crm
    before = worker.open(office.org.org_id).ourselves()
    connect(office, office.signed_in(ADA))
    worker._open[office.org.org_id] = (("", "", "", ""), worker.visit(worker.connections(office.org.org_id)))
    assert worker.open(office.org.org_id).ourselves() == user != before


def test_its_loss_stops_everybody_as_one_and_refresh_lets_everybody_go_on(office: "Office") -> None:
    promote(office)
    for person in office.company.colleagues[2:]:
        details = people.PersonDetails(person.name, person.address, person.user, office.org.org_id)
        added = people.add(office.scope, details, office.clock)
        mailboxes.activate(office.scope, added.person_id, mailboxes.MailboxDetails("graph"), office.clock)
    browser = office.signed_in(ADA)
    connect(office, browser)
    live(office, 2)
    assert states(office) == [State.ON] * 3
    assert office.company.site.tokens.revoke_app(company.CRM_CLIENT)
    live(office, 2)
    page = text(browser.get("/connections"))
    assert "Disconnected" in page
    assert "Salesforce has ended our access: the grant was revoked or has run out." in page
    for number, who in enumerate((ADA, BEN, CLEO)):
        office.mail(f"Meanwhile {number}", CUSTOMER, who)
    live(office, 10)
    (stop,) = stops.going_on(office.scope)
    assert stop.mailbox_id is None
    assert states(office) == [State.NEEDS_CONSENT] * 3
    assert saved(office) == []
    again = {"org": str(office.org.org_id), "same": "yes"}
    browser = office.seated(people.find(office.scope, ADA))
    page = come_back(browser, office.choose(leave(browser, again), USER))
    assert "Sync goes on within seconds, from where it stopped" in page
    assert "Disconnected" not in page
    live(office, 2)
    assert stops.going_on(office.scope) == []
    assert states(office) == [State.ON] * 3
    assert sorted(row["Subject"] for row in saved(office)) == ["Meanwhile 0", "Meanwhile 1", "Meanwhile 2"]


def states(office: "Office") -> list[State]:
    now = office.clock.now()
    return [status.status(one.scope, one.mailbox_id, now).state for one in mailboxes.of_scope(office.scope)]


def test_check_says_whether_the_account_is_let_in_now(office: "Office") -> None:
    promote(office)
    browser = office.signed_in(ADA)
    connect(office, browser)
    asked = {"org": str(office.org.org_id)}
    browser.post("/connections/salesforce/check", asked)
    assert f"Salesforce lets {USER} in." in text(browser.get("/connections"))
    office.company.site.tokens.revoke_app(company.CRM_CLIENT)
    browser.post("/connections/salesforce/check", asked)
    assert "refuses our access" in text(browser.get("/connections"))


def test_a_look_that_fails_says_so_and_another_one_may_come(office: "Office") -> None:
    from sandbox.faults import Fault

    browser = office.signed_in(ADA)
    asked = {"org": str(office.org.org_id)}
    browser.post("/connections/salesforce/look", asked)
    assert "Looking" in text(browser.get("/connections/progress", asked))
    office.app.world.faults.add(Fault("refuse", "salesforce", "*", status=500, times=5, body=b"no"))
    preflight.work(str(office.org.org_id))
    page = text(browser.get("/connections"))
    assert "does not answer as it should at the moment" in page
    assert "The look did not come to its end." in page
    office.app.world.faults.clear()
    browser.post("/connections/salesforce/look", asked)
    assert looked(office)["lets-in"] == "ok"
    sync.run_tick(str(office.org.org_id))
    assert "All is there" in text(browser.get("/connections/progress", asked))
