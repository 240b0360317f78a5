"""Conditions compiled to functions of a row, each with the index that would find its rows if there is one.

Null is a value like any other to `=` and `!=`, and never smaller or greater: there is no third truth value.
"""

import operator
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from sandbox.salesforce import currencies
from sandbox.salesforce.errors import SalesforceError, malformed_query
from sandbox.salesforce.ids import Id, normalise
from sandbox.salesforce.records import fold
from sandbox.salesforce.schema.facts import Field
from sandbox.salesforce.soql.ast import (
    Compare,
    Condition,
    Distance,
    Expression,
    InList,
    InQuery,
    Logic,
    Not,
    Query,
    Value,
)
from sandbox.salesforce.soql.bind import Bound, Scope
from sandbox.salesforce.soql.dates import resolve
from sandbox.salesforce.soql.lookup import ById, ByKey, Lookup, by_stamp, narrowest, union
from sandbox.salesforce.soql.tokens import LITERALLY
from sandbox.salesforce.values import NUMBER_TYPES, TEXT_TYPES, parse_datetime
from sandbox.switches import declare

ORDERINGS: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
POLYMORPHIC_SEMI_JOIN = declare(
    "salesforce.polymorphic_semi_join",
    default=True,
    question="May a reference that can point at several objects (OwnerId of a task) stand before a semi-join?",
    source="P8",
)
SEMI_JOIN_IN_PARENTHESES = declare(
    "salesforce.semi_join_in_parentheses",
    default=False,
    question="May a semi-join stand within parentheses, as long as everything there is joined by AND?",
    source="field reports of the refusal do not tell it from OR",
)
Test = Callable[[Any], bool]
Place = Literal["top", "nested", "OR", "NOT"]
MAX_SEMI_JOINS = 2


@dataclass(frozen=True, slots=True)
class Filter:
    test: Test
    lookup: Lookup | None = None


