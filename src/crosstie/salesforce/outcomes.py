"""What a graph call said about each of its graphs. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crosstie.domain import reasons
from crosstie.domain.reasons import reason
from crosstie.domain.records import WriteStatus, Written, long_id
from crosstie.salesforce import errors
from crosstie.salesforce.errors import Fate, VendorError
from crosstie.salesforce.packing import Graph, Node

_ABOUT_THE_FILE = frozenset(
    (
        "FIELD_CUSTOM_VALIDATION_EXCEPTION",
        "REQUIRED_FIELD_MISSING",
        "STRING_TOO_LONG",
        "STORAGE_LIMIT_EXCEEDED",
        "INSUFFICIENT_ACCESS_OR_READONLY",
        "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY",
        "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
    )
)
"""Refusals of a file that writing it apart from its record would not cure."""


@dataclass(frozen=True, slots=True)
class Created:
    record_id: str


@dataclass(frozen=True, slots=True)
class Failed:
    """`node` is the one whose error decided; None when all were collateral."""

    fate: Fate
    error: VendorError
    node: Node | None = None

    @property
    def of_a_file(self) -> bool:
        return self.node is not None and self.node.is_file

    @property
    def of_a_link(self) -> bool:
        return self.node is not None and self.node.is_link

    @property
    def files_may_go_apart(self) -> bool:
        return self.of_a_file and self.fate is Fate.REFUSED and self.error.code not in _ABOUT_THE_FILE


def read(call: Sequence[Graph], body: Any) -> dict[int, Created | Failed]:
    """Draft position → outcome; a graph that the answer does not mention is absent."""
    listed = body.get("graphs") if isinstance(body, Mapping) else None
    by_id = {str(one.get("graphId")): one for one in _mappings(listed)}
    found: dict[int, Created | Failed] = {}
    for graph in call:
        answer = by_id.get(f"g{graph.at}")
        outcome = _outcome(graph, answer) if answer is not None else None
        if outcome is not None:
            found[graph.at] = outcome
    return found


def of_rows(body: Any, number: int) -> list[VendorError | None] | None:
    """A collection's answer: what is wrong with each row, in order; None where it does not tell of each."""
    if not isinstance(body, list) or len(body) != number:
        return None
    if not all(isinstance(one, Mapping) and isinstance(one.get("success"), bool) for one in body):
        return None
    return [None if one["success"] else _problem(one) for one in body]


def refused(error: VendorError, record_id: str = "") -> Written:
    return Written(WriteStatus.REFUSED, record_id, errors.refusal(error), error.message)


def later(error: VendorError | None = None, record_id: str = "") -> Written:
    return Written(WriteStatus.LATER, record_id, reason(reasons.WAITS), error.message if error else "")


def taken(error: VendorError) -> Written:
    """By a record that is not shown."""
    return Written(WriteStatus.TAKEN, reason=reason(reasons.WAITS), vendor_text=error.message)


def unclear(record_id: str = "") -> Written:
    return Written(WriteStatus.UNCLEAR, record_id, reason(reasons.UNCLEAR))


def _problem(result: Any) -> VendorError:
    found = errors.parse(result)
    return errors.culprit(found) or (found[0] if found else VendorError("UNKNOWN_EXCEPTION"))


def _mappings(value: Any) -> list[Mapping[str, Any]]:
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []


def _outcome(graph: Graph, answer: Mapping[str, Any]) -> Created | Failed | None:
    response = answer.get("graphResponse")
    parts = response.get("compositeResponse") if isinstance(response, Mapping) else None
    by_reference = {str(part.get("referenceId")): part for part in _mappings(parts)}
    if answer.get("isSuccessful") is True:
        root = by_reference.get(f"r{graph.at}", {}).get("body")
        record_id = long_id(str(root.get("id"))) if isinstance(root, Mapping) else ""
        return Created(record_id) if record_id else None
    if answer.get("isSuccessful") is not False:
        return None
    for reference, part in by_reference.items():
        culprit = errors.culprit(errors.parse(part.get("body")))
        status = part.get("httpStatusCode")
        if culprit is not None and isinstance(status, int) and status >= 300:
            return Failed(errors.fate(culprit), culprit, graph.named.get(reference))
    return Failed(Fate.HALTED, VendorError("PROCESSING_HALTED"))
