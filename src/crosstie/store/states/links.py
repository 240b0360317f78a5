"""What one mailbox remembers of mirrored items and records, and what all of an org's say of one meeting."""

import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from crosstie.domain import reasons
from crosstie.domain.links import Bond, Copies, Link, Role, Side, SideState, Tally
from crosstie.domain.mailboxes import Lease
from crosstie.domain.records import RecordRef
from crosstie.ports.links import MOST_OF_A_MEETING, UNSAID, Remembered
from crosstie.store.linking import SKEW, by_natural, by_record, distinct
from crosstie.store.looks import RULED
from crosstie.store.models.fields import pack, pack_fields, unpack, unpack_fields
from crosstie.store.sql import bound, count, fence, joined, read_json, rows
from crosstie.store.states.awaiting import LINK, Awaiting

_COLUMNS = """item_id, natural_digest, key, bond, origin, role, reason_code, decided_at, record_object, record_id,
              item_version, item_digests, record_version, record_digests, generation, marked, warned,
              series_id, recheck_at"""

# As _SAVE in items.py. A record that is given an item hands its flag on to it. What is joined is news if it is
# the first that is joined to its record; an item alone is flagged where a colleague's was joined meanwhile.
_SAVE = """
    WITH alone AS (
        DELETE FROM store_link
        WHERE tenant_id = %(tenant)s AND org_id = %(org)s AND mailbox_id = %(mailbox)s AND item_id = ''
          AND record_id = ANY(%(with_items)s::text[])
        RETURNING record_id, recheck
    ), given AS (
        SELECT *, COALESCE(names[1], '') AS natural_digest FROM json_to_recordset(%(links)s::json) AS link (
            item_id text, key text, bond text, origin text, role text, reason_code text,
            decided_at timestamptz, record_object text, record_id text, item_version text, item_digests jsonb,
            record_version text, record_digests jsonb, generation int, marked boolean, warned boolean,
            series_id text, recheck_at timestamptz, alike bytea, place int, names bytea[])
    )
    INSERT INTO store_link AS s (tenant_id, org_id, mailbox_id, {columns}, alike, joined_at, news, recheck)
    SELECT %(tenant)s, %(org)s, %(mailbox)s, {columns}, alike,
           CASE WHEN bond = 'joined' AND record_id <> '' THEN %(now)s END,
           CASE WHEN bond = 'joined' AND record_id <> '' AND NOT EXISTS (
                    SELECT FROM store_link o
                    WHERE o.tenant_id = %(tenant)s AND o.org_id = %(org)s AND o.record_id = given.record_id
                      AND o.record_id <> '' AND o.bond = 'joined') THEN NULLIF(names, '{{}}') END,
           CASE WHEN %(rules_moved)s AND reason_code = ANY(%(ruled)s) THEN %(epoch)s
                WHEN EXISTS (SELECT FROM alone a
                             WHERE a.record_id = given.record_id AND a.recheck >= %(epoch)s) THEN %(epoch)s
                WHEN bond = 'none' AND item_id <> '' AND EXISTS (
                    SELECT FROM store_link o
                    JOIN store_mailbox m ON m.id = %(mailbox)s AND m.tenant_id = %(tenant)s
                    WHERE o.tenant_id = %(tenant)s AND o.org_id = %(org)s
                      AND o.natural_digest = given.natural_digest AND o.natural_digest <> ''
                      AND o.bond = 'joined' AND (o.mailbox_id, o.item_id) <> (%(mailbox)s, given.item_id)
                      AND o.joined_at > m.session_started_at - %(skew)s) THEN %(epoch)s END
    FROM given
    ORDER BY place
    ON CONFLICT {target} DO UPDATE SET
        natural_digest = EXCLUDED.natural_digest, key = EXCLUDED.key, bond = EXCLUDED.bond,
        origin = EXCLUDED.origin, role = EXCLUDED.role,
        reason_code = CASE WHEN s.recheck >= %(epoch)s AND s.reason_code = ANY(%(said)s)
                            AND EXCLUDED.reason_code = ANY(%(asking)s)
                           THEN s.reason_code ELSE EXCLUDED.reason_code END,
        decided_at = EXCLUDED.decided_at, record_object = EXCLUDED.record_object, record_id = EXCLUDED.record_id,
        item_version = EXCLUDED.item_version, item_digests = EXCLUDED.item_digests,
        record_version = EXCLUDED.record_version, record_digests = EXCLUDED.record_digests,
        generation = EXCLUDED.generation, marked = EXCLUDED.marked, warned = EXCLUDED.warned,
        series_id = EXCLUDED.series_id, recheck_at = EXCLUDED.recheck_at,
        alike = CASE WHEN s.alike = '' OR EXCLUDED.alike IS NULL THEN s.alike ELSE EXCLUDED.alike END,
        joined_at = CASE WHEN s.bond = EXCLUDED.bond AND s.record_id = EXCLUDED.record_id
                         THEN s.joined_at ELSE EXCLUDED.joined_at END,
        news = CASE WHEN s.bond = EXCLUDED.bond AND s.record_id = EXCLUDED.record_id
                    THEN s.news ELSE EXCLUDED.news END,
        recheck = CASE WHEN s.recheck >= %(epoch)s THEN s.recheck ELSE EXCLUDED.recheck END
    RETURNING item_id, id
"""
_SAVE_ALONE = _SAVE.format(columns=_COLUMNS, target="(mailbox_id, record_id) WHERE item_id = ''")
_SAVE_ITEMS = _SAVE.format(columns=_COLUMNS, target="(mailbox_id, item_id) WHERE item_id <> ''")
_FORGET = """
    WITH gone AS (
        SELECT id FROM store_link
        WHERE tenant_id = %(tenant)s AND org_id = %(org)s AND mailbox_id = %(mailbox)s
          AND (item_id <> '' AND item_id = ANY(%(items)s::text[])
               OR item_id = '' AND record_id = ANY(%(records)s::text[]))
    ), nobody AS (
        DELETE FROM store_awaitedaddress
        WHERE tenant_id = %(tenant)s AND org_id = %(org)s AND link_id IN (SELECT id FROM gone)
    )
    DELETE FROM store_link WHERE tenant_id = %(tenant)s AND id IN (SELECT id FROM gone)
"""
# The flag is older than the session, so that it ends with whatever this session looks at.
_REVIEW = """
    WITH flagged AS (
        UPDATE store_link SET recheck = GREATEST(recheck, %(before)s)
        WHERE tenant_id = %(tenant)s AND org_id = %(org)s AND mailbox_id = %(mailbox)s AND {which}
        RETURNING id
    )
    UPDATE store_mailbox SET due_at = LEAST(due_at, %(now)s)
    WHERE tenant_id = %(tenant)s AND org_id = %(org)s AND id = %(mailbox)s AND EXISTS (SELECT FROM flagged)
"""
_REMEMBERED = """
    SELECT item_id,
           CASE WHEN bond = 'joined' AND item_digests IS NOT NULL AND record_digests IS NOT NULL
                THEN item_version ELSE '' END,
           record_id, CASE WHEN record_digests IS NULL THEN '' ELSE record_version END
    FROM store_link
    WHERE tenant_id = %(tenant)s AND org_id = %(org)s AND mailbox_id = %(mailbox)s
"""
# As sets: the planner knows of neither how large it is.
_UNLISTED = """
    SELECT item_id FROM store_link
    WHERE tenant_id = %(tenant)s AND org_id = %(org)s AND mailbox_id = %(mailbox)s AND item_id <> ''
    EXCEPT SELECT json_array_elements_text(%(items)s::json)
    EXCEPT SELECT unnest(item_ids) FROM store_listed
           WHERE tenant_id = %(tenant)s AND mailbox_id = %(mailbox)s
"""
_REVIEW_RECORDS = _REVIEW.format(which="record_id = ANY(%(records)s::text[]) AND record_id <> ''")
_REVIEW_UNLISTED = _REVIEW.format(which=f"item_id IN ({_UNLISTED}) AND item_id <> ''")
_NOTE = """
    INSERT INTO store_listed (tenant_id, mailbox_id, item_ids)
    SELECT %(tenant)s, %(mailbox)s, ARRAY(SELECT json_array_elements_text(%(items)s::json))
"""
_FORGET_NOTES = "DELETE FROM store_listed WHERE tenant_id = %(tenant)s AND mailbox_id = %(mailbox)s"
_FIND = f"""
    SELECT mailbox_id, {_COLUMNS} FROM store_link
    WHERE tenant_id = %(tenant)s AND org_id = %(org)s AND """  # noqa: S608 - the columns are ours


