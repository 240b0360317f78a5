"""Microsoft's login: metadata and the token endpoint with its three grants."""

import base64
import hashlib
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import load_pem_x509_certificate
from werkzeug.datastructures import MultiDict

from sandbox.graph.aadsts import LoginRefused, refusal_response
from sandbox.graph.entra import CODE_LIFE, REFRESH_LIFE, App, same_secret
from sandbox.graph.signin import admin_consent, authorize, check_policy, delegated, requested_scopes, sign_out
from sandbox.http import Call, Face, Response, Route, json_response, read_json

_JWT_BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
KEY_ID = "sandbox"


@lru_cache(maxsize=1)
def signing_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def configuration(call: Call, tenant: str) -> Response:
    directory = call.world.microsoft
    known = directory.tenant(tenant)
    if known is None and tenant not in ("common", "organizations"):
        return refusal_response(call, LoginRefused(90002, name=tenant))
    root, name = call.request.url_root.rstrip("/"), known.id if known else tenant
    return json_response(
        {
            "issuer": f"{root}/{known.id if known else '{tenantid}'}/v2.0",
            "authorization_endpoint": f"{root}/{name}/oauth2/v2.0/authorize",
            "token_endpoint": f"{root}/{name}/oauth2/v2.0/token",
            "jwks_uri": f"{root}/{name}/discovery/v2.0/keys",
            "end_session_endpoint": f"{root}/{name}/oauth2/v2.0/logout",
            "response_types_supported": ["code"],
            "response_modes_supported": ["query", "fragment", "form_post"],
            "subject_types_supported": ["pairwise"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "scopes_supported": ["openid", "profile", "email", "offline_access"],
            "token_endpoint_auth_methods_supported": [
                "client_secret_post", "private_key_jwt", "client_secret_basic",
            ],
            "tenant_region_scope": "EU",
            "cloud_instance_name": "microsoftonline.com",
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
    key = jwt.algorithms.RSAAlgorithm.to_jwk(signing_key().public_key(), as_dict=True)
    return json_response({"keys": [{**key, "use": "sig", "kid": KEY_ID, "alg": "RS256"}]})


def token(call: Call, tenant: str) -> Response:
    try:
        return _token(call, tenant)
    except LoginRefused as refusal:
        return refusal_response(call, refusal)


def _token(call: Call, tenant: str) -> Response:
    form = call.request.form
    app = _authenticate(call, tenant, form)
    grants = {
        "client_credentials": _client_credentials,
        "authorization_code": _authorization_code,
        "refresh_token": _refresh,
    }
    grant_type = form.get("grant_type", "")
    if not grant_type:
        raise LoginRefused(900144, name="grant_type")
    if grant_type not in grants:
        raise LoginRefused(70003, name=grant_type)
    return grants[grant_type](call, tenant, app, form)


def _authenticate(call: Call, tenant: str, form: "MultiDict[str, str]") -> App:
    basic = call.request.authorization
    given = basic if basic is not None and basic.type == "basic" else None
    client_id = form.get("client_id") or (given.username if given else None)
    if not client_id:
        raise LoginRefused(900144, name="client_id")
    app = call.world.microsoft.apps.get(client_id)
    if app is None:
        raise LoginRefused(700016, app=client_id, name=tenant)
    secret = form.get("client_secret") or (given.password if given else None)
    if form.get("client_assertion"):
        _check_assertion(call, app, form)
    elif secret:
        _check_secret(call, app, secret)
    elif app.secrets or app.certificates or form.get("grant_type") == "client_credentials":
        raise LoginRefused(7000218)
    return app


def _check_secret(call: Call, app: App, secret: str) -> None:
    for known, expires in app.secrets.items():
        if same_secret(secret, known):
            if expires is not None and expires <= call.world.clock.now():
                raise LoginRefused(7000222, app=app.client_id)
            return
    raise LoginRefused(7000215, app=app.client_id)


def _check_assertion(call: Call, app: App, form: "MultiDict[str, str]") -> None:
    """A JWT signed with a registered certificate, named by its thumbprint in the header (MSAL pads it with =)."""
    assertion = form["client_assertion"]
    if form.get("client_assertion_type") != _JWT_BEARER:
        raise LoginRefused(900144, name="client_assertion_type")
    try:
        head = jwt.get_unverified_header(assertion)
    except jwt.InvalidTokenError as broken:
        raise LoginRefused(700027, name="it is malformed") from broken
    for pem in app.certificates:
        certificate = load_pem_x509_certificate(pem.encode())
        der = certificate.public_bytes(Encoding.DER)
        prints = {"x5t": hashlib.sha1(der).digest(), "x5t#S256": hashlib.sha256(der).digest()}  # noqa: S324 - Microsoft's format
        if any(str(head.get(name, "")).rstrip("=") == _base64url(digest) for name, digest in prints.items()):
            return _verify(call, app, assertion, certificate.public_key())
    raise LoginRefused(700027, name="no certificate is registered for its key")


def _verify(call: Call, app: App, assertion: str, key: Any) -> None:
    try:
        claims = jwt.decode(
            assertion,
            key,
            algorithms=["RS256", "PS256"],
            options={"verify_exp": False, "verify_nbf": False, "verify_iat": False, "verify_aud": False},
        )
    except jwt.InvalidTokenError as broken:
        raise LoginRefused(
            700027, name="The key was found, but use of the key to verify the signature failed"
        ) from broken
    now = call.world.clock.now().timestamp()
    if not float(claims.get("nbf", 0)) - 300 <= now <= float(claims.get("exp", 0)) + 300:
        raise LoginRefused(700024)
    own_paths = ("/oauth2/v2.0/token", "/v2.0")
    if claims.get("iss") != app.client_id or claims.get("sub") != app.client_id:
        raise LoginRefused(700027, name="its issuer and subject must be the client id")
    if not str(claims.get("aud", "")).endswith(own_paths):
        raise LoginRefused(700027, name="its audience is not this endpoint")


def _client_credentials(call: Call, tenant: str, app: App, form: "MultiDict[str, str]") -> Response:
    directory = call.world.microsoft
    known = directory.tenant(tenant)
    if known is None:
        raise LoginRefused(90002, name=tenant)
    if form.get("scope", "") != "https://graph.microsoft.com/.default":
        raise LoginRefused(1002012, name=form.get("scope", ""))
    if known.id not in app.role_consents:
        raise LoginRefused(7000229, app=app.client_id, name=known.id)
    policy = directory.policies.get(known.id)
    if policy is not None and app.client_id in policy.apps:
        raise LoginRefused(53003)
    knows = understands_challenges(form)
    access, life = directory.issue(app, known.id, None, app.roles, {"idtyp": "app"}, challengeable=knows)
    return _tokens({"token_type": "Bearer", "expires_in": life, "ext_expires_in": life, "access_token": access})


def _authorization_code(call: Call, tenant: str, app: App, form: "MultiDict[str, str]") -> Response:
    directory = call.world.microsoft
    for name in ("code", "redirect_uri"):
        if not form.get(name):
            raise LoginRefused(900144, name=name)
    if form["code"] in directory.redeemed:
        raise LoginRefused(54005)
    code = directory.codes.get(form["code"])
    if code is None or code.app is not app:
        raise LoginRefused(70000, name="code")
    if code.issued + CODE_LIFE < call.world.clock.now():
        raise LoginRefused(70008)
    if form["redirect_uri"] != code.redirect_uri:
        raise LoginRefused(50011, app=app.client_id, uri=form["redirect_uri"])
    if code.challenge and _challenge(form.get("code_verifier", ""), code.challenge_method) != code.challenge:
        raise LoginRefused(501481)
    if not code.challenge and not app.secrets and not app.certificates:
        raise LoginRefused(900144, name="code_challenge")
    directory.redeemed.add(form["code"])
    signed_in = Signed(code.tenant, code.user, code.scopes, code.twice_proven)
    return _delegated_tokens(call, app, signed_in, code.nonce)


def _challenge(verifier: str, method: str) -> str:
    return verifier if method == "plain" else _base64url(hashlib.sha256(verifier.encode()).digest())


def _refresh(call: Call, tenant: str, app: App, form: "MultiDict[str, str]") -> Response:
    """A new refresh token comes with each use; the old one stays good until its 90 days are over."""
    directory = call.world.microsoft
    if not form.get("refresh_token"):
        raise LoginRefused(900144, name="refresh_token")
    held = directory.refresh_tokens.get(form["refresh_token"])
    if held is None or held.app is not app:
        raise LoginRefused(70000, name="refresh_token")
    if held.issued + REFRESH_LIFE < call.world.clock.now():
        raise LoginRefused(700082)
    revoked = directory.valid_from.get(held.user)
    if revoked is not None and held.issued <= revoked:
        raise LoginRefused(50173)
    scopes = requested_scopes(form.get("scope", "")) or held.scopes
    if not app.may_delegate(held.tenant, held.user, delegated(scopes)):
        raise LoginRefused(65001, app=app.client_id)
    check_policy(call, held.tenant, held.user, twice_proven=held.twice_proven)
    signed_in = Signed(held.tenant, held.user, scopes, held.twice_proven)
    return _delegated_tokens(call, app, signed_in, "", refreshable=True)


def understands_challenges(form: "MultiDict[str, str]") -> bool:
    """The client's capabilities come among the claims it asks for. Raises LoginRefused for what is no JSON."""
    try:
        claims = read_json(form.get("claims") or "{}")
        return "cp1" in claims.get("access_token", {}).get("xms_cc", {}).get("values", [])
    except (ValueError, AttributeError, TypeError) as broken:
        raise LoginRefused(70000, name="claims") from broken


@dataclass(frozen=True, slots=True)
class Signed:
    """Who signed in, for what."""

    tenant: str
    user: str
    scopes: tuple[str, ...]
    twice_proven: bool


def _delegated_tokens(call: Call, app: App, signed: Signed, nonce: str, *, refreshable: bool = False) -> Response:
    directory = call.world.microsoft
    tenant, user, scopes = signed.tenant, signed.user, signed.scopes
    person = call.world.mailboxes.mailbox_by_guid(user)
    if person is None:
        raise LoginRefused(50173)
    who = {"oid": user, "name": person.name, "preferred_username": person.address}
    wanted = set(delegated(scopes))
    permissions = app.delegable(tenant, user) if ".default" in wanted else wanted
    knows = understands_challenges(call.request.form)
    claims = {**who, "upn": person.address}
    access, life = directory.issue(app, tenant, user, permissions, claims, challengeable=knows)
    body = {
        "token_type": "Bearer",
        "scope": " ".join(scope for scope in scopes if scope != "offline_access"),
        "expires_in": life,
        "ext_expires_in": life,
        "access_token": access,
    }
    if refreshable or "offline_access" in scopes:
        body["refresh_token"] = directory.issue_refresh(
            app, tenant, user, scopes, twice_proven=signed.twice_proven
        )
    if "openid" in scopes:
        now = int(call.world.clock.now().timestamp())
        shown = {
            "iss": f"{call.request.url_root}{tenant}/v2.0", "aud": app.client_id, "tid": tenant, "ver": "2.0",
            "sub": user, "iat": now, "nbf": now, "exp": now + 3600, "email": person.address, **who,
        } | ({"nonce": nonce} if nonce else {})  # fmt: skip
        body["id_token"] = jwt.encode(shown, signing_key(), "RS256", headers={"kid": KEY_ID})
    if call.request.form.get("client_info"):
        info = f'{{"uid":"{user}","utid":"{tenant}"}}'
        body["client_info"] = _base64url(info.encode())
    return _tokens(body)


def _tokens(body: dict[str, Any]) -> Response:
    return json_response(body, headers={"Cache-Control": "no-store, no-cache", "Pragma": "no-cache"})


def _base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _unknown(call: Call) -> Response:
    return Response("Not Found", 404)


LOGIN_FACE = Face(
    name="microsoft_login",
    hosts=("login.microsoftonline.com", "login.microsoft.com", "login.windows.net"),
    routes=(
        Route("login.configuration", "GET", "/<tenant>/v2.0/.well-known/openid-configuration", configuration),
        Route("login.keys", "GET", "/<tenant>/discovery/v2.0/keys", keys),
        Route("login.instance", "GET", "/common/discovery/instance", instance_discovery),
        Route("login.authorize", "GET", "/<tenant>/oauth2/v2.0/authorize", authorize),
        Route("login.sign_in", "POST", "/<tenant>/oauth2/v2.0/authorize", authorize),
        Route("login.admin_consent", "GET", "/<tenant>/adminconsent", admin_consent),
        Route("login.admin_consent_answer", "POST", "/<tenant>/adminconsent", admin_consent),
        Route("login.admin_consent_v2", "GET", "/<tenant>/v2.0/adminconsent", admin_consent),
        Route("login.admin_consent_v2_answer", "POST", "/<tenant>/v2.0/adminconsent", admin_consent),
        Route("login.sign_out", "GET", "/<tenant>/oauth2/v2.0/logout", sign_out),
        Route("login.token", "POST", "/<tenant>/oauth2/v2.0/token", token),
    ),
    not_found=_unknown,
    path_prefixes=("/common/", "/organizations/"),
    subject=lambda world, request, arguments: _who_asks(request.values.get("client_id", ""), arguments),
)


def _who_asks(client_id: str, arguments: dict[str, Any]) -> str:
    return client_id or str(arguments.get("tenant", ""))
