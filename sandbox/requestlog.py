"""Every request that reached a vendor: what benches count and tests judge."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

KEPT = 100_000
"""Entries kept; older ones are dropped, the running number goes on."""
KEPT_BYTES = 256 * 1024 * 1024
"""Bodies kept, all together; the oldest entries go with theirs."""


@dataclass(frozen=True, slots=True)
class Entry:
    number: int
    at: datetime
    face: str
    route: str
    method: str
    path: str
    status: int
    subject: str
    """Whom the request concerned: a mailbox address or an org id; empty when nobody in particular."""
    parts: tuple[str, ...] = ()
    """What a batch or composite carried, one `METHOD route` a part; a vendor may meter these apart."""
    request_body: bytes = b""
    query: str = ""
    request_size: int = 0
    """Bytes of the body; a large body itself is not kept."""


@dataclass(slots=True)
class RequestLog:
    entries: deque[Entry] = field(default_factory=deque)
    count: int = 0
    body_bytes: int = 0

    def add(self, **fields: object) -> None:
        self.count += 1
        entry = Entry(number=self.count, **fields)  # type: ignore[arg-type]
        self.entries.append(entry)
        self.body_bytes += len(entry.request_body)
        while len(self.entries) > KEPT or self.body_bytes > KEPT_BYTES:
            self.body_bytes -= len(self.entries.popleft().request_body)

    def since(self, number: int) -> Iterator[Entry]:
        """Entries after the given running number, oldest first."""
        return (entry for entry in self.entries if entry.number > number)
