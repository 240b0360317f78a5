"""What is remembered of mirrored items and records."""

from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from crosstie.domain.errors import LeaseLost
from crosstie.domain.links import Bond, Link, Role, Side, SideState
from crosstie.domain.mailboxes import Lease
from crosstie.domain.operations import Kind
from crosstie.ports.links import MOST_OF_A_MEETING
from tests import mails
from tests.clocks import START
from tests.contract.test_states import ANN, Crash, again, lease
from tests.meetings import EVENT, OTHER, Meant, link, pair
from tests.stores import NEW, OLD, ONLY_NEW, Store

VALUES = {"subject": "Rail fair", "start": "2026-03-09T10:00Z", "attendees": ANN}


def asleep(store: Store, *leases: Lease) -> datetime:
    """The sessions end, and their mailboxes are due in an hour; a minute goes by."""
    later = store.clock.now() + timedelta(hours=1)
    for held in leases:
        store.states().release(held, next_due=later, summary={}, error_code="")
    store.clock.step(60)
    return later


def save(store: Store, held: Lease, *links: Link, natural: str = "uid:1", **awaits: frozenset[str]) -> None:
    store.states().save_links(held, [(natural, one) for one in links], awaits)


def due(store: Store, held: Lease, limit: int = 10) -> list[str]:
    return [one.item_id for one in store.states().links_due(held.mailbox_id, store.clock.now(), limit)]


def appear(store: Store, record_id: str, *emails: str) -> None:
    store.states().record_changes([], {record_id: (frozenset(emails), mails.contact(record_id))}, [])


def tick(store: Store) -> None:
    store.states().record_changes([], {}, [])


# -- what comes back -----------------------------------------------------------------------------------
def test_a_link_comes_back_as_it_was_saved(store: Store) -> None:
    held = lease(store)
    states = store.states()
    sealed = states.seal("1:full", Side.MAILBOX, VALUES)
    full = pair(
        held,
        "AAMk=/+case",
        key="1:full",
        natural=states.digest("uid:1"),
        role=Role.COPY,
        origin=Side.CRM,
        item=SideState("v1", sealed),
        mirrored=SideState("", states.seal("1:full", Side.CRM, VALUES)),
        generation=2,
        marked=True,
        series_id="series",
        recheck_at=START + timedelta(days=1),
    )
    plain = link(held, "aamk=/+case", natural=states.digest("uid:1"), item=SideState("", {}))
    save(store, held, full, plain)
    assert states.links(held.mailbox_id, ["AAMk=/+case", "aamk=/+case", "unknown", ""]) == {
        full.item_id: full,
        plain.item_id: plain,
    }


def test_digests_under_several_keys_come_back(store: Store) -> None:
    """A session seals what changed under the current key, and keeps the rest."""
    held = lease(store)
    old = store.states(OLD).seal("1:i", Side.MAILBOX, {"subject": "a"})
    new = store.states(NEW).seal("1:i", Side.MAILBOX, {"start": "b"})
    assert [digest[:3] for digest in (*old.values(), *new.values())] == ["k1:", "k2:"]
    save(store, held, link(held, item=SideState("v1", {**old, **new})))
    assert store.states().links(held.mailbox_id, ["i"])["i"].item == SideState("v1", {**old, **new})


def test_a_field_of_which_nothing_is_known_comes_back_as_one_that_has_moved(store: Store) -> None:
    """Beside others that are known."""
    held = lease(store)
    states = store.states()
    sealed = {**states.seal("1:i", Side.MAILBOX, VALUES), "subject": ""}
    save(store, held, link(held, "i", key="1:i", natural=states.digest("uid:1"), item=SideState("v1", sealed)))
    item = states.links(held.mailbox_id, ["i"])["i"].item
    assert item is not None
    assert item.digests == sealed
    assert states.moved("1:i", Side.MAILBOX, item, VALUES) == frozenset({"subject"})


def test_the_last_state_of_a_pair_counts(store: Store) -> None:
    held = lease(store)
    save(store, held, link(held), pair(held, generation=1))
    save(store, held, pair(held, generation=2))
    assert store.states().links(held.mailbox_id, ["i"])["i"].generation == 2
    assert store.states().links_of_records(held.mailbox_id, [EVENT.record_id])[EVENT.record_id].generation == 2


