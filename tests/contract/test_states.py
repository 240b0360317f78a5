"""What is remembered of mailboxes and of the org."""

from contextlib import suppress
from datetime import timedelta

import pytest

from crosstie.domain.email import Folder
from crosstie.domain.mailboxes import Cursor, Lease
from crosstie.domain.records import Person, RecordRef
from crosstie.ports.states import Watermark
from tests import mails
from tests.clocks import START
from tests.stores import NEW, OLD, ONLY_NEW, Store

ANN = "ann@customer.example"


class Crash(Exception):
    pass


def lease(store: Store, mailbox_id: int | None = None) -> Lease:
    chosen = mailbox_id or store.add_mailbox()
    taken = store.states().claim(chosen, store.clock.now(), holder="a", lease_seconds=300)
    assert taken is not None
    return taken


def again(store: Store, held: Lease) -> Lease:
    """The mailbox's next session."""
    store.states().release(held, next_due=store.clock.now(), summary={}, error_code="")
    return lease(store, held.mailbox_id)


def rechecks(store: Store, held: Lease, limit: int = 10) -> list[str]:
    return list(store.states().recheck_due(held.mailbox_id, store.clock.now(), limit))


def appear(store: Store, record_id: str, *emails: str, name: str = "Contact") -> int:
    person = Person(name, record_id, created_at=START)
    return store.states().record_changes(
        [mails.change(record_id, name, at=store.clock.now())], {record_id: (frozenset(emails), person)}, []
    )


# -- transactions --------------------------------------------------------------------------------------
def test_an_error_undoes_the_whole_transaction(store: Store) -> None:
    held = lease(store)
    states = store.states()
    with suppress(Crash), states.transaction():
        states.save_cursors(held, [Cursor("inbox", "t1")])
        states.save_items(held, [mails.state("i")], awaits={})
        states.remember_saved("mid:1", mails.saved_mail())
        store.journal().plan(held, [mails.save("i")])
        raise Crash
    assert states.cursors(held.mailbox_id) == {}
    assert states.items(held.mailbox_id, ["i"]) == {}
    assert states.saved(["mid:1"]) == {}
    assert store.journal().why(held.mailbox_id, ["i"]) == {}


def test_what_was_committed_before_stays(store: Store) -> None:
    held = lease(store)
    states = store.states()
    states.save_cursors(held, [Cursor("inbox", "t1")])
    with suppress(Crash), states.transaction():
        states.save_cursors(held, [Cursor("inbox", "t2"), Cursor("sent", "t1")])
        raise Crash
    assert states.cursors(held.mailbox_id) == {"inbox": Cursor("inbox", "t1")}


# -- cursors -------------------------------------------------------------------------------------------
def test_cursors_are_replaced_by_collection(store: Store) -> None:
    held = lease(store)
    states = store.states()
    states.save_cursors(held, [Cursor("inbox", "t1", baseline=True), Cursor("sent", "t1")])
    states.save_cursors(held, [Cursor("inbox", "t2")])
    assert states.cursors(held.mailbox_id) == {"inbox": Cursor("inbox", "t2"), "sent": Cursor("sent", "t1")}


def test_cursors_belong_to_one_mailbox(store: Store, other: Store) -> None:
    held, second = lease(store), lease(store)
    store.states().save_cursors(held, [Cursor("inbox", "t1")])
    assert store.states().cursors(second.mailbox_id) == {}
    assert other.states().cursors(held.mailbox_id) == {}


# -- items ---------------------------------------------------------------------------------------------
def test_a_state_comes_back_as_it_was_saved(store: Store) -> None:
    held = lease(store)
    states = store.states()
    full = mails.state(
        "AAMk=/+case",
        "MAIL-SAVED",
        folder=Folder.SENT,
        marked=True,
        natural=states.digest("mid:1"),
        conversation=states.digest("thread"),
        record=RecordRef("Task", "00T1"),
        recheck_at=START + timedelta(days=1),
        warned=True,
    )
    plain = mails.state("aamk=/+case", version="")
    states.save_items(held, [full, plain], awaits={})
    assert states.items(held.mailbox_id, ["AAMk=/+case", "aamk=/+case", "unknown"]) == {
        full.item_id: full,
        plain.item_id: plain,
    }


