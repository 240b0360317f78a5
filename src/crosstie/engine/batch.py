"""Up to a hundred mailboxes of one org, in phases: observe all, plan all, write records once, mark, commit each.

A session that fails drops out with its error; its cursors stay where they were, so its next run sees everything
again and meets the records that were written.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from crosstie.domain import reasons
from crosstie.domain.email import Email
from crosstie.domain.errors import CrosstieError, LeaseLost, NeedsConsent, Throttled
from crosstie.domain.mailboxes import Lease, Observation, Seen
from crosstie.domain.operations import Join, Save, Skip
from crosstie.domain.reasons import Reason, reason
from crosstie.engine import backfilling, marking, planning, saving
from crosstie.engine.mirror import batch as mirror
from crosstie.engine.pacing import after_setback, next_due
from crosstie.engine.ports import Ports
from crosstie.engine.session import Session
from crosstie.engine.states import awaited, item_states, known_of, noted
from crosstie.engine.tick import is_torn, was_read

OBSERVE_SECONDS = 60.0
"""A mailbox not observed by then goes to the next batch."""
SLICE_ITEMS = 500
"""Items of one slice; what lies behind them is the next slice's."""


@dataclass(frozen=True, slots=True)
class SessionReport:
    """What a session did, for the mailbox's page: counts by outcome, and the error that ended it, if any."""

    mailbox_id: int
    counts: dict[str, int]
    error_code: str
    more: bool
    refused: bool = False
    """Access was refused: somebody has to grant it again (domain/errors.py, NeedsConsent)."""
    left: bool = False
    """Nothing is left to be done in a mailbox that is being deactivated."""
    failed: bool = False
    """It ended early. One that has a code without that got through, but for a part of its work."""
    waits: bool = False
    """It ended because a vendor asks to be left alone for a while."""


def claim(ports: Ports, *, holder: str, limit: int, lease_seconds: float) -> Sequence[Lease]:
    """The mailboxes that are due; they wait for their org's first reading, and for the rest of one half done."""
    known = ports.states.watermarks()
    if not was_read(known) or is_torn(known):
        return ()
    return ports.states.claim_due(ports.clock.now(), holder=holder, limit=limit, lease_seconds=lease_seconds)


def run(ports: Ports, leases: Sequence[Lease]) -> list[SessionReport]:
    """Sync the leased mailboxes; every lease is given back unless somebody else took it over."""
    opened = [_opened(ports, lease) for lease in leases]
    everybody = [one for one in opened if isinstance(one, Session)]
    sessions = [session for session in everybody if not session.info.leaving]
    backfilling.attach(ports, sessions)
    _observe_all(ports, sessions)
    _each(everybody, partial(_recover, ports))
    backfilling.fetch(ports, sessions)
    _together(sessions, partial(planning.plan_all, ports))
    _each(sessions, partial(_write_plan, ports))
    _together(sessions, partial(saving.save_all, ports))
    _together(sessions, partial(marking.mark_all, ports))
    _each(sessions, partial(_commit, ports))
    mirror.run(ports, [session for session in everybody if session.live])
    for session in everybody:
        _release(ports, session)
    return [_report(one) if isinstance(one, Session) else one for one in opened]


def preview(ports: Ports, mailbox_ids: Sequence[int]) -> list[Session]:
    """What the next sessions would do, without doing any of it: nothing is leased, written or remembered."""
    sessions = []
    for mailbox_id in mailbox_ids:
        sessions.append(_open(ports, Lease(mailbox_id, 0, ports.clock.now())))
    backfilling.attach(ports, sessions)
    _observe_all(ports, sessions)
    planning.plan_all(ports, [session for session in sessions if session.live])
    return sessions


def foresee(ports: Ports, mailbox_id: int, emails: Sequence[Email]) -> dict[str, Reason]:
    """For mails that no session has decided on: item id → what the next one would answer."""
    info = ports.states.info(mailbox_id)
    mailbox = ports.mailboxes.open(mailbox_id, info.folders)
    session = Session(Lease(mailbox_id, 0, ports.clock.now()), info, mailbox)
    backfilling.attach(ports, [session])
    session.changes = tuple(Seen(email) for email in emails)
    planning.plan_all(ports, [session], look_again=False)
    if session.error:
        raise session.error
    old = reason(reasons.OLD, days=str(info.settings.mail_lookback_days))
    answers = {email.item_id: old for email in emails}
    for operation in session.operations:
        if isinstance(operation, Skip):
            answers[operation.email.item_id] = operation.reason
        elif isinstance(operation, Save | Join):
            answers[operation.email.item_id] = reason(reasons.NEXT)
    return answers