class FilterMaker:
    """`bind` turns the left side of a condition into something that reads a row, or a group."""

    def __init__(
        self,
        scope: Scope,
        bind: Callable[[Expression], Bound],
        run: Callable[[Query, Scope], tuple[Bound, frozenset[Id]]] | None,
    ) -> None:
        self.scope = scope
        self.bind = bind
        self.run = run
        """Executes a semi-join's inner query: its column and the ids it gave. None where none is allowed."""
        self.semi_joins = 0

    def make(self, condition: Condition, place: Place = "top") -> Filter:
        """`place` is where the condition stands, for a semi-join may not stand everywhere."""
        if isinstance(condition, Logic):
            return self._joined(condition, place)
        if isinstance(condition, Not):
            inner = self.make(condition.condition, "NOT").test
            return Filter(lambda row: not inner(row))
        if isinstance(condition, Compare):
            return self.compare(condition)
        if isinstance(condition, InList):
            return self.in_list(condition)
        return self.in_query(condition, place)

    def _joined(self, condition: Logic, place: Place) -> Filter:
        either = condition.op == "OR"
        parts = [self.make(part, self._place_of(part, condition, place)) for part in condition.parts]
        tests = [part.test for part in parts]
        if either:
            return Filter(lambda row: any(test(row) for test in tests), union(part.lookup for part in parts))
        return Filter(lambda row: all(test(row) for test in tests), narrowest(part.lookup for part in parts))

    def _place_of(self, part: Condition, condition: Logic, place: Place) -> Place:
        if condition.op == "OR":
            return "OR" if place == "top" else "nested"
        if place == "top" and isinstance(part, Logic):
            lenient = part.op == "AND" and self.scope.core.switches.on(SEMI_JOIN_IN_PARENTHESES)
            return "top" if lenient else "nested"
        return place

    def left(self, expression: Expression) -> Bound:
        bound = self.bind(expression)
        if not bound.fact.filterable or bound.fact.type in ("junctionidlist", "address", "location", "base64"):
            raise self.scope.error(expression.at, f"field '{bound.fact.name}' can not be filtered in a query call")
        return bound

    # -- one value

    def compare(self, condition: Compare) -> Filter:
        bound, op, value = self.left(condition.left), condition.op, condition.value
        if value.kind == "relative":
            return self.relative(bound, op, value)
        if op == "LIKE":
            return Filter(self.like(bound, value))
        if isinstance(condition.left, Distance) and op not in ("<", ">"):
            raise self.scope.error(value.at, "DISTANCE can only be compared by < and >", "MALFORMED_QUERY")
        if value.kind == "currency":
            bound = self.in_corporate_currency(bound, value)
        wanted = literal(self.scope, bound.fact, value)
        if op in ("=", "!="):
            return self.equal(bound, wanted, negated=op == "!=")
        if bound.fact.type in ("boolean", "multipicklist"):
            raise self.scope.error(value.at, f"invalid operator on {bound.fact.type} field", INVALID_OPERATOR)
        lookup = None
        if wanted is not None and bound.direct == "SystemModstamp":
            lookup = by_stamp(self.table, op, wanted)
        return Filter(ordering(bound, op, wanted), lookup)

    def equal(self, bound: Bound, wanted: Any, *, negated: bool) -> Filter:
        get, key = bound.get, key_of(bound.fact)
        target = key(wanted)
        if negated:
            return Filter(lambda row: key(get(row)) != target)
        return Filter(lambda row: key(get(row)) == target, self.lookup(bound, frozenset({wanted})))

    def relative(self, bound: Bound, op: str, value: Value) -> Filter:
        if bound.fact.type not in ("date", "datetime"):
            raise _wrong_type(self.scope, bound.fact, value)
        span = resolve(value.text, value.number, self.scope.today(), self.scope.calendar)
        low: Any = span.first
        end: Any = span.end
        if bound.fact.type == "datetime":
            low, end = span.instants(self.scope.zone)
        get = bound.get
        tests: dict[str, Callable[[Any], bool]] = {
            "=": lambda found: low <= found < end,
            "!=": lambda found: not low <= found < end,
            "<": lambda found: found < low,
            "<=": lambda found: found < end,
            ">": lambda found: found >= end,
            ">=": lambda found: found >= low,
        }
        if op not in tests:
            raise self.scope.error(value.at, f"invalid operator on {bound.fact.type} field", INVALID_OPERATOR)
        test, of_null = tests[op], op == "!="
        lookup = by_stamp(self.table, op, low) if bound.direct == "SystemModstamp" and op in (">=", "<") else None
        return Filter(lambda row: of_null if (found := get(row)) is None else test(found), lookup)

    def like(self, bound: Bound, value: Value) -> Test:
        if bound.fact.type not in TEXT_TYPES or bound.fact.type == "multipicklist":
            raise self.scope.error(value.at, f"invalid operator on {bound.fact.type} field", INVALID_OPERATOR)
        if value.kind != "string":
            raise _wrong_type(self.scope, bound.fact, value)
        flags = re.DOTALL if bound.fact.case_sensitive else re.DOTALL | re.IGNORECASE
        pattern, get = re.compile(_like(value.text), flags), bound.get
        return lambda row: (found := get(row)) is not None and pattern.fullmatch(found) is not None

    def in_corporate_currency(self, bound: Bound, value: Value) -> Bound:
        """Amounts of rows in several currencies, to be compared with an amount in a named one."""
        core, get = self.scope.core, bound.get
        if not core.features.multi_currency or bound.fact.type != "currency" or bound.direct is None:
            raise self.scope.error(value.at, f"invalid currency value: {value.text}")

        def converted(row: Any) -> Any:
            amount, corporate = get(row), currencies.corporate(core)
            own = currencies.of_row(core, row)
            return None if amount is None else currencies.convert(core, amount, own, corporate)

        return Bound(bound.fact, converted)

    # -- several values

    def in_list(self, condition: InList) -> Filter:
        bound = self.left(condition.left)
        if condition.op in ("INCLUDES", "EXCLUDES"):
            return self.includes(condition, bound)
        negated = condition.op == "NOT IN"
        if any(value.kind == "relative" for value in condition.values):
            parts = [
                self.relative(bound, "=", value).test for value in condition.values if value.kind == "relative"
            ]
            return Filter(lambda row: any(part(row) for part in parts) != negated)
        in_currency = [value for value in condition.values if value.kind == "currency"]
        if in_currency:
            if len(in_currency) < len(condition.values):
                message = "values with and without a currency cannot be mixed"
                raise self.scope.error(in_currency[0].at, message, "MALFORMED_QUERY")
            bound = self.in_corporate_currency(bound, in_currency[0])
        wanted = frozenset(literal(self.scope, bound.fact, value) for value in condition.values)
        return self.membership(bound, wanted, negated=negated)

    def membership(self, bound: Bound, wanted: frozenset[Any], *, negated: bool) -> Filter:
        get, key = bound.get, key_of(bound.fact)
        keys = frozenset(key(value) for value in wanted)
        if negated:
            return Filter(lambda row: key(get(row)) not in keys)
        return Filter(lambda row: key(get(row)) in keys, self.lookup(bound, wanted))

    def includes(self, condition: InList, bound: Bound) -> Filter:
        """`INCLUDES ('A;B', 'C')`: has A and B, or C."""
        if bound.fact.type != "multipicklist":
            at = condition.values[0].at
            raise self.scope.error(at, f"invalid operator on {bound.fact.type} field", INVALID_OPERATOR)
        wrong = next((value for value in condition.values if value.kind not in ("string", "null")), None)
        if wrong is not None:
            raise _wrong_type(self.scope, bound.fact, wrong)
        texts = ["" if value.kind == "null" else value.text for value in condition.values]
        groups = [frozenset(text.split(";")) for text in texts]
        get, negated = bound.get, condition.op == "EXCLUDES"

        def test(row: Any) -> bool:
            held = frozenset((get(row) or "").split(";"))
            return any(group <= held for group in groups) != negated

        return Filter(test)

    # -- semi-joins

    def in_query(self, condition: InQuery, place: Place) -> Filter:
        bound = self.left(condition.left)
        self.semi_joins += 1
        if self.run is None:
            raise malformed_query("Nesting of semi join sub-selects is not supported")
        if place in ("OR", "NOT"):
            raise malformed_query(f"Semi join sub-selects are not allowed with the '{place}' operator")
        if place == "nested":
            raise malformed_query(
                "Semi join sub-selects are only allowed at the top level WHERE expressions and not in nested "
                "WHERE expressions."
            )
        if self.semi_joins > MAX_SEMI_JOINS:
            raise malformed_query("maximum 2 semi join sub-selects are allowed")
        if bound.fact.type not in ("id", "reference"):
            raise self.scope.error(condition.at, "Semi join field must be an id or a reference", "MALFORMED_QUERY")
        inner, found = self.run(condition.query, self.scope)
        _check_same_entity(self.scope, bound, inner, condition)
        return self.membership(bound, found, negated=condition.negated)

    # -- indexes

    @property
    def table(self) -> Any:
        return self.scope.core.store.table(self.scope.shape.name)

    def lookup(self, bound: Bound, wanted: frozenset[Any]) -> Lookup | None:
        if bound.direct is None or None in wanted:
            return None
        if bound.direct == "Id":
            return ById(self.table, wanted)
        if bound.direct == "SystemModstamp":
            return union(by_stamp(self.table, "=", value) for value in wanted)
        index = self.table.indexes.get(bound.direct)
        return ByKey(bound.direct, index, wanted) if index is not None else None


