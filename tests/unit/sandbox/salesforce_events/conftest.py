"""An org whose changes are followed by a client made from the vendor's own file."""

import importlib
import io
import json
import os
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import fastavro
import grpc
import pytest

from sandbox import company
from sandbox.build import build
from sandbox.clock import ManualClock
from sandbox.salesforce.events.service import EventService
from sandbox.salesforce.org import Org
from sandbox.world import World
from tests.places import SHARED

START = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
PROTO = SHARED / "contracts" / "salesforce" / "pubsub_api.proto"
WAIT = 20
"""Seconds until a stream that says nothing is taken for dead."""
Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Generated:
    """What the vendor's file is compiled to."""

    messages: Any
    stubs: Any


@pytest.fixture(scope="session")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Generated]:
    folder = tmp_path_factory.mktemp("pubsub")
    compiled(folder)
    sys.path.insert(0, str(folder))
    try:
        yield Generated(*map(importlib.import_module, ("pubsub_api_pb2", "pubsub_api_pb2_grpc")))
    finally:
        sys.path.remove(str(folder))


def compiled(folder: Path) -> None:
    from grpc_tools import protoc

    here = os.fspath(PROTO.parent)
    words = ["", f"-I{here}", f"--python_out={folder}", f"--grpc_python_out={folder}", os.fspath(PROTO)]
    assert protoc.main(words) == 0


@dataclass(slots=True)
class Listener:
    """One stream; requests are handed in, answers come in a thread of their own."""

    client: "Client"
    requests: list[Any] = field(default_factory=list)
    answers: list[Any] = field(default_factory=list)
    error: grpc.RpcError | None = None
    changed: threading.Condition = field(default_factory=threading.Condition)
    closed: bool = False
    call: Any = None

    def ask(self, **fields: Any) -> None:
        with self.changed:
            self.requests.append(fields)
            self.changed.notify_all()

    def asked(self, make: Any) -> Iterator[Any]:
        while True:
            with self.changed:
                self.changed.wait_for(lambda: self.requests or self.closed, timeout=WAIT)
                if not self.requests:
                    return
                fields = self.requests.pop(0)
            yield make(**fields)

    def hear(self) -> None:
        try:
            for answer in self.call:
                with self.changed:
                    self.answers.append(answer)
                    self.changed.notify_all()
        except grpc.RpcError as error:
            with self.changed:
                self.error = error
                self.changed.notify_all()

    def wait(self, answers: int) -> list[Any]:
        with self.changed:
            assert self.changed.wait_for(lambda: len(self.answers) >= answers or self.error, timeout=WAIT)
            return list(self.answers)

    def failure(self) -> tuple[grpc.StatusCode, str]:
        """The status, and the vendor's code out of the trailers."""
        with self.changed:
            assert self.changed.wait_for(lambda: self.error is not None, timeout=WAIT), "no error came"
        return failure(self.error)

    def events(self, number: int) -> list[dict[str, Any]]:
        """So many decoded events."""
        with self.changed:
            assert self.changed.wait_for(
                lambda: sum(len(answer.events) for answer in self.answers) >= number or self.error, timeout=WAIT
            ), f"only {self.answers}"
            found = [event for answer in self.answers for event in answer.events]
        return [self.client.decode(one) for one in found]

    def close(self) -> None:
        with self.changed:
            self.closed = True
            self.changed.notify_all()
        self.call.cancel()


def failure(error: Any) -> tuple[grpc.StatusCode, str]:
    trailers = dict(error.trailing_metadata())
    assert trailers["rpc-id"] in error.details()
    return error.code(), trailers["error-code"].removeprefix("sfdc.platform.eventbus.grpc.")


