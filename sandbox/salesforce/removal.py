"""Into the recycle bin with what hangs on a row, and back out of it."""

from typing import TYPE_CHECKING

from sandbox.salesforce.checks import check_object, check_unique, refuse_access
from sandbox.salesforce.errors import SalesforceError
from sandbox.salesforce.ids import Id, normalise
from sandbox.salesforce.records import Row
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
    core = dml.core
    shape = core.shape_of(record_id)
    row = core.row(normalise(record_id))
    if row is None or not row.get("IsDeleted"):
        raise SalesforceError("UNDELETE_FAILED", "Entity is not in the recycle bin")
    with core.store.transaction():
        for one in core.deleted_with.pop(row["Id"], (row["Id"],)):
            back = core.row(one)
            if back is None:
                continue
            of = core.shape_of(one)
            check_unique(core, of, dict(back), one)
            core.change(of.name, back, {"IsDeleted": None}, stamp=core.stamp(back), user=user)
    dml.run_automation(shape.name, "after_update", user, row["Id"])


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
