"""A mail without a Message-ID is told by its words, not by the markup that servers rewrite."""

from dataclasses import replace

from tests.simulation.day import DAY_SETTINGS, deliver
from tests.simulation.house import House, Make
from tests.simulation.letters import ADA, BEN, QUENTIN, letter


def test_copies_whose_html_differs_are_one_mail() -> None:
    house = House(Make(settings=DAY_SETTINGS))
    deliver(house, letter("Nameless", QUENTIN, f"{ADA}, {BEN}", house.clock.now(), message_id="-"))
    box = house.box("ben")
    copy = next(house.world.mailboxes.find(box, subject="Nameless"))
    assert copy.mail.html
    copy.mail = replace(copy.mail, html=f"<div><!-- rewritten -->{copy.mail.html}</div>")
    house.round()
    assert [row["Subject"] for row in house.rows("EmailMessage", "Subject")] == ["Nameless"]
