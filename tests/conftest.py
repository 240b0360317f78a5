"""What every test shares: a throw-away installation, one PostgreSQL a test process, and honesty about skips."""

import itertools
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import django
import psycopg
import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from psycopg import sql

from crosstie.config import secrets
from crosstie.config.database import EMBEDDED_NAME, embedded_url
from tests import places
from tests.once import SHARED_HOME, once

HOME = Path(tempfile.mkdtemp(prefix="crosstie-test-"))
"""Of this process; each xdist worker has its own, and so its own server."""
for _name in [name for name in os.environ if name.startswith(("CROSSTIE_", "PG")) and name != "CROSSTIE_SHARED"]:
    del os.environ[_name]
os.environ["CROSSTIE_HOME"] = str(HOME)
os.environ["DATABASE_URL"] = embedded_url(HOME)
os.environ["DJANGO_SETTINGS_MODULE"] = "crosstie.config.django"

# How fast the machine is is no property of the code: a fresh checkout first works out its tables of characters.
hypothesis_settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.load_profile("house")

pytest_plugins = ["tests.judges.plugin"]
TEMPLATE = "crosstie_template"
"""A database with all tables, which nobody is connected to."""
MARKERS = ("browser", "node", "shared")


def pytest_configure() -> None:
    """After the environment above is set: pytest-django itself looks before any conftest is read."""
    django.setup()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes() -> None:
    """A worker that inherits this would read the settings before its own copy of this file gives it a home."""
    del os.environ["DJANGO_SETTINGS_MODULE"]
    os.environ[SHARED_HOME] = str(HOME)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What takes minutes begins early, so that nobody waits for it in the end, and on half of the workers, so that
    it has the time it needs: xdist deals even parts, and what stands at the head of one is run at once.
    """
    workers = getattr(config, "workerinput", {}).get("workercount", 1)
    busy = max(workers // 2, 1)
    slow = [item for item in items if item.get_closest_marker("slow")]
    ordered = [item for item in items if not item.get_closest_marker("slow")]
    for number, item in enumerate(slow):
        ordered.insert(number % busy * (len(items) // workers) + len(slow), item)
    items[:] = ordered


def pytest_runtest_setup(item: pytest.Item) -> None:
    for marker in MARKERS:
        if item.get_closest_marker(marker) and (reason := places.lacking(marker)):
            pytest.skip(reason)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what was left out; in CI that is a failure, but for the folder a clone may lack."""
    reasons: dict[str, int] = {}
    for report in terminalreporter.stats.get("skipped", []):
        reason = _reason(report)
        reasons[reason] = reasons.get(reason, 0) + 1
    for reason, count in sorted(reasons.items()):
        terminalreporter.write_line(f"left out: {count} test(s), because {reason}", yellow=True)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None or os.environ.get("CI") != "true":
        return
    skipped = reporter.stats.get("skipped", [])
    if session.exitstatus == 0 and any(places.SHARED_MISSING not in _reason(report) for report in skipped):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_unconfigure() -> None:
    shutil.rmtree(HOME, ignore_errors=True)


def _reason(report: pytest.TestReport | pytest.CollectReport) -> str:
    longrepr = report.longrepr
    text = longrepr[2] if isinstance(longrepr, tuple) else str(longrepr)
    return text.removeprefix("Skipped: ").rstrip(".")


@pytest.fixture(scope="session")
def migrated_home() -> Path:
    """A data folder with keys and an embedded database in step; nothing runs on it: tests copy it."""
    return once("migrated-home", _migrated_home)


def _migrated_home() -> Path:
    home = Path(os.environ.get(SHARED_HOME, HOME)) / "migrated"
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("DATABASE_", "DJANGO_"))}
    subprocess.run(
        [sys.executable, "-m", "crosstie.cli", "migrate"],
        env=kept | {"CROSSTIE_HOME": str(home)},
        check=True,
        capture_output=True,
    )
    return home


@pytest.fixture(scope="session")
def cluster(migrated_home: Path) -> Iterator[str]:
    """A running PostgreSQL of this test process; its address names the database `crosstie`, which is empty."""
    from crosstie.store.embedded import QUICK, Database

    secrets.ensure(HOME, os.environ)
    subprocess.run(["cp", "-a", str(migrated_home / "postgres"), str(HOME)], check=True)
    with Database(HOME, settings=QUICK) as url:
        with administration() as connection:
            names = map(sql.Identifier, (EMBEDDED_NAME, TEMPLATE))
            connection.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(*names))
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(EMBEDDED_NAME)))
        yield url


@pytest.fixture(scope="session")
def django_db_modify_db_settings(cluster: str) -> None:
    """pytest-django makes its database on the cluster, which starts only when a test wants it."""
    from django.db import connection

    connection.settings_dict["TEST"]["TEMPLATE"] = TEMPLATE


@pytest.fixture
def new_database(cluster: str) -> Iterator[Callable[[], str]]:
    """Makes migrated databases for tests that start processes; the answer is an address for DATABASE_URL."""
    made: list[str] = []

    def make() -> str:
        name = f"system_{next(_numbers)}"
        with administration() as connection:
            names = map(sql.Identifier, (name, TEMPLATE))
            connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(*names))
        made.append(name)
        return embedded_url(HOME, name)

    yield make
    with administration() as connection:
        for name in made:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


_numbers = itertools.count()


def administration() -> psycopg.Connection:
    return psycopg.connect(embedded_url(HOME, "postgres"), autocommit=True)
