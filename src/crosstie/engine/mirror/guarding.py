"""The bulk guard: what would remove more than is allowed at once is held back, and a person is asked."""

from collections.abc import Sequence
from dataclasses import replace

from crosstie.domain import reasons
from crosstie.domain.calendar import DeleteItem
from crosstie.domain.links import Bond, Side
from crosstie.domain.mirroring import Mirroring
from crosstie.domain.reasons import Reason
from crosstie.domain.records import RecordRef
from crosstie.engine.mirror.session import Mirror
from crosstie.engine.session import Ports
from crosstie.rules.calendar.guard import too_many


def guard(ports: Ports, mirror: Mirror) -> None:
    """Whoever means it allows more at once: the settings bring what was held back up again."""
    for side in Side:
        removing = [one for one in mirror.operations if _removes(one, side)]
        if why := _against(ports, mirror, removing, side):
            held = {id(one): _held(one, why) for one in removing}
            mirror.operations = tuple(held.get(id(one), one) for one in mirror.operations)


def _against(ports: Ports, mirror: Mirror, removing: Sequence[Mirroring], side: Side) -> Reason | None:
    """What was held back before counts as well: it does not go by ones and twos instead."""
    settings = mirror.session.info.settings
    if not removing:
        return None
    tally = ports.states.tally(mirror.mailbox_id, reasons.EVENT_GUARD.code)
    fresh = sum(not _was_held(one) for one in removing)
    return too_many(fresh + tally.waiting, tally.joined, side, settings)


def _removes(operation: Mirroring, side: Side) -> bool:
    """A copy whose withdrawal was begun was counted before."""
    if operation.before is None or operation.before.bond is not Bond.JOINED:
        return False
    return isinstance(operation.to_record, RecordRef) if side is Side.CRM else _withdraws(operation)


def _withdraws(operation: Mirroring) -> bool:
    """Whoever turned a switch was shown what goes, and turning it back brings it all back."""
    switched = operation.reason.kind is reasons.EVENT_SWITCHED_OFF
    return isinstance(operation.to_item, DeleteItem) and not switched


def _was_held(operation: Mirroring) -> bool:
    return operation.before is not None and operation.before.reason_code == reasons.EVENT_GUARD.code


def _held(operation: Mirroring, why: Reason) -> Mirroring:
    link = replace(operation.subject if operation.before is None else operation.before, reason_code=why.code)
    return Mirroring(
        operation.natural,
        why,
        operation.before,
        replace(link, recheck_at=None),
        news=not _was_held(operation),
    )
