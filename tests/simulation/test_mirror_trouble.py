"""Calendars in trouble: answers that never came, cursors that died, settings in mid-run."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from crosstie.engine import batch
from sandbox.faults import Effect, Fault
from sandbox.mailboxes.calendar import outsiders
from sandbox.mailboxes.calendar.model import Details, Rule
from sandbox.mailboxes.model import Person
from sandbox.salesforce import mishaps
from tests.simulation.desk import CALENDAR, SOON, Desk
from tests.simulation.effects import WorkerDied
from tests.simulation.house import LEASE_SECONDS, MARGIN_SECONDS, House, Make, is_write
from tests.simulation.letters import ADA, BEN, NORA
from tests.simulation.sweep import DEATH_MINUTES
from tests.simulation.test_found import dies_before
from tests.simulation.test_mirror import quiet

FATES: tuple[tuple[Effect, float], ...] = (
    ("lose_answer", 0.0),
    ("drop_before", 0.0),
    ("finish_later", 90.0),
    ("finish_later", 590.0),
)


def desk_of(**make: Any) -> Desk:
    made = House(Make(settings=CALENDAR, **make))
    made.round()
    return Desk(made)


@pytest.fixture
def desk() -> Desk:
    return desk_of()


def settle(desk: Desk) -> None:
    """Whatever was to go wrong has, when it is over."""
    for _ in range(8):
        desk.sync()
    assert desk.house.world.faults.quiet


@pytest.mark.parametrize("keyed", [True, False])
@pytest.mark.parametrize(("effect", "delay"), FATES)
def test_a_create_that_nobody_heard_of_makes_one_record(effect: Effect, delay: float, keyed: bool) -> None:
    desk = desk_of(keyed=keyed)
    desk.put("Saw line")
    desk.put("Saw line")
    desk.house.world.faults.add(Fault(effect, "salesforce", "graph", delay=delay))
    settle(desk)
    assert [event["Subject"] for event in desk.events()] == ["Saw line", "Saw line"]
    assert all("Salesforce" in one.details.categories for one in desk.there())
    assert len(desk.there()) == 2
    assert quiet(desk.house)


def test_what_was_deleted_while_its_create_was_in_doubt_goes_from_salesforce_too(desk: Desk) -> None:
    appointment = desk.put()
    desk.house.world.faults.add(Fault("lose_answer", "salesforce", "graph", times=2))
    desk.sync()
    desk.delete(appointment)
    settle(desk)
    assert desk.events() == []


@pytest.mark.parametrize("behind", [0, 146])
def test_an_item_of_whose_making_nobody_heard_is_known_by_its_token_however_soon_it_is_told_of(
    desk: Desk, behind: int
) -> None:
    """It bears our mark, and its record is due two minutes later by the clock of whoever made it."""
    desk.enter()
    desk.house.pass_minutes(2)
    desk.house.world.faults.add(Fault("lose_answer", "graph", "events.create"))
    desk.house.round()
    desk.house.clock.ahead = -timedelta(seconds=behind)
    for _ in range(2):
        desk.house.round()
    assert (len(desk.there()), len(desk.events())) == (1, 1)
    settle(desk)
    assert (len(desk.there()), len(desk.events())) == (1, 1)
    assert quiet(desk.house)


def test_what_a_vendor_adds_to_a_brought_item_is_nobodys_edit() -> None:
    """The item has an organizer and an id that no record told, and another version than it was made with."""
    desk = desk_of(switches={"graph.change_key_moves_after_create": True})
    record_id = desk.enter()
    desk.sync()
    desk.erase(record_id)
    settle(desk)
    assert desk.there() == []


@pytest.mark.parametrize("route", ["calendars.list", "events.list_in"])
def test_where_a_deleted_item_is_found_by_its_id_trouble_does_not_make_it_one_that_is_there(route: str) -> None:
    """It is told once that it left the calendar; whether it lies in another one is asked until that is known."""
    desk = desk_of(switches={"graph.deleted_event_is_found": True})
    appointment = desk.put()
    desk.sync()
    desk.delete(appointment)
    desk.house.world.faults.add(Fault("refuse", "graph", route, times=2, status=500))
    settle(desk)
    assert desk.events() == []
    assert quiet(desk.house)


@pytest.mark.parametrize("found", [False, True])
def test_what_went_while_the_cursor_was_dead_is_found_by_its_id(found: bool) -> None:
    """`found`: what lies in Deleted Items is answered with when it is asked for, some sessions later too."""
    desk = desk_of(switches={"graph.deleted_event_is_found": found})
    gone, edited = desk.put("Gone"), desk.put("Edited", SOON + timedelta(hours=2))
    brought = desk.enter("Brought", SOON + timedelta(hours=4))
    desk.sync()
    desk.house.world.mailboxes.expire_cursors(desk.house.box("ada"))
    desk.delete(gone)
    desk.change(edited, subject="Edited meanwhile")
    desk.delete(next(one for one in desk.there() if one.details.subject == "Brought"))
    settle(desk)
    assert [event["Subject"] for event in desk.events()] == ["Edited meanwhile"]
    assert brought not in {event["Id"] for event in desk.events()}
    assert quiet(desk.house)
    assert not desk.house.ports.states.links_due(1, desk.house.clock.now(), 10)


@pytest.mark.parametrize("repeats", [False, True])
@pytest.mark.parametrize("code", ["UNABLE_TO_LOCK_ROW", "DELETE_FAILED"])
def test_a_deleted_item_that_is_found_by_its_id_stays_deleted_though_its_record_is_not_at_once(
    code: str, repeats: bool
) -> None:
    """That it left the calendar was told once; the delete is tried again soon, or a day after it was refused."""
    desk = desk_of(switches={"graph.deleted_event_is_found": True})
    appointment = desk.repeat("Saw line", Rule("daily", count=3)) if repeats else desk.put()
    desk.sync()
    assert len(desk.events()) == (3 if repeats else 1)
    desk.delete(appointment)
    desk.house.world.faults.add(mishaps.row_refused(code, "Not now.", "Event", operation="delete", times=99))
    desk.sync()
    assert desk.events()
    desk.house.world.faults.clear()
    settle(desk)
    desk.days(2)
    assert desk.events() == []
    assert quiet(desk.house)


def test_behind_a_dead_cursor_only_what_is_listed_no_more_is_asked_for(desk: Desk) -> None:
    kept = [desk.put(f"Number {number}", SOON + timedelta(hours=number)) for number in range(12)]
    desk.sync()
    desk.sync()
    desk.house.world.mailboxes.expire_cursors(desk.house.box("ada"))
    desk.delete(kept[0])
    seen = desk.house.counting(lambda: settle(desk))
    asked = [part for one in seen for part in one.parts if part == "GET events.get"]
    assert len(asked) == 1
    assert len(desk.events()) == 11
    assert quiet(desk.house)


def test_what_changed_in_salesforce_behind_a_lost_log_comes_down(desk: Desk) -> None:
    desk.put("Here")
    record_id = desk.enter("There", SOON + timedelta(hours=2))
    desk.sync()
    desk.sync()
    desk.edit(record_id, Subject="There, renamed")
    desk.house.tick()
    memory = desk.house.memory
    memory.log.clear()
    memory.counters["cleared"] = memory.counters["log"]
    settle(desk)
    assert desk.subjects() == ["Here", "There, renamed"]
    assert quiet(desk.house)


def test_a_mailbox_that_is_switched_off_keeps_its_pairs(desk: Desk) -> None:
    appointment = desk.put()
    desk.enter("There", SOON + timedelta(hours=2))
    desk.sync()
    desk.house.set("ada", events_meetings=False, events_appointments=False, events_down=False)
    desk.change(appointment, subject="Meanwhile")
    settle(desk)
    assert sorted(event["Subject"] for event in desk.events()) == ["Saw line", "There"]
    assert desk.subjects() == ["Meanwhile"]
    desk.house.set("ada", events_meetings=True, events_appointments=True, events_down=True)
    settle(desk)
    assert sorted(event["Subject"] for event in desk.events()) == ["Meanwhile", "There"]
    assert desk.subjects() == ["Meanwhile", "There"]


def test_a_refused_item_write_is_not_done_when_its_record_could_not_be_written(desk: Desk) -> None:
    """An unsync whose delete was put off is still one when it is met again."""
    appointment = desk.put()
    desk.sync()
    desk.change(appointment, categories=("Salesforce", "Salesforce Unsync"))
    desk.house.world.faults.add(
        Fault(
            "refuse",
            "salesforce",
            "composite",
            skip=2,
            times=2,
            status=503,
            body=b'[{"errorCode":"SERVER_UNAVAILABLE","message":"Not now."}]',
        )
    )
    desk.sync()
    assert len(desk.events()) == 1
    settle(desk)
    assert desk.events() == []
    assert desk.only().details.categories == ()


def test_a_withdrawal_that_was_put_off_is_made_good(desk: Desk) -> None:
    record_id = desk.enter()
    desk.sync()
    desk.erase(record_id)
    desk.house.world.faults.add(Fault("lose_answer", "graph", "events.delete"))
    desk.house.world.faults.add(Fault("drop_before", "graph", "batch", skip=2))
    settle(desk)
    assert desk.there() == []
    assert quiet(desk.house)


def test_more_removals_than_allowed_stop_and_ask(desk: Desk) -> None:
    desk.house.set("ada", events_removals=3, events_removals_percent=10)
    kept = [desk.put(f"Number {number}", SOON + timedelta(hours=number)) for number in range(6)]
    desk.sync()
    desk.sync()
    for one in kept[:5]:
        desk.delete(one)
    settle(desk)
    assert len(desk.events()) == 6
    entries = desk.house.memory.journal.values()
    assert sum(row.entry.reason_code == "EVENT-GUARD" for row in entries) == 5
    assert quiet(desk.house)
    desk.delete(kept[5])
    settle(desk)
    assert len(desk.events()) == 6
    desk.house.set("ada", events_removals=6)
    settle(desk)
    assert desk.events() == []


def test_no_write_begins_that_the_lease_may_not_outlive(desk: Desk) -> None:
    """A vendor so slow that somebody else may work on the mailbox before the answer is back."""
    desk.put("Saw line")
    desk.enter("Call")
    desk.house.pass_minutes(2)
    desk.house.tick()
    desk.house.store.wake(desk.house.ids["ada"])
    leases = desk.house.claim()
    desk.house.pass_minutes((LEASE_SECONDS - MARGIN_SECONDS + 1) / 60)
    seen = desk.house.counting(lambda: batch.run(desk.house.ports, leases))
    assert not [one for one in seen if is_write(one)]
    settle(desk)
    assert desk.subjects() == ["Call", "Saw line"]
    assert len(desk.events()) == 2


def test_what_is_parted_is_remembered_under_one_key_whether_its_record_was_asked_for_or_not(desk: Desk) -> None:
    appointment = desk.put()
    desk.sync()
    desk.erase(desk.event()["Id"])
    settle(desk)
    (before,) = desk.links()
    desk.change(appointment, subject="Renamed")
    settle(desk)
    (after,) = desk.links()
    assert (after.bond, after.key, after.generation) == (before.bond, before.key, before.generation)


@pytest.mark.parametrize("found", [False, True])
def test_what_was_deleted_before_its_create_was_carried_out_goes_from_salesforce_too(found: bool) -> None:
    """The key is in no record yet when it is asked for, and nothing else will ever ask again. `found`: by its id,
    in Deleted Items.
    """
    desk = desk_of(switches={"graph.deleted_event_is_found": found})
    appointment = desk.put()
    desk.house.world.faults.add(Fault("finish_later", "salesforce", "graph", times=2, delay=550.0))
    desk.sync()
    desk.delete(appointment)
    settle(desk)
    assert desk.events() == []
    assert quiet(desk.house)


@pytest.mark.parametrize("trouble", ["death", "lost answer"])
def test_what_a_person_takes_out_stays_in_the_calendar_whatever_befalls_the_session(
    desk: Desk, trouble: str
) -> None:
    """Its record is gone and its mark is off, and nobody has heard of either: no person has deleted the record."""
    desk.enter()
    desk.sync()
    desk.change(desk.only(), subject="Call Nora")
    desk.sync()
    desk.sync()
    desk.change(desk.only(), categories=("Salesforce", "Salesforce Unsync"))
    if trouble == "death":
        dies_over_its_commit(desk)
    else:
        desk.house.world.faults.add(Fault("lose_answer", "graph", "events.update"))
    settle(desk)
    assert desk.events() == []
    assert desk.only().details.categories == ()
    assert quiet(desk.house)


def test_a_record_that_only_a_duplicates_message_names_is_known_again_when_it_is_deleted(desk: Desk) -> None:
    """The message has the short form of its id, and everything else tells the long one."""
    sent: list[str] = []

    def refuses_to_look_for_it(name: str) -> None:
        sent.append(name)
        if sum(one.endswith("/graph") for one in sent) == 2 and name.endswith("/graph"):
            desk.house.world.faults.add(mishaps.unavailable(route="composite", times=9))

    desk.put()
    desk.house.world.faults.add(Fault("lose_answer", "salesforce", "graph"))
    desk.house.effects.before = refuses_to_look_for_it
    desk.sync()
    desk.house.effects.before = None
    desk.house.world.faults.clear()
    settle(desk)
    desk.erase(desk.event()["Id"])
    settle(desk)
    assert desk.only().details.categories == ()
    assert quiet(desk.house)


@pytest.mark.parametrize("trouble", ["death", "lost answer"])
def test_what_was_brought_and_nobody_but_us_has_edited_goes_with_its_event_whoever_died_over_an_edit(
    desk: Desk, trouble: str
) -> None:
    """What was carried down is there, and nobody has heard of that: no person wrote it."""
    record_id = desk.enter()
    desk.sync()
    desk.edit(record_id, Subject="Call Nora", Location="Mill")
    if trouble == "death":
        dies_over_its_commit(desk)
    else:
        desk.house.world.faults.add(Fault("lose_answer", "graph", "events.update"))
        desk.sync()
    assert desk.subjects() == ["Call Nora"]
    desk.erase(record_id)
    settle(desk)
    assert desk.there() == []
    assert quiet(desk.house)


def test_what_a_person_edits_after_an_edit_that_nobody_heard_of_stays_when_its_event_goes(desk: Desk) -> None:
    record_id = desk.enter()
    desk.sync()
    desk.edit(record_id, Subject="Call Nora", Location="Mill")
    dies_over_its_commit(desk)
    desk.change(desk.only(), subject="Call Omar")
    desk.erase(record_id)
    settle(desk)
    assert desk.subjects() == ["Call Omar"]
    assert quiet(desk.house)


def test_an_edit_that_a_dead_worker_did_not_carry_down_is_carried_down_by_the_next(desk: Desk) -> None:
    record_id = desk.enter()
    desk.sync()
    desk.edit(record_id, Subject="Call Nora")
    desk.house.world.faults.add(Fault("drop_before", "graph", "events.update", times=9))
    dies_over_its_commit(desk)
    assert desk.subjects() == ["Call"]
    desk.house.world.faults.clear()
    settle(desk)
    assert desk.subjects() == [desk.event()["Subject"]] == ["Call Nora"]
    assert quiet(desk.house)


def dies_over_its_commit(desk: Desk) -> None:
    desk.house.effects.before = dies_before("states.save_position")
    with pytest.raises(WorkerDied):
        desk.sync()
    desk.house.pass_minutes(DEATH_MINUTES)
    desk.house.restart()


def test_a_copy_whose_event_moves_far_ahead_goes_at_once_and_comes_again_when_its_time_comes(desk: Desk) -> None:
    record_id = desk.enter()
    desk.sync()
    assert desk.subjects() == ["Call"]
    later = SOON + timedelta(days=75)
    desk.edit(record_id, StartDateTime=later, EndDateTime=later + timedelta(hours=1))
    settle(desk)
    assert desk.there() == []
    assert desk.event()["StartDateTime"] == later
    assert quiet(desk.house)
    desk.days(18)
    assert desk.only().details.start == later


def test_a_brought_item_whose_version_moves_at_rest_writes_nothing() -> None:
    """What its vendor says of it besides goes up with somebody's edit, and not without one."""
    desk = desk_of(switches={"graph.change_key_moves_at_rest": True})
    desk.enter()
    desk.sync()
    made = desk.only().version
    for _ in range(20):
        desk.house.pass_minutes(2)
        assert quiet(desk.house)
    assert desk.only().version > made
    assert organizer(desk) is None
    desk.change(desk.only(), subject="Call Nora")
    settle(desk)
    assert organizer(desk) == "Ada Keller <ada@larch.test>"


