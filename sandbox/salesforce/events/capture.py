"""What a committed transaction says to those who follow an org's changes.

One change a row, however often the transaction wrote it; rows that changed alike share one. Source:
the vendor's guide to Change Data Capture.
"""

import difflib
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from sandbox.salesforce.ids import Id
from sandbox.salesforce.records import Row, Written
from sandbox.salesforce.schema import ObjectSchema, Schema
from sandbox.switches import Switches, declare

UNTOLD = frozenset(("Id", "IsDeleted", "SystemModstamp"))
"""Fields no change event has."""
STAMPS = frozenset(("LastModifiedDate", "LastModifiedById"))
OVERFLOW = 100_000
"""Changes of one transaction; beyond, each object is told once, as GAP_OVERFLOW."""
NO_RECORD = "000000000000000AAA"
LONG_TEXT = 1_000
"""Characters from which a text may be told as what differs."""

MERGED = declare(
    "salesforce.changes_merged",
    default=True,
    question="Do records that changed alike in one transaction share one change event?",
    source="notes 4.7: recordIds may hold several ids",
)
DIFFS = declare(
    "salesforce.long_text_diffs",
    default=False,
    question="Is a changed text of 1,000 characters or more told as a unified diff?",
    source="notes 4.7: may come as unified diff with SHA-256",
)


class ChangeType(StrEnum):
    CREATE = "CREATE"
    UPDATE = "UPDATE"
    DELETE = "DELETE"
    UNDELETE = "UNDELETE"
    GAP_CREATE = "GAP_CREATE"
    GAP_UPDATE = "GAP_UPDATE"
    GAP_DELETE = "GAP_DELETE"
    GAP_UNDELETE = "GAP_UNDELETE"
    GAP_OVERFLOW = "GAP_OVERFLOW"


@dataclass(frozen=True, slots=True)
class Change:
    """`values` are as stored; `nulled` fields were emptied; `differing` ones hold a diff instead of a value."""

    object: str
    record_ids: tuple[Id, ...]
    kind: ChangeType
    user: Id = ""
    values: Mapping[str, Any] | None = None
    nulled: tuple[str, ...] = ()
    differing: tuple[str, ...] = ()

    @property
    def told(self) -> frozenset[str]:
        return frozenset(self.values or ()) | frozenset(self.nulled)


def changes(log: Sequence[Written], schema: Schema, objects: Iterable[str], switches: Switches) -> list[Change]:
    """Of the rows of these objects, in the order they were first written."""
    wanted, first = set(objects), dict[tuple[str, Id], Row | None]()
    for table, record_id, old in log:
        if table.name in wanted:
            first.setdefault((table.name, record_id), old)
    if len(first) > OVERFLOW:
        names = dict.fromkeys(name for name, _ in first)
        return [Change(name, (NO_RECORD,), ChangeType.GAP_OVERFLOW) for name in names]
    tables = {table.name: table for table, _, _ in log}
    found = []
    for (name, record_id), old in first.items():
        change = _change(schema.objects[name], record_id, old, tables[name].rows.get(record_id), switches)
        if change is not None:
            found.append(change)
    return _merged(found) if switches.on(MERGED) else found


def _change(
    shape: ObjectSchema, record_id: Id, old: Row | None, new: Row | None, switches: Switches
) -> Change | None:
    was, now = _live(old), _live(new)
    user = str((new or old or {}).get("LastModifiedById", ""))
    if now is None:
        return Change(shape.name, (record_id,), ChangeType.DELETE, user) if was is not None else None
    if was is None:
        kind = ChangeType.CREATE if old is None else ChangeType.UNDELETE
        return Change(shape.name, (record_id,), kind, user, _told(shape, now))
    return _update(shape, record_id, was, now, switches)


def _update(shape: ObjectSchema, record_id: Id, was: Row, now: Row, switches: Switches) -> Change | None:
    before, after = _told(shape, was), _told(shape, now)
    changed = {name: value for name, value in after.items() if before.get(name) != value}
    nulled = tuple(name for name in before if name not in after)
    if not (changed.keys() - STAMPS) and not nulled:
        return None
    values = changed | {name: after[name] for name in STAMPS if name in after}
    differing = [name for name in changed if _is_long(before.get(name), changed[name]) and switches.on(DIFFS)]
    values |= {name: difference(before[name], after[name]) for name in differing}
    user = str(now.get("LastModifiedById", ""))
    return Change(shape.name, (record_id,), ChangeType.UPDATE, user, values, nulled, tuple(differing))


def _live(row: Row | None) -> Row | None:
    return None if row is None or row.get("IsDeleted") else row


def _told(shape: ObjectSchema, row: Row) -> dict[str, Any]:
    fields = shape.fields
    return {
        name: value
        for name, value in row.items()
        if name in fields and name not in UNTOLD and fields[name].type != "base64"
    }


def _is_long(old: Any, new: Any) -> bool:
    return isinstance(old, str) and isinstance(new, str) and min(len(old), len(new)) >= LONG_TEXT


def difference(old: str, new: str) -> str:
    """A unified diff whose file names are the SHA-256 of either text."""
    was, now = (hashlib.sha256(text.encode()).hexdigest() for text in (old, new))
    lines = difflib.unified_diff(old.splitlines(), new.splitlines(), was, now, lineterm="")
    return "\n".join(lines)


def _merged(found: Sequence[Change]) -> list[Change]:
    """Changes that are alike but for their record, at the place of the first."""
    kept: list[Change] = []
    for change in found:
        for position, other in enumerate(kept):
            if replace(change, record_ids=other.record_ids) == other:
                kept[position] = replace(other, record_ids=other.record_ids + change.record_ids)
                break
        else:
            kept.append(change)
    return kept
