"""Force, pause, start, and when the next session is."""

from datetime import datetime, timedelta

from django.db import transaction

from crosstie.accounts import audit, words
from crosstie.accounts.audit import SYSTEM, Actor, Deed
from crosstie.accounts.sync.status import State, is_leased, state_of
from crosstie.accounts.words import Answer, Unacceptable, answer
from crosstie.domain.clock import Clock
from crosstie.store.models import Mailbox, Scope

FORCE_SPACING = timedelta(minutes=1)


def force(scope: Scope, mailbox_id: int, clock: Clock, actor: Actor = SYSTEM) -> Answer:
    """Make the mailbox due now: once a minute at most, and not while a session runs."""
    now = clock.now()
    with transaction.atomic():
        row = _locked(scope, mailbox_id)
        if refusal := _refusal(row, now):
            return refusal
        Mailbox.of(scope).filter(pk=row.pk).update(due_at=now, forced_at=now)
        audit.record(scope, Deed(now, actor, "mailbox.force", f"mailbox {row.pk}"))
    return answer(words.FORCED)


def pause(scope: Scope, mailbox_id: int, clock: Clock, actor: Actor = SYSTEM) -> Answer:
    """Until somebody resumes it; a session that runs ends in its own time."""
    with transaction.atomic():
        row = _locked(scope, mailbox_id)
        if row.paused:
            return answer(words.PAUSED_ALREADY, ok=False)
        if row.leaving_since:
            return answer(words.LEAVING_ALREADY, ok=False)
        Mailbox.of(scope).filter(pk=row.pk).update(paused=True)
        audit.record(scope, Deed(clock.now(), actor, "mailbox.pause", f"mailbox {row.pk}"))
    return answer(words.PAUSED_WHILE_RUNNING if is_leased(row, clock.now()) else words.PAUSED)


def resume(scope: Scope, mailbox_id: int, clock: Clock, actor: Actor = SYSTEM) -> Answer:
    """The next session starts at once and catches up."""
    with transaction.atomic():
        row = _locked(scope, mailbox_id)
        if not row.paused:
            return answer(words.RUNS_ALREADY, ok=False)
        Mailbox.of(scope).filter(pk=row.pk).update(paused=False, due_at=clock.now())
        audit.record(scope, Deed(clock.now(), actor, "mailbox.resume", f"mailbox {row.pk}"))
    return answer(words.RESUMED)


def wait(scope: Scope, mailbox_id: int, until: datetime) -> None:
    """No session before `until`, unless one runs or somebody forces it."""
    Mailbox.of(scope).filter(pk=mailbox_id, lease_until=None).update(due_at=until)


def next_due(scope: Scope, mailbox_id: int) -> datetime | None:
    """None while a session runs, and where there will be none."""
    row = Mailbox.of(scope).filter(pk=mailbox_id).first()
    if row is None:
        raise Unacceptable(words.MAILBOX_UNKNOWN)
    return None if row.paused else row.due_at


def _refusal(row: Mailbox, now: datetime) -> Answer | None:
    found = state_of(row, now)
    if found.state is State.PAUSED:
        return answer(words.PAUSED_CANNOT, ok=False)
    if found.state is not State.ON:
        return Answer(False, found.code, found.sentence)
    if row.forced_at and now - row.forced_at < FORCE_SPACING:
        ago = int((now - row.forced_at).total_seconds())
        return answer(words.FORCED_LATELY, ok=False, ago=ago, wait=60 - ago)
    return None


def _locked(scope: Scope, mailbox_id: int) -> Mailbox:
    rows = Mailbox.of(scope).select_for_update(of=("self",), no_key=True)
    row = rows.select_related("person__license", "person__profile", "org").filter(pk=mailbox_id).first()
    if row is None:
        raise Unacceptable(words.MAILBOX_UNKNOWN)
    return row
