"""The model that histories are judged by: as strict as it can be, and no stricter."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from crosstie.domain.settings import Resolving, Settings
from tests.simulation.contents import Contents, files, is_part
from tests.simulation.day import deliver
from tests.simulation.folk import XENIA
from tests.simulation.history import History
from tests.simulation.house import House, Make
from tests.simulation.judge import Judge
from tests.simulation.ledger import (
    ARCHIVE,
    DROP,
    INBOX,
    SENT,
    Copy,
    Deal,
    Ledger,
    Letter,
    Look,
    Made,
    Newcomer,
    Person,
    Timeline,
)
from tests.simulation.letters import ADA, NORA, OMAR, STRANGER, letter
from tests.simulation.meaning import Meaning, Wish
from tests.simulation.meanwhile import Meanwhile
from tests.simulation.receipts import is_told
from tests.simulation.relations import Relations
from tests.simulation.test_found import later

THEN = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
ACCOUNT, DEAL, CASE, USER = "001A", "006A", "500A", "005A"
SUBJECT = "The letter"


def xenia(account: str) -> Person:
    return Person("Contact", "003X", XENIA, account, THEN)


def loses_her_account_while_a_session_is_under_way() -> tuple[Ledger, Copy]:
    """What the session knows of her is from before; what it sees of the letter is from after."""
    ledger = Ledger(users={"ada": USER})
    ledger.settings["ada"] = Timeline([0], [Settings(mail_auto_save=True)])
    ledger.know(xenia(ACCOUNT), "003X", 1)
    ledger.deals[DEAL] = Timeline([0], [Deal(DEAL, ACCOUNT, USER, "2026-12-24", THEN, THEN)])
    one = Letter(SUBJECT, XENIA, (ADA,))
    copy = Copy(one, "ada", "item", 1, 3, Timeline([3], [INBOX]), Timeline([3], [False]))
    ledger.copies["ada", "item"] = copy
    ledger.know(xenia(""), "003X", 5)
    ledger.changes, ledger.number = [1, 3, 5], 9
    return ledger, copy


def related(ledger: Ledger, copy: Copy) -> set[str]:
    meaning = Meaning(ledger)
    meaning._first_looks["ada"] = 0
    return Relations(meaning).related(copy.letter, copy, 4, 9)


def test_without_a_mark_the_open_opportunity_is_chosen() -> None:
    assert related(*loses_her_account_while_a_session_is_under_way()) == {DEAL, ""}


def test_what_a_letter_is_marked_by_and_what_is_known_of_its_sender_are_of_different_moments() -> None:
    ledger, copy = loses_her_account_while_a_session_is_under_way()
    ledger.placed(copy, DROP, 7)
    ledger.changes.append(7)
    assert related(ledger, copy) == {DEAL, ACCOUNT, ""}


def test_a_mark_that_was_there_all_the_time_leaves_the_opportunity_out() -> None:
    ledger, copy = loses_her_account_while_a_session_is_under_way()
    ledger.placed(copy, DROP, 4)
    assert related(ledger, copy) == {ACCOUNT, ""}


@pytest.mark.parametrize(
    ("deleted_at", "closed_at", "said"),
    [(0, 0, {DEAL}), (6, 0, {DEAL, CASE}), (2, 0, {CASE}), (2, 6, {CASE, ""}), (2, 3, {""})],
)
def test_a_case_is_related_to_where_the_record_named_beside_it_has_gone(
    deleted_at: int, closed_at: int, said: set[str]
) -> None:
    ledger, copy = loses_her_account_while_a_session_is_under_way()
    ledger.directory["003X"] = Timeline([1], [xenia("")])
    ledger.deals.clear()
    one = replace(copy.letter, subject="Again about Case 00001026", names=DEAL)
    ledger.deleted = {DEAL: deleted_at} if deleted_at else {}
    ledger.cases["00001026"] = Timeline([1, closed_at], [CASE, ""]) if closed_at else Timeline([1], [CASE])
    ledger.changes = [1, 2, 3, 5, 6]
    assert Relations(Meaning(ledger)).related(one, copy, 4, 9) == said


@pytest.mark.parametrize(("reply_was_saved", "wish"), [(False, Wish.SURE), (True, Wish.PERHAPS)])
def test_a_category_on_a_sent_mail_says_nothing_at_first_while_its_thread_holds_a_saved_one(
    reply_was_saved: bool, wish: Wish
) -> None:
    """Another letter came with its Message-ID, and was saved, before any session had met it."""
    ledger = Ledger(number=9)
    ledger.looks = [Look("ada", 1, 2, calm=True)]
    one = Letter(SUBJECT, ADA, (NORA,))
    copy = Copy(one, "ada", "item", 1, 3, Timeline([3], [SENT]), Timeline([3, 5], [False, True]))
    ledger.letters = {SUBJECT: one, "Another": Letter("Another", NORA, (ADA,), shares=SUBJECT)}
    if reply_was_saved:
        ledger.made["02s1"] = Made("02s1", "Another", 4, 3, (), "", "", Timeline([4], [True]))
    assert Meaning(ledger).wish(copy, 9) is wish


@pytest.mark.parametrize(("ended_well", "said"), [(True, 0), (False, 1)])
def test_a_mailbox_that_no_session_ends_well_in_is_noticed(ended_well: bool, said: int) -> None:
    """Every one was refused, so that there was nothing to judge them by."""
    ledger = Ledger(number=9, settled=5)
    ledger.looks = [Look("ada", 1, 2, calm=True), Look("ada", 6, 7, calm=ended_well)]
    judge = Judge(House(Make(syncing=("ada",))), ledger, set())
    assert len(list(judge._unattended())) == said


def test_a_receipt_that_was_there_before_a_record_does_not_tell_of_it() -> None:
    """The record was made anew, and deleted again while its files were being added: nobody had marked it yet."""
    house, ledger = House(), Ledger()
    deliver(house, letter(SUBJECT, NORA, ADA, house.clock.now()))
    house.round()
    (stored,) = house.world.mailboxes.find(house.box("ada"), subject=SUBJECT)
    ledger.letters[SUBJECT] = one = Letter(SUBJECT, NORA, (ADA,))
    copy = Copy(one, "ada", "item", stored.number, 1, Timeline([1], [INBOX]), Timeline([1], [False]))
    ledger.copies["ada", "item"] = copy
    first = Made("02s1", SUBJECT, 2, 0, (), "", "")
    anew = Made("02s2", SUBJECT, 5, 0, (), "", "", older_receipts=frozenset({"item"}))
    assert (is_told(house, ledger, first), is_told(house, ledger, anew)) == (True, False)
    copy.removed.append(6)  # what stands there now was set since
    assert is_told(house, ledger, anew)


def test_a_record_that_went_after_the_last_deed_is_known_to_be_gone() -> None:
    """Crosstie had taken it back, half written as it was, and nobody did anything after that."""
    history = History(1)
    org = history.house.org
    record_id = org.insert(org.admin, "Task", {"Subject": SUBJECT})
    history.observe()
    org.delete(org.admin, record_id)
    history._settle()
    assert history.ledger.made[record_id].alive.values == [True, False]


def test_what_a_second_worker_makes_and_takes_back_is_seen_as_it_was() -> None:
    """It was looked at when it lay in the bin without its links, and people brought it back."""
    history = History(1)
    house = history.house
    history._settle()
    deliver(house, letter(SUBJECT, NORA, ADA, house.clock.now()))

    def take_back() -> None:
        for row in house.rows(house.mail_object, "Id", where=f"Subject = '{SUBJECT}'"):
            house.org.delete(house.org.admin, row["Id"])

    house.world.faults.add(Meanwhile("refuse", "graph", "messages.update", act=take_back))
    history._second_worker(everybody=True)
    (made,) = (one for one in history.ledger.made.values() if one.subject == SUBJECT)
    assert made.linked or made.who


@pytest.mark.parametrize(("was_known", "said"), [(True, []), (False, ["why says MAIL-SPAM"])])
def test_spam_that_was_met_in_its_text_stays_spam_when_its_sender_is_forgotten(
    was_known: bool, said: list[str]
) -> None:
    house, ledger = House(Make(syncing=("ada",))), Ledger()
    later(house)
    deliver(house, letter(SUBJECT, NORA, ADA, house.clock.now(), X_Spam_Flag="YES"))
    later(house)
    assert house.why("ada", SUBJECT) == "MAIL-SPAM"
    ledger.settings["ada"] = Timeline([0], [Settings(mail_auto_save=True)])
    if was_known:
        ledger.know(Person("Contact", "003N", NORA, ACCOUNT, THEN), "003N", 1)
        ledger.know(None, "003N", 5)
    one = Letter(SUBJECT, NORA, (ADA,), spam="header")
    item_id = house.item_id("ada", SUBJECT)
    copy = Copy(one, "ada", item_id, 1, 3, Timeline([3], [INBOX]), Timeline([3], [False]))
    ledger.changes, ledger.number, ledger.looks = [1, 3, 5], 9, [Look("ada", 6, 8, calm=True)]
    found = list(Judge(house, ledger, set())._why(copy, []))
    assert [problem.partition(": ")[2][: len("why says MAIL-SPAM")] for problem in found] == said


@pytest.mark.parametrize(("restored", "looked", "said"), [(False, 0, 1), (True, 0, 0), (True, 1, 1)])
def test_a_record_that_was_forgotten_with_the_store_is_not_pointed_to(
    restored: bool, looked: int, said: int
) -> None:
    """It was made for a setting that the backup had not got. `looked`: a session since has saved it again."""
    house, ledger = House(Make(syncing=("ada",))), Ledger()
    later(house)
    deliver(house, letter(SUBJECT, STRANGER, ADA, house.clock.now()))
    later(house)
    assert house.why("ada", SUBJECT) == "MAIL-UNKNOWN"
    person, wants_all = Settings(mail_auto_save=True), Settings(mail_auto_save=True, mail_save_unlinked=True)
    ledger.settings["ada"] = Timeline([0, 5, 9, 12, 15], [person, wants_all, person, wants_all, person])
    copy = Copy(
        Letter(SUBJECT, STRANGER, (ADA,)), "ada", house.item_id("ada", SUBJECT), 1, 3,
        Timeline([3], [INBOX]), Timeline([3], [False]),
    )  # fmt: skip
    ledger.copies["ada", copy.item_id] = copy
    ledger.changes, ledger.number = [3, 5, 9, 12, 15], 20
    ledger.restored = [(4, 9)] if restored else []
    ledger.looks = [Look("ada", 1, 2, calm=True), *[Look("ada", 13, 14, calm=True)] * looked]
    made = Made("02s1", SUBJECT, 7, 6, (), "", "", Timeline([7], [True]))
    assert len(list(Judge(house, ledger, set())._why(copy, [made]))) == said


def test_whom_a_stranger_has_become_is_followed_through_one_merge_after_another() -> None:
    ledger, _ = loses_her_account_while_a_session_is_under_way()
    people = [Person("Contact", record_id, NORA, ACCOUNT, THEN) for record_id in ("003A", "003B", "003C")]
    ledger.heirs = {"00QM": people[:1], "003A": people[1:2], "003B": people[2:], "003C": people[:1]}
    assert list(Relations(Meaning(ledger))._heirs(["00QM"])) == people


def test_a_task_whose_contact_was_merged_away_is_looked_for_under_another_name() -> None:
    """It was made, unanswered; the Contact was brought back, and the Task stayed with the other."""
    house = House(Make(enhanced_email=False, keyed=False))
    nora, omar = (house.rows("Contact", "Id", where=f"Email = '{one}'")[0]["Id"] for one in (NORA, OMAR))
    tasks = [house.org.insert(house.org.admin, "Task", {"Subject": SUBJECT, "WhoId": who}) for who in (omar, nora)]
    records = [Made(one, SUBJECT, number, 0, (), nora, "") for number, one in enumerate(tasks)]
    third = replace(records[1], who="")
    judge = Judge(house, Ledger(), set())
    assert [judge._looked_past(some) for some in (records[1:], records, [*records, third])] == [0, 1, 2]
    assert judge._looked_past([records[1]] * 2) == 0


@pytest.mark.parametrize(("places", "wish"), [([INBOX], Wish.NONE), ([INBOX, ARCHIVE], Wish.PERHAPS)])
def test_an_old_mark_on_what_was_moved_while_it_was_first_listed_may_pass_for_a_wish(
    places: list[str], wish: Wish
) -> None:
    """The Archive was listed before it came there, and the Inbox when it had gone."""
    ledger = Ledger(watched=(INBOX, SENT, DROP, ARCHIVE), looks=[Look("ada", 1, 3, calm=True)])
    line = Timeline(list(range(0, 2 * len(places), 2)), places)
    copy = Copy(Letter(SUBJECT, NORA, (ADA,)), "ada", "item", 1, 0, line, Timeline([0, 0], [False, True]))
    assert Meaning(ledger).wish(copy, 9) is wish


@pytest.mark.parametrize(("hidden", "said"), [(True, 0), (False, 1)])
def test_the_last_word_stands_on_what_came_back_unseen(hidden: bool, said: int) -> None:
    """A session died that had said it, and a colleague's wish has had it saved since."""
    house, ledger = House(Make(syncing=("ada",))), Ledger()
    later(house)
    deliver(house, letter(SUBJECT, STRANGER, ADA, house.clock.now()))
    later(house)
    assert house.why("ada", SUBJECT) == "MAIL-UNKNOWN"
    ledger.settings["ada"] = Timeline([0], [Settings(mail_auto_save=True)])
    line = Timeline([3, 5, 7], [INBOX, ARCHIVE, INBOX])
    copy = Copy(
        Letter(SUBJECT, STRANGER, (ADA,)), "ada", house.item_id("ada", SUBJECT), 1, 3, line,
        Timeline([3], [False]), moved=[5, 7],
    )  # fmt: skip
    ledger.changes, ledger.number, ledger.looks = [3, 5, 7], 9, [Look("ada", 1, 2, calm=True)]
    judge = Judge(house, ledger, set())
    judge.meaning.arrivals_hidden = hidden
    made = Made("02s1", SUBJECT, 6, 4, (), "", "", Timeline([6], [True]))
    assert len(list(judge._why(copy, [made]))) == said


