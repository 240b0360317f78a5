"""The port Journal on PostgreSQL."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from crosstie.domain import reasons
from crosstie.domain.clock import Clock
from crosstie.domain.email import Folder
from crosstie.domain.mailboxes import Lease
from crosstie.domain.operations import MIRRORED, Kind, Make
from crosstie.domain.reasons import Reason
from crosstie.domain.records import RecordRef
from crosstie.ports.journal import Ending, Entry, Journaled, Status
from crosstie.store.entries import OF_MAILS, first_status
from crosstie.store.models.scope import Scope
from crosstie.store.sql import bound, count, fence, joined, lock_making, org_of, read_json, rows

_PLAN = """
    INSERT INTO store_journalrow
        (tenant_id, org_id, mailbox_id, epoch, item_id, kind, status, reason_code, reason_params, key,
         record_object, record_id, at)
    SELECT %(tenant)s, %(org)s, %(mailbox)s, %(epoch)s, item_id, kind, status, code, params, key,
           object, record_id, %(now)s
    FROM unnest(%(items)s::text[], %(kinds)s::text[], %(statuses)s::text[], %(codes)s::text[],
                %(params)s::jsonb[], %(keys)s::text[], %(objects)s::text[], %(records)s::text[])
         WITH ORDINALITY AS planned (item_id, kind, status, code, params, key, object, record_id, place)
    ORDER BY place
    RETURNING id
"""
_FINISH = """
    UPDATE store_journalrow j
    SET status = ended.status, reason_code = ended.code, reason_params = ended.params, at = %(now)s,
        record_object = COALESCE(ended.object, j.record_object), record_id = COALESCE(ended.record, j.record_id),
        item_id = COALESCE(NULLIF(ended.item, ''), j.item_id)
    FROM unnest(%(entries)s::bigint[], %(statuses)s::text[], %(codes)s::text[], %(params)s::jsonb[],
                %(objects)s::text[], %(records)s::text[], %(items)s::text[])
         AS ended (id, status, code, params, object, record, item)
    WHERE j.tenant_id = %(tenant)s AND j.org_id = %(org)s AND j.mailbox_id = %(mailbox)s AND j.id = ended.id
"""
_RECOVER = """
    WITH dropped AS (
        DELETE FROM store_journalrow
        WHERE tenant_id = %(tenant)s AND org_id = %(org)s AND mailbox_id = %(mailbox)s
          AND epoch < %(epoch)s AND status = 'planned'
        RETURNING id
    ), doubtful AS (
        UPDATE store_journalrow
        SET status = 'unclear', reason_params = '{}', at = %(now)s,
            reason_code = CASE WHEN kind = ANY(%(mirrored)s::text[]) THEN %(of_events)s ELSE %(code)s END
        WHERE tenant_id = %(tenant)s AND org_id = %(org)s AND mailbox_id = %(mailbox)s
          AND epoch < %(epoch)s AND status = 'sent'
        RETURNING id, item_id, record_id, epoch, kind
    ), items AS (
        UPDATE store_itemstate s
        SET recheck = GREATEST(s.recheck, doubtful.epoch),
            reason_code = CASE WHEN s.record_id = '' AND doubtful.kind = ANY(%(mails)s::text[]) THEN %(code)s
                               ELSE s.reason_code END
        FROM doubtful
        WHERE s.tenant_id = %(tenant)s AND s.mailbox_id = %(mailbox)s AND s.item_id = doubtful.item_id
    ), unknown AS (
        INSERT INTO store_itemstate (tenant_id, org_id, mailbox_id, item_id, version, folder, marked,
            natural_digest, conversation, reason_code, decided_at, record_object, record_id, recheck)
        SELECT %(tenant)s, %(org)s, %(mailbox)s, item_id, '', %(elsewhere)s, FALSE,
            '', '', %(code)s, %(now)s, '', '', max(epoch)
        FROM doubtful WHERE kind = ANY(%(mails)s::text[]) AND item_id <> '' GROUP BY item_id
        ON CONFLICT (mailbox_id, item_id) DO NOTHING
    ), links AS (
        UPDATE store_link l SET recheck = GREATEST(l.recheck, doubtful.epoch) FROM doubtful
        WHERE l.tenant_id = %(tenant)s AND l.org_id = %(org)s AND l.mailbox_id = %(mailbox)s
          AND (l.item_id <> '' AND l.item_id = doubtful.item_id
               OR l.record_id <> '' AND l.record_id = doubtful.record_id)
    )
    SELECT (SELECT count(*) FROM dropped) + (SELECT count(*) FROM doubtful)
"""
_UNCLEAR = """
    SELECT key, max(COALESCE(sent_at, at)) FILTER (WHERE status IN ('unclear', 'sent'))
    FROM store_journalrow
    WHERE tenant_id = %(tenant)s AND org_id = %(org)s AND key = ANY(%(keys)s::text[]) AND key <> ''
      AND status IN ('unclear', 'sent', 'done')
    GROUP BY key
    HAVING max(id) FILTER (WHERE status IN ('unclear', 'sent'))
        > COALESCE(max(id) FILTER (WHERE status = 'done'), 0)
