"""The queue: one running and one waiting a key, in the caller's transaction, and nothing lost with a worker."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest
from django.db import connections, transaction

from crosstie.jobs import queue, recovery
from crosstie.jobs.queue import KindStats, Priority
from tests.places import ROOT
from tests.system.ground.installation import wait_until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def empty_queue(db: None) -> None:
    """The engine's tables are not Django's to empty between tests."""
    with connections["default"].cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_workers, procrastinate_periodic_defers CASCADE")


@dataclass
class Workers:
    """Real worker processes on the test's own database, and the book their jobs write."""

    url: str
    book: Path
    running: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self, concurrency: int = 4) -> subprocess.Popen[bytes]:
        environment = {"DATABASE_URL": self.url, "GROUND_BOOK": str(self.book), "PYTHONPATH": f"{ROOT}/src"}
        with (self.book.parent / "workers.log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "tests.system.ground.worker_program", str(concurrency)],
                cwd=ROOT,
                env=os.environ | environment,
                stdout=subprocess.DEVNULL,
                stderr=log,
            )
        self.running.append(process)
        before = len(self.running)
        wait_until(lambda: self.log().count("worker ready") >= before, what="the worker is ready")
        return process

    def log(self) -> str:
        return (self.book.parent / "workers.log").read_text()

    def lines(self, *words: str) -> list[list[str]]:
        """What was written that begins with these words; the first field is a time."""
        entries = [line.split() for line in self.book.read_text().splitlines()] if self.book.exists() else []
        return [entry for entry in entries if entry[1 : 1 + len(words)] == list(words)]

    def close(self) -> None:
        for process in self.running:
            if process.poll() is None:
                process.kill()
            process.wait(10)


@pytest.fixture
def workers(tmp_path: Path) -> Iterator[Workers]:
    from crosstie.config.database import embedded_url
    from tests.conftest import HOME

    made = Workers(embedded_url(HOME, str(connections["default"].settings_dict["NAME"])), tmp_path / "book")
    yield made
    made.close()


def jobs() -> dict[str, int]:
    """Rows by status."""
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT status::text, count(*) FROM procrastinate_jobs GROUP BY status")
        return dict(cursor.fetchall())


def test_a_key_waits_once_and_keys_do_not_hinder_each_other() -> None:
    assert queue.enqueue("nap", "a/0")
    assert not queue.enqueue("nap", "a/0")
    assert queue.enqueue("nap", "b/0")
    assert queue.enqueue("read", "a/0")
    assert queue.enqueue("nap", "a/0", dedupe=False)
    assert jobs() == {"todo": 4}


def test_a_refusal_leaves_the_callers_transaction_usable() -> None:
    queue.enqueue("nap", "a/0")
    with transaction.atomic():
        assert not queue.enqueue("nap", "a/0")
        assert queue.enqueue("nap", "b/0")
    assert jobs() == {"todo": 2}


def test_a_rolled_back_transaction_queues_nothing() -> None:
    with transaction.atomic():
        queue.enqueue("nap", "a/0")
        transaction.set_rollback(True)
    assert jobs() == {}


def test_cancel_takes_back_what_waits() -> None:
    queue.enqueue("nap", "a/0")
    queue.enqueue("nap", "b/0")
    assert queue.cancel("nap", "a/0") == 1
    assert queue.cancel("nap", "a/0") == 0
    assert queue.waiting_or_running("nap", "b/0")
    assert not queue.waiting_or_running("nap", "a/0")


def test_stats_count_by_kind() -> None:
    assert queue.stats().oldest_waiting is None
    queue.enqueue("nap", "a/0")
    queue.enqueue("nap", "b/0")
    found = queue.stats()
    assert found.kinds == {"nap": KindStats(waiting=2)}
    assert found.oldest_waiting is not None
    assert 0 <= found.oldest_waiting < 10
    assert found.workers == 0


def test_one_runs_and_one_waits(workers: Workers) -> None:
    workers.start()
    assert queue.enqueue("nap", "a/1.5")
    wait_until(lambda: workers.lines("begin", "a/1.5"))
    answers = [queue.enqueue("nap", "a/1.5") for _ in range(3)]
    assert answers == [True, False, False]
    wait_until(lambda: len(workers.lines("end", "a/1.5")) == 2)
    wait_until(lambda: jobs() == {}, what="finished jobs are deleted")
    order = [entry[1] for entry in (line.split() for line in workers.book.read_text().splitlines())]
    assert order == ["begin", "end", "begin", "end"]


def test_as_many_run_at_once_as_were_asked_for(workers: Workers) -> None:
    for number in range(16):
        queue.enqueue("nap", f"{number}/1.5")
    workers.start(16)
    wait_until(lambda: len(workers.lines("end")) == 16)
    begins = [float(entry[0]) for entry in workers.lines("begin")]
    ends = [float(entry[0]) for entry in workers.lines("end")]
    assert max(begins) < min(ends), "all sixteen ran at the same moment"


def test_higher_priority_goes_first(workers: Workers) -> None:
    for priority in (Priority.LOW, Priority.NORMAL, Priority.FORCED):
        queue.enqueue("nap", f"{priority.name}/0", priority=priority)
    workers.start(1)
    wait_until(lambda: len(workers.lines("end")) == 3)
    assert [entry[2] for entry in workers.lines("begin")] == ["FORCED/0", "NORMAL/0", "LOW/0"]