def test_links_belong_to_one_mailbox_of_one_org(store: Store, other: Store) -> None:
    held, second = lease(store), lease(store)
    save(store, held, pair(held, series_id="s", recheck_at=START))
    for states in (store.states(), other.states()):
        assert states.links(second.mailbox_id, ["i"]) == {}
        assert states.links_of_records(second.mailbox_id, [EVENT.record_id]) == {}
        assert states.links_of_series(second.mailbox_id, ["s"]) == []
        assert states.links_due(second.mailbox_id, store.clock.now(), 10) == []
    assert other.states().links(held.mailbox_id, ["i"]) == {}
    assert other.states().meetings(["uid:1"]) == {}


def test_nothing_to_save_is_fine(store: Store) -> None:
    held = lease(store)
    store.states().save_links(held, [], {})
    store.states().forget_links(held, [])
    assert store.states().links(held.mailbox_id, []) == {}
    assert store.states().meetings([]) == {}


def test_a_link_of_nothing_and_of_anothers_mailbox_are_refused(store: Store) -> None:
    held, second = lease(store), lease(store)
    with pytest.raises(ValueError, match="an item, a record, or both"):
        link(held, "")
    with pytest.raises(ValueError, match="its own mailbox"):
        save(store, held, link(second))


# -- records alone -------------------------------------------------------------------------------------
def test_a_record_without_an_item_has_one_row_of_its_own(store: Store) -> None:
    held = lease(store)
    save(store, held, link(held, "", record=EVENT), link(held, "", record=OTHER))
    save(store, held, link(held, "", record=EVENT, generation=3), link(held, "j"))
    found = store.states().links_of_records(held.mailbox_id, [EVENT.record_id, OTHER.record_id, "00Unever", ""])
    assert {record_id: one.generation for record_id, one in found.items()} == {
        EVENT.record_id: 3,
        OTHER.record_id: 0,
    }


def test_a_record_that_is_given_an_item_is_not_kept_without_one(store: Store) -> None:
    held, second = lease(store), lease(store)
    for each in (held, second):
        save(store, each, link(each, "", record=EVENT, recheck_at=START))
    save(store, held, link(held), natural="uid:1")
    save(store, held, pair(held))
    assert due(store, held) == []
    assert due(store, second) == [""]
    found = store.states().links_of_records(held.mailbox_id, [EVENT.record_id])[EVENT.record_id]
    assert (found.item_id, found.bond) == ("i", Bond.JOINED)


def test_a_record_that_is_given_an_item_in_the_same_breath_leaves_nothing_of_its_own(store: Store) -> None:
    held = lease(store)
    store.move_rules(held.mailbox_id, ["MAIL-AUTO-OFF"])
    save(store, held, pair(held), link(held, "", "MAIL-AUTO-OFF", record=EVENT))
    found = store.states().links_of_records(held.mailbox_id, [EVENT.record_id])
    assert {record_id: one.item_id for record_id, one in found.items()} == {EVENT.record_id: "i"}
    assert store.states().links_due(held.mailbox_id, store.clock.now(), 10) == []


def test_a_flag_on_a_record_goes_to_the_item_that_it_is_given(store: Store) -> None:
    held = lease(store)
    save(store, held, link(held, "", "MAIL-AUTO-OFF", record=EVENT))
    held = again(store, held)
    store.move_rules(held.mailbox_id, ["MAIL-AUTO-OFF"])
    assert due(store, held) == [""]
    save(store, held, pair(held))
    assert due(store, held) == ["i"]
    held = again(store, held)
    save(store, held, pair(held))
    assert due(store, held) == []


def test_of_several_items_of_a_record_the_one_that_leads_is_its_link(store: Store) -> None:
    held = lease(store)
    save(store, held, pair(held, "parted", bond=Bond.PARTED))
    save(store, held, pair(held, "copy", role=Role.COPY))
    save(store, held, pair(held, "lead"))
    save(store, held, pair(held, "later copy", role=Role.COPY))
    assert store.states().links_of_records(held.mailbox_id, [EVENT.record_id])[EVENT.record_id].item_id == "lead"


