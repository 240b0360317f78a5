"""Real answers of the sandbox, recorded once, and played back damaged."""

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any

import httpx2

from bench.fuzz import mutate
from bench.fuzz.runner import Hung

MOST_REQUESTS = 3_000
"""Of one call of a connector; the limits of its own stop it well before."""
TOKEN_SHARE = 0.08
"""How often the first answer, which is a token, is damaged: nothing follows a refused one."""
STATUSES = (
    200,
    200,
    201,
    202,
    204,
    206,
    300,
    302,
    304,
    400,
    401,
    403,
    404,
    405,
    408,
    409,
    410,
    412,
    413,
    414,
    415,
    420,
    422,
    423,
    424,
    429,
    431,
    500,
    501,
    502,
    503,
    504,
    509,
    599,
)
BODIES = (
    b"", b"null", b"[]", b"{}", b"0", b'"x"', b"<html><body>Service Unavailable</body></html>",
    b"\xff\xfe\x00", b"{", b"[" * 5_000, b'{"a":' * 5_000, b"1" * 5_000, b'{"value":null}',
    b'{"error":null}', b'{"error":{"code":null}}',
    b'{"error":{"code":"ErrorItemNotFound","innererror":{"code":"SyncStateNotFound"}}}',
    b'{"error":"invalid_grant","error_description":7}',
    b'[{"errorCode":"INVALID_SESSION_ID","message":"x"}]',
    b'[{"errorCode":"REQUEST_LIMIT_EXCEEDED","message":null,"fields":null}]',
    b'[{"message":{},"errorCode":[]}]',
    b'[{"errorCode":"INVALID_FIELD","message":"No such column","fields":[{}]}]',
    b'\xef\xbb\xbf{"value":[]}',
)  # fmt: skip
HEADERS = {
    "Retry-After": ("0", "-1", "3", "99999999999999", "x", "Fri, 31 Dec 9999 23:59:59 GMT", "\u0663", "1e3", ""),
    "Date": (
        "",
        "x",
        "Mon, 99 Foo 2026",
        "Fri, 31 Dec 9999 23:59:59 -1200",
        "1",
        "Mon, 16 Nov 99999999999 09:00:00 GMT",
    ),
    "Content-Type": (
        "",
        "text/html",
        "application/json; charset=nosuch",
        "application/json; charset=utf-7",
        ";;;=",
    ),
    "Sforce-Limit-Info": (
        "",
        "api-usage=",
        f"api-usage={'9' * 5000}/1",
        "api-usage=0/0",
        "api-usage=5/4;per-app-api-usage=1/0",
    ),
    "Location": ("", "http://[", "//x", "https://evil.test/", "\x7f"),
    "Content-Encoding": ("identity", "gzip", "nosuch", "br"),
}


@dataclass(frozen=True, slots=True)
class Recorded:
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    json: Any
    """The parsed body, None where it is no JSON."""

    def response(self, request: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(self.status, headers=list(self.headers), content=self.body, request=request)


@dataclass(slots=True)
class Recorder(httpx2.BaseTransport):
    inner: httpx2.BaseTransport
    shrink: Callable[[Any], Any] = lambda value: value
    """Makes a JSON body smaller without changing its shape."""
    answers: list[Recorded] = field(default_factory=list)

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        response = self.inner.handle_request(request)
        body = response.read()
        try:
            value = self.shrink(response.json())
            body = mutate.as_bytes(value)
        except ValueError:
            value = None
        kept = tuple((k, v) for k, v in response.headers.multi_items() if k.lower() != "content-length")
        self.answers.append(Recorded(response.status_code, kept, body, value))
        return self.answers[-1].response(request)


@dataclass(slots=True)
class Replay(httpx2.BaseTransport):
    """Plays answers in their order, some of them damaged; when they run out, any of them."""

    answers: list[Recorded] = field(default_factory=list)
    dice: Random = field(default_factory=Random)
    asked: int = 0

    def load(self, answers: list[Recorded], dice: Random) -> None:
        self.answers, self.dice, self.asked = answers, dice, 0

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        request.read()
        if self.asked >= MOST_REQUESTS:
            raise Hung(f"more than {MOST_REQUESTS} requests")
        on_time, first = self.asked < len(self.answers), self.asked == 0
        recorded = self.answers[self.asked] if on_time else self.dice.choice(self.answers)
        self.asked += 1
        if on_time and self.dice.random() > (TOKEN_SHARE if first else max(0.3, 1.3 / len(self.answers))):
            return recorded.response(request)
        return self._damaged(recorded, request)

    def _damaged(self, recorded: Recorded, request: httpx2.Request) -> httpx2.Response:
        dice = self.dice
        chance = dice.random()
        status, headers, body = recorded.status, list(recorded.headers), recorded.body
        if chance < 0.03:
            raise dice.choice(
                (httpx2.ReadError, httpx2.ConnectError, httpx2.ReadTimeout, httpx2.RemoteProtocolError)
            )("lost")
        if chance < 0.65 and recorded.json is not None:
            body = mutate.as_bytes(mutate.mutated_json(recorded.json, dice))
        elif chance < 0.75:
            body = dice.choice((dice.choice(BODIES), mutate.as_bytes(mutate.random_json(dice))))
        elif chance < 0.85:
            body = mutate.mutated_bytes(body, dice, (b'"', b"{", b"}", b"null", b",", b"\\u", b"\xff"), (body,))
        if dice.random() < 0.25:
            status = dice.choice(STATUSES)
        if dice.random() < 0.15:
            name = dice.choice(list(HEADERS))
            headers = [(k, v) for k, v in headers if k.lower() != name.lower()] + [
                (name, dice.choice(HEADERS[name]))
            ]
        return _built(status, headers, body, request)


def _built(status: int, headers: list[tuple[str, str]], body: bytes, request: httpx2.Request) -> httpx2.Response:
    """As a transport hands it over: the body as it travelled, to be decoded when it is read."""
    raw = [(name.encode(), value.encode()) for name, value in headers]
    return httpx2.Response(status, headers=raw, stream=httpx2.ByteStream(body), request=request)
