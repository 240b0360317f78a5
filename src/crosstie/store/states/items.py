"""One mailbox's memory: cursors, item states, and what makes an item worth another look."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from crosstie.domain.email import Folder
from crosstie.domain.mailboxes import Cursor, Lease
from crosstie.domain.reasons import AWAITING
from crosstie.domain.records import RecordRef
from crosstie.domain.states import ItemState
from crosstie.store.looks import RULED
from crosstie.store.models.fields import pack, unpack
from crosstie.store.sql import bound, count, fence, joined, rows
from crosstie.store.states.awaiting import ITEM, Awaiting

_COLUMNS = """item_id, version, folder, marked, natural_digest, conversation, reason_code, decided_at,
              record_object, record_id, recheck_at, warned"""

# A flag set while this very session ran (its epoch or later) stays; so does what its own settings, if they
# have moved since it began, would have decided otherwise, and what waits though a colleague saved it meanwhile.
_SAVE = f"""
    INSERT INTO store_itemstate AS s (tenant_id, org_id, mailbox_id, {_COLUMNS}, recheck)
    SELECT %(tenant)s, %(org)s, %(mailbox)s, {_COLUMNS},
           CASE WHEN %(rules_moved)s AND reason_code = ANY(%(ruled)s) THEN %(epoch)s
                WHEN reason_code = ANY(%(awaiting)s) AND EXISTS (
                    SELECT FROM store_savedmail m
                    WHERE m.tenant_id = %(tenant)s AND m.org_id = %(org)s
                      AND m.natural_digest = given.natural_digest AND NOT m.deleted) THEN %(epoch)s END
    FROM unnest(%(item_id)s::text[], %(version)s::text[], %(folder)s::text[], %(marked)s::boolean[],
                %(natural)s::bytea[], %(conversation)s::bytea[], %(reason_code)s::text[],
                %(decided_at)s::timestamptz[], %(record_object)s::text[], %(record_id)s::text[],
                %(recheck_at)s::timestamptz[], %(warned)s::boolean[])
         AS given ({_COLUMNS})
    ON CONFLICT (mailbox_id, item_id) DO UPDATE SET
        version = EXCLUDED.version, folder = EXCLUDED.folder, marked = EXCLUDED.marked,
        natural_digest = EXCLUDED.natural_digest, conversation = EXCLUDED.conversation,
        reason_code = EXCLUDED.reason_code, decided_at = EXCLUDED.decided_at,
        record_object = EXCLUDED.record_object, record_id = EXCLUDED.record_id,
        recheck_at = EXCLUDED.recheck_at, warned = EXCLUDED.warned,
        recheck = CASE WHEN s.recheck >= %(epoch)s THEN s.recheck ELSE EXCLUDED.recheck END
    RETURNING id, item_id
