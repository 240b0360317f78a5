"""What may befall a request: each trouble as the sandbox's fault, worded as the vendor words it."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import format_datetime
from enum import StrEnum
from typing import Any

from sandbox.faults import Fault
from sandbox.spoil import SHAPES, TEXTS

CANARY = "quagga"
"""Stands in every vendor's sentence: it must turn up nowhere."""
LONG, SHORT = 1800, 3
"""Seconds of Retry-After."""
DATE = "{date}"
"""Stands for a moment LONG seconds after the fault was laid."""
ELSEWHERE = "https://elsewhere.example.com/v1.0/me"
FOREVER = 1_000_000


class Group(StrEnum):
    """Troubles that mean the same to a person."""

    LOST = "the connection breaks, or the answer does not come"
    DOWN = "the vendor is down, or says so"
    BUSY = "the vendor asks to wait"
    DAMAGED = "the answer is not what it should be"
    SHUT = "access is refused"
    ENDED = "the sign-in has ended"
    GONE = "something is not there any more"
    CONFLICT = "somebody else changed it"
    REFUSED = "the request or the record is refused"
    LOCKED = "something is locked for a while"


class Dialect(StrEnum):
    """How a refusal is worded."""

    GRAPH = "graph"
    ENTRA = "entra"
    REST = "rest"
    OAUTH = "oauth"
    PART = "part of a composite"
    ROW = "row"


@dataclass(frozen=True, slots=True, order=True)
class Target:
    """A route, a part of a batch or composite, or a step, as the sandbox's faults name it."""

    face: str
    name: str

    def __str__(self) -> str:
        return f"{self.face} {self.name}"

    @property
    def dialect(self) -> Dialect:
        if self.face == "graph":
            return Dialect.GRAPH
        if self.face == "microsoft_login":
            return Dialect.ENTRA
        if ":" in self.name:
            return Dialect.ROW
        if " " in self.name:
            return Dialect.PART
        return Dialect.OAUTH if self.name.startswith("oauth_") else Dialect.REST

    @property
    def inside(self) -> bool:
        return self.dialect in (Dialect.ROW, Dialect.PART)

    @property
    def of_one_mailbox(self) -> bool:
        """Whether the fault can be one mailbox's own; a batch as a whole belongs to nobody."""
        return self.face == "graph" and self.name != "batch"


@dataclass(frozen=True, slots=True)
class Trouble:
    name: str
    group: Group
    dialects: frozenset[Dialect]
    given: Mapping[str, Any] = field(hash=False)
    """Of the fault; `status` with `code` are worded in the target's dialect."""

    def may_befall(self, target: Target) -> bool:
        """Whether the vendor may behave so there: the bytes of a file have no shape, and parts take no time."""
        if self.given.get("effect") == "slow" and target.face == "graph":
            return target.name in ("batch", "attachments.value")
        if self.group is Group.DAMAGED and target.name == "attachments.value":
            return self.given.get("spoil") == "huge"
        return target.dialect in self.dialects

    def fault(self, target: Target, now: datetime, *, lasting: bool, subject: str = "*") -> Fault:
        date = format_datetime(now + timedelta(seconds=LONG), usegmt=True)
        headers = ((name, date if value == DATE else value) for name, value in self.given.get("headers", ()))
        given = dict(self.given) | {"headers": tuple(headers)}
        code = given.pop("code", "")
        if target.inside:
            effect: Any = "inside"
            given |= {"code": code, "message": f"{CANARY} {code}"} if code else {}
        else:
            effect = given.pop("effect", "refuse")
            if effect == "refuse" and "body" not in given:
                given["body"] = worded(target.dialect, code)
        given.pop("effect", None)
        return Fault(effect, target.face, target.name, subject, times=FOREVER if lasting else 1, **given)


def worded(dialect: Dialect, code: str) -> bytes:
    if not code:
        return b""
    if dialect is Dialect.GRAPH:
        return json.dumps({"error": {"code": code, "message": CANARY, "innerError": {"code": code}}}).encode()
    if dialect is Dialect.REST:
        return json.dumps([{"errorCode": code, "message": CANARY}]).encode()
    return json.dumps({"error": code, "error_description": CANARY}).encode()


