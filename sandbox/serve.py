"""The sandbox on a real socket: in a thread for tests, or in the foreground until it is told to stop."""

import signal
import socket
import threading
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from cheroot import wsgi
from cheroot.ssl.builtin import BuiltinSSLAdapter

from sandbox.app import Application
from sandbox.faults import ConnectionLost
from sandbox.graph.subscriptions.courier import deliver
from sandbox.graph.throttle import limit_concurrency
from sandbox.state import Keeper

THREADS = 16
_LOOK_AFTER = 1.0
"""Seconds between looks whether the world has changed and is worth saving."""
_TELL_AFTER = 0.5
"""Seconds between the courier's rounds."""


@dataclass(frozen=True, slots=True)
class Tls:
    certificate: Path
    key: Path


class _Gateway(wsgi.Gateway_10):
    def respond(self) -> None:
        """A lost connection is closed without a byte: cheroot believes that all was sent already."""
        try:
            super().respond()
        except ConnectionLost:
            self.req.sent_headers = True
            self.req.close_connection = True


class _HttpServer(wsgi.Server):
    @staticmethod
    def bind_socket(sock: socket.socket, bind_addr: tuple[str, int]) -> socket.socket:
        """cheroot leaves the socket of a taken port open."""
        try:
            sock.bind(bind_addr)
        except OSError:
            sock.close()
            raise
        return sock


class Server:
    """`with Server(app) as server: client.get(server.url)`; port 0 takes any free one."""

    def __init__(
        self, app: Application, *, host: str = "127.0.0.1", port: int = 0, tls: Tls | None = None
    ) -> None:
        self.app = app
        self._tls = tls
        self._host = host
        counted = limit_concurrency(app)
        self._http: Any = _HttpServer((host, port), counted, numthreads=THREADS, server_name="sandbox")
        self._http.gateway = _Gateway
        self._http.shutdown_timeout = 5
        if tls:
            self._http.ssl_adapter = BuiltinSSLAdapter(str(tls.certificate), str(tls.key))
        self._threads: list[threading.Thread] = []
        self._stopped = threading.Event()

    @property
    def port(self) -> int:
        return int(self._http.bind_addr[1])

    @property
    def url(self) -> str:
        return f"{'https' if self._tls else 'http'}://{self._host}:{self.port}"

    def start(self) -> Self:
        """Listens when it returns; OSError when the port is taken."""
        self._http.prepare()
        self._stopped.clear()
        self._threads = [
            threading.Thread(target=work, name=f"sandbox-{name}", daemon=True)
            for name, work in (("http", self._http.serve), ("courier", self._tell))
        ]
        for thread in self._threads:
            thread.start()
        return self

    def _tell(self) -> None:
        while not self._stopped.wait(_TELL_AFTER):
            deliver(self.app.world)

    def stop(self) -> None:
        self._stopped.set()
        self._http.stop()
        for thread in self._threads:
            thread.join()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def run(server: Server, keeper: Keeper | None) -> None:
    """Let a started server serve until SIGINT or SIGTERM.

    The world is saved a few seconds after changes and at the end.
    """
    told_to_stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: told_to_stop.set())
    while not told_to_stop.wait(_LOOK_AFTER):
        if keeper:
            keeper.save_if_settled()
    server.stop()
    if keeper:
        keeper.save()
