"""The port Journal in memory."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from crosstie.domain import reasons
from crosstie.domain.mailboxes import Lease
from crosstie.domain.operations import Join, Make, Save, Skip
from crosstie.domain.reasons import Reason
from crosstie.domain.records import RecordRef
from crosstie.ports.journal import Entry, Status
from crosstie.store.entries import KIND_OF_MAKE, first_status, item_of, key_of, kind_of, record_of
from crosstie.store.memory.world import JournalRow, MemoryOrg


class MemoryJournal:
    """ports.journal.Journal over a MemoryOrg."""

    def __init__(self, org: MemoryOrg) -> None:
        self._org = org

    def plan(self, lease: Lease, operations: Sequence[Save | Join | Skip]) -> Sequence[int]:
        with self._org.transaction():
            self._org.fence(lease)
            first = max(self._org.journal, default=0) + 1
            for entry_id, operation in enumerate(operations, first):
                self._org.journal[entry_id] = JournalRow(self._entry(entry_id, lease, operation), lease.epoch)
            return list(range(first, first + len(operations)))

    def send(self, lease: Lease, entry_ids: Sequence[int]) -> None:
        with self._org.transaction():
            self._org.fence(lease)
            now = self._org.clock.now()
            for entry_id in entry_ids:
                row = self._org.journal[entry_id]
                entry = replace(row.entry, status=Status.SENT, at=now)
                self._org.journal[entry_id] = replace(row, entry=entry, sent_at=now)

    def make(self, lease: Lease, makes: Sequence[Make], settled_before: datetime) -> Sequence[int | None]:
        with self._org.transaction():
            self._org.fence(lease)
            doubtful = self.unclear([make.key for make in makes])
            ids: list[int | None] = []
            for make in makes:
                at = doubtful.get(make.key)
                ids.append(None if at and at >= settled_before else self._made(lease, make))
            return ids

    def _made(self, lease: Lease, make: Make) -> int:
        now, entry_id = self._org.clock.now(), max(self._org.journal, default=0) + 1
        entry = Entry(
            entry_id=entry_id,
            mailbox_id=lease.mailbox_id,
            item_id=item_of(make),
            kind=KIND_OF_MAKE,
            status=Status.SENT,
            reason_code=reasons.SAVED_NEW.code,
            reason_params={"made": make.object},
            key=make.key,
            record=None,
            at=now,
        )
        self._org.journal[entry_id] = JournalRow(entry, lease.epoch, sent_at=now)
        return entry_id

    def finish(
        self, lease: Lease, entry_id: int, status: Status, reason: Reason, record: RecordRef | None = None
    ) -> None:
        with self._org.transaction():
            self._org.fence(lease)
            row = self._org.journal[entry_id]
            self._org.journal[entry_id] = replace(
                row,
                entry=replace(
                    row.entry,
                    status=status,
                    reason_code=reason.code,
                    reason_params=dict(reason.params),
                    record=record or row.entry.record,
                    at=self._org.clock.now(),
                ),
            )

    def recover(self, lease: Lease) -> int:
        with self._org.transaction():
            self._org.fence(lease)
            left = [
                (entry_id, row)
                for entry_id, row in self._org.journal.items()
                if row.entry.mailbox_id == lease.mailbox_id
                and row.epoch < lease.epoch
                and row.entry.status in (Status.PLANNED, Status.SENT)
            ]
            for entry_id, row in left:
                if row.entry.status is Status.PLANNED:
                    del self._org.journal[entry_id]
                else:
                    self._org.journal[entry_id] = replace(row, entry=self._doubtful(row.entry))
                    self._look_again(row)
            return len(left)

    def _look_again(self, row: JournalRow) -> None:
        item = (row.entry.mailbox_id, row.entry.item_id)
        if item in self._org.items:
            self._org.items[item] = replace(self._org.items[item], recheck=row.epoch)

    def unclear(self, keys: Iterable[str]) -> Mapping[str, datetime]:
        wanted = set(keys) - {""}
        sent: dict[str, datetime] = {}
        for _, row in sorted(self._org.journal.items()):
            key = row.entry.key
            if key in wanted and row.entry.status in (Status.UNCLEAR, Status.SENT):
                at = row.sent_at or row.entry.at
                sent[key] = max(sent.get(key, at), at)
            elif key in wanted and row.entry.status is Status.DONE:
                sent.pop(key, None)
        return sent

    def why(self, mailbox_id: int, item_ids: Sequence[str]) -> Mapping[str, Entry]:
        wanted = set(item_ids)
        return {
            row.entry.item_id: row.entry
            for _, row in sorted(self._org.journal.items())
            if row.entry.mailbox_id == mailbox_id and row.entry.item_id in wanted
        }

    def _entry(self, entry_id: int, lease: Lease, operation: Save | Join | Skip) -> Entry:
        return Entry(
            entry_id=entry_id,
            mailbox_id=lease.mailbox_id,
            item_id=operation.email.item_id,
            kind=kind_of(operation),
            status=first_status(operation),
            reason_code=operation.reason.code,
            reason_params=dict(operation.reason.params),
            key=key_of(operation),
            record=record_of(operation),
            at=self._org.clock.now(),
        )

    def _doubtful(self, entry: Entry) -> Entry:
        return replace(
            entry,
            status=Status.UNCLEAR,
            reason_code=reasons.UNCLEAR.code,
            reason_params={},
            at=self._org.clock.now(),
        )
