"""A mailbox's owner signs in to it anew: authorization code flow with PKCE, and whether it was its owner.

https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow
"""

import base64
import hashlib
import hmac
from dataclasses import dataclass, field
from urllib.parse import quote, urlencode

from crosstie.domain.clock import Clock
from crosstie.domain.errors import NeedsConsent, Retry, Unclear
from crosstie.mailboxes.graph.connection import GraphConnection
from crosstie.mailboxes.graph.errors import Answer, translate, translate_token
from crosstie.transport import Http, is_token, parsed

GRAPH = "https://graph.microsoft.com/"
PERMISSIONS = ("Mail.ReadWrite", "Calendars.ReadWrite", "MailboxSettings.ReadWrite")
STATE, FOREIGN = "GRAPH-SIGN-IN-STATE", "GRAPH-SIGN-IN-FOREIGN"
SCOPE = " ".join(("offline_access", *(GRAPH + name for name in PERMISSIONS)))


@dataclass(frozen=True, slots=True)
class SignIn:
    """Where the browser is sent, and what is kept on the server until it comes back."""

    url: str
    state: str = field(repr=False)
    verifier: str = field(repr=False)


def begin(clock: Clock, connection: GraphConnection, redirect_uri: str) -> SignIn:
    state, verifier = clock.token(24), clock.token(48)
    digest = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode("ascii")).digest())
    query = {
        "response_type": "code",
        "client_id": connection.client_id,
        "redirect_uri": redirect_uri,
        "scope": SCOPE,
        "state": state,
        "login_hint": connection.address,
        "code_challenge": digest.rstrip(b"=").decode("ascii"),
        "code_challenge_method": "S256",
    }
    base = connection.token_url.removesuffix("/token")
    return SignIn(f"{base}/authorize?{urlencode(query, quote_via=quote)}", state, verifier)


def finish(
    http: Http,
    clock: Clock,
    connection: GraphConnection,
    begun: SignIn,
    *,
    state: str,
    code: str,
    redirect_uri: str,
) -> str:
    """The code that came back, for a refresh token; NeedsConsent where `state` is not the one sent (STATE), and
    where whoever signed in has no business in this mailbox (FOREIGN).
    """
    if not hmac.compare_digest(state.encode(), begun.state.encode()):
        raise NeedsConsent(STATE)
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": redirect_uri,
        "client_id": connection.client_id,
        "code_verifier": begun.verifier,
        "scope": SCOPE,
    }
    if connection.secret:
        form["client_secret"] = connection.secret
    answer = _send(http, "POST", connection.token_url, form=form)
    access, refresh = answer.json.get("access_token"), answer.json.get("refresh_token")
    if not answer.ok or not is_token(access):
        raise translate_token(answer, clock.now())
    if not isinstance(refresh, str) or not refresh:
        raise NeedsConsent("GRAPH-SIGN-IN-CONSENT", "no refresh token: offline_access was not granted")
    _check_owner(http, clock, connection, str(access))
    return refresh


def _check_owner(http: Http, clock: Clock, connection: GraphConnection, access: str) -> None:
    """Somebody else's sign-in does not open this mailbox."""
    url = f"{connection.graph_url.rstrip('/')}/users/{quote(connection.address)}/mailFolders/inbox?$select=id"
    answer = _send(http, "GET", url, headers={"Authorization": f"Bearer {access}"})
    if answer.status in (403, 404):
        raise NeedsConsent(FOREIGN)
    if not answer.ok:
        raise translate(answer, clock.now())


def _send(http: Http, method: str, url: str, **given: dict[str, str]) -> Answer:
    try:
        response = http.request(method, url, headers=given.get("headers"), form=given.get("form"))
    except Unclear as lost:
        raise Retry("NET-LOST", lost.detail) from lost
    headers = {name.lower(): value for name, value in response.headers.items()}
    return Answer(response.status_code, parsed(response), headers)
