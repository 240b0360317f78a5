"""`@{reference.path}`: one part of a composite takes values from the answers of earlier ones."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from sandbox.salesforce.errors import SalesforceError

_REFERENCE = re.compile(r"@\{([^}]*)\}")
_PATH = re.compile(r"(?P<name>[A-Za-z0-9_]+)(?P<steps>(?:\.[A-Za-z0-9_]+|\[\d+\])*)\Z")
_STEP = re.compile(r"\.([A-Za-z0-9_]+)|\[(\d+)\]")


def names_in(value: Any) -> set[str]:
    """The reference ids that a string, or any string within a JSON value, points to."""
    found = (match for text in _strings(value) for match in _REFERENCE.finditer(text))
    return {re.split(r"[.\[]", match.group(1), maxsplit=1)[0] for match in found}


def resolve(value: Any, answers: Mapping[str, Any]) -> Any:
    """The JSON value with every reference in its strings filled in.

    A string that is nothing but one reference takes the value's own type; within a longer string the
    value becomes text. Raises PROCESSING_HALTED when there is no such value, or when it is no scalar.
    """
    if isinstance(value, dict):
        return {key: resolve(item, answers) for key, item in value.items()}
    if isinstance(value, list):
        return [resolve(item, answers) for item in value]
    if not isinstance(value, str):
        return value
    whole = _REFERENCE.fullmatch(value)
    if whole:
        return _look_up(whole.group(1), answers)
    return _REFERENCE.sub(lambda match: _as_text(_look_up(match.group(1), answers)), value)


def _look_up(reference: str, answers: Mapping[str, Any]) -> Any:
    match = _PATH.match(reference.strip())
    if match is None:
        raise SalesforceError("PROCESSING_HALTED", f"Invalid reference specified. No value for {reference} found")
    name = match.group("name")
    missing = SalesforceError(
        "PROCESSING_HALTED",
        f"Invalid reference specified. No value for {reference} found in {name}",
    )
    if name not in answers:
        raise missing
    value = answers[name]
    for step in _STEP.finditer(match.group("steps")):
        try:
            value = value[step.group(1)] if step.group(1) else value[int(step.group(2))]
        except (KeyError, IndexError, TypeError):
            raise missing from None
    if value is None or isinstance(value, dict | list):
        raise missing
    return value


def _as_text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item)
