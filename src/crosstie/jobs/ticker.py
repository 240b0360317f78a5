"""Decides what is due, by the tables alone: any number of tickers may run, each job is queued once."""

from datetime import datetime, timedelta

from django.db import DatabaseError, close_old_connections

from crosstie.accounts.activation import activation_steps
from crosstie.accounts.trouble import refusals
from crosstie.domain.clock import Clock, SystemClock
from crosstie.jobs import wiring
from crosstie.jobs.activations import ACTIVATION
from crosstie.jobs.log import logger
from crosstie.jobs.notices import waiting
from crosstie.jobs.queue import Priority, enqueue
from crosstie.jobs.sync import CLEAN_UP, NOTICES, SESSIONS, TICK
from crosstie.store import ticks

INTERVAL = 1.0
"""Seconds between looks."""
TICK_EVERY = timedelta(minutes=2)
CLEAN_UP_EVERY = timedelta(hours=6)
WATCH_EVERY = timedelta(seconds=20)
"""Between two looks at what is suspended and at what people are to be told."""


def run(clock: Clock | None = None) -> None:
    """Until the process is ended; a database that is away for a while is waited for."""
    clock = clock or SystemClock()
    clean_up_at = watch_at = clock.now()
    while True:
        close_old_connections()
        try:
            look(clock.now())
            if clock.now() >= watch_at:
                watch(clock.now())
                watch_at = clock.now() + WATCH_EVERY
            if clock.now() >= clean_up_at:
                enqueue(CLEAN_UP, "store", priority=Priority.LOW)
                clean_up_at = clock.now() + CLEAN_UP_EVERY
        except DatabaseError:
            logger.warning("the database is away; trying again")
        clock.sleep(INTERVAL)


def look(now: datetime) -> None:
    """Queue the ticks and batches that are due at `now`."""
    for scope in ticks.claim_ticks(now, TICK_EVERY):
        enqueue(TICK, str(scope.org_id))
    for scope in ticks.orgs_with_due_mailboxes(now, wiring.get().stores.takeover):
        enqueue(SESSIONS, str(scope.org_id))


def watch(now: datetime) -> None:
    """Have the suspended tried now and then, activations that stand still taken up, and owed mails sent."""
    for scope in refusals.probe(now):
        enqueue(TICK, str(scope.org_id))
    for run_id in activation_steps.due(now):
        enqueue(ACTIVATION, str(run_id))
    if waiting(wiring.get(), now):
        enqueue(NOTICES, NOTICES)
