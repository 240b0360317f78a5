"""`crosstie up`."""

import contextlib
import fcntl
import os
import shlex
import shutil
import socket
import subprocess
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Mapping

from crosstie.cli import frame
from crosstie.cli.web import connect_host, require_free
from crosstie.config import database, secrets
from crosstie.config.environment import Config
from crosstie.jobs.supervisor import Program, Supervisor
from crosstie.store.embedded import Database


def configure(parser: ArgumentParser) -> None:
    """The server itself is told everything by the environment (`docs/howto/configure.md`)."""
    beside, to_the_end = "keep this program running beside the server", "run this when the server answers"
    parser.add_argument("--also", action="append", default=[], metavar="NAME=COMMAND", help=beside)
    parser.add_argument("--once", action="append", default=[], metavar="NAME=COMMAND", help=to_the_end)


def run(options: Namespace) -> int:
    config = frame.settings()
    environment = os.environ | {"DATABASE_URL": database.url(config), "PYTHONUNBUFFERED": "1"}
    guests = [_guest(text, environment) for text in options.also]
    guests += [_guest(text, environment, once=True) for text in options.once]
    with _alone(config):
        require_free(config.host, config.port)
        secrets.ensure(config.home, os.environ)
        embedded = None if config.database_url else Database(config.home, owner=True)
        with embedded or contextlib.nullcontext():
            _migrate(environment)
            programs = _programs(config, environment) + guests
            return Supervisor(programs, embedded, answers=_Announcement(config)).run()


@contextlib.contextmanager
def _alone(config: Config) -> Iterator[None]:
    """Refuse a second `up` over the same folder."""
    config.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (config.home / "up.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise frame.CommandError(
                f"Crosstie already runs on {config.home} ({lock.read().strip()}). Stop that one first, "
                "or give this one another folder with CROSSTIE_HOME."
            ) from None
        lock.truncate(0)
        lock.write(f"process {os.getpid()}, {config.public_url}")
        lock.flush()
        yield


def _migrate(environment: Mapping[str, str]) -> None:
    """In a child, so that the supervisor itself stays small and holds no connection."""
    done = subprocess.run([*_PYTHON, "migrate"], env=environment, stdout=subprocess.DEVNULL, check=False)
    if done.returncode:
        raise frame.CommandError("The database could not be brought in step with this version.")


_PYTHON = (sys.executable, "-m", "crosstie.cli")


def _programs(config: Config, environment: Mapping[str, str]) -> list[Program]:
    workers = ["worker"] if config.workers == 1 else [f"worker-{n + 1}" for n in range(config.workers)]
    return [
        Program("web", [*_PYTHON, "web"], environment),
        *(Program(name, [*_PYTHON, "worker"], environment) for name in workers),
        Program("ticker", [*_PYTHON, "ticker"], environment),
    ]


def _guest(text: str, environment: Mapping[str, str], *, once: bool = False) -> Program:
    name, _, command = text.partition("=")
    argv = shlex.split(command)
    program = shutil.which(argv[0]) if argv else None
    if not name or program is None:
        raise frame.CommandError(f"Not NAME=COMMAND with a program that exists: {text}")
    return Program(name, [program, *argv[1:]], environment, once)


class _Announcement:
    """Says once where the server is, when it answers."""

    def __init__(self, config: Config) -> None:
        self._config = config

    def __call__(self) -> bool:
        try:
            socket.create_connection((connect_host(self._config.host), self._config.port), timeout=0.2).close()
        except OSError:
            return False
        sys.stdout.write(f"Crosstie is ready at {self._config.public_url} (Ctrl-C stops it)\n")
        sys.stdout.flush()
        return True