WIRE = frozenset((Dialect.GRAPH, Dialect.ENTRA, Dialect.REST, Dialect.OAUTH))
"""Requests, and the parts of Graph's batches, that can have any answer."""
COMPOSED = WIRE | {Dialect.PART}


def _lost() -> Iterator[Trouble]:
    for effect in ("drop_before", "lose_answer"):
        yield Trouble(effect, Group.LOST, WIRE, {"effect": effect})
    yield Trouble("finish_later", Group.LOST, WIRE, {"effect": "finish_later", "delay": 90.0})
    yield Trouble("slow", Group.LOST, WIRE, {"effect": "slow", "delay": 50.0})
    yield Trouble("too slow", Group.LOST, WIRE, {"effect": "slow", "delay": 75.0})
    yield Trouble("expire", Group.ENDED, frozenset((Dialect.GRAPH, Dialect.REST)), {"effect": "expire"})


def _spoiled() -> Iterator[Trouble]:
    for kind in TEXTS:
        yield Trouble(f"answer {kind}", Group.DAMAGED, WIRE, {"effect": "spoil", "spoil": kind})
    for kind in SHAPES:
        yield Trouble(f"answer {kind}", Group.DAMAGED, COMPOSED, {"effect": "spoil", "spoil": kind})


STATUSES: Mapping[int, Group] = {
    300: Group.REFUSED, 304: Group.REFUSED, 400: Group.REFUSED, 401: Group.SHUT, 403: Group.SHUT, 404: Group.GONE,
    405: Group.REFUSED, 408: Group.DOWN, 409: Group.CONFLICT, 410: Group.GONE, 412: Group.CONFLICT,
    413: Group.REFUSED, 414: Group.REFUSED, 415: Group.REFUSED, 420: Group.BUSY, 423: Group.LOCKED,
    424: Group.LOCKED, 428: Group.REFUSED, 431: Group.REFUSED, 500: Group.DOWN, 501: Group.DOWN, 502: Group.DOWN,
    503: Group.DOWN, 504: Group.DOWN, 509: Group.BUSY, 520: Group.DOWN,
}  # fmt: skip
"""Answers without a body, as gateways give them."""


SALESFORCES_OWN = frozenset((300, 420, 428, 431))


def _bare() -> Iterator[Trouble]:
    for status, group in STATUSES.items():
        where = WIRE - {Dialect.GRAPH, Dialect.ENTRA} if status in SALESFORCES_OWN else WIRE
        yield Trouble(f"{status}", group, where, {"status": status, "body": b""})
    page = {"headers": (("Content-Type", "text/html"),), "body": f"<h1>{CANARY}</h1>".encode()}
    for status in (400, 403, 404, 500, 502):
        yield Trouble(f"{status} as a page", STATUSES[status], WIRE, {"status": status, **page})
    moved = {"status": 302, "headers": (("Location", ELSEWHERE),), "body": b""}
    yield Trouble("302 to another host", Group.REFUSED, WIRE, moved)


def _waits() -> Iterator[Trouble]:
    for name, value in (("short", str(SHORT)), ("long", str(LONG)), ("date", DATE), ("nonsense", "soon")):
        for status in (429, 503):
            headers = (("Retry-After", value),)
            given = {"status": status, "headers": headers, "code": "TooManyRequests"}
            yield Trouble(f"{status} Retry-After {name}", Group.BUSY, WIRE, given)
    yield Trouble("429", Group.BUSY, WIRE, {"status": 429, "code": "TooManyRequests"})
    negative = {"status": 429, "headers": (("Retry-After", "-5"),), "code": "TooManyRequests"}
    yield Trouble("429 Retry-After negative", Group.BUSY, WIRE, negative)


