"""The life of operations: planned → sent → done | unclear | stuck | skipped."""

from datetime import timedelta

import pytest

from crosstie.domain import reasons
from crosstie.domain.errors import LeaseLost
from crosstie.domain.mailboxes import Lease
from crosstie.domain.operations import Kind, Make
from crosstie.domain.reasons import reason
from crosstie.domain.records import RecordRef
from crosstie.ports.journal import Ending, Status
from tests import mails
from tests.clocks import START
from tests.contract.test_states import lease
from tests.meetings import EVENT, OTHER, Meant
from tests.stores import Store


def after_death(store: Store, held: Lease) -> Lease:
    store.clock.step(300 + 120)
    return lease(store, held.mailbox_id)


def test_a_plan_is_written_in_order_with_its_reasons(store: Store) -> None:
    held = lease(store)
    joined = RecordRef("EmailMessage", "02s1")
    refused = reason(reasons.REQUIRED, fields="Industry")
    ids = store.journal().plan(
        held, [mails.save("a"), mails.join("b", joined), mails.join("c"), mails.skip("d", refused)]
    )
    assert len(set(ids)) == 4
    why = store.journal().why(held.mailbox_id, ["a", "b", "c", "d", "e"])
    assert [why[item].entry_id for item in "abcd"] == list(ids)
    assert [(why[item].kind, why[item].status) for item in "abcd"] == [
        ("save", Status.PLANNED),
        ("join", Status.PLANNED),
        ("join", Status.PLANNED),
        ("skip", Status.SKIPPED),
    ]
    assert [why[item].record for item in "abcd"] == [None, joined, None, None]
    assert [why[item].key for item in "abcd"] == ["1:a", "1:b", "1:c", ""]
    assert (why["d"].reason_code, dict(why["d"].reason_params)) == ("CRM-REQUIRED", {"fields": "Industry"})
    assert why["a"].at == store.clock.now()


@pytest.mark.parametrize("status", [Status.DONE, Status.STUCK, Status.UNCLEAR, Status.SKIPPED])
def test_how_a_send_ends(store: Store, status: Status) -> None:
    held = lease(store)
    (entry_id,) = store.journal().plan(held, [mails.save("a")])
    store.journal().send(held, [entry_id])
    assert store.journal().why(held.mailbox_id, ["a"])["a"].status is Status.SENT
    store.clock.step(5)
    store.journal().finish(held, entry_id, status, reason(reasons.CRM_REFUSED, vendor_code="X"), mails.TASK)
    last = store.journal().why(held.mailbox_id, ["a"])["a"]
    assert (last.status, last.reason_code, last.record) == (status, "CRM-REFUSED", mails.TASK)
    assert (dict(last.reason_params), last.at) == ({"vendor_code": "X"}, store.clock.now())


def test_a_joins_record_outlives_a_finish_that_names_none(store: Store) -> None:
    held = lease(store)
    (entry_id,) = store.journal().plan(held, [mails.join("a", mails.TASK)])
    store.journal().finish(held, entry_id, Status.DONE, mails.SAVED)
    assert store.journal().why(held.mailbox_id, ["a"])["a"].record == mails.TASK


def test_the_last_row_of_an_item_is_the_reason_why(store: Store) -> None:
    held = lease(store)
    store.journal().plan(held, [mails.skip("a"), mails.skip("b")])
    store.journal().plan(held, [mails.save("a")])
    why = store.journal().why(held.mailbox_id, ["a", "b"])
    assert (why["a"].kind, why["b"].kind) == ("save", "skip")


def test_reasons_stay_within_mailbox_and_org(store: Store, other: Store) -> None:
    held, second = lease(store), lease(store)
    store.journal().plan(held, [mails.skip("a")])
    assert store.journal().why(second.mailbox_id, ["a"]) == {}
    assert other.journal().why(held.mailbox_id, ["a"]) == {}


