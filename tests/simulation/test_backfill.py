"""Older mails that were asked for: each saved once, in portions, behind what is new, whatever goes wrong."""

import random
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest

from crosstie.domain.backfills import Backfill, Stage
from crosstie.domain.mailboxes import Span
from crosstie.domain.settings import Resolving
from crosstie.engine import backfilling, foreseeing
from crosstie.salesforce.crm import SalesforceCrm
from crosstie.salesforce.governor import KEPT
from tests.simulation.day import categorise, deliver, move
from tests.simulation.effects import Effects, Moment, WorkerDied, stride
from tests.simulation.house import AUTO_SAVE, START, House, Make
from tests.simulation.letters import ADA, BEN, FREE, NORA, OMAR, PRIYA, STRANGER, letter
from tests.simulation.sweep import DEATH_MINUTES, SETTLE_MINUTES, restlessness

DAY = timedelta(days=1)
AUTUMN = Span(START - 90 * DAY, START - 10 * DAY)
SENDERS = (NORA, OMAR, PRIYA)


PLAIN = Make()


def house_with_past(mails: int = 6, make: Make = PLAIN, **settings: object) -> House:
    """What lay in the mailboxes long before they were activated; the first sessions are over."""
    house = House(make)
    for person in house.ids:
        house.set(person, **settings)
    for number in range(mails):
        put(house, f"Old {number}", SENDERS[number % 3], days=20 + number)
    put(house, "From a colleague", BEN, days=15)
    put(house, "From a stranger", STRANGER, days=16)
    put(house, "Too old", NORA, days=100)
    put(house, "Yesterday", NORA, days=1)
    work(house, 3)
    assert Counter(saved(house)) == Counter(["Yesterday"])
    return house


def put(house: House, subject: str, sender: str, *, days: float, to: str = ADA, person: str = "ada") -> None:
    then = START - days * DAY
    raw = letter(subject, sender, to, then).as_bytes()
    house.world.mailboxes.put(house.box(person), raw, received=then)


def work(house: House, rounds: int = 1) -> None:
    for _ in range(rounds):
        house.pass_minutes(2)
        house.round()


def ask(house: House, window: Span = AUTUMN, person: str = "ada") -> None:
    house.ports.backfills.add(house.ids[person], window)


def backfill(house: House, person: str = "ada") -> Backfill:
    return house.ports.backfills.of([house.ids[person]])[house.ids[person]][-1]


def saved(house: House) -> list[str]:
    return [row["Subject"] for row in house.rows(house.mail_object, "Subject")]


def test_what_lies_in_the_window_is_saved_by_the_usual_rules_and_nothing_else() -> None:
    house = house_with_past()
    ask(house)
    work(house)
    assert Counter(saved(house)) == Counter(["Yesterday", *(f"Old {number}" for number in range(6))])
    done = backfill(house)
    assert (done.stage, done.reached, done.left) == (Stage.DONE, AUTUMN.since, 0)
    assert (done.tally.saved, done.tally.already) == (6, 0)
    assert dict(done.tally.left_out) == {"MAIL-INTERNAL": 1, "MAIL-UNKNOWN": 1}
    assert house.why("ada", "Old 0") == "MAIL-SAVED-OPPORTUNITY"
    assert house.why("ada", "From a stranger") == "MAIL-UNKNOWN"
    assert house.why("ada", "Too old") == ""
    assert restlessness(house) == []


