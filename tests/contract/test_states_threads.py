"""What is remembered of marked threads."""

from datetime import timedelta

import pytest

from crosstie.domain.errors import LeaseLost
from crosstie.domain.mailboxes import Lease
from crosstie.domain.records import RecordRef
from crosstie.domain.threads import Thread, ThreadMail
from tests import mails
from tests.contract.test_states import again, lease
from tests.stores import NEW, ONLY_NEW, Store

ONE, TWO = RecordRef("Task", "00T000000000001AAA"), RecordRef("Task", "00T000000000002AAA")


def mark(store: Store, mailbox_id: int, conversation: str = "c1", item: str = "i1") -> Thread:
    assert store.states().mark_thread(mailbox_id, conversation, item, store.clock.now())
    return store.states().threads(mailbox_id, [conversation])[conversation]


def note(store: Store, held: Lease, *noted: ThreadMail) -> None:
    store.states().note_thread_mails(held, noted)


def letters(store: Store, *thread_ids: int) -> list[tuple[str, bool, bool]]:
    found = store.states().thread_mails(thread_ids)
    return [(mail.record.record_id, mail.first, mail.foreign) for mail in found]


def test_a_marked_thread_is_found_by_its_conversation_in_its_mailbox_alone(store: Store, other: Store) -> None:
    mailbox_id, colleague = store.add_mailbox(), store.add_mailbox()
    thread = mark(store, mailbox_id)
    assert (thread.item_id, thread.gathered) == ("i1", False)
    assert store.states().threads(mailbox_id, ["c1", "c2", ""]) == {"c1": thread}
    assert store.states().threads(colleague, ["c1"]) == {}
    assert other.states().threads(mailbox_id, ["c1"]) == {}


def test_another_tenant_marks_and_stops_nothing_here(store: Store, other: Store) -> None:
    """Of a mailbox that is not its own."""
    held = lease(store)
    thread = mark(store, held.mailbox_id)
    note(store, held, ThreadMail(thread.thread_id, "msg:a", ONE))
    assert not other.states().stop_thread(held.mailbox_id, "c1")
    assert other.states().thread_mails([thread.thread_id]) == []
    assert other.states().threads_about(held.mailbox_id, [], ["msg:a"]) == {}
    assert other.states().threads_to_gather(held.mailbox_id, 9) == []
    assert store.states().threads(held.mailbox_id, ["c1"]) == {"c1": thread}


def test_marking_twice_keeps_the_first_mark(store: Store) -> None:
    mailbox_id = store.add_mailbox()
    thread = mark(store, mailbox_id)
    assert not store.states().mark_thread(mailbox_id, "c1", "i2", store.clock.now())
    assert store.states().threads(mailbox_id, ["c1"]) == {"c1": thread}


def test_a_mark_makes_the_mailbox_due(store: Store) -> None:
    held = lease(store)
    later = store.clock.now() + timedelta(hours=1)
    store.states().release(held, next_due=later, summary={}, error_code="")
    mark(store, held.mailbox_id)
    assert store.due_at(held.mailbox_id) == store.clock.now()


def test_a_mark_that_comes_while_a_session_runs_is_the_next_ones(store: Store) -> None:
    held = lease(store)
    mark(store, held.mailbox_id)
    later = store.clock.now() + timedelta(hours=1)
    store.states().release(held, next_due=later, summary={}, error_code="")
    assert store.due_at(held.mailbox_id) == store.clock.now()


def test_threads_are_gathered_in_the_order_they_were_marked(store: Store) -> None:
    held = lease(store)
    found = []
    for conversation in ("c1", "c2", "c3"):
        found.append(mark(store, held.mailbox_id, conversation))
        store.clock.step(1)
    assert store.states().threads_to_gather(held.mailbox_id, 2) == found[:2]
    store.states().threads_gathered(held, [found[0].thread_id])
    assert store.states().threads_to_gather(held.mailbox_id, 9) == found[1:]
    assert store.states().threads(held.mailbox_id, ["c1"])["c1"].gathered


