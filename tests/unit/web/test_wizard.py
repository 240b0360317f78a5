"""Register: its three steps, each way through them and out of them, and that going on elsewhere loses nothing."""

import html
import json
import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from crosstie.accounts import people, tenants
from crosstie.accounts.activation import setting_up
from crosstie.accounts.connection import orgs
from crosstie.accounts.connection.mailboxes import VENDORS
from crosstie.accounts.governance import settings
from crosstie.accounts.sign_in import proving
from crosstie.accounts.words import Unacceptable
from crosstie.store.models import Connection, ItemState, Mailbox, Org, Person, SettingValue
from crosstie.web import wizard
from sandbox.faults import Fault
from sandbox.salesforce.site import open_org
from tests.unit.web.office import ADA, BEN, CLEO
from tests.unit.web.test_connecting import Newcomer, offer

if TYPE_CHECKING:
    from django.test import Client

    from tests.unit.web.office import Office

STEP_1, STEP_2, STEP_3 = "/register", "/register/mailbox", "/register/data"
BACK = "/sign-in/salesforce/callback"


@pytest.fixture
def cleo(office: "Office") -> Newcomer:
    """She is nobody here, and her company lets its people register and sign in to their mailboxes."""
    orgs.let_register(office.org.scope, "users", office.clock)
    offer(office)
    return Newcomer(office, office.browser())


def words_of(browser: "Client", path: str, **given: str) -> str:
    return " ".join(html.unescape(browser.get(path, given, follow=True).content.decode()).split())


def at(browser: "Client", path: str = STEP_1) -> str:
    """Where one ends who asks for this page."""
    found: str = browser.get(path, follow=True).request["PATH_INFO"]
    return found


def press(browser: "Client", **form: str) -> str:
    """A button of step 1; the address at Salesforce that the page leads to, or what the page says."""
    page = html.unescape(browser.post("/register/salesforce", form).content.decode())
    found = re.search(r'content="0;url=([^"]+)"', page)
    return found[1] if found else page


def registered(cleo: Newcomer, **form: str) -> str:
    """Through step 1; the page that it ends on."""
    address = press(cleo.browser, entrance="production", **form)
    cleo.browser.get(BACK, cleo.office.choose(address, CLEO))
    return str(cleo.browser.post("/register/account/create", follow=True).request["PATH_INFO"])


def connected(cleo: Newcomer, user: str = CLEO, answer: str = "accept") -> str:
    """Through step 2; the page that it ends on."""
    page = html.unescape(cleo.browser.post("/register/mailbox/connect", {"kind": "graph"}).content.decode())
    found = re.search(r'content="0;url=([^"]+)"', page)
    assert found, page
    return cleo.back(cleo.at_microsoft(found[1], user=user, answer=answer))


def box(cleo: Newcomer) -> Mailbox:
    return Mailbox.of(cleo.office.scope).get(address=CLEO)


def confirm(office: "Office") -> None:
    """As an administrator does."""
    proving.confirm(office.scope, people.find_claimant(office.scope, CLEO).person_id, office.clock)


def in_force(cleo: Newcomer, name: str) -> object:
    person = people.find_claimant(cleo.office.scope, CLEO)
    return settings.get(cleo.office.scope, settings.for_person(cleo.office.scope, person.person_id), name)


# -- the whole way -------------------------------------------------------------------------------------
def test_somebody_new_goes_the_whole_way_and_mail_is_saved(cleo: Newcomer) -> None:
    office = cleo.office
    office.mail("Before she came", "nora@birchworks.test", CLEO)
    page = words_of(cleo.browser, STEP_1)
    assert "Nothing is read or written in Salesforce with this sign-in" in page
    assert "no text, subject or address of it is kept here" in page
    assert registered(cleo) == STEP_2
    page = words_of(cleo.browser, STEP_2)
    assert "Microsoft 365" in page
    assert "You sign in at Microsoft and allow access there." in page
    assert "E-mails with people whom Salesforce knows are saved there" in page
    page = connected(cleo)
    assert "The mailbox cleo@larch.test is connected. Choose what is kept in step" in page
    assert "What to sync" in page
    office.sync()
    assert box(cleo).session_ended_at is None, "the first session waits for the choice"
    office.clock.pass_time(1)
    page = words_of(cleo.browser, STEP_3, count="yes")
    assert "1 would be saved, of 1 of the last 6 days" in page
    answer = cleo.browser.post("/register/data/keep", {"auto_save": "on", "meetings": "on"}, follow=True)
    assert answer.request["PATH_INFO"] == "/"
    assert "You are registered. The first session starts within seconds" in answer.content.decode()
    office.sync()
    assert "1 e-mail saved" in words_of(cleo.browser, "/")
    assert (in_force(cleo, "mail.auto-save"), in_force(cleo, "events.auto-save-meetings")) == (True, True)