def test_it_goes_in_portions_from_the_newest_to_the_oldest_and_says_how_far(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(backfilling, "PORTION", 3)
    house = house_with_past()
    ask(house)
    seen = []
    for _ in range(4):
        work(house)
        now = backfill(house)
        seen.append((now.tally.looked, now.left, now.stage))
    assert seen == [(3, 5, Stage.RUNNING), (6, 2, Stage.RUNNING), (8, 0, Stage.DONE), (8, 0, Stage.DONE)]
    assert len(saved(house)) == 7


def test_the_next_portion_follows_soon_and_not_after_the_licences_interval(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(backfilling, "PORTION", 2)
    house = house_with_past()
    ask(house)
    house.force("ada")
    house.run_for(8)
    assert backfill(house).stage is Stage.DONE


def test_new_mail_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """While the mailbox has news that one slice does not hold, nothing older is looked at."""
    monkeypatch.setattr("crosstie.engine.batch.SLICE_ITEMS", 2)
    house = house_with_past()
    ask(house)
    for number in range(5):
        deliver(house, letter(f"New {number}", NORA, ADA, house.clock.now()))
    house.pass_minutes(2)
    house.tick()
    house.memory.wake(house.ids["ada"])
    from crosstie.engine import batch

    while batch.run(house.ports, house.claim())[0].more:
        assert backfill(house).stepped_at is None
    assert {f"New {number}" for number in range(5)} <= set(saved(house))
    work(house, 3)
    assert backfill(house).stage is Stage.DONE


def test_pausing_holds_it_and_resuming_lets_it_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backfilling, "PORTION", 3)
    house = house_with_past()
    ask(house)
    work(house)
    house.ports.backfills.pause(house.ids["ada"])
    deliver(house, letter("Meanwhile", NORA, ADA, house.clock.now()))
    work(house, 3)
    assert backfill(house).tally.looked == 3
    assert "Meanwhile" in saved(house)
    house.ports.backfills.resume(house.ids["ada"])
    work(house, 3)
    assert (backfill(house).stage, backfill(house).tally.looked) == (Stage.DONE, 8)


def test_one_follows_another_and_what_both_have_is_saved_already(monkeypatch: pytest.MonkeyPatch) -> None:
    house = house_with_past()
    ask(house)
    ask(house, Span(START - 120 * DAY, START - 21 * DAY))
    work(house, 4)
    first, second = house.ports.backfills.of([house.ids["ada"]])[house.ids["ada"]]
    assert (first.stage, second.stage) == (Stage.DONE, Stage.DONE)
    assert (second.tally.saved, second.tally.already) == (1, 4)
    assert "Too old" in saved(house)


def test_what_was_saved_before_is_not_doubled_and_what_was_taken_out_stays_out() -> None:
    house = house_with_past()
    for subject in ("Old 1", "Old 2", "Old 3"):
        categorise(house, "ada", subject, "Salesforce")
    work(house)
    (row,) = house.rows("EmailMessage", "Id", "ActivityId", where="Subject = 'Old 2'")
    house.org.delete(house.org.admin, row["Id"])
    for _ in range(6):
        work(house)
    ask(house)
    work(house)
    assert Counter(saved(house))["Old 1"] == 1
    assert "Old 2" not in saved(house)
    tally = backfill(house).tally
    assert (tally.saved, tally.already, tally.left_out["MAIL-DELETED"]) == (3, 2, 1)
    assert restlessness(house) == []


def test_a_colleagues_copy_is_shared_and_one_whose_record_was_deleted_is_not_made_again() -> None:
    house = House()
    for subject in ("For both", "Taken out"):
        for person in ("ada", "ben"):
            put(house, subject, NORA, days=30, to=f"{ADA}, {BEN}", person=person)
    work(house, 3)
    ask(house, person="ben")
    work(house)
    (row,) = house.rows("EmailMessage", "Id", where="Subject = 'Taken out'")
    house.org.delete(house.org.admin, row["Id"])
    work(house, 6)
    ask(house)
    work(house)
    assert saved(house) == ["For both"]
    tally = backfill(house).tally
    assert (tally.saved, tally.already, dict(tally.left_out)) == (0, 1, {"MAIL-DELETED": 1})
    assert house.why("ada", "Taken out") == "MAIL-DELETED"


def test_a_mark_from_before_us_is_a_receipt_and_the_rules_decide() -> None:
    house = House()
    put(house, "Old and known", NORA, days=30)
    put(house, "Old and strange", STRANGER, days=31)
    for subject in ("Old and known", "Old and strange"):
        categorise(house, "ada", subject, "Salesforce")
    work(house, 3)
    assert house.why("ada", "Old and known") == "MAIL-OLD-MARK"
    ask(house)
    work(house)
    assert saved(house) == ["Old and known"]
    assert house.why("ada", "Old and strange") == "MAIL-UNKNOWN"


def test_who_becomes_a_contact_later_has_the_old_mail_saved() -> None:
    house = house_with_past()
    ask(house)
    work(house)
    house.know(STRANGER)
    work(house, 2)
    assert "From a stranger" in saved(house)
    assert house.why("ada", "From a stranger") == "MAIL-SAVED"


def test_blocklist_modes_and_links_hold_as_for_new_mail() -> None:
    house = House(Make(settings=AUTO_SAVE))
    for person in house.ids:
        house.set(person, blocklist=("birchworks.test",), resolving=Resolving.LEAD)
    put(house, "Blocked", NORA, days=30)
    put(house, "Private", FREE, days=31)
    put(house, "Stranger", STRANGER, days=32)
    work(house, 3)
    ask(house)
    work(house)
    assert saved(house) == ["Stranger"]
    assert len(house.rows("Lead", "Id", where=f"Email = '{STRANGER}'")) == 1
    assert dict(backfill(house).tally.left_out) == {"MAIL-BLOCKED": 1, "MAIL-FREE": 1}


def test_without_auto_saving_it_waits_and_says_so() -> None:
    house = house_with_past(mail_auto_save=True)
    ask(house)
    house.set("ada", mail_auto_save=False)
    work(house, 2)
    assert (backfill(house).waits, backfill(house).tally.looked) == ("MAIL-AUTO-OFF", 0)
    assert restlessness(house) == []
    house.set("ada", mail_auto_save=True)
    work(house)
    assert (backfill(house).waits, backfill(house).stage) == ("", Stage.DONE)


def test_the_last_calls_of_the_day_are_left_to_new_mail() -> None:
    house = house_with_past()
    ask(house)
    assert isinstance(house.ports.crm, SalesforceCrm)
    governor = house.ports.crm.client.governor
    assert governor.allowance
    while governor.has_room:
        governor.note("")
    assert governor._used(house.clock.now()) >= governor.cap * (1 - KEPT)
    deliver(house, letter("New", NORA, ADA, house.clock.now()))
    work(house)
    assert "New" in saved(house)
    assert (backfill(house).waits, backfill(house).tally.looked) == (backfilling.NO_CALLS, 0)
    house.pass_minutes(25 * 60)
    work(house)
    assert backfill(house).stage is Stage.DONE


def test_it_costs_one_request_a_portion_and_nothing_once_it_is_over() -> None:
    house = house_with_past(0)
    put(house, "Internal", BEN, days=30)
    work(house)
    idle = len(house.counting(lambda: house.force("ada")))
    ask(house)
    assert len(house.counting(lambda: house.force("ada"))) == idle + 1
    assert len(house.counting(lambda: house.force("ada"))) == idle


def test_where_the_mailbox_does_not_count_it_goes_on_without_a_total() -> None:
    house = house_with_past(make=Make(switches={"graph.filtered_is_counted": False}))
    assert foresee(house, most=3).left == 0
    ask(house)
    work(house)
    assert (backfill(house).stage, backfill(house).left, backfill(house).tally.saved) == (Stage.DONE, None, 6)


def test_a_portion_that_cannot_be_fetched_is_told_and_fetched_later() -> None:
    from sandbox.faults import Fault

    house = house_with_past()
    ask(house)
    house.world.faults.add(Fault("refuse", "graph", "messages.list_folder", status=500, times=9))
    deliver(house, letter("New", NORA, ADA, house.clock.now()))
    work(house)
    assert "New" in saved(house)
    assert backfill(house).tally.looked == 0
    assert house.errors
    house.world.faults.clear()
    work(house, 2)
    assert backfill(house).stage is Stage.DONE


# -- what is foreseen ---------------------------------------------------------------------------------------


def test_the_preview_says_what_comes_and_writes_nothing() -> None:
    house = house_with_past()
    categorise(house, "ada", "Old 1", "Salesforce")
    work(house)
    before = dict(house.memory.items), dict(house.memory.journal), dict(house.memory.cursors)
    seen: list[foreseeing.Foreseen] = []
    entries = house.counting(lambda: seen.append(foresee(house)))
    (found,) = seen
    assert before == (dict(house.memory.items), dict(house.memory.journal), dict(house.memory.cursors))
    assert all(entry.face == "graph" and all(p.startswith("GET ") for p in entry.parts) for entry in entries)
    assert len(entries) == 1
    ask(house)
    house.pass_minutes(1)
    calls = house.counting(lambda: house.force("ada"))
    metered = [entry for entry in calls if entry.path.startswith("/services/data/")]
    assert found.tally == backfill(house).tally
    assert found.calls == len(metered) == 1
    assert (found.left, found.reached) == (0, AUTUMN.since)


@pytest.mark.parametrize("files", [None, {"plan.pdf": b"plan " * 3000}])
def test_the_calls_that_are_foreseen_are_those_that_come(files: dict[str, bytes] | None) -> None:
    house = House(Make(settings=replace(AUTO_SAVE, resolving=Resolving.LEAD)))
    for number in range(12):
        then = START - (20 + number) * DAY
        raw = letter(f"Old {number}", NORA if number else STRANGER, ADA, then, files=files).as_bytes()
        house.world.mailboxes.put(house.box("ada"), raw, received=then)
    work(house, 3)
    found = foresee(house)
    ask(house)
    house.pass_minutes(1)
    calls = house.counting(lambda: house.force("ada"))
    metered = [entry for entry in calls if entry.path.startswith("/services/data/")]
    assert backfill(house).tally.saved == found.tally.saved == 12
    assert len(metered) <= found.calls <= len(metered) + 1


def foresee(house: House, window: Span = AUTUMN, most: int = 1000) -> foreseeing.Foreseen:
    return foreseeing.foresee(house.ports, house.ids["ada"], window, most)


def test_a_preview_ends_after_so_many_mails_and_says_how_many_it_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(foreseeing, "PORTION", 3)
    found = foresee(house_with_past(), most=5)
    assert (found.tally.looked, found.left) == (6, 2)


# -- every accident -------------------------------------------------------------------------------------


def filled(make: Make, at: int = -1, moment: Moment = Moment.BEFORE) -> tuple[House, Effects]:
    """A back-fill in three portions with an accident in it, and the work until all is settled."""
    house = house_with_past(make=make)
    move(house, "ada", "Old 5", "archive")
    ask(house)
    effects = Effects(strike_at=at, moment=moment)
    if moment is Moment.STOPPED:
        effects.meanwhile = lambda: take_over(house)
    house.effects, house.ports = effects, house.new_worker(effects)
    for _ in range(8):
        house.pass_minutes(2)
        try:
            house.round()
        except WorkerDied:
            house.pass_minutes(DEATH_MINUTES)
            house.ports = house.new_worker()
    for _ in range(3):
        house.pass_minutes(SETTLE_MINUTES)
        house.round()
    return house, effects


def take_over(house: House) -> None:
    """Another worker does the next portion while the first stands still."""
    stopped = house.ports
    house.pass_minutes(DEATH_MINUTES)
    house.ports = house.new_worker()
    house.round()
    house.ports = stopped


def failures(house: House) -> list[str]:
    wanted = Counter(["Yesterday", *(f"Old {number}" for number in range(5))])
    found = [f"records: {saved(house)}"] if Counter(saved(house)) != wanted else []
    done = backfill(house)
    unclear = done.tally.left_out.get("MAIL-UNCLEAR", 0)
    if (done.stage, done.tally.looked, done.tally.saved + unclear) != (Stage.DONE, 7, 5):
        found.append(f"{done}")
    if unclear and house.make.keyed:
        found.append(f"{unclear} were put off though their keys tell what became of them")
    return found + restlessness(house)


@pytest.mark.parametrize(("keyed", "every"), [(True, 4), (False, 6)])
def test_whatever_goes_wrong_nothing_is_lost_or_doubled_and_the_count_is_right(
    monkeypatch: pytest.MonkeyPatch, keyed: bool, every: int
) -> None:
    monkeypatch.setattr(backfilling, "PORTION", 3)
    make = Make(keyed=keyed, syncing=("ada",))
    quiet, effects = filled(make)
    assert failures(quiet) == []
    last = max(number for number, name in enumerate(effects.names) if name == "backfills.step")
    points = [(at, moment) for at in range(last + 2) for moment in Moment]
    points = [(at, moment) for at, moment in points if moment is not Moment.LOST or " /" in effects.names[at]]
    points = [(at, moment) for at, moment in points if moment is not Moment.STOPPED or not effects.within[at]]
    random.Random(f"backfill {keyed}").shuffle(points)
    bad = []
    for at, moment in points[:: stride(every)]:
        house, struck = filled(make, at, moment)
        bad += [f"{moment} {at} {effects.names[at]}: {one}" for one in failures(house)]
        if not struck.struck:
            bad.append(f"{moment} {at} {effects.names[at]}: did not happen")
    assert bad == []
