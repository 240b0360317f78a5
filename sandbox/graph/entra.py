"""Microsoft's directory: tenants, registered apps, what was consented to, and the tokens that are out."""

import base64
import hashlib
import hmac
import random
import secrets
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal

import jwt

from sandbox.clock import Clock
from sandbox.graph.throttle import GlobalMeter, Meter
from sandbox.signing import Signing

if TYPE_CHECKING:
    from sandbox.graph.accounts import Account
    from sandbox.graph.uploads import Upload

CODE_LIFE = timedelta(minutes=10)
REFRESH_LIFE = timedelta(days=90)
TOKEN_LIFE_MINUTES = (60, 90)
"""Microsoft draws an access token's life at random between these."""
LONG_LIFE_MINUTES = (20 * 60, 28 * 60)
"""Of tokens that can be challenged at any time."""
ADMIN_ONLY = ("Mail.", "Calendars.", "Contacts.ReadWrite", "Tasks.", "MailboxSettings.", "User.Read.All")
"""Scopes that Microsoft's default policy lets only an administrator consent to."""


@dataclass(slots=True)
class App:
    client_id: str
    name: str
    secrets: dict[str, datetime | None] = field(default_factory=dict)
    """Secret → the moment it expires, None for never."""
    certificates: list[str] = field(default_factory=list)
    """PEM of the public certificates it may sign assertions with."""
    roles: frozenset[str] = frozenset()
    """Application permissions it is registered with."""
    redirect_uris: tuple[str, ...] = ()
    role_consents: set[str] = field(default_factory=set)
    """Tenants whose administrator consented to the application permissions."""
    scope_consents: dict[str, set[str]] = field(default_factory=dict)
    """Tenant, or tenant and user (`tenant/user`) → delegated permissions consented to."""
    only_mailboxes: frozenset[str] | None = None
    """When set, Exchange's own role assignment lets the app into these mailboxes alone."""
    only_group: str = ""
    """Id of a group: an application access policy lets the app into its members' mailboxes alone."""
    disabled_in: set[str] = field(default_factory=set)
    """Tenants where an administrator has switched it off for everybody."""
    tells_roles: bool = False
    """Whether id tokens name the person's roles in the directory (`groupMembershipClaims: DirectoryRole`)."""
    assigned: dict[str, frozenset[str]] = field(default_factory=dict)
    """Tenant → addresses of those who may use it, where the tenant wants people to be assigned."""

    def may_delegate(self, tenant: str, user: str, scopes: Iterable[str]) -> bool:
        granted = self.delegable(tenant, user)
        return all(scope in granted or (scope == ".default" and granted) for scope in scopes)

    def delegable(self, tenant: str, user: str) -> set[str]:
        """What was consented to for this user; `.default` asks for all of it."""
        return self.scope_consents.get(tenant, set()) | self.scope_consents.get(f"{tenant}/{user}", set())


@dataclass(frozen=True, slots=True)
class Tenant:
    id: str
    domains: tuple[str, ...]


@dataclass(slots=True)
class Group:
    """A mail-enabled security group: such may scope an app, and hold further groups."""

    id: str
    tenant: str
    name: str
    mail: str
    members: list[str]
    """Ids of people and groups, in the order in which they came."""


@dataclass(frozen=True, slots=True)
class Grant:
    """What an access token stands for. `user` is None in app-only tokens."""

    app: App
    tenant: str
    user: str | None
    permissions: frozenset[str]
    issued: datetime
    expires: datetime
    challengeable: bool = False
    """Its client has said that it understands claims challenges (capability cp1)."""


@dataclass(frozen=True, slots=True)
class Policy:
    """Conditional access: sign-ins are refused, or people must prove themselves a second time."""

    kind: Literal["block", "mfa"]
    users: frozenset[str] | None = None
    """Addresses it applies to, None for everybody."""
    apps: frozenset[str] = frozenset()
    """Apps whose own sign-ins are blocked (workload identities)."""


@dataclass(frozen=True, slots=True)
class Code:
    app: App
    tenant: str
    user: str
    scopes: tuple[str, ...]
    redirect_uri: str
    challenge: str
    challenge_method: str
    nonce: str
    issued: datetime
    twice_proven: bool = False