"""
_WHY = """
    SELECT last.* FROM unnest(%(wanted)s::text[]) AS wanted (id)
    CROSS JOIN LATERAL (
        SELECT id, mailbox_id, item_id, kind, status, reason_code, reason_params, key, record_object,
               record_id, at
        FROM store_journalrow j
        WHERE j.tenant_id = %(tenant)s AND j.org_id = %(org)s AND j.mailbox_id = %(mailbox)s
          AND j.item_id = wanted.id AND j.item_id <> ''
        ORDER BY j.id DESC LIMIT 1
    ) AS last
"""


class OrgJournal:
    """ports.journal.Journal, bound to one org of one tenant."""

    def __init__(self, scope: Scope, clock: Clock) -> None:
        org_of(scope)
        self._scope = scope
        self._clock = clock

    def plan(self, lease: Lease, operations: Sequence[Journaled]) -> Sequence[int]:
        with joined():
            fence(self._scope, lease)
            return [entry_id for (entry_id,) in rows(_PLAN, self._bound(lease) | _columns(operations))]

    def send(self, lease: Lease, entry_ids: Sequence[int]) -> None:
        with joined():
            fence(self._scope, lease)
            count(
                """
                UPDATE store_journalrow SET status = 'sent', at = %(now)s, sent_at = %(now)s
                WHERE tenant_id = %(tenant)s AND org_id = %(org)s AND mailbox_id = %(mailbox)s
                  AND id = ANY(%(entries)s::bigint[])
                """,
                self._bound(lease) | {"entries": list(entry_ids)},
            )

    def make(self, lease: Lease, makes: Sequence[Make], settled_before: datetime) -> Sequence[int | None]:
        with joined():
            fence(self._scope, lease)
            lock_making(org_of(self._scope))
            doubtful = self.unclear([make.key for make in makes])
            busy = {key for key, at in doubtful.items() if at >= settled_before}
            free = [make for make in makes if make.key not in busy]
            written = [entry_id for (entry_id,) in rows(_PLAN, self._bound(lease) | _columns(free))]
            self.send(lease, written)
            ids = dict(zip((make.key for make in free), written, strict=True))
            return [ids.get(make.key) for make in makes]

    def finish(
        self,
        lease: Lease,
        entry_id: int,
        status: Status,
        reason: Reason,
        record: RecordRef | None = None,
        item_id: str = "",
    ) -> None:
        self.end(lease, [Ending(entry_id, status, reason, record, item_id)])

    def end(self, lease: Lease, endings: Sequence[Ending]) -> None:
        with joined():
            fence(self._scope, lease)
            outcomes = {
                "entries": [one.entry_id for one in endings],
                "statuses": [one.status.value for one in endings],
                "codes": [one.reason.code for one in endings],
                "params": [json.dumps(dict(one.reason.params)) for one in endings],
                "objects": [one.record.object if one.record else None for one in endings],
                "records": [one.record.record_id if one.record else None for one in endings],
                "items": [one.item_id for one in endings],
            }
            count(_FINISH, self._bound(lease) | outcomes)

    def recover(self, lease: Lease) -> int:
        with joined():
            fence(self._scope, lease)
            of_mails = {"mails": [kind.value for kind in OF_MAILS], "elsewhere": Folder.OTHER.value}
            codes = {"code": reasons.UNCLEAR.code, "of_events": reasons.EVENT_UNCLEAR.code}
            given = codes | of_mails | {"mirrored": [kind.value for kind in MIRRORED]}
            return int(rows(_RECOVER, self._bound(lease) | given)[0][0])

    def unclear(self, keys: Iterable[str]) -> Mapping[str, datetime]:
        return dict(rows(_UNCLEAR, bound(self._scope, keys=list(keys))))

    def why(self, mailbox_id: int, item_ids: Sequence[str]) -> Mapping[str, Entry]:
        wanted = list(dict.fromkeys(item_ids))
        found = rows(_WHY, bound(self._scope, mailbox=mailbox_id, wanted=wanted))
        return {entry.item_id: entry for entry in map(_entry, found)}

    def _bound(self, lease: Lease) -> dict[str, Any]:
        return bound(self._scope, mailbox=lease.mailbox_id, epoch=lease.epoch, now=self._clock.now())


def _columns(operations: Sequence[Journaled]) -> dict[str, list[str]]:
    records = [operation.record for operation in operations]
    return {
        "items": [operation.item_id for operation in operations],
        "kinds": [operation.kind.value for operation in operations],
        "statuses": [first_status(operation).value for operation in operations],
        "codes": [operation.reason.code for operation in operations],
        "params": [json.dumps(dict(operation.reason.params)) for operation in operations],
        "keys": [operation.key for operation in operations],
        "objects": [record.object if record else "" for record in records],
        "records": [record.record_id if record else "" for record in records],
    }


def _entry(row: tuple[Any, ...]) -> Entry:
    entry_id, mailbox_id, item_id, kind, status, code, params, key, name, record_id, at = row
    return Entry(
        entry_id=entry_id,
        mailbox_id=mailbox_id,
        item_id=item_id,
        kind=Kind(kind),
        status=Status(status),
        reason_code=code,
        reason_params=read_json(params),
        key=key,
        record=RecordRef(name, record_id) if record_id else None,
        at=at,
    )
