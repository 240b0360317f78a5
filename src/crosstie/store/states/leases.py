"""Who may work on a mailbox, and when it is due."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from crosstie.domain.errors import LeaseLost
from crosstie.domain.mailboxes import Lease, MailboxInfo
from crosstie.ports.states import FAILING
from crosstie.store.linking import forms
from crosstie.store.sql import bound, count, joined, rows
from crosstie.store.states.base import Bound

_RUNNING = """
        SELECT m.id FROM store_mailbox m
        JOIN store_person p ON p.id = m.person_id AND p.tenant_id = m.tenant_id
        JOIN store_profile f ON f.id = p.profile_id AND f.sync_enabled
        JOIN store_license l ON l.id = p.license_id AND l.active
        WHERE m.tenant_id = %(tenant)s AND m.org_id = %(org)s AND m.state = 'active' AND NOT m.paused
          AND (m.leaving_since IS NOT NULL OR NOT EXISTS (
              SELECT FROM store_inactiveuser u WHERE u.org_id = m.org_id AND u.record_id = p.crm_user_id))
"""
_CLAIM = """
    WITH wanted AS ({running}
          AND (m.lease_until IS NULL OR m.lease_until <= %(free_since)s)
          AND {condition}
        ORDER BY m.due_at NULLS FIRST, m.id LIMIT %(limit)s
        FOR NO KEY UPDATE OF m SKIP LOCKED
    )
    UPDATE store_mailbox m
    SET lease_epoch = m.lease_epoch + 1, lease_until = %(until)s, lease_holder = %(holder)s,
        due_at = NULL, session_started_at = %(now)s
    FROM wanted WHERE m.id = wanted.id AND m.tenant_id = %(tenant)s AND m.org_id = %(org)s
    RETURNING m.id, m.lease_epoch, m.setbacks
"""
# Without a due time but with a lease: a session died, and its mailbox has waited for the takeover.
_CLAIM_DUE = _CLAIM.format(
    running=_RUNNING, condition="(m.due_at <= %(now)s OR m.due_at IS NULL AND m.lease_until IS NOT NULL)"
)
_CLAIM_ONE = _CLAIM.format(running=_RUNNING, condition="m.id = %(mailbox)s")
_WORKING = f"""{_RUNNING}
          AND m.failures < %(failing)s
          AND (m.id = ANY(%(mailboxes)s::bigint[])
               OR p.crm_user_id = ANY(%(users)s::text[]))
        ORDER BY m.id
"""

_RELEASE = """
    WITH released AS (
        UPDATE store_mailbox
        SET lease_until = NULL, lease_holder = '', due_at = LEAST(due_at, %(next_due)s),
            session_ended_at = %(now)s, session_summary = %(summary)s::jsonb, last_error_code = %(error)s,
            failures = CASE WHEN %(error)s = '' THEN 0 ELSE failures + 1 END,
            setbacks = CASE WHEN %(setback)s THEN setbacks + 1 ELSE 0 END
        WHERE tenant_id = %(tenant)s AND org_id = %(org)s AND id = %(mailbox)s
          AND lease_epoch = %(epoch)s AND lease_until IS NOT NULL
        RETURNING id, session_started_at
    )
    INSERT INTO store_sessionrun
        (tenant_id, org_id, mailbox_id, epoch, started_at, ended_at, counts, error_code)
    SELECT %(tenant)s, %(org)s, id, %(epoch)s, COALESCE(session_started_at, %(now)s), %(now)s,
           %(summary)s::jsonb, %(error)s
    FROM released
"""


class LeaseStates(Bound):
    def claim_due(self, now: datetime, *, holder: str, limit: int, lease_seconds: float) -> Sequence[Lease]:
        return self._claim(_CLAIM_DUE, now, holder, lease_seconds, limit=limit)

    def claim(self, mailbox_id: int, now: datetime, *, holder: str, lease_seconds: float) -> Lease | None:
        leases = self._claim(_CLAIM_ONE, now, holder, lease_seconds, limit=1, mailbox=mailbox_id)
        return leases[0] if leases else None

    def check(self, lease: Lease) -> None:
        held = rows(
            """
            SELECT 1 FROM store_mailbox
            WHERE tenant_id = %(tenant)s AND org_id = %(org)s AND id = %(mailbox)s AND lease_epoch = %(epoch)s
            """,
            bound(self._scope, mailbox=lease.mailbox_id, epoch=lease.epoch),
        )
        if not held:
            raise LeaseLost("LEASE-LOST")

    def release(
        self,
        lease: Lease,
        *,
        next_due: datetime,
        summary: Mapping[str, int],
        error_code: str,
        setback: bool = False,
    ) -> None:
        params = bound(
            self._scope,
            mailbox=lease.mailbox_id,
            epoch=lease.epoch,
            next_due=next_due,
            now=self._clock.now(),
            summary=json.dumps(dict(summary)),
            error=error_code,
            setback=setback,
        )
        count(_RELEASE, params)

    def info(self, mailbox_id: int) -> MailboxInfo:
        return self._info(mailbox_id)

    def working(self, mailbox_ids: Iterable[int], user_ids: Iterable[str] = ()) -> Mapping[int, MailboxInfo]:
        values = bound(self._scope, mailboxes=list(mailbox_ids), users=forms(user_ids), failing=FAILING)
        return {mailbox_id: self._info(mailbox_id) for (mailbox_id,) in rows(_WORKING, values)}

    def _claim(
        self, statement: str, now: datetime, holder: str, lease_seconds: float, **params: int
    ) -> list[Lease]:
        until = now + timedelta(seconds=lease_seconds)
        free_since = now - timedelta(seconds=self._takeover)
        values = bound(self._scope, now=now, until=until, free_since=free_since, holder=holder, **params)
        with joined():
            claimed = rows(statement, values)
        return [Lease(mailbox_id, epoch, until, holder, before) for mailbox_id, epoch, before in sorted(claimed)]