_CODED: Mapping[Dialect, Mapping[str, Group]] = {
    Dialect.GRAPH: {
        "400 ErrorInvalidRequest": Group.REFUSED, "400 ErrorInvalidIdMalformed": Group.REFUSED,
        "400 ErrorPropertyValidation": Group.REFUSED, "400 ErrorOccurrenceCrossingBoundary": Group.REFUSED,
        "400 ErrorInvalidRecipients": Group.REFUSED, "401 InvalidAuthenticationToken": Group.ENDED,
        "401 UnknownError": Group.ENDED, "403 ErrorAccessDenied": Group.SHUT,
        "403 Authorization_RequestDenied": Group.SHUT, "403 extensionError": Group.SHUT,
        "404 ErrorItemNotFound": Group.GONE, "404 MailboxNotEnabledForRESTAPI": Group.SHUT,
        "404 ErrorInvalidUser": Group.SHUT, "409 ErrorFolderExists": Group.CONFLICT,
        "409 nameAlreadyExists": Group.CONFLICT, "409 ErrorIrresolvableConflict": Group.CONFLICT,
        "410 syncStateNotFound": Group.GONE, "410 resyncRequired": Group.GONE, "400 syncStateNotFound": Group.GONE,
        "404 syncStateNotFound": Group.GONE, "412 ErrorIrresolvableConflict": Group.CONFLICT,
        "412 resourceModified": Group.CONFLICT, "413 RequestEntityTooLarge": Group.REFUSED,
        "423 locked": Group.LOCKED, "424 FailedDependency": Group.LOCKED, "429 ApplicationThrottled": Group.BUSY,
        "503 serviceNotAvailable": Group.DOWN, "504 gatewayTimeout": Group.DOWN,
        "509 bandwidthLimitExceeded": Group.BUSY, "500 ErrorInternalServerTransientError": Group.DOWN,
        "500 ErrorMailboxMoveInProgress": Group.DOWN,
    },
    Dialect.ENTRA: {
        "400 invalid_grant": Group.SHUT, "400 interaction_required": Group.SHUT, "401 invalid_client": Group.SHUT,
        "400 unauthorized_client": Group.SHUT, "400 invalid_scope": Group.REFUSED,
        "400 invalid_request": Group.REFUSED,
        "503 temporarily_unavailable": Group.DOWN, "500 server_error": Group.DOWN,
    },
    Dialect.OAUTH: {
        "400 invalid_grant": Group.SHUT, "400 invalid_client": Group.SHUT, "400 inactive_user": Group.SHUT,
        "400 inactive_org": Group.SHUT, "400 OAUTH_APP_BLOCKED": Group.SHUT, "400 unknown_error": Group.DOWN,
        "400 server_error": Group.DOWN, "400 unsupported_grant_type": Group.REFUSED,
    },
    Dialect.REST: {
        "401 INVALID_SESSION_ID": Group.ENDED, "403 REQUEST_LIMIT_EXCEEDED": Group.BUSY,
        "403 API_DISABLED_FOR_ORG": Group.SHUT, "403 API_CURRENTLY_DISABLED": Group.SHUT,
        "503 SERVER_UNAVAILABLE": Group.DOWN, "500 UNKNOWN_EXCEPTION": Group.DOWN,
        "400 UNKNOWN_EXCEPTION": Group.DOWN,
        "400 UNABLE_TO_LOCK_ROW": Group.LOCKED, "400 JSON_PARSER_ERROR": Group.REFUSED,
        "400 LIMIT_EXCEEDED": Group.REFUSED, "404 NOT_FOUND": Group.GONE,
        "403 TXN_SECURITY_METERING_ERROR": Group.BUSY,
        "413 REQUEST_ENTITY_TOO_LARGE": Group.REFUSED, "414 URI_TOO_LONG": Group.REFUSED,
    },
    Dialect.PART: {
        "400 QUERY_TIMEOUT": Group.DOWN, "400 OPERATION_TOO_LARGE": Group.REFUSED,
        "400 INVALID_QUERY_LOCATOR": Group.REFUSED, "400 MALFORMED_QUERY": Group.REFUSED,
        "400 INVALID_FIELD": Group.REFUSED, "400 INVALID_TYPE": Group.REFUSED, "404 NOT_FOUND": Group.GONE,
        "403 REQUEST_LIMIT_EXCEEDED": Group.BUSY, "500 UNKNOWN_EXCEPTION": Group.DOWN,
        "503 SERVER_UNAVAILABLE": Group.DOWN, "401 INVALID_SESSION_ID": Group.ENDED,
        "403 INSUFFICIENT_ACCESS": Group.SHUT, "403 API_DISABLED_FOR_ORG": Group.SHUT,
    },
    Dialect.ROW: {
        "UNABLE_TO_LOCK_ROW": Group.LOCKED, "INVALID_FIELD": Group.REFUSED,
        "INVALID_FIELD_FOR_INSERT_UPDATE": Group.REFUSED, "INSUFFICIENT_ACCESS_OR_READONLY": Group.REFUSED,
        "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY": Group.REFUSED,
        "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY": Group.REFUSED, "CANNOT_EXECUTE_FLOW_TRIGGER": Group.REFUSED,
        "FIELD_CUSTOM_VALIDATION_EXCEPTION": Group.REFUSED, "REQUIRED_FIELD_MISSING": Group.REFUSED,
        "FIELD_INTEGRITY_EXCEPTION": Group.REFUSED, "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST": Group.REFUSED,
        "INVALID_EMAIL_ADDRESS": Group.REFUSED, "NUMBER_OUTSIDE_VALID_RANGE": Group.REFUSED,
        "STRING_TOO_LONG": Group.REFUSED, "DUPLICATE_VALUE": Group.CONFLICT,
        "DUPLICATE_EXTERNAL_ID": Group.CONFLICT,
        "DUPLICATES_DETECTED": Group.CONFLICT, "ENTITY_IS_DELETED": Group.GONE, "NOT_FOUND": Group.GONE,
        "INVALID_CROSS_REFERENCE_KEY": Group.GONE, "ENTITY_IS_LOCKED": Group.LOCKED,
        "LIMIT_EXCEEDED": Group.LOCKED,
        "STORAGE_LIMIT_EXCEEDED": Group.REFUSED, "TXN_SECURITY_METERING_ERROR": Group.LOCKED,
        "ALL_OR_NONE_OPERATION_ROLLED_BACK": Group.LOCKED, "PROCESSING_HALTED": Group.LOCKED,
        "INACTIVE_OWNER_OR_USER": Group.REFUSED, "OP_WITH_INVALID_USER_TYPE_EXCEPTION": Group.REFUSED,
        "UNKNOWN_EXCEPTION": Group.LOCKED, "APEX_ERROR": Group.REFUSED,
    },
}  # fmt: skip
"""Microsoft's and Salesforce's own codes, each on every address where the vendor may say it."""


def _coded() -> Iterator[Trouble]:
    for dialect, codes in _CODED.items():
        for name, group in codes.items():
            status, _, code = name.rpartition(" ")
            given: dict[str, Any] = {"code": code} | ({"status": int(status)} if status else {})
            yield Trouble(name, group, frozenset((dialect,)), given)
    rate = json.dumps({"error": "invalid_grant", "error_description": "login rate exceeded"}).encode()
    yield Trouble("login rate exceeded", Group.BUSY, frozenset((Dialect.OAUTH,)), {"status": 400, "body": rate})
    message = "ConcurrentRequests (Concurrent API Requests) Limit exceeded."
    many = json.dumps([{"errorCode": "REQUEST_LIMIT_EXCEEDED", "message": message}]).encode()
    yield Trouble("too many at once", Group.BUSY, frozenset((Dialect.REST,)), {"status": 403, "body": many})


_MAKERS: tuple[Callable[[], Iterator[Trouble]], ...] = (_lost, _spoiled, _bare, _waits, _coded)
TROUBLES: tuple[Trouble, ...] = tuple(trouble for make in _MAKERS for trouble in make())
