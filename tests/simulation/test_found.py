"""What generated histories have found, each once more by itself."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from crosstie.domain.settings import Settings
from crosstie.engine import batch
from crosstie.engine.tick import SLOW_EVERY
from sandbox.faults import Fault
from sandbox.mailboxes.model import Mail
from sandbox.mailboxes.model import Person as Author
from sandbox.salesforce import mishaps
from tests.simulation.accidents import Snapshot
from tests.simulation.day import categorise, deliver, move
from tests.simulation.effects import WorkerDied
from tests.simulation.house import START, House, Make
from tests.simulation.ledger import DROP
from tests.simulation.letters import ADA, BEN, CLEO, NORA, OMAR, STRANGER, letter
from tests.simulation.sweep import restlessness

SUBJECT = "The mail"


def records(house: House) -> int:
    return len(house.rows(house.mail_object, "Id", where=f"Subject = '{SUBJECT}'"))


def from_before(house: House) -> None:
    """A mail that lay in the inbox when the mailbox was activated."""
    then = START - timedelta(hours=1)
    house.world.mailboxes.put(house.box("ada"), letter(SUBJECT, STRANGER, ADA, then).as_bytes(), received=then)


def later(house: House, rounds: int = 1) -> None:
    for _ in range(rounds):
        house.pass_minutes(11)
        house.round()


def test_a_draft_that_was_seen_in_the_inbox_is_saved_when_it_was_sent() -> None:
    """It keeps its id, and *a draft* was taken for the last word."""
    house = House()
    box = house.box("ada")
    mail = Mail(subject=SUBJECT, author=Author(ADA), to=(Author(NORA),), text="Soon.")
    draft = house.world.mailboxes.create_draft(box, mail, folder=box.well_known("inbox"))
    later(house)
    assert house.why("ada", SUBJECT) == "MAIL-DRAFT"
    house.world.mailboxes.send(box, draft)
    later(house)
    assert (house.why("ada", SUBJECT), records(house)) == ("MAIL-SAVED-OPPORTUNITY", 1)


def test_a_mail_that_was_looked_at_while_it_was_filed_away_is_saved_when_it_comes_back() -> None:
    house = House()
    deliver(house, letter(SUBJECT, STRANGER, ADA, house.clock.now()))
    later(house)
    move(house, "ada", SUBJECT, "archive")
    house.know(STRANGER)
    later(house)
    assert house.why("ada", SUBJECT) == "MAIL-ELSEWHERE"
    move(house, "ada", SUBJECT, "inbox")
    later(house)
    assert (house.why("ada", SUBJECT), records(house)) == ("MAIL-SAVED", 1)


def test_a_category_from_before_is_no_request_when_its_mail_comes_back_from_where_it_was_filed() -> None:
    """It was looked at while it lay there, where a category means nothing, and that counted as one taken off."""
    house = House(Make(settings=Settings(mail_auto_save=False)))
    from_before(house)
    categorise(house, "ada", SUBJECT, "Salesforce")
    later(house)
    move(house, "ada", SUBJECT, "archive")
    house.set("ada", mail_auto_save=True)
    later(house)
    assert house.why("ada", SUBJECT) == "MAIL-ELSEWHERE"
    move(house, "ada", SUBJECT, "inbox")
    later(house)
    assert (house.why("ada", SUBJECT), records(house)) == ("MAIL-UNKNOWN", 0)


def test_a_category_that_was_set_where_a_mail_was_filed_is_a_request_when_it_comes_back() -> None:
    house = House()
    deliver(house, letter(SUBJECT, STRANGER, ADA, house.clock.now()))
    later(house)
    move(house, "ada", SUBJECT, "archive")
    categorise(house, "ada", SUBJECT, "Salesforce")
    house.set("ada", mail_auto_save=False)
    later(house)
    assert (house.why("ada", SUBJECT), records(house)) == ("MAIL-ELSEWHERE", 0)
    move(house, "ada", SUBJECT, "inbox")
    later(house)
    assert (house.why("ada", SUBJECT), records(house)) == ("MAIL-SAVED-MARK", 1)


def test_copies_that_wait_for_their_sender_join_the_record_that_a_colleagues_mark_has_made() -> None:
    """They were met when their own versions moved, and not before."""
    house = House(Make(syncing=("ada", "ben", "cleo")))
    deliver(house, letter(SUBJECT, STRANGER, f"{ADA}, {BEN}, {CLEO}", house.clock.now()))
    later(house)
    categorise(house, "ada", SUBJECT, "Salesforce")
    house.force("ada")
    assert house.why("ben", SUBJECT) == house.why("cleo", SUBJECT) == "MAIL-UNKNOWN"
    house.tick()
    house.sync()
    assert house.why("ben", SUBJECT) == house.why("cleo", SUBJECT) == "MAIL-SHARED"
    assert (restlessness(house), records(house)) == ([], 1)


def test_a_copy_that_was_found_to_wait_while_a_colleague_saved_it_joins_the_record() -> None:
    """One batch: the mark saves the mail, and the other session has read before that nothing is saved."""
    house = House()
    later(house)
    deliver(house, letter(SUBJECT, STRANGER, f"{ADA}, {BEN}", house.clock.now()))
    categorise(house, "ada", SUBJECT, "Salesforce")
    house.force()
    assert (house.why("ada", SUBJECT), house.why("ben", SUBJECT)) == ("MAIL-SAVED-MARK", "MAIL-UNKNOWN")
    house.tick()
    house.sync()
    assert (house.why("ben", SUBJECT), records(house)) == ("MAIL-SHARED", 1)
    assert restlessness(house) == []


def test_an_org_that_cannot_be_asked_ends_the_sessions_and_gives_their_leases_back() -> None:
    """The look-up after a lost answer, in an org without keys, failed out of the batch."""
    house = House(Make(keyed=False))
    later(house)
    house.world.faults.add(mishaps.lost("lose_answer", route="graph"))
    deliver(house, letter(SUBJECT, NORA, ADA, house.clock.now()))
    later(house)
    house.pass_minutes(11)
    house.tick()
    house.world.faults.add(Fault("drop_before", "salesforce", "composite", times=9))
    (report,) = house.force("ada")
    assert report.error_code == "NET-LOST"
    assert house.memory.mailbox(house.ids["ada"]).lease_until is None
    house.world.faults.clear()
    later(house)
    assert records(house) == 1


def test_servers_that_rewrite_html_do_not_make_two_mails_of_one_without_a_message_id() -> None:
    house = House(Make(switches={"graph.plain_text_stays_text": False}))
    deliver(house, letter(SUBJECT, NORA, f"{ADA}, {BEN}", house.clock.now(), message_id="-"))
    stored = next(house.world.mailboxes.find(house.box("ben"), subject=SUBJECT))
    stored.mail = replace(stored.mail, html=f"{stored.mail.html}\r\n<!-- 4711 -->")
    later(house)
    assert records(house) == 1


def test_what_a_session_said_before_it_died_is_not_the_last_word() -> None:
    """It had written *auto-saving is off*, and no state; the switch was back on before the next one came."""
    house = House()
    deliver(house, letter(SUBJECT, BEN, ADA, house.clock.now()))
    later(house)
    assert house.why("ada", SUBJECT) == "MAIL-INTERNAL"
    house.set("ada", mail_auto_save=False)
    house.effects.before = dies_before("states.save_cursors")
    with pytest.raises(WorkerDied):
        house.force()
    assert house.why("ada", SUBJECT) == "MAIL-AUTO-OFF"
    house.set("ada", mail_auto_save=True)
    house.restart()
    house.pass_minutes(8)
    later(house)
    assert house.why("ada", SUBJECT) == "MAIL-INTERNAL"


def test_a_doubtful_mail_is_not_taken_for_another_senders_of_that_message_id_and_date() -> None:
    """Without keys it is looked for, and what was found was the other one: the mail was never saved."""
    house = House(Make(keyed=False))
    named, at = "<number-one@program.test>", house.clock.now()
    deliver(house, letter("The other mail", NORA, ADA, at, message_id=named))
    later(house)
    house.world.faults.add(mishaps.lost("drop_before", route="graph"))
    deliver(house, letter(SUBJECT, OMAR, ADA, at, message_id=named))
    later(house)
    assert (house.why("ada", SUBJECT), records(house)) == ("MAIL-UNCLEAR", 0)
    later(house, rounds=2)
    assert (house.why("ada", SUBJECT), records(house)) == ("MAIL-SAVED-OPPORTUNITY", 1)


def test_a_message_id_used_again_does_not_meet_the_key_of_a_record_that_was_forgotten() -> None:
    """The database lost its last transactions, and the first mail is not there any more to be met again."""
    house = House()
    named, at = "<number-one@program.test>", house.clock.now()
    later(house)
    forgetful = Snapshot.of(house.memory)
    deliver(house, letter("The other mail", NORA, ADA, at, message_id=named))
    later(house)
    assert house.why("ada", "The other mail") == "MAIL-SAVED-OPPORTUNITY"
    move(house, "ada", "The other mail", "archive")
    forgetful.restore(house.memory)
    deliver(house, letter(SUBJECT, OMAR, ADA, at, message_id=named))
    later(house, rounds=2)
    assert (house.why("ada", SUBJECT), records(house)) == ("MAIL-SAVED-OPPORTUNITY", 1)


def test_our_mark_is_no_wish_when_the_session_died_that_had_skipped_the_mail_before() -> None:
    """It saved the mail and marked it; the state of the item still said *unknown*, unmarked."""
    house = House()
    deliver(house, letter(SUBJECT, STRANGER, ADA, house.clock.now()))
    later(house)
    assert house.why("ada", SUBJECT) == "MAIL-UNKNOWN"
    house.know(STRANGER)
    house.tick()
    _dies(house)
    delete_record(house)
    later(house)
    assert (house.why("ada", SUBJECT), records(house)) == ("MAIL-DELETED", 0)


@pytest.mark.parametrize("keyed", [True, False])
def test_our_mark_is_no_wish_when_two_sessions_died_one_after_the_other(keyed: bool) -> None:
    """One saved the mail and marked it; the next said that its record was deleted. Neither left a state."""
    house = House(Make(keyed=keyed))
    later(house)
    deliver(house, letter(SUBJECT, NORA, ADA, house.clock.now()))
    for _ in range(2):
        _dies(house)
        for row in house.rows(house.mail_object, "Id", where=f"Subject = '{SUBJECT}'"):
            house.org.delete(house.org.admin, row["Id"])
        house.pass_minutes(8)
        for _ in range(SLOW_EVERY):
            house.tick()
    assert (house.why("ada", SUBJECT), records(house)) == ("MAIL-DELETED", 0)
    later(house)
    assert (house.why("ada", SUBJECT), records(house)) == ("MAIL-DELETED", 0)


def test_a_wish_after_a_delete_that_was_told_is_none_of_our_marks() -> None:
    """Its mark was due once, and never came; then the mail was left out without one."""
    house = House()
    later(house)
    house.world.faults.add(Fault("refuse", "graph", "messages.update", status=503, times=99))
    deliver(house, letter(SUBJECT, NORA, ADA, house.clock.now()))
    later(house)
    house.world.faults.clear()
    delete_record(house)
    later(house)
    assert (house.why("ada", SUBJECT), records(house)) == ("MAIL-DELETED", 0)
    categorise(house, "ada", SUBJECT, "Salesforce")
    later(house)
    assert (house.why("ada", SUBJECT), records(house)) == ("MAIL-SAVED-MARK", 1)


@pytest.mark.parametrize("dies_later", [False, True])
def test_a_mark_is_ours_though_nobody_heard_that_it_was_set(dies_later: bool) -> None:
    """The answer to the receipt was lost, and the item was remembered as one without a mark."""
    house = House()
    later(house)
    deliver(house, letter(SUBJECT, NORA, ADA, house.clock.now()))
    house.world.faults.add(Fault("lose_answer", "graph", "messages.update", times=9))
    later(house)
    house.world.faults.clear()
    (mail,) = house.world.mailboxes.find(house.box("ada"), subject=SUBJECT)
    assert "Salesforce" in mail.categories
    if dies_later:
        house.pass_minutes(11)
        _dies(house)
    delete_record(house)
    later(house)
    assert records(house) == 0


def test_an_old_mail_whose_mark_was_withdrawn_while_it_waited_is_not_said_to_wait() -> None:
    """The session that was to save it died before it had an answer: its row alone said that it waits."""
    house = House(Make(keyed=False))
    then = START - timedelta(days=30)
    house.world.mailboxes.put(house.box("ada"), letter(SUBJECT, NORA, ADA, then).as_bytes(), received=then)
    later(house)
    assert house.why("ada", SUBJECT) == ""
    categorise(house, "ada", SUBJECT, "Salesforce")
    house.world.faults.add(mishaps.lost("drop_before", route="graph"))
    house.effects.before = dies_before("journal.finish")
    with pytest.raises(WorkerDied):
        house.force("ada")
    categorise(house, "ada", SUBJECT)
    house.restart()
    house.pass_minutes(8)
    later(house, 2)
    assert (house.why("ada", SUBJECT), records(house)) == ("MAIL-OLD", 0)


def test_a_dropped_mail_leaves_the_folder_though_the_session_died_that_saved_it() -> None:
    house = House()
    deliver(house, letter(SUBJECT, STRANGER, ADA, house.clock.now()))
    later(house)
    move(house, "ada", SUBJECT, DROP)
    house.effects.strike_after = "states.remember_saved"
    with pytest.raises(WorkerDied):
        house.force("ada")
    house.restart()
    later(house, rounds=2)
    box = house.box("ada")
    (mail,) = house.world.mailboxes.find(box, subject=SUBJECT)
    assert box.folders[mail.folder].well_known == "inbox"
    assert (house.why("ada", SUBJECT), records(house)) == ("MAIL-SAVED", 1)


def delete_record(house: House) -> None:
    """And the org's tick reads it."""
    (row,) = house.rows(house.mail_object, "Id", where=f"Subject = '{SUBJECT}'")
    house.org.delete(house.org.admin, row["Id"])
    for _ in range(SLOW_EVERY):
        house.tick()