_NEWS = """
    SELECT given.item_id FROM json_each_text(%(versions)s::json) AS given (item_id, version)
    LEFT JOIN LATERAL (
        SELECT id FROM store_link l
        WHERE l.tenant_id = %(tenant)s AND l.org_id = %(org)s AND l.mailbox_id = %(mailbox)s
          AND l.item_id = given.item_id AND l.item_id <> '' AND l.bond = 'joined'
          AND l.item_version = given.version AND l.item_version <> '' AND l.record_digests IS NOT NULL
        LIMIT 1
    ) AS seen ON true
    WHERE seen.id IS NULL
"""
_MEETINGS = f"""
    SELECT mailbox_id, {_COLUMNS} FROM unnest(%(digests)s::bytea[]) AS wanted (digest)
    CROSS JOIN LATERAL (
        SELECT id, mailbox_id, {_COLUMNS} FROM store_link
        WHERE tenant_id = %(tenant)s AND org_id = %(org)s AND natural_digest = wanted.digest
          AND (record_id <> '' OR (bond = 'none' AND record_digests IS NOT NULL))
        ORDER BY role DESC, id LIMIT %(most)s
    ) AS found
    ORDER BY id
"""  # noqa: S608 - the columns are ours

_SHARERS = f"""
    SELECT mailbox_id, {_COLUMNS} FROM unnest(%(records)s::text[]) AS wanted (record)
    CROSS JOIN LATERAL (
        SELECT id, mailbox_id, {_COLUMNS} FROM store_link
        WHERE tenant_id = %(tenant)s AND org_id = %(org)s AND record_id = wanted.record AND record_id <> ''
          AND bond = 'joined' AND item_id <> ''
        ORDER BY role DESC, id LIMIT %(most)s
    ) AS found
    ORDER BY id
"""  # noqa: S608 - the columns are ours


