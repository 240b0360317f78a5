"""One mailbox's line to Graph: authorised, patient up to a few seconds, and batched.

https://learn.microsoft.com/graph/json-batching, https://learn.microsoft.com/graph/throttling
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlsplit

from crosstie.domain.clock import Clock
from crosstie.domain.errors import Fatal, Retry, Unclear
from crosstie.mailboxes.graph.connection import GraphConnection
from crosstie.mailboxes.graph.errors import BUSY, GARBLED, Answer, is_gone, translate
from crosstie.mailboxes.graph.tokens import Tokens
from crosstie.transport import Http, HttpResponse, integer, parsed

BATCH = 20
"""Requests Graph takes in one `$batch`."""
PATIENCE = 8.0
"""Seconds that one call waits for a throttling vendor before it gives up."""
DEFAULT_WAIT = 2.0
"""Seconds, where the vendor says that it is busy and not for how long, or names a time that is over."""
MOST_WAITS = 4
"""However short they are."""
IMMUTABLE_IDS = 'IdType="ImmutableId"'


@dataclass(frozen=True, slots=True)
class Part:
    """A request, for a batch or alone. `url` is relative to the service's address; `after` indexes its batch.

    A batch is either all parallel or one chain, each part `after` the one before: Graph does no other.
    """

    method: str
    url: str
    body: Mapping[str, Any] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    page_size: int = 0
    after: int | None = None
    prefer: str = ""
    """What is preferred beside the ids that last."""

    @property
    def all_headers(self) -> dict[str, str]:
        size = f"odata.maxpagesize={self.page_size}" if self.page_size else ""
        prefer = ", ".join(filter(None, (IMMUTABLE_IDS, size, self.prefer)))
        content = {"Content-Type": "application/json"} if self.body is not None else {}
        return {"Prefer": prefer, **content, **self.headers}

    @property
    def reads(self) -> bool:
        return self.method == "GET"


@dataclass(slots=True)
class GraphClient:
    http: Http
    tokens: Tokens
    clock: Clock
    mailbox_id: int
    connection: GraphConnection
    _token: str = field(default="", init=False, repr=False)

    @property
    def root(self) -> str:
        """The path every address of this mailbox starts with."""
        return f"/users/{quote(self.connection.address, safe='')}"

    def ask(self, part: Part) -> Answer:
        """One request by itself; the answer whatever its status, once patience is used up."""
        return self._patiently(lambda: _answer(self._send(part)))

    def download(self, url: str) -> bytes:
        """The raw bytes behind an address. Raises as `raise_for` does."""
        answer = self._patiently(lambda: _answer(self._send(Part("GET", url)), raw=True))
        self.raise_for(answer)
        return answer.body if isinstance(answer.body, bytes) else b""

    def batch(self, parts: Sequence[Part]) -> list[Answer]:
        """At most BATCH requests in one round trip, answers in their order, each with a status of its own.

        Parts that were throttled are asked again within our patience. Raises when the batch as a whole failed;
        Unclear when it carried a write and nobody knows what became of it.
        """
        answers: dict[int, Answer] = {}
        left = list(range(len(parts)))

        def ask() -> Answer:
            nonlocal left
            whole = _answer(self._send(_envelope(parts, left)))
            if not whole.ok:
                return whole
            answers.update(_unpacked(whole, parts, left))
            delayed = [n for n in left if _postponed(answers[n], parts[n])]
            if not (waiting := [answers[n] for n in delayed if answers[n].status != 424]):
                return whole
            left, now = delayed, self.clock.now()
            return max(waiting, key=lambda one: one.retry_at(now) or now)

        if parts:
            whole = self._patiently(ask)
            if len(answers) < len(parts):
                self.raise_for(whole)
        return [answers[n] for n in range(len(parts))]

    def batches(self, parts: Sequence[Part]) -> list[Answer]:
        """Any number of parallel requests."""
        chunks = [parts[start : start + BATCH] for start in range(0, len(parts), BATCH)]
        return [answer for chunk in chunks for answer in self.batch(chunk)]

    def present(self, parts: Mapping[str, Part]) -> dict[str, Mapping[str, Any]]:
        """What each part asks for, by the name it is asked by; what is gone is left out."""
        found = {}
        for name, answer in zip(parts, self.batches(list(parts.values())), strict=True):
            if not is_gone(answer):
                self.raise_for(answer)
                found[name] = answer.entity
        return found

    def raise_for(self, answer: Answer) -> None:
        if answer.ok:
            return
        if answer.status == 403:
            self.tokens.outdated(self.mailbox_id, self.connection)
        raise translate(answer, self.clock.now())

    def relative(self, link: str) -> str:
        """A link of Graph's as a path on the configured service; one that leads elsewhere is never followed."""
        base = urlsplit(self.connection.graph_url)
        try:
            target = urlsplit(link)
        except ValueError as error:
            raise Fatal("GRAPH-FOREIGN-LINK", "no address") from error
        path = target.path.removeprefix(base.path.rstrip("/"))
        if target.netloc.lower() != base.netloc.lower() or path == target.path or not path.startswith("/"):
            raise Fatal("GRAPH-FOREIGN-LINK", target.netloc)
        return f"{path}?{target.query}" if target.query else path

    def _patiently(self, ask: Callable[[], Answer]) -> Answer:
        """Ask until the answer is neither a refused token (once) nor a plea to wait (within our patience)."""
        patience, renewed, waits = PATIENCE, False, 0
        while True:
            answer = ask()
            if answer.status == 401 and not renewed:
                renewed = True
                self.tokens.reject(self.mailbox_id, self.connection, self._token)
                continue
            wait = self._wait(answer)
            if wait is None or wait > patience or waits == MOST_WAITS:
                return answer
            patience, waits = patience - wait, waits + 1
            self.clock.sleep(wait)

    def _wait(self, answer: Answer) -> float | None:
        if answer.status not in BUSY:
            return None
        now = self.clock.now()
        until = answer.retry_at(now)
        return (until - now).total_seconds() if until and until > now else DEFAULT_WAIT

    def _send(self, part: Part) -> HttpResponse:
        self._token = self.tokens.get(self.mailbox_id, self.connection)
        headers = {**part.all_headers, "Authorization": f"Bearer {self._token}", "Accept": "application/json"}
        url = self.connection.graph_url.rstrip("/") + part.url
        response = self._sent(part, url, headers)
        if response.status_code in (500, 502, 504) and not _harmless(part):
            raise Unclear("GRAPH-LOST", f"HTTP {response.status_code}")
        return response

    def _sent(self, part: Part, url: str, headers: Mapping[str, str]) -> HttpResponse:
        """What can do no harm is sent again at once: servers close idle connections whenever they like."""
        harmless = _harmless(part)
        try:
            return self.http.request(part.method, url, headers=headers, json=part.body)
        except Unclear:
            if not harmless:
                raise
        try:
            return self.http.request(part.method, url, headers=headers, json=part.body)
        except Unclear as lost:
            raise Retry(lost.code, lost.detail) from lost


