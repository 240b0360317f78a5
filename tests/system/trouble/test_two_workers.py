"""Two workers and two tickers over one database: each mailbox has one session at a time, each mail one record."""

import time
from pathlib import Path

from tests.system.ground.installation import wait_until
from tests.system.trouble.letters import Letters
from tests.system.trouble.oracle import complaints
from tests.system.trouble.scene import Scene, scene

FEWEST, MOST = 8, 40
"""Waves of mails: as many as it takes until either worker had a session."""


def test_two_workers_and_two_tickers_do_everything_once(tmp_path: Path, migrated_home: Path) -> None:
    with scene(tmp_path, migrated_home, people=4) as made:
        for _ in range(2):
            made.start_worker(concurrency=1)  # so that one is at the tick while the other takes the batch
        made.server.start("ticker")
        letters = Letters(3, made.vendors.people)
        wait_until(made.settled, what="the first sessions")
        wave = 0
        while (wave := wave + 1) <= FEWEST or (wave <= MOST and _working(made) < 2):
            for mailbox in made.vendors.people:
                mail, expected = (letters.shared, letters.attached, letters.plain)[wave % 3](mailbox)
                letters.sent.append(expected)
                made.vendors.send(mail)
            made.wake(*made.vendors.people)
            made.sql("UPDATE store_org SET tick_due_at = now()")
            time.sleep(0.5)
        made.rest(2)
        assert complaints(made.vendors, letters.sent) == []
        assert _overlapping(made) == []
        runs = made.sql("SELECT count(*) FROM store_sessionrun")[0][0]
        working = _working(made)
        before = made.vendors.count()
        made.rest()
        assert made.vendors.writes_since(before) == []
    print(f"\n{len(letters.sent)} mails, {runs} sessions by {working} workers")
    assert working == 2


def _working(made: Scene) -> int:
    """Workers that had a session with something to do."""
    return sum("saved=" in made.log_of(worker.pid) for worker in made.workers)


def _overlapping(made: Scene) -> list[tuple[object, ...]]:
    """Sessions of a mailbox that began before its session before had ended."""
    return made.sql(
        "SELECT a.mailbox_id, a.epoch, b.epoch FROM store_sessionrun a JOIN store_sessionrun b"
        " ON a.mailbox_id = b.mailbox_id AND a.epoch < b.epoch AND b.started_at < a.ended_at"
    )
