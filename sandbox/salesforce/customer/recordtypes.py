"""Record types: which a profile may use, which it gets, and which picklist values each offers."""

from collections.abc import Iterator

from sandbox.salesforce.core import Core
from sandbox.salesforce.customer.rules import RecordTypeUse
from sandbox.salesforce.errors import SalesforceError
from sandbox.salesforce.ids import Id
from sandbox.salesforce.records import Row
from sandbox.salesforce.schema.facts import Field, f
from sandbox.salesforce.values import bad_picklist_value
from sandbox.salesforce.write import Write
from sandbox.switches import declare

MASTER = "012000000000000AAA"
"""The record type of rows that have none."""
FIELD = "RecordTypeId"
LINK = f(FIELD, "reference", to="RecordType", rel="RecordType", source="describe answer of a real org")

DEPENDENT_PICKLISTS_CHECKED = declare(
    "salesforce.dependent_picklists_checked",
    default=False,
    question="Does an API write refuse a value that its controlling picklist does not allow?",
    source="help pages speak of the pages people use; field reports of the API differ",
)


def of_object(core: Core, object_name: str) -> Iterator[Row]:
    rows = core.store.table("RecordType").rows.values()
    return (row for row in rows if row.get("SobjectType") == object_name and not row.get("IsDeleted"))


def use_of(core: Core, user: Id, object_name: str) -> RecordTypeUse:
    """What this user's profile may use; all that are active, and none by default, where nobody said anything."""
    profile = (core.access.user(user) or {}).get("ProfileId", "")
    said = core.customer.record_types.get((profile, object_name))
    return said or RecordTypeUse(frozenset(row["Id"] for row in of_object(core, object_name)), None)


def give(write: Write) -> None:
    """Before the object's own rules: the profile's default, and master as no record type at all."""
    if FIELD not in write.shape.fields:
        return
    if write.draft.get(FIELD) == MASTER:
        write.draft[FIELD] = write.given[FIELD] = None
    elif write.new and FIELD not in write.given:
        write.draft[FIELD] = use_of(write.core, write.user, write.shape.name).default


def check(write: Write) -> None:
    chosen = write.draft.get(FIELD)
    if chosen and write.changed(FIELD):
        row = write.core.row(chosen) or {}
        fits = row.get("SobjectType") == write.shape.name and row.get("IsActive")
        if not fits or chosen not in use_of(write.core, write.user, write.shape.name).available:
            raise SalesforceError(
                "INVALID_CROSS_REFERENCE_KEY",
                f"Record Type ID: this ID value isn't valid for the user: {chosen}",
                fields=(FIELD,),
            )
    for name in write.given:
        fact = write.shape.fields[name]
        if fact.type in ("picklist", "multipicklist") and write.draft.get(name) and write.changed(name):
            _check_offered(write, fact, chosen or MASTER)


def _check_offered(write: Write, fact: Field, record_type: Id) -> None:
    """Unrestricted picklists take any text through the API, whatever the record type offers."""
    value = write.draft[fact.name]
    chosen = set(value.split(";")) if fact.type == "multipicklist" else {value}
    offered = write.core.customer.record_type_values.get((record_type, fact.name))
    if fact.restricted and offered is not None and not chosen <= set(offered):
        raise bad_picklist_value(fact, value)
    dependency = write.core.customer.dependencies.get((write.shape.name, fact.name))
    if dependency is None or not write.core.switches.on(DEPENDENT_PICKLISTS_CHECKED):
        return
    controlling = write.draft.get(dependency.controller)
    key = str(bool(controlling)).lower() if _is_checkbox(write, dependency.controller) else controlling
    if not chosen <= set(dependency.allowed.get(key or "", ())):
        raise bad_picklist_value(fact, value)


def _is_checkbox(write: Write, name: str) -> bool:
    return write.shape.fields[name].type == "boolean"