_BROUGHT = f"""
    SELECT mailbox_id, {_COLUMNS} FROM unnest(%(mailboxes)s::bigint[]) AS wanted (mailbox)
    CROSS JOIN LATERAL (
        SELECT id, mailbox_id, {_COLUMNS} FROM store_link
        WHERE tenant_id = %(tenant)s AND org_id = %(org)s AND mailbox_id = wanted.mailbox
          AND origin = 'crm' AND item_id <> ''
          AND (bond = 'joined' AND reason_code <> ALL(%(but)s::text[])
               OR bond = 'parted' AND recheck_at IS NOT NULL)
        ORDER BY id LIMIT %(limit)s
    ) AS found
    ORDER BY id
"""  # noqa: S608 - the columns are ours


_TALLY = """
    SELECT count(*), count(*) FILTER (WHERE reason_code = %(code)s) FROM store_link
    WHERE tenant_id = %(tenant)s AND org_id = %(org)s AND mailbox_id = %(mailbox)s AND bond = 'joined'
"""

_ALIKE = """
    SELECT alike, count(*) FROM store_link
    WHERE tenant_id = %(tenant)s AND org_id = %(org)s AND mailbox_id = %(mailbox)s AND bond = 'joined'
      AND alike = ANY(%(digests)s::bytea[])
    GROUP BY alike
"""
_COPIES = """
    SELECT (SELECT COALESCE(sum(n - 1), 0) FROM (
                SELECT count(*) AS n FROM store_link
                WHERE tenant_id = %(tenant)s AND org_id = %(org)s AND mailbox_id = %(mailbox)s AND bond = 'joined'
                  AND alike <> ''
                GROUP BY alike HAVING count(*) > 1 AND max(joined_at) >= %(since)s) AS several),
           (SELECT count(*) FROM store_link
            WHERE tenant_id = %(tenant)s AND org_id = %(org)s AND mailbox_id = %(mailbox)s
              AND reason_code = %(code)s)
"""


