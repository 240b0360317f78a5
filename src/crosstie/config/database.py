"""Which PostgreSQL, as Django wants to hear it."""

import hashlib
import os
from pathlib import Path
from typing import Any
from urllib.parse import quote

from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict

from crosstie.config.environment import Config, ConfigError

SOCKET_PATH_LIMIT = 100
"""Bytes. The kernel's limit for a Unix socket's path is 107."""
EMBEDDED_USER = EMBEDDED_NAME = "crosstie"
SOCKET_NAME = ".s.PGSQL.5432"

_PARTS = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}


def socket_directory(home: Path) -> Path:
    """Where the embedded server listens: below `home`, or a short path of its own where that is too long."""
    plain = home / "run"
    if len(os.fsencode(plain / SOCKET_NAME)) < SOCKET_PATH_LIMIT:
        return plain
    digest = hashlib.sha256(os.fsencode(home)).hexdigest()[:16]
    return Path("/tmp") / f"crosstie-{os.geteuid()}-{digest}"  # noqa: S108 - made 0700 and checked by its user


def url(config: Config) -> str:
    return config.database_url or embedded_url(config.home)


def embedded_url(home: Path, name: str = EMBEDDED_NAME) -> str:
    folder = quote(str(socket_directory(home)), safe="/")
    return f"postgresql://{EMBEDDED_USER}@/{name}?host={folder}&port=5432"


def django_database(database_url: str) -> dict[str, Any]:
    """One entry of Django's DATABASES."""
    try:
        given = conninfo_to_dict(database_url)
    except ProgrammingError as error:
        raise ConfigError("DATABASE_URL cannot be read: see PostgreSQL's page on connection URIs.") from error
    options = {key: value for key, value in given.items() if key not in _PARTS}
    return {
        "ENGINE": "django.db.backends.postgresql",
        **{name: str(given.get(key) or "") for key, name in _PARTS.items()},
        "OPTIONS": _PATIENCE | options | {"options": f"{_THAW} {options.get('options', '')}".strip()},
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
    }


# A half-open connection must end in an error, not in silence: seconds, but tcp_user_timeout milliseconds.
_PATIENCE = {
    "connect_timeout": 10,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
    "application_name": "crosstie",
}
# A process that is frozen within a transaction keeps its locks though it beats no more: the server lets go of them
# before a takeover is due. No transaction of ours waits for a vendor, but the vault's, which sets its own time.
_THAW = "-c idle_in_transaction_session_timeout=60s"
