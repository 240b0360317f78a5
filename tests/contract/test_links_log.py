"""The org's log as a mailbox reads it, and whom its new rows wake."""

from datetime import datetime, timedelta

import pytest

from crosstie.domain.errors import Fatal
from crosstie.domain.links import Bond, Link, LogPage, Touched
from crosstie.domain.mailboxes import Lease
from crosstie.domain.records import RecordRef
from tests.clocks import START
from tests.contract.test_links import asleep
from tests.contract.test_states import lease
from tests.meetings import EVENT, OTHER, change, link, pair
from tests.stores import Store

THIRD = RecordRef("Event", "00U000000000003AAA")
NOBODY = "005000000000009AAA"


def reader(store: Store) -> Lease:
    """A mailbox that has read the log to its end."""
    held = lease(store)
    advance(store, held)
    return held


def page(store: Store, held: Lease, limit: int = 10) -> LogPage:
    return store.states().log(held.mailbox_id, ["Event"], limit)


def advance(store: Store, held: Lease, limit: int = 10) -> LogPage:
    read = page(store, held, limit)
    store.states().save_position(held, read.position)
    return read


def append(store: Store, *rows: tuple[RecordRef, str], at: datetime = START, deleted: bool = False) -> int:
    changes = [change(record, owner, at, name=record.object, deleted=deleted) for record, owner in rows]
    return store.states().record_changes(changes, {}, [])


def names(read: LogPage) -> list[str]:
    return [one.record.record_id for one in read.touched]


def save(store: Store, held: Lease, *links: Link) -> None:
    store.states().save_links(held, [("uid", one) for one in links], {})


# -- reading -------------------------------------------------------------------------------------------
def test_a_new_mailbox_starts_at_the_end(store: Store) -> None:
    held = lease(store)
    assert page(store, held) == LogPage(0, ())
    user = store.user_of(held.mailbox_id)
    append(store, (EVENT, user))
    first = advance(store, held)
    assert (first.touched, first.more, first.lost) == ((), False, False)
    append(store, (OTHER, user), at=START + timedelta(seconds=1))
    assert names(page(store, held)) == [OTHER.record_id]


def test_the_log_names_what_is_ones_own_or_joined_to_ones_items(store: Store, other: Store) -> None:
    held = reader(store)
    user = store.user_of(held.mailbox_id)
    joined, parted, alone, foreign = (RecordRef("Event", f"00U00000000001{n}AAA") for n in range(4))
    contact = RecordRef("Contact", "003000000000001AAA")
    save(store, held, pair(held, "j", joined), pair(held, "p", parted, bond=Bond.PARTED))
    save(store, held, link(held, "", record=alone))
    append(store, *((one, NOBODY) for one in (joined, parted, alone, foreign)))
    append(store, (contact, user), (EVENT, user), (OTHER, ""), at=START + timedelta(seconds=5))
    other.states().record_changes([change(THIRD, user)], {}, [])
    read = page(store, held)
    assert names(read) == [joined.record_id, parted.record_id, EVENT.record_id]
    assert read.touched[2] == Touched(EVENT, START + timedelta(seconds=5), deleted=False, owner_id=user)
    both = store.states().log(held.mailbox_id, ["Event", "Contact"], 10)
    assert contact.record_id in names(both)


def test_each_record_comes_once_with_its_last_row(store: Store) -> None:
    held = reader(store)
    user = store.user_of(held.mailbox_id)
    append(store, (EVENT, user), (OTHER, user))
    append(store, (EVENT, user), at=START + timedelta(seconds=9), deleted=True)
    read = advance(store, held)
    assert [(one.record, one.deleted, one.modstamp) for one in read.touched] == [
        (OTHER, False, START),
        (EVENT, True, START + timedelta(seconds=9)),
    ]
    assert page(store, held) == LogPage(read.position, ())


