"""One subscription: what the client still wants, and the answers that are due."""

import itertools
import threading
from dataclasses import dataclass, field
from typing import Any

from sandbox.salesforce.events.bus import Bus, BusError, Told
from sandbox.salesforce.events.managed import Managed, ManagedSubscriptions
from sandbox.salesforce.events.wire import message
from sandbox.salesforce.ids import Id
from sandbox.switches import declare
from sandbox.world import World

MOST_EVENTS = 100
"""In one answer, whatever was asked for."""

EVENTS_TWICE = declare(
    "salesforce.events_twice",
    default=False,
    question="Is an event now and then delivered twice?",
    source="design 5: pages replayed",
)


@dataclass(slots=True)
class Stream:
    """What one subscriber still wants, fed by a thread that reads its requests."""

    topic: str
    pending: int = 0
    error: BusError | None = None
    ended: bool = False
    """The client asks for no more."""
    commits: list[Any] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def ask(self, number: int) -> None:
        with self.lock:
            self.pending += number

    def sent(self, number: int) -> int:
        with self.lock:
            self.pending -= number
            return self.pending


@dataclass(slots=True)
class Subscriber:
    world: World
    bus: Bus
    user: Id
    topic: str
    objects: frozenset[str]
    position: int
    managed: Managed | None = None
    kept: ManagedSubscriptions | None = None

    def next_answer(self, stream: Stream, rpc_id: str) -> Any | None:
        """What there is to send now, up to what the client asked for; BusError ends the stream."""
        if stream.error is not None:
            raise stream.error
        if stream.commits and self.managed is not None and self.kept is not None:
            refused = self.kept.commit(self.managed, stream.commits[0].replay_id)
            return self._committed(stream, stream.commits.pop(0), refused, rpc_id)
        most = min(stream.pending, MOST_EVENTS)
        waiting = self.bus.after(self.position, self.topic, self.objects)
        events = []
        for told in itertools.islice(waiting, max(most, 0)):
            events.append(self._event(told))
            self.position = told.position
        if events and len(events) < most and self._repeats():
            events.append(events[-1])
        return self.answer(stream, events, rpc_id) if events else None

    def _repeats(self) -> bool:
        return self.world.switches.on(EVENTS_TWICE) and self.world.dice.random() < 0.3

    def _event(self, told: Told) -> Any:
        schema_id, payload = self.bus.deliver(self.user, self.topic, told)
        event_id = f"{told.header['transactionKey']}-{told.header['sequenceNumber']}"
        event = message("ProducerEvent")(id=event_id, schema_id=schema_id, payload=payload)
        return message("ConsumerEvent")(event=event, replay_id=told.replay_id)

    def answer(self, stream: Stream, events: list[Any], rpc_id: str) -> Any:
        name = "FetchResponse" if self.managed is None else "ManagedFetchResponse"
        latest = events[-1].replay_id if events else self.bus.position.to_bytes(8, "big")
        pending = max(stream.sent(len(events)), 0)
        return message(name)(events=events, latest_replay_id=latest, rpc_id=rpc_id, pending_num_requested=pending)

    def _committed(self, stream: Stream, asked: Any, refused: str, rpc_id: str) -> Any:
        answer = self.answer(stream, [], rpc_id)
        answer.commit_response.commit_request_id = asked.commit_request_id
        answer.commit_response.replay_id = asked.replay_id
        answer.commit_response.process_time = int(self.world.clock.now().timestamp() * 1000)
        if refused:
            answer.commit_response.error.code = 2
            answer.commit_response.error.msg = refused
        return answer


def take(stream: Stream, request: Any) -> None:
    topic = getattr(request, "topic_name", "")
    if topic and topic != stream.topic:
        raise BusError("subscription.fetch.topic.mismatch", "A stream keeps its topic.")
    if hasattr(request, "topic_name"):
        check_number(request.num_requested)
    elif request.HasField("commit_replay_id_request"):
        stream.commits.append(request.commit_replay_id_request)
    stream.ask(request.num_requested)


def check_number(number: int) -> None:
    if number <= 0:
        said = "The number of requested events must be greater than zero."
        raise BusError("subscription.fetch.requested.events.invalid", said)
