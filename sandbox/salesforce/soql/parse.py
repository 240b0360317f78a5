"""Tokens to tree, by recursive descent. Only the shape is judged here, names are not."""

import re
from collections.abc import Callable
from typing import Literal, TypeVar, cast

from sandbox.salesforce.errors import SalesforceError, malformed_query
from sandbox.salesforce.soql.ast import (
    Call,
    Column,
    Compare,
    Condition,
    Expression,
    Fields,
    InList,
    InQuery,
    Logic,
    Not,
    Order,
    Path,
    Query,
    SelectItem,
    SubSelect,
    TypeOf,
    Value,
)
from sandbox.salesforce.soql.dates import RELATIVE, RELATIVE_N
from sandbox.salesforce.soql.tokens import Token, located, tokenise, unexpected

RESERVED = frozenset(
    {
        "AND",
        "ASC",
        "DESC",
        "EXCLUDES",
        "FIRST",
        "FOR",
        "FROM",
        "GROUP",
        "HAVING",
        "IN",
        "INCLUDES",
        "LAST",
        "LIKE",
        "LIMIT",
        "NOT",
        "NULL",
        "NULLS",
        "OR",
        "ORDER",
        "SELECT",
        "USING",
        "WHERE",
        "WITH",
    }
)
"""Words that cannot be an alias."""
OPERATORS = {"=": "=", "!=": "!=", "<>": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
CURRENCY = re.compile(r"[A-Za-z]{3}[+-]?\d+(?:\.\d+)?(?![A-Za-z0-9_.])")
"""`USD5000`: only where a value is expected, for elsewhere it may be a name."""
MAX_DEPTH = 100
T = TypeVar("T")


def parse(text: str) -> Query:
    parser = _Parser(text)
    query = parser.query(inner=False)
    if parser.token.kind != "end":
        raise unexpected(text, parser.token)
    return query


class _Parser:
    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = tokenise(text)
        self.place = 0
        self.depth = 0

    # -- moving along

    @property
    def token(self) -> Token:
        return self.tokens[self.place]

    def advance(self) -> Token:
        token = self.token
        self.place += 1
        return token

    def fail(self) -> SalesforceError:
        return unexpected(self.text, self.token)

    def word(self, *words: str) -> bool:
        """Take these keywords if they come next."""
        ahead = self.tokens[self.place : self.place + len(words)]
        if [token.upper for token in ahead] != list(words):
            return False
        self.place += len(words)
        return True

    def mark(self, mark: str) -> bool:
        if self.token.kind != "mark" or self.token.text != mark:
            return False
        self.place += 1
        return True

    def need(self, mark: str) -> None:
        if not self.mark(mark):
            raise self.fail()

    def need_word(self, *words: str) -> None:
        if not self.word(*words):
            raise self.fail()

    def name(self) -> Token:
        if self.token.kind != "name":
            raise self.fail()
        return self.advance()

    def listed(self, read: Callable[[], T]) -> tuple[T, ...]:
        found = [read()]
        while self.mark(","):
            found.append(read())
        return tuple(found)

    # -- clauses

    def query(self, *, inner: bool) -> Query:
        self.need_word("SELECT")
        items, count_only = self.select()
        self.need_word("FROM")
        source = self.path()
        alias = self.alias()
        if self.mark(","):
            raise malformed_query("Only one object can be named in the FROM clause")
        scope = self.name().text if self.word("USING", "SCOPE") else None
        where = self.condition() if self.word("WHERE") else None
        self.with_clause()
        group: tuple[Expression, ...] = ()
        having = None
        if self.word("GROUP", "BY"):
            group = self.listed(self.group_item)
            having = self.condition() if self.word("HAVING") else None
        order = self.listed(self.order_item) if self.word("ORDER", "BY") else ()
        limit = self.whole_number() if self.word("LIMIT") else None
        offset = self.whole_number() if self.word("OFFSET") else 0
        self.for_clause(inner=inner)
        return Query(items, source, alias, count_only, scope, where, group, having, order, limit, offset)

    def select(self) -> tuple[tuple[SelectItem, ...], bool]:
        ahead = self.tokens[self.place : self.place + 3]
        if [token.text.upper() for token in ahead] == ["COUNT", "(", ")"]:
            self.place += 3
            return (), True
        return self.listed(self.select_item), False

    def select_item(self) -> SelectItem:
        at = self.token.at
        if self.mark("("):
            query = self.query(inner=True)
            self.need(")")
            return SubSelect(query, at)
        if self.token.upper == "TYPEOF" and self.tokens[self.place + 1].kind == "name":
            self.place += 1
            return self.type_of()
        if self.token.upper == "FIELDS" and self.tokens[self.place + 1].text == "(":
            self.place += 2
            which = self.name().upper
            self.need(")")
            if which not in ("ALL", "STANDARD", "CUSTOM"):
                raise located(self.text, at, f"unexpected token: '{which}'")
            return Fields(which, at)
        return Column(self.expression(), self.alias())

    def type_of(self) -> TypeOf:
        path, branches = self.path(), []
        while self.word("WHEN"):
            object_name = self.name().text
            self.need_word("THEN")
            branches.append((object_name, self.listed(self.path)))
        otherwise = self.listed(self.path) if self.word("ELSE") else ()
        self.need_word("END")
        if not branches:
            raise self.fail()
        return TypeOf(path, tuple(branches), otherwise)

    def alias(self) -> str | None:
        token = self.token
        if token.kind != "name" or token.upper in RESERVED:
            return None
        if token.upper == "OFFSET" and self.tokens[self.place + 1].kind == "number":
            return None
        self.place += 1
        return token.text

    def with_clause(self) -> None:
        """The access modes are taken and change nothing: this user's access is applied anyway."""
        if not self.word("WITH"):
            return
        mode = self.name()
        if mode.upper not in ("SECURITY_ENFORCED", "USER_MODE", "SYSTEM_MODE"):
            raise located(self.text, mode.at, f"WITH {mode.text} is not supported")

    def group_item(self) -> Expression:
        item = self.expression()
        if isinstance(item, Call) and item.name in ("ROLLUP", "CUBE"):
            raise located(self.text, item.at, f"GROUP BY {item.name} is not supported")
        return item

    def order_item(self) -> Order:
        expression = self.expression()
        descending = self.word("DESC")
        if not descending:
            self.word("ASC")
        nulls_last = False
        if self.word("NULLS"):
            nulls_last = self.word("LAST")
            if not nulls_last:
                self.need_word("FIRST")
        return Order(expression, descending, nulls_last)

    def whole_number(self) -> int:
        token = self.token
        if token.kind != "number" or not token.text.isdigit():
            raise self.fail()
        return int(self.advance().text)

    def for_clause(self, *, inner: bool) -> None:
        while self.word("FOR"):
            if inner or not (self.word("VIEW") or self.word("REFERENCE") or self.word("UPDATE")):
                raise self.fail()

    # -- expressions

    def path(self) -> Path:
        at = self.token.at
        names = [self.name().text]
        while self.mark("."):
            names.append(self.name().text)
        return Path(tuple(names), at)

    def expression(self) -> Expression:
        token = self.token
        path = self.path()
        if len(path.names) > 1 or not self.mark("("):
            return path
        arguments: tuple[Expression, ...] = ()
        if not self.mark(")"):
            arguments = self.listed(self.expression)
            self.need(")")
        return Call(token.upper, arguments, token.at)

    # -- conditions

    def condition(self) -> Condition:
        """AND and OR may not stand side by side without parentheses, nor NOT beside either."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise malformed_query("Query is too complicated")
        first = self.negation() if self.token.upper == "NOT" else self.term()
        op = self.token.upper
        parts = [first]
        while op in ("AND", "OR") and not isinstance(first, Not) and self.word(op):
            if self.token.upper == "NOT":
                raise self.fail()
            parts.append(self.term())
        self.depth -= 1
        if len(parts) == 1:
            return first
        return Logic(cast(Literal["AND", "OR"], op), tuple(parts))

    def negation(self) -> Not:
        self.need_word("NOT")
        return Not(self.term())

    def term(self) -> Condition:
        if self.mark("("):
            inner = self.condition()
            self.need(")")
            return Logic("AND", (inner,)) if isinstance(inner, Not) else inner
        return self.comparison()

    def comparison(self) -> Condition:
        left = self.expression()
        token = self.token
        if token.kind == "mark" and token.text in OPERATORS:
            self.place += 1
            return Compare(left, OPERATORS[token.text], self.value())
        if self.word("LIKE"):
            return Compare(left, "LIKE", self.value())
        if self.word("INCLUDES"):
            return InList(left, "INCLUDES", self.values())
        if self.word("EXCLUDES"):
            return InList(left, "EXCLUDES", self.values())
        negated = self.word("NOT")
        if not self.word("IN"):
            raise self.fail()
        at = self.token.at
        if [token.upper or token.text for token in self.tokens[self.place : self.place + 2]] == ["(", "SELECT"]:
            self.need("(")
            query = self.query(inner=True)
            self.need(")")
            return InQuery(left, negated, query, at)
        return InList(left, "NOT IN" if negated else "IN", self.values())

    def values(self) -> tuple[Value, ...]:
        self.need("(")
        found = self.listed(self.value)
        self.need(")")
        return found

    def value(self) -> Value:
        token = self.token
        if token.kind in ("string", "number", "date", "datetime"):
            self.place += 1
            return Value(token.kind, token.text, token.at)
        currency = CURRENCY.match(self.text, token.at) if token.kind == "name" else None
        if currency:
            while self.token.at < currency.end():
                self.place += 1
            return Value("currency", currency.group(), token.at)
        if token.kind == "mark" and token.text == ":":
            raise located(self.text, token.at, "Bind variables only allowed in Apex code")
        upper = token.upper
        if upper in ("TRUE", "FALSE", "NULL"):
            self.place += 1
            return Value("null" if upper == "NULL" else "boolean", upper, token.at)
        if upper in RELATIVE:
            self.place += 1
            return Value("relative", upper, token.at)
        if upper in RELATIVE_N:
            self.place += 1
            self.need(":")
            return Value("relative", upper, token.at, self.whole_number())
        raise self.fail()