def _dies(house: House) -> None:
    """A session does everything, and nothing of what it saw last is stored."""
    house.effects.before = dies_before("states.save_cursors")
    with pytest.raises(WorkerDied):
        house.force("ada")
    house.restart()


def dies_before(effect: str) -> Callable[[str], None]:
    def before(name: str) -> None:
        if name == effect:
            raise WorkerDied(name)

    return before


def test_files_whose_answer_was_lost_are_waited_for_like_a_record() -> None:
    """Without keys: the record of an unclear try was found, and its files were added twice within two minutes."""
    house = House(Make(keyed=False, switches={"salesforce.files_in_graph": False}))
    house.round()
    now = house.clock.now()
    deliver(house, letter(SUBJECT, NORA, ADA, now, files={"plan.bin": b"plan " * 900}))
    house.world.faults.add(mishaps.lost("drop_before", route="collection_create"))
    later(house)
    assert (house.why("ada", SUBJECT), records(house)) == ("MAIL-UNCLEAR", 1)
    house.world.faults.add(mishaps.lost("finish_later", route="collection_create", delay=300.0))
    for _ in range(15):
        house.pass_minutes(2)
        house.round()
    assert (house.why("ada", SUBJECT), records(house)) == ("MAIL-SAVED-OPPORTUNITY", 1)
    assert len(house.rows("ContentVersion", "Id")) == 1


