"""Google's accounts, the Workspaces some belong to, registered clients, and the codes and tokens that are out.

https://developers.google.com/identity/openid-connect/reference
"""

import hmac
import random
import string
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sandbox.clock import Clock
from sandbox.signing import Signing

CODE_LIFE = timedelta(minutes=10)
TOKEN_LIFE = timedelta(hours=1)
_LETTERS = string.ascii_letters + string.digits + "-_"


@dataclass(slots=True)
class Workspace:
    """An organisation: its first domain, and those it has beside it."""

    domains: tuple[str, ...]


@dataclass(slots=True)
class Account:
    subject: str
    """Never another account's, and the same to all clients."""
    address: str
    name: str
    workspace: Workspace | None = None
    """None: a consumer's own account, be its address anybody's."""
    verified: bool = True
    """Whether a letter to the address was answered."""
    enabled: bool = True

    @property
    def domain(self) -> str:
        return self.address.rpartition("@")[2]


@dataclass(slots=True)
class Client:
    client_id: str
    name: str
    secret: str
    redirect_uris: tuple[str, ...] = ()
    internal_to: Workspace | None = None
    """Its members alone may sign in; None: anybody."""
    consents: set[str] = field(default_factory=set)
    """Subjects of those who have let it know who they are."""


@dataclass(frozen=True, slots=True)
class Code:
    client: Client
    account: Account
    scopes: tuple[str, ...]
    redirect_uri: str
    challenge: str
    challenge_method: str
    nonce: str
    issued: datetime


@dataclass(frozen=True, slots=True)
class Grant:
    """What an access token stands for."""

    client: Client
    account: Account
    scopes: tuple[str, ...]
    expires: datetime


@dataclass(slots=True)
class Google:
    clock: Clock
    dice: random.Random
    workspaces: list[Workspace] = field(default_factory=list)
    accounts: dict[str, Account] = field(default_factory=dict)
    """By address."""
    clients: dict[str, Client] = field(default_factory=dict)
    codes: dict[str, Code] = field(default_factory=dict)
    tokens: dict[str, Grant] = field(default_factory=dict)
    signing: Signing = field(default_factory=lambda: Signing("Google", timedelta(days=7), "digest"))

    def open_workspace(self, *domains: str) -> Workspace:
        workspace = Workspace(domains)
        self.workspaces.append(workspace)
        return workspace

    def workspace(self, domain: str) -> Workspace | None:
        return next((one for one in self.workspaces if domain in one.domains), None)

    def add_account(self, address: str, name: str, workspace: Workspace | None = None) -> Account:
        subject = "1" + "".join(self.dice.choice(string.digits) for _ in range(20))
        self.accounts[address] = Account(subject, address, name, workspace)
        return self.accounts[address]

    def register(
        self,
        client_id: str,
        secret: str,
        redirect_uris: Sequence[str] = (),
        *,
        name: str = "Crosstie",
        internal_to: Workspace | None = None,
    ) -> Client:
        self.clients[client_id] = Client(client_id, name, secret, tuple(redirect_uris), internal_to)
        return self.clients[client_id]

    def issue_code(self, code: Code) -> str:
        text = "4/0A" + self._letters(70)
        self.codes[text] = code
        return text

    def issue_token(self, code: Code) -> str:
        text = "ya29.a0" + self._letters(120)
        self.tokens[text] = Grant(code.client, code.account, code.scopes, self.clock.now() + TOKEN_LIFE)
        return text

    def grant(self, token: str) -> Grant | None:
        """What a token that is good now stands for."""
        found = self.tokens.get(token)
        return found if found and found.account.enabled and self.clock.now() < found.expires else None

    def revoke(self, token: str) -> bool:
        """Not the token alone: the person's consent to the client, and all tokens of it."""
        found = self.tokens.get(token)
        if found is None:
            return False
        found.client.consents.discard(found.account.subject)
        mine = (found.client, found.account)
        self.tokens = {text: one for text, one in self.tokens.items() if (one.client, one.account) != mine}
        return True

    def end_tokens(self) -> None:
        self.tokens.clear()

    def _letters(self, number: int) -> str:
        return "".join(self.dice.choice(_LETTERS) for _ in range(number))


def same(given: str, known: str) -> bool:
    return hmac.compare_digest(given.encode(), known.encode())
