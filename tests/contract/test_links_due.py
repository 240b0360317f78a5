"""Which links are looked at again."""

from dataclasses import replace
from datetime import timedelta

import pytest

from crosstie.domain import reasons
from crosstie.domain.links import Bond, Role, Side, SideState, Tally
from crosstie.domain.operations import Kind
from crosstie.domain.reasons import UNKNOWN, ReasonKind, reason
from crosstie.domain.records import RecordRef
from crosstie.ports.journal import Status
from tests import mails
from tests.clocks import START
from tests.contract.test_links import appear, asleep, due, save, tick
from tests.contract.test_states import ANN, again, lease
from tests.meetings import EVENT, OTHER, Meant, link, pair
from tests.stores import NEW, Store


# -- another look --------------------------------------------------------------------------------------
def test_a_links_own_time_comes_and_the_longest_decided_are_first(store: Store) -> None:
    held = lease(store)
    at = START + timedelta(seconds=60)
    ages = {"young": 3, "old": 1, "middle": 2}
    links = [
        link(held, item, decided_at=START + timedelta(seconds=age), recheck_at=at) for item, age in ages.items()
    ]
    save(store, held, *links, link(held, "never"))
    store.clock.step(59)
    assert due(store, held) == []
    store.clock.step(1)
    assert due(store, held, limit=2) == ["old", "middle"]


def test_an_awaited_address_appears_and_wakes_its_mailbox_alone(store: Store) -> None:
    held, second = lease(store), lease(store)
    save(store, held, link(held), link(held, "j"), i=frozenset({ANN, "bob@customer.example"}))
    store.states().save_items(held, [mails.state("i")], awaits={"i": frozenset({ANN})})
    later = asleep(store, held, second)
    appear(store, "003A", ANN)
    assert due(store, held) == ["i"]
    assert store.states().recheck_due(held.mailbox_id, store.clock.now(), 10) == ["i"]
    assert store.due_at(held.mailbox_id) == store.clock.now()
    assert store.due_at(second.mailbox_id) == later


@pytest.mark.parametrize("code", ["MAIL-NO-ACCOUNT", "EVENT-NO-ACCOUNT"])
def test_who_lacks_an_account_is_settled_by_a_contact_that_has_one(store: Store, code: str) -> None:
    held = lease(store)
    appear(store, "003A", ANN)
    save(store, held, link(held, code=code), i=frozenset({ANN}))
    held = again(store, held)
    assert due(store, held) == []
    store.states().record_changes([], {"003B": (frozenset({ANN}), mails.contact("003B", account_id="001A"))}, [])
    save(store, held, link(held, code=code), i=frozenset({ANN}))
    assert due(store, again(store, held)) == ["i"]


def test_another_look_is_over_when_the_link_is_saved_again(store: Store) -> None:
    held = lease(store)
    save(store, held, link(held), i=frozenset({ANN}))
    appear(store, "003A", ANN)
    held = again(store, held)
    save(store, held, pair(held))
    assert due(store, held) == []
    appear(store, "003B", ANN)
    assert due(store, held) == []


def test_somebody_who_appears_during_the_session_is_not_missed(store: Store) -> None:
    held = lease(store)
    assert store.states().people([ANN]) == {ANN: ()}
    appear(store, "003A", ANN)
    save(store, held, link(held), i=frozenset({ANN}))
    store.states().release(held, next_due=START + timedelta(hours=1), summary={}, error_code="")
    assert store.due_at(held.mailbox_id) == store.clock.now()
    assert due(store, held) == ["i"]


def test_a_flag_set_during_the_session_outlives_it(store: Store) -> None:
    held = lease(store)
    save(store, held, link(held), i=frozenset({ANN}))
    appear(store, "003A", ANN)
    save(store, held, link(held, generation=1))
    held = again(store, held)
    assert due(store, held) == ["i"]
    save(store, held, link(held, generation=2))
    assert due(store, held) == []


