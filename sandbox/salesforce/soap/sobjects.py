"""Records in SOAP: elements to the mapping the REST face takes, and REST-shaped rows to elements."""

import base64
from typing import Any
from xml.etree.ElementTree import Element

from sandbox.salesforce.errors import SalesforceError
from sandbox.salesforce.ids import Id
from sandbox.salesforce.org import Org
from sandbox.salesforce.schema import ObjectSchema
from sandbox.salesforce.soap.envelope import TYPE, Dialect, is_nil, local, text, texts
from sandbox.salesforce.soap.markup import Xml, element, joined

_BOOLEANS = {"1": "true", "0": "false"}
_OWN = ("type", "fieldsToNull")
_ADDRESS = (
    "latitude", "longitude", "city", "country", "countryCode", "geocodeAccuracy", "postalCode", "state",
    "stateCode", "street",
)  # fmt: skip
"""The WSDL's order: an address is a location first."""


def read(org: Org, node: Element, dialect: Dialect) -> dict[str, Any]:
    """With `attributes.type`. Nil and empty members say nothing; `fieldsToNull` takes values away."""
    kind = node.get(TYPE, "").rpartition(":")[2] if dialect.typed else text(node, "type")
    if not kind:
        raise SalesforceError("INVALID_TYPE", "sObject type is required")
    shape = org.schema.object(kind)
    if shape is None:
        raise no_such_object(kind)
    record: dict[str, Any] = {"attributes": {"type": shape.name}}
    for name in texts(node, "fieldsToNull"):
        record[name] = [] if _is_list(shape, name) else None
    for member in node:
        name = local(member)
        if name in _OWN or is_nil(member):
            continue
        value = _value(org, shape, member, dialect)
        if value not in ("", None):
            record[name] = value
    return record


def no_such_object(name: str) -> SalesforceError:
    message = f"sObject type '{name}' is not supported. If you are attempting to use a custom object, be sure to "
    return SalesforceError("INVALID_TYPE", message + "append the '__c' after the entity name.")


def _is_list(shape: ObjectSchema, name: str) -> bool:
    fact = shape.field(name)
    return fact is not None and fact.type == "junctionidlist"


def _value(org: Org, shape: ObjectSchema, member: Element, dialect: Dialect) -> Any:
    """A relation named by an external id is a record of its own; JunctionIdLists hold `names`."""
    if _is_list(shape, local(member)):
        return texts(member, "names")
    if len(member):
        inner = read(org, member, dialect)
        return {name: value for name, value in inner.items() if name != "attributes"}
    fact = shape.field(local(member))
    value = member.text or ""
    return _BOOLEANS.get(value, value) if fact is not None and fact.type == "boolean" else value


def show(org: Org, user: Id, record: dict[str, Any], dialect: Dialect, name: str = "records") -> Xml:
    """A REST-shaped row. The vendor gives the Id ahead of the fields, nil when it was not asked for."""
    kind = str(record["attributes"]["type"])
    shape = org.schema.object(kind)
    row_id = record.get("Id")
    head = [] if dialect.typed else [element("sf:type", kind)]
    parts = [*head, element("sf:Id", row_id)]
    for field, value in record.items():
        if field not in ("attributes", "Id"):
            parts.append(
                _member(org, user, shape, field, _content(org, user, shape, row_id, field, value), dialect)
            )
    return element(name, joined(parts), kind=f"sf:{kind if dialect.typed else 'sObject'}")


def _content(org: Org, user: Id, shape: ObjectSchema | None, row_id: Any, field: str, value: Any) -> Any:
    fact = shape.field(field) if shape else None
    if fact is None or value is None:
        return value
    if fact.type == "datetime":
        return moment(value)
    if fact.type == "base64":
        return base64.b64encode(org.blob(user, row_id, fact.name)).decode() if row_id else None
    return value


def _member(org: Org, user: Id, shape: ObjectSchema | None, field: str, value: Any, dialect: Dialect) -> Xml:
    name = f"sf:{field}"
    if isinstance(value, dict) and "attributes" in value:
        return show(org, user, value, dialect, name)
    if isinstance(value, dict) and "records" in value:
        rows = [show(org, user, row, dialect) for row in value["records"]]
        locator = str(value.get("nextRecordsUrl", "")).rpartition("/")[2]
        return element(name, page(rows, value["totalSize"], locator), kind="QueryResult")
    if isinstance(value, dict):
        return element(name, joined(element(part, value.get(part)) for part in _ADDRESS), kind="address")
    if isinstance(value, list):
        return element(name, joined(element("names", one) for one in value), kind="JunctionIdListNames")
    return element(name, value, kind="" if shape else _xsd(value))


def page(rows: list[Xml], size: int, locator: str | None) -> Xml:
    """The members of a QueryResult."""
    head = [element("done", not locator), element("queryLocator", locator or None)]
    return joined([*head, *rows, element("size", size)])


def moment(value: str) -> str:
    """REST's `+0000` is no xsd:dateTime."""
    return value.replace("+0000", "Z")


def _xsd(value: Any) -> str:
    """Members of an AggregateResult have no schema but their own word."""
    if isinstance(value, bool):
        return "xsd:boolean"
    return {int: "xsd:int", float: "xsd:double"}.get(type(value), "xsd:string") if value is not None else ""
