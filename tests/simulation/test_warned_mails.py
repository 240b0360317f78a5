"""What tells of an issue on an e-mail: there while it is open, gone once it is solved, and never a reason to do
anything else (docs/decisions/0071).
"""

import pytest

from sandbox.faults import Fault
from sandbox.mailboxes.mime import read_mail
from sandbox.salesforce.errors import SalesforceError
from tests.simulation.day import categorise, deliver, move, send
from tests.simulation.effects import Effects, Moment, WorkerDied
from tests.simulation.house import House, Make, is_write
from tests.simulation.letters import ADA, BEN, NORA, STRANGER, letter
from tests.simulation.oracle import DROP
from tests.simulation.sweep import restlessness

ERROR, MARK = "Sync Error", "Salesforce"
REFUSED = "Status: A validation rule refused it"
WARNED = {ERROR, REFUSED}


@pytest.fixture
def house() -> House:
    return begun()


def begun(**switches: bool) -> House:
    house = House(Make(switches={name.replace("_", ".", 1): on for name, on in switches.items()}))
    house.round()
    house.pass_minutes(2)
    return house


def forbid(house: House, subject: str = "Hello") -> None:
    house.org.add_validation_rule("EmailMessage", f'Subject = "{subject}"', "Not that.")


def allow(house: House) -> None:
    house.org.core.customer.validation["EmailMessage"].clear()


def arrive(house: House, subject: str = "Hello", sender: str = NORA, to: str = ADA) -> None:
    deliver(house, letter(subject, sender, to, house.clock.now()))


def work(house: House, rounds: int = 1) -> None:
    for _ in range(rounds):
        house.pass_minutes(2)
        house.round()


def a_day_later(house: House) -> None:
    house.pass_minutes(25 * 60)
    work(house, 2)


def categories(house: House, person: str = "ada", subject: str = "Hello") -> set[str]:
    return set(next(house.world.mailboxes.find(house.box(person), subject=subject)).categories)


def records(house: House, subject: str = "Hello") -> int:
    return len(house.rows("EmailMessage", "Id", where=f"Subject = '{subject}'"))


def test_what_salesforce_refuses_says_so_until_it_is_taken(house: House) -> None:
    forbid(house)
    arrive(house)
    categorise(house, "ada", "Hello", "Blue category")
    work(house)
    assert categories(house) == {"Blue category", *WARNED}
    assert restlessness(house) == []
    allow(house)
    a_day_later(house)
    assert records(house) == 1
    assert categories(house) == {"Blue category", MARK}
    assert restlessness(house) == []


def test_both_are_written_with_the_receipts_and_once(house: House) -> None:
    def session() -> list[str]:
        house.pass_minutes(2)
        return [entry.route for entry in house.counting(house.round) if entry.path.startswith("/v1.0")]

    for number in range(3):
        arrive(house, f"Fine {number}")
    without = session()
    forbid(house)
    arrive(house)
    for number in range(3, 5):
        arrive(house, f"Fine {number}")
    assert session() == without
    assert categories(house) == WARNED
    assert [entry for entry in house.counting(lambda: work(house, 3)) if is_write(entry)] == []


def test_our_own_marks_are_no_news(house: House) -> None:
    """What comes back through the change stream wakes no second try."""
    forbid(house)
    arrive(house)
    work(house)
    asked = house.counting(lambda: work(house, 3))
    assert not [
        entry for entry in asked if "composite" in entry.path and entry.method == "POST" and is_write(entry)
    ]
    assert not [entry for entry in asked if "/messages/" in entry.path]


def test_a_wish_that_is_refused_stays_one(house: House) -> None:
    forbid(house)
    arrive(house, sender=STRANGER)
    work(house)
    categorise(house, "ada", "Hello", MARK)
    work(house)
    assert categories(house) == {MARK, *WARNED}
    allow(house)
    a_day_later(house)
    assert house.why("ada", "Hello") == "MAIL-SAVED-MARK"
    assert categories(house) == {MARK}


def test_what_is_not_wanted_any_more_has_no_issue(house: House) -> None:
    forbid(house)
    arrive(house, sender=STRANGER)
    work(house)
    categorise(house, "ada", "Hello", MARK)
    work(house)
    categorise(house, "ada", "Hello", *WARNED)
    work(house)
    assert house.why("ada", "Hello") == "MAIL-UNKNOWN"
    assert categories(house) == set()
    assert restlessness(house) == []


