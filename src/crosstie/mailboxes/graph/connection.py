"""How a mailbox is reached: addresses and credentials, as the tenant's administrator or its owner gave them."""

from dataclasses import dataclass, field
from urllib.parse import quote

LOGIN = "https://login.microsoftonline.com"
GRAPH = "https://graph.microsoft.com/v1.0"
EVERYTHING_GRANTED = "https://graph.microsoft.com/.default"


@dataclass(frozen=True, slots=True)
class Certificate:
    """PEM texts of a key pair whose public half is registered with the app."""

    private_key: str = field(repr=False)
    certificate: str


@dataclass(frozen=True, slots=True)
class GraphConnection:
    """With a `refresh_token` the app acts as the mailbox's owner, without it as itself.

    The app proves itself by `secret` or `certificate`. National clouds have other addresses and scopes.
    """

    address: str
    tenant: str
    client_id: str
    secret: str = field(default="", repr=False)
    certificate: Certificate | None = None
    refresh_token: str = field(default="", repr=False)
    login_url: str = LOGIN
    graph_url: str = GRAPH
    scope: str = EVERYTHING_GRANTED

    @property
    def delegated(self) -> bool:
        return bool(self.refresh_token)

    @property
    def token_url(self) -> str:
        return f"{self.login_url.rstrip('/')}/{quote(self.tenant, safe='')}/oauth2/v2.0/token"

    @property
    def usable(self) -> bool:
        proof = self.secret or self.certificate
        return bool(self.address and self.tenant and self.client_id and (proof or self.delegated))
