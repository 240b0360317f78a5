"""What is remembered of a back-fill: both implementations of the port Backfills."""

from contextlib import suppress
from datetime import timedelta

import pytest

from crosstie.domain.backfills import Stage, Step, Tally
from crosstie.domain.errors import Fatal, LeaseLost
from crosstie.domain.mailboxes import Span
from tests.clocks import START
from tests.contract.test_states import Crash, again, lease
from tests.stores import Store

DAY = timedelta(days=1)
YEAR = Span(START - 400 * DAY, START - 35 * DAY)
MONTH = Span(START - 35 * DAY, START - 5 * DAY)


def test_one_begins_at_the_end_of_its_window(store: Store) -> None:
    box = store.add_mailbox()
    added = store.backfills().add(box, YEAR)
    assert (added.window, added.reached, added.stage) == (YEAR, YEAR.before, Stage.RUNNING)
    assert (added.tally, added.left, added.stepped_at, added.waits) == (Tally(), None, None, "")
    assert added.asked_at == store.clock.now()
    assert store.backfills().of([box]) == {box: (added,)}


def test_a_mailbox_that_nobody_has_cannot_be_filled(store: Store, other: Store) -> None:
    box = other.add_mailbox()
    with pytest.raises(Fatal):
        store.backfills().add(box, YEAR)
    assert store.backfills().of([box]) == {}
    assert other.backfills().of([box]) == {}


def test_each_mailbox_has_its_own_in_the_order_they_were_asked_for(store: Store, other: Store) -> None:
    first, second, without = (store.add_mailbox() for _ in range(3))
    several = [store.backfills().add(first, window) for window in (YEAR, MONTH, YEAR)]
    alone = store.backfills().add(second, MONTH)
    found = store.backfills().of([second, first, without])
    assert found == {first: tuple(several), second: (alone,)}
    assert other.backfills().of([first, second]) == {}


def test_steps_add_up_until_the_window_is_gone_through(store: Store) -> None:
    held = lease(store)
    number = store.backfills().add(held.mailbox_id, YEAR).backfill_id
    store.clock.step(60)
    store.backfills().step(held, number, Step(START - 40 * DAY, Tally(2, 1, {"MAIL-INTERNAL": 3}), 50))
    (one,) = store.backfills().of([held.mailbox_id])[held.mailbox_id]
    assert (one.reached, one.stage, one.left) == (START - 40 * DAY, Stage.RUNNING, 50)
    assert one.stepped_at == store.clock.now()
    store.backfills().step(held, number, Step(YEAR.since, Tally(1, 0, {"MAIL-INTERNAL": 1, "MAIL-SPAM": 2}), 0))
    (one,) = store.backfills().of([held.mailbox_id])[held.mailbox_id]
    assert (one.reached, one.stage, one.left) == (YEAR.since, Stage.DONE, 0)
    assert (one.tally.saved, one.tally.already, one.tally.looked) == (3, 1, 10)
    assert dict(one.tally.left_out) == {"MAIL-INTERNAL": 4, "MAIL-SPAM": 2}


def test_a_step_belongs_to_the_transaction_around_it(store: Store) -> None:
    held = lease(store)
    added = store.backfills().add(held.mailbox_id, YEAR)
    with suppress(Crash), store.states().transaction():
        store.backfills().step(held, added.backfill_id, Step(YEAR.since, Tally(5), 0))
        raise Crash
    assert store.backfills().of([held.mailbox_id]) == {held.mailbox_id: (added,)}


def test_who_lost_the_lease_takes_no_step(store: Store) -> None:
    held = lease(store)
    added = store.backfills().add(held.mailbox_id, YEAR)
    again(store, held)
    with pytest.raises(LeaseLost):
        store.backfills().step(held, added.backfill_id, Step(YEAR.since, Tally(5), 0))
    with pytest.raises(LeaseLost):
        store.backfills().wait(held, added.backfill_id, "X")
    assert store.backfills().of([held.mailbox_id]) == {held.mailbox_id: (added,)}


def test_a_lease_moves_nobody_elses(store: Store) -> None:
    held, box = lease(store), store.add_mailbox()
    added = store.backfills().add(box, YEAR)
    store.backfills().step(held, added.backfill_id, Step(YEAR.since, Tally(5), 0))
    store.backfills().wait(held, added.backfill_id, "X")
    assert store.backfills().of([box]) == {box: (added,)}


def test_pausing_and_resuming_turn_the_first_open_one(store: Store) -> None:
    held, backfills = lease(store), store.backfills()
    box = held.mailbox_id
    assert not backfills.pause(box)
    first, _second = backfills.add(box, MONTH), backfills.add(box, YEAR)
    assert not backfills.resume(box)
    assert backfills.pause(box)
    assert not backfills.pause(box)
    assert [one.stage for one in backfills.of([box])[box]] == [Stage.PAUSED, Stage.RUNNING]
    assert backfills.resume(box)
    backfills.step(held, first.backfill_id, Step(MONTH.since, Tally(), 0))
    assert backfills.pause(box)
    assert [one.stage for one in backfills.of([box])[box]] == [Stage.DONE, Stage.PAUSED]


def test_one_that_was_paused_while_a_session_ran_remembers_how_far_it_got(store: Store) -> None:
    held, backfills = lease(store), store.backfills()
    added = backfills.add(held.mailbox_id, YEAR)
    backfills.pause(held.mailbox_id)
    backfills.step(held, added.backfill_id, Step(START - 50 * DAY, Tally(7), 9))
    (one,) = backfills.of([held.mailbox_id])[held.mailbox_id]
    assert (one.stage, one.reached, one.tally.saved) == (Stage.PAUSED, START - 50 * DAY, 7)


def test_what_is_replaced_ends_where_it_is(store: Store) -> None:
    held, backfills = lease(store), store.backfills()
    box = held.mailbox_id
    done = backfills.add(box, MONTH)
    backfills.step(held, done.backfill_id, Step(MONTH.since, Tally(1), 0))
    old, waiting = backfills.add(box, YEAR), backfills.add(box, MONTH)
    backfills.pause(box)
    new = backfills.add(box, MONTH, replacing=True)
    backfills.step(held, old.backfill_id, Step(YEAR.since, Tally(4), 0))
    stages = {one.backfill_id: one.stage for one in backfills.of([box])[box]}
    assert stages == {
        done.backfill_id: Stage.DONE,
        old.backfill_id: Stage.ENDED,
        waiting.backfill_id: Stage.ENDED,
        new.backfill_id: Stage.RUNNING,
    }
    ended = next(one for one in backfills.of([box])[box] if one.backfill_id == old.backfill_id)
    assert (ended.reached, ended.tally.saved) == (YEAR.since, 4), "the session that ran meanwhile did its work"


def test_why_it_waits_is_said_until_it_goes_on(store: Store) -> None:
    held, backfills = lease(store), store.backfills()
    added = backfills.add(held.mailbox_id, YEAR)
    backfills.wait(held, added.backfill_id, "BACKFILL-NO-CALLS")
    assert backfills.of([held.mailbox_id])[held.mailbox_id][0].waits == "BACKFILL-NO-CALLS"
    backfills.step(held, added.backfill_id, Step(START - 50 * DAY, Tally(), None))
    (one,) = backfills.of([held.mailbox_id])[held.mailbox_id]
    assert (one.waits, one.left) == ("", None)
