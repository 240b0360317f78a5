"""An org as the outside meets it: its address, its apps, what it handed out and its allowance."""

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sandbox.clock import Backdated
from sandbox.http import Request
from sandbox.salesforce.apps import App
from sandbox.salesforce.bulk.jobs import Jobs
from sandbox.salesforce.ids import Id
from sandbox.salesforce.logins import Login
from sandbox.salesforce.org import Org
from sandbox.salesforce.switches import SESSIONS_END_EARLY
from sandbox.salesforce.tokens import Session, Tokens, approval_key
from sandbox.salesforce.usage import Usage, daily_allowances
from sandbox.switches import declare
from sandbox.world import World

MY_DOMAIN = ".my.salesforce.com"
EXPERIENCE = ".my.site.com"
"""Hosts of an org's sites of Experience Cloud, by the same name."""
LOGIN_HOSTS = ("login.salesforce.com", "test.salesforce.com")

SESSION_SLIDES = declare(
    "salesforce.session_slides",
    default=False,
    question="Does using a session after half of its length prolong it?",
    source="Session settings speak of inactive users; whether API calls count as activity was not re-read",
)
PASSWORD_ENDS_GRANTS = declare(
    "salesforce.new_password_ends_refresh_tokens",
    default=False,
    question="Does a new password end the user's refresh tokens beside the sessions?",
    source="notes 4.2, flow details recall: reports differ",
)


@dataclass(slots=True)
class Site:
    org: Org
    clock: Backdated
    """The org's own clock: a test writes as of an earlier moment with `clock.as_of(moment)`."""
    my_domain: str
    tokens: Tokens
    apps: dict[str, App] = field(default_factory=dict)
    """By client id."""
    logins: dict[Id, Login] = field(default_factory=dict)
    """By user id; who is missing cannot sign in with a password."""
    usage: Usage = field(default_factory=Usage)
    allowances: dict[str, Usage] = field(default_factory=daily_allowances)
    jobs: Jobs = field(default_factory=Jobs)
    """Of the Bulk API."""
    session_length: timedelta = timedelta(hours=2)
    own_domain_only: bool = False
    """Nobody signs in by the vendor's common login addresses, but by the org's own name alone."""
    sites: set[str] = field(default_factory=set)
    """Names of its sites of Experience Cloud, which stand before the path of every address there."""
    described: dict[str, str] = field(default_factory=dict)
    """When each description (by its digest) was first given out, as an ISO moment."""

    def register(self, app: App) -> App:
        self.apps[app.client_id] = app
        self.org.signins.show(app)
        return app

    def open_session(self, app: App, user: Id, scope: str, now: datetime, host: str, grant: str = "") -> Session:
        """For an app; the org remembers who signed in by what."""
        session = self.tokens.open_session(user, app.client_id, scope, now, self.session_length, grant)
        self.org.signins.used(approval_key(session), app, user)
        self.org.signins.attempt(user, "Remote Access 2.0", app.name, host=host)
        return session

    def change_password(self, user: Id, password: str) -> None:
        """Sessions go on; whether refresh tokens are good any more is a doubt."""
        self.logins.setdefault(user, Login("")).change(password)
        if self.org.switches.on(PASSWORD_ENDS_GRANTS):
            for grant in [one for one in self.tokens.grants.values() if one.user == user]:
                self.tokens.revoke(grant.token)

    def comes_from_outside(self, app: App | None, user: Id) -> bool:
        """Whether the login ranges of the user's profile refuse the client's address."""
        login = self.logins.get(user)
        return login is not None and login.foreign_network and not (app and app.relax_ip)

    def has_expired(self, session: Session) -> bool:
        """A session that was opened with a password which has to be changed first."""
        login = self.logins.get(session.user)
        return not session.client_id and login is not None and login.expired

    def limit_info(self, session: Session, now: datetime) -> str:
        """The value of Sforce-Limit-Info."""
        app = self.apps.get(session.client_id)
        own = f"; per-app-{app.calls.header(now)}(appName={app.name})" if app and app.calls else ""
        return self.usage.header(now) + own

    def address(self, request: Request) -> str:
        """`instance_url`: the org's own name on the vendor's hosts, elsewhere wherever it was reached."""
        if request.host.partition(":")[0].endswith(".salesforce.com"):
            return f"https://{self.my_domain}{MY_DOMAIN}"
        return request.host_url.rstrip("/")


def open_org(world: World, *, name: str = "Acme", my_domain: str = "acme", org_id: str | None = None) -> Site:
    """Add an empty org to the world."""
    dice = random.Random(f"{world.seed}/{my_domain}")
    clock = Backdated(world.clock)
    org = Org(clock, dice, org_id=org_id, name=name, switches=world.switches)
    tokens = Tokens(org.id, random.Random(f"{world.seed}/{my_domain}/tokens"), org.signins)
    site = Site(org, clock, my_domain, tokens)
    world.orgs[org.id] = site
    return site


def bearer(request: Request) -> str:
    """The access token of a request, empty when it carries none; `OAuth` is the vendor's older word."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() in ("bearer", "oauth") else ""


def site_of_token(world: World, token: str) -> Site | None:
    """An access token begins with its org's id."""
    org_id, mark, _ = token.partition("!")
    if not mark:
        return None
    return next((site for key, site in world.orgs.items() if key[:15] == org_id), None)


def session_of(world: World, request: Request) -> tuple[Site, Session] | None:
    """The live session a request belongs to."""
    return live_session(world, bearer(request))


def live_session(world: World, token: str) -> tuple[Site, Session] | None:
    """The session of an access token, unless it is over or its user was deactivated."""
    site = site_of_token(world, token)
    now = world.clock.now()
    session = site.tokens.session(token, now) if site else None
    if site is None or session is None or not is_active(site, session.user):
        return None
    if world.switches.on(SESSIONS_END_EARLY) and _ends_early(site, session, now):
        return None
    if world.switches.on(SESSION_SLIDES) and session.expires - now < site.session_length / 2:
        site.tokens.prolong(session, now + site.session_length)
    return site, session


def _ends_early(site: Site, session: Session, now: datetime) -> bool:
    if now - session.opened < timedelta(minutes=1) or site.org.core.dice.random() > 0.2:
        return False
    site.tokens.sessions.pop(session.token)
    return True


def host_of(request: Request) -> str:
    return request.host.partition(":")[0].lower()


def sites_at(world: World, request: Request) -> list[Site]:
    """The orgs a request may mean by its host: one on a My Domain name, none on one that nobody has, else all."""
    host, sites = host_of(request), list(world.orgs.values())
    for domain in (MY_DOMAIN, EXPERIENCE):
        if host.endswith(domain):
            return [site for site in sites if host == f"{site.my_domain}{domain}"]
    return [site for site in sites if host not in LOGIN_HOSTS or not site.own_domain_only]


def is_active(site: Site, user: Id) -> bool:
    row = site.org.get(site.org.admin, "User", user, ["IsActive"])
    return bool(row.get("IsActive"))


def may_use_api(site: Site, user: Id) -> bool:
    return bool(site.org.core.access.profile(user).get("PermissionsApiEnabled"))
