"""A small company to try things on: three people with mailboxes, one Salesforce org, customers, leads and deals.

Everybody lives at reserved domains. The ids and secrets are the sandbox's own and open nothing outside of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sandbox.checked import NoSuch, checked
from sandbox.graph.accounts import Account
from sandbox.http import Call, Response, Route, json_response
from sandbox.salesforce.apps import App
from sandbox.salesforce.ids import Id
from sandbox.salesforce.logins import Login
from sandbox.salesforce.site import Site, open_org
from sandbox.world import World

PACKAGE = Path(__file__).resolve().parent.parent / "salesforce-package"
DOMAIN = "larch.test"
GRAPH_CLIENT, GRAPH_SECRET = "larch-graph-app", "larch-graph-secret"
CRM_CLIENT, CRM_SECRET = "larch-crm-app", "larch-crm-secret"
GOOGLE_CLIENT, GOOGLE_SECRET = "larch-google-app", "larch-google-secret"
PASSWORD, SECURITY_TOKEN = "larch-password", "larch-token"
"""Of everybody who has a mailbox: the password at both vendors, and the token for clients that sign in to
Salesforce with a user name."""
GRAPH_ROLES = ("Mail.ReadWrite", "Calendars.ReadWrite", "MailboxSettings.ReadWrite", "User.Read.All")

PEOPLE = (
    ("ada", "Ada", "Keller", ("a.keller",)),
    ("ben", "Ben", "Okafor", ()),
    ("cleo", "Cleo", "Marín", ()),
)
NEWCOMER = ("dana", "Dana", "Weiss", ())
"""Has accounts at both vendors, and nobody has connected them."""
STRANGER = ("edda", "Edda", "Holm", ())
"""Likewise, and nobody has said who she is: she registers by herself."""
SITE = "partners"
"""Of Experience Cloud."""
SIGN_IN_SCOPES = ("Mail.ReadWrite", "Calendars.ReadWrite", "MailboxSettings.ReadWrite", "User.Read")
CUSTOMERS = (
    ("Birchworks", "birchworks.test", (("nora", "Nora", "Lindqvist"), ("omar", "Omar", "Haddad"))),
    ("Cedar Bank", "cedarbank.test", (("priya", "Priya", "Raman"),)),
    ("Elm & Sons", "elmsons.test", (("quentin", "Quentin", "Baker"), ("rosa", "Rosa", "Núñez"))),
)
LEADS = (("sofia", "Sofía", "Duarte", "Dogwood Media", "dogwood.test"), ("tom", "Tom", "Yates", "Fir", "fir.test"))
DEALS = (("Birchworks: new saw line", "Birchworks", "ada"), ("Cedar Bank: renewal", "Cedar Bank", "ben"))


@dataclass(frozen=True, slots=True)
class Colleague:
    address: str
    name: str
    user: Id


@dataclass(frozen=True, slots=True)
class Company:
    """What somebody needs to know to connect to it."""

    microsoft_tenant: str
    site: Site
    colleagues: tuple[Colleague, ...]
    integration_user: Id
    accounts: dict[str, Id]
    contacts: dict[str, Id]
    """Address → Contact."""
    leads: dict[str, Id]
    deals: dict[str, Id]
    """Name → Opportunity."""


def found(
    world: World,
    *,
    callbacks: Sequence[str] = (),
    package: Path | None = PACKAGE,
    people: Sequence[tuple[str, str, str, Sequence[str]]] = PEOPLE,
) -> Company:
    """Found the company in an empty world. `package=None` leaves the org without Crosstie's fields.

    All vendors' apps may send people back to `callbacks`. Mailboxes are at Microsoft; accounts at Google everybody
    has too, and may sign in with them.
    """
    workspace = world.google.open_workspace(DOMAIN)
    world.google.register(GOOGLE_CLIENT, GOOGLE_SECRET, callbacks, internal_to=workspace)
    tenant = world.microsoft.add_tenant(DOMAIN)
    app = world.microsoft.register_app(
        "Crosstie", client_id=GRAPH_CLIENT, secret=GRAPH_SECRET, roles=GRAPH_ROLES, redirect_uris=callbacks
    )
    world.microsoft.consent(app, tenant)
    site = open_org(world, name="Larch", my_domain="larch")
    if package:
        site.org.load_package(package)
    integration = site.org.add_user(f"crosstie@{DOMAIN}", "Crosstie", "Integration")
    site.register(
        App(
            CRM_CLIENT,
            CRM_SECRET,
            name="Crosstie",
            callbacks=tuple(callbacks),
            run_as=site.org.admin,
            preauthorised="everybody",
        )
    )
    colleagues = tuple(_colleague(world, site, *person) for person in people)
    _appoint(world, colleagues[-1])
    accounts, contacts = _customers(site, colleagues)
    leads, deals = _leads(site, colleagues), _deals(site, colleagues, accounts)
    return Company(tenant.id, site, colleagues, integration, accounts, contacts, leads, deals)


def welcome(world: World, company: Company) -> None:
    """Two more colleagues, in a company whose administrator has allowed everybody to let Crosstie's app in, and a
    site that one may sign in at.
    """
    app, tenant = world.microsoft.apps[GRAPH_CLIENT], world.microsoft.tenant(DOMAIN)
    assert tenant is not None, "the company was founded"
    world.microsoft.consent(app, tenant, SIGN_IN_SCOPES)
    company.site.sites.add(SITE)
    for person in (NEWCOMER, STRANGER):
        _colleague(world, company.site, *person)


def _facts(call: Call) -> Response:
    """What somebody who connects to the company has to know; `people` are the colleagues with a mailbox,
    `newcomers` those who are to connect theirs by themselves, and `strangers` those who are to register.
    """
    world = call.world
    site = next((site for site in world.orgs.values() if CRM_CLIENT in site.apps), None)
    tenant = world.microsoft.tenant(DOMAIN)
    if site is None or tenant is None:
        raise NoSuch("this sandbox was started without the company")
    everybody = [
        {
            "address": mailbox.address,
            "aliases": list(mailbox.aliases),
            "name": mailbox.name,
            "time_zone": mailbox.time_zone,
            "crm_user_id": site.org.user_by_username(mailbox.address),
        }
        for mailbox in world.mailboxes.mailboxes
    ]
    new, strange = f"{NEWCOMER[0]}@{DOMAIN}", f"{STRANGER[0]}@{DOMAIN}"
    who = {
        "people": [one for one in everybody if one["address"] not in (new, strange)],
        "newcomers": [one for one in everybody if one["address"] == new],
        "strangers": [one for one in everybody if one["address"] == strange],
    }
    graph = {"tenant": tenant.id, "client_id": GRAPH_CLIENT, "client_secret": GRAPH_SECRET}
    crm = {"org_id": site.org.id, "client_id": CRM_CLIENT, "client_secret": CRM_SECRET}
    google = {"domain": DOMAIN, "client_id": GOOGLE_CLIENT, "client_secret": GOOGLE_SECRET}
    crm |= {"password": PASSWORD, "security_token": SECURITY_TOKEN}
    return json_response({"name": site.org.name, **who, "graph": graph, "crm": crm, "google": google})


ROUTES = (Route("company", "GET", "/sandbox/company", checked(_facts)),)
"""For the sandbox's own face."""


