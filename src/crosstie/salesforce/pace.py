"""How long, how often and how many at once the org is written to, and what it taught us of that."""

import zlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from crosstie.domain.clock import Clock
from crosstie.salesforce.hidden import Hidden

HOPELESS = 3
"""Rows or graphs that fail alone, after which a customer's automation is taken to refuse everything."""
ROUNDS = 8
"""75 graphs of which all fail are told in five: fifteen failures halt the rest of a call."""
EXTRA_CALLS = 24
TIME = timedelta(seconds=75)
"""No further call is begun after this, so that the last one's answer is back before a lease can end."""
LOCK_TRIES = 3
FIELD_TRIES = 5
FORGET = timedelta(hours=24)


@dataclass(slots=True)
class Memory:
    """What one org taught us about writing to it; lost with the process, and learned again."""

    hidden: Hidden
    """Fields that the records may not carry."""
    most: int
    """Graphs or rows that go together as long as nothing speaks against it."""
    files_apart: bool = False
    """Files are not taken in a graph with their record (probe P9)."""
    links_apart: bool = False
    """A file is not put on another record in the graph that stores it."""
    chunks: dict[str, tuple[int, datetime]] = field(default_factory=dict)
    """Object → how many at once its automation bears, and when that was learned."""
    long_refused: datetime | None = None
    """When an event was refused for lasting longer than a day."""

    def chunk(self, object_name: str, now: datetime) -> int:
        size, learned = self.chunks.get(object_name, (self.most, now))
        return size if now - learned < FORGET else self.most

    def takes_long(self, now: datetime) -> bool:
        return self.long_refused is None or now - self.long_refused >= FORGET


def jitter(clock: Clock, number: int) -> float:
    """Seconds: one to two, growing with the rounds."""
    return (1 + zlib.crc32(clock.token(4).encode()) / 2**32) * (number + 1) / 2