def test_a_setting_that_solves_it_takes_both_off(house: House) -> None:
    forbid(house)
    arrive(house)
    work(house)
    house.set("ada", blocklist=(NORA,))
    a_day_later(house)
    assert house.why("ada", "Hello") == "MAIL-BLOCKED"
    assert categories(house) == set()


def test_in_the_drop_folder_it_stays_where_it_is_until_it_is_saved(house: House) -> None:
    forbid(house)
    arrive(house)
    move(house, "ada", "Hello", DROP)
    work(house)
    assert categories(house) == WARNED
    box = house.box("ada")
    message = next(house.world.mailboxes.find(box, subject="Hello"))
    assert box.folders[message.folder].name == DROP
    allow(house)
    a_day_later(house)
    assert categories(house) == {MARK}
    assert next(house.world.mailboxes.find(box, subject="Hello")).folder == box.well_known("inbox").number


def test_who_takes_it_off_sees_it_again_and_a_persons_own_stays(house: House) -> None:
    arrive(house, "Mine")
    categorise(house, "ada", "Mine", ERROR, "Status: open")
    forbid(house)
    arrive(house)
    work(house)
    categorise(house, "ada", "Hello")
    work(house)
    assert categories(house) == WARNED
    assert categories(house, subject="Mine") == {ERROR, "Status: open", MARK}
    assert restlessness(house) == []


def test_colleagues_copies_have_it_too_and_lose_it_too(house: House) -> None:
    forbid(house)
    arrive(house, to=f"{ADA}, {BEN}")
    work(house, 2)
    assert (categories(house), categories(house, "ben")) == (WARNED, WARNED)
    allow(house)
    a_day_later(house)
    assert (categories(house), categories(house, "ben")) == ({MARK}, {MARK})
    assert records(house) == 1


def test_another_issue_takes_the_place_of_the_first(house: House) -> None:
    forbid(house)
    arrive(house)
    work(house)
    allow(house)
    house.org.add_automation("EmailMessage", "before", _fail)
    a_day_later(house)
    assert categories(house) == {ERROR, "Status: A trigger or flow failed"}


def _fail(*_: object) -> None:
    raise SalesforceError("CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", "the flow failed")


def test_what_was_filed_away_loses_it_when_it_is_found(house: House) -> None:
    forbid(house)
    arrive(house)
    work(house)
    move(house, "ada", "Hello", "archive")
    work(house)
    a_day_later(house)
    assert house.why("ada", "Hello") == "MAIL-ELSEWHERE"
    assert categories(house) == set()
    assert restlessness(house) == []


def test_a_mailbox_that_was_paused_loses_it_when_it_goes_on(house: House) -> None:
    forbid(house)
    arrive(house)
    work(house)
    house.store.set_running(house.ids["ada"], False)
    allow(house)
    a_day_later(house)
    assert categories(house) == WARNED
    house.store.set_running(house.ids["ada"], True)
    work(house, 2)
    assert categories(house) == {MARK}


def test_a_reply_that_inherits_all_of_it_has_no_issue_and_no_wish(house: House) -> None:
    forbid(house)
    arrive(house, sender=STRANGER)
    work(house)
    categorise(house, "ada", "Hello", MARK)
    work(house)
    inherited = categories(house)
    send(house, "ada", letter("Re: Hello", ADA, STRANGER, house.clock.now(), In_Reply_To="<Hello@fir.test>"))
    categorise(house, "ada", "Re: Hello", *inherited, "Blue category")
    work(house, 2)
    assert house.why("ada", "Re: Hello") == "MAIL-UNKNOWN"
    assert categories(house, subject="Re: Hello") == {MARK, "Blue category"}
    assert categories(house) == {MARK, *WARNED}
    assert restlessness(house) == []


def test_a_draft_that_inherits_all_of_it_is_its_writers_until_it_is_sent(house: House) -> None:
    forbid(house)
    arrive(house)
    work(house)
    box, mailboxes = house.box("ada"), house.world.mailboxes
    mail, _ = read_mail(bytes(letter("Re: Hello", ADA, NORA, house.clock.now(), In_Reply_To="<Hello@fir.test>")))
    draft = mailboxes.create_draft(box, mail, folder=box.well_known("inbox"))
    mailboxes.set_categories(box, draft, WARNED)
    work(house, 2)
    assert categories(house, subject="Re: Hello") == WARNED
    mailboxes.send(box, draft)
    work(house, 2)
    assert categories(house, subject="Re: Hello") == {MARK}