def test_the_last_state_of_an_item_counts(store: Store) -> None:
    held = lease(store)
    store.states().save_items(held, [mails.state("i", version="v1"), mails.state("i", version="v2")], awaits={})
    store.states().save_items(held, [mails.state("i", version="v3")], awaits={})
    assert store.states().items(held.mailbox_id, ["i"])["i"].version == "v3"


def test_nothing_to_save_is_fine(store: Store) -> None:
    held = lease(store)
    store.states().save_items(held, [], awaits={})
    store.states().save_cursors(held, [])
    store.journal().send(held, [])
    assert store.journal().plan(held, []) == []
    assert store.states().items(held.mailbox_id, []) == {}
    assert store.states().people([]) == {}
    assert store.states().record_changes([], {}, []) == 0


def test_items_belong_to_one_mailbox_of_one_org(store: Store, other: Store) -> None:
    held, second = lease(store), lease(store)
    store.states().save_items(held, [mails.state("i", recheck_at=START)], awaits={})
    assert store.states().items(second.mailbox_id, ["i"]) == {}
    assert other.states().items(held.mailbox_id, ["i"]) == {}
    assert other.states().recheck_due(held.mailbox_id, store.clock.now(), 10) == []


# -- another look --------------------------------------------------------------------------------------
def test_an_items_own_time_comes(store: Store) -> None:
    held = lease(store)
    store.states().save_items(held, [mails.state("i", recheck_at=START + timedelta(seconds=60))], awaits={})
    store.clock.step(59)
    assert rechecks(store, held) == []
    store.clock.step(1)
    assert rechecks(store, held) == ["i"]


def test_the_longest_decided_are_looked_at_first(store: Store) -> None:
    held = lease(store)
    ages = {"young": 3, "old": 1, "middle": 2}
    states = [
        mails.state(item_id, decided_at=START + timedelta(seconds=age), recheck_at=START)
        for item_id, age in ages.items()
    ]
    store.states().save_items(held, states, awaits={})
    assert rechecks(store, held, limit=2) == ["old", "middle"]


@pytest.mark.parametrize(("name", "found"), [("Contact", ["i"]), ("Lead", ["i"]), ("User", [])])
def test_an_awaited_address_appears(store: Store, name: str, found: list[str]) -> None:
    held = lease(store)
    awaits = {"i": frozenset({ANN, "bob@customer.example"}), "j": frozenset({"eve@customer.example"})}
    store.states().save_items(held, [mails.state("i"), mails.state("j")], awaits=awaits)
    held = again(store, held)
    appear(store, "003A", ANN, name=name)
    assert rechecks(store, held) == found


def test_an_awaited_address_wakes_its_mailbox_alone(store: Store) -> None:
    held, second = lease(store), lease(store)
    for each in (held, second):
        store.states().release(each, next_due=START + timedelta(hours=1), summary={}, error_code="")
    held = again(store, held)
    store.states().save_items(held, [mails.state("i")], awaits={"i": frozenset({ANN})})
    later = store.clock.now() + timedelta(hours=1)
    store.states().release(held, next_due=later, summary={}, error_code="")
    store.clock.step(60)
    appear(store, "003A", ANN)
    assert store.due_at(held.mailbox_id) == store.clock.now()
    assert store.due_at(second.mailbox_id) == START + timedelta(hours=1)


def test_another_look_is_over_when_the_item_is_saved_again(store: Store) -> None:
    held = lease(store)
    store.states().save_items(held, [mails.state("i")], awaits={"i": frozenset({ANN})})
    appear(store, "003A", ANN)
    held = again(store, held)
    store.states().save_items(held, [mails.state("i", "MAIL-SAVED")], awaits={})
    assert rechecks(store, held) == []
    appear(store, "003B", ANN)
    assert rechecks(store, held) == []


def test_an_item_that_merely_moved_waits_on(store: Store) -> None:
    held = lease(store)
    store.states().save_items(held, [mails.state("i")], awaits={"i": frozenset({ANN})})
    store.states().save_items(held, [mails.state("i", version="v2")], awaits={}, waiting_on={"i"})
    assert rechecks(store, held) == []
    appear(store, "003A", ANN)
    assert rechecks(store, held) == ["i"]


