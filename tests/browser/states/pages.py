"""States of activations, other products, copies, tokens, operators, sign-ins, what is to be mended, and set up."""

from datetime import timedelta

import pyotp
from django.test import Client
from playwright.sync_api import FilePayload, Page

from crosstie.accounts import audit, people
from crosstie.accounts.activation import activation_steps
from crosstie.accounts.activation.activation_runs import RunInfo
from crosstie.accounts.audit import SYSTEM, Actor, Deed
from crosstie.accounts.connection import leaving
from crosstie.accounts.sign_in import operators, sign_ins, tokens
from crosstie.accounts.sign_in.tokens import TokenDetails
from crosstie.accounts.sync import schedule
from crosstie.accounts.trouble import refusals
from crosstie.domain.activation import Step
from crosstie.jobs import activations
from crosstie.salesforce.describe import KEPT
from crosstie.store.models import Connection, Mailbox, Org, Person
from sandbox.faults import Fault
from sandbox.salesforce import rival
from sandbox.salesforce.org import INTEGRATION
from sandbox.salesforce.site import open_org
from sandbox.salesforce.switches import RIVAL_PRODUCT_RUNS
from tests.browser import acts
from tests.browser.states.state import Act, Stage, State, at, pressing
from tests.unit.web import ways
from tests.unit.web.office import ADA, BEN, Office
from tests.unit.web.staff import Staff
from tests.unit.web.test_connecting import offer
from tests.unit.web.test_copied import Desk
from tests.unit.web.test_proving import register

ACTIVATE, PRODUCTS, SET_UP, MEND = "/people/activate", "/products", "/activation", "/mend"
OLGA = "olga@larch.test"
NEW = ("finn@larch.test", "gus@larch.test")


# -- Activate people -----------------------------------------------------------------------------------
def _run(run: RunInfo) -> str:
    return f"{ACTIVATE}/run?run={run.run_id}"


def _looking(office: Office) -> str:
    return _run(Staff.of(office).everybody())


def _waiting(office: Office) -> str:
    run = Staff.of(office).everybody()
    office.app.world.faults.add(Fault("refuse", "graph", status=503, times=1000))
    activations.work(str(run.run_id))
    return _run(run)


def _looked(office: Office) -> str:
    staff = Staff.of(office)
    return _run(staff.work(staff.everybody()).run)


def _nobody(office: Office) -> str:
    staff = Staff(office)
    return _run(staff.work(staff.file(f"email\n{ADA}\n{BEN}\n")).run)


def _running(office: Office) -> str:
    """One of three is active, and nobody has come to the others yet."""
    staff = Staff(office)
    for name in NEW:
        staff.hire(name)
    run = staff.work(staff.everybody()).run
    activations.start(run.scope, run.run_id)
    activation_steps.activate(run, activation_steps.waiting(run, Step.READY, 1)[0].pk, office.clock)
    return _run(run)


def _done(office: Office) -> str:
    staff = Staff.of(office)
    run = staff.work(staff.everybody()).run
    activations.start(run.scope, run.run_id)
    return _run(staff.work(run).run)


def _again(office: Office) -> str:
    path = _done(office)
    activations.again(office.org.scope, int(path.rpartition("=")[2]))
    return path


def _cancelled(office: Office) -> str:
    path = _looked(office)
    activations.cancel(office.org.scope, int(path.rpartition("=")[2]))
    return path


def _before(office: Office) -> str:
    _done(office)
    _nobody(office)
    return ACTIVATE


def _two_orgs(office: Office) -> str:
    site = open_org(office.app.world, name="Larch Services", my_domain="larch-services")
    office.register(site, "other-app", "other-secret")
    office.connect(site, office.scope, "other-app", "other-secret")
    return ACTIVATE


def _no_address(page: Page) -> None:
    page.get_by_label("The people in a file").check()
    wrong = FilePayload(name="people.csv", mimeType="text/csv", buffer=b"email\n" + b"w" * 80)
    page.get_by_label("CSV file").set_input_files(wrong)
    pressing("Show what would happen")(page)


def _unproven(office: Office) -> str:
    register(office)
    return ACTIVATE