def test_who_puts_it_on_what_is_saved_sees_it_go(house: House) -> None:
    arrive(house)
    work(house)
    categorise(house, "ada", "Hello", MARK, "Blue category", *WARNED)
    work(house, 2)
    assert categories(house) == {MARK, "Blue category"}
    assert records(house) == 1


def test_a_category_beside_an_issue_is_somebodys_and_the_issue_keeps_its_words(house: House) -> None:
    """The second one says what Salesforce said, which is not known any more when the category is seen."""
    house.world.faults.add(Fault("inside", "salesforce", "insert:EmailMessage", code="ODD_REFUSAL", times=1000))
    arrive(house)
    work(house)
    warned = categories(house)
    assert warned == {ERROR, "Status: Salesforce refused it: ODD_REFUSAL"}
    categorise(house, "ada", "Hello", *warned, "Blue category")
    work(house, 2)
    assert categories(house) == {*warned, "Blue category"}
    assert restlessness(house) == []


def test_a_list_of_categories_may_be_all_that_a_mailbox_takes() -> None:
    house = begun(graph_any_category_is_taken=False)
    forbid(house)
    arrive(house)
    work(house)
    assert categories(house) == {ERROR}
    assert restlessness(house) == []
    allow(house)
    a_day_later(house)
    assert categories(house) == {MARK}


def test_the_red_one_is_in_the_list_in_its_colour(house: House) -> None:
    assert {one.name: one.color for one in house.box("ada").categories}[ERROR] == "preset0"


def test_somebodys_change_comes_first(house: House) -> None:
    """They take the mark off while we write of the issue: it is none any more."""
    forbid(house)
    arrive(house, sender=STRANGER)
    work(house)
    categorise(house, "ada", "Hello", MARK)
    effects = Effects(
        strike_after="journal.finish", meanwhile=lambda: categorise(house, "ada", "Hello", "Blue category")
    )
    house.ports = house.new_worker(effects)
    work(house)
    assert effects.struck
    house.restart()
    work(house, 2)
    assert categories(house) == {"Blue category"}
    assert house.why("ada", "Hello") == "MAIL-UNKNOWN"


@pytest.mark.parametrize("moment", [Moment.BEFORE, Moment.AFTER, Moment.LOST])
@pytest.mark.parametrize("solved", [False, True], ids=["when it begins", "when it ends"])
def test_whoever_dies_on_the_way_leaves_nothing_behind(moment: Moment, *, solved: bool) -> None:
    names = _effects(solved=solved)
    for at in range(names.index("journal.send"), len(names)):
        house = _ready(solved=solved)
        house.ports = house.new_worker(Effects(strike_at=at, moment=moment))
        try:
            house.force("ada")
        except WorkerDied:
            house.pass_minutes(8)
        house.restart()
        work(house, 2)
        house.pass_minutes(31)
        work(house, 2)
        assert categories(house) == ({MARK} if solved else WARNED), at
        allow(house)
        a_day_later(house)
        assert categories(house) == {MARK}, at
        assert records(house) == 1
        assert restlessness(house) == []


def test_a_colleagues_copy_loses_the_red_one_of_whoever_died_though_it_is_solved_by_then() -> None:
    """Where it stands without the second, only what is remembered tells that it is no person's own."""

    def to_both(effects: Effects) -> House:
        house = begun(graph_any_category_is_taken=False)
        forbid(house)
        arrive(house, to=f"{ADA}, {BEN}")
        house.ports = house.new_worker(effects)
        return house

    whole = Effects()
    to_both(whole).force()
    told = max(at for at, name in enumerate(whole.names) if "$batch" in name)
    house = to_both(Effects(strike_at=told, moment=Moment.AFTER))
    with pytest.raises(WorkerDied):
        house.force()
    assert (categories(house), categories(house, "ben")) == ({ERROR}, {ERROR})
    allow(house)
    house.pass_minutes(8)
    house.restart()
    work(house, 2)
    assert (categories(house), categories(house, "ben")) == ({MARK}, {MARK})


def _ready(*, solved: bool) -> House:
    """One session before the marks are set, or taken off."""
    house = begun()
    forbid(house)
    arrive(house)
    if solved:
        work(house)
        allow(house)
        house.pass_minutes(25 * 60)
        house.tick()
    return house


def _effects(*, solved: bool) -> list[str]:
    house, effects = _ready(solved=solved), Effects()
    house.ports = house.new_worker(effects)
    house.force("ada")
    return effects.names
