"""What the tick writes: the org's log, its watermarks, the directory, and whom all that concerns."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from crosstie.domain.reasons import AWAITING
from crosstie.domain.records import EVENT, Opportunity, Person, RecordChange
from crosstie.ports.states import NO_OPPORTUNITIES, NO_USERS, Watermark
from crosstie.store.models.fields import pack, unpack
from crosstie.store.sql import bound, count, joined, lock_org, org_of, rows
from crosstie.store.states.base import Bound

# Who owns an Event that changed has a look, and so has who has an item that is or was joined to it; who never read
# the log mirrors none.
_APPEND = """
    WITH new AS (
        INSERT INTO store_recordlog
            (tenant_id, org_id, object, record_id, modstamp, deleted, owner_id, logged_at)
        SELECT %(tenant)s, %(org)s, object, record_id, modstamp, deleted, owner_id, %(now)s
        FROM unnest(%(objects)s::text[], %(records)s::text[], %(modstamps)s::timestamptz[],
                    %(deleted)s::boolean[], %(owners)s::text[])
             WITH ORDINALITY AS change (object, record_id, modstamp, deleted, owner_id, place)
        ORDER BY place
        ON CONFLICT DO NOTHING
        RETURNING object, record_id, owner_id
    ), concerned AS (
        SELECT m.id FROM new
        JOIN store_person p ON p.org_id = %(org)s AND p.crm_user_id = new.owner_id AND p.crm_user_id <> ''
        JOIN store_mailbox m ON m.person_id = p.id AND m.tenant_id = %(tenant)s AND m.org_id = %(org)s
        WHERE new.object = %(woken_by)s
        UNION
        SELECT l.mailbox_id FROM new
        JOIN store_link l ON l.tenant_id = %(tenant)s AND l.org_id = %(org)s AND l.record_id = new.record_id
             AND l.record_id <> '' AND l.bond IN ('joined', 'parted')
        WHERE new.object = %(woken_by)s
    ), woken AS (
        UPDATE store_mailbox m SET due_at = LEAST(m.due_at, %(now)s)
        WHERE m.tenant_id = %(tenant)s AND m.org_id = %(org)s AND m.log_position IS NOT NULL
          AND m.id IN (SELECT id FROM concerned)
    )
    SELECT count(*) FROM new
"""
_DELETED_OR_BACK = """
    UPDATE store_savedmail s SET deleted = change.deleted
    FROM unnest(%(records)s::text[], %(deleted)s::boolean[]) AS change (record_id, deleted)
    WHERE s.tenant_id = %(tenant)s AND s.org_id = %(org)s AND s.record_id = change.record_id
      AND s.deleted <> change.deleted
"""
_WATERMARKS = """
    INSERT INTO store_watermark (tenant_id, org_id, object, modstamp, record_id, fields)
    SELECT %(tenant)s, %(org)s, mark.*
    FROM unnest(%(objects)s::text[], %(modstamps)s::timestamptz[], %(records)s::text[], %(fields)s::text[]) AS mark
    ON CONFLICT (org_id, object) DO UPDATE SET
        modstamp = EXCLUDED.modstamp, record_id = EXCLUDED.record_id, fields = EXCLUDED.fields
"""
_DIRECTORY = """
    WITH present AS (
        SELECT * FROM unnest(%(addresses)s::bytea[], %(objects)s::text[], %(records)s::text[],
                             %(accounts)s::text[], %(created)s::timestamptz[])
               AS entry (address, object, record_id, account_id, created_at)
    ), gone AS (
        DELETE FROM store_directoryentry d
        WHERE d.tenant_id = %(tenant)s AND d.org_id = %(org)s AND d.record_id = ANY(%(known)s::text[])
          AND NOT EXISTS (SELECT FROM present p WHERE p.address = d.address AND p.record_id = d.record_id)
        RETURNING d.address, d.object
    ), there AS (
        INSERT INTO store_directoryentry AS d
            (tenant_id, org_id, address, object, record_id, account_id, created_at)
        SELECT %(tenant)s, %(org)s, present.* FROM present
        ON CONFLICT (org_id, address, record_id)
        DO UPDATE SET account_id = EXCLUDED.account_id, created_at = EXCLUDED.created_at
        WHERE (d.account_id, d.created_at) IS DISTINCT FROM (EXCLUDED.account_id, EXCLUDED.created_at)
        RETURNING d.address, d.object
    )
    SELECT address FROM gone WHERE object <> 'User'
    UNION SELECT address FROM there WHERE object <> 'User'
"""
_CLOSED = """
    DELETE FROM store_openopportunity
    WHERE tenant_id = %(tenant)s AND org_id = %(org)s AND record_id = ANY(%(records)s::text[])
"""
_OPEN = """
    INSERT INTO store_openopportunity AS o
        (tenant_id, org_id, record_id, account_id, owner_id, closes_on, modified_at, created_at)
    SELECT %(tenant)s, %(org)s, given.*
    FROM unnest(%(records)s::text[], %(accounts)s::text[], %(owners)s::text[], %(closing)s::date[],
                %(modified)s::timestamptz[], %(created)s::timestamptz[]) AS given
    ON CONFLICT (org_id, record_id) DO UPDATE SET
        account_id = EXCLUDED.account_id, owner_id = EXCLUDED.owner_id, closes_on = EXCLUDED.closes_on,
        modified_at = EXCLUDED.modified_at, created_at = EXCLUDED.created_at