def _harmless(part: Part) -> bool:
    """Nothing can have been changed by it."""
    inner = part.body["requests"] if part.body is not None and part.url == "/$batch" else ()
    return part.reads or (bool(inner) and all(one["method"] == "GET" for one in inner))


def _envelope(parts: Sequence[Part], which: Sequence[int]) -> Part:
    requests = []
    for number in which:
        part = parts[number]
        one: dict[str, Any] = {
            "id": str(number),
            "method": part.method,
            "url": part.url,
            "headers": part.all_headers,
        }
        if part.body is not None:
            one["body"] = part.body
        if part.after in which:
            one["dependsOn"] = [str(part.after)]
        requests.append(one)
    return Part("POST", "/$batch", {"requests": requests})


def _unpacked(whole: Answer, parts: Sequence[Part], which: Sequence[int]) -> dict[int, Answer]:
    """As `_unpack`; Unclear where something may have been changed and the answer does not say what."""
    try:
        return _unpack(whole, which)
    except Retry as garbled:
        if all(parts[number].reads for number in which):
            raise
        raise Unclear(garbled.code, garbled.detail) from garbled


def _unpack(whole: Answer, which: Sequence[int]) -> dict[int, Answer]:
    """Answers by number. A part without one counts as failed on their side: Graph owes an answer to each."""
    found = {number: Answer(504) for number in which}
    responses = whole.json.get("responses")
    if not isinstance(responses, list):
        raise Retry(GARBLED, "a batch was answered without responses")
    for one in responses:
        number = integer(one.get("id")) if isinstance(one, dict) else None
        if number is not None and number in found:
            found[number] = Answer(integer(one.get("status")) or 504, one.get("body"), _lower(one.get("headers")))
    return found


def _postponed(answer: Answer, part: Part) -> bool:
    """Throttled before anything was done, or waiting for one that was."""
    return answer.status in BUSY or answer.status == 401 or (answer.status == 424 and part.after is not None)


def _answer(response: HttpResponse, *, raw: bool = False) -> Answer:
    """`raw`: the body of a good answer is bytes, not JSON."""
    body = response.content if raw and response.status_code < 400 else parsed(response)
    return Answer(response.status_code, body, _lower(response.headers))


def _lower(headers: Any) -> dict[str, str]:
    return {str(name).lower(): str(value) for name, value in headers.items()} if hasattr(headers, "items") else {}
