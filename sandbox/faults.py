"""Bad luck on demand: a fault waits for a matching request and then happens a set number of times."""

from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Literal

Effect = Literal["refuse", "lose_answer", "drop_before"]


class ConnectionLost(Exception):
    """The connection broke: the client sees no answer at all."""


@dataclass(slots=True)
class Fault:
    """`route` and `subject` are shell patterns against the route's name and the request's subject.

    refuse       answers `status` with `headers` and `body`; the vendor does nothing
    lose_answer  the vendor does everything, the client hears nothing
    drop_before  the connection breaks before the vendor does anything
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

    def matches(self, face: str, route: str, subject: str) -> bool:
        return (
            fnmatchcase(face, self.face)
            and fnmatchcase(route, self.route)
            and fnmatchcase(subject, self.subject)
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
        for fault in self.waiting:
            if not fault.matches(face, route, subject):
                continue
            if fault.skip:
                fault.skip -= 1
                continue
            fault.times -= 1
            if fault.times <= 0:
                self.waiting.remove(fault)
            return fault
        return None
