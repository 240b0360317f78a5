"""States of Connections: nothing, refused, connected, looked at, lacking, made, and vendors that say nothing."""

from collections.abc import Callable

from django.test import Client
from playwright.sync_api import Page

from crosstie.accounts import tenants
from crosstie.accounts.activation import org_runs
from crosstie.accounts.activation.preflight import MADE
from crosstie.accounts.audit import SYSTEM
from crosstie.accounts.sign_in import operators
from crosstie.domain.preflight import Item, Level
from crosstie.jobs import fields, preflight
from crosstie.store.models import Connection
from sandbox.company import DOMAIN, GRAPH_CLIENT
from sandbox.faults import Fault
from sandbox.salesforce.site import Site, open_org
from tests.browser import acts
from tests.browser.states.state import Act, State, at, pressing
from tests.unit.web import test_company_consent as microsoft
from tests.unit.web import test_service_connecting as salesforce
from tests.unit.web import test_sign_in_google as google
from tests.unit.web import ways
from tests.unit.web.office import ADA, BEN, CLEO, Office

PAGE = "/connections"
OLGA = "olga@maple.test"
BLOCKED = next(way for way in ways.WAYS if way.name == "org blocked the app")
WITHDRAWN = next(way for way in ways.WAYS if way.name == "consent withdrawn")


# -- a company that begins -----------------------------------------------------------------------------
def _nothing(office: Office) -> str:
    """Olga has just set the server up for another company."""
    office.scope = tenants.create("Maple", office.clock)
    operators.add(office.scope, OLGA, "Olga Ray", office.clock)
    return PAGE


def maple(office: Office) -> Site:
    """Its org is entered, and has none of our fields."""
    _nothing(office)
    site = open_org(office.app.world, name="Maple", my_domain="maple")
    office.register(site, "maple-app", "maple-secret")
    office.org = office.connect(site, office.scope, "maple-app", "maple-secret")
    return site


def _entering(label: str, value: str, button: str) -> Act:
    """What must be entered is there, and one of it is wrong."""

    def enter(page: Page) -> None:
        form = page.locator("form", has=page.get_by_role("button", name=button, exact=True))
        for one in form.locator("[required]").all():
            one.fill("something")
        form.get_by_label(label, exact=True).fill(value)
        acts.press(page, form.get_by_role("button", name=button, exact=True))

    return enter


def _at_my_domain(page: Page) -> None:
    page.get_by_label("My Domain", exact=True).first.check()
    address = page.get_by_label("Address of My Domain").first
    address.fill("https://salesforce.example.com")
    _entering("Consumer key of the app", "a key", "Connect with Salesforce")(page)


# -- Salesforce ----------------------------------------------------------------------------------------
def _asked(office: Office) -> str:
    preflight.begin(office.org.scope)
    return PAGE


def _looking(office: Office) -> str:
    """The first of its steps is done."""
    _asked(office)
    items = list(preflight.STEPS[0](office.house.crm.open(office.org.org_id)))
    org_runs.went_on(office.org.scope, preflight.PREFLIGHT, items, 9)
    return PAGE


def _looked(office: Office) -> str:
    _asked(office)
    preflight.work(str(office.org.org_id))
    return PAGE


def _silent(office: Office) -> str:
    office.app.world.faults.add(Fault("refuse", "salesforce", status=503, times=1000))
    return PAGE


def _check_now(page: Page) -> None:
    acts.press(page, page.get_by_role("button", name="Check now"))


def _looked_in_vain(office: Office) -> str:
    _silent(office)
    return _looked(office)


def _blocked(office: Office) -> str:
    ways.live(office)
    BLOCKED.stop(office)
    ways.live(office, 2)
    return PAGE


def _from_salesforce(username: str) -> Callable[[Office], Client]:
    """Ada was there as this user, and Connections has not been shown since."""

    def come(office: Office) -> Client:
        browser = office.signed_in(ADA)
        answer = office.choose(salesforce.leave(browser, salesforce.form(office)), username)
        browser.get("/sign-in/salesforce/callback", answer)
        return browser

    return come