def test_who_closes_the_browser_is_synchronized_all_the_same(cleo: Newcomer) -> None:
    registered(cleo)
    connected(cleo)
    assert box(cleo).due_at == cleo.office.clock.now() + wizard.GRACE
    cleo.office.clock.pass_time(wizard.GRACE / timedelta(seconds=1))
    cleo.office.sync()
    assert box(cleo).session_ended_at is not None


def test_the_way_goes_on_where_it_was_in_another_browser(cleo: Newcomer) -> None:
    office = cleo.office
    address = press(cleo.browser, entrance="production")
    cleo.browser.get(BACK, office.choose(address, CLEO))
    assert at(cleo.browser) == "/register/account"
    assert registered(cleo) == STEP_2
    for browser in (cleo.browser, office.seated(people.find_claimant(office.scope, CLEO))):
        assert at(browser) == STEP_2
    connected(cleo)
    for browser in (cleo.browser, office.seated(people.find_claimant(office.scope, CLEO))):
        assert at(browser) == STEP_3
    again = Newcomer(office, office.browser())
    again.browser.get(BACK, office.choose(press(again.browser, entrance="production"), CLEO))
    assert at(again.browser) == STEP_3


def test_going_back_and_pressing_twice_change_nothing_that_was_done(cleo: Newcomer) -> None:
    registered(cleo)
    connected(cleo)
    page = words_of(cleo.browser, STEP_2)
    assert "Your mailbox and Salesforce are kept in step." in page
    assert "Which mailbox do you have?" not in page
    answer = cleo.browser.post("/register/mailbox/connect", follow=True)
    assert "is connected already" in answer.content.decode()
    for _ in range(2):
        page = cleo.browser.post("/register/data/keep", {"auto_save": "on"}, follow=True).content.decode()
        assert "You are registered." in page
    assert Mailbox.of(cleo.office.scope).filter(address=CLEO).count() == 1
    assert Person.of(cleo.office.scope).count() == 3


# -- step 1 --------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("site", "sentence"),
    [
        ("", "Enter the address of your company's site"),
        (
            "https://partners.evilforce.com",
            "partners.evilforce.com is not at Salesforce, so you were not sent there",
        ),
        ("https://me@example.my.site.com", "is not the address of a site"),
        ("https://127.0.0.1/", "127.0.0.1 is not at Salesforce"),
        ("https://<b>.my.site.com", "<b>.my.site.com is not the address of a site"),
        ("https://example.my.site.com", "not connected to such a Salesforce org"),
    ],
)
def test_a_site_that_cannot_be_is_refused_beside_its_field(office: "Office", site: str, sentence: str) -> None:
    answer = office.browser().post("/register/salesforce", {"entrance": "site", "site": site})
    page = answer.content.decode()
    assert answer.status_code == 400
    assert sentence in html.unescape(page)
    assert "<b>" not in page
    assert f'value="{html.escape(site)}"' in page
    assert office.app.world.requests.count == 0, "nobody was asked anything"


@pytest.mark.parametrize("form", [{}, {"entrance": "elsewhere"}])
def test_without_a_button_nobody_is_sent_anywhere(office: "Office", form: dict[str, str]) -> None:
    assert "press one of the three buttons" in press(office.browser(), **form)


def test_a_kind_of_org_that_is_not_connected_says_whom_to_ask_and_what_to_send(office: "Office") -> None:
    browser = office.browser()
    page = press(browser, entrance="sandbox")
    assert "ask your administrator to connect it" in page
    assert "/register/letter" in page
    letter = words_of(browser, "/register/letter")
    assert "Please connect our Salesforce to Crosstie" in letter
    assert "http://localhost:8400" in letter
    assert "Organization ID" in letter


