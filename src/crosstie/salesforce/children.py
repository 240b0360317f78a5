"""Files and relations of records that are there already: what is missing is found out and added."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from crosstie.domain.errors import Unclear
from crosstie.domain.records import KEY_FIELD, Value
from crosstie.salesforce import errors
from crosstie.salesforce.client import Client, problem_of
from crosstie.salesforce.describe import CONTENT_VERSION, LINK
from crosstie.salesforce.errors import Fate, VendorError
from crosstie.salesforce.outcomes import of_rows
from crosstie.salesforce.packing import Graph, Node, link_to, pack_nodes
from crosstie.salesforce.queries import Row, fetch, selects
from crosstie.salesforce.values import from_row, same_id

_ROLE, _SENDER = "RelationType", "FromAddress"
_INVITED = {"EventRelation": ("RelationId",)}
"""Rows that are told apart by these alone: what an invited person has answered meanwhile stays as it is."""
_TITLE, _SIZE = "ContentDocument.Title", "ContentDocument.ContentSize"


@dataclass(frozen=True, slots=True)
class Parent:
    """A graph whose record is there; `created` by this very call, or met."""

    graph: Graph
    record_id: str
    created: bool

    @property
    def wanted(self) -> tuple[Node, ...]:
        return self.graph.later if self.created else self.graph.children + self.graph.later

    @property
    def looks_first(self) -> bool:
        return not self.created or self.graph.recheck


def complete(client: Client, parents: Sequence[Parent]) -> dict[int, VendorError]:
    """Write what is missing; answers the position of each graph that could not be completed, and why.

    Raises what a call raises: Unclear when it may have been written in part.
    """
    looked = [parent for parent in parents if parent.looks_first]
    pairs = [(parent, node) for parent in parents if not parent.looks_first for node in parent.wanted]
    failed, taken = write(client, pairs + _missing(client, looked))
    if taken:  # a file of an earlier record holds the key, or somebody else was faster: link it where it is not
        rest = _missing(client, [parent for parent in parents if parent.graph.at in taken])
        again, still = write(client, rest)
        failed |= {at: VendorError("DUPLICATE_VALUE") for at in still} | again
    return failed


def _missing(client: Client, parents: Sequence[Parent]) -> list[tuple[Parent, Node]]:
    looked = [parent for parent in parents if parent.wanted]
    there = _Existing(client, looked) if looked else None
    return [(parent, node) for parent in looked for node in there.missing(parent)] if there else []


def remove(client: Client, record_ids: Sequence[str]) -> bool:
    """Take back records that this very call created; True when all of it is confirmed."""
    status, body = client.write(
        "create", f"/composite/sobjects?ids={','.join(record_ids)}&allOrNone=false", None, "DELETE"
    )
    results = body if status == 200 and isinstance(body, list) else [{}]
    return all(isinstance(result, Mapping) and result.get("success") is True for result in results)


def write(client: Client, pairs: Sequence[tuple[Parent, Node]]) -> tuple[dict[int, VendorError], set[int]]:
    """By graph position: what failed, and where a key was taken already."""
    failed: dict[int, VendorError] = {}
    taken: set[int] = set()
    for call in pack_nodes([(node, parent.record_id, parent.graph.at) for parent, node in pairs]):
        records = [{"attributes": {"type": node.object}, **node.body(parent_id)} for node, parent_id, _ in call]
        status, body = client.write("create", "/composite/sobjects", {"allOrNone": False, "records": records})
        if status != 200:
            raise problem_of(status, body)
        problems = of_rows(body, len(call))
        if problems is None:
            raise Unclear("CRM-ANSWER")
        for (_, _, at), problem in zip(call, problems, strict=True):
            if problem is not None and errors.fate(problem) is Fate.DUPLICATE:
                taken.add(at)
            elif problem is not None:
                failed.setdefault(at, problem)
    return failed, taken


class _Existing:
    """What hangs on some records already, for at most two metered calls."""

    def __init__(self, client: Client, parents: Sequence[Parent]) -> None:
        nodes = [node for parent in parents for node in parent.wanted]
        ids = [parent.record_id for parent in parents]
        keys = [node.key for node in nodes if node.is_file and KEY_FIELD in node.fields]
        queries = selects(CONTENT_VERSION, (KEY_FIELD, "ContentDocumentId"), KEY_FIELD, keys)
        if any(node.is_file for node in nodes):
            queries += selects(LINK, ("LinkedEntityId", "ContentDocumentId", _TITLE, _SIZE), "LinkedEntityId", ids)
        for object_name, (parent_field, fields) in _plain(nodes).items():
            queries += selects(object_name, (parent_field, *fields), parent_field, ids)
        rows = fetch(client, "find", queries)
        self._documents = {str(r[KEY_FIELD]): str(r["ContentDocumentId"]) for r in rows if KEY_FIELD in r}
        self._links = [row for row in rows if "LinkedEntityId" in row]
        self._plain = [row for row in rows if "LinkedEntityId" not in row and KEY_FIELD not in row]

    def missing(self, parent: Parent) -> list[Node]:
        links = [row for row in self._links if same_id(str(row["LinkedEntityId"]), parent.record_id)]
        linked = {str(row["ContentDocumentId"])[:15] for row in links}
        unkeyed = Counter((_text(row, _TITLE), _text(row, _SIZE)) for row in links)
        found: list[Node] = []
        for node in parent.wanted:
            if not node.is_file:
                found += [] if self._is_there(node, parent.record_id) else [node]
            elif KEY_FIELD in node.fields:
                document = self._documents.get(node.key)
                if document is None:
                    found.append(node)
                elif document[:15] not in linked:
                    found.append(link_to(document))
            elif unkeyed[_looks(node)] > 0:
                unkeyed[_looks(node)] -= 1
            else:
                found.append(node)
        return found

    def _is_there(self, node: Node, parent_id: str) -> bool:
        """A mail has one sender: whom the directory knew first stays it."""
        is_sender = node.fields.get(_ROLE) == _SENDER
        names = _INVITED.get(node.object, tuple(node.fields))
        telling = {_ROLE: _SENDER} if is_sender else {name: node.fields.get(name) for name in names}
        rows = (
            row
            for row in self._plain
            if _type(row) == node.object and same_id(str(row.get(node.parent_field)), parent_id)
        )
        return any(all(_agrees(row, name, value) for name, value in telling.items()) for row in rows)


def _plain(nodes: Iterable[Node]) -> dict[str, tuple[str, tuple[str, ...]]]:
    """Object → its parent field and the fields that tell its rows apart; files are told apart otherwise."""
    found: dict[str, tuple[str, tuple[str, ...]]] = {}
    for node in nodes:
        if not node.is_file:
            _, before = found.get(node.object, ("", ()))
            found[node.object] = (node.parent_field, tuple(sorted({*before, *node.fields})))
    return found


def _agrees(row: Row, name: str, value: Value) -> bool:
    """A field that the vendor left empty does not speak against the row."""
    stored = from_row(row, name)
    if stored in (None, "") or stored == value:
        return True
    if isinstance(stored, str) and isinstance(value, str):
        return stored.casefold() == value.casefold() or (len(stored) in (15, 18) and same_id(stored, value))
    return False


def _looks(node: Node) -> tuple[str, str]:
    data = node.fields.get("VersionData")
    return str(node.fields.get("Title", "")).strip(), str(len(data) if isinstance(data, bytes) else 0)


def _text(row: Row, path: str) -> str:
    value = from_row(row, path)
    return "" if value is None else str(value).strip()


def _type(row: Row) -> str:
    attributes = row.get("attributes")
    return str(attributes.get("type", "")) if isinstance(attributes, Mapping) else ""