def test_occurrences_of_a_series(store: Store) -> None:
    held = lease(store)
    save(store, held, link(held, "a", series_id="s"), link(held, "b", series_id="t"), link(held, "c"))
    save(store, held, link(held, "d", series_id="s"))
    found = store.states().links_of_series
    assert [one.item_id for one in found(held.mailbox_id, ["s", "unknown", ""])] == ["a", "d"]
    assert {one.item_id for one in found(held.mailbox_id, ["s", "t"])} == {"a", "b", "d"}


def test_what_is_forgotten_is_gone_and_awaits_nobody(store: Store) -> None:
    held, second = lease(store), lease(store)
    for each in (held, second):
        save(store, each, link(each), link(each, "j"), link(each, "", record=EVENT), i=frozenset({ANN}))
    save(store, held, pair(held, "k", OTHER), natural="uid:2")
    store.states().forget_links(held, ["i", "never there", ""], [EVENT.record_id, OTHER.record_id])
    assert set(store.states().links(held.mailbox_id, ["i", "j", "k"])) == {"j", "k"}
    assert set(store.states().links_of_records(held.mailbox_id, [EVENT.record_id, OTHER.record_id])) == {
        OTHER.record_id
    }
    appear(store, "003A", ANN)
    assert (due(store, held), due(store, second)) == ([], ["i"])


# -- meetings ------------------------------------------------------------------------------------------
def test_all_links_of_a_meeting_the_leads_first(store: Store) -> None:
    first, lead, third = lease(store), lease(store), lease(store)
    save(
        store, first, pair(first, "copy", role=Role.COPY), pair(first, "parted", bond=Bond.PARTED, role=Role.COPY)
    )
    save(store, lead, pair(lead, "lead"))
    save(store, third, link(third, "alone"), natural="uid:1")
    save(store, third, pair(third, "another", OTHER), natural="uid:2")
    found = store.states().meetings(["uid:1", "uid:2", "uid:3"])
    assert {natural: [one.item_id for one in links] for natural, links in found.items()} == {
        "uid:1": ["lead", "copy", "parted"],
        "uid:2": ["another"],
    }


def test_a_meeting_whose_record_was_begun_is_one(store: Store) -> None:
    held = lease(store)
    sealed = store.states().seal("1:begun", Side.CRM, VALUES)
    save(store, held, link(held, "begun", mirrored=SideState("", sealed)), link(held, "alone"))
    assert [one.item_id for one in store.states().meetings(["uid:1"])["uid:1"]] == ["begun"]


def test_of_a_meeting_of_everybody_the_lead_and_the_oldest_are_enough(store: Store) -> None:
    held = lease(store)
    everybody = [pair(held, f"i{number}", role=Role.COPY) for number in range(MOST_OF_A_MEETING + 5)]
    save(store, held, *everybody)
    save(store, held, pair(held, "lead"))
    found = [one.item_id for one in store.states().meetings(["uid:1"])["uid:1"]]
    assert found == ["lead", *(f"i{number}" for number in range(MOST_OF_A_MEETING - 1))]


def test_what_has_no_identity_is_nobodys_meeting(store: Store) -> None:
    held, second = lease(store), lease(store)
    save(store, held, pair(held), natural="")
    save(store, second, link(second), natural="")
    assert store.states().meetings([""]) == {}
    tick(store)
    assert due(store, second) == []


def test_a_meeting_whose_item_is_gone_keeps_its_identity(store: Store) -> None:
    held, second = lease(store), lease(store)
    save(store, held, pair(held))
    save(store, second, link(second, "alone"))
    (known,) = store.states(NEW).meetings(["uid:1"])["uid:1"]
    store.states(NEW).save_links(held, [("", replace(known, bond=Bond.PARTED))], {})
    assert [one.bond for one in store.states().meetings(["uid:1"])["uid:1"]] == [Bond.PARTED]
    tick(store)
    store.clock.step(600)
    second = again(store, second)
    save(store, second, link(second, "alone"))
    store.states(NEW).save_links(held, [("", known)], {})
    tick(store)
    assert due(store, second) == ["alone"]


