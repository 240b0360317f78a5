"""What Microsoft's login shows to people: plain HTML forms that carry the request along from page to page."""

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

from sandbox.graph.aadsts import LoginRefused
from sandbox.graph.entra import App
from sandbox.http import Call, Response
from sandbox.mailboxes import Mailbox

CLICKS = ("user", "loginfmt", "passwd", "proof", "answer", "for_all")
"""What people press and type; everything else is the app's request."""
_STYLE = (
    "body{font:16px system-ui,sans-serif;margin:2rem auto;max-width:28rem;padding:0 1rem;color:#1b1b1b}"
    "button{display:block;width:100%;margin:.5rem 0;padding:.7rem;text-align:left;font:inherit;"
    "border:1px solid #767676;border-radius:.2rem;background:#fff;cursor:pointer}"
    "input:not([type=checkbox]){display:block;width:100%;box-sizing:border-box;padding:.6rem;font:inherit;"
    "margin:.2rem 0 .8rem;border:1px solid #767676}"
    "button:focus-visible,input:focus-visible{outline:3px solid #0b5cab}small,.code{color:#595959}"
    "[role=alert]{color:#a4262c}"
)


def choose_account(call: Call, app: App, people: Sequence[Mapping[str, str]], problem: str = "") -> Response:
    """Everybody is known to this browser; whoever is not types name and password."""
    tiles = "".join(
        f'<button name="user" value="{escape(one["address"])}">{escape(one["name"])}'
        f"<br><small>{escape(one['address'])}</small></button>"
        for one in people
    )
    tiles = f"<h2>Pick an account</h2>{_form(call, tiles)}" if people else ""
    typed = _password_fields(str(call.request.values.get("login_hint", "")))
    body = f"<p>to continue to <strong>{escape(app.name)}</strong></p>{tiles}<h2>Use another account</h2>"
    return page("Sign in", f"{body}{_alert(problem)}{_form(call, typed)}")


def ask_password(call: Call, person: Mailbox, problem: str = "") -> Response:
    return page("Enter password", f"{_alert(problem)}{_form(call, _password_fields(person.address))}")


def ask_proof(call: Call, person: Mailbox) -> Response:
    """A second proof: the person's telephone asks whether it is them."""
    buttons = _button("proof", "approve", "Approve") + _button("proof", "deny", "I can't do this right now")
    return page("Approve sign in request", _form(call, buttons, _signed_in(call, person)))


def ask_consent(
    call: Call, app: App, person: Mailbox, wanted: Iterable[str], *, may_for_all: bool, for_all: bool = False
) -> Response:
    """All or nothing: single permissions cannot be left out. Administrators may consent for everybody."""
    tick = (
        '<p><label><input type="checkbox" name="for_all" value="1"> Consent on behalf of your organization</label>'
    )
    buttons = _button("answer", "accept", "Accept") + _button("answer", "decline", "Cancel")
    whole = " for your organization" if for_all else ""
    body = (
        f"<p>{escape(person.address)}</p>"
        f"<p><strong>{escape(app.name)}</strong> (unverified) asks{whole} to be granted:</p>"
        f"<ul>{''.join(f'<li>{escape(one)}</li>' for one in sorted(wanted))}</ul>"
    )
    form = _form(call, (tick if may_for_all else "") + buttons, _signed_in(call, person))
    return page("Permissions requested", body + form)


def need_admin(call: Call, app: App, person: Mailbox) -> Response:
    """90094: nothing the person can do but ask somebody, or go back empty-handed."""
    body = (
        f"<p>{escape(person.address)}</p><p><strong>{escape(app.name)}</strong> asks for what only "
        "an administrator of your organization can grant. <span class=code>AADSTS90094</span></p>"
    )
    leave = _button("answer", "leave", "Return to the application without granting consent")
    other = _button("answer", "", "Have an admin account? Sign in with that account")
    form = _form(call, leave, _signed_in(call, person)) + _form(call, other)
    return page("Need admin approval", body + form)


def error_page(call: Call, refusal: LoginRefused, status: int = 400) -> Response:
    """For what the app is not told, since it is the wrong one or the person is the wrong one for it."""
    body = f"<p>Sorry, but we are having trouble signing you in.</p><p role=alert>{escape(refusal.sentence)}</p>"
    return page("Sign in", body, status)


def post_back(target: str, answer: Mapping[str, Any]) -> Response:
    """response_mode=form_post."""
    form = f'<form method="post" action="{escape(target)}">{_hidden(answer)}<button>Continue</button></form>'
    return page("Working...", form + "<script>document.forms[0].submit()</script>")


def page(title: str, body: str, status: int = 200) -> Response:
    html = (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style></head>'
        f"<body><main><h1>{title}</h1>{body}</main></body></html>"
    )
    return Response(html, status, content_type="text/html; charset=utf-8")


def _form(call: Call, fields: str, clicked: Mapping[str, str] | None = None) -> str:
    carried = {name: value for name, value in call.request.values.items() if name not in CLICKS}
    hidden = _hidden(carried | dict(clicked or {}))
    return f'<form method="post" action="{escape(call.request.path)}">{hidden}{fields}</form>'


def _signed_in(call: Call, person: Mailbox) -> dict[str, str]:
    """The clicks that lie behind, for the next page's form; that a password was given, not which."""
    asked = call.request.values
    behind = {"passwd": ""} if "passwd" in asked else {}
    return {"user": person.address, **behind} | ({"proof": asked["proof"]} if "proof" in asked else {})


def _hidden(fields: Mapping[str, Any]) -> str:
    return "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(str(value))}">'
        for name, value in fields.items()
    )


def _password_fields(address: str) -> str:
    return (
        '<label>Email<input name="loginfmt" type="email" autocomplete="username" '
        f'value="{escape(address)}"></label>'
        '<label>Password<input name="passwd" type="password" autocomplete="current-password"></label>'
        "<button>Sign in</button>"
    )


def _button(name: str, value: str, text: str) -> str:
    return f'<button name="{name}" value="{value}">{text}</button>'


def _alert(problem: str) -> str:
    return f"<p role=alert>{escape(problem)}</p>" if problem else ""
