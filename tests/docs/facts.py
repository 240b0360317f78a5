"""The page about Salesforce's fields: what agrees with what, and what is only ours. It needs the contracts."""

from collections import Counter, defaultdict
from collections.abc import Callable

from sandbox.facts import TRUST
from sandbox.salesforce.schema import STANDARD
from sandbox.salesforce.schema.facts import SObject
from tests.docs.markdown import page, table
from tests.facts.compare import Checked, argument, checks, left_out, only_ours

OPENING = """
The sandbox knows the fields of Salesforce's objects from tables of its own (`sandbox/salesforce/schema`); every
row names its source and how far it is trusted. Here they are held against four contracts: *recordings* of a real
org's description of an object (29 facts a field), the published *listing* of the standard objects (type, whether
it can be null, the way up), the *WSDL*'s list of field types, and lengths the object *reference* states.
`sandbox facts` shows the tables themselves, `sandbox facts EmailMessage` one of them.
"""
CONTRACTS = ("recording", "listing", "WSDL", "reference")


def facts_page() -> str:
    found = {one.name: list(checks(one)) for one in STANDARD}
    differing = [one for listed in found.values() for one in listed if not one.agrees]
    return page(
        "Field facts",
        OPENING,
        "## Object by object\n\nFacts that agree, and after a slash those that differ.\n\n" + _objects(found),
        "## On whose word\n\n" + _trust(),
        f"## What differs\n\n{len(differing)} facts, each with its reason.\n\n" + _differences(differing),
        "## Only ours\n\nFields that neither a recording nor the listing has.\n\n" + _fields(only_ours),
        "## Left out\n\nFields that somebody has recorded or listed and the sandbox has not: nothing asks for "
        "them, or they point at objects there are none of.\n\n" + _fields(left_out),
    )


def _objects(found: dict[str, list[Checked]]) -> str:
    rows = []
    for one in STANDARD:
        counted = Counter((check.contract, check.agrees) for check in found[one.name])
        cells = (_cell(counted[name, True], counted[name, False]) for name in CONTRACTS)
        rows.append((one.name, str(len(one.fields)), *cells, str(len(only_ours(one)))))
    return table(("object", "fields", *CONTRACTS, "fields only ours"), rows)


def _cell(agreeing: int, differing: int) -> str:
    if not agreeing + differing:
        return "–"
    return f"{agreeing} / {differing}" if differing else str(agreeing)


def _trust() -> str:
    counted = Counter((fact.source, fact.trust) for one in STANDARD for fact in one.fields)
    rows = [(source, TRUST[trust], str(number)) for (source, trust), number in sorted(counted.items())]
    return table(("source of a field", "its facts rest on", "fields"), rows)


def _differences(differing: list[Checked]) -> str:
    """Fields that differ alike, in one row."""
    alike: dict[tuple[str, str, str, str], list[str]] = defaultdict(list)
    for one in differing:
        alike[one.object, one.fact, one.contract, argument(one)].append(one.field)
    rows = [(name, fact, ", ".join(sorted(fields)), contract, why) for (name, fact, contract, why), fields in
            alike.items()]  # fmt: skip
    return table(("object", "fact", "fields", "contract", "why"), rows)


def _fields(chosen: Callable[[SObject], list[str]]) -> str:
    rows = [(one.name, str(len(chosen(one))), ", ".join(chosen(one)[:40])) for one in STANDARD if chosen(one)]
    return table(("object", "fields", "which (the first forty)"), rows)


FROM_CONTRACTS: dict[str, Callable[[], str]] = {"field-facts.md": facts_page}
