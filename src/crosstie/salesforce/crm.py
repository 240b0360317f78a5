"""The port `Crm`, and the door to every org."""

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from crosstie.domain.activation import CrmUser
from crosstie.domain.clock import Clock
from crosstie.domain.errors import NeedsConsent
from crosstie.domain.preflight import OrgAbout, Rights
from crosstie.domain.products import OrgLook
from crosstie.domain.records import (
    Housed,
    Person,
    Record,
    RecordDraft,
    RecordLinks,
    RecordRef,
    RecordUpdate,
    Written,
)
from crosstie.ports.crm import ChangeSet, CrmCapabilities, Made, Mention, Recorded, Removal, Sought, Traced, Watch
from crosstie.ports.vault import Exchange, Secrets, Step
from crosstie.salesforce import (
    changes,
    companies,
    fields,
    hosts,
    links,
    lookup,
    made,
    named,
    products,
    reading,
    recorded,
    removal,
    rights,
    roster,
    tracing,
)
from crosstie.salesforce.access import Sight
from crosstie.salesforce.auth import Authority, OrgConnection, Token
from crosstie.salesforce.changing import Changer
from crosstie.salesforce.client import Client
from crosstie.salesforce.describe import SchemaCache
from crosstie.salesforce.governor import DEFAULT_SHARE, Governor, Meter
from crosstie.salesforce.hidden import Hidden
from crosstie.salesforce.pace import Memory
from crosstie.salesforce.packing import COLLECTION, GRAPHS
from crosstie.salesforce.session import OrgSession
from crosstie.salesforce.writes import Writer
from crosstie.transport import Http

Entry = tuple[str, str, str, str]
"""Where an org is entered, how, by which app and as whom: a session of one entry is none of another."""


class SalesforceCrm:
    """One org under one identity. What it learns about the org lasts as long as the object."""

    def __init__(self, client: Client, clock: Clock) -> None:
        self.client = client
        self._schemas = SchemaCache(client, clock)
        self._hidden = Hidden(clock)
        self._sight = Sight(clock)
        self._clock = clock
        self._writer = Writer(client, self._schemas, Memory(Hidden(clock), GRAPHS), clock)
        self._changer = Changer(client, self._schemas, Memory(Hidden(clock), COLLECTION), clock)

    @property
    def meter(self) -> Meter:
        """Metered calls so far, by kind."""
        return self.client.meter

    def calls_left(self) -> tuple[int, int]:
        """Metered calls that the org still gives everybody today, and how many a day. Costs one."""
        return self.client.calls_left()

    def capabilities(self) -> CrmCapabilities:
        found = self._schemas.get().capabilities()
        token, now = self.client.session.token(), self._clock.now()
        return replace(
            found,
            hosts=hosts.of_records(token.instance),
            org_id=token.org_id,
            long_events=self._writer.memory.takes_long(now) and self._changer.memory.takes_long(now),
        )

    def changes(self, watches: Sequence[Watch]) -> ChangeSet:
        return changes.changes(self.client, self._hidden, watches)

    def create(self, drafts: Sequence[RecordDraft], *, duplicates: bool = True) -> Sequence[Written]:
        return self._writer.create(drafts, duplicates=duplicates)

    def records(self, records: Sequence[RecordRef], fields: Mapping[str, Sequence[str]]) -> Mapping[str, Record]:
        return reading.records(self.client, self._schemas, records, fields)

    def update(self, updates: Sequence[RecordUpdate]) -> Sequence[Written]:
        return self._changer.update(updates)

    def delete(self, records: Sequence[RecordRef]) -> Sequence[Written]:
        return self._changer.delete(records)

    def find(self, drafts: Sequence[RecordDraft], *, deleted_too: bool = False) -> Mapping[str, str]:
        return lookup.find(self.client, self._schemas.get(), drafts, deleted_too=deleted_too) if drafts else {}

    def complete(self, drafts: Sequence[RecordDraft], record_ids: Sequence[str]) -> Sequence[Written]:
        return self._writer.complete(drafts, record_ids)

    def links(self, records: Sequence[RecordRef]) -> Mapping[str, RecordLinks]:
        return links.links(self.client, records)

    def named(self, mentions: Sequence[Mention]) -> Sequence[str]:
        return named.named(self.client, mentions)

    def hidden(self, claims: Iterable[tuple[str, str]]) -> Set[tuple[str, str]]:
        return self._sight.hidden(self.client, claims)

    def remove(self, record: RecordRef, user_id: str) -> Removal:
        return removal.remove(self.client, self._schemas.get(), record, user_id)

    def made(self, keys: Sequence[str], besides: RecordRef) -> Mapping[str, Made]:
        return made.made(self.client, self._schemas.get(), keys, besides)

    def trace(self, sought: Sequence[Sought]) -> Sequence[Traced]:
        return tracing.trace(self.client, self._schemas.get(), sought)

    def persons(self, record_ids: Sequence[str]) -> Mapping[str, Person]:
        return tracing.persons(self.client, self._schemas.get(), record_ids)

    def person_type(self) -> str:
        return tracing.person_type(self.client, self._schemas.get())

    def accounts(self, domains: Mapping[str, str]) -> Mapping[str, Housed]:
        return companies.accounts(self.client, self._schemas.get(), domains)

    def recorded(self, message_ids: Sequence[str], task_fields: Sequence[str]) -> Sequence[Recorded]:
        return recorded.recorded(self.client, self._schemas.get(), message_ids, task_fields)

    def stamp(self, keys: Mapping[RecordRef, str]) -> frozenset[str]:
        return recorded.stamp(self.client, self._schemas.get(), keys)

    def has_room(self) -> bool:
        return self.client.governor.has_room

    def products(self, since: datetime) -> OrgLook:
        return products.look(self.client, self._schemas.get(), since)

    def active_users(self) -> Sequence[CrmUser]:
        return roster.active(self.client)

    def users_of(self, addresses: Sequence[str]) -> Sequence[CrmUser]:
        """Active or not; an address may be of several."""
        return roster.by_address(self.client, addresses)

    def users(self, user_ids: Sequence[str]) -> Sequence[CrmUser]:
        return roster.by_id(self.client, user_ids)

    def ourselves(self) -> str:
        """The user whose rights we work with."""
        return roster.ourselves(self.client)

    def rights(self) -> Rights:
        return rights.look(self.client)

    def about(self) -> OrgAbout:
        return rights.about(self.client)

    def lacking(self, fields: Mapping[str, Sequence[str]]) -> Sequence[str]:
        """Of these, by object, those that a new record cannot carry, as `Object.Field`."""
        schema = self._schemas.get()
        return [f"{name}.{one}" for name, ones in fields.items() for one in ones if not schema.takes(name, one)]

    def make_field(self, full_name: str, metadata: Mapping[str, Any]) -> bool:
        """False where there is one of that name. Raises what the org says to it."""
        return fields.create(self.client, full_name, metadata)

    def show_fields(self, label: str, description: str, shown: Sequence[tuple[str, str]]) -> None:
        """Let the user we act as read and write these fields (object, name), by a permission set of ours."""
        set_id = fields.permission_set(self.client, label, description)
        for object_name, name in shown:
            fields.grant(self.client, set_id, object_name, name)
        fields.assign(self.client, set_id, self.ourselves())

    def alive(self, records: Sequence[RecordRef]) -> Mapping[str, bool]:
        return lookup.alive(self.client, records)


