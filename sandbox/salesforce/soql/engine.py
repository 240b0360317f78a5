"""Running queries: rows by the narrowest index, then order, limit, records, and pages behind a locator."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sandbox.salesforce.core import Core
from sandbox.salesforce.errors import SalesforceError, malformed_query
from sandbox.salesforce.ids import Id
from sandbox.salesforce.records import Row
from sandbox.salesforce.schema.facts import Field
from sandbox.salesforce.soql.aggregate import MAX_GROUPS, Aggregation, is_aggregate, too_many_groups
from sandbox.salesforce.soql.ast import (
    Column,
    Compare,
    Condition,
    Expression,
    InList,
    InQuery,
    Logic,
    Order,
    Path,
    Query,
)
from sandbox.salesforce.soql.bind import Bound, Scope, no_such_column, open_scope
from sandbox.salesforce.soql.filters import Filter, FilterMaker
from sandbox.salesforce.soql.parse import parse
from sandbox.salesforce.soql.project import Maker, Node, projection, sorter
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
    source="vendor-apis 4.3",
)
SMALLEST, LARGEST = 200, 2000
WIDE = 32_000
LOCATOR_LIFE = timedelta(days=2)
LOCATORS_KEPT = 10
"""Per user; the oldest is given up for a new one."""
MAX_OFFSET = 2000


@dataclass(frozen=True, slots=True)
class QueryPage:
    """One page of a query. `records` are REST-shaped; for `SELECT COUNT() FROM ...` they are empty."""

    total_size: int
    done: bool
    records: list[dict[str, Any]]
    locator: str | None
    """`01g...-2000`, to be put behind `/query/` by the face; None when done."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """An open query: its rows as they were, and what is needed to show them."""

    user: Id
    soql: str
    all_rows: bool
    batch: int
    rows: tuple[Row, ...]
    expires: datetime


class QueryEngine:
    def __init__(self, core: Core) -> None:
        self.core = core
        self.cursors: dict[str, Cursor] = {}

    # -- pages

    def query(self, user: Id, soql: str, *, all_rows: bool, batch_size: int) -> QueryPage:
        self.core.expire_bin()
        query = parse(soql)
        scope = self.scope(user, soql, query, all_rows=all_rows)
        if query.count_only:
            return self._count(scope, query)
        if is_aggregate(query):
            return self._aggregate(scope, query)
        node = projection(scope, query, self.child_maker)
        rows = self._cut(query, self.rows(scope, query))
        batch = self._batch(node, batch_size)
        if len(rows) <= batch:
            return QueryPage(len(rows), True, [node.show(row) for row in rows], None)
        name = self._open(Cursor(user, soql, all_rows, batch, tuple(rows), self.core.clock.now() + LOCATOR_LIFE))
        return QueryPage(len(rows), False, [node.show(row) for row in rows[:batch]], f"{name}-{batch}")

    def more(self, user: Id, locator: str) -> QueryPage:
        name, _, start_text = locator.partition("-")
        cursor = self.cursors.get(name)
        gone = cursor is None or cursor.expires <= self.core.clock.now() or cursor.user != user
        if cursor is None or gone or not start_text.isdigit():
            raise SalesforceError("INVALID_QUERY_LOCATOR", "invalid query locator")
        query = parse(cursor.soql)
        scope = self.scope(user, cursor.soql, query, all_rows=cursor.all_rows)
        node = projection(scope, query, self.child_maker)
        start = int(start_text)
        end = start + cursor.batch
        records = [node.show(row) for row in cursor.rows[start:end]]
        done = end >= len(cursor.rows)
        return QueryPage(len(cursor.rows), done, records, None if done else f"{name}-{end}")

    def _batch(self, node: Node, asked: int) -> int:
        batch = min(max(asked, SMALLEST), LARGEST)
        shape = node.shape
        if shape is not None and self.core.switches.on(SHORT_PAGES):
            facts = [shape.field(name) for name in node.members]
            if any(fact is not None and fact.length >= WIDE for fact in facts):
                return SMALLEST
        return batch

    def _open(self, cursor: Cursor) -> str:
        mine = [name for name, other in self.cursors.items() if other.user == cursor.user]
        for name in mine[: max(0, len(mine) - LOCATORS_KEPT + 1)]:
            del self.cursors[name]
        name = self.core.ids.make("01g")
        self.cursors[name] = cursor
        return name

    # -- kinds of queries

    def _count(self, scope: Scope, query: Query) -> QueryPage:
        if query.order:
            raise malformed_query("COUNT() queries cannot be ordered")
        return QueryPage(len(self._cut(query, self.rows(scope, query))), True, [], None)

    def _aggregate(self, scope: Scope, query: Query) -> QueryPage:
        aggregation = Aggregation(scope, query)
        having = None
        if query.having is not None:
            having = FilterMaker(scope, aggregation.bind, None).make(query.having).test
        orders = [(self._sortable(scope, item, aggregation.bind), item) for item in query.order]
        groups = aggregation.groups(list(self.matching(scope, query)))
        groups = [group for group in groups if having is None or having(group)]
        in_order(groups, orders)
        groups = self._cut(query, groups)
        if len(groups) > MAX_GROUPS:
            raise too_many_groups()
        return QueryPage(len(groups), True, [aggregation.show(group) for group in groups], None)

    def child_maker(self, query: Query, outer: Scope) -> Maker:
        """A sub-select of SELECT: what shows the children of one row."""
        if is_aggregate(query) or query.count_only:
            raise malformed_query("Aggregate functions are not allowed in child relationship queries")
        relation = query.source.names[-1]
        child = self.core.schema.child(outer.shape.name, relation)
        if child is None:
            raise outer.error(
                query.source.at,
                f"Didn't understand relationship '{relation}' in FROM part of query call. If you are attempting "
                "to use a custom relationship, be sure to append the '__r' after the custom relationship name. "
                "Please reference your WSDL or the describe call for the appropriate names.",
                "INVALID_TYPE",
            )
        scope = open_scope(
            self.core, outer.user, outer.text, child.object, query.source.at, query.alias, all_rows=outer.all_rows
        )
        node = projection(scope, query, self.child_maker)
        maker = FilterMaker(scope, scope.expression, self.semi_join)
        test = maker.make(query.where).test if query.where is not None else None
        orders = self.orders(scope, query)
        table, key = self.core.store.table(child.object), child.field.name

        open_to_all = self.core.access.open_to_all(scope.user, scope.shape.name)

        def show(row: Row) -> dict[str, Any] | None:
            rows = [item for item in table.find(key, row["Id"]) if self.shown(scope, item, open_to_all)]
            rows = [item for item in rows if test is None or test(item)]
            in_order(rows, orders)
            rows = self._cut(query, rows)
            records = [node.show(item) for item in rows]
            return {"totalSize": len(rows), "done": True, "records": records} if rows else None

        return show

    def semi_join(self, query: Query, outer: Scope) -> tuple[Bound, frozenset[Id]]:
        scope = self.scope(outer.user, outer.text, query, all_rows=outer.all_rows)
        only = query.items[0] if len(query.items) == 1 else None
        if not isinstance(only, Column) or not isinstance(only.expression, Path):
            raise malformed_query("Semi join sub-selects must select exactly one field")
        bound = scope.path(only.expression)
        if bound.fact.type == "id":
            bound = Bound(_to(bound, scope.shape.name), bound.get)
        elif bound.fact.type != "reference":
            raise malformed_query(f"Semi join sub-selects must select an id or a reference: {only.expression}")
        if query.limit is not None or query.order:
            raise malformed_query("Semi join sub-selects cannot use LIMIT or ORDER BY")
        found = (bound.get(row) for row in self.matching(scope, query, nested=True))
        return bound, frozenset(value for value in found if value is not None)

    # -- rows

    def scope(self, user: Id, soql: str, query: Query, *, all_rows: bool) -> Scope:
        if len(query.source.names) != 1:
            raise malformed_query(f"unexpected token: '{query.source}'")
        name, at = query.source.names[0], query.source.at
        return open_scope(self.core, user, soql, name, at, query.alias, all_rows=all_rows)

    def rows(self, scope: Scope, query: Query) -> list[Row]:
        orders = self.orders(scope, query)
        rows = list(self.matching(scope, query))
        if not orders and self.core.switches.on(UNORDERED):
            self.core.dice.shuffle(rows)
        in_order(rows, orders)
        return rows

    def matching(self, scope: Scope, query: Query, *, nested: bool = False) -> Iterator[Row]:
        """Rows for which WHERE holds, in no promised order."""
        condition = Filter(lambda row: True)
        if query.where is not None:
            maker = FilterMaker(scope, scope.expression, None if nested else self.semi_join)
            condition = maker.make(query.where)
        self._refuse_unfiltered_links(scope, query.where)
        mine = self._mine(scope, query.scope)
        table, store = self.core.store.table(scope.shape.name), self.core.store
        candidates: Iterable[Row] = table.rows.values()
        if condition.lookup is not None:
            candidates = [table.rows[record_id] for record_id in sorted(condition.lookup.ids())]
        open_to_all = self.core.access.open_to_all(scope.user, scope.shape.name)
        for row in candidates:
            store.examined += 1
            if (
                self.shown(scope, row, open_to_all)
                and condition.test(row)
                and (not mine or row.get("OwnerId") == scope.user)
            ):
                yield row

    def shown(self, scope: Scope, row: Row, open_to_all: bool) -> bool:
        if not scope.all_rows and (row.get("IsDeleted") or row.get("IsArchived")):
            return False
        return open_to_all or self.core.access.can_see(scope.user, scope.shape.name, row)

    def _mine(self, scope: Scope, name: str | None) -> bool:
        if name is None or name.lower() == "everything":
            return False
        if name.lower() != "mine" or "OwnerId" not in scope.shape.fields:
            raise SalesforceError("INVALID_QUERY_SCOPE", f"invalid query scope: {name}")
        return True

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

    # -- order and limit

    def orders(self, scope: Scope, query: Query) -> list[tuple[Callable[[Any], Any], Order]]:
        return [(self._sortable(scope, item, scope.expression), item) for item in query.order]

    def _sortable(self, scope: Scope, item: Order, bind: Callable[[Expression], Bound]) -> Callable[[Any], Any]:
        bound = bind(item.expression)
        if not bound.fact.sortable:
            raise scope.error(
                item.expression.at,
                f"field '{bound.fact.name}' can not be sorted in a query call",
                "MALFORMED_QUERY",
            )
        return sorter(bound)

    def _cut(self, query: Query, rows: list[Any]) -> list[Any]:
        if query.offset > MAX_OFFSET:
            raise SalesforceError("NUMBER_OUTSIDE_VALID_RANGE", "Maximum SOQL offset allowed is 2000")
        end = None if query.limit is None else query.offset + query.limit
        return rows[query.offset : end]


def in_order(rows: list[Any], orders: list[tuple[Callable[[Any], Any], Order]]) -> None:
    """Sort by the last key first, so that earlier keys win; nulls come first unless told otherwise."""
    for key, item in reversed(orders):
        keyed = [(key(row), row) for row in rows]
        nulls = [row for value, row in keyed if value is None]
        others = [(value, row) for value, row in keyed if value is not None]
        others.sort(key=lambda pair: pair[0], reverse=item.descending)
        sorted_rows = [row for _, row in others]
        rows[:] = sorted_rows + nulls if item.nulls_last else nulls + sorted_rows


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
