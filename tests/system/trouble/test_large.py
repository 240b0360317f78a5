"""A message of 200 MB and one with 5,000 recipients: each is saved or says why not, and the others go on."""

import base64
import json
import re
import time
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path

from tests.simulation.letters import NORA, letter
from tests.system.ground.installation import wait_until
from tests.system.trouble.letters import Letters
from tests.system.trouble.scene import Scene, scene

ADA = "ada@larch.test"
SIZE = 200 * 1024 * 1024
RECIPIENTS = 5000
MEMORY = 200
"""MB a worker may have taken at its peak; a message's own size would exceed it."""


def test_a_message_of_200_mb(tmp_path: Path, migrated_home: Path) -> None:
    _go_on(tmp_path, migrated_home, "<large@birchworks.test>", _large("<large@birchworks.test>"))


def test_five_thousand_recipients(tmp_path: Path, migrated_home: Path) -> None:
    crowd = ", ".join([ADA, *(f"guest{number}@willow.test" for number in range(RECIPIENTS - 1))])
    mail = letter("To all", NORA, crowd, datetime.now(UTC), message_id="<crowd@birchworks.test>")
    _go_on(tmp_path, migrated_home, "<crowd@birchworks.test>", mail.as_bytes())


def _go_on(folder: Path, migrated_home: Path, message_id: str, raw: bytes) -> None:
    with scene(folder, migrated_home) as made:
        worker = made.start_worker()
        wait_until(made.settled, what="the first sessions")
        usual = _peak(worker.pid)
        letters = Letters(4, made.vendors.people)
        made.vendors.send(raw, to="ada")
        for holder in (ADA, ADA, "ben@larch.test"):
            mail, expected = letters.attached(holder)
            letters.sent.append(expected)
            made.vendors.send(mail)
        begin = time.monotonic()
        made.rest(3, patience=120)
        took = time.monotonic() - begin
        answer = json.loads(made.server.run("why", ADA, message_id, "--json").stdout)
        peak = _peak(worker.pid)
        there = _records(made)
        before = made.vendors.count()
        made.rest()
        writes = made.vendors.writes_since(before)
        print(f"\n{message_id}: worker {usual} MB before, {peak} MB at its peak, {took:.1f} s; {answer}")
        assert {mail.message_id for mail in letters.sent} <= set(there), "the other mails are saved"
        assert there.count(message_id) == (1 if _outcome(answer) == "saved" else 0)
        assert _outcome(answer) in ("saved", "skipped", "issue")
        assert writes == []
        assert worker.poll() is None
        assert peak < MEMORY


def _outcome(answer: object) -> str:
    """Of the one mail that was asked for."""
    found = re.findall(r'"outcome": "([a-z]+)"', json.dumps(answer))
    assert len(set(found)) == 1, answer
    return str(found[0])


def _records(made: Scene) -> list[str]:
    return [row["MessageIdentifier"] for row in made.vendors.query("SELECT MessageIdentifier FROM EmailMessage")]


def _peak(pid: int) -> int:
    """MB of memory the process held at most."""
    [found] = re.findall(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    return int(found) // 1024


def _large(message_id: str) -> bytes:
    """A text and one attachment that makes the message as large as that."""
    line = base64.b64encode(b"0123456789abcdef" * 3 + b"xyz012345") + b"\r\n"
    head = (
        f"From: {NORA}\r\nTo: {ADA}\r\nSubject: Very large\r\nMessage-ID: {message_id}\r\n"
        f"Date: {format_datetime(datetime.now(UTC))}\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/mixed; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nSee the file.\r\n"
        "--b\r\nContent-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n"
        'Content-Disposition: attachment; filename="large.bin"\r\n\r\n'
    )
    return head.encode() + line * (SIZE // len(line)) + b"--b--\r\n"