@pytest.mark.parametrize(("began", "hidden"), [(4, False), (7, True)])
def test_what_a_session_listed_that_ended_badly_is_not_known(began: int, hidden: bool) -> None:
    """It was listed anew as number 5; the tick before had come to nothing, and is older than both sessions."""
    ledger = Ledger(watched=(INBOX, SENT), looks=[Look("ada", 1, 9, calm=True, began=began)])
    ledger.relisted["ada", SENT] = [5]
    meaning = Meaning(ledger, arrivals_hidden=True)
    line = Timeline([2, 3], ["drafts", SENT])
    copy = Copy(Letter(SUBJECT, ADA, (NORA,)), "ada", "item", 1, 2, line, Timeline([2], [False]), moved=[3])
    assert meaning.kept_back(copy, 12) is hidden


def test_a_stranger_need_not_be_linked_by_who_began_before_strangers_became_records() -> None:
    ledger, copy = loses_her_account_while_a_session_is_under_way()
    ledger.directory.clear()
    ledger.holders.clear()
    off, lead = Settings(mail_auto_save=True), Settings(mail_auto_save=True, resolving=Resolving.LEAD)
    made = Person("Lead", "00QX", XENIA, "", THEN)
    ledger.know(made, "00QX", 8)
    ledger.newcomers["00QX"] = Newcomer(XENIA, "Lead", 8, 4)
    ledger.settings["ada"] = Timeline([0, 6], [off, lead])
    assert Relations(Meaning(ledger)).persons(copy.letter, copy, 4, 9)[XENIA] == {None, made}
    ledger.settings["ada"] = Timeline([0], [lead])
    assert Relations(Meaning(ledger)).persons(copy.letter, copy, 4, 9)[XENIA] == {made}


