"""The weather: faults for matching requests by a seed and a rate, from dice of its own.

The dice know nothing of the world, so the same seed over the same requests does the same whatever else is drawn,
and turning the weather on changes no id. What it did is counted by kind.
"""

import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from fnmatch import fnmatchcase
from typing import Any

from sandbox.clock import as_http_date

Drawn = dict[str, Any]
"""What a fault is made of but for where it happens: `effect`, and `status`, `headers`, `body` and so on."""

HTML = b"<!DOCTYPE html><html><head><title>Service Unavailable</title></head><body><h1>Sorry.</h1></body></html>"
_WAITS = (1, 5, 30, 120)
"""Seconds."""
_HTML_TYPE = ("Content-Type", "text/html; charset=utf-8")
_GRAPH_BODY = b'{"error":{"code":"%s","message":"The sandbox draws the weather.","innerError":{}}}'
_SALESFORCE_BODY = b'[{"message":"The sandbox draws the weather.","errorCode":"%s"}]'


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of bad luck: which requests it can befall, and what happens."""

    name: str
    face: str
    route: str
    make: Callable[[random.Random, datetime], Drawn]
    inside: bool = False

    def befalls(self, face: str, route: str, inside: bool) -> bool:
        return inside is self.inside and fnmatchcase(face, self.face) and fnmatchcase(route, self.route)


def _refused(status: int, body: bytes = b"", *headers: tuple[str, str]) -> Drawn:
    return {"effect": "refuse", "status": status, "body": body, "headers": headers}


def _graph(status: int, code: bytes, *headers: tuple[str, str]) -> Drawn:
    return _refused(status, _GRAPH_BODY % code, *headers)


def _salesforce(status: int, code: bytes) -> Drawn:
    return _refused(status, _SALESFORCE_BODY % code)


def _wait(dice: random.Random, _: datetime) -> tuple[str, str]:
    return "Retry-After", str(dice.choice(_WAITS))


def _wait_until(dice: random.Random, now: datetime) -> tuple[str, str]:
    """The other form HTTP allows."""
    return "Retry-After", as_http_date(now + timedelta(seconds=dice.choice(_WAITS)))


def _finish_later(dice: random.Random, _: datetime) -> Drawn:
    early = dice.random() < 0.5
    return {"effect": "finish_later", "delay": float(dice.choice((1, 30, 200))), "early_stamp": early}


def _lock(*_: object) -> Drawn:
    message = "unable to obtain exclusive access to this record or 1 records"
    return {"effect": "inside", "code": "UNABLE_TO_LOCK_ROW", "message": message}


def _slow(dice: random.Random, _: datetime) -> Drawn:
    return {"effect": "slow", "delay": float(dice.choice((1, 5, 20)))}


def _spoilt(dice: random.Random, _: datetime) -> Drawn:
    return {"effect": "spoil", "spoil": dice.choice(("cut", "empty", "html", "hollow"))}


_DELTA, _ANY_ITEM = "*delta", "[me][ev]*s.[gum]*"
"""Of messages and of events: get, update, move."""
KINDS: tuple[Kind, ...] = (
    Kind("graph.throttled", "graph", "*", lambda *d: _graph(429, b"ApplicationThrottled", _wait(*d))),
    Kind("graph.throttled_until", "graph", "*", lambda *d: _graph(429, b"TooManyRequests", _wait_until(*d))),
    Kind("graph.throttled_bare", "graph", "*", lambda *_: _refused(429)),
    Kind("graph.unavailable", "graph", "*", lambda *d: _graph(503, b"ServiceUnavailable", _wait(*d))),
    Kind("graph.unavailable_html", "graph", "*", lambda *_: _refused(503, HTML, _HTML_TYPE)),
    Kind("graph.unavailable_bare", "graph", "*", lambda *_: _refused(503)),
    Kind("graph.timeout", "graph", "*", lambda *_: _refused(504, HTML, _HTML_TYPE)),
    Kind("graph.transient", "graph", "*", lambda *_: _graph(500, b"ErrorInternalServerTransientError")),
    Kind("graph.moving", "graph", "*", lambda *_: _graph(500, b"ErrorMailboxMoveInProgress")),
    Kind("graph.bandwidth", "graph", "*", lambda *d: _graph(509, b"BandwidthLimitExceeded", _wait(*d))),
    Kind("graph.unauthorized", "graph", "*", lambda *_: _graph(401, b"InvalidAuthenticationToken")),
    Kind("graph.resync", "graph", _DELTA, lambda *_: _graph(410, b"resyncRequired")),
    Kind("graph.state_invalid", "graph", _DELTA, lambda *_: _graph(400, b"SyncStateInvalid")),
    Kind("graph.state_unknown", "graph", _DELTA, lambda *_: _graph(404, b"syncStateNotFound")),
    Kind("graph.locked", "graph", _ANY_ITEM, lambda *_: _graph(423, b"ErrorItemLocked")),
    Kind("login.unavailable", "login", "*", lambda *_: _refused(503, HTML, _HTML_TYPE)),
    Kind("login.busy", "login", "*", lambda *d: _refused(429, b"", _wait(*d))),
    Kind("salesforce.unavailable", "salesforce", "*", lambda *_: _salesforce(503, b"SERVER_UNAVAILABLE")),
    Kind("salesforce.unavailable_html", "salesforce", "*", lambda *_: _refused(503, HTML, _HTML_TYPE)),
    Kind("salesforce.bad_gateway", "salesforce", "*", lambda *_: _refused(502, HTML, _HTML_TYPE)),
    Kind("salesforce.timeout", "salesforce", "*", lambda *_: _refused(504, HTML, _HTML_TYPE)),
    Kind("salesforce.unknown", "salesforce", "*", lambda *_: _salesforce(500, b"UNKNOWN_EXCEPTION")),
    Kind("salesforce.busy", "salesforce", "[!o]*", lambda *_: _salesforce(403, b"REQUEST_LIMIT_EXCEEDED")),
    Kind("salesforce.session", "salesforce", "[!o]*", lambda *_: _salesforce(401, b"INVALID_SESSION_ID")),
    Kind("salesforce.row_lock", "salesforce", "*", _lock, inside=True),
    Kind("lose_answer", "*", "*", lambda *_: {"effect": "lose_answer"}),
    Kind("drop_before", "*", "*", lambda *_: {"effect": "drop_before"}),
    Kind("finish_later", "*", "*", _finish_later),
    Kind("slow", "*", "*", _slow),
    Kind("spoilt", "*", "*", _spoilt),
    Kind("signed_out", "*", "*", lambda *_: {"effect": "expire"}),
)
"""Statuses and codes are the vendors' own; `[!o]*` leaves the OAuth addresses out."""
BY_NAME = {kind.name: kind for kind in KINDS}


