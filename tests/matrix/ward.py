"""A house under observation: the schedule runs, and everything asked of the vendors is noted and counted."""

import logging
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, TypeVar

import httpx2

from crosstie.accounts.trouble import advice
from crosstie.domain.clock import Clock
from crosstie.domain.errors import CrosstieError, Retry
from crosstie.engine import batch, tick
from crosstie.engine.ports import Ports
from crosstie.jobs.fanout import InTurn
from sandbox.clock import ManualClock
from sandbox.faults import Fault, Faults
from tests.simulation.access import HOST
from tests.simulation.effects import Effects
from tests.simulation.house import House, Make

T = TypeVar("T")

TIMEOUT = 60.0
"""Seconds that the product waits for an answer (transport.Http)."""
PACE, QUIET_PACE = timedelta(minutes=2), timedelta(minutes=10)
"""Between ticks: the ticker's, and a slower one that saves time where no tick is in question."""
BATCHES = 20
"""Batches at one moment; a schedule that wants more never comes to rest."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A fault happened to a request or a part of one."""

    at: datetime
    name: str
    subject: str
    fault: Fault


@dataclass(frozen=True, slots=True)
class Work:
    """A tick, or a batch of sessions, and the requests it took."""

    at: datetime
    sessions: int
    requests: int


class Watching(Faults):
    """Faults that also note what they were asked about: every route, part and step on its way."""

    def __init__(self, clock: ManualClock) -> None:
        super().__init__(clock)
        self.asked: Counter[tuple[str, str]] = Counter()
        self.hits: list[Hit] = []

    def _take(self, face: str, route: str, subject: str, *, inside: bool) -> Fault | None:
        self.asked[face, route] += 1
        fault = super()._take(face, route, subject, inside=inside)
        if fault is not None:
            self.hits.append(Hit(self.clock.now(), route, subject, fault))
        return fault


class Door(httpx2.BaseTransport):
    """The way out: nobody but the vendors is talked to, and nobody waits longer than the timeout."""

    def __init__(self, inner: httpx2.BaseTransport, clock: Clock, strangers: list[str]) -> None:
        self._inner, self._clock, self._strangers = inner, clock, strangers

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        origin = f"{request.url.scheme}://{request.url.host}"
        if origin != HOST:
            self._strangers.append(origin)
            raise httpx2.ConnectError("nobody there")
        before = self._clock.now()
        response = self._inner.handle_request(request)
        if (self._clock.now() - before).total_seconds() > TIMEOUT:
            raise httpx2.ReadTimeout("The read operation timed out")
        return response


class SideBySide:
    """Implements ports.Fanout as threads would: calls begin at the same moment, a latecomer is left behind."""

    def __init__(self, clock: ManualClock) -> None:
        self._clock = clock

    def run(self, calls: Sequence[Callable[[], T]], *, timeout: float) -> Sequence[T | CrosstieError]:
        began, lasted = self._clock.now(), timedelta(0)
        answers: list[T | CrosstieError] = []
        for call in calls:
            (answer,) = InTurn().run([call], timeout=timeout)
            took = self._clock.now() - began
            late = took > timedelta(seconds=timeout)
            answers.append(Retry("SLOW") if late else answer)
            lasted = max(lasted, min(took, timedelta(seconds=timeout)))
            self._clock.advance(-took)
        self._clock.advance(lasted)
        return answers


class Heard(logging.Handler):
    """What the product logs, with its extra fields."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if record.name.startswith("crosstie"):
            self.lines.append(f"{record.getMessage()} {record.__dict__}")


@dataclass(slots=True)
class Notes:
    """What was seen of the product's own doing."""

    ticks: list[Work] = field(default_factory=list)
    batches: list[Work] = field(default_factory=list)
    errors: list[tuple[datetime, str, str]] = field(default_factory=list)
    """When, the code, and the sentence a person reads."""
    escaped: list[str] = field(default_factory=list)
    """What came up that is no error of the domain's: the job would have died of it."""


class Ward(House):
    def __init__(self, make: Make) -> None:
        self.strangers: list[str] = []
        self.notes = Notes()
        super().__init__(make)
        self.watching = Watching(self.manual)
        self.world.faults = self.watching
        self.tick_due, self.failed_ticks = self.clock.now(), 0
        self.heard = Heard()
        self.pace = QUIET_PACE

    def wire(self, effects: Effects) -> httpx2.BaseTransport:
        return Door(super().wire(effects), self.clock, self.strangers)

    def new_worker(self, effects: Effects | None = None) -> Ports:
        return replace(super().new_worker(effects), fanout=SideBySide(self.manual))

    def go(self, minutes: float) -> None:
        """The schedule runs, as the ticker and the workers run it (jobs/sync.py)."""
        logging.getLogger().addHandler(self.heard)
        try:
            for _ in range(int(minutes / 2)):
                self.pass_minutes(2)
                if self.clock.now() >= self.tick_due:
                    self._tick()
                self._sessions()
        finally:
            logging.getLogger().removeHandler(self.heard)

    def _tick(self) -> None:
        now, before = self.clock.now(), self.world.requests.count
        try:
            said = self.tick()
        except Exception as error:
            self.escaped(error)
            return
        finally:
            self.notes.ticks.append(Work(now, 0, self.world.requests.count - before))
        if isinstance(said, CrosstieError):
            self.failed_ticks += 1
            self.notes.errors.append((now, said.code, advice.for_error(said)))
            self.tick_due = tick.after_failure(said, self.failed_ticks, self.clock.now())
        else:
            self.failed_ticks, self.tick_due = 0, now + self.pace

    def _sessions(self) -> None:
        for _ in range(BATCHES):
            if not (leases := self.claim()):
                return
            now, before = self.clock.now(), self.world.requests.count
            try:
                reports = batch.run(self.ports, leases)
            except Exception as error:
                self.escaped(error)
                return
            finally:
                self.notes.batches.append(Work(now, len(leases), self.world.requests.count - before))
            for code in filter(None, (one.error_code for one in reports)):
                self.notes.errors.append((now, code, advice.for_code(code)))
        self.notes.escaped.append("sessions without an end")

    def escaped(self, error: Exception) -> None:
        place = error.__traceback__
        while place and place.tb_next:
            place = place.tb_next
        where = f"{place.tb_frame.f_code.co_qualname}:{place.tb_lineno}" if place else "?"
        self.notes.escaped.append(f"{type(error).__name__} in {where}")

    def kept(self) -> str:
        """Everything that is remembered, as one text."""
        memory: dict[str, Any] = {
            name: dict(getattr(self.memory, name))
            for name in ("cursors", "items", "saved", "directory", "log", "journal", "sessions", "watermarks")
        }
        return f"{memory} {self.facts.__dict__}"

    def sleep_over(self, hours: float) -> None:
        """Nobody works, and issues become due for another try."""
        self.manual.advance(timedelta(hours=hours))