class LinkStates(Awaiting):
    def links(self, mailbox_id: int, item_ids: Iterable[str]) -> Mapping[str, Link]:
        found = self._found(
            "mailbox_id = %(mailbox)s AND item_id = ANY(%(items)s::text[]) AND item_id <> ''",
            mailbox=mailbox_id,
            items=list(item_ids),
        )
        return {link.item_id: link for link in found}

    def news_of(self, mailbox_id: int, versions: Mapping[str, str]) -> frozenset[str]:
        found = rows(_NEWS, bound(self._scope, mailbox=mailbox_id, versions=json.dumps(dict(versions))))
        return frozenset(item_id for (item_id,) in found)

    def links_of_records(self, mailbox_id: int, record_ids: Iterable[str]) -> Mapping[str, Link]:
        found = self._found(
            """record_id = ANY(%(records)s::text[]) AND record_id <> '' AND mailbox_id = %(mailbox)s
               ORDER BY bond = 'joined', role = 'lead', item_id <> '', id DESC""",
            mailbox=mailbox_id,
            records=list(record_ids),
        )
        return {link.record.record_id: link for link in found if link.record}

    def links_of_series(self, mailbox_id: int, series_ids: Iterable[str]) -> Sequence[Link]:
        return self._found(
            "mailbox_id = %(mailbox)s AND series_id = ANY(%(series)s::text[]) AND series_id <> '' ORDER BY id",
            mailbox=mailbox_id,
            series=list(series_ids),
        )

    def meetings(self, naturals: Iterable[str]) -> Mapping[str, tuple[Link, ...]]:
        plain = self._digests.items_by_candidate(naturals)
        given = bound(self._scope, digests=[pack(digest) for digest in plain], most=MOST_OF_A_MEETING)
        return by_natural(plain, map(_link, rows(_MEETINGS, given)))

    def sharers(self, record_ids: Iterable[str]) -> Mapping[str, tuple[Link, ...]]:
        given = bound(self._scope, records=list(dict.fromkeys(record_ids)), most=MOST_OF_A_MEETING)
        return by_record(map(_link, rows(_SHARERS, given)))

    def save_links(
        self,
        lease: Lease,
        links: Iterable[tuple[str, Link]],
        awaits: Mapping[str, frozenset[str]],
        known: Collection[str] = (),
        alike: Mapping[str, str] = UNSAID,
    ) -> None:
        last = distinct(lease, links)
        with joined():
            rules_epoch = fence(self._scope, lease)
            if not last:
                return
            params = bound(
                self._scope,
                mailbox=lease.mailbox_id,
                epoch=lease.epoch,
                now=self._clock.now(),
                rules_moved=rules_epoch >= lease.epoch,
                ruled=RULED,
                skew=SKEW,
                said=sorted(reasons.SAID),
                asking=sorted(reasons.ASKING),
            )
            alone = [(natural, link) for natural, link in last if not link.item_id]
            if alone:
                rows(_SAVE_ALONE, params | {"with_items": [], "links": self._given(alone, alike)})
            items = [(natural, link) for natural, link in last if link.item_id]
            with_items = [link.record.record_id for _, link in items if link.record]
            given = params | {"with_items": with_items, "links": self._given(items, alike)}
            saved = dict(rows(_SAVE_ITEMS, given))
            self._await(LINK, lease, saved, awaits, known)

    def forget_links(self, lease: Lease, item_ids: Collection[str], record_ids: Collection[str] = ()) -> None:
        with joined():
            fence(self._scope, lease)
            params = bound(self._scope, mailbox=lease.mailbox_id, items=list(item_ids), records=list(record_ids))
            count(_FORGET, params)

    def review_links(self, lease: Lease, record_ids: Collection[str]) -> None:
        self._review(lease, _REVIEW_RECORDS, records=list(record_ids))

    def remembered(self, mailbox_id: int) -> Sequence[Remembered]:
        return rows(_REMEMBERED, bound(self._scope, mailbox=mailbox_id))

    def note_listed(self, lease: Lease, item_ids: Collection[str], *, first: bool) -> None:
        params = bound(self._scope, mailbox=lease.mailbox_id, items=json.dumps(list(item_ids)))
        with joined():
            fence(self._scope, lease)
            if first:
                count(_FORGET_NOTES, params)
            if item_ids:
                count(_NOTE, params)

    def unlisted(self, mailbox_id: int, item_ids: Collection[str], limit: int) -> Sequence[str]:
        params = bound(self._scope, mailbox=mailbox_id, items=json.dumps(list(item_ids)), limit=limit)
        return [item_id for (item_id,) in rows(f"{_UNLISTED} LIMIT %(limit)s", params)]

    def review_unlisted(self, lease: Lease, item_ids: Collection[str]) -> None:
        self._review(lease, _REVIEW_UNLISTED, items=json.dumps(list(item_ids)))

    def _review(self, lease: Lease, statement: str, **params: Any) -> None:
        given = bound(self._scope, mailbox=lease.mailbox_id, before=lease.epoch - 1, now=self._clock.now())
        with joined():
            fence(self._scope, lease)
            count(statement, given | params)

    def links_due(self, mailbox_id: int, now: datetime, limit: int) -> Sequence[Link]:
        return self._found(
            """mailbox_id = %(mailbox)s AND (recheck IS NOT NULL OR recheck_at <= %(now)s)
               ORDER BY decided_at, id LIMIT %(limit)s""",
            mailbox=mailbox_id,
            now=now,
            limit=limit,
        )

    def brought(
        self, mailbox_ids: Collection[int], but: Collection[str], limit: int
    ) -> Mapping[int, Sequence[Link]]:
        given = bound(self._scope, mailboxes=list(mailbox_ids), but=list(but), limit=limit)
        found: dict[int, list[Link]] = {}
        for link in map(_link, rows(_BROUGHT, given)):
            found.setdefault(link.mailbox_id, []).append(link)
        return found

    def tally(self, mailbox_id: int, reason_code: str) -> Tally:
        ((joined, waiting),) = rows(_TALLY, bound(self._scope, mailbox=mailbox_id, code=reason_code))
        return Tally(joined, waiting)

    def alike(self, mailbox_id: int, said: Collection[str]) -> Mapping[str, int]:
        plain = {pack(digest): one for one in said for digest in self._digests.alike_candidates(one)}
        found = Counter[str]()
        for digest, many in rows(_ALIKE, bound(self._scope, mailbox=mailbox_id, digests=list(plain))):
            found[plain[bytes(digest)]] += many
        return found

    def copies(self, mailbox_id: int, reason_code: str, since: datetime) -> Copies:
        ((made, held),) = rows(_COPIES, bound(self._scope, mailbox=mailbox_id, code=reason_code, since=since))
        return Copies(int(made), held)

    def seal(self, key: str, side: Side, values: Mapping[str, str]) -> Mapping[str, str]:
        return self._digests.sealed(key, side, values)

    def moved(self, key: str, side: Side, state: SideState, values: Mapping[str, str]) -> frozenset[str] | None:
        return self._digests.moved(key, side, state.digests, values)

    def _found(self, condition: str, **params: Any) -> list[Link]:
        return [_link(row) for row in rows(_FIND + condition, bound(self._scope, **params))]

    def _given(self, links: Sequence[tuple[str, Link]], alike: Mapping[str, str]) -> str:
        """One document: an array a column would be quoted value by value."""
        given = []
        for place, (natural, link) in enumerate(links):
            names = self._digests.naturals(natural, link.natural)
            said = self._alike(alike.get(link.item_id))
            given.append({**_given(link), "alike": said, "place": place, "names": list(map(_hex, names))})
        return json.dumps(given)

    def _alike(self, said: str | None) -> str | None:
        """None: what is known stays."""
        if said is None:
            return None
        return _hex(self._digests.alike(said) if said else "")


