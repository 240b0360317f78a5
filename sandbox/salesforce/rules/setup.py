"""Rows of an org's set-up that change what the org is."""

from sandbox.salesforce.customer.recordtypes import FIELD, LINK
from sandbox.salesforce.errors import SalesforceError
from sandbox.salesforce.rules.base import NoRules
from sandbox.salesforce.write import Write


class RecordTypeRules(NoRules):
    def prepare(self, write: Write) -> None:
        name = write.draft.get("SobjectType")
        if name and write.core.schema.object(name) is None:
            raise SalesforceError(
                "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
                f"SObject Type Name: bad value for restricted picklist field: {name}",
                fields=("SobjectType",),
            )

    def saved(self, write: Write) -> None:
        """An object without record types has no RecordTypeId; the first one brings it."""
        shape = write.core.shape(write.draft["SobjectType"])
        if FIELD not in shape.fields:
            write.core.add_field(shape.name, LINK)


class FieldPermissionsRules(NoRules):
    def prepare(self, write: Write) -> None:
        """One row a permission set and field; who may edit a field may read it."""
        draft = write.draft
        owner, _, field = str(draft.get("Field") or "").partition(".")
        shape = write.core.schema.object(owner)
        if shape is None or shape.field(field) is None or owner != draft.get("SobjectType"):
            message = f"Field Name: bad value for restricted picklist field: {draft.get('Field')}"
            raise SalesforceError("INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", message, fields=("Field",))
        if draft.get("PermissionsEdit") and not draft.get("PermissionsRead"):
            raise SalesforceError("FIELD_INTEGRITY_EXCEPTION", "Edit needs Read", fields=("PermissionsRead",))
        if not write.new:
            return
        rows = write.core.store.table("FieldPermissions").rows.values()
        if any((row["ParentId"], row["Field"]) == (draft["ParentId"], draft["Field"]) for row in rows):
            message = "duplicate value found: <unknown> duplicates value on record with id: <unknown>"
            raise SalesforceError("DUPLICATE_VALUE", message)
