"""Python, the data folder, the keys and the disk."""

import os
import platform
import shutil
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

from crosstie import __version__
from crosstie.cli.doctor.finding import Check, Finding
from crosstie.config import secrets
from crosstie.config.environment import Config
from crosstie.config.secrets import SecretsError

LITTLE_SPACE, NO_SPACE = 2_000_000_000, 300_000_000
"""Bytes free below which the disk is a warning, and a problem."""


def python(_config: Config) -> Iterator[Finding]:
    version, newest = platform.python_version(), "3.13"
    sentence = f"Crosstie {__version__} on Python {version}."
    if sys.version_info >= (3, 14):
        yield Finding.warning("python", sentence, f"Nobody has tried it on more than {newest} yet.")
    else:
        yield Finding.ok("python", sentence)


def data_folder(config: Config) -> Iterator[Finding]:
    home = config.home
    if not home.exists():
        above = _nearest(home)
        if os.access(above, os.W_OK):
            yield Finding.ok("data folder", f"{home} will be made at the first start.")
        else:
            yield Finding.problem(
                "data folder", f"{above} cannot be written to.", "Set CROSSTIE_HOME to a folder."
            )
    elif not os.access(home, os.W_OK | os.X_OK):
        yield Finding.problem("data folder", f"{home} cannot be written to.", f"Run: chown {os.geteuid()} {home}")
    elif stat.S_IMODE(home.stat().st_mode) & 0o077 & ~stat.S_IXOTH:
        yield Finding.warning("data folder", f"{home} is open to other users.", f"Run: chmod 700 {home}")
    else:
        yield Finding.ok("data folder", f"{home} is ours alone.")


def keys(config: Config) -> Iterator[Finding]:
    file = secrets.path(config.home)
    try:
        found = secrets.peek(config.home, os.environ)
    except SecretsError as error:
        yield Finding.problem("keys", str(error), "")
        return
    if found:
        yield Finding.ok("keys", "The keys are there and closed to others.")
    elif (config.home / "postgres" / "PG_VERSION").exists():
        yield Finding.problem("keys", f"{file} is gone, but there is data.", "Put it back from a backup.")
    else:
        yield Finding.ok("keys", "The keys will be made at the first start.")


def disk(config: Config) -> Iterator[Finding]:
    free = shutil.disk_usage(_nearest(config.home)).free
    sentence = f"{free / 1e9:.1f} GB are free for {config.home}."
    if free < NO_SPACE:
        yield Finding.problem("disk", sentence, "Make room: PostgreSQL stops when the disk is full.")
    elif free < LITTLE_SPACE:
        yield Finding.warning("disk", sentence, "Make room soon.")
    else:
        yield Finding.ok("disk", sentence)


def _nearest(path: Path) -> Path:
    """The path itself or the first folder above it that exists."""
    return next(place for place in (path, *path.parents) if place.exists())


CHECKS: list[Check] = [python, data_folder, keys, disk]
