"""The frame of every page, and the gate every act passes: a foreign page cannot drive the console."""

from collections.abc import Callable
from functools import wraps
from ipaddress import ip_address
from typing import Any
from urllib.parse import quote, urlsplit

from markupsafe import Markup

from sandbox.console.html import Child, address, link, tag
from sandbox.console.style import STYLE
from sandbox.http import Call, Request, Response
from sandbox.mailboxes.store import NameTaken
from sandbox.salesforce.errors import SalesforceError

_PLACES = (
    ("Overview", address()),
    ("Send a mail", address("send")),
    ("Outbox", address("outbox")),
    ("Requests", address("requests")),
    ("Switches", address("switches")),
    ("Faults", address("faults")),
)
_LOCAL_ENDINGS = (".localhost", ".test", ".local", ".internal")
_DONE = {
    "sent": "Sent.",
    "category": "The categories are changed.",
    "moved": "The message is moved.",
    "deleted": "Deleted.",
    "restored": "It is back from the recycle bin.",
    "created": "Created.",
    "saved": "Saved.",
    "converted": "The lead is converted into this contact.",
    "turned": "The switch is turned.",
    "fault": "The fault waits for its request.",
    "cleared": "No fault waits any more.",
}
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}


class Refused(Exception):
    """What the person has to mend; shown as one sentence, and nothing is changed."""


def page(call: Call, title: str, *content: Child, status: int = 200, alert: str = "") -> Response:
    """`alert` says what was refused; what was done is told by `done` in the address."""
    done = _DONE.get(call.request.args.get("done", ""), "")
    notice = tag("p", alert, role="alert") if alert else tag("p", done, role="status") if done else None
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("title", f"{title} | Sandbox console"),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("link", rel="stylesheet", href=address("style.css")),
    )
    main = tag("main", tag("h1", title), notice, *content, id="main")
    body = tag("body", link("Skip to content", "#main", class_="skip"), _navigation(call), main)
    whole = Markup("<!doctype html>") + tag("html", head, body, lang="en")
    # Text from mail may hold halves of surrogate pairs, which UTF-8 cannot carry.
    return Response(whole.encode("utf-8", "replace"), status, _HEADERS, content_type="text/html;charset=UTF-8")


def _navigation(call: Call) -> Markup:
    here = call.request.path
    items = (
        tag("li", link(text, target, aria_current="page" if here == target else None)) for text, target in _PLACES
    )
    return tag("header", tag("nav", tag("ul", *items), aria_label="Console"))


def missing(call: Call, what: str = "There is no such page") -> Response:
    return page(call, "Not found", tag("p", f"{what}. ", link("Overview", address())), status=404)


def download(content: bytes, name: str, content_type: str = "application/octet-stream") -> Response:
    """Never shown in the browser, whatever it claims to be: a file from a mail may be a page with scripts."""
    response = Response(content, headers=_HEADERS, content_type=content_type)
    shown = quote(_one_line(name).encode("utf-8", "replace") or b"download", safe="")
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{shown}"
    return response


def _one_line(name: str) -> str:
    return "".join(letter if letter.isprintable() else "_" for letter in name)


def go(*parts: str | int, done: str, **query: str | int) -> Response:
    """After an act: to the page that shows what it did."""
    return Response(status=303, headers={**_HEADERS, "Location": address(*parts, done=done, **query)})


def act(handler: Callable[..., Response]) -> Callable[..., Response]:
    """A handler of a POST: only for the console's own pages; a refusal becomes a page with its sentence."""

    @wraps(handler)
    def guarded(call: Call, **arguments: Any) -> Response:
        trouble = foreign(call.request)
        if trouble:
            return page(call, "Refused", alert=trouble, status=403)
        try:
            return handler(call, **arguments)
        except (Refused, NameTaken) as refusal:
            return page(call, "Refused", _way_back(call), alert=str(refusal), status=400)
        except SalesforceError as refusal:
            sentence = f"Salesforce refuses: {refusal.code}: {refusal.message}"
            return page(call, "Refused", _way_back(call), alert=sentence, status=400)

    return guarded


def _way_back(call: Call) -> Markup:
    target = urlsplit(call.request.headers.get("Referer", ""))
    back = target.path if target.path.startswith("/console") else address()
    return tag("p", link("Back", f"{back}?{target.query}" if target.query else back))


def foreign(request: Request) -> str:
    """Why this POST may not come from a page of this console; empty when it does.

    The origin must be the address that was asked, and that address a name no foreign site can take over by
    pointing its own name here (DNS rebinding).
    """
    source = request.headers.get("Origin") or request.headers.get("Referer") or ""
    try:
        host = urlsplit(source).netloc
    except ValueError:
        host = ""
    if not host or host.lower() != request.host.lower():
        return "The console acts only on its own pages' forms; this request came from elsewhere."
    name = (urlsplit(f"//{request.host}").hostname or "").lower()
    if _is_local(name):
        return ""
    return f"The console acts only under an IP address or a local name, not under {name}."


def _is_local(name: str) -> bool:
    try:
        return bool(ip_address(name))
    except ValueError:
        return "." not in name or name.endswith(_LOCAL_ENDINGS)


def stylesheet(_call: Call) -> Response:
    return Response(STYLE, headers=_HEADERS | {"Cache-Control": "max-age=60"}, content_type="text/css")
