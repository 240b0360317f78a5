"""The token endpoint: five grants, one answer; and revocation."""

import base64
import hashlib
import hmac
from dataclasses import replace

from sandbox.http import Call, Response
from sandbox.salesforce.apps import OFFLINE, App, Flow
from sandbox.salesforce.errors import SalesforceError
from sandbox.salesforce.logins import status_of
from sandbox.salesforce.oauth import assertion
from sandbox.salesforce.oauth.admission import admit
from sandbox.salesforce.oauth.answers import Refusal, token_answer
from sandbox.salesforce.oauth.openid import id_token
from sandbox.salesforce.signins import is_over
from sandbox.salesforce.site import LOGIN_HOSTS, Site, host_of, sites_at
from sandbox.salesforce.tokens import APPROVALS, Code, Grant
from sandbox.switches import declare

FIVE_APPROVALS = declare(
    "salesforce.five_approvals",
    default=True,
    question="Does the sixth refresh token of one user and app end the oldest of them?",
    source="notes 4.2, flow details recall",
)
UNINSTALLED_REFUSED = declare(
    "salesforce.uninstalled_app_refused",
    default=True,
    question="Is an app that no administrator has installed refused (or may its flows run)?",
    source="notes 4.2, recall; P15",
)
REUSE_ENDS_ALL = declare(
    "salesforce.reused_refresh_token_ends_all",
    default=False,
    question="Does a refresh token that was replaced by another end that other, once somebody shows it again?",
    source="the vendor's help on one-time refresh tokens (2026) says so; older reports tell of a refusal alone",
)
MANY = 1000

JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"


def token(call: Call) -> Response:
    grants = {
        "authorization_code": _authorization_code,
        "refresh_token": _refresh_token,
        "client_credentials": _client_credentials,
        "password": _password,
        JWT_BEARER: _jwt_bearer,
    }
    grant = grants.get(call.request.values.get("grant_type", ""))
    if grant is None:
        return Refusal("unsupported_grant_type", "grant type not supported").response()
    try:
        return grant(call)
    except Refusal as refusal:
        return refusal.response()


def revoke(call: Call) -> Response:
    """A refresh token, a session, or the DeleteToken that a row of OauthToken tells."""
    text = call.request.values.get("token", "")
    for site in call.world.orgs.values():
        key = site.org.signins.meant_by(text)
        user, _, client_id = (key or "").partition("/")
        if site.tokens.revoke(key or text) or (client_id and site.tokens.revoke_app(client_id, user)):
            call.subject = site.org.id
            return Response(status=200)
    return Refusal("invalid_token", "invalid token").response()


def _authorization_code(call: Call) -> Response:
    client_id, secret = _client(call)
    now = call.world.clock.now()
    for site, app in _registered(call, client_id, "web_server"):
        _check_secret(app, secret, needed=app.require_secret)
        code = site.tokens.redeem(call.request.values.get("code", ""), client_id, now)
        if code is None:
            continue
        call.subject = site.org.id
        if code.redirect_uri != call.request.values.get("redirect_uri"):
            raise Refusal("invalid_grant", "redirect_uri must match configuration")
        _check_verifier(code, call.request.values.get("code_verifier", ""))
        admit(site, app, code.user, call.request)
        wants_refresh = bool(OFFLINE & set(code.scope.split())) and "refresh" in app.flows
        kept = APPROVALS if call.world.switches.on(FIVE_APPROVALS) else MANY
        refresh = ""
        if wants_refresh:
            refresh = site.tokens.issue_grant(code.user, client_id, code.scope, kept=kept, now=now).token
        session = site.open_session(app, code.user, code.scope, now, host_of(call.request), refresh)
        shown = id_token(call, site, app, session, code.nonce)
        return token_answer(site, app, session, call.request, now, refresh, shown)
    raise Refusal("invalid_grant", "expired authorization code")


def _refresh_token(call: Call) -> Response:
    client_id, secret = _client(call)
    now, text = call.world.clock.now(), call.request.values.get("refresh_token", "")
    for site, app in _registered(call, client_id, "refresh"):
        grant = site.tokens.grants.get(text)
        if grant is None or grant.client_id != client_id:
            _punish_reuse(call, site, text)
            continue
        call.subject = site.org.id
        _check_secret(app, secret, needed=app.require_secret)
        admit(site, app, grant.user, call.request)
        if is_over(app, grant.issued, grant.used, now):
            site.tokens.revoke(grant.token)
            break
        refresh, new = _rotated(site, app, site.tokens.use(grant, now))
        session = site.open_session(app, grant.user, grant.scope, now, host_of(call.request), refresh.token)
        shown = id_token(call, site, app, session)
        return token_answer(site, app, session, call.request, now, refresh.token if new else "", shown)
    raise Refusal("invalid_grant", "expired access/refresh token")


