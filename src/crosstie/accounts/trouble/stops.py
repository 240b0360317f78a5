"""Since when, and why, sync of a mailbox or of an org stands still: written where it is counted (refusals.py),
read by whoever decides that somebody is told (noticing.py), and by pages.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F, Q

from crosstie.domain.stopping import USER_INACTIVE, Cause, cause
from crosstie.store.models import Mailbox, Scope, SessionRun, Stop
from crosstie.store.models.scope import ScopedQuerySet
from crosstie.store.sql import org_of

TOLD = timedelta(days=3)
"""How long a page says that sync had stopped and runs again."""


@dataclass(frozen=True, slots=True)
class StopInfo:
    scope: Scope
    stop_id: int
    mailbox_id: int | None
    """None: the org, and with it all of its mailboxes."""
    address: str
    """Of the mailbox; of an org its label."""
    code: str
    since: datetime
    ended_at: datetime | None

    @property
    def cause(self) -> Cause:
        return cause(self.code)


@dataclass(frozen=True, slots=True)
class Filled:
    """What became of the time in which sync stood still. `until` is None while it is being caught up on."""

    since: datetime
    until: datetime | None
    saved: int


def begin(scope: Scope, codes: dict[int, str], now: datetime) -> None:
    """These mailboxes (id → code) were suspended; those whose stop goes on already keep its beginning."""
    for mailbox_id, code in sorted(codes.items()):
        going_on = _open(scope).filter(mailbox_id=mailbox_id)
        if code == USER_INACTIVE:  # others are told of it than were told of what had stopped it before
            going_on.exclude(code=code).update(decided_at=None)
        if not going_on.update(code=code):
            Stop.of(scope).create(mailbox_id=mailbox_id, code=code, since=now)


def with_code(scope: Scope, code: str) -> set[int]:
    """Mailboxes that stand still for that."""
    return set(_open(scope).filter(code=code, mailbox__isnull=False).values_list("mailbox_id", flat=True))


def begin_org(scope: Scope, code: str, now: datetime) -> bool:
    """`scope` names the org; False where it stands still already."""
    if _open(scope).filter(mailbox=None).update(code=code):
        return False
    Stop.of(scope).create(org_id=org_of(scope), code=code, since=now)
    return True


def end(scope: Scope, mailbox_ids: Collection[int], now: datetime) -> int:
    """They ran to the end of what had gathered; how many had stopped."""
    return _open(scope).filter(mailbox_id__in=mailbox_ids).update(ended_at=now) if mailbox_ids else 0


def end_org(scope: Scope, now: datetime) -> int:
    return _open(scope).filter(mailbox=None).update(ended_at=now)


def forget(scope: Scope, mailbox_id: int) -> None:
    """Nobody waits for the mailbox any more: it was switched off."""
    _open(Scope(scope.tenant_id)).filter(mailbox_id=mailbox_id).delete()


def going_on(scope: Scope) -> list[StopInfo]:
    """Of a tenant, or of an org of it; what stands longest first."""
    rows = _open(scope).select_related("mailbox", "org").order_by("since", "pk")
    return [info(row) for row in rows]


def of_mailbox(scope: Scope, mailbox_id: int) -> StopInfo | None:
    """What keeps it from being synchronized: its org's stop before its own. `scope` names the org."""
    rows = _open(scope).filter(Q(mailbox_id=mailbox_id) | Q(mailbox=None)).select_related("mailbox", "org")
    found = rows.order_by(F("mailbox_id").asc(nulls_first=True)).first()
    return info(found) if found else None


def lately(scope: Scope, mailbox_id: int, now: datetime) -> Filled | None:
    """The last stop that is over, of the mailbox or its org, and what was saved of what had gathered."""
    rows = Stop.of(scope).filter(Q(mailbox_id=mailbox_id) | Q(mailbox=None), ended_at__gt=now - TOLD)
    stop = rows.order_by("-ended_at", "-pk").first()
    if stop is None or stop.ended_at is None:
        return None
    runs = SessionRun.of(scope).filter(mailbox_id=mailbox_id, ended_at__gt=stop.since)
    until = stop.ended_at if stop.mailbox_id else _first_good(runs, stop.ended_at)
    counted = runs.filter(ended_at__lte=until) if until else runs
    return Filled(stop.since, until, sum(run.counts.get("saved", 0) for run in counted))


def _first_good(runs: ScopedQuerySet[SessionRun], after: datetime) -> datetime | None:
    found = runs.filter(error_code="", ended_at__gte=after).order_by("ended_at").first()
    return found.ended_at if found else None


def info(row: Stop) -> StopInfo:
    box: Mailbox | None = row.mailbox
    address = box.address if box else row.org.label or row.org.org_id
    return StopInfo(
        Scope(row.tenant_id, row.org_id), row.pk, row.mailbox_id, address, row.code, row.since, row.ended_at
    )


def _open(scope: Scope) -> ScopedQuerySet[Stop]:
    return Stop.of(scope).filter(ended_at=None)
