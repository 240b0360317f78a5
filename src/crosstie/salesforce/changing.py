"""Records that are there are updated and deleted: collections of up to 200 rows, five of them to a metered call.

Each row is for itself. A delete may be repeated at once; an update of which nobody knows may be carried out later,
over whatever is written meanwhile. What a customer's automation does not bear together is sent
in smaller collections; what the vendor may or may not have applied is UNCLEAR.
"""

from collections import Counter
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from crosstie.domain.clock import Clock
from crosstie.domain.errors import CrosstieError, NeedsConsent, Retry, Throttled, Unclear
from crosstie.domain.records import EVENT, RecordRef, RecordUpdate, Value, WriteStatus, Written
from crosstie.salesforce import errors, lookup, outcomes
from crosstie.salesforce.client import QUERIES, Client, Part, PartAnswer
from crosstie.salesforce.describe import Schema, SchemaCache
from crosstie.salesforce.durations import is_refused_for_length
from crosstie.salesforce.errors import NO_RIGHT, NOT_WRITTEN, READ_ONLY, Fate, VendorError
from crosstie.salesforce.pace import (
    EXTRA_CALLS,
    FIELD_TRIES,
    HOPELESS,
    LOCK_TRIES,
    ROUNDS,
    TIME,
    Memory,
    jitter,
)
from crosstie.salesforce.packing import BODY, COLLECTION, as_stored
from crosstie.salesforce.values import json_size, to_json

SMALLER = (50, 10, 1)
"""Rows of a collection where a customer's automation fails with more."""
DELETED, NOT_THERE = "ENTITY_IS_DELETED", "INVALID_CROSS_REFERENCE_KEY"
"""Codes about the record itself, or about one that it is to name."""
_REFERENCES = ("reference", "junctionidlist", "")
_OVERHEAD = 120


class Verb(StrEnum):
    UPDATE = "update"
    DELETE = "delete"

    @property
    def done(self) -> WriteStatus:
        return WriteStatus.UPDATED if self is Verb.UPDATE else WriteStatus.DELETED


@dataclass(frozen=True, slots=True)
class Item:
    """`at` is its place in the answer. Of several with the same record the `turn` says which comes first."""

    at: int
    ref: RecordRef
    fields: Mapping[str, Value] = field(default_factory=dict)
    order: str = ""
    turn: int = 0
    chunk: int = COLLECTION
    unmet: tuple[str, ...] = ()
    """Fields that are left out because the org does not show them: nobody can tell that they differ."""
    fixed: tuple[str, ...] = ()
    """Fields that are left out because we may read them alone: the rest is written, and the row is refused."""

    @property
    def size(self) -> int:
        return _OVERHEAD + sum(len(name) + 8 + json_size(value) for name, value in self.fields.items())

    def without(self, names: Container[str], schema: Schema) -> "Item":
        """Less these fields, each for its reason."""
        shown = [name for name in self.fields if name in names and schema.shows(self.ref.object, name)]
        others = [name for name in self.fields if name in names and name not in shown]
        rest = {name: value for name, value in self.fields.items() if name not in names}
        return replace(self, fields=rest, unmet=(*self.unmet, *others), fixed=(*self.fixed, *shown))

    def row(self) -> dict[str, Any]:
        values = {name: to_json(value) for name, value in self.fields.items()}
        return {"attributes": {"type": self.ref.object}, "id": self.ref.record_id, **values}


@dataclass(slots=True)
class Changer:
    client: Client
    schemas: SchemaCache
    memory: Memory
    clock: Clock

    def update(self, updates: Sequence[RecordUpdate]) -> tuple[Written, ...]:
        """One result each, in order. Raises only when nothing was sent: Throttled, NeedsConsent, Retry."""
        if not updates:
            return ()
        schema = self.schemas.get()
        items = [self._item(at, update, schema) for at, update in enumerate(updates)]
        return _Run(self, Verb.UPDATE, schema, items).results()

    def delete(self, records: Sequence[RecordRef]) -> tuple[Written, ...]:
        """One result each, in order. Raises as `update` does."""
        items = [Item(at, ref) for at, ref in enumerate(records)]
        return _Run(self, Verb.DELETE, self.schemas.get(), items).results() if items else ()

    def _item(self, at: int, update: RecordUpdate, schema: Schema) -> Item:
        name, hidden = update.ref.object, self.memory.hidden.of(update.ref.object)
        fields = {one: as_stored(name, one, value, schema) for one, value in update.fields.items()}
        refused = {one for one in fields if one in hidden or not schema.changes(name, one)}
        return Item(at, update.ref, fields, update.order).without(refused, schema)


