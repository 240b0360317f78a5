"""A mailbox's owner signs in to it: authorization code flow with PKCE, and what came of it.

https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow
"""

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode

from crosstie.domain.clock import Clock
from crosstie.domain.errors import NeedsConsent, Retry, Unclear
from crosstie.mailboxes.graph.connection import GraphConnection
from crosstie.mailboxes.graph.errors import Answer, translate, translate_token
from crosstie.transport import Http, is_token, parsed

GRAPH = "https://graph.microsoft.com/"
PERMISSIONS = ("Mail.ReadWrite", "Calendars.ReadWrite", "MailboxSettings.ReadWrite", "User.Read")
STATE, FOREIGN, PARTIAL = "GRAPH-SIGN-IN-STATE", "GRAPH-SIGN-IN-FOREIGN", "GRAPH-SIGN-IN-PARTIAL"
DECLINED, ADMIN = "GRAPH-SIGN-IN-DECLINED", "GRAPH-SIGN-IN-ADMIN"
SCOPE = " ".join(("offline_access", *(GRAPH + name for name in PERMISSIONS)))
_NUMBER = re.compile(r"\s*AADSTS(\d+)")
_NUMBERS = {"65004": DECLINED, "90093": ADMIN, "90094": ADMIN, "90095": ADMIN}
"""https://learn.microsoft.com/entra/identity-platform/reference-error-codes"""


@dataclass(frozen=True, slots=True)
class SignIn:
    """Where the browser is sent, and what is kept on the server until it comes back."""

    url: str
    state: str = field(repr=False)
    verifier: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Granted:
    refresh_token: str = field(repr=False)
    access_token: str = field(repr=False)


def begin(clock: Clock, connection: GraphConnection, redirect_uri: str, *, choose: bool = False) -> SignIn:
    """`choose`: Microsoft asks which account it is to be, and takes nobody for granted who is signed in there."""
    state, verifier = clock.token(24), clock.token(48)
    digest = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode("ascii")).digest())
    query = {
        "response_type": "code",
        "client_id": connection.client_id,
        "redirect_uri": redirect_uri,
        "scope": SCOPE,
        "state": state,
        "code_challenge": digest.rstrip(b"=").decode("ascii"),
        "code_challenge_method": "S256",
        **({"prompt": "select_account"} if choose else {"login_hint": connection.address}),
    }
    base = connection.token_url.removesuffix("/token")
    return SignIn(f"{base}/authorize?{urlencode(query, quote_via=quote)}", state, verifier)


def admin_consent_url(
    connection: GraphConnection, redirect_uri: str, *, scope: str = SCOPE, state: str = ""
) -> str:
    """Where an administrator allows for everybody what `begin` asks for, or all that the app is registered with.

    https://learn.microsoft.com/entra/identity-platform/v2-admin-consent
    """
    query = {"client_id": connection.client_id, "scope": scope, "redirect_uri": redirect_uri}
    query |= {"state": state} if state else {}
    base = connection.token_url.removesuffix("/oauth2/v2.0/token")
    return f"{base}/v2.0/adminconsent?{urlencode(query, quote_via=quote)}"


def check_state(begun: SignIn, state: str) -> None:
    if not hmac.compare_digest(state.encode(), begun.state.encode()):
        raise NeedsConsent(STATE)


def refusal(description: str) -> NeedsConsent:
    """What the login page has the browser tell: ADMIN where only an administrator can allow it, DECLINED where
    somebody said no. Microsoft's own number decides, never its words.
    """
    found = _NUMBER.match(description)
    return NeedsConsent(_NUMBERS.get(found[1], "GRAPH-SIGN-IN-REFUSED") if found else "GRAPH-SIGN-IN-REFUSED")


def finish(
    http: Http,
    clock: Clock,
    connection: GraphConnection,
    begun: SignIn,
    *,
    state: str,
    code: str,
    redirect_uri: str,
) -> Granted:
    """The code that came back, for tokens; NeedsConsent where `state` is not the one sent (STATE), and where not
    all that is needed was allowed (PARTIAL, with the names of what is missing as its detail).
    """
    check_state(begun, state)
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
    missing = _missing(answer.json.get("scope"))
    if not isinstance(refresh, str) or not refresh:
        missing.append("offline_access")
    if missing:
        raise NeedsConsent(PARTIAL, " ".join(missing))
    return Granted(str(refresh), str(access))


def _missing(scope: Any) -> list[str]:
    """Of the permissions, by what the token is said to hold; one that says nothing holds what was asked for."""
    if not isinstance(scope, str):
        return []
    held = {one.removeprefix(GRAPH).casefold() for one in scope.split()}
    return [name for name in PERMISSIONS if name.casefold() not in held]


def ask(http: Http, connection: GraphConnection, access: str, path: str) -> Answer:
    """One question to Graph with the token of this sign-in."""
    url = f"{connection.graph_url.rstrip('/')}{path}"
    return _send(http, "GET", url, headers={"Authorization": f"Bearer {access}"})


def check_owner(http: Http, clock: Clock, connection: GraphConnection, access: str) -> None:
    """Somebody else's sign-in does not open this mailbox: NeedsConsent(FOREIGN)."""
    path = f"/users/{quote(connection.address)}/mailFolders/inbox?$select=id"
    answer = ask(http, connection, access, path)
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
