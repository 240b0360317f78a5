"""`/composite`: up to 25 parts in one API call, one after the other, together or each for itself."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sandbox.salesforce.errors import SalesforceError
from sandbox.salesforce.rest.collation import COLLATES, collated
from sandbox.salesforce.rest.exchange import Answer, Ask, flag, refusal
from sandbox.salesforce.rest.parts import Part, note, only_the_last, outcome, read_parts, run_part
from sandbox.salesforce.rest.table import Resource, Table
from sandbox.salesforce.rest.together import kept_if_good
from sandbox.switches import declare

MOST_PARTS = 25
MOST_HEAVY = 5
LONGEST_URL = 16_384

LONG_SOQL = declare(
    "salesforce.long_soql_in_composite",
    default=True,
    question="May the url of a composite's part be longer than the 16,384 bytes of a request line?",
    source="P8",
)
LOCATOR = declare(
    "salesforce.locator_in_composite",
    default=True,
    question="Is the GET of a query locator allowed as a part of a composite?",
    source="P13",
)

_LOCATOR_RESOURCE = "query_more"


def composite(table: Table, ask: Ask) -> Answer:
    body = ask.body if isinstance(ask.body, dict) else {}
    parts = read_parts(body.get("compositeRequest"))
    note(table, ask, parts)
    too_much = _too_much(table, parts)
    if too_much is not None:
        return too_much
    order = list(range(len(parts)))
    if body.get("collateSubrequests") is not False and ask.world.switches.on(COLLATES):
        order = collated(table, parts)
    run = _together if flag(body.get("allOrNone")) else _apart
    outcomes = dict(zip(order, run(table, ask, [parts[at] for at in order]), strict=True))
    return Answer(200, {"compositeResponse": [outcomes[at] for at in range(len(parts))]})


def _too_much(table: Table, parts: list[Part]) -> Answer | None:
    """The refusal of the whole request looks like the answer to a single nameless part."""
    found = [_resource(table, part) for part in parts]
    heavy = sum(1 for one in found if one is not None and (one.collection or one.query))
    if len(parts) > MOST_PARTS:
        message = f"The request can’t contain more than {MOST_PARTS} operations."
    elif heavy > MOST_HEAVY:
        message = f"The request can’t contain more than {MOST_HEAVY} query or sObject collections operations."
    else:
        return None
    error = SalesforceError("LIMIT_EXCEEDED", message)
    nameless = outcome(Part("", "", ""), refusal(error)) | {"referenceId": None}
    return Answer(200, {"compositeResponse": [nameless]})


def _apart(table: Table, ask: Ask, parts: list[Part]) -> list[dict[str, Any]]:
    answers: dict[str, Any] = {}
    return [outcome(part, _run(table, ask, part, answers)) for part in parts]


def _together(table: Table, ask: Ask, parts: list[Part]) -> list[dict[str, Any]]:
    """All parts, or the first failing one's error and for every other one that it was halted."""

    def run_all() -> tuple[list[dict[str, Any]], bool]:
        answers: dict[str, Any] = {}
        outcomes: list[dict[str, Any]] = []
        for part in parts:
            answer = _run(table, ask, _all_or_none(table, part), answers)
            outcomes.append(outcome(part, answer))
            if answer.failed or _has_failures(answer.body):
                return outcomes, False
        return outcomes, True

    outcomes, good = kept_if_good(ask.org, run_all)
    return outcomes if good else only_the_last(outcomes, parts)


def _run(table: Table, ask: Ask, part: Part, answers: dict[str, Any]) -> Answer:
    refused = _refused_by_switch(table, ask, part)
    answer = refused or run_part(table, ask, part, answers, "composite")
    if not answer.failed:
        answers[part.reference] = answer.body
    return answer


def _refused_by_switch(table: Table, ask: Ask, part: Part) -> Answer | None:
    if len(part.url.encode(errors="replace")) > LONGEST_URL and not ask.world.switches.on(LONG_SOQL):
        return refusal(SalesforceError("URI_TOO_LONG", "The url of the subrequest is too long.", 414))
    resource = _resource(table, part)
    if resource is not None and resource.name == _LOCATOR_RESOURCE and not ask.world.switches.on(LOCATOR):
        message = "The Query resource with a locator is not supported within composite."
        return refusal(SalesforceError("NOT_FOUND", message, 404))
    return None


def _resource(table: Table, part: Part) -> Resource | None:
    try:
        return table.target(part.method, part.url).resource
    except SalesforceError:
        return None


def _all_or_none(table: Table, part: Part) -> Part:
    """The composite's own allOrNone overrides that of the collections within it."""
    resource = _resource(table, part)
    if resource is None or not resource.collection:
        return part
    if part.method == "DELETE":
        mark = "&" if "?" in part.url else "?"
        return replace(part, url=f"{part.url}{mark}allOrNone=true")
    if isinstance(part.body, dict) and "records" in part.body:
        return replace(part, body=part.body | {"allOrNone": True})
    return part


def _has_failures(body: Any) -> bool:
    return isinstance(body, list) and any(
        isinstance(result, Mapping) and result.get("success") is False for result in body
    )
