"""GROUP BY, HAVING and the functions that make one value of many rows."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from sandbox.salesforce import currencies
from sandbox.salesforce.errors import SalesforceError, malformed_query
from sandbox.salesforce.records import Row
from sandbox.salesforce.schema.facts import Field
from sandbox.salesforce.soql.ast import Call, Column, Distance, Expression, Path, Query
from sandbox.salesforce.soql.bind import AGGREGATES, Bound, Scope
from sandbox.salesforce.soql.filters import key_of
from sandbox.salesforce.soql.functions import text_of, value_of
from sandbox.salesforce.soql.project import sorting_key
from sandbox.salesforce.values import NUMBER_TYPES, show

MAX_GROUPS = 2000
MAX_SUBTOTALED = 3


@dataclass(frozen=True, slots=True)
class Group:
    values: tuple[Any, ...]
    """Of the GROUP BY expressions, in their order; None where summed up."""
    rows: Sequence[Row]
    kept: tuple[bool, ...]
    """Which expressions still tell these rows from others: in a subtotal of ROLLUP or CUBE some do not."""


def is_aggregate(query: Query) -> bool:
    return bool(query.group) or any(
        isinstance(item, Column) and _aggregates(item.expression) for item in query.items
    )


def _aggregates(expression: Expression) -> bool:
    if not isinstance(expression, Call):
        return False
    return expression.name in (*AGGREGATES, "GROUPING") or any(map(_aggregates, expression.arguments))


class Aggregation:
    """The grouping of one query: what its columns, HAVING and ORDER BY may refer to."""

    def __init__(self, scope: Scope, query: Query) -> None:
        self.scope = scope
        self.query = query
        self.keys = [value_of(scope, item) for item in query.group]
        for item, bound in zip(query.group, self.keys, strict=True):
            if not bound.fact.groupable or isinstance(item, Distance):
                raise scope.error(item.at, f"field '{bound.fact.name}' can not be grouped in a query call")
        self.spelled = [_spell(scope, item) for item in query.group]
        if not query.group and query.limit is not None:
            raise malformed_query("Non-grouped query that uses overall aggregate functions cannot also use LIMIT")
        if query.grouping and len(self.keys) > MAX_SUBTOTALED:
            raise malformed_query(f"GROUP BY {query.grouping} takes at most {MAX_SUBTOTALED} fields")
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

    def ordered(self, expression: Expression) -> Bound:
        return self.bind(expression, "Ordered field")

    def bind(self, expression: Expression, said: str = "Field") -> Bound:
        """What reads its value of a Group: an aggregate, or one of the grouped expressions."""
        if isinstance(expression, Call):
            if expression.name in AGGREGATES:
                return self._aggregate(expression)
            if expression.name == "GROUPING":
                return self._grouping(expression)
            if expression.name == "FORMAT":
                return self._formatted(expression)
        spelled = _spell(self.scope, expression)
        if spelled not in self.spelled and isinstance(expression, Call) and expression.name == "TOLABEL":
            spelled = _spell(self.scope, expression.arguments[0])
        if spelled in self.spelled:
            place = self.spelled.index(spelled)
            return Bound(self.keys[place].fact, lambda group: group.values[place])
        name = expression.name if isinstance(expression, Call) else str(getattr(expression, "path", expression))
        value_of(self.scope, expression)
        raise malformed_query(f"{said} must be grouped or aggregated: {name}")

    def _aggregate(self, call: Call) -> Bound:
        inner = value_of(self.scope, call.arguments[0])
        kind = inner.fact.type
        numeric = kind == "int" or kind in NUMBER_TYPES
        unsuited = (
            kind in ("boolean", "address", "location", "base64", "junctionidlist") or not inner.fact.filterable
        )
        if unsuited or (call.name in ("SUM", "AVG") and not numeric):
            raise self.scope.error(
                call.at,
                f"field {inner.fact.name} does not support aggregate operator {call.name}",
                "MALFORMED_QUERY",
            )
        compute = _COMPUTE[call.name]
        key = key_of(inner.fact) if call.name == "COUNT_DISTINCT" else sorting_key(inner.fact)
        read = self._in_one_currency(inner)

        def get(group: Group) -> Any:
            values = [value for row in group.rows if (value := read(row)) is not None]
            return compute(values, key)

        if call.name in ("MIN", "MAX"):
            return Bound(Field(call.name, kind, scale=inner.fact.scale, values=inner.fact.values), get)
        return Bound(Field(call.name, "int" if call.name.startswith("COUNT") else "double", scale=2), get)

    def _in_one_currency(self, inner: Bound) -> Callable[[Row], Any]:
        """Where rows are in several currencies their amounts are put together in the corporate one."""
        core, get = self.scope.core, inner.get
        if not core.features.multi_currency or inner.fact.type != "currency":
            return get
        target = currencies.corporate(core)

        def converted(row: Row) -> Any:
            amount = get(row)
            own = currencies.of_row(core, row)
            return None if amount is None else currencies.convert(core, amount, own, target)

        return converted

    def _grouping(self, call: Call) -> Bound:
        """1 in a row that sums up over this field, else 0."""
        spelled = _spell(self.scope, call.arguments[0])
        if not self.query.grouping or spelled not in self.spelled:
            raise self.scope.error(
                call.at, "GROUPING takes a field of GROUP BY ROLLUP or GROUP BY CUBE", "MALFORMED_QUERY"
            )
        place = self.spelled.index(spelled)
        return Bound(Field("GROUPING", "int"), lambda group: 0 if group.kept[place] else 1)

    def _formatted(self, call: Call) -> Bound:
        inner, scope = self.bind(call.arguments[0]), self.scope
        corporate = currencies.corporate(scope.core)
        return Bound(
            Field("FORMAT", "string"), lambda group: text_of(scope, inner.fact, inner.get(group), corporate)
        )

    # -- groups

    def groups(self, rows: list[Row]) -> list[Group]:
        return [group for kept in self._subtotals() for group in self._groups(rows, kept)]

    def _subtotals(self) -> Iterable[tuple[bool, ...]]:
        """What to group by: everything first, then what ROLLUP (from the right) or CUBE (any) sums up over."""
        count = len(self.keys)
        if self.query.grouping == "ROLLUP":
            return [tuple(place < kept for place in range(count)) for kept in range(count, -1, -1)]
        if self.query.grouping == "CUBE":
            return product((True, False), repeat=count)
        return [(True,) * count]

    def _groups(self, rows: list[Row], kept: tuple[bool, ...]) -> list[Group]:
        if not self.keys:
            return [Group((), rows, kept)]
        found: dict[tuple[Any, ...], tuple[tuple[Any, ...], list[Row]]] = {}
        readers = [(bound.get, key_of(bound.fact), keep) for bound, keep in zip(self.keys, kept, strict=True)]
        for row in rows:
            values = tuple(get(row) if keep else None for get, _, keep in readers)
            key = tuple(fold(value) for (_, fold, _), value in zip(readers, values, strict=True))
            found.setdefault(key, (values, []))[1].append(row)
        return [Group(values, members, kept) for values, members in found.values()]

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
    if isinstance(expression, Distance):
        return f"distance({_spell(scope, expression.path)})"
    return f"{expression.name.lower()}({_spell(scope, expression.arguments[0])})"


_COMPUTE: dict[str, Callable[[list[Any], Callable[[Any], Any]], Any]] = {
    "COUNT": lambda values, _key: len(values),
    "COUNT_DISTINCT": lambda values, key: len({key(value) for value in values}),
    "SUM": lambda values, _key: float(sum(values)) if values else None,
    "AVG": lambda values, _key: sum(values) / len(values) if values else None,
    "MIN": lambda values, key: min(values, key=key) if values else None,
    "MAX": lambda values, key: max(values, key=key) if values else None,
}