def _opened(ports: Ports, lease: Lease) -> Session | SessionReport:
    """A session ready to observe; where its mailbox cannot be entered, it is over with this report."""
    try:
        session = _open(ports, lease)
        if not session.info.leaving:
            session.mailbox.prepare()
    except CrosstieError as error:
        due = after_setback(error, lease, ports.states.info(lease.mailbox_id).interval, ports.clock.now())
        ports.states.release(lease, next_due=due, summary={}, error_code=error.code, setback=True)
        return _failed(SessionReport(lease.mailbox_id, {}, error.code, more=False), error)
    return session


def _open(ports: Ports, lease: Lease) -> Session:
    info = ports.states.info(lease.mailbox_id)
    return Session(lease, info, ports.mailboxes.open(lease.mailbox_id, info.folders))


def _observe_all(ports: Ports, sessions: Sequence[Session]) -> None:
    calls: list[Callable[[], Observation]] = [
        partial(session.mailbox.observe, ports.states.cursors(session.info.mailbox_id), limit=SLICE_ITEMS)
        for session in sessions
    ]
    for session, seen in zip(sessions, ports.fanout.run(calls, timeout=OBSERVE_SECONDS), strict=True):
        if isinstance(seen, CrosstieError):
            session.error = seen
            continue
        session.observation = seen
        session.changes = seen.changes
        session.trouble = seen.trouble


def _each(sessions: Sequence[Session], step: Callable[[Session], None]) -> None:
    for session in sessions:
        if session.live:
            with session.ending():
                step(session)


def _together(sessions: Sequence[Session], step: Callable[[list[Session]], None]) -> None:
    """What the org refuses all of them at once ends them all, and they are released like any other."""
    live = [session for session in sessions if session.live]
    try:
        step(live)
    except CrosstieError as error:
        for session in live:
            session.error = session.error or error


def _recover(ports: Ports, session: Session) -> None:
    with ports.states.transaction():
        ports.journal.recover(session.lease)


def _write_plan(ports: Ports, session: Session) -> None:
    """The journal learns what is going to happen before it does; a skip that was said before is not news."""
    said = _said_already(ports, session)
    operations = [
        operation
        for operation in session.operations
        if isinstance(operation, Save | Join)
        or (isinstance(operation, Skip) and operation.email.item_id not in said)
    ]
    if not operations:
        return
    with ports.states.transaction():
        ids = ports.journal.plan(session.lease, operations)
    session.entries = {operation.email.item_id: entry for operation, entry in zip(operations, ids, strict=True)}
    for operation in operations:
        if isinstance(operation, Skip):
            session.counts[operation.reason.kind.outcome.value] += 1


def _said_already(ports: Ports, session: Session) -> frozenset[str]:
    """Items whose skip is no news. A session that died may have said something else in between, and no state."""
    known = session.situation.states if session.situation else {}
    before = {
        skip.email.item_id: skip.reason.code
        for skip in session.of(Skip)
        if (state := known.get(skip.email.item_id)) and state.reason_code == skip.reason.code
    }
    last = ports.journal.why(session.info.mailbox_id, list(before)) if before else {}
    return frozenset(item for item, code in before.items() if item not in last or last[item].reason_code == code)


def _commit(ports: Ports, session: Session) -> None:
    now = ports.clock.now()
    with ports.states.transaction():
        states = item_states(session, ports.states, now)
        if states:
            ports.states.save_items(
                session.lease,
                states,
                awaits=awaited(session),
                known=known_of(session),
                waiting_on=noted(session),
            )
        if session.gathered:
            ports.states.threads_gathered(session.lease, session.gathered)
        backfilling.step(ports, session, states)
        ports.states.save_cursors(session.lease, session.observation.cursors)


def _release(ports: Ports, session: Session) -> None:
    if isinstance(session.error, LeaseLost):
        return
    now = ports.clock.now()
    ports.states.release(
        session.lease,
        next_due=next_due(session, now),
        summary=dict(session.counts),
        error_code=session.code,
        setback=session.had_setback,
    )


def _report(session: Session) -> SessionReport:
    report = SessionReport(
        session.info.mailbox_id,
        dict(session.counts),
        session.code,
        session.observation.more or session.more_calendar,
        left=session.left and session.live,
    )
    return _failed(report, session.error) if session.error else report


def _failed(report: SessionReport, error: CrosstieError) -> SessionReport:
    return replace(
        report, failed=True, refused=isinstance(error, NeedsConsent), waits=isinstance(error, Throttled)
    )
