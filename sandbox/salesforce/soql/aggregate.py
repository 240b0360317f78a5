"""GROUP BY, HAVING and the functions that make one value of many rows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sandbox.salesforce.errors import SalesforceError, malformed_query
from sandbox.salesforce.records import Row
from sandbox.salesforce.schema.facts import Field
from sandbox.salesforce.soql.ast import Call, Column, Expression, Path, Query
from sandbox.salesforce.soql.bind import AGGREGATES, Bound, Scope
from sandbox.salesforce.soql.filters import key_of
from sandbox.salesforce.values import NUMBER_TYPES, show

MAX_GROUPS = 2000


@dataclass(frozen=True, slots=True)
class Group:
    values: tuple[Any, ...]
    """Of the GROUP BY expressions, in their order."""
    rows: Sequence[Row]


def is_aggregate(query: Query) -> bool:
    return bool(query.group) or any(
        isinstance(item, Column) and isinstance(item.expression, Call) and item.expression.name in AGGREGATES
        for item in query.items
    )


class Aggregation:
    """The grouping of one query: what its columns, HAVING and ORDER BY may refer to."""

    def __init__(self, scope: Scope, query: Query) -> None:
        self.scope = scope
        self.query = query
        self.keys = [scope.expression(item) for item in query.group]
        for item, bound in zip(query.group, self.keys, strict=True):
            if not bound.fact.groupable:
                raise scope.error(item.at, f"field '{bound.fact.name}' can not be grouped in a query call")
        self.spelled = [_spell(scope, item) for item in query.group]
        if not query.group and query.limit is not None:
            raise malformed_query("Non-grouped query that uses overall aggregate functions cannot also use LIMIT")
        self.columns = self._columns()

    def _columns(self) -> list[tuple[str, Bound]]:
        columns: list[tuple[str, Bound]] = []
        unnamed = 0
        for item in self.query.items:
            if not isinstance(item, Column):
                raise malformed_query("Grouped queries can only select fields and aggregate functions")
            bound, name = self.bind(item.expression), item.alias
            if name is None and isinstance(item.expression, Path):
                name = bound.fact.name
            if name is None:
                name, unnamed = f"expr{unnamed}", unnamed + 1
            if any(name.lower() == other.lower() for other, _ in columns):
                raise malformed_query(f"duplicate alias: {name}")
            columns.append((name, bound))
        return columns

    def bind(self, expression: Expression) -> Bound:
        """What reads its value of a Group: an aggregate, or one of the grouped expressions."""
        if isinstance(expression, Call) and expression.name in AGGREGATES:
            return self._aggregate(expression)
        spelled = _spell(self.scope, expression)
        if spelled in self.spelled:
            place = self.spelled.index(spelled)
            return Bound(self.keys[place].fact, lambda group: group.values[place])
        name = str(expression) if isinstance(expression, Path) else expression.name
        self.scope.expression(expression)
        raise malformed_query(f"Field must be grouped or aggregated: {name}")

    def _aggregate(self, call: Call) -> Bound:
        if len(call.arguments) != 1:
            raise self.scope.error(call.at, f"{call.name} takes one field", "MALFORMED_QUERY")
        inner = self.scope.expression(call.arguments[0])
        kind = inner.fact.type
        numeric = kind == "int" or kind in NUMBER_TYPES
        unsuited = kind in ("boolean", "address", "base64", "junctionidlist") or not inner.fact.filterable
        if unsuited or (call.name in ("SUM", "AVG") and not numeric):
            raise self.scope.error(
                call.at,
                f"field {inner.fact.name} does not support aggregate operator {call.name}",
                "MALFORMED_QUERY",
            )
        compute, key = _COMPUTE[call.name], key_of(inner.fact)

        def get(group: Group) -> Any:
            values = [value for row in group.rows if (value := inner.get(row)) is not None]
            return compute(values, key)

        result = {"COUNT": "int", "COUNT_DISTINCT": "int", "AVG": "double", "SUM": "double"}.get(call.name, kind)
        return Bound(Field(call.name, result), get)

    def groups(self, rows: list[Row]) -> list[Group]:
        if not self.keys:
            return [Group((), rows)]
        found: dict[tuple[Any, ...], tuple[tuple[Any, ...], list[Row]]] = {}
        readers = [(bound.get, key_of(bound.fact)) for bound in self.keys]
        for row in rows:
            values = tuple(get(row) for get, _ in readers)
            key = tuple(fold(value) for (_, fold), value in zip(readers, values, strict=True))
            found.setdefault(key, (values, []))[1].append(row)
        return [Group(values, members) for values, members in found.values()]

    def show(self, group: Group) -> dict[str, Any]:
        record: dict[str, Any] = {"attributes": {"type": "AggregateResult"}}
        return record | {name: show(bound.get(group)) for name, bound in self.columns}


def too_many_groups() -> SalesforceError:
    return SalesforceError(
        "EXCEEDED_ID_LIMIT",
        "Aggregate query does not support queryMore(), use LIMIT to restrict the results to a single batch",
    )


def _spell(scope: Scope, expression: Expression) -> str:
    """One spelling for all ways to write the same expression."""
    if isinstance(expression, Path):
        return ".".join(scope.own_names(expression)).lower()
    arguments = ",".join(_spell(scope, argument) for argument in expression.arguments)
    return f"{expression.name.lower()}({arguments})"


_COMPUTE: dict[str, Callable[[list[Any], Callable[[Any], Any]], Any]] = {
    "COUNT": lambda values, _key: len(values),
    "COUNT_DISTINCT": lambda values, key: len({key(value) for value in values}),
    "SUM": lambda values, _key: float(sum(values)) if values else None,
    "AVG": lambda values, _key: sum(values) / len(values) if values else None,
    "MIN": lambda values, key: min(values, key=key) if values else None,
    "MAX": lambda values, key: max(values, key=key) if values else None,
}
