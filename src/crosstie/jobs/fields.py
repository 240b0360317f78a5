"""Our fields are made in an org because an administrator wants it so, and shown to the account that we act as.

Whoever goes on after a worker's death finds what is there already, and makes the rest.
"""

from collections.abc import Iterator, Sequence

from django.db import close_old_connections

from crosstie.accounts import audit
from crosstie.accounts.activation import org_runs
from crosstie.accounts.activation import preflight as words
from crosstie.accounts.audit import Actor, Deed
from crosstie.accounts.connection import orgs
from crosstie.accounts.words import Unacceptable
from crosstie.domain.errors import CrosstieError, NeedsConsent, Refused
from crosstie.domain.preflight import Item, Level, Right
from crosstie.jobs import preflight, wiring
from crosstie.jobs.log import logger
from crosstie.jobs.queue import Priority, enqueue, register
from crosstie.mapping import package
from crosstie.salesforce.crm import SalesforceCrm
from crosstie.store.models import Scope

FIELDS = "fields"
SET_LABEL = "Crosstie Integration"
SET_ABOUT = "For the one user Crosstie signs in as: the fields that Crosstie adds."


def begin(scope: Scope, actor: Actor) -> None:
    """`scope` names the org."""
    now = wiring.get().clock.now()
    org_runs.begin(scope, FIELDS, now)
    audit.record(scope, Deed(now, actor, "org.fields", f"org {scope.org_id}"))
    enqueue(FIELDS, str(scope.org_id), priority=Priority.FORCED)


@register(FIELDS)
def work(org_id: str) -> None:
    close_old_connections()
    house = wiring.get()
    try:
        info = orgs.get(int(org_id))
    except Unacceptable:
        return
    run = org_runs.find(info.scope, FIELDS)
    if run is None or run.ended_at:
        return
    house.crm.forget(info.org_id)  # what was learned of its fields may be hours old
    items: list[Item] = []
    code = ""
    try:
        crm = house.crm.open(info.org_id)
        wanted = [tuple(one.split(".")) for one in crm.lacking(preflight.OURS)]
        steps = [one for one in package.ALL if _is_wanted(one, wanted)]
        for item in _made(crm, steps, wanted):
            items.append(item)
            org_runs.went_on(info.scope, FIELDS, items, len(steps) + 1)
    except CrosstieError as error:
        code = error.code
        logger.warning("fields not made", extra={"org": info.org_id, "code": code})
    org_runs.end(info.scope, FIELDS, house.clock.now(), code)
    preflight.begin(info.scope)


def _made(
    crm: SalesforceCrm, steps: Sequence[tuple[str, str]], wanted: Sequence[tuple[str, ...]]
) -> Iterator[Item]:
    """What the org refuses of one field does not keep the others from being made."""
    if Right.CUSTOMIZE not in crm.rights().granted:
        yield Item(words.NO_CUSTOMIZE, Level.PROBLEM)
        return
    refused = set()
    for owner, name in steps:
        try:
            is_new = crm.make_field(f"{owner}.{name}", package.metadata(owner, name))
        except (Refused, NeedsConsent) as error:
            refused.add((owner, name))
            yield Item(words.NOT_MADE, Level.PROBLEM, {"field": f"{owner}.{name}", "code": error.code})
            continue
        yield Item(words.MADE if is_new else words.THERE, Level.OK, {"field": f"{owner}.{name}"})
    shown = [(one[0], one[1]) for one in wanted if not any(_is_wanted(no, [one]) for no in refused)]
    if shown:
        crm.show_fields(SET_LABEL, SET_ABOUT, shown)
    yield Item(words.SHOWN, Level.OK, {"count": len(shown)})


def _is_wanted(one: tuple[str, str], wanted: Sequence[tuple[str, ...]]) -> bool:
    """Fields of Activity are wanted on Task or Event."""
    owner, name = one
    objects = preflight.ACTIVITIES if owner == "Activity" else (owner,)
    return any((shown, name) in wanted for shown in objects)
