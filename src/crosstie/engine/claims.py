"""What is about to be made is claimed first, so that nobody else makes the same."""

from collections.abc import Sequence
from dataclasses import dataclass

from crosstie.domain.operations import Make
from crosstie.domain.reasons import Reason
from crosstie.domain.records import RecordRef
from crosstie.engine.ports import Ports
from crosstie.engine.session import Session
from crosstie.ports.crm import SETTLE_TIME
from crosstie.ports.journal import Status

Wanted = tuple[Session, str, str]
"""(who met it first, the plain key, the object)."""


@dataclass(frozen=True, slots=True)
class Claim:
    session: Session
    entry: int

    def finish(self, ports: Ports, status: Status, why: Reason, record: RecordRef | None = None) -> None:
        with self.session.ending():
            ports.journal.finish(self.session.lease, self.entry, status, why, record)


def claimed(ports: Ports, wanted: Sequence[Wanted]) -> dict[str, Claim]:
    """Plain key → the claim; left out is what somebody else is making, and what a session ended over."""
    claims: dict[str, Claim] = {}
    now = ports.clock.now()
    for session in dict.fromkeys(session for session, _, _ in wanted):
        own = [(key, name) for other, key, name in wanted if other is session]
        with session.ending():
            ports.check_time(session.lease)
            makes = [Make(ports.states.digest(key), name) for key, name in own]
            entries = ports.journal.make(session.lease, makes, now - SETTLE_TIME)
            found = zip(own, entries, strict=True)
            claims |= {key: Claim(session, entry) for (key, _), entry in found if entry is not None}
    return claims
