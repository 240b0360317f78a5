"""The Pub/Sub API over gRPC: sign-in by metadata, keep-alives, the vendor's error codes in trailers."""

import itertools
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, NoReturn, Self

import grpc

from sandbox.salesforce.events.bus import BusError
from sandbox.salesforce.events.stream import Stream, Subscriber, check_number, take
from sandbox.salesforce.events.wire import METHODS, SERVICE, message
from sandbox.salesforce.ids import Id
from sandbox.salesforce.site import Site, site_of_token
from sandbox.world import World

PREFIX = "sfdc.platform.eventbus.grpc."
KEEP_ALIVE = timedelta(seconds=270)
STREAMS = 1_000
PAUSE = 0.05
"""Seconds between looks for something new."""
THREADS = 64
_NAMES = {0: "LATEST", 1: "EARLIEST", 2: "CUSTOM"}
_STATUS = {
    "service.auth.": grpc.StatusCode.UNAUTHENTICATED,
    "topic.not.found": grpc.StatusCode.NOT_FOUND,
    "topic.meta.permission": grpc.StatusCode.PERMISSION_DENIED,
    "subscription.topic.cannot.subscribe": grpc.StatusCode.PERMISSION_DENIED,
    "subscription.limit.exceeded": grpc.StatusCode.RESOURCE_EXHAUSTED,
    "concurrent.client.limit.exceeded": grpc.StatusCode.RESOURCE_EXHAUSTED,
    "service.unavailable": grpc.StatusCode.UNAVAILABLE,
    "managed.subscription.already.active": grpc.StatusCode.ALREADY_EXISTS,
}
"""By the beginning of the code; every other is INVALID_ARGUMENT. The pairs are recall, the codes documented."""


