"""A mail without a Message-ID is told by its words, not by the markup that servers rewrite."""

from dataclasses import replace

from sandbox.faults import Fault
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


def unreadable(house: House, times: int) -> None:
    """The mailbox does not hand it out, so often."""
    house.world.faults.add(Fault("refuse", "graph", "attachments.list", times=times, status=400, body=b"{}"))
    deliver(house, letter("Nameless", QUENTIN, ADA, house.clock.now(), message_id="-"))
    house.round()


def told(house: House) -> tuple[str, int]:
    return house.why("ada", "Nameless"), len(house.rows("EmailMessage", "Id"))


def test_one_whose_words_could_not_be_read_waits_and_is_saved_soon() -> None:
    """It was taken for one that went away, and nobody looked at it again."""
    house = House(Make(settings=DAY_SETTINGS))
    unreadable(house, times=1)
    assert told(house) == ("MAIL-WAITS", 0)
    house.pass_minutes(2)
    house.sync()
    assert told(house) == ("MAIL-SAVED", 1)


def test_one_whose_words_are_refused_again_and_again_is_an_issue_and_tried_daily() -> None:
    house = House(Make(settings=DAY_SETTINGS))
    unreadable(house, times=100)
    house.pass_minutes(2)
    house.sync()
    assert told(house) == ("BOX-REFUSED", 0)
    house.world.faults.clear()
    house.pass_minutes(25 * 60)
    house.sync()
    assert told(house) == ("MAIL-SAVED", 1)


def test_one_that_went_away_before_its_words_were_read_is_told_to_be_gone() -> None:
    house = House(Make(settings=DAY_SETTINGS))
    house.round()
    deliver(house, letter("Nameless", QUENTIN, ADA, house.clock.now(), message_id="-"))
    box, item_id = house.box("ada"), house.item_id("ada", "Nameless")
    house.gone["Nameless"] = item_id

    def vanishes(name: str) -> None:
        if name.endswith("$batch") and len(seen := list(house.world.mailboxes.find(box, subject="Nameless"))) == 1:
            trips.append(name)
            if len(trips) == 2:
                house.world.mailboxes.purge(box, seen[0])

    trips: list[str] = []
    house.effects.before = vanishes
    house.force("ada")
    assert told(house) == ("MAIL-GONE", 0)
