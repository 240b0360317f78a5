"""What is wrong gets a sentence that says what to do, and changes nothing; what was lost comes back by itself."""

import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx2
import pytest

from crosstie.domain.preflight import Right
from tests.system.ground.installation import wait_until
from tests.system.rest.ground import Ground, ground
from tests.system.rest.letters import ADA, BEN, letter

NORA = "nora@birchworks.test"
GRANT = """
from crosstie.accounts import tenants
from crosstie.accounts.connection import connections
from crosstie.domain.clock import SystemClock
from crosstie.jobs import wiring
scope = tenants.find("")
given = connections.of_tenant(scope)[0].details
secret = json.dumps({"client_secret": sys.argv[1]})
connections.grant(scope, given, secret, wiring.get().stores.vault(), SystemClock())
"""
CONNECT = """
from crosstie.accounts import tenants
from crosstie.accounts.connection import orgs
from crosstie.domain.clock import SystemClock
from crosstie.jobs import wiring
scope = tenants.find("")
org = orgs.connect(scope, orgs.only(scope).details, SystemClock())
wiring.get().stores.vault().put(org.secret_place, json.dumps({"client_secret": sys.argv[1]}))
"""
UNKEYED = """
import sandbox.company as company, sandbox.cli as cli, functools, sys
company.found = functools.partial(company.found, package=None)
sys.exit(cli.main(sys.argv[1:]))
"""


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    with ground(tmp_path_factory.mktemp("bad")) as made:
        made.sync(ADA, BEN)
        yield made


def said(running: Ground) -> list[Any]:
    """What people have set and who is who: all that a command might change."""
    kept = []
    with running.database() as connection:
        for table in ("settingvalue", "person", "profile", "license", "connection", "secret", "auditrow"):
            kept += connection.execute(f"SELECT t::text FROM store_{table} t ORDER BY 1").fetchall()
    return kept


def cursors(running: Ground) -> list[Any]:
    with running.database() as connection:
        return connection.execute("SELECT * FROM store_cursor ORDER BY mailbox_id, collection").fetchall()


