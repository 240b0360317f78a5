"""Streams: where they begin, how much they get, how long they are kept alive, and how they are refused."""

from datetime import timedelta

import httpx2
import pytest
from grpc import RpcError, StatusCode

from sandbox.build import build
from sandbox.faults import Fault
from sandbox.salesforce.events.control import ROUTES
from tests.unit.sandbox.salesforce_events.conftest import Listener, Scene, failure

pytestmark = pytest.mark.shared
TOPIC = "/data/AccountChangeEvent"
LATEST, EARLIEST, CUSTOM = range(3)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _selected(scene: Scene) -> None:
    scene.org.events.select("Account")


def add(scene: Scene, *names: str) -> None:
    with scene.world.lock:
        for name in names:
            scene.org.insert(scene.org.admin, "Account", {"Name": name})


def names(listener: Listener, number: int) -> list[str]:
    return [event["Name"] for event in listener.events(number)]


def alive(scene: Scene, listener: Listener) -> None:
    """Until the stream has begun: a keep-alive says so."""
    before = len(listener.answers)
    for _ in range(40):
        scene.later(seconds=300)
        with listener.changed:
            if listener.changed.wait_for(lambda: len(listener.answers) > before, timeout=0.2):
                return
    raise AssertionError("no keep-alive came")


def test_latest_begins_now_and_earliest_three_days_ago(scene: Scene) -> None:
    add(scene, "old")
    scene.later(hours=73)
    token = scene.company.site.tokens.open_session(scene.org.admin, "app", "api", scene.clock.now(), DAY).token
    scene.client.headers = (("accesstoken", token), *scene.client.headers[1:])
    add(scene, "kept")
    latest = scene.client.subscribe(TOPIC, replay_preset=LATEST)
    alive(scene, latest)
    add(scene, "new")
    assert names(latest, 1) == ["new"]
    assert names(scene.client.subscribe(TOPIC, replay_preset=EARLIEST), 2) == ["kept", "new"]


def test_a_stored_replay_id_goes_on_after_its_event(scene: Scene) -> None:
    add(scene, "one", "two", "three")
    first = scene.client.subscribe(TOPIC, replay_preset=EARLIEST, number=1)
    (answer,) = first.wait(1)
    assert answer.pending_num_requested == 0
    replay = answer.events[0].replay_id
    again = scene.client.subscribe(TOPIC, replay_preset=CUSTOM, replay_id=replay)
    assert names(again, 2) == ["two", "three"]
    first.ask(topic_name=TOPIC, num_requested=1)
    assert names(first, 2) == ["one", "two"]


def test_a_keep_alive_tells_where_the_stream_stands(scene: Scene) -> None:
    listener = scene.client.subscribe(TOPIC)
    alive(scene, listener)
    answer = listener.answers[0]
    assert not answer.events
    assert answer.latest_replay_id == scene.org.events.position.to_bytes(8, "big")
    assert answer.pending_num_requested == 100
    add(scene, "after")
    resumed = scene.client.subscribe(TOPIC, replay_preset=CUSTOM, replay_id=answer.latest_replay_id)
    assert names(resumed, 1) == ["after"]


def test_a_stream_outlives_its_token(scene: Scene) -> None:
    listener = scene.client.subscribe(TOPIC)
    alive(scene, listener)
    scene.company.site.tokens.end_sessions()
    add(scene, "still heard")
    assert header_names(listener) == ["Account"]


def header_names(listener: Listener) -> list[str]:
    """Without decoding, for which a session is needed."""
    with listener.changed:
        assert listener.changed.wait_for(lambda: any(one.events for one in listener.answers), timeout=20)
    return ["Account" for answer in listener.answers for _ in answer.events]


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"replay_preset": CUSTOM}, "subscription.fetch.replayid.validation.failed"),
        ({"replay_preset": CUSTOM, "replay_id": b"\x00"}, "subscription.fetch.replayid.corrupted"),
        ({"replay_preset": CUSTOM, "replay_id": b"\xff" * 8}, "subscription.fetch.replayid.corrupted"),
        ({"number": 0}, "subscription.fetch.requested.events.invalid"),
        ({"topic": ""}, "topic.validation.empty"),
        ({"topic": "/data/ContactChangeEvent"}, "topic.not.found"),
    ],
)
def test_refusals(scene: Scene, fields: dict[str, object], code: str) -> None:
    listener = scene.client.subscribe(**{"topic": TOPIC, **fields})  # type: ignore[arg-type]
    status, said = listener.failure()
    assert said == code
    assert status is (StatusCode.NOT_FOUND if code == "topic.not.found" else StatusCode.INVALID_ARGUMENT)


def test_an_id_older_than_three_days_is_corrupted(scene: Scene) -> None:
    add(scene, "old")
    (answer,) = scene.client.subscribe(TOPIC, replay_preset=EARLIEST).wait(1)
    scene.org.events.reset()
    listener = scene.client.subscribe(TOPIC, replay_preset=CUSTOM, replay_id=answer.latest_replay_id)
    assert listener.failure()[1] == "subscription.fetch.replayid.corrupted"


def test_a_stream_keeps_its_topic(scene: Scene) -> None:
    listener = scene.client.subscribe(TOPIC)
    listener.ask(topic_name="/data/ChangeEvents", num_requested=1)
    assert listener.failure()[1] == "subscription.fetch.topic.mismatch"