def test_the_buttons_lead_to_the_org_of_their_kind(office: "Office") -> None:
    """A company with two orgs: its name says which company, the button which org."""
    uat = open_org(office.app.world, name="Larch UAT", my_domain="larch--uat")
    office.register(uat, "uat-app", "uat-secret")
    info = office.connect(uat, office.scope, "uat-app", "uat-secret")
    Org.of(office.scope).filter(pk=info.org_id).update(instance_url="https://larch--uat.sandbox.my.salesforce.com")
    name = tenants.all_tenants()[0][0]
    browser = office.browser()
    for entrance, app in (("production", "larch-crm-app"), ("sandbox", "uat-app")):
        assert f"client_id={app}&" in press(browser, entrance=entrance, company=name)
    assert "Enter the name of your company" in press(browser, entrance="production")


def test_somebody_who_has_an_account_goes_on_with_it(office: "Office") -> None:
    browser = office.browser()
    browser.get(BACK, office.choose(press(browser, entrance="production"), ADA))
    assert at(browser) == STEP_3


@pytest.mark.parametrize("common", [False, True])
@pytest.mark.parametrize("name", ["", "/partners"])
def test_who_signs_in_at_a_site_of_the_org_is_let_in(cleo: Newcomer, name: str, common: bool) -> None:
    """By the site's own name in `iss`, or by Salesforce's common one: which is not known for sure."""
    office = cleo.office
    office.app.world.switches.turn("salesforce.id_token_issuer_is_common", common)
    office.company.site.sites.add("partners")
    at_larch(office)
    address = press(cleo.browser, entrance="site", site=f"https://larch.my.site.com{name}/s/login?x=1")
    assert address.startswith(f"https://larch.my.site.com{name}/services/oauth2/authorize?")
    cleo.browser.get(BACK, office.choose(address, CLEO))
    assert at(cleo.browser) == "/register/account"


@pytest.mark.parametrize("site", ["https://rival.my.site.com/partners", "https://larch.force.com/partners"])
def test_no_word_and_no_secret_goes_to_a_site_that_is_not_surely_the_orgs(office: "Office", site: str) -> None:
    open_org(office.app.world, name="Rival", my_domain="rival").sites.add("partners")
    at_larch(office)
    assert "not connected to such a Salesforce org" in press(office.browser(), entrance="site", site=site)
    assert office.app.world.requests.count == 0


def test_a_site_that_speaks_for_somebody_else_is_not_believed(office: "Office") -> None:
    at_larch(office)
    site = "https://larch.my.site.com"
    about = {
        "issuer": "https://rival.my.site.com",
        "authorization_endpoint": f"{site}/services/oauth2/authorize",
        "token_endpoint": f"{site}/services/oauth2/token",
        "jwks_uri": f"{site}/id/keys",
    }
    body = json.dumps(about).encode()
    office.app.world.faults.add(Fault("refuse", route="oauth_configuration", status=200, body=body))
    assert "did not come from your company" in press(office.browser(), entrance="site", site=site)


def test_a_site_that_is_the_orgs_no_more_lets_nobody_in(office: "Office") -> None:
    at_larch(office)
    browser = office.browser()
    answer = office.choose(press(browser, entrance="site", site="https://larch.my.site.com"), ADA)
    at_larch(office, "https://maple.my.salesforce.com")
    assert browser.get(BACK, answer).status_code == 403


def at_larch(office: "Office", url: str = "https://larch.my.salesforce.com") -> None:
    """The org is reached by its own name from now on."""
    Org.of(office.scope).update(login_url=url, instance_url=url)


# -- step 2 --------------------------------------------------------------------------------------------
def test_every_connector_has_a_tile_and_no_other(cleo: Newcomer) -> None:
    assert [one.vendor for one in setting_up.KINDS] == list(VENDORS)
    registered(cleo)
    assert words_of(cleo.browser, STEP_2).count('class="tile"') == len(VENDORS)


def test_a_kind_that_the_administrator_gives_no_way_to_has_no_tile(cleo: Newcomer) -> None:
    registered(cleo)
    Connection.of(cleo.office.scope).all().delete()
    page = words_of(cleo.browser, STEP_2)
    assert setting_up.offered(people.find_claimant(cleo.office.scope, CLEO)) == []
    assert "Microsoft 365" not in page
    assert "there is nothing to press here" in page
    assert "Skip this step" in page


