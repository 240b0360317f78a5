"""An org's event bus: which changes are told on which channel, for three days, within a daily allowance."""

import random
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sandbox.salesforce.core import Core
from sandbox.salesforce.errors import SalesforceError
from sandbox.salesforce.events.avro import EventSchema, event_name
from sandbox.salesforce.events.capture import Change, ChangeType, changes
from sandbox.salesforce.ids import Id
from sandbox.salesforce.records import Written
from sandbox.salesforce.soql.engine import QueryEngine
from sandbox.salesforce.usage import Usage
from sandbox.switches import declare

RETENTION = timedelta(hours=72)
ENTITIES = 5
"""Objects an org may select without the add-on, over all its channels."""
DELIVERIES = 25_000
"""Events a day, each subscriber counted: Enterprise Edition."""
STANDARD = "/data/ChangeEvents"
CAPTURED = frozenset(
    (
        *("Account", "Contact", "Lead", "Opportunity", "OpportunityContactRole", "Case", "User"),
        *("Task", "TaskRelation", "Event", "EventRelation", "EmailMessage"),
    )
)
"""Standard objects whose changes can be told; custom ones can, all of them."""

FILTERS_BY_REFERENCE = declare(
    "salesforce.channel_filters_by_reference",
    default=True,
    question="May the filter of a channel name a reference such as OwnerId?",
    source="notes P11",
)