@dataclass(slots=True)
class Client:
    generated: Generated
    channel: grpc.Channel
    headers: Headers
    listeners: list[Listener] = field(default_factory=list)

    @property
    def stub(self) -> Any:
        return self.generated.stubs.PubSubStub(self.channel)

    def subscribe(
        self, topic: str, *, number: int = 100, headers: Headers | None = None, **first: Any
    ) -> Listener:
        messages = self.generated.messages
        return self._listen(
            self.stub.Subscribe,
            messages.FetchRequest,
            headers,
            {"topic_name": topic, "num_requested": number, **first},
        )

    def managed(self, *, number: int = 100, **first: Any) -> Listener:
        messages = self.generated.messages
        asked = {"num_requested": number, **first}
        return self._listen(self.stub.ManagedSubscribe, messages.ManagedFetchRequest, None, asked)

    def _listen(self, method: Any, make: Any, headers: Headers | None, first: dict[str, Any]) -> Listener:
        listener = Listener(self)
        self.listeners.append(listener)
        listener.ask(**first)
        chosen = self.headers if headers is None else headers
        listener.call = method(listener.asked(make), metadata=chosen)
        threading.Thread(target=listener.hear, daemon=True).start()
        return listener

    def topic(self, name: str) -> Any:
        return self.stub.GetTopic(self.generated.messages.TopicRequest(topic_name=name), metadata=self.headers)

    def schema(self, schema_id: str) -> dict[str, Any]:
        request = self.generated.messages.SchemaRequest(schema_id=schema_id)
        found: dict[str, Any] = json.loads(self.stub.GetSchema(request, metadata=self.headers).schema_json)
        return found

    def decode(self, consumer_event: Any) -> dict[str, Any]:
        """The payload by the schema it names, nulls left out; header bitmaps as field names."""
        schema = self.schema(consumer_event.event.schema_id)
        parsed = fastavro.parse_schema(schema)
        record = fastavro.schemaless_reader(io.BytesIO(consumer_event.event.payload), parsed, None)
        assert isinstance(record, dict)
        header = record["ChangeEventHeader"]
        for name in ("changedFields", "nulledFields", "diffFields"):
            header[name] = named(header[name], schema)
        return {name: value for name, value in record.items() if value is not None}


def named(bitmaps: list[str], schema: dict[str, Any]) -> set[str]:
    """A header's bitmaps as the guide for subscribers reads them: lowest bit first, `parent-bits` for parts."""
    found = set()
    records = _records(schema)
    for text in bitmaps:
        parent, _, bits = text.rpartition("-")
        fields, before = schema["fields"], ""
        if parent:
            field_of = schema["fields"][int(parent)]
            kind = next(kind for kind in field_of["type"] if kind != "null")
            fields = (kind if isinstance(kind, dict) else records[kind])["fields"]
            before = f"{field_of['name']}."
        number = int(bits, 16)
        found |= {before + one["name"] for place, one in enumerate(fields) if number >> place & 1}
    return found


def _records(schema: dict[str, Any]) -> dict[str, Any]:
    kinds = [kind for one in schema["fields"] for kind in _as_list(one["type"]) if isinstance(kind, dict)]
    return {kind["name"]: kind for kind in kinds if kind.get("type") == "record"}


def _as_list(kind: Any) -> list[Any]:
    return kind if isinstance(kind, list) else [kind]


@dataclass(slots=True)
class Scene:
    world: World
    clock: ManualClock
    org: Org
    company: company.Company
    service: EventService
    client: Client

    def later(self, **span: float) -> None:
        with self.world.lock:
            self.clock.advance(timedelta(**span))


@pytest.fixture
def scene(generated: Generated) -> Iterator[Scene]:
    clock = ManualClock(START)
    world = build(clock, seed=5).world
    made = company.found(world)
    site = made.site
    token = site.tokens.open_session(site.org.admin, "app", "api", clock.now(), timedelta(hours=2)).token
    headers = (("accesstoken", token), ("instanceurl", "https://larch.my.test"), ("tenantid", site.org.id))
    with EventService(world) as service, grpc.insecure_channel(service.address) as channel:
        client = Client(generated, channel, headers)
        yield Scene(world, clock, site.org, made, service, client)
        for listener in client.listeners:
            listener.close()
