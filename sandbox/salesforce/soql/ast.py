"""The tree of a parsed query. Places (`at`) are offsets in its text, for errors."""

from dataclasses import dataclass
from typing import Literal

LiteralKind = Literal["string", "number", "date", "datetime", "time", "currency", "boolean", "null", "relative"]


@dataclass(frozen=True, slots=True)
class Path:
    """`Account.Owner.Name`."""

    names: tuple[str, ...]
    at: int

    def __str__(self) -> str:
        return ".".join(self.names)


@dataclass(frozen=True, slots=True)
class Call:
    """`COUNT(Id)`, `CALENDAR_YEAR(CreatedDate)`; names in capitals."""

    name: str
    arguments: tuple["Expression", ...]
    at: int


@dataclass(frozen=True, slots=True)
class Distance:
    """`DISTANCE(BillingAddress, GEOLOCATION(52.5, 13.4), 'km')`."""

    path: Path
    latitude: float
    longitude: float
    unit: str
    at: int


Expression = Path | Call | Distance


@dataclass(frozen=True, slots=True)
class Column:
    expression: Expression
    alias: str | None


@dataclass(frozen=True, slots=True)
class Fields:
    """FIELDS(ALL), FIELDS(STANDARD), FIELDS(CUSTOM)."""

    which: str
    at: int


@dataclass(frozen=True, slots=True)
class TypeOf:
    path: Path
    branches: tuple[tuple[str, tuple[Path, ...]], ...]
    otherwise: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class SubSelect:
    query: "Query"
    at: int


SelectItem = Column | Fields | TypeOf | SubSelect


@dataclass(frozen=True, slots=True)
class Value:
    kind: LiteralKind
    text: str
    at: int
    number: int = 0
    """n of LAST_N_DAYS:n."""


@dataclass(frozen=True, slots=True)
class Compare:
    """`field op value`; op is one of = != < <= > >= LIKE."""

    left: Expression
    op: str
    value: Value


@dataclass(frozen=True, slots=True)
class InList:
    """`field [NOT] IN (...)`, INCLUDES, EXCLUDES."""

    left: Expression
    op: Literal["IN", "NOT IN", "INCLUDES", "EXCLUDES"]
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class InQuery:
    left: Expression
    negated: bool
    query: "Query"
    at: int


@dataclass(frozen=True, slots=True)
class Not:
    condition: "Condition"


@dataclass(frozen=True, slots=True)
class Logic:
    op: Literal["AND", "OR"]
    parts: tuple["Condition", ...]


Condition = Compare | InList | InQuery | Not | Logic


@dataclass(frozen=True, slots=True)
class Order:
    expression: Expression
    descending: bool
    nulls_last: bool


@dataclass(frozen=True, slots=True)
class Join:
    """`c.Account a` behind the comma of `FROM Contact c, c.Account a`: a name for a way up."""

    path: Path
    alias: str | None


@dataclass(frozen=True, slots=True)
class Query:
    items: tuple[SelectItem, ...]
    source: Path
    """The object; in a sub-select of SELECT a relationship name."""
    alias: str | None
    count_only: bool
    """SELECT COUNT() FROM ..."""
    scope: str | None = None
    where: Condition | None = None
    group: tuple[Expression, ...] = ()
    grouping: Literal["", "ROLLUP", "CUBE"] = ""
    having: Condition | None = None
    order: tuple[Order, ...] = ()
    limit: int | None = None
    offset: int = 0
    joins: tuple[Join, ...] = ()
    marks: Literal["", "VIEW", "REFERENCE"] = ""
    """FOR VIEW, FOR REFERENCE: the rows count as looked at."""
    articles: bool = False
    """WITH DATA CATEGORY or UPDATE TRACKING, which only knowledge articles have."""
