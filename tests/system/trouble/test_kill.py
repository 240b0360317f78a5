"""Processes die by SIGKILL at fifty moments within sessions, and the database goes away three times."""

import os
import random
import signal
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.system.ground.installation import wait_until
from tests.system.trouble.letters import Letters
from tests.system.trouble.oracle import complaints
from tests.system.trouble.scene import Held, Recovery, Scene, scene

KILLS = 50
PEOPLE = 14
CROWD = 3
"""Batches of more mailboxes may end: killed together, they would all wait for their takeover together."""
GLANCE = 0.005
"""Seconds between two looks at what is going on: without a pause, looking takes a processor of its own."""
LONGEST = 420.0
"""Seconds for all the kills; far more than they take."""
RESTARTS = {12: signal.SIGKILL, 25: signal.SIGINT, 38: signal.SIGKILL}
"""After so many kills the database ends, by a kill or by an ordinary, fast shutdown."""
PARTS = {8: "crosstie.cli ticker", 20: "crosstie.cli web", 33: "crosstie.cli ticker", 44: "crosstie.cli web"}


@dataclass
class Run:
    scene: Scene
    recovery: Recovery
    letters: Letters
    random: random.Random
    mails: int = 0
    kills: int = 0
    late: int = 0
    """Sessions that were over before the moment came."""
    held: int = 0
    """Kills while the vendors still had a request to answer."""
    rows: dict[str, int] = field(default_factory=dict)
    """Journal rows open at the moments of the kills, by status."""
    to_drop: list[tuple[str, str]] = field(default_factory=list)

    def post(self, mailbox: str) -> None:
        for _ in range(self.random.randint(1, 3)):
            for mail, expected in self.letters.draw(mailbox):
                self.scene.vendors.send(mail)
                self.mails += 1
                if expected.act == "category":
                    self.scene.vendors.mark(mailbox, expected.message_id)
                if expected.act == "folder":
                    self.to_drop.append((mailbox, expected.message_id))
        self.drop()

    def drop(self) -> None:
        """What waits to be dropped goes where the folder exists already."""
        waiting, self.to_drop = self.to_drop, []
        for mailbox, message_id in waiting:
            if self.scene.vendors.drop_folder(mailbox):
                self.scene.vendors.drop(mailbox, message_id)
            else:
                self.to_drop.append((mailbox, message_id))

    def hunt(self) -> bool:
        """Post, wake, wait for the moment, kill. Whether a session was hit.

        Mostly somebody's who was free, so that the others' takeovers can end well meanwhile; at times anybody's.
        """
        self.scene.keep_workers(2)
        free = self.scene.free()
        chosen = self.random.sample(free, min(len(free), self.random.choice((1, 1, 1, 2))))
        for mailbox in chosen:
            self.post(mailbox)
        anybody = self.random.random() < 0.15 or not chosen
        before = self.scene.vendors.count()
        self.scene.wake(*chosen)
        seen = self._wait_for_session([] if anybody else chosen)
        if seen is None:
            return False
        return self._strike(seen, before + self.random.randint(0, 9))

    def _wait_for_session(self, mailboxes: Sequence[str] = ()) -> Held | None:
        until = time.monotonic() + 5
        while time.monotonic() < until:
            own = {one.pid for one in self.scene.workers}
            busy = self.scene.at_work()
            for one in busy:
                crowd = sum(other.pid == one.pid for other in busy)
                if one.pid in own and (one.mailbox in mailboxes or not mailboxes) and crowd <= CROWD:
                    return one
            time.sleep(GLANCE)
        return None

    def _strike(self, seen: Held, requests: int) -> bool:
        """When so many requests were answered, and a little later, so that every step can be met."""
        until = time.monotonic() + 3
        while self.scene.vendors.count() < requests and time.monotonic() < until:
            if seen not in self.scene.at_work():
                self.late += 1
                return False
            time.sleep(GLANCE)
        if self.random.random() < 0.3:
            with self.scene.vendors.held():
                time.sleep(self.random.uniform(0.0, 0.05))
                hit = self._kill(seen)
            self.held += hit
        else:
            time.sleep(self.random.uniform(0.0, 0.03))
            hit = self._kill(seen)
        self.recovery.bury(seen.pid)
        return hit

    def _kill(self, seen: Held) -> bool:
        victim = next(one for one in self.scene.workers if one.pid == seen.pid)
        victim.kill()
        victim.wait()
        hit = seen in self.scene.at_work()
        self.kills += hit
        self.late += not hit
        rows = self.scene.sql(
            "SELECT j.status, count(*) FROM store_journalrow j JOIN store_mailbox m ON m.id = j.mailbox_id"
            " WHERE m.address = %s AND j.epoch = %s AND j.status IN ('planned', 'sent') GROUP BY 1",
            seen.mailbox,
            seen.epoch,
        )
        for status, count in rows:
            self.rows[str(status)] = self.rows.get(str(status), 0) + int(str(count))
        return hit

    def end_database(self, how: signal.Signals) -> None:
        """In the middle of a session if there is one; everything comes back by itself."""
        self.scene.wake(*self.scene.free()[:2])
        self._wait_for_session()
        [postmaster] = self.scene.part("/postgres -D")
        os.kill(postmaster, how)
        wait_until(lambda: postmaster not in self.scene.part("/postgres -D"), 20, "the database ended")
        wait_until(lambda: self.scene.sql("SELECT 1"), 40, "the database is back")

    def end_part(self, text: str) -> None:
        for pid in self.scene.part(text)[:1]:
            os.kill(pid, signal.SIGKILL)


@pytest.mark.slow
def test_fifty_kills_and_three_restarts_lose_and_double_nothing(tmp_path: Path, migrated_home: Path) -> None:
    begin = time.monotonic()
    with scene(tmp_path, migrated_home, PEOPLE) as made:
        recovery = Recovery(made)
        run = Run(made, recovery, Letters(1, made.vendors.people), random.Random(1))
        try:
            made.keep_workers(2)
            made.rest()
            _all_the_kills(run)
        finally:
            recovery.close()
        killing = time.monotonic() - begin
        _all_is_well(run)
    print(
        f"\n{run.kills} kills within sessions ({run.held} with a request under way), {run.late} came too late, "
        f"{len(RESTARTS)} database restarts, {len(PARTS)} other parts killed, {run.mails} mails, "
        f"open journal rows met: {run.rows}; {killing:.0f} s of kills, {time.monotonic() - begin:.0f} s in all"
    )


def _all_the_kills(run: Run) -> None:
    until = time.monotonic() + LONGEST
    restarts, parts = dict(RESTARTS), dict(PARTS)
    while run.kills < KILLS:
        assert time.monotonic() < until, f"only {run.kills} kills\n{run.scene.server.log()[-3000:]}"
        run.hunt()
        if run.kills in restarts:
            run.end_database(restarts.pop(run.kills))
        if run.kills in parts:
            run.end_part(parts.pop(run.kills))


def _all_is_well(run: Run) -> None:
    made = run.scene
    made.keep_workers(2)
    made.rest()
    run.drop()
    assert not run.to_drop
    made.rest(2)
    assert complaints(made.vendors, run.letters.sent) == []
    before = made.vendors.count()
    forced = made.server.run("sync")
    assert forced.returncode == 0, forced.stdout
    wait_until(made.settled, 60)
    assert made.vendors.count() > before
    assert made.vendors.writes_since(before) == []
