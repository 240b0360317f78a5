"""The port Backfills on PostgreSQL."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from crosstie.domain.backfills import OPEN, Backfill, Stage, Step, Tally
from crosstie.domain.clock import Clock
from crosstie.domain.errors import Fatal
from crosstie.domain.mailboxes import Lease, Span
from crosstie.store.models import Backfill as Row
from crosstie.store.models import Mailbox
from crosstie.store.models.scope import Scope, ScopedQuerySet
from crosstie.store.sql import fence, joined, org_of


class OrgBackfills:
    """ports.backfills.Backfills, bound to one org of one tenant."""

    def __init__(self, scope: Scope, clock: Clock) -> None:
        org_of(scope)
        self._scope = scope
        self._clock = clock

    def of(self, mailbox_ids: Iterable[int]) -> Mapping[int, tuple[Backfill, ...]]:
        found: dict[int, list[Backfill]] = {}
        for row in Row.of(self._scope).filter(mailbox_id__in=list(mailbox_ids)).order_by("pk"):
            found.setdefault(row.mailbox_id, []).append(_backfill(row))
        return {mailbox_id: tuple(several) for mailbox_id, several in found.items()}

    def add(self, mailbox_id: int, window: Span, *, replacing: bool = False) -> Backfill:
        with joined():
            self._lock(mailbox_id)
            if replacing:
                self._open(mailbox_id).update(stage=Stage.ENDED, waits="")
            row = Row.of(self._scope).create(
                mailbox_id=mailbox_id,
                since=window.since,
                before=window.before,
                stage=Stage.RUNNING,
                reached=window.before,
                asked_at=self._clock.now(),
            )
        return _backfill(row)

    def pause(self, mailbox_id: int) -> bool:
        return self._turn(mailbox_id, Stage.RUNNING, Stage.PAUSED)

    def resume(self, mailbox_id: int) -> bool:
        return self._turn(mailbox_id, Stage.PAUSED, Stage.RUNNING)

    def step(self, lease: Lease, backfill_id: int, step: Step) -> None:
        with joined():
            fence(self._scope, lease)
            row = self._leased(lease, backfill_id).first()
            if row is None:
                return
            one = _backfill(row)
            tally = one.tally.plus(step.tally)
            done = one.open and step.reached <= one.window.since
            self._leased(lease, backfill_id).update(
                reached=step.reached,
                saved=tally.saved,
                already=tally.already,
                left_out=dict(tally.left_out),
                left=step.left,
                stepped_at=self._clock.now(),
                waits="",
                stage=Stage.DONE if done else one.stage,
            )

    def wait(self, lease: Lease, backfill_id: int, code: str) -> None:
        with joined():
            fence(self._scope, lease)
            self._leased(lease, backfill_id).update(waits=code)

    def _leased(self, lease: Lease, backfill_id: int) -> ScopedQuerySet[Row]:
        return Row.of(self._scope).filter(pk=backfill_id, mailbox_id=lease.mailbox_id)

    def _open(self, mailbox_id: int) -> ScopedQuerySet[Row]:
        return Row.of(self._scope).filter(mailbox_id=mailbox_id, stage__in=OPEN)

    def _turn(self, mailbox_id: int, before: Stage, after: Stage) -> bool:
        with joined():
            self._lock(mailbox_id)
            first = self._open(mailbox_id).order_by("pk").first()
            if first is None or first.stage != before:
                return False
            Row.of(self._scope).filter(pk=first.pk).update(stage=after)
            return True

    def _lock(self, mailbox_id: int) -> None:
        """As a session's fence does: a step and a change of stage come one after the other."""
        rows = Mailbox.of(self._scope).select_for_update(no_key=True).filter(pk=mailbox_id)
        if not rows.values_list("pk", flat=True):
            raise Fatal("MAILBOX-UNKNOWN")


def _backfill(row: Row) -> Backfill:
    return Backfill(
        backfill_id=row.pk,
        mailbox_id=row.mailbox_id,
        window=Span(row.since, row.before),
        stage=Stage(row.stage),
        reached=row.reached,
        asked_at=row.asked_at,
        tally=Tally(row.saved, row.already, MappingProxyType(row.left_out)),
        left=row.left,
        stepped_at=row.stepped_at,
        waits=row.waits,
    )
