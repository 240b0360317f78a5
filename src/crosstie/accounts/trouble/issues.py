"""What needs a person: items the other side refused, and what keeps a whole mailbox from being synchronized."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db.models import Max, Min

from crosstie.accounts import audit, words
from crosstie.accounts.audit import SYSTEM, Actor, Deed
from crosstie.accounts.sync import status
from crosstie.accounts.sync.status import State
from crosstie.accounts.trouble import advice
from crosstie.accounts.words import Answer, answer
from crosstie.domain.clock import Clock
from crosstie.domain.reasons import EVENT_APPROVED, EVENT_ASK, EVENT_COPY, KINDS, Outcome
from crosstie.rules.calendar.guard import HELD
from crosstie.store import recheck
from crosstie.store.models import Scope, SessionRun
from crosstie.store.sql import bound, rows

MOST = 50
"""Issues shown at once; the newest come first."""
_TOGETHER = frozenset({*HELD.values(), EVENT_COPY})
CODES = sorted(kind.code for kind in KINDS.values() if kind.outcome is Outcome.ISSUE and kind not in _TOGETHER)
"""What the bulk guard holds back is one issue for each side (guarded.py), and copies are one (copied.py)."""
_RUNS_ANYWAY = (State.ON, State.RUNNING, State.STALLED)
_OPEN = """
    WITH told AS (
        SELECT 'e-mail' AS kind, item_id, decided_at FROM store_itemstate
        WHERE tenant_id = %(tenant)s AND org_id = %(org)s AND mailbox_id = %(mailbox)s
          AND recheck_at IS NOT NULL AND reason_code = ANY(%(codes)s::text[])
        UNION ALL
        SELECT 'event', item_id, decided_at FROM store_link
        WHERE tenant_id = %(tenant)s AND org_id = %(org)s AND mailbox_id = %(mailbox)s
          AND item_id <> '' AND reason_code = ANY(%(codes)s::text[])
    )
    SELECT s.kind, s.item_id, COALESCE(began.at, s.decided_at), s.decided_at
    FROM told s
    LEFT JOIN LATERAL (
        SELECT min(j.at) AS at FROM store_journalrow j
        WHERE j.tenant_id = %(tenant)s AND j.org_id = %(org)s AND j.mailbox_id = %(mailbox)s
          AND j.item_id = s.item_id AND j.status = 'stuck'
          AND j.id > COALESCE((
              SELECT max(d.id) FROM store_journalrow d
              WHERE d.tenant_id = %(tenant)s AND d.org_id = %(org)s AND d.mailbox_id = %(mailbox)s
                AND d.item_id = s.item_id AND d.status = 'done'), 0)
    ) AS began ON true
    ORDER BY s.decided_at DESC, s.item_id LIMIT %(most)s
"""


class Kind(StrEnum):
    EMAIL = "e-mail"
    EVENT = "event"


@dataclass(frozen=True, slots=True)
class Refused:
    """An item that is tried again, again and again, until it is taken; `why` has the reason."""

    kind: Kind
    item_id: str
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Stopped:
    """Why sessions of the mailbox do not get through, or do not begin."""

    code: str
    sentence: str
    first_at: datetime | None
    """None where nothing tells: sessions that never ran leave no trace."""
    last_at: datetime | None


def refused(scope: Scope, mailbox_id: int, most: int = MOST) -> Sequence[Refused]:
    """The first time is that of the first refusal since the item was saved last, as far as the journal reaches."""
    found = rows(_OPEN, bound(scope, mailbox=mailbox_id, codes=CODES, most=most))
    return [Refused(Kind(kind), *row) for kind, *row in found]


def stopped(scope: Scope, mailbox_id: int, now: datetime) -> Stopped | None:
    """A pause that a person asked for is none."""
    found = status.status(scope, mailbox_id, now)
    code = found.last.error_code if found.last else ""
    if found.state is State.PAUSED or (found.state in _RUNS_ANYWAY and not code):
        return None
    since, last = _in_a_row(scope, mailbox_id) if code else (None, None)
    if found.state in _RUNS_ANYWAY:
        return Stopped(code, advice.for_code(code), since, last)
    return Stopped(code or found.code, found.sentence, since, last)


def retry(scope: Scope, mailbox_id: int, item_ids: Sequence[str], clock: Clock, actor: Actor = SYSTEM) -> Answer:
    """Have the next session, which begins at once, try these issues again, or (none named) all there are."""
    now = clock.now()
    found = status.status(scope, mailbox_id, now)
    if found.state is State.PAUSED:
        return answer(words.PAUSED_CANNOT, ok=False)
    if found.state not in _RUNS_ANYWAY:
        return Answer(False, found.code, found.sentence)
    there = {issue.item_id for issue in refused(scope, mailbox_id)}
    wanted = there & set(item_ids) if item_ids else there
    count = recheck.flag_items(scope, mailbox_id, wanted, now) if wanted else 0
    if not count:
        return answer(words.NO_SUCH_ISSUE, ok=False)
    audit.record(scope, Deed(now, actor, "issues.retry", f"mailbox {mailbox_id}", {"items": count}))
    return answer(words.RETRIED if count > 1 else words.RETRIED_ONE, count=count)


def approve(scope: Scope, mailbox_id: int, item_id: str, clock: Clock, actor: Actor = SYSTEM) -> Answer:
    """The attendees of this meeting, which was changed in Salesforce, may be sent its update."""
    now = clock.now()
    if not recheck.answer(scope, mailbox_id, item_id, (EVENT_ASK.code, EVENT_APPROVED.code), now):
        return answer(words.NO_SUCH_ISSUE, ok=False)
    audit.record(scope, Deed(now, actor, "issues.approve", f"mailbox {mailbox_id}", {"item": item_id}))
    return answer(words.APPROVED)


def _in_a_row(scope: Scope, mailbox_id: int) -> tuple[datetime | None, datetime | None]:
    """When the first and the last of the sessions ended that have failed without a good one since."""
    runs = SessionRun.of(scope).filter(mailbox_id=mailbox_id)
    good = runs.filter(error_code="").aggregate(at=Max("ended_at"))["at"]
    bad = runs.exclude(error_code="")
    if good:
        bad = bad.filter(ended_at__gt=good)
    ends = bad.aggregate(first=Min("ended_at"), last=Max("ended_at"))
    return ends["first"], ends["last"]
