"""Graph's and Entra's refusals, translated by what follows from them.

Only `error.code` and the codes nested in it decide; Microsoft changes its messages at will.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from crosstie.domain.errors import (
    Conflict,
    CrosstieError,
    CursorDead,
    Fatal,
    Gone,
    NeedsConsent,
    Refused,
    Retry,
    Throttled,
)
from crosstie.transport import retry_at

CURSOR_CODES = frozenset({"syncstatenotfound", "syncstateinvalid", "resyncrequired"})
NO_MAILBOX_CODES = frozenset(
    {"mailboxnotenabledforrestapi", "mailboxnotsupportedforrestapi", "errorinvaliduser", "errornonexistentmailbox",
     "request_resourcenotfound"}
)  # fmt: skip
TRANSIENT_CODES = frozenset(
    {"errorinternalservertransienterror", "errormailboxmoveinprogress", "errormailboxstoreunavailable",
     "errorserverbusy", "errortimeoutexpired", "errorconnectionfailed"}
)  # fmt: skip
BAD_ID_CODES = frozenset({"errorinvalididmalformed", "errorinvalidid", "errorinvalididempty"})
CONFLICT_CODES = frozenset({"errorirresolvableconflict", "resourcemodified"})
SIGN_IN_CODES = frozenset({"invalid_grant", "interaction_required", "consent_required", "login_required"})
APP_CODES = frozenset({"invalid_client", "unauthorized_client", "access_denied", "invalid_resource"})
_SIGN_IN_REASONS = {
    50034: "DISABLED",
    50057: "DISABLED",
    50173: "REVOKED",
    50133: "REVOKED",
    50105: "POLICY",
    53003: "POLICY",
    65001: "CONSENT",
}
_APP_REASONS = {7000112: "OFF", 7000215: "SECRET", 7000222: "SECRET", 7000229: "CONSENT", 700016: "MISSING"}
"""Entra's own numbers tell a person which of the refusals it was; what is done about it never depends on them.
https://learn.microsoft.com/entra/identity-platform/reference-error-codes
"""
BUSY = frozenset({429, 503, 509})
LONGEST_ERROR_CHAIN = 10
GARBLED = "GRAPH-GARBLED"
"""An answer that is said to be good and is not what was asked for."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What Graph said to one request, alone or within a batch; header names in lower case."""

    status: int
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300

    @property
    def json(self) -> Mapping[str, Any]:
        """The body where it is an object, else an empty one: no key is ever taken on trust."""
        return self.body if isinstance(self.body, dict) else {}

    @property
    def entity(self) -> Mapping[str, Any]:
        """The body as one resource, which has an id. Raises Retry for anything else."""
        if not isinstance(self.json.get("id"), str):
            raise Retry(GARBLED, "a resource without an id")
        return self.json

    @property
    def listed(self) -> list[Mapping[str, Any]]:
        """The rows of a collection, each with an id. Raises Retry for anything else: nothing is read over."""
        found = self.json.get("value")
        whole = isinstance(found, list) and all(isinstance(one, dict) for one in found)
        if not whole or not all(isinstance(one.get("id"), str) for one in found or ()):
            raise Retry(GARBLED, "a collection without proper rows")
        return list(found or ())

    @property
    def codes(self) -> frozenset[str]:
        """The error's code and those nested in it, in lower case: their spelling varies."""
        found, step = set(), self.json.get("error")
        for _ in range(LONGEST_ERROR_CHAIN):
            if not isinstance(step, dict):
                break
            if isinstance(step.get("code"), str):
                found.add(step["code"].casefold())
            step = step.get("innererror") or step.get("innerError")
        return frozenset(found)

    @property
    def cursor_dead(self) -> bool:
        return self.status == 410 or (400 <= self.status < 500 and bool(self.codes & CURSOR_CODES))

    def retry_at(self, now: datetime) -> datetime | None:
        return retry_at(str(self.headers.get("retry-after", "")), now)


def is_gone(answer: Answer) -> bool:
    """No such item, or an id that cannot be one's; not a mailbox or request in trouble."""
    missing = answer.status == 404 and not answer.codes & NO_MAILBOX_CODES
    return missing or (answer.status == 400 and bool(answer.codes & BAD_ID_CODES))


def translate(answer: Answer, now: datetime) -> CrosstieError:
    """The error an answer that is not `ok` amounts to."""
    detail, codes, status = _detail(answer), answer.codes, answer.status
    if answer.cursor_dead:
        return CursorDead("GRAPH-CURSOR-DEAD", detail)
    if codes & NO_MAILBOX_CODES:
        return Fatal("GRAPH-NO-MAILBOX", detail)
    if status in BUSY:
        until = answer.retry_at(now)
        return Throttled("GRAPH-THROTTLED", detail, until) if until or status != 503 else _down(detail)
    if codes & TRANSIENT_CODES or status >= 500 or status in (408, 423, 424):
        return _down(detail)
    if status == 412 or codes & CONFLICT_CODES:
        return Conflict("GRAPH-CONFLICT", detail)
    return _by_status(status, detail)


def translate_token(answer: Answer, now: datetime) -> CrosstieError:
    """The error a refused token request amounts to (RFC 6749 section 5.2, and Entra's own codes)."""
    code = str(answer.json.get("error", "")).casefold()
    detail = f"{code}: {answer.json.get('error_description', '')}"
    if code in SIGN_IN_CODES:
        return NeedsConsent(_named(answer, "GRAPH-SIGN-IN", _SIGN_IN_REASONS), detail)
    if code in APP_CODES:
        return NeedsConsent(_named(answer, "GRAPH-APP", _APP_REASONS, "-REFUSED"), detail)
    if answer.status in BUSY and (until := answer.retry_at(now)):
        return Throttled("GRAPH-THROTTLED", detail, until)
    if answer.ok:
        return Retry(GARBLED, "a token answer without a token")
    if answer.status >= 500 or answer.status in (408, 429) or code in ("temporarily_unavailable", "server_error"):
        return _down(detail)
    return Fatal("GRAPH-LOGIN-ADDRESS", detail)


def _named(answer: Answer, code: str, reasons: Mapping[int, str], otherwise: str = "") -> str:
    numbers = answer.json.get("error_codes")
    for number in numbers if isinstance(numbers, list) else ():
        if isinstance(number, int) and number in reasons:
            return f"{code}-{reasons[number]}"
    return code + otherwise


def _by_status(status: int, detail: str) -> CrosstieError:
    match status:
        case 401:
            return NeedsConsent("GRAPH-UNAUTHORIZED", detail)
        case 403:
            return NeedsConsent("GRAPH-ACCESS-DENIED", detail)
        case 404:
            return Gone("GRAPH-GONE", detail)
        case _:
            return Refused("GRAPH-REFUSED", detail)


def _down(detail: str) -> CrosstieError:
    return Retry("GRAPH-UNAVAILABLE", detail)


def _detail(answer: Answer) -> str:
    error = answer.json.get("error")
    if not isinstance(error, dict):
        return f"HTTP {answer.status}"
    return f"HTTP {answer.status} {error.get('code', '')}: {error.get('message', '')}"
