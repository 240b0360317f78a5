"""`$filter`: a small recursive-descent reader that yields a predicate over a JSON-shaped item.

Paths walk through the item as Graph shows it, so what can be filtered is what can be seen; extended
properties are the exception and come through the `property_value` function.
"""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any, NoReturn

from sandbox.graph.errors import GraphError, bad_request, malformed_id
from sandbox.mailboxes.properties import PropertyName, parse_property

Shape = dict[str, Any]
Predicate = Callable[[Shape], bool]
Value = Callable[[Shape], Any]
PropertyValue = Callable[[Shape, PropertyName], str | None]
Ids = Mapping[str, Callable[[str], bool]]
"""Properties that are ids, compared byte by byte, and whether a text can be one at all."""

_TOKEN = re.compile(
    r"\s*(?:(?P<text>'(?:[^']|'')*')"
    r"|(?P<moment>\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)|\d{4}-\d\d-\d\d(?![\w-]))"
    r"|(?P<number>-?\d+(?:\.\d+)?)"
    r"|(?P<word>[A-Za-z_][\w.]*(?:/[A-Za-z_][\w.]*)*)"
    r"|(?P<sign>[(),:]))"
)
_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "eq": lambda left, right: bool(left == right),
    "ne": lambda left, right: bool(left != right),
    "gt": lambda left, right: left is not None and bool(left > right),
    "ge": lambda left, right: left is not None and bool(left >= right),
    "lt": lambda left, right: left is not None and bool(left < right),
    "le": lambda left, right: left is not None and bool(left <= right),
}
_FUNCTIONS: dict[str, Callable[[str, str], bool]] = {
    "startswith": lambda text, part: text.startswith(part),
    "endswith": lambda text, part: text.endswith(part),
    "contains": lambda text, part: part in text,
}
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:")
_EXTENDED = "singleValueExtendedProperties"
NO_IDS: Ids = MappingProxyType({})


def read_filter(
    text: str, paths: frozenset[str], property_value: PropertyValue | None = None, ids: Ids = NO_IDS
) -> Predicate:
    """`paths` are the first segments that may be asked for. Raises 400 for all that is not understood."""
    reader = _Reader(text, paths, property_value, ids)
    predicate = reader.disjunction()
    reader.expect_end()
    return predicate


def first_paths(text: str) -> list[str]:
    """The property paths in the order a filter names them."""
    keywords = {"and", "or", "not", "true", "false", "null", *_COMPARISONS, *_FUNCTIONS}
    words = (form["word"] for form in _TOKEN.finditer(text) if form["word"])
    return [word for word in words if word.lower() not in keywords]


