"""The org's log as one mailbox reads it, in memory; behaves as store/states/position.py does."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from crosstie.domain.links import Bond, Link, LogPage, Touched
from crosstie.domain.mailboxes import Lease
from crosstie.domain.records import EVENT, RecordChange, RecordRef
from crosstie.store.linking import JOINED, page_of
from crosstie.store.memory.world import MailboxRow, MemoryOrg


class MemoryPosition:
    _org: MemoryOrg

    def log(self, mailbox_id: int, objects: Sequence[str], limit: int) -> LogPage:
        box = self._org.mailbox(mailbox_id)
        behind = sorted(
            (row.number, row.change)
            for row in self._org.log.values()
            if box.log_position is not None and row.number > box.log_position
        )
        lines = [
            (number, _touched(change))
            for number, change in behind
            if change.object in objects
            and self._concerns(mailbox_id, box, change)
            and not self._is_seen(mailbox_id, change)
        ]
        counters = self._org.counters
        return page_of(box.log_position, counters.get("cleared", 0), counters.get("log", 0), lines, limit)

    def save_position(self, lease: Lease, position: int) -> None:
        with self._org.transaction():
            box = self._org.fence(lease)
            self._org.mailboxes[lease.mailbox_id] = replace(box, log_position=position)

    def _wake_concerned(self, changes: Sequence[RecordChange]) -> None:
        events = [change for change in changes if change.object == EVENT]
        readers = [pair for pair in self._org.mailboxes.items() if events and pair[1].log_position is not None]
        for mailbox_id, box in readers:
            if any(self._concerns(mailbox_id, box, change) for change in events):
                self._org.wake(mailbox_id)

    def _concerns(self, mailbox_id: int, box: MailboxRow, change: RecordChange) -> bool:
        if change.owner_id and change.owner_id == box.info.crm_user_id:
            return True
        return any(link.bond in JOINED for link in self._links_of(mailbox_id, change.record_id))

    def _is_seen(self, mailbox_id: int, change: RecordChange) -> bool:
        own = list(self._links_of(mailbox_id, change.record_id))
        return bool(own) and not change.deleted and all(_shows(link, change) for link in own)

    def _links_of(self, mailbox_id: int, record_id: str) -> Iterator[Link]:
        own = (row.link for place, row in self._org.links.items() if place[0] == mailbox_id)
        return (link for link in own if link.record is not None and link.record.record_id == record_id)


def _shows(link: Link, change: RecordChange) -> bool:
    version = link.mirrored.version if link.mirrored else ""
    return link.bond is Bond.JOINED and version == change.modstamp.isoformat()


def _touched(change: RecordChange) -> Touched:
    record = RecordRef(change.object, change.record_id)
    return Touched(record, change.modstamp, change.deleted, change.owner_id)
