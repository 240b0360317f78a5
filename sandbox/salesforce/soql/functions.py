"""Functions of one field: of its date, its label, its money, its distance; and where each may stand."""

from collections.abc import Callable
from datetime import UTC, datetime
from math import asin, cos, radians, sin, sqrt
from typing import Any
from zoneinfo import ZoneInfo

from sandbox.salesforce import currencies, render
from sandbox.salesforce.errors import malformed_query
from sandbox.salesforce.records import Row
from sandbox.salesforce.schema import ObjectSchema
from sandbox.salesforce.schema.facts import Field
from sandbox.salesforce.soql import formats
from sandbox.salesforce.soql.ast import Call, Distance, Expression, Path
from sandbox.salesforce.soql.bind import AGGREGATES, Bound, Scope
from sandbox.salesforce.soql.dates import DATE_FUNCTIONS, DATETIME_ONLY
from sandbox.salesforce.values import show

Maker = Callable[[Row], Any]
"""What shows a member of a record."""
Show = Callable[[ObjectSchema | None, Field], Maker]
ONLY_SELECTED = frozenset({"FORMAT", "CONVERTCURRENCY"})
EARTH_RADIUS = {"km": 6371.0, "mi": 3958.7613}


def value_of(scope: Scope, expression: Expression) -> Bound:
    """What rows are filtered, sorted and grouped by; aggregates belong elsewhere."""
    if isinstance(expression, Path):
        return scope.path(expression)
    if isinstance(expression, Distance):
        return distance(scope, expression)
    if expression.name in AGGREGATES or expression.name == "GROUPING":
        raise malformed_query("Aggregate expressions are not allowed here")
    if expression.name in ONLY_SELECTED:
        raise scope.error(expression.at, f"{expression.name} can only be selected", "MALFORMED_QUERY")
    if expression.name == "TOLABEL":
        return value_of(scope, expression.arguments[0])
    return _date_function(scope, expression)


def _date_function(scope: Scope, call: Call) -> Bound:
    compute = DATE_FUNCTIONS.get(call.name)
    if compute is None:
        raise scope.error(call.at, f"unexpected token: '{call.name}'", "MALFORMED_QUERY")
    argument, zone = call.arguments[0], ZoneInfo("UTC")
    converted = isinstance(argument, Call) and argument.name == "CONVERTTIMEZONE"
    if isinstance(argument, Call) and converted:
        argument, zone = argument.arguments[0], scope.zone
    inner = value_of(scope, argument)
    needs_time = converted or call.name in DATETIME_ONLY
    if inner.fact.type != "datetime" and (needs_time or inner.fact.type != "date"):
        raise scope.error(call.at, f"field {inner.fact.name} does not support function {call.name}")
    calendar = scope.calendar

    def get(row: Any) -> Any:
        value = inner.get(row)
        if isinstance(value, datetime):
            value = value.astimezone(zone if zone.key != "UTC" else UTC)
        return None if value is None else compute(value, calendar)

    return Bound(Field(call.name, "date" if call.name == "DAY_ONLY" else "int"), get)


# -- selected


def column(scope: Scope, call: Call) -> tuple[Path, Show]:
    """A selected function of a field: the field, and what shows it of the row that has it."""
    inner = call.arguments[0]
    if call.name == "TOLABEL" and isinstance(inner, Path):
        return inner, lambda shape, fact: teller(scope, shape, fact)
    if call.name == "CONVERTCURRENCY" and isinstance(inner, Path):
        check_several_currencies(scope, call)
        return inner, lambda shape, fact: _converted(scope, call, shape, fact)
    if call.name == "FORMAT":
        if isinstance(inner, Path):
            return inner, lambda shape, fact: _formatted(scope, shape, fact)
        if isinstance(inner, Call) and inner.name == "CONVERTCURRENCY" and isinstance(inner.arguments[0], Path):
            check_several_currencies(scope, inner)
            return inner.arguments[0], lambda shape, fact: _formatted(scope, shape, fact, convert=inner)
    raise scope.error(call.at, f"{call.name} is not supported here", "MALFORMED_QUERY")


def teller(scope: Scope, shape: ObjectSchema | None, fact: Field) -> Maker:
    """What shows one field of a row as it is."""
    if shape is None or fact.name in scope.SEEN:
        read = scope.reader(shape, fact)
        return lambda row: show(read(row))
    core = scope.core
    return lambda row: render.value(core, shape, fact, row)


def check_several_currencies(scope: Scope, call: Call) -> None:
    if not scope.core.features.multi_currency:
        message = "convertCurrency() is only supported in an organization with multiple currencies"
        raise scope.error(call.at, message, "MALFORMED_QUERY")


def _in_users_money(scope: Scope, call: Call, fact: Field) -> Callable[[Row, Any], Any]:
    if fact.type != "currency":
        raise scope.error(call.at, f"field {fact.name} does not support function convertCurrency")
    core, target = scope.core, currencies.of_user(scope.core, scope.user)
    return lambda row, amount: (
        None if amount is None else currencies.convert(core, amount, currencies.of_row(core, row), target)
    )


def _converted(scope: Scope, call: Call, shape: ObjectSchema | None, fact: Field) -> Maker:
    convert, read = _in_users_money(scope, call, fact), scope.reader(shape, fact)
    return lambda row: convert(row, read(row))


def _formatted(scope: Scope, shape: ObjectSchema | None, fact: Field, convert: Call | None = None) -> Maker:
    read = scope.reader(shape, fact)
    if convert is None:
        return lambda row: text_of(scope, fact, read(row), currencies.of_row(scope.core, row))
    change, target = _in_users_money(scope, convert, fact), currencies.of_user(scope.core, scope.user)
    return lambda row: text_of(scope, fact, change(row, read(row)), target)


def text_of(scope: Scope, fact: Field, value: Any, iso_code: str) -> str | None:
    """A value as the running user reads it."""
    locale = formats.locale_of((scope.core.access.user(scope.user) or {}).get("LocaleSidKey", ""))
    if fact.type == "currency" and value is not None:
        return formats.money(locale, value, iso_code, several=scope.core.features.multi_currency)
    return formats.written(locale, scope.zone, fact, value)


# -- places


def distance(scope: Scope, expression: Distance) -> Bound:
    """From a compound address or geolocation to a point, as the crow flies."""
    radius = EARTH_RADIUS.get(expression.unit.lower())
    if radius is None:
        message = f"Invalid unit in DISTANCE: '{expression.unit}'. Use 'mi' or 'km'."
        raise scope.error(expression.at, message, "MALFORMED_QUERY")
    if abs(expression.latitude) > 90 or abs(expression.longitude) > 180:
        raise scope.error(expression.at, "Invalid latitude or longitude in GEOLOCATION", "MALFORMED_QUERY")
    bound = scope.path(expression.path)
    if bound.fact.type not in ("address", "location"):
        raise scope.error(expression.at, f"field {bound.fact.name} does not support function DISTANCE")
    latitude, longitude = scope.coordinates(expression.path)
    here = (expression.latitude, expression.longitude)

    def get(row: Any) -> Any:
        there = (latitude.get(row), longitude.get(row))
        return None if None in there else _apart(here, there) * radius

    return Bound(Field("DISTANCE", "double", scale=15), get)


def _apart(one: tuple[float, float], other: tuple[float, float]) -> float:
    """The angle between two points of a sphere, by the haversine formula."""
    (north, east), (up, right) = ((radians(angle) for angle in point) for point in (one, other))
    half = sin((up - north) / 2) ** 2 + cos(north) * cos(up) * sin((right - east) / 2) ** 2
    return 2 * asin(min(1.0, sqrt(half)))
