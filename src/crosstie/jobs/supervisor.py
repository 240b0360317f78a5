"""`crosstie up`: the database and our processes as children in one terminal.

A child that dies is started again, later each time it dies at once. Children end with us, however we end.
"""

import os
import selectors
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import FrameType
from typing import Protocol, TextIO

from crosstie.config import lifeline
from crosstie.domain.clock import SystemClock

STOP_PATIENCE = 8.0
"""Seconds for a child to end by itself."""
_STEP = 0.25
_LASTING = 30.0
"""Seconds after which a child counts as having started well."""
_LONGEST_PAUSE = 30.0
_LINE_LIMIT = 16_384


@dataclass(frozen=True, slots=True)
class Program:
    name: str
    argv: Sequence[str]
    environment: Mapping[str, str]
    once: bool = False
    """Started when the server answers, and done when it ends well; tried again when it does not."""


class Server(Protocol):
    """The database as far as it is ours to keep alive."""

    def alive(self) -> bool: ...

    def start(self) -> None: ...


@dataclass(eq=False)
class _Child:
    program: Program
    process: subprocess.Popen[bytes] | None = None
    rest: bytes = b""
    """The beginning of a line that has not ended yet."""
    deaths: int = 0
    """In a row, each within `_LASTING` of its start."""
    started: float = 0.0
    due: float = 0.0
    """When to start it (monotonic seconds)."""
    done: bool = False


@dataclass
class Supervisor:
    programs: Sequence[Program]
    server: Server | None = None
    out: TextIO = field(default_factory=lambda: sys.stdout)
    answers: Callable[[], bool] = lambda: True
    """Asked at each step until the server answers."""
    clock: SystemClock = field(default_factory=SystemClock)

    def __post_init__(self) -> None:
        self._children = [_Child(program) for program in self.programs]
        self._selector = selectors.DefaultSelector()
        self._width = max((len(program.name) for program in self.programs), default=0)
        self._stops = 0
        self._answered = False

    def run(self) -> int:
        """Until SIGINT, SIGTERM or SIGHUP. The exit code."""
        before = {number: signal.signal(number, self._asked) for number in _SIGNALS}
        try:
            while not self._stops:
                self._keep_server()
                self._start_due()
                self._listen(_STEP)
                self._reap()
                self._answered = self._answered or self.answers()
        finally:
            self._stop_all()
            for number, handler in before.items():
                signal.signal(number, handler)
        return 0

    def _asked(self, _number: int, _frame: FrameType | None) -> None:
        self._stops += 1

    def _keep_server(self) -> None:
        if self.server is None or self.server.alive():
            return
        self.say("database", "PostgreSQL ended; starting it again")
        self.server.start()

    def _start_due(self) -> None:
        now = self.clock.monotonic()
        for child in self._children:
            ready = self._answered or not child.program.once
            if ready and child.process is None and child.due <= now and not child.done:
                self._start(child, now)

    def _start(self, child: _Child, now: float) -> None:
        child.process = subprocess.Popen(
            lifeline.command(list(child.program.argv)),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=dict(child.program.environment),
            start_new_session=True,  # Ctrl-C reaches us alone; we end the children in order
        )
        child.started, child.rest = now, b""
        assert child.process.stdout is not None
        os.set_blocking(child.process.stdout.fileno(), False)
        self._selector.register(child.process.stdout, selectors.EVENT_READ, child)

    def _listen(self, patience: float) -> None:
        for key, _ in self._selector.select(patience):
            child: _Child = key.data
            chunk = os.read(key.fd, 65_536)
            if not chunk:
                self._selector.unregister(key.fileobj)
            *lines, child.rest = (child.rest + chunk).split(b"\n")
            if len(child.rest) > _LINE_LIMIT or (not chunk and child.rest):
                lines, child.rest = [*lines, child.rest], b""
            for line in lines:
                self.say(child.program.name, line.decode(errors="replace"))

    def _reap(self) -> None:
        now = self.clock.monotonic()
        for child in self._children:
            if child.process is None or child.process.poll() is None:
                continue
            code = child.process.returncode
            self._forget(child)
            if child.program.once and code == 0:
                child.done = True
                continue
            child.deaths = child.deaths + 1 if now - child.started < _LASTING else 1
            pause = min(_LONGEST_PAUSE, 0.5 * 2**child.deaths)
            child.due = now + pause
            self.say(child.program.name, f"ended with {code}; starting it again in {pause:g} s")

    def _forget(self, child: _Child) -> None:
        process, child.process = child.process, None
        if process is None or process.stdout is None:
            return
        self._listen(0)
        if process.stdout in self._selector.get_map():
            self._selector.unregister(process.stdout)
        process.stdout.close()

    def _stop_all(self) -> None:
        """TERM, then KILL for what is left after the patience, or at once when asked to stop again."""
        running = [child for child in self._children if child.process is not None]
        for child in running:
            _signal(child.process, signal.SIGTERM)
        until = self.clock.monotonic() + STOP_PATIENCE
        while self._any_alive(running) and self.clock.monotonic() < until and self._stops < 2:
            self._listen(0.05)
        for child in running:
            if child.process is not None and child.process.poll() is None:
                _signal(child.process, signal.SIGKILL)
                child.process.wait()
            self._forget(child)

    @staticmethod
    def _any_alive(children: Sequence[_Child]) -> bool:
        return any(child.process is not None and child.process.poll() is None for child in children)

    def say(self, name: str, line: str) -> None:
        try:
            self.out.write(f"{name:<{self._width}} | {line}\n")
            self.out.flush()
        except OSError:  # the terminal is gone; the children need not follow
            self.out = open(os.devnull, "w")  # noqa: SIM115


_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def _signal(process: subprocess.Popen[bytes] | None, number: signal.Signals) -> None:
    if process is not None and process.poll() is None:
        process.send_signal(number)
