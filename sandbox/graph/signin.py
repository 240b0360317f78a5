"""Microsoft's authorization endpoint: who signs in, whether they may, what they consent to, and the way back.

GET shows the first page, POST is a click; `auto=<address>`, where the sandbox allows it, stands for all clicks.
"""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

from werkzeug.datastructures import MultiDict

from sandbox.graph import loginpages as pages
from sandbox.graph.aadsts import LoginRefused, sent_back
from sandbox.graph.accounts import account, admit, policy_for
from sandbox.graph.entra import ADMIN_ONLY, App, Code, Tenant
from sandbox.http import Call, Response
from sandbox.mailboxes import Mailbox
from sandbox.switches import declare

USERS_MAY_CONSENT = declare(
    "microsoft.users_may_consent",
    default=False,
    question="May people consent to mail and calendar permissions themselves, without an administrator?",
    source="notes 1.1: Microsoft's default policy blocks it, older tenants still allow it",
)
PAGE_KEEPS_REFUSALS = declare(
    "microsoft.page_keeps_refusals",
    default=True,
    question="Does the login page keep to itself that a person is not let in (or does it tell the app)?",
    source="field reports: of 50105 the app was told in 2020, and no more in 2021 and 2022",
)
NEEDED_ADMIN_IS_TOLD = declare(
    "microsoft.needed_admin_is_told",
    default=True,
    question="Is an app told 90094 when a person leaves the page that wants an administrator (or 65004)?",
    source="recall",
)
_ALWAYS_ALLOWED = {"openid", "profile", "email", "offline_access"}
_GRAPH = "https://graph.microsoft.com/"
_PROMPTS = {"", "login", "none", "consent", "select_account"}
_NOT_LET_IN = {50057, 50105, 53003, 7000112}
CHALLENGE_SIZES = range(43, 129)
"""Characters of a code challenge (RFC 7636)."""


def requested_scopes(text: str) -> tuple[str, ...]:
    """Scope names without their resource; raises LoginRefused for another resource."""
    scopes = []
    for scope in text.split():
        short = scope.removeprefix(_GRAPH)
        if "/" in short:
            raise LoginRefused(70011, name=scope)
        scopes.append(short)
    if ".default" in scopes and len(delegated(tuple(scopes))) > 1:
        raise LoginRefused(70011, name=".default, with others beside it,")
    return tuple(scopes)


