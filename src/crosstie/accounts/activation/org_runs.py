"""What an administrator had done in an org that takes a while: how far it is, and what it came to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from crosstie.domain.preflight import Item, Level
from crosstie.store.models import OrgRun, Scope
from crosstie.store.models.scope import ScopedQuerySet
from crosstie.store.sql import org_of


@dataclass(frozen=True, slots=True)
class RunInfo:
    asked_at: datetime
    ended_at: datetime | None
    total: int
    items: Sequence[Item]
    error_code: str

    @property
    def done(self) -> int:
        return len(self.items)


def begin(scope: Scope, kind: str, now: datetime) -> None:
    """`scope` names the org. What the last one came to is forgotten."""
    OrgRun.of(scope).filter(kind=kind).delete()
    OrgRun.of(scope).create(org_id=org_of(scope), kind=kind, asked_at=now)


def went_on(scope: Scope, kind: str, items: Sequence[Item], total: int) -> None:
    """All that came of it so far."""
    kept = [{"code": one.code, "level": one.level.value, "values": dict(one.values)} for one in items]
    _of(scope, kind).update(results=kept, total=total)


def end(scope: Scope, kind: str, now: datetime, error_code: str = "") -> None:
    _of(scope, kind).update(ended_at=now, error_code=error_code)


def find(scope: Scope, kind: str) -> RunInfo | None:
    row = _of(scope, kind).first()
    if row is None:
        return None
    items = [Item(one["code"], Level(one["level"]), one["values"]) for one in row.results]
    return RunInfo(row.asked_at, row.ended_at, row.total, items, row.error_code)


def _of(scope: Scope, kind: str) -> ScopedQuerySet[OrgRun]:
    return OrgRun.of(scope).filter(kind=kind)
