"""Text to tree, by precedence climbing. Names are not judged here.

Operators from loose to tight: `||`, `&&`, comparisons, `&`, `+ -`, `* /`, `^`, then `- + !` before a value.
"""

import re
from dataclasses import dataclass
from typing import Any

LONGEST = 3_900
"""Characters; the vendor's own limit."""
DEEPEST = 50


class BadFormula(ValueError):
    """The text is no formula of this subset; the message says where or why."""


@dataclass(frozen=True, slots=True)
class Literal:
    value: Any


@dataclass(frozen=True, slots=True)
class FieldRef:
    names: tuple[str, ...]
    """`("Account", "Name")`; `$User` and its like stand first."""

    def __str__(self) -> str:
        return ".".join(self.names)


@dataclass(frozen=True, slots=True)
class Call:
    """A function or, with its sign for a name, an operator."""

    name: str
    arguments: tuple["Expression", ...]


Expression = Literal | FieldRef | Call


@dataclass(frozen=True, slots=True)
class Formula:
    text: str
    tree: Expression


_TOKEN = re.compile(
    r"\s*(?:/\*.*?\*/\s*)*(?:"
    r"(?P<number>\d+(?:\.\d+)?|\.\d+)"
    r"|(?P<string>'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")"
    r"|(?P<name>\$?[A-Za-z]\w*(?::[A-Za-z]\w*)?(?:\.[A-Za-z]\w*)*)"
    r"|(?P<sign>\|\||&&|<>|<=|>=|!=|==|[-+*/^&=<>!(),])"
    r"|(?P<end>$))",
    re.DOTALL,
)
_LEVELS = {
    **dict.fromkeys(["||"], 1),
    **dict.fromkeys(["&&"], 2),
    **dict.fromkeys(["=", "==", "<>", "!=", "<", "<=", ">", ">="], 3),
    **dict.fromkeys(["&"], 4),
    **dict.fromkeys(["+", "-"], 5),
    **dict.fromkeys(["*", "/"], 6),
    **dict.fromkeys(["^"], 7),
}
_SAME = {"==": "=", "!=": "<>", "||": "OR", "&&": "AND"}
_CONSTANTS = {"TRUE": True, "FALSE": False, "NULL": None}
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r"}


def parse(text: str) -> Expression:
    if len(text) > LONGEST:
        raise BadFormula(f"the formula is longer than {LONGEST} characters")
    return _Parser(text).whole()


class _Parser:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.kind, self.word = "", ""
        self.depth = 0
        self.advance()

    def advance(self) -> None:
        found = _TOKEN.match(self.text, self.at)
        if found is None:
            raise BadFormula(f"nothing known stands at {self.text[self.at : self.at + 20]!r}")
        self.kind = found.lastgroup or ""
        self.word = found[self.kind]
        self.at = found.end()

    def unexpected(self) -> BadFormula:
        return BadFormula(f"{self.word or 'the end'!r} is not expected there")

    def take(self, sign: str) -> None:
        if self.kind != "sign" or self.word != sign:
            raise BadFormula(f"{sign!r} is expected before {self.word or 'the end'!r}")
        self.advance()

    def whole(self) -> Expression:
        tree = self.expression(0)
        if self.kind != "end":
            raise self.unexpected()
        return tree

    def expression(self, level: int) -> Expression:
        self.depth += 1
        if self.depth > DEEPEST:
            raise BadFormula(f"the formula is nested deeper than {DEEPEST}")
        left = self.operand()
        while self.kind == "sign" and _LEVELS.get(self.word, 0) > level:
            sign = self.word
            self.advance()
            left = Call(_SAME.get(sign, sign), (left, self.expression(_LEVELS[sign])))
        self.depth -= 1
        return left

    def operand(self) -> Expression:
        kind, word = self.kind, self.word
        self.advance()
        if kind == "number":
            return Literal(float(word))
        if kind == "string":
            return Literal(re.sub(r"\\(.)", lambda found: _ESCAPES.get(found[1], found[1]), word[1:-1]))
        if kind == "name":
            return self.named(word)
        if kind == "sign" and word == "(":
            inner = self.expression(0)
            self.take(")")
            return inner
        if kind == "sign" and word in "-+!":
            return Call("NOT" if word == "!" else f"{word}1", (self.expression(_LEVELS["^"]),))
        self.word = word
        raise self.unexpected()

    def named(self, name: str) -> Expression:
        if self.kind == "sign" and self.word == "(":
            return Call(name.upper(), self.arguments())
        if name.upper() in _CONSTANTS:
            return Literal(_CONSTANTS[name.upper()])
        return FieldRef(tuple(name.split(".")))

    def arguments(self) -> tuple[Expression, ...]:
        self.take("(")
        found: list[Expression] = []
        while self.word != ")" or self.kind != "sign":
            if found:
                self.take(",")
            found.append(self.expression(0))
        self.advance()
        return tuple(found)
