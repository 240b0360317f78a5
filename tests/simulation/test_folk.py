"""What people do must be possible, and the ledger must say what they see of it."""

from sandbox.mailboxes.model import Mail, Mailbox
from tests.simulation.course import CALM
from tests.simulation.history import History
from tests.simulation.ledger import Look


def in_inbox(box: Mailbox, words: str) -> list[Mail]:
    messages = [box.messages[number] for number in box.contents[box.well_known("inbox").number]]
    return [message.mail for message in messages if words in message.mail.subject]


def test_a_message_id_is_used_again_only_by_others() -> None:
    """Two mails of one Message-ID, sender and second are one mail, and nobody can tell them apart."""
    folk = History(1).folk
    assert folk.arrive()
    while folk.reused_id_comes():
        assert len(folk.ledger.letters) < 40
    names = {
        mail.message_id for box in folk.house.world.mailboxes.mailboxes for mail in in_inbox(box, "from outside")
    }
    senders = [one.sender for one in folk.ledger.letters.values() if "from outside" in one.subject]
    assert len(names) == 1
    assert len(senders) == len(set(senders)) > 2


def test_a_letter_that_comes_again_shows_no_blind_copies() -> None:
    folk = History(1).folk
    while not any(one.bcc for one in folk.ledger.letters.values()):
        assert folk.send()
        assert len(folk.ledger.letters) < 90
    subject = next(one.subject for one in folk.ledger.letters.values() if one.bcc)
    folk.raws = {subject: folk.raws[subject]}
    for _ in range(6):
        folk.again()
    boxes = folk.house.world.mailboxes.mailboxes
    shown = [mail for box in boxes for mail in in_inbox(box, subject)]
    assert len(shown) > 3
    assert not any(mail.bcc for mail in shown)


def test_a_record_found_long_after_trouble_rests_on_what_was_known_when_it_was_made() -> None:
    """Written late by a vendor, and found when somebody looked next."""
    history = History(1)
    house, ledger = history.house, history.ledger
    ledger.looks.append(Look("ada", 3, 4, calm=False))
    history.known_from = 9
    late = house.org.insert(house.org.admin, "Task", {"Subject": "Late"})
    house.pass_minutes(CALM.total_seconds() / 60 + 1)
    now = house.org.insert(house.org.admin, "Task", {"Subject": "Now"})
    history.observe()
    assert [ledger.made[record_id].known_from for record_id in (late, now)] == [3, 9]