def test_an_item_in_doubt_is_looked_at_again(store: Store) -> None:
    dead = lease(store)
    journal, states = store.journal(), store.states()
    states.save_items(dead, [mails.state(item, "MAIL-SAVED") for item in ("planned", "sent", "done")], awaits={})
    _, sent, done = journal.plan(dead, [mails.save("planned"), mails.save("sent"), mails.save("done")])
    journal.send(dead, [sent, done])
    journal.finish(dead, done, Status.DONE, mails.SAVED, mails.TASK)
    held = after_death(store, dead)
    journal.recover(held)
    assert list(states.recheck_due(held.mailbox_id, store.clock.now(), 10)) == ["sent"]
    states.save_items(held, [mails.state("sent", "MAIL-SAVED")], awaits={})
    assert list(states.recheck_due(held.mailbox_id, store.clock.now(), 10)) == []


def test_a_mail_in_doubt_of_which_nothing_is_remembered_is_looked_at_again(store: Store) -> None:
    """An event is looked at with its link, or with the next reading of the calendar."""
    dead = lease(store)
    journal, states = store.journal(), store.states()
    sent = journal.plan(dead, [mails.save("saved"), mails.join("joined", mails.TASK), mails.save("done")])
    (event,) = journal.plan(dead, [Meant(Kind.CREATE_RECORD, "event", None)])
    journal.send(dead, [*sent, event])
    journal.finish(dead, sent[-1], Status.DONE, mails.SAVED, mails.TASK)
    held = after_death(store, dead)
    journal.recover(held)
    now = store.clock.now()
    assert sorted(states.recheck_due(held.mailbox_id, now, 10)) == ["joined", "saved"]
    found = states.items(held.mailbox_id, ["saved", "joined", "done", "event"])
    assert {item: (one.version, one.reason_code) for item, one in found.items()} == {
        "saved": ("", "MAIL-UNCLEAR"),
        "joined": ("", "MAIL-UNCLEAR"),
    }
    states.save_items(held, [mails.state("saved", "MAIL-SAVED"), mails.state("joined", "MAIL-SHARED")], awaits={})
    assert list(states.recheck_due(held.mailbox_id, now, 10)) == []
    assert journal.recover(held) == 0


def test_a_dead_session_leaves_doubt_about_what_it_sent_alone(store: Store) -> None:
    dead = lease(store)
    journal = store.journal()
    meeting = Meant(Kind.DELETE_ITEM, "meeting")
    planned, sent, done, of_event = journal.plan(
        dead, [mails.save("planned"), mails.save("sent"), mails.save("done"), meeting]
    )
    journal.send(dead, [sent, done, of_event])
    journal.finish(dead, done, Status.DONE, mails.SAVED, mails.TASK)
    sent_at = store.clock.now()
    held = after_death(store, dead)
    assert journal.recover(held) == 3
    assert journal.recover(held) == 0
    why = journal.why(held.mailbox_id, ["planned", "sent", "done", "meeting"])
    assert {item: (row.status, row.reason_code) for item, row in why.items()} == {
        "sent": (Status.UNCLEAR, "MAIL-UNCLEAR"),
        "meeting": (Status.UNCLEAR, "EVENT-UNCLEAR"),
        "done": (Status.DONE, "MAIL-SAVED"),
    }
    assert journal.unclear(["1:planned", "1:sent", "1:done", "1:never"]) == {"1:sent": sent_at}
    assert planned not in {row.entry_id for row in why.values()}


@pytest.mark.parametrize(("record", "said"), [(None, "MAIL-UNCLEAR"), (mails.TASK, "MAIL-OLD")])
def test_what_was_said_of_a_mail_in_doubt_is_so_no_more(store: Store, record: RecordRef | None, said: str) -> None:
    dead = lease(store)
    states = store.states()
    states.save_items(dead, [mails.state("a", "MAIL-OLD", record=record)], awaits={})
    store.journal().send(dead, store.journal().plan(dead, [mails.save("a")]))
    held = after_death(store, dead)
    store.journal().recover(held)
    assert states.items(held.mailbox_id, ["a"])["a"].reason_code == said


