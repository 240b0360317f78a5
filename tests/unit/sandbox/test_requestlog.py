"""The request log stays within its bounds and counts on."""

from datetime import UTC, datetime

import pytest

from sandbox import requestlog
from sandbox.requestlog import RequestLog

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def add(log: RequestLog, size: int = 0) -> None:
    log.add(at=NOON, face="f", route="r", method="GET", path="/", status=200, subject="", request_body=b"x" * size)


def test_the_oldest_entries_go_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(requestlog, "KEPT", 3)
    log = RequestLog()
    for _ in range(5):
        add(log)
    assert [entry.number for entry in log.entries] == [3, 4, 5]
    assert [entry.number for entry in log.since(4)] == [5]
    assert log.count == 5


def test_bodies_have_a_bound_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(requestlog, "KEPT_BYTES", 100)
    log = RequestLog()
    for size in (60, 0, 30, 20, 100):
        add(log, size)
    assert [(entry.number, len(entry.request_body)) for entry in log.entries] == [(5, 100)]
    assert log.body_bytes == 100