def test_who_lost_the_lease_writes_nothing(store: Store) -> None:
    held = lease(store)
    thread = mark(store, held.mailbox_id)
    again(store, held)
    with pytest.raises(LeaseLost):
        store.states().threads_gathered(held, [thread.thread_id])
    with pytest.raises(LeaseLost):
        note(store, held, ThreadMail(thread.thread_id, "msg:a", ONE))
    assert store.states().thread_mails([thread.thread_id]) == []


def test_a_mailbox_gathers_no_threads_but_its_own(store: Store) -> None:
    thread = mark(store, store.add_mailbox())
    held = lease(store)
    store.states().threads_gathered(held, [thread.thread_id])
    assert not thread.gathered


def test_the_mail_it_was_marked_at_comes_first_and_the_others_as_noted(store: Store) -> None:
    held = lease(store)
    thread = mark(store, held.mailbox_id).thread_id
    note(store, held, ThreadMail(thread, "msg:b", TWO, foreign=True))
    note(store, held, ThreadMail(thread, "msg:a", ONE, first=True), ThreadMail(thread, "msg:c", ONE))
    expected = [(ONE.record_id, True, False), (TWO.record_id, False, True), (ONE.record_id, False, False)]
    assert letters(store, thread) == expected
    note(store, held, ThreadMail(thread, "msg:b", ONE), ThreadMail(thread, "msg:c", TWO))
    assert letters(store, thread) == expected, "what is noted stays"
    assert letters(store) == []


def test_a_stopped_thread_is_forgotten_with_its_mails(store: Store) -> None:
    held = lease(store)
    thread = mark(store, held.mailbox_id).thread_id
    note(store, held, ThreadMail(thread, "msg:a", ONE))
    assert store.states().stop_thread(held.mailbox_id, "c1")
    assert not store.states().stop_thread(held.mailbox_id, "c1")
    note(store, held, ThreadMail(thread, "msg:b", ONE))
    assert letters(store, thread) == []
    assert store.states().threads_about(held.mailbox_id, [], ["msg:a", "msg:b"]) == {}
    assert mark(store, held.mailbox_id, item="i2").item_id == "i2"


def test_a_colleagues_mail_is_told_to_be_of_a_thread_by_what_it_answers(store: Store) -> None:
    held = lease(store)
    thread, second = mark(store, held.mailbox_id).thread_id, mark(store, held.mailbox_id, "c2").thread_id
    note(store, held, ThreadMail(thread, "msg:a", ONE), ThreadMail(second, "msg:a", ONE))
    note(store, held, ThreadMail(second, "msg:b", TWO))
    about = store.states().threads_about(store.add_mailbox(), [], ["msg:a", "msg:b", "msg:c"])
    assert about == {"msg:a": {thread, second}, "msg:b": {second}}


def test_a_colleagues_conversation_is_told_by_a_record_they_share(store: Store) -> None:
    held = lease(store)
    thread = mark(store, held.mailbox_id).thread_id
    note(store, held, ThreadMail(thread, "msg:a", ONE))
    theirs, digest = lease(store), store.states().digest
    states = [
        mails.state("x", "MAIL-SHARED", conversation=digest("theirs"), record=ONE),
        mails.state("y", "MAIL-SAVED", conversation=digest("another"), record=TWO),
        mails.state("z", conversation=digest("third")),
    ]
    store.states().save_items(theirs, states, awaits={})
    about = store.states().threads_about
    assert about(theirs.mailbox_id, ["theirs", "another", "third"], []) == {"theirs": {thread}}
    assert about(held.mailbox_id, ["theirs"], []) == {}


def test_a_thread_is_found_under_an_older_key_and_lost_with_it(store: Store) -> None:
    held = lease(store)
    thread = mark(store, held.mailbox_id)
    note(store, held, ThreadMail(thread.thread_id, "msg:a", ONE))
    assert not store.states(NEW).mark_thread(held.mailbox_id, "c1", "i2", store.clock.now())
    assert store.states(NEW).threads(held.mailbox_id, ["c1"]) == {"c1": thread}
    assert store.states(NEW).threads_about(held.mailbox_id, [], ["msg:a"]) == {"msg:a": {thread.thread_id}}
    assert store.states(ONLY_NEW).threads(held.mailbox_id, ["c1"]) == {}
    assert store.states(NEW).stop_thread(held.mailbox_id, "c1")
