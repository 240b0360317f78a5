"""The one way in: a route table per face, and the Request and Response every handler works with."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from werkzeug.wrappers import Request as WerkzeugRequest
from werkzeug.wrappers import Response

from sandbox.faults import Fault

if TYPE_CHECKING:
    from sandbox.world import World

__all__ = ["Call", "Face", "Request", "Response", "Route", "Unfinished", "json_response", "read_json", "refusal"]


class Request(WerkzeugRequest):
    """A vendor's request; the body may be as large as the vendors allow."""

    max_content_length = 512 * 1024 * 1024
    max_form_memory_size = None


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A request the vendor will carry out at `due` although its client has gone."""

    due: datetime
    received: datetime
    early_stamp: bool
    environ: dict[str, str]
    body: bytes


def read_json(raw: bytes | str) -> Any:
    """Raises ValueError for what is no JSON, and for what is nested deeper than any reader goes."""
    try:
        return json.loads(raw)
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error


def json_response(
    body: Any,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    content_type: str = "application/json;charset=UTF-8",
) -> Response:
    return Response(json.dumps(body), status=status, headers=dict(headers or {}), content_type=content_type)


def refusal(fault: Fault) -> Response:
    """What `refuse` answers: JSON, unless its headers name another type."""
    headers = [(name, value) for name, value in fault.headers if name.lower() != "content-type"]
    named = [value for name, value in fault.headers if name.lower() == "content-type"]
    return Response(fault.body, fault.status, headers, content_type=[*named, "application/json;charset=UTF-8"][0])


@dataclass(slots=True)
class Call:
    """One request on its way through a face; handlers note on it what the request log shall say."""

    world: "World"
    request: Request
    route: "Route"
    subject: str = ""
    parts: list[str] = field(default_factory=list)
    allowed: tuple[str, ...] = ()
    """For `not_found`: methods the address would take; empty when there is no such address."""
    began: datetime | None = None
    """Set when this is a request of earlier on that is stamped with the time it was received."""


Handler = Callable[..., Response]
"""`handler(call, **path_arguments) -> Response`."""


@dataclass(frozen=True, slots=True)
class Route:
    name: str
    """Stable and unique within the face: faults, tests and benches speak of a route by it."""
    method: str
    rule: str
    """A werkzeug rule, below no prefix: the vendors' paths do not collide, so one port serves all."""
    handler: Handler


def _as_it_is(path: str) -> str:
    return path


def _nobody(_world: "World", _request: Request, _arguments: dict[str, Any]) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class Face:
    """One vendor service. `hosts` are the vendor's own names, used when the sandbox stands on 443."""

    name: str
    hosts: tuple[str, ...]
    routes: Sequence[Route]
    not_found: Callable[[Call], Response]
    """How this vendor words an address (or, with `call.allowed`, a method) it does not know."""
    path_prefixes: tuple[str, ...]
    """Paths that are this face's even when no route matches, so that the refusal is the vendor's own."""
    normalise_path: Callable[[str], str] = _as_it_is
    subject: Callable[["World", Request, dict[str, Any]], str] = _nobody
    """Whom a request concerns, told before the handler runs, for faults and the log."""
    logged: bool = True
    """False for the sandbox's own addresses, which no vendor has and no fault befalls."""
