"""Links in memory; behaves as store/states/links.py does."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from crosstie.domain import reasons
from crosstie.domain.links import Bond, Copies, Link, Role, Side, SideState, Tally
from crosstie.domain.mailboxes import Lease
from crosstie.ports.links import UNSAID, Remembered
from crosstie.store.linking import SKEW, by_natural, by_record, distinct, is_seen
from crosstie.store.memory.awaiting import MemoryAwaiting, rules_moved
from crosstie.store.memory.world import LinkRow, MailboxRow, later

_LATE = datetime.max.replace(tzinfo=UTC)


class MemoryLinks(MemoryAwaiting):
    def links(self, mailbox_id: int, item_ids: Iterable[str]) -> Mapping[str, Link]:
        found = (self._org.links.get((mailbox_id, item_id, "")) for item_id in item_ids)
        return {row.link.item_id: row.link for row in found if row}

    def news_of(self, mailbox_id: int, versions: Mapping[str, str]) -> frozenset[str]:
        found = self.links(mailbox_id, versions)
        return frozenset(one for one, version in versions.items() if not is_seen(found.get(one), version))

    def links_of_records(self, mailbox_id: int, record_ids: Iterable[str]) -> Mapping[str, Link]:
        wanted = frozenset(record_ids)
        found = [link for link in self._own(mailbox_id) if link.record and link.record.record_id in wanted]
        found.reverse()
        found.sort(key=lambda link: (link.bond is Bond.JOINED, link.role is Role.LEAD, bool(link.item_id)))
        return {link.record.record_id: link for link in found if link.record}

    def links_of_series(self, mailbox_id: int, series_ids: Iterable[str]) -> Sequence[Link]:
        wanted = frozenset(series_ids) - {""}
        return [link for link in self._own(mailbox_id) if link.series_id in wanted]

    def meetings(self, naturals: Iterable[str]) -> Mapping[str, tuple[Link, ...]]:
        plain = self._org.digests.items_by_candidate(naturals)
        those = (row.link for row in self._rows() if row.link.natural in plain)
        known = (link for link in those if link.record or link.is_begun)
        return by_natural(plain, known)

    def sharers(self, record_ids: Iterable[str]) -> Mapping[str, tuple[Link, ...]]:
        wanted = frozenset(record_ids)
        joined = (row.link for row in self._rows() if row.link.bond is Bond.JOINED and row.link.item_id)
        return by_record(link for link in joined if link.record and link.record.record_id in wanted)

    def save_links(
        self,
        lease: Lease,
        links: Iterable[tuple[str, Link]],
        awaits: Mapping[str, frozenset[str]],
        known: Collection[str] = (),
        alike: Mapping[str, str] = UNSAID,
    ) -> None:
        last = distinct(lease, links)
        with self._org.transaction():
            box = self._org.fence(lease)
            last.sort(key=lambda pair: bool(pair[1].item_id))
            rows = [self._row(box, lease, pair, _awaited(pair[1], awaits), known) for pair in last]
            for row in [self._likened(row, alike) for row in rows]:
                alone = _alone(row.link)
                if alone in self._org.links:
                    del self._org.links[alone]
                self._org.links[_place(row.link)] = row
            if any(self._settled(link.reason_code, _awaited(link, awaits), known) for _, link in last):
                self._org.wake(lease.mailbox_id)

    def forget_links(self, lease: Lease, item_ids: Collection[str], record_ids: Collection[str] = ()) -> None:
        with self._org.transaction():
            self._org.fence(lease)
            gone = [(item_id, "") for item_id in item_ids if item_id] + [("", one) for one in record_ids]
            for place in gone:
                if (lease.mailbox_id, *place) in self._org.links:
                    del self._org.links[lease.mailbox_id, *place]

    def review_links(self, lease: Lease, record_ids: Collection[str]) -> None:
        self._review(lease, lambda link: link.record is not None and link.record.record_id in record_ids)

    def remembered(self, mailbox_id: int) -> Sequence[Remembered]:
        return [_remembered(link) for link in self._own(mailbox_id)]

    def note_listed(self, lease: Lease, item_ids: Collection[str], *, first: bool) -> None:
        with self._org.transaction():
            self._org.fence(lease)
            before = frozenset() if first else self._org.listed.get(lease.mailbox_id, frozenset())
            self._org.listed[lease.mailbox_id] = before | frozenset(item_ids)

    def unlisted(self, mailbox_id: int, item_ids: Collection[str], limit: int) -> Sequence[str]:
        listed = self._listed(mailbox_id, item_ids) | {""}
        return [link.item_id for link in self._own(mailbox_id) if link.item_id not in listed][:limit]

    def review_unlisted(self, lease: Lease, item_ids: Collection[str]) -> None:
        listed = self._listed(lease.mailbox_id, item_ids)
        self._review(lease, lambda link: bool(link.item_id) and link.item_id not in listed)

    def _listed(self, mailbox_id: int, item_ids: Collection[str]) -> frozenset[str]:
        return self._org.listed.get(mailbox_id, frozenset()) | frozenset(item_ids)

    def _review(self, lease: Lease, wanted: Callable[[Link], bool]) -> None:
        with self._org.transaction():
            self._org.fence(lease)
            for place, row in list(self._org.links.items()):
                if place[0] == lease.mailbox_id and wanted(row.link):
                    self._org.links[place] = replace(row, recheck=later(row.recheck, lease.epoch - 1))
                    self._org.wake(lease.mailbox_id)

    def links_due(self, mailbox_id: int, now: datetime, limit: int) -> Sequence[Link]:
        due = [
            row.link
            for row in self._rows()
            if row.link.mailbox_id == mailbox_id
            and (row.recheck is not None or (row.link.recheck_at or _LATE) <= now)
        ]
        return sorted(due, key=lambda link: link.decided_at)[:limit]

    def brought(
        self, mailbox_ids: Collection[int], but: Collection[str], limit: int
    ) -> Mapping[int, Sequence[Link]]:
        found = {one: [link for link in self._own(one) if _is_brought(link, but)][:limit] for one in mailbox_ids}
        return {one: links for one, links in found.items() if links}

    def tally(self, mailbox_id: int, reason_code: str) -> Tally:
        joined = [link for link in self._own(mailbox_id) if link.bond is Bond.JOINED]
        return Tally(len(joined), sum(link.reason_code == reason_code for link in joined))

    def alike(self, mailbox_id: int, said: Collection[str]) -> Mapping[str, int]:
        there = Counter(row.alike for row in self._joined_rows(mailbox_id))
        many = {one: sum(there[digest] for digest in self._org.digests.alike_candidates(one)) for one in said}
        return {one: count for one, count in many.items() if count}

    def copies(self, mailbox_id: int, reason_code: str, since: datetime) -> Copies:
        groups: dict[str, list[LinkRow]] = {}
        for row in self._joined_rows(mailbox_id):
            groups.setdefault(row.alike or "", []).append(row)
        late = [rows for rows in groups.values() if any(row.joined_at and row.joined_at >= since for row in rows)]
        held = sum(link.reason_code == reason_code for link in self._own(mailbox_id))
        return Copies(sum(len(rows) - 1 for rows in late), held)

    def _joined_rows(self, mailbox_id: int) -> list[LinkRow]:
        mine = (row for row in self._rows() if row.link.mailbox_id == mailbox_id)
        return [row for row in mine if row.link.bond is Bond.JOINED and row.alike]

    def seal(self, key: str, side: Side, values: Mapping[str, str]) -> Mapping[str, str]:
        return self._org.digests.sealed(key, side, values)

    def moved(self, key: str, side: Side, state: SideState, values: Mapping[str, str]) -> frozenset[str] | None:
        return self._org.digests.moved(key, side, state.digests, values)

    def _own(self, mailbox_id: int) -> Iterator[Link]:
        return (row.link for row in self._rows() if row.link.mailbox_id == mailbox_id)

    def _rows(self) -> list[LinkRow]:
        """The oldest first."""
        return sorted(self._org.links.values(), key=lambda row: row.number)

    def _row(
        self,
        box: MailboxRow,
        lease: Lease,
        given: tuple[str, Link],
        emails: frozenset[str],
        known: Collection[str],
    ) -> LinkRow:
        """As it is to be stored, by what is stored until now."""
        natural, link = given
        naturals = self._org.digests.naturals(natural, link.natural)
        stored = replace(link, natural=naturals[0] if naturals else "")
        awaits = frozenset(map(self._org.digests.address, emails))
        before = self._org.links.get(_place(link))
        if before and _was_answered(before, lease, link):
            stored = replace(stored, reason_code=before.link.reason_code)
        number = before.number if before else self._org.next("links")
        settled = self._settled(stored.reason_code, emails, known)
        alike = before.alike if before else None
        row = LinkRow(number, stored, awaits, self._link_flag(box, lease, stored, settled=settled), alike=alike)
        if before and before.link.bond is link.bond and before.link.record == link.record:
            return replace(row, joined_at=before.joined_at, news=before.news)
        if link.bond is not Bond.JOINED or link.record is None:
            return row
        news = frozenset() if self._joined(link) else frozenset(naturals)
        return replace(row, joined_at=self._org.clock.now(), news=news)

    def _likened(self, row: LinkRow, alike: Mapping[str, str]) -> LinkRow:
        said = alike.get(row.link.item_id)
        if said is None or row.alike == "":
            return row
        return replace(row, alike=self._org.digests.alike(said) if said else "")

    def _link_flag(self, box: MailboxRow, lease: Lease, link: Link, *, settled: bool) -> int | None:
        """What keeps the link worth another look: see store/states/links.py."""
        for place in (_place(link), _alone(link)):
            row = self._org.links.get(place)
            if row and row.recheck is not None and row.recheck >= lease.epoch:
                return row.recheck
        flagged = (
            rules_moved(box, lease, link.reason_code)
            or settled
            or (link.bond is Bond.NONE and bool(link.item_id) and self._joined_since(box, link))
        )
        return lease.epoch if flagged else None

    def _joined(self, link: Link) -> bool:
        """Some item is joined to this record already."""
        return any(
            row.link.bond is Bond.JOINED and row.link.record and row.link.record == link.record
            for row in self._org.links.values()
        )

    def _joined_since(self, box: MailboxRow, link: Link) -> bool:
        return any(
            row.joined_at is not None and box.started_at is not None and row.joined_at > box.started_at - SKEW
            for place, row in self._org.links.items()
            if row.link.bond is Bond.JOINED
            and link.natural
            and row.link.natural == link.natural
            and place != _place(link)
        )

    def _wake_colleagues(self) -> None:
        """Items alone of a meeting that was joined to a record since the last tick."""
        news = frozenset(digest for row in self._org.links.values() for digest in row.news)
        for place, row in list(self._org.links.items()):
            if row.news:
                self._org.links[place] = replace(row, news=frozenset())
            elif row.link.bond is Bond.NONE and row.link.item_id and row.link.natural in news:
                self._org.look_again(place, row)


def _was_answered(before: LinkRow, lease: Lease, link: Link) -> bool:
    """A person said during the session what it was about to ask."""
    during = before.recheck is not None and before.recheck >= lease.epoch
    return during and before.link.reason_code in reasons.SAID and link.reason_code in reasons.ASKING


def _is_brought(link: Link, but: Collection[str]) -> bool:
    if link.origin is not Side.CRM or not link.item_id:
        return False
    joined = link.bond is Bond.JOINED and link.reason_code not in but
    return joined or (link.bond is Bond.PARTED and link.recheck_at is not None)


def _remembered(link: Link) -> Remembered:
    version = link.item.version if link.item else ""
    record_id, seen = link.record.record_id if link.record else "", link.mirrored.version if link.mirrored else ""
    return link.item_id, version if is_seen(link, version) else "", record_id, seen


def _place(link: Link) -> tuple[int, str, str]:
    return (link.mailbox_id, *link.place)


def _alone(link: Link) -> tuple[int, str, str]:
    """Where the record of an item would lie without it."""
    return (link.mailbox_id, "", link.record.record_id if link.item_id and link.record else "")


def _awaited(link: Link, awaits: Mapping[str, frozenset[str]]) -> frozenset[str]:
    return awaits.get(link.item_id, frozenset()) if link.item_id else frozenset()
