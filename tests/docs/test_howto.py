"""The programs that how-to pages show, run as they stand there."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from tests.docs.test_docs import DOCS
from tests.places import ROOT

PROGRAM = re.compile(r"```python\n(.*?)```", re.DOTALL)


def test_a_company_is_connected_and_a_mailbox_activated_as_the_pages_say(
    new_database: Callable[[], str], tmp_path: Path
) -> None:
    environment = os.environ | {
        "DATABASE_URL": new_database(),
        "SALESFORCE_SECRET": "salesforce secret",
        "GRAPH_SECRET": "graph secret",
        "PYTHONPATH": os.pathsep.join([f"{ROOT}/src", os.environ.get("PYTHONPATH", "")]),
    }
    environment.pop("DJANGO_SETTINGS_MODULE", None)

    def run(*words: str) -> str:
        done = subprocess.run(
            [sys.executable, *words], env=environment, capture_output=True, text=True, check=False, timeout=60
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    for page in ("connect-an-org.md", "connect-your-mailbox.md", "activate-a-mailbox.md"):
        (program,) = PROGRAM.findall((DOCS / "howto" / page).read_text())
        path = tmp_path / "program.py"
        path.write_text(program)
        run(str(path))
    (status,) = json.loads(run("-m", "crosstie.cli", "status", "--json"))
    assert (status["address"], status["state"]) == ("ann@example.com", "on")
    (value,) = json.loads(run("-m", "crosstie.cli", "settings", "set", "mail.auto-save", "on", "--json"))
    assert (value["name"], value["shown"]) == ("mail.auto-save", "on")
    assert run("-m", "crosstie.cli", "blocklist", "pin", "rival.example.com").startswith(
        "rival.example.com is pinned"
    )
    run("-m", "crosstie.cli", "blocklist", "add", "eve@shop.example", "--person", "ann@example.com")
    listed = json.loads(run("-m", "crosstie.cli", "blocklist", "list", "--person", "ann@example.com", "--json"))
    found = {one["text"]: (one["source"], one["pinned_by"]) for one in listed["entries"]}
    assert found["rival.example.com"] == ("global", "global")
    assert found["eve@shop.example"] == ("user", None)
    window = ("ann@example.com", "--from", "2025-01-01", "--to", "2025-06-30")
    assert "from 2025-01-01 to 2025-06-30" in run("-m", "crosstie.cli", "backfill", "start", *window)
    (asked,) = json.loads(run("-m", "crosstie.cli", "backfill", "status", "ann@example.com", "--json"))
    assert (asked["stage"], asked["days"]["last"]) == ("running", "2025-06-30")
    assert "2025-01-01 to 2025-06-30: running, 0 e-mails" in run(
        "-m", "crosstie.cli", "backfill", "status", "ann@example.com"
    )
    assert "is paused" in run("-m", "crosstie.cli", "backfill", "pause", "ann@example.com")
    assert "goes on" in run("-m", "crosstie.cli", "backfill", "resume", "ann@example.com")
    said = run("-m", "crosstie.cli", "blocklist", "list", "--person", "ann@example.com")
    assert "rival.example.com    for everybody, pinned for everybody" in said.splitlines()
    gone = ("-m", "crosstie.cli", "deactivate", "ann@example.com", "--as-it-is")
    assert run(*gone).endswith("Nothing was done. To do it, add --yes.\n")
    assert run(*gone, "--yes").startswith("Sync of ann@example.com is off")
    (status,) = json.loads(run("-m", "crosstie.cli", "status", "--json"))
    assert status["state"] == "disabled"


def test_every_variable_that_is_read_is_on_the_page() -> None:
    read = re.findall(r'"(CROSSTIE_[A-Z_]+)"', (ROOT / "src/crosstie/config/environment.py").read_text())
    page = (DOCS / "howto" / "configure.md").read_text()
    assert read
    assert [name for name in read if f"`{name}`" not in page] == []
