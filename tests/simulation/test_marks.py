"""What a mark asks for, and what becomes of mails when the world around them moves (docs/decisions/0003)."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from sandbox.faults import Fault
from tests.simulation.day import SAW_LINE, categorise, deliver, move, send
from tests.simulation.effects import Effects, WorkerDied
from tests.simulation.house import AUTO_SAVE, START, House, Make, is_write
from tests.simulation.letters import ADA, BEN, FREE, NORA, STRANGER, letter
from tests.simulation.oracle import DROP, Intent, problems
from tests.simulation.sweep import restlessness

SAVED = Intent("Hello", True, frozenset({ADA}))
LINKED = Intent("Hello", True, frozenset({NORA, ADA}), ("Birchworks",))
AUTOMATIC = Intent("Hello", True, frozenset({NORA, ADA}), (SAW_LINE,))


@pytest.fixture
def house() -> House:
    house = House()
    house.round()
    house.pass_minutes(2)
    return house


def arrive(house: House, sender: str = STRANGER, to: str = ADA) -> None:
    deliver(house, letter("Hello", sender, to, house.clock.now()))


def work(house: House, rounds: int = 1) -> None:
    for _ in range(rounds):
        house.pass_minutes(2)
        house.round()


def live_records(house: House) -> int:
    return len(house.rows("EmailMessage", "Id", where="Subject = 'Hello'"))


def delete_record(house: House) -> None:
    (row,) = house.rows("EmailMessage", "Id", where="Subject = 'Hello'")
    house.org.delete(house.org.admin, row["Id"])


# -- requests and receipts --------------------------------------------------------------------------------


def test_a_mark_that_was_there_before_us_is_a_receipt() -> None:
    house = House()
    then = START - timedelta(hours=1)
    house.world.mailboxes.put(house.box("ada"), letter("Hello", STRANGER, ADA, then).as_bytes(), received=then)
    categorise(house, "ada", "Hello", "Salesforce")
    work(house, 3)
    assert live_records(house) == 0
    assert house.why("ada", "Hello") == "MAIL-UNKNOWN"


def test_a_mark_on_a_mail_we_never_saw_without_it_is_a_request(house: House) -> None:
    arrive(house)
    categorise(house, "ada", "Hello", "Salesforce")
    work(house)
    assert problems(house, [SAVED]) == []


def test_a_mark_set_later_is_a_request(house: House) -> None:
    arrive(house)
    work(house)
    assert house.why("ada", "Hello") == "MAIL-UNKNOWN"
    categorise(house, "ada", "Hello", "Salesforce")
    work(house)
    assert problems(house, [SAVED]) == []
    assert house.why("ada", "Hello") == "MAIL-SAVED-MARK"
    assert restlessness(house) == []


def test_a_mark_is_a_request_with_auto_saving_off() -> None:
    house = House(Make(settings=type(AUTO_SAVE)(mail_auto_save=False)))
    work(house)
    arrive(house, NORA)
    work(house)
    assert house.why("ada", "Hello") == "MAIL-AUTO-OFF"
    categorise(house, "ada", "Hello", "Salesforce")
    work(house)
    assert problems(house, [LINKED]) == []


def test_the_drop_folder_asks_and_gives_back(house: House) -> None:
    arrive(house, FREE)
    work(house)
    move(house, "ada", "Hello", DROP)
    work(house)
    assert problems(house, [SAVED]) == []
    assert restlessness(house) == []


def test_a_mark_on_an_old_mail_asks_too() -> None:
    house = House()
    then, box = house.clock.now() - timedelta(days=90), house.box("ada")
    house.world.mailboxes.put(box, letter("Hello", NORA, ADA, then).as_bytes(), received=then)
    work(house, 2)
    assert live_records(house) == 0
    categorise(house, "ada", "Hello", "Salesforce")
    work(house)
    assert problems(house, [LINKED]) == []


def test_a_reply_that_inherits_the_category_asks_for_nothing(house: House) -> None:
    deliver(house, letter("Question", NORA, ADA, house.clock.now()))
    work(house)
    reply = letter("Hello", ADA, STRANGER, house.clock.now(), In_Reply_To="<Question@birchworks.test>")
    send(house, "ada", reply)
    categorise(house, "ada", "Hello", "Salesforce")
    work(house)
    assert live_records(house) == 0
    assert house.why("ada", "Hello") == "MAIL-UNKNOWN"


def test_a_mark_taken_off_takes_nothing_back(house: House) -> None:
    arrive(house, NORA)
    work(house)
    categorise(house, "ada", "Hello")
    work(house)
    assert live_records(house) == 1
    assert restlessness(house) == []
    assert "Salesforce" not in next(house.world.mailboxes.find(house.box("ada"), subject="Hello")).categories


def test_our_own_mark_is_no_request_though_a_crash_lost_what_we_remembered(house: House) -> None:
    """The record and the category are there, the state is not; then the record is deleted."""
    arrive(house, NORA)
    names = _effects_of_one_session(house)
    house.ports = house.new_worker(Effects(strike_at=names.index("states.save_cursors")))
    house.pass_minutes(2)
    with pytest.raises(WorkerDied):
        house.force()
    delete_record(house)
    house.pass_minutes(8)
    house.restart()
    work(house, 7)
    assert live_records(house) == 0
    assert house.why("ada", "Hello") != "MAIL-SAVED-MARK"


def _effects_of_one_session(like: House) -> list[str]:
    """In a twin of the house, where nothing goes wrong."""
    twin = House(like.make)
    twin.round()
    twin.pass_minutes(2)
    arrive(twin, NORA)
    effects = Effects()
    twin.ports = twin.new_worker(effects)
    twin.pass_minutes(2)
    twin.force()
    return effects.names


# -- records that were deleted -----------------------------------------------------------------------------


def test_a_deleted_record_is_never_made_again_by_itself(house: House) -> None:
    arrive(house, NORA, f"{ADA}, {BEN}")
    work(house)
    delete_record(house)
    box = house.box("ada")
    for _ in range(8):
        house.world.mailboxes.mark_read(box, next(house.world.mailboxes.find(box, subject="Hello")))
        work(house)
    house.set("ada", blocklist=("noise.test",))
    work(house, 2)
    house.world.mailboxes.expire_cursors(box)
    work(house, 2)
    assert live_records(house) == 0


def test_a_deleted_record_is_made_again_when_the_mail_is_marked_again(house: House) -> None:
    arrive(house, NORA)
    work(house)
    delete_record(house)
    work(house)
    categorise(house, "ada", "Hello")
    work(house)
    assert live_records(house) == 0
    categorise(house, "ada", "Hello", "Salesforce")
    work(house)
    assert problems(house, [LINKED]) == []
    assert restlessness(house) == []


def test_marking_again_what_is_still_there_makes_no_second_record(house: House) -> None:
    arrive(house, NORA)
    work(house)
    for categories in ((), ("Salesforce",)):
        categorise(house, "ada", "Hello", *categories)
        work(house)
    assert problems(house, [AUTOMATIC]) == []


def test_a_record_that_came_back_from_the_bin_is_the_record_again(house: House) -> None:
    arrive(house, NORA)
    work(house)
    (row,) = house.rows("EmailMessage", "Id", where="Subject = 'Hello'")
    house.org.delete(house.org.admin, row["Id"])
    work(house, 7)
    house.org.undelete(house.org.admin, row["Id"])
    work(house, 7)
    for categories in ((), ("Salesforce",)):
        categorise(house, "ada", "Hello", *categories)
        work(house)
    assert live_records(house) == 1


# -- the world moves ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "appear",
    [
        lambda house: house.know(STRANGER),
        lambda house: house.know(STRANGER.upper()),
        lambda house: house.org.insert(
            house.org.admin, "Lead", {"LastName": "Willow", "Company": "Willow", "Email": STRANGER}
        ),
    ],
    ids=["Contact", "CONTACT", "Lead"],
)
def test_an_unknown_person_who_appears_brings_the_mail_in(house: House, appear: Callable[[House], str]) -> None:
    arrive(house)
    work(house, 2)
    assert house.why("ada", "Hello") == "MAIL-UNKNOWN"
    record = appear(house)
    house.pass_minutes(2)
    house.tick()
    house.sync()
    assert live_records(house) == 1, "the tick wakes the mailbox: nobody waits for the interval"
    (mail,) = house.rows("EmailMessage", "Id", where="Subject = 'Hello'")
    linked = house.rows("EmailMessageRelation", "RelationId", where=f"EmailMessageId = '{mail['Id']}'")
    assert record in {row["RelationId"] for row in linked}


def test_a_contact_who_gets_the_address_later_counts_too(house: House) -> None:
    arrive(house)
    work(house)
    contact = next(iter(house.company.contacts.values()))
    house.org.update(house.org.admin, "Contact", contact, {"Email": STRANGER})
    work(house)
    assert live_records(house) == 1


@pytest.mark.parametrize(
    ("before", "sender", "code", "after"),
    [
        ({"blocklist": ("birchworks.test",)}, NORA, "MAIL-BLOCKED", {"blocklist": ()}),
        ({"mail_auto_save": False}, NORA, "MAIL-AUTO-OFF", {"mail_auto_save": True}),
        ({"internal_domains": ("birchworks.test",)}, NORA, "MAIL-INTERNAL", {"internal_domains": ()}),
        ({}, STRANGER, "MAIL-UNKNOWN", {"mail_save_unlinked": True}),
        ({"mail_save_unlinked": True}, FREE, "MAIL-FREE", {"exclude_free_mail": False}),
    ],
)
def test_a_setting_that_moves_makes_us_look_again(
    house: House, before: dict[str, object], sender: str, code: str, after: dict[str, object]
) -> None:
    house.set("ada", **before)
    arrive(house, sender)
    work(house)
    assert (house.why("ada", "Hello"), live_records(house)) == (code, 0)
    house.set("ada", **after)
    work(house)
    assert live_records(house) == 1
    assert restlessness(house) == []


def test_a_dead_cursor_loses_and_doubles_nothing(house: House) -> None:
    arrive(house, NORA)
    work(house)
    deliver(house, letter("Meanwhile", NORA, ADA, house.clock.now()))
    house.world.mailboxes.expire_cursors(house.box("ada"))
    work(house)
    meanwhile = Intent("Meanwhile", True, frozenset({NORA, ADA}), (SAW_LINE,))
    assert problems(house, [AUTOMATIC, meanwhile]) == []
    assert restlessness(house) == []


def test_a_mark_set_while_the_cursor_was_dying_is_a_request(house: House) -> None:
    arrive(house)
    work(house)
    categorise(house, "ada", "Hello", "Salesforce")
    house.world.mailboxes.expire_cursors(house.box("ada"))
    work(house)
    assert problems(house, [SAVED]) == []


def test_a_row_that_was_committed_late_is_not_missed(house: House) -> None:
    """A long transaction shows its rows minutes after the time they carry: ticks overlap."""
    arrive(house)
    work(house, 3)
    began = house.clock.now() - timedelta(minutes=8)
    with house.company.site.clock.as_of(began):
        house.know(STRANGER)
    work(house)
    assert live_records(house) == 1


def test_rows_that_overlapping_ticks_show_again_are_not_news(house: House) -> None:
    house.know(STRANGER)
    news = []
    for _ in range(4):
        house.pass_minutes(2)
        report = house.tick()
        assert not isinstance(report, Exception)
        news.append(report.new_rows)
    assert news == [1, 0, 0, 0]


def test_a_refused_mail_is_tried_again_a_day_later_and_then_saved(house: House) -> None:
    refusing = [True]
    house.org.add_validation_rule("EmailMessage", lambda _row: refusing[0], "No mails on Mondays.")
    arrive(house, NORA)
    work(house, 3)
    assert house.why("ada", "Hello") == "CRM-VALIDATION"
    writes = [entry for entry in house.counting(lambda: work(house, 3)) if is_write(entry)]
    assert writes == [], "a refusal is not fought"
    refusing[0] = False
    house.pass_minutes(24 * 60)
    work(house)
    assert problems(house, [AUTOMATIC]) == []


def test_a_throttled_mailbox_waits_and_then_goes_on(house: House) -> None:
    arrive(house, NORA)
    slow = Fault("refuse", "graph", "batch", status=429, headers=(("Retry-After", "300"),), times=1)
    house.world.faults.add(slow)
    work(house)
    assert live_records(house) == 0
    house.run_for(10)
    assert problems(house, [AUTOMATIC]) == []