"""
_SWITCHED_OFF = """
    INSERT INTO store_inactiveuser (tenant_id, org_id, record_id, frozen)
    SELECT %(tenant)s, %(org)s, unnest(%(records)s::text[]), %(frozen)s
    ON CONFLICT (org_id, record_id, frozen) DO NOTHING
"""
_SWITCHED_ON = """
    WITH back AS (
        DELETE FROM store_inactiveuser
        WHERE tenant_id = %(tenant)s AND org_id = %(org)s AND record_id = ANY(%(records)s::text[])
          AND frozen = %(frozen)s
        RETURNING record_id
    )
    UPDATE store_mailbox m SET due_at = LEAST(m.due_at, %(now)s)
    FROM back JOIN store_person p ON p.org_id = %(org)s AND p.crm_user_id = back.record_id
    WHERE m.person_id = p.id AND m.tenant_id = %(tenant)s AND m.org_id = %(org)s
"""
# The mailbox row first: a session that begins meanwhile waits here, and then reads the new directory.
_WAKE = """
    WITH awaiting AS (
        SELECT a.item_id, a.link_id, COALESCE(s.mailbox_id, l.mailbox_id) AS mailbox_id
        FROM store_awaitedaddress a
        LEFT JOIN store_itemstate s ON s.id = a.item_id
        LEFT JOIN store_link l ON l.id = a.link_id
        WHERE a.tenant_id = %(tenant)s AND a.org_id = %(org)s AND a.address = ANY(%(digests)s::bytea[])
    ), woken AS (
        UPDATE store_mailbox m SET due_at = LEAST(m.due_at, %(now)s)
        WHERE m.tenant_id = %(tenant)s AND m.org_id = %(org)s
          AND m.id IN (SELECT mailbox_id FROM awaiting)
        RETURNING m.id, m.lease_epoch
    ), links AS (
        UPDATE store_link l SET recheck = woken.lease_epoch
        FROM awaiting JOIN woken ON woken.id = awaiting.mailbox_id
        WHERE l.id = awaiting.link_id
    )
    UPDATE store_itemstate s SET recheck = woken.lease_epoch
    FROM awaiting JOIN woken ON woken.id = awaiting.mailbox_id
    WHERE s.id = awaiting.item_id
"""
# Copies of a mail that was saved since the last tick, by somebody's mark or where more people are known.
_WAKE_COPIES = """
    WITH news AS (
        SELECT id, origin_mailbox_id, origin_item_id, unnest(news) AS digest FROM store_savedmail
        WHERE tenant_id = %(tenant)s AND org_id = %(org)s AND news IS NOT NULL
    ), told AS (
        UPDATE store_savedmail SET news = NULL WHERE id IN (SELECT id FROM news)
    ), waiting AS (
        SELECT s.id, s.mailbox_id FROM news
        JOIN store_itemstate s ON s.natural_digest = news.digest
        WHERE s.tenant_id = %(tenant)s AND s.org_id = %(org)s AND s.reason_code = ANY(%(awaiting)s)
          AND (s.mailbox_id, s.item_id) <> (news.origin_mailbox_id, news.origin_item_id)
    ), woken AS (
        UPDATE store_mailbox m SET due_at = LEAST(m.due_at, %(now)s)
        WHERE m.tenant_id = %(tenant)s AND m.org_id = %(org)s
          AND m.id IN (SELECT mailbox_id FROM waiting)
        RETURNING m.id, m.lease_epoch
    )
    UPDATE store_itemstate s SET recheck = woken.lease_epoch
    FROM waiting JOIN woken ON woken.id = waiting.mailbox_id
    WHERE s.id = waiting.id
"""
# Items alone of a meeting that was joined to a record since the last tick.
_WAKE_COLLEAGUES = """
    WITH news AS (
        SELECT id, unnest(news) AS digest FROM store_link
        WHERE tenant_id = %(tenant)s AND org_id = %(org)s AND news IS NOT NULL
    ), told AS (
        UPDATE store_link SET news = NULL WHERE id IN (SELECT id FROM news)
    ), waiting AS (
        SELECT l.id, l.mailbox_id FROM news
        JOIN store_link l ON l.natural_digest = news.digest
        WHERE l.tenant_id = %(tenant)s AND l.org_id = %(org)s AND l.bond = 'none' AND l.item_id <> ''
    ), woken AS (
        UPDATE store_mailbox m SET due_at = LEAST(m.due_at, %(now)s)
        WHERE m.tenant_id = %(tenant)s AND m.org_id = %(org)s
          AND m.id IN (SELECT mailbox_id FROM waiting)
        RETURNING m.id, m.lease_epoch
    )
    UPDATE store_link l SET recheck = woken.lease_epoch
    FROM waiting JOIN woken ON woken.id = waiting.mailbox_id
    WHERE l.id = waiting.id
