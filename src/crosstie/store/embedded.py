"""PostgreSQL without an installation: programs from a wheel or the system, started by us.

Neither the wheel's package nor its launcher is used: as root that one opens every parent of the data folder to
all users, adds an account and leaves servers behind. Ours changes nothing outside its own folder. As root it
runs the server in an unmapped user namespace, or as `nobody` where the kernel forbids that. The server ends
with the process that started it, however that ends.
"""

import contextlib
import fcntl
import os
import signal
import subprocess
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType

from crosstie.config import lifeline
from crosstie.store import pgbinaries, pgcluster
from crosstie.store.pgbinaries import EmbeddedError
from crosstie.store.pgcluster import Place, wait_for

__all__ = ["QUICK", "Database", "EmbeddedError"]

START_PATIENCE = 60.0
"""Seconds. A start after a crash waits for the last backends to go and replays the log."""
STOP_PATIENCE = 30.0

_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "shared_buffers": "64MB",
    # The server's own log keeps no content: neither statements, nor their errors, which quote values.
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
}
QUICK = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
"""For a cluster that lives no longer than a test run."""


class Database:
    """The embedded server as a context: starts it, or attaches to one that already answers.

    `owner` insists on a server that is a child of this process, as `crosstie up` needs: it waits for a
    short-lived owner to finish, and replaces an orphan. Raises EmbeddedError.
    """

    def __init__(self, home: Path, *, owner: bool = False, settings: Mapping[str, str] | None = None) -> None:
        self.place = Place(home)
        self._must_own = owner
        self._settings = _SETTINGS | dict(settings or {})
        self._process: subprocess.Popen[bytes] | None = None
        self._lock: int | None = None

    def __enter__(self) -> str:
        """The address of our database on the server (a DSN)."""
        try:
            self._open()
        except BaseException:
            self.close()
            raise
        return self.place.url()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def alive(self) -> bool:
        """Always true where the server is somebody else's child."""
        return self._lock is None or (self._process is not None and self._process.poll() is None)

    def start(self) -> None:
        """Start the server, also again after it was found dead, by a crash or by somebody's ordinary stop."""
        self._process = None
        identity = pgbinaries.identity()
        pgcluster.end_orphan(self.place, STOP_PATIENCE)
        pgcluster.prepare(self.place, identity)
        crashed = (self.place.data / "postmaster.pid").exists()
        if not wait_for(lambda: self._try(identity, again=crashed), START_PATIENCE):
            raise EmbeddedError(f"PostgreSQL did not start: {pgcluster.last_words(self.place)}")
        pgcluster.make_database(self.place)

    def close(self) -> None:
        """Fast shutdown of a server of ours: its sessions are ended, everything committed is kept."""
        process, self._process = self._process, None
        if process is not None and process.poll() is None:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(STOP_PATIENCE)
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGQUIT)  # at once; the next start recovers
                process.wait(STOP_PATIENCE)
        if self._lock is not None:
            if process is not None and self.place.sockets.parent != self.place.home:
                with contextlib.suppress(OSError):
                    self.place.sockets.rmdir()
            os.close(self._lock)
            self._lock = None

    def _open(self) -> None:
        self.place.home.mkdir(mode=0o700, parents=True, exist_ok=True)

        def ours_or_there() -> bool:
            return self._take_lock() or (not self._must_own and pgcluster.answers(self.place))

        if not wait_for(ours_or_there, STOP_PATIENCE):
            raise EmbeddedError(
                f"Another Crosstie uses the data in {self.place.home}. Stop it first, or set CROSSTIE_HOME."
            )
        if self._lock is not None:
            self.start()

    def _take_lock(self) -> bool:
        descriptor = os.open(self.place.owner_lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return False
        self._lock = descriptor
        return True

    def _try(self, identity: str, *, again: bool) -> bool:
        """One look at a starting server. After a crash a start may fail until the last backend is gone."""
        if self._process is None or (again and self._process.poll() is not None):
            self._process = self._spawn(identity)
        if self._process.poll() is not None and not again:
            raise EmbeddedError(f"PostgreSQL did not start: {pgcluster.last_words(self.place)}")
        return self._process.poll() is None and pgcluster.answers(self.place)

    def _spawn(self, identity: str) -> subprocess.Popen[bytes]:
        server = [str(pgbinaries.folder() / "postgres"), "-D", str(self.place.data)]
        options = self._settings | {"unix_socket_directories": str(self.place.sockets), "port": "5432"}
        server += [part for key, value in options.items() for part in ("-c", f"{key}={value}")]
        with self.place.log.open("ab") as log:
            return subprocess.Popen(
                lifeline.command(server, death=signal.SIGINT, identity=identity),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=pgbinaries.ENVIRONMENT,
                cwd="/",
                start_new_session=True,
            )
