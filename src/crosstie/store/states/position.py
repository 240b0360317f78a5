"""What the org's log holds for one mailbox, and how far it was read."""

from collections.abc import Sequence

from crosstie.domain.errors import Fatal
from crosstie.domain.links import LogPage, Touched
from crosstie.domain.mailboxes import Lease
from crosstie.domain.records import RecordRef
from crosstie.store.linking import page_of
from crosstie.store.sql import bound, count, fence, joined, rows
from crosstie.store.states.base import Bound

_AS_VERSION = """replace(
    to_char(l.modstamp AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"'), '.000000', '')"""
"""A row's modstamp as Python writes it, which is a record's version."""
_READER = """
    SELECT m.log_position, p.crm_user_id FROM store_mailbox m
    JOIN store_person p ON p.id = m.person_id AND p.tenant_id = m.tenant_id
    WHERE m.tenant_id = %(tenant)s AND m.org_id = %(org)s AND m.id = %(mailbox)s
"""
# One statement, so that the clean-up cannot come between the question how old the log is and its rows. Position
# and user are given, so that PostgreSQL knows how few of the rows are meant.
_LOG = """
    WITH page AS (
        SELECT l.id, l.object, l.record_id, l.modstamp, l.deleted, l.owner_id
        FROM store_recordlog l
        CROSS JOIN LATERAL (
            SELECT bool_or(k.bond IN ('joined', 'parted')) AS ours,
                   bool_and(k.bond = 'joined' AND k.record_version = {version}) AS seen
            FROM store_link k
            WHERE k.tenant_id = %(tenant)s AND k.org_id = %(org)s AND k.record_id = l.record_id
              AND k.record_id <> '' AND k.mailbox_id = %(mailbox)s
        ) AS link
        WHERE l.tenant_id = %(tenant)s AND l.org_id = %(org)s AND l.id > %(position)s
          AND l.object = ANY(%(objects)s::text[])
          AND (l.owner_id <> '' AND l.owner_id = %(user)s OR link.ours)
          AND (l.deleted OR link.seen IS NOT TRUE)
        ORDER BY l.id LIMIT %(limit)s + 1
    )
    SELECT o.log_cleared,
           GREATEST(o.log_cleared, (SELECT max(r.id) FROM store_recordlog r
                                    WHERE r.tenant_id = %(tenant)s AND r.org_id = %(org)s)),
           page.id, page.object, page.record_id, page.modstamp, page.deleted, page.owner_id
    FROM store_org o LEFT JOIN page ON true
    WHERE o.tenant_id = %(tenant)s AND o.id = %(org)s
    ORDER BY page.id
""".replace("{version}", _AS_VERSION)


class PositionStates(Bound):
    def log(self, mailbox_id: int, objects: Sequence[str], limit: int) -> LogPage:
        params = bound(self._scope, mailbox=mailbox_id, objects=list(objects), limit=limit)
        reader = rows(_READER, params)
        if not reader:
            raise Fatal("MAILBOX-UNKNOWN")
        position, user = reader[0]
        found = rows(_LOG, params | {"position": position, "user": user})
        cleared, ends = found[0][:2]
        lines = [
            (number, Touched(RecordRef(name, record_id), modstamp, deleted, owner_id))
            for _, _, number, name, record_id, modstamp, deleted, owner_id in found
            if number is not None
        ]
        return page_of(position, cleared, ends, lines, limit)

    def save_position(self, lease: Lease, position: int) -> None:
        with joined():
            fence(self._scope, lease)
            count(
                """
                UPDATE store_mailbox SET log_position = %(position)s
                WHERE tenant_id = %(tenant)s AND org_id = %(org)s AND id = %(mailbox)s
                """,
                bound(self._scope, mailbox=lease.mailbox_id, position=position),
            )
