"""How an org is entered: tokens by JWT bearer, client credentials or refresh token.

Flows as in the vendor's "OAuth Authorization Flows"; the assertion is RFC 7523. People sign in by sign_in.py.
"""

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from crosstie.domain.access import AuthMode
from crosstie.domain.clock import Clock
from crosstie.domain.errors import CrosstieError, Fatal, NeedsConsent, Retry, Throttled, Unclear
from crosstie.domain.records import long_id
from crosstie.salesforce import errors, hosts
from crosstie.transport import Http, HttpResponse, is_token, parsed, retry_at

JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
ASSERTION_LIFE = timedelta(seconds=170)
"""The vendor takes three minutes at most, by its own clock."""
ORG_PREFIX, USER_PREFIX = "00D", "005"
LOGIN_RATE_PAUSE = timedelta(minutes=15)
_REFUSALS = {
    "invalid_grant": "GRANT",
    "invalid_client": "CLIENT",
    "invalid_client_id": "CLIENT",
    "invalid_client_credentials": "CLIENT",
    "inactive_user": "INACTIVE-USER",
    "inactive_org": "INACTIVE-ORG",
    "redirect_uri_mismatch": "REDIRECT",
    "invalid_scope": "SCOPE",
    "invalid_app_access": "APP-ACCESS",
    "OAUTH_APP_BLOCKED": "APP-BLOCKED",
    "app_not_found": "APP-MISSING",
}


@dataclass(frozen=True, slots=True)
class OrgConnection:
    """How an org is entered. Only the secrets that `mode` needs have to be there."""

    login_url: str
    """`https://login.salesforce.com`, `https://test.salesforce.com` or the org's My Domain."""
    mode: AuthMode
    client_id: str
    client_secret: str = field(default="", repr=False)
    private_key: str | RSAPrivateKey = field(default="", repr=False)
    """PEM, or the key as it was read from it, for JWT bearer."""
    refresh_token: str = field(default="", repr=False)
    username: str = ""
    """The user acted for, for JWT bearer."""


@dataclass(frozen=True, slots=True)
class Token:
    """A session. How long it lasts is the org's affair and is not told; it ends with a 401."""

    access_token: str = field(repr=False)
    instance: str
    """Origin of the org's REST address, checked."""
    identity_url: str = ""
    refresh_token: str = field(default="", repr=False)
    """Empty unless the answer brought a (new) one."""
    scope: str = ""
    id_token: str = field(default="", repr=False)

    @property
    def org_id(self) -> str:
        """Of 18 characters; empty where the answer does not tell it: `https://login…/id/<org>/<user>`."""
        named = urlsplit(self.identity_url).path.split("/")
        found = long_id(named[-2]) if len(named) > 2 else ""
        return found if found.startswith(ORG_PREFIX) else ""

    @property
    def user_id(self) -> str:
        """Likewise, of the User who is acted as."""
        named = urlsplit(self.identity_url).path.split("/")
        found = long_id(named[-1]) if len(named) > 2 else ""
        return found if found.startswith(USER_PREFIX) else ""


