"""What is known of the org for every mailbox: saved e-mails, and who an address belongs to."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from crosstie.domain.records import Opportunity, Person, RecordRef
from crosstie.domain.states import SavedMail
from crosstie.ports.states import Holding
from crosstie.store.models.fields import pack, unpack
from crosstie.store.sql import bound, count, joined, rows
from crosstie.store.states.base import Bound

_REMEMBER = """
    INSERT INTO store_savedmail
        (tenant_id, org_id, natural_digest, sender, sent_at, record_object, record_id, generation, deleted,
         origin_mailbox_id, origin_item_id, half, news)
    VALUES (%(tenant)s, %(org)s, %(natural)s, %(sender)s, %(sent_at)s, %(object)s, %(record)s,
            %(generation)s, %(deleted)s, %(mailbox)s, %(item)s, %(half)s, %(news)s::bytea[])
    ON CONFLICT (org_id, natural_digest) DO UPDATE SET
        sender = EXCLUDED.sender, sent_at = EXCLUDED.sent_at, record_object = EXCLUDED.record_object,
        record_id = EXCLUDED.record_id, generation = EXCLUDED.generation, deleted = EXCLUDED.deleted,
        origin_mailbox_id = EXCLUDED.origin_mailbox_id, origin_item_id = EXCLUDED.origin_item_id,
        half = EXCLUDED.half, news = EXCLUDED.news
"""


class DirectoryStates(Bound):
    def saved(self, naturals: Iterable[str]) -> Mapping[str, SavedMail]:
        plain = self._digests.items_by_candidate(naturals)
        found = rows(
            """
            SELECT natural_digest, sender, sent_at, record_object, record_id, generation, deleted,
                   origin_mailbox_id, origin_item_id, half
            FROM store_savedmail
            WHERE tenant_id = %(tenant)s AND org_id = %(org)s AND natural_digest = ANY(%(digests)s::bytea[])
            """,
            bound(self._scope, digests=[pack(digest) for digest in plain]),
        )
        return {
            plain[unpack(natural)]: SavedMail(
                natural=unpack(natural),
                sender=unpack(sender),
                sent_at=sent_at,
                record=RecordRef(name, record_id),
                generation=generation,
                deleted=deleted,
                origin=(mailbox_id, item_id),
                half=half,
            )
            for natural, sender, sent_at, name, record_id, generation, deleted, mailbox_id, item_id, half in found
        }

    def remember_saved(self, natural: str, saved: SavedMail) -> None:
        current, *older = self._digests.item_candidates(natural)
        params = bound(
            self._scope,
            natural=pack(current),
            sender=pack(self._digests.item(saved.sender)),
            sent_at=saved.sent_at,
            object=saved.record.object,
            record=saved.record.record_id,
            generation=saved.generation,
            deleted=saved.deleted,
            mailbox=saved.origin[0],
            item=saved.origin[1],
            half=saved.half,
            news=[pack(digest) for digest in (current, *older)],
        )
        with joined():
            if older:
                self._forget_digests(older)
            count(_REMEMBER, params)

    def people(self, emails: Iterable[str]) -> Mapping[str, tuple[Person, ...]]:
        wanted = list(dict.fromkeys(emails))
        plain = self._digests.addresses_by_candidate(wanted)
        found = rows(
            """
            SELECT address, object, record_id, account_id, created_at FROM store_directoryentry
            WHERE tenant_id = %(tenant)s AND org_id = %(org)s AND address = ANY(%(digests)s::bytea[])
            ORDER BY created_at NULLS LAST, record_id
            """,
            bound(self._scope, digests=[pack(digest) for digest in plain]),
        )
        people: dict[str, dict[str, Person]] = defaultdict(dict)
        for address, name, record_id, account_id, created_at in found:
            people[plain[unpack(address)]][record_id] = Person(name, record_id, account_id, created_at)
        return {email: tuple(people[email].values()) if email in people else () for email in wanted}

    def opportunities(self, wanted: Iterable[Holding]) -> Mapping[Holding, tuple[Opportunity, ...]]:
        asked = list(dict.fromkeys(wanted))
        found = rows(
            """
            SELECT o.record_id, o.account_id, o.owner_id, o.closes_on, o.modified_at, o.created_at
            FROM unnest(%(owners)s::text[], %(accounts)s::text[]) AS holding (owner_id, account_id)
            JOIN store_openopportunity o
                 ON o.owner_id = holding.owner_id AND o.account_id = holding.account_id
                 AND o.tenant_id = %(tenant)s AND o.org_id = %(org)s
            ORDER BY o.record_id
            """,
            bound(self._scope, owners=[owner for owner, _ in asked], accounts=[account for _, account in asked]),
        )
        held: dict[Holding, list[Opportunity]] = {holding: [] for holding in asked}
        for row in found:
            one = Opportunity(*row)
            held[one.owner_id, one.account_id].append(one)
        return {holding: tuple(some) for holding, some in held.items()}

    def forget_record(self, record: RecordRef) -> None:
        count(
            """
            UPDATE store_savedmail SET deleted = true
            WHERE tenant_id = %(tenant)s AND org_id = %(org)s AND record_id = %(record)s AND NOT deleted
            """,
            bound(self._scope, record=record.record_id),
        )

    def deleted(self, records: Iterable[RecordRef]) -> frozenset[str]:
        found = rows(
            """
            SELECT record_id FROM store_savedmail
            WHERE tenant_id = %(tenant)s AND org_id = %(org)s AND record_id = ANY(%(records)s::text[]) AND deleted
            """,
            bound(self._scope, records=[record.record_id for record in records]),
        )
        return frozenset(record_id for (record_id,) in found)

    def _forget_digests(self, digests: Iterable[str]) -> None:
        """Rows under older keys make room for the one under the current key."""
        count(
            """
            DELETE FROM store_savedmail
            WHERE tenant_id = %(tenant)s AND org_id = %(org)s AND natural_digest = ANY(%(digests)s::bytea[])
            """,
            bound(self._scope, digests=[pack(digest) for digest in digests]),
        )
