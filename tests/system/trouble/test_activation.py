"""Five hundred people in one action: workers die by SIGKILL amid the look and amid the activating, and the summary
is right, nobody is activated twice, and what the figures say only grows.
"""

import json
import resource
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from crosstie.accounts.activation import outcomes
from tests.system.ground.installation import wait_until
from tests.system.trouble.scene import Recovery, Scene, scene

PEOPLE, EACH = 500, 4
KINDS = dict.fromkeys(
    (outcomes.NO_MAILBOX, outcomes.DENIED, outcomes.SEVERAL, outcomes.INACTIVE, outcomes.NO_USER), EACH
)
GOOD = PEOPLE - EACH * len(KINDS)
SESSIONS = 20
"""Of those who are activated so many are synchronized at once, to see what first sessions make; the profile of
the others is off, for a session costs more than all the rest.
"""
GLANCE = 0.02
"""Seconds between two looks."""


@dataclass
class Watch:
    """What a run's figures were from moment to moment."""

    scene: Scene
    run: int
    seen: list[tuple[int, int]] = field(default_factory=list)

    def look(self) -> tuple[str, int, int]:
        """Stage, people looked at, mailboxes active."""
        [(stage, looked, active)] = self.scene.sql(
            "SELECT a.stage, count(*) FILTER (WHERE c.step NOT IN ('waiting', 'known')),"
            " count(*) FILTER (WHERE c.step = 'active') FROM store_activation a"
            " JOIN store_candidate c ON c.activation_id = a.id WHERE a.id = %s GROUP BY 1",
            self.run,
        )
        self.seen.append((int(str(looked)), int(str(active))))
        return str(stage), *self.seen[-1]

    def until(self, moment: Callable[[str, int, int], bool], patience: float = 600) -> None:
        end = time.monotonic() + patience
        while not moment(*self.look()):
            assert time.monotonic() < end, f"{self.seen[-1]}\n{self.scene.server.log()[-3000:]}"
            time.sleep(GLANCE)


def hire(made: Scene) -> list[str]:
    """The lines of the file: first those who fail, in five kinds, and among the others."""
    names = [f"n{number}@larch.test" for number in range(PEOPLE)]
    apart = PEOPLE // EACH
    unlicensed, denied, several, inactive, strangers = (names[start::apart][:EACH] for start in range(5))
    good = [one for one in names if one not in {*unlicensed, *denied, *several, *inactive, *strangers}]
    users = [*(one for one in names if one not in strangers), *several]
    made.vendors.hire([one for one in names if one not in unlicensed], unlicensed, users)
    for one in inactive:
        made.vendors.retire(one)
    made.vendors.restrict([*made.vendors.people, *(one for one in names if one not in denied)])
    assert len(good) == GOOD
    return names


def listed(made: Scene, names: list[str]) -> str:
    """The file: all but a few of those without trouble, who come last, are of a profile that is off."""
    made.sql(
        "INSERT INTO store_profile (tenant_id, name, is_default, sync_enabled, license_id)"
        " SELECT tenant_id, 'Later', false, false, license_id FROM store_profile WHERE is_default"
    )
    return "\n".join(["email,profile", *(f"{one},Later" for one in names[:-SESSIONS]), *names[-SESSIONS:]]) + "\n"


def kill(made: Scene, recovery: Recovery) -> None:
    """Whoever works, and another one comes."""
    victim = made.workers[-1]
    victim.kill()
    victim.wait()
    recovery.bury(victim.pid)
    made.keep_workers(1)


@pytest.mark.slow
def test_five_hundred_people_of_whom_twenty_fail_and_two_workers_die(tmp_path: Path, migrated_home: Path) -> None:
    begin = time.monotonic()
    with scene(tmp_path, migrated_home, CROSSTIE_PUSH="on", CROSSTIE_HTTP_TIMEOUT="15") as made:
        file = tmp_path / "people.csv"
        file.write_text(listed(made, hire(made)))
        recovery = Recovery(made)
        try:
            made.start_worker()
            told = made.server.run("activate", "--file", str(file), "--background", "--json", timeout=120)
            assert told.returncode == 0, told.stderr
            watch = Watch(made, json.loads(told.stdout)["run"])
            watch.until(lambda stage, looked, _: stage == "looking" and looked > 3 * EACH + 50)
            kill(made, recovery)
            watch.until(lambda stage, _, active: stage == "running" and active > GOOD // 4)
            kill(made, recovery)
            watch.until(lambda stage, _looked, _active: stage == "done")
        finally:
            recovery.close()
        _summary_is_right(made, watch)
        _nothing_twice(made)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(f"\n{time.monotonic() - begin:.0f} s, of processors {used.ru_utime + used.ru_stime:.0f} s")


def _summary_is_right(made: Scene, watch: Watch) -> None:
    told = made.server.run("activations", str(watch.run), "--json")
    found = json.loads(told.stdout)
    assert (found["stage"], found["all"], found["looked"]) == ("done", PEOPLE, PEOPLE)
    assert (found["active"], found["ready"]) == (GOOD, 0)
    counted: Mapping[str, int] = {kind["code"]: kind["count"] for kind in found["kinds"]}
    assert counted == KINDS
    assert watch.seen == sorted(watch.seen), "what the figures say only grows"
    looked, active = zip(*watch.seen, strict=True)
    assert list(active) == sorted(active)
    assert len(set(looked)) > 3
    assert len(set(active)) > 5


def _nothing_twice(made: Scene) -> None:
    boxes = len(made.vendors.people) + GOOD
    assert made.sql("SELECT count(*) FROM store_mailbox") == [(boxes,)]
    for action in ("mailbox.activate", "person.add"):
        rows = made.sql("SELECT count(*), count(DISTINCT target) FROM store_auditrow WHERE action = %s", action)
        assert rows == [(boxes, boxes)], action
    assert made.sql("SELECT count(*) FROM store_notice") == [(0,)]
    had = (
        "SELECT m.address FROM store_mailbox m JOIN store_person p ON p.id = m.person_id JOIN store_profile f"
        " ON f.id = p.profile_id WHERE f.is_default AND m.session_ended_at IS NOT NULL"
    )
    wait_until(lambda: len(made.sql(had)) == len(made.vendors.people) + SESSIONS, 300, "first sessions")
    subscribed = made.vendors.http.get("/sandbox/microsoft/subscriptions").json()["subscriptions"]
    resources = [one["resource"].casefold() for one in subscribed]
    assert len(resources) == len(set(resources)) > 0
    for (address,) in made.sql(had):
        assert list(made.vendors.folders(str(address))).count("Salesforce Emails") == 1
