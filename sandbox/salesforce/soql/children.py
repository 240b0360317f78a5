"""Sub-selects of SELECT: the children of each row, in pages of their own when there are many."""

from collections.abc import Callable
from functools import partial
from typing import Any

from sandbox.salesforce import render
from sandbox.salesforce.errors import malformed_query
from sandbox.salesforce.ids import Id
from sandbox.salesforce.records import Row
from sandbox.salesforce.soql import rows
from sandbox.salesforce.soql.aggregate import is_aggregate
from sandbox.salesforce.soql.ast import Query, SubSelect
from sandbox.salesforce.soql.bind import Bound, Scope, open_scope
from sandbox.salesforce.soql.filters import FilterMaker
from sandbox.salesforce.soql.functions import Maker, value_of
from sandbox.salesforce.soql.project import Node, projection
from sandbox.salesforce.soql.scopes import scope_test

MAX_LEVELS = 5
"""From the outermost object to its farthest children, both counted."""
SemiJoin = Callable[[Query, Scope], tuple[Bound, frozenset[Id]]]
Paged = Callable[[tuple[int, ...], list[Row]], tuple[int, str | None]]
"""Given the places of the sub-selects and all rows: how many to show, and the locator of the others."""


class Children:
    """One sub-select, ready to give the children of any row of the object around it."""

    def __init__(
        self, query: Query, outer: Scope, semi_join: SemiJoin, paged: Paged, within: tuple[int, ...]
    ) -> None:
        if is_aggregate(query) or query.count_only:
            raise malformed_query("Aggregate functions are not allowed in child relationship queries")
        if len(within) >= MAX_LEVELS:
            raise malformed_query(f"Child relationship queries can be nested up to {MAX_LEVELS} levels")
        self.query, self.paged, self.within = query, paged, within
        self.table, self.key, scope = self._below(outer)
        self.scope = scope
        self.node: Node = projection(scope, query, maker(semi_join, paged, within))
        filters = FilterMaker(scope, partial(value_of, scope), semi_join)
        self.test = filters.make(query.where).test if query.where is not None else None
        self.within_scope = scope_test(scope, query.scope)
        self.orders = rows.orders(scope, query, partial(value_of, scope))
        self.open_to_all = scope.core.access.open_to_all(scope.user, scope.shape.name)

    def _below(self, outer: Scope) -> tuple[Any, str, Scope]:
        """Where the children are, by which field they point up, and what their names mean."""
        source, core = self.query.source, outer.core
        relation = source.names[-1]
        child = core.schema.child(outer.shape.name, relation)
        if child is None:
            raise outer.error(
                source.at,
                f"Didn't understand relationship '{relation}' in FROM part of query call. If you are attempting "
                "to use a custom relationship, be sure to append the '__r' after the custom relationship name. "
                "Please reference your WSDL or the describe call for the appropriate names.",
                "INVALID_TYPE",
            )
        scope = open_scope(core, outer.user, outer.text, self.query, child.object, all_rows=outer.all_rows)
        return core.store.table(child.object), child.field.name, scope

    def show(self, row: Row) -> dict[str, Any] | None:
        found = [item for item in self.table.find(self.key, row["Id"]) if self._wanted(item)]
        rows.in_order(found, self.orders)
        found = rows.cut(self.query, found)
        if not found:
            return None
        count, locator = self.paged(self.within, found)
        page: dict[str, Any] = {"totalSize": len(found), "done": locator is None}
        if locator is not None:
            page["nextRecordsUrl"] = f"{render.QUERY_PREFIX}/{locator}"
        return page | {"records": [self.node.show(item) for item in found[:count]]}

    def _wanted(self, row: Row) -> bool:
        return (
            rows.shown(self.scope, row, self.open_to_all)
            and (self.test is None or self.test(row))
            and (self.within_scope is None or self.within_scope(row))
        )


def maker(
    semi_join: SemiJoin, paged: Paged, within: tuple[int, ...] = ()
) -> Callable[[SubSelect, int, Scope], Maker]:
    """For `projection`: prepares the sub-select at a place of the SELECT list."""
    return lambda item, place, outer: Children(item.query, outer, semi_join, paged, (*within, place)).show
