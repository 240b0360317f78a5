"""`plan` says what the next session does, and does nothing itself; `why` says the sentence that plan said."""

import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from crosstie.domain.operations import Note, Skip
from crosstie.engine.session import Session
from sandbox.salesforce import mishaps
from tests.simulation.day import DAY, DAY_SETTINGS, Step, categorise, deliver, move
from tests.simulation.effects import Effects
from tests.simulation.house import House, Make, is_write
from tests.simulation.letters import ADA, BEN, NORA, STRANGER, letter


def night(house: House) -> None:
    """A record is deleted, a stranger becomes a Contact, the blocklist shrinks, a mark is taken off."""
    (row,) = house.rows(house.mail_object, "Id", where="Subject = 'Saw line offer'")
    house.org.delete(house.org.admin, row["Id"])
    house.know(STRANGER)
    house.set("ada", blocklist=())
    categorise(house, "ada", "Our answer")


def next_day(house: House) -> None:
    house.pass_minutes(14)
    now = house.clock.now()
    categorise(house, "ada", "Saw line offer")
    again = letter("Renewal", "priya@cedarbank.test", f"{ADA}, {BEN}", now - timedelta(minutes=30))
    deliver(house, again)
    deliver(house, letter("Both of you", NORA, f"{ADA}, {BEN}", now))
    move(house, "ada", "Kick-off", "archive")


def marked_again(house: House) -> None:
    categorise(house, "ada", "Saw line offer", "Salesforce")


LONG_DAY = (*DAY, Step("night", night), Step("next day", next_day), Step("marked again", marked_again))


def planned(house: House, sessions: Sequence[Session]) -> str:
    """Operations as JSON; a skip that was said before is nothing that will be done."""
    found = []
    for session in sessions:
        assert session.error is None
        for operation in session.operations:
            if isinstance(operation, Note) or _is_old_news(house, session, operation):
                continue
            found.append(
                {
                    "mailbox": session.info.mailbox_id,
                    "item": operation.email.item_id,
                    "operation": type(operation).__name__.lower(),
                    "code": operation.reason.code,
                    "sentence": operation.reason.sentence,
                    "key": getattr(operation, "key", ""),
                }
            )
    return _json(found)


def _is_old_news(house: House, session: Session, operation: object) -> bool:
    if not isinstance(operation, Skip):
        return False
    state = house.ports.states.items(session.info.mailbox_id, [operation.email.item_id])
    before = state.get(operation.email.item_id)
    return before is not None and before.reason_code == operation.reason.code


def done(house: House, after: int) -> str:
    """What the journal says was done since."""
    return _json(
        [
            {
                "mailbox": row.entry.mailbox_id,
                "item": row.entry.item_id,
                "operation": row.entry.kind,
                "code": row.entry.reason_code,
                "sentence": _sentence(house, row.entry.mailbox_id, row.entry.item_id),
                "key": row.entry.key,
            }
            for number, row in house.memory.journal.items()
            if number > after
        ]
    )


def _sentence(house: House, mailbox_id: int, item_id: str) -> str:
    from crosstie.domain.reasons import KINDS

    entry = house.ports.journal.why(mailbox_id, [item_id])[item_id]
    return KINDS[entry.reason_code].sentence.format_map(entry.reason_params)


def _json(rows: list[dict[str, Any]]) -> str:
    return json.dumps(sorted(rows, key=lambda row: (row["mailbox"], row["item"])), indent=1)


@pytest.mark.parametrize(
    "make",
    [
        Make(settings=DAY_SETTINGS),
        Make(settings=DAY_SETTINGS, enhanced_email=False),
        Make(settings=DAY_SETTINGS, keyed=False),
    ],
    ids=["email-message", "task", "unkeyed"],
)
def test_the_plan_is_what_the_next_session_does(make: Make) -> None:
    house, operations = House(make), 0
    for step in LONG_DAY:
        if step.name == "before":
            house.ports.mailboxes.open(1).prepare()
            house.ports.mailboxes.open(2).prepare()
        step.act(house)
        house.pass_minutes(2)
        house.tick()
        expected = planned(house, house.preview())
        before = max(house.memory.journal, default=0)
        house.force()
        assert done(house, before) == expected, step.name
        operations += len(json.loads(expected))
    assert operations > 25


def test_a_preview_leaves_no_trace() -> None:
    house = House(Make(settings=DAY_SETTINGS))
    house.round()
    DAY[1].act(house)
    house.pass_minutes(2)
    house.tick()
    effects = Effects()
    house.ports = house.new_worker(effects)
    tables = ("mailboxes", "cursors", "items", "saved", "journal", "sessions", "log", "watermarks")
    before = {name: dict(getattr(house.memory, name)) for name in tables}
    asked = house.counting(house.preview)
    assert not [entry for entry in asked if is_write(entry)]
    assert not [name for name in effects.names if " /" not in name]
    assert {name: dict(getattr(house.memory, name)) for name in tables} == before


def test_a_plan_knows_that_an_unanswered_write_is_looked_up_first() -> None:
    house = House(Make(settings=DAY_SETTINGS, keyed=False))
    house.round()
    house.world.faults.add(mishaps.lost("lose_answer", route="graph"))
    deliver(house, letter("Hello", NORA, ADA, house.clock.now()))
    house.pass_minutes(2)
    house.round()
    assert house.why("ada", "Hello") == "MAIL-UNCLEAR"
    house.pass_minutes(11)
    (session,) = house.preview("ada")
    (operation,) = session.operations
    assert getattr(operation, "look_up", False)
    house.force()
    assert len(house.rows("EmailMessage", "Id", where="Subject = 'Hello'")) == 1
