"""Rows and their indexes, and the undo log that makes a transaction all or nothing.

A row is a plain dict of typed values (str, bool, int, float, date, datetime, bytes) without its nulls.
Rows are never changed in place: a change is a new dict, so whoever holds the old one keeps what he saw.
"""

from bisect import bisect_left, insort
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sandbox.salesforce.ids import Id

Row = Mapping[str, Any]


def fold(value: Any) -> Any:
    """The form in which two values of an ordinary field are the same to Salesforce."""
    return value.lower() if isinstance(value, str) else value


class HashIndex:
    """Value -> ids. A value held by one row costs no set of its own: most keys are unique."""

    __slots__ = ("_held", "exact")

    def __init__(self, *, exact: bool) -> None:
        self.exact = exact
        """Compare with case: ids, and text fields declared case-sensitive."""
        self._held: dict[Any, Id | dict[Id, None]] = {}

    def key(self, value: Any) -> Any:
        return value if self.exact else fold(value)

    def add(self, value: Any, record_id: Id) -> None:
        key = self.key(value)
        held = self._held.get(key)
        if held is None:
            self._held[key] = record_id
        elif isinstance(held, str):
            if held != record_id:
                self._held[key] = {held: None, record_id: None}
        else:
            held[record_id] = None

    def discard(self, value: Any, record_id: Id) -> None:
        key = self.key(value)
        held = self._held.get(key)
        if held == record_id:
            del self._held[key]
        elif isinstance(held, dict):
            held.pop(record_id, None)
            if not held:
                del self._held[key]

    def find(self, value: Any) -> Iterable[Id]:
        held = self._held.get(self.key(value), ())
        return (held,) if isinstance(held, str) else tuple(held)

    def count(self, value: Any) -> int:
        held = self._held.get(self.key(value), ())
        return 1 if isinstance(held, str) else len(held)


class StampIndex:
    """Rows by SystemModstamp: a sorted list of the seconds in use, and the ids of each second."""

    __slots__ = ("_seconds", "_used")

    def __init__(self) -> None:
        self._seconds: dict[datetime, dict[Id, None]] = {}
        self._used: list[datetime] = []

    def add(self, stamp: datetime, record_id: Id) -> None:
        ids = self._seconds.get(stamp)
        if ids is None:
            self._seconds[stamp] = {record_id: None}
            insort(self._used, stamp)
        else:
            ids[record_id] = None

    def discard(self, stamp: datetime, record_id: Id) -> None:
        ids = self._seconds.get(stamp)
        if ids is None:
            return
        ids.pop(record_id, None)
        if not ids:
            del self._seconds[stamp]
            del self._used[bisect_left(self._used, stamp)]

    def seconds(self, low: datetime | None, high: datetime | None) -> Iterator[dict[Id, None]]:
        """The ids of each second from `low` to `high`, both included; None is open."""
        start = 0 if low is None else bisect_left(self._used, low)
        for position in range(start, len(self._used)):
            second = self._used[position]
            if high is not None and second > high:
                return
            yield self._seconds[second]


class Table:
    """The rows of one object, deleted ones included."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.rows: dict[Id, Row] = {}
        self.indexes: dict[str, HashIndex] = {}
        self.stamps = StampIndex()

    def add_index(self, field: str, *, exact: bool) -> None:
        index = HashIndex(exact=exact)
        for record_id, row in self.rows.items():
            if field in row:
                index.add(row[field], record_id)
        self.indexes[field] = index

    def put(self, row: Row) -> Row | None:
        """Store a row in place of the one with its Id, which is returned."""
        record_id: Id = row["Id"]
        old = self.rows.get(record_id)
        for field, index in self.indexes.items():
            before = None if old is None else old.get(field)
            after = row.get(field)
            if before != after:
                if before is not None:
                    index.discard(before, record_id)
                if after is not None:
                    index.add(after, record_id)
        stamp, was = row.get("SystemModstamp"), None if old is None else old.get("SystemModstamp")
        if stamp != was:
            if was is not None:
                self.stamps.discard(was, record_id)
            if stamp is not None:
                self.stamps.add(stamp, record_id)
        self.rows[record_id] = row
        return old

    def remove(self, record_id: Id) -> Row:
        old = self.rows.pop(record_id)
        for field, index in self.indexes.items():
            if field in old:
                index.discard(old[field], record_id)
        if "SystemModstamp" in old:
            self.stamps.discard(old["SystemModstamp"], record_id)
        return old

    def find(self, field: str, value: Any) -> list[Row]:
        """Rows, deleted ones included, whose indexed field has this value."""
        return [self.rows[record_id] for record_id in self.indexes[field].find(value)]


Written = tuple[Table, Id, Row | None]
"""A row was put or removed; what it was before, None when it is new."""


class Store:
    """All tables of an org, and the undo log of the transaction in progress."""

    def __init__(self) -> None:
        self.tables: dict[str, Table] = {}
        self._undo: list[Written] | None = None
        self.on_commit: Callable[[Sequence[Written]], None] | None = None
        """Told what an outermost transaction has written, in order."""
        self.examined = 0
        """Rows queries have looked at so far: what an index saves is counted, not timed."""

    def table(self, name: str) -> Table:
        return self.tables[name]

    def put(self, name: str, row: Row) -> None:
        table = self.tables[name]
        self._wrote((table, row["Id"], table.put(row)))

    def remove(self, name: str, record_id: Id) -> None:
        table = self.tables[name]
        self._wrote((table, record_id, table.remove(record_id)))

    def _wrote(self, written: Written) -> None:
        if self._undo is not None:
            self._undo.append(written)
        elif self.on_commit is not None:
            self.on_commit((written,))

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Undo every put and remove of the block when an exception leaves it. Nests."""
        outermost = self._undo is None
        log = self._undo = [] if self._undo is None else self._undo
        mark = len(log)
        try:
            yield
        except BaseException:
            while len(log) > mark:
                table, record_id, old = log.pop()
                if old is None:
                    table.remove(record_id)
                else:
                    table.put(old)
            raise
        finally:
            if outermost:
                self._undo = None
        if outermost and log and self.on_commit is not None:
            self.on_commit(log)
