"""Many mailboxes activated in one action: what people ask from a page or the command line, and the job behind it.

A run is worked off in steps, each of which asks about many people at once and queues the next one. Whoever dies
over a step leaves the people of it as they were, or activated.
"""

from collections.abc import Mapping, Sequence

from django.db import close_old_connections, transaction

from crosstie.accounts.activation import activation_runs, activation_steps
from crosstie.accounts.activation.activation_runs import Progress, RunInfo
from crosstie.accounts.audit import SYSTEM, Actor
from crosstie.accounts.connection import orgs
from crosstie.domain.activation import CrmUser, Named, Source, Stage, Step
from crosstie.domain.errors import CrosstieError, NeedsConsent, Retry, Throttled, Unclear
from crosstie.jobs import wiring
from crosstie.jobs.log import logger
from crosstie.jobs.queue import Priority, enqueue, register
from crosstie.jobs.wiring import Wiring
from crosstie.store.models import Candidate, Scope
from crosstie.store.sql import org_of

ACTIVATION = "activation"
USERS, MAILBOXES, ACTIVE = 1_500, 100, 50
"""People a step asks Salesforce about, asks their mailboxes' vendor about, and activates."""


# -- what people ask -----------------------------------------------------------------------------------
def of_users(scope: Scope, *, goes_on: bool = False, actor: Actor = SYSTEM) -> RunInfo:
    """Everybody who is an active user of the org; Salesforce is asked once for all of them."""
    house = wiring.get()
    crm = house.crm.open(org_of(scope))
    ourselves, users = crm.ourselves(), crm.active_users()
    named = {user.email: Named(user.email) for user in users if user.email}
    with transaction.atomic():
        run = activation_runs.begin(
            scope, Source.USERS, "", list(named.values()), house.clock, goes_on=goes_on, actor=actor
        )
        activation_steps.know(
            run, activation_steps.waiting(run, Step.WAITING, activation_runs.MOST), users, ourselves
        )
    return run


def of_group(scope: Scope, group: str, *, goes_on: bool = False, actor: Actor = SYSTEM) -> RunInfo:
    house = wiring.get()
    named = {
        one.address: Named(one.address, one.name) for one in house.mail_roster(scope).members(group) if one.address
    }
    return activation_runs.begin(
        scope, Source.GROUP, group, list(named.values()), house.clock, goes_on=goes_on, actor=actor
    )


def of_file(
    scope: Scope, name: str, named: Sequence[Named], *, goes_on: bool = False, actor: Actor = SYSTEM
) -> RunInfo:
    return activation_runs.begin(scope, Source.FILE, name, named, wiring.get().clock, goes_on=goes_on, actor=actor)


def start(scope: Scope, run_id: int, actor: Actor = SYSTEM) -> RunInfo:
    return wake(activation_runs.start(scope, run_id, wiring.get().clock, actor))


def again(scope: Scope, run_id: int, actor: Actor = SYSTEM) -> RunInfo:
    return wake(activation_runs.again(scope, run_id, wiring.get().clock, actor))


def cancel(scope: Scope, run_id: int, actor: Actor = SYSTEM) -> RunInfo:
    return activation_runs.cancel(scope, run_id, wiring.get().clock, actor)


def wake(run: RunInfo) -> RunInfo:
    """Have the workers take it up at once."""
    enqueue(ACTIVATION, str(run.run_id), priority=Priority.FORCED)
    return run


def look(run: RunInfo) -> Progress:
    """Find out here and now what it would do. Raises what the vendors' sides raise."""
    house = wiring.get()
    while run.stage is Stage.LOOKING:
        activation_steps.at_work(run, house.clock.now())
        step(house, run)
        run = activation_runs.get(run.scope, run.run_id)
    return activation_runs.progress(run.scope, run.run_id)


# -- the job -------------------------------------------------------------------------------------------
@register(ACTIVATION)
def work(run_id: str) -> None:
    """One step; another one is queued while there is something left."""
    close_old_connections()
    house, run = wiring.get(), activation_runs.find(int(run_id))
    if run is None or run.stage not in (Stage.LOOKING, Stage.RUNNING):
        return
    activation_steps.at_work(run, house.clock.now())
    try:
        step(house, run)
    except CrosstieError as error:
        until = error.until if isinstance(error, Throttled) else None
        activation_steps.put_off(run, error.code, house.clock.now(), until)
        logger.warning("activation put off", extra={"activation": run.run_id, "code": error.code})
        return
    activation_steps.went_on(run)
    after = activation_runs.find(run.run_id)
    if after and after.stage in (Stage.LOOKING, Stage.RUNNING):
        enqueue(ACTIVATION, run_id)


def step(house: Wiring, run: RunInfo) -> None:
    """The next one of the run. Raises what keeps it from going on; what was done by then stays."""
    if run.stage is Stage.RUNNING:
        for row in activation_steps.waiting(run, Step.READY, ACTIVE):
            activation_steps.activate(run, row.pk, house.clock)
    elif waiting := activation_steps.waiting(run, Step.WAITING, USERS):
        _ask_crm(house, run, waiting)
    elif known := activation_steps.waiting(run, Step.KNOWN, MAILBOXES):
        _ask_mailboxes(house, run, known)
    activation_steps.settle(run, house.clock)


def _ask_crm(house: Wiring, run: RunInfo, waiting: Sequence[Candidate]) -> None:
    crm = house.crm.open(orgs.get(org_of(run.scope)).org_id)
    given = [row.given_user for row in waiting if row.given_user]
    addresses = [row.address for row in waiting if not row.given_user]
    users: list[CrmUser] = [*(crm.users(given) if given else ()), *(crm.users_of(addresses) if addresses else ())]
    activation_steps.know(run, waiting, users, crm.ourselves())


def _ask_mailboxes(house: Wiring, run: RunInfo, known: Sequence[Candidate]) -> None:
    """Nobody is asked about a mailbox that something of ours stands in the way of."""
    free = activation_steps.rehearse(run, known, house.clock)
    if not free:
        return
    closed = house.mail_roster(run.scope).closed([row.address for row in free])
    _check_all(closed)
    passing = {address for address, error in closed.items() if isinstance(error, Retry | Throttled | Unclear)}
    activation_steps.reach(run, free, {address: error.code for address, error in closed.items()}, passing)
    if passing:
        raise closed[min(passing)]


def _check_all(closed: Mapping[str, CrosstieError]) -> None:
    """Raise what is no answer about one mailbox: the token itself was refused."""
    for error in closed.values():
        if isinstance(error, NeedsConsent) and error.code == "GRAPH-UNAUTHORIZED":
            raise error
