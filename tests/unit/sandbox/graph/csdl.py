"""Judges a Graph answer by Microsoft's own metadata (CSDL), knowing nothing of how the sandbox shapes it."""

import base64
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

EDM = "{http://docs.oasis-open.org/odata/ns/edm}"
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
_TIME = re.compile(r"\d\d:\d\d:\d\d(\.\d+)?")
ENTITY_OF_SET = {
    "users": "user",
    "messages": "message",
    "mailFolders": "mailFolder",
    "childFolders": "mailFolder",
    "attachments": "attachment",
    "masterCategories": "outlookCategory",
    "mailboxSettings": "mailboxSettings",
    "subscriptions": "subscription",
    "organization": "organization",
    "automaticRepliesSetting": "automaticRepliesSetting",
    "workingHours": "workingHours",
    "language": "localeInfo",
    "extensions": "openTypeExtension",
    "microsoft.graph.uploadSession": "uploadSession",
    "calendars": "calendar",
    "calendarGroups": "calendarGroup",
    "events": "event",
    "calendarView": "event",
    "instances": "event",
}

VALUES = {"timeZone", "dateFormat", "timeFormat", "userPurpose", "archiveFolder"}
"""What is shown as a bare value."""
NO_TYPE = {"groups", "directoryObjects"}
"""What the cut of the metadata has no type for."""
FREE = {"openTypeExtension"}
"""Types that are made to hold more than the metadata names."""
BETA = {"event": {"uid", "occurrenceId"}}
"""What only the metadata of beta names; a doubt has v1.0 show it."""


@dataclass(slots=True)
class Type:
    name: str
    base: str | None
    enum: frozenset[str] = frozenset()
    properties: dict[str, tuple[str, bool]] = field(default_factory=dict)
    """Name → type and whether null is allowed."""


class Metadata:
    def __init__(self, path: Path) -> None:
        self.types: dict[str, Type] = {}
        for element in ElementTree.parse(path).iter():
            if element.tag in (f"{EDM}EntityType", f"{EDM}ComplexType"):
                self._add(element)
            elif element.tag == f"{EDM}EnumType":
                name = element.attrib["Name"]
                members = frozenset(member.attrib["Name"] for member in element.findall(f"{EDM}Member"))
                self.types[name] = Type(name, None, members)

    def _add(self, element: ElementTree.Element) -> None:
        type_ = Type(element.attrib["Name"], _short(element.get("BaseType")))
        for child in element:
            if child.tag in (f"{EDM}Property", f"{EDM}NavigationProperty"):
                nullable = child.get("Nullable") != "false"
                type_.properties[child.attrib["Name"]] = (child.attrib["Type"], nullable)
        self.types[type_.name] = type_

    def properties(self, name: str) -> dict[str, tuple[str, bool]]:
        type_ = self.types[name]
        inherited = self.properties(type_.base) if type_.base else {}
        return {**inherited, **type_.properties}

    def derives(self, name: str, base: str) -> bool:
        found: str | None = name
        while found:
            if found == base:
                return True
            found = self.types[found].base if found in self.types else None
        return False

    # Faults

    def faults_of(self, row: Any, type_: str) -> Iterator[str]:
        """Of one value that comes without a context, such as what the vendor sends by itself."""
        yield from self._entity_faults(row, type_, type_)

    def faults(self, body: Any) -> Iterator[str]:
        """What is wrong with a whole answer: an error, a list or one entity, told by its context."""
        if "error" in body:
            for name in ("code", "message"):
                if not isinstance(body["error"].get(name), str):
                    yield f"error.{name} is no string"
            return
        context = body.get("@odata.context")
        if not isinstance(context, str):
            yield "there is no @odata.context"
            return
        type_ = _type_of(context)
        if type_ is None:
            return
        rows = body["value"] if "value" in body and context.rpartition("/")[2] != "$entity" else [body]
        for row in rows:
            yield from self._entity_faults(row, type_, type_)

    def _entity_faults(self, row: Any, type_: str, path: str) -> Iterator[str]:
        if not isinstance(row, dict):
            yield f"{path} is no object"
            return
        if type_ == "resourceData":
            return  # open to anything, and its @odata.type names the item it speaks of
        if "@removed" in row:
            if set(row) - {"@odata.type", "id", "@removed"}:
                yield f"{path}: a removed row has nothing but its id"
            return
        named = str(row.get("@odata.type", f"#microsoft.graph.{type_}")).removeprefix("#microsoft.graph.")
        if named not in self.types or not self.derives(named, type_):
            yield f"{path} is a {named}, not a {type_}"
            return
        known = self.properties(named)
        for name, value in row.items():
            if "@" in name:
                continue
            if name not in known and (named in FREE or name in BETA.get(named, ())):
                continue
            if name not in known:
                yield f"{path}.{name} is no property of {named}"
                continue
            yield from self._value_faults(value, *known[name], f"{path}.{name}")

    def _value_faults(self, value: Any, type_: str, nullable: bool, path: str) -> Iterator[str]:
        if value is None:
            if not nullable:
                yield f"{path} must not be null"
        elif type_.startswith("Collection("):
            if not isinstance(value, list):
                yield f"{path} is no list"
                return
            for place, one in enumerate(value):
                yield from self._value_faults(one, type_[11:-1], True, f"{path}[{place}]")
        elif type_.startswith("Edm."):
            if not _is_primitive(value, type_):
                yield f"{path} is no {type_}: {value!r}"
        else:
            short = _short(type_) or ""
            if short not in self.types:
                return
            if self.types[short].enum:
                if value not in self.types[short].enum:
                    yield f"{path} is no {short}: {value!r}"
            else:
                yield from self._entity_faults(value, short, path)


def _short(name: str | None) -> str | None:
    return name.removeprefix("microsoft.").removeprefix("graph.") if name else None


def _type_of(context: str) -> str | None:
    """From `...#users('x')/messages(subject)/$delta` to `message`; None where the subset has no type."""
    path = context.partition("#")[2]
    bare = re.sub(r"\([^)]*\)", "", path)
    segments = [segment for segment in bare.split("/") if segment not in ("$entity", "$delta")]
    if segments[-1].startswith("Collection") or segments[-1] in VALUES | NO_TYPE:
        return None
    return ENTITY_OF_SET[segments[-1]]


def _is_primitive(value: Any, type_: str) -> bool:
    match type_:
        case "Edm.Boolean":
            return isinstance(value, bool)
        case "Edm.Int32" | "Edm.Int64":
            return isinstance(value, int) and not isinstance(value, bool)
        case "Edm.Double":
            return isinstance(value, int | float) and not isinstance(value, bool)
        case "Edm.DateTimeOffset":
            return isinstance(value, str) and _MOMENT.fullmatch(value) is not None
        case "Edm.TimeOfDay":
            return isinstance(value, str) and _TIME.fullmatch(value) is not None
        case "Edm.Binary":
            return isinstance(value, str) and base64.b64encode(base64.b64decode(value)).decode() == value
    return isinstance(value, str)


@lru_cache(maxsize=1)
def metadata(path: Path) -> Metadata:
    return Metadata(path)