def _given(link: Link) -> dict[str, object]:
    return {
        "item_id": link.item_id,
        "key": link.key,
        "bond": link.bond,
        "origin": link.origin,
        "role": link.role,
        "reason_code": link.reason_code,
        "decided_at": link.decided_at.isoformat(),
        "record_object": link.record.object if link.record else "",
        "record_id": link.record.record_id if link.record else "",
        "item_version": link.item.version if link.item else "",
        "item_digests": pack_fields(link.item.digests) if link.item else None,
        "record_version": link.mirrored.version if link.mirrored else "",
        "record_digests": pack_fields(link.mirrored.digests) if link.mirrored else None,
        "generation": link.generation,
        "marked": link.marked,
        "warned": link.warned,
        "series_id": link.series_id,
        "recheck_at": link.recheck_at.isoformat() if link.recheck_at else None,
    }


def _hex(digest: str) -> str:
    """As PostgreSQL reads bytes."""
    return rf"\x{pack(digest).hex()}"


def _side(version: str, digests: Any) -> SideState | None:
    return None if digests is None else SideState(version, unpack_fields(read_json(digests)))


def _link(row: tuple[Any, ...]) -> Link:
    mailbox_id, item_id, natural, key, bond, origin, role, code, decided_at, name, record_id, *rest = row
    item_version, item_digests, record_version, record_digests, generation, marked, warned, *rest = rest
    series_id, recheck_at = rest
    return Link(
        mailbox_id=mailbox_id,
        natural=unpack(natural),
        key=key,
        bond=Bond(bond),
        origin=Side(origin),
        reason_code=code,
        decided_at=decided_at,
        item_id=item_id,
        record=RecordRef(name, record_id) if record_id else None,
        role=Role(role),
        item=_side(item_version, item_digests),
        mirrored=_side(record_version, record_digests),
        generation=generation,
        marked=marked,
        warned=warned,
        series_id=series_id,
        recheck_at=recheck_at,
    )
