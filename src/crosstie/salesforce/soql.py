"""SOQL is built here and nowhere else: names are checked, values are typed literals, text is escaped.

Every finished statement goes through `render`, so that a test run can collect all of them (`observers`) and hand
them to the vendor's own parser.
"""

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal

from crosstie.domain.errors import Refused
from crosstie.domain.records import Value

LONGEST_TEXT = 4_000
"""Characters of one text literal in a filter (vendor's limit)."""
LONGEST_STATEMENT = 100_000

observers: list[Callable[[str], None]] = []
"""Told every statement that is about to be sent; for tests."""

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*(\.[A-Za-z][A-Za-z0-9_]*){0,5}")
_ESCAPES = {
    "\\": "\\\\",
    "'": "\\'",
    '"': '\\"',
    "\n": "\\n",
    "\r": "\\r",
    "\t": "\\t",
    "\b": "\\b",
}


@dataclass(frozen=True, slots=True)
class Condition:
    """A finished piece of a WHERE clause; made by the functions below only."""

    text: str


ALL = Condition("")
"""All there are, which asks for a limit; joined with nothing."""


@dataclass(frozen=True, slots=True)
class Select:
    object: str
    fields: Sequence[str]
    where: Condition
    order: Sequence[str] = ()
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """A row for each combination of values of `fields`, with how many records have it, as `n`; the largest first.

    `filled`: alias → a field, of which those records are counted that have a value there.
    """

    object: str
    fields: Sequence[str]
    where: Condition
    limit: int
    filled: Mapping[str, str] = field(default_factory=dict)


def name(text: str) -> str:
    """An object, field or relationship path, unchanged; anything else is a programming error."""
    if not _NAME.fullmatch(text):
        raise ValueError(f"not a SOQL name: {text!r}")
    return text


def literal(value: Value) -> str:
    """Raises Refused for a text that no filter takes, ValueError for a type that none has."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float) and math.isfinite(value):
        return format(Decimal(repr(value)), "f")
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        return _text(value)
    raise ValueError(f"no SOQL literal for {type(value).__name__}")


def moment(value: datetime) -> str:
    """Aware, in UTC; milliseconds only where there are any, finer parts are cut off."""
    if value.tzinfo is None:
        raise ValueError("a moment without a zone")
    utc = value.astimezone(UTC)
    precision = "milliseconds" if utc.microsecond >= 1000 else "seconds"
    return utc.replace(tzinfo=None).isoformat(timespec=precision) + "Z"


def equal(field: str, value: Value) -> Condition:
    return Condition(f"{name(field)} = {literal(value)}")


def filled(field: str) -> Condition:
    return Condition(f"{name(field)} != NULL")


def like(field: str, pattern: str) -> Condition:
    """`%` and `_` in the pattern stand for anything: whoever asks looks closer at what comes back."""
    return Condition(f"{name(field)} LIKE {literal(pattern)}")


def at_least(field: str, value: Value) -> Condition:
    return Condition(f"{name(field)} >= {literal(value)}")


def above(field: str, value: Value) -> Condition:
    return Condition(f"{name(field)} > {literal(value)}")


def at_most(field: str, value: Value) -> Condition:
    return Condition(f"{name(field)} <= {literal(value)}")


def one_of(field: str, values: Iterable[Value]) -> Condition:
    literals = [literal(value) for value in values]
    if not literals:
        raise ValueError("IN needs at least one value")
    return Condition(f"{name(field)} IN ({','.join(literals)})")


def none_of(field: str, values: Iterable[Value]) -> Condition:
    return Condition(one_of(field, values).text.replace(" IN (", " NOT IN (", 1))


def every(conditions: Iterable[Condition]) -> Condition:
    return _joined(" AND ", conditions)


def any_of(conditions: Iterable[Condition]) -> Condition:
    return _joined(" OR ", conditions)


def render(query: Select | Counts) -> str:
    """The statement, and the observers told."""
    text = _select(query) if isinstance(query, Select) else _counts(query)
    if len(text) > LONGEST_STATEMENT:
        raise ValueError("the statement is longer than the vendor takes; split its list")
    for observer in observers:
        observer(text)
    return text


def _select(query: Select) -> str:
    fields = ", ".join(name(field) for field in query.fields)
    text = f"SELECT {fields} FROM {name(query.object)}"  # noqa: S608 - this is the builder
    if query.where is not ALL:
        text += f" WHERE {query.where.text}"
    if query.order:
        text += " ORDER BY " + ", ".join(name(field) for field in query.order)
    if query.limit is not None:
        text += f" LIMIT {int(query.limit)}"
    return text


def _counts(query: Counts) -> str:
    fields = ", ".join(name(field) for field in query.fields)
    counted = ["COUNT(Id) n"]
    counted += [f"COUNT({name(field)}) {name(alias)}" for alias, field in query.filled.items()]
    return (
        f"SELECT {fields}, {', '.join(counted)} FROM {name(query.object)} "  # noqa: S608 - this is the builder
        f"WHERE {query.where.text} GROUP BY {fields} ORDER BY COUNT(Id) DESC LIMIT {int(query.limit)}"
    )


def _text(value: str) -> str:
    if len(value) > LONGEST_TEXT:
        raise Refused("CRM-FILTER-TOO-LONG")
    return "'" + "".join(_escaped(character) for character in value) + "'"


def _escaped(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    if ord(character) < 0x20 or 0x7F <= ord(character) < 0xA0 or character in "\u2028\u2029":
        return f"\\u{ord(character):04x}"
    return "\ufffd" if 0xD800 <= ord(character) < 0xE000 else character


def _joined(word: str, conditions: Iterable[Condition]) -> Condition:
    texts = [condition.text for condition in conditions]
    if not texts:
        raise ValueError("nothing to join")
    return Condition(texts[0]) if len(texts) == 1 else Condition(word.join(f"({text})" for text in texts))
