"""One org's REST address: session kept alive, calls counted and governed, composites sent.

A call either gives an answer below 500 or raises: Throttled and NeedsConsent before anything was done, Retry for
reads (and for what surely was not sent), Unclear for writes whose answer was lost.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

from crosstie.domain.clock import Clock
from crosstie.domain.errors import CrosstieError, NeedsConsent, Retry, Throttled, Unclear
from crosstie.salesforce import errors
from crosstie.salesforce.auth import Token
from crosstie.salesforce.governor import Governor, Meter
from crosstie.salesforce.session import OrgSession
from crosstie.transport import Http, HttpResponse, parsed, retry_at

API_VERSION = "67.0"
DATA = f"/services/data/v{API_VERSION}"
QUERIES = 5
"""Queries and collections of one composite, together (vendor's limit)."""
BUSY = frozenset((420, 429, 503))
"""Statuses with which a vendor may say for how long it wants to be left alone."""

READ_HEADERS = {"Accept": "application/json", "Sforce-Call-Options": "client=Crosstie"}
WRITE_HEADERS = READ_HEADERS | {
    "Content-Type": "application/json",
    "Sforce-Auto-Assign": "FALSE",
    "Sforce-Duplicate-Rule-Header": "allowSave=true; includeRecordDetails=false; runAsCurrentUser=true",
}
DUPLICATES_REFUSED = {
    "Sforce-Duplicate-Rule-Header": "allowSave=false; includeRecordDetails=false; runAsCurrentUser=true",
}


@dataclass(frozen=True, slots=True)
class Part:
    """One subrequest of a composite; `path` is below the version's data path, its query already encoded."""

    path: str
    method: str = "GET"
    body: Any = None


@dataclass(frozen=True, slots=True)
class PartAnswer:
    status: int
    body: Any

    @property
    def ok(self) -> bool:
        return self.status < 300

    @property
    def errors(self) -> tuple[errors.VendorError, ...]:
        return () if self.ok else errors.parse(self.body)


def query_part(soql: str, *, deleted_too: bool = False) -> Part:
    return Part(f"/{'queryAll' if deleted_too else 'query'}?q={quote(soql, safe='')}")


@dataclass(slots=True)
class Client:
    http: Http
    session: OrgSession
    governor: Governor
    meter: Meter
    clock: Clock

    def read(self, kind: str, path: str) -> HttpResponse:
        """GET; `kind` is what the meter calls it."""
        return self._read(lambda: self._send(kind, "GET", DATA + path, None, READ_HEADERS))

    def calls_left(self) -> tuple[int, int]:
        """What the org's limits say of the day's calls: left, of."""
        answer = self.read("limits", "/limits")
        body = parsed(answer)
        if answer.status_code != 200:
            raise problem_of(answer.status_code, body)
        day = body.get("DailyApiRequests") if isinstance(body, Mapping) else None
        left, daily = (day.get("Remaining"), day.get("Max")) if isinstance(day, Mapping) else (None, None)
        if not isinstance(left, int) or not isinstance(daily, int):
            raise Retry("CRM-ANSWER", "limits without the day's calls")
        return left, daily

    def composite(self, kind: str, parts: Sequence[Part]) -> tuple[tuple[PartAnswer, ...], HttpResponse]:
        """Reading parts only, at most 25 with at most 5 queries; each has its own answer."""
        content = _encoded(_composite(parts))
        answer = self._read(lambda: self._send(kind, "POST", f"{DATA}/composite", content, WRITE_HEADERS))
        if answer.status_code != 200:
            raise errors.of_call(answer.status_code, errors.parse(parsed(answer)))
        return _part_answers(parts, _list(parsed(answer), "compositeResponse")), answer

    def change(self, kind: str, parts: Sequence[Part]) -> tuple[PartAnswer, ...]:
        """Writing parts, at most five collections, each for itself; one of 500 and more may have been carried out.

        Raises as `write` does.
        """
        status, body = self.write(kind, "/composite", _composite(parts))
        if status != 200:
            return tuple(PartAnswer(status, body) for _ in parts)
        try:
            return _part_answers(parts, _list(body, "compositeResponse"))
        except Retry as strange:
            raise Unclear(strange.code, strange.detail) from strange

    def write(
        self, kind: str, path: str, body: Any, method: str = "POST", *, duplicates: bool = True
    ) -> tuple[int, Any]:
        """Status below 500 and parsed body. Raises Unclear when it may or may not have happened."""
        content = None if body is None else _encoded(body)
        headers = WRITE_HEADERS if duplicates else WRITE_HEADERS | DUPLICATES_REFUSED
        answer = self._send(kind, method, DATA + path, content, headers)
        if answer.status_code >= 500 or answer.status_code in (408, 420):
            raise Unclear(f"CRM-HTTP-{answer.status_code}")
        found = parsed(answer)
        if found is None and answer.content:
            raise Unclear("CRM-ANSWER")
        return answer.status_code, found

    def _read(self, send: Callable[[], HttpResponse]) -> HttpResponse:
        try:
            answer = send()
        except Unclear as lost:
            raise Retry(lost.code, lost.detail) from lost
        if answer.status_code >= 500 or answer.status_code in (408, 420):
            until = self._asked_to_wait(answer)
            raise Throttled("CRM-BUSY", until=until) if until else Retry(f"CRM-HTTP-{answer.status_code}")
        return answer

    def _send(
        self, kind: str, method: str, path: str, content: bytes | None, headers: Mapping[str, str]
    ) -> HttpResponse:
        """Any answer but a dead session or an exhausted allowance."""
        self.governor.check()
        token = self._token()
        answer = self._once(kind, token, method, path, content, headers)
        if _session_is_over(answer):
            token = self._token(stale=token)
            answer = self._once(kind, token, method, path, content, headers)
        if _session_is_over(answer):
            raise NeedsConsent("CRM-SESSION", _first_message(answer))
        if answer.status_code in (403, 429):
            self._stop_if_limited(answer)
        return answer

    def _token(self, stale: Token | None = None) -> Token:
        try:
            return self.session.token(stale)
        except Throttled as slow:
            if slow.until:
                self.governor.hold(slow.until)
            raise

    def _asked_to_wait(self, answer: HttpResponse) -> datetime | None:
        return retry_at(answer.headers.get("Retry-After", ""), self.clock.now())

    def _once(
        self, kind: str, token: Token, method: str, path: str, content: bytes | None, headers: Mapping[str, str]
    ) -> HttpResponse:
        try:
            answer = self.http.request(
                method,
                token.instance + path,
                headers={**headers, "Authorization": f"Bearer {token.access_token}"},
                content=content,
            )
        except Unclear:
            self._count(kind, "")
            raise
        if answer.status_code != 401:
            self._count(kind, answer.headers.get("Sforce-Limit-Info", ""))
        if answer.status_code in BUSY and (until := self._asked_to_wait(answer)):
            self.governor.hold(until)
        return answer

    def _count(self, kind: str, limit_info: str) -> None:
        self.meter.add(kind)
        self.governor.note(limit_info)

    def _stop_if_limited(self, answer: HttpResponse) -> None:
        found = errors.parse(parsed(answer))
        problem = errors.of_call(answer.status_code, found)
        message = found[0].message if found else ""
        if problem.code == "CRM-LIMIT":
            raise self.governor.refused(message, self._asked_to_wait(answer))
        if isinstance(problem, NeedsConsent):
            raise problem


def rows(answer: PartAnswer) -> list[Mapping[str, Any]]:
    """The records of a query part; raises what its failure means. Every record says what it is of."""
    if not answer.ok:
        raise errors.of_call(answer.status, answer.errors)
    found = _list(answer.body, "records")
    if not all(isinstance(record.get("attributes"), Mapping) for record in found):
        raise Retry("CRM-ANSWER", "a record without attributes")
    return found


def problem_of(status: int, body: Any) -> CrosstieError:
    return errors.of_call(status, errors.parse(body))


def _session_is_over(answer: HttpResponse) -> bool:
    """401, or a redirect: an org that moved answers its old address so, and a new session names the new one."""
    return answer.status_code == 401 or answer.is_redirect


def _first_message(answer: HttpResponse) -> str:
    found = errors.parse(parsed(answer))
    return found[0].message if found else ""


def _encoded(body: Any) -> bytes:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def _composite(parts: Sequence[Part]) -> dict[str, Any]:
    requests = [
        {"method": part.method, "url": DATA + part.path, "referenceId": f"p{number}"}
        | ({} if part.body is None else {"body": part.body})
        for number, part in enumerate(parts)
    ]
    return {"allOrNone": False, "compositeRequest": requests}


def _part_answers(parts: Sequence[Part], listed: Sequence[Mapping[str, Any]]) -> tuple[PartAnswer, ...]:
    by_reference = {str(part.get("referenceId")): part for part in listed}
    nameless = by_reference.get("None", {})  # the whole composite was refused, as one part without a name
    return tuple(_part_answer(by_reference.get(f"p{number}", nameless)) for number in range(len(parts)))


def _part_answer(part: Mapping[str, Any]) -> PartAnswer:
    """A part that the answer does not tell of failed on their side."""
    status = part.get("httpStatusCode")
    return PartAnswer(status, part.get("body")) if isinstance(status, int) else PartAnswer(500, None)


def _list(body: Any, member: str) -> list[Mapping[str, Any]]:
    found = body.get(member) if isinstance(body, Mapping) else None
    if not isinstance(found, list) or not all(isinstance(item, Mapping) for item in found):
        raise Retry("CRM-ANSWER", f"an answer without {member}")
    return found
