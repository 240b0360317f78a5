"""Into the recycle bin with what hangs on a row, and back out of it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sandbox.salesforce import errors, locks
from sandbox.salesforce.checks import check_object, check_unique, refuse_access
from sandbox.salesforce.core import Core
from sandbox.salesforce.errors import SalesforceError
from sandbox.salesforce.ids import Id, normalise
from sandbox.salesforce.records import Row
from sandbox.salesforce.rules.people import refuse_person_contact
from sandbox.salesforce.schema import ObjectSchema
from sandbox.salesforce.schema.facts import Field
from sandbox.salesforce.values import show
from sandbox.salesforce.write import PLAIN, WriteOptions, refuse_modified

if TYPE_CHECKING:
    from sandbox.salesforce.dml import Dml


def delete(dml: "Dml", user: Id, record_id: str, options: WriteOptions = PLAIN) -> None:
    core = dml.core
    shape = core.shape_of(record_id)
    row = dml.existing(shape, record_id)
    if "d" not in shape.facts.verbs:
        raise SalesforceError("CANNOT_DELETE_ENTITY", f"entity type {shape.name} does not support delete")
    check_object(core, user, shape, "delete")
    if not core.access.can_delete(user, shape.name, row):
        raise refuse_access(core, user, shape, row)
    refuse_modified(row, options)
    locks.check(core, user, shape, row, row)
    refuse_person_contact(row)
    with core.store.transaction():
        gone: list[Id] = []
        _remove(dml, user, shape, row, gone)
        core.deleted_with[row["Id"]] = tuple(gone)
        rules = dml.rules.get(shape.name)
        if rules is not None and rules.skips_bin(core):
            core.forget(row["Id"])
        if rules is not None:
            rules.removed(core, user, row)


def undelete(dml: "Dml", user: Id, record_id: str) -> None:
    """Back with what went along; one that was merged comes back alone: its children have another parent."""
    core = dml.core
    shape = core.shape_of(record_id)
    row = core.row(normalise(record_id))
    if row is None or not row.get("IsDeleted"):
        raise SalesforceError("UNDELETE_FAILED", "Entity is not in the recycle bin")
    if not core.access.can_delete(user, shape.name, row):
        raise refuse_access(core, user, shape, row)
    with core.store.transaction():
        together = core.deleted_with.pop(row["Id"], (row["Id"],))
        for one in together:
            back = core.row(one)
            if back is None:
                continue
            of = core.shape_of(one)
            _check_parents(core, of, back, together)
            check_unique(core, of, dict(back), one)
            changes = {"IsDeleted": None, "MasterRecordId": None}
            core.change(of.name, back, changes, stamp=core.stamp(back), user=user)
    dml.run_automation(shape.name, "after_update", user, row["Id"])


def _check_parents(core: Core, shape: ObjectSchema, row: Row, together: tuple[Id, ...]) -> None:
    """A child comes back only to a parent that is there."""
    for fact in shape.present():
        parent = row.get(fact.name) if fact.type == "reference" and fact.on_delete == "cascade" else None
        if parent and parent not in together and core.live(parent) is None:
            raise SalesforceError("UNDELETE_FAILED", f"Undelete failed: {fact.label} is deleted")


def empty_bin(dml: "Dml", user: Id, record_ids: Sequence[str] | None = None) -> int:
    """Out of existence: these, or all that the user may delete; answers how many rows that were."""
    core = dml.core
    if record_ids is None:
        chosen = [one for _, one in core.bin if _is_in_bin(core, one) and _may_empty(core, user, one)]
    else:
        chosen = [normalise(one) or one for one in record_ids]
        for one in chosen:
            if not _is_in_bin(core, one):
                raise SalesforceError("INVALID_ID_FIELD", "Invalid record id; no recycle bin entry found")
            if not _may_empty(core, user, one):
                raise errors.no_access()
    return sum(purge(core, one) for one in dict.fromkeys(chosen))


def _is_in_bin(core: Core, record_id: Id) -> bool:
    return bool((core.row(record_id) or {}).get("IsDeleted"))


def _may_empty(core: Core, user: Id, record_id: Id) -> bool:
    row = core.row(record_id)
    return row is not None and core.access.can_delete(user, core.shape_of(record_id).name, row)


def purge(core: Core, record_id: Id) -> int:
    """A row and what went into the bin with it; answers how many rows are no more."""
    with core.store.transaction():
        gone = [one for one in core.deleted_with.pop(record_id, (record_id,)) if core.row(one) is not None]
        for one in gone:
            core.purged[core.shape_of(one).name] = core.now()
            core.forget(one)
    return len(gone)


def _remove(dml: "Dml", user: Id, shape: ObjectSchema, row: Row, gone: list[Id]) -> None:
    """Into the bin, after what hangs on the row; `gone` collects every id that went, the row's own first."""
    core, record_id = dml.core, row["Id"]
    gone.append(record_id)
    rules = dml.rules.get(shape.name)
    for other in rules.goes_with(core, row) if rules is not None else ():
        companion = core.live(other)
        if companion is not None and other not in gone:
            _remove(dml, user, core.shape_of(other), companion, gone)
    for child in core.schema.children(shape.name):
        if child.field.on_delete == "keep":
            continue
        for held in core.pointing(child.object, child.field.name, record_id):
            _let_go(dml, user, child.object, child.field, held, gone)
    current = core.live(record_id)
    if current is not None:
        stamp = core.stamp(current)
        core.change(shape.name, current, {"IsDeleted": True}, stamp=stamp, user=user)
        core.bin.append((stamp, record_id))
    dml.run_automation(shape.name, "after_delete", user, record_id)


def _let_go(dml: "Dml", user: Id, object_name: str, fact: Field, row: Row, gone: list[Id]) -> None:
    if fact.on_delete == "restrict":
        raise SalesforceError(
            "DELETE_FAILED",
            "Your attempt to delete this record could not be completed because it is associated with "
            f"the following {object_name} records: {show(row.get('CaseNumber', row['Id']))}",
        )
    if fact.on_delete == "cascade":
        if row["Id"] not in gone:
            _remove(dml, user, dml.core.shape(object_name), row, gone)
    elif row["Id"] not in gone:
        dml.core.change(object_name, row, {fact.name: None}, stamp=dml.core.stamp(row))