def _colleague(world: World, site: Site, local: str, first: str, last: str, aliases: Sequence[str]) -> Colleague:
    address = f"{local}@{DOMAIN}"
    mailbox = world.mailboxes.add_mailbox(
        address, f"{first} {last}", [f"{alias}@{DOMAIN}" for alias in aliases], time_zone="Europe/Berlin"
    )
    world.microsoft.accounts[str(mailbox.guid)] = Account(PASSWORD)
    world.google.add_account(address, f"{first} {last}", world.google.workspace(DOMAIN))
    user = site.org.add_user(address, first, last)
    site.logins[user] = Login(PASSWORD, SECURITY_TOKEN)
    return Colleague(address, f"{first} {last}", user)


def _appoint(world: World, colleague: Colleague) -> None:
    """The last of them looks after the Microsoft tenant."""
    mailbox = world.mailboxes.mailbox(colleague.address)
    assert mailbox is not None, "everybody has one"
    world.microsoft.accounts[str(mailbox.guid)].admin = True


def _customers(site: Site, colleagues: Sequence[Colleague]) -> tuple[dict[str, Id], dict[str, Id]]:
    accounts: dict[str, Id] = {}
    contacts: dict[str, Id] = {}
    anybody = colleagues[0].user
    for name, domain, people in CUSTOMERS:
        accounts[name] = site.org.insert(anybody, "Account", {"Name": name, "Website": f"https://{domain}"})
        for local, first, last in people:
            address = f"{local}@{domain}"
            fields = {"FirstName": first, "LastName": last, "Email": address, "AccountId": accounts[name]}
            contacts[address] = site.org.insert(anybody, "Contact", fields)
    return accounts, contacts


def _deals(site: Site, colleagues: Sequence[Colleague], accounts: dict[str, Id]) -> dict[str, Id]:
    owner = {colleague.address.partition("@")[0]: colleague.user for colleague in colleagues}
    anybody = colleagues[0].user
    deals: dict[str, Id] = {}
    close = (site.clock.now() + timedelta(days=60)).date().isoformat()
    for name, account, whose in DEALS:
        fields = {
            "Name": name,
            "AccountId": accounts[account],
            "StageName": "Prospecting",
            "CloseDate": close,
            "OwnerId": owner.get(whose, anybody),
        }
        deals[name] = site.org.insert(anybody, "Opportunity", fields)
    return deals


def _leads(site: Site, colleagues: Sequence[Colleague]) -> dict[str, Id]:
    leads: dict[str, Id] = {}
    for local, first, last, company, domain in LEADS:
        address = f"{local}@{domain}"
        fields = {"FirstName": first, "LastName": last, "Company": company, "Email": address}
        leads[address] = site.org.insert(colleagues[-1].user, "Lead", fields)
    return leads
