"""Two connections at once: leases are exclusive, fences hold, and nobody who appears is missed."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as StillWaiting
from datetime import timedelta
from functools import partial
from typing import TypeVar

import pytest
from django.db import connection

from crosstie.domain.errors import LeaseLost
from crosstie.domain.mailboxes import Cursor, Lease
from crosstie.domain.operations import Make
from crosstie.domain.records import RecordRef
from crosstie.store.ticks import claim_ticks
from tests import mails, meetings
from tests.stores import DatabaseStore

T = TypeVar("T")
PATIENCE = 20.0
BLOCKED = 0.3
"""Seconds after which something that has not come back counts as waiting for a lock."""


class Workers:
    """Threads with connections of their own."""

    def __init__(self, size: int) -> None:
        self._pool = ThreadPoolExecutor(size)

    def start(self, act: Callable[[], T]) -> "Future[T]":
        def run() -> T:
            try:
                return act()
            finally:
                connection.close()

        return self._pool.submit(run)

    def close(self) -> None:
        self._pool.shutdown()


@pytest.fixture
def workers() -> Iterator[Workers]:
    made = Workers(8)
    yield made
    made.close()


def lease(store: DatabaseStore, mailbox_id: int) -> Lease:
    taken = store.states().claim(mailbox_id, store.clock.now(), holder="a", lease_seconds=60)
    assert taken is not None
    return taken


def waits(future: "Future[T]") -> bool:
    try:
        future.result(BLOCKED)
    except StillWaiting:
        return True
    return False


def test_each_due_mailbox_is_claimed_once(store: DatabaseStore, workers: Workers) -> None:
    boxes = {store.add_mailbox() for _ in range(60)}
    barrier = threading.Barrier(6)
    now = store.clock.now()

    def claim() -> list[int]:
        barrier.wait(PATIENCE)
        taken: list[int] = []
        while batch := store.states().claim_due(now, holder="w", limit=7, lease_seconds=60):
            taken += [one.mailbox_id for one in batch]
        return taken

    found = [workers.start(claim) for _ in range(6)]
    taken = [mailbox_id for future in found for mailbox_id in future.result(PATIENCE)]
    assert sorted(taken) == sorted(boxes)


def test_one_of_many_gets_the_mailbox(store: DatabaseStore, workers: Workers) -> None:
    mailbox_id = store.add_mailbox()
    barrier = threading.Barrier(6)

    def claim() -> Lease | None:
        barrier.wait(PATIENCE)
        return store.states().claim(mailbox_id, store.clock.now(), holder="w", lease_seconds=60)

    found = [workers.start(claim) for _ in range(6)]
    assert len([taken for future in found if (taken := future.result(PATIENCE))]) == 1


def test_of_many_who_meet_a_stranger_at_once_one_makes_the_record(store: DatabaseStore, workers: Workers) -> None:
    held = [lease(store, store.add_mailbox()) for _ in range(6)]
    barrier = threading.Barrier(6)
    makes = [Make("digest of wim", "Lead"), Make("digest of ann", "Lead")]

    def make(own: Lease) -> list[int | None]:
        barrier.wait(PATIENCE)
        return list(store.journal().make(own, makes, store.clock.now() - timedelta(minutes=10)))

    found = [workers.start(partial(make, own)) for own in held]
    entries = [future.result(PATIENCE) for future in found]
    assert [len([entry for entry in column if entry]) for column in zip(*entries, strict=True)] == [1, 1]


def test_a_claim_passes_by_a_mailbox_whose_holder_is_writing(store: DatabaseStore, workers: Workers) -> None:
    """The holder's transaction was fenced before the takeover: it ends whole, and the epoch moves after it."""
    mailbox_id = store.add_mailbox()
    held = lease(store, mailbox_id)
    later = store.clock.now() + timedelta(seconds=60 + 120)

    def take_over() -> Lease | None:
        return store.states().claim(mailbox_id, later, holder="b", lease_seconds=60)

    with store.states().transaction():
        store.states().save_cursors(held, [Cursor("inbox", "t1")])
        assert workers.start(take_over).result(PATIENCE) is None
        store.states().save_items(held, [mails.state("i")], awaits={})
    assert workers.start(take_over).result(PATIENCE) is not None
    with pytest.raises(LeaseLost):
        store.states().save_cursors(held, [Cursor("inbox", "t2")])
    assert store.states().cursors(mailbox_id) == {"inbox": Cursor("inbox", "t1")}


def test_a_zombie_in_the_middle_of_a_transaction_writes_nothing_more(
    store: DatabaseStore, workers: Workers
) -> None:
    mailbox_id = store.add_mailbox()
    zombie = lease(store, mailbox_id)
    later = store.clock.now() + timedelta(seconds=60 + 120)

    def take_over() -> Lease | None:
        return store.states().claim(mailbox_id, later, holder="b", lease_seconds=60)

    def late_session() -> None:
        with store.states().transaction():
            assert store.states().cursors(mailbox_id) == {}
            assert workers.start(take_over).result(PATIENCE) is not None
            store.states().remember_saved("mid:1", mails.saved_mail())
            store.states().save_cursors(zombie, [Cursor("inbox", "t1")])

    with pytest.raises(LeaseLost):
        late_session()
    assert store.states().cursors(mailbox_id) == {}
    assert store.states().saved(["mid:1"]) == {}


