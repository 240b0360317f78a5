"""Google's authorization endpoint: who signs in, whether they may, what they consent to, and the way back.

GET shows the first page, POST is a click; `auto=<address>`, where the sandbox allows it, stands for all clicks.
https://developers.google.com/identity/openid-connect/openid-connect#sendauthrequest
"""

from typing import Any
from urllib.parse import quote, urlencode

from sandbox.google import pages
from sandbox.google.accounts import Account, Client, Code
from sandbox.google.openid import ANSWER_NAMES_ISSUER, base, hosted_domain
from sandbox.google.refusals import Refused
from sandbox.http import Call, Response
from sandbox.switches import declare

OTHER_DOMAINS_ARE_LET_THROUGH = declare(
    "google.other_domains_are_let_through",
    default=True,
    question="Is somebody of another domain let through though `hd` asked for one (or held up on the page)?",
    source="the documentation: do not rely on this optimization to control who can access your app",
)
_CHALLENGE_SIZES = range(43, 129)
_FULL = {name: f"https://www.googleapis.com/auth/userinfo.{name}" for name in ("email", "profile")}
_PROMPTS = {"none", "consent", "select_account"}


def scopes_told(scopes: tuple[str, ...]) -> str:
    """`email` and `profile` have longer names in answers."""
    return " ".join(_FULL.get(scope, scope) for scope in scopes)


def authorize(call: Call) -> Response:
    """A refusal is for the person's eyes, unless it is the person's own."""
    try:
        client = _client(call)
        scopes = _checked(call)
        found = _who(call, client)
    except Refused as refusal:
        return refusal.to_person()
    if "none" in _prompts(call):
        return _back(call, {"error": "interaction_required"})
    if isinstance(found, Response):
        return found
    if client.internal_to is not None and found.workspace is not client.internal_to:
        text = f"{client.name} is restricted to users within its organization."
        return Refused("org_internal", text, 403).to_person()
    return _consented(call, client, found, scopes)


def _client(call: Call) -> Client:
    asked = call.request.values
    if not asked.get("client_id"):
        raise Refused("invalid_request", "Missing required parameter: client_id")
    client = call.world.google.clients.get(asked["client_id"])
    if client is None:
        raise Refused("invalid_client", "The OAuth client was not found.", 401)
    if asked.get("redirect_uri") not in client.redirect_uris:
        raise Refused("redirect_uri_mismatch", "If you're the app developer, register the redirect URI.")
    return client


def _checked(call: Call) -> tuple[str, ...]:
    """The scopes of a request that is in order."""
    asked = call.request.values
    for name in ("response_type", "scope"):
        if not asked.get(name):
            raise Refused("invalid_request", f"Missing required parameter: {name}")
    if asked["response_type"] != "code":
        raise Refused("unsupported_response_type", f"Invalid response_type: {asked['response_type']}")
    if asked.get("code_challenge_method", "plain") not in ("plain", "S256"):
        raise Refused("invalid_request", "Invalid parameter value for code_challenge_method")
    if asked.get("code_challenge") and len(asked["code_challenge"]) not in _CHALLENGE_SIZES:
        raise Refused("invalid_request", "Invalid parameter value for code_challenge")
    if not _prompts(call) <= _PROMPTS:
        raise Refused("invalid_request", f"Invalid parameter value for prompt: {asked['prompt']}")
    scopes = tuple(dict.fromkeys(asked["scope"].split()))
    if unknown := [scope for scope in scopes if scope not in ("openid", *_FULL)]:
        raise Refused("invalid_scope", f"Some requested scopes were invalid: {' '.join(unknown)}")
    return scopes


def _prompts(call: Call) -> set[str]:
    return set(call.request.values.get("prompt", "").split())


def _automatic(call: Call) -> str:
    return call.request.values.get("auto", "") if call.world.auto_login else ""


def _who(call: Call, client: Client) -> Account | Response:
    """Who signs in, or the page that asks. `hd` shortens its list, and keeps nobody from typing an address."""
    asked, known = call.request.values, call.world.google.accounts
    shown = [one for one in known.values() if _is_wanted(call, one)]
    name = (asked.get("account") or asked.get("identifier") or _automatic(call)).lower()
    if not name:
        return pages.choose_account(call, client, shown)
    found = known.get(name)
    if found is None:
        return pages.choose_account(call, client, shown, "Couldn't find your Google Account")
    if not found.enabled:
        return pages.choose_account(call, client, shown, "Your account has been suspended")
    if found not in shown and not call.world.switches.on(OTHER_DOMAINS_ARE_LET_THROUGH):
        return pages.choose_account(call, client, shown, f"Choose an account of {asked['hd']}")
    return found


def _is_wanted(call: Call, account: Account) -> bool:
    wanted, domain = call.request.values.get("hd", ""), hosted_domain(call, account)
    return not wanted or (bool(domain) and wanted in ("*", domain))


def _consented(call: Call, client: Client, account: Account, scopes: tuple[str, ...]) -> Response:
    asked = call.request.values
    answer = asked.get("answer") or ("continue" if _automatic(call) else "")
    given = account.subject in client.consents and "consent" not in _prompts(call)
    if not given and answer == "cancel":
        return _back(call, {"error": "access_denied"})
    if not given and answer != "continue":
        return pages.ask_consent(call, client, account, scopes)
    client.consents.add(account.subject)
    code = Code(
        client, account, scopes, asked["redirect_uri"], asked.get("code_challenge", ""),
        asked.get("code_challenge_method", "plain"), asked.get("nonce", ""), call.world.clock.now(),
    )  # fmt: skip
    told = {"code": call.world.google.issue_code(code), "scope": scopes_told(scopes), "authuser": "0"}
    domain = hosted_domain(call, account)
    told |= {"hd": domain} if domain else {}
    return _back(call, told | {"prompt": "none" if given else "consent"})


def _back(call: Call, answer: dict[str, Any]) -> Response:
    asked = call.request.values
    told = {"state": asked["state"]} if asked.get("state") else {}
    if call.world.switches.on(ANSWER_NAMES_ISSUER):
        told["iss"] = base(call)
    query = urlencode(told | answer, quote_via=quote)
    target = asked["redirect_uri"]
    return Response(status=302, headers={"Location": f"{target}{'&' if '?' in target else '?'}{query}"})
