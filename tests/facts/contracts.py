"""What is known of Salesforce's fields from elsewhere, in the form of the field facts."""

import json
from functools import cache
from typing import Any

from sandbox.salesforce.schema.facts import Field
from tests.places import SHARED
from tests.unit.sandbox.salesforce.contracts import describe_of

CONTRACTS = SHARED / "contracts" / "salesforce"
RECORDED = ("Account", "Contact", "Lead", "Opportunity", "OpportunityContactRole", "Event", "Case")
SCRIPT_TYPES = {
    "boolean": "boolean",
    "int": "number",
    "double": "number",
    "currency": "number",
    "percent": "number",
    "date": "DateString",
    "datetime": "DateString",
    "base64": "BlobString",
    "address": "Address",
}
PUBLISHED_LENGTHS = {
    ("EmailMessage", "Subject"): 3000,
    ("EmailMessage", "HtmlBody"): 131072,
    ("EmailMessage", "TextBody"): 131072,
    ("EmailMessage", "Headers"): 32000,
    ("EmailMessage", "FromAddress"): 1000,
    ("EmailMessage", "FromName"): 1000,
    ("EmailMessage", "ToAddress"): 4000,
    ("EmailMessage", "CcAddress"): 4000,
    ("EmailMessage", "BccAddress"): 4000,
    ("EmailMessage", "MessageIdentifier"): 765,
    ("EmailMessage", "ThreadIdentifier"): 765,
    ("EmailMessage", "ClientThreadIdentifier"): 765,
    ("Event", "Subject"): 255,
    ("Event", "Location"): 255,
    ("Event", "Description"): 32000,
    ("Event", "Recurrence2PatternText"): 512,
    ("Task", "Description"): 32000,
    ("Task", "Subject"): 255,
}
"""Lengths that the vendor's object reference states; a description of the object would say the same."""


@cache
def recorded(name: str) -> dict[str, dict[str, Any]]:
    """Field → its facts in a describe answer of a real org; empty for objects nobody recorded."""
    if name not in RECORDED:
        return {}
    described = describe_of(CONTRACTS / "describe" / f"GET_sobjects_{name}_describe.yaml")
    return {one["name"]: one for one in described["fields"] if not one["name"].endswith("__c")}


@cache
def _listing() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((CONTRACTS / "standard-objects-jsforce.json").read_text())["objects"]
    return found


def listed(name: str) -> dict[str, str]:
    """Field → its type in the published listing, such as `string | null`."""
    found: dict[str, str] = _listing().get(name, {}).get("fields", {})
    return found


def listed_ways_up(name: str) -> frozenset[str]:
    return frozenset(_listing().get(name, {}).get("parentReferences", ()))


@cache
def wire_types() -> frozenset[str]:
    """Types of fields that the partner WSDL knows."""
    return frozenset(json.loads((CONTRACTS / "enums-from-partner-wsdl.json").read_text())["fieldType"])


def script_type(fact: Field) -> str:
    """What the listing would say of this fact."""
    return SCRIPT_TYPES.get(fact.type, "string") + (" | null" if fact.nillable else "")
