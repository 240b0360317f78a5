"""Fields that nobody writes: formulas, worked out whenever they are read, and automatic numbers."""

import re
from typing import Any

from sandbox.salesforce.core import Core
from sandbox.salesforce.formula.check import compiled
from sandbox.salesforce.formula.evaluate import Context, evaluate
from sandbox.salesforce.formula.parse import BadFormula
from sandbox.salesforce.records import Row
from sandbox.salesforce.schema import ObjectSchema
from sandbox.salesforce.schema.facts import Field
from sandbox.salesforce.values import NUMBER_TYPES
from sandbox.salesforce.write import Write

_PLACE = re.compile(r"\{(0+|YYYY|YY|MM|DD)\}")


def add_formula(core: Core, object_name: str, fact: Field) -> None:
    """Make the formula of a field that the schema has already. Raises BadFormula."""
    if "$" in fact.formula:
        raise BadFormula(f"{fact.name}: a formula field that depends on who reads it is not modelled")
    core.formulas[object_name, fact.name] = compiled(core, object_name, fact.formula)


def read(core: Core, shape: ObjectSchema, fact: Field, row: Row) -> Any:
    found = evaluate(core.formulas[shape.name, fact.name], Context(core, "", shape, row))
    if fact.type == "boolean":
        return bool(found)
    if fact.type in NUMBER_TYPES and isinstance(found, float):
        return round(found, fact.scale)
    return None if found == "" else found


def number(write: Write) -> None:
    """The next number of every automatic field of a new row, in its format: `A-{0000}`, `{YYYY}-{0}`."""
    for fact in write.shape.present():
        if fact.auto_number and write.new:
            key = write.shape.name, fact.name
            write.core.numbers[key] = write.core.numbers.get(key, 0) + 1
            write.draft[fact.name] = _numbered(fact.auto_number, write.core.numbers[key], write.core)


def _numbered(form: str, value: int, core: Core) -> str:
    dates = {"YYYY": "%Y", "YY": "%y", "MM": "%m", "DD": "%d"}

    def fill(found: re.Match[str]) -> str:
        return core.now().strftime(dates[found[1]]) if found[1] in dates else str(value).zfill(len(found[1]))

    return _PLACE.sub(fill, form)
