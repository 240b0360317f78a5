"""What an org says about its objects: the REST describe answers."""

import base64
from functools import lru_cache
from typing import Any

from sandbox.salesforce.core import Core
from sandbox.salesforce.customer import recordtypes
from sandbox.salesforce.customer.rules import RecordTypeUse
from sandbox.salesforce.ids import Id
from sandbox.salesforce.records import Row
from sandbox.salesforce.schema import Child, ObjectSchema
from sandbox.salesforce.schema.facts import Field
from sandbox.salesforce.soql import scopes

_SOAP_TYPES = {
    "id": "tns:ID",
    "reference": "tns:ID",
    "boolean": "xsd:boolean",
    "int": "xsd:int",
    "double": "xsd:double",
    "currency": "xsd:double",
    "percent": "xsd:double",
    "date": "xsd:date",
    "datetime": "xsd:dateTime",
    "address": "urn:address",
    "location": "urn:location",
    "base64": "xsd:base64Binary",
    "junctionidlist": "urn:JunctionIdListNames",
}


LISTS = {
    ("Event", "AcceptedEventInviteeIds"): ("AcceptedEventRelation", "EventId"),
    ("Event", "DeclinedEventInviteeIds"): ("DeclinedEventRelation", "EventId"),
    ("Event", "UndecidedEventInviteeIds"): ("UndecidedEventRelation", "EventId"),
    ("Event", "EventWhoIds"): ("EventWhoRelation", "EventId"),
    ("Task", "TaskWhoIds"): ("TaskWhoRelation", "TaskId"),
}
"""JunctionIdLists that no field tells of: a way down does, to an object that the sandbox does not show."""


def describe_object(core: Core, user: Id, shape: ObjectSchema) -> dict[str, Any]:
    seen = [fact for fact in shape.present() if not core.access.hides(user, shape.name, fact.name)]
    facts = [fact for fact in seen if (shape.name, fact.name) not in LISTS]
    lists = [_describe_list(shape.name, fact) for fact in seen if (shape.name, fact.name) in LISTS]
    return summary(core, user, shape) | {
        "actionOverrides": [],
        "childRelationships": [*(describe_child(child) for child in core.schema.children(shape.name)), *lists],
        "compactLayoutable": True,
        "fields": [
            describe_field(fact) | _controlled(core, shape, fact) | _permitted(core, user, shape, fact)
            for fact in facts
        ],
        "listviewable": None,
        "lookupLayoutable": None,
        "namedLayoutInfos": [],
        "networkScopeFieldName": None,
        "recordTypeInfos": record_types(core, user, shape),
        "searchLayoutable": "s" in shape.facts.verbs,
        "sobjectDescribeOption": "FULL",
        "supportedScopes": [{"label": label, "name": name} for label, name in scopes.described(shape)],
    }


def summary(core: Core, user: Id, shape: ObjectSchema) -> dict[str, Any]:
    """What the global describe says about an object too."""
    verbs = shape.facts.verbs
    return {
        "activateable": False,
        "associateEntityType": None,
        "associateParentEntity": None,
        "createable": "c" in verbs and core.access.may(user, shape.name, "create"),
        "custom": shape.name.endswith("__c"),
        "customSetting": False,
        "deepCloneable": False,
        "deletable": "d" in verbs and core.access.may(user, shape.name, "delete"),
        "deprecatedAndHidden": False,
        "feedEnabled": False,
        "hasSubtypes": False,
        "isInterface": False,
        "isSubtype": False,
        "keyPrefix": shape.prefix,
        "label": shape.label,
        "labelPlural": shape.facts.plural or f"{shape.label}s",
        "layoutable": True,
        "mergeable": shape.name in ("Account", "Contact", "Lead"),
        "mruEnabled": True,
        "name": shape.name,
        "queryable": True,
        "replicateable": "u" in verbs,
        "retrieveable": True,
        "searchable": "s" in verbs,
        "triggerable": True,
        "undeletable": "b" in verbs,
        "updateable": "u" in verbs and core.access.may(user, shape.name, "edit"),
    }


def record_types(core: Core, user: Id, shape: ObjectSchema) -> list[dict[str, Any]]:
    """The user's own choice of them: what his profile may use, and what it gets by default."""
    use = recordtypes.use_of(core, user, shape.name)
    own = [_record_type(row, use) for row in recordtypes.of_object(core, shape.name)]
    return [*own, _record_type({"Id": recordtypes.MASTER, "Name": "Master", "IsActive": True}, use)]


def _record_type(row: Row, use: RecordTypeUse) -> dict[str, Any]:
    master = row["Id"] == recordtypes.MASTER
    return {
        "active": bool(row.get("IsActive")),
        "available": master or row["Id"] in use.available,
        "defaultRecordTypeMapping": row["Id"] == (use.default or recordtypes.MASTER),
        "developerName": row.get("DeveloperName", row["Name"]),
        "master": master,
        "name": row["Name"],
        "recordTypeId": row["Id"],
    }


