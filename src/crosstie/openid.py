"""OpenID Connect: somebody proves to a provider who they are. Code flow with PKCE (RFC 7636), state and nonce.

What is one vendor's own stays with the caller: which origin is believed, and whom the claims mean.
https://openid.net/specs/openid-connect-core-1_0.html
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import jwt

from crosstie.domain.clock import Clock
from crosstie.domain.errors import CrosstieError, NeedsConsent, Refused, Retry, Unclear
from crosstie.transport import Http, HttpResponse, integer, parsed

STATE, CODE, TOKEN, FOREIGN = "OPENID-STATE", "OPENID-CODE", "OPENID-TOKEN", "OPENID-FOREIGN"
LEEWAY = timedelta(minutes=2)
"""By which the provider's clock may differ from ours."""
ALGORITHM = "RS256"
"""All vendors sign with it; a token that names another is not looked at."""
_METADATA = "/.well-known/openid-configuration"
_REQUIRED = ["iss", "aud", "sub", "exp", "iat", "nonce"]
_SPENT = frozenset({"invalid_grant"})
Claims = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class App:
    """We, as the provider knows us."""

    base: str
    """Address below which the provider's metadata are; its origin has been checked."""
    client_id: str
    redirect_uri: str
    secret: str = field(default="", repr=False)
    scope: str = "openid"
    issuers: tuple[str, ...] = ()
    """Issuers of its tokens beside the one its metadata name."""
    origins: tuple[str, ...] = ()
    """Where else than at `base` its metadata may lead."""
    hints: tuple[tuple[str, str], ...] = ()
    """What its page is told besides, of which nothing is proven."""
    ends: bool = True
    """Whether the session there is ended once it has told who somebody is."""


@dataclass(frozen=True, slots=True)
class Provider:
    """Its metadata. Every address lies on the origin that was asked, or on another that is known to be its own."""

    issuer: str
    authorize_url: str
    token_url: str
    keys_url: str
    revoke_url: str = ""


@dataclass(frozen=True, slots=True)
class Begun:
    """What is kept on the server until the browser comes back."""

    state: str = field(repr=False)
    verifier: str = field(repr=False)
    nonce: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Client:
    http: Http
    clock: Clock

    def discover(self, app: App) -> Provider:
        """Raises Retry, and Refused for metadata that lead elsewhere."""
        about = self._json(self._send("GET", app.base + _METADATA), "OPENID-METADATA")
        known = {_origin(url) for url in (app.base, *app.origins)}
        names = ("authorization_endpoint", "token_endpoint", "jwks_uri")
        authorize, token, keys = (str(about.get(name, "")) for name in names)
        revoke = str(about.get("revocation_endpoint", ""))
        issuer = about.get("issuer")
        named = (authorize, token, keys, revoke or authorize)
        if any(_origin(url) not in known for url in named) or not isinstance(issuer, str) or not issuer:
            raise Refused("OPENID-METADATA")
        return Provider(issuer, authorize, token, keys, revoke)

    def begin(self, app: App, provider: Provider) -> tuple[str, Begun]:
        """Where the browser is sent."""
        begun = Begun(self.clock.token(24), self.clock.token(48), self.clock.token(24))
        query = {
            "response_type": "code",
            "client_id": app.client_id,
            "redirect_uri": app.redirect_uri,
            "scope": app.scope,
            "state": begun.state,
            "nonce": begun.nonce,
            "code_challenge": challenge(begun.verifier),
            "code_challenge_method": "S256",
            **dict(app.hints),
        }
        return f"{provider.authorize_url}?{urlencode(query, quote_via=quote)}", begun

    def finish(self, app: App, provider: Provider, begun: Begun, *, state: str, code: str) -> Claims:
        """The code that came back, for what the provider says of whoever signed in. The session there is ended.

        Raises NeedsConsent with STATE, CODE (spent or expired), TOKEN (not what we asked for).
        """
        if not hmac.compare_digest(state.encode(), begun.state.encode()):
            raise NeedsConsent(STATE)
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": app.redirect_uri,
            "client_id": app.client_id,
            "code_verifier": begun.verifier,
        }
        if app.secret:
            form["client_secret"] = app.secret
        answer = self._json(self._send("POST", provider.token_url, form), "OPENID-CLIENT")
        if app.ends:
            self._end(provider, answer.get("access_token"))
        keys = self._json(self._send("GET", provider.keys_url), "OPENID-KEYS")
        return verified(answer.get("id_token"), keys, app, provider, begun.nonce, self.clock.now())

    def _end(self, provider: Provider, token: object) -> None:
        """We know, or never will, who it is; the session at the provider that told us is of no further use."""
        if provider.revoke_url and isinstance(token, str):
            with suppress(CrosstieError):
                self._send("POST", provider.revoke_url, {"token": token})

    def _send(self, method: str, url: str, form: Mapping[str, str] | None = None) -> HttpResponse:
        """Asking twice is harmless, so that a lost answer is a Retry."""
        try:
            return self.http.request(method, url, headers={"Accept": "application/json"}, form=form)
        except Unclear as lost:
            raise Retry("NET-LOST", lost.detail) from lost

    @staticmethod
    def _json(answer: HttpResponse, code: str) -> Mapping[str, Any]:
        """The object of a good answer. Raises Retry where the provider is ill, Refused(`code`) where it says no.

        NeedsConsent(CODE): what was begun there is over.
        """
        body = parsed(answer)
        found: Mapping[str, Any] = body if isinstance(body, dict) else {}
        if answer.status_code == 200 and found:
            return found
        if answer.status_code in (200, 408, 420, 429) or answer.status_code >= 500:
            raise Retry("NET-PROVIDER")
        if found.get("error") in _SPENT:
            raise NeedsConsent(CODE)
        raise Refused(code)


