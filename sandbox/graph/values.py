"""Values of clients' JSON, read strictly; each reader takes the property's name for its refusal."""

from collections.abc import Callable
from typing import Any

from sandbox.graph.errors import GraphError, bad_request
from sandbox.mailboxes import Person

_BODY_PARTS = {"contentType", "content", "@odata.type"}


def wrong(name: str) -> GraphError:
    return bad_request(f"The value of {name} has the wrong type.", "RequestBodyRead")


def text(name: str, value: Any) -> str:
    if value is not None and not isinstance(value, str):
        raise wrong(name)
    return value or ""


def truth(name: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise wrong(name)
    return value


def number(name: str, value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not -(2**31) <= value < 2**31:
        raise wrong(name)
    return value


def one_of(*allowed: str) -> Callable[[str, Any], str]:
    by_folded = {one.lower(): one for one in allowed}

    def read(name: str, value: Any) -> str:
        if not isinstance(value, str) or value.lower() not in by_folded:
            raise wrong(name)
        return by_folded[value.lower()]

    return read


def object_of(name: str, value: Any, *parts: str) -> dict[str, Any]:
    """An object that has none but these parts; annotations are passed over."""
    if not isinstance(value, dict) or {key for key in value if "@" not in key} - set(parts):
        raise wrong(name)
    return value


def list_of_objects(name: str, value: Any) -> list[dict[str, Any]]:
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise wrong(name)
    return value


def person(name: str, value: Any) -> Person:
    address = value.get("emailAddress") if isinstance(value, dict) else None
    if not isinstance(address, dict) or set(address) - {"name", "address"}:
        raise wrong(name)
    return Person(text(name, address.get("address")), text(name, address.get("name")))


def people(name: str, value: Any) -> tuple[Person, ...]:
    return tuple(person(name, one) for one in list_of_objects(name, value))


def content(name: str, value: Any) -> dict[str, Any]:
    """As what is kept: `text` or `html`, the other None."""
    if not isinstance(value, dict) or set(value) - _BODY_PARTS:
        raise wrong(name)
    kind = one_of("text", "html")(name, value.get("contentType", "text"))
    kept = text(name, value.get("content"))
    return {"text": kept, "html": None} if kind == "text" else {"text": None, "html": kept}


def strings(name: str, value: Any) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise wrong(name)
    return list(dict.fromkeys(value))