def findings(running: Ground, subject: str) -> list[str]:
    report = running.json("doctor")
    return [
        f"{one['level']}: {one['sentence']} {one['advice']}"
        for one in report["findings"]
        if one["subject"] == subject
    ]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (
            ("settings", "set", "mail.auto-safe", "on"),
            "There is no setting mail.auto-safe. Did you mean mail.auto-save",
        ),
        (("settings", "get", "nothing-like-it"), "There is no setting nothing-like-it."),
        (("settings", "set", "mail.auto-save", "perhaps"), "is either on or off; perhaps is neither"),
        (
            ("settings", "set", "mail.auto-save", "on", "--person", "nobody@larch.test"),
            "There is no person called",
        ),
        (("settings", "set", "mail.auto-save", "on", "--profile", "Nobody"), "There is no profile called Nobody"),
        (("settings", "get", "--tenant", "Nobody"), "There is no"),
        (("settings", "set", "blocklist", "*.birchworks.test"), "has a wildcard, and there are none here"),
        (("settings", "set", "blocklist", "not a domain"), "is neither an address nor a domain"),
        (("settings", "set", "blocklist", "good.example,a@b@c"), "is neither an address nor a domain"),
        (("sync", "nobody@larch.test"), "There is no person called nobody@larch.test"),
        (("why", "nobody@larch.test"), "There is no person called nobody@larch.test"),
        (("plan", "nobody@larch.test"), "There is no person called nobody@larch.test"),
        (("status", "\x1b[2J\nforged"), "There is no person called"),
    ],
)
def test_a_command_that_cannot_be_done(running: Ground, words: tuple[str, ...], sentence: str) -> None:
    before = said(running)
    answer = running.command(*words)
    assert answer.returncode == 2
    assert sentence in answer.stderr
    assert answer.stderr.startswith("crosstie: ")
    assert answer.stderr.count("\n") == 1
    assert "\x1b" not in answer.stderr
    assert not answer.stdout
    assert said(running) == before


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("empty.eml", b"", "is empty"),
        ("text.eml", b"Hello,\nthis is no mail.\n", "is no mail"),
        ("noise.eml", bytes(range(256)) * 40, "is no mail"),
        ("broken.ics", b"BEGIN:VCALENDAR\nnonsense", "is no calendar that can be read"),
        ("none.eml", None, "there is no such file"),
    ],
)
def test_what_the_sandbox_cannot_load(
    running: Ground, tmp_path: Path, name: str, content: bytes | None, sentence: str
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    mailboxes = httpx2.get(f"{running.sandbox.url}/sandbox/mailboxes").json()
    answer = subprocess.run(
        [
            sys.executable,
            "-m",
            "sandbox",
            "load",
            "--url",
            running.sandbox.url,
            "--to",
            "ada",
            str(tmp_path / name),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 1
    assert name in answer.stderr
    assert sentence in answer.stderr
    assert httpx2.get(f"{running.sandbox.url}/sandbox/mailboxes").json() == mailboxes


def test_all_is_well_says_doctor(running: Ground) -> None:
    assert findings(running, "mailbox") == ["ok: 3 mailbox(es) let us in. "]
    salesforce = findings(running, "salesforce")
    assert [one for one in salesforce if not one.startswith("ok: ")] == []
    rights = [one for one in salesforce if "has the permission" in one]
    assert len(rights) == len(Right) - 1, "to make fields is wanted of whoever makes them"
    others = [one for one in salesforce if one not in rights]
    assert others[0] == "ok: The org Larch lets us in. "
    assert "calls left today" in others[1]
    assert "has our key fields" in others[2]
    assert len(others) == 3


def test_a_licence_that_is_not_active(running: Ground) -> None:
    with running.database() as connection:
        connection.execute("UPDATE store_license SET active = false")
    try:
        answer = running.command("sync", ADA)
        assert answer.returncode == 1
        assert "no active licence" in answer.stdout
        assert {one["state"] for one in running.json("status")} == {"no-licence"}
    finally:
        with running.database() as connection:
            connection.execute("UPDATE store_license SET active = true")
    running.sync(ADA)


def test_a_mailbox_that_refuses_us_is_shown_left_and_resumed(running: Ground) -> None:
    before = cursors(running)
    running.program(GRANT, "wrong")
    running.sandbox.post("/sandbox/microsoft/tokens/end")
    for number in range(10):
        running.sync(ADA)
        state = {one["address"]: one for one in running.json("status", ADA)}[ADA]
        assert state["state"] == ("needs-consent" if number >= 5 else "on")
        assert state["last"]["error_code"] == "GRAPH-APP-SECRET"
        if number == 0:
            _refused_everywhere(running)
    assert "grant access anew" in state["sentence"]
    assert "suspended mailbox=" in running.server.log()
    running.sandbox.deliver(letter(50, NORA, ADA, datetime.now(UTC)), ADA)
    running.wake(ADA)
    assert [row for row in cursors(running) if row in before] == before
    running.program(GRANT, "larch-graph-secret")
    _is_saved(running, 50)
    assert running.json("status", ADA)[0]["state"] == "on"


def _refused_everywhere(running: Ground) -> None:
    for words in (("why", ADA), ("plan", ADA)):
        answer = running.command(*words)
        assert answer.returncode == 2
        assert "The mailbox refuses our access" in answer.stderr
        assert "GRAPH-APP-SECRET" in answer.stderr
    assert f"problem: {ADA} refuses our access (GRAPH-APP-SECRET)." in findings(running, "mailbox")[0]


def test_an_org_that_refuses_us_is_shown_left_and_resumed(running: Ground) -> None:
    before = cursors(running)
    running.program(CONNECT, "wrong")
    running.sandbox.post("/sandbox/salesforce/sessions/end")
    running.sandbox.deliver(letter(51, NORA, ADA, datetime.now(UTC)), ADA)

    def refused() -> int:
        with running.database() as connection:
            connection.execute("UPDATE store_org SET tick_due_at = NULL")
            row = connection.execute("SELECT rejections FROM store_org").fetchone()
            return int(row[0]) if row else 0

    wait_until(lambda: refused() >= 6, 60, "the org has refused six ticks")
    shown = running.json("status", ADA)[0]
    assert (shown["state"], shown["sentence"].split(".")[0]) == ("needs-consent", "Salesforce refuses our access")
    assert "refuses our access" in findings(running, "salesforce")[-1]
    wait_until(lambda: refused() >= 10, 60, "the org has refused ten ticks")
    assert "asked once an hour only" in findings(running, "salesforce")[0]
    assert "suspended org=" in running.server.log()
    assert len(cursors(running)) == len(before)
    running.program(CONNECT, "larch-crm-secret")
    running.wake(ADA)
    _is_saved(running, 51)


def test_vendors_that_are_away_lose_nothing(running: Ground) -> None:
    running.sync(ADA)  # a session of the test before may still be marking what it saved
    before = cursors(running)
    running.sandbox.stop()
    running.sync(ADA)
    answer = running.command("why", ADA)
    assert answer.returncode == 2
    assert "cannot be reached at the moment. Nothing is lost" in answer.stderr
    assert f"problem: {ADA} does not answer (NET-UNREACHABLE)" in findings(running, "mailbox")[0]
    assert cursors(running) == before
    running.sandbox.start()
    running.sandbox.deliver(letter(52, NORA, ADA, datetime.now(UTC)), ADA)
    running.wake(ADA)
    _is_saved(running, 52)


def _is_saved(running: Ground, number: int) -> None:
    wanted = letter(number, NORA, ADA, datetime.now(UTC))["Message-ID"]
    soql = f"SELECT Id FROM EmailMessage WHERE MessageIdentifier = '{wanted}'"
    wait_until(lambda: len(running.sandbox.rows(soql)) == 1, 60, f"mail {number} is saved once")


def test_an_org_without_our_fields_works_and_says_what_is_off(tmp_path: Path) -> None:
    with ground(tmp_path, program=("-c", UNKEYED)) as plain:
        plain.sync(ADA)
        plain.sandbox.deliver(letter(60, NORA, ADA, datetime.now(UTC)), ADA)
        plain.sync(ADA)
        assert [one["outcome"] for one in plain.json("why", ADA)] == ["saved"]
        assert any("warning: The org Larch lacks our key fields" in one for one in findings(plain, "salesforce"))
