"""A receiver of Graph's notifications on a real socket: says the handshake's token back and keeps the rest."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from queue import Queue
from typing import Any
from urllib.parse import parse_qs, urlsplit

Told = Queue[dict[str, Any]]
"""Bodies of notices, in the order of their coming."""


@contextmanager
def listening() -> Iterator[tuple[str, Told]]:
    """Its address, and what it was told."""
    told: Told = Queue()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            [token] = parse_qs(urlsplit(self.path).query).get("validationToken", [""])
            self.send_response(200 if token else 202)
            self.send_header("Content-Type", "text/plain")
            self.end_headers()
            self.wfile.write(token.encode())
            if not token:
                told.put(json.loads(body))

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://localhost:{server.server_port}/push", told
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