def delegated(scopes: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(scope for scope in scopes if scope not in _ALWAYS_ALLOWED)


def authorize(call: Call, tenant: str) -> Response:
    """Without a known app and redirect address, a refusal cannot go anywhere but onto the page."""
    asked = call.request.values
    try:
        app = _asking_app(call, tenant)
    except LoginRefused as refusal:
        return pages.error_page(call, refusal)
    try:
        return _authorize(call, tenant, app)
    except LoginRefused as refusal:
        if refusal.number in _NOT_LET_IN and call.world.switches.on(PAGE_KEEPS_REFUSALS):
            return pages.error_page(call, refusal)
        return back(asked, sent_back(call, refusal))


def _asking_app(call: Call, tenant: str) -> App:
    client_id, uri = call.request.values.get("client_id", ""), call.request.values.get("redirect_uri", "")
    app = call.world.microsoft.apps.get(client_id)
    if app is None:
        raise LoginRefused(700016, app=client_id, name=tenant)
    if not may_return(app, uri):
        raise LoginRefused(50011, app=client_id, uri=uri)
    return app


def may_return(app: App, uri: str) -> bool:
    """A registered address; of programs on a person's own machine (`http://localhost`) any port will do."""
    if uri in app.redirect_uris:
        return True
    parts = urlsplit(uri)
    anywhere = parts.scheme == "http" and parts.hostname in ("localhost", "127.0.0.1")
    bare = f"http://{parts.hostname}{parts.path}"
    return anywhere and any(bare.rstrip("/") == known.rstrip("/") for known in app.redirect_uris)


def _authorize(call: Call, tenant: str, app: App) -> Response:
    scopes = _checked(call, app)
    found = who(call, tenant, app)
    if isinstance(found, Response):
        return found
    home = call.world.microsoft.tenant_of(found.address)
    proven = _proven(call, home, found)
    if proven is None:
        return pages.ask_proof(call, found)
    admit(call, app, home, found, twice_proven=proven)
    question = _consent(call, app, home, found, delegated(scopes))
    if question is not None:
        return question
    code = _code(call, app, home, found, scopes, twice_proven=proven)
    return back(call.request.values, {"code": code, "session_state": str(found.guid)})


def _checked(call: Call, app: App) -> tuple[str, ...]:
    """The scopes of a request that is in order."""
    asked = call.request.values
    kind, mode, prompt = (asked.get(name, "") for name in ("response_type", "response_mode", "prompt"))
    if not kind:
        raise LoginRefused(900144, name="response_type")
    if kind != "code":
        raise LoginRefused(700054, app=app.client_id) if "id_token" in kind else LoginRefused(70005, name=kind)
    if mode not in ("", "query", "fragment", "form_post"):
        raise LoginRefused(70007, name=mode)
    scopes = requested_scopes(asked.get("scope", ""))
    if not scopes:
        raise LoginRefused(900144, name="scope")
    if asked.get("code_challenge_method", "plain") not in ("plain", "S256"):
        raise LoginRefused(70000, name="code_challenge_method")
    if asked.get("code_challenge") and len(asked["code_challenge"]) not in CHALLENGE_SIZES:
        raise LoginRefused(501491)
    if prompt not in _PROMPTS:
        raise LoginRefused(90023, name=prompt)
    if prompt == "none":
        raise LoginRefused(50058)
    return scopes


def automatic(call: Call) -> str:
    return call.request.values.get("auto", "") if call.world.auto_login else ""


def who(call: Call, tenant: str, app: App) -> Mailbox | Response:
    """Who signs in, or the page that asks. Wrong passwords are nobody's business but the person's."""
    asked, people = call.request.values, _people(call, tenant)
    name = (asked.get("user") or asked.get("loginfmt") or automatic(call)).lower()
    shown = [one for one in people if one.address == asked.get("login_hint", "").lower()] or people
    tiles = [{"address": one.address, "name": one.name} for one in shown]
    if not name:
        return pages.choose_account(call, app, tiles)
    person = call.world.mailboxes.mailbox(name)
    if person is None or person.address != name or person.home != "microsoft365":
        return pages.choose_account(call, app, tiles, LoginRefused(50034, name=name).sentence)
    if person not in people:
        raise LoginRefused(50020, app=app.client_id, name=name)
    known = account(call, person)
    typed = "passwd" in asked or ("loginfmt" in asked and not asked.get("user"))
    asks = bool(known.password) and asked.get("prompt") == "login" and not automatic(call)
    if not typed and asks:
        return pages.ask_password(call, person)
    if typed and "user" not in asked:
        try:
            known.check(asked.get("passwd", ""), call.world.clock.now())
        except LoginRefused as refusal:
            return pages.ask_password(call, person, refusal.sentence)
    return person


def _people(call: Call, tenant: str) -> list[Mailbox]:
    directory = call.world.microsoft
    known = directory.tenant(tenant)
    if known is None and tenant not in ("common", "organizations"):
        raise LoginRefused(90002, name=tenant)
    everybody = [person for person in call.world.mailboxes.mailboxes if person.home == "microsoft365"]
    if known is None:
        return everybody
    return [person for person in everybody if directory.tenant_of(person.address) == known]


def _proven(call: Call, tenant: Tenant, person: Mailbox) -> bool | None:
    """Whether a second proof was given; None while it has to be asked for. Raises 500121 for one that failed."""
    asked = call.request.values
    wanted = policy_for(call, tenant, person) == "mfa" or "capolids" in asked.get("claims", "")
    if not wanted:
        return False
    if asked.get("proof") == "deny":
        raise LoginRefused(500121)
    return True if asked.get("proof") == "approve" or automatic(call) else None


def _consent(call: Call, app: App, tenant: Tenant, person: Mailbox, scopes: tuple[str, ...]) -> Response | None:
    """The page that asks for what is missing; None when nothing is, or the click said yes."""
    asked, user = call.request.values, str(person.guid)
    given = app.may_delegate(tenant.id, user, scopes)
    if given and asked.get("prompt") != "consent":
        return None
    answer = asked.get("answer") or ("accept" if automatic(call) else "")
    if answer == "decline":
        raise LoginRefused(65004)
    admin = account(call, person).admin
    if not given and not admin and _needs_admin(call, scopes):
        if asked.get("answer") == "leave" or automatic(call):
            told = call.world.switches.on(NEEDED_ADMIN_IS_TOLD)
            raise LoginRefused(90094, app=app.name, name=tenant.domains[0]) if told else LoginRefused(65004)
        return pages.need_admin(call, app, person)
    missing = set(scopes) - app.delegable(tenant.id, user)
    if answer != "accept":
        return pages.ask_consent(call, app, person, missing or scopes, may_for_all=admin)
    whose = tenant.id if admin and asked.get("for_all") else f"{tenant.id}/{user}"
    app.scope_consents.setdefault(whose, set()).update(missing - {".default"})
    return None


def _needs_admin(call: Call, scopes: tuple[str, ...]) -> bool:
    """What nobody has consented to yet can be had by `.default` from an administrator alone."""
    blocked = any(scope.startswith(ADMIN_ONLY) for scope in scopes)
    return ".default" in scopes or (blocked and not call.world.switches.on(USERS_MAY_CONSENT))


def _code(
    call: Call, app: App, tenant: Tenant, user: Mailbox, scopes: tuple[str, ...], *, twice_proven: bool
) -> str:
    asked, directory = call.request.values, call.world.microsoft
    text = "1." + directory.random_text(80)
    directory.codes[text] = Code(
        app, tenant.id, str(user.guid), scopes, asked["redirect_uri"],
        asked.get("code_challenge", ""), asked.get("code_challenge_method", "plain"), asked.get("nonce", ""),
        call.world.clock.now(), twice_proven,
    )  # fmt: skip
    return text


def sign_out(call: Call, tenant: str) -> Response:
    """Nobody stays signed in here, so there is nothing to end; the browser goes where it is sent."""
    target = call.request.args.get("post_logout_redirect_uri", "")
    if any(may_return(app, target) for app in call.world.microsoft.apps.values()):
        return Response(status=302, headers={"Location": target})
    return pages.page("Sign out", "<p>You signed out.</p>")


def back(asked: "MultiDict[str, str]", answer: dict[str, Any]) -> Response:
    """To the app, the way it wants to be answered."""
    if asked.get("state"):
        answer["state"] = asked["state"]
    target = asked["redirect_uri"]
    deliver: Mapping[str, Callable[[str, dict[str, Any]], Response]] = {
        "form_post": pages.post_back, "fragment": _fragment,
    }  # fmt: skip
    return deliver.get(asked.get("response_mode", "query"), _query)(target, answer)


def _query(target: str, answer: dict[str, Any]) -> Response:
    return Response(
        status=302, headers={"Location": f"{target}{'&' if '?' in target else '?'}{urlencode(answer)}"}
    )


def _fragment(target: str, answer: dict[str, Any]) -> Response:
    return Response(status=302, headers={"Location": f"{target}#{urlencode(answer)}"})
