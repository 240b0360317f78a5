"""The queue: five calls over Procrastinate. A job is a kind and a key, and carries nothing else.

Per (kind, key) at most one job runs and one waits, so that a wake during a run leads to exactly one more run.
When things are due, back-off and leases live in our own tables: an engine's delayed retry that holds a lock
would block every other job of its key. `jobs.worker` runs what is queued here, `jobs.recovery` finds the jobs
of dead workers.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import IntEnum

from django.db import connection, transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

QUEUE = "crosstie"
_PREFIX = "crosstie."

Handler = Callable[[str], None]
"""Does the work of one key. Must stand being run again: a killed worker's job is."""


class Priority(IntEnum):
    """Higher runs first."""

    LOW = -10
    NORMAL = 0
    FORCED = 10
    """A person waits for it."""


@dataclass(frozen=True, slots=True)
class KindStats:
    waiting: int = 0
    running: int = 0
    failed: int = 0
    """Ended in an unforeseen exception within the last week."""


@dataclass(frozen=True, slots=True)
class QueueStats:
    kinds: Mapping[str, KindStats]
    oldest_waiting: float | None
    """Seconds the longest waiting job has waited; None when nothing waits."""
    workers: int
    """Workers whose heartbeat is fresh."""


_handlers: dict[str, Handler] = {}


def register(kind: str) -> Callable[[Handler], Handler]:
    """Decorate the handler of a kind. The module must be named in `jobs.kinds`."""

    def keep(handler: Handler) -> Handler:
        if kind in _handlers:
            raise ValueError(f"two handlers for {kind!r}")
        _handlers[kind] = handler
        return handler

    return keep


def handlers() -> Mapping[str, Handler]:
    return dict(_handlers)


def task_name(kind: str) -> str:
    return _PREFIX + kind


def enqueue(kind: str, key: str, *, priority: int = Priority.NORMAL, dedupe: bool = True, deaths: int = 0) -> bool:
    """Queue a run, in the caller's transaction if there is one. False: one waits already.

    `dedupe=False` queues another run even so; runs of one key still follow each other.
    `deaths`: how many workers died of this job so far (recovery only).
    """
    lock = f"{kind}:{key}"
    job = app.configure_task(
        task_name(kind),
        allow_unknown=True,
        queue=QUEUE,
        priority=priority,
        lock=lock,
        queueing_lock=lock if dedupe else None,
    )
    arguments = {"key": key} | ({"deaths": deaths} if deaths else {})
    try:
        with transaction.atomic():  # a savepoint: the refusal must not break the caller's transaction
            job.defer(**arguments)
    except AlreadyEnqueued:
        return False
    return True


def cancel(kind: str, key: str) -> int:
    """Take back what waits; a run that has started goes on. How many were taken back."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM procrastinate_jobs WHERE status = 'todo' AND task_name = %s AND lock = %s",
            [task_name(kind), f"{kind}:{key}"],
        )
        return int(cursor.rowcount)


def waiting_or_running(kind: str, key: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM procrastinate_jobs WHERE status IN ('todo', 'doing') AND lock = %s)",
            [f"{kind}:{key}"],
        )
        return bool(cursor.fetchone()[0])


def stats() -> QueueStats:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT task_name, count(*) FILTER (WHERE status = 'todo'), count(*) FILTER (WHERE status = 'doing'),"
            " count(*) FILTER (WHERE status = 'failed') FROM procrastinate_jobs GROUP BY task_name"
        )
        kinds = {name.removeprefix(_PREFIX): KindStats(*counts) for name, *counts in cursor.fetchall()}
        cursor.execute(
            "SELECT extract(epoch FROM now() - min(e.at))::float8 FROM procrastinate_jobs j"
            " JOIN procrastinate_events e ON e.job_id = j.id AND e.type = 'deferred' WHERE j.status = 'todo'"
        )
        oldest = cursor.fetchone()[0]
        cursor.execute(
            "SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - interval '30 seconds'"
        )
        return QueueStats(kinds, oldest, int(cursor.fetchone()[0]))
