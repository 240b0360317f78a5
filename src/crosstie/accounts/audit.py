"""Who did what. Values of settings are kept, credentials and content never."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from crosstie.store.models import AuditRow, Scope


@dataclass(frozen=True, slots=True)
class Actor:
    """`face` is where it was done (`cli`, `web`, `system`); the person is None for the first and the last."""

    face: str
    person_id: int | None = None


SYSTEM = Actor("system")


@dataclass(frozen=True, slots=True)
class Deed:
    at: datetime
    actor: Actor
    action: str
    """Such as `settings.set` or `mailbox.activate`."""
    target: str = ""
    """Kind and id of what it was done to: `mailbox 7`."""
    details: Mapping[str, object] = field(default_factory=dict)


def record(scope: Scope, deed: Deed) -> None:
    """Called in the transaction of the deed itself."""
    AuditRow.of(Scope(scope.tenant_id)).create(
        at=deed.at,
        actor_id=deed.actor.person_id,
        face=deed.actor.face,
        action=deed.action,
        target=deed.target,
        details=dict(deed.details),
    )


def recent(scope: Scope, limit: int = 100) -> Sequence[Deed]:
    """The newest first."""
    rows = AuditRow.of(Scope(scope.tenant_id)).order_by("-at", "-id")[:limit]
    return [Deed(row.at, Actor(row.face, row.actor_id), row.action, row.target, row.details) for row in rows]
