"""What it costs the vendors' allowances to activate many people in one action, a few of whom cannot be."""

import math
import os
import time
from argparse import ArgumentParser, Namespace
from functools import cache
from typing import TYPE_CHECKING

from bench.calls import Counts, Unsound
from bench.measured import Measured
from tests.simulation.database import ground

if TYPE_CHECKING:
    from crosstie.jobs.wiring import Wiring
    from tests.unit.web.staff import Staff

CASES = ((20, "file"), (100, "users"), (100, "group"), (500, "users"))
"""How many people, and where their names come from."""
EACH = 4
"""Of each of five kinds who fail, from the size on at which there are so many people."""
BESIDE = {"file": 0, "users": 1, "group": 2}
"""Requests to Graph beside one for twenty people: the company has five users more, of whom two are asked about; a
group has to be found, and to say who is in it.
"""
GOALS = {
    **{f"{size}.{source}.salesforce": 1.0 for size, source in CASES},
    **{f"{size}.{source}.graph": math.ceil(size / 20) + BESIDE[source] for size, source in CASES},
    **{f"{size}.{source}.idle_graph": 1.0 + 2 * (source == "group") for size, source in CASES},
}


def options(_parser: ArgumentParser) -> None:
    """There is nothing to choose."""


def measure(_asked: Namespace) -> Measured:
    """Calls from the first question to the last activation, and of them those of a second run, which is idle."""
    os.environ["CROSSTIE_TRUSTED_ORIGINS"] = "http://sandbox.test"
    ground()
    figures: dict[str, dict[str, dict[str, float]]] = {}
    for size, source in CASES:
        figures.setdefault(str(size), {})[source] = _run(size, source)
    return Measured(figures, GOALS)


def _run(size: int, source: str) -> dict[str, float]:
    staff, names = _staff(size)
    began = time.process_time()
    figures = _counted(staff, source, names, size)
    seconds = time.process_time() - began
    again = _counted(staff, source, names, 0)
    return {
        **{name: float(count) for name, count in figures.items()},
        "salesforce_per_user": figures["salesforce"] / size,
        "graph_per_user": figures["graph"] / size,
        "idle_salesforce": float(again["salesforce"]),
        "idle_graph": float(again["graph"]),
        "processor_ms_per_user": round(seconds / size * 1000, 1),
    }


def _counted(staff: "Staff", source: str, names: list[str], expected: int) -> dict[str, int]:
    """`expected` are to become active, less those who fail."""
    from crosstie.accounts.activation import activation_runs
    from crosstie.domain.activation import Stage
    from crosstie.jobs import activations as acts

    log, scope = staff.office.app.world.requests, staff.office.org.scope
    before = log.count
    if source == "file":
        run = staff.file("\n".join(["email", *names]), goes_on=True)
    elif source == "group":
        run = acts.of_group(scope, "Everybody", goes_on=True)
    else:
        run = staff.everybody(goes_on=True)
    while activation_runs.get(scope, run.run_id).stage in (Stage.LOOKING, Stage.RUNNING):
        acts.work(str(run.run_id))
    found, counts = activation_runs.progress(scope, run.run_id), Counts.of(list(log.since(before)))
    failing = 2 * EACH if len(names) > 5 * EACH else 0
    if found.active != max(expected - failing, 0):
        raise Unsound(f"{found.active} of {expected} became active")
    return {"salesforce": counts.salesforce, "graph": counts.graph, "active": found.active}


@cache
def _wiring() -> "Wiring":
    """The process's own, as it is before a company takes its place."""
    from crosstie.jobs import wiring

    return wiring.get()


def _staff(size: int) -> "tuple[Staff, list[str]]":
    """A company of its own for each run: who is refused by Exchange and who has no licence is among them."""
    from crosstie.jobs import wiring
    from sandbox import company
    from tests.tables import empty
    from tests.unit.web.office import Office
    from tests.unit.web.staff import Staff

    empty()
    staff = Staff(Office(_wiring()))
    house, world = staff.office.house, staff.office.app.world
    wiring.get = cache(lambda: house)
    names = [f"n{number}@larch.test" for number in range(size)]
    few = size > 5 * EACH
    unlicensed, denied = (set(names[:EACH]), set(names[EACH : 2 * EACH])) if few else (set(), set())
    for name in names:
        staff.hire(name, licensed=name not in unlicensed)
    staff.restrict(*(one for one in names if one not in denied))
    app, tenant = world.microsoft.apps[company.GRAPH_CLIENT], world.microsoft.tenant(company.DOMAIN)
    if tenant is None:
        raise Unsound("the company has no tenant")
    app.roles = frozenset({*app.roles, "GroupMember.Read.All"})
    ids = [str(box.guid) for box in world.mailboxes.mailboxes if box.address in set(names)]
    world.microsoft.add_group(tenant, "Everybody", "everybody@larch.test", ids)
    house.crm.open(staff.office.org.org_id).ourselves()
    house.mail_roster(staff.office.scope).closed([names[0]])
    return staff, names
