"""A look at what an org has and lacks, and what the account may do there: nothing is changed by it."""

from collections.abc import Callable, Iterator, Sequence

from django.db import close_old_connections

from crosstie.accounts.activation import org_runs
from crosstie.accounts.activation import preflight as words
from crosstie.accounts.connection import orgs
from crosstie.accounts.words import Unacceptable
from crosstie.domain.errors import CrosstieError
from crosstie.domain.preflight import Item, Level, Rights
from crosstie.domain.records import CONTACT, LEAD
from crosstie.jobs import wiring
from crosstie.jobs.log import logger
from crosstie.jobs.queue import Priority, enqueue, register
from crosstie.mapping.fields import PACKAGE
from crosstie.salesforce.crm import SalesforceCrm
from crosstie.store.models import Scope

PREFLIGHT = "preflight"
LITTLE = 0.1
"""Of an org's daily calls left, below which somebody should know."""
ACTIVITIES = ("Task", "Event")
OURS = {
    shown: names for owner, names in PACKAGE.items() for shown in (ACTIVITIES if owner == "Activity" else (owner,))
}
"""Our fields by the objects they appear on."""
Step = Callable[[SalesforceCrm], Iterator[Item]]


def begin(scope: Scope, user_id: str = "") -> None:
    """`scope` names the org; `user_id` is whom we act as, where that was just seen."""
    if user_id:
        orgs.know_user(scope, user_id)
    org_runs.begin(scope, PREFLIGHT, wiring.get().clock.now())
    enqueue(PREFLIGHT, str(scope.org_id), priority=Priority.FORCED)


def look(crm: SalesforceCrm) -> Sequence[Item]:
    """All of it at once. Raises what the org does."""
    return [item for step in STEPS for item in step(crm)]


@register(PREFLIGHT)
def work(org_id: str) -> None:
    close_old_connections()
    house = wiring.get()
    try:
        info = orgs.get(int(org_id))
    except Unacceptable:
        return
    house.crm.forget(info.org_id)  # what was learned of its fields and rights may be hours old
    items: list[Item] = []
    try:
        crm = house.crm.open(info.org_id)
        orgs.know_user(info.scope, crm.ourselves())
        for number, step in enumerate(STEPS, 1):
            items += step(crm)
            org_runs.went_on(info.scope, PREFLIGHT, items, len(items) + len(STEPS) - number)
    except CrosstieError as error:
        logger.warning("preflight stopped", extra={"org": info.org_id, "code": error.code})
        org_runs.end(info.scope, PREFLIGHT, house.clock.now(), error.code)
        return
    org_runs.end(info.scope, PREFLIGHT, house.clock.now())


def _allowance(crm: SalesforceCrm) -> Iterator[Item]:
    left, daily = crm.calls_left()
    yield Item(words.LETS_IN, Level.OK)
    few = left < daily * LITTLE
    code, level = (words.FEW_CALLS, Level.WARNING) if few else (words.CALLS, Level.OK)
    yield Item(code, level, {"left": left, "daily": daily})


def _rights(crm: SalesforceCrm) -> Iterator[Item]:
    return rights(crm.rights())


def rights(found: Rights) -> Iterator[Item]:
    for right, level in words.LEVELS.items():
        if right in found.granted:
            yield Item(words.GRANTED + right, Level.OK)
        elif right in found.unseen:
            yield Item(words.UNSEEN + right, Level.OK)
        else:
            yield Item(words.MISSING + right, level)


def _fields(crm: SalesforceCrm) -> Iterator[Item]:
    found = crm.capabilities()
    yield Item(words.KEYED, Level.OK) if found.keyed else Item(words.UNKEYED, Level.WARNING)
    if lacking := crm.lacking(OURS):
        yield Item(words.LACKING, Level.WARNING, {"count": len(lacking), "names": ", ".join(lacking)})
    if not found.files:
        yield Item(words.NO_FILES, Level.WARNING)
    missing = [one for one in (CONTACT, LEAD) if not found.email_fields.get(one)]
    if missing:
        yield Item(words.NO_ADDRESSES, Level.PROBLEM, {"names": ", ".join(missing)})


STEPS: tuple[Step, ...] = (_allowance, _rights, _fields)
