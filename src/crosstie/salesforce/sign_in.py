"""A person signs in with Salesforce: web server flow with PKCE (RFC 7636), and who it was that did."""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import jwt

from crosstie.domain.errors import NeedsConsent, Retry
from crosstie.salesforce import hosts
from crosstie.salesforce.auth import Authority, OrgConnection, Token, json_object

SCOPE = "id api refresh_token"


@dataclass(frozen=True, slots=True)
class SignIn:
    """Where the browser is sent, and what is kept on the server until it comes back."""

    url: str
    state: str = field(repr=False)
    verifier: str = field(repr=False)
    nonce: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Identity:
    user_id: str
    org_id: str
    username: str
    display_name: str
    email: str
    email_verified: bool
    time_zone: str
    """IANA name."""
    instance: str
    """Origin of the org's REST address."""


def begin(
    authority: Authority, connection: OrgConnection, redirect_uri: str, scope: str = SCOPE, *, choose: bool = False
) -> SignIn:
    """`connection` needs its login address, client id and secret only. `choose`: Salesforce asks who it is to be,
    and takes nobody for granted who is logged in there.
    """
    clock = authority.clock
    state, verifier, nonce = clock.token(24), clock.token(48), clock.token(24)
    query = {
        "response_type": "code",
        "client_id": connection.client_id,
        "redirect_uri": redirect_uri,
        "scope": scope,
        "state": state,
        "nonce": nonce,
        "code_challenge": challenge(verifier),
        "code_challenge_method": "S256",
        **({"prompt": "login"} if choose else {}),
    }
    address = f"{authority.login(connection)}/services/oauth2/authorize"
    return SignIn(f"{address}?{urlencode(query, quote_via=quote)}", state, verifier, nonce)


def finish(
    authority: Authority,
    connection: OrgConnection,
    begun: SignIn,
    *,
    state: str,
    code: str,
    redirect_uri: str,
) -> tuple[Token, Identity]:
    """The code that came back, for a session and its owner; NeedsConsent when `state` is not the one sent."""
    if not hmac.compare_digest(state.encode(), begun.state.encode()):
        raise NeedsConsent("CRM-SIGN-IN-STATE")
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": redirect_uri,
        "client_id": connection.client_id,
        "code_verifier": begun.verifier,
    }
    if connection.client_secret:
        form["client_secret"] = connection.client_secret
    token = authority.grant(connection, form)
    if token.id_token:
        _check_nonce(token.id_token, begun.nonce)
    return token, identity(authority, connection, token)


def identity(authority: Authority, connection: OrgConnection, token: Token) -> Identity:
    """Whose session it is. The identity address is followed on the login host or the vendor's hosts only."""
    base = hosts.answered_origin(token.identity_url, authority.login(connection))
    path = urlsplit(token.identity_url).path
    headers = {"Authorization": f"Bearer {token.access_token}", "Accept": "application/json"}
    answer = authority.send("GET", base + path, headers)
    if answer.is_redirect:  # login.salesforce.com sends some orgs' users to their own host
        answer = authority.send("GET", token.instance + path, headers)
    if answer.status_code != 200:
        raise authority.refusal(answer, "CRM-IDENTITY")
    return _identity(json_object(answer), path, token.instance)


def challenge(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode("ascii")).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")


def _identity(body: Mapping[str, Any], path: str, instance: str) -> Identity:
    """`path` is `/id/<org>/<user>`; an answer that speaks of somebody else is not believed."""
    steps = path.strip("/").split("/")
    user, org = body.get("user_id"), body.get("organization_id")
    if not (user and isinstance(user, str) and isinstance(org, str)):
        raise Retry("CRM-ANSWER", "an identity without a user")
    if len(steps) != 3 or (steps[1][:15], steps[2][:15]) != (org[:15], user[:15]):
        raise NeedsConsent("CRM-IDENTITY")
    return Identity(
        user_id=user,
        org_id=org,
        username=str(body.get("username", "")),
        display_name=str(body.get("display_name") or body.get("username", "")),
        email=str(body.get("email", "")),
        email_verified=body.get("email_verified") is True,
        time_zone=str(body.get("timezone") or "UTC"),
        instance=instance,
    )


def _check_nonce(id_token: str, nonce: str) -> None:
    """It came straight from the vendor over TLS: its signature need not be checked (OpenID Core 3.1.3.7)."""
    try:
        claims = jwt.decode(id_token, options={"verify_signature": False})
    except jwt.PyJWTError as error:
        raise NeedsConsent("CRM-SIGN-IN-NONCE") from error
    if not hmac.compare_digest(str(claims.get("nonce", "")).encode(), nonce.encode()):
        raise NeedsConsent("CRM-SIGN-IN-NONCE")
