"""Whole threads, from the click on the page Mail through to Salesforce and back."""

from dataclasses import replace
from email.message import EmailMessage
from typing import Any

import pytest

from crosstie.domain.settings import Settings
from tests.simulation.day import deliver, send
from tests.simulation.house import House, Make
from tests.simulation.letters import ADA, NORA, STRANGER, letter
from tests.simulation.sweep import restlessness

THREADS = Settings(mail_threads=True, mail_threads_allowed=True)
"""Auto-saving is off: what is saved is saved for its thread."""


def house_with(*, enhanced_email: bool = True, switches: dict[str, bool] | None = None, **settings: Any) -> House:
    make = Make(settings=replace(THREADS, **settings), enhanced_email=enhanced_email, switches=switches or {})
    house = House(make)
    house.round()
    house.pass_minutes(2)
    return house


def work(house: House) -> None:
    house.pass_minutes(2)
    house.round()


def mark(house: House, person: str, subject: str) -> None:
    """Save the whole thread: as jobs/commands.py has it done."""
    item_id, mailbox_id = house.item_id(person, subject), house.ids[person]
    (email,) = house.ports.mailboxes.open(mailbox_id).envelopes([item_id]).values()
    assert house.ports.states.mark_thread(mailbox_id, email.conversation_id, item_id, house.clock.now())


def stop(house: House, person: str, subject: str) -> None:
    item_id, mailbox_id = house.item_id(person, subject), house.ids[person]
    (email,) = house.ports.mailboxes.open(mailbox_id).envelopes([item_id]).values()
    assert house.ports.states.stop_thread(mailbox_id, email.conversation_id)


def reply(subject: str, sender: str, to: str, house: House, *earlier: str) -> EmailMessage:
    """An answer to the last of the earlier mails, by their Message-IDs."""
    mail = letter(subject, sender, to, house.clock.now(), message_id=named(subject), In_Reply_To=earlier[-1])
    mail["References"] = " ".join(earlier)
    return mail


def named(subject: str) -> str:
    return f"<{subject.replace(' ', '.')}@thread.test>"


def begin(house: House) -> None:
    """Nora asks, Ada answers, Nora thanks; and somebody writes of something else."""
    deliver(house, letter("Question", NORA, ADA, house.clock.now(), message_id=named("Question")))
    work(house)
    send(house, "ada", reply("Answer", ADA, f"{NORA}, {STRANGER}", house, named("Question")))
    deliver(house, letter("Other", NORA, ADA, house.clock.now()))
    work(house)
    deliver(house, reply("Thanks", NORA, ADA, house, named("Question"), named("Answer")))
    work(house)


def saved(house: House) -> list[str]:
    return sorted(row["Subject"] for row in house.rows(house.mail_object, "Subject"))


def linked(house: House, subject: str) -> set[str]:
    (row,) = house.rows("EmailMessage", "Id", where=f"Subject = '{subject}'")
    rows = house.rows("EmailMessageRelation", "RelationId", where=f"EmailMessageId = '{row['Id']}'")
    return {one["RelationId"] for one in rows if one["RelationId"]}


def related(house: House, subject: str) -> str | None:
    field = "RelatedToId" if house.make.enhanced_email else "WhatId"
    (row,) = house.rows(house.mail_object, field, where=f"Subject = '{subject}'")
    found: str | None = row[field]
    return found


def ada(house: House) -> str:
    return house.company.colleagues[0].user


# -- past and future --------------------------------------------------------------------------------------


def test_past_and_future_mails_of_the_thread_are_saved_and_nothing_else() -> None:
    house = house_with()
    begin(house)
    assert saved(house) == []
    mark(house, "ada", "Answer")
    work(house)
    assert saved(house) == ["Answer", "Question", "Thanks"]
    assert house.why("ada", "Question") == "MAIL-THREAD"
    assert "because all e-mails of its thread are" in house.sentence("ada", "Question")
    assert restlessness(house) == []
    deliver(house, reply("One more", NORA, ADA, house, named("Thanks")))
    send(house, "ada", reply("At last", ADA, NORA, house, named("Thanks")))
    work(house)
    assert saved(house) == ["Answer", "At last", "One more", "Question", "Thanks"]
    assert house.why("ada", "Other") == "MAIL-AUTO-OFF"
    assert restlessness(house) == []


def test_a_thread_that_was_stopped_is_one_like_others() -> None:
    house = house_with()
    begin(house)
    mark(house, "ada", "Question")
    work(house)
    stop(house, "ada", "Thanks")
    deliver(house, reply("One more", NORA, ADA, house, named("Thanks")))
    work(house)
    assert saved(house) == ["Answer", "Question", "Thanks"]
    assert house.why("ada", "One more") == "MAIL-AUTO-OFF"


@pytest.mark.parametrize("off", ["mail_threads", "mail_threads_allowed"])
def test_a_mark_rests_while_a_switch_is_off(off: str) -> None:
    settings: dict[str, Any] = {off: False}
    house = house_with(**settings)
    begin(house)
    mark(house, "ada", "Question")
    work(house)
    assert saved(house) == []
    house.set("ada", **{off: True})
    work(house)
    assert saved(house) == ["Answer", "Question", "Thanks"]
