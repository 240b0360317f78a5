"""Which mails are saved by themselves, as settings say, from the mailbox through to Salesforce and back."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from crosstie.domain.settings import AutoTrackMode, MailWay
from sandbox.salesforce import mishaps
from tests.simulation.day import categorise, deliver, move, send
from tests.simulation.house import AUTO_SAVE, House, Make
from tests.simulation.letters import ADA, BEN, FREE, NORA, STRANGER, letter
from tests.simulation.oracle import DROP
from tests.simulation.sweep import restlessness


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


# -- free mail services and colleagues --------------------------------------------------------------------


def contact(house: House, address: str) -> str:
    record_id = house.know(address)
    house.pass_minutes(2)
    house.tick()
    return record_id


def linked(house: House, subject: str) -> set[str]:
    (row,) = house.rows("EmailMessage", "Id", where=f"Subject = '{subject}'")
    rows = house.rows("EmailMessageRelation", "RelationId", where=f"EmailMessageId = '{row['Id']}'")
    return {one["RelationId"] for one in rows}


def test_a_known_address_at_a_free_mail_service_counts_where_it_is_let() -> None:
    house = house_with()
    known = contact(house, FREE)
    deliver(house, letter("Hello", FREE, ADA, house.clock.now()))
    work(house)
    assert saved(house) == set()
    assert "is a Contact or Lead, but at a free mail service" in house.sentence("ada", "Hello")
    house.set("ada", free_mail_known=True)
    work(house)
    assert known in linked(house, "Hello")


def test_a_mail_from_a_free_mail_service_waits_for_its_sender_to_become_known() -> None:
    house = house_with(free_mail_known=True)
    deliver(house, letter("Hello", FREE, ADA, house.clock.now()))
    work(house)
    assert house.why("ada", "Hello") == "MAIL-FREE-UNKNOWN"
    known = contact(house, FREE)
    work(house)
    assert known in linked(house, "Hello")


def test_a_colleague_who_is_a_contact_counts_where_an_administrator_says_so() -> None:
    house = house_with()
    send(house, "ben", letter("Lunch", BEN, ADA, house.clock.now()))
    work(house)
    assert house.why("ada", "Lunch") == house.why("ben", "Lunch") == "MAIL-INTERNAL"
    for person in house.ids:
        house.set(person, internal_known=True)
    work(house)
    assert saved(house) == set()
    known = contact(house, BEN)
    work(house)
    assert house.why("ada", "Lunch") == "MAIL-SAVED"
    assert known in linked(house, "Lunch")
    assert house.why("ben", "Lunch") == "MAIL-INTERNAL"


def test_internal_mail_is_included_where_an_administrator_says_so() -> None:
    house = house_with(include_internal=True, mail_save_unlinked=True)
    send(house, "ben", letter("Lunch", BEN, ADA, house.clock.now()))
    send(house, "ben", letter("Note", BEN, BEN, house.clock.now()))
    work(house)
    assert saved(house) == {"Lunch"}
    assert house.why("ben", "Note") == "MAIL-INTERNAL"


def test_a_mail_that_is_read_waits_on_for_a_colleague_who_becomes_a_contact() -> None:
    """Whoever touched the mail had it forget for whom it waits."""
    house = house_with(internal_known=True)
    send(house, "ben", letter("Lunch", BEN, ADA, house.clock.now()))
    work(house)
    assert house.why("ada", "Lunch") == "MAIL-INTERNAL"
    box = house.box("ada")
    house.world.mailboxes.mark_read(box, next(house.world.mailboxes.find(box, subject="Lunch")))
    work(house)
    house.know(BEN)
    work(house)
    assert saved(house) == {"Lunch"}


def test_a_colleague_who_is_blocked_for_being_a_contact_is_a_colleague_again_without() -> None:
    """Whoever was awaited to become a Contact was not awaited to cease to be one."""
    house = house_with(internal_known=True, blocklist=("larch.test",))
    known = contact(house, BEN)
    send(house, "ben", letter("Lunch", BEN, ADA, house.clock.now()))
    work(house)
    assert house.why("ada", "Lunch") == "MAIL-BLOCKED"
    assert restlessness(house) == []
    house.org.delete(house.org.admin, known)
    work(house)
    work(house)
    assert house.why("ada", "Lunch") == "MAIL-INTERNAL"


# -- spam -------------------------------------------------------------------------------------------------
EXCHANGE = ("X-MS-Exchange-Organization-SCL", "6")
"""Told with the envelope."""
ELSEWHERE = ("X-Spam-Flag", "YES")
"""Told with the text."""
Stamp = tuple[str, str]


def offer(house: House, stamp: Stamp, to: str = ADA) -> None:
    mail = letter("Offer", NORA, to, house.clock.now())
    mail[stamp[0]] = stamp[1]
    deliver(house, mail)


@pytest.mark.parametrize("stamp", [EXCHANGE, ELSEWHERE], ids=["exchange", "elsewhere"])
def test_what_a_spam_filter_marked_is_left_out_unless_a_person_marks_it(stamp: Stamp) -> None:
    house = house_with()
    offer(house, stamp)
    deliver(house, letter("Hello", NORA, ADA, house.clock.now()))
    work(house)
    assert saved(house) == {"Hello"}
    assert house.why("ada", "Offer") == "MAIL-SPAM"
    assert restlessness(house) == []
    categorise(house, "ada", "Offer", "Salesforce")
    work(house)
    assert saved(house) == {"Hello", "Offer"}


def test_a_level_that_is_no_property_is_read_from_the_headers() -> None:
    house = House(Make(switches={"graph.spam_level_is_told": False}))
    work(house)
    offer(house, EXCHANGE)
    work(house)
    assert house.why("ada", "Offer") == "MAIL-SPAM"


@pytest.mark.parametrize("stamp", [EXCHANGE, ELSEWHERE], ids=["exchange", "elsewhere"])
def test_spam_is_saved_where_it_is_wanted(stamp: Stamp) -> None:
    house = house_with()
    offer(house, stamp)
    work(house)
    assert saved(house) == set()
    house.set("ada", skip_spam=False)
    work(house)
    assert saved(house) == {"Offer"}


def test_a_colleagues_mark_saves_what_a_filter_marked_for_another() -> None:
    """Both have a copy in the same session; one of them is asked for."""
    house = house_with()
    offer(house, ELSEWHERE, f"{ADA}, {BEN}")
    categorise(house, "ben", "Offer", "Salesforce")
    work(house)
    work(house)
    assert saved(house) == {"Offer"}
    assert house.why("ben", "Offer") == "MAIL-SAVED-MARK"


def test_what_may_be_in_salesforce_already_is_not_called_spam_afterwards() -> None:
    """Its answer was lost, and then such mail was not wanted any more."""
    house = house_with(skip_spam=False)
    house.world.faults.add(mishaps.lost("lose_answer", route="graph"))
    offer(house, ELSEWHERE)
    work(house)
    house.set("ada", skip_spam=True)
    house.pass_minutes(15)
    work(house)
    assert saved(house) == {"Offer"}
    assert house.why("ada", "Offer") in ("MAIL-SAVED", "MAIL-SAVED-OPPORTUNITY")


def test_looking_for_spam_costs_no_call() -> None:
    counted = []
    for stamp in (("X-Mailer", "Plain"), EXCHANGE):
        house = house_with()
        offer(house, stamp)
        deliver(house, letter("Hello", NORA, ADA, house.clock.now()))
        house.pass_minutes(2)
        counted.append(len(house.counting(house.round)))
    assert counted[1] == counted[0]


# -- what was taken off the blocklist ---------------------------------------------------------------------


def test_a_free_mail_service_that_was_taken_off_is_a_domain_like_others() -> None:
    house = house_with(mail_save_unlinked=True)
    deliver(house, letter("Hello", FREE, ADA, house.clock.now()))
    work(house)
    assert house.why("ada", "Hello") == "MAIL-FREE"
    house.set("ada", blocklist_removed=("gmail.com",))
    work(house)
    assert saved(house) == {"Hello"}


def test_the_companys_domain_that_was_taken_off_is_a_domain_like_others() -> None:
    """But for the mailbox's own addresses."""
    house = house_with(mail_save_unlinked=True)
    send(house, "ben", letter("Lunch", BEN, ADA, house.clock.now()))
    send(house, "ada", letter("Note", ADA, ADA, house.clock.now()))
    work(house)
    assert house.why("ada", "Lunch") == "MAIL-INTERNAL"
    house.set("ada", blocklist_removed=("larch.test",))
    work(house)
    assert saved(house) == {"Lunch"}
    assert house.why("ada", "Note") == "MAIL-INTERNAL"


