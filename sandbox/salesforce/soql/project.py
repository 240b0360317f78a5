"""From the SELECT list to REST-shaped records."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sandbox.salesforce import render
from sandbox.salesforce.errors import malformed_query
from sandbox.salesforce.records import Row
from sandbox.salesforce.schema import ObjectSchema
from sandbox.salesforce.schema.facts import Field
from sandbox.salesforce.soql.ast import Column, Distance, Fields, Path, Query, SubSelect, TypeOf
from sandbox.salesforce.soql.bind import Bound, Hop, Scope
from sandbox.salesforce.soql.functions import Maker, Show, column, distance, teller

MAX_FIELDS_LIMIT = 200
MAX_SUBSELECTS = 20


@dataclass(slots=True)
class Node:
    """One record of the answer: its members in the order they were asked for."""

    scope: Scope
    shape: ObjectSchema | None
    """None for the Name behind a relationship that may lead to several objects."""
    members: dict[str, "Maker | Parent"] = field(default_factory=dict)

    def show(self, row: Row) -> dict[str, Any]:
        real = self.shape or self.scope.core.shape_of(row["Id"])
        attributes = render.attributes(real.name, row["Id"])
        if self.shape is None:
            attributes["type"] = "Name"
        record: dict[str, Any] = {"attributes": attributes}
        for name, member in self.members.items():
            record[name] = member.show(row) if isinstance(member, Parent) else member(row)
        return record


@dataclass(slots=True)
class Parent:
    hop: Hop
    node: Node

    def show(self, row: Row) -> dict[str, Any] | None:
        found = self.node.scope.parent(row, self.hop)
        return None if found is None else self.node.show(found)


def projection(scope: Scope, query: Query, run_child: Callable[[SubSelect, int, Scope], Maker]) -> Node:
    """`run_child` prepares a sub-select; what it gives answers with the children of one row."""
    node = Node(scope, scope.shape)
    subselects = 0
    for place, item in enumerate(query.items):
        if isinstance(item, Fields):
            _fields(scope, node, item, query.limit)
        elif isinstance(item, TypeOf):
            _type_of(scope, node, item)
        elif isinstance(item, SubSelect):
            subselects += 1
            _add(node, item.query.source.names[-1], run_child(item, place, scope))
        else:
            _column(scope, node, item)
    if subselects > MAX_SUBSELECTS:
        raise malformed_query("Maximum number of child relationship queries is 20")
    return node


def _add(node: Node, name: str, member: Maker | Parent) -> None:
    if name in node.members:
        raise malformed_query(f"duplicate field selected: {name}")
    node.members[name] = member


def _column(scope: Scope, node: Node, item: Column) -> None:
    expression = item.expression
    if isinstance(expression, Path):
        if item.alias is not None:
            raise malformed_query("only aggregate expressions use field aliasing")
        add_path(scope, node, expression)
        return
    if isinstance(expression, Distance):
        unnamed = sum(name.startswith("expr") for name in node.members)
        _add(node, item.alias or f"expr{unnamed}", distance(scope, expression).get)
        return
    path, show = column(scope, expression)
    if item.alias is None:
        add_path(scope, node, path, show)
        return
    hops, last = scope.hops(path)
    shape = hops[-1].shape if hops else scope.shape
    tell = show(shape, scope.column(shape, last, path.at))
    _add(node, item.alias, lambda row: None if (found := scope.climb(row, hops)) is None else tell(found))


def add_path(scope: Scope, node: Node, path: Path, show: Show | None = None) -> None:
    """A field where the path leads; `show` makes what tells its value, as it is unless given."""
    hops, last = scope.hops(path)
    at = node
    for hop in hops:
        name = hop.fact.rel or hop.fact.name
        member = at.members.get(name)
        if not isinstance(member, Parent):
            member = Parent(hop, Node(scope, hop.shape))
            at.members[name] = member
        at = member.node
    fact = scope.column(at.shape, last, path.at)
    _add(at, fact.name, show(at.shape, fact) if show is not None else teller(scope, at.shape, fact))


def _fields(scope: Scope, node: Node, item: Fields, limit: int | None) -> None:
    if item.which != "STANDARD" and (limit is None or limit > MAX_FIELDS_LIMIT):
        raise malformed_query("The SOQL FIELDS function must have a LIMIT of at most 200")
    for fact in scope.shape.present():
        if scope.core.access.hides(scope.user, scope.shape.name, fact.name):
            continue
        if item.which == "ALL" or fact.custom == (item.which == "CUSTOM"):
            _add(node, fact.name, teller(scope, scope.shape, fact))


def _type_of(scope: Scope, node: Node, item: TypeOf) -> None:
    """`TYPEOF What WHEN Account THEN Phone ELSE Name END`: other members for each kind of parent."""
    hops, _ = scope.hops(Path((*item.path.names, "Id"), item.path.at))
    if len(hops) != 1 or hops[0].shape is not None:
        raise scope.error(item.path.at, "TYPEOF needs a polymorphic relationship", "MALFORMED_QUERY")
    branches: dict[str, Node] = {}
    for name, paths in item.branches:
        shape = scope.core.schema.object(name)
        if shape is None or shape.name not in hops[0].fact.to:
            raise scope.error(item.path.at, f"Invalid type '{name}' in TYPEOF", "INVALID_TYPE")
        branch_scope = Scope(scope.core, scope.user, scope.text, shape, None, scope.all_rows)
        branches[shape.name] = Node(branch_scope, shape)
        for path in paths:
            add_path(branch_scope, branches[shape.name], path)
    otherwise = Node(scope, None)
    for path in item.otherwise:
        fact = scope.column(None, path.names[-1], path.at)
        _add(otherwise, fact.name, teller(scope, None, fact))

    def show_parent(row: Row) -> dict[str, Any] | None:
        found = scope.parent(row, hops[0])
        if found is None:
            return None
        branch = branches.get(scope.core.shape_of(found["Id"]).name)
        return otherwise.show(found) if branch is None else branch.show(found)

    _add(node, hops[0].fact.rel or hops[0].fact.name, show_parent)


def sorter(bound: Bound) -> Callable[[Any], Any]:
    """The key rows are sorted by; None stays None."""
    get, key = bound.get, sorting_key(bound.fact)
    return lambda row: None if (value := get(row)) is None else key(value)


def sorting_key(fact: Field) -> Callable[[Any], Any]:
    """Text without case, picklists in the order of their values."""
    if fact.type == "picklist" and fact.values:
        places = {value: place for place, value in enumerate(fact.values)}
        return lambda value: (places.get(value, len(places)), value)
    if fact.type in ("id", "reference"):
        return lambda value: value
    return lambda value: value.lower() if isinstance(value, str) else value