# -- digests -------------------------------------------------------------------------------------------
def test_a_field_moved_if_its_value_is_another_than_was_sealed(store: Store) -> None:
    states = store.states()
    state = SideState("v1", states.seal("1:i", Side.MAILBOX, VALUES))
    assert states.moved("1:i", Side.MAILBOX, state, VALUES) == frozenset()
    assert states.moved("1:i", Side.MAILBOX, state, {"subject": "Rail fair "}) == frozenset({"subject"})
    assert states.moved("1:i", Side.MAILBOX, state, VALUES | {"place": ""}) == frozenset({"place"})
    assert states.moved("1:i", Side.MAILBOX, state, {}) == frozenset()


def test_a_digest_says_nothing_and_is_of_one_place(store: Store, other: Store) -> None:
    states = store.states()
    sealed = states.seal("1:i", Side.MAILBOX, VALUES | {"title": "Rail fair"})
    assert all(len(digest) == len("k1:") + 32 and digest.startswith("k1:") for digest in sealed.values())
    assert sealed == states.seal("1:i", Side.MAILBOX, VALUES | {"title": "Rail fair"})
    elsewhere = [
        states.seal("1:j", Side.MAILBOX, VALUES),
        states.seal("1:i", Side.CRM, VALUES),
        other.states().seal("1:i", Side.MAILBOX, VALUES),
    ]
    assert sealed["subject"] not in {sealed["title"], *(one["subject"] for one in elsewhere)}
    assert states.moved("1:j", Side.MAILBOX, SideState("v1", sealed), VALUES) == frozenset(VALUES)


def test_a_changed_key_still_compares_and_a_lost_one_cannot_tell(store: Store) -> None:
    state = SideState("v1", store.states(OLD).seal("1:i", Side.MAILBOX, VALUES))
    assert store.states(NEW).moved("1:i", Side.MAILBOX, state, VALUES) == frozenset()
    assert store.states(NEW).moved("1:i", Side.MAILBOX, state, VALUES | {"start": ""}) == frozenset({"start"})
    assert store.states(ONLY_NEW).moved("1:i", Side.MAILBOX, state, VALUES) is None
    assert store.states(ONLY_NEW).moved("1:i", Side.MAILBOX, state, {"place": ""}) == frozenset({"place"})


def test_a_meeting_is_found_under_an_older_key_and_lost_with_it(store: Store) -> None:
    held = lease(store)
    save(store, held, pair(held))
    assert [one.item_id for one in store.states(NEW).meetings(["uid:1"])["uid:1"]] == ["i"]
    assert store.states(ONLY_NEW).meetings(["uid:1"]) == {}


# -- fences and transactions ---------------------------------------------------------------------------
def test_who_lost_the_lease_writes_nothing(store: Store) -> None:
    late = lease(store)
    save(store, late, pair(late))
    again(store, late)
    with pytest.raises(LeaseLost):
        save(store, late, pair(late, generation=1))
    with pytest.raises(LeaseLost):
        store.states().forget_links(late, ["i"])
    with pytest.raises(LeaseLost):
        store.states().review_links(late, ["00U1"])
    with pytest.raises(LeaseLost):
        store.states().note_listed(late, ["i"], first=False)
    with pytest.raises(LeaseLost):
        store.states().review_unlisted(late, ["j"])
    with pytest.raises(LeaseLost):
        store.states().save_position(late, 7)
    assert store.states().links(late.mailbox_id, ["i"])["i"].generation == 0


def test_an_error_undoes_the_whole_transaction(store: Store) -> None:
    held, second = lease(store), lease(store)
    save(store, held, link(held, "", record=EVENT), link(held, "stays"), stays=frozenset({ANN}))
    save(store, second, link(second, "alone"))
    before = store.states().links(held.mailbox_id, ["stays"])
    store.clock.step(600)
    second = again(store, second)
    with suppress(Crash), store.states().transaction():
        save(store, held, pair(held), link(held, "stays", generation=1))
        store.states().forget_links(held, ["stays"])
        store.states().save_position(held, 0)
        store.journal().plan(held, [Meant(Kind.UPDATE_RECORD, "i", EVENT)])
        raise Crash
    assert store.states().links(held.mailbox_id, ["i", "stays"]) == before
    assert store.states().links_of_records(held.mailbox_id, [EVENT.record_id])[EVENT.record_id].item_id == ""
    assert store.journal().why(held.mailbox_id, ["i"]) == {}
    tick(store)
    appear(store, "003A", ANN)
    assert (due(store, held), due(store, second)) == (["stays"], [])