@pytest.mark.parametrize(
    ("ruled", "page_says"),
    [
        ("any", "You sign in at Microsoft"),
        ("microsoft-365-sign-in", "You sign in at Microsoft"),
        ("microsoft-365-app", "It is connected at once."),
        ("none", "in another way than those there are here, or not by themselves"),
    ],
)
def test_a_way_that_the_administrator_rules_out_is_not_offered(cleo: Newcomer, ruled: str, page_says: str) -> None:
    """Her company has both: an app that people sign in to, and access to all mailboxes."""
    office = cleo.office
    registered(cleo)
    confirm(office)
    profile = settings.for_profile(office.scope, Person.of(office.scope).get(address=CLEO).profile_id)
    settings.put(office.scope, profile, "mailboxes.way", ruled, office.clock)
    page = words_of(cleo.browser, STEP_2)
    assert page_says in page
    assert page.count('class="tile"') == (ruled != "none")
    answer = cleo.browser.post("/register/mailbox/connect", follow=True)
    found = Mailbox.of(office.scope).filter(address=CLEO)
    assert found.exists() is (ruled == "microsoft-365-app")
    assert ("Going to" in answer.content.decode()) is (ruled in ("any", "microsoft-365-sign-in"))


def test_what_is_ruled_out_later_leaves_a_mailbox_connected(cleo: Newcomer) -> None:
    office = cleo.office
    registered(cleo)
    connected(cleo)
    settings.put(office.scope, settings.EVERYBODY, "mailboxes.way", "none", office.clock)
    assert "Your mailbox and Salesforce are kept in step." in words_of(cleo.browser, STEP_2)
    office.clock.pass_time(wizard.GRACE / timedelta(seconds=1))
    office.sync()
    assert box(cleo).session_ended_at is not None


def test_a_way_is_an_administrators_to_choose(cleo: Newcomer) -> None:
    registered(cleo)
    place = settings.for_person(cleo.office.scope, people.find_claimant(cleo.office.scope, CLEO).person_id)
    with pytest.raises(Unacceptable, match="a profile or everybody"):
        settings.put(cleo.office.scope, place, "mailboxes.way", "any", cleo.office.clock)


def test_where_access_to_all_was_granted_nobody_signs_in_whose_address_is_confirmed(office: "Office") -> None:
    """How the others show theirs: test_proving.py."""
    orgs.let_register(office.org.scope, "users", office.clock)
    cleo = Newcomer(office, office.browser())
    registered(cleo)
    confirm(office)
    assert "It is connected at once." in words_of(cleo.browser, STEP_2)
    answer = cleo.browser.post("/register/mailbox/connect", follow=True)
    assert answer.request["PATH_INFO"] == STEP_3
    assert box(cleo).due_at == office.clock.now() + wizard.GRACE


def test_who_said_no_at_microsoft_is_back_at_the_step(cleo: Newcomer) -> None:
    registered(cleo)
    cleo.office.app.world.microsoft.apps["larch-graph-app"].scope_consents.clear()
    page = connected(cleo, answer="decline")
    assert "You said no at Microsoft, so nothing was connected." in page
    assert "Which mailbox do you have?" in page
    assert not Mailbox.of(cleo.office.scope).filter(address=CLEO).exists()


def test_somebody_elses_mailbox_is_refused_and_the_step_shown_again(cleo: Newcomer) -> None:
    registered(cleo)
    page = connected(cleo, user=BEN)
    assert "You signed in to the mailbox ben@larch.test, but yours is cleo@larch.test." in page
    assert "Which mailbox do you have?" in page


def test_skipping_the_mailbox_names_what_does_not_work(cleo: Newcomer) -> None:
    registered(cleo)
    page = words_of(cleo.browser, "/register/mailbox/without")
    for lost in ("E-mails are not saved by themselves", "folder Salesforce Emails", "calendar is not kept alike"):
        assert lost in page
    assert at(cleo.browser, STEP_3) == "/activation", "there is nothing to choose without a mailbox"


