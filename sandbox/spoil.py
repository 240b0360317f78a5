"""Answers that are not what they should be: cut off, of another shape, of another kind, without measure.

The vendor has done what was asked; proxies, gateways and half-deployed servers then answer like this.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from sandbox.http import Response

HTML = b"<!DOCTYPE html><html><head><title>Service</title></head><body><h1>Please come back</h1></body></html>"
DEEP = 100_000
"""Levels of nesting: more than a parser of JSON that calls itself can follow."""
HUGE = 1024 * 1024 * 1024
"""Bytes that are sent at most; a client that reads them all has only itself to blame."""
_CHUNK = b" " * (1024 * 1024)

Shape = Callable[[Any], Any]


def _wrapped(value: Any) -> Any:
    return {"items": value} if isinstance(value, list) else [value]


def _nulls(value: Any) -> Any:
    return dict.fromkeys(value) if isinstance(value, dict) else None


def _numbers(value: Any) -> Any:
    return dict.fromkeys(value, 7) if isinstance(value, dict) else 7


def _null_rows(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _null_rows(inner) if isinstance(inner, list) else inner for name, inner in value.items()}
    return [None] * len(value) if isinstance(value, list) else value


def _hollow_rows(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _hollow_rows(inner) if isinstance(inner, list) else inner for name, inner in value.items()}
    return [{}] * len(value) if isinstance(value, list) else value


SHAPES: Mapping[str, Shape] = {
    "wrapped": _wrapped,
    "nulls": _nulls,
    "numbers": _numbers,
    "hollow": lambda _: {},
    "null_rows": _null_rows,
    "hollow_rows": _hollow_rows,
    "text": lambda _: "Please come back later.",
    "nothing": lambda _: None,
}
"""What becomes of an answer's JSON value; within a batch or composite, of one part's."""
TEXTS: Mapping[str, Callable[[bytes], bytes]] = {
    "empty": lambda _: b"",
    "cut": lambda body: body[: len(body) // 2],
    "html": lambda _: HTML,
    "deep": lambda _: b"[" * DEEP,
    "binary": lambda _: bytes(range(256)),
    "plain": lambda body: body,
    "huge": lambda body: body,
}
"""What becomes of an answer's bytes. `plain` leaves them and says they are no JSON."""
KINDS = (*SHAPES, *TEXTS)
_TYPES = {"html": "text/html; charset=utf-8", "plain": "text/plain", "binary": "application/octet-stream"}


def spoiled(response: Response, kind: str) -> Response:
    """The answer as it arrives. KeyError for a kind that there is not."""
    body = response.get_data()
    if kind in SHAPES:
        response.set_data(json.dumps(shaped(_value(body), kind)))
        return response
    response.set_data(TEXTS[kind](body))
    if kind in _TYPES:
        response.content_type = _TYPES[kind]
    if kind == "huge":
        response.response = _endless(body)
        response.headers.pop("Content-Length", None)
    return response


def shaped(value: Any, kind: str) -> Any:
    """A JSON value as it arrives; kinds that are about bytes leave nothing of it."""
    shape = SHAPES.get(kind)
    return shape(value) if shape else None


def _value(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return None


def _endless(body: bytes) -> Iterator[bytes]:
    """The answer, and spaces after it: good JSON for whoever has room."""
    yield body
    for _ in range(HUGE // len(_CHUNK)):
        yield _CHUNK