def test_a_worker_that_was_stopped_does_not_mark_over_a_person_later() -> None:
    """Another one had marked the mail and the person had taken it off; on a conflict it was put on once more."""
    house = House()
    house.round()
    deliver(house, letter(SUBJECT, NORA, ADA, house.clock.now()))
    house.pass_minutes(2)
    stopped, marking = house.effects, list[str]()

    def meanwhile(name: str) -> None:
        if marking or "$batch" not in name or "states.remember_saved" not in stopped.names:
            return
        marking.append(name)
        house.pass_minutes(8)
        house.ports = house.new_worker()
        house.force("ada")
        categorise(house, "ada", SUBJECT)

    stopped.before = meanwhile
    house.force("ada")
    assert marking
    later(house, 2)
    (mail,) = house.world.mailboxes.find(house.box("ada"), subject=SUBJECT)
    assert (mail.categories, records(house)) == ([], 1)


# -- marks before the first listing ---------------------------------------------------------------------------


def fail_once(house: House) -> None:
    """Sessions come as far as the folders and the category, and no further."""
    house.tick()
    house.world.faults.add(Fault("refuse", "graph", "messages.delta", status=504, times=99))
    assert {report.error_code for report in house.force()} != {""}
    house.world.faults.clear()


def test_what_is_put_into_a_folder_of_ours_before_its_first_listing_is_a_request() -> None:
    house = House()
    from_before(house)
    fail_once(house)
    move(house, "ada", SUBJECT, DROP)
    later(house)
    assert (house.why("ada", SUBJECT), records(house)) == ("MAIL-SAVED-MARK", 1)