def verified(
    token: object, keys: Mapping[str, Any], app: App, provider: Provider, nonce: str, now: datetime
) -> Claims:
    """The claims of an id token that this provider signed for us, now, in answer to our own question."""
    try:
        text = str(token)
        key = _key(keys, jwt.get_unverified_header(text).get("kid"))
        claims = jwt.decode(
            text,
            key,
            algorithms=[ALGORITHM],
            audience=app.client_id,
            issuer=[provider.issuer, *app.issuers],
            options={
                "require": _REQUIRED,
                "strict_aud": True,
                # By our own clock, below.
                "verify_exp": False,
                "verify_iat": False,
                "verify_nbf": False,
            },
        )
    except (jwt.PyJWTError, ValueError, TypeError, AttributeError, LookupError, OverflowError) as error:
        raise NeedsConsent(TOKEN) from error
    if not _in_time(claims, now):
        raise NeedsConsent(TOKEN)
    if not hmac.compare_digest(str(claims["nonce"]).encode(), nonce.encode()):
        raise NeedsConsent(TOKEN)
    return claims


def _key(keys: Mapping[str, Any], kid: object) -> jwt.PyJWK:
    """The published key of this name; one without a name is never taken for it."""
    listed = [one for one in keys["keys"] if isinstance(one, dict) and one.get("kid") == kid]
    if not isinstance(kid, str) or len(listed) != 1:
        raise LookupError(kid)
    return jwt.PyJWK(listed[0], algorithm=ALGORITHM)


def _in_time(claims: Claims, now: datetime) -> bool:
    expires, issued, begins = (integer(claims.get(name, claims["iat"])) for name in ("exp", "iat", "nbf"))
    if expires is None or issued is None or begins is None:
        return False
    return max(issued, begins) - LEEWAY.total_seconds() <= now.timestamp() < expires + LEEWAY.total_seconds()


def challenge(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode("ascii")).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")


def _origin(url: str) -> tuple[str, str]:
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise Refused("OPENID-METADATA") from error
    return parts.scheme, parts.netloc.casefold()
