"""Bad luck: a fault waits for a matching request and then happens a set number of times.

Faults come from three sources, asked in this order: those that wait for a request (`add`), a script that
arms one after the other (`follow`), and the weather, which draws them from dice of its own (`luck`).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from fnmatch import fnmatchcase
from typing import Literal

import httpx2

from sandbox.clock import Clock, SystemClock
from sandbox.luck import Luck

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

    def happens(self) -> bool:
        """Asked of a fault that a request matches: whether it is this request that it befalls."""
        if self.skip:
            self.skip -= 1
            return False
        self.times -= 1
        return True

    def matches(self, face: str, route: str, subject: str) -> bool:
        return (
            fnmatchcase(face, self.face) and fnmatchcase(route, self.route) and fnmatchcase(subject, self.subject)
        )


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a script: a fault that is armed when all before it have happened and `after` is over."""

    fault: Fault
    after: float = 0.0
    """Seconds since the script began."""


@dataclass(slots=True)
class Script:
    """Steps in their order; only the first of those left can happen."""

    began: datetime
    steps: list[Step]

    def armed(self, now: datetime) -> Fault | None:
        if self.steps and now >= self.began + timedelta(seconds=self.steps[0].after):
            return self.steps[0].fault
        return None


@dataclass(slots=True)
class Faults:
    clock: Clock = field(default_factory=SystemClock)
    waiting: list[Fault] = field(default_factory=list)
    script: Script | None = None
    luck: Luck | None = None

    def add(self, fault: Fault) -> None:
        self.waiting.append(fault)

    def follow(self, steps: Iterable[Step]) -> None:
        """Begin a script now, in place of one that has not ended."""
        copies = [replace(one, fault=replace(one.fault)) for one in steps]
        self.script = Script(self.clock.now(), copies) if copies else None

    @property
    def quiet(self) -> bool:
        """Nothing waits to go wrong."""
        return not self.waiting and self.script is None and self.luck is None

    def clear(self) -> None:
        """Nothing more goes wrong; the weather's count of what it did goes with it."""
        self.waiting.clear()
        self.script = self.luck = None

    def take(self, face: str, route: str, subject: str) -> Fault | None:
        """The fault that happens to this request, if any; it is used up by being taken."""
        return self._take(face, route, subject, inside=False)

    def take_inside(self, face: str, step: str, subject: str) -> Fault | None:
        """The fault that happens to one step within a request, if any."""
        return self._take(face, step, subject, inside=True)

    def _take(self, face: str, route: str, subject: str, *, inside: bool) -> Fault | None:
        def befalls(fault: Fault) -> bool:
            return (fault.effect == "inside") is inside and fault.matches(face, route, subject)

        for fault in self.waiting:
            if befalls(fault) and fault.happens():
                if fault.times <= 0:
                    self.waiting.remove(fault)
                return fault
        armed = self.script.armed(self.clock.now()) if self.script else None
        if self.script and armed and befalls(armed) and armed.happens():
            if armed.times <= 0:
                del self.script.steps[0]
                self.script = self.script if self.script.steps else None
            return armed
        if self.luck is None:
            return None
        drawn = self.luck.draw(face, route, subject, self.clock.now(), inside=inside)
        return Fault(**drawn, face=face, route=route, subject=subject) if drawn else None