def test_a_folder_whose_making_was_never_confirmed_is_ours_all_the_same() -> None:
    house = House()
    from_before(house)
    house.tick()
    house.world.faults.add(Fault("lose_answer", "graph", "batch", skip=1))
    house.force("ada")
    assert house.box("ada").folder(DROP) is not None
    move(house, "ada", SUBJECT, DROP)
    later(house)
    assert (house.why("ada", SUBJECT), records(house)) == ("MAIL-SAVED-MARK", 1)


def test_what_lay_in_a_drop_folder_before_we_came_is_none() -> None:
    house = House()
    from_before(house)
    house.world.mailboxes.create_folder(house.box("ada"), DROP)
    move(house, "ada", SUBJECT, DROP)
    later(house, 2)
    assert (house.why("ada", SUBJECT), records(house)) == ("MAIL-UNKNOWN", 0)


def test_a_category_on_a_mail_that_came_after_activation_is_a_request_though_nothing_was_listed_yet() -> None:
    house = House()
    fail_once(house)
    deliver(house, letter(SUBJECT, STRANGER, ADA, house.clock.now()))
    categorise(house, "ada", SUBJECT, "Salesforce")
    later(house)
    assert (house.why("ada", SUBJECT), records(house)) == ("MAIL-SAVED-MARK", 1)