# -- modes ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        (AutoTrackMode.GENERAL, {"Known"}),
        (AutoTrackMode.FLEXIBLE, {"Known", "Stranger"}),
        (AutoTrackMode.FORCED, {"Known", "Stranger", "Free"}),
    ],
)
def test_the_mode_says_whom_a_mail_must_name(mode: AutoTrackMode, expected: set[str]) -> None:
    """With free mail services let in; where they are left out, they are in every mode."""
    house = house_with(mail_auto_track_mode=mode, exclude_free_mail=False)
    for subject, sender in (("Known", NORA), ("Stranger", STRANGER), ("Free", FREE)):
        deliver(house, letter(subject, sender, ADA, house.clock.now()))
    send(house, "ben", letter("Internal", BEN, ADA, house.clock.now()))
    work(house)
    assert saved(house) == expected
    house.set("ada", mail_auto_track_mode=AutoTrackMode.FORCED)
    work(house)
    assert saved(house) == {"Known", "Stranger", "Free"}


# -- further folders --------------------------------------------------------------------------------------
BELOW_INBOX: dict[str, Any] = {"mail_folders": ("inbox/*",), "mail_folders_excluded": ("inbox/Private",)}


def folder(house: House, name: str) -> None:
    box = house.box("ada")
    house.world.mailboxes.create_folder(box, name, box.well_known("inbox"))