def test_somebody_who_appears_during_the_session_is_not_missed(store: Store) -> None:
    """The session read the directory, then the tick wrote it, then the session saved *nobody*."""
    held = lease(store)
    assert store.states().people([ANN]) == {ANN: ()}
    appear(store, "003A", ANN)
    store.states().save_items(held, [mails.state("i")], awaits={"i": frozenset({ANN})})
    store.states().release(held, next_due=START + timedelta(hours=1), summary={}, error_code="")
    assert store.due_at(held.mailbox_id) == store.clock.now()
    held = lease(store, held.mailbox_id)
    assert rechecks(store, held) == ["i"]
    store.states().save_items(held, [mails.state("i", "MAIL-SAVED")], awaits={})
    assert rechecks(store, held) == []


def test_somebody_who_was_known_is_awaited_to_go(store: Store) -> None:
    appear(store, "003A", ANN)
    held = lease(store)
    states, awaits = [mails.state("i", "MAIL-BLOCKED")], {"i": frozenset({ANN})}
    store.states().save_items(held, states, awaits=awaits, known={ANN})
    assert rechecks(store, again(store, held)) == []
    store.states().record_changes([], {"003A": (frozenset(), None)}, [])
    assert rechecks(store, held) == ["i"]


def test_somebody_who_goes_during_the_session_is_not_missed(store: Store) -> None:
    """The session read the directory, then the tick wrote it, then the session saved *blocked*."""
    held, eve = lease(store), "eve@customer.example"
    appear(store, "003B", eve)
    known, codes = {ANN, eve}, {"gone": "MAIL-BLOCKED", "no account": "MAIL-NO-ACCOUNT", "there": "MAIL-BLOCKED"}
    awaits = {"gone": frozenset({ANN, eve}), "no account": frozenset({ANN}), "there": frozenset({eve})}
    states = [mails.state(item_id, code) for item_id, code in codes.items()]
    store.states().save_items(held, states, awaits=awaits, known=known)
    store.states().release(held, next_due=START + timedelta(hours=1), summary={}, error_code="")
    assert store.due_at(held.mailbox_id) == store.clock.now()
    held = lease(store, held.mailbox_id)
    assert sorted(rechecks(store, held)) == ["gone", "no account"]


def waiting(store: Store, held: Lease, item_id: str, code: str = "MAIL-UNKNOWN") -> None:
    state = mails.state(item_id, code, natural=store.states().digest("mid:1"))
    store.states().save_items(held, [state], awaits={})


def test_copies_that_wait_are_looked_at_once_when_their_mail_was_saved(store: Store, other: Store) -> None:
    held, second, third = lease(store), lease(store), lease(store)
    waiting(store, held, "saved")
    waiting(store, held, "copy")
    waiting(store, second, "elsewhere")
    waiting(store, third, "left out", "MAIL-INTERNAL")
    store.states().save_items(third, [mails.state("another", natural=store.states().digest("mid:2"))], awaits={})
    for each in (held, second, third):
        store.states().release(each, next_due=START + timedelta(hours=1), summary={}, error_code="")
    store.clock.step(60)
    store.states().remember_saved("mid:1", mails.saved_mail(origin=(held.mailbox_id, "saved")))
    other.states().record_changes([], {}, [])
    assert [rechecks(store, each) for each in (held, second, third)] == [[], [], []]
    store.states().record_changes([], {}, [])
    assert [rechecks(store, each) for each in (held, second, third)] == [["copy"], ["elsewhere"], []]
    now, later = store.clock.now(), START + timedelta(hours=1)
    assert [store.due_at(each.mailbox_id) for each in (held, second, third)] == [now, now, later]
    held = lease(store, held.mailbox_id)
    waiting(store, held, "copy", "MAIL-SHARED")
    store.states().record_changes([], {}, [])
    assert rechecks(store, held) == []


def test_a_copy_that_waits_under_an_older_key_is_found(store: Store) -> None:
    held = lease(store)
    waiting(store, held, "copy")
    store.states(NEW).remember_saved("mid:1", mails.saved_mail())
    store.states(NEW).record_changes([], {}, [])
    assert rechecks(store, held) == ["copy"]


def test_what_a_colleague_saved_during_the_session_is_not_missed(store: Store) -> None:
    """Asked whether it is saved, it read *no*; then it was, a tick came, and only then it said *it waits*."""
    held = lease(store)
    assert store.states().saved(["mid:1"]) == {}
    store.states().remember_saved("mid:1", mails.saved_mail())
    store.states().record_changes([], {}, [])
    waiting(store, held, "copy")
    waiting(store, held, "left out", "MAIL-INTERNAL")
    assert rechecks(store, again(store, held)) == ["copy"]


