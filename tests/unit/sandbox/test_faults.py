"""Bad luck on demand, seen through an application with one small face."""

from datetime import UTC, datetime, timedelta

import httpx2
import pytest

from sandbox.app import Application
from sandbox.clock import Backdated, ManualClock
from sandbox.faults import Fault
from sandbox.http import Call, Face, Response, Route, json_response
from sandbox.world import World

START = datetime(2026, 11, 20, 12, tzinfo=UTC)


class Counter:
    """A vendor that counts and remembers when."""

    def __init__(self) -> None:
        self.clock = ManualClock(START)
        self.own_clock = Backdated(self.clock)
        self.done: list[datetime] = []
        face = Face(
            name="counter",
            hosts=(),
            routes=(Route("count", "POST", "/count", self.count), Route("read", "GET", "/count", self.read)),
            not_found=lambda call: Response(status=405 if call.allowed else 404),
            path_prefixes=("/count",),
        )
        self.world = World(self.clock)
        self.app = Application(self.world, [face])
        self.client = httpx2.Client(transport=httpx2.WSGITransport(app=self.app), base_url="http://vendor.test")

    def count(self, call: Call) -> Response:
        with self.own_clock.as_of(call.began or self.clock.now()):
            self.done.append(self.own_clock.now())
        return json_response({"count": len(self.done)})

    def read(self, call: Call) -> Response:
        return json_response({"count": len(self.done)})


@pytest.fixture
def counter() -> Counter:
    return Counter()


def test_refuse_does_nothing_and_is_used_up(counter: Counter) -> None:
    counter.world.faults.add(Fault("refuse", route="count", status=503, headers=(("Retry-After", "5"),), skip=1))
    answers = [counter.client.post("/count") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 503, 200]
    assert answers[1].headers["Retry-After"] == "5"
    assert len(counter.done) == 2


@pytest.mark.parametrize(("effect", "done"), [("lose_answer", 1), ("drop_before", 0)])
def test_a_lost_connection_is_a_transport_error(counter: Counter, effect: str, done: int) -> None:
    counter.world.faults.add(Fault(effect, route="count"))  # type: ignore[arg-type]
    with pytest.raises(httpx2.TransportError) as lost:
        counter.client.post("/count")
    assert isinstance(lost.value, httpx2.RemoteProtocolError)
    assert len(counter.done) == done
    assert [entry.status for entry in counter.world.requests.entries] == [499]
    assert counter.client.post("/count").json() == {"count": done + 1}


@pytest.mark.parametrize(("early_stamp", "stamped"), [(False, timedelta(seconds=90)), (True, timedelta(0))])
def test_a_request_goes_on_after_its_client_gave_up(
    counter: Counter, early_stamp: bool, stamped: timedelta
) -> None:
    counter.world.faults.add(Fault("finish_later", route="count", delay=60, early_stamp=early_stamp))
    with pytest.raises(httpx2.RemoteProtocolError):
        counter.client.post("/count", json={"n": 1})
    counter.clock.advance(timedelta(seconds=59))
    assert counter.client.get("/count").json() == {"count": 0}
    counter.clock.advance(timedelta(seconds=31))
    assert counter.client.get("/count").json() == {"count": 1}
    assert counter.done == [START + stamped]
    assert len(counter.world.requests.entries) == 3


def test_finish_at_once(counter: Counter) -> None:
    counter.world.faults.add(Fault("finish_later", delay=600))
    with pytest.raises(httpx2.RemoteProtocolError):
        counter.client.post("/count")
    assert counter.app.finish() == 0
    assert counter.app.finish(all_of_them=True) == 1
    assert len(counter.done) == 1
    assert list(counter.app.unheard) == [b'{"count": 1}']


def test_patterns_and_subjects(counter: Counter) -> None:
    faults = counter.world.faults
    faults.add(Fault("inside", face="sales*", route="insert:Con*", subject="00D*", times=2))
    assert faults.take("salesforce", "insert:Contact", "00D1") is None
    assert faults.take_inside("graph", "insert:Contact", "00D1") is None
    assert faults.take_inside("salesforce", "insert:Task", "00D1") is None
    assert faults.take_inside("salesforce", "insert:Contact", "00D1") is not None
    assert faults.take_inside("salesforce", "insert:Contact", "00D1") is not None
    assert faults.take_inside("salesforce", "insert:Contact", "00D1") is None


def test_wrong_method_and_unknown_address(counter: Counter) -> None:
    assert counter.client.put("/count").status_code == 405
    assert counter.client.get("/count/further").status_code == 404
    assert counter.client.get("/elsewhere").status_code == 404
