"""Many mailboxes activated in one action: a run, its people, how far it got, and what it came to.

Who takes the steps is accounts/activation/activation_steps.py.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Count

from crosstie.accounts import audit
from crosstie.accounts.activation import outcomes
from crosstie.accounts.activation.outcomes import Kind
from crosstie.accounts.audit import SYSTEM, Actor, Deed
from crosstie.accounts.words import Phrase, Unacceptable
from crosstie.domain.activation import Named, Source, Stage, Step
from crosstie.domain.clock import Clock
from crosstie.domain.records import long_id
from crosstie.store.models import Activation, Candidate, Person, Scope
from crosstie.store.models.scope import ScopedQuerySet
from crosstie.store.sql import lock_org, org_of

MOST = 20_000
"""People of one run."""
SHOWN = 50
"""People of a kind that are named."""
OPEN = (Stage.LOOKING, Stage.READY, Stage.RUNNING)
AHEAD = (Step.WAITING, Step.KNOWN)
OVER = (Step.ACTIVE, Step.SKIPPED, Step.FAILED)

NOBODY_NAMED = Phrase("ACTIVATION-EMPTY", "Nobody is named there, so there is nobody to activate.")
TOO_MANY = Phrase("ACTIVATION-MANY", "{count} people are named; {most} are the most of one action. Use a group.")
NONE_SUCH = Phrase("ACTIVATION-UNKNOWN", "There is no such activation. See them all with: crosstie activations.")
BUSY = Phrase(
    "ACTIVATION-BUSY", "Activation {run} is not over yet. Wait until it is, or cancel it, then begin another one."
)
NOT_READY = Phrase("ACTIVATION-NOT-READY", "It is not known yet of everybody what an activation would do.")
NOTHING_AGAIN = Phrase(
    "ACTIVATION-NOTHING-AGAIN", "Nobody of this activation has failed, so nothing is to try again."
)
ENDED = Phrase("ACTIVATION-OVER", "This activation is over.")
NO_ADMIN = Phrase(
    "ACTIVATION-NO-ADMIN",
    "Nobody is there yet who administers Crosstie for this customer. Add the first person, who becomes its "
    "administrator, then activate the others.",
)


@dataclass(frozen=True, slots=True)
class RunInfo:
    scope: Scope
    """Of the org."""
    run_id: int
    source: str
    named: str
    stage: Stage
    goes_on: bool
    asked_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    waits: str
    """Code of what keeps it from going on; empty when nothing does."""
    actor: Actor

    @property
    def open(self) -> bool:
        return self.stage in OPEN


@dataclass(frozen=True, slots=True)
class Group:
    """Those whom one kind of outcome met, the first of them by address."""

    kind: Kind
    count: int
    first: tuple[str, ...]

    @property
    def more(self) -> int:
        return self.count - len(self.first)


@dataclass(frozen=True, slots=True)
class Progress:
    run: RunInfo
    all: int
    looked: int
    """Of whom it is known what becomes, or has become, of them."""
    ready: int
    """Would be activated, or are next to be."""
    active: int
    groups: tuple[Group, ...]
    """Of those who are not activated, the most frequent kind first."""

    @property
    def skipped(self) -> int:
        return sum(group.count for group in self.groups if group.kind.step is Step.SKIPPED)

    @property
    def failed(self) -> int:
        return sum(group.count for group in self.groups if group.kind.step is Step.FAILED)

    @property
    def again(self) -> int:
        """Whom *try again* is about."""
        return sum(group.count for group in self.groups if group.kind.again)


# -- beginning and ending ------------------------------------------------------------------------------
def begin(
    scope: Scope,
    source: Source,
    named: str,
    people_named: Sequence[Named],
    clock: Clock,
    *,
    goes_on: bool = False,
    actor: Actor = SYSTEM,
) -> RunInfo:
    """Write down whom it is about; `scope` names the org.

    Raises Unacceptable, also while another one of the org is not over: two would ask about the same people.
    """
    if not people_named:
        raise Unacceptable(NOBODY_NAMED)
    if len(people_named) > MOST:
        raise Unacceptable(TOO_MANY, count=len(people_named), most=MOST)
    now = clock.now()
    with transaction.atomic():
        lock_org(org_of(scope), shared=False)
        _check_free(scope)
        row = Activation.of(scope).create(
            source=source,
            named=named[:200],
            stage=Stage.LOOKING,
            goes_on=goes_on,
            asker_id=actor.person_id,
            face=actor.face,
            asked_at=now,
            due_at=now,
        )
        Candidate.of(Scope(scope.tenant_id)).bulk_create(
            [_candidate(row, one) for one in people_named], batch_size=1000
        )
        details = {"source": source.value, "people": len(people_named)}
        audit.record(scope, Deed(now, actor, "activation.begin", f"activation {row.pk}", details))
    return info(row)


def start(scope: Scope, run_id: int, clock: Clock, actor: Actor = SYSTEM) -> RunInfo:
    """Activate those whom nothing stands in the way of. Raises Unacceptable."""
    with transaction.atomic():
        row = locked(scope, run_id)
        if row.stage == Stage.LOOKING:
            raise Unacceptable(NOT_READY)
        if row.stage == Stage.READY:
            move(row, Stage.RUNNING, clock)
            audit.record(scope, Deed(clock.now(), actor, "activation.start", f"activation {run_id}"))
        elif row.stage != Stage.RUNNING:
            raise Unacceptable(ENDED)
    return info(row)


def again(scope: Scope, run_id: int, clock: Clock, actor: Actor = SYSTEM) -> RunInfo:
    """Those who were not activated for a reason that can be mended are looked at anew, and activated then."""
    with transaction.atomic():
        row = locked(scope, run_id)
        if row.stage not in (Stage.DONE, Stage.READY):
            raise Unacceptable(BUSY, run=run_id)
        failed = (
            people_of(scope, run_id).filter(step__in=(Step.SKIPPED, Step.FAILED)).exclude(code__in=outcomes.FINAL)
        )
        count = failed.update(step=Step.WAITING, code="", tries=0)
        if not count:
            raise Unacceptable(NOTHING_AGAIN)
        row.goes_on = row.stage == Stage.DONE
        move(row, Stage.LOOKING, clock)
        details = {"people": count}
        audit.record(scope, Deed(clock.now(), actor, "activation.again", f"activation {run_id}", details))
    return info(row)


def cancel(scope: Scope, run_id: int, clock: Clock, actor: Actor = SYSTEM) -> RunInfo:
    """What is active stays so; the others are left as they are."""
    with transaction.atomic():
        row = locked(scope, run_id)
        if row.stage not in OPEN:
            raise Unacceptable(ENDED)
        move(row, Stage.CANCELLED, clock)
        audit.record(scope, Deed(clock.now(), actor, "activation.cancel", f"activation {run_id}"))
    return info(row)


def forget(scope: Scope, run_id: int) -> None:
    """It was begun for a look alone."""
    with transaction.atomic():
        people_of(scope, run_id).delete()
        Activation.of(scope).filter(pk=run_id, stage__in=(Stage.LOOKING, Stage.READY)).delete()


# -- looking -------------------------------------------------------------------------------------------
def get(scope: Scope, run_id: int) -> RunInfo:
    """`scope` names a tenant, or an org of it. Raises Unacceptable for a run that is not in it."""
    row = Activation.of(scope).filter(pk=run_id).first()
    if row is None:
        raise Unacceptable(NONE_SUCH)
    return info(row)


def find(run_id: int) -> RunInfo | None:
    """For work that is bound to it from here on; None when it is gone."""
    row = Activation.everywhere().filter(pk=run_id).first()
    return info(row) if row else None


def recent(scope: Scope, limit: int = 20) -> list[RunInfo]:
    """The newest first."""
    return [info(row) for row in Activation.of(scope).order_by("-id")[:limit]]


def progress(scope: Scope, run_id: int) -> Progress:
    """One moment's figures: all from one look at the table."""
    run = get(scope, run_id)
    counts = people_of(scope, run_id).values("step", "code").annotate(count=Count("id"))
    rows = [(Step(one["step"]), str(one["code"]), int(one["count"])) for one in counts]
    of = {step: sum(count for at, _, count in rows if at is step) for step in Step}
    codes: dict[str, int] = {}
    for step, code, count in rows:
        if step in (Step.SKIPPED, Step.FAILED):
            codes[code] = codes.get(code, 0) + count
    ordered = sorted(codes.items(), key=lambda pair: (-pair[1], pair[0]))
    groups = tuple(Group(outcomes.of(code), count, _named(scope, run_id, code)) for code, count in ordered)
    whole = sum(of.values())
    looked = whole - sum(of[step] for step in AHEAD)
    return Progress(run, whole, looked, of[Step.READY], of[Step.ACTIVE], groups)


