"""The database: its programs, its version, its tables and its clock."""

import contextlib
import os
from collections.abc import Iterator
from datetime import datetime

import psycopg

from crosstie.cli import frame
from crosstie.cli.doctor.finding import Check, Finding
from crosstie.config import database as where
from crosstie.config import secrets
from crosstie.config.environment import Config
from crosstie.config.secrets import SecretsError
from crosstie.domain.clock import SystemClock
from crosstie.store import pgbinaries
from crosstie.store.embedded import Database, EmbeddedError

OLDEST = 14
"""Major version of PostgreSQL; older ones get no fixes."""
CLOCK_TOLERANCE = 5.0
"""Seconds."""


def programs(config: Config) -> Iterator[Finding]:
    if config.database_url:
        return
    try:
        folder, identity = pgbinaries.folder(), pgbinaries.identity()
    except EmbeddedError as error:
        yield Finding.problem("database", str(error), "")
        return
    how = {"same": "this user", "namespace": "root in a user namespace of its own"}.get(
        identity, f"user {identity}"
    )
    yield Finding.ok("database", f"PostgreSQL {pgbinaries.major()} from {folder}, run as {how}.")


def server(config: Config) -> Iterator[Finding]:
    """One visit for everything that needs a connection."""
    if not config.database_url and not (config.home / "postgres" / "PG_VERSION").exists():
        yield Finding.ok("database", "The embedded database will be made at the first start.")
        return
    try:
        with contextlib.ExitStack() as stack:
            if not config.database_url:
                stack.enter_context(Database(config.home))
            asked = psycopg.connect(where.url(config), connect_timeout=5, autocommit=True)
            connection = stack.enter_context(asked)
            yield from _version(connection)
            yield from _encryption(config, connection)
            yield from _clock(connection)
            yield from _tables(config)
            yield from _workers()
            yield from _mails(config)
            yield from _vendors(config)
    except EmbeddedError as error:
        yield Finding.problem("database", str(error), "")
    except psycopg.OperationalError:
        yield Finding.problem(
            "database", "The database does not answer.", "Check DATABASE_URL, the server and the firewall."
        )


def _version(connection: psycopg.Connection) -> Iterator[Finding]:
    major = connection.info.server_version // 10_000
    if major < OLDEST:
        yield Finding.problem("database", f"PostgreSQL {major} is too old.", f"Use {OLDEST} or newer.")
    else:
        yield Finding.ok("database", f"PostgreSQL {major} answers.")


def _encryption(config: Config, connection: psycopg.Connection) -> Iterator[Finding]:
    local = connection.info.host.startswith("/") or connection.info.host in ("", "localhost", "127.0.0.1", "::1")
    if config.database_url and not local and not connection.pgconn.ssl_in_use:
        advice = "Add ?sslmode=verify-full to DATABASE_URL."
        yield Finding.warning("database", "The connection to the database is not encrypted.", advice)


def _clock(connection: psycopg.Connection) -> Iterator[Finding]:
    row = connection.execute("SELECT clock_timestamp()").fetchone()
    moment: datetime = row[0] if row else SystemClock().now()
    apart = abs((SystemClock().now() - moment).total_seconds())
    if apart > CLOCK_TOLERANCE:
        sentence = f"This machine's clock and the database's are {apart:.0f} s apart."
        yield Finding.problem("clock", sentence, "Synchronise both (NTP).")
    else:
        yield Finding.ok("clock", "This machine's clock agrees with the database's.")


def _tables(config: Config) -> Iterator[Finding]:
    try:
        frame.setup_django()
    except SecretsError:
        yield Finding.warning("tables", "The tables were not looked at.", "Repair the keys first.")
        return
    from crosstie.store.migrate import pending, unknown_keys

    if missing := pending():
        yield Finding.problem(
            "tables", f"{len(missing)} change(s) of this version are missing.", "Run: crosstie migrate"
        )
        return
    yield Finding.ok("tables", "The tables are in step with this version.")
    keys = secrets.peek(config.home, os.environ)
    if keys and (unknown := unknown_keys(keys.vault)):
        sentence = f"{len(unknown)} key(s) that credentials were encrypted with are missing here."
        yield Finding.problem(
            "keys", sentence, f"Copy {secrets.path(config.home)} from the machine that made them."
        )


def _workers() -> Iterator[Finding]:
    from django.apps import apps
    from django.db import DatabaseError

    if not apps.ready:
        return
    from crosstie.jobs import queue

    try:
        found = queue.stats()
    except DatabaseError:  # no tables yet
        return
    waiting = sum(kind.waiting for kind in found.kinds.values())
    if waiting and not found.workers:
        sentence = f"{waiting} job(s) wait and no worker runs."
        yield Finding.warning("workers", sentence, "Start `crosstie up`, or `crosstie worker`.")
    else:
        yield Finding.ok("workers", f"{found.workers} worker(s) run, {waiting} job(s) wait.")


def _mails(config: Config) -> Iterator[Finding]:
    from django.apps import apps
    from django.db import DatabaseError

    if not apps.ready:
        return
    from crosstie.store.models import Notice

    try:
        waiting = list(Notice.everywhere().filter(due_at__isnull=False).values_list("tries", flat=True))
    except DatabaseError:  # no tables yet
        return
    if config.mail is None and waiting:
        sentence = f"{len(waiting)} mail(s) about suspended sync wait, and no mail server is set."
        yield Finding.warning("mail", sentence, "Set CROSSTIE_SMTP_URL.")
    elif any(tries > 2 for tries in waiting):
        sentence = "A mail about suspended sync could not be sent several times."
        yield Finding.problem("mail", sentence, "Check CROSSTIE_SMTP_URL; the workers' log says what happened.")
    else:
        state = "A mail server is set." if config.mail else "No mail server is set, so nobody is told by mail."
        yield Finding.ok("mail", state)


def _vendors(config: Config) -> Iterator[Finding]:
    from django.apps import apps
    from django.db import DatabaseError

    if not apps.ready:
        return
    from crosstie.cli.doctor import vendors

    try:
        yield from vendors.examine(config)
    except DatabaseError:  # no tables yet
        return


CHECKS: list[Check] = [programs, server]
