"""What the org's log holds for one mailbox, and how far it was read."""

from collections.abc import Sequence

from crosstie.domain.errors import Fatal
from crosstie.domain.links import LogPage, Touched
from crosstie.domain.mailboxes import Lease
from crosstie.domain.records import RecordRef
from crosstie.store.linking import page_of
from crosstie.store.sql import bound, count, fence, joined, rows
from crosstie.store.states.base import Bound

# One statement, so that the clean-up cannot come between the question how old the log is and its rows.
_LOG = """
    WITH box AS (
        SELECT m.id, m.log_position, o.log_cleared, p.crm_user_id,
               GREATEST(o.log_cleared, (SELECT max(r.id) FROM store_recordlog r
                                        WHERE r.tenant_id = %(tenant)s AND r.org_id = %(org)s)) AS ends
        FROM store_mailbox m
        JOIN store_org o ON o.id = m.org_id
        JOIN store_person p ON p.id = m.person_id
        WHERE m.tenant_id = %(tenant)s AND m.org_id = %(org)s AND m.id = %(mailbox)s
    ), page AS (
        SELECT l.id, l.object, l.record_id, l.modstamp, l.deleted, l.owner_id
        FROM box
        JOIN store_recordlog l ON l.tenant_id = %(tenant)s AND l.org_id = %(org)s AND l.id > box.log_position
        WHERE l.object = ANY(%(objects)s::text[])
          AND (l.owner_id <> '' AND l.owner_id = box.crm_user_id OR EXISTS (
              SELECT FROM store_link k
              WHERE k.tenant_id = %(tenant)s AND k.org_id = %(org)s AND k.record_id = l.record_id
                AND k.record_id <> '' AND k.mailbox_id = box.id AND k.bond IN ('joined', 'parted')))
        ORDER BY l.id LIMIT %(limit)s + 1
    )
    SELECT box.log_position, box.log_cleared, box.ends,
           page.id, page.object, page.record_id, page.modstamp, page.deleted, page.owner_id
    FROM box LEFT JOIN page ON true
    ORDER BY page.id
"""


class PositionStates(Bound):
    def log(self, mailbox_id: int, objects: Sequence[str], limit: int) -> LogPage:
        found = rows(_LOG, bound(self._scope, mailbox=mailbox_id, objects=list(objects), limit=limit))
        if not found:
            raise Fatal("MAILBOX-UNKNOWN")
        position, cleared, ends = found[0][:3]
        lines = [
            (number, Touched(RecordRef(name, record_id), modstamp, deleted, owner_id))
            for _, _, _, number, name, record_id, modstamp, deleted, owner_id in found
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
