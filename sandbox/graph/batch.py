"""JSON batching: up to twenty requests in one, each judged, metered and refused by itself."""

import base64
import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from typing import Any
from urllib.parse import unquote

from sandbox.faults import ConnectionLost, Fault
from sandbox.graph.context import authenticate, guarded
from sandbox.graph.errors import CONTENT_TYPE, GraphError, bad_request, error_response, standard_headers
from sandbox.graph.switches import (
    BATCH_IN_ORDER,
    BATCH_TAKES_DELTA_LINKS,
    BATCH_TAKES_LONG_URLS,
    BATCH_TAKES_MANY_MAILBOXES,
    BATCH_TAKES_MIXED_ORDER,
)
from sandbox.http import Call, Request, Response, Route, Unfinished, json_response, read_json, refusal
from sandbox.spoil import SHAPES, spoiled

MOST_PARTS = 20
LONG_URL = 2_048
_METHODS = ("GET", "POST", "PATCH", "PUT", "DELETE")

Finder = Callable[[Request], tuple[Route, dict[str, Any], str]]
"""From a request to its route, its path arguments and whom it concerns."""


@dataclass(frozen=True, slots=True)
class Part:
    id: str
    method: str
    url: str
    headers: dict[str, str]
    body: Any
    depends_on: tuple[str, ...]


def batch_handler(find: Finder) -> Callable[[Call], Response]:
    def handle(call: Call) -> Response:
        def work() -> Response:
            authenticate(call)
            return _run(call, find, read_parts(call.request.get_data(cache=True)))

        return guarded(call, work)

    return handle


def read_parts(raw: bytes) -> list[Part]:
    """Raises 400 for the whole batch when its form is wrong."""
    try:
        requests = read_json(raw)["requests"]
    except (ValueError, TypeError, KeyError) as broken:
        raise bad_request("A batch is a JSON object with requests.") from broken
    if not isinstance(requests, list) or not requests:
        raise bad_request("A batch needs requests.")
    if len(requests) > MOST_PARTS:
        raise bad_request(f"A batch has {MOST_PARTS} requests at most.", "MaximumValueExceeded")
    parts = [_read_part(one) for one in requests]
    seen: set[str] = set()
    for part in parts:
        if part.id.lower() in seen:
            raise bad_request(f"The id {part.id} occurs twice in the batch.")
        for wanted in part.depends_on:
            if wanted.lower() not in seen:
                raise bad_request(f"Request {part.id} depends on {wanted}, which does not come before it.")
        seen.add(part.id.lower())
    return parts


def _read_part(one: Any) -> Part:
    if not isinstance(one, dict):
        raise bad_request("A request of a batch is a JSON object.")
    id_, method, url = one.get("id"), one.get("method"), one.get("url")
    if not isinstance(id_, str) or not id_ or not isinstance(url, str) or not url:
        raise bad_request("A request of a batch needs an id and a url.")
    if not isinstance(method, str) or method.upper() not in _METHODS:
        raise bad_request(f"Request {id_} has no method that a batch can carry.")
    headers, depends = one.get("headers") or {}, one.get("dependsOn") or []
    if not isinstance(headers, dict) or not isinstance(depends, list):
        raise bad_request(f"The headers or dependsOn of request {id_} have the wrong form.")
    plain = {str(name).lower(): str(value) for name, value in headers.items()}
    if one.get("body") is not None and "content-type" not in plain:
        raise bad_request(f"Request {id_} has a body and no Content-Type.")
    return Part(id_, method.upper(), url, plain, one.get("body"), tuple(str(name) for name in depends))


def _check_row(parts: list[Part]) -> None:
    """Where a part depends on another, each must depend on the one before it."""
    if not any(part.depends_on for part in parts):
        return
    for before, part in pairwise(parts):
        if [wanted.lower() for wanted in part.depends_on] != [before.id.lower()]:
            raise bad_request("The requests of a batch stand all in one row or none does.")


def _run(call: Call, find: Finder, parts: list[Part]) -> Response:
    if not call.world.switches.on(BATCH_TAKES_MIXED_ORDER):
        _check_row(parts)
    answers: dict[str, dict[str, Any]] = {}
    subjects: set[str] = set()
    for part in parts:
        if any(answers[wanted.lower()]["status"] >= 400 for wanted in part.depends_on):
            response = error_response(call, GraphError(424, "FailedDependency", "A request it depends on failed."))
        else:
            response = _run_part(call, find, part, subjects)
        answers[part.id.lower()] = _answer(part, response)
    if len(subjects) == 1:
        call.subject = min(subjects)
    rows = list(answers.values())
    if not call.world.switches.on(BATCH_IN_ORDER):
        call.world.dice.shuffle(rows)
    return json_response({"responses": rows}, 200, standard_headers(call), CONTENT_TYPE)


