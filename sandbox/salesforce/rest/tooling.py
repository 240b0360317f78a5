"""Fields made through the Tooling API: a definition as JSON, and nobody sees the field until somebody is let.

https://developer.salesforce.com/docs/atlas.en-us.api_tooling.meta/api_tooling/tooling_api_objects_customfield.htm
A field that comes by an API is in no profile and no permission set, not even the administrator's.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sandbox.salesforce.access import EVERYBODY
from sandbox.salesforce.errors import SalesforceError
from sandbox.salesforce.rest.exchange import Answer, Ask
from sandbox.salesforce.schema.package import ACTIVITY, Element, field_fact

LONGEST_NAME = 40


def create_field(ask: Ask) -> Answer:
    """`{"FullName": "Task.Name__c" or "Activity.Name__c", "Metadata": {...}}`"""
    if not ask.org.core.access.profile(ask.user).get("PermissionsCustomizeApplication"):
        raise SalesforceError("INSUFFICIENT_ACCESS", "insufficient access rights on entity: CustomField", 403)
    body = ask.body if isinstance(ask.body, dict) else {}
    full, about = body.get("FullName"), body.get("Metadata")
    if not isinstance(full, str) or full.count(".") != 1 or not isinstance(about, dict):
        raise SalesforceError("REQUIRED_FIELD_MISSING", "Required fields are missing: [FullName, Metadata]")
    owner, name = full.split(".")
    if owner in ACTIVITY:
        raise SalesforceError("FIELD_INTEGRITY_EXCEPTION", f"{owner}: custom fields belong to Activity")
    _create(ask, owner, name, about)
    return Answer(
        201, {"id": ask.org.core.ids.make("00N"), "success": True, "errors": [], "warnings": [], "infos": []}
    )


def _create(ask: Ask, owner: str, name: str, about: Mapping[str, Any]) -> None:
    core = ask.org.core
    for one in ACTIVITY if owner == "Activity" else (owner,):
        shape = core.schema.object(one)
        if shape is None:
            raise SalesforceError("INVALID_FIELD_FOR_INSERT_UPDATE", f"no such object: {owner}")
        if shape.field(name) is not None:
            message = f"There is already a field named {name.removesuffix('__c')} on {owner}."
            raise SalesforceError("DUPLICATE_DEVELOPER_NAME", message)
        try:
            fact = field_fact(_element("CustomField", {**about, "fullName": name}))
            core.add_field(one, fact if one == owner else replace(fact, kids=None))
        except ValueError as wrong:
            raise SalesforceError("FIELD_INTEGRITY_EXCEPTION", str(wrong)) from wrong
        core.access.hide(one, name, EVERYBODY)


def _element(name: str, value: Any) -> Element:
    """As the same definition would be in XML."""
    if isinstance(value, dict):
        children = [
            _element(key, one)
            for key, ones in value.items()
            for one in (ones if isinstance(ones, list) else [ones])
        ]
        return Element(name, children=children)
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return Element(name, text)