def _named(scope: Scope, run_id: int, code: str) -> tuple[str, ...]:
    rows = people_of(scope, run_id).filter(code=code, step__in=(Step.SKIPPED, Step.FAILED))
    return tuple(rows.order_by("address").values_list("address", flat=True)[:SHOWN])


def _candidate(run: Activation, one: Named) -> Candidate:
    return Candidate(
        activation=run,
        address=one.address,
        name=one.name,
        given_user=long_id(one.crm_user_id),
        time_zone=one.time_zone,
        profile=one.profile,
        license=one.license,
        step=Step.WAITING,
    )


def _check_free(scope: Scope) -> None:
    if not Person.of(Scope(scope.tenant_id)).exists():
        raise Unacceptable(NO_ADMIN)
    busy = Activation.of(scope).filter(stage__in=(Stage.LOOKING, Stage.RUNNING)).first()
    if busy:
        raise Unacceptable(BUSY, run=busy.pk)


def move(row: Activation, stage: Stage, clock: Clock) -> None:
    now = clock.now()
    row.stage, row.waits, row.setbacks = stage, "", 0
    row.due_at = now if stage in (Stage.LOOKING, Stage.RUNNING) else None
    if stage is Stage.RUNNING:
        row.started_at = row.started_at or now
    row.ended_at = now if stage in (Stage.DONE, Stage.CANCELLED) else None
    row.save()


def locked(scope: Scope, run_id: int) -> Activation:
    row = Activation.of(scope).select_for_update(of=("self",)).filter(pk=run_id).first()
    if row is None:
        raise Unacceptable(NONE_SUCH)
    return row


def people_of(scope: Scope, run_id: int) -> ScopedQuerySet[Candidate]:
    return Candidate.of(Scope(scope.tenant_id)).filter(activation_id=run_id)


def info(row: Activation) -> RunInfo:
    return RunInfo(
        scope=Scope(row.tenant_id, row.org_id),
        run_id=row.pk,
        source=row.source,
        named=row.named,
        stage=Stage(row.stage),
        goes_on=row.goes_on,
        asked_at=row.asked_at,
        started_at=row.started_at,
        ended_at=row.ended_at,
        waits=row.waits,
        actor=Actor(row.face, row.asker_id),
    )
