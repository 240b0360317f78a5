"""Rows another transaction holds, and records an approval has locked.

A write needs the row itself and the parents whose sums and sharing depend on it: two transactions with children
of one account collide although they write different rows.
"""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sandbox.salesforce.errors import SalesforceError
from sandbox.salesforce.ids import Id, normalise
from sandbox.salesforce.records import Row
from sandbox.salesforce.schema import ObjectSchema
from sandbox.switches import declare

if TYPE_CHECKING:
    from sandbox.salesforce.core import Core

UNFINISHED_HOLDS = declare(
    "salesforce.unfinished_requests_hold_rows",
    default=False,
    question="Does a write fail when it needs rows that a request still at work has?",
    source="P14; off: only a fault brings UNABLE_TO_LOCK_ROW",
)
ADMINISTRATORS_EDIT_LOCKED = declare(
    "salesforce.administrators_edit_locked",
    default=True,
    question="May users with Modify All Data edit a record that an approval has locked?",
    source="help pages say so; reports of triggers and flows of administrators differ",
)
PARENTS = ("AccountId", "ContactId", "OpportunityId", "ParentId", "RelatedToId", "WhatId", "WhoId")
_ID = re.compile(r"(?<![0-9A-Za-z])[0-9A-Za-z]{15}(?:[0-9A-Za-z]{3})?(?![0-9A-Za-z])")


@dataclass(slots=True)
class Locks:
    held: dict[Id, datetime] = field(default_factory=dict)
    """Rows that a transaction of somebody else has, until that moment."""
    approvals: set[Id] = field(default_factory=set)
    staged: frozenset[Id] = frozenset()
    """Rows that requests which are still at work have, while a request of somebody else is carried out."""

    @contextmanager
    def staging(self, ids: frozenset[Id]) -> Iterator[None]:
        before, self.staged = self.staged, ids
        try:
            yield
        finally:
            self.staged = before


def check(core: "Core", user: Id, shape: ObjectSchema, old: Row | None, draft: dict[str, Any] | Row) -> None:
    """Refuse a write that needs what others hold. A deletion's draft is the row itself."""
    locks = core.locks
    locked = old is not None and old["Id"] in locks.approvals
    if locked and not (core.switches.on(ADMINISTRATORS_EDIT_LOCKED) and core.access.modifies_all(user)):
        raise SalesforceError("ENTITY_IS_LOCKED", "the entity is locked for editing")
    if not locks.held and not locks.staged:
        return
    now = core.clock.now()
    for one in needed(core, shape, old, draft):
        if one in locks.staged or locks.held.get(one, now) > now:
            message = f"unable to obtain exclusive access to this record or 1 records: {one[:15]}"
            raise SalesforceError("UNABLE_TO_LOCK_ROW", message)


def needed(core: "Core", shape: ObjectSchema, old: Row | None, draft: dict[str, Any] | Row) -> set[Id]:
    """The row and its parents, those it had and those it gets; a person's or deal's account with them."""
    ids: set[Id] = {old["Id"]} if old is not None else set()
    for values in (old or {}, draft):
        ids |= _parents(shape, values)
    accounts = ((core.row(one) or {}).get("AccountId") for one in ids)
    return ids | {one for one in accounts if one}


def _parents(shape: ObjectSchema, row: Row | dict[str, Any]) -> set[Id]:
    masters = [fact.name for fact in shape.present() if fact.type == "reference" and fact.on_delete == "cascade"]
    return {row[name] for name in (*PARENTS, *masters) if row.get(name)}


def named_in(core: "Core", texts: Iterable[str]) -> frozenset[Id]:
    """What a request that names these rows holds: the rows that are there, and their parents."""
    held: set[Id] = set()
    for text in texts:
        for found in _ID.findall(text):
            row = core.live(normalise(found))
            if row is not None:
                held |= needed(core, core.shape_of(row["Id"]), row, row)
    return frozenset(held)