ACTIVATING = (
    State("activate-unproven", _unproven, "Addresses that nobody has shown to be theirs"),
    State("activate", at(ACTIVATE), "Whom?"),
    State("activate-two-orgs", _two_orgs, "Larch Services"),
    State("activate-before", _before, "The people in a file (list.csv)"),
    State("activate-refused", at(ACTIVATE), "is not an e-mail address", _no_address),
    State("activate-nobody", _nobody, "2 × The mailbox is synchronized already."),
    State("activate-looking", _looking, "2 of 9 people looked at"),
    State("activate-waiting", _waiting, "The mailbox cannot be reached at the moment."),
    State("activate-looked", _looked, "Activate 1 mailbox"),
    State("activate-running", _running, "1 of 3 mailboxes activated"),
    State("activate-done", _done, "1 of 1 mailboxes activated"),
    State("activate-again", _again, "4 of 9 people looked at"),
    State("activate-cancelled", _cancelled, "Cancelled"),
)


# -- Other products ------------------------------------------------------------------------------------
def _none(office: Office) -> str:
    office.sync()
    return PRODUCTS


def _beside(office: Office) -> str:
    """Another product marks what we saved."""
    for number in range(4):
        office.mail(f"Offer {number}", "nora@birchworks.test")
    office.sync()
    office.app.world.switches.turn(RIVAL_PRODUCT_RUNS.name, True)
    for _ in range(3):
        office.clock.pass_time(rival.EVERY.total_seconds() + 60)
        office.sync()
    for _ in range(2):  # what an org is like is asked seldom, and it is looked at once a day
        office.clock.pass_time(max(KEPT.total_seconds(), 86_400))
        office.sync()
    return PRODUCTS


def _away(office: Office) -> str:
    path = _beside(office)
    office.app.world.faults.add(Fault("refuse", "salesforce", "composite", status=500, times=50, body=b"no"))
    return path


def _blind(office: Office) -> str:
    org = office.company.site.org
    org.update(org.admin, "User", org.admin, {"ProfileId": org.profiles[INTEGRATION]})
    office.sync()
    return PRODUCTS


def _told_at_home(office: Office) -> str:
    _beside(office)
    return "/"


LOOK = pressing("Look again now")
BESIDE = (
    State("products-unknown", at(PRODUCTS), "The org was not looked at yet."),
    State("products-none", _none, "No product was found that does what Crosstie does."),
    State("products-some", _beside, "Names of apps are not kept"),
    State("products-named", _beside, "Looked at just now.", LOOK),
    State("products-away", _away, "Salesforce cannot be reached", LOOK),
    State("products-blind", _blind, "give it the permission Manage Users"),
    State("products-told", _told_at_home, "Another product seems to keep"),
)


# -- the card of copies --------------------------------------------------------------------------------
def _copies(office: Office) -> str:
    desk = Desk(office)
    desk.put("Fair", "Fair", "Plan", "Plan")
    desk.enter("Fair", "Plan", "Plan", "Fair")
    desk.put("Another")
    desk.sync()
    desk.sync()
    return "/issues"


def _unseen_copies(office: Office) -> str:
    path = _copies(office)
    for face in ("graph", "salesforce"):
        office.app.world.faults.add(Fault("refuse", face, status=503, times=1000))
    return path


MEANT = pressing("They are meant: make them")
COPIED = (
    State("copies", _copies, "8 events are copies of others"),
    State("copies-unseen", _unseen_copies, "They cannot be shown now."),
    State("copies-again", _copies, "Copies that are looked at again within seconds: 8", pressing("Look again")),
    State("copies-meant", _copies, "Events that are made within seconds: 8", MEANT),
)


# -- My tokens -----------------------------------------------------------------------------------------
def _token(office: Office, name: str, days: int, *, may_act: bool = False) -> str:
    person = people.find(office.scope, ADA)
    ring = office.house.stores.secrets.digest
    return tokens.make(office.scope, person.person_id, TokenDetails(name, may_act, days), ring, office.clock)[1]


def _some_tokens(office: Office) -> str:
    """One has ended, one was used, one may act, and one has a name that is as long as a name may be."""
    _token(office, "Report of the quarter", 30)
    office.clock.pass_time(timedelta(days=31).total_seconds())
    used = _token(office, "The team's dashboard", 90)
    tokens.bearer(used, office.house.stores.secrets.digest, office.clock.now())
    _token(office, "W" * 60, 365, may_act=True)
    return "/tokens"


def _made(page: Page) -> None:
    page.get_by_label("Name", exact=True).fill("The team's dashboard")
    acts.tab_to(page, page.get_by_label("It may act for me"))
    page.keyboard.press("Space")
    pressing("Make the token")(page)


def _nameless(page: Page) -> None:
    page.get_by_label("Name", exact=True).fill(" ")
    pressing("Make the token")(page)


