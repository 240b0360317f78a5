"""A worker that stops within a session, outlives its lease and then goes on, as a frozen machine would."""

import os
import re
import signal
import time
from pathlib import Path

import pytest

from tests.system.ground.installation import wait_until
from tests.system.trouble.letters import Letters
from tests.system.trouble.oracle import complaints
from tests.system.trouble.scene import Held, Scene, scene

ADA = "ada@larch.test"
STOPS = (1, 4, 2, 3, 4, 3)
"""Requests of a session before its worker stops. Who sees first that it was declared dead ends itself."""


@pytest.mark.slow
def test_a_stopped_worker_that_goes_on_changes_nothing(tmp_path: Path, migrated_home: Path) -> None:
    """Each round it is stopped after another number of the session's requests: two rounds or more, until a session
    was told that its lease is lost.
    """
    with scene(tmp_path, migrated_home) as made:
        letters = Letters(2, made.vendors.people)
        made.start_worker()
        wait_until(made.settled, what="the first sessions")
        lost: list[int] = []
        for requests in STOPS:
            lost.append(_one_round(made, letters, requests))
            if len(lost) > 1 and any(lost):
                break
        made.rest(2)
        assert complaints(made.vendors, letters.sent) == []
        before = made.vendors.count()
        made.rest()
        assert made.vendors.writes_since(before) == []
    print(f"\nstopped past lease and takeover {len(lost)} times, {sum(lost)} sessions lost their lease")
    assert any(lost)


def _one_round(made: Scene, letters: Letters, requests: int) -> int:
    """How many sessions of the zombie were told that their lease is lost.

    None where the zombie first saw that it had been declared dead, and ended itself, or where the session had
    nothing left to do but to give its lease back.
    """
    zombie = made.workers[-1]
    for kind in (letters.attached, letters.plain, letters.shared):
        mail, expected = kind(ADA)
        letters.sent.append(expected)
        made.vendors.send(mail)
    held = _stop_within_session(made, requests)
    try:
        made.start_worker()
        wait_until(lambda: _epoch(made) > held.epoch, 300, "somebody takes the mailbox over")
        wait_until(made.settled, 60, "and finishes")
        before = _journal(made), made.vendors.count()
        ended = len(_ended_sessions(made, zombie.pid))
    finally:
        os.kill(zombie.pid, signal.SIGCONT)
    wait_until(
        lambda: zombie.poll() is not None or len(_ended_sessions(made, zombie.pid)) > ended, 60, "its session ends"
    )
    time.sleep(1)
    assert _journal(made) == before[0], "the zombie wrote no journal row"
    attempts = made.vendors.writes_since(before[1])  # one that was on its way is for the vendor to refuse
    print(f"\nstopped after {requests} requests; wrote to a vendor after going on: {attempts}")
    zombie.terminate()
    zombie.wait(15)
    return sum("LEASE-LOST" in line for line in _ended_sessions(made, zombie.pid))


def _ended_sessions(made: Scene, worker: int) -> list[str]:
    return re.findall(r"session mailbox=\d+ .*", made.log_of(worker))


def _stop_within_session(made: Scene, requests: int) -> Held:
    zombie = made.workers[-1]
    before = made.vendors.count()
    made.wake(ADA)
    until = time.monotonic() + 20
    while time.monotonic() < until:
        if made.vendors.count() >= before + requests:
            os.kill(zombie.pid, signal.SIGSTOP)
            if held := [one for one in made.at_work() if one.mailbox == ADA]:
                return held[0]
            os.kill(zombie.pid, signal.SIGCONT)
            pytest.fail("the session was over before it could be stopped")
    raise AssertionError("no session began")


def _epoch(made: Scene) -> int:
    return int(str(made.sql("SELECT lease_epoch FROM store_mailbox WHERE address = %s", ADA)[0][0]))


def _journal(made: Scene) -> list[tuple[object, ...]]:
    return made.sql("SELECT id, epoch, status, at, sent_at FROM store_journalrow ORDER BY id")
