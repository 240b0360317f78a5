"""Answers that arrive damaged, late, or after everybody was signed out."""

from datetime import timedelta

import pytest

from sandbox.clock import SystemClock
from sandbox.faults import Fault
from sandbox.spoil import HUGE, KINDS, SHAPES, TEXTS, shaped
from tests.unit.sandbox.test_faults import START, Counter


@pytest.mark.parametrize(
    ("kind", "arrives"),
    [
        ("wrapped", b'[{"count": 1}]'),
        ("nulls", b'{"count": null}'),
        ("numbers", b'{"count": 7}'),
        ("hollow", b"{}"),
        ("null_rows", b'{"count": 1}'),
        ("text", b'"Please come back later."'),
        ("nothing", b"null"),
        ("empty", b""),
        ("cut", b'{"coun'),
        ("plain", b'{"count": 1}'),
    ],
)
def test_the_vendor_acts_and_the_answer_is_spoiled(kind: str, arrives: bytes) -> None:
    counter = Counter()
    counter.world.faults.add(Fault("spoil", route="count", spoil=kind))
    answer = counter.client.post("/count")
    assert (answer.status_code, answer.content) == (200, arrives)
    assert len(counter.done) == 1
    assert counter.client.post("/count").json() == {"count": 2}


def test_types_tell_what_arrives() -> None:
    counter = Counter()
    types = {}
    for kind in ("html", "plain", "binary", "cut"):
        counter.world.faults.add(Fault("spoil", route="count", spoil=kind))
        types[kind] = counter.client.post("/count").headers["Content-Type"]
    assert types["html"].startswith("text/html")
    assert types["plain"].startswith("text/plain")
    assert types["binary"] == "application/octet-stream"
    assert types["cut"].startswith("application/json")


def test_rows_lose_what_is_in_them() -> None:
    page = {"value": [{"id": "1"}, {"id": "2"}], "next": "x"}
    assert shaped(page, "null_rows") == {"value": [None, None], "next": "x"}
    assert shaped(page, "hollow_rows") == {"value": [{}, {}], "next": "x"}
    assert shaped(page["value"], "wrapped") == {"items": page["value"]}


def test_an_answer_without_measure_comes_bit_by_bit() -> None:
    counter = Counter()
    counter.world.faults.add(Fault("spoil", route="count", spoil="huge"))
    with counter.client.stream("POST", "/count") as answer:
        pieces = answer.iter_raw()
        assert next(pieces) == b'{"count": 1}'
        assert 0 < len(next(pieces)) < HUGE // 100


def test_every_kind_is_of_one_sort() -> None:
    assert not SHAPES.keys() & TEXTS.keys()
    assert set(KINDS) == SHAPES.keys() | TEXTS.keys()


def test_a_slow_answer_takes_its_time() -> None:
    counter = Counter()
    counter.world.faults.add(Fault("slow", route="count", delay=45))
    assert counter.client.post("/count").json() == {"count": 1}
    assert counter.clock.now() == START + timedelta(seconds=45)
    clock = SystemClock()
    before = clock.now()
    clock.pass_time(0.01)
    assert clock.now() - before >= timedelta(seconds=0.01)


def test_a_refusal_may_be_a_page() -> None:
    counter = Counter()
    page = Fault("refuse", route="count", status=502, headers=(("Content-Type", "text/html"),), body=b"<p>")
    counter.world.faults.add(page)
    answer = counter.client.post("/count")
    assert (answer.status_code, answer.headers["Content-Type"], answer.content) == (502, "text/html", b"<p>")
