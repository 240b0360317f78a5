"""The shape of a field fact and of an object's table, with a compact way to write them down.

A fact's flags are letters: N nillable, c createable, u updateable, f filterable, s sortable, g groupable,
i idLookup, x externalId, q unique, C case-sensitive, D defaulted on create, R restricted picklist,
n the object's name field.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Literal

Trust = Literal["V", "S", "F", "recall"]
OnDelete = Literal["cascade", "clear", "restrict", "keep"]
"""What becomes of a row when the row it points at is deleted; keep leaves a dangling id."""

USUAL = "Ncufsg"
"""The flags of an ordinary field."""


@dataclass(frozen=True, slots=True)
class Field:
    name: str
    type: str
    length: int = 0
    flags: str = USUAL
    label: str = ""
    to: tuple[str, ...] = ()
    """Objects a reference may point at."""
    rel: str | None = None
    """Name of the way up, `Account` for AccountId."""
    kids: str | None = None
    """Name of the way down, `Contacts` for Contact.AccountId."""
    on_delete: OnDelete = "clear"
    values: tuple[str, ...] = ()
    default: Any = None
    compound: str | None = None
    precision: int = 0
    scale: int = 0
    digits: int = 0
    custom: bool = False
    formula: str = ""
    """What a calculated field says, worked out when it is read."""
    auto_number: str = ""
    """The format of an automatic number."""
    master: bool = False
    """A detail's way to its master: never empty, and what the master's access is the detail's is."""
    feature: str | None = None
    """The Features switch without which the field does not exist."""
    source: str = ""
    trust: Trust = "S"

    @property
    def nillable(self) -> bool:
        return "N" in self.flags

    @property
    def createable(self) -> bool:
        return "c" in self.flags

    @property
    def updateable(self) -> bool:
        return "u" in self.flags

    @property
    def filterable(self) -> bool:
        return "f" in self.flags

    @property
    def sortable(self) -> bool:
        return "s" in self.flags

    @property
    def groupable(self) -> bool:
        return "g" in self.flags

    @property
    def id_lookup(self) -> bool:
        return "i" in self.flags

    @property
    def external_id(self) -> bool:
        return "x" in self.flags

    @property
    def unique(self) -> bool:
        return "q" in self.flags

    @property
    def case_sensitive(self) -> bool:
        return "C" in self.flags

    @property
    def defaulted(self) -> bool:
        return "D" in self.flags

    @property
    def restricted(self) -> bool:
        return "R" in self.flags

    @property
    def is_name(self) -> bool:
        return "n" in self.flags

    @property
    def polymorphic(self) -> bool:
        return len(self.to) > 1

    @property
    def indexed(self) -> bool:
        """The vendor keeps an index on ids, foreign keys, e-mail look-ups, external ids and names."""
        by_flag = self.id_lookup or self.external_id or self.unique
        return by_flag or self.type in ("reference", "email") or (self.is_name and self.filterable)


@dataclass(frozen=True, slots=True)
class SObject:
    name: str
    prefix: str
    fields: tuple[Field, ...]
    label: str = ""
    plural: str = ""
    verbs: str = "cruds"
    """createable, retrieveable (queryable), updateable, deletable, searchable; b: undeletable from the bin."""
    feature: str | None = None


def f(name: str, kind: str, length: int = 0, flags: str = USUAL, **more: Any) -> Field:
    """A fact in one line; a reference is 18 long and a label follows from the name unless said otherwise."""
    to = more.pop("to", ())
    if isinstance(to, str):
        to = (to,)
    if kind in ("reference", "id"):
        length = length or 18
    if kind == "boolean" and "default" not in more:
        more["default"] = False
    return Field(name, kind, length, flags, label=more.pop("label", "") or words(name), to=to, **more)


def words(name: str) -> str:
    """`LastModifiedById` is labelled `Last Modified By ID`."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name.removesuffix("__c").replace("_", " "))
    return re.sub(r"\bId\b", "ID", spaced)


def stamped(fields: Iterable[Field], source: str, trust: Trust) -> tuple[Field, ...]:
    """Give every fact that names no source of its own the table's."""
    return tuple(item if item.source else replace(item, source=source, trust=trust) for item in fields)


RECORDED = "describe answer of a real org"
TYPED = "published type listing of the standard objects"
REFERENCE = "object reference, v67"

SYSTEM = (
    f("CreatedDate", "datetime", 0, "fsD"),
    f("CreatedById", "reference", 18, "fsgD", to="User", rel="CreatedBy", on_delete="keep"),
    f("LastModifiedDate", "datetime", 0, "fsD"),
    f("LastModifiedById", "reference", 18, "fsgD", to="User", rel="LastModifiedBy", on_delete="keep"),
    f("SystemModstamp", "datetime", 0, "fsD"),
)


def identity(label: str) -> Field:
    return f("Id", "id", 18, "fsgiD", label=label)


DELETED = f("IsDeleted", "boolean", 0, "fsgD", label="Deleted")
GEOCODE_ACCURACY = (
    "Address",
    "NearAddress",
    "Block",
    "Street",
    "ExtendedZip",
    "Zip",
    "Neighborhood",
    "City",
    "County",
    "State",
    "Unknown",
)


def address(prefix: str) -> tuple[Field, ...]:
    """The parts of a postal address and the compound they make."""
    whole, said = f"{prefix}Address", f"{prefix} " if prefix else ""
    return (
        f(f"{prefix}Street", "textarea", 255, compound=whole),
        f(f"{prefix}City", "string", 40, compound=whole),
        f(f"{prefix}State", "string", 80, label=f"{said}State/Province", compound=whole),
        f(f"{prefix}PostalCode", "string", 20, label=f"{said}Zip/Postal Code", compound=whole),
        f(f"{prefix}Country", "string", 80, compound=whole),
        f(f"{prefix}Latitude", "double", 0, "Ncufs", compound=whole, precision=18, scale=15),
        f(f"{prefix}Longitude", "double", 0, "Ncufs", compound=whole, precision=18, scale=15),
        f(
            f"{prefix}GeocodeAccuracy",
            "picklist",
            40,
            "NcufsgR",
            compound=whole,
            values=GEOCODE_ACCURACY,
        ),
        f(whole, "address", 0, "Nf"),
    )
