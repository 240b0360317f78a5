"""The command line's frame: one sentence for what went wrong, JSON where asked, no traceback."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from crosstie import __version__
from crosstie.cli import COMMANDS, frame, main
from tests.system.ground.installation import installation


def test_every_command_explains_itself(tmp_path: Path) -> None:
    with installation(tmp_path) as place:
        overview = place.run("--help").stdout
        for name, summary in COMMANDS.items():
            assert f"  {name} " in overview
            answer = place.run(name, "--help")
            assert answer.returncode == 0, answer.stderr
            assert summary[1:].split(":")[0].split(",")[0][:30] in answer.stdout
    assert not place.home.exists(), "help changes nothing"


def test_only_the_called_command_is_imported() -> None:
    script = (
        "import sys\nfrom crosstie.cli import main\n"
        "try:\n    main(['doctor', '--help'])\nexcept SystemExit:\n    pass\n"
        "print(sorted(name for name in sys.modules if name.startswith('crosstie.cli.')))\n"
        "print('django.db' in sys.modules, 'granian' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    *_, modules, heavy = done.stdout.splitlines()
    assert "crosstie.cli.up" not in modules
    assert heavy == "False False"


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--version"])
    assert capsys.readouterr().out == f"crosstie {__version__}\n"


@pytest.mark.parametrize(
    "arguments", [[], ["nonsense"], ["migrate", "--nonsense"], ["worker", "--concurrency", "x"]]
)
def test_misuse_is_exit_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert "crosstie" in capsys.readouterr().err


def test_bad_settings_are_a_line_each(tmp_path: Path) -> None:
    with installation(tmp_path, CROSSTIE_PORT="x", DATABASE_URL="mysql://anna:hunter2@db/x") as place:
        answer = place.run("migrate")
    assert answer.returncode == 2
    assert [line.split()[1] for line in answer.stderr.splitlines()] == ["CROSSTIE_PORT", "DATABASE_URL"]
    assert "hunter2" not in answer.stderr
    assert answer.stdout == ""


def test_an_unforeseen_error_shows_its_kind_and_place_only(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail() -> None:
        raise KeyError("planted content")

    monkeypatch.setattr(frame, "settings", fail)
    assert main(["migrate"]) == 2
    told = capsys.readouterr().err
    assert "builtins.KeyError" in told
    assert "test_cli.py" in told
    assert "planted" not in told
    monkeypatch.setenv("CROSSTIE_DEBUG", "1")
    with pytest.raises(KeyError):
        main(["migrate"])


def test_a_second_migration_has_nothing_to_do(tmp_path: Path) -> None:
    with installation(tmp_path) as place:
        first = json.loads(place.run("migrate", "--json").stdout)
        assert any(name.startswith("store.") for name in first["applied"])
        assert json.loads(place.run("migrate", "--json").stdout) == {"applied": []}
        assert place.run("migrate").stdout == "The database is in step already.\n"
