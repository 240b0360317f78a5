"""What was sent and what was asked: the outbox and the request log."""

from fnmatch import fnmatchcase
from itertools import islice

from sandbox.console.html import Child, address, button, facts, link, moment, table, tag, text_field
from sandbox.console.page import missing, page
from sandbox.http import Call, Response
from sandbox.requestlog import Entry

SHOWN = 100
MOST = 2000
BODY = 100_000
"""Characters of a request's body shown."""


def outbox(call: Call) -> Response:
    mails = call.world.outbox.mails[::-1]
    rows = (
        (
            moment(mail.at),
            mail.sender,
            ", ".join(mail.recipients[:20]) + (" …" if len(mail.recipients) > 20 else ""),
            mail.subject,
            mail.reason,
            mail.face,
            mail.cause,
        )
        for mail in mails[:MOST]
    )
    heads = ("When", "From", "To", "Subject", "Reason", "Face", "Cause")
    explain = "Every mail that went out, and why: the route whose request sent it, or console for an act here."
    return page(call, "Outbox", tag("p", explain), table(f"{len(mails)} sent", heads, rows))


def requests(call: Call) -> Response:
    """The latest that match; `face`, `route` and `subject` are shell patterns, `last` how many."""
    asked = call.request.args
    wanted = {name: asked.get(name, "") for name in ("face", "route", "subject")}
    last = asked.get("last", "")
    number = min(int(last), MOST) if last.isdecimal() and len(last) < 9 else SHOWN
    fitting = (entry for entry in reversed(call.world.requests.entries) if _fits(entry, wanted))
    search = tag(
        "form",
        tag(
            "div",
            *(text_field(name.capitalize(), name, value) for name, value in wanted.items()),
            text_field("Last", "last", str(number), inputmode="numeric"),
            button("Show"),
            class_="row",
        ),
        id="filter",
        action=address("requests"),
    )
    heads = ("Number", "When", "Face", "Route", "Request", "Status", "Subject", "Parts")
    rows = (_row(entry) for entry in islice(fitting, number))
    total = f"Of {call.world.requests.count} requests since the start, the latest that match"
    return page(call, "Requests", search, table(total, heads, rows))


def _fits(entry: Entry, wanted: dict[str, str]) -> bool:
    return all(not like or fnmatchcase(getattr(entry, name), like) for name, like in wanted.items())


def _row(entry: Entry) -> tuple[Child, ...]:
    return (
        link(entry.number, address("requests", entry.number)),
        moment(entry.at),
        entry.face,
        entry.route,
        f"{entry.method} {entry.path[:120]}",
        entry.status,
        entry.subject,
        len(entry.parts) or "",
    )


def one_request(call: Call, number: int) -> Response:
    entry = next((one for one in call.world.requests.entries if one.number == number), None)
    if entry is None:
        return missing(call, "The log has no request of that number")
    body = entry.request_body.decode("utf-8", "replace")
    pairs: tuple[tuple[str, Child], ...] = (
        ("When", moment(entry.at)),
        ("Face", entry.face),
        ("Route", entry.route),
        ("Subject", entry.subject),
        ("Request", f"{entry.method} {entry.path}"),
        ("Query", entry.query),
        ("Status", entry.status),
        ("Parts", [tag("div", part) for part in entry.parts]),
        ("Size", f"{entry.request_size} bytes"),
    )
    return page(call, f"Request {number}", facts(pairs), tag("h2", "Body"), tag("pre", "\n" + body[:BODY]))