def test_a_colleague_who_was_there_all_along_is_no_appearance(store: Store) -> None:
    held = lease(store)
    appear(store, "005A", ANN, name="User")
    store.states().save_items(held, [mails.state("i")], awaits={"i": frozenset({ANN})})
    assert rechecks(store, again(store, held)) == []


def test_a_flag_set_during_the_session_outlives_it(store: Store) -> None:
    held = lease(store)
    store.states().save_items(held, [mails.state("i")], awaits={"i": frozenset({ANN})})
    appear(store, "003A", ANN)
    store.states().save_items(held, [mails.state("i", version="v2")], awaits={})
    held = again(store, held)
    assert rechecks(store, held) == ["i"]


def test_a_person_changed_in_another_way_is_no_appearance(store: Store) -> None:
    held = lease(store)
    appear(store, "003A", ANN)
    person = Person("Contact", "003A", "001NEW", START)
    held = again(store, held)
    store.states().record_changes([], {"003A": (frozenset({ANN}), person)}, [])
    assert rechecks(store, held) == []
    assert store.states().people([ANN]) == {ANN: (person,)}


def test_moved_rules_flag_what_they_decided(store: Store) -> None:
    held = lease(store)
    states = [mails.state("off", "MAIL-AUTO-OFF"), mails.state("saved", "MAIL-SAVED")]
    store.states().save_items(held, states, awaits={})
    store.states().release(held, next_due=START + timedelta(hours=1), summary={}, error_code="")
    store.clock.step(60)
    store.move_rules(held.mailbox_id, ["MAIL-AUTO-OFF"])
    assert store.due_at(held.mailbox_id) == store.clock.now()
    held = lease(store, held.mailbox_id)
    assert rechecks(store, held) == ["off"]
    store.states().save_items(held, [mails.state("off", "MAIL-AUTO-OFF")], awaits={})
    assert rechecks(store, held) == []


def test_rules_that_move_during_a_session_reach_what_it_decides(store: Store) -> None:
    held = lease(store)
    store.move_rules(held.mailbox_id, ["MAIL-AUTO-OFF"])
    states = [mails.state("off", "MAIL-AUTO-OFF"), mails.state("saved", "MAIL-SAVED")]
    store.states().save_items(held, states, awaits={})
    held = again(store, held)
    assert rechecks(store, held) == ["off"]


def test_moved_rules_leave_a_mailbox_without_such_items_asleep(store: Store) -> None:
    held = lease(store)
    store.states().save_items(held, [mails.state("saved", "MAIL-SAVED")], awaits={})
    store.states().release(held, next_due=START + timedelta(hours=1), summary={}, error_code="")
    store.move_rules(held.mailbox_id, ["MAIL-AUTO-OFF"])
    assert store.due_at(held.mailbox_id) == START + timedelta(hours=1)


# -- conversations and digests -------------------------------------------------------------------------
def test_conversations_with_a_saved_mail(store: Store) -> None:
    held = lease(store)
    states = store.states()
    rows = [
        mails.state("a", conversation=states.digest("saved thread"), record=mails.TASK),
        mails.state("b", conversation=states.digest("other thread")),
    ]
    states.save_items(held, rows, awaits={})
    threads = ["saved thread", "other thread", "unknown"]
    assert states.saved_conversations(held.mailbox_id, threads) == {"saved thread"}


def test_digests_say_nothing_and_differ_between_orgs(store: Store, other: Store) -> None:
    digest = store.states().digest(ANN)
    assert digest == store.states().digest(ANN)
    assert digest.startswith("k1:")
    assert len(digest) == len("k1:") + 32
    assert "ann" not in digest
    assert digest != other.states().digest(ANN)
    assert store.states().digest("") == ""


def test_a_changed_key_still_finds_everything(store: Store) -> None:
    held = lease(store)
    before = store.states(OLD)
    before.remember_saved("mid:1", mails.saved_mail())
    before.save_items(
        held,
        [mails.state("a", conversation=before.digest("thread"), record=mails.TASK)],
        awaits={"a": frozenset({"new@x.example"})},
    )
    appear(store, "003A", ANN)
    after = store.states(NEW)
    found = after.saved(["mid:1"])["mid:1"]
    assert after.same(found.sender, ANN)
    assert not after.same(found.sender, "bob@customer.example")
    assert found.sender != after.digest(ANN)
    assert after.saved_conversations(held.mailbox_id, ["thread"]) == {"thread"}
    assert after.people([ANN])[ANN][0].record_id == "003A"
    after.record_changes([], {"003B": (frozenset({"new@x.example"}), mails.contact("003B"))}, [])
    assert list(after.recheck_due(held.mailbox_id, store.clock.now(), 10)) == ["a"]


