"""OpenID Connect as Microsoft speaks it: metadata, signing keys, id tokens, user info."""

from dataclasses import dataclass
from typing import Any

from sandbox.graph.aadsts import LoginRefused, refusal_response
from sandbox.graph.accounts import account
from sandbox.graph.context import authenticate, guarded
from sandbox.graph.entra import App
from sandbox.graph.errors import CONTENT_TYPE, GraphError, standard_headers
from sandbox.http import Call, Response, json_response
from sandbox.mailboxes import Mailbox

LIFE = 3600
"""Seconds an id token is good for, beside the five minutes that it is dated back."""
_DATED_BACK = 300
_ADMINISTRATOR, _USER = "62e90394-69f5-4237-9190-012177145e10", "b79fbf4d-3ef9-4689-8143-76b194e85509"
"""Templates of the roles that everybody has who is, or is no, Global Administrator.

https://learn.microsoft.com/entra/identity/role-based-access-control/permissions-reference
"""
_CLAIMS = (
    "sub", "iss", "cloud_instance_name", "cloud_instance_host_name", "cloud_graph_host_name", "msgraph_host",
    "aud", "exp", "iat", "auth_time", "acr", "nonce", "preferred_username", "name", "tid", "ver", "at_hash",
    "c_hash", "email",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Signed:
    """Who signed in, to what, for what."""

    app: App
    tenant: str
    person: Mailbox
    scopes: tuple[str, ...]
    twice_proven: bool
    nonce: str = ""

    @property
    def user(self) -> str:
        return str(self.person.guid)


def configuration(call: Call, tenant: str) -> Response:
    """It says nothing of PKCE, which the vendor takes all the same."""
    known = call.world.microsoft.tenant(tenant)
    if known is None and tenant not in ("common", "organizations"):
        return refusal_response(call, LoginRefused(90002, name=tenant))
    root, name = call.request.url_root.rstrip("/"), known.id if known else tenant
    graph = "https://graph.microsoft.com" if "microsoft" in call.request.host else root
    return json_response(
        {
            "token_endpoint": f"{root}/{name}/oauth2/v2.0/token",
            "token_endpoint_auth_methods_supported": [
                "client_secret_post", "private_key_jwt", "client_secret_basic",
            ],
            "jwks_uri": f"{root}/{name}/discovery/v2.0/keys",
            "response_modes_supported": ["query", "fragment", "form_post"],
            "subject_types_supported": ["pairwise"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "response_types_supported": ["code"],
            "scopes_supported": ["openid", "profile", "email", "offline_access"],
            "issuer": f"{root}/{known.id if known else '{tenantid}'}/v2.0",
            "request_uri_parameter_supported": False,
            "userinfo_endpoint": f"{graph}/oidc/userinfo",
            "authorization_endpoint": f"{root}/{name}/oauth2/v2.0/authorize",
            "http_logout_supported": True,
            "frontchannel_logout_supported": True,
            "end_session_endpoint": f"{root}/{name}/oauth2/v2.0/logout",
            "claims_supported": list(_CLAIMS),
            "tenant_region_scope": "EU" if known else None,
            "cloud_instance_name": "microsoftonline.com",
            "cloud_graph_host_name": "graph.windows.net",
            "msgraph_host": "graph.microsoft.com",
        }
    )  # fmt: skip


def instance_discovery(call: Call) -> Response:
    """MSAL asks which hosts are the same cloud before it trusts an authority."""
    host = call.request.host
    return json_response(
        {
            "tenant_discovery_endpoint": f"{call.request.url_root}common/v2.0/.well-known/openid-configuration",
            "api-version": "1.1",
            "metadata": [{"preferred_network": host, "preferred_cache": host, "aliases": [host]}],
        }
    )


def keys(call: Call, tenant: str) -> Response:
    """No `alg` in them: a client that takes the key's word for it finds none."""
    known = call.world.microsoft.tenant(tenant)
    if known is None and tenant not in ("common", "organizations"):
        return refusal_response(call, LoginRefused(90002, name=tenant))
    about = {
        "cloud_instance_name": "microsoftonline.com",
        "issuer": f"{call.request.url_root}{known.id if known else '{tenantid}'}/v2.0",
    }
    published = call.world.microsoft.signing.published(call.world.clock.now())
    return json_response({"keys": [key | about for key in published]})


def id_token(call: Call, signed: Signed) -> str:
    """Names come with the scope `profile`, the address with `email`; `sub` is another one for each app.

    The address is whatever the directory holds as `mail`, be it anybody's:
    https://learn.microsoft.com/entra/identity-platform/id-token-claims-reference
    """
    directory, now, scopes = call.world.microsoft, call.world.clock.now(), signed.scopes
    issued = int(now.timestamp()) - _DATED_BACK
    claims: dict[str, Any] = {
        "aud": signed.app.client_id,
        "iss": f"{call.request.url_root}{signed.tenant}/v2.0",
        "iat": issued,
        "nbf": issued,
        "exp": issued + _DATED_BACK + LIFE,
        "aio": directory.random_text(60),
    }
    if "profile" in scopes:
        claims |= {"name": signed.person.name, "oid": signed.user, "preferred_username": signed.person.address}
    if "email" in scopes:
        claims["email"] = account(call, signed.person).mail or signed.person.address
    if signed.app.tells_roles:
        claims["wids"] = [_ADMINISTRATOR if account(call, signed.person).admin else _USER]
    if signed.nonce:
        claims["nonce"] = signed.nonce
    claims |= {"rh": f"1.{directory.random_text(30)}.", "sub": directory.pairwise(signed.app, signed.user)}
    claims |= {"tid": signed.tenant, "uti": directory.random_text(22), "ver": "2.0"}
    return directory.signing.sign(claims, now)


def userinfo(call: Call) -> Response:
    """On Graph's host; tells less than the id token."""

    def work() -> Response:
        grant = authenticate(call)
        person = call.world.mailboxes.mailbox_by_guid(grant.user or "")
        if person is None or "openid" not in grant.permissions:
            raise GraphError(403, "Authorization_RequestDenied", "The token is not for user info.")
        call.subject = person.address
        first, _, last = person.name.partition(" ")
        told = {"sub": call.world.microsoft.pairwise(grant.app, str(person.guid))}
        if "profile" in grant.permissions:
            told |= {"name": person.name, "family_name": last, "given_name": first}
            told["picture"] = "https://graph.microsoft.com/v1.0/me/photo/$value"
        if "email" in grant.permissions:
            told["email"] = person.address
        return json_response(told, 200, standard_headers(call), CONTENT_TYPE)

    return guarded(call, work)
