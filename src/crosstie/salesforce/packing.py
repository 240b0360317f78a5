"""Drafts as graphs, and graphs into as few calls as the vendor's limits allow. Pure.

One draft is one graph: its record and what belongs to it, written whole or not at all.
"""

import re
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from crosstie.domain.records import KEY_FIELD, ChildDraft, RecordDraft, Value
from crosstie.salesforce import wishes
from crosstie.salesforce.client import DATA
from crosstie.salesforce.describe import CONTENT_VERSION, LINK, MIRRORED, Schema
from crosstie.salesforce.values import json_size, to_json

GRAPHS = 75
NODES = 500
KINDS = 15
BODY = 30 * 1024 * 1024
"""Bytes of a call's values; the vendor takes 50 MB of JSON, escapes and names included."""
COLLECTION = 200
_NODE_OVERHEAD = 400
_WHOLE = re.compile(r"-?[0-9]{1,9}")
_NUMBER = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,9})?")
_WORD_JOINER = "\u2060"
_READ, _PUT = "d", "l"
"""What is added to the reference of a file that is linked, for reading its document and for the link."""


@dataclass(frozen=True, slots=True)
class Node:
    """A record to be; `parent_field` is empty for the draft's own. `fields` are as they are sent."""

    object: str
    fields: Mapping[str, Value]
    parent_field: str = ""
    key: str = ""
    """Its key, whether or not the org has a field for it."""

    @property
    def is_file(self) -> bool:
        return self.object == CONTENT_VERSION

    @property
    def is_link(self) -> bool:
        return self.object == LINK

    @property
    def size(self) -> int:
        return _NODE_OVERHEAD + sum(len(name) + 8 + json_size(value) for name, value in self.fields.items())

    def body(self, parent_id: str = "") -> dict[str, Any]:
        body = {name: to_json(value) for name, value in self.fields.items()}
        return body | ({self.parent_field: parent_id} if self.parent_field else {})


@dataclass(frozen=True, slots=True)
class Graph:
    """`at` is the draft's position; `chunk` is how many graphs its call may carry."""

    at: int
    root: Node
    children: tuple[Node, ...] = ()
    later: tuple[Node, ...] = ()
    """Children written in a call of their own once the root is there."""
    chunk: int = GRAPHS
    also_on: str = ""
    """A record on which the files among `children` are put as well, in the same transaction."""
    recheck: bool = False
    """Some of `later` may be there already: look before writing them."""
    wished: Mapping[str, Value] = field(default_factory=dict)
    """Values that the root should carry; None where the org takes none of those wanted."""
    dropped: tuple[str, ...] = ()
    """Fields that were taken off the root because the org refuses them."""

    @property
    def keyed(self) -> bool:
        return KEY_FIELD in self.root.fields

    @property
    def unmet(self) -> tuple[str, ...]:
        """Fields that do not get what was wished for them; of what is mirrored all that it is there without."""
        fields = self.root.fields
        wished = [name for name, value in self.wished.items() if value is None or fields.get(name) != value]
        return (*wished, *(self.dropped if self.root.object in MIRRORED else ()))

    @property
    def nodes(self) -> tuple[Node, ...]:
        return (self.root, *self.children)

    @property
    def linked(self) -> int:
        """Files that are put on another record as well."""
        return sum(node.is_file for node in self.children) if self.also_on else 0

    @property
    def requests(self) -> int:
        return len(self.nodes) + 2 * self.linked

    @property
    def kinds(self) -> frozenset[str]:
        """The vendor tells kinds apart by object and method."""
        of_links = (LINK, f"GET {CONTENT_VERSION}") if self.linked else ()
        return frozenset(node.object for node in self.nodes).union(of_links)

    @property
    def size(self) -> int:
        return sum(node.size for node in self.nodes) + 2 * self.linked * _NODE_OVERHEAD

    def files_later(self) -> "Graph":
        files = tuple(node for node in self.children if node.is_file)
        rest = tuple(node for node in self.children if not node.is_file)
        return replace(self, children=rest, later=self.later + files)

    def body(self) -> dict[str, Any]:
        reference = f"r{self.at}"
        requests = [_subrequest(self.root, reference, self.root.body())]
        for number, child in enumerate(self.children):
            name = f"{reference}c{number}"
            requests.append(_subrequest(child, name, child.body(f"@{{{reference}.id}}")))
            if self.also_on and child.is_file:
                requests += _linking(name, self.also_on)
        return {"graphId": f"g{self.at}", "compositeRequest": requests}

    @property
    def named(self) -> dict[str, Node]:
        """Reference of a part of the call → the node that it is about."""
        root = f"r{self.at}"
        found = {root: self.root}
        for number, child in enumerate(self.children):
            name = f"{root}c{number}"
            found[name] = child
            if self.also_on and child.is_file:
                found |= dict.fromkeys((name + _READ, name + _PUT), link_to(""))
        return found


def graph_of(at: int, draft: RecordDraft, schema: Schema) -> Graph:
    """Cleaned of custom fields that the org lacks, cut to its lengths, keyed where it has keys."""
    wished = {name: harmless(name, value) for name, value in wishes.taken(draft, schema).items()}
    fields = _fields(draft.object, draft.fields, draft.key, schema)
    fields |= {name: value for name, value in wished.items() if value is not None}
    root = Node(draft.object, fields, key=draft.key)
    return Graph(at, root, tuple(_child(child, schema) for child in draft.children), wished=wished)


