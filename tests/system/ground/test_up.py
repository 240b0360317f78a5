"""`crosstie up`: everything comes, stays, goes together, and a second start continues."""

import os
import shutil
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from crosstie.config.database import embedded_url
from tests.system.ground.installation import Installation, installation, processes, wait_until


@pytest.fixture
def server(tmp_path: Path, migrated_home: Path) -> Iterator[Installation]:
    shutil.copytree(migrated_home, tmp_path / "home")
    with installation(tmp_path) as made:
        yield made
    wait_until(lambda: not processes(str(made.home)), 20, "nothing is left")


def parts(server: Installation) -> dict[str, int]:
    """Process ids by part: the launcher's own interpreter and granian's child are found by their command lines."""
    names = {"crosstie.cli web": "web", "crosstie.cli worker": "worker", "crosstie.cli ticker": "ticker"}
    found: dict[str, int] = {}
    for pid, line in sorted(processes(str(server.home)).items()):
        for text, name in names.items():
            if text in line:
                found.setdefault(name, pid)
        if "/postgres -D" in line:
            found.setdefault("postgres", pid)
    return found


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_all_of_it_starts_and_stops_within_seconds(server: Installation, how: signal.Signals) -> None:
    up = server.start("up")
    server.wait_healthy()
    wait_until(lambda: "worker ready" in server.log())
    status, page = server.get("/sign-in")
    assert status == 200
    assert "<h1>" in page
    assert parts(server).keys() == {"web", "worker", "ticker", "postgres"}
    wait_until(lambda: f"Crosstie is ready at http://localhost:{server.port}" in server.log(), 5)
    up.send_signal(how)
    assert up.wait(12) == 0
    assert processes(str(server.home)) == {}


def test_a_second_start_continues_with_the_same_data(server: Installation) -> None:
    first = server.start("up")
    server.wait_healthy()
    with psycopg.connect(embedded_url(server.home), autocommit=True) as connection:
        connection.execute("CREATE TABLE kept (n int); INSERT INTO kept VALUES (7)")
    first.terminate()
    assert first.wait(12) == 0
    server.start("up")
    assert server.wait_healthy() < 20
    with psycopg.connect(embedded_url(server.home)) as connection:
        assert connection.execute("SELECT n FROM kept").fetchone() == (7,)


def test_a_second_up_says_that_one_runs(server: Installation) -> None:
    first = server.start("up")
    server.wait_healthy()
    second = server.run("up")
    assert second.returncode == 2
    assert second.stderr.count("\n") == 1
    assert f"already runs on {server.home} (process {first.pid}, http://localhost:{server.port})" in second.stderr
    assert server.healthy()


def test_a_taken_port_is_said_before_anything_starts(server: Installation, tmp_path: Path) -> None:
    server.start("up")
    server.wait_healthy()
    other = Installation(tmp_path / "other", port=server.port)
    refused = other.run("up")
    assert refused.returncode == 2
    assert f"Cannot listen on 127.0.0.1 port {server.port}" in refused.stderr
    assert not (other.home / "postgres").exists()


def test_nothing_outlives_a_killed_supervisor(server: Installation) -> None:
    up = server.start("up")
    server.wait_healthy()
    wait_until(lambda: len(parts(server)) == 4)
    up.kill()
    up.wait()
    wait_until(lambda: not processes(str(server.home)), 15, "every part follows the supervisor")
    server.start("up")
    server.wait_healthy()


@pytest.mark.parametrize("part", ["web", "worker", "ticker"])
def test_a_part_that_dies_is_started_again(server: Installation, part: str) -> None:
    server.start("up")
    server.wait_healthy()
    wait_until(lambda: len(parts(server)) == 4)
    before = parts(server)[part]
    os.kill(before, signal.SIGKILL)
    wait_until(lambda: f"{part:<6} | ended with -9; starting it again in 1 s" in server.log())
    wait_until(lambda: parts(server).get(part, before) != before, what="another process does the work")
    server.wait_healthy()


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_a_database_that_ends_is_started_again_and_the_others_stay(
    server: Installation, how: signal.Signals
) -> None:
    """SIGINT is PostgreSQL's ordinary, fast shutdown."""
    server.start("up")
    server.wait_healthy()
    wait_until(lambda: len(parts(server)) == 4)
    before = parts(server)
    os.kill(before["postgres"], how)
    wait_until(lambda: parts(server).get("postgres", before["postgres"]) != before["postgres"])
    server.wait_healthy()
    after = parts(server)
    assert (after["web"], after["ticker"]) == (before["web"], before["ticker"])
    wait_until(lambda: workers_alive(server) >= 1, 60, "a worker beats again")


