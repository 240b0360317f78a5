"""Which orgs are due for a tick."""

from datetime import datetime, timedelta

from crosstie.store.models.scope import Scope
from crosstie.store.sql import count, rows
from crosstie.store.states.base import TAKEOVER


def claim_ticks(now: datetime, interval: timedelta) -> list[Scope]:
    """The orgs whose tick begins now; each is handed out once an interval, whoever asks."""
    claimed = rows(
        """
        WITH due AS (
            SELECT id FROM store_org
            WHERE state = 'connected' AND (tick_due_at IS NULL OR tick_due_at <= %(now)s)
            ORDER BY tick_due_at NULLS FIRST FOR NO KEY UPDATE SKIP LOCKED
        )
        UPDATE store_org o SET tick_due_at = %(next)s FROM due WHERE o.id = due.id
        RETURNING o.tenant_id, o.id
        """,
        {"now": now, "next": now + interval},
    )
    return [Scope(tenant_id, org_id) for tenant_id, org_id in sorted(claimed)]


def put_off_tick(scope: Scope, until: datetime) -> None:
    """The org asked us to slow down: no tick before `until`."""
    count(
        """
        UPDATE store_org SET tick_due_at = GREATEST(tick_due_at, %(until)s)
        WHERE tenant_id = %(tenant)s AND id = %(org)s
        """,
        {"tenant": scope.tenant_id, "org": scope.org_id, "until": until},
    )


def tick_failed(scope: Scope) -> int:
    """How many of the org's ticks in a row failed, this one included."""
    found = rows(
        """
        UPDATE store_org SET tick_failures = tick_failures + 1
        WHERE tenant_id = %(tenant)s AND id = %(org)s RETURNING tick_failures
        """,
        {"tenant": scope.tenant_id, "org": scope.org_id},
    )
    return int(found[0][0]) if found else 1


def tick_succeeded(scope: Scope) -> None:
    count(
        """
        UPDATE store_org SET tick_failures = 0
        WHERE tenant_id = %(tenant)s AND id = %(org)s AND tick_failures > 0
        """,
        {"tenant": scope.tenant_id, "org": scope.org_id},
    )


def orgs_with_due_mailboxes(now: datetime, takeover: float = TAKEOVER) -> list[Scope]:
    """Orgs for which `claim_due` would find something; a dead lease is free `takeover` seconds after its end."""
    found = rows(
        """
        SELECT DISTINCT m.tenant_id, m.org_id FROM store_mailbox m
        JOIN store_org o ON o.id = m.org_id AND o.state = 'connected'
        JOIN store_person p ON p.id = m.person_id
        WHERE m.state = 'active' AND NOT m.paused
          AND (m.due_at <= %(now)s OR m.due_at IS NULL AND m.lease_until <= %(free)s)
          AND (m.leaving_since IS NOT NULL OR NOT EXISTS (
              SELECT FROM store_inactiveuser u WHERE u.org_id = m.org_id AND u.record_id = p.crm_user_id))
        ORDER BY m.tenant_id, m.org_id
        """,
        {"now": now, "free": now - timedelta(seconds=takeover)},
    )
    return [Scope(tenant_id, org_id) for tenant_id, org_id in found]