def test_the_tick_waits_for_a_commit_and_then_finds_what_it_awaits(store: DatabaseStore, workers: Workers) -> None:
    """Neither may look before the other has written: the session awaits an address, the tick brings it."""
    held = lease(store, store.add_mailbox())
    appeared = {"003A": (frozenset({"new@x.example"}), mails.contact("003A"))}
    with store.states().transaction():
        store.states().save_items(held, [mails.state("i")], awaits={"i": frozenset({"new@x.example"})})
        tick = workers.start(lambda: store.states().record_changes([], appeared, []))
        assert waits(tick)
    tick.result(PATIENCE)
    assert store.states().recheck_due(held.mailbox_id, store.clock.now(), 10) == ["i"]


def test_the_tick_tells_colleagues_of_what_was_committed_before_it(store: DatabaseStore, workers: Workers) -> None:
    held, second = lease(store, store.add_mailbox()), lease(store, store.add_mailbox())
    with store.states().transaction():
        store.states().save_links(held, [("uid:1", meetings.pair(held))], {})
        store.states().save_links(second, [("uid:1", meetings.link(second))], {})
        tick = workers.start(lambda: store.states().record_changes([], {}, []))
        assert waits(tick)
    tick.result(PATIENCE)
    assert [one.item_id for one in store.states().links_due(second.mailbox_id, store.clock.now(), 10)] == ["i"]


def test_a_session_waits_for_the_tick_and_then_sees_who_appeared(store: DatabaseStore, workers: Workers) -> None:
    held = lease(store, store.add_mailbox())
    appeared = {"003A": (frozenset({"new@x.example"}), mails.contact("003A"))}

    def save() -> None:
        store.states().save_items(held, [mails.state("i")], awaits={"i": frozenset({"new@x.example"})})

    with store.states().transaction():
        store.states().record_changes([], appeared, [])
        session = workers.start(save)
        assert waits(session)
    session.result(PATIENCE)
    assert store.states().recheck_due(held.mailbox_id, store.clock.now(), 10) == ["i"]


def test_a_change_of_settings_waits_for_the_tick(store: DatabaseStore, workers: Workers) -> None:
    """Both touch many mailboxes: without an order between them they could wait for each other."""
    mailbox_id = store.add_mailbox()
    with store.states().transaction():
        store.states().record_changes([mails.change("003A")], {}, [])
        change = workers.start(lambda: store.move_rules(mailbox_id, ["MAIL-AUTO-OFF"]))
        assert waits(change)
    change.result(PATIENCE)


def test_sessions_of_one_org_do_not_wait_for_each_other(store: DatabaseStore, workers: Workers) -> None:
    first, second = lease(store, store.add_mailbox()), lease(store, store.add_mailbox())
    with store.states().transaction():
        store.states().save_items(first, [mails.state("i")], awaits={"i": frozenset({"a@x.example"})})
        other = workers.start(lambda: store.states().save_items(second, [mails.state("j")], awaits={}))
        other.result(PATIENCE)


def test_sessions_ticks_and_settings_never_deadlock(store: DatabaseStore, workers: Workers) -> None:
    leases = [lease(store, store.add_mailbox()) for _ in range(3)]
    rounds = 15

    def session(held: Lease) -> None:
        for number in range(rounds):
            with store.states().transaction():
                store.states().save_cursors(held, [Cursor("inbox", str(number))])
                awaits = {"i": frozenset({f"p{number}@x.example"}), "j": frozenset({"q@x.example"})}
                states = [mails.state("i"), mails.state("j", "MAIL-AUTO-OFF")]
                store.states().save_items(held, states, awaits=awaits)
                links = [meetings.link(held, "k"), meetings.pair(held, "l", RecordRef("Event", f"00U{number}"))]
                store.states().save_links(held, [("uid:1", one) for one in links], {"k": awaits["i"]})
                store.states().save_position(held, number)

    def tick() -> None:
        for number in range(rounds):
            emails = {
                f"003{number}": (frozenset({f"p{number}@x.example", "q@x.example"}), mails.contact(f"003{number}"))
            }
            event = meetings.change(RecordRef("Event", f"00U{number}"), "005000000000001AAA")
            store.states().record_changes([mails.change(f"003{number}"), event], emails, [])

    def settings() -> None:
        for _ in range(rounds):
            for held in leases:
                store.move_rules(held.mailbox_id, ["MAIL-AUTO-OFF"])

    running: list[Future[None]] = [workers.start(lambda held=held: session(held)) for held in leases]  # type: ignore[misc]
    running += [workers.start(tick), workers.start(tick), workers.start(settings)]
    for future in running:
        future.result(PATIENCE)


def test_an_orgs_tick_is_handed_out_once(store: DatabaseStore, workers: Workers) -> None:
    barrier = threading.Barrier(5)
    interval = timedelta(minutes=2)

    def claim() -> int:
        barrier.wait(PATIENCE)
        return len(claim_ticks(store.clock.now(), interval))

    found = [workers.start(claim) for _ in range(5)]
    assert sum(future.result(PATIENCE) for future in found) == 1
    assert claim_ticks(store.clock.now() + interval / 2, interval) == []
    assert len(claim_ticks(store.clock.now() + interval, interval)) == 1