def put(house: House, subject: str, name: str, sender: str = NORA) -> None:
    """A rule of the mailbox files it there at once."""
    box = house.box("ada")
    raw = letter(subject, sender, ADA, house.clock.now()).as_bytes()
    house.world.mailboxes.put(box, raw, folder=box.folder(name))


def test_mails_in_further_folders_are_saved_and_those_in_excluded_ones_are_not() -> None:
    house = House(Make(settings=replace(AUTO_SAVE, **BELOW_INBOX)))
    folder(house, "Customers")
    folder(house, "Private")
    house.round()
    put(house, "Customer", "Customers")
    put(house, "Secret", "Private")
    work(house)
    assert saved(house) == {"Customer"}
    assert restlessness(house) == []
    categorise(house, "ada", "Secret", "Salesforce")
    folder(house, "Suppliers")
    put(house, "Supplier", "Suppliers")
    put(house, "Stranger", "Suppliers", STRANGER)
    work(house)
    assert saved(house) == {"Customer", "Supplier"}
    categorise(house, "ada", "Stranger", "Salesforce")
    work(house)
    assert saved(house) == {"Customer", "Supplier", "Stranger"}
    assert restlessness(house) == []


def test_what_was_filed_away_is_saved_when_its_folder_is_named() -> None:
    """Since activation; what is older, or was marked before, is history."""
    house = House()
    folder(house, "Customers")
    long_ago, box = house.clock.now() - timedelta(days=90), house.box("ada")
    old = letter("Old", NORA, ADA, long_ago).as_bytes()
    house.world.mailboxes.put(box, old, folder=box.folder("Customers"), received=long_ago)
    categorise(house, "ada", "Old", "Salesforce")
    house.round()
    put(house, "Customer", "Customers")
    work(house)
    assert saved(house) == set()
    house.set("ada", **BELOW_INBOX)
    work(house)
    assert saved(house) == {"Customer"}
    assert house.why("ada", "Old") == "MAIL-OLD-MARK"
    house.set("ada", mail_folders=())
    put(house, "Next", "Customers")
    work(house)
    assert saved(house) == {"Customer"}


def test_a_mail_is_dropped_from_a_further_folder_and_filed_by_its_owner() -> None:
    house = house_with(**BELOW_INBOX)
    folder(house, "Customers")
    deliver(house, letter("Offer", STRANGER, ADA, house.clock.now()))
    work(house)
    move(house, "ada", "Offer", "Customers")
    work(house)
    assert house.why("ada", "Offer") == "MAIL-UNKNOWN"
    move(house, "ada", "Offer", DROP)
    work(house)
    assert saved(house) == {"Offer"}
    move(house, "ada", "Offer", "Customers")
    work(house)
    assert saved(house) == {"Offer"}
    assert len(house.rows("EmailMessage", "Id")) == 1
    assert restlessness(house) == []
