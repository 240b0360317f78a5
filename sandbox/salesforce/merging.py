"""Duplicates that become one record: up to three accounts, contacts or leads."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sandbox.salesforce import errors, locks
from sandbox.salesforce.core import Core
from sandbox.salesforce.dml import Dml
from sandbox.salesforce.errors import SalesforceError
from sandbox.salesforce.ids import Id
from sandbox.salesforce.records import Row
from sandbox.salesforce.rules.activities import account_of
from sandbox.salesforce.schema import ObjectSchema
from sandbox.salesforce.schema.facts import Field

MERGEABLE = ("Account", "Contact", "Lead")
MOST_OTHERS = 2
ONE_EACH: dict[str, tuple[str, ...]] = {
    "TaskRelation": ("TaskId",),
    "EventRelation": ("EventId",),
    "EmailMessageRelation": ("EmailMessageId", "RelationType"),
    "OpportunityContactRole": ("OpportunityId",),
}
"""Rows that say the same twice once both their people are one: by these fields the second one goes."""


@dataclass(frozen=True, slots=True)
class Merged:
    id: Id
    merged: tuple[Id, ...]
    related: tuple[Id, ...]
    """Rows that pointed at those that went and now point at the one that stays."""


def merge(
    dml: Dml, user: Id, master_id: str, others: Sequence[str], fields: Mapping[str, Any] | None = None
) -> Merged:
    """The others go into the recycle bin naming their master; what pointed at them points at it.

    The master keeps its own values; `fields` are written to it besides.
    """
    core = dml.core
    shape = core.shape_of(master_id)
    master = dml.existing(shape, master_id)
    losers = [dml.existing(shape, other) for other in others]
    _check(core, user, shape, master, losers)
    with core.store.transaction():
        if fields:
            dml.update(user, shape.name, master["Id"], dict(fields))
        related: dict[Id, None] = {}
        for loser in losers:
            _absorb(dml, user, shape, master["Id"], loser, related)
        stays = core.live(master["Id"]) or master
        core.change(shape.name, stays, {}, stamp=core.stamp(stays), user=user)
        dml.run_automation(shape.name, "after_update", user, master["Id"])
    return Merged(master["Id"], tuple(loser["Id"] for loser in losers), tuple(related))


def _check(core: Core, user: Id, shape: ObjectSchema, master: Row, losers: list[Row]) -> None:
    ids = [master["Id"], *(loser["Id"] for loser in losers)]
    if shape.name not in MERGEABLE or not losers or len(losers) > MOST_OTHERS or len(set(ids)) < len(ids):
        raise SalesforceError("MERGE_FAILED", f"Cannot merge these {shape.name} records")
    for row in (master, *losers):
        if row.get("IsConverted"):
            raise SalesforceError("MERGE_FAILED", "A converted lead cannot be merged")
        if bool(row.get("IsPersonAccount")) != bool(master.get("IsPersonAccount")):
            raise SalesforceError("MERGE_FAILED", "A person account cannot be merged with a business account")
        if shape.name == "Contact" and row.get("IsPersonAccount"):
            message = "cannot merge person contacts; merge their accounts"
            raise SalesforceError("INVALID_PERSON_ACCOUNT_OPERATION", message)
        locks.check(core, user, shape, row, row)
    may_delete = all(core.access.can_delete(user, shape.name, loser) for loser in losers)
    if not may_delete or not core.access.can_edit(user, shape.name, master):
        raise errors.no_access()


def _absorb(dml: Dml, user: Id, shape: ObjectSchema, master: Id, loser: Row, related: dict[Id, None]) -> None:
    core = dml.core
    theirs = core.live(loser.get("PersonContactId"))
    if theirs is not None:
        ours = (core.live(master) or {})["PersonContactId"]
        _absorb(dml, user, core.shape("Contact"), ours, theirs, related)
    for child in core.schema.children(shape.name):
        for row in core.pointing(child.object, child.field.name, loser["Id"]):
            if row["Id"] != loser["Id"]:
                _repoint(core, user, child.object, child.field, row, master)
                related[row["Id"]] = None
    current = core.live(loser["Id"]) or loser
    stamp = core.stamp(current)
    gone = {"IsDeleted": True, "MasterRecordId": master}
    core.change(shape.name, current, gone, stamp=stamp, user=user)
    core.bin.append((stamp, loser["Id"]))
    core.access.sharing.shares.pop(loser["Id"], None)
    dml.run_automation(shape.name, "after_delete", user, loser["Id"])


def _repoint(core: Core, user: Id, object_name: str, fact: Field, row: Row, master: Id) -> None:
    keys = ONE_EACH.get(object_name)
    if keys is not None:
        theirs = core.pointing(object_name, fact.name, master)
        if any(all(one.get(key) == row.get(key) for key in keys) for one in theirs):
            core.forget(row["Id"])
            return
    changes: dict[str, Any] = {fact.name: None if row["Id"] == master else master}
    if object_name in ("Task", "Event") and fact.name == "WhoId":
        changes["AccountId"] = account_of(core, row.get("WhatId"), master)
    core.change(object_name, row, changes, stamp=core.stamp(row), user=user)
