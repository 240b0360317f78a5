"""`/composite/tree`: new records nested below each other, all of them or none."""

from dataclasses import dataclass
from typing import Any

from sandbox.salesforce.errors import SalesforceError
from sandbox.salesforce.rest import writes
from sandbox.salesforce.rest.exchange import Answer, Ask

MOST_RECORDS = 200
MOST_LEVELS = 5
MOST_TYPES = 5


@dataclass(frozen=True, slots=True)
class Node:
    object_name: str
    reference: str
    fields: dict[str, Any]
    parent: str
    """Reference of the record above, empty for a root."""
    link: str
    """The field that points to the record above."""
    level: int


class _FailedError(Exception):
    def __init__(self, reference: str, error: SalesforceError) -> None:
        super().__init__(reference)
        self.reference = reference
        self.error = error


def tree(ask: Ask, object_name: str) -> Answer:
    records = ask.body.get("records") if isinstance(ask.body, dict) else None
    nodes = _nodes(ask, records, object_name, "", "", 1)
    _check_size(nodes)
    try:
        return Answer(201, {"hasErrors": False, "results": _insert(ask, nodes)})
    except _FailedError as failed:
        result = {"referenceId": failed.reference, "errors": failed.error.collection_errors()}
        return Answer(400, {"hasErrors": True, "results": [result]})


def _insert(ask: Ask, nodes: list[Node]) -> list[dict[str, str]]:
    """Level by level, as the vendor does, so that a parent's id is known to its children."""
    ids: dict[str, str] = {}
    with ask.org.transaction():
        for node in sorted(nodes, key=lambda node: node.level):
            link = {node.link: ids[node.parent]} if node.parent else {}
            try:
                ids[node.reference] = writes.insert(ask, node.object_name, node.fields | link)
            except SalesforceError as error:
                raise _FailedError(node.reference, error) from error
    return [{"referenceId": node.reference, "id": ids[node.reference]} for node in nodes]


def _nodes(ask: Ask, records: Any, object_name: str, parent: str, link: str, level: int) -> list[Node]:
    if not isinstance(records, list) or not all(isinstance(record, dict) for record in records):
        raise SalesforceError("JSON_PARSER_ERROR", "records is required, a list of objects")
    children = _children(ask, object_name)
    found: list[Node] = []
    for record in records:
        attributes = record.get("attributes")
        attributes = attributes if isinstance(attributes, dict) else {}
        reference = attributes.get("referenceId")
        if not reference or str(attributes.get("type", "")).lower() != object_name.lower():
            raise SalesforceError("INVALID_INPUT", f"each record needs a referenceId and the type {object_name}")
        below = {name: value for name, value in record.items() if isinstance(value, dict) and "records" in value}
        fields = {name: value for name, value in record.items() if name != "attributes" and name not in below}
        found.append(Node(object_name, str(reference), fields, parent, link, level))
        for name, value in below.items():
            if name.lower() not in children:
                message = f"No such relation '{name}' on entity '{object_name}'"
                raise SalesforceError("INVALID_FIELD", message)
            child, child_link = children[name.lower()]
            found += _nodes(ask, value["records"], child, str(reference), child_link, level + 1)
    return found


def _children(ask: Ask, object_name: str) -> dict[str, tuple[str, str]]:
    """Object and linking field behind each child relationship name."""
    described = ask.org.describe(ask.user, object_name)
    return {
        one["relationshipName"].lower(): (one["childSObject"], one["field"])
        for one in described.get("childRelationships", ())
        if one.get("relationshipName")
    }


def _check_size(nodes: list[Node]) -> None:
    references = [node.reference for node in nodes]
    limits = (
        (len(nodes), MOST_RECORDS, "records"),
        (max((node.level for node in nodes), default=0), MOST_LEVELS, "levels"),
        (len({node.object_name for node in nodes}), MOST_TYPES, "record types"),
    )
    for number, most, what in limits:
        if number > most:
            raise SalesforceError("LIMIT_EXCEEDED", f"The request can’t contain more than {most} {what}.")
    if len(set(references)) < len(references):
        raise SalesforceError("INVALID_INPUT", "each record needs a referenceId of its own")
