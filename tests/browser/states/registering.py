"""States of Register: each of its three steps, ways out of them, and vendors that say no, or nothing."""

import html
import re
from collections.abc import Callable

from django.test import Client
from playwright.sync_api import Page

from crosstie.accounts import tenants
from crosstie.accounts.governance import settings
from crosstie.store.models import Connection
from sandbox.faults import Fault
from sandbox.salesforce.site import open_org
from tests.browser.states.pages import by_sign_in, no_way, without_mailbox
from tests.browser.states.state import Act, State, at, pressing
from tests.unit.web import test_proving as proofs
from tests.unit.web import test_registering as newcomers
from tests.unit.web.office import BEN, CLEO, Office
from tests.unit.web.test_connecting import Newcomer

REGISTER, ACCOUNT = "/register", "/register/account"
MAILBOX, WITHOUT, DATA = "/register/mailbox", "/register/mailbox/without", "/register/data"


# -- step 1 --------------------------------------------------------------------------------------------
def _two_companies(office: Office) -> str:
    site = open_org(office.app.world, name="Maple", my_domain="maple")
    office.register(site, "maple-app", "maple-secret")
    office.connect(site, tenants.create("Maple", office.clock), "maple-app", "maple-secret")
    return REGISTER


def _at_site(address: str) -> Act:
    def go(page: Page) -> None:
        page.get_by_label("Address of the site").fill(address)
        pressing("Continue to the site")(page)

    return go


def _company(name: str) -> Act:
    def go(page: Page) -> None:
        page.get_by_label("Company", exact=True).fill(name)
        page.get_by_role("button", name="Production").click()

    return go


def _silent(office: Office) -> str:
    office.app.world.faults.add(Fault("refuse", route="oauth_configuration", status=503, times=1000))
    return REGISTER


def _tile(name: str) -> Act:
    return lambda page: page.get_by_role("button", name=name).click()


# -- an account ----------------------------------------------------------------------------------------
def _proven(who: str) -> Callable[[Office], Client]:
    """Salesforce has said that it is Cleo, whose company lets these register, now or until a moment ago."""

    def come(office: Office) -> Client:
        newcomers.let_in(office)
        browser = newcomers.come(office)[0]
        newcomers.let_in(office, who)
        return browser

    return come


def _salesforce_silent(office: Office) -> Client:
    browser = _proven("users")(office)
    for effect in ("refuse", "inside"):
        office.app.world.faults.add(Fault(effect, "salesforce", "GET query", status=503, times=1000))
    return browser


# -- step 2 --------------------------------------------------------------------------------------------
def _at_once(office: Office) -> str:
    without_mailbox(office)
    return MAILBOX


def _no_way(office: Office) -> str:
    no_way(office)
    return MAILBOX


def _by_sign_in(office: Office) -> str:
    by_sign_in(office)
    return MAILBOX


def _left(office: Office) -> Newcomer:
    return Newcomer(office, office.signed_in(BEN))


def _leave(newcomer: Newcomer) -> str:
    page = html.unescape(newcomer.browser.post("/register/mailbox/connect", {"kind": "graph"}).content.decode())
    found = re.search(r'content="0;url=([^"]+)"', page)
    assert found, page
    return found[1]


def _not_theirs(office: Office) -> Client:
    """Back from showing that an address is one's own, as somebody else."""
    browser = proofs.register(office)
    given = office.choose_at_microsoft(proofs.leave(browser), BEN)
    browser.get("/sign-in/microsoft/callback", given)
    return browser


def _no_door(office: Office) -> Client:
    browser = proofs.register(office)
    Connection.of(office.scope).update(client_id="")
    return browser


def _away(office: Office) -> Client:
    newcomer = _left(office)
    _leave(newcomer)
    return newcomer.browser


