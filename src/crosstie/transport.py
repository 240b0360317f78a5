"""The one door to the vendors: every request of the product leaves through here.

TLS is at least 1.2 and verified, environment proxies are ignored unless configured, redirects are not followed,
and what went wrong on the wire is told apart by its consequence: nothing was sent, or nobody knows.
"""

import re
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import partial
from json import dumps
from typing import Any

import httpx2

from crosstie.domain.errors import Refused, Retry, Unclear

__all__ = ["CROWDED", "Http", "HttpResponse", "Transport", "parsed", "retry_at"]

HttpResponse = httpx2.Response
Transport = httpx2.BaseTransport

observers: list[Callable[[str, str, Any], None]] = []
"""Told method, address and JSON body of every request that is about to be sent; for tests."""

CROWDED = "NET-CROWDED"
"""Of a Retry: no connection was free, so that nobody was asked."""
LARGEST_ANSWER = 256 * 1024 * 1024
"""Bytes; vendors stay far below."""
LARGEST_NUMBER = 10**15
_DIGITS = re.compile(r"[0-9]{1,15}")
_TOKEN = re.compile(r"[\x21-\x7e]{1,100000}")
BODY_HEADERS = frozenset({b"content-encoding", b"content-length", b"transfer-encoding"})
"""They speak of the body as it travelled."""
LONGEST_WAIT = timedelta(days=1)
"""However long a vendor asks us to wait, we ask again after this."""


@dataclass(slots=True)
class Http:
    """A keep-alive pool to one vendor. `transport` replaces the network, for a sandbox in the same process."""

    user_agent: str = "Crosstie/0.1"
    timeout: float = 60.0
    """Seconds for connecting and for each read; a lease must outlive it."""
    ca_file: str | None = None
    transport: Transport | None = None
    largest: int = LARGEST_ANSWER
    """Bytes of one answer that are read."""
    connections: int = 100
    """At a time."""
    patience: float | None = None
    """Seconds that a request waits until one is free; None: as long as for an answer."""
    _client: httpx2.Client = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._client = httpx2.Client(
            timeout=httpx2.Timeout(self.timeout, pool=self.timeout if self.patience is None else self.patience),
            verify=_tls(self.ca_file) if self.transport is None else False,
            trust_env=False,
            follow_redirects=False,
            transport=self.transport,
            headers={"User-Agent": self.user_agent},
            limits=httpx2.Limits(max_connections=self.connections, max_keepalive_connections=20),
        )

    def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        json: Any = None,
        form: Mapping[str, str] | None = None,
        content: bytes | None = None,
    ) -> HttpResponse:
        """The vendor's answer, whatever its status. Raises Retry (surely not sent) or Unclear (no answer)."""
        for observer in observers:
            observer(method, url, json)
        sent = dict(headers or {})
        if json is not None:
            content, sent = _encoded(json), {"Content-Type": "application/json", **sent}
        try:
            with self._client.stream(method, url, headers=sent, data=form, content=content) as response:
                return _read(response, self.largest)
        except httpx2.PoolTimeout as error:
            raise Retry(CROWDED, str(error)) from error
        except (httpx2.ConnectError, httpx2.ConnectTimeout) as error:
            raise Retry("NET-UNREACHABLE", str(error)) from error
        except (httpx2.InvalidURL, httpx2.UnsupportedProtocol) as error:
            raise Refused("NET-ADDRESS", str(error)) from error
        except (httpx2.TransportError, httpx2.DecodingError) as error:
            raise Unclear("NET-LOST", str(error)) from error

    def close(self) -> None:
        self._client.close()


def _encoded(value: Any) -> bytes:
    """A lone half of a pair, such as a vendor may tell within an escape, goes back to it as it came."""
    write = partial(dumps, separators=(",", ":"), allow_nan=False)
    try:
        return write(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return write(value).encode()


def retry_at(value: str, now: datetime) -> datetime | None:
    """The moment a `Retry-After` value means: seconds or a date; None when it is neither."""
    value = value.strip()
    if value.isascii() and value.isdigit():
        return now + min(timedelta(seconds=int(value[:9])), LONGEST_WAIT)
    moment = http_date(value)
    return min(moment, now + LONGEST_WAIT) if moment else None


def http_date(value: str) -> datetime | None:
    """The moment of a header such as `Date`, in UTC; None when it is none."""
    try:
        moment = parsedate_to_datetime(value)
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError, TypeError, IndexError):
        return None


def integer(value: Any) -> int | None:
    """A whole number as JSON has it, or in digits; None for anything else, and for what nobody can count to."""
    if isinstance(value, str):
        return int(value) if _DIGITS.fullmatch(value) else None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if not -LARGEST_NUMBER < value < LARGEST_NUMBER:
        return None
    return int(value)


def is_token(value: Any) -> bool:
    """Whether it can stand in an Authorization header (RFC 6750): an answer may bring anything."""
    return isinstance(value, str) and _TOKEN.fullmatch(value) is not None


def parsed(response: HttpResponse) -> Any:
    """The JSON value of an answer; None where it is no JSON, or nested beyond all reason."""
    try:
        return response.json()
    except (ValueError, LookupError, RecursionError):
        return None


def _read(response: HttpResponse, largest: int) -> HttpResponse:
    """The answer with its body, decompressed; one that grows beyond all measure is given up half-way."""
    chunks: list[bytes] = []
    size = 0
    for chunk in response.iter_bytes():
        size += len(chunk)
        if size > largest:
            raise Unclear("NET-TOO-LARGE")
        chunks.append(chunk)
    headers = [(name, value) for name, value in response.headers.raw if name.lower() not in BODY_HEADERS]
    return httpx2.Response(
        response.status_code, headers=headers, content=b"".join(chunks), request=response.request
    )


def _tls(ca_file: str | None) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=ca_file)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context