@pytest.mark.parametrize("minutes", [DEATH_MINUTES, 12])
def test_without_keys_a_colleague_waits_for_a_record_that_was_begun_for_their_meeting(minutes: int) -> None:
    """Whoever made it for the first of them died, and it is found again for them alone."""
    made = House(Make(settings=replace(CALENDAR, events_unanswered=True), keyed=False))
    made.round()
    desk = Desk(made)
    details = Details(
        subject="Saw line", start=SOON, end=SOON + timedelta(hours=1), attendees=Desk.invited(ADA, BEN)
    )
    outsiders.invite(desk.house.world.mailboxes, Person(NORA, "Nora Lindqvist"), details)
    desk.house.effects.before = dies_before("states.save_position")
    with pytest.raises(WorkerDied):
        desk.sync()
    desk.house.pass_minutes(minutes)
    desk.house.restart()
    settle(desk)
    assert len(desk.house.rows("Event", "Id", where="IsChild = false")) == 1
    assert quiet(desk.house)


def test_what_was_begun_twice_is_nobodys_edit_whatever_it_was_made_to_say(desk: Desk) -> None:
    """The first try to make it was lost, and of the second, which said something else, nobody heard."""
    record_id = desk.enter()
    desk.house.world.faults.add(Fault("drop_before", "graph", "events.create"))
    desk.sync()
    desk.edit(record_id, Subject="Second")
    dies_over_its_commit(desk)
    assert desk.subjects() == ["Second"]
    desk.edit(record_id, Subject="Third")
    settle(desk)
    assert desk.subjects() == [desk.event()["Subject"]] == ["Third"]
    assert quiet(desk.house)


def organizer(desk: Desk) -> str | None:
    """As the only Event names them."""
    (event,) = desk.events("Crosstie_Organizer__c")
    named = event["Crosstie_Organizer__c"]
    return None if named is None else str(named)
