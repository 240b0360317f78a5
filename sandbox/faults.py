"""Bad luck on demand: a fault waits for a matching request and then happens a set number of times."""

from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Literal

import httpx2

Effect = Literal["refuse", "lose_answer", "drop_before", "finish_later", "inside", "spoil", "slow", "expire"]


class ConnectionLost(httpx2.RemoteProtocolError):
    """The connection broke: the client sees no answer at all.

    It is the very error a client has when a server hangs up, so that code under test which reaches the
    sandbox by `httpx2.WSGITransport` meets the same exception as over a socket. The socket server turns
    it into a closed connection (sandbox/serve.py).
    """


@dataclass(slots=True)
class Fault:
    """`route` and `subject` are shell patterns against the route's name and the request's subject.

    refuse        answers `status` with `headers` and `body`; the vendor does nothing
    lose_answer   the vendor does everything, the client hears nothing
    drop_before   the connection breaks before the vendor does anything
    finish_later  the client hears nothing; the vendor does it all `delay` seconds later, at the first
                  request after that (or when told to: Application.finish)
    inside        the vendor refuses one step within a request, with `code` and `message`; `route` is then
                  the step's name, such as `insert:Contact`, or for a part of a composite what the request
                  log calls it, such as `GET query_all`, which then has `status` too or is spoiled
    spoil         the vendor does everything and the answer arrives damaged, as `spoil` says (sandbox/spoil.py)
    slow          the answer takes `delay` seconds
    expire        every access token of that vendor ends just before the request
    """

    effect: Effect
    face: str = "*"
    route: str = "*"
    subject: str = "*"
    skip: int = 0
    """Matching requests let through first."""
    times: int = 1
    status: int = 503
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    code: str = ""
    message: str = ""
    delay: float = 0.0
    """Seconds between the request and what it does (finish_later), or until the answer (slow)."""
    early_stamp: bool = False
    """finish_later only: what is done then carries the time of the request, as a long transaction's does."""
    spoil: str = ""
    """A kind of sandbox/spoil.py."""

    def matches(self, face: str, route: str, subject: str) -> bool:
        return (
            fnmatchcase(face, self.face) and fnmatchcase(route, self.route) and fnmatchcase(subject, self.subject)
        )


@dataclass(slots=True)
class Faults:
    waiting: list[Fault] = field(default_factory=list)

    def add(self, fault: Fault) -> None:
        self.waiting.append(fault)

    def clear(self) -> None:
        self.waiting.clear()

    def take(self, face: str, route: str, subject: str) -> Fault | None:
        """The fault that happens to this request, if any; it is used up by being taken."""
        return self._take(face, route, subject, inside=False)

    def take_inside(self, face: str, step: str, subject: str) -> Fault | None:
        """The fault that happens to one step within a request, if any."""
        return self._take(face, step, subject, inside=True)

    def _take(self, face: str, route: str, subject: str, *, inside: bool) -> Fault | None:
        for fault in self.waiting:
            if (fault.effect == "inside") is not inside or not fault.matches(face, route, subject):
                continue
            if fault.skip:
                fault.skip -= 1
                continue
            fault.times -= 1
            if fault.times <= 0:
                self.waiting.remove(fault)
            return fault
        return None