def workers_alive(server: Installation) -> int:
    with psycopg.connect(embedded_url(server.home)) as connection:
        row = connection.execute(
            "SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > pg_postmaster_start_time()"
        ).fetchone()
        return int(row[0]) if row else 0


def test_parts_run_apart_over_one_database_and_lines_name_their_part(
    tmp_path: Path, new_database: Callable[[], str]
) -> None:
    with installation(tmp_path, DATABASE_URL=new_database()) as apart:
        apart.start("web")
        workers = [apart.start("worker", "--concurrency", "2") for _ in range(2)]
        apart.start("ticker")
        apart.wait_healthy()
        wait_until(lambda: apart.log().count("worker ready") == 2)
        assert not (apart.home / "postgres").exists(), "no database of its own"
        assert [process.poll() for process in (*workers, *apart.running)] == [None] * 6
        for process in apart.running:
            process.terminate()
        codes = [process.wait(12) for process in apart.running]
        assert codes[1:3] == [0, 0]


def test_up_over_a_given_database(tmp_path: Path, new_database: Callable[[], str]) -> None:
    with installation(tmp_path, DATABASE_URL=new_database(), CROSSTIE_WORKERS="2") as server:
        up = server.start("up")
        server.wait_healthy()
        wait_until(lambda: server.log().count("worker ready") == 2)
        assert "worker-1 | " in server.log()
        assert "worker-2 | " in server.log()
        assert not (server.home / "postgres").exists()
        up.terminate()
        assert up.wait(12) == 0


def test_a_database_that_is_away_is_one_sentence(tmp_path: Path) -> None:
    with installation(tmp_path, DATABASE_URL="postgresql://crosstie@127.0.0.1:1/crosstie") as server:
        for command in ("web", "worker", "ticker", "migrate", "up"):
            answer = server.run(command)
            assert answer.returncode == 2, command
            assert "Traceback" not in answer.stderr
            assert "crosstie: The database cannot be reached." in answer.stderr


def test_a_database_out_of_step_is_said(tmp_path: Path, cluster: str) -> None:
    with installation(tmp_path, DATABASE_URL=cluster) as server:
        answer = server.run("web")
    assert answer.returncode == 2
    assert "Run: crosstie migrate" in answer.stderr


def test_guests_run_beside_the_server(server: Installation, tmp_path: Path) -> None:
    (tmp_path / "often").write_text("import time\nprint('guest is here', flush=True)\ntime.sleep(600)\n")
    (tmp_path / "seed").write_text(
        "import pathlib, sys\nmark = pathlib.Path(sys.argv[1])\nprint('seeding', flush=True)\n"
        "if not mark.exists():\n    mark.touch()\n    sys.exit(1)\n"
    )
    guest = f"guest={sys.executable} {tmp_path / 'often'}"
    seed = f"seed={sys.executable} {tmp_path / 'seed'} {tmp_path / 'mark'}"
    up = server.start("up", "--also", guest, "--once", seed)
    server.wait_healthy()
    wait_until(lambda: server.log().count("seed   | seeding") == 2, what="tried again after it failed")
    assert "guest  | guest is here" in server.log()
    assert server.log().index("Crosstie is ready") < server.log().index("seeding")
    up.terminate()
    assert up.wait(12) == 0
    assert server.log().count("seeding") == 2
    assert processes(str(tmp_path / "often")) == {}


@pytest.mark.parametrize("text", ["noname", "=ls", "x=", "x=/no/such/program"])
def test_a_guest_that_cannot_be_run_is_said(server: Installation, text: str) -> None:
    answer = server.run("up", "--also", text)
    assert answer.returncode == 2
    assert text in answer.stderr
