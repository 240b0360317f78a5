"""Graph's error bodies. Codes are Microsoft's; the sentences are not, and no program should read them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from sandbox.http import Call, Response, json_response

CONTENT_TYPE = "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8"


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
    headers = standard_headers(call)
    inner = {
        "date": f"{call.world.clock.now():%Y-%m-%dT%H:%M:%S}",
        "request-id": headers["request-id"],
        "client-request-id": headers["client-request-id"],
    }
    body = {"error": {"code": error.code, "message": error.message, "innerError": inner}}
    return json_response(body, error.status, {**headers, **error.headers}, CONTENT_TYPE)