def test_a_long_log_comes_in_pages(store: Store) -> None:
    held = reader(store)
    user = store.user_of(held.mailbox_id)
    append(store, (EVENT, user), (THIRD, NOBODY), (OTHER, user))
    append(store, (EVENT, user), at=START + timedelta(seconds=9))
    first = advance(store, held, 2)
    assert (names(first), first.more) == ([EVENT.record_id, OTHER.record_id], True)
    second = advance(store, held, 2)
    assert (names(second), second.more) == ([EVENT.record_id], False)
    assert second.touched[0].modstamp == START + timedelta(seconds=9)
    append(store, (THIRD, NOBODY), at=START + timedelta(seconds=10))
    assert page(store, held, 2).position > second.position, "what concerns nobody here is not read again"


def test_the_same_row_again_is_not_named_again(store: Store) -> None:
    held = reader(store)
    user = store.user_of(held.mailbox_id)
    assert append(store, (EVENT, user)) == 1
    advance(store, held)
    assert append(store, (EVENT, user)) == 0
    assert page(store, held).touched == ()


def test_a_position_older_than_the_log_is_lost(store: Store) -> None:
    held, late = reader(store), reader(store)
    user = store.user_of(held.mailbox_id)
    append(store, (EVENT, user))
    advance(store, held)
    store.clock.step(3600)
    append(store, (OTHER, user), at=START + timedelta(hours=1))
    store.clear_log(store.clock.now())
    assert names(page(store, held)) == [OTHER.record_id], "all that was deleted had been read"
    dead = advance(store, late)
    assert (dead.lost, dead.touched) == (True, ())
    alive = page(store, late)
    assert (alive.lost, alive.touched, alive.position) == (False, (), dead.position)


def test_an_empty_log_is_no_lost_one(store: Store) -> None:
    held = reader(store)
    user = store.user_of(held.mailbox_id)
    append(store, (EVENT, user))
    read = advance(store, held)
    store.clear_log(store.clock.now() + timedelta(seconds=1))
    assert page(store, held) == LogPage(read.position, ())
    append(store, (OTHER, user))
    assert names(page(store, held)) == [OTHER.record_id]


def test_a_mailbox_of_another_org_has_no_log(store: Store, other: Store) -> None:
    with pytest.raises(Fatal):
        page(other, lease(store))


# -- waking --------------------------------------------------------------------------------------------
def test_a_new_row_wakes_whom_it_concerns(store: Store) -> None:
    owner, joined, parted, alone, stranger = (reader(store) for _ in range(5))
    save(store, joined, pair(joined))
    save(store, parted, pair(parted, bond=Bond.PARTED))
    save(store, alone, link(alone, "", record=EVENT))
    everybody = (owner, joined, parted, alone, stranger)
    later = asleep(store, *everybody)
    append(store, (EVENT, store.user_of(owner.mailbox_id)))
    now = store.clock.now()
    assert [store.due_at(one.mailbox_id) for one in everybody] == [now, now, now, later, later]


@pytest.mark.parametrize("name", ["Contact", "Task"])
def test_other_objects_wake_nobody(store: Store, name: str) -> None:
    held = reader(store)
    later = asleep(store, held)
    append(store, (RecordRef(name, "003000000000001AAA"), store.user_of(held.mailbox_id)))
    assert store.due_at(held.mailbox_id) == later


def test_a_row_that_is_known_wakes_nobody_again(store: Store) -> None:
    held = reader(store)
    user = store.user_of(held.mailbox_id)
    append(store, (EVENT, user))
    asleep(store, held)
    later = asleep(store, lease(store, held.mailbox_id))
    append(store, (EVENT, user))
    assert store.due_at(held.mailbox_id) == later


def test_who_never_read_the_log_is_left_asleep(store: Store) -> None:
    held = lease(store)
    later = asleep(store, held)
    append(store, (EVENT, store.user_of(held.mailbox_id)))
    assert store.due_at(held.mailbox_id) == later


def test_a_row_that_comes_during_the_session_is_kept_for_the_next(store: Store) -> None:
    held = reader(store)
    append(store, (EVENT, store.user_of(held.mailbox_id)))
    asleep(store, held)
    assert store.due_at(held.mailbox_id) == START
    again = lease(store, held.mailbox_id)
    assert names(page(store, again)) == [EVENT.record_id]
