"""Running queries: rows by the narrowest index, then order, limit, records, and pages behind a locator."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from sandbox.salesforce.core import Core
from sandbox.salesforce.errors import SalesforceError, malformed_query
from sandbox.salesforce.ids import Id
from sandbox.salesforce.records import Row
from sandbox.salesforce.schema.facts import Field
from sandbox.salesforce.soql import permissionaccess, recordaccess, rows
from sandbox.salesforce.soql.aggregate import MAX_GROUPS, Aggregation, is_aggregate, too_many_groups
from sandbox.salesforce.soql.ast import (
    Column,
    Compare,
    Condition,
    InList,
    InQuery,
    Logic,
    Path,
    Query,
    SubSelect,
)
from sandbox.salesforce.soql.bind import Bound, Scope, no_such_column, open_scope
from sandbox.salesforce.soql.children import Children, maker
from sandbox.salesforce.soql.cursors import LARGEST, LOCATOR_LIFE, SMALLEST, Cursor, Cursors
from sandbox.salesforce.soql.filters import Filter, FilterMaker
from sandbox.salesforce.soql.functions import value_of
from sandbox.salesforce.soql.parse import parse
from sandbox.salesforce.soql.project import Node, projection
from sandbox.salesforce.soql.scopes import scope_test
from sandbox.salesforce.switches import SMALL_PAGES
from sandbox.switches import declare

__all__ = ["QueryEngine", "QueryPage", "no_such_column"]

UNORDERED = declare(
    "salesforce.unordered_is_shuffled",
    default=False,
    question="Does a query without ORDER BY give its rows in any order?",
    source="the query language promises none",
)
SHORT_PAGES = declare(
    "salesforce.wide_rows_short_pages",
    default=False,
    question="Are pages shorter than asked for when rows are wide?",
    source="notes 4.3",
)
SHORT_CHILD_PAGES = declare(
    "salesforce.short_child_pages",
    default=False,
    question="Do the rows of a sub-select come in pages of 200, whatever page the query asked for?",
    source="field reports; the reference says only that children may need pages of their own",
)
WIDE = 32_000
MOST_DISTINCT = 100_000
"""People and things that the activities looked through may name, for a user who does not see everything."""
NOT_IN_SEMI_JOINS = frozenset({"Task", "Event", "Attachment", "Note", "ActivityHistory", "OpenActivity"})


@dataclass(frozen=True, slots=True)
class QueryPage:
    """One page of a query. `records` are REST-shaped; for `SELECT COUNT() FROM ...` they are empty."""

    total_size: int
    done: bool
    records: list[dict[str, Any]]
    locator: str | None
    """`01g...-2000`, to be put behind `/query/` by the face; None when done."""


class QueryEngine:
    def __init__(self, core: Core) -> None:
        self.core = core
        self.cursors = Cursors(core)
        self.most_distinct = MOST_DISTINCT

    # -- pages

    def query(self, user: Id, soql: str, *, all_rows: bool, batch_size: int) -> QueryPage:
        self.core.expire_bin()
        query = parse(soql)
        scope = self.scope(user, soql, query, all_rows=all_rows)
        if query.articles:
            raise malformed_query("Data categories and view statistics are only supported on knowledge articles")
        if query.count_only:
            return self._count(scope, query)
        if is_aggregate(query):
            return self._aggregate(scope, query)
        expires = self.core.clock.now() + LOCATOR_LIFE
        smallest = 1 if self.core.switches.on(SMALL_PAGES) else SMALLEST
        cursor = Cursor(user, soql, all_rows, min(max(batch_size, smallest), LARGEST), (), expires)
        node = projection(scope, query, maker(self.semi_join, partial(self._paged, cursor)))
        found = rows.cut(query, self.rows(scope, query))
        self._mark(scope, query, found)
        batch = self._batch(node, cursor.batch)
        if len(found) <= batch:
            return QueryPage(len(found), True, [node.show(row) for row in found], None)
        name = self.cursors.open(replace(cursor, batch=batch, rows=tuple(found)))
        return QueryPage(len(found), False, [node.show(row) for row in found[:batch]], f"{name}-{batch}")

    def more(self, user: Id, locator: str) -> QueryPage:
        name, cursor, start = self.cursors.find(user, locator)
        node = self._shape(cursor)
        end = start + cursor.batch
        records = [node.show(row) for row in cursor.rows[start:end]]
        done = end >= len(cursor.rows)
        return QueryPage(len(cursor.rows), done, records, None if done else f"{name}-{end}")

    def _shape(self, cursor: Cursor) -> Node:
        """How an open query's rows are shown: its own, or those of the sub-select the cursor stands in."""
        query = parse(cursor.soql)
        scope = self.scope(cursor.user, cursor.soql, query, all_rows=cursor.all_rows)
        paged = partial(self._paged, cursor)
        node: Node | None = None
        for depth, place in enumerate(cursor.within, 1):
            item = query.items[place]
            assert isinstance(item, SubSelect)
            children = Children(item.query, scope, self.semi_join, paged, cursor.within[:depth])
            query, scope, node = item.query, children.scope, children.node
        return node if node is not None else projection(scope, query, maker(self.semi_join, paged))

    def _paged(self, outer: Cursor, within: tuple[int, ...], found: list[Row]) -> tuple[int, str | None]:
        """For children: how many of them to show at once, and the locator of the others."""
        batch = SMALLEST if self.core.switches.on(SHORT_CHILD_PAGES) else outer.batch
        if len(found) <= batch:
            return len(found), None
        name = self.cursors.open(replace(outer, batch=batch, rows=tuple(found), within=within))
        return batch, f"{name}-{batch}"

    def _batch(self, node: Node, batch: int) -> int:
        shape = node.shape
        if shape is not None and self.core.switches.on(SHORT_PAGES):
            facts = [shape.field(name) for name in node.members]
            if any(fact is not None and fact.length >= WIDE for fact in facts):
                return SMALLEST
        return batch

    def _mark(self, scope: Scope, query: Query, found: list[Row]) -> None:
        """FOR VIEW: this user has looked at these rows now; FOR REFERENCE: at something that names them."""
        if not query.marks:
            return
        names = ("LastViewedDate", "LastReferencedDate") if query.marks == "VIEW" else ("LastReferencedDate",)
        for row in found:
            self.core.seen.setdefault((scope.user, row["Id"]), {}).update(dict.fromkeys(names, self.core.now()))

    # -- kinds of queries

    def _count(self, scope: Scope, query: Query) -> QueryPage:
        if query.order:
            raise malformed_query("COUNT() queries cannot be ordered")
        if query.group:
            raise malformed_query("Grouped queries cannot use COUNT() without a field")
        return QueryPage(len(rows.cut(query, self.rows(scope, query))), True, [], None)

    def _aggregate(self, scope: Scope, query: Query) -> QueryPage:
        aggregation = Aggregation(scope, query)
        having = None
        if query.having is not None:
            having = FilterMaker(scope, aggregation.bind, None).make(query.having).test
        orders = rows.orders(scope, query, aggregation.ordered)
        groups = aggregation.groups(list(self.matching(scope, query)))
        groups = [group for group in groups if having is None or having(group)]
        rows.in_order(groups, orders)
        groups = rows.cut(query, groups)
        if len(groups) > MAX_GROUPS:
            raise too_many_groups()
        return QueryPage(len(groups), True, [aggregation.show(group) for group in groups], None)

    def semi_join(self, query: Query, outer: Scope) -> tuple[Bound, frozenset[Id]]:
        """The inner query of `field IN (SELECT ...)`: its column, and the ids it gives."""
        scope = self.scope(outer.user, outer.text, query, all_rows=outer.all_rows)
        if scope.shape.name in NOT_IN_SEMI_JOINS:
            raise malformed_query(f"Entity '{scope.shape.name}' is not supported for semi join inner selects")
        if scope.shape is outer.shape:
            raise malformed_query("The inner and outer selects should not be on the same object type")
        only = query.items[0]
        assert isinstance(only, Column)
        assert isinstance(only.expression, Path)
        bound = scope.path(only.expression)
        if bound.direct is None:
            raise malformed_query(f"Semi join sub-selects cannot select through a relationship: {only.expression}")
        if bound.fact.type == "id":
            bound = Bound(_to(bound, scope.shape.name), bound.get)
        elif bound.fact.type != "reference":
            raise malformed_query(f"Semi join sub-selects must select an id or a reference: {only.expression}")
        found = (bound.get(row) for row in self.matching(scope, query, nested=True))
        return bound, frozenset(value for value in found if value is not None)

    # -- rows

    def scope(self, user: Id, soql: str, query: Query, *, all_rows: bool) -> Scope:
        if len(query.source.names) != 1:
            raise malformed_query(f"unexpected token: '{query.source}'")
        return open_scope(self.core, user, soql, query, query.source.names[0], all_rows=all_rows)

    def rows(self, scope: Scope, query: Query) -> list[Row]:
        orders = rows.orders(scope, query, partial(value_of, scope))
        found = list(self.matching(scope, query))
        if not orders and self.core.switches.on(UNORDERED):
            self.core.dice.shuffle(found)
        rows.in_order(found, orders)
        return found

    def matching(self, scope: Scope, query: Query, *, nested: bool = False) -> Iterator[Row]:
        """Rows for which WHERE holds, in no promised order."""
        condition = self.condition(scope, query, nested=nested)
        self._refuse_unfiltered_links(scope, query.where)
        within = scope_test(scope, query.scope)
        table, store = self.core.store.table(scope.shape.name), self.core.store
        candidates: Iterable[Row] = table.rows.values()
        if scope.shape.name == recordaccess.NAME:
            candidates = recordaccess.access_rows(scope, query)
        elif scope.shape.name == permissionaccess.NAME:
            candidates = permissionaccess.own_row(scope)
        elif condition.lookup is not None:
            candidates = [table.rows[record_id] for record_id in sorted(condition.lookup.ids())]
        self._refuse_too_many(scope, candidates)
        open_to_all = self.core.access.open_to_all(scope.user, scope.shape.name)
        for row in candidates:
            store.examined += 1
            if rows.shown(scope, row, open_to_all) and condition.test(row) and (within is None or within(row)):
                yield row

    def condition(self, scope: Scope, query: Query, *, nested: bool = False) -> Filter:
        if query.where is None:
            return Filter(lambda row: True)
        return FilterMaker(scope, partial(value_of, scope), None if nested else self.semi_join).make(query.where)

    def _refuse_too_many(self, scope: Scope, candidates: Iterable[Row]) -> None:
        """Who does not see everything has each person and thing checked that the activities name."""
        if scope.shape.name not in ("Task", "Event") or self.core.access.views_all(scope.user):
            return
        named = {row.get(name) for row in candidates for name in ("WhoId", "WhatId")} - {None}
        if len(named) > self.most_distinct:
            raise SalesforceError("OPERATION_TOO_LARGE", f"exceeded {self.most_distinct} distinct who/what's")

    def _refuse_unfiltered_links(self, scope: Scope, where: Condition | None) -> None:
        """The vendor reads links of files only for files or records that are named."""
        if scope.shape.name != "ContentDocumentLink" or self.core.features.query_all_files:
            return
        parts = where.parts if isinstance(where, Logic) and where.op == "AND" else (where,)
        if not any(_names_ids(part) for part in parts):
            raise malformed_query(
                "Implementation restriction: ContentDocumentLink requires a filter by a single Id on "
                "ContentDocumentId or LinkedEntityId using the equals operator or multiple Id's using the IN "
                "operator."
            )


def _names_ids(condition: Condition | None) -> bool:
    if isinstance(condition, Compare):
        named = condition.op == "="
    elif isinstance(condition, InList):
        named = condition.op == "IN"
    else:
        named = isinstance(condition, InQuery) and not condition.negated
    left = getattr(condition, "left", None)
    return named and isinstance(left, Path) and left.names[-1].lower() in ("contentdocumentid", "linkedentityid")


def _to(bound: Bound, object_name: str) -> Field:
    """An Id column as a reference to its own object."""
    return replace(bound.fact, to=(object_name,))
