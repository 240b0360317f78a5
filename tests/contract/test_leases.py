"""Leases: one holder at a time, a takeover after the margin, and every late write refused."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from crosstie.domain.errors import LeaseLost
from crosstie.domain.mailboxes import Cursor, Lease
from crosstie.ports.journal import Ending, Status
from crosstie.ports.states import States
from tests import mails
from tests.stores import Store

SECONDS = 300.0
TAKEOVER = 120.0


def claim(states: States, store: Store, mailbox_id: int, holder: str = "a") -> Lease | None:
    return states.claim(mailbox_id, store.clock.now(), holder=holder, lease_seconds=SECONDS)


def take(store: Store, mailbox_id: int, holder: str = "a") -> Lease:
    lease = claim(store.states(), store, mailbox_id, holder)
    assert lease is not None
    return lease


def give_back(store: Store, lease: Lease, seconds: float = 1800, error_code: str = "") -> None:
    next_due = store.clock.now() + timedelta(seconds=seconds)
    store.states().release(lease, next_due=next_due, summary={"saved": 2}, error_code=error_code)


def due(store: Store, limit: int = 10) -> list[int]:
    leases = store.states().claim_due(store.clock.now(), holder="a", limit=limit, lease_seconds=SECONDS)
    return [lease.mailbox_id for lease in leases]


def test_a_new_mailbox_is_due_once(store: Store) -> None:
    mailbox_id = store.add_mailbox()
    assert due(store) == [mailbox_id]
    assert due(store) == []


def test_the_lease_lasts_as_long_as_asked(store: Store) -> None:
    lease = take(store, store.add_mailbox())
    assert lease.until == store.clock.now() + timedelta(seconds=SECONDS)
    assert (lease.epoch, lease.holder) == (1, "a")


def test_the_longest_waiting_come_first(store: Store) -> None:
    first = store.add_mailbox()
    store.clock.step(10)
    second = store.add_mailbox()
    assert due(store, limit=1) == [first]
    assert due(store, limit=1) == [second]


def test_a_mailbox_is_due_again_when_its_time_comes(store: Store) -> None:
    mailbox_id = store.add_mailbox()
    give_back(store, take(store, mailbox_id))
    store.clock.step(1799)
    assert due(store) == []
    store.clock.step(1)
    assert due(store) == [mailbox_id]


def test_claiming_one_does_not_wait_for_its_time(store: Store) -> None:
    mailbox_id = store.add_mailbox()
    give_back(store, take(store, mailbox_id))
    assert take(store, mailbox_id).epoch == 2


def test_a_paused_mailbox_has_no_sessions(store: Store) -> None:
    mailbox_id = store.add_mailbox()
    store.pause(mailbox_id)
    assert due(store) == []
    assert claim(store.states(), store, mailbox_id) is None


def test_an_unknown_mailbox_cannot_be_claimed(store: Store) -> None:
    assert claim(store.states(), store, 10**9) is None


@pytest.mark.parametrize(
    ("seconds", "free"), [(SECONDS, False), (SECONDS + TAKEOVER - 1, False), (SECONDS + TAKEOVER, True)]
)
def test_takeover_waits_for_lease_and_margin(store: Store, seconds: float, free: bool) -> None:
    mailbox_id = store.add_mailbox()
    take(store, mailbox_id)
    store.clock.step(seconds)
    taken = claim(store.states(), store, mailbox_id, "b")
    assert (taken is not None) is free


def test_a_dead_sessions_mailbox_is_due_after_the_margin(store: Store) -> None:
    mailbox_id = store.add_mailbox()
    take(store, mailbox_id)
    store.clock.step(SECONDS + TAKEOVER - 1)
    assert due(store) == []
    store.clock.step(1)
    assert due(store) == [mailbox_id]


WRITES: dict[str, Callable[[Store, Lease, int], object]] = {
    "check": lambda store, lease, entry: store.states().check(lease),
    "save_cursors": lambda store, lease, entry: store.states().save_cursors(lease, [Cursor("inbox", "t")]),
    "save_items": lambda store, lease, entry: store.states().save_items(lease, [mails.state("i")], awaits={}),
    "plan": lambda store, lease, entry: store.journal().plan(lease, [mails.save("i")]),
    "send": lambda store, lease, entry: store.journal().send(lease, [entry]),
    "end": lambda store, lease, entry: store.journal().end(lease, [Ending(entry, Status.DONE, mails.SAVED)]),
    "finish": lambda store, lease, entry: store.journal().finish(lease, entry, Status.DONE, mails.SAVED),
    "recover": lambda store, lease, entry: store.journal().recover(lease),
}


@pytest.mark.parametrize("write", WRITES)
def test_a_zombies_write_is_refused_and_leaves_no_trace(store: Store, write: str) -> None:
    mailbox_id = store.add_mailbox()
    zombie = take(store, mailbox_id)
    (entry,) = store.journal().plan(zombie, [mails.save("first")])
    store.clock.step(SECONDS + TAKEOVER)
    take(store, mailbox_id, "b")
    with pytest.raises(LeaseLost):
        WRITES[write](store, zombie, entry)
    assert store.states().cursors(mailbox_id) == {}
    assert store.states().items(mailbox_id, ["i"]) == {}
    why = store.journal().why(mailbox_id, ["i", "first"])
    assert {item_id: row.status for item_id, row in why.items()} == {"first": Status.PLANNED}


@pytest.mark.parametrize("write", WRITES)
def test_another_orgs_lease_opens_nothing(store: Store, other: Store, write: str) -> None:
    mailbox_id = store.add_mailbox()
    lease = take(store, mailbox_id)
    (entry,) = store.journal().plan(lease, [mails.save("first")])
    with pytest.raises(LeaseLost):
        WRITES[write](other, lease, entry)
    why = store.journal().why(mailbox_id, ["i", "first"])
    assert {item_id: row.status for item_id, row in why.items()} == {"first": Status.PLANNED}


def test_a_zombies_release_changes_nothing(store: Store) -> None:
    mailbox_id = store.add_mailbox()
    zombie = take(store, mailbox_id)
    store.clock.step(SECONDS + TAKEOVER)
    holder = take(store, mailbox_id, "b")
    give_back(store, zombie, 0)
    store.states().check(holder)
    assert claim(store.states(), store, mailbox_id, "c") is None
    assert store.sessions(mailbox_id) == []


def test_a_release_is_noted_once(store: Store) -> None:
    mailbox_id = store.add_mailbox()
    lease = take(store, mailbox_id)
    give_back(store, lease, error_code="GRAPH-503")
    give_back(store, lease)
    assert store.sessions(mailbox_id) == [(1, {"saved": 2}, "GRAPH-503")]


def test_a_wake_during_a_session_is_not_lost(store: Store) -> None:
    mailbox_id = store.add_mailbox()
    lease = take(store, mailbox_id)
    store.states().save_items(lease, [mails.state("i")], awaits={"i": frozenset({"new@customer.example"})})
    store.states().record_changes(
        [mails.change("003A")], {"003A": (frozenset({"new@customer.example"}), mails.contact("003A"))}, []
    )
    give_back(store, lease)
    assert due(store) == [mailbox_id]


def test_what_was_released_is_no_longer_ours_to_extend(store: Store) -> None:
    mailbox_id = store.add_mailbox()
    lease = take(store, mailbox_id)
    give_back(store, lease, 1800)
    assert store.due_at(mailbox_id) == store.clock.now() + timedelta(seconds=1800)


def test_a_mailbox_whose_user_is_inactive_is_not_worked_on(store: Store) -> None:
    mailbox_id, other_id = store.add_mailbox(), store.add_mailbox()
    user = store.user_of(mailbox_id)
    store.states().record_changes([], {}, [], users={user: False, store.user_of(other_id): True, "005Z": False})
    assert due(store) == [other_id]
    assert claim(store.states(), store, mailbox_id) is None
    assert set(store.states().working([mailbox_id, other_id])) == {other_id}
    store.states().record_changes([], {}, [], users={user: False})
    store.states().record_changes([], {}, [])
    assert claim(store.states(), store, mailbox_id) is None
    store.states().record_changes([], {}, [], users={user: True})
    assert due(store) == [mailbox_id]


def test_who_is_frozen_stays_so_however_active_they_are(store: Store) -> None:
    mailbox_id = store.add_mailbox()
    user = store.user_of(mailbox_id)
    store.states().record_changes([], {}, [], frozen={user: True, "005Z": True})
    assert due(store) == []
    store.states().record_changes([], {}, [], users={user: True})
    assert claim(store.states(), store, mailbox_id) is None
    store.states().record_changes([], {}, [], users={user: False}, frozen={user: False})
    assert due(store) == []
    store.states().record_changes([], {}, [], users={user: True})
    assert due(store) == [mailbox_id]


def test_a_user_who_is_active_again_does_not_wait_for_the_interval(store: Store) -> None:
    mailbox_id = store.add_mailbox()
    lease = take(store, mailbox_id)
    store.states().record_changes([], {}, [], users={store.user_of(mailbox_id): False})
    give_back(store, lease, 1800)
    store.states().record_changes([], {}, [], users={store.user_of(mailbox_id): True})
    assert due(store) == [mailbox_id]


def test_another_org_sees_no_mailbox_of_ours(store: Store, other: Store) -> None:
    mailbox_id = store.add_mailbox()
    assert due(other) == []
    assert claim(other.states(), other, mailbox_id) is None


def test_setbacks_in_a_row_are_counted_and_forgotten(store: Store) -> None:
    mailbox_id = store.add_mailbox()
    counted = []
    for setback in (True, True, False, True, False):
        lease = take(store, mailbox_id)
        counted.append(lease.setbacks)
        store.states().release(lease, next_due=store.clock.now(), summary={}, error_code="", setback=setback)
    assert counted == [0, 1, 2, 0, 1]