@pytest.mark.parametrize(
    ("asks", "said"),
    [(reasons.EVENT_GUARD, reasons.EVENT_MEANT), (reasons.EVENT_ASK, reasons.EVENT_APPROVED)],
)
def test_what_a_person_says_during_a_session_is_not_asked_again_by_it(
    store: Store, asks: ReasonKind, said: ReasonKind
) -> None:
    held = lease(store)
    asking = link(held, reason_code=asks.code)
    save(store, held, asking)
    held = again(store, held)
    store.answer(held.mailbox_id, "i", (asks.code, said.code))
    save(store, held, asking)
    held = again(store, held)
    assert [one.reason_code for one in store.states().links_due(held.mailbox_id, store.clock.now(), 9)] == [
        said.code
    ]
    save(store, held, asking)
    assert store.states().links(held.mailbox_id, ["i"])["i"].reason_code == asks.code, "it was heard, and is over"


def test_moved_rules_flag_what_they_decided(store: Store) -> None:
    held, second = lease(store), lease(store)
    for each in (held, second):
        save(
            store,
            each,
            link(each, "off", "MAIL-AUTO-OFF"),
            pair(each),
            link(each, "", "MAIL-AUTO-OFF", record=OTHER),
        )
    later = asleep(store, held, second)
    store.move_rules(held.mailbox_id, ["MAIL-AUTO-OFF"])
    assert (store.due_at(held.mailbox_id), store.due_at(second.mailbox_id)) == (store.clock.now(), later)
    assert sorted(due(store, held)) == ["", "off"]
    held = lease(store, held.mailbox_id)
    save(store, held, link(held, "off", "MAIL-AUTO-OFF"))
    assert due(store, held) == [""]


def test_rules_that_move_during_a_session_reach_what_it_decides(store: Store) -> None:
    held = lease(store)
    store.move_rules(held.mailbox_id, ["MAIL-AUTO-OFF"])
    save(store, held, link(held, "off", "MAIL-AUTO-OFF"), pair(held))
    assert due(store, again(store, held)) == ["off"]


def test_what_may_have_changed_is_due_and_its_mailbox_with_it(store: Store) -> None:
    held, second = lease(store), lease(store)
    for each in (held, second):
        save(store, each, pair(each), link(each, "", record=OTHER))
        save(store, each, link(each, "j", "MAIL-AUTO-OFF"), natural="uid:2")
    held = again(store, held)
    store.states().review_links(held, [])
    store.states().review_links(held, [OTHER.record_id, "00U000000000009AAA"])
    assert (due(store, held), due(store, second)) == ([""], [])
    store.states().review_links(held, [EVENT.record_id])
    store.states().review_unlisted(held, ["i"])
    assert (sorted(due(store, held)), due(store, second)) == (["", "i", "j"], [])
    save(store, held, pair(held))
    store.move_rules(held.mailbox_id, ["MAIL-AUTO-OFF"])
    store.states().review_links(held, [EVENT.record_id, OTHER.record_id])
    save(store, held, link(held, "j", "MAIL-AUTO-OFF"), natural="uid:2")
    save(store, held, pair(held), link(held, "", "MAIL-SAVED", record=OTHER))
    assert due(store, held) == ["j"], "only the wish that came meanwhile is left"
    asleep(store, held, second)
    assert store.due_at(held.mailbox_id) == START


def test_what_a_listing_did_not_show_is_known_however_many_sessions_it_took(store: Store) -> None:
    held, second = lease(store), lease(store)
    for each in (held, second):
        save(store, each, *(pair(each, name) for name in "abcd"), link(each, "", record=OTHER))
    states = store.states()
    states.note_listed(held, ["a", "b"], first=True)
    states.note_listed(held, ["c", "unknown"], first=False)
    states.note_listed(second, ["d"], first=True)
    assert set(states.unlisted(held.mailbox_id, [], 9)) == {"d"}
    assert set(states.unlisted(held.mailbox_id, ["d"], 9)) == set()
    assert set(states.unlisted(second.mailbox_id, [], 9)) == {"a", "b", "c"}
    assert len(states.unlisted(second.mailbox_id, [], 2)) == 2
    held = again(store, held)
    states.review_unlisted(held, ["d"])
    assert due(store, held) == []
    states.note_listed(held, ["d"], first=True)
    assert set(states.unlisted(held.mailbox_id, [], 9)) == {"a", "b", "c"}, "a new one has begun"
    states.review_unlisted(held, ["b"])
    assert sorted(due(store, held)) == ["a", "c"]
    states.note_listed(held, (), first=True)
    assert len(states.unlisted(held.mailbox_id, [], 9)) == 4, "it is over"