class BusError(Exception):
    """`code` without the vendor's prefix; the gRPC status is the service's business."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True, slots=True)
class Member:
    """An object on a channel: all its changes, or those of records a WHERE clause takes; `enrich` fields are
    told with every change."""

    object: str
    filter: str = ""
    enrich: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """A change on the bus. `on` are the custom channels whose filters took it when it was committed."""

    position: int
    at: datetime
    change: Change
    header: Mapping[str, Any]
    on: frozenset[str]
    enriched: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @property
    def replay_id(self) -> bytes:
        return self.position.to_bytes(8, "big")


class Bus:
    def __init__(self, core: Core, queries: QueryEngine, admin: Id, dice: random.Random) -> None:
        self.core = core
        self.queries = queries
        self.admin = admin
        self.dice = dice
        self.add_on = False
        self.deliveries = Usage(DELIVERIES)
        self.channels: dict[str, dict[str, Member]] = {}
        """Custom channels, and the standard one, by their topic."""
        self.kept: deque[Told] = deque()
        self.position = dice.randrange(1_000, 100_000)
        """Of the last event; ids leave gaps."""
        self.oldest = self.position
        """Replay ids below are out of the retention window."""
        self.transactions = 0
        self.schemas: dict[str, EventSchema] = {}

    # -- what an administrator sets up

    def select(self, *objects: str) -> None:
        """Exactly these objects are told on the standard channel and on channels of their own."""
        self.set_channel(STANDARD, [Member(name) for name in objects])

    def set_channel(self, topic: str, members: Sequence[Member]) -> None:
        """Replace a channel's members; no members take the channel away."""
        custom = topic != STANDARD
        if custom and not (topic.startswith("/data/") and topic.endswith("__chn")):
            raise SalesforceError("INVALID_INPUT", f"{topic} is no name of a channel")
        known = {self._captured(one.object): one for one in members}
        others = {name for key, held in self.channels.items() if key != topic for name in held}
        if not self.add_on and len(others | known.keys()) > ENTITIES:
            message = f"You can select up to {ENTITIES} entities for Change Data Capture."
            raise SalesforceError("LIMIT_EXCEEDED", message)
        for name, member in known.items():
            self._check_member(name, member, custom=custom)
        self.channels[topic] = known
        if not known:
            del self.channels[topic]
        self.core.store.on_commit = self.committed if self.channels else None

    def _captured(self, name: str) -> str:
        shape = self.core.shape(name)
        if shape.name not in CAPTURED and not shape.name.endswith("__c"):
            raise SalesforceError("INVALID_INPUT", f"{shape.name} is not enabled for change data capture")
        return shape.name

    def _check_member(self, name: str, member: Member, *, custom: bool) -> None:
        shape = self.core.shape(name)
        if not custom and (member.filter or member.enrich):
            raise SalesforceError("INVALID_INPUT", "Only a custom channel has filters and enriched fields.")
        for enriched in member.enrich:
            if shape.field(enriched) is None:
                raise SalesforceError("INVALID_FIELD", f"No such column '{enriched}' on entity '{name}'.")
        if member.filter:
            named = [fact.name for fact in shape.present() if fact.name.lower() in member.filter.lower()]
            references = [one for one in named if shape.fields[one].type == "reference"]
            if references and not self.core.switches.on(FILTERS_BY_REFERENCE):
                raise SalesforceError("INVALID_FIELD", f"{references[0]} can't be used in a filter expression.")
            self._ids(name, member.filter)

    # -- what happens in the org

    def committed(self, log: Sequence[Written]) -> None:
        objects = {name for members in self.channels.values() for name in members}
        self._tell(changes(log, self.core.schema, objects, self.core.switches))

    def gap(self, kind: ChangeType, object_name: str, *record_ids: Id) -> None:
        """The vendor could not make an event of a change: it tells only that there was one."""
        self._tell([Change(object_name, record_ids, kind, self.admin)])

    def reset(self) -> None:
        """The org moved to another instance: what was kept and every replay id are gone."""
        self.kept.clear()
        self.position += self.dice.randrange(1_000_000, 2_000_000)
        self.oldest = self.position

    def _tell(self, found: Sequence[Change]) -> None:
        if not found:
            return
        now, actor = self.core.clock.now(), self.core.actor
        self.transactions += 1
        key = f"{self.dice.getrandbits(64):016x}-{self.transactions:04x}"
        for number, change in enumerate(found, 1):
            self.position += self.dice.randrange(1, 6)
            header = {
                "entityName": change.object,
                "recordIds": list(change.record_ids),
                "changeType": change.kind,
                "changeOrigin": actor.origin,
                "transactionKey": key,
                "sequenceNumber": number,
                "commitTimestamp": int(now.timestamp() * 1000),
                "commitNumber": int(now.timestamp() * 1_000_000) + self.transactions,
                "commitUser": actor.user or change.user or self.admin,
                "diffFields": list(change.differing),
            }
            on, enriched = self._placed(change)
            self.kept.append(Told(self.position, now, change, header, on, enriched))
        self._expire()

    def _placed(self, change: Change) -> tuple[frozenset[str], dict[str, dict[str, Any]]]:
        """The custom channels that take a change, and what they tell beside it."""
        on, enriched = set(), {}
        for topic, members in self.channels.items():
            member = members.get(change.object)
            if member is None or not self._passes(member, change):
                continue
            on.add(topic)
            row = self.core.row(change.record_ids[0]) or {}
            enriched[topic] = {name: row[name] for name in member.enrich if name in row}
        return frozenset(on), enriched

    def _passes(self, member: Member, change: Change) -> bool:
        """Gap events pass every filter: nothing is known of what they are about."""
        if not member.filter or (change.values is None and change.kind is not ChangeType.DELETE):
            return True
        return bool(self._ids(member.object, f"Id = '{change.record_ids[0]}' AND ({member.filter})"))

    def _ids(self, object_name: str, condition: str) -> list[Id]:
        """The condition is an administrator's own SOQL."""
        soql = f"SELECT Id FROM {object_name} WHERE {condition} LIMIT 1"  # noqa: S608
        page = self.queries.query(self.admin, soql, all_rows=True, batch_size=2000)
        return [row["Id"] for row in page.records]

    def _expire(self) -> None:
        limit = self.core.clock.now() - RETENTION
        while self.kept and self.kept[0].at < limit:
            self.oldest = self.kept.popleft().position

    # -- what a subscriber asks

    def topic(self, user: Id, topic: str) -> frozenset[str]:
        """The objects a topic tells of; BusError when there is none of that name, or none for this user."""
        if not topic:
            raise BusError("topic.validation.empty", "The topic name is blank.")
        standard = self.channels.get(STANDARD, {})
        single = {f"/data/{event_name(name)}": name for name in standard}
        if topic in single:
            objects = frozenset((single[topic],))
        elif topic in self.channels or topic == STANDARD:
            objects = frozenset(self.channels.get(topic, ()))
        else:
            raise BusError("topic.not.found", f"Topic not found: {topic}")
        if not self.core.access.views_all(user):
            raise BusError("subscription.topic.cannot.subscribe", f"No permission to subscribe to {topic}")
        return objects

    def start(self, preset: str, replay_id: bytes) -> int:
        """The position after which a subscription begins."""
        self._expire()
        match preset:
            case "EARLIEST":
                return self.oldest
            case "CUSTOM":
                return self._position_of(replay_id)
        return self.position

    def _position_of(self, replay_id: bytes) -> int:
        if not replay_id:
            message = "Replay preset CUSTOM was given without a replay ID."
            raise BusError("subscription.fetch.replayid.validation.failed", message)
        position = int.from_bytes(replay_id, "big")
        if len(replay_id) != 8 or not self.oldest <= position <= self.position:
            message = "The Replay ID validation failed: it is corrupted or out of the retention window."
            raise BusError("subscription.fetch.replayid.corrupted", message)
        return position

    def after(self, position: int, topic: str, objects: frozenset[str]) -> Iterator[Told]:
        """What a topic tells after a position."""
        custom = topic if topic in self.channels and topic != STANDARD else None
        for told in self.kept:
            if told.position > position and told.change.object in objects and (not custom or custom in told.on):
                yield told

    def deliver(self, user: Id, topic: str, told: Told) -> tuple[str, bytes]:
        """The schema's id and the payload of an event, which is counted. What the user may not see is left out."""
        now = self.core.clock.now()
        if self.deliveries.exhausted(now):
            message = "You have exceeded the event delivery limit for your org."
            raise BusError("subscription.limit.exceeded", message)
        self.deliveries.count(now)
        schema, change = self.schema(told.change.object), told.change
        hidden = {name for name in change.told if self.core.access.hides(user, change.object, name)}
        values = {**told.enriched.get(topic, {}), **(change.values or {})}
        seen = {name: value for name, value in values.items() if name not in hidden}
        nulled = [name for name in change.nulled if name not in hidden]
        header = dict(told.header)
        header["diffFields"] = [name for name in change.differing if name not in hidden]
        return schema.id, schema.encode(header, seen, nulled)

    def schema(self, object_name: str) -> EventSchema:
        """As the object is now; earlier ones stay known by their id."""
        made = EventSchema(self.core.shape(object_name))
        return self.schemas.setdefault(made.id, made)

    def schema_by_id(self, schema_id: str) -> EventSchema:
        if not schema_id:
            raise BusError("schema.validation.failed", "The schema ID is blank.")
        for members in self.channels.values():
            for name in members:
                self.schema(name)
        found = self.schemas.get(schema_id)
        if found is None:
            raise BusError("schema.meta.permission", f"No schema of the ID {schema_id} is accessible.")
        return found
