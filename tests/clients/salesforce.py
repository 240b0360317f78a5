"""The org that clients meet on a real socket, and the way there for clients that insist on https."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import requests
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from requests.adapters import HTTPAdapter

from sandbox.build import build
from sandbox.salesforce.apps import ALL_FLOWS, App
from sandbox.salesforce.logins import Login
from sandbox.salesforce.schema.facts import Field
from sandbox.salesforce.site import Site, open_org
from sandbox.serve import Server
from sandbox.world import World

CLIENT_ID, SECRET = "client-app", "client-secret"
USERNAME, PASSWORD, TOKEN = "ada@acme.test", "correct horse & <battery>", "tok3n"
KEY_FIELD = "Ext_Key__c"
KEYED = ("Account", "Contact", "Lead", "Task")


@dataclass(frozen=True)
class Vendor:
    """A running sandbox with one org."""

    server: Server
    site: Site
    world: World
    ada: str
    """User id of USERNAME."""
    private_key: str
    """PEM; its public half is registered with the app."""

    @property
    def url(self) -> str:
        return self.server.url

    def session(self) -> requests.Session:
        """Takes every https address of the vendor to the sandbox, whatever its host."""
        session = requests.Session()
        session.mount("https://", ToSandbox(self.url))
        return session


class ToSandbox(HTTPAdapter):
    def __init__(self, url: str) -> None:
        super().__init__()
        self._netloc = urlsplit(url).netloc

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,
        timeout: Any = None,
        verify: Any = True,
        cert: Any = None,
        proxies: Mapping[str, str] | None = None,
    ) -> requests.Response:
        parts = urlsplit(request.url or "")
        request.headers.setdefault("Host", parts.netloc)
        request.url = urlunsplit(("http", self._netloc, parts.path, parts.query, ""))
        return super().send(request, stream=stream, timeout=timeout, verify=verify, cert=cert, proxies=proxies)


def open_vendor() -> Vendor:
    """Not started yet: `with vendor.server: ...`."""
    app = build(seed=11)
    site = open_org(app.world)
    org = site.org
    for name in KEYED:
        org.core.add_field(name, Field(KEY_FIELD, "string", 64, "Ncufsgxqi", "Ext Key", custom=True))
    ada = org.add_user(USERNAME, "Ada", "Byron", ProfileId=org.profiles["System Administrator"])
    site.logins[ada] = Login(PASSWORD, TOKEN)
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    site.register(
        App(
            CLIENT_ID,
            SECRET,
            flows=ALL_FLOWS | {"username_password"},
            run_as=ada,
            preauthorised="everybody",
            certificate=_public(key),
        )
    )
    return Vendor(Server(app), site, app.world, ada, _private(key))


def _public(key: rsa.RSAPrivateKey) -> str:
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return key.public_key().public_bytes(serialization.Encoding.PEM, form).decode()


def _private(key: rsa.RSAPrivateKey) -> str:
    form = serialization.PrivateFormat.PKCS8
    return key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()).decode()