@dataclass(slots=True)
class SalesforceAccess:
    """Opens orgs, each once: sessions, allowance and what was learned are shared by all who work on an org.

    `connections` answers how an org is entered, with its secrets, and is asked whenever a session begins;
    `exchange` changes these secrets where a session is had for one of them.
    """

    http: Http
    connections: Callable[[int], OrgConnection]
    clock: Clock
    exchange: Exchange
    trusted: frozenset[str] = frozenset()
    """Origins beside the vendor's that may be logged in to, such as a sandbox's."""
    share: float = DEFAULT_SHARE
    _open: dict[int, tuple[Entry, SalesforceCrm]] = field(default_factory=dict, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    @property
    def authority(self) -> Authority:
        return Authority(self.http, self.clock, self.trusted)

    def open(self, org_id: int) -> SalesforceCrm:
        """Anew where somebody has connected the org otherwise, here or in another process."""
        entry = _entry(self.connections(org_id))
        with self._lock:
            kept = self._open.get(org_id)
            if kept is None or kept[0] != entry:
                kept = self._open[org_id] = entry, SalesforceCrm(self._client(self._session(org_id)), self.clock)
            return kept[1]

    def visit(self, connection: OrgConnection, token: Token | None = None) -> SalesforceCrm:
        """An org that is not connected like this, or not yet: nothing of it is kept."""
        session = OrgSession(self.authority, lambda: connection, _not_again, token)
        return SalesforceCrm(self._client(session), self.clock)

    def forget(self, org_id: int) -> None:
        """What was learned of the org may not hold any more: the next `open` starts anew."""
        with self._lock:
            self._open.pop(org_id, None)

    def _session(self, org_id: int) -> OrgSession:
        return OrgSession(
            self.authority,
            lambda: self.connections(org_id),
            lambda step: self.exchange(org_id, step),
        )

    def _client(self, session: OrgSession) -> Client:
        return Client(self.http, session, Governor(self.clock, self.share), Meter(), self.clock)


def _entry(connection: OrgConnection) -> Entry:
    return connection.login_url, connection.mode.value, connection.client_id, connection.username


def _not_again(_step: Step) -> Secrets:
    """Its refresh token is not ours yet to be exchanged."""
    raise NeedsConsent("CRM-SESSION")
