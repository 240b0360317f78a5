"""Bringing the tables in step with the code, once however many processes ask at the same time."""

from django.core.management import call_command
from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.db.migrations.executor import MigrationExecutor

from crosstie.config.secrets import KeyRing

_LOCK = 0x63726F7373746965
"""The advisory lock's number: "crosstie" in ASCII."""
_PAUSE = 0.2
"""Seconds between two tries to get it."""


def pending() -> list[str]:
    """Names of migrations this version has and the database lacks."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def unknown_keys(ring: KeyRing) -> set[str]:
    """Ids of keys that credentials were encrypted with and this machine does not have."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT key_id FROM store_secret")
        return {key_id for (key_id,) in cursor.fetchall()} - ring.keys.keys()


def migrate() -> list[str]:
    """Apply what is pending; the answer names it."""
    with connection.cursor() as cursor:
        _take_turns(cursor)
        try:
            applied = pending()
            if applied:
                call_command("migrate", interactive=False, verbosity=0)
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])
    return applied


def _take_turns(cursor: CursorWrapper) -> None:
    """By trying: an index that is built while others write waits for every statement that began before it, and so
    for one that stands waiting for this lock.
    """
    while True:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK])
        if cursor.fetchone() == (True,):
            return
        cursor.execute("SELECT pg_sleep(%s)", [_PAUSE])
