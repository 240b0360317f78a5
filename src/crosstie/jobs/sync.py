"""The handlers that do the work: an org's tick, a batch of its due mailboxes, the daily clean-up."""

import os
import socket

from django.contrib.sessions.backends.db import SessionStore
from django.db import close_old_connections

from crosstie.accounts.connection import inactive, leaving, orgs
from crosstie.accounts.trouble import refusals
from crosstie.domain.errors import CrosstieError, NeedsConsent, Throttled
from crosstie.domain.stopping import USER_INACTIVE
from crosstie.engine import batch, tick
from crosstie.jobs import products, wiring
from crosstie.jobs.log import logger
from crosstie.jobs.queue import enqueue, register
from crosstie.store import cleanup, ticks
from crosstie.store.models import Scope

BATCH = 100
TICK, SESSIONS, CLEAN_UP, NOTICES = "tick", "batch", "clean-up", "notices"


@register(TICK)
def run_tick(org_id: str) -> None:
    """Read the org's changes once. What goes wrong is the next tick's to mend."""
    close_old_connections()
    house = wiring.get()
    scope = orgs.get(int(org_id)).scope
    try:
        report = tick.tick(house.ports(scope))
    except CrosstieError as error:
        until = tick.after_failure(error, ticks.tick_failed(scope), house.clock.now())
        ticks.put_off_tick(scope, until)
        logger.warning("tick put off", extra={"org": scope.org_id, "code": error.code})
        if not isinstance(error, Throttled):
            _tick_failed(scope, error)
    else:
        ticks.tick_succeeded(scope)
        ended = refusals.org_answered(scope, house.clock.now(), complete=report.complete)
        if _users_gone(scope) or ended:
            enqueue(NOTICES, NOTICES)
        extra = {"org": scope.org_id, "calls": report.calls, "rows": report.new_rows}
        logger.info("tick", extra=extra)
        if not report.complete:
            enqueue(TICK, org_id)
        else:
            products.daily(scope)


@register(SESSIONS)
def run_batch(org_id: str) -> None:
    """Up to a hundred due mailboxes of the org; if more are due behind them, another run is queued."""
    close_old_connections()
    house = wiring.get()
    scope = orgs.get(int(org_id)).scope
    ports = house.ports(scope)
    leases = batch.claim(ports, holder=_holder(), limit=BATCH, lease_seconds=house.lease_seconds)
    if not leases:
        return
    reports = batch.run(ports, leases)
    for report in reports:
        extra = {"mailbox": report.mailbox_id, **report.counts, "code": report.error_code}
        logger.info("session", extra=extra)
    suspended, ended = refusals.note(scope, reports, house.clock.now())
    for mailbox_id in suspended:
        logger.error("suspended", extra={"mailbox": mailbox_id})
    if suspended or ended:
        enqueue(NOTICES, NOTICES)
    if len(leases) == BATCH or any(report.more for report in reports):
        enqueue(SESSIONS, org_id)
    for report in reports:
        if report.left:
            _leave(scope, report.mailbox_id)


@register(CLEAN_UP)
def run_clean_up(_key: str) -> None:
    """What is older than its keeping time goes."""
    close_old_connections()
    cleanup.clean_up(wiring.get().clock.now())
    SessionStore.clear_expired()


def _leave(scope: Scope, mailbox_id: int) -> None:
    """While somebody else is at its secret it is not left: the next session, which is due soon, sees to that."""
    house, extra = wiring.get(), {"mailbox": mailbox_id}
    try:
        if leaving.finish(scope, mailbox_id, house.stores.vault(), house.clock):
            logger.info("mailbox left", extra=extra)
    except CrosstieError as error:
        logger.warning("leaving put off", extra={**extra, "code": error.code})


def _tick_failed(scope: Scope, error: CrosstieError) -> None:
    now = wiring.get().clock.now()
    if refusals.org_failed(scope, error.code, now, refused=isinstance(error, NeedsConsent)):
        logger.error("suspended", extra={"org": scope.org_id, "code": error.code})
        enqueue(NOTICES, NOTICES)


def _users_gone(scope: Scope) -> bool:
    """Of what the tick has read of users."""
    gone = inactive.note(scope, wiring.get().clock.now())
    for mailbox_id in gone:
        logger.error("suspended", extra={"mailbox": mailbox_id, "code": USER_INACTIVE})
    return bool(gone)


def _holder() -> str:
    return f"{socket.gethostname()}:{os.getpid()}"
