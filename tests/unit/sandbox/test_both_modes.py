"""In process and over a socket: the same seed and the same requests are the same answers, byte for byte."""

from datetime import UTC, datetime

import httpx2
import pytest

from sandbox import company
from sandbox.app import Application
from sandbox.build import build
from sandbox.clock import ManualClock
from sandbox.serve import Server
from tests.unit.sandbox.sequence import Player, Seen, play

START = datetime(2026, 11, 20, 12, tzinfo=UTC)


def world(seed: int) -> tuple[Application, ManualClock]:
    clock = ManualClock(START)
    app = build(clock, seed=seed)
    company.found(app.world)
    return app, clock


def in_process(seed: int) -> list[Seen]:
    app, clock = world(seed)
    with httpx2.Client(transport=httpx2.WSGITransport(app=app), base_url="http://sandbox.test") as client:
        player = Player(client, app, clock)
        play(player)
    return player.seen


def over_a_socket(seed: int) -> list[Seen]:
    app, clock = world(seed)
    with Server(app) as server, httpx2.Client(base_url=server.url, timeout=30) as client:
        player = Player(client, app, clock)
        play(player)
    return player.seen


@pytest.fixture(scope="module")
def near() -> list[Seen]:
    return in_process(7)


def test_both_modes_answer_alike(near: list[Seen]) -> None:
    far = over_a_socket(7)
    assert [one.request for one in near] == [one.request for one in far]
    for one, other in zip(near, far, strict=True):
        assert one == other, one.request


def test_the_sequence_meets_what_it_is_for(near: list[Seen]) -> None:
    statuses = [one.status for one in near]
    assert len(near) >= 60
    assert statuses.count(0) >= 3, "connections that broke"
    assert {200, 201, 204, 400, 401, 404, 409, 412, 429, 503} <= set(statuses)
    assert len({one.body for one in near}) > 50


def test_the_seed_decides(near: list[Seen]) -> None:
    assert in_process(7) == near
    assert in_process(8) != near