INVALID_OPERATOR = "INVALID_QUERY_FILTER_OPERATOR"


def _check_same_entity(scope: Scope, outer: Bound, inner: Bound, condition: InQuery) -> None:
    targets = {scope.shape.name} if outer.fact.type == "id" else set(outer.fact.to)
    fits = bool(targets & set(inner.fact.to))
    if len(targets) > 1 and not scope.core.switches.on(POLYMORPHIC_SEMI_JOIN):
        fits = False
    if not fits:
        raise malformed_query(
            "The selected field in the sub-select and the left operand field in the where expression "
            f"should point to the same object type: '{inner.fact.name}'"
        )


def key_of(fact: Field) -> Callable[[Any], Any]:
    """The form in which two values of a field are equal in a query."""
    if fact.type in TEXT_TYPES and not fact.case_sensitive:
        return fold
    return lambda value: value


def ordering(bound: Bound, op: str, wanted: Any) -> Test:
    get, key, smaller = bound.get, key_of(bound.fact), ORDERINGS[op]
    target = key(wanted)
    if target is None:
        return lambda row: False
    return lambda row: (found := get(row)) is not None and smaller(key(found), target)


def _like(text: str) -> str:
    """`%` any run, `_` one letter, either literal when it was escaped."""
    parts = re.split(f"({LITERALLY}[%_]|[%_])", text)
    meanings = {"%": ".*", "_": ".", f"{LITERALLY}%": "%", f"{LITERALLY}_": "_"}
    return "".join(meanings.get(part, re.escape(part)) for part in parts)


