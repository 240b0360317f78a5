"""List views: named queries on one object, whose rows may depend on who asks.

The rows stand in ListView; what a view asks for is kept beside them, since no API lets it be written.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sandbox.salesforce.core import Core
from sandbox.salesforce.errors import SalesforceError, not_found
from sandbox.salesforce.ids import Id, normalise
from sandbox.salesforce.records import Row
from sandbox.salesforce.schema.facts import Field
from sandbox.salesforce.soql.ast import (
    Compare,
    Condition,
    InList,
    Logic,
    Not,
    Path,
    Query,
    Value,
)
from sandbox.salesforce.soql.bind import Scope, open_scope
from sandbox.salesforce.soql.engine import QueryEngine
from sandbox.salesforce.soql.parse import parse
from sandbox.salesforce.soql.tokens import LITERALLY

ALWAYS = ("Id", "CreatedDate", "LastModifiedDate", "SystemModstamp")
"""Columns every view has, hidden where they were not asked for."""
LABELLED = ("picklist", "multipicklist")
OPERATORS = {
    "=": "equals",
    "!=": "notEquals",
    "<": "lessThan",
    "<=": "lessThanOrEqualTo",
    ">": "greaterThan",
    ">=": "greaterThanOrEqualTo",
    "LIKE": "like",
    "IN": "in",
    "NOT IN": "notIn",
    "INCLUDES": "includes",
    "EXCLUDES": "excludes",
}


@dataclass(frozen=True, slots=True)
class Definition:
    columns: tuple[str, ...]
    where: str = ""
    """A SOQL condition; empty for none."""
    scope: str = "everything"
    order: str = ""
    """A field, and whether downwards: `Name`, `CreatedDate DESC`."""


@dataclass(frozen=True, slots=True)
class View:
    """A list view as one user sees it."""

    row: Row
    definition: Definition
    columns: tuple[tuple[str, Field, bool], ...]
    """Path, field at its end, hidden."""
    soql: str


class ListViews:
    def __init__(self, core: Core, queries: QueryEngine) -> None:
        self.core = core
        self.queries = queries
        self.definitions: dict[Id, Definition] = {}

    def define(self, user: Id, object_name: str, name: str, label: str, definition: Definition) -> Id:
        """A public view; it must be a query that runs, and have a filter a person can put together."""
        shape = self.core.shape(object_name)
        facts = {"DeveloperName": name, "Name": label, "SobjectType": shape.name, "IsSoqlCompatible": True}
        with self.core.store.transaction():
            row = self.core.put_new("ListView", facts, user, self.core.now())
            soql = self._view(user, row, definition).soql
            condition_of(soql)
            self.queries.query(user, soql, all_rows=False, batch_size=0)
        self.definitions[row["Id"]] = definition
        return str(row["Id"])

    def of_object(self, object_name: str) -> list[Row]:
        """Live views of this object, by their names."""
        name = self.core.shape(object_name).name
        table = self.core.store.table("ListView").rows
        rows = [table[one] for one in self.definitions if one in table and table[one]["SobjectType"] == name]
        return sorted((row for row in rows if not row.get("IsDeleted")), key=lambda row: row["DeveloperName"])

    def recent(self, user: Id, object_name: str) -> list[Row]:
        """Those this user has looked at, the latest first."""
        looked = [(self._looked_at(user, row), row) for row in self.of_object(object_name)]
        known = [(moment, row) for moment, row in looked if moment is not None]
        return [row for _, row in sorted(known, key=lambda pair: pair[0], reverse=True)]

    def _looked_at(self, user: Id, row: Row) -> datetime | None:
        return self.core.seen.get((user, row["Id"]), {}).get("LastViewedDate")

    def view(self, user: Id, object_name: str, view_id: str) -> View:
        """By its id, or its name; 404 when this object has no such view."""
        whole = normalise(view_id)
        for row in self.of_object(object_name):
            if row["Id"] == whole or row["DeveloperName"].lower() == view_id.lower():
                return self._view(user, row, self.definitions[row["Id"]])
        raise not_found()

    def ids(self, user: Id, object_name: str, view_id: str) -> frozenset[Id]:
        """Of the rows this user finds in a view."""
        page = self.queries.query(
            user, self.view(user, object_name, view_id).soql, all_rows=False, batch_size=2000
        )
        return frozenset(str(record["Id"]) for record in page.records)

    def results(self, user: Id, view: View, limit: int, offset: int) -> list[dict[str, Any]]:
        """Query records; asking for them counts as looking at the view."""
        seen = self.core.seen.setdefault((user, view.row["Id"]), {})
        seen["LastViewedDate"] = self.core.now()
        soql = f"{view.soql} LIMIT {limit} OFFSET {offset}"
        return self.queries.query(user, soql, all_rows=False, batch_size=limit).records

    def _view(self, user: Id, row: Row, definition: Definition) -> View:
        """Columns that are hidden from the user are no columns for him."""
        scope = self._scope(user, row["SobjectType"])
        columns = []
        for name in (*definition.columns, *(name for name in ALWAYS if name not in definition.columns)):
            fact = self._fact(scope, name)
            if fact is not None:
                columns.append((name, fact, name not in definition.columns))
        return View(row, definition, tuple(columns), _soql(scope.shape.name, tuple(columns), definition))

    def _scope(self, user: Id, object_name: str) -> Scope:
        query: Query = parse(f"SELECT Id FROM {object_name}")  # noqa: S608 - a statement of the sandbox itself
        return open_scope(self.core, user, "", query, object_name, all_rows=False)

    def _fact(self, scope: Scope, name: str) -> Field | None:
        """None when this user may not see the field, or a relationship on the way to it."""
        try:
            hops, last = scope.hops(Path(tuple(name.split(".")), 0))
            return scope.column(hops[-1].shape if hops else scope.shape, last, 0)
        except SalesforceError:
            return None


def _soql(object_name: str, columns: tuple[tuple[str, Field, bool], ...], definition: Definition) -> str:
    """As the vendor writes it: labels of picklists, and an order that ends with the Id."""
    listed = ", ".join(f"toLabel({name})" if fact.type in LABELLED else name for name, fact, _ in columns)
    scope = "" if definition.scope == "everything" else f" USING SCOPE {definition.scope}"
    where = f" WHERE {definition.where}" if definition.where else ""
    order = ", ".join(f"{name} {way} NULLS FIRST" for name, way in orders(definition))
    return f"SELECT {listed} FROM {object_name}{scope}{where} ORDER BY {order}"  # noqa: S608 - the vendor's answer


def orders(definition: Definition) -> list[tuple[str, str]]:
    """Field and ASC or DESC; at the end always the Id."""
    name, _, way = definition.order.partition(" ")
    first = [(name, way.strip().upper() or "ASC")] if name else []
    return [*first, ("Id", "ASC")]


def condition_of(soql: str) -> dict[str, Any]:
    """WHERE in the words of the description: fields, operators and values as they are written."""
    where = parse(soql).where
    return {"conditions": [], "conjunction": "and"} if where is None else _condition(where)


def _condition(condition: Condition) -> dict[str, Any]:
    if isinstance(condition, Logic):
        return {"conditions": [_condition(part) for part in condition.parts], "conjunction": condition.op.lower()}
    if isinstance(condition, Not):
        return {"condition": _condition(condition.condition)}
    field = str(condition.left)
    if isinstance(condition, Compare):
        return {"field": field, "operator": OPERATORS[condition.op], "values": [_written(condition.value)]}
    if isinstance(condition, InList):
        values = [_written(value) for value in condition.values]
        return {"field": field, "operator": OPERATORS[condition.op], "values": values}
    raise ValueError("a list view has no sub-select in its filter")


def _written(value: Value) -> str:
    if value.kind == "string":
        return "'" + value.text.replace("\\", "\\\\").replace("'", "\\'").replace(LITERALLY, "\\") + "'"
    if value.kind in ("boolean", "null"):
        return value.text.lower()
    return f"{value.text}:{value.number}" if value.number else value.text