class _Run:
    """One `update` or `delete`. `open` are the rows that have no outcome yet."""

    def __init__(self, changer: Changer, verb: Verb, schema: Schema, items: Sequence[Item]) -> None:
        self.client, self.schemas, self.memory = changer.client, changer.schemas, changer.memory
        self.clock, self.verb, self.schema = changer.clock, verb, schema
        self.until = self.clock.now() + TIME
        self.written: dict[int, Written] = {}
        self.missing: list[tuple[Item, VendorError]] = []
        self.tries: Counter[tuple[int, Fate]] = Counter()
        self.crowded: set[int] = set()
        self.locked = self.sent = self.stopped = self.refreshed = False
        self.failed_alone = 0
        """Rows that a customer's automation refused with nothing beside them."""
        self.too_many = COLLECTION + 1
        """In this round a whole collection of that many failed by automation; no further one is tried."""
        self.open = [self._first(item) for item in _in_turn(items) if self._has_something(item)]
        self.calls_left = len(pack(self.open)) + EXTRA_CALLS

    def results(self) -> tuple[Written, ...]:
        for number in range(ROUNDS):
            if not self.open:
                break
            if self.locked:
                self.clock.sleep(jitter(self.clock, number))
            self._round()
        self._put_off(self.open)
        self._tell_missing()
        return tuple(self.written[at] for at in range(len(self.written)))

    def _has_something(self, item: Item) -> bool:
        """What carries no field that the org takes is answered without asking."""
        if item.fields or self.verb is Verb.DELETE:
            return True
        refusal = outcomes.refused(VendorError(NO_RIGHT), item.ref.record_id)
        self.written[item.at] = refusal if item.unmet and not item.fixed else self._done(item)
        return False

    def _first(self, item: Item) -> Item:
        return replace(item, chunk=self.memory.chunk(self._memory_key(item), self.clock.now()))

    def _memory_key(self, item: Item) -> str:
        return f"{self.verb}:{item.ref.object}"

    def _done(self, item: Item) -> Written:
        if item.fixed:
            return outcomes.refused(VendorError(READ_ONLY, fields=item.fixed), item.ref.record_id)
        return Written(self.verb.done, item.ref.record_id, unmet=item.unmet)

    # -- calls

    def _round(self) -> None:
        turn = min(item.turn for item in self.open)
        pending = [item for item in self.open if item.turn == turn]
        self.open = [item for item in self.open if item.turn > turn]
        self.locked, self.too_many = False, COLLECTION + 1
        for call in pack(pending):
            items = [item for some in call for item in some]
            if self.stopped or self.calls_left <= 0 or self._is_late():
                self._put_off(items)
            elif self.failed_alone >= HOPELESS and items[0].chunk == 1:
                self._refuse_by_automation(items)
            elif self.too_many <= items[0].chunk:
                self.open += [replace(item, chunk=_smaller(item.chunk)) for item in items]
            else:
                self.calls_left -= 1
                self._send(call, items)

    def _is_late(self) -> bool:
        return self.clock.now() >= self.until

    def _send(self, call: Sequence[Sequence[Item]], items: Sequence[Item]) -> None:
        parts = [self._part(some) for some in call]
        for attempt in range(2 if self.verb is Verb.DELETE else 1):
            if attempt and self._is_late():
                break
            try:
                answers = self.client.change(self.verb, parts)
            except Unclear:
                self.sent = True
                continue
            except (Throttled, NeedsConsent, Retry) as error:
                if attempt:
                    break
                self._not_sent(items, error)
                return
            self.sent = True
            for some, answer in zip(call, answers, strict=True):
                self._read(some, answer)
            return
        self._unclear(items)

    def _part(self, items: Sequence[Item]) -> Part:
        if self.verb is Verb.DELETE:
            ids = ",".join(item.ref.record_id for item in items)
            return Part(f"/composite/sobjects?ids={ids}&allOrNone=false", "DELETE")
        return Part("/composite/sobjects", "PATCH", {"allOrNone": False, "records": [one.row() for one in items]})

    def _not_sent(self, items: Sequence[Item], error: CrosstieError) -> None:
        if not self.sent:
            raise error
        self.stopped = True
        self._put_off(items)

    def _put_off(self, items: Sequence[Item]) -> None:
        for item in items:
            self.written[item.at] = outcomes.later(record_id=item.ref.record_id)

    def _unclear(self, items: Sequence[Item]) -> None:
        for item in items:
            self.written[item.at] = outcomes.unclear(item.ref.record_id)

    def _refuse_by_automation(self, items: Sequence[Item]) -> None:
        """They failed in company, and others failed alone: it is not their number."""
        for item in items:
            self._refuse(item, VendorError(NOT_WRITTEN))

    def _refuse(self, item: Item, error: VendorError) -> None:
        self.written[item.at] = outcomes.refused(self._told_apart(error, item), item.ref.record_id)

    def _told_apart(self, error: VendorError, item: Item) -> VendorError:
        """One code says that an automation failed and that we may not change the object: the describe knows."""
        if error.code != NOT_WRITTEN:
            return error
        self._look_at_schema()
        found = self.schema.objects.get(item.ref.object)
        may = found is None or (found.deletable if self.verb is Verb.DELETE else found.updateable)
        return error if may else replace(error, code=NO_RIGHT)

    # -- answers

    def _read(self, items: Sequence[Item], answer: PartAnswer) -> None:
        if not answer.ok:
            self._part_refused(items, answer)
            return
        problems = outcomes.of_rows(answer.body, len(items))
        if problems is None:
            self._unclear(items)
            return
        failing = sum(1 for problem in problems if problem and errors.fate(problem) is Fate.AUTOMATION)
        crowd = len(items) == failing > 1
        if crowd:
            self.too_many = min(self.too_many, items[0].chunk)
        for item, problem in zip(items, problems, strict=True):
            if problem is None:
                self._succeeded(item)
            elif crowd:
                self.crowded.add(item.at)
                self.tries[item.at, Fate.AUTOMATION] += 1
                self.open.append(replace(item, chunk=_smaller(item.chunk)))
            else:
                self._failed(item, problem, alone=len(items) == 1)

    def _succeeded(self, item: Item) -> None:
        if item.at in self.crowded:
            self.memory.chunks[self._memory_key(item)] = (item.chunk, self.clock.now())
        self.written[item.at] = self._done(item)

    def _part_refused(self, items: Sequence[Item], answer: PartAnswer) -> None:
        """A collection as a whole: find out by halves which row it is."""
        error = answer.errors[0] if answer.errors else VendorError(f"HTTP_{answer.status}")
        if answer.status >= 500:
            self._unclear(items)
        elif isinstance(errors.of_call(answer.status, answer.errors), Throttled | NeedsConsent | Retry):
            self._put_off(items)
            self.stopped = True
        elif len(items) > 1:
            half = (len(items) + 1) // 2
            self.open += [replace(item, chunk=min(item.chunk, half)) for item in items]
        else:
            self._refuse(items[0], error)

    def _failed(self, item: Item, error: VendorError, *, alone: bool) -> None:
        fate = errors.fate(error)
        self.tries[item.at, fate] += 1
        tries = self.tries[item.at, fate]
        if error.code in (DELETED, NOT_THERE):
            self._not_there(item, error)
        elif fate is Fate.HALTED:
            self.open.append(item)
        elif fate is Fate.LOCKED and tries <= LOCK_TRIES:
            self.locked = True
            self.open.append(item)
        elif fate is Fate.UNKNOWN_FIELD and tries <= FIELD_TRIES:
            self._field_refused(item, error)
        elif fate is Fate.AUTOMATION and not (alone and tries > 1):
            self.crowded.discard(item.at)
            self.open.append(replace(item, chunk=1))
        elif fate in (Fate.LATER, Fate.LOCKED):
            self.written[item.at] = outcomes.later(error, item.ref.record_id)
        else:
            self.failed_alone += fate is Fate.AUTOMATION
            if item.ref.object == EVENT and is_refused_for_length(item.fields, error):
                self.memory.long_refused = self.clock.now()
            self._refuse(item, error)

    def _not_there(self, item: Item, error: VendorError) -> None:
        """The code may as well be about a record that this one is to name: then the next session knows better."""
        name = item.ref.object
        if self.verb is Verb.DELETE and error.code == DELETED:
            self.written[item.at] = self._done(item)
        elif error.fields:
            self.written[item.at] = outcomes.later(error, item.ref.record_id)
        elif self.verb is Verb.DELETE or any(self.schema.type(name, one) in _REFERENCES for one in item.fields):
            self.missing.append((item, error))
        else:
            self.written[item.at] = Written(WriteStatus.GONE, item.ref.record_id)

    def _tell_missing(self) -> None:
        """Records that may be gone are asked for, all in one."""
        if not self.missing:
            return
        try:
            alive = lookup.alive(self.client, [item.ref for item, _ in self.missing])
        except CrosstieError:
            self._put_off([item for item, _ in self.missing])
            return
        for item, error in self.missing:
            found = alive.get(item.ref.record_id)
            if not found:
                is_done = self.verb is Verb.DELETE and found is False
                status = self.verb.done if is_done else WriteStatus.GONE
                self.written[item.at] = Written(status, item.ref.record_id)
            elif self.verb is Verb.UPDATE:
                self.written[item.at] = outcomes.later(error, item.ref.record_id)
            else:
                self._refuse(item, VendorError(NO_RIGHT))

    def _field_refused(self, item: Item, error: VendorError) -> None:
        """Leave out what the refusal names; if it names nothing, what the org no longer describes."""
        names = error.named & item.fields.keys()
        self._look_at_schema()
        if not names:
            names = frozenset(one for one in item.fields if not self.schema.changes(item.ref.object, one))
        if not names:
            self._refuse(item, error)
            return
        self.memory.hidden.learn(item.ref.object, names)
        less = item.without(names, self.schema)
        if self._has_something(less):
            self.open.append(less)

    def _look_at_schema(self) -> None:
        """Once a run. What was sent must not be forgotten because the org will not describe itself now."""
        if self.refreshed:
            return
        self.refreshed = True
        try:
            self.schema = self.schemas.get(stale=self.schema)
        except CrosstieError:
            return


