"""Older e-mails on request: which days, what an administrator may ask, and how far it got."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from crosstie.accounts import audit, words
from crosstie.accounts.audit import SYSTEM, Actor, Deed
from crosstie.accounts.connection import mailboxes
from crosstie.accounts.connection.mailboxes import MailboxRef
from crosstie.accounts.sync import status
from crosstie.accounts.sync.status import State
from crosstie.accounts.sync.why import sentence_of
from crosstie.accounts.words import Answer, Unacceptable, answer
from crosstie.domain.backfills import Backfill, Tally
from crosstie.domain.clock import Clock
from crosstie.domain.mailboxes import Span
from crosstie.ports.backfills import Backfills
from crosstie.store.models import Mailbox

MOST = 200
"""Of one mailbox, those that are over too: what each has gone through is remembered."""


EARLIEST = date(1980, 1, 1)
"""Nobody's mail is older."""
WORKING = (State.ON, State.RUNNING, State.STALLED)
"""In all others no session is to come."""


class Place(StrEnum):
    """Where a further back-fill goes while one is not over."""

    ALONE = "alone"
    BEHIND = "behind"
    INSTEAD = "instead"


@dataclass(frozen=True, slots=True)
class Days:
    """Whole days of the mailbox's time zone, both included."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class LeftOut:
    code: str
    sentence: str
    count: int


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a back-fill got. `all` is None while nobody has counted."""

    days: Days
    stage: str
    asked_at: datetime
    looked: int
    all: int | None
    saved: int
    already: int
    left_out: tuple[LeftOut, ...]
    waits: str
    """The sentence that says why it does not go on by itself; empty when nothing keeps it."""

    @property
    def open(self) -> bool:
        return self.stage in ("running", "paused")


def window(ref: MailboxRef, first: str, last: str, now: datetime) -> Span:
    """What these days mean there; it never reaches beyond `now`. Raises Unacceptable."""
    days = Days(_day(first), _day(last))
    if days.last < max(days.first, EARLIEST):
        raise Unacceptable(words.WINDOW_BACKWARDS, first=max(days.first, EARLIEST), last=days.last)
    zone = ZoneInfo(ref.time_zone)
    today = now.astimezone(zone).date()
    if days.first > today:
        raise Unacceptable(words.WINDOW_AHEAD, first=days.first)
    since = datetime.combine(max(days.first, EARLIEST), time(), zone)
    ends = now if days.last >= today else datetime.combine(days.last, time(), zone) + timedelta(days=1)
    return Span(since, ends)


def start(
    backfills: Backfills, ref: MailboxRef, span: Span, place: Place, clock: Clock, actor: Actor = SYSTEM
) -> Answer:
    """Ask for the mails of `span`; the next session begins with them."""
    shown = _shown(ref, span)
    with transaction.atomic():
        _lock(ref)
        if not mailboxes.info(ref.scope, ref.mailbox_id).settings.mail_auto_save:
            return answer(words.BACKFILL_AUTO_OFF, ok=False)
        known = backfills.of([ref.mailbox_id]).get(ref.mailbox_id, ())
        ahead = [one for one in known if one.open]
        if ahead and place is Place.ALONE:
            return answer(words.BACKFILL_BUSY, ok=False, **_shown(ref, ahead[-1].window))
        if len(known) >= MOST:
            return answer(words.BACKFILL_MANY, ok=False, most=MOST)
        added = backfills.add(ref.mailbox_id, span, replacing=place is Place.INSTEAD)
        _done(ref, clock, actor, "backfill.start", {"backfill": added.backfill_id, "place": place.value} | shown)
    if ahead and place is Place.BEHIND:
        return answer(words.BACKFILL_IN_LINE, **shown)
    return answer(words.BACKFILL_REPLACES if ahead else words.BACKFILL_STARTED, **shown)


def pause(backfills: Backfills, ref: MailboxRef, clock: Clock, actor: Actor = SYSTEM) -> Answer:
    with transaction.atomic():
        _lock(ref)
        if not backfills.pause(ref.mailbox_id):
            return answer(words.BACKFILL_NOT_RUNNING, ok=False)
        audit.record(ref.scope, Deed(clock.now(), actor, "backfill.pause", f"mailbox {ref.mailbox_id}"))
    return answer(words.BACKFILL_PAUSED)


def resume(backfills: Backfills, ref: MailboxRef, clock: Clock, actor: Actor = SYSTEM) -> Answer:
    with transaction.atomic():
        _lock(ref)
        if not backfills.resume(ref.mailbox_id):
            return answer(words.BACKFILL_NOT_PAUSED, ok=False)
        _done(ref, clock, actor, "backfill.resume", {})
    return answer(words.BACKFILL_RESUMED)


def progress(backfills: Backfills, ref: MailboxRef, now: datetime) -> list[Progress]:
    """The newest first."""
    known = backfills.of([ref.mailbox_id]).get(ref.mailbox_id, ())
    sync = status.status(ref.scope, ref.mailbox_id, now) if any(one.open for one in known) else None
    hindered = sync.sentence if sync and sync.state not in WORKING else ""
    return [_progress(ref, one, hindered) for one in reversed(known)]


def left_out(tally: Tally) -> tuple[LeftOut, ...]:
    """The most frequent reason first."""
    ordered = sorted(tally.left_out.items(), key=lambda pair: (-pair[1], pair[0]))
    return tuple(LeftOut(code, sentence_of(code), count) for code, count in ordered)


def days_of(ref: MailboxRef, span: Span) -> Days:
    zone = ZoneInfo(ref.time_zone)
    last = span.before - timedelta(microseconds=1)
    return Days(span.since.astimezone(zone).date(), last.astimezone(zone).date())


def _progress(ref: MailboxRef, one: Backfill, hindered: str) -> Progress:
    looked = one.tally.looked
    return Progress(
        days=days_of(ref, one.window),
        stage=one.stage.value,
        asked_at=one.asked_at,
        looked=looked,
        all=None if one.left is None else looked + one.left,
        saved=one.tally.saved,
        already=one.tally.already,
        left_out=left_out(one.tally),
        waits=(hindered or _waits(one.waits)) if one.open else "",
    )


def _waits(code: str) -> str:
    if not code:
        return ""
    return words.BACKFILL_NO_CALLS.said() if code == words.BACKFILL_NO_CALLS.code else sentence_of(code)


def _shown(ref: MailboxRef, span: Span) -> dict[str, Any]:
    days = days_of(ref, span)
    return {"first": days.first.isoformat(), "last": days.last.isoformat()}


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise Unacceptable(words.DAY_BAD, value=text.strip()[:40] or "Nothing") from None


def _lock(ref: MailboxRef) -> None:
    rows = Mailbox.of(ref.scope).select_for_update(no_key=True).filter(pk=ref.mailbox_id)
    if not rows.values_list("pk", flat=True):
        raise Unacceptable(words.MAILBOX_UNKNOWN)


def _done(ref: MailboxRef, clock: Clock, actor: Actor, action: str, details: Mapping[str, object]) -> None:
    Mailbox.of(ref.scope).filter(pk=ref.mailbox_id).update(due_at=clock.now())
    audit.record(ref.scope, Deed(clock.now(), actor, action, f"mailbox {ref.mailbox_id}", details))
