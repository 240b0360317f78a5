"""Duplicate rules: who is the same as whom, and whether a write that makes a duplicate is refused.

Matching is exact but for case; a field that is blank on either side matches nothing.
"""

from collections.abc import Iterator
from typing import Any

from sandbox.salesforce import render
from sandbox.salesforce.customer.rules import DuplicateRule, Matching
from sandbox.salesforce.errors import SalesforceError
from sandbox.salesforce.formula.check import leads_to
from sandbox.salesforce.records import Row, fold
from sandbox.salesforce.schema import ObjectSchema
from sandbox.salesforce.write import Write
from sandbox.switches import declare

MISSPELT = declare(
    "salesforce.duplicate_result_misspelt",
    default=False,
    question="Is the member of a refusal that lists duplicates called duplicateResut (or duplicateResult)?",
    source="answers recorded by clients of v54 have the one, the reference has the other",
)


def check(write: Write) -> None:
    """Refuse what the first rule that finds something says to refuse."""
    for rule in write.core.customer.duplicates.get(write.shape.name, ()):
        action = rule.on_insert if write.new else rule.on_update
        if action not in ("block", "alert") or (action == "alert" and write.options.allow_duplicates):
            continue
        if not write.new and not _touched(write, rule):
            continue
        found = [(matching, list(_matches(write, matching))) for matching in rule.matchings]
        if any(rows for _, rows in found):
            raise _refusal(write, rule, found, allow_save=action == "alert")


def _touched(write: Write, rule: DuplicateRule) -> bool:
    """An update is looked at when it changes what is matched on."""
    names = {pair[0].split(".")[0] for matching in rule.matchings for pair in matching.pairs}
    links = {fact.name for name in names if (fact := write.shape.parent(name)) is not None}
    return write.changed(*(names | links))


def _matches(write: Write, matching: Matching) -> Iterator[Row]:
    """Live rows of the other object whose fields equal ours; a first indexed field saves a scan."""
    core, shape = write.core, write.core.shape(matching.object)
    wanted = [fold(_read(write, write.shape, write.draft, own)) for own, _ in matching.pairs]
    if None in wanted:
        return
    table = core.store.table(shape.name)
    indexed = [
        (name, value) for (_, name), value in zip(matching.pairs, wanted, strict=True) if name in table.indexes
    ]
    for row in table.find(*indexed[0]) if indexed else table.rows.values():
        same = row["Id"] in (write.draft["Id"], write.options.replaces)
        if same or row.get("IsDeleted") or row.get("IsConverted"):
            continue
        theirs = [fold(_read(write, shape, row, name)) for _, name in matching.pairs]
        visible = not write.options.duplicates_as_user or core.access.can_see(write.user, shape.name, row)
        if theirs == wanted and visible:
            yield row


def _read(write: Write, shape: ObjectSchema, row: Row, path: str) -> Any:
    *hops, end = leads_to(write.core, shape, path.split("."))
    current: Row | None = row
    for hop in hops:
        current = write.core.live(current.get(hop.name)) if current is not None else None
    return None if current is None else current.get(end.name)


def _refusal(
    write: Write, rule: DuplicateRule, found: list[tuple[Matching, list[Row]]], *, allow_save: bool
) -> SalesforceError:
    """Records the user may not see are counted by nobody, though they are why the write is refused."""
    result = {
        "allowSave": allow_save,
        "duplicateRule": rule.name,
        "duplicateRuleEntityType": write.shape.name,
        "errorMessage": rule.message,
        "matchResults": [_result(write, matching, rows) for matching, rows in found],
    }
    member = "duplicateResut" if write.core.switches.on(MISSPELT) else "duplicateResult"
    return SalesforceError("DUPLICATES_DETECTED", rule.message, extra={member: result})


def _result(write: Write, matching: Matching, rows: list[Row]) -> dict[str, Any]:
    core, shape = write.core, write.core.shape(matching.object)
    names: list[str] | None = None if write.options.duplicate_details else []
    records = [
        {
            "additionalInformation": [],
            "fieldDiffs": [],
            "matchConfidence": 100.0,
            "record": render.record(core, write.user, shape, row, names),
        }
        for row in rows
        if core.access.can_see(write.user, shape.name, row)
    ]
    return {
        "entityType": shape.name,
        "errors": [],
        "matchEngine": "ExactMatchEngine",
        "matchRecords": records,
        "rule": matching.name,
        "size": len(records),
        "success": True,
    }
