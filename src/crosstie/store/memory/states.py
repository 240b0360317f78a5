"""The port States in memory; behaves as store/states on PostgreSQL does."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from crosstie.domain.mailboxes import Cursor, Lease, MailboxInfo
from crosstie.domain.reasons import AWAITING
from crosstie.domain.records import USER, Opportunity, Person, RecordChange, RecordRef
from crosstie.domain.states import ItemState, SavedMail
from crosstie.ports.states import FAILING, NO_OPPORTUNITIES, NO_USERS, Holding, Watermark
from crosstie.store.linking import forms
from crosstie.store.memory.awaiting import MemoryAwaiting, rules_moved
from crosstie.store.memory.links import MemoryLinks
from crosstie.store.memory.position import MemoryPosition
from crosstie.store.memory.threads import MemoryThreads
from crosstie.store.memory.world import ItemRow, LogRow, MailboxRow, MemoryOrg, SessionRun, Table

_LATE = datetime.max.replace(tzinfo=UTC)


class _Bound:
    def __init__(self, org: MemoryOrg) -> None:
        self._org = org


class _Leases(_Bound):
    def transaction(self) -> AbstractContextManager[None]:
        return self._org.transaction()

    def claim_due(self, now: datetime, *, holder: str, limit: int, lease_seconds: float) -> Sequence[Lease]:
        with self._org.transaction():
            due = [
                item for item in self._org.mailboxes.items() if self._free(item[1], now) and _is_due(item[1], now)
            ]
            due.sort(key=lambda item: (item[1].due_at is not None, item[1].due_at or now, item[0]))
            chosen = sorted(mailbox_id for mailbox_id, _ in due[:limit])
            return [self._take(mailbox_id, now, holder, lease_seconds) for mailbox_id in chosen]

    def claim(self, mailbox_id: int, now: datetime, *, holder: str, lease_seconds: float) -> Lease | None:
        with self._org.transaction():
            box = self._org.mailboxes.get(mailbox_id)
            if box is None or not self._free(box, now):
                return None
            return self._take(mailbox_id, now, holder, lease_seconds)

    def check(self, lease: Lease) -> None:
        self._org.fence(lease)

    def release(
        self,
        lease: Lease,
        *,
        next_due: datetime,
        summary: Mapping[str, int],
        error_code: str,
        setback: bool = False,
    ) -> None:
        with self._org.transaction():
            box = self._org.mailboxes.get(lease.mailbox_id)
            if box is None or box.epoch != lease.epoch or box.lease_until is None:
                return
            due_at = min(box.due_at or next_due, next_due)
            self._org.mailboxes[lease.mailbox_id] = replace(
                box,
                lease_until=None,
                due_at=due_at,
                setbacks=box.setbacks + 1 if setback else 0,
                failures=box.failures + 1 if error_code else 0,
            )
            run = SessionRun(
                lease.mailbox_id, lease.epoch, box.started_at, self._org.clock.now(), dict(summary), error_code
            )
            self._org.sessions[lease.mailbox_id, lease.epoch] = run

    def info(self, mailbox_id: int) -> MailboxInfo:
        return self._org.mailbox(mailbox_id).info

    def working(self, mailbox_ids: Iterable[int], user_ids: Iterable[str] = ()) -> Mapping[int, MailboxInfo]:
        wanted, users = frozenset(mailbox_ids), forms(user_ids)
        return {
            mailbox_id: box.info
            for mailbox_id, box in sorted(self._org.mailboxes.items())
            if self._runs(box)
            and box.failures < FAILING
            and (mailbox_id in wanted or box.info.crm_user_id in users)
        }

    def _free(self, box: MailboxRow, now: datetime) -> bool:
        margin = timedelta(seconds=self._org.takeover)
        return self._runs(box) and (box.lease_until is None or box.lease_until + margin <= now)

    def _runs(self, box: MailboxRow) -> bool:
        return box.running and (box.info.leaving or not self._is_off(box.info.crm_user_id))

    def _is_off(self, user_id: str) -> bool:
        return user_id in self._org.inactive or user_id in self._org.frozen

    def _take(self, mailbox_id: int, now: datetime, holder: str, lease_seconds: float) -> Lease:
        box = self._org.mailboxes[mailbox_id]
        until = now + timedelta(seconds=lease_seconds)
        taken = replace(box, epoch=box.epoch + 1, lease_until=until, due_at=None, started_at=now)
        self._org.mailboxes[mailbox_id] = taken
        return Lease(mailbox_id, taken.epoch, until, holder, box.setbacks)


def _is_due(box: MailboxRow, now: datetime) -> bool:
    return box.due_at <= now if box.due_at else box.lease_until is not None


class _Items(_Bound, MemoryAwaiting):
    def cursors(self, mailbox_id: int) -> Mapping[str, Cursor]:
        return {name: cursor for (box, name), cursor in self._org.cursors.items() if box == mailbox_id}

    def save_cursors(self, lease: Lease, cursors: Iterable[Cursor]) -> None:
        with self._org.transaction():
            self._org.fence(lease)
            for cursor in cursors:
                self._org.cursors[lease.mailbox_id, cursor.collection] = cursor

    def items(self, mailbox_id: int, item_ids: Iterable[str]) -> Mapping[str, ItemState]:
        found = ((item_id, self._org.items.get((mailbox_id, item_id))) for item_id in item_ids)
        return {item_id: row.state for item_id, row in found if row}

    def save_items(
        self,
        lease: Lease,
        states: Iterable[ItemState],
        *,
        awaits: Mapping[str, frozenset[str]],
        known: Collection[str] = (),
        waiting_on: Collection[str] = (),
    ) -> None:
        with self._org.transaction():
            box = self._org.fence(lease)
            for state in states:
                emails = awaits.get(state.item_id, frozenset())
                settled = self._settled(state.reason_code, emails, known)
                flag = self._flag(box, lease, state, settled=settled)
                digests = frozenset(map(self._org.digests.address, emails))
                before = self._org.items.get((lease.mailbox_id, state.item_id))
                if before and state.item_id in waiting_on:
                    digests = before.awaits
                self._org.items[lease.mailbox_id, state.item_id] = ItemRow(state, digests, flag)
                if settled:
                    self._org.wake(lease.mailbox_id)

    def recheck_due(self, mailbox_id: int, now: datetime, limit: int) -> Sequence[str]:
        due = [
            (row.state.decided_at, item_id)
            for (box, item_id), row in self._org.items.items()
            if box == mailbox_id and (row.recheck is not None or (row.state.recheck_at or _LATE) <= now)
        ]
        return [item_id for _, item_id in sorted(due, key=lambda pair: pair[0])[:limit]]

    def saved_conversations(self, mailbox_id: int, conversation_ids: Iterable[str]) -> frozenset[str]:
        plain = self._org.digests.items_by_candidate(conversation_ids)
        return frozenset(
            plain[row.state.conversation]
            for (box, _), row in self._org.items.items()
            if box == mailbox_id and row.state.record and row.state.conversation in plain
        )

    def digest(self, plain: str) -> str:
        return self._org.digests.item(plain)

    def same(self, digest: str, plain: str) -> bool:
        return self._org.digests.same(digest, plain)

    def _flag(self, box: MailboxRow, lease: Lease, state: ItemState, *, settled: bool) -> int | None:
        """What keeps the item worth another look: see store/states/items.py."""
        before = self._org.items.get((lease.mailbox_id, state.item_id))
        if before and before.recheck is not None and before.recheck >= lease.epoch:
            return before.recheck
        moved = rules_moved(box, lease, state.reason_code)
        saved = self._org.saved.get(state.natural)
        joins = state.reason_code in AWAITING and saved is not None and not saved.deleted
        return lease.epoch if moved or joins or settled else None


class _Directory(_Bound):
    def saved(self, naturals: Iterable[str]) -> Mapping[str, SavedMail]:
        plain = self._org.digests.items_by_candidate(naturals)
        return {plain[digest]: self._org.saved[digest] for digest in plain if digest in self._org.saved}

    def remember_saved(self, natural: str, saved: SavedMail) -> None:
        with self._org.transaction():
            current, *older = self._org.digests.item_candidates(natural)
            for digest in older:
                if digest in self._org.saved:
                    del self._org.saved[digest]
            for digest in (current, *older):
                self._org.news[digest] = saved.origin
            sender = self._org.digests.item(saved.sender)
            self._org.saved[current] = replace(saved, natural=current, sender=sender)

    def people(self, emails: Iterable[str]) -> Mapping[str, tuple[Person, ...]]:
        found: dict[str, dict[str, Person]] = {email: {} for email in emails}
        plain = self._org.digests.addresses_by_candidate(found)
        for (digest, record_id), person in self._org.directory.items():
            if digest in plain:
                found[plain[digest]][record_id] = person
        return {email: tuple(sorted(people.values(), key=_age)) for email, people in found.items()}

    def opportunities(self, wanted: Iterable[Holding]) -> Mapping[Holding, tuple[Opportunity, ...]]:
        known = sorted(self._org.opportunities.values(), key=lambda one: one.record_id)
        return {
            holding: tuple(one for one in known if (one.owner_id, one.account_id) == holding) for holding in wanted
        }

    def forget_record(self, record: RecordRef) -> None:
        with self._org.transaction():
            for digest, saved in list(self._org.saved.items()):
                if saved.record.record_id == record.record_id:
                    self._org.saved[digest] = replace(saved, deleted=True)

    def deleted(self, records: Iterable[RecordRef]) -> frozenset[str]:
        known = {saved.record.record_id for saved in self._org.saved.values() if saved.deleted}
        return frozenset(record.record_id for record in records) & known


def _age(person: Person) -> tuple[datetime, str]:
    return (person.created_at or _LATE, person.record_id)


class _Log(_Bound, MemoryPosition, MemoryLinks):
    def tick_number(self) -> int:
        return self._org.next("ticks") - 1

    def watermarks(self) -> Mapping[str, Watermark]:
        return dict(self._org.watermarks)

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
        with self._org.transaction():
            new = self._append(changes)
            self._mark_deleted({change.record_id: change.deleted for change in changes})
            for mark in watermarks:
                self._org.watermarks[mark.object] = mark
            self._wake_copies()
            self._wake_colleagues()
            self._wake(self._update_directory(emails))
            for record_id, one in opportunities.items():
                if one is not None:
                    self._org.opportunities[record_id] = one
                elif record_id in self._org.opportunities:
                    del self._org.opportunities[record_id]
            self._update_users(self._org.inactive, {one: not active for one, active in users.items()})
            self._update_users(self._org.frozen, frozen)
        return new

    def _update_users(self, off: Table[str, bool], given: Mapping[str, bool]) -> None:
        now = self._org.clock.now()
        back = {user_id for user_id, is_off in given.items() if not is_off and user_id in off}
        for user_id in back:
            del off[user_id]
        for user_id in (one for one, is_off in given.items() if is_off):
            off[user_id] = True
        for mailbox_id, box in list(self._org.mailboxes.items()):
            if box.info.crm_user_id in back and box.due_at:
                self._org.mailboxes[mailbox_id] = replace(box, due_at=min(box.due_at, now))

    def _append(self, changes: Sequence[RecordChange]) -> int:
        new = []
        for change in changes:
            version = (change.record_id, change.modstamp, change.deleted)
            if version not in self._org.log:
                row = LogRow(self._org.next("log"), replace(change, fields={}), self._org.clock.now())
                self._org.log[version] = row
                new.append(row.change)
        self._wake_concerned(new)
        return len(new)

    def _mark_deleted(self, deleted: Mapping[str, bool]) -> None:
        for digest, saved in list(self._org.saved.items()):
            now = deleted.get(saved.record.record_id, saved.deleted)
            if now != saved.deleted:
                self._org.saved[digest] = replace(saved, deleted=now)

    def _update_directory(self, emails: Mapping[str, tuple[frozenset[str], Person | None]]) -> set[str]:
        """Digests of the addresses about whose Contacts or Leads this reading brought anything new."""
        present = {
            (self._org.digests.address(address), record_id): (address, person)
            for record_id, (addresses, person) in emails.items()
            if person is not None
            for address in addresses
        }
        moved: set[str] = set()
        for key in [key for key in self._org.directory if key[1] in emails and key not in present]:
            if self._org.directory[key].object != USER:
                moved.add(key[0])
            del self._org.directory[key]
        for key, (address, person) in present.items():
            if self._org.directory.get(key) != person and person.object != USER:
                moved.update(self._org.digests.address_candidates(address))
            self._org.directory[key] = person
        return moved

    def _wake(self, digests: set[str]) -> None:
        for key, row in list(self._org.items.items()):
            if row.awaits & digests:
                self._look_again(key, row)
        for place, linked in list(self._org.links.items()):
            if linked.awaits & digests:
                self._org.look_again(place, linked)

    def _wake_copies(self) -> None:
        """Those that wait though their mail was saved since the last tick."""
        for key, row in list(self._org.items.items()):
            waits = row.state.reason_code in AWAITING and row.state.natural in self._org.news
            if waits and key != self._org.news[row.state.natural]:
                self._look_again(key, row)
        for digest in list(self._org.news):
            del self._org.news[digest]

    def _look_again(self, key: tuple[int, str], row: ItemRow) -> None:
        self._org.items[key] = replace(row, recheck=self._org.mailboxes[key[0]].epoch)
        self._org.wake(key[0])


class MemoryStates(_Leases, _Items, MemoryThreads, _Directory, _Log):
    """ports.states.States over a MemoryOrg."""