@dataclass(frozen=True, slots=True)
class Authority:
    """The login hosts; `trusted` are origins beside the vendor's that the deployment allows (a sandbox)."""

    http: Http
    clock: Clock
    trusted: frozenset[str] = frozenset()

    def token(self, connection: OrgConnection) -> Token:
        """A new session. Raises NeedsConsent, Throttled, Retry; Refused or Fatal when the set-up is wrong."""
        if connection.mode is AuthMode.JWT_BEARER:
            return self.grant(connection, self._assertion_form(connection))
        if connection.mode is AuthMode.REFRESH_TOKEN:
            return self.grant(connection, _refresh_form(connection))
        pair = f"{connection.client_id}:{connection.client_secret}".encode()
        basic = "Basic " + base64.b64encode(pair).decode("ascii")
        return self.grant(connection, {"grant_type": "client_credentials"}, {"Authorization": basic})

    def grant(
        self, connection: OrgConnection, form: Mapping[str, str], headers: Mapping[str, str] | None = None
    ) -> Token:
        """Ask the token endpoint."""
        login = self.login(connection)
        url = f"{login}/services/oauth2/token"
        answer = self.send("POST", url, {"Accept": "application/json", **(headers or {})}, form)
        if answer.status_code != 200:
            raise self.refusal(answer, "CRM-TOKEN")
        body = json_object(answer)
        if not is_token(body.get("access_token")) or not body.get("instance_url"):
            raise Retry("CRM-ANSWER", "a token answer without a token")
        return Token(
            str(body["access_token"]),
            hosts.answered_origin(str(body["instance_url"]), login),
            str(body.get("id", "")),
            str(body.get("refresh_token", "")),
            str(body.get("scope", "")),
            str(body.get("id_token", "")),
        )

    def login(self, connection: OrgConnection) -> str:
        return hosts.login_origin(connection.login_url, self.trusted)

    def revoke(self, connection: OrgConnection, secret: str) -> None:
        """End a session, or a refresh token with its sessions; one that is over already is fine."""
        self.send("POST", f"{self.login(connection)}/services/oauth2/revoke", {}, {"token": secret})

    def send(
        self, method: str, url: str, headers: Mapping[str, str], form: Mapping[str, str] | None = None
    ) -> HttpResponse:
        """Asking for a token twice is harmless, so that a lost answer is a Retry."""
        try:
            return self.http.request(method, url, headers=headers, form=form)
        except Unclear as lost:
            raise Retry(lost.code, lost.detail) from lost

    def refusal(self, answer: HttpResponse, code: str) -> CrosstieError:
        if answer.status_code >= 500 or answer.status_code in (408, 420, 429):
            until = retry_at(answer.headers.get("Retry-After", ""), self.clock.now())
            return Throttled("CRM-BUSY", until=until) if until else Retry(f"{code}-HTTP-{answer.status_code}")
        found = errors.parse(parsed(answer))
        first = found[0] if found else errors.VendorError("")
        if not first.code and answer.status_code not in (401, 403):  # no word of our grant
            return Retry(f"{code}-HTTP-{answer.status_code}")
        if "login rate exceeded" in first.message.lower():
            return Throttled("CRM-LOGIN-RATE", first.message, until=self.clock.now() + LOGIN_RATE_PAUSE)
        if first.code in ("unknown_error", "server_error", "temporarily_unavailable"):
            return Retry(f"{code}-HTTP-{answer.status_code}", first.message)
        return NeedsConsent(f"{code}-{_REFUSALS.get(first.code, 'REFUSED')}", first.message)

    def _assertion_form(self, connection: OrgConnection) -> dict[str, str]:
        claims = {
            "iss": connection.client_id,
            "sub": connection.username,
            "aud": audience(connection.login_url),
            "exp": int((self.clock.now() + ASSERTION_LIFE).timestamp()),
        }
        try:
            assertion = jwt.encode(claims, connection.private_key, algorithm="RS256")
        except (ValueError, TypeError, jwt.PyJWTError) as error:
            raise Fatal("CRM-PRIVATE-KEY", "the private key cannot be used") from error
        return {"grant_type": JWT_BEARER, "assertion": assertion}


def audience(login_url: str) -> str:
    """The authorization server an assertion is for: the vendor's two, whichever My Domain is used."""
    found = hosts.origin(login_url)
    if not hosts.is_vendors(found):
        return found
    host = urlsplit(found).hostname or ""
    is_sandbox = host == "test.salesforce.com" or ".sandbox." in host
    return "https://test.salesforce.com" if is_sandbox else "https://login.salesforce.com"


def json_object(answer: HttpResponse) -> Mapping[str, Any]:
    body = parsed(answer)
    if not isinstance(body, dict):
        raise Retry("CRM-ANSWER", "not a JSON object")
    return body


def _refresh_form(connection: OrgConnection) -> dict[str, str]:
    if not connection.refresh_token:
        raise NeedsConsent("CRM-NO-REFRESH-TOKEN")
    form = {
        "grant_type": "refresh_token",
        "refresh_token": connection.refresh_token,
        "client_id": connection.client_id,
    }
    return form | ({"client_secret": connection.client_secret} if connection.client_secret else {})