def test_recovery_leaves_the_session_that_asks_and_other_mailboxes_alone(store: Store) -> None:
    busy = lease(store)
    store.journal().send(busy, store.journal().plan(busy, [mails.save("busy")]))
    held = lease(store)
    store.journal().send(held, store.journal().plan(held, [mails.save("own")]))
    store.journal().plan(held, [mails.save("planned")])
    assert store.journal().recover(held) == 0
    assert store.journal().why(busy.mailbox_id, ["busy"])["busy"].status is Status.SENT
    own = store.journal().why(held.mailbox_id, ["own", "planned"])
    assert [own[item].status for item in ("own", "planned")] == [Status.SENT, Status.PLANNED]


def test_doubt_ends_when_the_key_is_done(store: Store) -> None:
    held = lease(store)
    journal = store.journal()
    first, second = (journal.plan(held, [mails.save("a", "1:k")])[0] for _ in range(2))
    journal.send(held, [first])
    store.clock.step(7)
    journal.finish(held, first, Status.UNCLEAR, reason(reasons.UNCLEAR))
    assert journal.unclear(["1:k"]) == {"1:k": START}
    journal.send(held, [second])
    assert journal.unclear(["1:k"]) == {"1:k": START + timedelta(seconds=7)}
    journal.finish(held, second, Status.DONE, mails.SAVED, mails.TASK)
    assert journal.unclear(["1:k"]) == {}


def test_doubt_that_comes_after_a_done_is_doubt(store: Store) -> None:
    held = lease(store)
    journal = store.journal()
    done, doubtful = (journal.plan(held, [mails.save("a", "1:k")])[0] for _ in range(2))
    journal.finish(held, done, Status.DONE, mails.SAVED, mails.TASK)
    store.clock.step(60)
    journal.send(held, [doubtful])
    journal.finish(held, doubtful, Status.UNCLEAR, reason(reasons.UNCLEAR))
    assert journal.unclear(["1:k"]) == {"1:k": START + timedelta(seconds=60)}


def test_what_a_colleagues_session_has_under_way_is_doubt(store: Store) -> None:
    """Without keys, whoever has the same mail waits and then looks, instead of writing it a second time."""
    busy = lease(store)
    store.journal().send(busy, store.journal().plan(busy, [mails.save("a", "1:k")]))
    lease(store)
    assert store.journal().unclear(["1:k"]) == {"1:k": START}


def test_doubt_is_the_orgs_whoever_sent(store: Store, other: Store) -> None:
    held = lease(store)
    (entry_id,) = store.journal().plan(held, [mails.save("a", "1:k")])
    store.journal().send(held, [entry_id])
    store.journal().finish(held, entry_id, Status.UNCLEAR, reason(reasons.UNCLEAR))
    lease(store)
    assert set(store.journal().unclear(["1:k", ""])) == {"1:k"}
    assert other.journal().unclear(["1:k"]) == {}


# -- records, with an item and without ---------------------------------------------------------------------
def test_every_kind_of_operation_is_written_as_it_is(store: Store) -> None:
    held = lease(store)
    meant = [Meant(kind, f"i-{kind}", EVENT, f"1:{kind}") for kind in Kind]
    ids = store.journal().plan(held, meant)
    why = store.journal().why(held.mailbox_id, [one.item_id for one in meant])
    assert [why[one.item_id].entry_id for one in meant] == list(ids)
    assert [(why[one.item_id].kind, why[one.item_id].key) for one in meant] == [
        (one.kind, one.key) for one in meant
    ]
    skipped = {one.kind for one in why.values() if one.status is Status.SKIPPED}
    assert skipped == {Kind.SKIP}


