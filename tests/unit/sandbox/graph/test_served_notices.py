"""The courier of a served sandbox: real sockets, no call but the requests of a client."""

import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from queue import Queue
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest

from sandbox.serve import Server
from tests.unit.sandbox.graph.conftest import START, Office

Told = Queue[dict[str, Any]]


@pytest.fixture
def listener() -> Iterator[tuple[str, Told]]:
    told: Told = Queue()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            token = parse_qs(urlsplit(self.path).query).get("validationToken")
            self.send_response(200 if token else 202)
            self.send_header("Content-Type", "text/plain")
            self.end_headers()
            self.wfile.write(token[0].encode() if token else b"")
            if not token:
                told.put(json.loads(body))

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/push", told
    server.shutdown()
    server.server_close()
    thread.join()


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
