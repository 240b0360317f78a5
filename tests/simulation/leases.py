"""Nobody writes to the store whose lease somebody else has taken over: only so do two workers never mix."""

from dataclasses import dataclass, field
from typing import Any

from crosstie.domain.mailboxes import Lease
from tests.simulation.house import House

HARMLESS = frozenset({"states.release"})
"""A lease that is over is given back without effect."""


@dataclass(slots=True)
class Leases:
    house: House
    late: list[str] = field(default_factory=list)
    """What was written under a lease that was over."""

    def done(self, name: str, args: tuple[Any, ...]) -> None:
        """For Effects."""
        lease = args[0] if args else None
        if not isinstance(lease, Lease) or name in HARMLESS:
            return
        epoch = self.house.store.mailbox(lease.mailbox_id).epoch
        if lease.epoch != epoch:
            self.late.append(
                f"{name} of mailbox {lease.mailbox_id} under lease {lease.epoch}, which {epoch} took over"
            )
