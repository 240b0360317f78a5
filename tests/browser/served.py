"""The small company of the unit tests behind a real port, for states of pages that a demo takes long to come to.

Its clock stands still until it is told, and its workers work when they are told: what is under way stays so while
its page is looked at.
"""

import contextlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from playwright.sync_api import BrowserContext

if TYPE_CHECKING:
    from django.test import Client

    from tests.unit.web.office import Office


class Handler(WSGIRequestHandler):
    protocol_version = "HTTP/1.0"
    """No connection outlives its answer, so no thread of the server does."""

    def log_message(self, *_: object) -> None:
        """Nobody reads along."""


class Server(ThreadedWSGIServer):
    daemon_threads = False
    """Closing it waits for its threads, which hold connections of the database."""


@dataclass(frozen=True)
class Served:
    office: "Office"
    url: str

    def seat(self, context: BrowserContext, browser: "Client") -> None:
        """It goes on where that one is."""
        context.clear_cookies()
        kept = browser.cookies.items()
        context.add_cookies([{"name": name, "value": one.value, "url": self.url} for name, one in kept])


@contextlib.contextmanager
def served() -> Iterator[Served]:
    """Needs the tables."""
    from django.core.cache import cache

    from crosstie.jobs import wiring
    from crosstie.web.wsgi import application
    from tests.unit.web.office import ORIGIN, Office

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CROSSTIE_TRUSTED_ORIGINS", ORIGIN)
        wiring.get.cache_clear()
        office = Office(wiring.get())
        patch.setattr(wiring, "get", lambda: office.house)
        cache.clear()
        server = Server(("127.0.0.1", 0), Handler)
        server.set_app(application)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield Served(office, f"http://localhost:{server.server_port}")
        finally:
            server.shutdown()
            server.server_close()
            thread.join()
    wiring.get.cache_clear()