def _modest(office: Office) -> str:
    """The account may do little."""
    salesforce.connect(office, office.signed_in(ADA))
    preflight.work(str(office.org.org_id))
    return PAGE


# -- our fields ----------------------------------------------------------------------------------------
def _lacking(office: Office) -> str:
    maple(office)
    return _looked(office)


def _making(office: Office) -> str:
    _lacking(office)
    fields.begin(office.org.scope, SYSTEM)
    items = [Item(MADE, Level.OK, {"field": "Activity.Crosstie_Key__c"})]
    org_runs.went_on(office.org.scope, fields.FIELDS, items, 20)
    return PAGE


def _made(office: Office) -> str:
    _lacking(office)
    return _worked(office)


def _worked(office: Office) -> str:
    fields.begin(office.org.scope, SYSTEM)
    fields.work(str(office.org.org_id))
    preflight.work(str(office.org.org_id))
    return PAGE


def _partly_made(office: Office) -> str:
    """The org refuses one, with a word that is as long as words get."""
    _lacking(office)
    body = b'[{"errorCode": "FIELD_INTEGRITY_EXCEPTION", "message": "no"}]'
    fault = Fault("refuse", "salesforce", "tooling_create_field", status=400, times=1, body=body)
    office.app.world.faults.add(fault)
    return _worked(office)


def _not_made(office: Office) -> str:
    org = maple(office).org
    profile = org.core.access.profile(org.admin)
    org.core.store.put("Profile", {**profile, "PermissionsCustomizeApplication": False})
    _looked(office)
    return _worked(office)


def _stuck(office: Office) -> str:
    """Salesforce goes away amid it."""
    _lacking(office)
    fault = Fault("refuse", "salesforce", "tooling_create_field", status=503, times=1000, skip=5)
    office.app.world.faults.add(fault)
    fields.begin(office.org.scope, SYSTEM)
    fields.work(str(office.org.org_id))
    preflight.work(str(office.org.org_id))
    return PAGE


def opening(summary: str) -> Act:
    """The first fold of this name."""

    def open_it(page: Page) -> None:
        acts.tab_to(page, page.locator("summary", has_text=summary).first)
        page.keyboard.press("Enter")

    return open_it


# -- Microsoft 365 -------------------------------------------------------------------------------------
def _no_consent(office: Office) -> str:
    Connection.of(office.scope).all().delete()
    return PAGE


def _from_microsoft(answer: str, **entered: str) -> Callable[[Office], Client]:
    def come(office: Office) -> Client:
        browser = office.signed_in(ADA)
        address = microsoft.leave(browser, microsoft.form(office, **entered))
        microsoft.back(office, browser, microsoft.accept(office, address, answer=answer))
        return browser

    return come


def _slow(office: Office) -> Client:
    """Microsoft has the browser say so, and gives no token yet."""
    WITHDRAWN.stop(office)
    browser = office.signed_in(ADA)
    microsoft.leave(browser, microsoft.form(office))
    state = browser.session["company-consent"]["state"]
    claimed = {"admin_consent": "True", "tenant": office.company.microsoft_tenant, "state": state}
    on = browser.get(microsoft.BACK, claimed).headers["Location"]
    browser.get(microsoft.BACK, microsoft.proven(office, on))
    return browser


def _withdrawn(office: Office) -> str:
    ways.live(office)
    WITHDRAWN.stop(office)
    ways.live(office, 2)
    return PAGE


def _microsoft_silent(office: Office) -> str:
    office.app.world.microsoft.end_tokens()
    office.app.world.faults.add(Fault("refuse", route="*token*", status=503, times=1000))
    return PAGE


