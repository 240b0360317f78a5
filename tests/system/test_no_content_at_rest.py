"""Promise 7 at a running server: what mails and customers say is nowhere once it was used."""

import json
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from crosstie.config.database import embedded_url
from tests.system.rest import places
from tests.system.rest.day import Day, live
from tests.system.rest.encodings import Sighting
from tests.system.rest.ground import CRM_SECRET, Ground, ground
from tests.system.rest.letters import ADA, BEN
from tests.system.rest.words import IN_MAIL, WORDS

GRAPH_SECRET = "larch-graph-secret"
LEAKS = ("table", "deleted row", "web session", "database's log", "server's log", "temporary file")


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Ground]:
    with ground(tmp_path) as made:
        yield made


def test_what_mails_say_is_nowhere_at_rest(running: Ground, subtests: pytest.Subtests) -> None:
    """One day for all of it: a server, its sandbox and what they lived through cost a minute."""
    day = live(running)
    for check in (as_planned, shown_and_kept_nowhere, tables_are_reached, nowhere_in_the_clear, closed_to_others):
        with subtests.test(check.__name__):
            check(running, day)
    for leak in LEAKS:
        with subtests.test(f"a deliberate leak is seen: {leak}"):
            seen_when_leaked(running, leak)


def seen(running: Ground, words: list[str] | None = None) -> list[Sighting]:
    return places.search(places.all_of(running), words or list(WORDS.values()))


def as_planned(running: Ground, day: Day) -> None:
    """Without this the search below would prove nothing."""
    assert [one["code"] for one in day.refused] == ["CRM-VALIDATION"]
    assert {one["outcome"] for one in day.after} >= {"saved", "waiting"}
    saved = running.sandbox.rows(
        f"SELECT Id, Subject, TextBody FROM EmailMessage WHERE Subject LIKE '%{IN_MAIL['subject']}%'"
    )
    assert len(saved) >= 2
    assert any(IN_MAIL["text, not ASCII"] in str(row["TextBody"]) for row in saved)
    files = running.sandbox.rows("SELECT Title FROM ContentVersion")
    assert any(IN_MAIL["file name"] in str(row["Title"]) for row in files)
    assert day.codes[BEN], "Graph's refusal ended a session"
    assert not running.sandbox.waiting_faults()


def shown_and_kept_nowhere(running: Ground, day: Day) -> None:
    assert IN_MAIL["subject"] in day.mail_page
    assert IN_MAIL["subject, not ASCII"] in day.mail_page
    assert [str(sighting) for sighting in seen(running)] == []
    assert [word for word in WORDS.values() if word in day.said] == []


def tables_are_reached(running: Ground, _day: Day) -> None:
    """Own people are kept, and found."""
    where = {sighting.where for sighting in seen(running, [ADA])}
    assert "pg_dump" in where
    assert any("/pg_wal/" in place for place in where)
    assert any("/base/" in place for place in where)


def nowhere_in_the_clear(running: Ground, _day: Day) -> None:
    """Credentials."""
    keys = json.loads((running.server.home / "secrets" / "keys.json").read_text())
    rings = [key for name in ("vault", "digest", "directory") for key in keys[name]["keys"].values()]
    hits = seen(running, [GRAPH_SECRET, CRM_SECRET, keys["secret_key"], *rings])
    assert {hit.where for hit in hits} <= {"home/secrets/keys.json"}


def closed_to_others(running: Ground, _day: Day) -> None:
    home = running.server.home
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    for name in ("secrets", "secrets/keys.json", "postgres", "run"):
        assert not stat.S_IMODE((home / name).stat().st_mode) & 0o077, name
    assert list(running.temporary.rglob("*")) == []


def seen_when_leaked(running: Ground, leak: str) -> None:
    word = f"leaked{''.join(filter(str.isalpha, leak))}windmill"
    assert not seen(running, [word])
    _leak(running, leak, word)
    assert {sighting.word for sighting in seen(running, [word])} == {word}


def _leak(running: Ground, how: str, word: str) -> None:
    match how:
        case "table" | "deleted row":
            with running.database() as connection:
                connection.execute("CREATE TABLE IF NOT EXISTS leak (t text)")
                connection.execute("INSERT INTO leak VALUES (%s)", [word])
                if how == "deleted row":
                    connection.execute("TRUNCATE leak")
        case "web session":
            _leak_into_session(running, word)
        case "database's log":
            with running.database() as connection:
                connection.execute(f"DO $$ BEGIN RAISE LOG '{word}'; END $$")
        case "server's log":
            Path(running.server.home.parent, "web-1.log").write_text(f"subject={word}\n")
        case "temporary file":
            Path(running.temporary, "part").write_text(word)


def _leak_into_session(running: Ground, word: str) -> None:
    program = (
        "import django, sys; django.setup()\n"
        "from django.contrib.sessions.backends.db import SessionStore\n"
        "store = SessionStore(); store['word'] = [sys.argv[1]] * 40; store.save()"
    )
    environment = running.server.environment | {
        "DJANGO_SETTINGS_MODULE": "crosstie.config.django",
        "DATABASE_URL": embedded_url(running.server.home),
    }
    subprocess.run([sys.executable, "-c", program, word], env=environment, check=True)
