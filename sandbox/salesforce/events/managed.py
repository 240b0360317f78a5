"""Managed subscriptions: the vendor remembers how far a subscriber came."""

from dataclasses import dataclass, field
from typing import Any

from sandbox.salesforce.errors import SalesforceError
from sandbox.salesforce.events.bus import Bus, BusError
from sandbox.salesforce.ids import Id

MOST = 200
"""Managed subscriptions of one org."""
PREFIX = "18x"


@dataclass(slots=True)
class Managed:
    id: Id
    developer_name: str
    topic: str
    position: int
    running: bool = True
    active: bool = False
    """Somebody is subscribed; a second one is refused."""


@dataclass(slots=True)
class ManagedSubscriptions:
    bus: Bus
    by_id: dict[Id, Managed] = field(default_factory=dict)

    def add(self, developer_name: str, topic: str, *, preset: str = "LATEST") -> Managed:
        """What an administrator deploys as ManagedEventSubscription."""
        if len(self.by_id) >= MOST:
            raise SalesforceError("LIMIT_EXCEEDED", f"An org has {MOST} managed event subscriptions at most.")
        self.bus.topic(self.bus.admin, topic)
        made = Managed(self.bus.core.ids.make(PREFIX), developer_name, topic, self.bus.start(preset, b""))
        self.by_id[made.id] = made
        return made

    def find(self, request: Any) -> Managed:
        """Of the first request of a stream, by exactly one of id and developer name."""
        wanted, name = request.subscription_id, request.developer_name
        if bool(wanted) == bool(name):
            raise BusError("managed.subscription.id.or.developer.name.empty", "Give exactly one identifier.")
        if request.HasField("commit_replay_id_request"):
            code = "managed.subscription.fetch.request.commit.request.restricted"
            raise BusError(code, "The first request commits nothing.")
        if wanted and len(wanted) not in (15, 18):
            raise BusError("managed.subscription.subscription.id.invalid", "The ID has the wrong length.")
        kept = self.by_id.values()
        found = next(
            (one for one in kept if name == one.developer_name or (wanted and one.id.startswith(wanted))), None
        )
        if found is None:
            which = "subscription.id" if wanted else "developer.name"
            raise BusError(f"managed.subscription.{which}.not.found", "There is no such subscription.")
        if not found.running:
            raise BusError("managed.subscription.config.stopped", "The subscription is stopped.")
        if found.active:
            raise BusError("managed.subscription.already.active", "The subscription is in use.")
        return found

    def commit(self, managed: Managed, replay_id: bytes) -> str:
        """Move a subscription's place; the refusal in words, empty when it moved."""
        try:
            position = self.bus.start("CUSTOM", replay_id)
        except BusError as error:
            return error.message
        if position < managed.position:
            return "A later replay ID is committed already."
        managed.position = position
        return ""
