"""How a mailbox is doing: its state, its last session with what that did, its next one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from crosstie.accounts import words
from crosstie.accounts.connection import inactive
from crosstie.accounts.trouble import refusals
from crosstie.accounts.words import Phrase, Unacceptable, answer
from crosstie.store.models import Mailbox, MailboxState, OrgState, Scope
from crosstie.store.states import TAKEOVER


class State(StrEnum):
    """What is in force, from the mailbox, its person's licence and profile together."""

    ON = "on"
    RUNNING = "running"
    STALLED = "stalled"
    """A session died; another worker takes over when its lease and the margin are over."""
    PAUSED = "paused"
    NEEDS_CONSENT = "needs-consent"
    SUSPENDED = "suspended"
    """It failed too often for another reason than access."""
    USER_INACTIVE = "user-inactive"
    """Of its owner, in Salesforce."""
    LEAVING = "leaving"
    """Being deactivated: sessions tidy up, and nothing else."""
    DISABLED = "disabled"
    PROFILE_OFF = "profile-off"
    NO_LICENSE = "no-licence"


@dataclass(frozen=True, slots=True)
class StateInfo:
    state: State
    code: str
    sentence: str


@dataclass(frozen=True, slots=True)
class LastSession:
    """`counts` is by outcome (domain/reasons/)."""

    started_at: datetime | None
    ended_at: datetime
    counts: Mapping[str, int] = field(default_factory=dict)
    error_code: str = ""


@dataclass(frozen=True, slots=True)
class Status:
    mailbox_id: int
    address: str
    state: State
    code: str
    sentence: str
    last: LastSession | None
    last_sentence: str
    running_since: datetime | None
    next_at: datetime | None
    """None while a session runs and where there will be none. A moment in the past: within seconds."""
    interval: timedelta
    failures: int
    """Sessions in a row that ended in an error."""


def status(scope: Scope, mailbox_id: int, now: datetime) -> Status:
    rows = Mailbox.of(scope).select_related("person__license", "person__profile", "org")
    row = rows.filter(pk=mailbox_id).first()
    if row is None:
        raise Unacceptable(words.MAILBOX_UNKNOWN)
    return of_row(row, now)


def of_scope(scope: Scope, now: datetime) -> list[Status]:
    """Of every mailbox of a tenant or org, by address."""
    rows = Mailbox.of(scope).select_related("person__license", "person__profile", "org")
    standing = inactive.mailboxes(scope)
    return [of_row(row, now, standing) for row in rows.order_by("address")]


def of_row(row: Mailbox, now: datetime, standing: frozenset[int] | None = None) -> Status:
    found = state_of(row, now, standing)
    last = _last(row)
    license_ = row.person.license
    return Status(
        mailbox_id=row.pk,
        address=row.address,
        state=found.state,
        code=found.code,
        sentence=found.sentence,
        last=last,
        last_sentence=_last_sentence(last),
        running_since=row.session_started_at if found.state is State.RUNNING else None,
        next_at=row.due_at if found.state is State.ON or _is_tried(row, found.state) else None,
        interval=timedelta(seconds=license_.interval_seconds if license_ else 0),
        failures=row.failures,
    )


def state_of(row: Mailbox, now: datetime, standing: frozenset[int] | None = None) -> StateInfo:
    """The first thing that stands in the way, the gravest first. `standing`: inactive.mailboxes, where known."""
    license_ = row.person.license
    if row.state == MailboxState.DISABLED:
        return _state(State.DISABLED, words.DISABLED)
    if license_ is None or not license_.active:
        return _state(State.NO_LICENSE, words.LICENSE_LACKING)
    if not row.person.profile.sync_enabled:
        return _state(State.PROFILE_OFF, words.PROFILE_OFF, profile=row.person.profile.name)
    if row.state == MailboxState.NEEDS_CONSENT or row.rejections >= refusals.SHOWN:
        return _state(State.NEEDS_CONSENT, words.NEEDS_CONSENT)
    if row.org.state != OrgState.CONNECTED or row.org.rejections >= refusals.SHOWN:
        return _state(State.NEEDS_CONSENT, words.ORG_REFUSES)
    if row.state == MailboxState.SUSPENDED or max(row.strikes, row.org.strikes) >= refusals.STOPPED:
        return _state(State.SUSPENDED, words.SUSPENDED)
    if row.leaving_since is not None:
        return _state(State.LEAVING, words.LEAVING)
    if row.paused:
        return _state(State.PAUSED, words.PAUSED)
    if row.pk in (standing if standing is not None else inactive.mailboxes(Scope(row.tenant_id, row.org_id))):
        return _state(State.USER_INACTIVE, words.USER_INACTIVE)
    return _working(row, now)


def _is_tried(row: Mailbox, state: State) -> bool:
    """What stands still is tried now and then, unless it is the org that does."""
    return state in (State.NEEDS_CONSENT, State.SUSPENDED) and row.org.state == OrgState.CONNECTED


def is_leased(row: Mailbox, now: datetime) -> bool:
    return row.lease_until is not None and row.lease_until > now


def _working(row: Mailbox, now: datetime) -> StateInfo:
    since = _moment(row.session_started_at)
    if is_leased(row, now):
        return _state(State.RUNNING, words.RUNNING, since=since)
    if row.lease_until is not None and row.lease_until + timedelta(seconds=TAKEOVER) > now:
        until = _moment(row.lease_until + timedelta(seconds=TAKEOVER))
        return _state(State.STALLED, words.STALLED, since=since, until=until)
    if row.due_at and row.due_at > now and row.setbacks:
        return _state(State.ON, words.BACKING_OFF, count=str(row.setbacks), next=_moment(row.due_at))
    if row.due_at and row.due_at > now:
        return _state(State.ON, words.IDLE, next=_moment(row.due_at))
    return _state(State.ON, words.DUE)


def _state(state: State, phrase: Phrase, **given: str) -> StateInfo:
    return StateInfo(state, phrase.code, phrase.said(**given))


def _last(row: Mailbox) -> LastSession | None:
    if row.session_ended_at is None:
        return None
    counts = {word: count for word, count in row.session_summary.items() if count}
    # While a session runs, its beginning has replaced the last one's.
    started = row.session_started_at if row.lease_until is None else None
    return LastSession(started, row.session_ended_at, counts, row.last_error_code)


def _last_sentence(last: LastSession | None) -> str:
    if last is None:
        return words.LAST_NONE.said()
    did = ", ".join(f"{count} {word}" for word, count in sorted(last.counts.items()))
    done = answer(words.LAST_DID, counts=did).sentence if did else words.LAST_IDLE.said()
    if last.error_code:
        failed = answer(words.LAST_FAILED, code=last.error_code).sentence
        return f"{done} {failed}" if did else failed
    return done


def _moment(moment: datetime | None) -> str:
    return moment.strftime("%H:%M UTC") if moment else "an unknown time"