def test_who_may_not_subscribe(scene: Scene) -> None:
    site, user = scene.company.site, scene.company.colleagues[0].user
    token = site.tokens.open_session(user, "app", "api", scene.clock.now(), DAY).token
    headers = (("accesstoken", token), *scene.client.headers[1:])
    assert scene.client.subscribe(TOPIC, headers=headers).failure() == (
        StatusCode.PERMISSION_DENIED,
        "subscription.topic.cannot.subscribe",
    )
    for name, code in (("accesstoken", "service.auth.headers.invalid"), ("tenantid", "service.auth.error")):
        changed = dict(scene.client.headers) | {name: "" if "headers" in code else "00D000000000000AAA"}
        refused = scene.client.subscribe(TOPIC, headers=tuple(changed.items())).failure()
        assert refused == (StatusCode.UNAUTHENTICATED, code)


def test_the_daily_deliveries_are_counted_for_each_subscriber(scene: Scene) -> None:
    bus = scene.org.events
    bus.deliveries.allowance = 5
    add(scene, "one", "two", "three")
    assert len(scene.client.subscribe(TOPIC, replay_preset=EARLIEST).events(3)) == 3
    assert bus.deliveries.used(scene.clock.now()) == 3
    status, code = scene.client.subscribe(TOPIC, replay_preset=EARLIEST).failure()
    assert (status, code) == (StatusCode.RESOURCE_EXHAUSTED, "subscription.limit.exceeded")


def test_clients_faults_and_repeats(scene: Scene) -> None:
    scene.world.faults.add(Fault("refuse", face="events", route="Subscribe"))
    assert scene.client.subscribe(TOPIC).failure() == (StatusCode.UNAVAILABLE, "service.unavailable")
    scene.world.switches.turn("salesforce.events_twice", on=True)
    scene.world.dice.seed(1)
    add(scene, *"abcdefgh")
    seen: list[str] = []
    for _ in range(8):
        seen = names(scene.client.subscribe(TOPIC, replay_preset=EARLIEST), 8)
        if len(seen) > 8:
            break
    assert list(dict.fromkeys(seen)) == list("abcdefgh")
    assert len(seen) == 9, "no event came twice"
    scene.service.streams = 0
    assert scene.client.subscribe(TOPIC).failure()[1] == "concurrent.client.limit.exceeded"


def test_topics_and_schemas(scene: Scene) -> None:
    info = scene.client.topic(TOPIC)
    assert (info.can_publish, info.can_subscribe) == (False, True)
    schema = scene.client.schema(info.schema_id)
    assert (schema["name"], schema["uuid"]) == ("AccountChangeEvent", info.schema_id)
    assert scene.client.topic("/data/ChangeEvents").topic_name == "/data/ChangeEvents"
    for ask in (lambda: scene.client.topic("/data/NoneChangeEvent"), lambda: scene.client.schema("nothing")):
        with pytest.raises(RpcError):
            ask()


def test_nobody_publishes_change_events(scene: Scene) -> None:
    messages = scene.client.generated.messages
    event = messages.ProducerEvent(id="1", schema_id="x", payload=b"")
    request = messages.PublishRequest(topic_name=TOPIC, events=[event])
    with pytest.raises(RpcError) as refused:
        scene.client.stub.Publish(request, metadata=scene.client.headers)
    assert failure(refused.value) == (StatusCode.PERMISSION_DENIED, "topic.meta.permission")


def test_a_managed_subscription_remembers_its_place(scene: Scene) -> None:
    scene.org.managed_subscriptions.add("Mine", TOPIC)
    add(scene, "one", "two")
    listener = scene.client.managed(developer_name="Mine", number=2)
    (answer,) = listener.wait(1)
    assert names(listener, 2) == ["one", "two"]
    second = scene.client.managed(developer_name="Mine")
    assert second.failure()[1] == "managed.subscription.already.active"
    messages = scene.client.generated.messages
    done = messages.CommitReplayRequest(commit_request_id="c1", replay_id=answer.events[0].replay_id)
    listener.ask(num_requested=1, commit_replay_id_request=done)
    committed = listener.wait(2)[1].commit_response
    assert (committed.commit_request_id, committed.error.msg) == ("c1", "")
    listener.close()
    again = _when_free(scene)
    assert names(again, 1) == ["two"]


def _when_free(scene: Scene) -> Listener:
    managed = next(iter(scene.org.managed_subscriptions.by_id.values()))
    for _ in range(100):
        if not managed.active:
            break
        scene.service._stopping.wait(0.1)
    return scene.client.managed(subscription_id=managed.id[:15])


def test_the_bus_is_steered_over_the_sandboxs_own_addresses(scene: Scene) -> None:
    assert {route.method for route in ROUTES} == {"GET", "POST"}
    path = f"/sandbox/salesforce/orgs/{scene.org.id}/events"
    transport = httpx2.WSGITransport(app=build(world=scene.world))
    with httpx2.Client(transport=transport, base_url="http://localhost") as client:
        body = {
            "add_on": True,
            "allowance": 7,
            "select": ["Event", "Task"],
            "channel": {"topic": "/data/A__chn", "members": [{"object": "Event", "filter": "IsPrivate = FALSE"}]},
            "managed": {"developer_name": "M", "topic": "/data/A__chn"},
            "gap": {"kind": "GAP_DELETE", "object": "Event", "ids": ["00U000000000001AAA"]},
        }
        shown = client.post(path, json=body).json()
        assert shown == client.get(path).json()
        assert shown == {
            "selected": ["Event", "Task"],
            "channels": {"/data/A__chn": ["Event"]},
            "managed": ["M"],
            "kept": 1,
            "delivered": 0,
            "allowance": 7,
        }
        assert client.post(path, json={"reset": True}).json()["kept"] == 0
        mistakes: list[object] = [{"select": ["Nothing"]}, {"what": 1}, {"gap": {}}, []]
        for wrong in mistakes:
            assert client.post(path, json=wrong).status_code == 400
        assert client.get("/sandbox/salesforce/orgs/none/events").status_code == 404
