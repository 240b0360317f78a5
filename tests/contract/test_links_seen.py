"""What a mailbox has seen already, and need not look at again."""

from datetime import timedelta

import pytest

from crosstie.domain.links import Bond, SideState
from tests.clocks import START
from tests.contract.test_links import save
from tests.contract.test_links_log import NOBODY, append, names, page, reader
from tests.contract.test_states import lease
from tests.meetings import EVENT, OTHER, link, pair
from tests.stores import Store

SEEN, RECORD = SideState("v1", {"subject": "k1:00"}), SideState(START.isoformat(), {"subject": "k1:00"})


def test_an_item_that_is_kept_alike_has_no_news_at_the_version_it_had(store: Store) -> None:
    held, second = lease(store), lease(store)
    save(store, held, pair(held, "i", item=SEEN, mirrored=RECORD))
    news = store.states().news_of
    assert news(held.mailbox_id, {"i": "v1"}) == frozenset()
    assert news(held.mailbox_id, {"i": "v2", "unknown": "v1"}) == {"i", "unknown"}
    assert news(held.mailbox_id, {"I": "v1", "": "v1"}) == {"I", ""}
    assert news(second.mailbox_id, {"i": "v1"}) == {"i"}
    assert news(held.mailbox_id, {}) == frozenset()


def test_what_is_not_kept_alike_or_half_remembered_always_has_news(store: Store) -> None:
    held = lease(store)
    save(store, held, link(held, "alone", item=SEEN, mirrored=RECORD))
    save(store, held, pair(held, "parted", bond=Bond.PARTED, item=SEEN, mirrored=RECORD))
    save(store, held, pair(held, "half", item=SEEN), pair(held, "unseen", mirrored=RECORD))
    save(store, held, pair(held, "unversioned", item=SideState(""), mirrored=RECORD))
    asked = {"alone": "v1", "parted": "v1", "half": "v1", "unseen": "", "unversioned": ""}
    assert store.states().news_of(held.mailbox_id, asked) == asked.keys()


def test_other_orgs_know_nothing_of_it(store: Store, other: Store) -> None:
    held = lease(store)
    save(store, held, pair(held, "i", item=SEEN, mirrored=RECORD))
    assert other.states().news_of(held.mailbox_id, {"i": "v1"}) == {"i"}


@pytest.mark.parametrize("later", [timedelta(), timedelta(microseconds=1000), timedelta(hours=1, microseconds=7)])
def test_the_log_leaves_out_what_was_seen_of_a_record(store: Store, later: timedelta) -> None:
    held, second = reader(store), reader(store)
    seen = SideState((START + later).isoformat(), {})
    for one in (held, second):
        save(store, one, pair(one, "i", item=SEEN, mirrored=seen if one is held else RECORD))
    append(store, (EVENT, store.user_of(held.mailbox_id)), (OTHER, NOBODY), at=START + later)
    assert names(page(store, held)) == []
    assert names(page(store, second)) == ([EVENT.record_id] if later else [])
    append(store, (EVENT, NOBODY), at=START + later + timedelta(seconds=1))
    assert names(page(store, held)) == [EVENT.record_id]


def test_a_delete_is_told_whatever_was_seen(store: Store) -> None:
    held = reader(store)
    save(store, held, pair(held, "i", item=SEEN, mirrored=RECORD))
    append(store, (EVENT, NOBODY), deleted=True)
    assert names(page(store, held)) == [EVENT.record_id]


def test_of_several_items_of_a_record_each_must_have_seen_it(store: Store) -> None:
    held = reader(store)
    save(store, held, pair(held, "i", item=SEEN, mirrored=RECORD), pair(held, "j", item=SEEN))
    append(store, (EVENT, NOBODY))
    assert names(page(store, held)) == [EVENT.record_id]
    save(store, held, pair(held, "j", item=SEEN, mirrored=RECORD))
    assert names(page(store, held)) == []


def test_a_record_alone_is_told_though_it_was_seen(store: Store) -> None:
    held = reader(store)
    save(store, held, link(held, "", record=EVENT, mirrored=RECORD))
    append(store, (EVENT, store.user_of(held.mailbox_id)))
    assert names(page(store, held)) == [EVENT.record_id]
