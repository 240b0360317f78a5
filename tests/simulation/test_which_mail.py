"""Which mails are saved by themselves, as settings say, from the mailbox through to Salesforce and back."""

from dataclasses import replace
from typing import Any

from crosstie.domain.settings import MailWay
from tests.simulation.day import categorise, deliver, send
from tests.simulation.house import AUTO_SAVE, House, Make
from tests.simulation.letters import ADA, NORA, letter


def house_with(**settings: Any) -> House:
    house = House(Make(settings=replace(AUTO_SAVE, **settings)))
    house.round()
    house.pass_minutes(2)
    return house


def work(house: House) -> None:
    house.pass_minutes(2)
    house.round()


def saved(house: House) -> set[str]:
    return {row["Subject"] for row in house.rows("EmailMessage", "Subject")}


# -- received or sent -------------------------------------------------------------------------------------


def correspond(house: House) -> None:
    deliver(house, letter("Question", NORA, ADA, house.clock.now()))
    send(house, "ada", letter("Answer", ADA, NORA, house.clock.now()))
    work(house)


def test_received_mails_alone() -> None:
    house = house_with(mail_way=MailWay.INBOUND)
    correspond(house)
    assert saved(house) == {"Question"}
    assert house.why("ada", "Answer") == "MAIL-DIRECTION"
    assert "only inbound e-mails are, and this one is outbound" in house.sentence("ada", "Answer")


def test_sent_mails_alone_and_a_mark_for_the_other_way() -> None:
    house = house_with(mail_way=MailWay.OUTBOUND)
    correspond(house)
    assert saved(house) == {"Answer"}
    categorise(house, "ada", "Question", "Salesforce")
    work(house)
    assert saved(house) == {"Answer", "Question"}
    assert house.why("ada", "Question") == "MAIL-SAVED-MARK"


def test_what_the_way_left_out_comes_when_both_are_wanted() -> None:
    house = house_with(mail_way=MailWay.OUTBOUND)
    correspond(house)
    house.set("ada", mail_way=MailWay.BOTH)
    work(house)
    assert saved(house) == {"Answer", "Question"}
