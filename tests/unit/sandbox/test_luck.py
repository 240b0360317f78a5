"""Bad luck by script and by the weather: in order, at its time, the same for the same seed."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import httpx2
import pytest

from sandbox.build import build
from sandbox.clock import ManualClock
from sandbox.faults import Fault, Faults, Step
from sandbox.luck import KINDS, Luck

START = datetime(2026, 11, 20, 12, tzinfo=UTC)


def taken(faults: Faults, number: int, route: str = "messages.get") -> list[int]:
    """The status of what befell each of so many requests; 0 for nothing."""
    found = [faults.take("graph", route, "ada@larch.test") for _ in range(number)]
    return [fault.status if fault else 0 for fault in found]


def test_a_script_arms_one_step_after_the_other() -> None:
    faults = Faults(ManualClock(START))
    faults.follow([Step(Fault("refuse", status=503, skip=2)), Step(Fault("refuse", status=429, times=2))])
    assert taken(faults, 6) == [0, 0, 503, 429, 429, 0]


def test_a_step_waits_for_its_time_and_for_those_before_it() -> None:
    clock = ManualClock(START)
    faults = Faults(clock)
    faults.follow([Step(Fault("refuse", status=500), after=60), Step(Fault("refuse", status=502))])
    assert taken(faults, 2) == [0, 0]
    clock.advance(timedelta(seconds=60))
    assert taken(faults, 3) == [500, 502, 0]


def test_a_script_is_read_once_and_left_as_it_was() -> None:
    faults, steps = Faults(ManualClock(START)), [Step(Fault("refuse", status=500, skip=1))]
    for _ in range(2):
        faults.follow(steps)
        assert taken(faults, 3) == [0, 500, 0]


def weather(luck: Luck, number: int = 2000) -> list[Any]:
    routes = ("messages.get", "messages.delta", "batch")
    now = START
    return [luck.draw("graph", routes[n % 3], "ada@larch.test", now, inside=False) for n in range(number)]


def test_the_same_seed_is_the_same_weather() -> None:
    first, again, other = (weather(Luck(seed=seed, rate=0.1)) for seed in (1, 1, 2))
    assert first == again != other


def test_the_rate_is_kept_and_every_effect_counted() -> None:
    luck = Luck(seed=5, rate=0.1, kinds=("graph.*",))
    drawn = [one for one in weather(luck) if one]
    assert luck.asked == 2000
    assert 150 < len(drawn) < 250
    assert luck.done.total() == len(drawn)
    assert set(luck.done) == {kind.name for kind in KINDS if kind.face == "graph"}


def test_what_kills_a_cursor_befalls_delta_alone() -> None:
    luck = Luck(rate=1, kinds=("graph.resync",))
    assert luck.draw("graph", "messages.get", "", START, inside=False) is None
    drawn = luck.draw("graph", "messages.delta", "", START, inside=False)
    assert drawn is not None
    assert drawn["status"] == 410


def test_a_moment_to_come_back_at_lies_ahead() -> None:
    luck = Luck(rate=1, kinds=("graph.throttled_until",))
    drawn = luck.draw("graph", "batch", "", START, inside=False)
    assert drawn is not None
    wait = parsedate_to_datetime(dict(drawn["headers"])["Retry-After"]) - START
    assert timedelta(0) < wait <= timedelta(minutes=2)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_every_kind_makes_a_fault(kind: Any) -> None:
    faults = Faults(ManualClock(START), luck=Luck(rate=1, kinds=(kind.name,)))
    face, route = kind.face.replace("*", "graph"), {"*delta": "messages.delta", "[!o]*": "query"}.get(kind.route)
    route = route or "messages.get"
    fault = (faults.take_inside if kind.inside else faults.take)(face, route, "")
    assert fault is not None
    assert faults.luck is not None
    assert faults.luck.done == Counter({kind.name: 1})


@pytest.mark.parametrize("bad", [{"rate": 1.5}, {"rate": -0.1}, {"kinds": ("graph.sunshine",)}, {"kinds": ()}])
def test_weather_nobody_understands(bad: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"rate is|no kind"):
        Luck(**bad)


def test_weather_over_the_wire_changes_no_id() -> None:
    """The dice of the weather are its own: whoever is not struck sees the world as it would have been."""
    answers = []
    for rate in (0, 0.3):
        app = build(ManualClock(START), seed=3)
        app.world.faults.luck = Luck(seed=1, rate=rate, kinds=("salesforce.unavailable_html", "drop_before"))
        with httpx2.Client(transport=httpx2.WSGITransport(app=app), base_url="http://x.test") as client:
            answers.append([outcome(client) for _ in range(40)])
    quiet, rough = answers
    assert quiet != rough
    assert {one for one in rough if one not in quiet} == {"text/html; charset=utf-8", "lost"}


def outcome(client: httpx2.Client) -> str:
    try:
        answer = client.get("/services/data")
    except httpx2.RemoteProtocolError:
        return "lost"
    return answer.text if answer.status_code == 200 else answer.headers["Content-Type"]
