"""Marked threads of a mailbox, and what was saved of them for the whole org."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from crosstie.domain.mailboxes import Lease
from crosstie.domain.records import RecordRef
from crosstie.domain.threads import Thread, ThreadMail
from crosstie.store.models.fields import pack, unpack
from crosstie.store.sql import bound, count, fence, joined, rows
from crosstie.store.states.base import Bound

_MARK = """
    INSERT INTO store_thread (tenant_id, org_id, mailbox_id, conversation, item_id, marked_at, gathered)
    SELECT %(tenant)s, %(org)s, m.id, %(conversation)s, %(item)s, %(now)s, false
    FROM store_mailbox m
    WHERE m.tenant_id = %(tenant)s AND m.org_id = %(org)s AND m.id = %(mailbox)s AND NOT EXISTS (
        SELECT FROM store_thread t WHERE t.mailbox_id = m.id AND t.conversation = ANY(%(candidates)s::bytea[]))
    ON CONFLICT DO NOTHING
"""
# A thread that is stopped this moment is waited for, and then there is none.
_NOTE = """
    WITH wanted AS (
        SELECT id FROM store_thread
        WHERE tenant_id = %(tenant)s AND org_id = %(org)s AND id = ANY(%(threads)s::bigint[])
        ORDER BY id FOR KEY SHARE
    )
    INSERT INTO store_threadmail
        (tenant_id, org_id, thread_id, letter, record_object, record_id, first, "foreign")
    SELECT %(tenant)s, %(org)s, given.*
    FROM unnest(%(threads)s::bigint[], %(letters)s::bytea[], %(objects)s::text[], %(records)s::text[],
                %(firsts)s::boolean[], %(foreigns)s::boolean[]) AS given (thread_id, letter, o, r, f, n)
    JOIN wanted ON wanted.id = given.thread_id
    ON CONFLICT (thread_id, letter) DO NOTHING
"""
_FORGET_MAILS = """
    DELETE FROM store_threadmail
    WHERE tenant_id = %(tenant)s AND org_id = %(org)s AND thread_id = ANY(%(threads)s::bigint[])
"""
_FORGET = """
    DELETE FROM store_thread WHERE tenant_id = %(tenant)s AND org_id = %(org)s AND id = ANY(%(threads)s::bigint[])
"""
_ABOUT = """
    SELECT letter, thread_id FROM store_threadmail
    WHERE tenant_id = %(tenant)s AND org_id = %(org)s AND letter = ANY(%(letters)s::bytea[])
    UNION
    SELECT s.conversation, m.thread_id FROM store_itemstate s
    JOIN store_threadmail m ON m.org_id = s.org_id AND m.tenant_id = s.tenant_id AND m.record_id = s.record_id
    WHERE s.tenant_id = %(tenant)s AND s.org_id = %(org)s AND s.mailbox_id = %(mailbox)s
      AND s.conversation = ANY(%(conversations)s::bytea[]) AND s.record_id <> ''
