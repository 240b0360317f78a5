"""OpenID Connect as Salesforce speaks it: metadata, signing keys, id tokens. User info is in identity.py."""

import base64
import hashlib
from typing import Any

from sandbox.http import Call, Response, json_response
from sandbox.salesforce.apps import App
from sandbox.salesforce.oauth.answers import identity_url
from sandbox.salesforce.site import EXPERIENCE, LOGIN_HOSTS, MY_DOMAIN, Site, host_of
from sandbox.salesforce.tokens import Session
from sandbox.switches import declare

ISSUER_IS_COMMON = declare(
    "salesforce.id_token_issuer_is_common",
    default=False,
    question="Is the issuer login.salesforce.com for those too who ask by the org's own name?",
    source="recall: the metadata at a My Domain names that domain; id tokens of both kinds are seen",
)
LIFE = 120
"""Seconds an id token is good for, unless the app says otherwise."""
_SCOPES = (
    "cdp_ingest_api", "custom_permissions", "content", "chatbot_api", "web", "chatter_api", "full", "id", "api",
    "openid", "profile", "email", "address", "phone", "refresh_token", "offline_access", "visualforce",
)  # fmt: skip
_CLAIMS = (
    "active", "address", "email", "email_verified", "family_name", "given_name", "is_app_installed", "language",
    "locale", "name", "nickname", "organization_id", "phone_number", "phone_number_verified", "photos", "picture",
    "preferred_username", "profile", "sub", "updated_at", "urls", "user_id", "user_type", "zoneinfo",
)  # fmt: skip


def configuration(call: Call) -> Response:
    base = call.request.root_url.rstrip("/")
    oauth = f"{base}/services/oauth2"
    return json_response(
        {
            "issuer": issuer(call),
            "authorization_endpoint": f"{oauth}/authorize",
            "token_endpoint": f"{oauth}/token",
            "revocation_endpoint": f"{oauth}/revoke",
            "userinfo_endpoint": f"{oauth}/userinfo",
            "jwks_uri": f"{base}/id/keys",
            "scopes_supported": list(_SCOPES),
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "display_values_supported": ["page", "popup", "touch"],
            "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
            "claims_supported": list(_CLAIMS),
        }
    )


def keys(call: Call) -> Response:
    return json_response({"keys": call.world.signing.published(call.world.clock.now())})


def issuer(call: Call) -> str:
    host = host_of(call.request)
    if host in LOGIN_HOSTS:
        return f"https://{host}"
    if host.endswith((MY_DOMAIN, EXPERIENCE)) and call.world.switches.on(ISSUER_IS_COMMON):
        return f"https://{LOGIN_HOSTS[0]}"
    return call.request.root_url.rstrip("/")


def id_token(call: Call, site: Site, app: App, session: Session, nonce: str = "") -> str:
    """Empty unless the scope asks for one. It says who it is and nothing more; the rest is user info's."""
    if "openid" not in session.scope.split():
        return ""
    now = call.world.clock.now()
    half = hashlib.sha256(session.token.encode()).digest()[:16]
    claims: dict[str, Any] = {
        "at_hash": base64.urlsafe_b64encode(half).rstrip(b"=").decode(),
        "sub": identity_url(site, call.request, session.user),
        "aud": app.client_id,
        "iss": issuer(call),
        "iat": int(now.timestamp()),
        "exp": int(now.timestamp()) + LIFE,
    }
    return call.world.signing.sign(claims | ({"nonce": nonce} if nonce else {}), now)
