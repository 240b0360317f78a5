"""For the sandbox's own addresses: what a caller has to mend becomes a 400 with one sentence."""

from collections.abc import Callable
from typing import Any

from sandbox.http import Call, Response, json_response, read_json


class BadRequest(Exception):
    """What the caller has to mend."""


def checked(handler: Callable[..., Response]) -> Callable[..., Response]:
    def answer(call: Call, **arguments: Any) -> Response:
        try:
            return handler(call, **arguments)
        except BadRequest as problem:
            return json_response({"error": str(problem)}, 400)

    return answer


def json_body(call: Call) -> Any:
    try:
        return read_json(call.request.get_data())
    except ValueError as error:
        raise BadRequest(f"the body is no JSON: {error}") from error
