"""What the functions and operators of a formula answer. Null is None; a blank text is the same as null."""

import math
import operator
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

ANY = 99
DAY = 86_400


def blank(value: Any) -> bool:
    return value is None or value == ""


def _equal(one: Any, other: Any) -> bool:
    if blank(one) or blank(other):
        return blank(one) and blank(other)
    return bool(one == other)


def _unless_unfit(function: Callable[..., Any]) -> Callable[..., Any]:
    """Null for a null, and for values the operator has no meaning for."""

    def unless_unfit(*arguments: Any) -> Any:
        if any(one is None for one in arguments):
            return None
        try:
            return function(*arguments)
        except (ArithmeticError, ValueError, TypeError):
            return None

    return unless_unfit


def _plus(one: Any, other: Any) -> Any:
    if isinstance(one, str) or isinstance(other, str):
        return f"{text(one)}{text(other)}"
    if isinstance(one, date):
        return one + timedelta(days=other)
    return other + timedelta(days=one) if isinstance(other, date) else one + other


def _minus(one: Any, other: Any) -> Any:
    if isinstance(one, date) and isinstance(other, date):
        return (one - other).total_seconds() / DAY
    return one - timedelta(days=other) if isinstance(one, date) else one - other


def _numeric(function: Callable[..., Any]) -> Callable[..., Any]:
    return _unless_unfit(lambda *arguments: float(function(*arguments)))


def text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%SZ")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _on_text(function: Callable[..., Any]) -> Callable[..., Any]:
    """The first argument is a text; what counts letters gets whole numbers."""

    def on_text(first: Any, *rest: Any) -> Any:
        return function(text(first), *(int(one) if isinstance(one, float) else one for one in rest))

    return on_text


def _value(given: str) -> float | None:
    try:
        return float(given)
    except ValueError:
        return None


def _day(value: Any) -> date | None:
    if isinstance(value, datetime):
        return value.astimezone(UTC).date()
    if isinstance(value, str):
        try:
            return date.fromisoformat(value[:10])
        except ValueError:
            return None
    return value if isinstance(value, date) else None


def _part(name: str) -> Callable[[Any], Any]:
    return lambda value: None if value is None else float(getattr(value, name))


def _round(value: float, digits: float) -> float:
    return float(Decimal(str(value)).quantize(Decimal(1).scaleb(-int(digits)), ROUND_HALF_UP))


def _includes(held: Any, wanted: Any) -> bool:
    return wanted in text(held).split(";")


FUNCTIONS: dict[str, tuple[int, int, Callable[..., Any]]] = {
    "=": (2, 2, _equal),
    "<>": (2, 2, lambda one, other: not _equal(one, other)),
    "<": (2, 2, _unless_unfit(operator.lt)),
    "<=": (2, 2, _unless_unfit(operator.le)),
    ">": (2, 2, _unless_unfit(operator.gt)),
    ">=": (2, 2, _unless_unfit(operator.ge)),
    "&": (2, 2, lambda one, other: text(one) + text(other)),
    "+": (2, 2, _unless_unfit(_plus)),
    "-": (2, 2, _unless_unfit(_minus)),
    "*": (2, 2, _numeric(operator.mul)),
    "/": (2, 2, _numeric(operator.truediv)),
    "^": (2, 2, _numeric(operator.pow)),
    "-1": (1, 1, _numeric(operator.neg)),
    "+1": (1, 1, lambda value: value),
    "NOT": (1, 1, lambda value: not value),
    "ISBLANK": (1, 1, blank),
    "ISNULL": (1, 1, blank),
    "BLANKVALUE": (2, 2, lambda value, other: other if blank(value) else value),
    "NULLVALUE": (2, 2, lambda value, other: other if blank(value) else value),
    "ISPICKVAL": (2, 2, _equal),
    "INCLUDES": (2, 2, _includes),
    "TEXT": (1, 1, text),
    "LEN": (1, 1, _on_text(lambda value: float(len(value)))),
    "CONTAINS": (2, 2, _on_text(lambda value, part: text(part) in value)),
    "BEGINS": (2, 2, _on_text(lambda value, part: value.startswith(text(part)))),
    "LEFT": (2, 2, _on_text(lambda value, number: value[: max(number, 0)])),
    "RIGHT": (2, 2, _on_text(lambda value, number: value[-number:] if number > 0 else "")),
    "MID": (3, 3, _on_text(lambda value, start, number: value[max(start - 1, 0) :][: max(number, 0)])),
    "UPPER": (1, 1, _on_text(str.upper)),
    "LOWER": (1, 1, _on_text(str.lower)),
    "TRIM": (1, 1, _on_text(str.strip)),
    "SUBSTITUTE": (3, 3, _on_text(lambda value, old, new: value.replace(text(old), text(new)))),
    "REGEX": (2, 2, _on_text(lambda value, pattern: re.fullmatch(text(pattern), value) is not None)),
    "VALUE": (1, 1, _on_text(_value)),
    "ABS": (1, 1, _numeric(abs)),
    "FLOOR": (1, 1, _numeric(math.floor)),
    "CEILING": (1, 1, _numeric(math.ceil)),
    "ROUND": (2, 2, _numeric(_round)),
    "MOD": (2, 2, _numeric(operator.mod)),
    "MAX": (1, ANY, _numeric(max)),
    "MIN": (1, ANY, _numeric(min)),
    "DATEVALUE": (1, 1, _day),
    "YEAR": (1, 1, _part("year")),
    "MONTH": (1, 1, _part("month")),
    "DAY": (1, 1, _part("day")),
}
"""Fewest and most arguments, and what is done with their values."""

LAZY: dict[str, tuple[int, int]] = {
    "AND": (1, ANY),
    "OR": (1, ANY),
    "IF": (3, 3),
    "CASE": (4, ANY),
    "TODAY": (0, 0),
    "NOW": (0, 0),
    "DATE": (3, 3),
    "ISNEW": (0, 0),
    "ISCHANGED": (1, 1),
    "PRIORVALUE": (1, 1),
}
"""Those that read more than their arguments' values, or not all of them: `evaluate` knows them."""
