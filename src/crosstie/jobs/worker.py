"""A worker process: takes jobs from the queue and runs their handlers in threads."""

import asyncio
import os
import signal
import threading
from concurrent.futures import ThreadPoolExecutor

from procrastinate import jobs as engine_jobs
from procrastinate.contrib.django import app
from procrastinate.worker import Worker

from crosstie.jobs import kinds, queue
from crosstie.jobs.log import logger
from crosstie.jobs.recovery import HEARTBEAT, HUNG, HUNG_EXIT, Housekeeper

POLL = 2.0
"""Seconds between looks when no notification comes: a key that was just freed sends none."""
STOP_PATIENCE = 5.0
"""Seconds for running jobs after a stop was asked; then the process ends and recovery runs them again."""

stopping = threading.Event()
"""Set once the process was asked to stop; long handlers look at it between steps."""


def run_worker(concurrency: int) -> int:
    """Until SIGTERM or SIGINT. The exit code."""
    kinds.load()
    for kind, handler in queue.handlers().items():
        _add(kind, handler)
    return asyncio.run(_run(concurrency))


def _add(kind: str, handler: queue.Handler) -> None:
    def task(key: str, deaths: int = 0) -> None:
        try:
            handler(key)
        except Exception:
            logger.exception("job failed", extra={"kind": kind, "key": key, "deaths": deaths})
            raise

    app.task(name=queue.task_name(kind), queue=queue.QUEUE)(task)


async def _run(concurrency: int) -> int:
    # The engine's own executor would run six jobs at a time on two cores, whatever the concurrency.
    pool = ThreadPoolExecutor(concurrency, thread_name_prefix="job")
    asyncio.get_running_loop().set_default_executor(pool)
    connector = app.connector.get_worker_connector()  # type: ignore[attr-defined]
    with app.replace_connector(connector) as worker_app:
        async with worker_app.open_async():
            worker = worker_app._worker(
                name="crosstie",
                queues=[queue.QUEUE],
                concurrency=concurrency,
                fetch_job_polling_interval=POLL,
                delete_jobs=engine_jobs.DeleteJobCondition.SUCCESSFUL,
                update_heartbeat_interval=HEARTBEAT,
                stalled_worker_timeout=HUNG,
                shutdown_graceful_timeout=STOP_PATIENCE,
                install_signal_handlers=False,
            )
            return await _attend(worker)


async def _attend(worker: Worker) -> int:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, _stop, worker)
    run = asyncio.create_task(worker.run())  # type: ignore[no-untyped-call]
    while worker.worker_id is None and not run.done():
        await asyncio.sleep(0.01)
    if worker.worker_id is None:
        await run
        return 0
    housekeeper = Housekeeper(worker.worker_id)
    housekeeper.start()
    logger.info("worker ready", extra={"worker": worker.worker_id, "concurrency": worker.concurrency})
    try:
        await run
    finally:
        housekeeper.stop()
    return 0 if stopping.is_set() else 1


def _stop(worker: Worker) -> None:
    """Finish what runs; a thread cannot be interrupted, so what takes too long ends with the process."""
    stopping.set()
    worker.stop()  # type: ignore[no-untyped-call]
    killer = threading.Timer(STOP_PATIENCE + 1, os._exit, [HUNG_EXIT])
    killer.daemon = True
    killer.start()