def unwished(graph: Graph, draft: RecordDraft, names: Container[str], schema: Schema) -> Graph:
    """The graph with what those fields carry without anybody's wish."""
    plain = _fields(draft.object, draft.fields, draft.key, schema)
    kept = {name: value for name, value in graph.root.fields.items() if name not in names}
    kept |= {name: value for name, value in plain.items() if name in names}
    return replace(graph, root=replace(graph.root, fields=kept))


def without(graph: Graph, unwanted: Callable[[str], Container[str]]) -> Graph:
    """The graph less the fields that `unwanted` names for an object."""

    def cleaned(node: Node) -> Node:
        names = unwanted(node.object)
        return replace(node, fields={name: value for name, value in node.fields.items() if name not in names})

    names = unwanted(graph.root.object)
    return replace(
        graph,
        dropped=(*graph.dropped, *(name for name in graph.root.fields if name in names)),
        root=cleaned(graph.root),
        children=tuple(cleaned(node) for node in graph.children),
        later=tuple(cleaned(node) for node in graph.later),
    )


def link_to(document_id: str, record_id: str = "") -> Node:
    """Keyed by the record it goes to, where that is known."""
    return Node(LINK, {"ContentDocumentId": document_id, "ShareType": "V"}, "LinkedEntityId", key=record_id)


def pack(graphs: Sequence[Graph]) -> list[list[Graph]]:
    """In order; graphs that may share a call only with few others stay among their like."""
    calls: list[list[Graph]] = []
    for chunk in sorted({graph.chunk for graph in graphs}, reverse=True):
        alike = [graph for graph in graphs if graph.chunk == chunk]
        calls += _filled(alike, chunk)
    return calls


def pack_nodes(nodes: Sequence[tuple[Node, str, int]]) -> list[list[tuple[Node, str, int]]]:
    """(node, parent's id, draft's position) into collections calls of at most 200 records and a call's size."""
    calls: list[list[tuple[Node, str, int]]] = []
    size = 0
    for one in sorted(nodes, key=lambda one: one[0].object):
        if not calls or len(calls[-1]) >= COLLECTION or size + one[0].size > BODY:
            calls.append([])
            size = 0
        calls[-1].append(one)
        size += one[0].size
    return calls


def harmless(field_name: str, value: Value) -> Value:
    """`@{` in a text would be taken for a reference to another node; there is no escape for it.

    HTML can write the brace as a character reference; elsewhere an invisible word joiner comes between.
    """
    if not isinstance(value, str) or "@{" not in value:
        return value
    return value.replace("@{", "@&#123;" if field_name == "HtmlBody" else f"@{_WORD_JOINER}{{")


def _filled(graphs: Sequence[Graph], chunk: int) -> list[list[Graph]]:
    calls: list[list[Graph]] = []
    size = nodes = 0
    kinds: set[str] = set()
    for graph in graphs:
        wanted = graph.kinds
        full = (
            not calls
            or len(calls[-1]) >= min(chunk, GRAPHS)
            or nodes + graph.requests > NODES
            or size + graph.size > BODY
            or len(kinds | wanted) > KINDS
        )
        if full:
            calls.append([])
            size, nodes, kinds = 0, 0, set()
        calls[-1].append(graph)
        size, nodes, kinds = size + graph.size, nodes + graph.requests, kinds | wanted
    return calls


def _child(child: ChildDraft, schema: Schema) -> Node:
    fields = _fields(child.object, child.fields, child.key, schema)
    return Node(child.object, fields, child.parent_field, child.key)


def as_stored(object_name: str, field_name: str, value: Value, schema: Schema) -> Value:
    """The value as it is sent, and therefore as it has to be looked for."""
    value = _typed(value, schema.type(object_name, field_name))
    return _cut(harmless(field_name, value), schema.length(object_name, field_name))


def _fields(object_name: str, fields: Mapping[str, Value], key: str, schema: Schema) -> dict[str, Value]:
    kept = {
        name: as_stored(object_name, name, value, schema)
        for name, value in fields.items()
        if not name.endswith(("__c", "__pc")) or schema.takes(object_name, name)
    }
    return kept | ({KEY_FIELD: key} if key and schema.keyed(object_name) else {})


def _typed(value: Value, kind: str) -> Value:
    """What an administrator wrote as text, where the field takes none; the vendor judges what it cannot mean."""
    if not isinstance(value, str):
        return value
    if kind == "boolean" and value.casefold() in ("true", "false"):
        return value.casefold() == "true"
    if kind == "int" and _WHOLE.fullmatch(value):
        return int(value)
    return float(value) if kind in ("double", "currency", "percent") and _NUMBER.fullmatch(value) else value


def _cut(value: Value, length: int) -> Value:
    """Counted in UTF-16 units, the stricter of the two ways in which the vendor may count."""
    if not length or not isinstance(value, str) or len(value) <= length // 2:
        return value
    units = value.encode("utf-16-le", "surrogatepass")
    return units[: 2 * length].decode("utf-16-le", "ignore") if len(units) > 2 * length else value


def _subrequest(node: Node, reference: str, body: dict[str, Any]) -> dict[str, Any]:
    return {"method": "POST", "url": f"{DATA}/sobjects/{node.object}", "referenceId": reference, "body": body}


def _linking(file: str, record_id: str) -> Iterator[dict[str, Any]]:
    """Which document a file became is known once it is stored: it is read, and put on the record."""
    read, put = file + _READ, file + _PUT
    yield {"method": "GET", "url": f"{DATA}/sobjects/{CONTENT_VERSION}/@{{{file}.id}}", "referenceId": read}
    node = link_to(f"@{{{read}.ContentDocumentId}}")
    yield _subrequest(node, put, node.body(record_id))