def _controlled(core: Core, shape: ObjectSchema, fact: Field) -> dict[str, Any]:
    """What a dependent picklist says besides: for which controlling values each of its values is valid.

    `validFor` is a bitmap in base64, its first bit for the first controlling value.
    """
    dependency = core.customer.dependencies.get((shape.name, fact.name))
    if dependency is None:
        return {}
    controller = shape.fields[dependency.controller]
    controlling = controller.values if controller.type != "boolean" else ("false", "true")
    values = []
    for value in fact.values:
        bits = "".join("1" if value in dependency.allowed.get(one, ()) else "0" for one in controlling)
        bits += "0" * (-len(bits) % 8)
        bitmap = int(bits, 2).to_bytes(len(bits) // 8, "big")
        values.append(_picklist_value(value, fact.default) | {"validFor": base64.b64encode(bitmap).decode()})
    return {"dependentPicklist": True, "controllerName": dependency.controller, "picklistValues": values}


def _permitted(core: Core, user: Id, shape: ObjectSchema, fact: Field) -> dict[str, Any]:
    fixed = core.access.fixes(user, shape.name, fact.name)
    return {"createable": False, "updateable": False} if fixed else {}


def describe_child(child: Child) -> dict[str, Any]:
    return {
        "cascadeDelete": child.field.on_delete == "cascade",
        "childSObject": child.object,
        "deprecatedAndHidden": False,
        "field": child.field.name,
        "junctionIdListNames": [],
        "junctionReferenceTo": [],
        "relationshipName": child.field.kids,
        "restrictedDelete": child.field.on_delete == "restrict",
    }


def _describe_list(object_name: str, fact: Field) -> dict[str, Any]:
    relation, field = LISTS[object_name, fact.name]
    return {
        "cascadeDelete": False,
        "childSObject": relation,
        "deprecatedAndHidden": False,
        "field": field,
        "junctionIdListNames": [fact.name],
        "junctionReferenceTo": sorted(fact.to),
        "relationshipName": f"{relation}s",
        "restrictedDelete": False,
    }


@lru_cache(maxsize=4096)
def describe_field(fact: Field) -> dict[str, Any]:
    """Kept, for most of what costs time when somebody connects is this; who adds to it makes one of his own."""
    text = _SOAP_TYPES.get(fact.type, "xsd:string") == "xsd:string" or fact.type in ("id", "reference")
    per_character = 1 if fact.type in ("id", "reference") else 3
    return _ALWAYS | {
        "aggregatable": fact.filterable and fact.type not in ("boolean", "address", "location"),
        "autoNumber": bool(fact.auto_number),
        "calculated": bool(fact.formula),
        "calculatedFormula": fact.formula or None,
        "byteLength": fact.length * per_character if text else 0,
        "cascadeDelete": fact.on_delete == "cascade",
        "caseSensitive": fact.case_sensitive,
        "compoundFieldName": fact.compound,
        "createable": fact.createable,
        "custom": fact.custom,
        "defaultValue": fact.default,
        "defaultedOnCreate": fact.defaulted,
        "digits": fact.digits,
        "externalId": fact.external_id,
        "extraTypeInfo": _extra_type(fact),
        "filterable": fact.filterable,
        "groupable": fact.groupable,
        "idLookup": fact.id_lookup,
        "label": fact.label,
        "length": fact.length,
        "name": fact.name,
        "nameField": fact.is_name,
        "namePointing": fact.polymorphic and fact.type == "reference",
        "nillable": fact.nillable,
        "permissionable": fact.custom or (fact.nillable and fact.createable),
        "picklistValues": [_picklist_value(value, fact.default) for value in fact.values],
        "polymorphicForeignKey": fact.polymorphic and fact.type == "reference",
        "precision": fact.precision,
        "queryByDistance": fact.type in ("address", "location"),
        "referenceTo": list(fact.to),
        "relationshipName": fact.rel,
        "restrictedDelete": fact.on_delete == "restrict",
        "restrictedPicklist": fact.restricted,
        "scale": fact.scale,
        "soapType": _SOAP_TYPES.get(fact.type, "xsd:string"),
        "sortable": fact.sortable,
        "type": fact.type,
        "unique": fact.unique,
        "updateable": fact.updateable,
    }


_ALWAYS: dict[str, Any] = {
    "aiPredictionField": False,
    "controllerName": None,
    "defaultValueFormula": None,
    "dependentPicklist": False,
    "deprecatedAndHidden": False,
    "displayLocationInDecimal": False,
    "encrypted": False,
    "filteredLookupInfo": None,
    "formulaTreatNullNumberAsZero": False,
    "highScaleNumber": False,
    "htmlFormatted": False,
    "inlineHelpText": None,
    "mask": None,
    "maskType": None,
    "referenceTargetField": None,
    "relationshipOrder": None,
    "searchPrefilterable": False,
    "writeRequiresMasterRead": False,
}
"""What says the same of every field here."""


def _extra_type(fact: Field) -> str | None:
    if fact.type == "textarea":
        return "plaintextarea"
    return "switchablepersonname" if fact.compound == "Name" else None


def _picklist_value(value: str, default: Any) -> dict[str, Any]:
    return {"active": True, "defaultValue": value == default, "label": value, "validFor": None, "value": value}
