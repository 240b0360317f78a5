"""Duplicate rules."""

from sandbox.salesforce.customer.rules import DuplicateRule
from sandbox.salesforce.errors import SalesforceError
from sandbox.salesforce.write import Write


def check(write: Write) -> None:
    if not write.new or write.options.allow_duplicates:
        return
    for rule in write.core.customer.duplicates.get(write.shape.name, ()):
        _check(write, rule)


def _check(write: Write, rule: DuplicateRule) -> None:
    values = {name: write.draft.get(name) for name in rule.fields}
    if None in values.values():
        return
    matches = [
        row
        for row in write.core.store.table(write.shape.name).rows.values()
        if not row.get("IsDeleted") and all(row.get(name) == value for name, value in values.items())
    ]
    if matches:
        found = [{"record": {"attributes": {"type": write.shape.name}, "Id": row["Id"]}} for row in matches]
        result = {
            "allowSave": True,
            "duplicateRule": rule.name,
            "duplicateRuleEntityType": write.shape.name,
            "errorMessage": "Use one of these records?",
            "matchResults": [{"entityType": write.shape.name, "matchRecords": found, "success": True}],
        }
        raise SalesforceError(
            "DUPLICATES_DETECTED", "Use one of these records?", extra={"duplicateResult": result}
        )
