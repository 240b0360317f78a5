"""The login page: plain HTML, one button for each person of the org."""

from dataclasses import dataclass
from html import escape

from sandbox.http import Response

_STYLE = (
    "body{font:16px system-ui,sans-serif;margin:2rem auto;max-width:30rem;padding:0 1rem;color:#1b1b1b}"
    "button{display:block;width:100%;margin:.5rem 0;padding:.7rem;text-align:left;font:inherit;"
    "border:1px solid #767676;border-radius:.4rem;background:#fff;cursor:pointer}"
    "button:focus-visible{outline:3px solid #0b5cab}small{color:#595959}"
)


@dataclass(frozen=True, slots=True)
class Person:
    org_id: str
    user_id: str
    name: str
    username: str
    org_name: str


def login_page(app_name: str, people: list[Person]) -> Response:
    """A form that posts `user=<org id>/<user id>` or `deny=1` back to the address it came from."""
    buttons = "".join(
        f'<button name="user" value="{escape(person.org_id)}/{escape(person.user_id)}">{escape(person.name)}'
        f"<br><small>{escape(person.username)} · {escape(person.org_name)}</small></button>"
        for person in people
    )
    return _page(
        "Log in | Salesforce sandbox",
        f"<h1>Log in</h1><p><strong>{escape(app_name)}</strong> asks to act for you. Who are you?</p>"
        f'<form method="post">{buttons}<button name="deny" value="1">Deny</button></form>',
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
