"""The page where a person signs in and consents, and the administrator's consent page."""

import html
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode, urlsplit

from werkzeug.datastructures import MultiDict

from sandbox.graph.aadsts import LoginRefused
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
_ALWAYS_ALLOWED = {"openid", "profile", "email", "offline_access"}
_GRAPH = "https://graph.microsoft.com/"


def requested_scopes(text: str) -> tuple[str, ...]:
    """Scope names without their resource; raises LoginRefused for another resource."""
    scopes = []
    for scope in text.split():
        short = scope.removeprefix(_GRAPH)
        if "/" in short:
            raise LoginRefused(70011, name=scope)
        scopes.append(short)
    return tuple(scopes)


def delegated(scopes: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(scope for scope in scopes if scope not in _ALWAYS_ALLOWED)


def authorize(call: Call, tenant: str) -> Response:
    """GET shows who may sign in; POST is the click on one of them."""
    asked = call.request.values
    try:
        app = _asking_app(call, tenant)
    except LoginRefused as refusal:
        return _page("Sign in", f"<p>{html.escape(refusal.sentence)}</p>", 400)
    try:
        return _authorize(call, tenant, app)
    except LoginRefused as refusal:
        return _redirect(asked, {"error": refusal.error, "error_description": refusal.sentence})


def _asking_app(call: Call, tenant: str) -> App:
    """Without a known app and redirect address, the refusal cannot go anywhere but onto the page."""
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
    asked = call.request.values
    if asked.get("response_type") != "code":
        raise LoginRefused(900144, name="response_type")
    scopes = requested_scopes(asked.get("scope", ""))
    if not scopes:
        raise LoginRefused(900144, name="scope")
    if asked.get("prompt") == "none":
        raise LoginRefused(50058)
    people = _people(call, tenant)
    chosen = asked.get("user") or (asked.get("auto") if call.world.auto_login else None)
    if not chosen:
        return _choose(call, people, app)
    user = next((person for person in people if chosen.lower() == person.address), None)
    if user is None:
        raise LoginRefused(70000, name="login_hint")
    if asked.get("answer") == "decline":
        raise LoginRefused(65004)
    home = call.world.microsoft.tenant_of(user.address)
    check_policy(call, home.id, str(user.guid), twice_proven=True)
    _consent(call, app, home, user, delegated(scopes))
    return _redirect(asked, {"code": _code(call, app, home, user, scopes), "session_state": str(user.guid)})


def _consent(call: Call, app: App, tenant: Tenant, user: Mailbox, scopes: tuple[str, ...]) -> None:
    """The click consents to what is missing, where the tenant's policy lets people consent."""
    if app.may_delegate(tenant.id, str(user.guid), scopes):
        return
    blocked = any(scope.startswith(ADMIN_ONLY) for scope in scopes)
    if ".default" in scopes or (blocked and not call.world.switches.on(USERS_MAY_CONSENT)):
        raise LoginRefused(90094, app=app.name, name=tenant.domains[0])
    app.scope_consents.setdefault(f"{tenant.id}/{user.guid}", set()).update(scopes)


def check_policy(call: Call, tenant: str, user: str, *, twice_proven: bool) -> None:
    """Raises LoginRefused for a person whom the tenant's conditional access stops."""
    policy = call.world.microsoft.policies.get(tenant)
    person = call.world.mailboxes.mailbox_by_guid(user)
    if policy is None or person is None or (policy.users is not None and person.address not in policy.users):
        return
    if policy.kind == "block":
        raise LoginRefused(53003)
    if not twice_proven:
        raise LoginRefused(50076)


def _proves_twice(call: Call, tenant: str) -> bool:
    """At the login page people give a second proof when they are asked for one."""
    policy = call.world.microsoft.policies.get(tenant)
    return policy is not None and policy.kind == "mfa"


def _code(call: Call, app: App, tenant: Tenant, user: Mailbox, scopes: tuple[str, ...]) -> str:
    asked, directory = call.request.values, call.world.microsoft
    method = asked.get("code_challenge_method", "plain")
    if method not in ("plain", "S256"):
        raise LoginRefused(70000, name="code_challenge_method")
    text = "1." + directory.random_text(80)
    code = Code(
        app, tenant.id, str(user.guid), scopes, asked["redirect_uri"],
        asked.get("code_challenge", ""), method, asked.get("nonce", ""), call.world.clock.now(),
        _proves_twice(call, tenant.id),
    )  # fmt: skip
    directory.codes[text] = code
    return text


def _people(call: Call, tenant: str) -> list[Mailbox]:
    directory = call.world.microsoft
    known = directory.tenant(tenant)
    if known is None and tenant not in ("common", "organizations"):
        raise LoginRefused(90002, name=tenant)
    everybody = [person for person in call.world.mailboxes.mailboxes if person.home == "microsoft365"]
    if known is None:
        return everybody
    return [person for person in everybody if directory.tenant_of(person.address) == known]


def _choose(call: Call, people: list[Mailbox], app: App) -> Response:
    asked = call.request.values
    hidden = "".join(
        f'<input type="hidden" name="{html.escape(name)}" value="{html.escape(str(value))}">'
        for name, value in asked.items()
        if name not in ("user", "answer")
    )
    hint = asked.get("login_hint", "").lower()
    shown = [person for person in people if person.address == hint] or people
    buttons = "".join(
        f'<p><button name="user" value="{html.escape(person.address)}">{html.escape(person.name)}'
        f" ({html.escape(person.address)})</button></p>"
        for person in shown
    )
    action = html.escape(call.request.path)
    intro = f"<p>{html.escape(app.name)} asks for: {html.escape(asked.get('scope', ''))}</p>"
    return _page("Sign in", f'{intro}<form method="post" action="{action}">{hidden}{buttons}</form>')


def admin_consent(call: Call, tenant: str) -> Response:
    """GET asks, POST with `answer=accept` consents for the whole tenant."""
    asked, directory = call.request.values, call.world.microsoft
    app, known = directory.apps.get(asked.get("client_id", "")), _consenting(call, tenant)
    redirect = asked.get("redirect_uri", "")
    if app is None or known is None or not may_return(app, redirect):
        number, name = (50011, "") if app and known else (90002 if app else 700016, tenant)
        refusal = LoginRefused(number, app=asked.get("client_id", ""), name=name, uri=redirect)
        return _page("Permissions requested", f"<p>{html.escape(refusal.sentence)}</p>", 400)
    if asked.get("answer") == "decline":
        return _redirect(asked, {"error": "access_denied", "error_subcode": "cancel", "admin_consent": "False"})
    if asked.get("answer") != "accept" and not (call.world.auto_login and asked.get("auto")):
        return _ask_consent(call, app)
    directory.consent(app, known, requested_scopes(asked.get("scope", "")))
    return _redirect(asked, {"admin_consent": "True", "tenant": known.id})


def _consenting(call: Call, tenant: str) -> Tenant | None:
    """Without a tenant in the address it is that of the administrator, whom `auto` or `user` names."""
    directory, who = call.world.microsoft, call.request.values.get("user") or call.request.values.get("auto")
    if tenant not in ("common", "organizations"):
        return directory.tenant(tenant)
    if who and "@" in who:
        return directory.tenant(who.partition("@")[2])
    return directory.tenants[0] if len(directory.tenants) == 1 else None


def sign_out(call: Call, tenant: str) -> Response:
    """Nobody stays signed in here, so there is nothing to end; the browser goes where it is sent."""
    target = call.request.args.get("post_logout_redirect_uri", "")
    if any(may_return(app, target) for app in call.world.microsoft.apps.values()):
        return Response(status=302, headers={"Location": target})
    return _page("Sign out", "<p>You signed out.</p>")


def _ask_consent(call: Call, app: App) -> Response:
    roles = "".join(f"<li>{html.escape(role)}</li>" for role in sorted(app.roles))
    hidden = "".join(
        f'<input type="hidden" name="{html.escape(name)}" value="{html.escape(str(value))}">'
        for name, value in call.request.values.items()
        if name != "answer"
    )
    answers = {"accept": "Accept", "decline": "Cancel"}
    buttons = " ".join(f'<button name="answer" value="{k}">{v}</button>' for k, v in answers.items())
    action = html.escape(call.request.path)
    body = f"<p>{html.escape(app.name)} wants, for the whole organisation:</p><ul>{roles}</ul>"
    return _page("Permissions requested", f'{body}<form method="post" action="{action}">{hidden}{buttons}</form>')


def _redirect(asked: "MultiDict[str, str]", answer: dict[str, Any]) -> Response:
    if asked.get("state"):
        answer["state"] = asked["state"]
    target = asked["redirect_uri"]
    mode = asked.get("response_mode", "query")
    deliver: Callable[[str, dict[str, Any]], Response] = {
        "form_post": _form_post, "fragment": _fragment,
    }.get(mode, _query)  # fmt: skip
    return deliver(target, answer)


def _query(target: str, answer: dict[str, Any]) -> Response:
    return Response(
        status=302, headers={"Location": f"{target}{'&' if '?' in target else '?'}{urlencode(answer)}"}
    )


def _fragment(target: str, answer: dict[str, Any]) -> Response:
    return Response(status=302, headers={"Location": f"{target}#{urlencode(answer)}"})


def _form_post(target: str, answer: dict[str, Any]) -> Response:
    fields = "".join(
        f'<input type="hidden" name="{html.escape(name)}" value="{html.escape(str(value))}">'
        for name, value in answer.items()
    )
    form = f'<form method="post" action="{html.escape(target)}">{fields}<button>Continue</button></form>'
    return _page("Working...", form + "<script>document.forms[0].submit()</script>")


def _page(title: str, body: str, status: int = 200) -> Response:
    page = f"<!doctype html><html lang=en><title>{title}</title><h1>{title}</h1>{body}</html>"
    return Response(page, status, content_type="text/html; charset=utf-8")
