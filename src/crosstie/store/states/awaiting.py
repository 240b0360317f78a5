"""What makes an item or a link worth another look: an address that appears, or rules that move."""

from collections.abc import Collection, Mapping

from crosstie.domain.mailboxes import Lease
from crosstie.store.looks import LACKS_ACCOUNT
from crosstie.store.models.fields import pack
from crosstie.store.sql import bound, count
from crosstie.store.states.base import Bound

ITEM, LINK = "item", "link"
"""Who awaits: the column of store_awaitedaddress, without its ending."""
_TABLES = {ITEM: "store_itemstate", LINK: "store_link"}

_AWAIT = """
    WITH old AS (
        DELETE FROM store_awaitedaddress a
        WHERE a.tenant_id = %(tenant)s AND a.org_id = %(org)s AND a.{who}_id = ANY(%(saved)s::bigint[])
          AND NOT EXISTS (
              SELECT FROM unnest(%(rows)s::bigint[], %(addresses)s::bytea[]) AS kept (row_id, address)
              WHERE kept.row_id = a.{who}_id AND kept.address = a.address)
    )
    INSERT INTO store_awaitedaddress (tenant_id, org_id, {who}_id, address)
    SELECT %(tenant)s, %(org)s, row_id, address
    FROM unnest(%(rows)s::bigint[], %(addresses)s::bytea[]) AS awaited (row_id, address)
    ON CONFLICT DO NOTHING
"""
# Somebody appeared between this session's look into the directory and now, or is there no more. What waits for an
# Account knows a Contact already, no Lead counts beside one, and of several Accounts of a domain none: as in
# rules/linking.py.
_MOVED = """
    WITH awaited AS (
        SELECT * FROM unnest(%(rows)s::bigint[], %(places)s::bigint[], %(addresses)s::bytea[],
                             %(known)s::boolean[]) AS given (row_id, place, address, known)
    ), found AS (
        SELECT awaited.row_id, awaited.place, awaited.known, d.object, d.account_id, d.record_id
        FROM awaited
        JOIN store_directoryentry d ON d.address = awaited.address AND d.tenant_id = %(tenant)s
             AND d.org_id = %(org)s AND d.object IN ('Contact', 'Lead', 'Account')
    ), flagged AS (
        UPDATE {table} s SET recheck = %(epoch)s
        WHERE s.id = ANY(%(rows)s::bigint[]) AND s.tenant_id = %(tenant)s AND (
            EXISTS (
                SELECT FROM awaited WHERE awaited.row_id = s.id AND awaited.known
                   AND NOT EXISTS (SELECT FROM found p WHERE p.place = awaited.place))
            OR EXISTS (
                SELECT FROM found WHERE found.row_id = s.id
                   AND NOT EXISTS (SELECT FROM found a WHERE a.place = found.place AND a.object = 'Account'
                                                         AND a.record_id <> found.record_id)
                   AND CASE WHEN s.reason_code <> ALL(%(lacks_account)s::text[]) THEN NOT found.known
                            ELSE found.account_id <> '' OR (found.object = 'Lead' AND NOT EXISTS (
                                 SELECT FROM found c WHERE c.place = found.place AND c.object = 'Contact')) END))
        RETURNING s.id
    )
    UPDATE store_mailbox SET due_at = LEAST(due_at, %(now)s)
    WHERE id = %(mailbox)s AND tenant_id = %(tenant)s AND EXISTS (SELECT FROM flagged)
"""


class Awaiting(Bound):
    def _await(
        self,
        who: str,
        lease: Lease,
        saved: Mapping[str, int],
        awaits: Mapping[str, frozenset[str]],
        known: Collection[str],
    ) -> None:
        """`saved` are the rows by item id: they await these addresses and no others."""
        pairs = [
            (saved[item_id], email) for item_id, emails in awaits.items() if item_id in saved for email in emails
        ]
        params = bound(
            self._scope,
            saved=list(saved.values()),
            rows=[row_id for row_id, _ in pairs],
            addresses=[pack(self._digests.address(email)) for _, email in pairs],
        )
        count(_AWAIT.format(who=who), params)
        if not pairs:
            return
        sought = [
            (row, place, digest, email in known)
            for place, (row, email) in enumerate(pairs)
            for digest in self._digests.address_candidates(email)
        ]
        params = bound(
            self._scope,
            mailbox=lease.mailbox_id,
            epoch=lease.epoch,
            now=self._clock.now(),
            lacks_account=LACKS_ACCOUNT,
            rows=[row_id for row_id, _, _, _ in sought],
            places=[place for _, place, _, _ in sought],
            addresses=[pack(digest) for _, _, digest, _ in sought],
            known=[was_known for _, _, _, was_known in sought],
        )
        count(_MOVED.format(table=_TABLES[who]), params)
