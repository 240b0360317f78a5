"""The embedded PostgreSQL: starts, stops, is shared, survives, and leaves nothing behind."""

import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from crosstie.store import pgbinaries, pgcluster
from crosstie.store.embedded import QUICK, Database, EmbeddedError
from tests.system.ground.installation import processes, wait_until

HOLD = """
import sys, time
from pathlib import Path
from crosstie.store.embedded import Database
database = Database(Path(sys.argv[1]), owner=True)
database.__enter__()
print("ready", flush=True)
time.sleep(600)
"""


@pytest.fixture
def home() -> Iterator[Path]:
    """In a folder that every user can reach, as the fallback to `nobody` needs."""
    above = Path(tempfile.mkdtemp(prefix="crosstie-ground-"))
    above.chmod(0o711)
    yield above / "home"
    wait_until(lambda: not processes(str(above)), 10, "every server is gone")
    shutil.rmtree(above)


def holder(home: Path) -> subprocess.Popen[str]:
    """Another process that owns the server."""
    process = subprocess.Popen([sys.executable, "-c", HOLD, str(home)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    with process.stdout as output:
        assert output.readline() == "ready\n"
    return process


def count(url: str) -> int:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS visit (at timestamptz)")
        connection.execute("INSERT INTO visit VALUES (now())")
        row = connection.execute("SELECT count(*) FROM visit").fetchone()
        assert row is not None
        return int(row[0])


def test_a_second_start_continues(home: Path) -> None:
    for expected in (1, 2, 3):
        with Database(home, settings=QUICK) as url:
            assert count(url) == expected
    assert processes(str(home)) == {}


def test_every_way_of_not_being_root_works(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ways = {pgbinaries.identity()} | ({"nobody"} if os.geteuid() == 0 else set())
    for way in sorted(ways):
        monkeypatch.setattr(pgbinaries, "identity", lambda way=way: way)
        with Database(home / way, settings=QUICK) as url:
            assert count(url) == 1
        with Database(home / way, settings=QUICK) as url:
            assert count(url) == 2
        assert stat.S_IMODE((home / way / "postgres").stat().st_mode) == 0o700


def test_folders_above_are_left_alone(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home.parent.chmod(0o700)
    with Database(home, settings=QUICK) as url:
        count(url)
    assert stat.S_IMODE(home.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    monkeypatch.setattr(pgbinaries, "identity", lambda: "nobody")
    with pytest.raises(EmbeddedError, match="cannot reach"):
        Database(home, settings=QUICK).__enter__()
    assert stat.S_IMODE(home.parent.stat().st_mode) == 0o700


def test_a_long_path_gets_a_short_socket(home: Path) -> None:
    deep = home / ("d" * 60) / ("e" * 60)
    with Database(deep, settings=QUICK) as url:
        assert count(url) == 1
        sockets = pgcluster.Place(deep).sockets
        assert stat.S_IMODE(sockets.stat().st_mode) == 0o700
    assert not sockets.exists()


def test_somebody_elses_socket_folder_is_refused(home: Path) -> None:
    deep = home / ("d" * 60) / ("e" * 60)
    sockets = pgcluster.Place(deep).sockets
    sockets.mkdir()
    sockets.chmod(0o777)
    try:
        with pytest.raises(EmbeddedError, match="open to others or not ours"):
            Database(deep, settings=QUICK).__enter__()
    finally:
        sockets.rmdir()


def test_a_second_process_attaches_and_leaves_it_running(home: Path) -> None:
    owner = holder(home)
    try:
        for expected in (1, 2):
            with Database(home) as url:
                assert count(url) == expected
        assert owner.poll() is None
    finally:
        owner.kill()
        owner.wait()


def test_nobody_owns_it_twice(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crosstie.store.embedded.STOP_PATIENCE", 0.3)
    owner = holder(home)
    try:
        with pytest.raises(EmbeddedError, match="Another Crosstie uses the data"):
            Database(home, owner=True).__enter__()
    finally:
        owner.kill()
        owner.wait()


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_no_server_outlives_its_owner(home: Path, how: signal.Signals) -> None:
    owner = holder(home)
    assert any("postgres" in line for line in processes(str(home)).values())
    owner.send_signal(how)
    owner.wait()
    wait_until(lambda: not processes(str(home)), 10, "the server follows its owner")
    with Database(home, settings=QUICK) as url:
        assert count(url) == 1


def test_a_killed_server_starts_again_with_everything_committed(home: Path) -> None:
    database = Database(home)
    with database as url:
        assert count(url) == 1
        pid = pgcluster.server_pid(database.place)
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        wait_until(lambda: not database.alive(), 10)
        database.start()
        assert count(url) == 2


def test_an_orphan_is_replaced(home: Path) -> None:
    """A server that runs although nobody holds the owner's lock, as where the kernel has no death signal."""
    database = Database(home)
    database.__enter__()
    database.place.owner_lock.unlink()
    orphan = pgcluster.server_pid(database.place)
    with Database(home, owner=True) as url:
        assert count(url) == 1
        assert pgcluster.server_pid(database.place) != orphan
    database.close()


def test_an_interrupted_first_start_is_begun_anew(home: Path) -> None:
    (home / "postgres.new" / "base").mkdir(parents=True)
    (home / "postgres.new" / "PG_VERSION").write_text("18\n")
    with Database(home, settings=QUICK) as url:
        assert count(url) == 1
    assert not (home / "postgres.new").exists()


def test_data_of_another_version_is_left_alone(home: Path) -> None:
    with Database(home, settings=QUICK):
        pass
    (home / "postgres" / "PG_VERSION").write_text("9\n")
    with pytest.raises(EmbeddedError, match=r"written by PostgreSQL 9, but the programs here are \d+"):
        Database(home).__enter__()
    (home / "postgres" / "PG_VERSION").write_text(f"{pgbinaries.major()}\n")
    with Database(home, settings=QUICK):
        pass


def test_a_server_that_cannot_start_says_why(home: Path) -> None:
    with pytest.raises(EmbeddedError, match=r"did not start: .*no_such_setting"):
        Database(home, settings={"no_such_setting": "1"}).__enter__()
    assert processes(str(home)) == {}


def test_the_servers_log_keeps_no_content(home: Path) -> None:
    database = Database(home, settings=QUICK)
    planted = "planted@example.com"
    refused = ["INSERT INTO person VALUES (%s)", "SELECT %s::int", "SELECT no_such_function(%s)"]
    with database as url, psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TABLE person (address text UNIQUE CHECK (address LIKE '%@%'))")
        connection.execute("INSERT INTO person VALUES (%s)", [planted])
        for statement in refused:
            with pytest.raises(psycopg.Error):
                connection.execute(statement, [planted])
        with pytest.raises(psycopg.errors.CheckViolation):
            connection.execute("INSERT INTO person VALUES ('planted')")
    assert "planted" not in database.place.log.read_text()
