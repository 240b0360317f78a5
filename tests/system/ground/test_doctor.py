"""`crosstie doctor`: says what is wrong and what to do, and changes nothing."""

import json
import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from crosstie.cli.doctor import database as database_checks
from crosstie.cli.doctor import examine, machine
from crosstie.cli.doctor.finding import Finding, Level
from crosstie.config import environment, secrets
from crosstie.config.environment import Config
from tests.system.ground.installation import Installation, installation


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Installation]:
    with installation(tmp_path) as made:
        yield made


def ask(place: Installation) -> tuple[int, dict[str, list[dict[str, str]]]]:
    """Exit code, and findings by level."""
    answer = place.run("doctor", "--json")
    report: dict[str, Any] = json.loads(answer.stdout)
    levels: dict[str, list[dict[str, str]]] = {level.value: [] for level in Level}
    for finding in report["findings"]:
        levels[finding["level"]].append(finding)
    assert report["ok"] is (not levels["problem"])
    return answer.returncode, levels


def test_before_the_first_start_all_is_well_and_nothing_is_made(place: Installation) -> None:
    code, levels = ask(place)
    assert code == 0
    assert [finding["subject"] for finding in levels["warning"]] == ["public URL"]
    assert not place.home.exists()


def test_a_migrated_installation_is_in_order(place: Installation, migrated_home: Path) -> None:
    shutil.copytree(migrated_home, place.home)
    code, levels = ask(place)
    assert code == 0
    said = {finding["subject"] for finding in levels["ok"]}
    expected = {"python", "data folder", "keys", "disk", "port", "database", "clock", "tables", "workers", "mail"}
    assert said == expected


def test_the_text_is_a_line_a_finding_and_a_sum(place: Installation) -> None:
    lines = place.run("doctor").stdout.splitlines()
    assert lines[0].startswith("ok       python")
    assert lines[-1] == f"0 problem(s), 1 warning(s), {len(lines) - 2} in order"


def problem(place: Installation, subject: str) -> dict[str, str]:
    code, levels = ask(place)
    assert code == 1
    found = [finding for finding in levels["problem"] if finding["subject"] == subject]
    assert found, levels["problem"]
    return found[0]


def test_keys_open_to_others(place: Installation) -> None:
    secrets.ensure(place.home, {})
    secrets.path(place.home).chmod(0o644)
    assert f"Run: chmod 600 {secrets.path(place.home)}" in problem(place, "keys")["sentence"]
    assert secrets.path(place.home).stat().st_mode & 0o777 == 0o644


def test_keys_lost_beside_data(place: Installation, migrated_home: Path) -> None:
    shutil.copytree(migrated_home, place.home)
    shutil.rmtree(secrets.path(place.home).parent)
    assert "is gone, but there is data" in problem(place, "keys")["sentence"]


def test_a_port_that_another_program_holds(place: Installation) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", place.port))
        other.listen()
        assert str(place.port) in problem(place, "port")["sentence"]


def test_our_own_server_on_the_port_is_no_problem(place: Installation, migrated_home: Path) -> None:
    shutil.copytree(migrated_home, place.home)
    place.start("up")
    place.wait_healthy()
    code, levels = ask(place)
    assert code == 0, levels["problem"]
    sentences = [finding["sentence"] for finding in levels["ok"]]
    assert f"Crosstie answers on 127.0.0.1 port {place.port}." in sentences


def test_a_database_that_is_away(tmp_path: Path) -> None:
    with installation(tmp_path, DATABASE_URL="postgresql://crosstie@127.0.0.1:1/crosstie") as place:
        assert problem(place, "database")["sentence"] == "The database does not answer."


def test_tables_out_of_step(tmp_path: Path, cluster: str) -> None:
    with installation(tmp_path, DATABASE_URL=cluster) as place:
        assert problem(place, "tables")["advice"] == "Run: crosstie migrate"


def test_jobs_that_nobody_does(tmp_path: Path, new_database: Callable[[], str]) -> None:
    url = new_database()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name) VALUES ('crosstie', 'crosstie.tick')"
        )
    with installation(tmp_path, DATABASE_URL=url) as place:
        _, levels = ask(place)
    assert "1 job(s) wait and no worker runs." in [finding["sentence"] for finding in levels["warning"]]


def test_a_database_of_another_machines_keys(tmp_path: Path, new_database: Callable[[], str]) -> None:
    url = new_database()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")  # a secret without its tenant will do
        connection.execute(
            "INSERT INTO store_secret (tenant_id, place, token, key_id) VALUES (1, 'a', '', 'other')"
        )
    with installation(tmp_path, DATABASE_URL=url) as place:
        refused = place.run("web")
        assert refused.returncode == 2
        assert "written with other keys" in refused.stderr
        assert "1 key(s)" in problem(place, "keys")["sentence"]


def test_bad_settings_are_findings_too(tmp_path: Path) -> None:
    with installation(tmp_path, CROSSTIE_LOG_LEVEL="loud", CROSSTIE_WORKERS="-1") as place:
        code, levels = ask(place)
    assert code == 1
    assert [finding["subject"] for finding in levels["problem"]] == ["environment"] * 2


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://sync.invalid", ["is not encrypted", "does not answer"]),
        ("https://sync.invalid", ["does not answer"]),
        ("http://localhost:9", ["from this machine only"]),
    ],
)
def test_public_urls(tmp_path: Path, url: str, expected: list[str]) -> None:
    with installation(tmp_path, CROSSTIE_PUBLIC_URL=url) as place:
        _, levels = ask(place)
    found = [finding["sentence"] for finding in levels["warning"] if finding["subject"] == "public URL"]
    assert len(found) == len(expected)
    assert all(part in sentence for part, sentence in zip(expected, found, strict=True))


@pytest.mark.parametrize(("free", "level"), [(10**8, "problem"), (10**9, "warning"), (10**10, "ok")])
def test_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: int, level: str) -> None:
    usage = shutil.disk_usage(tmp_path)._replace(free=free)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    config = environment.load({"CROSSTIE_HOME": str(tmp_path)})
    assert [finding.level.value for finding in machine.disk(config)] == [level]


def test_clocks_that_disagree(cluster: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database_checks, "CLOCK_TOLERANCE", -1.0)
    with psycopg.connect(cluster) as connection:
        assert [finding.subject for finding in database_checks._clock(connection)] == ["clock"]
        assert next(iter(database_checks._clock(connection))).level is Level.PROBLEM


def test_a_check_that_fails_does_not_silence_the_others(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def broken(config: Config) -> Iterator[Finding]:
        raise subprocess.SubprocessError(f"planted content in {config.home}")

    monkeypatch.setenv("CROSSTIE_HOME", str(tmp_path))
    found = examine([broken, machine.python])
    assert [finding.level for finding in found] == [Level.PROBLEM, Level.OK]
    assert "planted" not in str(found)
