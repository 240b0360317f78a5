"""Descriptions: the REST face's, member by member in the WSDL's order, which is the alphabet's."""

from typing import Any

from sandbox.salesforce.errors import SalesforceError
from sandbox.salesforce.soap.asked import Asked
from sandbox.salesforce.soap.markup import Xml, element, joined
from sandbox.salesforce.soap.sobjects import no_such_object

MOST_OBJECTS = 100
_UNKNOWN = frozenset(("listviewable", "lookupLayoutable", "sobjectDescribeOption", "urls"))
"""What REST tells and SOAP has no member for."""
_NILLABLE = frozenset(
    (
        "associateEntityType", "associateParentEntity", "defaultImplementation", "implementedBy",
        "implementsInterfaces", "keyPrefix", "networkScopeFieldName", "urlDetail", "urlEdit", "urlNew",
    )
)  # fmt: skip
"""Members that are there even when they say nothing; others without a value are left out."""
_WORDS = {
    "urn:address": "tns:address",
    "junctionidlist": "complexvalue",
}
"""REST's words for what the WSDL calls otherwise."""
_SOAP_ONLY: dict[str, Any] = {
    "defaultImplementation": None,
    "idEnabled": True,
    "implementedBy": None,
    "implementsInterfaces": None,
    "urlDetail": None,
    "urlEdit": None,
    "urlNew": None,
}


def describe_global(asked: Asked) -> list[Xml]:
    found = asked.org.describe_global(asked.ask.user)
    described = found | {"sobjects": [one | {"idEnabled": True} for one in found["sobjects"]]}
    return [element("result", _members(described))]


def describe_one(asked: Asked) -> list[Xml]:
    return [_described(asked, asked.text("sObjectType"))]


def describe_many(asked: Asked) -> list[Xml]:
    names = asked.texts("sObjectType")
    if len(names) > MOST_OBJECTS:
        raise SalesforceError(
            "EXCEEDED_MAX_SOBJECTS", f"cannot describe more than {MOST_OBJECTS} objects in a call"
        )
    return [_described(asked, name) for name in names]


def _described(asked: Asked, name: str) -> Xml:
    if asked.org.schema.object(name) is None:
        raise no_such_object(name)
    return element("result", _members(asked.org.describe(asked.ask.user, name) | _SOAP_ONLY))


def _members(facts: dict[str, Any]) -> Xml:
    return joined(_member(name, facts[name]) for name in sorted(facts) if name not in _UNKNOWN)


def _member(name: str, value: Any) -> Xml:
    if isinstance(value, list):
        return joined(_member(name, one) for one in value)
    if isinstance(value, dict):
        return element(name, _members(value))
    if value is None:
        return element(name, None) if name in _NILLABLE else Xml("")
    return element(name, _WORDS.get(value, value) if isinstance(value, str) else value)
