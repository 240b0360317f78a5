"""Environment variables: what each may be, and what is said of the rest."""

from pathlib import Path

import pytest

from crosstie.config import environment
from crosstie.config.environment import ConfigError


def test_nothing_set_is_a_server_for_one_machine(tmp_path: Path) -> None:
    config = environment.load({"HOME": str(tmp_path)})
    assert config.home == tmp_path / ".local/share/crosstie"
    assert config.database_url is None
    assert (config.host, config.port, config.public_url) == ("127.0.0.1", 8400, "http://localhost:8400")
    assert not config.https


@pytest.mark.parametrize(
    ("given", "attribute", "expected"),
    [
        ({"XDG_DATA_HOME": "/data"}, "home", Path("/data/crosstie")),
        ({"XDG_DATA_HOME": "relative"}, "home", Path("/people/anna/.local/share/crosstie")),
        ({"CROSSTIE_HOME": "/srv/crosstie"}, "home", Path("/srv/crosstie")),
        ({"CROSSTIE_PORT": "9000"}, "public_url", "http://localhost:9000"),
        ({"CROSSTIE_PUBLIC_URL": "https://sync.example.com/"}, "public_url", "https://sync.example.com"),
        ({"CROSSTIE_PUBLIC_URL": "https://sync.example.com:8443"}, "https", True),
        ({"CROSSTIE_PUBLIC_URL": "https://sync.example.com:8443"}, "public_host", "sync.example.com"),
        (
            {"DATABASE_URL": "postgres://db.example.com/crosstie"},
            "database_url",
            "postgres://db.example.com/crosstie",
        ),
        ({"CROSSTIE_LOG_LEVEL": "Debug"}, "log_level", "debug"),
        ({"CROSSTIE_WORKERS": "0"}, "workers", 0),
        ({"CROSSTIE_DEBUG": "1"}, "debug", True),
        ({"CROSSTIE_DEBUG": "0"}, "debug", False),
        ({"CROSSTIE_PORT": "  "}, "port", 8400),
    ],
)
def test_values(given: dict[str, str], attribute: str, expected: object) -> None:
    assert getattr(environment.load({"HOME": "/people/anna"} | given), attribute) == expected


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CROSSTIE_PORT", "0"),
        ("CROSSTIE_PORT", "65536"),
        ("CROSSTIE_PORT", "-1"),
        ("CROSSTIE_PORT", "٣"),
        ("CROSSTIE_PORT", "8400.0"),
        ("CROSSTIE_CONCURRENCY", "0"),
        ("CROSSTIE_CONCURRENCY", "many"),
        ("CROSSTIE_LOG_LEVEL", "loud"),
        ("CROSSTIE_PUBLIC_URL", "sync.example.com"),
        ("CROSSTIE_PUBLIC_URL", "ftp://sync.example.com"),
        ("CROSSTIE_PUBLIC_URL", "https://sync.example.com/app"),
        ("CROSSTIE_PUBLIC_URL", "https://"),
        ("DATABASE_URL", "mysql://db.example.com/crosstie"),
        ("DATABASE_URL", "sqlite:///crosstie.db"),
        ("CROSSTIE_HOME", __file__),
    ],
)
def test_a_bad_value_is_named(name: str, value: str) -> None:
    with pytest.raises(ConfigError) as caught:
        environment.load({"HOME": "/people/anna", name: value})
    assert len(caught.value.findings) == 1
    assert caught.value.findings[0].startswith(name)


def test_all_bad_values_are_named_at_once_and_no_password_with_them() -> None:
    bad = {"CROSSTIE_PORT": "x", "CROSSTIE_LOG_LEVEL": "y", "DATABASE_URL": "mysql://anna:hunter2@db/x"}
    with pytest.raises(ConfigError) as caught:
        environment.load(bad)
    assert len(caught.value.findings) == 3
    assert "hunter2" not in str(caught.value)
