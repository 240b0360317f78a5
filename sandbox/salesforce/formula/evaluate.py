"""A checked formula on one row."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from sandbox.salesforce.core import Core
from sandbox.salesforce.formula.check import GLOBALS, leads_to
from sandbox.salesforce.formula.functions import FUNCTIONS
from sandbox.salesforce.formula.parse import Call, Expression, FieldRef, Formula, Literal
from sandbox.salesforce.ids import Id
from sandbox.salesforce.records import Row
from sandbox.salesforce.schema import ObjectSchema


@dataclass(frozen=True, slots=True)
class Context:
    core: Core
    user: Id
    shape: ObjectSchema
    row: Row
    old: Row | None = None
    """The row before this write; None when it is new, or when there is no write."""
    new: bool = False


def evaluate(formula: Formula, context: Context) -> Any:
    return _value(formula.tree, context)


def holds(core: Core, condition: Formula, user: Id, object_name: str, row: Row) -> bool:
    """A condition on a stored row, nobody writing."""
    return bool(evaluate(condition, Context(core, user, core.shape(object_name), row)))


def _value(tree: Expression, context: Context) -> Any:
    if isinstance(tree, Literal):
        return tree.value
    if isinstance(tree, FieldRef):
        return _read(tree, context, context.row)
    special = _SPECIAL.get(tree.name)
    if special is not None:
        return special(tree, context)
    return FUNCTIONS[tree.name][2](*(_value(argument, context) for argument in tree.arguments))


def _read(ref: FieldRef, context: Context, row: Row | None) -> Any:
    *hops, end = leads_to(context.core, context.shape, ref.names)
    if end.formula:
        return _read_formula(ref, context, row)
    start = ref.names[0].lower()
    if start in GLOBALS:
        row = _global(GLOBALS[start], context)
    for hop in hops:
        row = context.core.live(row.get(hop.name)) if row is not None else None
    if row is None:
        return False if end.type == "boolean" else None
    value = row.get(end.name)
    if end.type == "boolean":
        return bool(value)
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _read_formula(ref: FieldRef, context: Context, row: Row | None) -> Any:
    """A formula that names another one, of this row or of one above."""
    *hops, end = leads_to(context.core, context.shape, ref.names)
    shape = context.shape
    for hop in hops:
        row = context.core.live(row.get(hop.name)) if row is not None else None
        shape = context.core.shape_of(row["Id"]) if row is not None else shape
    if row is None:
        return None
    return evaluate(context.core.formulas[shape.name, end.name], replace(context, shape=shape, row=row))


def _global(name: str, context: Context) -> Row | None:
    core = context.core
    user = core.access.user(context.user) or {}
    if name == "User":
        return user
    if name == "Profile":
        return core.access.profile(context.user)
    if name == "UserRole":
        return core.row(user.get("UserRoleId"))
    return next(iter(core.store.table("Organization").rows.values()), None)


def _all(tree: Call, context: Context) -> bool:
    return all(_value(argument, context) for argument in tree.arguments)


def _any(tree: Call, context: Context) -> bool:
    return any(_value(argument, context) for argument in tree.arguments)


def _if(tree: Call, context: Context) -> Any:
    condition, yes, no = tree.arguments
    return _value(yes if _value(condition, context) else no, context)


def _case(tree: Call, context: Context) -> Any:
    """`CASE(value, a, is_a, b, is_b, otherwise)`."""
    subject, *rest = tree.arguments
    value, equal = _value(subject, context), FUNCTIONS["="][2]
    for wanted, answer in zip(rest[0:-1:2], rest[1:-1:2], strict=False):
        if equal(value, _value(wanted, context)):
            return _value(answer, context)
    return _value(rest[-1], context)


def _today(_tree: Call, context: Context) -> date:
    zone = ZoneInfo((context.core.access.user(context.user) or {}).get("TimeZoneSidKey", "UTC"))
    return context.core.clock.now().astimezone(zone).date()


def _date(tree: Call, context: Context) -> date | None:
    parts = [_value(argument, context) for argument in tree.arguments]
    if any(part is None for part in parts):
        return None
    try:
        return date(*(int(part) for part in parts))
    except ValueError:
        return None


def _prior(tree: Call, context: Context) -> Any:
    ref = tree.arguments[0]
    assert isinstance(ref, FieldRef)
    return _read(ref, context, context.row if context.new or context.old is None else context.old)


def _changed(tree: Call, context: Context) -> bool:
    ref = tree.arguments[0]
    assert isinstance(ref, FieldRef)
    return not context.new and bool(_read(ref, context, context.row) != _prior(tree, context))


_SPECIAL = {
    "AND": _all,
    "OR": _any,
    "IF": _if,
    "CASE": _case,
    "TODAY": _today,
    "NOW": lambda _tree, context: context.core.now(),
    "DATE": _date,
    "ISNEW": lambda _tree, context: context.new,
    "ISCHANGED": _changed,
    "PRIORVALUE": _prior,
}
