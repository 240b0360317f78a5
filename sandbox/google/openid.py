"""OpenID Connect as Google speaks it: metadata, signing keys, id tokens, user info.

https://developers.google.com/identity/openid-connect/reference
"""

import base64
import hashlib
from typing import Any

from sandbox.google.accounts import TOKEN_LIFE, Account, Code
from sandbox.http import Call, Response, json_response
from sandbox.switches import declare

PREFIX = "/google"
"""Where Google's addresses begin on a port of all vendors: Salesforce has its metadata at the same path."""
LOGIN, TOKENS, APIS, INFO = (
    "accounts.google.com",
    "oauth2.googleapis.com",
    "www.googleapis.com",
    "openidconnect.googleapis.com",
)
ISSUER_IS_BARE = declare(
    "google.issuer_is_bare",
    default=False,
    question="Does an id token name its issuer without https:// (or as the metadata do)?",
    source="the reference: `accounts.google.com` is returned for legacy implementations; coreos/go-oidc #125",
)
VERIFIED_IS_TEXT = declare(
    "google.verified_is_text",
    default=False,
    question="Is email_verified of an id token the text `true` (or a boolean)?",
    source="an example in older documentation has the text; the reference says boolean",
)
HD_IS_FIRST_DOMAIN = declare(
    "google.hd_is_first_domain",
    default=False,
    question="Is `hd` of somebody in a second domain the organisation's first one (or that of their address)?",
    source="the reference: `the domain associated with the Google Workspace or Cloud organization of the user`",
)
ANSWER_NAMES_ISSUER = declare(
    "google.answer_names_issuer",
    default=True,
    question="Does the answer that the browser brings back name its issuer (RFC 9207)?",
    source="the reference has authorization_response_iss_parameter_supported among the fields, not what it is",
)
_SCOPES = ("openid", "email", "profile")
_CLAIMS = (
    "aud", "email", "email_verified", "exp", "family_name", "given_name", "iat", "iss", "name", "picture", "sub",
)  # fmt: skip


def base(call: Call) -> str:
    """Issuer, and address below which the metadata lie."""
    host = call.request.host.partition(":")[0]
    return f"https://{LOGIN}" if _is_googles(host) else call.request.root_url.rstrip("/") + PREFIX


def _is_googles(host: str) -> bool:
    return host in (LOGIN, TOKENS, APIS, INFO)


def configuration(call: Call) -> Response:
    """Its addresses lie on hosts of their own."""
    issuer = base(call)
    own = issuer != f"https://{LOGIN}"
    tokens, apis, info = (issuer if own else f"https://{host}" for host in (TOKENS, APIS, INFO))
    return json_response(
        {
            "issuer": issuer,
            "authorization_endpoint": f"{issuer}/o/oauth2/v2/auth",
            "token_endpoint": f"{tokens}/token",
            "userinfo_endpoint": f"{info}/v1/userinfo",
            "revocation_endpoint": f"{tokens}/revoke",
            "jwks_uri": f"{apis}/oauth2/v3/certs",
            "response_types_supported": ["code", "none"],
            "response_modes_supported": ["query", "fragment", "form_post"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "scopes_supported": list(_SCOPES),
            "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
            "claims_supported": list(_CLAIMS),
            "code_challenge_methods_supported": ["plain", "S256"],
            "grant_types_supported": ["authorization_code"],
            "authorization_response_iss_parameter_supported": call.world.switches.on(ANSWER_NAMES_ISSUER),
        },
        headers={"Cache-Control": "public, max-age=3600"},
    )


def keys(call: Call) -> Response:
    published = call.world.google.signing.published(call.world.clock.now())
    return json_response({"keys": published}, headers={"Cache-Control": "public, max-age=20000, must-revalidate"})


def hosted_domain(call: Call, account: Account) -> str:
    if account.workspace is None:
        return ""
    first = call.world.switches.on(HD_IS_FIRST_DOMAIN)
    return account.workspace.domains[0] if first else account.domain


def id_token(call: Call, code: Code, access_token: str) -> str:
    """`sub` is the same to all clients. The hash of the access token always comes in this flow."""
    switches, account, now = call.world.switches, code.account, call.world.clock.now()
    issuer = base(call)
    half = hashlib.sha256(access_token.encode()).digest()[:16]
    claims: dict[str, Any] = {
        "iss": issuer.partition("://")[2] if switches.on(ISSUER_IS_BARE) else issuer,
        "azp": code.client.client_id,
        "aud": code.client.client_id,
        "sub": account.subject,
        "hd": hosted_domain(call, account),
        "at_hash": base64.urlsafe_b64encode(half).rstrip(b"=").decode(),
        "nonce": code.nonce,
        "iat": int(now.timestamp()),
        "exp": int((now + TOKEN_LIFE).timestamp()),
    }
    told = claims | _told(account, code.scopes)
    if switches.on(VERIFIED_IS_TEXT) and "email_verified" in told:
        told["email_verified"] = str(told["email_verified"]).lower()
    return call.world.google.signing.sign({name: value for name, value in told.items() if value != ""}, now)


def userinfo(call: Call) -> Response:
    given = call.request.authorization
    token = given.token if given is not None and given.type == "bearer" else None
    grant = call.world.google.grant(token or "")
    if grant is None or "openid" not in grant.scopes:
        refusal = {"error": "invalid_request", "error_description": "Invalid Credentials"}
        return json_response(refusal, 401, {"WWW-Authenticate": 'Bearer realm="https://accounts.google.com/"'})
    call.subject = grant.account.address
    told = {"sub": grant.account.subject, **_told(grant.account, grant.scopes)}
    domain = hosted_domain(call, grant.account)
    return json_response(told | ({"hd": domain} if domain else {}))


def _told(account: Account, scopes: tuple[str, ...]) -> dict[str, Any]:
    told: dict[str, Any] = {}
    if "profile" in scopes:
        first, _, last = account.name.partition(" ")
        picture = f"https://lh3.googleusercontent.com/a/{account.subject}=s96-c"
        told |= {"name": account.name, "picture": picture, "given_name": first, "family_name": last}
    if "email" in scopes:
        told |= {"email": account.address, "email_verified": account.verified}
    return told
