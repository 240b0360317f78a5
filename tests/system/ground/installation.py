"""A real installation in a folder of its own: real processes, a real PostgreSQL, real sockets."""

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

PATIENCE = 90.0
"""Seconds; generous, because the machine may be busy with other tests."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(condition: Callable[[], object], patience: float = PATIENCE, what: str = "") -> float:
    """Seconds it took."""
    begin = time.monotonic()
    while time.monotonic() - begin < patience:
        if condition():
            return time.monotonic() - begin
        time.sleep(0.05)
    raise AssertionError(f"not within {patience:g} s: {what or condition}")


def processes(text: str) -> dict[int, str]:
    """Command lines by process id of everything whose arguments or environment hold `text`, but for ourselves."""
    found = {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        with contextlib.suppress(OSError):
            arguments = (entry / "cmdline").read_bytes()
            if arguments and text.encode() in arguments + (entry / "environ").read_bytes():
                found[int(entry.name)] = arguments.replace(b"\0", b" ").decode(errors="replace")
    return found


@dataclass
class Installation:
    home: Path
    port: int = field(default_factory=free_port)
    extra: Mapping[str, str] = field(default_factory=dict)
    running: list[subprocess.Popen[str]] = field(default_factory=list)

    @property
    def environment(self) -> dict[str, str]:
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("CROSSTIE_", "DATABASE_", "DJANGO_"))
        }
        return kept | {"CROSSTIE_HOME": str(self.home), "CROSSTIE_PORT": str(self.port)} | dict(self.extra)

    def run(self, *arguments: str, timeout: float = PATIENCE) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "crosstie.cli", *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        with (self.home.parent / f"{arguments[0]}-{len(self.running)}.log").open("w") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "crosstie.cli", *arguments],
                env=self.environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                text=True,
                start_new_session=True,
            )
        self.running.append(process)
        return process

    def log(self) -> str:
        return "\n".join(path.read_text() for path in sorted(self.home.parent.glob("*.log")))

    def get(self, path: str) -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        with contextlib.closing(connection):
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()

    def healthy(self) -> bool:
        with contextlib.suppress(OSError, http.client.HTTPException):
            return self.get("/healthz")[0] == 200
        return False

    def wait_healthy(self) -> float:
        try:
            return wait_until(self.healthy, what="the server answers")
        except AssertionError as error:
            raise AssertionError(f"{error}\n{self.log()}") from None

    def close(self) -> None:
        for process in self.running:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
                try:
                    process.wait(20)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait(10)


@contextlib.contextmanager
def installation(folder: Path, **extra: str) -> Iterator[Installation]:
    made = Installation(folder / "home", extra=extra)
    try:
        yield made
    finally:
        made.close()
