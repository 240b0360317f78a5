"""What an org's bad manners have begun, a script and the weather are kept with the world."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from sandbox import company
from sandbox.build import build
from sandbox.clock import ManualClock
from sandbox.faults import Fault, Step
from sandbox.luck import Luck
from sandbox.state import load, save
from sandbox.world import World

START = datetime(2026, 11, 20, 12, tzinfo=UTC)


def troubled() -> World:
    """A row that a flow will rewrite within two minutes, a row out of sight, half a script, some weather."""
    world = build(ManualClock(START), seed=5).world
    site = company.found(world).site
    world.switches.turn("salesforce.flow_edits_new_rows", True)
    for _ in range(12):
        task = site.org.insert(site.org.admin, "Task", {"Subject": "Call"})
    site.org.core.access.conceal(task, company_user(world), START + timedelta(hours=1))
    world.faults.follow([Step(Fault("refuse", status=500)), Step(Fault("refuse", status=502))])
    world.faults.luck = Luck(seed=9, rate=0.5)
    assert world.faults.take("graph", "messages.get", "") is not None
    return world


def company_user(world: World) -> str:
    (site,) = world.orgs.values()
    user = site.org.user_by_username("ada@larch.test")
    assert user is not None
    return user


def aftermath(world: World) -> tuple[object, ...]:
    (site,) = world.orgs.values()
    hidden = site.org.query(company_user(world), "SELECT COUNT() FROM Task").total_size
    assert isinstance(world.clock, ManualClock)
    world.clock.advance(timedelta(minutes=2))
    world.catch_up()
    subjects = [row["Subject"] for row in site.org.query(site.org.admin, "SELECT Subject FROM Task").records]
    found = [world.faults.take("graph", "messages.get", "") for _ in range(20)]
    return hidden, subjects, [fault and (fault.effect, fault.status) for fault in found]


def test_a_kept_world_goes_on_as_it_would_have(tmp_path: Path) -> None:
    world = troubled()
    save(world, tmp_path / "world")
    kept = load(tmp_path / "world")
    assert kept is not None
    expected = aftermath(world)
    assert aftermath(kept) == expected
    hidden, subjects, struck = expected
    assert hidden == 11
    assert isinstance(subjects, list)
    assert "Call (checked)" in subjects
    assert isinstance(struck, list)
    assert struck[0] == ("refuse", 502)
