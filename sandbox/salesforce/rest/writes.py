"""The only way from REST to the org's rows, so that a row lock can be staged for every resource alike."""

from collections.abc import Callable
from typing import Any, TypeVar

from sandbox.salesforce import locks
from sandbox.salesforce.errors import SalesforceError
from sandbox.salesforce.ids import Id
from sandbox.salesforce.org import UpsertResult
from sandbox.salesforce.rest.exchange import Ask

T = TypeVar("T")


def insert(ask: Ask, object_name: str, fields: dict[str, Any]) -> Id:
    return _unless_staged(
        ask,
        "insert",
        object_name,
        lambda: ask.org.insert(ask.user, object_name, fields, options=ask.write_options()),
    )


def update(ask: Ask, object_name: str, record_id: Id, fields: dict[str, Any]) -> None:
    _unless_staged(
        ask,
        "update",
        object_name,
        lambda: ask.org.update(ask.user, object_name, record_id, fields, options=ask.write_options()),
    )


def upsert(
    ask: Ask, object_name: str, field: str, value: Any, fields: dict[str, Any], *, update_only: bool = False
) -> UpsertResult:
    options = ask.write_options(update_only=update_only)
    return _unless_staged(
        ask,
        "upsert",
        object_name,
        lambda: ask.org.upsert(ask.user, object_name, field, value, fields, options=options),
    )


def delete(ask: Ask, object_name: str, record_id: Id) -> None:
    _unless_staged(
        ask,
        "delete",
        object_name,
        lambda: ask.org.delete(ask.user, record_id, options=ask.write_options()),
    )


def _unless_staged(ask: Ask, operation: str, object_name: str, act: Callable[[], T]) -> T:
    fault = ask.world.faults.take_inside("salesforce", f"{operation}:{object_name}", ask.org.id)
    if fault is None:
        with ask.org.core.locks.staging(_held_by_unfinished(ask)):
            return act()
    raise SalesforceError(fault.code, fault.message)


def _held_by_unfinished(ask: Ask) -> frozenset[Id]:
    """Rows of this org that requests which are still at work name, by their addresses and bodies."""
    if not ask.world.unfinished or not ask.world.switches.on(locks.UNFINISHED_HOLDS):
        return frozenset()
    mine = f" {ask.org.id[:15]}!"
    theirs = [one for one in ask.world.unfinished if mine in one.environ.get("HTTP_AUTHORIZATION", "")]
    texts = (f"{one.environ.get('PATH_INFO', '')} {one.body.decode('utf-8', 'replace')}" for one in theirs)
    return locks.named_in(ask.org.core, texts)
