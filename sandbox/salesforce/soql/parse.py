"""Tokens to tree, by recursive descent. Only the shape is judged here, names are not.

The grammar is the one of Salesforce's own parser for API calls: what only Apex knows (FOR UPDATE, ALL ROWS, binds,
comments) is refused.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Literal, TypeVar, cast

from sandbox.digits import is_whole
from sandbox.salesforce.errors import SalesforceError, malformed_query
from sandbox.salesforce.soql.ast import (
    Call,
    Column,
    Compare,
    Condition,
    Distance,
    Expression,
    Fields,
    InList,
    InQuery,
    Join,
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

_RESERVED = (
    "AND AS ASC BY CUBE DESC ELSE EXCLUDES FALSE FIRST FOR FROM HAVING IN INCLUDES LAST LIKE LIMIT NOT NULL NULLS "
    "OR ROLLUP SELECT TRUE UPDATE USING WHERE WITH"
)
RESERVED = frozenset(_RESERVED.split())
"""Words that are no name, unless behind a dot."""
OPERATORS = {"=": "=", "!=": "!=", "<>": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
CURRENCY = re.compile(r"[A-Za-z]{3}\d+(?:\.\d+)?(?![A-Za-z0-9_.])")
"""`USD5000`: only where a value is expected, for elsewhere it may be a name."""
WILDCARD = re.compile(r"(?<!\\)(?:\\\\)*(\\[%_])")
ACCESS_MODES = ("SECURITY_ENFORCED", "USER_MODE", "SYSTEM_MODE")
CATEGORY_SELECTORS = ("AT", "ABOVE", "BELOW", "ABOVE_OR_BELOW")
MAX_DEPTH = 100
T = TypeVar("T")


@lru_cache(maxsize=128)
def parse(text: str) -> Query:
    """Kept for a while: the same statements come again and again, and their trees do not change."""
    parser = Parser(text)
    query = parser.query()
    parser.end()
    return query


def parse_condition(text: str) -> Condition:
    """What may stand behind WHERE, alone."""
    parser = Parser(text)
    condition = parser.condition()
    parser.end()
    return condition


def parse_orders(text: str) -> tuple[Order, ...]:
    """What may stand behind ORDER BY, alone."""
    parser = Parser(text)
    orders = parser.listed(parser.order_item)
    parser.end()
    return orders


def parse_items(text: str) -> tuple[SelectItem, ...]:
    """What may stand behind SELECT, alone."""
    parser = Parser(text)
    items = parser.listed(parser.select_item)
    parser.end()
    return items


class Parser:
    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = tokenise(text)
        self.place = 0
        self.depth = 0

    # -- moving along

    @property
    def token(self) -> Token:
        return self.tokens[self.place]

    def ahead(self, *texts: str) -> bool:
        """Whether these words and marks come next."""
        found = self.tokens[self.place : self.place + len(texts)]
        return [token.upper or (token.text if token.kind == "mark" else "") for token in found] == list(texts)

    def advance(self) -> Token:
        token = self.token
        self.place += 1
        return token

    def end(self) -> None:
        if self.token.kind != "end":
            raise self.fail()

    def fail(self) -> SalesforceError:
        return unexpected(self.text, self.token)

    def word(self, *words: str) -> bool:
        """Take these keywords if they come next."""
        if not self.ahead(*words):
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

    def name(self, *, reserved: bool = False) -> Token:
        if self.token.kind != "name" or (not reserved and self.token.upper in RESERVED):
            raise self.fail()
        return self.advance()

    def one_of(self, *words: str) -> str:
        if self.token.upper not in words:
            raise self.fail()
        return self.advance().upper

    def listed(self, read: Callable[[], T]) -> tuple[T, ...]:
        found = [read()]
        while self.mark(","):
            found.append(read())
        return tuple(found)

    # -- clauses

    def query(self) -> Query:
        self.need_word("SELECT")
        items, count_only = self.select()
        self.need_word("FROM")
        source = self.path()
        alias = self.source_alias()
        joins = self.listed(self.join) if self.mark(",") else ()
        scope = self.name().text if self.word("USING", "SCOPE") else None
        where = self.condition() if self.word("WHERE") else None
        articles = self.with_clauses()
        group, grouping = self.group_clause()
        having = self.condition() if group and self.word("HAVING") else None
        order = self.listed(self.order_item) if self.word("ORDER", "BY") else ()
        limit = self.whole_number() if self.word("LIMIT") else None
        offset = self.whole_number() if self.word("OFFSET") else 0
        marks = cast(Literal["VIEW", "REFERENCE"], self.one_of("VIEW", "REFERENCE")) if self.word("FOR") else ""
        if self.word("UPDATE"):
            articles = bool(self.listed(lambda: self.one_of("TRACKING", "VIEWSTAT")))
        return Query(
            items,
            source,
            alias,
            count_only,
            scope,
            where,
            group,
            grouping,
            having,
            order,
            limit,
            offset,
            joins,
            marks,
            articles,
        )

    def semi_join(self) -> Query:
        """`SELECT field FROM object WHERE ...`, and nothing else."""
        self.need_word("SELECT")
        item = Column(self.path(), None)
        self.need_word("FROM")
        source = self.path()
        alias = self.source_alias()
        scope = self.name().text if self.word("USING", "SCOPE") else None
        where = self.condition() if self.word("WHERE") else None
        return Query((item,), source, alias, count_only=False, scope=scope, where=where)

    def select(self) -> tuple[tuple[SelectItem, ...], bool]:
        if self.ahead("COUNT", "(", ")"):
            self.place += 3
            return (), True
        return self.listed(self.select_item), False

    def select_item(self) -> SelectItem:
        at = self.token.at
        if self.mark("("):
            query = self.query()
            self.need(")")
            return SubSelect(query, at)
        if self.token.upper == "TYPEOF" and self.tokens[self.place + 1].kind == "name":
            self.place += 1
            return self.type_of()
        if self.ahead("FIELDS", "("):
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

    def source_alias(self) -> str | None:
        return self.name().text if self.word("AS") else self.alias()

    def alias(self) -> str | None:
        token, after = self.token, self.tokens[self.place + 1 : self.place + 2]
        if token.kind != "name" or token.upper in RESERVED:
            return None
        if token.upper in ("GROUP", "ORDER") and after[0].upper == "BY":
            return None
        if token.upper == "OFFSET" and after[0].kind == "number":
            return None
        self.place += 1
        return token.text

    def join(self) -> Join:
        return Join(self.path(), self.source_alias())

    def with_clauses(self) -> bool:
        """Whether categories of articles are asked for.

        The access modes are taken and change nothing: this user's access is applied anyway.
        """
        articles = False
        while self.word("WITH"):
            if self.word("DATA", "CATEGORY"):
                articles = True
                self.category()
                while self.word("AND"):
                    self.category()
                continue
            mode = self.name()
            if mode.upper not in ACCESS_MODES:
                raise located(self.text, mode.at, f"WITH {mode.text} is not supported")
        return articles

    def category(self) -> None:
        self.name()
        self.one_of(*CATEGORY_SELECTORS)
        if self.mark("("):
            self.listed(self.name)
            self.need(")")
        else:
            self.name()

    def group_clause(self) -> tuple[tuple[Expression, ...], Literal["", "ROLLUP", "CUBE"]]:
        if not self.word("GROUP", "BY"):
            return (), ""
        kinds: tuple[Literal["ROLLUP", "CUBE"], ...] = ("ROLLUP", "CUBE")
        for kind in kinds:
            if self.ahead(kind, "("):
                self.place += 2
                group = self.listed(self.expression)
                self.need(")")
                return group, kind
        return self.listed(self.expression), ""

    def order_item(self) -> Order:
        expression = self.expression()
        descending = self.word("DESC")
        if not descending:
            self.word("ASC")
        nulls_last = False
        if self.word("NULLS"):
            nulls_last = self.one_of("FIRST", "LAST") == "LAST"
        return Order(expression, descending, nulls_last)

    def whole_number(self) -> int:
        token = self.token
        if token.kind != "number" or not is_whole(token.text):
            raise self.fail()
        return int(self.advance().text)

    # -- expressions

    def path(self) -> Path:
        at = self.token.at
        names = [self.name().text]
        while self.mark("."):
            names.append(self.name(reserved=True).text)
        return Path(tuple(names), at)

    def expression(self) -> Expression:
        """A field, or a function of one thing; DISTANCE alone takes more."""
        token = self.token
        path = self.path()
        if len(path.names) > 1 or not self.mark("("):
            return path
        if token.upper == "DISTANCE":
            return self.distance(token.at)
        argument = self.expression()
        self.need(")")
        return Call(token.upper, (argument,), token.at)

    def distance(self, at: int) -> Distance:
        path = self.path()
        self.need(",")
        self.need_word("GEOLOCATION")
        self.need("(")
        latitude = self.decimal()
        self.need(",")
        longitude = self.decimal()
        self.need(")")
        self.need(",")
        unit = self.token
        if unit.kind != "string":
            raise self.fail()
        self.place += 1
        self.need(")")
        return Distance(path, latitude, longitude, unit.text, at)

    def decimal(self) -> float:
        if self.token.kind != "number":
            raise self.fail()
        return float(self.advance().text)

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
            return Compare(left, "LIKE", self.value(like=True))
        if self.word("INCLUDES"):
            return InList(left, "INCLUDES", self.values())
        if self.word("EXCLUDES"):
            return InList(left, "EXCLUDES", self.values())
        negated = self.word("NOT")
        if not self.word("IN"):
            raise self.fail()
        at = self.token.at
        if self.ahead("(", "SELECT"):
            self.need("(")
            query = self.semi_join()
            self.need(")")
            return InQuery(left, negated, query, at)
        return InList(left, "NOT IN" if negated else "IN", self.values())

    def values(self) -> tuple[Value, ...]:
        self.need("(")
        found = self.listed(self.value)
        self.need(")")
        return found

    def value(self, *, like: bool = False) -> Value:
        """`\\%` and `\\_` are escapes to LIKE alone."""
        token = self.token
        escape = None if like or token.kind != "string" else WILDCARD.search(self.text, token.at, token.end)
        if escape is not None:
            raise located(self.text, escape.start(1), f"Illegal string escape: '{escape[1]}'")
        if token.kind in ("string", "number", "date", "datetime", "time"):
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
