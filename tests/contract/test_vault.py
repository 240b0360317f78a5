"""Secrets: found where they were put, by whoever has the key, and nowhere else."""

from collections.abc import Callable

import pytest

from crosstie.domain.errors import Fatal, Retry
from tests.stores import NEW, OLD, ONLY_NEW, Store

SECRET = "s3cret ✓ token"


def place(store: Store, owner: str = "mailbox-7", kind: str = "graph-token") -> str:
    return f"{kind}/{store.tenant_id()}/{owner}"


def test_a_secret_comes_back(store: Store) -> None:
    vault = store.vault()
    assert vault.get(place(store)) is None
    vault.put(place(store), SECRET)
    vault.put(place(store, "mailbox-8"), "another")
    assert vault.get(place(store)) == SECRET
    assert vault.get(place(store, "mailbox-8")) == "another"


def test_the_last_one_put_counts(store: Store) -> None:
    vault = store.vault()
    vault.put(place(store), "first")
    vault.put(place(store), SECRET)
    assert vault.get(place(store)) == SECRET


def test_forgetting_is_final_and_may_be_repeated(store: Store) -> None:
    vault = store.vault()
    vault.put(place(store), SECRET)
    vault.forget(place(store))
    vault.forget(place(store))
    assert vault.get(place(store)) is None


def test_what_is_kept_is_sealed(store: Store) -> None:
    vault = store.vault()
    vault.put(place(store), SECRET)
    first = store.sealed(place(store))
    assert first.startswith(b"1|k1|")
    assert SECRET.encode() not in first
    vault.put(place(store), SECRET)
    assert store.sealed(place(store)) != first


def test_a_new_key_reads_the_old_ones_secrets_and_seals_its_own(store: Store) -> None:
    store.vault(OLD).put(place(store), SECRET)
    assert store.vault(NEW).get(place(store)) == SECRET
    store.vault(NEW).put(place(store), SECRET)
    assert store.sealed(place(store)).startswith(b"1|k2|")


def test_a_lost_key_is_said(store: Store) -> None:
    store.vault(OLD).put(place(store), SECRET)
    with pytest.raises(Fatal) as caught:
        store.vault(ONLY_NEW).get(place(store))
    assert caught.value.code == "VAULT-KEY"


def test_a_sealed_secret_cannot_be_moved(store: Store) -> None:
    vault = store.vault()
    vault.put(place(store), SECRET)
    store.plant(place(store, "mailbox-8"), store.sealed(place(store)))
    with pytest.raises(Fatal) as caught:
        vault.get(place(store, "mailbox-8"))
    assert caught.value.code == "VAULT-DAMAGED"


def test_a_change_is_made_of_what_is_there(store: Store) -> None:
    vault = store.vault()
    assert vault.change(place(store), lambda found: f"{found} and more") == "None and more"
    vault.put(place(store), SECRET)
    assert vault.change(place(store), lambda found: f"{found} and more") == f"{SECRET} and more"
    assert vault.get(place(store)) == f"{SECRET} and more"


def test_a_change_that_fails_leaves_everything_as_it_was(store: Store) -> None:
    vault = store.vault()
    vault.put(place(store), SECRET)

    def fail(_: str | None) -> str:
        raise Retry("NET-LOST")

    with pytest.raises(Retry):
        vault.change(place(store), fail)
    assert vault.get(place(store)) == SECRET
    assert vault.change(place(store), lambda _: "another") == "another"


DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "a changed byte": lambda token: token[:-1] + bytes([token[-1] ^ 1]),
    "a changed nonce": lambda token: token[:6] + bytes([token[6] ^ 1]) + token[7:],
    "another key's name": lambda token: token.replace(b"|k1|", b"|k2|", 1),
    "another version": lambda token: b"2" + token[1:],
    "cut off": lambda token: token[:12],
    "plain text": lambda token: SECRET.encode(),
    "nothing": lambda token: b"",
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_damage_is_an_error_and_never_an_answer(store: Store, damage: str) -> None:
    vault = store.vault(NEW)
    store.vault(OLD).put(place(store), SECRET)
    store.plant(place(store), DAMAGE[damage](store.sealed(place(store))))
    with pytest.raises(Fatal):
        vault.get(place(store))


@pytest.mark.parametrize(
    "bad", ["", "graph", "graph/1", "graph/x/1", "graph/0/a", "Graph/1/a", "graph/1/a/b", "graph/1/"]
)
def test_a_place_names_kind_tenant_and_owner(store: Store, bad: str) -> None:
    vault = store.vault()
    with pytest.raises(Fatal):
        vault.put(bad, SECRET)
    with pytest.raises(Fatal):
        vault.get(bad)
    with pytest.raises(Fatal):
        vault.forget(bad)
    with pytest.raises(Fatal):
        vault.change(bad, lambda _: SECRET)
