"""The login page and the page that asks for consent: plain HTML that posts back to where it came from."""

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

from sandbox.http import Response

_STYLE = (
    "body{font:16px system-ui,sans-serif;margin:2rem auto;max-width:30rem;padding:0 1rem;color:#1b1b1b}"
    "button{display:block;width:100%;margin:.5rem 0;padding:.7rem;text-align:left;font:inherit;"
    "border:1px solid #767676;border-radius:.4rem;background:#fff;cursor:pointer}"
    "input{display:block;width:100%;box-sizing:border-box;margin:.2rem 0 .8rem;padding:.6rem;font:inherit;"
    "border:1px solid #767676;border-radius:.4rem}"
    "button:focus-visible,input:focus-visible{outline:3px solid #0b5cab}"
    "small{color:#595959}[role=alert]{color:#a61a14}"
)
_MEANING = {
    "api": "Manage user data via APIs",
    "id": "Access the identity URL service",
    "openid": "Access unique user identifiers",
    "profile": "View your profile",
    "email": "View your e-mail address",
    "refresh_token": "Perform requests at any time",
    "offline_access": "Perform requests at any time",
    "full": "Full access",
    "web": "Manage user data via web browsers",
}


@dataclass(frozen=True, slots=True)
class Person:
    org_id: str
    user_id: str
    name: str
    username: str
    org_name: str

    @property
    def value(self) -> str:
        return f"{self.org_id}/{self.user_id}"


def login_page(app_name: str, people: list[Person], problem: str = "", username: str = "") -> Response:
    """Posts `user=<org id>/<user id>`, or `username` and `pw`, or `deny=1`."""
    buttons = "".join(
        f'<button name="user" value="{escape(person.value)}">{escape(person.name)}'
        f"<br><small>{escape(person.username)} · {escape(person.org_name)}</small></button>"
        for person in people
    )
    typed = (
        f'<label>Username<input name="username" autocomplete="username" value="{escape(username)}"></label>'
        '<label>Password<input name="pw" type="password" autocomplete="current-password"></label>'
        "<button>Log in</button>"
    )
    alert = f'<p role="alert">{escape(problem)}</p>' if problem else ""
    return _page(
        "Log in | Salesforce sandbox",
        f"<h1>Log in</h1><p><strong>{escape(app_name)}</strong> asks to act for you. Who are you?</p>{alert}"
        f'<form method="post">{buttons}<button name="deny" value="1">Deny</button></form>'
        f'<h2>Somebody else</h2><form method="post">{typed}</form>',
    )


def approval_page(app_name: str, person: Person, scopes: Iterable[str]) -> Response:
    """Posts `user` with `allow=1` or `deny=1`: all that is asked for, or nothing."""
    meant = dict.fromkeys(_MEANING.get(scope, scope) for scope in scopes)
    asked = "".join(f"<li>{escape(one)}</li>" for one in meant)
    buttons = '<button name="allow" value="1">Allow</button><button name="deny" value="1">Deny</button>'
    return _page(
        "Allow access? | Salesforce sandbox",
        f"<h1>Allow access?</h1><p><strong>{escape(app_name)}</strong> asks for:</p><ul>{asked}</ul>"
        f"<p>You are {escape(person.username)}.</p>"
        f'<form method="post"><input type="hidden" name="user" value="{escape(person.value)}">{buttons}</form>',
    )


def error_page(error: str, description: str) -> Response:
    """For what may not be told to a redirect address that nobody has vouched for."""
    body = f"<h1>OAuth error</h1><p>error={escape(error)}&amp;error_description={escape(description)}</p>"
    return _page("OAuth error", body, status=400)


def _page(title: str, body: str, status: int = 200) -> Response:
    html = (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style></head>'
        f"<body><main>{body}</main></body></html>"
    )
    return Response(html, status=status, content_type="text/html;charset=UTF-8")
