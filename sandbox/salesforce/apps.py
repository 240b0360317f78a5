"""Connected apps (External Client Apps alike): who may ask an org for tokens, and how."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal

from sandbox.salesforce.ids import Id
from sandbox.salesforce.usage import Usage

Flow = Literal["web_server", "refresh", "client_credentials", "jwt_bearer", "username_password"]

ALL_FLOWS: frozenset[Flow] = frozenset(("web_server", "refresh", "client_credentials", "jwt_bearer"))
"""But for user name and password, which a new org blocks."""
OFFLINE = frozenset(("refresh_token", "offline_access"))
"""Scopes that ask for a refresh token."""


@dataclass(slots=True)
class App:
    client_id: str
    client_secret: str
    name: str = "Integration"
    callbacks: tuple[str, ...] = ()
    """Redirect addresses; a request's must equal one of them."""
    flows: frozenset[Flow] = ALL_FLOWS
    scopes: frozenset[str] = frozenset(("api", "refresh_token", "id", "openid"))
    installed: bool = True
    """An administrator has installed it in this org, rather than a user of it having met it."""
    blocked: bool = False
    """An administrator has blocked it under Connected Apps OAuth Usage: nobody gets a session by it."""
    require_pkce: bool = True
    require_secret: bool = True
    """Whether the token endpoint wants the secret for codes and refresh tokens."""
    rotate_refresh_tokens: bool = False
    """Every refresh answers with a new refresh token and ends the old one."""
    refresh_life: timedelta | None = None
    """How long a refresh token is good, None for until it is revoked; zero ends it at once."""
    refresh_counts_from: Literal["issue", "use"] = "issue"
    permitted: Literal["all", "approved"] = "all"
    """Whether people may let it in themselves, or only those whom an administrator has let in may use it."""
    relax_ip: bool = False
    """It may come from outside of the login ranges of its users' profiles."""
    calls: Usage | None = None
    """An allowance of the app's own within the org's. It is told with every answer; that it ends anything was
    not read."""
    run_as: Id | None = None
    """The user of the client credentials flow."""
    certificate: str = ""
    """PEM of a certificate or public key that JWT assertions are checked against."""
    preauthorised: frozenset[Id] | Literal["everybody"] = frozenset()
    """Users whom an admin lets in without their own consent."""
    consented: set[Id] = field(default_factory=set)
    """Users who have said yes on the login page."""
    consented_scopes: dict[Id, frozenset[str]] = field(default_factory=dict)
    """To which scopes each of them; who is missing, to all."""

    def approved(self, user: Id) -> bool:
        """By an administrator."""
        return self.preauthorised == "everybody" or user in self.preauthorised

    def lets_in(self, user: Id) -> bool:
        """Whether a flow without a login page may act for this user."""
        return self.approved(user) or (self.permitted == "all" and user in self.consented)

    def has_consent(self, user: Id, scopes: Iterable[str]) -> bool:
        """Whether the login page need not ask."""
        given = self.consented_scopes.get(user, self.scopes)
        return self.approved(user) or (user in self.consented and set(scopes) <= given)

    def consent(self, user: Id, scopes: Iterable[str]) -> None:
        before = self.consented_scopes.get(user, frozenset())
        self.consented.add(user)
        self.consented_scopes[user] = before | frozenset(scopes)

    def withdraw(self, user: Id) -> None:
        self.consented.discard(user)
        self.consented_scopes.pop(user, None)
