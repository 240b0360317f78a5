"""Ways to the rows a condition can be true for, without reading the rest: the plan of a query."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from sandbox.salesforce.ids import Id
from sandbox.salesforce.records import HashIndex, Table


class Lookup(Protocol):
    def count(self) -> int:
        """How many rows it would give, or a little more."""

    def ids(self) -> Iterator[Id]: ...

    def fields(self) -> frozenset[str]:
        """Whose indexes are used."""


@dataclass(frozen=True, slots=True)
class ById:
    table: Table
    wanted: frozenset[Id]

    def count(self) -> int:
        return len(self.wanted)

    def ids(self) -> Iterator[Id]:
        return (record_id for record_id in self.wanted if record_id in self.table.rows)

    def fields(self) -> frozenset[str]:
        return frozenset({"Id"})


@dataclass(frozen=True, slots=True)
class ByKey:
    field: str
    index: HashIndex
    values: frozenset[Any]

    def count(self) -> int:
        return sum(self.index.count(value) for value in self.values)

    def ids(self) -> Iterator[Id]:
        keys = {self.index.key(value) for value in self.values}
        return (record_id for key in keys for record_id in self.index.find(key))

    def fields(self) -> frozenset[str]:
        return frozenset({self.field})


@dataclass(frozen=True, slots=True)
class ByStamp:
    """SystemModstamp from `low` to `high`, both included; None is open."""

    table: Table
    low: datetime | None
    high: datetime | None

    def count(self) -> int:
        return sum(len(ids) for ids in self.table.stamps.seconds(self.low, self.high))

    def ids(self) -> Iterator[Id]:
        for ids in self.table.stamps.seconds(self.low, self.high):
            yield from ids

    def fields(self) -> frozenset[str]:
        return frozenset({"SystemModstamp"})

    def within(self, other: "ByStamp") -> "ByStamp":
        lows = [low for low in (self.low, other.low) if low is not None]
        highs = [high for high in (self.high, other.high) if high is not None]
        return ByStamp(self.table, max(lows, default=None), min(highs, default=None))


@dataclass(frozen=True, slots=True)
class Either:
    parts: tuple[Lookup, ...]

    def count(self) -> int:
        return sum(part.count() for part in self.parts)

    def ids(self) -> Iterator[Id]:
        return iter(dict.fromkeys(record_id for part in self.parts for record_id in part.ids()))

    def fields(self) -> frozenset[str]:
        return frozenset(name for part in self.parts for name in part.fields())


def narrowest(lookups: Iterable[Lookup | None]) -> Lookup | None:
    """Of conditions that must all hold, the one with the fewest rows; ranges of time are cut together first."""
    stamps: ByStamp | None = None
    others: list[Lookup] = []
    for lookup in lookups:
        if isinstance(lookup, ByStamp):
            stamps = lookup if stamps is None else stamps.within(lookup)
        elif lookup is not None:
            others.append(lookup)
    if stamps is not None:
        others.append(stamps)
    return min(others, key=lambda lookup: lookup.count()) if others else None


def union(lookups: Iterable[Lookup | None]) -> Lookup | None:
    """Of conditions one of which must hold; None when one of them needs a scan."""
    parts: list[Lookup] = []
    for lookup in lookups:
        if lookup is None:
            return None
        parts.append(lookup)
    return Either(tuple(parts))


def by_stamp(table: Table, op: str, value: datetime) -> ByStamp | None:
    """What may fit: a lookup narrows, the condition itself still judges every row of it."""
    bounds = {
        "=": (value, value),
        ">=": (value, None),
        ">": (value, None),
        "<=": (None, value),
        "<": (None, value),
    }
    return ByStamp(table, *bounds[op]) if op in bounds else None
