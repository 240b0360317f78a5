"""Two workers and two tickers over one database: each mailbox has one session at a time, each mail one record."""

from pathlib import Path

from tests.system.ground.installation import wait_until
from tests.system.trouble.letters import Letters
from tests.system.trouble.oracle import complaints
from tests.system.trouble.scene import Scene, scene

WAVES = 12


def test_two_workers_and_two_tickers_do_everything_once(tmp_path: Path, migrated_home: Path) -> None:
    with scene(tmp_path, migrated_home, people=4) as made:
        made.keep_workers(2)
        made.server.start("ticker")
        letters = Letters(3, made.vendors.people)
        wait_until(made.settled, what="the first sessions")
        for wave in range(WAVES):
            for mailbox in made.vendors.people:
                mail, expected = (letters.shared, letters.attached, letters.plain)[wave % 3](mailbox)
                letters.sent.append(expected)
                made.vendors.send(mail)
            made.wake(*made.vendors.people)
            made.sql("UPDATE store_org SET tick_due_at = now()")
        made.rest(2)
        assert complaints(made.vendors, letters.sent) == []
        assert _overlapping(made) == []
        runs = made.sql("SELECT count(*) FROM store_sessionrun")[0][0]
        working = sum("session mailbox" in made.log_of(worker.pid) for worker in made.workers)
        before = made.vendors.count()
        made.rest()
        assert made.vendors.writes_since(before) == []
    print(f"\n{len(letters.sent)} mails, {runs} sessions by {working} workers")
    assert working == 2


def _overlapping(made: Scene) -> list[tuple[object, ...]]:
    """Sessions of a mailbox that began before its session before had ended."""
    return made.sql(
        "SELECT a.mailbox_id, a.epoch, b.epoch FROM store_sessionrun a JOIN store_sessionrun b"
        " ON a.mailbox_id = b.mailbox_id AND a.epoch < b.epoch AND b.started_at < a.ended_at"
    )