# -- two mails, one Message-ID --------------------------------------------------------------------------------


def two_of_one_name(house: House) -> None:
    """One sender's program used its Message-ID again two days later; each person has one of the mails."""
    now = house.clock.now()
    for person, days in ((ADA, 2), (BEN, 0)):
        one = letter(
            f"{SUBJECT} to {person}", NORA, person, now - timedelta(days=days), message_id="<1@birchworks.test>"
        )
        deliver(house, one)


def each_has_its_own(house: House) -> None:
    entries = [house.entry(person, f"{SUBJECT} to {person}@larch.test") for person in ("ada", "ben")]
    assert {entry.reason_code for entry in entries if entry} <= {
        "MAIL-SAVED",
        "MAIL-SAVED-OPPORTUNITY",
        "MAIL-SHARED",
    }
    found = {row["Id"]: row["Subject"] for row in house.rows(house.mail_object, "Id", "Subject")}
    told = [found.pop(entry.record.record_id) for entry in entries if entry and entry.record]
    assert (told, found) == ([f"{SUBJECT} to {ADA}", f"{SUBJECT} to {BEN}"], {})


BOTH = pytest.mark.parametrize("enhanced_email", [True, False])
CREATE = "POST /services/data/v67.0/composite/graph"


@BOTH
def test_a_worker_that_meets_the_key_of_another_mail_does_not_take_its_record(enhanced_email: bool) -> None:
    """Two workers at once: one had made its record, and not remembered it yet."""
    house = House(Make(enhanced_email=enhanced_email))
    house.round()
    two_of_one_name(house)
    house.pass_minutes(2)
    other, busy = house.new_worker(), [False]

    def meanwhile(name: str) -> None:
        if name == CREATE and not busy[0]:
            busy[0] = True
            house.memory.wake(house.ids["ben"])
            leases = other.states.claim_due(house.clock.now(), holder="other", limit=1, lease_seconds=300.0)
            batch.run(other, leases)

    house.effects.after = meanwhile
    house.force("ada")
    assert busy[0]
    later(house, 2)
    each_has_its_own(house)


@BOTH
def test_what_a_dead_worker_left_under_a_key_is_not_taken_for_another_mail(enhanced_email: bool) -> None:
    house = House(Make(enhanced_email=enhanced_email))
    house.round()
    two_of_one_name(house)
    house.pass_minutes(2)
    house.effects.after = dies_before(CREATE)
    with pytest.raises(WorkerDied):
        house.force("ada")
    house.restart()
    house.force("ben")
    house.pass_minutes(8)
    later(house, 3)
    each_has_its_own(house)
