"""A formula judged before it is used: its functions, its fields, and where a picklist may stand."""

import re
from collections.abc import Iterable

from sandbox.salesforce.core import Core
from sandbox.salesforce.formula.functions import FUNCTIONS, LAZY
from sandbox.salesforce.formula.parse import BadFormula, Call, Expression, FieldRef, Formula, Literal, parse
from sandbox.salesforce.schema import ObjectSchema
from sandbox.salesforce.schema.facts import Field

GLOBALS = {"$user": "User", "$profile": "Profile", "$organization": "Organization", "$userrole": "UserRole"}
TAKES_PICKLISTS = frozenset(
    ["ISPICKVAL", "TEXT", "CASE", "ISBLANK", "ISNULL", "ISCHANGED", "PRIORVALUE", "INCLUDES", "BLANKVALUE"]
)
TAKES_FIELDS = frozenset(["ISCHANGED", "PRIORVALUE"])
HOPS = 10


def compiled(core: Core, object_name: str, text: str) -> Formula:
    """The formula on rows of this object. Raises BadFormula."""
    tree = parse(text)
    _check(core, core.shape(object_name), tree, "")
    return Formula(text, tree)


def _check(core: Core, shape: ObjectSchema, tree: Expression, inside: str) -> None:
    if isinstance(tree, Literal):
        return
    if isinstance(tree, FieldRef):
        fact = leads_to(core, shape, tree.names)[-1]
        if fact.type in ("picklist", "multipicklist") and inside not in TAKES_PICKLISTS:
            raise BadFormula(f"{tree} is a picklist, which only {', '.join(sorted(TAKES_PICKLISTS))} take")
        return
    _check_call(tree)
    for argument in tree.arguments:
        _check(core, shape, argument, tree.name)


def _check_call(tree: Call) -> None:
    known = LAZY.get(tree.name) or FUNCTIONS.get(tree.name)
    if known is None:
        raise BadFormula(f"the function {tree.name} is not modelled")
    least, most = known[0], known[1]
    if not least <= len(tree.arguments) <= most:
        raise BadFormula(f"{tree.name} takes {least} to {most} arguments, not {len(tree.arguments)}")
    if tree.name == "CASE" and len(tree.arguments) % 2:
        raise BadFormula("CASE takes a value, pairs of a case and its answer, and an answer for the rest")
    pattern = tree.arguments[-1] if tree.name == "REGEX" else None
    if isinstance(pattern, Literal):
        try:
            re.compile(str(pattern.value))
        except re.error as error:
            raise BadFormula(f"{pattern.value!r} is no regular expression: {error}") from error
    if tree.name in TAKES_FIELDS and not isinstance(tree.arguments[0], FieldRef):
        raise BadFormula(f"{tree.name} takes a field")


def leads_to(core: Core, shape: ObjectSchema, names: Iterable[str]) -> list[Field]:
    """The references a path climbs and the field at its end; `Owner:User` names one of several objects."""
    *relations, last = names
    if len(relations) > HOPS:
        raise BadFormula(f"no more than {HOPS} relationships can be climbed")
    found: list[Field] = []
    place: ObjectSchema | None = shape
    if relations and relations[0].lower() in GLOBALS:
        place = core.schema.object(GLOBALS[relations.pop(0).lower()])
    for relation in relations:
        name, _, kind = relation.partition(":")
        fact = place.parent(name) if place is not None else None
        if fact is None or (kind and kind not in fact.to) or (not kind and fact.polymorphic):
            raise BadFormula(f"{relation} leads to no one object")
        found.append(fact)
        place = core.schema.object(kind or fact.to[0])
    end = place.field(last) if place is not None else None
    if end is None:
        raise BadFormula(f"there is no field {'.'.join([*relations, last])} on {shape.name}")
    return [*found, end]
