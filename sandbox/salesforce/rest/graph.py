"""`/composite/graph`: many small all-or-none groups of records in one API call."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sandbox.salesforce.errors import SalesforceError
from sandbox.salesforce.rest.exchange import Answer, Ask
from sandbox.salesforce.rest.parts import Part, halted, note, only_the_last, outcome, read_parts, run_part
from sandbox.salesforce.rest.references import names_in
from sandbox.salesforce.rest.table import Table
from sandbox.salesforce.rest.together import kept_if_good
from sandbox.switches import declare

MOST_GRAPHS = 75
MOST_NODES = 500
MOST_DEPTH = 15
MOST_KINDS = 15
MOST_FAILED = 14

FILES_IN_GRAPH = declare(
    "salesforce.files_in_graph",
    default=True,
    question="Does a ContentVersion with VersionData and FirstPublishLocationId '@{ref.id}' work in a graph?",
    source="P9",
)
DOCUMENT_IN_GRAPH = declare(
    "salesforce.document_in_graph",
    default=True,
    question="Does a GET of a ContentVersion tell its ContentDocumentId within the graph that makes it?",
    source="4.11",
)


@dataclass(frozen=True, slots=True)
class Graph:
    graph_id: str
    nodes: tuple[Part, ...]


def graphs(table: Table, ask: Ask) -> Answer:
    wanted = _read(ask.body)
    note(table, ask, [node for graph in wanted for node in graph.nodes])
    check_size(wanted)
    _check_kinds(table, wanted)
    results: list[dict[str, Any]] = []
    failed = 0
    for graph in wanted:
        outcomes, successful = _run(table, ask, graph) if failed <= MOST_FAILED else _halted(graph)
        failed += not successful
        results.append(
            {
                "graphId": graph.graph_id,
                "graphResponse": {"compositeResponse": outcomes},
                "isSuccessful": successful,
            }
        )
    return Answer(200, {"graphs": results})


def _read(body: Any) -> list[Graph]:
    raw = body.get("graphs") if isinstance(body, dict) else None
    if not isinstance(raw, list) or not raw or not all(isinstance(one, dict) for one in raw):
        raise SalesforceError("JSON_PARSER_ERROR", "graphs is required, a list of objects")
    found = [Graph(str(one.get("graphId", "")), tuple(read_parts(one.get("compositeRequest")))) for one in raw]
    ids = [graph.graph_id for graph in found]
    if len(set(ids)) < len(ids) or not all(ids):
        raise SalesforceError("INVALID_INPUT", "each graph needs a graphId of its own")
    return found


def check_size(wanted: Sequence[Graph]) -> None:
    """Refuses a request that is too large in graphs, nodes or depth; kinds need the address table."""
    if len(wanted) > MOST_GRAPHS:
        raise _too_large(f"more than {MOST_GRAPHS} graphs")
    if sum(len(graph.nodes) for graph in wanted) > MOST_NODES:
        raise _too_large(f"more than {MOST_NODES} nodes")
    for graph in wanted:
        if depth(graph.nodes) > MOST_DEPTH:
            raise _too_large(f"a graph deeper than {MOST_DEPTH}")


def depth(nodes: Sequence[Part]) -> int:
    """Nodes on the longest chain of references. A node can only refer to ones before it."""
    depths: dict[str, int] = {}
    for node in nodes:
        below = (depths.get(name, 0) for name in names_in([node.url, node.body]))
        depths[node.reference] = 1 + max(below, default=0)
    return max(depths.values(), default=0)


def _check_kinds(table: Table, wanted: Sequence[Graph]) -> None:
    """A kind is an API version, a method and an object."""
    kinds: set[tuple[str, str, str]] = set()
    for graph in wanted:
        for node in graph.nodes:
            try:
                target = table.target(node.method, node.url)
            except SalesforceError:
                continue
            kinds.add((target.version, node.method, str(target.arguments.get("object_name", "")).lower()))
    if len(kinds) > MOST_KINDS:
        raise _too_large(f"more than {MOST_KINDS} different kinds of nodes")


def _too_large(what: str) -> SalesforceError:
    return SalesforceError("LIMIT_EXCEEDED", f"The request can’t contain {what}.")


def _run(table: Table, ask: Ask, graph: Graph) -> tuple[list[dict[str, Any]], bool]:
    def run_all() -> tuple[list[dict[str, Any]], bool]:
        answers: dict[str, Any] = {}
        outcomes: list[dict[str, Any]] = []
        for node in graph.nodes:
            answer = _run_node(table, ask, node, answers)
            outcomes.append(outcome(node, answer))
            if answer.failed:
                return outcomes, False
            answers[node.reference] = answer.body
        return outcomes, True

    outcomes, good = kept_if_good(ask.org, run_all)
    return (outcomes if good else only_the_last(outcomes, graph.nodes)), good


def _run_node(table: Table, ask: Ask, node: Part, answers: Mapping[str, Any]) -> Answer:
    body = node.body if isinstance(node.body, dict) else {}
    linked = "@{" in str(body.get("FirstPublishLocationId", ""))
    if linked and "VersionData" in body and not ask.world.switches.on(FILES_IN_GRAPH):
        message = "VersionData with a reference to another node is not supported in a graph."
        return Answer(400, [SalesforceError("INVALID_INPUT", message).row_body()])
    answer = run_part(table, ask, node, answers, "graph")
    reads = node.method == "GET" and isinstance(answer.body, dict)
    if reads and not ask.world.switches.on(DOCUMENT_IN_GRAPH):
        told = {name: value for name, value in answer.body.items() if name != "ContentDocumentId"}
        return replace(answer, body=told)
    return answer


def _halted(graph: Graph) -> tuple[list[dict[str, Any]], bool]:
    return [halted(node) for node in graph.nodes], False
