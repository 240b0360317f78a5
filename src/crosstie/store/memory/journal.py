"""The port Journal in memory."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from crosstie.domain import reasons
from crosstie.domain.email import Folder
from crosstie.domain.mailboxes import Lease
from crosstie.domain.operations import MIRRORED, Make
from crosstie.domain.reasons import Reason
from crosstie.domain.records import RecordRef
from crosstie.domain.states import ItemState
from crosstie.ports.journal import Ending, Entry, Journaled, Status
from crosstie.store.entries import OF_MAILS, first_status
from crosstie.store.memory.world import ItemRow, JournalRow, MemoryOrg, later


class MemoryJournal:
    """ports.journal.Journal over a MemoryOrg."""

    def __init__(self, org: MemoryOrg) -> None:
        self._org = org

    def plan(self, lease: Lease, operations: Sequence[Journaled]) -> Sequence[int]:
        with self._org.transaction():
            self._org.fence(lease)
            return [self._write(lease, operation) for operation in operations]

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
                ids.append(None if at and at >= settled_before else self._write(lease, make))
            return ids

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
        with self._org.transaction():
            self._org.fence(lease)
            for one in endings:
                row = self._org.journal[one.entry_id]
                entry = replace(
                    row.entry,
                    status=one.status,
                    reason_code=one.reason.code,
                    reason_params=dict(one.reason.params),
                    record=one.record or row.entry.record,
                    item_id=one.item_id or row.entry.item_id,
                    at=self._org.clock.now(),
                )
                self._org.journal[one.entry_id] = replace(row, entry=entry)

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
        entry = row.entry
        item = (entry.mailbox_id, entry.item_id)
        code, now = reasons.UNCLEAR.code, self._org.clock.now()
        of_mail = entry.kind in OF_MAILS
        if known := self._org.items.get(item):
            state = known.state
            if of_mail and state.record is None:
                state = replace(state, reason_code=code)
            self._org.items[item] = replace(known, state=state, recheck=later(known.recheck, row.epoch))
        elif of_mail and entry.item_id:
            state = ItemState(entry.item_id, "", Folder.OTHER, False, "", "", code, now)
            self._org.items[item] = ItemRow(state, recheck=row.epoch)
        for place, linked in list(self._org.links.items()):
            same = entry.item_id and linked.link.item_id == entry.item_id
            if place[0] == entry.mailbox_id and (same or (entry.record and linked.link.record == entry.record)):
                self._org.links[place] = replace(linked, recheck=later(linked.recheck, row.epoch))

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
        wanted = set(item_ids) - {""}
        return {entry.item_id: entry for entry in self._entries(mailbox_id) if entry.item_id in wanted}

    def _entries(self, mailbox_id: int) -> Iterator[Entry]:
        """The last one last."""
        rows = (row.entry for _, row in sorted(self._org.journal.items()))
        return (entry for entry in rows if entry.mailbox_id == mailbox_id)

    def _write(self, lease: Lease, operation: Journaled) -> int:
        now, status, entry_id = self._org.clock.now(), first_status(operation), self._org.next("journal")
        entry = Entry(
            entry_id=entry_id,
            mailbox_id=lease.mailbox_id,
            item_id=operation.item_id,
            kind=operation.kind,
            status=status,
            reason_code=operation.reason.code,
            reason_params=dict(operation.reason.params),
            key=operation.key,
            record=operation.record,
            at=now,
        )
        sent_at = now if status is Status.SENT else None
        self._org.journal[entry_id] = JournalRow(entry, lease.epoch, sent_at)
        return entry_id

    def _doubtful(self, entry: Entry) -> Entry:
        return replace(
            entry,
            status=Status.UNCLEAR,
            reason_code=(reasons.EVENT_UNCLEAR if entry.kind in MIRRORED else reasons.UNCLEAR).code,
            reason_params={},
            at=self._org.clock.now(),
        )