# -- step 3 --------------------------------------------------------------------------------------------
def test_what_the_administrator_locked_is_shown_as_locked_and_stays(cleo: Newcomer) -> None:
    office = cleo.office
    settings.put(office.scope, settings.EVERYBODY, "events.auto-save-meetings", "on", office.clock, locked=True)
    registered(cleo)
    connected(cleo)
    page = cleo.browser.get(STEP_3).content.decode()
    field = re.search(r'<input type="checkbox" id="meetings"[^>]*>', page)
    assert field
    assert "checked" in field[0]
    assert "disabled" in field[0]
    assert "Your administrator locked this setting." in page
    answer = cleo.browser.post("/register/data/keep", {"auto_save": "on"}, follow=True)
    assert answer.request["PATH_INFO"] == "/"
    assert in_force(cleo, "events.auto-save-meetings") is True


def test_what_was_not_changed_still_follows_the_company(cleo: Newcomer) -> None:
    registered(cleo)
    connected(cleo)
    cleo.browser.post("/register/data/keep", {"auto_save": "on", "appointments": "on"})
    person = people.find_claimant(cleo.office.scope, CLEO)
    own = SettingValue.of(cleo.office.scope).filter(person_id=person.person_id).values_list("name", flat=True)
    assert list(own) == ["events.auto-save-appointments"]


def test_skipping_the_choice_starts_with_what_is_so(cleo: Newcomer) -> None:
    registered(cleo)
    connected(cleo)
    answer = cleo.browser.post("/register/data/finish", follow=True)
    assert "You are registered." in answer.content.decode()
    assert box(cleo).due_at == cleo.office.clock.now()
    assert not SettingValue.of(cleo.office.scope).filter(person__isnull=False).exists()


def test_counting_changes_nothing_and_costs_few_calls(cleo: Newcomer) -> None:
    office = cleo.office
    for number in range(30):
        office.mail(f"Number {number}", "nora@birchworks.test" if number % 2 else "prize@oak.test", CLEO)
    registered(cleo)
    connected(cleo)
    office.sync()
    office.clock.pass_time(1)
    before = dict(Mailbox.of(office.scope).filter(address=CLEO).values().get())
    asked = office.app.world.requests.count
    page = cleo.browser.get("/register/data/count", headers={"hx-request": "true"}).content.decode()
    assert "<html" not in page
    assert "15 would be saved" in page
    assert "of 30 of the last" in page
    assert office.app.world.requests.count - asked <= 8
    assert dict(Mailbox.of(office.scope).filter(address=CLEO).values().get()) == before
    assert not ItemState.of(office.scope).exists()


def test_choosing_and_counting_again_shows_the_choice(cleo: Newcomer) -> None:
    registered(cleo)
    connected(cleo)
    answer = cleo.browser.post("/register/data/keep", {"meetings": "on", "count": "yes"}, follow=True)
    page = " ".join(answer.content.decode().split())
    assert answer.request["PATH_INFO"] == STEP_3
    assert "<dt>E-mails</dt><dd>none, it is off</dd>" in page
    assert "0 in the coming 60 days; those with people outside are saved" in page
    assert box(cleo).due_at == cleo.office.clock.now() + wizard.GRACE, "nothing has started"


def test_a_mailbox_that_does_not_answer_is_no_end_of_the_way(cleo: Newcomer) -> None:
    registered(cleo)
    connected(cleo)
    cleo.office.app.world.faults.add(Fault("refuse", "graph", "*", status=503, times=1000))
    page = words_of(cleo.browser, STEP_3, count="yes")
    assert "What to sync" in page
    assert "would be saved" not in page
    assert "You are registered." in cleo.browser.post("/register/data/finish", follow=True).content.decode()


def test_counting_has_an_end(cleo: Newcomer) -> None:
    registered(cleo)
    connected(cleo)
    for _ in range(wizard.LOOKS):
        cleo.browser.get(STEP_3, {"count": "yes"})
    assert "too often" in words_of(cleo.browser, STEP_3, count="yes")


@pytest.mark.parametrize("name", ["register-begin", "register-connect", "register-keep", "register-finish"])
def test_what_changes_something_is_asked_by_a_form(office: "Office", name: str) -> None:
    assert office.signed_in(BEN).get(reverse(name)).status_code == 405