def test_everything_is_told_as_it_was_seen(store: Store, other: Store) -> None:
    held, second = lease(store), lease(store)
    item, seen = SideState("v1", {"subject": "k1:00"}), SideState(START.isoformat(), {"subject": "k1:00"})
    save(store, held, pair(held, item=item, mirrored=seen), pair(held, "half", item=item), link(held, "alone"))
    save(store, held, link(held, "", record=OTHER, mirrored=seen))
    save(store, held, pair(held, "parted", bond=Bond.PARTED, item=item, mirrored=seen))
    assert sorted(store.states().remembered(held.mailbox_id)) == [
        ("", "", OTHER.record_id, seen.version),
        ("alone", "", "", ""),
        ("half", "", EVENT.record_id, ""),
        ("i", "v1", EVENT.record_id, seen.version),
        ("parted", "", EVENT.record_id, seen.version),
    ]
    assert store.states().remembered(second.mailbox_id) == []
    assert other.states().remembered(held.mailbox_id) == []


# -- colleagues ----------------------------------------------------------------------------------------
def test_colleagues_items_alone_are_looked_at_once_when_their_meeting_was_joined(
    store: Store, other: Store
) -> None:
    held, second, third = lease(store), lease(store), lease(store)
    save(store, second, link(second, "alone"), link(second, "parted", bond=Bond.PARTED))
    save(store, second, link(second, "", record=OTHER), natural="uid:1")
    save(store, third, link(third, "another"), natural="uid:2")
    later = asleep(store, second, third)
    save(store, held, pair(held))
    other.states().record_changes([], {}, [])
    assert (due(store, second), due(store, third)) == ([], [])
    tick(store)
    assert (due(store, held), due(store, second), due(store, third)) == ([], ["alone"], [])
    assert (store.due_at(second.mailbox_id), store.due_at(third.mailbox_id)) == (store.clock.now(), later)
    store.clock.step(600)
    second = lease(store, second.mailbox_id)
    save(store, second, link(second, "alone"))
    save(store, held, pair(held, generation=1))
    tick(store)
    assert due(store, second) == []


def test_a_colleague_who_joins_what_was_joined_before_is_no_news(store: Store) -> None:
    held, second, third = lease(store), lease(store), lease(store)
    save(store, held, pair(held))
    tick(store)
    store.clock.step(600)
    second, third = again(store, second), again(store, third)
    save(store, second, link(second, "alone"))
    save(store, third, pair(third, "copy", role=Role.COPY))
    tick(store)
    assert due(store, second) == []
    save(store, third, pair(third, "copy", OTHER))
    tick(store)
    assert due(store, second) == ["alone"]


def test_an_item_whose_record_is_being_made_is_no_news_yet(store: Store) -> None:
    held, second = lease(store), lease(store)
    save(store, second, link(second, "alone"))
    save(store, held, link(held, bond=Bond.JOINED))
    tick(store)
    save(store, second, link(second, "alone"))
    assert due(store, second) == []
    save(store, held, pair(held))
    tick(store)
    assert due(store, second) == ["alone"]


def test_a_colleague_under_an_older_key_is_found(store: Store) -> None:
    held, second = lease(store), lease(store)
    save(store, second, link(second, "alone"))
    store.states(NEW)
    save_new = store.states(NEW).save_links
    save_new(held, [("uid:1", pair(held))], {})
    store.states(NEW).record_changes([], {}, [])
    assert due(store, second) == ["alone"]


