"""The sandbox's own addresses below `/sandbox`, for tests and benches that drive a real process.

They are no vendor's, are never logged as requests, and no fault befalls them. All answers are JSON; the same
for people's eyes and hands is `sandbox.console`.
"""

from collections import Counter
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from sandbox import agenda_control, company, control_faults, doubts, load, switches
from sandbox.checked import BadRequest, checked, json_body, json_object, site_named
from sandbox.clock import ManualClock
from sandbox.digits import is_whole
from sandbox.google import control as google_control
from sandbox.graph import control as graph_control
from sandbox.http import Call, Face, Response, Route, json_response
from sandbox.requestlog import Entry
from sandbox.salesforce import app_control
from sandbox.salesforce import control as salesforce_control
from sandbox.salesforce.events import control as events_control


def _overview(call: Call) -> Response:
    world = call.world
    return json_response(
        {
            "now": world.clock.now().isoformat(),
            "seed": world.seed,
            "requests": world.requests.count,
            "outbox": len(world.outbox.mails),
            "faults": len(world.faults.waiting),
            "unfinished": len(world.unfinished),
            "routes": [f"{route.method} {route.rule}" for route in _ROUTES],
        }
    )


def _requests(call: Call) -> Response:
    """Counts by face, route and subject after number `since`; `entries=1` adds each request."""
    query = call.request.args
    since = _number(query.get("since", "0"), "since")
    entries = [
        entry
        for entry in call.world.requests.since(since)
        if all(
            query.get(name, getattr(entry, name)) == getattr(entry, name) for name in ("face", "route", "subject")
        )
    ]
    body: dict[str, Any] = {"last": call.world.requests.count, "count": len(entries), "by": _counts(entries)}
    if query.get("entries"):
        body["entries"] = [_as_json(entry) for entry in entries]
    return json_response(body)


def _counts(entries: list[Entry]) -> list[dict[str, Any]]:
    requests = Counter((entry.face, entry.route, entry.subject) for entry in entries)
    parts: dict[tuple[str, str, str], Counter[str]] = {}
    for entry in entries:
        parts.setdefault((entry.face, entry.route, entry.subject), Counter()).update(entry.parts)
    return [
        {"face": key[0], "route": key[1], "subject": key[2], "requests": number, "parts": dict(parts[key])}
        for key, number in sorted(requests.items())
    ]


def _as_json(entry: Entry) -> dict[str, Any]:
    whole = asdict(entry) | {"at": entry.at.isoformat(), "parts": list(entry.parts)}
    return whole | {"request_body": entry.request_body.decode("utf-8", "replace")}


def _outbox(call: Call) -> Response:
    since = _number(call.request.args.get("since", "0"), "since")
    mails = call.world.outbox.mails
    shown = [asdict(mail) | {"at": mail.at.isoformat()} for mail in mails[since:]]
    counted = Counter((mail.face, mail.reason) for mail in mails[since:])
    by = [{"face": face, "reason": reason, "mails": number} for (face, reason), number in sorted(counted.items())]
    return json_response({"last": len(mails), "by": by, "mails": shown})


def _list_switches(call: Call) -> Response:
    """The switches with their answers, and the doubts that have none, with the reason."""
    answers = call.world.switches
    where = {one.switch: one.where for one in doubts.register()}
    shown = [
        asdict(one) | {"on": answers.on(one), "where": where.get(one.name, "")}
        for one in sorted(switches.declared(), key=lambda one: one.name)
    ]
    without = [
        {"where": one.where, "what": one.what, "why": one.why} for one in doubts.register() if not one.switch
    ]
    return json_response({"switches": shown, "without": without})


def _turn_switches(call: Call) -> Response:
    """`{"name": true, ...}`."""
    body = json_body(call)
    if not isinstance(body, dict) or not all(isinstance(value, bool) for value in body.values()):
        raise BadRequest('give an object of switch names with true or false, such as {"name": true}')
    known = {one.name for one in switches.declared()}
    if not set(body) <= known:
        raise BadRequest(
            f"no switch named {', '.join(sorted(set(body) - known))}; known: {', '.join(sorted(known))}"
        )
    for name, on in body.items():
        call.world.switches.turn(name, on)
    return _list_switches(call)


