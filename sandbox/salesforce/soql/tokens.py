"""SOQL text cut into tokens, each with its place, for the vendor's errors point at row and column."""

import re
from dataclasses import dataclass
from typing import Literal

from sandbox.salesforce.errors import SalesforceError, malformed_query

Kind = Literal["name", "string", "number", "date", "datetime", "time", "mark", "end"]

MAX_TEXT = 100_000
MAX_STRING = 4_000

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_DATETIME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:?\d{2})", re.IGNORECASE)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}(?![\dT])")
_TIME = re.compile(r"\d{2}:\d{2}:\d{2}(?:\.\d+)?Z", re.IGNORECASE)
_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d+)?|\.\d+)")
_MARKS = ("!=", "<>", "<=", ">=", "=", "<", ">", "(", ")", ",", ".", ":")
LITERALLY = "\ue000"
"""Before a `_` or `%` that was escaped; no such character is ever written, and a backslash may be meant itself."""
_ESCAPES = {
    "n": "\n",
    "r": "\r",
    "t": "\t",
    "b": "\b",
    "f": "\f",
    '"': '"',
    "'": "'",
    "\\": "\\",
    "_": f"{LITERALLY}_",
    "%": f"{LITERALLY}%",
}
"""`\\_` and `\\%` stay marked: LIKE reads them."""


@dataclass(frozen=True, slots=True)
class Token:
    kind: Kind
    text: str
    """As written; of a string, what it says."""
    at: int
    """Offset in the query."""
    end: int

    @property
    def upper(self) -> str:
        return self.text.upper() if self.kind == "name" else ""


def located(text: str, at: int, message: str, code: str = "MALFORMED_QUERY") -> SalesforceError:
    """The vendor's layout: the piece of the query, a caret under the place, row and column, the sentence."""
    row = text.count("\n", 0, at) + 1
    column = at - (text.rfind("\n", 0, at) + 1) + 1
    start = max(0, at - 20)
    excerpt = text[start : at + 20].replace("\n", " ")
    caret = " " * (at - start) + "^"
    return SalesforceError(code, f"\n{excerpt}\n{caret}\nERROR at Row:{row}:Column:{column}\n{message}")


def unexpected(text: str, token: Token) -> SalesforceError:
    if token.kind == "end":
        return malformed_query("unexpected token: '<EOF>'")
    return located(text, token.at, f"unexpected token: '{token.text}'")


def tokenise(text: str) -> list[Token]:
    if len(text) > MAX_TEXT:
        raise malformed_query("SOQL statements cannot be longer than 100000 characters.")
    tokens: list[Token] = []
    at = 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        token = _next(text, at)
        tokens.append(token)
        at = token.end
    tokens.append(Token("end", "", len(text), len(text)))
    return tokens


def _next(text: str, at: int) -> Token:
    if text[at] == "'":
        return _string(text, at)
    for kind, pattern in _PATTERNS:
        found = pattern.match(text, at)
        if found:
            return Token(kind, found.group(), at, found.end())
    for mark in _MARKS:
        if text.startswith(mark, at):
            return Token("mark", mark, at, at + len(mark))
    raise located(text, at, f"line 1:{at} no viable alternative at character '{text[at]}'")


_PATTERNS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("datetime", _DATETIME),
    ("date", _DATE),
    ("time", _TIME),
    ("number", _NUMBER),
    ("name", _NAME),
)


def _string(text: str, at: int) -> Token:
    said: list[str] = []
    place = at + 1
    while place < len(text):
        letter = text[place]
        if letter == "'":
            value = "".join(said)
            if len(value) > MAX_STRING:
                raise malformed_query("Filter string literal is longer than 4000 characters.")
            return Token("string", value, at, place + 1)
        if letter == "\\":
            escape = text[place + 1 : place + 2]
            if escape == "u":
                said.append(_unicode(text, place))
                place += 6
                continue
            if escape not in _ESCAPES:
                raise located(text, place, f"Illegal string escape: '\\{escape}'")
            said.append(_ESCAPES[escape])
            place += 2
            continue
        said.append(letter)
        place += 1
    raise located(text, at, "line 1:0 mismatched character '<EOF>' expecting '''")


def _unicode(text: str, place: int) -> str:
    digits = text[place + 2 : place + 6]
    if not re.fullmatch(r"[0-9A-Fa-f]{4}", digits):
        raise located(text, place, "Illegal string escape: '\\u'")
    return chr(int(digits, 16))