def test_what_a_colleague_joined_during_the_session_is_not_missed(store: Store) -> None:
    """Asked who has the meeting, it read *nobody*; then one had, a tick came, and only then it said *alone*."""
    held, second = lease(store), lease(store)
    store.clock.step(600)
    held = again(store, held)
    assert store.states().meetings(["uid:1"]) == {}
    save(store, second, pair(second))
    tick(store)
    save(store, held, link(held, "alone"), link(held, "", record=OTHER))
    assert due(store, again(store, held)) == ["alone"]
    store.clock.step(600)
    held = again(store, held)
    save(store, held, link(held, "alone"))
    assert due(store, held) == [], "it was joined before this session began"


# -- what a dead session left --------------------------------------------------------------------------
def test_what_is_in_doubt_is_looked_at_again_by_its_item_or_its_record(store: Store) -> None:
    dead, bystander = lease(store), lease(store)
    journal = store.journal()
    done = RecordRef("Event", "00U000000000003AAA")
    for each in (dead, bystander):
        save(store, each, pair(each, "item"), link(each, "", record=OTHER), pair(each, "done", done))
    ids = journal.plan(
        dead,
        [
            Meant(Kind.UPDATE_RECORD, "item", EVENT),
            Meant(Kind.CREATE_ITEM, "", OTHER),
            Meant(Kind.UPDATE_RECORD, "done", done),
            Meant(Kind.SKIP, "", done, reason=reason(UNKNOWN)),
        ],
    )
    journal.send(dead, ids[:3])
    journal.finish(dead, ids[2], Status.DONE, mails.SAVED)
    store.clock.step(300 + 120)
    held = lease(store, dead.mailbox_id)
    assert journal.recover(held) == 2
    assert sorted(due(store, held)) == ["", "item"]
    assert due(store, bystander) == []
    save(store, held, replace(pair(held, "item"), generation=1))
    assert due(store, held) == [""]


def test_pairs_that_are_kept_alike_are_counted_and_those_that_wait_for_a_reason(store: Store) -> None:
    held = lease(store)
    alone = replace(pair(held, "AAMkD", key="1:d"), bond=Bond.NONE, record=None)
    waiting = replace(pair(held, "AAMkB", key="1:b"), reason_code="EVENT-GUARD")
    save(store, held, pair(held, "AAMkA", key="1:a"), waiting, replace(alone, reason_code="EVENT-GUARD"))
    assert store.states().tally(held.mailbox_id, "EVENT-GUARD") == Tally(joined=2, waiting=1)
    assert store.states().tally(held.mailbox_id + 1000, "EVENT-GUARD") == Tally(joined=0, waiting=0)


# -- what came from the org ----------------------------------------------------------------------------
def test_what_came_from_the_org_and_is_there_still_is_found(store: Store) -> None:
    held, second = lease(store), lease(store)
    parted = replace(pair(held, "over", origin=Side.CRM), bond=Bond.PARTED, reason_code="EVENT-LEFT")
    save(
        store,
        held,
        pair(held, "own"),
        pair(held, "a", origin=Side.CRM),
        pair(held, "b", origin=Side.CRM, reason_code="EVENT-HIDDEN"),
        pair(held, "c", origin=Side.CRM),
        link(held, "", record=OTHER, origin=Side.CRM),
        parted,
        replace(parted, item_id="going", recheck_at=START),
    )
    save(store, second, pair(second, "other", origin=Side.CRM))
    states = store.states()
    ids = [held.mailbox_id, second.mailbox_id]
    found = states.brought(ids, {"EVENT-HIDDEN"}, 10)
    assert {box: [one.item_id for one in links] for box, links in found.items()} == {
        held.mailbox_id: ["a", "c", "going"],
        second.mailbox_id: ["other"],
    }
    assert [one.item_id for one in states.brought(ids, (), 2)[held.mailbox_id]] == ["a", "b"]
    assert found[held.mailbox_id][0] == states.links(held.mailbox_id, ["a"])["a"]
    assert states.brought([held.mailbox_id + 1_000_000], (), 2) == {}
    assert states.brought([], (), 2) == {}