def test_a_stranger_need_not_be_linked_who_was_somebody_never_linked_when_that_was_asked() -> None:
    ledger, copy = loses_her_account_while_a_session_is_under_way()
    made = Person("Lead", "00QX", XENIA, "", THEN)
    ledger.directory["003X"] = Timeline([1, 6], [xenia(ACCOUNT), None])
    ledger.know(made, "00QX", 8)
    ledger.newcomers["00QX"] = Newcomer(XENIA, "Lead", 8, 4)
    ledger.changes = [1, 3, 6]
    settings = Settings(mail_auto_save=True, resolving=Resolving.LEAD)
    ledger.settings["ada"] = Timeline([0], [settings])
    assert Relations(Meaning(ledger)).persons(copy.letter, copy, 4, 9)[XENIA] == {xenia(ACCOUNT), made}
    ledger.settings["ada"] = Timeline([0], [replace(settings, never_linked=("Contact",))])
    assert Relations(Meaning(ledger)).persons(copy.letter, copy, 4, 9)[XENIA] == {None, made}


@pytest.mark.parametrize(
    ("found", "said"), [("", True), ("a", True), ("ab", True), ("aa", False), ("c", False), ("abc", False)]
)
def test_files_that_were_put_off_are_a_part_of_what_was_chosen(found: str, said: bool) -> None:
    """One of two was locked, the store was put back, and nobody wanted the mail any more."""
    assert is_part(list(found), [["a", "b"]]) is said


def test_two_files_that_say_the_same_are_two() -> None:
    """A setting chose the one, a mark the other, and the record had both."""
    same = Letter(SUBJECT, NORA, (ADA,), files=(("plan.csv", b"plan"), ("plan.pdf", b"plan")))
    one_pdf = Settings(attachments_max_count=1, attachments_allowed_extensions=("pdf",))
    chosen = {files(same, one_pdf, by_hand=hand) for hand in (True, False)}
    assert len(chosen) == 2
    assert Contents._mixed([one for some in chosen for one in some], chosen)
