"""Custom fields out of SFDX source: `objects/<Object>/fields/<Field>.field-meta.xml`.

Fields of the object `Activity` appear on both Task and Event, as in a real org.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from xml.parsers import expat

from sandbox.salesforce.schema.facts import Field, OnDelete

ACTIVITY = ("Task", "Event")
MAX_BYTES = 1_000_000


class BadMetadata(ValueError):
    """The file does not describe a field this sandbox can hold; the message names the file."""


@dataclass(slots=True)
class Element:
    name: str
    text: str = ""
    children: list["Element"] = field(default_factory=list)

    def child(self, name: str) -> "Element | None":
        return next((item for item in self.children if item.name == name), None)

    def get(self, name: str, default: str = "") -> str:
        found = self.child(name)
        return found.text.strip() if found else default

    def flag(self, name: str) -> bool:
        return self.get(name) == "true"

    def number(self, name: str, default: int = 0) -> int:
        return int(self.get(name) or default)


def parse(source: bytes) -> Element:
    """The root element, namespaces dropped. A document type is refused, so no entity can be declared."""
    if len(source) > MAX_BYTES:
        raise BadMetadata(f"larger than {MAX_BYTES} bytes")
    root = Element("")
    open_elements = [root]

    def start(name: str, _attributes: dict[str, str]) -> None:
        item = Element(name.rpartition(" ")[2])
        open_elements[-1].children.append(item)
        open_elements.append(item)

    def text(data: str) -> None:
        open_elements[-1].text += data

    def refuse(*_arguments: object) -> None:
        raise BadMetadata("document type and entity declarations are refused")

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = start
    parser.EndElementHandler = lambda _name: open_elements.pop()
    parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    try:
        parser.Parse(source, True)
    except expat.ExpatError as error:
        raise BadMetadata(f"not well-formed XML: {error}") from error
    return root.children[0]


def custom_fields(package: Path) -> Iterator[tuple[Path, str, Field]]:
    """File, object and fact for every field file below `package`, in the order of their names."""
    for path in sorted(package.rglob("objects/*/fields/*.field-meta.xml")):
        owner = path.parent.parent.name
        try:
            fact = field_fact(parse(path.read_bytes()))
        except ValueError as error:
            raise BadMetadata(f"{path}: {error}") from error
        for name in ACTIVITY if owner == "Activity" else (owner,):
            yield path, name, fact if name == owner else replace(fact, kids=fact.kids and f"{name}_{fact.kids}")


def dependency(element: Element) -> tuple[str, dict[str, list[str]]] | None:
    """The controlling field of a dependent picklist, and what each of its values allows."""
    value_set = element.child("valueSet") or Element("")
    controller = value_set.get("controllingField")
    if not controller:
        return None
    allowed: dict[str, list[str]] = {}
    for setting in (one for one in value_set.children if one.name == "valueSettings"):
        for one in setting.children:
            if one.name == "controllingFieldValue":
                allowed.setdefault(one.text.strip(), []).append(setting.get("valueName"))
    return controller, allowed


def field_fact(element: Element) -> Field:
    if element.name != "CustomField":
        raise BadMetadata(f"root element is {element.name}, CustomField expected")
    name, kind = element.get("fullName"), element.get("type")
    if not name.endswith("__c"):
        raise BadMetadata(f"fullName {name!r} does not end in __c")
    shape = _SHAPES.get(kind)
    if shape is None:
        raise BadMetadata(f"type {kind!r} is not modelled")
    fact = shape(element, Field(name, "", flags="", label=element.get("label") or name, custom=True))
    formula = element.get("formula")
    if formula:
        plain = "Nfs" if fact.type != "boolean" else "fs"
        return replace(fact, flags=plain, formula=formula, default=None, source="package", trust="V")
    return replace(fact, flags=_flags(element, fact), source="package", trust="V")


def _flags(element: Element, fact: Field) -> str:
    never_empty = element.flag("required") or fact.type == "boolean" or fact.master or fact.auto_number
    flags = "" if never_empty else "N"
    if fact.type == "location":
        return flags + "f"
    flags += "" if fact.auto_number else "cu" if not fact.master or _reparentable(element) else "c"
    if fact.length <= 255 or fact.type != "textarea":
        flags += "fsg" if fact.type not in ("double", "currency", "percent", "datetime") else "fs"
    if element.flag("externalId"):
        flags += "xi"
    if element.flag("unique"):
        flags += "q" + ("C" if element.flag("caseSensitive") else "")
    if fact.default is not None:
        flags += "D"
    return flags + fact.flags


def _reparentable(element: Element) -> bool:
    return element.flag("reparentableMasterDetail")


def _plain(kind: str, length: int = 0) -> Callable[[Element, Field], Field]:
    def shape(element: Element, fact: Field) -> Field:
        return replace(fact, type=kind, length=element.number("length", length))

    return shape


def _boolean(element: Element, fact: Field) -> Field:
    return replace(fact, type="boolean", default=element.get("defaultValue") == "true")


def _number(kind: str) -> Callable[[Element, Field], Field]:
    def shape(element: Element, fact: Field) -> Field:
        return replace(fact, type=kind, precision=element.number("precision", 18), scale=element.number("scale"))

    return shape


def _location(element: Element, fact: Field) -> Field:
    """The compound; its two numbers are added with it."""
    return replace(fact, type="location", scale=element.number("scale"))


def coordinates(fact: Field) -> tuple[Field, ...]:
    """Latitude and longitude of a geolocation: what is written, filtered and sorted by."""
    return tuple(
        replace(
            fact,
            name=f"{fact.name[:-1]}{part}__s",
            type="double",
            flags="Ncufs" if fact.nillable else "cufs",
            label=f"{fact.label} ({part})",
            compound=fact.name,
            precision=18,
            scale=15,
        )
        for part in ("Latitude", "Longitude")
    )


def _picklist(kind: str, length: int) -> Callable[[Element, Field], Field]:
    def shape(element: Element, fact: Field) -> Field:
        values, default, restricted = [], None, False
        value_set = element.child("valueSet")
        if value_set is not None and value_set.get("valueSetName"):
            raise BadMetadata("a global value set is not modelled")
        if value_set is not None:
            restricted = value_set.flag("restricted")
            definition = value_set.child("valueSetDefinition") or Element("")
            for value in definition.children:
                if value.name == "value":
                    values.append(value.get("fullName"))
                    default = value.get("fullName") if value.flag("default") else default
        return replace(
            fact,
            type=kind,
            length=length,
            values=tuple(values),
            default=default,
            flags="R" if restricted else "",
        )

    return shape


def _lookup(element: Element, fact: Field) -> Field:
    on_delete: dict[str, OnDelete] = {"Restrict": "restrict", "Cascade": "cascade"}
    kids = element.get("relationshipName")
    return replace(
        fact,
        type="reference",
        length=18,
        to=(element.get("referenceTo"),),
        rel=fact.name.removesuffix("__c") + "__r",
        kids=f"{kids}__r" if kids else None,
        on_delete=on_delete.get(element.get("deleteConstraint"), "clear"),
    )


def _master(element: Element, fact: Field) -> Field:
    return replace(_lookup(element, fact), on_delete="cascade", master=True)


def _auto_number(element: Element, fact: Field) -> Field:
    return replace(fact, type="string", length=30, auto_number=element.get("displayFormat") or "{0}")


_SHAPES: dict[str, Callable[[Element, Field], Field]] = {
    "Text": _plain("string", 255),
    "TextArea": _plain("textarea", 255),
    "LongTextArea": _plain("textarea", 32768),
    "Html": _plain("textarea", 32768),
    "Email": _plain("email", 80),
    "Phone": _plain("phone", 40),
    "Url": _plain("url", 255),
    "Location": _location,
    "AutoNumber": _auto_number,
    "Date": _plain("date"),
    "DateTime": _plain("datetime"),
    "Checkbox": _boolean,
    "Number": _number("double"),
    "Currency": _number("currency"),
    "Percent": _number("percent"),
    "Picklist": _picklist("picklist", 255),
    "MultiselectPicklist": _picklist("multipicklist", 4099),
    "Lookup": _lookup,
    "MasterDetail": _master,
}