class _Reader:
    def __init__(self, text: str, paths: frozenset[str], property_value: PropertyValue | None, ids: Ids) -> None:
        self._ids = {path.lower(): is_one for path, is_one in ids.items()}
        self._paths = {path.lower(): path for path in paths}
        self._property_value = property_value
        self._variables: set[str] = set()
        self._tokens: list[tuple[str, str]] = []
        self._position = 0
        text, position = text.strip(), 0
        while position < len(text):
            form = _TOKEN.match(text, position)
            if form is None:
                raise bad_request(f"$filter cannot be read at: {text[position:]}", "RequestBroker--ParseUri")
            kind = form.lastgroup or ""
            self._tokens.append((kind, form[kind]))
            position = form.end()

    def disjunction(self) -> Predicate:
        parts = [self._conjunction()]
        while self._take_word("or"):
            parts.append(self._conjunction())
        return lambda item: any(part(item) for part in parts)

    def _conjunction(self) -> Predicate:
        parts = [self._term()]
        while self._take_word("and"):
            parts.append(self._term())
        return lambda item: all(part(item) for part in parts)

    def _term(self) -> Predicate:
        if self._take_word("not"):
            inner = self._term()
            return lambda item: not inner(item)
        if self._take_sign("("):
            inner = self.disjunction()
            self._need_sign(")")
            return inner
        kind, word = self._next()
        if kind != "word":
            self._fail(word)
        if word.lower().endswith("/any"):
            return self._any(word[:-4])
        if word.lower() in _FUNCTIONS:
            return self._function(_FUNCTIONS[word.lower()])
        return self._comparison(word)

    def _comparison(self, word: str) -> Predicate:
        kind, operator = self._next()
        if kind != "word" or operator.lower() not in _COMPARISONS:
            self._fail(operator)
        compare, left, right = _COMPARISONS[operator.lower()], self._path(word), self._literal()
        if is_one := self._ids.get(word.lower()):
            if not isinstance(right, str) or not is_one(right):
                raise malformed_id()
            return lambda item: compare(left(item), right)
        return lambda item: _safely(compare, left(item), right)

    def _function(self, function: Callable[[str, str], bool]) -> Predicate:
        self._need_sign("(")
        path = self._path(self._next()[1])
        self._need_sign(",")
        part = str(self._literal()).lower()
        self._need_sign(")")
        if self._take_word("eq") and self._literal() is not True:
            self._fail("eq")
        return lambda item: function(str(path(item) or "").lower(), part)

    def _any(self, path: str) -> Predicate:
        self._need_sign("(")
        variable = self._next()[1]
        self._need_sign(":")
        if path.lower() == _EXTENDED.lower():
            return self._any_property(variable)
        collection = self._path(path)
        self._variables.add(variable)
        inner = self.disjunction()
        self._need_sign(")")
        return lambda item: any(inner({**item, variable: one}) for one in collection(item) or ())

    def _any_property(self, variable: str) -> Predicate:
        """`ep/id eq '...' and ep/value eq '...'`: the pair Outlook knows; values compare without case."""
        if self._property_value is None:
            raise bad_request("Extended properties cannot be filtered here.", "ErrorInvalidUrlQuery")
        read, name, wanted, operator = self._property_value, "", "", ""
        while not self._take_sign(")"):
            self._take_word("and")
            path, comparison = self._next()[1], self._next()[1].lower()
            if path.lower() == f"{variable}/id" and comparison == "eq":
                name = str(self._literal())
            elif path.lower() == f"{variable}/value" and comparison in _COMPARISONS:
                operator, wanted = comparison, str(self._literal()).lower()
            else:
                self._fail(path)
        known = parse_property(name)
        if known is None:
            raise bad_request(f"That is no id of an extended property: {name}", "ErrorInvalidPropertySet")
        if not operator:
            return lambda item: read(item, known) is not None
        compare = _COMPARISONS[operator]
        return lambda item: _safely(compare, _folded(read(item, known)), wanted)

    def _path(self, word: str) -> Value:
        first, *rest = word.split("/")
        if first not in self._variables:
            if first.lower() not in self._paths:
                raise bad_request(f"There is no property {word} to filter by.", "RequestBroker--ParseUri")
            first = self._paths[first.lower()]
        return lambda item: _walk(item.get(first), rest)

    def _literal(self) -> Any:
        kind, text = self._next()
        if kind == "text":
            return text[1:-1].replace("''", "'")
        if kind == "number":
            return float(text)
        if kind == "moment":
            return _moment(text)
        words = {"true": True, "false": False, "null": None}
        if kind == "word" and text.lower() in words:
            return words[text.lower()]
        return self._fail(text)

    def _next(self) -> tuple[str, str]:
        if self._position >= len(self._tokens):
            self._fail("its end")
        self._position += 1
        return self._tokens[self._position - 1]

    def _take_word(self, word: str) -> bool:
        return self._take("word", word)

    def _take_sign(self, sign: str) -> bool:
        return self._take("sign", sign)

    def _take(self, kind: str, text: str) -> bool:
        if self._position < len(self._tokens):
            found = self._tokens[self._position]
            if found[0] == kind and found[1].lower() == text:
                self._position += 1
                return True
        return False

    def _need_sign(self, sign: str) -> None:
        if not self._take_sign(sign):
            self._fail(f"a missing {sign}")

    def expect_end(self) -> None:
        if self._position < len(self._tokens):
            self._fail(self._tokens[self._position][1])

    def _fail(self, at: str) -> NoReturn:
        raise bad_request(f"$filter cannot be read at: {at}", "RequestBroker--ParseUri")


def _walk(value: Any, path: list[str]) -> Any:
    for name in path:
        if not isinstance(value, dict):
            raise bad_request(f"There is nothing below {name} to filter by.", "RequestBroker--ParseUri")
        value = value.get(name)
    return value


def _folded(value: str | None) -> str | None:
    return None if value is None else value.lower()


def _safely(compare: Callable[[Any, Any], bool], left: Any, right: Any) -> bool:
    """Strings compare without case, moments as moments; unlike kinds are the client's mistake.

    The times of events are strings that are moments.
    """
    if isinstance(left, str) and isinstance(right, str) and _is_moment(left) and _is_moment(right):
        left, right = _moment(left), _moment(right)
    if isinstance(right, str):
        right = right.lower()
    if isinstance(left, str):
        left = _moment(left) if isinstance(right, datetime) else left.lower()
    if isinstance(left, (int, float)) and not isinstance(left, bool) and isinstance(right, str):
        left = str(left)
    try:
        return compare(left, right)
    except TypeError as unlike:
        raise GraphError(400, "RequestBroker--ParseUri", "$filter compares what cannot be compared.") from unlike


def _is_moment(text: str) -> bool:
    try:
        return _TIME.match(text) is not None and bool(datetime.fromisoformat(text))
    except ValueError:
        return False


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as broken:
        raise bad_request(f"{text} is no moment.", "RequestBroker--ParseUri") from broken
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
