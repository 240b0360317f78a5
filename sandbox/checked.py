"""For the sandbox's own addresses: what a caller has to mend becomes a 400 (or 404) with one sentence."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from sandbox.http import Call, Response, json_response, read_json

if TYPE_CHECKING:
    from sandbox.salesforce.site import Site


class BadRequest(Exception):
    """What the caller has to mend."""

    status = 400


class NoSuch(BadRequest):
    """The address names something that is not here."""

    status = 404


def checked(handler: Callable[..., Response]) -> Callable[..., Response]:
    def answer(call: Call, **arguments: Any) -> Response:
        try:
            return handler(call, **arguments)
        except BadRequest as problem:
            return json_response({"error": str(problem)}, problem.status)

    return answer


def json_body(call: Call) -> Any:
    try:
        return read_json(call.request.get_data())
    except ValueError as error:
        raise BadRequest(f"the body is no JSON: {error}") from error


def json_object(call: Call) -> dict[str, Any]:
    body = json_body(call)
    if not isinstance(body, dict):
        raise BadRequest("the body is a JSON object")
    return body


def site_named(call: Call, org_id: str) -> "Site":
    if org_id not in call.world.orgs:
        raise NoSuch(f"there is no org {org_id}; known: {', '.join(call.world.orgs)}")
    return call.world.orgs[org_id]
