"""Everything the product does to the world, one effect after the other, and what befalls it on the way.

An effect is an HTTP request to a vendor or a write to the store; a transaction's commit is one too.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeVar, cast

import httpx2

T = TypeVar("T")

STATES_WRITES = frozenset(
    {
        "claim_due",
        "claim",
        "release",
        "save_cursors",
        "forget_cursors",
        "save_items",
        "remember_saved",
        "tick_number",
        "record_changes",
        "forget_record",
        "mark_thread",
        "stop_thread",
        "threads_gathered",
        "note_thread_mails",
        "save_links",
        "forget_links",
        "review_links",
        "note_listed",
        "review_unlisted",
        "save_position",
    }
)
BACKFILLS_WRITES = frozenset({"add", "pause", "resume", "step", "wait"})
JOURNAL_WRITES = frozenset({"plan", "send", "make", "finish", "end", "recover"})


def stride(every: int) -> int:
    """Of a shuffled list of accidents every so manieth is tried. `SWEEP` in the environment: "all", or how many
    times fewer.
    """
    asked = os.environ.get("SWEEP", "1")
    return 1 if asked == "all" else every * int(asked)


class WorkerDied(BaseException):
    """The process is gone: nothing of the product may catch it, as nothing catches kill -9."""


class Moment(StrEnum):
    BEFORE = "before"
    AFTER = "after"
    LOST = "lost"
    """The vendor did it, the answer never came, and the worker lives on."""
    STOPPED = "stopped before"
    """The worker is stopped until its lease is over and somebody else has taken over; then it goes on."""


@dataclass(slots=True)
class Effects:
    """Counts effects; at the one numbered `strike_at` the worker dies, or `meanwhile` happens first."""

    strike_at: int = -1
    strike_request: int = -1
    """Strike at the HTTP request of this number, whatever number it has as an effect."""
    requests: int = 0
    strike_after: str = ""
    """Strike at the first HTTP request after an effect of this name, whatever its number."""
    moment: Moment = Moment.BEFORE
    meanwhile: Callable[[], None] | None = None
    names: list[str] = field(default_factory=list)
    within: list[bool] = field(default_factory=list)
    """Whether the effect of that number is part of an open transaction."""
    struck: bool = False
    depth: int = 0
    """Of open transactions."""
    before: Callable[[str], None] | None = None
    """The baton: handed to whoever wants to act before each effect, told its name."""
    after: Callable[[str], None] | None = None
    heard: Callable[[str, tuple[Any, ...]], None] | None = None
    """Told each write to a port with what was written."""
    done: Callable[[str, tuple[Any, ...]], None] | None = None
    """Told each write to a port that was not refused, once it is done."""

    def note(self, name: str) -> None:
        self.names.append(name)
        self.within.append(self.depth > 0)

    def around(self, name: str, act: Callable[[], T], *, wire: bool = False) -> T:
        """Carry the effect out, unless something befalls the worker."""
        if self.before:
            self.before(name)
        try:
            return self._around(name, act, wire=wire)
        finally:
            if self.after:
                self.after(name)

    def _around(self, name: str, act: Callable[[], T], *, wire: bool) -> T:
        if wire and not self.struck and (self.strike_after in self.names or self.requests == self.strike_request):
            self.strike_at = len(self.names)
        self.requests += wire
        here = len(self.names) == self.strike_at
        self.note(name)
        if not here:
            return act()
        self.struck = True
        if self.meanwhile:
            self.meanwhile()
            return act()
        if self.moment is Moment.BEFORE:
            raise WorkerDied(name)
        act()
        if self.moment is Moment.LOST and wire:
            raise httpx2.RemoteProtocolError("Server disconnected without sending a response.")
        raise WorkerDied(name)


class Wire(httpx2.BaseTransport):
    """The way to the vendors. `effects` tells whose effects its requests are."""

    def __init__(self, inner: httpx2.BaseTransport, effects: Callable[[], Effects]) -> None:
        self._inner = inner
        self._effects = effects

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        name = f"{request.method} {request.url.path}"
        return self._effects().around(name, lambda: self._inner.handle_request(request), wire=True)


class Watched:
    """A port whose writes are effects; everything else passes through."""

    def __init__(self, port: Any, name: str, writes: frozenset[str], effects: Effects) -> None:
        self._port, self._name, self._writes, self._effects = port, name, writes, effects

    def __getattr__(self, attribute: str) -> Any:
        found = getattr(self._port, attribute)
        if attribute not in self._writes:
            return found
        name = f"{self._name}.{attribute}"

        def write(*args: Any, **kwargs: Any) -> Any:
            if self._effects.heard:
                self._effects.heard(name, args)
            answer = self._effects.around(name, lambda: found(*args, **kwargs))
            if self._effects.done:
                self._effects.done(name, args)
            return answer

        return write

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Its commit is an effect; a death before it takes everything back."""
        self._effects.depth += 1
        try:
            with self._port.transaction():
                yield
                outermost = self._effects.depth == 1
                dies_here = outermost and self._dies_before_commit()
                if dies_here:
                    raise WorkerDied("commit")
        finally:
            self._effects.depth -= 1
        if outermost:
            self._effects.around("commit", lambda: None)

    def _dies_before_commit(self) -> bool:
        effects = self._effects
        here = (
            len(effects.names) == effects.strike_at and effects.moment is Moment.BEFORE and not effects.meanwhile
        )
        if here:
            effects.names.append("commit")
            effects.struck = True
        return here


def watched(port: T, name: str, writes: frozenset[str], effects: Effects) -> T:
    return cast("T", Watched(port, name, writes, effects))
