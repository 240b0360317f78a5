"""Rows of a query: which of them are shown at all, in which order, and how many."""

from collections.abc import Callable
from typing import Any

from sandbox.salesforce.errors import SalesforceError, malformed_query
from sandbox.salesforce.records import Row
from sandbox.salesforce.soql.ast import Expression, Order, Query
from sandbox.salesforce.soql.bind import Bound, Scope
from sandbox.salesforce.soql.project import sorter

MAX_OFFSET = 2000
MAX_ORDERS = 32
Orders = list[tuple[Callable[[Any], Any], Order]]


def shown(scope: Scope, row: Row, open_to_all: bool) -> bool:
    if not scope.all_rows and (row.get("IsDeleted") or row.get("IsArchived")):
        return False
    return open_to_all or scope.core.access.can_see(scope.user, scope.shape.name, row)


def orders(scope: Scope, query: Query, bind: Callable[[Expression], Bound]) -> Orders:
    """What reads each key of ORDER BY of a row, or of a group of rows."""
    if len(query.order) > MAX_ORDERS:
        raise malformed_query(f"ORDER BY takes at most {MAX_ORDERS} fields")
    return [(_sortable(scope, item, bind), item) for item in query.order]


def _sortable(scope: Scope, item: Order, bind: Callable[[Expression], Bound]) -> Callable[[Any], Any]:
    bound = bind(item.expression)
    if not bound.fact.sortable:
        message = f"field '{bound.fact.name}' can not be sorted in a query call"
        raise scope.error(item.expression.at, message, "MALFORMED_QUERY")
    return sorter(bound)


def in_order(rows: list[Any], keys: Orders) -> None:
    """Sort by the last key first, so that earlier keys win; nulls come first unless told otherwise."""
    for key, item in reversed(keys):
        keyed = [(key(row), row) for row in rows]
        nulls = [row for value, row in keyed if value is None]
        others = [(value, row) for value, row in keyed if value is not None]
        others.sort(key=lambda pair: pair[0], reverse=item.descending)
        sorted_rows = [row for _, row in others]
        rows[:] = sorted_rows + nulls if item.nulls_last else nulls + sorted_rows


def cut(query: Query, rows: list[Any]) -> list[Any]:
    """What LIMIT and OFFSET leave."""
    if query.offset > MAX_OFFSET:
        raise SalesforceError("NUMBER_OUTSIDE_VALID_RANGE", "Maximum SOQL offset allowed is 2000")
    end = None if query.limit is None else query.offset + query.limit
    return rows[query.offset : end]
