"""The few things every hand-written statement needs. Each call is one statement."""

import json
from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Any

from django.db import connection, transaction

from crosstie.domain.errors import LeaseLost
from crosstie.domain.mailboxes import Lease
from crosstie.store.models.scope import Scope

ORG_LOCK = 0x43524F53
"""First half of our advisory locks' numbers; the second half is the org's id."""

MAKING_LOCK = 0x43524F4D
"""Likewise, for sessions that are about to make records of people."""

PLACE_LOCK = 0x43524F56
"""First half of the numbers of the locks of the vault's places."""

SETTINGS_LOCK = 0x43524F45
"""Likewise, of changes of settings; the second half is the tenant's id."""


# One round trip: rows are locked last, when everything they are joined with is there, and are read anew where they
# changed while the org's lock was waited for.
_FENCE = """
    WITH held AS MATERIALIZED (SELECT pg_advisory_xact_lock_shared(%(family)s, %(number)s))
    SELECT rules_epoch FROM store_mailbox CROSS JOIN held
    WHERE tenant_id = %(tenant)s AND org_id = %(org)s AND id = %(mailbox)s AND lease_epoch = %(epoch)s
    FOR NO KEY UPDATE OF store_mailbox
"""


def rows(statement: str, params: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return list(cursor.fetchall())


def count(statement: str, params: Mapping[str, Any]) -> int:
    """How many rows the statement touched."""
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return int(cursor.rowcount)


def read_json(column: Any) -> Any:
    """A column of JSON, which comes as text or as a value."""
    return json.loads(column) if isinstance(column, str) else column


def joined() -> AbstractContextManager[None]:
    """A transaction, or a part of the one that is open: an error undoes all of it."""
    return transaction.atomic(savepoint=False)


def lock_org(org_id: int, *, shared: bool) -> None:
    """Taken before any row lock. The tick and a change of settings exclude sessions' commits, so that a
    session's *nobody knows this address* and the tick's *here is somebody* cannot miss each other."""
    kind = "pg_advisory_xact_lock_shared" if shared else "pg_advisory_xact_lock"
    rows(f"SELECT {kind}(%(family)s, %(org)s)", {"family": ORG_LOCK, "org": org_id % 2**31})


def lock_settings(tenant_id: int) -> None:
    """Taken before everything else: who changes several settings at once holds rows of the first while the second
    is written, and would meet somebody who came the other way.
    """
    rows(
        "SELECT pg_advisory_xact_lock(%(family)s, %(tenant)s)",
        {"family": SETTINGS_LOCK, "tenant": tenant_id % 2**31},
    )


def lock_making(org_id: int) -> None:
    """Taken after every other lock and kept for one statement or two: of two sessions that meet the same stranger
    the later one sees what the first is about to do.
    """
    rows("SELECT pg_advisory_xact_lock(%(family)s, %(org)s)", {"family": MAKING_LOCK, "org": org_id % 2**31})


def lock_place(number: int) -> None:
    """Taken after every other lock, by whoever writes to a place of the vault."""
    rows("SELECT pg_advisory_xact_lock(%(family)s, %(place)s)", {"family": PLACE_LOCK, "place": number})


def fence(scope: Scope, lease: Lease) -> int:
    """Hold off every other claimant until the transaction ends; the answer is the mailbox's rules epoch.

    Locks the org as `lock_org` does, and then the row where the epoch is still the lease's: a claim waits behind
    it, and after a claim it finds nothing. Raises LeaseLost.
    """
    given = {"family": ORG_LOCK, "number": org_of(scope) % 2**31}
    found = rows(_FENCE, given | bound(scope, mailbox=lease.mailbox_id, epoch=lease.epoch))
    if not found:
        raise LeaseLost("LEASE-LOST")
    return int(found[0][0])


def org_of(scope: Scope) -> int:
    if scope.org_id is None:
        raise ValueError("This work is bound to one org, and the scope names none.")
    return scope.org_id


def bound(scope: Scope, **params: Any) -> dict[str, Any]:
    """Parameters that pin a statement to its tenant and org."""
    return {"tenant": scope.tenant_id, "org": org_of(scope), **params}
