"""Which facts agree with which contract, which differ and why, and which are the sandbox's alone."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sandbox.salesforce.describe import describe_field
from sandbox.salesforce.schema.facts import Field, SObject
from tests.facts import contracts

COMPARED = (
    "aggregatable", "caseSensitive", "compoundFieldName", "createable", "defaultedOnCreate", "defaultValue",
    "digits", "externalId", "filterable", "groupable", "idLookup", "label", "length", "nameField",
    "namePointing", "nillable", "permissionable", "picklistValues", "polymorphicForeignKey", "precision",
    "referenceTo", "relationshipName", "restrictedPicklist", "scale", "soapType", "sortable", "type",
    "unique", "updateable",
)  # fmt: skip
"""Members of a recorded field that the sandbox's tables decide."""


@dataclass(frozen=True, slots=True)
class Checked:
    """One fact against one contract."""

    object: str
    field: str
    fact: str
    contract: str
    ours: Any
    theirs: Any

    @property
    def agrees(self) -> bool:
        return bool(self.ours == self.theirs)


def checks(table: SObject) -> Iterator[Checked]:
    for fact in table.fields:
        yield from _against_recording(table, fact)
        yield from _against_listing(table, fact)
        known = contracts.wire_types()
        yield Checked(table.name, fact.name, "wire type", "WSDL", fact.type, _one_of(fact.type, known))
        published = contracts.PUBLISHED_LENGTHS.get((table.name, fact.name))
        if published:
            yield Checked(table.name, fact.name, "length", "reference", fact.length, published)


def _against_recording(table: SObject, fact: Field) -> Iterator[Checked]:
    theirs = contracts.recorded(table.name).get(fact.name)
    if theirs is None:
        return
    ours = describe_field(fact)
    for key in COMPARED:
        yield Checked(table.name, fact.name, key, "recording", _plain(ours[key]), _plain(theirs.get(key)))


def _against_listing(table: SObject, fact: Field) -> Iterator[Checked]:
    theirs = contracts.listed(table.name).get(fact.name)
    if theirs is None:
        return
    yield Checked(table.name, fact.name, "type and null", "listing", contracts.script_type(fact), theirs)
    if fact.rel:
        ways = contracts.listed_ways_up(table.name)
        yield Checked(table.name, fact.name, "way up", "listing", fact.rel, _one_of(fact.rel, ways))


def _one_of(value: str, known: frozenset[str]) -> str:
    return value if value in known else "unknown"


def _plain(value: Any) -> Any:
    """Picklists by their values: labels and the colours of a page are the org's."""
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return [one["value"] for one in value]
    return value


def only_ours(table: SObject) -> list[str]:
    """Fields that neither a recording nor the listing has."""
    known = {*contracts.recorded(table.name), *contracts.listed(table.name)}
    return sorted(fact.name for fact in table.fields if fact.name not in known)


def left_out(table: SObject) -> list[str]:
    """Fields that somebody knows and the sandbox has not."""
    known = {*contracts.recorded(table.name), *contracts.listed(table.name)}
    return sorted(known - {fact.name for fact in table.fields})


def argument(check: Checked) -> str:
    """Why a fact differs; empty when nobody has said so."""
    return OF_FIELDS.get((check.object, check.field, check.fact)) or _OF_FACTS.get(
        (check.fact, str(check.ours)), ""
    )


_BY_RULE = "derived by a rule in the sandbox, which has exceptions in real orgs; no client reads it"
_OF_FACTS: dict[tuple[str, str], str] = {
    ("permissionable", "True"): _BY_RULE,
    ("permissionable", "False"): _BY_RULE,
    ("aggregatable", "True"): _BY_RULE,
    ("aggregatable", "False"): _BY_RULE,
    (
        "wire type",
        "junctionidlist",
    ): "the WSDL is of v51 and names no type for lists of ids",
}
"""(fact, what the sandbox says) → the reason."""
OF_FIELDS: dict[tuple[str, str, str], str] = {
    ("Event", "WhatId", "referenceTo"): "objects of other clouds that it may point at are left out",
    ("Event", "RecurrenceTimeZoneSidKey", "picklistValues"): "the machine's time zones stand for the org's list",
    ("Account", "JigsawCompanyId", "way up"): "the listing leaves the vendor's data service out",
    ("Contact", "JigsawContactId", "way up"): "the listing leaves the vendor's data service out",
    ("Lead", "JigsawContactId", "way up"): "the listing leaves the vendor's data service out",
}
"""(object, field, fact) → the reason."""
