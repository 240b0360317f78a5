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
