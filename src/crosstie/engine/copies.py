"""Copies of one mail in the plans of a batch: one is saved, the others follow it. Pure."""

from collections.abc import Sequence
from dataclasses import replace

from crosstie.domain import reasons
from crosstie.domain.email import Email
from crosstie.domain.operations import Join, Operation, Save
from crosstie.domain.reasons import reason
from crosstie.engine.plan import Plan
from crosstie.rules.deduplication import same_letter


def claims(plans: Sequence[Plan]) -> dict[str, Email]:
    """Natural keys that several different mails are to be saved under, each with the mail that came first."""
    first: dict[str, Email] = {}
    contested: dict[str, Email] = {}
    for operation in (operation for each in plans for operation in each.operations):
        if isinstance(operation, Save):
            holder = first.setdefault(operation.natural, operation.email)
            if not same_letter(holder, operation.email):
                contested[operation.natural] = holder
    return contested


def merge(plans: Sequence[Plan]) -> tuple[Plan, ...]:
    """One record an e-mail: of several Saves of a key the first stands, the others point to its record."""
    taken: set[str] = set()
    merged = []
    for each in plans:
        operations = tuple(_follow(operation, taken) for operation in each.operations)
        merged.append(replace(each, operations=operations))
    return tuple(merged)


def _follow(operation: Operation, taken: set[str]) -> Operation:
    if not isinstance(operation, Save):
        return operation
    if operation.key not in taken:
        taken.add(operation.key)
        return operation
    shared = reason(reasons.SAVED_SHARED, object=operation.object)
    return Join(
        operation.email, operation.natural, operation.key, shared, after=operation.after, trigger=operation.trigger
    )