def _seated_long_ago(office: Office) -> Client:
    browser = office.seated(people.find(office.scope, ADA))
    office.clock.pass_time(tokens.FRESH.total_seconds())
    return browser


TOKENS = (
    State("tokens-none", at("/tokens"), "There is none."),
    State("tokens-made", at("/tokens"), "Copy it to where the program finds it", _made),
    State("tokens-old", at("/tokens"), "You signed in more than a quarter of an hour ago.", by=_seated_long_ago),
    State("tokens-some", _some_tokens, "expired on"),
    State("tokens-refused", at("/tokens"), "Give the token a name", _nameless),
    State("tokens-revoked", _some_tokens, "is good for nothing any more", pressing("Revoke The team's dashboard")),
)


# -- Operators -----------------------------------------------------------------------------------------
PASSWORD = "a long walk along the river"


def _invited(office: Office) -> str:
    info = operators.add(office.scope, OLGA, "Olga Ray", office.clock)
    token = operators.invitation(info.operator_id, office.clock)
    return f"/operator/welcome?operator={info.operator_id}&token={token}"


def _enrolled(office: Office) -> str:
    info = operators.add(office.scope, OLGA, "Olga Ray", office.clock)
    secret, vault = operators.new_secret(office.clock), office.house.stores.vault()
    code = pyotp.TOTP(secret).at(office.clock.now())
    operators.enrol(info.operator_id, PASSWORD, secret, code, vault, office.clock)
    return "/operator"


def _password(given: str) -> Act:
    def enter(page: Page) -> None:
        page.get_by_label("E-mail address").fill(OLGA)
        page.get_by_label("Password").fill(given)
        pressing("Continue")(page)

    return enter


def _wrong_code(page: Page) -> None:
    _password(PASSWORD)(page)
    page.get_by_label("Code").fill("000000")
    pressing("Sign in")(page)


def _chosen(again: str) -> Act:
    def choose(page: Page) -> None:
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_label("The same once more").fill(again)
        page.get_by_label("Code").fill("000000")
        pressing("Keep both")(page)

    return choose


OPERATORS = (
    State("operator", at("/operator"), "For platform admins who were invited", who=""),
    State("operator-wrong", _enrolled, "Address and password do not fit", _password("something else"), ""),
    State("operator-code", _enrolled, "The six digits that your app shows now", _password(PASSWORD), ""),
    State("operator-code-wrong", _enrolled, "That code is wrong", _wrong_code, ""),
    State("operator-welcome", _invited, "Choose a password and a second factor", who=""),
    State("operator-differ", _invited, "The two passwords are not the same.", _chosen("another one"), ""),
    State("operator-over", at("/operator/welcome?operator=1&token=x"), "invitation", who=""),
)


# -- Sign-ins and the audit ----------------------------------------------------------------------------
BROWSERS = (
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36",
    "W" * 200,
    "",
)


def _elsewhere(office: Office) -> str:
    for agent in BROWSERS:
        sign_ins.begin(people.find(office.scope, ADA), "salesforce", "2001:db8::7", agent, office.clock)
        office.clock.pass_time(60)
    return "/sign-ins"


def _day(office: Office) -> str:
    _some_tokens(office)
    return "/audit"


def _busy_year(office: Office) -> str:
    actor = Actor("web", people.find(office.scope, ADA).person_id)
    for number in range(120):
        office.clock.pass_time(60)
        details = {"value": "W" * 90, "was": "off"} if number % 7 == 0 else {"value": "on"}
        audit.record(office.scope, Deed(office.clock.now(), actor, "settings.put", "mail.auto-save", details))
    audit.record(office.scope, Deed(office.clock.now(), SYSTEM, "mailbox.suspend", "mailbox 3"))
    return "/audit"


def _older(office: Office) -> str:
    return f"{_busy_year(office)}?action=settings&page=1"


SEEN = (
    State("sign-ins", at("/sign-ins"), "This browser"),
    State("sign-ins-several", _elsewhere, "Chrome/156.0.0.0"),
    State("audit-day", _day, "token.make"),
    State("audit", _busy_year, "mailbox.suspend"),
    State("audit-older", _older, "Newer"),
    State("audit-none", at("/audit?who=nobody&from=2026-11-01&to=2026-11-02"), "Nothing of that kind was done."),
)


