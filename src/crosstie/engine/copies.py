"""Copies of one mail in the plans of a batch: one is saved, the others follow it. Pure."""

from collections.abc import Sequence
from dataclasses import replace

from crosstie.domain import reasons
from crosstie.domain.email import Email
from crosstie.domain.operations import Join, Operation, Save, Trigger
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


def merge(plans: Sequence[Plan], setbacks: Sequence[int]) -> tuple[Plan, ...]:
    """One record an e-mail: of several Saves of a key one stands, the others point to its record.

    It is the first, but rules find more than a thread says. `setbacks` are those of each plan's mailbox, which
    nobody is to wait for longer than need be.
    """
    standing: dict[str, tuple[Save, int]] = {}
    for each, troubles in zip(plans, setbacks, strict=True):
        for save in (operation for operation in each.operations if isinstance(operation, Save)):
            holder, before = standing.setdefault(save.key, (save, troubles))
            richer = holder.trigger is Trigger.THREAD and save.trigger is Trigger.AUTO
            if richer and troubles <= before:
                standing[save.key] = (save, troubles)
    chosen = {key: save for key, (save, _) in standing.items()}
    return tuple(
        replace(each, operations=tuple(_followed(operation, chosen) for operation in each.operations))
        for each in plans
    )


def _followed(operation: Operation, standing: dict[str, Save]) -> Operation:
    if not isinstance(operation, Save) or standing[operation.key] is operation:
        return operation
    shared = reason(reasons.SAVED_SHARED, object=operation.object)
    return Join(
        operation.email,
        operation.natural,
        operation.key,
        shared,
        after=operation.after,
        trigger=operation.trigger,
        awaits=operation.awaits,
        known=operation.known,
    )
