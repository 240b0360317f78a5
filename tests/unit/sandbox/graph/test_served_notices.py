"""The courier of a served sandbox: real sockets, no call but the requests of a client."""

from collections.abc import Iterator
from datetime import timedelta

import httpx2
import pytest

from sandbox.serve import Server
from tests.listener import Told, listening
from tests.unit.sandbox.graph.conftest import START, Office


@pytest.fixture
def listener() -> Iterator[tuple[str, Told]]:
    with listening() as heard:
        yield heard


def test_a_served_sandbox_tells_by_itself(office: Office, listener: tuple[str, Told]) -> None:
    address, told = listener
    wanted = {
        "changeType": "created",
        "notificationUrl": address,
        "resource": "users/anna@acme.test/messages",
        "expirationDateTime": (START + timedelta(days=1)).isoformat(),
    }
    with Server(office.application) as server, httpx2.Client(headers=office.http.headers) as client:
        made = client.post(f"{server.url}/v1.0/subscriptions", json=wanted)
        assert made.status_code == 201, made.text
        office.arrive()
        office.clock.advance(timedelta(seconds=31))
        notices = told.get(timeout=20)["value"]
    assert [notice["subscriptionId"] for notice in notices] == [made.json()["id"]]