# -- Mend ----------------------------------------------------------------------------------------------
def _stopped(way: ways.Way) -> Stage:
    """The tenth session is taken; the nine before it are said to have failed too."""

    def stop(office: Office) -> str:
        if way.delegated:
            ways.delegate(office)
        ways.live(office)
        way.stop(office)
        failed = dict.fromkeys(("strikes", "rejections"), refusals.STOPPED - 1)
        Mailbox.of(office.scope).update(**failed)
        Org.of(office.scope).update(**failed)
        ways.live(office)
        return MEND

    return stop


def _name(way: ways.Way) -> str:
    return "mend-" + way.name.replace("'", "").replace(",", "").replace(" ", "-").lower()


def _secret(page: Page) -> None:
    page.get_by_label("New secret").first.fill("another wrong one")
    pressing("Keep the secret and try again")(page)


BY_NAME = {way.name: way for way in ways.WAYS}
REVOKED, EXPIRED = BY_NAME["token revoked, password changed"], BY_NAME["app's secret expired"]
MENDING = (
    State("mend", at(MEND), "Nothing has to be mended: sync runs."),
    *(State(_name(way), _stopped(way), "Suspended since") for way in ways.WAYS),
    State("mend-own", _stopped(REVOKED), "Sign in to the mailbox", who=BEN),
    State("mend-not-mine", _stopped(BY_NAME["licence removed"]), "Only your administrator can mend this", who=BEN),
    State("mend-secret", _stopped(EXPIRED), "The secret is kept", _secret),
)


# -- Set up sync ---------------------------------------------------------------------------------------
def without_mailbox(office: Office) -> None:
    Mailbox.of(office.scope).filter(address=BEN).delete()


def _hindered(office: Office) -> str:
    without_mailbox(office)
    Person.of(office.scope).filter(address=BEN).update(license=None)
    return SET_UP


def no_way(office: Office) -> str:
    without_mailbox(office)
    Connection.of(office.scope).all().delete()
    return SET_UP


def _at_once(office: Office) -> str:
    without_mailbox(office)
    return SET_UP


def by_sign_in(office: Office) -> str:
    without_mailbox(office)
    offer(office)
    return SET_UP


def _letter(office: Office) -> str:
    by_sign_in(office)
    return f"{SET_UP}/letter"


def _box(office: Office) -> Mailbox:
    return ways.box_of(office, BEN)


def _paused(office: Office) -> str:
    schedule.pause(office.scope, _box(office).pk, office.clock)
    return SET_UP


def _standing(office: Office) -> str:
    _stopped(REVOKED)(office)
    return SET_UP


def _owner(office: Office) -> Actor:
    return Actor("web", _box(office).person_id)


def _leaving(office: Office) -> str:
    box = _box(office)
    leaving.begin(office.org.scope, box.pk, office.clock, _owner(office))
    return SET_UP


def _left(office: Office) -> str:
    box = _box(office)
    leaving.at_once(office.org.scope, box.pk, office.house.stores.vault(), office.clock, _owner(office))
    return SET_UP


def _switched_off(office: Office) -> str:
    leaving.at_once(office.org.scope, _box(office).pk, office.house.stores.vault(), office.clock)
    return SET_UP


SETTING_UP = (
    State("set-up-hindered", _hindered, "Your mailbox cannot be connected yet.", who=BEN),
    State("set-up-no-way", no_way, "has not connected this server to your organization's mailboxes", who=BEN),
    State("set-up-at-once", _at_once, "so you need not sign in:", who=BEN),
    State("set-up", by_sign_in, "Microsoft asks you to allow this", who=BEN),
    State("set-up-letter", _letter, "I am that administrator", who=BEN),
    State("set-up-later", at(f"{SET_UP}/later"), "What does not work until your mailbox is connected", who=BEN),
    State("set-up-active", at(SET_UP), "Your mailbox and Salesforce are kept in step.", who=BEN),
    State("set-up-paused", _paused, "Paused", who=BEN),
    State("set-up-standing", _standing, "Sign in to the mailbox", who=BEN),
    State("set-up-leaving", _leaving, "Being disconnected", who=BEN),
    State("set-up-left", _left, "You disconnected your mailbox.", who=BEN),
    State("set-up-switched-off", _switched_off, "only an administrator can switch it on again", who=BEN),
    State("set-up-allowed", at("/mailbox/sign-in/callback?admin_consent=True&tenant=x"), "allowed", who=""),
)
ALL = (*ACTIVATING, *BESIDE, *COPIED, *TOKENS, *OPERATORS, *SEEN, *MENDING, *SETTING_UP)