FURTHEST = 10 * 366 * 86_400
"""Seconds of one move."""


def _advance_clock(call: Call) -> Response:
    """`{"seconds": 60}`; only a sandbox started with a clock of its own has one to move."""
    body = json_body(call)
    seconds = body.get("seconds") if isinstance(body, dict) else None
    if not isinstance(seconds, int | float) or not abs(seconds) <= FURTHEST:
        raise BadRequest(f'give {{"seconds": number}}, at most {FURTHEST}')
    if not isinstance(call.world.clock, ManualClock):
        raise BadRequest("this sandbox goes by the machine's clock, which it cannot move")
    call.world.clock.advance(timedelta(seconds=seconds))
    return json_response({"now": call.world.clock.now().isoformat()})


def _list_orgs(call: Call) -> Response:
    orgs = [
        {
            "id": site.org.id,
            "name": site.org.name,
            "my_domain": site.my_domain,
            "api_usage": site.usage.used(call.world.clock.now()),
            "api_allowance": site.usage.allowance,
            "sessions": len(site.tokens.sessions),
            "apps": [{"client_id": app.client_id, "name": app.name} for app in site.apps.values()],
        }
        for site in call.world.orgs.values()
    ]
    return json_response({"orgs": orgs})


def _end_sessions(call: Call) -> Response:
    """Every Salesforce session is over, or those of one org (`?org=id`)."""
    wanted = call.request.args.get("org")
    chosen = [site for key, site in call.world.orgs.items() if wanted in (None, key)]
    return json_response({"ended": sum(site.tokens.end_sessions() for site in chosen)})


def _set_allowance(call: Call, org_id: str) -> Response:
    """`{"allowance": 15000, "hard_cap": 15000 | null, "soft": false}`, any of them."""
    usage, body = site_named(call, org_id).usage, json_object(call)
    kinds = {"allowance": (int,), "hard_cap": (int, type(None)), "soft": (bool,)}
    if not all(type(value) in kinds.get(name, ()) for name, value in body.items()):
        raise BadRequest("give allowance, hard_cap (numbers) or soft (true, false)")
    for name, value in body.items():
        setattr(usage, name, value)
    return _list_orgs(call)


def _unfinished(call: Call) -> Response:
    """How many requests wait to be carried out; what was due happened just before this one."""
    return json_response({"unfinished": len(call.world.unfinished)})


def _number(text: str, name: str) -> int:
    if not is_whole(text):
        raise BadRequest(f"{name} is a number")
    return int(text)


def _unknown(call: Call) -> Response:
    return json_response({"error": "no such address; GET /sandbox/ lists them"}, 405 if call.allowed else 404)


_ROUTES = (
    Route("overview", "GET", "/sandbox", checked(_overview)),
    Route("requests", "GET", "/sandbox/requests", checked(_requests)),
    Route("outbox", "GET", "/sandbox/outbox", checked(_outbox)),
    Route("switches", "GET", "/sandbox/switches", checked(_list_switches)),
    Route("switches_turn", "POST", "/sandbox/switches", checked(_turn_switches)),
    Route("clock", "POST", "/sandbox/clock", checked(_advance_clock)),
    Route("unfinished", "GET", "/sandbox/unfinished", checked(_unfinished)),
    Route("orgs", "GET", "/sandbox/salesforce/orgs", checked(_list_orgs)),
    Route("allowance", "POST", "/sandbox/salesforce/orgs/<org_id>/allowance", checked(_set_allowance)),
    Route("sessions_end", "POST", "/sandbox/salesforce/sessions/end", checked(_end_sessions)),
    *control_faults.ROUTES,
    *load.ROUTES,
    *company.ROUTES,
    *graph_control.ROUTES,
    *google_control.ROUTES,
    *agenda_control.ROUTES,
    *events_control.ROUTES,
    *salesforce_control.ROUTES,
    *app_control.ROUTES,
)

FACE = Face(
    name="sandbox",
    hosts=(),
    routes=_ROUTES,
    not_found=_unknown,
    path_prefixes=("/sandbox",),
    logged=False,
)
