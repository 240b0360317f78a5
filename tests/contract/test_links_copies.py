"""Pairs that say the same are counted, and what they say is not kept."""

from datetime import timedelta

from crosstie.domain.links import Bond, Copies
from crosstie.domain.mailboxes import Lease
from tests.contract.test_links import save
from tests.contract.test_states import again, lease
from tests.meetings import EVENT, OTHER, link, pair
from tests.stores import Store

SAID = "2026-03-09T10:00\x1f2026-03-09T11:00\x1fRail fair"
NONE = Copies(0, 0)


def three(store: Store, held: Lease) -> None:
    save(store, held, pair(held, "a", EVENT), pair(held, "b", OTHER), pair(held, "c", OTHER))


def note(store: Store, held: Lease, **said: str) -> None:
    states = store.states()
    known = states.links(held.mailbox_id, said).values()
    states.save_links(held, [("", one) for one in known], {}, alike=said)


def copies(store: Store, held: Lease, since: timedelta = -timedelta(days=7)) -> Copies:
    return store.states().copies(held.mailbox_id, "EVENT-COPY", store.clock.now() + since)


def test_pairs_that_say_the_same_are_counted(store: Store) -> None:
    held, second = lease(store), lease(store)
    three(store, held)
    assert (store.states().alike(held.mailbox_id, [SAID]), copies(store, held)) == ({}, NONE)
    note(store, held, a=SAID, b=SAID, c="another", unknown=SAID)
    assert store.states().alike(held.mailbox_id, [SAID, "another", "nobody's"]) == {SAID: 2, "another": 1}
    assert copies(store, held) == Copies(1, 0)
    assert (store.states().alike(second.mailbox_id, [SAID]), copies(store, second)) == ({}, NONE)
    note(store, held, c=SAID)
    assert copies(store, held) == Copies(2, 0)
    note(store, held, a="another", b="and another")
    assert (store.states().alike(held.mailbox_id, [SAID]), copies(store, held)) == ({SAID: 1}, NONE)


def test_what_is_saved_again_says_what_it_said(store: Store) -> None:
    held = lease(store)
    three(store, held)
    note(store, held, a=SAID, b=SAID)
    three(store, held)
    assert copies(store, held) == Copies(1, 0)
    save(store, held, pair(held, "b", OTHER, bond=Bond.PARTED))
    assert (store.states().alike(held.mailbox_id, [SAID]), copies(store, held)) == ({SAID: 1}, NONE)
    store.states().forget_links(held, ["a"])
    assert store.states().alike(held.mailbox_id, [SAID]) == {}


def test_what_said_nothing_once_is_like_no_other_for_good(store: Store) -> None:
    held = lease(store)
    three(store, held)
    note(store, held, a=SAID, b="")
    note(store, held, b=SAID, c="")
    assert (store.states().alike(held.mailbox_id, [SAID, ""]), copies(store, held)) == ({SAID: 1}, NONE)


def test_those_of_long_ago_do_not_count_until_another_comes(store: Store) -> None:
    held = lease(store)
    save(store, held, pair(held, "a", EVENT), pair(held, "b", OTHER))
    note(store, held, a=SAID, b=SAID)
    later = timedelta(hours=1)
    assert copies(store, held, later) == NONE
    store.clock.step(7200)
    held = again(store, held)
    save(store, held, pair(held, "c", EVENT))
    note(store, held, c=SAID)
    assert copies(store, held, -later) == Copies(2, 0)


def test_what_is_held_back_is_counted_with_and_without_an_item(store: Store) -> None:
    held = lease(store)
    save(store, held, link(held, "i", "EVENT-COPY"), link(held, "", "EVENT-COPY", record=EVENT))
    save(store, held, link(held, "j", "EVENT-COPY-WAITS"))
    assert copies(store, held) == Copies(0, 2)
