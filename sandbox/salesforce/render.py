"""How a stored row looks in an answer."""

from typing import Any

from sandbox.salesforce import calculated
from sandbox.salesforce.core import Core
from sandbox.salesforce.ids import Id
from sandbox.salesforce.records import Row
from sandbox.salesforce.rules import activities, invitees
from sandbox.salesforce.rules.mail import LISTS
from sandbox.salesforce.schema import ObjectSchema
from sandbox.salesforce.schema.facts import Field
from sandbox.salesforce.values import show

API_VERSION = "v67.0"
URL_PREFIX = f"/services/data/{API_VERSION}/sobjects"
QUERY_PREFIX = f"/services/data/{API_VERSION}/query"
_ADDRESS_PARTS = {
    "city": "City",
    "country": "Country",
    "geocodeAccuracy": "GeocodeAccuracy",
    "latitude": "Latitude",
    "longitude": "Longitude",
    "postalCode": "PostalCode",
    "state": "State",
    "street": "Street",
}


def attributes(object_name: str, record_id: Id | None) -> dict[str, Any]:
    return {"type": object_name, "url": f"{URL_PREFIX}/{object_name}/{record_id}"}


def value(core: Core, shape: ObjectSchema, fact: Field, row: Row) -> Any:
    """One field as JSON has it."""
    kind = fact.type
    if fact.formula:
        return show(calculated.read(core, shape, fact, row))
    if kind == "boolean":
        return bool(row.get(fact.name))
    if kind == "address":
        return _address(fact, row)
    if kind == "location":
        return _location(fact, row)
    if kind == "base64":
        return f"{URL_PREFIX}/{shape.name}/{row['Id']}/{fact.name}" if fact.name in row else None
    if kind == "junctionidlist":
        return junction(core, fact.name, row["Id"])
    return show(row.get(fact.name))


def _address(fact: Field, row: Row) -> dict[str, Any] | None:
    stem = fact.name.removesuffix("Address")
    parts = {name: row.get(stem + part) for name, part in _ADDRESS_PARTS.items()}
    return parts if any(part is not None for part in parts.values()) else None


def _location(fact: Field, row: Row) -> dict[str, Any] | None:
    parts = {name.lower(): row.get(f"{fact.name[:-1]}{name}__s") for name in ("Latitude", "Longitude")}
    return parts if any(part is not None for part in parts.values()) else None


def junction(core: Core, name: str, record_id: Id) -> list[Id]:
    """The ids a JunctionIdList stands for, read from the relation rows."""
    if name in LISTS:
        rows = core.pointing("EmailMessageRelation", "EmailMessageId", record_id)
        return [row["RelationId"] for row in rows if row["RelationType"] == LISTS[name] and row.get("RelationId")]
    if name == "ContentDocumentIds":
        return [
            row["ContentDocumentId"] for row in core.pointing("ContentDocumentLink", "LinkedEntityId", record_id)
        ]
    if name in invitees.STATUSES:
        rows = invitees.invited(core, record_id)
        return [row["RelationId"] for row in rows if row.get("Status") in invitees.STATUSES[name]]
    kind = activities.TASK if name == activities.TASK.whos else activities.EVENT
    return activities.whos_of(core, kind, record_id)


def record(core: Core, user: Id, shape: ObjectSchema, row: Row, names: list[str] | None) -> dict[str, Any]:
    """A whole row; `names` are fields known to exist, None for all the user may see."""
    facts = [fact for fact in shape.present() if not core.access.hides(user, shape.name, fact.name)]
    if names is not None:
        wanted = {name.lower() for name in names} | {"id"}
        facts = [fact for fact in facts if fact.name.lower() in wanted]
    shown = {"attributes": attributes(shape.name, row["Id"])}
    return shown | {fact.name: value(core, shape, fact, row) for fact in facts}
