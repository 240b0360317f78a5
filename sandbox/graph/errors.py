"""Graph's error bodies. Codes are Microsoft's; the sentences are not, and no program should read them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from uuid import UUID

from sandbox.clock import as_http_date
from sandbox.digits import is_whole
from sandbox.graph.calendar.switches import BAD_EVENT_IS_PROPERTY_VALIDATION, NOT_ORGANIZER_IS_OF_ITS_OWN
from sandbox.graph.switches import (
    EXPIRED_TOKEN_HAS_CLAIMS,
    FOLDER_TWICE_IS_FOLDER_EXISTS,
    RETRY_AFTER_IS_A_DATE,
    STALE_KEY_IS_IRRESOLVABLE,
    THROTTLED_NAMES_THE_APP,
)
from sandbox.http import Call, Response, json_response
from sandbox.switches import Switch

CONTENT_TYPE = "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8"

THROTTLED, STALE, TAKEN = "ApplicationThrottled", "ErrorIrresolvableConflict", "ErrorFolderExists"
INVALID_EVENT, NOT_ORGANIZER = "ErrorPropertyValidationFailure", "ErrorCalendarIsNotOrganizer"
_OTHER_CODES: dict[str, tuple[Switch, str]] = {
    THROTTLED: (THROTTLED_NAMES_THE_APP, "TooManyRequests"),
    STALE: (STALE_KEY_IS_IRRESOLVABLE, "resourceModified"),
    INVALID_EVENT: (BAD_EVENT_IS_PROPERTY_VALIDATION, "ErrorInvalidRequest"),
    NOT_ORGANIZER: (NOT_ORGANIZER_IS_OF_ITS_OWN, "ErrorInvalidRequest"),
    TAKEN: (FOLDER_TWICE_IS_FOLDER_EXISTS, "nameAlreadyExists"),
}
"""Codes of which another spelling is known, and the switch that must be on for the first."""
_CLAIMS = ', error="insufficient_claims", claims="eyJhY2Nlc3NfdG9rZW4iOnsibmJmIjp7ImVzc2VudGlhbCI6dHJ1ZX19fQ=="'


@dataclass(slots=True)
class GraphError(Exception):
    status: int
    code: str
    message: str
    headers: Mapping[str, str] = field(default_factory=dict)


def bad_request(message: str, code: str = "BadRequest") -> GraphError:
    return GraphError(400, code, message)


def item_not_found() -> GraphError:
    return GraphError(404, "ErrorItemNotFound", "The item was not found in the store.")


def malformed_id() -> GraphError:
    return GraphError(400, "ErrorInvalidIdMalformed", "The id is malformed.")


def access_denied() -> GraphError:
    return GraphError(403, "ErrorAccessDenied", "Access is denied.")


def standard_headers(call: Call) -> dict[str, str]:
    request_id = str(UUID(int=call.world.dice.getrandbits(128), version=4))
    client_id = call.request.headers.get("client-request-id", request_id)
    return {"request-id": request_id, "client-request-id": client_id, "Cache-Control": "no-store, no-cache"}


def error_response(call: Call, error: GraphError) -> Response:
    error = _doubtful(call, error)
    headers = standard_headers(call)
    inner = {
        "date": f"{call.world.clock.now():%Y-%m-%dT%H:%M:%S}",
        "request-id": headers["request-id"],
        "client-request-id": headers["client-request-id"],
    }
    body = {"error": {"code": error.code, "message": error.message, "innerError": inner}}
    return json_response(body, error.status, {**headers, **error.headers}, CONTENT_TYPE)


def _doubtful(call: Call, error: GraphError) -> GraphError:
    """The refusal in the words this world's Graph has for it."""
    on, headers, code = call.world.switches.on, dict(error.headers), error.code
    if code in _OTHER_CODES and not on(_OTHER_CODES[code][0]):
        code = _OTHER_CODES[code][1]
    wait = headers.get("Retry-After", "")
    if is_whole(wait) and on(RETRY_AFTER_IS_A_DATE):
        headers["Retry-After"] = as_http_date(call.world.clock.now() + timedelta(seconds=int(wait)))
    if "WWW-Authenticate" in headers and on(EXPIRED_TOKEN_HAS_CLAIMS):
        headers["WWW-Authenticate"] += _CLAIMS
    return replace(error, code=code, headers=headers)