def _punish_reuse(call: Call, site: Site, token: str) -> None:
    """Whoever shows a refresh token that was replaced may be a thief: what stands in its place ends too."""
    current = site.tokens.successor(token)
    if current and call.world.switches.on(REUSE_ENDS_ALL):
        site.tokens.revoke(current)


def _rotated(site: Site, app: App, grant: Grant) -> tuple[Grant, bool]:
    return (site.tokens.rotate(grant), True) if app.rotate_refresh_tokens else (grant, False)


def _client_credentials(call: Call) -> Response:
    if host_of(call.request) in LOGIN_HOSTS:
        raise Refusal("invalid_grant", "request not supported on this domain")
    client_id, secret = _client(call)
    now = call.world.clock.now()
    site, app = _registered(call, client_id, "client_credentials")[0]
    call.subject = site.org.id
    _check_secret(app, secret, needed=True)
    if app.run_as is None:
        raise Refusal("invalid_grant", "no client credentials user enabled")
    admit(site, replace(app, permitted="all"), app.run_as, call.request)
    session = site.open_session(app, app.run_as, _granted(app), now, host_of(call.request))
    return token_answer(site, app, session, call.request, now)


def _password(call: Call) -> Response:
    """Whatever is wrong with name, password or token, the answer is the same."""
    client_id, secret = _client(call)
    now = call.world.clock.now()
    for site, app in _registered(call, client_id, "username_password"):
        _check_secret(app, secret, needed=True)
        user = site.org.user_by_username(call.request.values.get("username", ""))
        login = site.logins.get(user) if user else None
        if user is None or login is None:
            continue
        call.subject = site.org.id
        admit(site, app, user, call.request)
        try:
            login.check(call.request.values.get("password", ""), now)
        except SalesforceError as refused:
            status = status_of(refused.code)
            site.org.signins.attempt(user, "Remote Access 2.0", app.name, status=status)
            raise Refusal("invalid_grant", "authentication failure") from refused
        session = site.open_session(app, user, _granted(app), now, host_of(call.request))
        return token_answer(site, app, session, call.request, now)
    raise Refusal("invalid_grant", "authentication failure")


def _jwt_bearer(call: Call) -> Response:
    """A user name belongs to one org only, so the first org that takes the assertion is the right one."""
    text = call.request.values.get("assertion", "")
    client_id = assertion.issuer(text)
    now = call.world.clock.now()
    refused: Refusal | None = None
    for site, app in _registered(call, client_id, "jwt_bearer"):
        try:
            user = assertion.subject(site, app, text, call.request, now)
            call.subject = site.org.id
            admit(site, app, user, call.request)
        except Refusal as refusal:
            refused = refusal
            continue
        session = site.open_session(app, user, _granted(app), now, host_of(call.request))
        return token_answer(site, app, session, call.request, now)
    raise refused or Refusal("invalid_grant", "invalid assertion")


def _granted(app: App) -> str:
    return " ".join(sorted(app.scopes - OFFLINE))


def _client(call: Call) -> tuple[str, str]:
    """Client id and secret, from HTTP Basic or from the form."""
    basic = call.request.authorization
    if basic is not None and basic.type == "basic":
        return basic.username or "", basic.password or ""
    values = call.request.values
    return values.get("client_id", ""), values.get("client_secret", "")


def _registered(call: Call, client_id: str, flow: Flow) -> list[tuple[Site, App]]:
    """Every org at this address that has the app, with the flow allowed; at least one."""
    found = [(site, site.apps[client_id]) for site in sites_at(call.world, call.request) if client_id in site.apps]
    if not found:
        raise Refusal("invalid_client_id", "client identifier invalid")
    if call.world.switches.on(UNINSTALLED_REFUSED) and not any(app.installed for _, app in found):
        raise Refusal("invalid_client", "app must be installed into org")
    allowed = [(site, app) for site, app in found if flow in app.flows]
    if not allowed:
        raise Refusal("invalid_grant", f"the {flow.replace('_', ' ')} flow is not enabled for this app")
    return allowed


def _check_secret(app: App, secret: str, *, needed: bool) -> None:
    if not secret and not needed:
        return
    if not hmac.compare_digest(secret.encode(), app.client_secret.encode()):
        raise Refusal("invalid_client", "invalid client credentials")


def _check_verifier(code: Code, verifier: str) -> None:
    if not code.challenge:
        return
    digest = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    if not hmac.compare_digest(digest, code.challenge.rstrip("=")):
        raise Refusal("invalid_grant", "invalid code verifier")