def test_what_came_of_an_operation_is_named_with_it(store: Store) -> None:
    held = lease(store)
    journal = store.journal()
    item, record = journal.plan(held, [Meant(Kind.CREATE_ITEM, "", EVENT), Meant(Kind.CREATE_RECORD, "j")])
    journal.send(held, [item, record])
    journal.finish(held, item, Status.DONE, mails.SAVED, item_id="i")
    journal.finish(held, record, Status.DONE, mails.SAVED, OTHER)
    why = journal.why(held.mailbox_id, ["i", "j"])
    assert [why["i"].entry_id, why["j"].entry_id] == [item, record]
    assert [why["i"].record, why["j"].record] == [EVENT, OTHER]


# -- records made for people ------------------------------------------------------------------------------
WIM, ANN = Make("digest of wim", "Lead"), Make("digest of ann", "Lead")
LONG_AGO = START - timedelta(minutes=10)


def test_what_somebody_is_making_nobody_else_makes(store: Store) -> None:
    first, second = lease(store), lease(store)
    (entry,) = store.journal().make(first, [WIM], LONG_AGO)
    assert entry is not None
    assert store.journal().make(second, [WIM, ANN], LONG_AGO)[0] is None
    store.journal().finish(first, entry, Status.DONE, mails.SAVED, mails.TASK)
    (again,) = store.journal().make(second, [WIM], LONG_AGO)
    assert again not in (None, entry)


@pytest.mark.parametrize("status", [Status.SKIPPED, Status.STUCK])
def test_what_was_not_made_may_be_tried_again_once_its_time_is_over(store: Store, status: Status) -> None:
    held = lease(store)
    (entry,) = store.journal().make(held, [WIM], LONG_AGO)
    assert entry is not None
    store.journal().finish(held, entry, status, reason(reasons.WAITS))
    assert store.journal().make(held, [WIM], LONG_AGO) != [None]


def test_a_maker_who_died_or_got_no_answer_is_waited_for(store: Store) -> None:
    dead = lease(store)
    store.journal().make(dead, [WIM], LONG_AGO)
    held = after_death(store, dead)
    assert store.journal().recover(held) == 1
    store.clock.step(170)
    assert store.journal().make(held, [WIM], store.clock.now() - timedelta(seconds=600)) == [None]
    store.clock.step(11)
    assert store.journal().make(held, [WIM], store.clock.now() - timedelta(seconds=600)) != [None]


def test_making_is_the_orgs_own(store: Store, other: Store) -> None:
    store.journal().make(lease(store), [WIM], LONG_AGO)
    assert other.journal().make(lease(other), [WIM], LONG_AGO) != [None]


def test_a_session_that_was_overtaken_makes_nothing(store: Store) -> None:
    late = lease(store)
    after_death(store, late)
    with pytest.raises(LeaseLost):
        store.journal().make(late, [WIM], LONG_AGO)


# -- several at once --------------------------------------------------------------------------------------
def test_several_ends_are_told_at_once(store: Store) -> None:
    held = lease(store)
    journal = store.journal()
    entries = journal.plan(held, [mails.save("a"), mails.save("b"), mails.save("c")])
    journal.send(held, entries[:2])
    refused = reason(reasons.CRM_REFUSED, vendor_code="X")
    endings = [Ending(entries[0], Status.DONE, mails.SAVED, mails.TASK), Ending(entries[1], Status.STUCK, refused)]
    journal.end(held, endings)
    journal.end(held, [])
    why = journal.why(held.mailbox_id, ["a", "b", "c"])
    assert [why[one].status for one in "abc"] == [Status.DONE, Status.STUCK, Status.PLANNED]
    assert (why["a"].record, why["b"].record) == (mails.TASK, None)
    assert (why["b"].reason_code, dict(why["b"].reason_params)) == ("CRM-REFUSED", {"vendor_code": "X"})