def test_rewriting_moves_a_row_under_the_new_key(store: Store) -> None:
    store.states(OLD).remember_saved("mid:1", mails.saved_mail())
    store.states(NEW).remember_saved("mid:1", mails.saved_mail(generation=1))
    assert store.states(ONLY_NEW).saved(["mid:1"])["mid:1"].generation == 1
    assert store.states(OLD).saved(["mid:1"]) == {}


# -- the directory -------------------------------------------------------------------------------------
def test_everybody_who_has_an_address_oldest_first(store: Store) -> None:
    younger = Person("Lead", "00QB", created_at=START + timedelta(days=1))
    older = Person("Contact", "003A", "001A", START)
    undated = Person("User", "005A")
    emails = {person.record_id: (frozenset({ANN}), person) for person in (undated, younger, older)}
    store.states().record_changes([], emails, [])
    assert store.states().people([ANN, "bob@customer.example"]) == {
        ANN: (older, younger, undated),
        "bob@customer.example": (),
    }


def test_addresses_compare_in_their_canonical_form(store: Store) -> None:
    appear(store, "003A", "Ann@Customer.Example")
    assert [person.record_id for person in store.states().people([ANN])[ANN]] == ["003A"]


def test_a_record_leaves_the_addresses_it_no_longer_has(store: Store) -> None:
    appear(store, "003A", ANN, "ann@home.example")
    appear(store, "003A", "ann@home.example", "ann@new.example")
    people = store.states().people([ANN, "ann@home.example", "ann@new.example"])
    assert [len(people[email]) for email in people] == [0, 1, 1]


def test_a_record_that_is_no_more_leaves_the_directory(store: Store, other: Store) -> None:
    appear(store, "003A", ANN)
    appear(other, "003A", ANN)
    store.states().record_changes([mails.change("003A", deleted=True)], {"003A": (frozenset(), None)}, [])
    assert store.states().people([ANN]) == {ANN: ()}
    assert len(other.states().people([ANN])[ANN]) == 1


def test_a_person_who_returns_appears_again(store: Store) -> None:
    held = lease(store)
    appear(store, "003A", ANN)
    store.states().record_changes([], {"003A": (frozenset(), None)}, [])
    store.states().save_items(held, [mails.state("i")], awaits={"i": frozenset({ANN})})
    held = again(store, held)
    appear(store, "003A", ANN)
    assert rechecks(store, held) == ["i"]


# -- the log -------------------------------------------------------------------------------------------
def test_the_same_version_is_nothing_new(store: Store, other: Store) -> None:
    states = store.states()
    first = [mails.change("003A"), mails.change("003B"), mails.change("003A")]
    assert states.record_changes(first, {}, []) == 2
    assert states.record_changes(first, {}, []) == 0
    moved = mails.change("003A", at=START + timedelta(seconds=1))
    assert states.record_changes([*first, moved], {}, []) == 1
    assert states.record_changes([mails.change("003B", deleted=True)], {}, []) == 1
    assert other.states().record_changes(first, {}, []) == 2


def test_watermarks_stand_where_they_were_put(store: Store, other: Store) -> None:
    states = store.states()
    assert states.watermarks() == {}
    late = Watermark("Task", START + timedelta(minutes=5), "00T9", ("Subject", "Email__c"))
    states.record_changes([], {}, [Watermark("Task", START), Watermark("Lead", START), late])
    assert states.watermarks() == {"Task": late, "Lead": Watermark("Lead", START)}
    states.record_changes([], {}, [Watermark("Task", START, "00T1")])
    assert states.watermarks()["Task"] == Watermark("Task", START, "00T1")
    assert other.states().watermarks() == {}


def test_ticks_are_counted_per_org(store: Store, other: Store) -> None:
    assert [store.states().tick_number() for _ in range(3)] == [0, 1, 2]
    assert other.states().tick_number() == 0


def test_a_mailbox_is_described(store: Store) -> None:
    mailbox_id = store.add_mailbox()
    assert store.states().info(mailbox_id).mailbox_id == mailbox_id
