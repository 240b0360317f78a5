"""The JWT bearer flow: an assertion signed with the app's key stands for a user's consent."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from cryptography.x509 import load_pem_x509_certificate
from jwt.types import Options

from sandbox.http import Request
from sandbox.salesforce.apps import App
from sandbox.salesforce.ids import Id
from sandbox.salesforce.oauth.answers import Refusal
from sandbox.salesforce.site import MY_DOMAIN, Site

LIFE = 180
"""Seconds from now that `exp` may lie ahead."""
_ROUNDING = 1
"""Clients that ask for all of it send whole seconds, some of them rounded up."""
_SIGNATURE_ONLY: Options = {
    "verify_exp": False,
    "verify_nbf": False,
    "verify_iat": False,
    "verify_aud": False,
    "verify_iss": False,
    "verify_sub": False,
    "verify_jti": False,
}
"""The claims are checked here: by the sandbox's clock and with the vendor's words."""
_LOGIN_ADDRESSES = ("https://login.salesforce.com", "https://test.salesforce.com")


def issuer(assertion: str) -> str:
    """`iss` before anything is checked, to find the app whose key does the checking."""
    try:
        claims = jwt.decode(assertion, options={"verify_signature": False})
    except jwt.InvalidTokenError as error:
        raise Refusal("invalid_grant", "invalid assertion") from error
    return str(claims.get("iss", ""))


def subject(site: Site, app: App, assertion: str, request: Request, now: datetime) -> Id:
    """The user the assertion is for, once everything about it is in order."""
    claims = _signed_claims(app, assertion)
    if not _audiences(claims) & _accepted_audiences(site, request):
        raise Refusal("invalid_grant", "audience is invalid")
    _check_expiry(claims, now)
    user = site.org.user_by_username(str(claims.get("sub", claims.get("prn", ""))))
    if user is None or not (app.permitted == "approved" or app.lets_in(user)):
        raise Refusal("invalid_grant", "user hasn't approved this consumer")
    return user


def _signed_claims(app: App, assertion: str) -> Mapping[str, Any]:
    try:
        claims: Mapping[str, Any] = jwt.decode(
            assertion, _public_key(app.certificate), algorithms=["RS256"], options=_SIGNATURE_ONLY
        )
    except (jwt.InvalidTokenError, ValueError) as error:
        raise Refusal("invalid_grant", "invalid assertion") from error
    return claims


def _public_key(pem: str) -> RSAPublicKey:
    is_certificate = "BEGIN CERTIFICATE" in pem
    key: object = (
        load_pem_x509_certificate(pem.encode()).public_key()
        if is_certificate
        else load_pem_public_key(pem.encode())
    )
    if not isinstance(key, RSAPublicKey):
        raise ValueError("the app's certificate holds no RSA key")  # noqa: TRY004 - the text is wrong, not its type
    return key


def _audiences(claims: Mapping[str, Any]) -> set[str]:
    audience = claims.get("aud", ())
    named = [audience] if isinstance(audience, str) else audience
    return {str(one).rstrip("/") for one in named}


def _accepted_audiences(site: Site, request: Request) -> set[str]:
    """The vendor's login addresses, the org's own, and the address the sandbox was reached at."""
    own = (f"https://{site.my_domain}{MY_DOMAIN}", request.host_url.rstrip("/"))
    return {*_LOGIN_ADDRESSES, *own}


def _check_expiry(claims: Mapping[str, Any], now: datetime) -> None:
    try:
        ahead = float(claims["exp"]) - now.timestamp()
    except (KeyError, TypeError, ValueError) as error:
        raise Refusal("invalid_grant", "invalid assertion") from error
    if ahead <= 0:
        raise Refusal("invalid_grant", "expired authorization code")
    if ahead > LIFE + _ROUNDING:
        raise Refusal("invalid_grant", "invalid assertion")