def _back(answer: str = "accept", user: str = BEN) -> Callable[[Office], Client]:
    """From Microsoft, and the step has not been shown since."""

    def come(office: Office) -> Client:
        if answer == "decline":
            office.app.world.microsoft.apps["larch-graph-app"].scope_consents.clear()
        newcomer = _left(office)
        given = newcomer.at_microsoft(_leave(newcomer), user=user, answer=answer)
        newcomer.browser.get("/mailbox/sign-in/callback", given)
        return newcomer.browser

    return come


def _microsoft_silent(office: Office) -> Client:
    newcomer = _left(office)
    given = newcomer.at_microsoft(_leave(newcomer))
    office.app.world.faults.add(Fault("refuse", route="*token*", status=503, times=1000))
    newcomer.browser.get("/mailbox/sign-in/callback", given)
    return newcomer.browser


# -- step 3 --------------------------------------------------------------------------------------------
def _some_mail(office: Office) -> str:
    office.sync()  # who is a customer is known from the first tick on
    for number in range(3):
        office.mail(f"Offer {number}", "nora@birchworks.test", BEN)
    office.clock.pass_time(1)
    return DATA


def _locked(office: Office) -> str:
    settings.put(office.scope, settings.EVERYBODY, "events.auto-save-meetings", "on", office.clock, locked=True)
    return DATA


def _mailbox_silent(office: Office) -> str:
    office.app.world.faults.add(Fault("refuse", "graph", status=503, times=1000))
    return DATA


STEP_1 = (
    State("register", at(REGISTER), "Where do you sign in to Salesforce?", who=""),
    State("register-company", _two_companies, "As your administrator called it", who=""),
    State("register-no-company", _two_companies, "No company of this name", _company("Mable"), ""),
    State("register-no-site", at(REGISTER), "Enter the address of your", _at_site(""), ""),
    State("register-foreign", at(REGISTER), "is not at Salesforce", _at_site("https://x.evilforce.com"), ""),
    State("register-other-org", at(REGISTER), "not connected to such a Salesforce org", _tile("Sandbox"), ""),
    State("register-silent", _silent, "cannot be reached at the moment", _tile("Production"), ""),
    State("register-letter", at(f"{REGISTER}/letter"), "Send this to whoever looks after Salesforce", who=""),
    State("register-account", at(ACCOUNT), "lets its users make their own", by=_proven("users")),
    State("register-closed", at(ACCOUNT), "people do not register themselves", by=_proven("nobody")),
    State("register-unproven", at(ACCOUNT), "was not begun in this browser", who=""),
    State("register-away", at(ACCOUNT), "could not be asked who you are", by=_salesforce_silent),
)
STEP_2 = (
    State("register-mailbox", _by_sign_in, "Which mailbox do you have?", who=BEN),
    State("register-at-once", _at_once, "It is connected at once.", who=BEN),
    State("register-proof", at(MAILBOX), "Is this address yours?", by=proofs.register),
    State("register-not-shown", at(MAILBOX), "is an address of the account that you signed", by=_not_theirs),
    State("register-ask", at(MAILBOX), "to confirm your address.", by=_no_door),
    State("register-no-way", _no_way, "has not connected this server", who=BEN),
    State("register-waiting", _by_sign_in, "have not come back yet", by=_away),
    State("register-declined", _by_sign_in, "You said no at Microsoft", by=_back("decline")),
    State("register-not-yours", _by_sign_in, "You signed in to the mailbox", by=_back(user=CLEO)),
    State("register-not-heard", _by_sign_in, "Microsoft", by=_microsoft_silent),
    State("register-connected", at(MAILBOX), "On to what is kept in step", who=BEN),
    State("register-without", at(WITHOUT), "You have your account.", who=BEN),
)
STEP_3 = (
    State("register-arrived", lambda office: _by_sign_in(office) and DATA, "is connected. Choose", by=_back()),
    State("register-data", _some_mail, "3 would be saved", who=BEN),
    State("register-locked", _locked, "Your administrator locked this setting.", who=BEN),
    State("register-no-count", _mailbox_silent, "Keep in step", who=BEN),
)
ALL = (*STEP_1, *STEP_2, *STEP_3)
