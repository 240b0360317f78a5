"""Older mails that were asked for, a portion a session, behind everything that is new.

A portion goes the way of every mail: planned by the same rules, written under the same keys. Where it has come to
is stored in the transaction of the states, so that a session which dies has its portion looked at again, and meets
what it saved.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

from crosstie.domain import reasons
from crosstie.domain.backfills import Backfill, Older, Stage, Step, Tally
from crosstie.domain.errors import CrosstieError, Throttled
from crosstie.domain.mailboxes import MailboxInfo, Seen, Span
from crosstie.domain.reasons import KINDS, Outcome
from crosstie.domain.states import ItemState
from crosstie.engine.ports import Ports
from crosstie.engine.session import Session

PORTION = 50
"""Mails a session looks at for a back-fill."""
PORTIONS = 4
"""A batch: what is new in a hundred mailboxes must not wait for what is old."""
SECONDS = 60.0
NO_CALLS = "BACKFILL-NO-CALLS"
"""Most of our share of the day's calls is used; what is left is for new mail."""
_BEGINNING = datetime.min.replace(tzinfo=UTC)


def attach(ports: Ports, sessions: Sequence[Session]) -> None:
    """Tell each session what its mailbox's back-fills have come to, and which of them goes on."""
    found = ports.backfills.of([session.info.mailbox_id for session in sessions])
    for session in sessions:
        several = found.get(session.info.mailbox_id, ())
        session.info = reaching(session.info, several)
        first = next((one for one in several if one.open), None)
        session.backfill = first if first and first.stage is Stage.RUNNING else None
        session.turn_since = _turn_since(first, several) if first else None


def reaching(info: MailboxInfo, backfills: Sequence[Backfill]) -> MailboxInfo:
    """`info` with what these have gone through."""
    spans = tuple(one.covered for one in backfills if one.reached < one.window.before)
    return replace(info, past=spans) if spans else info


def _turn_since(one: Backfill, several: Sequence[Backfill]) -> datetime:
    """What was saved until then is not its doing."""
    earlier = [other.stepped_at for other in several if other.backfill_id < one.backfill_id]
    return max([one.asked_at, *(moment for moment in earlier if moment)])


def fetch(ports: Ports, sessions: Sequence[Session]) -> None:
    """Add a portion each to those sessions that have seen everything new and whose turn it is."""
    wanting = [session for session in sessions if session.backfill and _is_free(session)]
    if not wanting:
        return
    ready = [session for session in wanting if not _hindered(ports, session)]
    ready.sort(key=_last_step)
    calls: list[Callable[[], Older]] = [partial(_portion, session) for session in ready[:PORTIONS]]
    for session, older in zip(ready, ports.fanout.run(calls, timeout=SECONDS), strict=False):
        if isinstance(older, CrosstieError):
            session.trouble = older.code
            session.wait_for(older.until if isinstance(older, Throttled) else None)
        else:
            _take(session, older)


def step(ports: Ports, session: Session, states: Sequence[ItemState]) -> None:
    """Within the transaction that stores the states: the portion is behind it."""
    if session.backfill is None or session.older is None:
        return
    known = dict(session.situation.states) if session.situation else {}
    known |= {state.item_id: state for state in states}
    found = [known.get(email.item_id) for email in session.older.emails]
    tally = tally_of(ports, found, since=session.turn_since)
    done = Step(session.older.reached, tally, session.older.left)
    ports.backfills.step(session.lease, session.backfill.backfill_id, done)


def tally_of(ports: Ports, states: Sequence[ItemState | None], *, since: datetime | None) -> Tally:
    """`since`: what was saved after that is the back-fill's doing, also in a session that died over it."""
    records = [state.record for state in states if state and state.record]
    deleted = ports.states.deleted(records) if records else frozenset()
    saved = already = 0
    left_out: Counter[str] = Counter()
    for state in states:
        if state is None:
            left_out[reasons.WAITS.code] += 1
        elif state.record is None or not _is_saved(state):
            left_out[state.reason_code] += 1
        elif state.record.record_id in deleted:
            left_out[reasons.DELETED.code] += 1
        elif since is None or state.decided_at <= since or state.reason_code == reasons.SAVED_SHARED.code:
            already += 1
        else:
            saved += 1
    return Tally(saved, already, left_out)


def _is_saved(state: ItemState) -> bool:
    kind = KINDS.get(state.reason_code)
    return kind is not None and kind.outcome is Outcome.SAVED


def _is_free(session: Session) -> bool:
    return session.live and not session.observation.more and not session.trouble and not session.must_wait


def _hindered(ports: Ports, session: Session) -> bool:
    """What keeps the back-fill from going on is told once, and taken back by its next step."""
    backfill = session.backfill
    if backfill is None:
        return True
    code = ""
    if not session.info.settings.mail_auto_save:
        code = reasons.AUTO_OFF.code
    elif not ports.crm.has_room():
        code = NO_CALLS
    if code and code != backfill.waits:
        with session.ending():
            ports.backfills.wait(session.lease, backfill.backfill_id, code)
    return bool(code)


def _last_step(session: Session) -> datetime:
    return session.backfill.stepped_at or _BEGINNING if session.backfill else _BEGINNING


def _portion(session: Session) -> Older:
    assert session.backfill is not None
    return session.mailbox.older(session.backfill.window.since, session.backfill.reached, limit=PORTION)


def _take(session: Session, older: Older) -> None:
    assert session.backfill is not None
    session.older = older
    session.info = replace(session.info, past=(*session.info.past, Span(older.reached, session.backfill.reached)))
    session.changes += tuple(Seen(email) for email in older.emails)