def test_a_failure_is_counted_and_its_words_are_not_kept(workers: Workers) -> None:
    workers.start()
    queue.enqueue("fail", "a")
    wait_until(lambda: queue.stats().kinds.get("fail") == KindStats(failed=1))
    assert queue.enqueue("fail", "a"), "a failed job does not hold its key"
    wait_until(lambda: queue.stats().kinds.get("fail") == KindStats(failed=2))
    assert "error=builtins.ValueError" in workers.log()
    assert "planted" not in workers.log()


def test_term_ends_a_worker_in_seconds_even_with_a_long_job(workers: Workers) -> None:
    process = workers.start()
    queue.enqueue("nap", "long/300")
    wait_until(lambda: workers.lines("begin"))
    process.send_signal(signal.SIGTERM)
    process.wait(12)


def test_a_worker_declared_dead_ends_itself(workers: Workers) -> None:
    process = workers.start()
    with connections["default"].cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_workers")
    assert process.wait(20) == recovery.HUNG_EXIT
    assert "no longer beats" in workers.log()


def test_a_worker_outlives_cut_connections(workers: Workers) -> None:
    process = workers.start()
    queue.enqueue("read", "before")
    wait_until(lambda: workers.lines("read", "before"))
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")
    time.sleep(1)
    queue.enqueue("read", "after")
    wait_until(lambda: workers.lines("read", "after"))
    assert process.poll() is None


@pytest.mark.slow
def test_the_jobs_of_a_killed_worker_run_again_within_half_a_minute_or_so(workers: Workers) -> None:
    """One alone, one with another waiting behind it, which is what stays stuck by the engine's recipe."""
    victim = workers.start()
    for key in ("alone/3", "followed/3"):
        queue.enqueue("nap", key)
    wait_until(lambda: len(workers.lines("begin")) == 2)
    assert queue.enqueue("nap", "followed/3")
    victim.kill()
    victim.wait()
    killed = time.monotonic()
    workers.start()
    wait_until(lambda: len(workers.lines("end")) == 2, 60)
    waited = max(float(entry[0]) for entry in workers.lines("begin")) - killed
    assert 15 < waited < 45
    assert [len(workers.lines("begin", key)) for key in ("alone/3", "followed/3")] == [2, 2]
    wait_until(lambda: jobs() == {})


def dead_job(key: str, **arguments: object) -> None:
    """A job whose worker is gone, as the tables show it."""
    queue.enqueue("nap", key, deaths=int(str(arguments.get("deaths", 0))))
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'doing', worker_id = NULL WHERE lock = %s", [f"nap:{key}"]
        )


@pytest.mark.parametrize(
    ("deaths", "follower", "expected"),
    [
        (0, False, {"todo": 1}),
        (1, False, {"todo": 1}),
        (2, False, {}),
        (0, True, {"todo": 1}),
        (2, True, {"todo": 1}),
    ],
)
def test_recovery(deaths: int, follower: bool, expected: dict[str, int]) -> None:
    dead_job("a/0", deaths=deaths)
    if follower:
        queue.enqueue("nap", "a/0")
    assert recovery.recover(settle=0) == 1
    assert jobs() == expected
    assert recovery.recover(settle=0) == 0


def test_recovery_counts_deaths_to_an_end() -> None:
    dead_job("a/0")
    rounds = 0
    while recovery.recover(settle=0):
        rounds += 1
        with connections["default"].cursor() as cursor:
            cursor.execute("UPDATE procrastinate_jobs SET status = 'doing'")
    assert rounds == recovery.MOST_DEATHS


def test_recovery_waits_until_the_database_has_been_up_a_while() -> None:
    dead_job("a/0")
    assert recovery.recover(settle=10**8) == 0
    assert jobs() == {"doing": 1}


def test_two_recoveries_at_once_do_it_once() -> None:
    dead_job("a/0")
    parameters = connections["default"].get_connection_params()
    parameters.pop("cursor_factory", None)
    parameters.pop("context", None)
    with psycopg.connect(**parameters) as other:
        other.execute("SELECT id FROM procrastinate_jobs FOR UPDATE")
        assert recovery.recover(settle=0) == 0
    assert recovery.recover(settle=0) == 1


def test_tidy_deletes_old_finished_jobs_only() -> None:
    for key in ("old/0", "new/0", "waiting/0"):
        queue.enqueue("nap", key)
    with connections["default"].cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'failed' WHERE lock <> 'nap:waiting/0'")
        cursor.execute(
            "UPDATE procrastinate_events SET at = now() - interval '8 days'"
            " WHERE job_id IN (SELECT id FROM procrastinate_jobs WHERE lock <> 'nap:new/0')"
        )
    assert recovery.tidy() == 1
    assert jobs() == {"failed": 1, "todo": 1}


def test_two_handlers_of_one_kind_are_a_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue, "_handlers", {})
    queue.register("once")(print)
    with pytest.raises(ValueError, match="two handlers"):
        queue.register("once")(print)
