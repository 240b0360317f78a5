"""Where everything is put together: the engine's ports for an org, with this process's clients and keys."""

import functools
import os
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import quote, urlsplit

from crosstie.accounts.connection import connections, credentials, orgs
from crosstie.accounts.connection.access import Stores
from crosstie.accounts.connection.connections import ConnectionInfo
from crosstie.accounts.connection.orgs import OrgInfo
from crosstie.accounts.connection.push import Words
from crosstie.accounts.sign_in import workspaces
from crosstie.accounts.sign_in.signing_in import Door
from crosstie.accounts.sign_in.workspaces import Workspace
from crosstie.accounts.words import Unacceptable
from crosstie.config import environment, secrets
from crosstie.config.environment import Config
from crosstie.domain.access import AuthMode
from crosstie.domain.clock import Clock, SystemClock
from crosstie.domain.errors import Fatal, NeedsConsent
from crosstie.domain.push import Hook
from crosstie.engine.ports import Ports
from crosstie.jobs.fanout import Threads
from crosstie.mailboxes.graph.connection import GRAPH, LOGIN, GraphConnection
from crosstie.mailboxes.graph.mailbox import GraphAccess
from crosstie.openid import App, Client
from crosstie.ports.roster import MailRoster
from crosstie.ports.vault import Secrets, Step
from crosstie.salesforce import hosts
from crosstie.salesforce.auth import OrgConnection
from crosstie.salesforce.crm import SalesforceAccess
from crosstie.store.models import Scope
from crosstie.transport import Http

LEASE_TIMEOUTS, MARGIN_TIMEOUTS, TAKEOVER_TIMEOUTS = 5.0, 2.5, 2.0
"""How many answers' time a lease lasts, must be left for a write to start, and is waited before a takeover."""
STRANGERS_WAIT, STRANGERS_LARGEST = 5.0, 1024 * 1024
"""Seconds until an answer begins, and bytes of it, where anybody at all can have us ask."""
PUSH_PATH = "/push/graph"
GRAPH_HOSTS = (
    "graph.microsoft.com",
    "graph.microsoft.us",
    "dod-graph.microsoft.us",
    "microsoftgraph.chinacloudapi.cn",
)
COMMON_ISSUERS = ("https://login.salesforce.com", "https://test.salesforce.com")
"""Who signs Salesforce's id tokens for those too who asked at the org's own address, or so it is said."""
GOOGLE_HOSTS = ("accounts.google.com",)
GOOGLE_ORIGINS = ("https://oauth2.googleapis.com", "https://www.googleapis.com")
"""Of Google's addresses for codes and for keys."""
LOGIN_HOSTS = ("login.microsoftonline.com", "login.microsoftonline.us", "login.partner.microsoftonline.cn")


@dataclass(frozen=True, slots=True)
class Wiring:
    config: Config
    clock: Clock
    stores: Stores
    mailboxes: GraphAccess
    crm: SalesforceAccess
    fanout: Threads
    strangers: Http
    """The way out for what those have us ask whom we do not know yet."""

    @property
    def lease_seconds(self) -> float:
        return LEASE_TIMEOUTS * self.config.http_timeout

    @property
    def push_words(self) -> Words:
        return Words(self.stores.secrets.digest)

    def ports(self, scope: Scope) -> Ports:
        """For an org's scope (`orgs.get(…).scope`)."""
        if scope.org_id is None:
            raise Fatal("NO-ORG")
        return Ports(
            crm=self.crm.open(scope.org_id),
            mailboxes=self.mailboxes,
            states=self.stores.states(scope),
            journal=self.stores.journal(scope),
            backfills=self.stores.backfills(scope),
            fanout=self.fanout,
            clock=self.clock,
            write_margin=timedelta(seconds=MARGIN_TIMEOUTS * self.config.http_timeout),
        )

    def mail_roster(self, scope: Scope) -> MailRoster:
        """All mailboxes of a tenant. Raises NeedsConsent where no administrator granted access to them."""
        info = connections.of_all(scope)
        if info is None:
            raise NeedsConsent("GRAPH-NO-CREDENTIAL")
        return self.mailboxes.roster(graph_connection(self.config, self.stores, "", info))

    @property
    def openid(self) -> Client:
        return Client(self.strangers, self.clock)

    def sign_in_app(self, door: Door, redirect_uri: str) -> App:
        """The company's own app at its provider of identities: at Salesforce and Microsoft the one that reads and
        writes for it.
        """
        if door.org:
            return self._at_salesforce(door, door.org, redirect_uri)
        if door.workspace:
            return self._at_google(door, door.workspace, redirect_uri)
        if door.connection:
            return self._at_microsoft(door.connection, redirect_uri)
        raise Fatal("NO-DOOR")

    def _at_salesforce(self, door: Door, org: OrgInfo, redirect_uri: str) -> App:
        base = hosts.login_origin(org.details.login_url, self.config.trusted_origins)
        issuers = (base, *COMMON_ISSUERS, *filter(None, [door.site]))
        secret = self._client_secret(org.secret_place)
        return App(door.site or base, org.details.client_id, redirect_uri, secret, issuers=issuers)

    def _at_microsoft(self, info: ConnectionInfo, redirect_uri: str) -> App:
        details = info.details
        login = vendor_url(details.authority or LOGIN, LOGIN_HOSTS, self.config)
        base = f"{login}/{quote(details.directory, safe='')}/v2.0"
        secret = self._client_secret(info.secret_place)
        return App(base, details.client_id, redirect_uri, secret, "openid profile email")

    def _at_google(self, door: Door, workspace: Workspace, redirect_uri: str) -> App:
        """The session is left alone: ending it would take the person's consent back, and with it whatever else
        they have granted this client. Older tokens name the issuer without its scheme.

        https://developers.google.com/identity/openid-connect/reference
        """
        base = vendor_url(workspace.base, GOOGLE_HOSTS, self.config)
        hd = workspace.domains[0] if len(workspace.domains) == 1 else "*"
        return App(
            base,
            workspace.client_id,
            redirect_uri,
            self._client_secret(workspaces.secret_place(door.scope)),
            "openid email",
            issuers=(base.partition("://")[2],),
            origins=GOOGLE_ORIGINS,
            hints=(("hd", hd), ("prompt", "select_account")),
            ends=False,
        )

    def _client_secret(self, place: str) -> str:
        return credentials.of(self.stores.vault(), place).get("client_secret", "")


