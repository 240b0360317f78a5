"""What every write has to pass whatever the object: required fields, references, owner, unique keys."""

from typing import Any

from sandbox.salesforce import errors
from sandbox.salesforce.access import Permission
from sandbox.salesforce.core import Core
from sandbox.salesforce.errors import SalesforceError
from sandbox.salesforce.ids import Id
from sandbox.salesforce.records import Row
from sandbox.salesforce.schema import ObjectSchema
from sandbox.salesforce.schema.facts import Field
from sandbox.salesforce.write import Write
from sandbox.switches import declare

NAMES_HOLDER = declare(
    "salesforce.duplicate_names_holder",
    default=True,
    question="Does DUPLICATE_VALUE name the field and the row that holds the value, or say <unknown> for both?",
    source="field reports show both wordings",
)
SAME_KEY_IS_EXTERNAL_ID = declare(
    "salesforce.same_key_is_external_id",
    default=False,
    question="Is a create with a taken external id refused with DUPLICATE_EXTERNAL_ID (or with DUPLICATE_VALUE)?",
    source="notes 4.4: a race of two upserts has shown both",
)


SEEN_AS_UNKNOWN = declare(
    "salesforce.unseen_row_is_unknown",
    default=False,
    question="Is a write to a row the user may not see an invalid cross reference id, or insufficient access?",
    source="field reports show both",
)


def check_object(core: Core, user: Id, shape: ObjectSchema, permission: Permission) -> None:
    """The profile's permission on the object itself; who may not even read it finds no such object."""
    if not core.access.may(user, shape.name, "read"):
        raise errors.not_found()
    if not core.access.may(user, shape.name, permission):
        did = {"create": "inserted", "edit": "updated"}.get(permission, "deleted")
        raise SalesforceError(
            "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", f"entity type cannot be {did}: {shape.label}"
        )


def refuse_access(core: Core, user: Id, shape: ObjectSchema, row: Row) -> SalesforceError:
    """Why a row may not be written, when its object may."""
    if core.switches.on(SEEN_AS_UNKNOWN) and not core.access.can_see(user, shape.name, row):
        return SalesforceError("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id")
    return errors.no_access()


def check_required(write: Write) -> None:
    missing = [
        fact.name
        for fact in write.shape.present()
        if not fact.nillable
        and (fact.createable or fact.updateable)
        and fact.type not in ("boolean", "id")
        and write.draft.get(fact.name) is None
    ]
    if missing:
        raise errors.required_missing(missing)


def check_references(write: Write) -> None:
    for name in write.given:
        fact = write.shape.fields[name]
        if fact.type == "reference" and write.draft.get(name) and write.changed(name):
            check_reference(write.core, write.user, fact, write.draft[name])
            if fact.master and not _edits(write, write.draft[name]):
                raise _no_access_across(fact, write.draft[name])


def check_reference(core: Core, user: Id, fact: Field, target: Id) -> None:
    shape = core.schema.object_by_prefix(target[:3])
    if shape is None or shape.name not in fact.to:
        raise errors.integrity(f"{fact.label}: id value of incorrect type: {target}", fact.name)
    row = core.row(target)
    if row is None:
        raise SalesforceError("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id", fields=(fact.name,))
    if row.get("IsDeleted"):
        raise SalesforceError("ENTITY_IS_DELETED", "entity is deleted", fields=(fact.name,))
    if row.get("IsConverted"):
        raise SalesforceError(
            "CANNOT_UPDATE_CONVERTED_LEAD", "cannot reference converted lead", fields=(fact.name,)
        )
    if not core.access.can_see(user, shape.name, row):
        raise _no_access_across(fact, target)


def _edits(write: Write, record_id: Id) -> bool:
    """Details are made by whom the master lets edit it."""
    row = write.core.row(record_id)
    return row is not None and write.core.access.can_edit(write.user, write.core.shape_of(record_id).name, row)


def _no_access_across(fact: Field, target: Id) -> SalesforceError:
    return SalesforceError(
        "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY",
        f"insufficient access rights on cross-reference id: {target[:15]}",
        fields=(fact.name,),
    )


def check_unique(core: Core, shape: ObjectSchema, draft: dict[str, Any], own: Id) -> None:
    table = core.store.table(shape.name)
    for fact in shape.present():
        value = draft.get(fact.name) if fact.unique else None
        if value is None:
            continue
        for row in table.find(fact.name, value):
            if row["Id"] != own and not row.get("IsDeleted"):
                raise _duplicate(core, fact, row)


def _duplicate(core: Core, fact: Field, holder: Row) -> SalesforceError:
    if fact.name == "Username":
        return SalesforceError("DUPLICATE_USERNAME", "Duplicate Username.", fields=("Username",))
    if fact.external_id and core.switches.on(SAME_KEY_IS_EXTERNAL_ID):
        return SalesforceError("DUPLICATE_EXTERNAL_ID", "duplicate external id", fields=(fact.name,))
    if core.switches.on(NAMES_HOLDER):
        return errors.duplicate_value(fact.name, holder["Id"][:15])
    return errors.duplicate_value("<unknown>", "<unknown>")
