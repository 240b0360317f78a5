"""A Workspace with two domains, a consumer, and a client, reached over the wire but without a socket."""

import base64
import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import jwt
import pytest

from sandbox.app import Application
from sandbox.build import build
from sandbox.clock import ManualClock
from sandbox.google.accounts import Account, Client, Google, Workspace

START = datetime(2026, 11, 20, 12, tzinfo=UTC)
CALLBACK, SECRET, VERIFIER = "https://crosstie.test/back", "a secret", "v" * 50
HOST = "https://accounts.google.com"
TOKENS, CERTS = "https://oauth2.googleapis.com", "https://www.googleapis.com/oauth2/v3/certs"
USERINFO = "https://openidconnect.googleapis.com/v1/userinfo"


@dataclass
class Office:
    clock: ManualClock
    application: Application
    workspace: Workspace
    client: Client
    anna: Account
    """In the first domain; Ben in the second one; Eve is a consumer with an address of the first."""
    ben: Account
    eve: Account
    http: httpx2.Client

    @property
    def google(self) -> Google:
        return self.application.world.google

    def turn(self, name: str, on: bool) -> None:
        self.application.world.switches.turn(name, on)

    def later(self, **by: float) -> None:
        self.clock.advance(timedelta(**by))

    def asked(self, **changes: str) -> dict[str, str]:
        challenge = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
        query = {
            "client_id": "app", "response_type": "code", "redirect_uri": CALLBACK, "scope": "openid email profile",
            "state": "st", "nonce": "n-1", "code_challenge": challenge, "code_challenge_method": "S256",
        } | changes  # fmt: skip
        return {name: value for name, value in query.items() if value}

    def choose(self, who: str = "anna@acme.test", answer: str = "continue", **changes: str) -> httpx2.Response:
        clicks = {"account": who, "answer": answer}
        return self.http.post(f"{HOST}/o/oauth2/v2/auth", data=self.asked(**changes) | clicks)

    def code(self, who: str = "anna@acme.test", **changes: str) -> str:
        return landed(self.choose(who, **changes))["code"]

    def redeem(self, code: str, **changes: str) -> httpx2.Response:
        form = {
            "grant_type": "authorization_code", "client_id": "app", "client_secret": SECRET, "code": code,
            "redirect_uri": CALLBACK, "code_verifier": VERIFIER,
        } | changes  # fmt: skip
        return self.http.post(f"{TOKENS}/token", data={name: value for name, value in form.items() if value})

    def claims(self, who: str = "anna@acme.test", **changes: str) -> dict[str, Any]:
        """Checked by PyJWT, with the keys that are published."""
        token = self.redeem(self.code(who, **changes)).json()["id_token"]
        keys = {key["kid"]: key for key in self.http.get(CERTS).json()["keys"]}
        key = jwt.PyJWK(keys[jwt.get_unverified_header(token)["kid"]], algorithm="RS256").key
        found: dict[str, Any] = jwt.decode(
            token, key, algorithms=["RS256"], audience="app", options={"verify_exp": False, "verify_iat": False}
        )
        return found


def landed(answer: httpx2.Response) -> dict[str, str]:
    assert answer.status_code == 302, answer.text
    assert answer.headers["Location"].startswith(f"{CALLBACK}?")
    return {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["Location"]).query).items()}


@pytest.fixture
def office() -> Office:
    clock = ManualClock(START)
    application = build(clock, seed=7)
    google = application.world.google
    workspace = google.open_workspace("acme.test", "acme-labs.test")
    client = google.register("app", SECRET, [CALLBACK])
    anna = google.add_account("anna@acme.test", "Anna Alt", workspace)
    ben = google.add_account("ben@acme-labs.test", "Ben Bø", workspace)
    eve = google.add_account("eve@acme.test", "Eve Smith")
    http = httpx2.Client(transport=httpx2.WSGITransport(app=application))
    return Office(clock, application, workspace, client, anna, ben, eve, http)