@functools.cache
def get() -> Wiring:
    """This process's one; made at first use, after Django is ready."""
    config = environment.load(os.environ)
    clock = SystemClock()
    stores = Stores(
        secrets.ensure(config.home, os.environ),
        clock,
        takeover=TAKEOVER_TIMEOUTS * config.http_timeout,
        answer=config.http_timeout,
    )
    http = Http(timeout=config.http_timeout, ca_file=config.ca_file)
    return Wiring(
        config,
        clock,
        stores,
        GraphAccess(
            http,
            functools.partial(_graph_connection, config, stores),
            clock,
            stores.facts(),
            functools.partial(exchange_of_mailbox, stores),
            _hook(config, stores),
        ),
        SalesforceAccess(
            http,
            functools.partial(_org_connection, stores),
            clock,
            functools.partial(exchange_of_org, stores),
            trusted=config.trusted_origins,
        ),
        Threads(),
        for_strangers(config),
    )


def for_strangers(config: Config) -> Http:
    """Short of patience, and never all of a web process: whoever is signed in is served beside it."""
    return Http(
        timeout=min(STRANGERS_WAIT, config.http_timeout),
        ca_file=config.ca_file,
        largest=STRANGERS_LARGEST,
        connections=max(1, config.web_threads // 2),
        patience=0,
    )


def _hook(config: Config, stores: Stores) -> Hook | None:
    word = Words(stores.secrets.digest).word
    return Hook(f"{config.public_url}{PUSH_PATH}", word) if config.push else None


def _graph_connection(config: Config, stores: Stores, mailbox_id: int) -> GraphConnection | None:
    try:
        found = connections.of_mailbox(mailbox_id)
    except Unacceptable as missing:
        raise NeedsConsent("GRAPH-NO-CREDENTIAL") from missing
    if found is None:
        return None
    return graph_connection(config, stores, *found)


def graph_connection(config: Config, stores: Stores, address: str, info: ConnectionInfo) -> GraphConnection:
    """This mailbox, entered as `info` says; before it is activated too."""
    secret = credentials.of(stores.vault(), info.secret_place)
    details = info.details
    return GraphConnection(
        address,
        details.directory,
        details.client_id,
        secret=secret.get("client_secret", ""),
        refresh_token=secret.get("refresh_token", ""),
        login_url=vendor_url(details.authority or LOGIN, LOGIN_HOSTS, config),
        graph_url=vendor_url(details.endpoint or GRAPH, GRAPH_HOSTS, config),
    )


def vendor_url(url: str, hosts: tuple[str, ...], config: Config) -> str:
    """Requests go to the vendor or to an origin the deployment trusts, wherever a row says they should go."""
    parts = urlsplit(url)
    origin = f"{parts.scheme}://{parts.netloc}"
    if origin in config.trusted_origins or (parts.scheme == "https" and parts.netloc in hosts):
        return url
    raise Fatal("GRAPH-FOREIGN-HOST")


def _org_connection(stores: Stores, org_id: int) -> OrgConnection:
    info = orgs.get(org_id)
    secret = credentials.of(stores.vault(), info.secret_place)
    return OrgConnection(
        info.details.login_url,
        AuthMode(info.details.auth_mode),
        info.details.client_id,
        client_secret=secret.get("client_secret", ""),
        private_key=secret.get("private_key", ""),
        refresh_token=secret.get("refresh_token", ""),
        username=info.details.username,
    )


def exchange_of_org(stores: Stores, org_id: int, step: Step) -> Secrets:
    return credentials.change(stores.vault(), orgs.get(org_id).secret_place, step)


def exchange_of_mailbox(stores: Stores, mailbox_id: int, step: Step) -> Secrets:
    """Where access was forgotten since, `step` finds none, or the tenant's, which is nobody's own."""
    try:
        found = connections.of_mailbox(mailbox_id)
    except Unacceptable as missing:
        raise NeedsConsent("GRAPH-NO-CREDENTIAL") from missing
    if found is None:
        raise NeedsConsent("GRAPH-NO-CREDENTIAL")
    return credentials.change(stores.vault(), found[1].secret_place, step)


def keep_client_secret(stores: Stores, place: str, client_secret: str) -> None:
    credentials.change(stores.vault(), place, lambda secrets: {**secrets, "client_secret": client_secret})