"""


class ThreadStates(Bound):
    def mark_thread(self, mailbox_id: int, conversation_id: str, item_id: str, now: datetime) -> bool:
        candidates = [pack(digest) for digest in self._digests.item_candidates(conversation_id)]
        params = bound(
            self._scope,
            mailbox=mailbox_id,
            conversation=candidates[0],
            candidates=candidates,
            item=item_id,
            now=now,
        )
        with joined():
            count(
                """
                UPDATE store_mailbox SET due_at = LEAST(due_at, %(now)s)
                WHERE tenant_id = %(tenant)s AND org_id = %(org)s AND id = %(mailbox)s
                """,
                params,
            )
            return count(_MARK, params) > 0

    def stop_thread(self, mailbox_id: int, conversation_id: str) -> bool:
        """The thread is locked first: what a session notes until then is seen, and deleted with it."""
        candidates = [pack(digest) for digest in self._digests.item_candidates(conversation_id)]
        params = bound(self._scope, mailbox=mailbox_id, candidates=candidates)
        with joined():
            found = rows(
                """
                SELECT id FROM store_thread
                WHERE tenant_id = %(tenant)s AND org_id = %(org)s AND mailbox_id = %(mailbox)s
                  AND conversation = ANY(%(candidates)s::bytea[])
                ORDER BY id FOR UPDATE
                """,
                params,
            )
            params |= {"threads": [thread_id for (thread_id,) in found]}
            count(_FORGET_MAILS, params)
            count(_FORGET, params)
        return bool(found)

    def threads(self, mailbox_id: int, conversation_ids: Iterable[str]) -> Mapping[str, Thread]:
        plain = self._digests.items_by_candidate(conversation_ids)
        found = rows(
            """
            SELECT conversation, id, item_id, gathered FROM store_thread
            WHERE tenant_id = %(tenant)s AND org_id = %(org)s AND mailbox_id = %(mailbox)s
              AND conversation = ANY(%(digests)s::bytea[])
            """,
            bound(self._scope, mailbox=mailbox_id, digests=[pack(digest) for digest in plain]),
        )
        return {plain[unpack(conversation)]: Thread(*rest) for conversation, *rest in found}

    def threads_to_gather(self, mailbox_id: int, limit: int) -> Sequence[Thread]:
        found = rows(
            """
            SELECT id, item_id, gathered FROM store_thread
            WHERE tenant_id = %(tenant)s AND org_id = %(org)s AND mailbox_id = %(mailbox)s AND NOT gathered
            ORDER BY marked_at, id LIMIT %(limit)s
            """,
            bound(self._scope, mailbox=mailbox_id, limit=limit),
        )
        return [Thread(*row) for row in found]

    def threads_gathered(self, lease: Lease, thread_ids: Iterable[int]) -> None:
        with joined():
            fence(self._scope, lease)
            count(
                """
                UPDATE store_thread SET gathered = true
                WHERE tenant_id = %(tenant)s AND org_id = %(org)s AND mailbox_id = %(mailbox)s
                  AND id = ANY(%(threads)s::bigint[])
                """,
                bound(self._scope, mailbox=lease.mailbox_id, threads=list(thread_ids)),
            )

    def note_thread_mails(self, lease: Lease, mails: Iterable[ThreadMail]) -> None:
        listed = list({(mail.thread_id, mail.letter): mail for mail in reversed(list(mails))}.values())[::-1]
        with joined():
            fence(self._scope, lease)
            params = bound(
                self._scope,
                threads=[mail.thread_id for mail in listed],
                letters=[pack(self._digests.item(mail.letter)) for mail in listed],
                objects=[mail.record.object for mail in listed],
                records=[mail.record.record_id for mail in listed],
                firsts=[mail.first for mail in listed],
                foreigns=[mail.foreign for mail in listed],
            )
            count(_NOTE, params)

    def thread_mails(self, thread_ids: Iterable[int]) -> Sequence[ThreadMail]:
        found = rows(
            """
            SELECT thread_id, letter, record_object, record_id, first, "foreign" FROM store_threadmail
            WHERE tenant_id = %(tenant)s AND org_id = %(org)s AND thread_id = ANY(%(threads)s::bigint[])
            ORDER BY first DESC, id
            """,
            bound(self._scope, threads=list(thread_ids)),
        )
        return [
            ThreadMail(thread, unpack(letter), RecordRef(name, record_id), first, foreign)
            for thread, letter, name, record_id, first, foreign in found
        ]

    def threads_about(
        self, mailbox_id: int, conversation_ids: Iterable[str], letters: Iterable[str]
    ) -> Mapping[str, frozenset[int]]:
        conversations = self._digests.items_by_candidate(conversation_ids)
        named = self._digests.items_by_candidate(letters)
        params = bound(
            self._scope,
            mailbox=mailbox_id,
            conversations=[pack(digest) for digest in conversations],
            letters=[pack(digest) for digest in named],
        )
        found: dict[str, set[int]] = defaultdict(set)
        plain = {**conversations, **named}
        for stored, thread_id in rows(_ABOUT, params):
            found[plain[unpack(stored)]].add(thread_id)
        return {one: frozenset(ids) for one, ids in found.items()}
