"""Custom objects out of SFDX source: `objects/<Object>/<Object>.object-meta.xml`."""

from dataclasses import dataclass

from sandbox.salesforce.schema.facts import DELETED, SYSTEM, Field, SObject, f, identity, stamped
from sandbox.salesforce.schema.package import BadMetadata, Element

DEFAULTS = {"Private": "private", "Read": "read", "ReadWrite": "edit", "FullAccess": "full"}
"""Org-wide defaults by the metadata's word; ControlledByParent is a detail's, which follows its master anyway."""


@dataclass(frozen=True, slots=True)
class CustomObject:
    facts: SObject
    activities: bool
    default: str | None


def object_facts(name: str, element: Element, prefix: str) -> CustomObject:
    if element.name != "CustomObject":
        raise BadMetadata(f"root element is {element.name}, CustomObject expected")
    if not name.endswith("__c"):
        raise BadMetadata(f"{name} does not end in __c")
    label = element.get("label") or name.removesuffix("__c")
    activities = element.flag("enableActivities")
    fields = (
        identity("Record ID"),
        f("OwnerId", "reference", 18, "cufsgD", to=("Group", "User"), rel="Owner"),
        DELETED,
        _name_field(element.child("nameField") or Element("")),
        *SYSTEM,
        *((f("LastActivityDate", "date", 0, "Nfsg"),) if activities else ()),
        f("LastViewedDate", "datetime", 0, "Nfs"),
        f("LastReferencedDate", "datetime", 0, "Nfs"),
    )
    plural = element.get("pluralLabel") or f"{label}s"
    facts = SObject(name, prefix, stamped(fields, "package", "V"), label=label, plural=plural, verbs="crudsb")
    return CustomObject(facts, activities, DEFAULTS.get(element.get("sharingModel")))


def _name_field(element: Element) -> Field:
    label, kind = element.get("label") or "Name", element.get("type") or "Text"
    if kind == "AutoNumber":
        return f("Name", "string", 80, "fsginD", label=label, auto_number=element.get("displayFormat") or "{0}")
    if kind != "Text":
        raise BadMetadata(f"a name of type {kind!r} is not modelled")
    return f("Name", "string", 80, "Ncufsgin", label=label)
