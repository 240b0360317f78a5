"""One migrated installation a test run, which tests copy instead of making their own."""

from pathlib import Path

import pytest

from tests.system.ground.installation import Installation


@pytest.fixture(scope="session")
def migrated_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with keys and an embedded database in step; nothing runs on it."""
    made = Installation(tmp_path_factory.mktemp("migrated") / "home")
    answer = made.run("migrate", timeout=120)
    assert answer.returncode == 0, answer.stderr
    return made.home
