"""One WSGI application for all vendors: find the face and route, apply faults, handle, log."""

import io
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

from werkzeug.exceptions import MethodNotAllowed, NotFound, RequestEntityTooLarge
from werkzeug.routing import Map, RequestRedirect, Rule

from sandbox.faults import ConnectionLost, Fault
from sandbox.http import Call, Face, Request, Response, Route, Unfinished, refusal
from sandbox.spoil import spoiled
from sandbox.world import World

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

LOGGED_BODY = 1_000_000
"""Bytes; the log keeps no larger body, only its size."""
UNHEARD = 100
"""Answers kept."""


@dataclass(frozen=True, slots=True)
class Match:
    face: Face
    route: Route
    arguments: dict[str, Any]
    allowed: tuple[str, ...] = ()


class Application:
    """The WSGI callable. The world's lock serialises requests: vendors' races are staged, not accidental."""

    def __init__(self, world: World, faces: Iterable[Face]) -> None:
        self.world = world
        self.faces = tuple(faces)
        self._maps = {face.name: _url_map(tuple(face.routes)) for face in self.faces}
        self.unheard: deque[bytes] = deque(maxlen=UNHEARD)
        """What would have been answered to requests that were carried out when their client had gone."""

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        request = Request(self._below_its_site(environ))
        try:
            body = request.get_data(cache=True)
        except RequestEntityTooLarge:
            return Response("The request is too large for the sandbox.\n", 413)(environ, start_response)
        try:
            with self.world.lock:
                self.finish()
                self.world.catch_up()
                response = self._answer(request, body)
        finally:
            request.close()
        return response(environ, start_response)

    def _below_its_site(self, environ: "WSGIEnvironment") -> "WSGIEnvironment":
        """A site of Experience Cloud has its name before every path: what follows is asked as elsewhere."""
        name, _, rest = environ.get("PATH_INFO", "").removeprefix("/").partition("/")
        if not any(name in site.sites for site in self.world.orgs.values()):
            return environ
        return {**environ, "SCRIPT_NAME": f"/{name}", "PATH_INFO": f"/{rest}"}

    def finish(self, *, all_of_them: bool = False) -> int:
        """Carry out what earlier requests left behind and is due by now; answers how many there were."""
        with self.world.lock:
            now = self.world.clock.now()
            due = [one for one in self.world.unfinished if all_of_them or one.due <= now]
            self.world.unfinished[:] = [one for one in self.world.unfinished if one not in due]
            for one in due:
                environ: dict[str, Any] = {**one.environ, "wsgi.input": io.BytesIO(one.body)}
                request = Request(environ)
                match = self._match(request)
                if match is None:  # pragma: no cover - it matched when it was received
                    continue
                call = Call(self.world, request, match.route, began=one.received if one.early_stamp else None)
                call.subject = match.face.subject(self.world, request, match.arguments)
                self.unheard.append(match.route.handler(call, **match.arguments).get_data())
                request.close()
        return len(due)

    def _answer(self, request: Request, body: bytes) -> Response:
        match = self._match(request)
        if match is None:
            return Response("No vendor of this sandbox has such an address.\n", 404)
        if request.method not in ("GET", "HEAD", "OPTIONS"):
            self.world.changes += 1
        call = Call(self.world, request, match.route, allowed=match.allowed)
        if not match.face.logged:
            return match.route.handler(call, **match.arguments)
        call.subject = match.face.subject(self.world, request, match.arguments)
        fault = self.world.faults.take(match.face.name, match.route.name, call.subject)
        response = Response(status=499)
        try:
            response = self._handle(call, match, fault, body)
        finally:
            self._log(call, match, response, body)
        return response

    def _handle(self, call: Call, match: Match, fault: Fault | None, body: bytes) -> Response:
        if fault and fault.effect == "drop_before":
            raise ConnectionLost(match.route.name)
        if fault and fault.effect == "finish_later":
            self._leave_behind(call.request, fault, body)
            raise ConnectionLost(match.route.name)
        if fault and fault.effect == "refuse":
            return refusal(fault)
        if fault:
            self.world.trouble(fault)
        response = match.route.handler(call, **match.arguments)
        if fault and fault.effect == "lose_answer":
            raise ConnectionLost(match.route.name)
        return spoiled(response, fault.spoil) if fault and fault.effect == "spoil" else response

    def _leave_behind(self, request: Request, fault: Fault, body: bytes) -> None:
        now = self.world.clock.now()
        environ = {name: value for name, value in request.environ.items() if isinstance(value, str)}
        environ["CONTENT_LENGTH"] = str(len(body))
        due = now + timedelta(seconds=fault.delay)
        self.world.unfinished.append(Unfinished(due, now, fault.early_stamp, environ, body))

    def _match(self, request: Request) -> Match | None:
        host = request.host.partition(":")[0].lower()
        by_host = [face for face in self.faces if any(_host_matches(host, name) for name in face.hosts)]
        for face in by_host or self.faces:
            path = face.normalise_path(request.path)
            adapter = self._maps[face.name].bind(request.host or "localhost")
            try:
                route, arguments = adapter.match(path, method=request.method)
            except MethodNotAllowed as refusal:
                return _unknown(face, request, path, tuple(sorted(refusal.valid_methods or ())))
            except (NotFound, RequestRedirect):
                if by_host or path.startswith(face.path_prefixes):
                    return _unknown(face, request, path, ())
                continue
            return Match(face, route, dict(arguments))
        return None

    def _log(self, call: Call, match: Match, response: Response, body: bytes) -> None:
        self.world.requests.add(
            at=self.world.clock.now(),
            face=match.face.name,
            route=match.route.name,
            method=call.request.method,
            path=call.request.path,
            query=call.request.query_string.decode("latin-1"),
            status=response.status_code,
            subject=call.subject,
            parts=tuple(call.parts),
            request_body=body if len(body) <= LOGGED_BODY else b"",
            request_size=len(body),
        )


def _unknown(face: Face, request: Request, path: str, allowed: tuple[str, ...]) -> Match:
    return Match(face, Route("unknown", request.method, path, face.not_found), {}, allowed)


@cache
def _url_map(routes: tuple[Route, ...]) -> Map:
    """Compiling the rules costs more than founding a company; a process has few tables of them."""
    return Map(
        [Rule(route.rule, methods=[route.method], endpoint=route) for route in routes],
        strict_slashes=False,
        merge_slashes=True,
        redirect_defaults=False,
    )


def _host_matches(host: str, pattern: str) -> bool:
    return host == pattern or (pattern.startswith("*.") and host.endswith(pattern[1:]))
