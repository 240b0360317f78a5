"""Jobs of dead workers, and workers that only look alive. The engine takes care of neither.

A worker writes a heartbeat every 10 s. A job whose worker has been silent for 30 s is ended and queued anew,
unless a later one of its key waits already, or the job has taken several workers with it. Ending it first is
what frees its key: a dead job that were put back beside a waiting one would hold the key for ever.
"""

import os
import threading
from dataclasses import dataclass, field

from django.db import Error, close_old_connections, connection, transaction

from crosstie.jobs import queue
from crosstie.jobs.log import logger

HEARTBEAT = 10.0
"""Seconds between two heartbeats of a worker."""
SILENCE = 30.0
"""Seconds without a heartbeat after which a worker counts as dead."""
HUNG = 60.0
"""Seconds after which a worker that runs but does not beat ends itself."""
MOST_DEATHS = 3
"""A job that ended so many workers waits for its next due time instead."""
DATABASE_SETTLE = 20.0
"""Seconds the database must be up: after an outage every heartbeat is old until the workers are back."""
ROUND = 5.0
"""Seconds between two looks."""
FAILED_KEPT_HOURS = 7 * 24
HUNG_EXIT = 70

_STALLED = """
SELECT j.id, j.task_name, j.args, j.priority, j.queueing_lock IS NOT NULL
  FROM procrastinate_jobs j
  LEFT JOIN procrastinate_workers w ON w.id = j.worker_id
 WHERE j.status = 'doing'
   AND (w.id IS NULL OR w.last_heartbeat < now() - make_interval(secs => %s))
   AND pg_postmaster_start_time() < now() - make_interval(secs => %s)
 ORDER BY j.id LIMIT 100
   FOR UPDATE OF j SKIP LOCKED
"""
_OLD = """
DELETE FROM procrastinate_jobs j
 WHERE j.status IN ('failed', 'cancelled', 'aborted', 'succeeded')
   AND NOT EXISTS (SELECT FROM procrastinate_events e
                    WHERE e.job_id = j.id AND e.at > now() - make_interval(hours => %s))
"""


def recover(silence: float = SILENCE, settle: float = DATABASE_SETTLE) -> int:
    """End the jobs of dead workers and queue them anew. How many there were."""
    import json

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_STALLED, [silence, settle])
        found = cursor.fetchall()
        for job_id, name, arguments, priority, dedupe in found:
            cursor.execute("SELECT procrastinate_finish_job_v1(%s, 'failed', true)", [job_id])
            given = arguments if isinstance(arguments, dict) else json.loads(arguments)
            _again(name.removeprefix(queue.task_name("")), given, priority, dedupe=dedupe)
    return len(found)


def _again(kind: str, arguments: dict[str, object], priority: int, *, dedupe: bool) -> None:
    key, deaths = str(arguments["key"]), int(str(arguments.get("deaths", 0))) + 1
    given_up = deaths >= MOST_DEATHS
    logger.warning("a worker died", extra={"kind": kind, "key": key, "deaths": deaths, "given_up": given_up})
    if not given_up:
        queue.enqueue(kind, key, priority=priority, dedupe=dedupe, deaths=deaths)


def tidy() -> int:
    """Delete finished jobs past their keep, and rows of workers long gone. How many jobs went."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT procrastinate_prune_stalled_workers_v1(%s)", [HUNG * 10])
        cursor.execute(_OLD, [FAILED_KEPT_HOURS])
        return int(cursor.rowcount)


def silence_of(worker_id: int) -> float | None:
    """Seconds since the worker's last heartbeat, by the database's clock; None: it was declared dead."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT extract(epoch FROM now() - last_heartbeat)::float8 FROM procrastinate_workers WHERE id = %s",
            [worker_id],
        )
        row = cursor.fetchone()
        return None if row is None else float(row[0])


@dataclass
class Housekeeper:
    """A thread beside the worker's loop, on a connection of its own: the loop can hang on a half-open one."""

    worker_id: int
    tidy_every: int = 720
    """Rounds."""
    _stop: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def start(self) -> None:
        self._thread = threading.Thread(target=self._run, name="housekeeper", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        if self._thread is not None:
            self._thread.join(ROUND)

    def _run(self) -> None:
        rounds = 0
        while not self._stop.wait(ROUND):
            try:
                close_old_connections()
                self._watch()
                recover()
                if rounds % self.tidy_every == 0:
                    tidy()
                rounds += 1
            except Error:
                connection.close()
                logger.warning("housekeeping failed; the database may be away", exc_info=True)
        connection.close()

    def _watch(self) -> None:
        silent = silence_of(self.worker_id)
        if self._stop.is_set() or (silent is not None and silent < HUNG):
            return
        logger.error("this worker no longer beats and ends itself", extra={"silent": silent})
        os._exit(HUNG_EXIT)