def pack(items: Sequence[Item]) -> list[list[list[Item]]]:
    """Calls of at most five collections, each of one object and of rows that bear the same number beside them.

    Rows of one record never share a call: the later one is written in a later one.
    """
    calls: list[list[list[Item]]] = []
    size = 0
    for some in _collections(items):
        weight = sum(item.size for item in some)
        alike = bool(calls) and _kind(calls[-1][-1][0])[:2] == _kind(some[0])[:2]
        if not alike or len(calls[-1]) >= QUERIES or size + weight > BODY:
            calls.append([])
            size = 0
        calls[-1].append(some)
        size += weight
    return calls


def _collections(items: Sequence[Item]) -> Iterator[list[Item]]:
    some: list[Item] = []
    size = 0
    for item in sorted(items, key=lambda item: (*_kind(item), item.order, item.ref.record_id)):
        if some and (_kind(some[0]) != _kind(item) or len(some) >= item.chunk or size + item.size > BODY):
            yield some
            some, size = [], 0
        some.append(item)
        size += item.size
    if some:
        yield some


def _kind(item: Item) -> tuple[int, int, str]:
    return item.turn, -item.chunk, item.ref.object


def _in_turn(items: Sequence[Item]) -> Iterator[Item]:
    seen: Counter[str] = Counter()
    for item in items:
        key = item.ref.record_id[:15]
        yield replace(item, turn=seen[key])
        seen[key] += 1


def _smaller(chunk: int) -> int:
    return next((size for size in SMALLER if size < chunk), 1)
