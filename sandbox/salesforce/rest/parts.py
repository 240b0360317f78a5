"""Parts of a composite: read what the client sent, run one, word its outcome."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sandbox.salesforce.errors import SalesforceError
from sandbox.salesforce.rest.exchange import Answer, Ask, Parent, check_version, refusal
from sandbox.salesforce.rest.references import resolve
from sandbox.salesforce.rest.table import Table, Target
from sandbox.spoil import shaped

HALTED = SalesforceError(
    "PROCESSING_HALTED",
    "The transaction was rolled back since another operation in the same transaction failed.",
)
_REFERENCE_ID = re.compile(r"[A-Za-z0-9_]+")
_FORBIDDEN_HEADERS = frozenset(("accept", "authorization", "content-type"))
"""What a part may not set for itself [recall]."""


@dataclass(frozen=True, slots=True)
class Part:
    method: str
    url: str
    reference: str
    body: Any = None
    headers: tuple[tuple[str, str], ...] = ()


def read_parts(raw: Any) -> list[Part]:
    """The `compositeRequest` of a composite or a graph; refuses what has no method, url or reference."""
    if not isinstance(raw, list) or not all(isinstance(one, dict) for one in raw):
        raise SalesforceError("JSON_PARSER_ERROR", "compositeRequest is required, a list of objects")
    parts = [_read(one) for one in raw]
    seen: set[str] = set()
    for part in parts:
        if part.reference in seen:
            raise SalesforceError("INVALID_INPUT", f"Duplicate reference id: {part.reference}")
        seen.add(part.reference)
    return parts


def _read(raw: Mapping[str, Any]) -> Part:
    method, url, reference = (raw.get(name) for name in ("method", "url", "referenceId"))
    if not isinstance(method, str) or not isinstance(url, str) or not isinstance(reference, str):
        raise SalesforceError("INVALID_INPUT", "method, url and referenceId are required in each subrequest")
    if not _REFERENCE_ID.fullmatch(reference):
        message = f"Provided referenceId ('{reference}') must contain only letters, numbers and underscores."
        raise SalesforceError("INVALID_INPUT", message)
    headers = raw.get("httpHeaders") or {}
    if not isinstance(headers, dict):
        raise SalesforceError("INVALID_INPUT", "httpHeaders must be an object")
    lowered = tuple((str(name).lower(), str(value)) for name, value in headers.items())
    return Part(method.upper(), url, reference, raw.get("body"), lowered)


def target_of(table: Table, part: Part, parent: Parent) -> Target:
    """What the part points to, if it may stand within `parent` at all."""
    target = table.target(part.method, part.url)
    if parent not in target.resource.within:
        message = f"The resource {part.url.partition('?')[0]} is not supported within {parent}."
        raise SalesforceError("NOT_FOUND", message, 404)
    return target


def run_part(table: Table, ask: Ask, part: Part, answers: Mapping[str, Any], parent: Parent) -> Answer:
    """The part's own answer; a refusal is an answer too, nothing is raised."""
    try:
        filled = replace(part, url=resolve(part.url, answers), body=resolve(part.body, answers))
        target = target_of(table, filled, parent)
        inner = sub_ask(ask, filled, target)
        name = f"{part.method} {target.resource.name}"
        return befallen(ask, name, lambda: target.resource.handler(inner, **target.arguments))
    except SalesforceError as error:
        return refusal(error)


def befallen(ask: Ask, name: str, act: Callable[[], Answer]) -> Answer:
    """The part's answer, unless a fault of this name waits for it."""
    fault = ask.world.faults.take_inside("salesforce", name, ask.org.id)
    if fault is None:
        return act()
    if not fault.spoil:
        raise SalesforceError(fault.code, fault.message, fault.status)
    answer = act()
    return replace(answer, body=shaped(answer.body, fault.spoil))


def sub_ask(ask: Ask, part: Part, target: Target) -> Ask:
    check_version(target.version)
    forbidden = [name for name, _ in part.headers if name in _FORBIDDEN_HEADERS]
    if forbidden:
        raise SalesforceError("INVALID_INPUT", f"Header not allowed in a subrequest: {forbidden[0]}")
    inherited = {name: value for name, value in ask.headers.items() if name.startswith("sforce-")}
    return replace(
        ask,
        version=target.version,
        method=part.method,
        query=target.query,
        headers=inherited | dict(part.headers),
        body=part.body,
        uploads={},
        parts=[],
    )


def note(table: Table, ask: Ask, parts: Sequence[Part]) -> None:
    """Tell the request log what a composite carries: `METHOD route` a part."""
    for part in parts:
        try:
            name = table.target(part.method, part.url).resource.name
        except SalesforceError:
            name = "unknown"
        ask.parts.append(f"{part.method} {name}")


def outcome(part: Part, answer: Answer) -> dict[str, Any]:
    return {
        "body": answer.body,
        "httpHeaders": dict(answer.headers),
        "httpStatusCode": answer.status,
        "referenceId": part.reference,
    }


def only_the_last(outcomes: Sequence[dict[str, Any]], parts: Sequence[Part]) -> list[dict[str, Any]]:
    """After an undone transaction: the last outcome is the culprit's, every other part was halted."""
    culprit = len(outcomes) - 1
    return [outcomes[at] if at == culprit else halted(part) for at, part in enumerate(parts)]


def halted(part: Part) -> dict[str, Any]:
    """The outcome of a part that did nothing wrong itself."""
    return outcome(part, refusal(HALTED))
