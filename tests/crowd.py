"""An org whose mailboxes remember many links, and a log as long, written by PostgreSQL itself."""

import json
from collections.abc import Sequence

from django.db import connection

from crosstie.domain.records import RecordRef
from crosstie.store.models.scope import Scope
from crosstie.store.sql import bound
from tests.clocks import START

SEALED = json.dumps({"0a1b2c3d": {f"field{number}": "5" * 32 for number in range(12)}})
"""A side's digests."""
_LINKS = """
    INSERT INTO store_link (tenant_id, org_id, mailbox_id, item_id, natural_digest, key, bond, origin, role,
        reason_code, decided_at, record_object, record_id, item_version, item_digests, record_version,
        record_digests, generation, marked, warned, series_id, recheck_at)
    SELECT %(tenant)s, %(org)s, box, lpad(box || '-' || n, 152, 'A'), decode(md5(box || '/' || n), 'hex') || 'k1',
           n, 'joined', 'mailbox', 'lead', 'MAIL-SAVED', %(start)s + n * interval '1 second', 'Event',
           '00U' || lpad((box * %(each)s + n)::text, 15, '0'), 'v', %(sealed)s::jsonb, 'v', %(sealed)s::jsonb, 0,
           false, false, CASE WHEN n %% 3 = 0 THEN 'series ' || n / 30 ELSE '' END,
           CASE WHEN n %% 10 = 0 THEN %(start)s + n * interval '1 hour' END
    FROM generate_series(1, %(each)s) AS n, unnest(%(boxes)s::bigint[]) AS box
"""
_LOG = """
    INSERT INTO store_recordlog (tenant_id, org_id, object, record_id, modstamp, deleted, owner_id, logged_at)
    SELECT %(tenant)s, %(org)s, 'Event', '00U' || lpad(n::text, 15, 'x'), %(start)s, false, '005x', %(start)s
    FROM generate_series(1, %(rows)s) AS n
"""


def fill(scope: Scope, boxes: Sequence[int], each: int) -> int:
    """Every mailbox has so many links, and the log one row a link, of records that are nobody's; its last row."""
    params = bound(scope, boxes=list(boxes), each=each, rows=len(boxes) * each, sealed=SEALED, start=START)
    with connection.cursor() as cursor:
        cursor.execute(_LINKS, params)
        cursor.execute(_LOG, params)
        cursor.execute("ANALYZE store_link; ANALYZE store_recordlog; ANALYZE store_mailbox")
        cursor.execute("SELECT max(id) FROM store_recordlog")
        return int(cursor.fetchone()[0])


def item_of(box: int, number: int) -> str:
    return f"{box}-{number}".rjust(152, "A")


def record_of(box: int, number: int, each: int) -> RecordRef:
    return RecordRef("Event", f"00U{box * each + number:015d}")
