"""Outlook's limits per app and mailbox: requests in ten minutes, uploads in five, four at a time."""

import math
import threading
from collections import Counter, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sandbox.graph.errors import THROTTLED, GraphError

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

REQUESTS = 10_000
REQUEST_WINDOW = timedelta(minutes=10)
UPLOAD_BYTES = 150 * 1024 * 1024
UPLOAD_WINDOW = timedelta(minutes=5)
CONCURRENT = 4
GLOBAL_REQUESTS, GLOBAL_REQUESTS_ONCE = 130_000, 20_000
"""Of one app to all mailboxes of all tenants in ten seconds: today, and by older pages."""
GLOBAL_WINDOW = timedelta(seconds=10)
OVER_CONCURRENCY = "sandbox.over_concurrency"
"""Key in the WSGI environment: this request is one too many at a time."""


@dataclass(slots=True)
class Meter:
    """What one app did to one mailbox lately. Throttled requests count as well."""

    requests: deque[datetime] = field(default_factory=deque)
    uploads: deque[tuple[datetime, int]] = field(default_factory=deque)

    def check(self, now: datetime, upload: int) -> None:
        while self.requests and self.requests[0] <= now - REQUEST_WINDOW:
            self.requests.popleft()
        while self.uploads and self.uploads[0][0] <= now - UPLOAD_WINDOW:
            self.uploads.popleft()
        self.requests.append(now)
        if len(self.requests) > REQUESTS:
            raise throttled("RequestQuota", self.requests[-REQUESTS - 1] + REQUEST_WINDOW - now)
        if upload:
            self.uploads.append((now, upload))
            if sum(size for _, size in self.uploads) > UPLOAD_BYTES:
                raise throttled("UploadQuota", self.uploads[0][0] + UPLOAD_WINDOW - now)


@dataclass(slots=True)
class GlobalMeter:
    """What one app asked of everybody lately, by the second."""

    seconds: deque[tuple[datetime, int]] = field(default_factory=deque)

    def check(self, now: datetime, most: int) -> None:
        while self.seconds and self.seconds[0][0] <= now - GLOBAL_WINDOW:
            self.seconds.popleft()
        this = now.replace(microsecond=0)
        before = self.seconds.pop()[1] if self.seconds and self.seconds[-1][0] == this else 0
        self.seconds.append((this, before + 1))
        if sum(count for _, count in self.seconds) > most:
            raise throttled("GlobalQuota", self.seconds[0][0] + GLOBAL_WINDOW - now)


def throttled(limit: str, wait: timedelta) -> GraphError:
    seconds = max(1, math.ceil(wait.total_seconds()))
    message = f"The application is over its Mailbox{limit} limit."
    return GraphError(429, THROTTLED, message, {"Retry-After": str(seconds)})


def limit_concurrency(
    application: "Callable[[WSGIEnvironment, StartResponse], Iterable[bytes]]",
) -> "Callable[[WSGIEnvironment, StartResponse], Iterable[bytes]]":
    """Wrap a WSGI application: a fifth request at a time for one app and mailbox is marked as too many.

    It counts before the world's lock, where requests queue up, so it judges what the client had in flight.
    """
    lock, flying = threading.Lock(), Counter[tuple[str, str]]()

    def counted(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        key = _app_and_mailbox(environ)
        if key is None:
            return application(environ, start_response)
        with lock:
            flying[key] += 1
            environ[OVER_CONCURRENCY] = flying[key] > CONCURRENT
        try:
            return application(environ, start_response)
        finally:
            with lock:
                flying[key] -= 1

    return counted


def _app_and_mailbox(environ: dict[str, Any]) -> tuple[str, str] | None:
    segments = [segment for segment in str(environ.get("PATH_INFO", "")).split("/") if segment]
    if len(segments) < 2 or segments[0] != "v1.0":
        return None
    who = segments[2] if segments[1].lower() == "users" and len(segments) > 2 else segments[1]
    if who.lower() not in ("me", segments[2].lower() if len(segments) > 2 else ""):
        return None
    return str(environ.get("HTTP_AUTHORIZATION", "")), who.lower()
