"""A change event in Avro: the schema of an object's events, the payload, and the bitmaps of its header.

Instants and days are milliseconds since 1970. The parts of a name or an address are a record of their own. A
bitmap is a hexadecimal number whose lowest bit is the schema's first field; `7-0x1` is the first part of field 7.
Source: the Pub/Sub API guide ("event deserialization considerations"); the names of the nested records are recall.
"""

import base64
import hashlib
import io
import json
from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime
from typing import Any

import fastavro

from sandbox.salesforce.events.capture import UNTOLD, ChangeType
from sandbox.salesforce.schema import ObjectSchema
from sandbox.salesforce.schema.facts import Field

HEADER = "ChangeEventHeader"
NAMESPACE = "com.sforce.eventbus"
_TYPES = {
    "boolean": "boolean",
    "int": "int",
    "double": "double",
    "currency": "double",
    "percent": "double",
    "datetime": "long",
    "date": "long",
}
_LISTS = ("recordIds", "nulledFields", "diffFields", "changedFields")
_HEADER_FIELDS = (
    ("entityName", "string"),
    ("recordIds", "list"),
    ("changeType", "enum"),
    ("changeOrigin", "string"),
    ("transactionKey", "string"),
    ("sequenceNumber", "int"),
    ("commitTimestamp", "long"),
    ("commitNumber", "long"),
    ("commitUser", "string"),
    *((name, "list") for name in _LISTS[1:]),
)

Avro = dict[str, Any]


def event_name(object_name: str) -> str:
    """`EventChangeEvent`; of a custom object `Parcel__c` it is `Parcel__ChangeEvent`."""
    custom = object_name.endswith("__c")
    return f"{object_name.removesuffix('__c')}__ChangeEvent" if custom else f"{object_name}ChangeEvent"


class EventSchema:
    """How events of one object are written, as the object is now."""

    def __init__(self, shape: ObjectSchema) -> None:
        self.object = shape.name
        self.compounds = _compounds(shape)
        """Name of a compound field → its stored parts, by the name they have within it."""
        inside = {part for parts in self.compounds.values() for part in parts.values()}
        fields = [fact for fact in shape.present() if fact.name not in inside and _is_told(fact)]
        self.names = (HEADER, *(fact.name for fact in fields))
        seen: set[str] = set()
        described = [_header(), *(self._describe(fact, seen) for fact in fields)]
        record: Avro = {
            "type": "record",
            "name": event_name(shape.name),
            "namespace": NAMESPACE,
            "fields": described,
        }
        digest = hashlib.sha256(json.dumps(record).encode()).digest()[:16]
        self.id = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        self.text = json.dumps(record | {"uuid": self.id})
        self._parsed = fastavro.parse_schema(record)

    def _describe(self, fact: Field, seen: set[str]) -> Avro:
        """A nested record is spelt out where it first occurs; Avro takes its name from then on."""
        parts = self.compounds.get(fact.name)
        kind: Any = _TYPES.get(fact.type, "string")
        if parts is None:
            return {"name": fact.name, "type": ["null", kind], "default": None}
        kind = "Address" if fact.type == "address" else "PersonName"
        if kind not in seen:
            seen.add(kind)
            inner = [{"name": name, "type": ["null", _part(name)], "default": None} for name in parts]
            kind = {"type": "record", "name": kind, "fields": inner}
        plain = ["string"] if self._may_be_plain(fact.name) else []
        return {"name": fact.name, "type": ["null", *plain, kind], "default": None}

    def _may_be_plain(self, name: str) -> bool:
        """An account's name is a text, that of a person account has parts."""
        return self.object == "Account" and name == "Name"

    def encode(self, header: Mapping[str, Any], values: Mapping[str, Any], nulled: Collection[str]) -> bytes:
        """`values` as stored. The header's bitmaps are made here; only an UPDATE says what changed."""
        update = header["changeType"] == ChangeType.UPDATE
        bitmaps = {
            "nulledFields": self.bitmaps(nulled),
            "diffFields": self.bitmaps(header["diffFields"]),
            "changedFields": self.bitmaps([*values, *nulled]) if update else [],
        }
        record: Avro = {HEADER: {**header, "changeType": str(header["changeType"]), **bitmaps}}
        for name in self.names[1:]:
            parts = self.compounds.get(name)
            if parts is None or (self._may_be_plain(name) and name in values):
                record[name] = _value(values.get(name))
            elif any(stored in values for stored in parts.values()):
                record[name] = {inner: _value(values.get(stored)) for inner, stored in parts.items()}
        out = io.BytesIO()
        fastavro.schemaless_writer(out, self._parsed, record)
        return out.getvalue()

    def bitmaps(self, fields: Collection[str]) -> list[str]:
        told = {name for name in fields if name not in self.compounds or self._may_be_plain(name)}
        found = [_bits(position for position, name in enumerate(self.names) if name in told)]
        for name, parts in self.compounds.items():
            inner = [position for position, stored in enumerate(parts.values()) if stored in told]
            if inner:
                found.append(f"{self.names.index(name)}-{_bits(inner)}")
        return [bits for bits in found if bits != "0x"]


def _is_told(fact: Field) -> bool:
    return fact.name not in UNTOLD and fact.type not in ("base64", "junctionidlist")


def _compounds(shape: ObjectSchema) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for fact in shape.present():
        whole = shape.fields.get(fact.compound or "")
        if fact.compound and whole and whole is not fact and (whole.type == "address" or whole.is_name):
            inner = fact.name.removeprefix(fact.compound.removesuffix("Address"))
            found.setdefault(fact.compound, {})[inner] = fact.name
    return found


def _part(name: str) -> str:
    return "double" if name in ("Latitude", "Longitude") else "string"


def _header() -> Avro:
    symbols = [str(kind) for kind in ChangeType] + ["SNAPSHOT"]
    kinds: Avro = {
        "list": {"type": "array", "items": "string"},
        "enum": {"type": "enum", "name": "ChangeType", "symbols": symbols},
    }
    fields = [{"name": name, "type": kinds.get(kind, kind)} for name, kind in _HEADER_FIELDS]
    return {"name": HEADER, "type": {"type": "record", "name": HEADER, "fields": fields}}


def _value(value: Any) -> Any:
    match value:
        case datetime():
            return int(value.timestamp() * 1000)
        case date():
            return int(datetime(value.year, value.month, value.day, tzinfo=UTC).timestamp() * 1000)
        case list() | tuple():
            return ";".join(map(str, value))
    return value


def _bits(positions: Any) -> str:
    number = sum(1 << position for position in positions)
    return f"0x{number:X}" if number else "0x"
