"""A real installation beside real vendors, and a test's hands on its processes."""

import contextlib
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from crosstie.config.database import embedded_url
from tests.system.ground.installation import Installation, processes, wait_until
from tests.system.trouble.vendors import Vendors, vendors

TIMEOUT = 3
"""Seconds a vendor has to answer. A lease lasts five of them, a takeover waits two more."""


@dataclass(frozen=True, slots=True)
class Held:
    """A session at work."""

    mailbox: str
    epoch: int
    pid: int


@dataclass
class Scene:
    server: Installation
    vendors: Vendors
    workers: list[subprocess.Popen[str]] = field(default_factory=list)
    _names: dict[int, Path] = field(default_factory=dict)
    _connection: psycopg.Connection | None = None

    # -- processes ---------------------------------------------------------------------------------------

    def start_worker(self, concurrency: int = 2) -> subprocess.Popen[str]:
        number = len(self.server.running)
        worker = self.server.start("worker", "--concurrency", str(concurrency))
        self._names[worker.pid] = self.server.home.parent / f"worker-{number}.log"
        self.workers.append(worker)
        return worker

    def keep_workers(self, count: int) -> int:
        """Start as many as are missing. How many that was."""
        self.workers = [one for one in self.workers if one.poll() is None]
        missing = count - len(self.workers)
        for _ in range(missing):
            self.start_worker()
        return missing

    def log_of(self, pid: int) -> str:
        return self._names[pid].read_text()

    def queue_id(self, pid: int) -> str:
        """What the queue calls that worker; empty while it has not begun."""
        named = re.findall(r"worker ready worker=(\d+)", self.log_of(pid))
        return named[-1] if named else ""

    def part(self, text: str) -> list[int]:
        """Process ids of this installation's parts whose command line holds `text`."""
        return [pid for pid, line in processes(str(self.server.home)).items() if text in line]

    # -- the database ------------------------------------------------------------------------------------

    def sql(self, statement: str, *values: object) -> list[tuple[object, ...]]:
        """Waits for a database that is away, and asks one that was restarted on a new connection."""
        until = time.monotonic() + 40
        while True:
            try:
                if self._connection is None:
                    self._connection = psycopg.connect(embedded_url(self.server.home), autocommit=True)
                cursor = self._connection.execute(statement, values)
                return cursor.fetchall() if cursor.description else []
            except psycopg.OperationalError:
                self.hang_up()
                if time.monotonic() > until:
                    raise
                time.sleep(0.1)

    def hang_up(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def wake(self, *mailboxes: str) -> None:
        """As if their interval had passed."""
        self.sql("UPDATE store_mailbox SET due_at = now() WHERE address = ANY(%s)", list(mailboxes))

    def at_work(self) -> list[Held]:
        rows = self.sql("SELECT address, lease_epoch, lease_holder FROM store_mailbox WHERE lease_until > now()")
        return [
            Held(str(address), int(str(epoch)), int(str(holder).rpartition(":")[2]))
            for address, epoch, holder in rows
        ]

    def free(self) -> list[str]:
        return [str(row[0]) for row in self.sql("SELECT address FROM store_mailbox WHERE lease_until IS NULL")]

    def settled(self) -> bool:
        """Nobody is at work and nothing is due."""
        row = self.sql(
            "SELECT count(*) FROM store_mailbox WHERE lease_until IS NOT NULL OR due_at IS NULL OR due_at <= now()"
        )
        return row == [(0,)]

    def rest(self, rounds: int = 1, patience: float = 90) -> None:
        """Sessions of everybody, until none is left to be done."""
        for _ in range(rounds):
            self.wake(*self.vendors.people)
            wait_until(self.settled, patience, "every mailbox had its session")


class Recovery:
    """Half a minute's silence of a dead worker in no time."""

    def __init__(self, scene: Scene) -> None:
        environment = scene.server.environment | {
            "DATABASE_URL": embedded_url(scene.server.home),
            "DJANGO_SETTINGS_MODULE": "crosstie.config.django",
        }
        program = [sys.executable, "-m", "tests.system.trouble.recovery_program"]
        self._scene = scene
        self._process = subprocess.Popen(
            program, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def bury(self, pid: int) -> int:
        """How many jobs of that worker were queued anew."""
        until = time.monotonic() + 40
        while not (answer := self._ask(self._scene.queue_id(pid))).isdigit():
            assert time.monotonic() < until, answer
            time.sleep(0.2)
        return int(answer)

    def _ask(self, line: str) -> str:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()
        return self._process.stdout.readline().strip()

    def close(self) -> None:
        self._process.communicate()


@contextlib.contextmanager
def scene(folder: Path, migrated_home: Path, people: int = 3, workers: int = 0, **more: str) -> Iterator[Scene]:
    """`crosstie up` with so many workers of its own, and the company of the vendors as its customer; `more` is
    environment.
    """
    import shutil

    shutil.copytree(migrated_home, folder / "home")
    with vendors(folder, people) as outside:
        extra = {
            "CROSSTIE_TRUSTED_ORIGINS": outside.url,
            "CROSSTIE_HTTP_TIMEOUT": str(TIMEOUT),
            "CROSSTIE_WORKERS": str(workers),
        } | more
        server = Installation(folder / "home", extra=extra)
        made = None
        try:
            server.start("up")
            server.wait_healthy()
            made = Scene(server, outside)
            demo = server.run("demo", "--sandbox", outside.url)
            assert demo.returncode == 0, demo.stderr
            yield made
        finally:
            for process in server.running:
                if process.poll() is None:
                    process.send_signal(signal.SIGCONT)
            for worker in made.workers if made else ():
                worker.terminate()
            if made:
                made.hang_up()
            server.close()
