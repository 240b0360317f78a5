"""From within a box: the sandbox's own addresses, and an app to be."""

import html
import re
import ssl
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx2

TENANT = "larch.test"
ADA, BEN = "ada@larch.test", "ben@larch.test"
DEFAULT_SCOPE = "https://graph.microsoft.com/.default"
ROLES = ("Mail.ReadWrite", "Mail.Send", "MailboxSettings.ReadWrite", "User.Read.All")


def steer(method: str, path: str, body: Any = None) -> Any:
    with browser() as client:
        answer = client.request(method, f"https://localhost/sandbox/{path}", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


def browser() -> httpx2.Client:
    """Follows no redirect, as whoever looks where a sign-in leads."""
    return httpx2.Client(verify=ssl.create_default_context(), timeout=30)


def register(client_id: str, **fields: Any) -> str:
    """An app of the company's, with consent to `roles` and `scopes`; answers its id."""
    asked = {"client_id": client_id, "tenant": TENANT, **fields}
    return str(steer("POST", "microsoft/apps", asked)["client_id"])


def sign_in(address: str, who: str = ADA) -> dict[str, str]:
    """What the login page has a person's browser bring to the program, after a click on their own name."""
    with browser() as client:
        answer = client.get(address, params=httpx2.URL(address).params.merge({"auto": who}))
    if answer.status_code == 302:
        return dict(parse_qsl(urlsplit(answer.headers["Location"]).query))
    found = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', answer.text)
    return {name: html.unescape(value) for name, value in found}
