"""The sessions that a mailbox has had: when, what they did in numbers, and with which error they ended."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from crosstie.store.models import Scope, SessionRun


@dataclass(frozen=True, slots=True)
class SessionInfo:
    """`counts` is by outcome (domain/reasons/)."""

    number: int
    """Grows from session to session of a mailbox."""
    started_at: datetime
    ended_at: datetime
    counts: Mapping[str, int]
    error_code: str


def recent(scope: Scope, mailbox_id: int, most: int, before: int | None = None) -> Sequence[SessionInfo]:
    """The newest first, of those `before` that number; they are kept for ninety days."""
    rows = SessionRun.of(scope).filter(mailbox_id=mailbox_id)
    if before is not None:
        rows = rows.filter(epoch__lt=before)
    return [
        SessionInfo(
            number=row.epoch,
            started_at=row.started_at,
            ended_at=row.ended_at,
            counts={word: count for word, count in row.counts.items() if count},
            error_code=row.error_code,
        )
        for row in rows.order_by("-epoch")[:most]
    ]
