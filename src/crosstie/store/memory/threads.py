"""Marked threads in memory; behaves as store/states/threads.py does."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from crosstie.domain.mailboxes import Lease
from crosstie.domain.threads import Thread, ThreadMail
from crosstie.store.memory.world import MemoryOrg, ThreadRow


class MemoryThreads:
    _org: MemoryOrg

    def mark_thread(self, mailbox_id: int, conversation_id: str, item_id: str, now: datetime) -> bool:
        with self._org.transaction():
            self._org.wake(mailbox_id)
            if self.threads(mailbox_id, [conversation_id]):
                return False
            number = self._org.next("threads")
            digest = self._org.digests.item(conversation_id)
            self._org.threads[number] = ThreadRow(mailbox_id, digest, Thread(number, item_id), now)
            return True

    def stop_thread(self, mailbox_id: int, conversation_id: str) -> bool:
        with self._org.transaction():
            found = self.threads(mailbox_id, [conversation_id]).values()
            for thread in found:
                for key in [key for key in self._org.thread_mails if key[0] == thread.thread_id]:
                    del self._org.thread_mails[key]
                del self._org.threads[thread.thread_id]
            return bool(found)

    def threads(self, mailbox_id: int, conversation_ids: Iterable[str]) -> Mapping[str, Thread]:
        plain = self._org.digests.items_by_candidate(conversation_ids)
        own = (row for row in self._org.threads.values() if row.mailbox_id == mailbox_id)
        return {plain[row.conversation]: row.thread for row in own if row.conversation in plain}

    def threads_to_gather(self, mailbox_id: int, limit: int) -> Sequence[Thread]:
        own = [
            row for row in self._org.threads.values() if row.mailbox_id == mailbox_id and not row.thread.gathered
        ]
        own.sort(key=lambda row: (row.marked_at, row.thread.thread_id))
        return [row.thread for row in own[:limit]]

    def threads_gathered(self, lease: Lease, thread_ids: Iterable[int]) -> None:
        with self._org.transaction():
            self._org.fence(lease)
            for thread_id in thread_ids:
                row = self._org.threads.get(thread_id)
                if row and row.mailbox_id == lease.mailbox_id:
                    self._org.threads[thread_id] = replace(row, thread=replace(row.thread, gathered=True))

    def note_thread_mails(self, lease: Lease, mails: Iterable[ThreadMail]) -> None:
        with self._org.transaction():
            self._org.fence(lease)
            for mail in mails:
                digest = self._org.digests.item(mail.letter)
                key = (mail.thread_id, digest)
                if mail.thread_id in self._org.threads and key not in self._org.thread_mails:
                    self._org.thread_mails[key] = replace(mail, letter=digest)

    def thread_mails(self, thread_ids: Iterable[int]) -> Sequence[ThreadMail]:
        wanted = frozenset(thread_ids)
        found = (mail for mail in self._org.thread_mails.values() if mail.thread_id in wanted)
        return sorted(found, key=lambda mail: not mail.first)

    def threads_about(
        self, mailbox_id: int, conversation_ids: Iterable[str], letters: Iterable[str]
    ) -> Mapping[str, frozenset[int]]:
        found: dict[str, set[int]] = defaultdict(set)
        named = self._org.digests.items_by_candidate(letters)
        by_record = defaultdict(set)
        for mail in self._org.thread_mails.values():
            by_record[mail.record.record_id].add(mail.thread_id)
            if mail.letter in named:
                found[named[mail.letter]].add(mail.thread_id)
        conversations = self._org.digests.items_by_candidate(conversation_ids)
        for (box, _), row in self._org.items.items():
            state = row.state
            if box == mailbox_id and state.record and state.conversation in conversations:
                found[conversations[state.conversation]] |= by_record.get(state.record.record_id, set())
        return {one: frozenset(ids) for one, ids in found.items() if ids}
