"""Whose items are joined to one record, and which mailboxes are kept in step."""

from datetime import timedelta

from crosstie.domain.links import Bond, Role
from crosstie.ports.links import MOST_OF_A_MEETING
from crosstie.ports.states import FAILING
from tests.contract.test_links import save
from tests.contract.test_states import lease
from tests.meetings import EVENT, OTHER, link, pair
from tests.stores import Store


def test_all_items_of_a_record_are_told_the_leads_first_then_the_oldest(store: Store, other: Store) -> None:
    first, second, third = lease(store), lease(store), lease(store)
    save(store, first, pair(first, role=Role.COPY), pair(first, "else", OTHER))
    save(store, second, pair(second, role=Role.COPY))
    save(store, third, pair(third))
    found = store.states().sharers([EVENT.record_id, "00U00000000000XAAA", EVENT.record_id])
    boxes = [one.mailbox_id for one in found[EVENT.record_id]]
    assert boxes == [third.mailbox_id, first.mailbox_id, second.mailbox_id]
    assert found.keys() == {EVENT.record_id}
    assert store.states().sharers([]) == {}
    assert other.states().sharers([EVENT.record_id]) == {}


def test_only_items_that_are_joined_share_a_record(store: Store) -> None:
    first, second, third = lease(store), lease(store), lease(store)
    save(store, first, pair(first, bond=Bond.PARTED))
    save(store, second, pair(second, ""))
    save(store, third, link(third))
    assert store.states().sharers([EVENT.record_id]) == {}


def test_of_a_meeting_of_the_whole_company_some_are_told(store: Store) -> None:
    held = lease(store)
    save(store, held, *(pair(held, f"i{number}") for number in range(MOST_OF_A_MEETING + 2)))
    assert len(store.states().sharers([EVENT.record_id])[EVENT.record_id]) == MOST_OF_A_MEETING


def test_mailboxes_that_are_kept_in_step_are_found_by_their_ids_and_users(store: Store, other: Store) -> None:
    first, second, third = store.add_mailbox(), store.add_mailbox(), store.add_mailbox()
    working = store.states().working
    assert working([first], [store.user_of(second)]).keys() == {first, second}
    assert working([first])[first] == store.states().info(first)
    assert working([], ["", "005nobody"]) == working([]) == {}
    store.pause(first)
    assert working([first, second, third]).keys() == {second, third}
    assert other.states().working([second], [store.user_of(second)]) == {}


def test_a_mailbox_that_has_failed_often_is_not_kept_in_step_until_it_succeeds(store: Store) -> None:
    box = store.add_mailbox()

    def session(error_code: str) -> None:
        held = lease(store, box)
        later = store.clock.now() + timedelta(hours=1)
        store.states().release(held, next_due=later, summary={}, error_code=error_code)

    for _ in range(FAILING):
        assert store.states().working([box])
        session("GRAPH-TIMEOUT")
    assert store.states().working([box]) == {}
    session("")
    assert store.states().working([box])