def _checking(inside: str, outside: str = "") -> Act:
    def check(page: Page) -> None:
        page.get_by_label("A mailbox that the app may open").fill(inside)
        page.get_by_label("One that must stay closed").fill(outside)
        pressing("Check")(page)

    return check


def _restricted(office: Office) -> str:
    app = office.app.world.microsoft.apps[GRAPH_CLIENT]
    app.only_mailboxes, app.roles = frozenset({BEN}), frozenset({"Mail.ReadWrite"})
    return PAGE


# -- Google ---------------------------------------------------------------------------------------------
def _google(office: Office) -> str:
    google.allow(office, DOMAIN, google.LABS)
    return PAGE


ALL = (
    State("connections-none", _nothing, "An administrator of Microsoft 365 lets the app in once", who=OLGA),
    State(
        "connections-no-key",
        _nothing,
        "This is no private RSA key",
        _entering("or paste it", "no key", "Connect by certificate"),
        OLGA,
    ),
    State("connections-foreign", _nothing, "is not one of Salesforce's addresses", _at_my_domain, OLGA),
    State(
        "connections-no-directory",
        _nothing,
        "is no directory",
        _entering("Directory (tenant) id", "not a directory", "Give consent for the company"),
        OLGA,
    ),
    State("connections-unlooked", at(PAGE), "It was not looked at yet."),
    State("connections-asked", _asked, "Looking …"),
    State("connections-looking", _looking, "Larch lets us in."),
    State("connections", _looked, "All is there"),
    State(
        "connections-fold", _looked, "Leave it empty to keep the one that is known.", opening("Change the account")
    ),
    State("connections-modest", _modest, "sees only what is shared with it (View All Data)"),
    State("connections-vain", _looked_in_vain, "The look did not come to its end."),
    State("connections-silent", _silent, "Salesforce cannot be reached", _check_now),
    State("connections-blocked", _blocked, "Sync of everybody here stands still until this is mended"),
    State("connections-person", at(PAGE), f"belongs to {BEN}, who is a person here", by=_from_salesforce(BEN)),
    State(
        "connections-connected",
        at(PAGE),
        "Salesforce is connected as crosstie@larch.test.",
        by=_from_salesforce("crosstie@larch.test"),
    ),
    State("connections-lacking", _lacking, "Nothing else is changed", opening("Create the fields for me"), OLGA),
    State("connections-making", _making, "The fields are being made", who=OLGA),
    State("connections-made", _made, "Activity.Crosstie_Key__c was made.", opening("results"), OLGA),
    State("connections-partly", _partly_made, "was not made (CRM-", opening("results"), OLGA),
    State("connections-not-made", _not_made, "The account may not make fields", opening("result"), OLGA),
    State("connections-stuck", _stuck, "What was made stays.", who=OLGA),
    State("connections-no-consent", _no_consent, "Left empty, it is the directory of whoever accepts."),
    State("connections-declined", _no_consent, "It was not allowed at Microsoft", by=_from_microsoft("decline")),
    State("connections-consented", at(PAGE), "Microsoft lets the app into", by=_from_microsoft("accept")),
    State("connections-slow", _no_consent, "does not heed it yet", by=_slow),
    State("connections-withdrawn", _withdrawn, "consent that lets us into the mailboxes was withdrawn"),
    State("connections-away", _microsoft_silent, "Microsoft gives the app no token", _checking(BEN)),
    State("connections-checked", at(PAGE), f"The app can open {CLEO}", _checking(BEN, CLEO)),
    State("connections-restricted", _restricted, f"{CLEO} stays closed", _checking(BEN, CLEO)),
    State("connections-no-address", at(PAGE), "is not an e-mail address", _checking("nonsense")),
    State("connections-group", at(PAGE), "Connect-ExchangeOnline", opening("Restrict the app to a group")),
    State("connections-google", _google, "sign in here with their Google account", opening("Change the domains")),
    State(
        "connections-no-google", at(PAGE), "nobody can prove here whose a domain is", opening("Allow your domains")
    ),
)
