"""The keys: made once, closed to others, never replaced in silence."""

import base64
import json
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from crosstie.config import secrets
from crosstie.config.secrets import RINGS, SecretsError

KEY = base64.urlsafe_b64encode(bytes(range(32))).decode().rstrip("=")
FULL = {"CROSSTIE_SECRET_KEY": "s" * 40} | {f"CROSSTIE_{name.upper()}_KEYS": f"a:{KEY}" for name in RINGS}


def test_first_start_makes_them_and_the_second_finds_them(tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert secrets.peek(home, {}) is None
    made = secrets.ensure(home, {})
    assert secrets.ensure(home, {}) == made
    assert secrets.peek(home, {}) == made
    file = secrets.path(home)
    assert [oct(place.stat().st_mode & 0o777) for place in (home, file.parent, file)] == [
        "0o700",
        "0o700",
        "0o600",
    ]
    assert [entry.name for entry in file.parent.iterdir()] == ["keys.json"]
    rings = (made.vault, made.digest, made.directory)
    assert all(len(ring.keys[ring.current]) == 32 for ring in rings)
    assert len({ring.keys[ring.current] for ring in rings}) == 3
    assert len({ring.current for ring in rings}) == 3


def test_processes_that_start_together_agree(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: secrets.ensure(tmp_path, {}), range(32)))
    assert len({keys.secret_key for keys in made}) == 1


def test_the_repr_shows_no_key(tmp_path: Path) -> None:
    made = secrets.ensure(tmp_path, {})
    assert made.secret_key not in repr(made)
    current = made.vault.current
    assert repr(made.vault) == f"KeyRing(current={current!r}, ids=[{current!r}])"


@pytest.mark.parametrize(("mode", "which"), [(0o644, "file"), (0o640, "file"), (0o602, "file"), (0o755, "folder")])
def test_refuses_keys_that_others_can_read(tmp_path: Path, mode: int, which: str) -> None:
    secrets.ensure(tmp_path, {})
    place = secrets.path(tmp_path) if which == "file" else secrets.path(tmp_path).parent
    place.chmod(mode)
    with pytest.raises(SecretsError, match=f"Run: chmod {'600' if which == 'file' else '700'} {place}"):
        secrets.ensure(tmp_path, {})


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        '{"format": 2}',
        json.dumps({"format": 1, "secret_key": "short"}),
        json.dumps({"format": 1, "secret_key": "s" * 40}),
        json.dumps(
            {"format": 1, "secret_key": "s" * 40} | {n: {"current": "b", "keys": {"a": KEY}} for n in RINGS}
        ),
        json.dumps(
            {"format": 1, "secret_key": "s" * 40} | {n: {"current": "a", "keys": {"a": "xx"}} for n in RINGS}
        ),
        json.dumps(
            {"format": 1, "secret_key": "s" * 40} | {n: {"current": "a", "keys": {"a": "ü"}} for n in RINGS}
        ),
    ],
)
def test_a_damaged_file_is_said_and_kept(tmp_path: Path, content: str) -> None:
    secrets.ensure(tmp_path, {})
    secrets.path(tmp_path).write_text(content)
    with pytest.raises(SecretsError):
        secrets.ensure(tmp_path, {})
    assert secrets.path(tmp_path).read_text() == content


def test_lost_keys_beside_data_are_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "postgres").mkdir()
    (tmp_path / "postgres" / "PG_VERSION").write_text("18\n")
    with pytest.raises(SecretsError, match="its keys are gone"):
        secrets.ensure(tmp_path, {})
    assert not secrets.path(tmp_path).exists()


def test_all_keys_from_the_environment_need_no_file(tmp_path: Path) -> None:
    keys = secrets.ensure(tmp_path, FULL)
    assert keys.vault.keys == {"a": bytes(range(32))}
    assert list(tmp_path.iterdir()) == []


def test_an_older_key_still_reads(tmp_path: Path) -> None:
    keys = secrets.ensure(tmp_path, FULL | {"CROSSTIE_VAULT_KEYS": f"new:{'A' * 43}, a:{KEY}"})
    assert keys.vault.current == "new"
    assert keys.vault.keys == {"new": bytes(32), "a": bytes(range(32))}


def test_the_environment_overrides_one_ring_of_the_file(tmp_path: Path) -> None:
    made = secrets.ensure(tmp_path, {})
    mixed = secrets.ensure(tmp_path, {"CROSSTIE_VAULT_KEYS": f"env:{KEY}"})
    assert mixed.vault.current == "env"
    assert mixed.digest == made.digest


def test_keys_of_another_user_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    secrets.ensure(tmp_path, {})
    us = os.geteuid()
    monkeypatch.setattr(os, "geteuid", lambda: us + 1)
    if us == 0:
        secrets.path(tmp_path).parent.lstat()
        os.chown(secrets.path(tmp_path), 12345, -1)
    with pytest.raises(SecretsError, match="belongs to another user"):
        secrets.ensure(tmp_path, {})