@dataclass(slots=True)
class Luck:
    """`rate` is the share of matching requests, from 0 to 1; `kinds` are shell patterns of names in KINDS."""

    seed: int = 0
    rate: float = 0.05
    face: str = "*"
    route: str = "*"
    subject: str = "*"
    kinds: Sequence[str] = ("*",)
    done: Counter[str] = field(default_factory=Counter)
    """What it did, by kind."""
    asked: int = 0
    """Matching requests so far."""
    _dice: random.Random = field(init=False, repr=False)

    def __post_init__(self) -> None:
        if not 0 <= self.rate <= 1:
            raise ValueError("rate is a share from 0 to 1")
        unknown = [one for one in self.kinds if not any(fnmatchcase(kind.name, one) for kind in KINDS)]
        if unknown or not self.kinds:
            raise ValueError(f"no kind matches {', '.join(unknown)}; known: {', '.join(sorted(BY_NAME))}")
        self._dice = random.Random(f"{self.seed}:luck")

    def draw(self, face: str, route: str, subject: str, now: datetime, *, inside: bool) -> Drawn | None:
        """What happens to this request, or to this step inside one; None for nearly all."""
        patterns = (self.face, self.route, self.subject)
        if not all(map(fnmatchcase, (face, route, subject), patterns)):
            return None
        self.asked += 1
        able = [one for one in KINDS if one.befalls(face, route, inside) and self._chosen(one)]
        if self._dice.random() >= self.rate or not able:
            return None
        kind = self._dice.choice(able)
        self.done[kind.name] += 1
        return kind.make(self._dice, now)

    def _chosen(self, kind: Kind) -> bool:
        return any(fnmatchcase(kind.name, one) for one in self.kinds)