class EventService:
    """`with EventService(world) as service: grpc.insecure_channel(service.address)`."""

    def __init__(
        self, world: World, *, host: str = "127.0.0.1", port: int = 0, tls: tuple[bytes, bytes] | None = None
    ) -> None:
        """`tls` is key and certificate, PEM."""
        self.world = world
        self.streams = STREAMS
        self._open = 0
        self._calls = itertools.count(1)
        self._stopping = threading.Event()
        self._server = grpc.server(ThreadPoolExecutor(THREADS, thread_name_prefix="events"))
        self._server.add_generic_rpc_handlers((self._handlers(),))
        address = f"{host}:{port}"
        if tls:
            self.port = self._server.add_secure_port(address, grpc.ssl_server_credentials([tls]))
        else:
            self.port = self._server.add_insecure_port(address)
        self.address = f"{host}:{self.port}"

    def start(self) -> Self:
        self._server.start()
        return self

    def stop(self) -> None:
        self._stopping.set()
        self._server.stop(grace=1).wait()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _handlers(self) -> grpc.GenericRpcHandler:
        doing: dict[str, Callable[..., Any]] = {
            "Subscribe": self._subscribe,
            "GetSchema": self._get_schema,
            "GetTopic": self._get_topic,
            "Publish": self._publish,
            "PublishStream": self._publish_stream,
            "ManagedSubscribe": self._managed_subscribe,
        }
        made = {}
        for name, (asked, answered) in METHODS.items():
            shape = f"{'stream' if asked[0] == '*' else 'unary'}_{'stream' if answered[0] == '*' else 'unary'}"
            handler = getattr(grpc, f"{shape}_rpc_method_handler")
            request, answer = message(asked.lstrip("*")), message(answered.lstrip("*"))
            made[name] = handler(doing[name], request.FromString, answer.SerializeToString)
        return grpc.method_handlers_generic_handler(SERVICE, made)

    # -- each call

    def _begin(self, context: grpc.ServicerContext, name: str) -> tuple[Site, Id, str]:
        """The org, the user, and this call's id; a call that may not go on ends here."""
        rpc_id = f"{next(self._calls):08x}-sandbox"
        with self._refusing(context, rpc_id):
            site, user = self._signed_in(context)
            self._log(name, site)
            if self.world.faults.take("events", name, site.org.id) is not None:
                raise BusError("service.unavailable", "The service is unavailable.")
        return site, user, rpc_id

    @contextmanager
    def _refusing(self, context: grpc.ServicerContext, rpc_id: str) -> Iterator[None]:
        """Work on the world; a BusError ends the call with its code in the trailers."""
        try:
            with self.world.lock:
                yield
        except BusError as error:
            _end(context, error, rpc_id)

    def _signed_in(self, context: grpc.ServicerContext) -> tuple[Site, Id]:
        given = {key: value for key, value in context.invocation_metadata() if isinstance(value, str)}
        wanted = ("accesstoken", "instanceurl", "tenantid")
        if not all(given.get(name, "").strip() for name in wanted):
            raise BusError("service.auth.headers.invalid", "A header of the authentication is blank.")
        site = site_of_token(self.world, given["accesstoken"])
        session = site.tokens.session(given["accesstoken"], self.world.clock.now()) if site else None
        if site is None or session is None or given["tenantid"] != site.org.id:
            raise BusError("service.auth.error", "The session is not valid.")
        return site, session.user

    def _log(self, name: str, site: Site) -> None:
        self.world.requests.add(
            at=self.world.clock.now(),
            face="events",
            route=name,
            method="POST",
            path=f"/{SERVICE}/{name}",
            query="",
            status=200,
            subject=site.org.id,
            parts=(),
            request_body=b"",
            request_size=0,
        )

    def _get_topic(self, request: Any, context: grpc.ServicerContext) -> Any:
        site, user, rpc_id = self._begin(context, "GetTopic")
        bus, schema_id = site.org.events, ""
        with self._refusing(context, rpc_id):
            objects = bus.topic(user, request.topic_name)
            if len(objects) == 1:
                schema_id = bus.schema(next(iter(objects))).id
        return message("TopicInfo")(
            topic_name=request.topic_name,
            tenant_guid=f"sandbox/{site.org.id}",
            can_publish=False,
            can_subscribe=True,
            schema_id=schema_id,
            rpc_id=rpc_id,
        )

    def _get_schema(self, request: Any, context: grpc.ServicerContext) -> Any:
        site, _, rpc_id = self._begin(context, "GetSchema")
        with self._refusing(context, rpc_id):
            schema = site.org.events.schema_by_id(request.schema_id)
        return message("SchemaInfo")(schema_json=schema.text, schema_id=schema.id, rpc_id=rpc_id)

    def _publish(self, request: Any, context: grpc.ServicerContext) -> Any:
        """Change events are the vendor's own to publish, and platform events are not modelled."""
        site, user, rpc_id = self._begin(context, "Publish")
        with self._refusing(context, rpc_id):
            if not request.events:
                raise BusError("publish.event.count.invalid", "The request holds no events.")
            site.org.events.topic(user, request.topic_name)
            raise BusError("topic.meta.permission", "Nobody publishes on a change event's topic.")

    def _publish_stream(self, requests: Iterator[Any], context: grpc.ServicerContext) -> Iterator[Any]:
        for request in requests:
            yield self._publish(request, context)

    # -- subscriptions

    def _subscribe(self, requests: Iterator[Any], context: grpc.ServicerContext) -> Iterator[Any]:
        site, user, rpc_id = self._begin(context, "Subscribe")
        first = next(requests, None)
        if first is None:
            return
        bus = site.org.events
        with self._refusing(context, rpc_id):
            self._check_streams()
            check_number(first.num_requested)
            objects = bus.topic(user, first.topic_name)
            position = bus.start(_NAMES[first.replay_preset], first.replay_id)
        stream = Stream(first.topic_name, first.num_requested)
        self._listen(stream, requests)
        subscriber = Subscriber(self.world, bus, user, first.topic_name, objects, position)
        yield from self._flow(context, stream, subscriber, rpc_id)

    def _managed_subscribe(self, requests: Iterator[Any], context: grpc.ServicerContext) -> Iterator[Any]:
        site, user, rpc_id = self._begin(context, "ManagedSubscribe")
        first = next(requests, None)
        if first is None:
            return
        bus = site.org.events
        with self._refusing(context, rpc_id):
            self._check_streams()
            managed = site.org.managed_subscriptions.find(first)
            objects = bus.topic(user, managed.topic)
            position = max(managed.position, bus.start("EARLIEST", b""))
            managed.active = True
        stream = Stream(managed.topic, first.num_requested)
        self._listen(stream, requests)
        subscriber = Subscriber(
            self.world, bus, user, managed.topic, objects, position, managed, site.org.managed_subscriptions
        )
        try:
            yield from self._flow(context, stream, subscriber, rpc_id)
        finally:
            managed.active = False

    def _check_streams(self) -> None:
        if self._open >= self.streams:
            raise BusError("concurrent.client.limit.exceeded", "There are too many clients.")

    def _listen(self, stream: Stream, requests: Iterator[Any]) -> None:
        def read() -> None:
            try:
                for request in requests:
                    take(stream, request)
            except BusError as error:
                stream.error = error
            except Exception:  # noqa: S110 - grpc raises a bare Exception when the client is gone
                pass
            stream.ended = True

        threading.Thread(target=read, name="events-reader", daemon=True).start()

    def _flow(
        self, context: grpc.ServicerContext, stream: Stream, subscriber: "Subscriber", rpc_id: str
    ) -> Iterator[Any]:
        self._open += 1
        sent_at = self.world.clock.now()
        try:
            while context.is_active() and not self._stopping.is_set():
                with self._refusing(context, rpc_id):
                    answer = subscriber.next_answer(stream, rpc_id)
                now = self.world.clock.now()
                if answer is None and now - sent_at >= KEEP_ALIVE:
                    answer = subscriber.answer(stream, [], rpc_id)
                if answer is not None:
                    sent_at = now
                    yield answer
                elif stream.ended and stream.pending <= 0:
                    return
                else:
                    self._stopping.wait(PAUSE)
        finally:
            self._open -= 1


def _end(context: grpc.ServicerContext, error: BusError, rpc_id: str) -> NoReturn:
    status = next((one for start, one in _STATUS.items() if error.code.startswith(start)), None)
    context.set_trailing_metadata((("error-code", PREFIX + error.code), ("rpc-id", rpc_id)))
    context.abort(status or grpc.StatusCode.INVALID_ARGUMENT, f"{error.message} rpcId: {rpc_id}")
    raise AssertionError("abort raises")
