"""The oracle must notice: every kind of mischief, done behind Crosstie's back, is named."""

from collections.abc import Callable

import pytest

from sandbox.outbox import SentMail
from tests.simulation.access import HOST
from tests.simulation.day import DAY, DAY_SETTINGS, INTENTS, categorise, move
from tests.simulation.house import House, Make
from tests.simulation.ledger import INBOX, SENT, Ledger
from tests.simulation.listings import noted
from tests.simulation.oracle import DROP, problems

OFFER = "Saw line offer"


def test_a_folder_that_is_listed_anew_is_noted() -> None:
    """The line of the log that tells of it came from another module one day, and nobody listened any more."""
    house, ledger = House(), Ledger()
    house.round()
    with noted(ledger, house.ids):
        house.world.mailboxes.expire_cursors(house.box("ada"))
        house.pass_minutes(2)
        house.round()
    assert {place for place, numbers in ledger.relisted.items() if numbers} == {
        ("ada", folder) for folder in (INBOX, SENT, DROP)
    }


def record(house: House) -> str:
    (row,) = house.rows("EmailMessage", "Id", where=f"Subject = '{OFFER}'")
    return str(row["Id"])


def lose(house: House) -> None:
    house.org.delete(house.org.admin, record(house))


def double(house: House) -> None:
    house.org.insert(house.org.admin, "EmailMessage", {"Subject": OFFER, "Status": "3"})


def invent(house: House) -> None:
    house.org.insert(house.org.admin, "Task", {"Subject": "Nobody asked for this"})


def save_a_skipped_one(house: House) -> None:
    house.org.insert(house.org.admin, "EmailMessage", {"Subject": "Lunch", "Status": "3"})


def link_wrongly(house: House) -> None:
    fields = {"EmailMessageId": record(house), "RelationType": "CcAddress"}
    other = house.company.contacts["rosa@elmsons.test"]
    house.org.insert(house.org.admin, "EmailMessageRelation", {**fields, "RelationId": other})


def move_to_another_account(house: House) -> None:
    house.org.update(
        house.org.admin, "EmailMessage", record(house), {"RelatedToId": house.company.accounts["Cedar Bank"]}
    )


def attach_again(house: House) -> None:
    fields = {"Title": "plan", "PathOnClient": "plan.pdf", "FirstPublishLocationId": record(house)}
    house.org.insert(house.org.admin, "ContentVersion", {**fields, "VersionData": "cGxhbg=="})


def take_the_receipt(house: House) -> None:
    categorise(house, "ada", OFFER)


def leave_in_the_drop_folder(house: House) -> None:
    move(house, "ben", "Please file", DROP)


def mail_somebody(house: House) -> None:
    sent = SentMail(house.clock.now(), "graph", "ada@larch.test", ("nora@birchworks.test",), "Hi", "messages.send")
    house.world.outbox.add(sent)


def ask_for_a_delete(house: House) -> None:
    import httpx2

    with httpx2.Client(transport=httpx2.WSGITransport(app=house.app)) as client:
        client.delete(f"{HOST}/services/data/v67.0/sobjects/EmailMessage/{record(house)}")


MISCHIEF: tuple[tuple[Callable[[House], None], str], ...] = (
    (lose, "0 records instead of 1: lost"),
    (double, "2 records instead of 1: doubled"),
    (invent, "Tasks beside"),
    (save_a_skipped_one, "1 records instead of 0"),
    (link_wrongly, "linked to"),
    (move_to_another_account, "Related To is"),
    (attach_again, "2 files instead of 1"),
    (take_the_receipt, "has the categories []"),
    (leave_in_the_drop_folder, "1 mails were left"),
    (mail_somebody, "mails sent because of a sync"),
    (ask_for_a_delete, "deletes were asked for"),
)


@pytest.mark.parametrize(("act", "said"), MISCHIEF, ids=[act.__name__ for act, _ in MISCHIEF])
def test_mischief_is_noticed(act: Callable[[House], None], said: str) -> None:
    house = House(Make(settings=DAY_SETTINGS))
    for step in DAY:
        step.act(house)
        house.pass_minutes(2)
        house.round()
    assert problems(house, INTENTS) == []
    act(house)
    assert any(said in problem for problem in problems(house, INTENTS)), problems(house, INTENTS)
