"""Sign-ins that were refused: anybody can make them, so that the audit has of many alike only a few."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from crosstie.accounts import audit
from crosstie.accounts.audit import Actor, Deed
from crosstie.domain.clock import Clock
from crosstie.store.models import RefusedSignIn, Scope

CALLERS = 100
"""Rows of a tenant's within an hour; who comes then from an address that is in none is one of many."""


def note(scope: Scope, way: str, code: str, clock: Clock, *, target: str = "") -> None:
    """In the audit are the first of its kind within the hour, the tenth, the hundredth, and so on.

    A kind is what was refused and why, from one network address. `target` is whose sign-in it would have been,
    where that is known: `person 7`.
    """
    now, scope = clock.now(), Scope(scope.tenant_id)
    with transaction.atomic():
        row = _row(scope, now, {"way": way, "code": code, "target": target})
        RefusedSignIn.of(scope).filter(pk=row.pk).update(count=F("count") + 1)
        row.refresh_from_db(fields=["count"])
        if _is_power_of_ten(row.count):
            details: dict[str, object] = {"way": way, "code": code}
            details |= {"count": row.count} if row.count > 1 else {}
            details |= {} if row.caller or not audit.caller() else {"callers": "many"}
            audit.record(scope, Deed(now, Actor(audit.WEB), "sign-in.refused", target, details))


def _row(scope: Scope, now: datetime, kind: Mapping[str, Any]) -> RefusedSignIn:
    hour, rows = now.replace(minute=0, second=0, microsecond=0), RefusedSignIn.of(scope)
    found = rows.filter(hour=hour, caller=audit.caller(), **kind).first()
    if found:
        return found
    caller = audit.caller() if rows.filter(hour=hour).count() < CALLERS else ""
    return rows.get_or_create(hour=hour, caller=caller, **kind)[0]


def _is_power_of_ten(number: int) -> bool:
    return str(number).rstrip("0") == "1"
