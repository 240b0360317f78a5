"""Microsoft's login: the token endpoint with its three grants, and every address of the login."""

import base64
import hashlib
from typing import Any

import jwt
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import load_pem_x509_certificate
from werkzeug.datastructures import MultiDict

from sandbox.graph.aadsts import LoginRefused, refusal_response
from sandbox.graph.accounts import admit
from sandbox.graph.adminconsent import admin_consent
from sandbox.graph.entra import CODE_LIFE, REFRESH_LIFE, App, Code, same_secret
from sandbox.graph.openid import Signed, configuration, id_token, instance_discovery, keys
from sandbox.graph.signin import authorize, delegated, requested_scopes, sign_out
from sandbox.http import Call, Face, Response, Route, json_response, read_json
from sandbox.mailboxes import Mailbox
from sandbox.switches import declare

_JWT_BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
TOKENS_HOLD_ALL = declare(
    "microsoft.tokens_hold_all_consents",
    default=False,
    question="Does an access token hold every permission consented to (or those that were asked for alone)?",
    source="recall: tokens seen in the field hold more than was asked; the documentation speaks of what was asked",
)
CODES_GIVE_LESS = declare(
    "microsoft.codes_give_less",
    default=False,
    question="Is a code good for those of its permissions that are still consented to (or refused with 65001)?",
    source="the writers of MSAL: sometimes a part of what was asked for is granted, and the answer says which",
)


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
        thumbprint = hashlib.sha1(der, usedforsecurity=False).digest()
        prints = {"x5t": thumbprint, "x5t#S256": hashlib.sha256(der).digest()}
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
    if known.id in app.disabled_in:
        raise LoginRefused(7000112, app=app.client_id)
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
    person = _person(call, code.user)
    if not person.enabled:
        raise LoginRefused(50057)
    scopes = _still_granted(call, app, code)
    directory.redeemed.add(form["code"])
    signed_in = Signed(app, code.tenant, person, scopes, code.twice_proven, code.nonce)
    return _delegated_tokens(call, signed_in)


def _still_granted(call: Call, app: App, code: Code) -> tuple[str, ...]:
    """Somebody may have taken a part of the consent back since the login page. Raises 65001."""
    if app.may_delegate(code.tenant, code.user, delegated(code.scopes)):
        return code.scopes
    if not call.world.switches.on(CODES_GIVE_LESS):
        raise LoginRefused(65001, app=app.client_id)
    lost = set(delegated(code.scopes)) - app.delegable(code.tenant, code.user)
    return tuple(scope for scope in code.scopes if scope not in lost)


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
    person = _person(call, held.user)
    admit(call, app, directory.tenant_of(person.address), person, twice_proven=held.twice_proven)
    if not app.may_delegate(held.tenant, held.user, delegated(scopes)):
        raise LoginRefused(65001, app=app.client_id)
    return _delegated_tokens(call, Signed(app, held.tenant, person, scopes, held.twice_proven), refreshable=True)


def _person(call: Call, user: str) -> Mailbox:
    found = call.world.mailboxes.mailbox_by_guid(user)
    if found is None:
        raise LoginRefused(50173)
    return found


def understands_challenges(form: "MultiDict[str, str]") -> bool:
    """The client's capabilities come among the claims it asks for. Raises LoginRefused for what is no JSON."""
    try:
        claims = read_json(form.get("claims") or "{}")
        return "cp1" in claims.get("access_token", {}).get("xms_cc", {}).get("values", [])
    except (ValueError, AttributeError, TypeError) as broken:
        raise LoginRefused(70000, name="claims") from broken


def _delegated_tokens(call: Call, signed: Signed, *, refreshable: bool = False) -> Response:
    directory, app, scopes, person = call.world.microsoft, signed.app, signed.scopes, signed.person
    wanted, everything = set(delegated(scopes)), app.delegable(signed.tenant, signed.user)
    whole = ".default" in wanted or call.world.switches.on(TOKENS_HOLD_ALL)
    permissions = wanted | everything if whole else wanted
    who = {"oid": signed.user, "name": person.name, "upn": person.address, "preferred_username": person.address}
    # What user info is asked for with comes along; Graph's own checks know none of these.
    signs = {scope for scope in scopes if scope in ("openid", "profile", "email")}
    granted = (permissions - {".default"}) | signs
    knows = understands_challenges(call.request.form)
    access, life = directory.issue(app, signed.tenant, signed.user, granted, who, challengeable=knows)
    body = {
        "token_type": "Bearer",
        "scope": " ".join(sorted(granted) if whole else (one for one in scopes if one != "offline_access")),
        "expires_in": life,
        "ext_expires_in": life,
        "access_token": access,
    }
    if refreshable or "offline_access" in scopes:
        body["refresh_token"] = directory.issue_refresh(
            app, signed.tenant, signed.user, scopes, twice_proven=signed.twice_proven
        )
    if "openid" in scopes:
        body["id_token"] = id_token(call, signed)
    if call.request.form.get("client_info"):
        info = f'{{"uid":"{signed.user}","utid":"{signed.tenant}"}}'
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