"""


class LogStates(Bound):
    def tick_number(self) -> int:
        (number,) = rows(
            """
            UPDATE store_org SET tick_number = tick_number + 1, ticked_at = %(now)s
            WHERE tenant_id = %(tenant)s AND id = %(org)s RETURNING tick_number - 1
            """,
            bound(self._scope, now=self._clock.now()),
        )[0]
        return int(number)

    def watermarks(self) -> Mapping[str, Watermark]:
        found = rows(
            """
            SELECT object, modstamp, record_id, fields FROM store_watermark
            WHERE tenant_id = %(tenant)s AND org_id = %(org)s
            """,
            bound(self._scope),
        )
        return {
            name: Watermark(name, modstamp, record_id, tuple(fields.split()))
            for name, modstamp, record_id, fields in found
        }

    def record_changes(
        self,
        changes: Sequence[RecordChange],
        emails: Mapping[str, tuple[frozenset[str], Person | None]],
        watermarks: Sequence[Watermark],
        *,
        opportunities: Mapping[str, Opportunity | None] = NO_OPPORTUNITIES,
        users: Mapping[str, bool] = NO_USERS,
        frozen: Mapping[str, bool] = NO_USERS,
    ) -> int:
        with joined():
            lock_org(org_of(self._scope), shared=False)
            new = int(rows(_APPEND, self._changes(changes) | {"woken_by": EVENT})[0][0])
            count(_DELETED_OR_BACK, self._changes({change.record_id: change for change in changes}.values()))
            count(_WATERMARKS, self._watermarks({mark.object: mark for mark in watermarks}.values()))
            count(_WAKE_COPIES, bound(self._scope, awaiting=list(AWAITING), now=self._clock.now()))
            count(_WAKE_COLLEAGUES, bound(self._scope, now=self._clock.now()))
            if emails:
                self._wake(self._update_directory(emails))
            if opportunities:
                self._update_opportunities(opportunities)
            self._update_users({one: not active for one, active in users.items()}, frozen=False)
            self._update_users(frozen, frozen=True)
        return new

    def _changes(self, changes: Collection[RecordChange]) -> dict[str, Any]:
        return bound(
            self._scope,
            now=self._clock.now(),
            objects=[change.object for change in changes],
            records=[change.record_id for change in changes],
            modstamps=[change.modstamp for change in changes],
            deleted=[change.deleted for change in changes],
            owners=[change.owner_id for change in changes],
        )

    def _watermarks(self, marks: Collection[Watermark]) -> dict[str, Any]:
        return bound(
            self._scope,
            objects=[mark.object for mark in marks],
            modstamps=[mark.modstamp for mark in marks],
            records=[mark.record_id for mark in marks],
            fields=[" ".join(mark.fields) for mark in marks],
        )

    def _update_opportunities(self, given: Mapping[str, Opportunity | None]) -> None:
        count(_CLOSED, bound(self._scope, records=[record_id for record_id, one in given.items() if one is None]))
        there = [one for one in given.values() if one is not None]
        params = bound(
            self._scope,
            records=[one.record_id for one in there],
            accounts=[one.account_id for one in there],
            owners=[one.owner_id for one in there],
            closing=[one.closes_on for one in there],
            modified=[one.modified_at for one in there],
            created=[one.created_at for one in there],
        )
        count(_OPEN, params)

    def _update_users(self, given: Mapping[str, bool], *, frozen: bool) -> None:
        """`given`: user id → whether they are switched off, in this way or the other."""
        for statement, off in ((_SWITCHED_OFF, True), (_SWITCHED_ON, False)):
            some = [user_id for user_id, is_off in given.items() if is_off is off]
            if some:
                count(statement, bound(self._scope, records=some, frozen=frozen, now=self._clock.now()))

    def _update_directory(self, emails: Mapping[str, tuple[frozenset[str], Person | None]]) -> Sequence[str]:
        """Digests of the addresses about whose Contacts or Leads this reading brought anything new."""
        entries = {
            (self._digests.address(address), record_id): (address, person)
            for record_id, (addresses, person) in emails.items()
            if person is not None
            for address in addresses
        }
        people = [person for _, person in entries.values()]
        params = bound(
            self._scope,
            known=list(emails),
            addresses=[pack(digest) for digest, _ in entries],
            records=[record_id for _, record_id in entries],
            objects=[person.object for person in people],
            accounts=[person.account_id for person in people],
            created=[person.created_at for person in people],
        )
        plain = {digest: address for (digest, _), (address, _) in entries.items()}
        moved = [unpack(stored) for (stored,) in rows(_DIRECTORY, params)]
        known = [
            digest for one in moved if one in plain for digest in self._digests.address_candidates(plain[one])
        ]
        return [*moved, *known]

    def _wake(self, digests: Collection[str]) -> None:
        """An address that nobody has any more is known by the digest that was stored alone."""
        count(_WAKE, bound(self._scope, digests=[pack(digest) for digest in digests], now=self._clock.now()))
