"""What Google's sign-in shows to people: plain HTML forms that carry the request along from page to page."""

from collections.abc import Iterable, Mapping
from html import escape

from sandbox.google.accounts import Account, Client
from sandbox.http import Call, Response

CLICKS = ("account", "identifier", "answer")
"""What people press and type; everything else is the client's request."""
_MEANING = {
    "openid": "Associate you with your personal info on Google",
    "email": "See your primary Google Account email address",
    "profile": "See your personal info, including any personal info you've made publicly available",
}
_STYLE = (
    "body{font:16px system-ui,sans-serif;margin:2rem auto;max-width:28rem;padding:0 1rem;color:#1f1f1f}"
    "button{display:block;width:100%;margin:.5rem 0;padding:.7rem;text-align:left;font:inherit;"
    "border:1px solid #747775;border-radius:1.2rem;background:#fff;cursor:pointer}"
    "input{display:block;width:100%;box-sizing:border-box;margin:.2rem 0 .8rem;padding:.6rem;font:inherit;"
    "border:1px solid #747775;border-radius:.3rem}"
    "button:focus-visible,input:focus-visible{outline:3px solid #0b57d0}small{color:#5e5e5e}"
    "[role=alert]{color:#b3261e}"
)


def choose_account(call: Call, client: Client, people: Iterable[Account], problem: str = "") -> Response:
    """Everybody is signed in in this browser; whoever is not on the list types an address."""
    tiles = "".join(
        f'<button name="account" value="{escape(one.address)}">{escape(one.name)}'
        f"<br><small>{escape(one.address)}</small></button>"
        for one in people
    )
    typed = (
        '<label>Email<input name="identifier" type="email" autocomplete="username"></label><button>Next</button>'
    )
    body = (
        f"<p>to continue to <strong>{escape(client.name)}</strong></p>{_alert(problem)}"
        f"{_form(call, tiles)}<h2>Use another account</h2>{_form(call, typed)}"
    )
    return page("Choose an account", body)


def ask_consent(call: Call, client: Client, account: Account, scopes: Iterable[str]) -> Response:
    asked = "".join(f"<li>{escape(_MEANING.get(scope, scope))}</li>" for scope in scopes)
    buttons = "".join(
        f'<button name="answer" value="{answer.lower()}">{answer}</button>' for answer in ("Continue", "Cancel")
    )
    body = (
        f"<p>{escape(account.address)}</p><p>{escape(client.name)} will be able to:</p><ul>{asked}</ul>"
        f"{_form(call, buttons, {'account': account.address})}"
    )
    return page(f"Sign in to {escape(client.name)}", body)


def blocked(status: int, error: str, description: str) -> Response:
    body = f'<p role="alert">{escape(description)}</p><p>Error {status}: {escape(error)}</p>'
    return page("Access blocked", body, status)


def page(title: str, body: str, status: int = 200) -> Response:
    html = (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style></head>'
        f"<body><main><h1>{title}</h1>{body}</main></body></html>"
    )
    return Response(html, status, content_type="text/html; charset=utf-8")


def _form(call: Call, fields: str, clicked: Mapping[str, str] | None = None) -> str:
    carried = {name: value for name, value in call.request.values.items() if name not in CLICKS}
    hidden = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
        for name, value in (carried | dict(clicked or {})).items()
    )
    return f'<form method="post" action="{escape(call.request.path)}">{hidden}{fields}</form>'


def _alert(problem: str) -> str:
    return f'<p role="alert">{escape(problem)}</p>' if problem else ""