def _run_part(call: Call, find: Finder, part: Part, subjects: set[str]) -> Response:
    request = inner_request(call.request, part)
    if len(part.url) > LONG_URL and not call.world.switches.on(BATCH_TAKES_LONG_URLS):
        call.parts.append(f"{part.method} unknown")
        return error_response(call, GraphError(414, "UriTooLong", "The address is too long."))
    route, arguments, subject = find(request)
    call.parts.append(f"{part.method} {route.name}")
    refused = _unfit(call, part, subject, subjects)
    if refused is not None:
        return error_response(call, refused)
    if subject:
        subjects.add(subject)
    inner = Call(call.world, request, route, subject=subject, began=call.began)
    fault = call.world.faults.take("graph", route.name, subject)
    if fault is None:
        return route.handler(inner, **arguments)
    if fault.effect == "refuse":
        return refusal(fault)
    if fault.effect in ("drop_before", "finish_later"):
        _break_off(call, request, fault)
    call.world.trouble(fault)
    response = route.handler(inner, **arguments)
    if fault.effect == "lose_answer":
        raise ConnectionLost(route.name)
    return _spoiled(response, fault.spoil) if fault.effect == "spoil" else response


def _unfit(call: Call, part: Part, subject: str, before: set[str]) -> GraphError | None:
    """Why this part may not stand in a batch, or not in this one."""
    on = call.world.switches.on
    if subject and before - {subject} and not on(BATCH_TAKES_MANY_MAILBOXES):
        return bad_request("A batch concerns one mailbox.", "ErrorInvalidRequest")
    if "token=" in part.url and not on(BATCH_TAKES_DELTA_LINKS):
        return bad_request("A batch does not take a delta link.", "ErrorInvalidRequest")
    return None


def _spoiled(response: Response, kind: str) -> Response:
    """The batch around it is whole: what would not be JSON any more is no part's body."""
    return spoiled(response, kind if kind in SHAPES else "empty")


def _break_off(call: Call, request: Request, fault: Fault) -> None:
    """The whole batch's connection breaks at this part; `finish_later` still carries the part out."""
    if fault.effect == "finish_later":
        now = call.world.clock.now()
        environ = {name: value for name, value in request.environ.items() if isinstance(value, str)}
        due = now + timedelta(seconds=fault.delay)
        body = request.get_data(cache=True)
        call.world.unfinished.append(Unfinished(due, now, fault.early_stamp, environ, body))
    raise ConnectionLost(fault.route)


def inner_request(outer: Request, part: Part) -> Request:
    """The part as a request of its own: the batch's host and token, the part's headers."""
    path, _, query = part.url.partition("?")
    path = "/" + path.lstrip("/")
    if not path.startswith(("/v1.0/", "/beta/")):
        path = "/v1.0" + path
    body = _body_bytes(part)
    kept = ("SERVER_NAME", "SERVER_PORT", "SERVER_PROTOCOL", "wsgi.url_scheme", "HTTP_HOST", "HTTP_AUTHORIZATION",
            "REMOTE_ADDR")  # fmt: skip
    environ: dict[str, Any] = {name: outer.environ[name] for name in kept if name in outer.environ}
    environ |= {
        "REQUEST_METHOD": part.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": _wsgi(unquote(path)),
        "QUERY_STRING": _wsgi(query),
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": io.BytesIO(body),
    }
    for name, value in part.headers.items():
        key = name.upper().replace("-", "_")
        environ[key if key == "CONTENT_TYPE" else f"HTTP_{key}"] = _wsgi(value)
    return Request(environ)


def _wsgi(text: str) -> str:
    """As a server hands a text on: its bytes read as Latin-1 (PEP 3333)."""
    return text.encode("utf-8", "replace").decode("latin-1")


def _body_bytes(part: Part) -> bytes:
    if part.body is None:
        return b""
    if "json" in part.headers.get("content-type", ""):
        return json.dumps(part.body).encode()
    text = part.body if isinstance(part.body, str) else json.dumps(part.body)
    return text.encode("utf-8", "replace")


def _answer(part: Part, response: Response) -> dict[str, Any]:
    headers = {name: value for name, value in response.headers.items() if name != "Content-Length"}
    answer: dict[str, Any] = {"id": part.id, "status": response.status_code, "headers": headers}
    raw = response.get_data()
    if not raw:
        return answer
    if (response.mimetype or "").endswith("json"):
        answer["body"] = json.loads(raw)
    else:
        answer["body"] = base64.b64encode(raw).decode()
    return answer