@dataclass(frozen=True, slots=True)
class RefreshToken:
    app: App
    tenant: str
    user: str
    scopes: tuple[str, ...]
    issued: datetime
    twice_proven: bool = False
    """The person gave a second proof when they signed in."""


class Directory:
    def __init__(self, clock: Clock, dice: random.Random) -> None:
        self.clock = clock
        self.dice = dice
        self.key = f"{dice.getrandbits(512):0128x}"
        """Signs access tokens and cursors: only this world's own are accepted."""
        self.tenants: list[Tenant] = []
        self.apps: dict[str, App] = {}
        self.tokens: dict[str, Grant] = {}
        self.codes: dict[str, Code] = {}
        self.redeemed: set[str] = set()
        self.refresh_tokens: dict[str, RefreshToken] = {}
        self.valid_from: dict[str, datetime] = {}
        """User → refresh tokens issued earlier are revoked."""
        self.challenged_from: dict[str, datetime] = {}
        """User, or app and tenant (`app@tenant`) → access tokens issued earlier are challenged where the client
        understands that."""
        self.accounts: dict[str, Account] = {}
        """User → password and rights; who is missing has neither."""
        self.groups: dict[str, Group] = {}
        """By id."""
        self.signing = Signing("Microsoft", timedelta(days=30), "thumbprint")
        self.policies: dict[str, Policy] = {}
        """Tenant → its conditional access."""
        self.uploads: dict[str, Upload] = {}
        """Attachments that are on their way in pieces."""
        self.meters: dict[tuple[str, str], Meter] = {}
        """App and mailbox → what counts against Outlook's limits."""
        self.global_meters: dict[str, GlobalMeter] = {}
        """App → what counts against the limit over all tenants."""

    # Tenants and apps

    def add_tenant(self, *domains: str) -> Tenant:
        tenant = Tenant(str(self._guid()), tuple(domain.lower() for domain in domains))
        self.tenants.append(tenant)
        return tenant

    def tenant(self, name: str) -> Tenant | None:
        """By id or by one of its domains."""
        wanted = name.lower()
        return next((one for one in self.tenants if wanted == one.id or wanted in one.domains), None)

    def tenant_of(self, address: str) -> Tenant:
        """The tenant that has the address's domain; a domain nobody has becomes a tenant of its own."""
        domain = address.partition("@")[2].lower()
        return self.tenant(domain) or self.add_tenant(domain)

    def register_app(
        self,
        name: str,
        *,
        client_id: str = "",
        secret: str = "",
        certificates: Iterable[str] = (),
        roles: Iterable[str] = (),
        redirect_uris: Iterable[str] = (),
    ) -> App:
        app = App(
            client_id or str(self._guid()),
            name,
            {secret: None} if secret else {},
            list(certificates),
            frozenset(roles),
            tuple(redirect_uris),
        )
        self.apps[app.client_id] = app
        return app

    def consent(self, app: App, tenant: Tenant, scopes: Iterable[str] = ()) -> None:
        """As the tenant's administrator: to all application permissions and to these delegated ones."""
        app.role_consents.add(tenant.id)
        app.scope_consents.setdefault(tenant.id, set()).update(scopes)

    def withdraw_scopes(self, app: App, tenant: Tenant, scopes: Iterable[str]) -> None:
        """Of the delegated permissions these alone, whoever consented to them."""
        for key, given in app.scope_consents.items():
            if key.partition("/")[0] == tenant.id:
                given.difference_update(scopes)

    def forget_app(self, app: App, tenant: Tenant, user: str) -> None:
        """As when a person takes the app out of their list; the tenant's own consent stands."""
        app.scope_consents.pop(f"{tenant.id}/{user}", None)

    def withdraw_consent(self, app: App, tenant: Tenant) -> None:
        app.role_consents.discard(tenant.id)
        for key in [key for key in app.scope_consents if key.partition("/")[0] == tenant.id]:
            del app.scope_consents[key]
        self.tokens = {
            token: grant
            for token, grant in self.tokens.items()
            if grant.app is not app or grant.tenant != tenant.id
        }

    def end_tokens(self) -> int:
        """No access token that is out is good any more; refresh tokens stay. Answers how many ended."""
        ended = len(self.tokens)
        self.tokens.clear()
        return ended

    def revoke_user(self, user: str) -> None:
        """As after a password reset: refresh tokens die, access tokens live out their hour or are challenged."""
        self.valid_from[user] = self.clock.now()
        self.challenge(user)

    def challenge(self, whom: str) -> None:
        """As after a change of network or risk; `whom` as in `challenged_from`."""
        self.challenged_from[whom] = self.clock.now()

    def is_challenged(self, grant: Grant) -> bool:
        since = self.challenged_from.get(grant.user or f"{grant.app.client_id}@{grant.tenant}")
        return grant.challengeable and since is not None and grant.issued <= since

    def rotate_secret(self, app: App, secret: str) -> None:
        """The old ones have expired, the new one never does."""
        app.secrets = {**dict.fromkeys(app.secrets, self.clock.now()), secret: None}

    def add_group(self, tenant: Tenant, name: str, mail: str, members: Iterable[str] = ()) -> Group:
        """`members` are ids of people and groups."""

        group = Group(str(self._guid()), tenant.id, name, mail.lower(), list(members))
        self.groups[group.id] = group
        return group

    def members(self, group: Group, *, transitive: bool) -> list[str]:
        """Ids, each once, however many ways lead to it; a group that is in itself is no member of its own."""
        found: dict[str, None] = {}
        ahead = list(group.members)
        for one in ahead:
            if one != group.id and one not in found:
                found[one] = None
                below = self.groups.get(one)
                ahead += below.members if below and transitive else []
        return list(found)

    def in_group(self, user: str, group_id: str) -> bool:
        """A group that is gone has nobody."""
        group = self.groups.get(group_id)
        return group is not None and user in self.members(group, transitive=True)

    # Tokens

    def issue(
        self,
        app: App,
        tenant: str,
        user: str | None,
        permissions: Iterable[str],
        claims: dict[str, Any],
        *,
        challengeable: bool = False,
    ) -> tuple[str, int]:
        """An access token and its life in seconds; one that can be challenged lives about a day."""
        now = self.clock.now()
        minutes = LONG_LIFE_MINUTES if challengeable else TOKEN_LIFE_MINUTES
        life = self.dice.randint(*minutes) * 60 - 1
        granted = frozenset(permissions)
        body = {
            "aud": "https://graph.microsoft.com",
            "iss": f"https://sts.windows.net/{tenant}/",
            "iat": int(now.timestamp()),
            "exp": int(now.timestamp()) + life,
            "appid": app.client_id,
            "tid": tenant,
            "uti": self.random_text(16),
            **({"xms_cc": ["cp1"]} if challengeable else {}),
            **({"scp": " ".join(sorted(granted))} if user else {"roles": sorted(granted)}),
            **claims,
        }
        token = jwt.encode(body, self.key, algorithm="HS256")
        self.tokens = {text: one for text, one in self.tokens.items() if one.expires > now - timedelta(days=1)}
        until = now + timedelta(seconds=life)
        self.tokens[token] = Grant(app, tenant, user, granted, now, until, challengeable)
        return token, life

    def issue_refresh(
        self, app: App, tenant: str, user: str, scopes: tuple[str, ...], *, twice_proven: bool = False
    ) -> str:
        token = "1." + self.random_text(120)
        now = self.clock.now()
        self.refresh_tokens[token] = RefreshToken(app, tenant, user, scopes, now, twice_proven)
        return token

    def pairwise(self, app: App, user: str) -> str:
        """`sub`: who somebody is to this app, and to no other."""
        digest = hmac.digest(self.key.encode(), f"{app.client_id}/{user}".encode(), hashlib.sha256)
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()

    def random_text(self, length: int) -> str:
        alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
        return "".join(self.dice.choices(alphabet, k=length))

    def _guid(self) -> uuid.UUID:
        return uuid.UUID(int=self.dice.getrandbits(128), version=4)


def same_secret(given: str, known: str) -> bool:
    return secrets.compare_digest(given.encode(), known.encode())
