"""Bad luck as Salesforce words it, ready for `world.faults.add`."""

import json

from sandbox.faults import Effect, Fault
from sandbox.salesforce.errors import SalesforceError


def refused(
    code: str, message: str, status: int, *, route: str = "*", org: str = "*", times: int = 1, skip: int = 0
) -> Fault:
    """The whole request is refused before anything is done."""
    body = json.dumps([SalesforceError(code, message).row_body()]).encode()
    return Fault("refuse", "salesforce", route, org, times=times, skip=skip, status=status, body=body)


def unavailable(*, route: str = "*", org: str = "*", times: int = 1, skip: int = 0) -> Fault:
    message = "The server is currently unavailable. Please try again later."
    return refused("SERVER_UNAVAILABLE", message, 503, route=route, org=org, times=times, skip=skip)


def busy(*, route: str = "*", org: str = "*", times: int = 1, skip: int = 0) -> Fault:
    """Too many long requests at once; unlike the daily limit this passes within seconds."""
    message = "ConcurrentRequests (Concurrent API Requests) Limit exceeded."
    return refused("REQUEST_LIMIT_EXCEEDED", message, 403, route=route, org=org, times=times, skip=skip)


def query_timeout(*, route: str = "query*", org: str = "*", times: int = 1, skip: int = 0) -> Fault:
    """A query, or one of its pages, took more than two minutes."""
    message = "Your query request was running for too long."
    return refused("QUERY_TIMEOUT", message, 400, route=route, org=org, times=times, skip=skip)


def query_too_large(*, route: str = "query*", org: str = "*", times: int = 1, skip: int = 0) -> Fault:
    """Too many people and records are named by the activities that this user's query looks through."""
    message = "exceeded 100000 distinct who/what's"
    return refused("OPERATION_TOO_LARGE", message, 400, route=route, org=org, times=times, skip=skip)


def row_refused(
    code: str,
    message: str,
    object_name: str = "*",
    *,
    operation: str = "*",
    org: str = "*",
    times: int = 1,
    skip: int = 0,
) -> Fault:
    """One record's write fails, alone or within a collection, composite, graph or tree.

    `operation` is insert, update, upsert or delete.
    """
    step = f"{operation}:{object_name}"
    return Fault("inside", "salesforce", step, org, times=times, skip=skip, code=code, message=message)


def row_lock(
    object_name: str = "*", *, operation: str = "*", org: str = "*", times: int = 1, skip: int = 0
) -> Fault:
    """Another transaction holds what a write to this object needs."""
    message = "unable to obtain exclusive access to this record or 1 records"
    return row_refused(
        "UNABLE_TO_LOCK_ROW", message, object_name, operation=operation, org=org, times=times, skip=skip
    )


def lost(
    effect: Effect, *, route: str = "*", org: str = "*", delay: float = 0.0, early_stamp: bool = False
) -> Fault:
    """The client hears nothing: `lose_answer`, `drop_before`, or `finish_later` after `delay` seconds."""
    return Fault(effect, "salesforce", route, org, delay=delay, early_stamp=early_stamp)