def literal(scope: Scope, fact: Field, value: Value) -> Any:
    """The typed value a literal stands for in a comparison with this field."""
    if value.kind == "null":
        return False if fact.type == "boolean" else None
    kind = fact.type
    if kind in ("id", "reference"):
        return _id(scope, fact, value)
    if kind in TEXT_TYPES and value.kind == "string":
        return value.text or None
    if kind == "boolean" and value.kind == "boolean":
        return value.text == "TRUE"
    if (kind == "int" or kind in NUMBER_TYPES) and value.kind == "number":
        return float(value.text)
    if value.kind == "currency":
        return _money(scope, value)
    if kind == "date" and value.kind == "date":
        return _date(scope, value)
    if kind == "datetime" and value.kind == "datetime":
        found = parse_datetime(value.text.upper())
        if found is None:
            raise scope.error(value.at, f"invalid dateTime value: {value.text}", "MALFORMED_QUERY")
        return found
    raise _wrong_type(scope, fact, value)


def _money(scope: Scope, value: Value) -> float:
    """`USD5000` in the corporate currency."""
    iso_code, amount = value.text[:3].upper(), float(value.text[3:])
    if currencies.rate(scope.core, iso_code) is None:
        raise scope.error(value.at, f"invalid currency value: {value.text}")
    return currencies.convert(scope.core, amount, iso_code, currencies.corporate(scope.core))


def _date(scope: Scope, value: Value) -> date:
    try:
        return date.fromisoformat(value.text)
    except ValueError:
        raise scope.error(value.at, f"invalid date value: {value.text}", "MALFORMED_QUERY") from None


def _id(scope: Scope, fact: Field, value: Value) -> Id | None:
    if value.kind != "string":
        raise _wrong_type(scope, fact, value)
    if not value.text:
        return None
    found = normalise(value.text)
    if found is None:
        raise scope.error(value.at, f"invalid ID field: {value.text}", INVALID_OPERATOR)
    return found


_SPOKEN = {"datetime": "dateTime", "currency": "double", "percent": "double"}


def _wrong_type(scope: Scope, fact: Field, value: Value) -> SalesforceError:
    kind = "string" if fact.type in TEXT_TYPES else _SPOKEN.get(fact.type, fact.type)
    how = (
        "should be enclosed in quotes"
        if kind in ("string", "id", "reference")
        else "should not be enclosed in quotes"
    )
    return scope.error(
        value.at, f"value of filter criterion for field '{fact.name}' must be of type {kind} and {how}"
    )