"""  # noqa: S608 - the columns are ours


class ItemStates(Awaiting):
    def cursors(self, mailbox_id: int) -> Mapping[str, Cursor]:
        found = rows(
            """
            SELECT c.collection, c.token, c.baseline FROM store_cursor c
            JOIN store_mailbox m ON m.id = c.mailbox_id AND m.org_id = %(org)s
            WHERE c.tenant_id = %(tenant)s AND c.mailbox_id = %(mailbox)s
            """,
            bound(self._scope, mailbox=mailbox_id),
        )
        return {collection: Cursor(collection, token, baseline) for collection, token, baseline in found}

    def save_cursors(self, lease: Lease, cursors: Iterable[Cursor]) -> None:
        last = list({cursor.collection: cursor for cursor in cursors}.values())
        params = bound(
            self._scope,
            mailbox=lease.mailbox_id,
            collections=[cursor.collection for cursor in last],
            tokens=[cursor.token for cursor in last],
            baselines=[cursor.baseline for cursor in last],
        )
        with joined():
            fence(self._scope, lease)
            count(
                """
                INSERT INTO store_cursor (tenant_id, mailbox_id, collection, token, baseline)
                SELECT %(tenant)s, %(mailbox)s, given.*
                FROM unnest(%(collections)s::text[], %(tokens)s::text[], %(baselines)s::boolean[]) AS given
                ON CONFLICT (mailbox_id, collection)
                DO UPDATE SET token = EXCLUDED.token, baseline = EXCLUDED.baseline
                """,
                params,
            )

    def items(self, mailbox_id: int, item_ids: Iterable[str]) -> Mapping[str, ItemState]:
        found = rows(
            f"""
            SELECT {_COLUMNS} FROM store_itemstate
            WHERE tenant_id = %(tenant)s AND org_id = %(org)s AND mailbox_id = %(mailbox)s
              AND item_id = ANY(%(items)s::text[])
            """,  # noqa: S608 - the columns are ours
            bound(self._scope, mailbox=mailbox_id, items=list(item_ids)),
        )
        return {row[0]: _state(row) for row in found}

    def save_items(
        self,
        lease: Lease,
        states: Iterable[ItemState],
        *,
        awaits: Mapping[str, frozenset[str]],
        known: Collection[str] = (),
        waiting_on: Collection[str] = (),
    ) -> None:
        last = list({state.item_id: state for state in states}.values())
        with joined():
            moved = fence(self._scope, lease) >= lease.epoch
            params = bound(
                self._scope,
                mailbox=lease.mailbox_id,
                epoch=lease.epoch,
                rules_moved=moved,
                ruled=RULED,
                awaiting=list(AWAITING),
            )
            saved = {item_id: row_id for row_id, item_id in rows(_SAVE, params | _columns(last))}
            told = {item_id: row_id for item_id, row_id in saved.items() if item_id not in waiting_on}
            self._await(ITEM, lease, told, awaits, known)

    def recheck_due(self, mailbox_id: int, now: datetime, limit: int) -> Sequence[str]:
        found = rows(
            """
            SELECT item_id FROM store_itemstate
            WHERE tenant_id = %(tenant)s AND org_id = %(org)s AND mailbox_id = %(mailbox)s
              AND (recheck IS NOT NULL OR recheck_at <= %(now)s)
            ORDER BY decided_at, id LIMIT %(limit)s
            """,
            bound(self._scope, mailbox=mailbox_id, now=now, limit=limit),
        )
        return [item_id for (item_id,) in found]

    def saved_conversations(self, mailbox_id: int, conversation_ids: Iterable[str]) -> frozenset[str]:
        plain = self._digests.items_by_candidate(conversation_ids)
        found = rows(
            """
            SELECT DISTINCT conversation FROM store_itemstate
            WHERE tenant_id = %(tenant)s AND org_id = %(org)s AND mailbox_id = %(mailbox)s
              AND conversation = ANY(%(digests)s::bytea[]) AND record_id <> ''
            """,
            bound(self._scope, mailbox=mailbox_id, digests=[pack(digest) for digest in plain]),
        )
        return frozenset(plain[unpack(stored)] for (stored,) in found)

    def digest(self, plain: str) -> str:
        return self._digests.item(plain)

    def same(self, digest: str, plain: str) -> bool:
        return self._digests.same(digest, plain)


def _columns(states: Sequence[ItemState]) -> dict[str, list[Any]]:
    return {
        "item_id": [state.item_id for state in states],
        "version": [state.version for state in states],
        "folder": [state.folder.value for state in states],
        "marked": [state.marked for state in states],
        "natural": [pack(state.natural) for state in states],
        "conversation": [pack(state.conversation) for state in states],
        "reason_code": [state.reason_code for state in states],
        "decided_at": [state.decided_at for state in states],
        "record_object": [state.record.object if state.record else "" for state in states],
        "record_id": [state.record.record_id if state.record else "" for state in states],
        "recheck_at": [state.recheck_at for state in states],
        "warned": [state.warned for state in states],
    }


def _state(row: tuple[Any, ...]) -> ItemState:
    item_id, version, folder, marked, natural, conversation, code, decided_at, *rest = row
    name, record_id, recheck_at, warned = rest
    return ItemState(
        item_id=item_id,
        version=version,
        folder=Folder(folder),
        marked=marked,
        natural=unpack(natural),
        conversation=unpack(conversation),
        reason_code=code,
        decided_at=decided_at,
        record=RecordRef(name, record_id) if record_id else None,
        recheck_at=recheck_at,
        warned=warned,
    )
